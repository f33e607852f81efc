/** What a question asks for: a command with its words, or topics in words of its own. */
import { nearest } from '../engine/nearest';

export const COMMANDS = {
  review: 'the findings of the workspace, a file or a folder, in the order of a review',
  explain: 'one finding or one rule: what happens, why, what to do',
  fix: 'the fixes of a finding, as a diff',
  api: 'the shape of an API for a resource',
  endpoint: 'one endpoint: contract, files, validation, tests, rollback',
  schema: 'a table as the migrations leave it, and what it lacks; or all of them',
  migration: 'a schema change in steps, with its way up and down',
  architecture: 'what the workspace is built of, and where it would give way',
  security: 'findings and checks of security',
  performance: 'findings and checks of performance',
  checklist: 'a checklist: before, endpoint, migration, data-access, security, production, after, incident',
} as const;
export type CommandName = keyof typeof COMMANDS;

export const commandNames = Object.keys(COMMANDS) as readonly CommandName[];

export type Asked =
  | { readonly kind: 'command'; readonly name: CommandName; readonly rest: string }
  | { readonly kind: 'unknown-command'; readonly name: string; readonly near?: string }
  | { readonly kind: 'words'; readonly text: string };

/** `/schema orders`, with or without `@backend` before it. */
export function askedIn(question: string): Asked {
  const text = question.trim().replace(/^@backend\b\s*/i, '');
  const command = /^\/([a-z-]+)(?:\s+([\s\S]*))?$/i.exec(text);
  if (!command) return { kind: 'words', text };
  const name = (command[1] ?? '').toLowerCase();
  const known = commandNames.find(each => each === name);
  if (known) return { kind: 'command', name: known, rest: (command[2] ?? '').trim() };
  return { kind: 'unknown-command', name, near: nearest(name, commandNames) };
}

/** The questions that are asked at once: a long text is cut at its sentences, and at `and` before another question. */
export function partsOf(question: string): readonly string[] {
  return question
    .split(
      /(?<=[?!])\s+|\.\s+(?=[A-Za-z])|;\s+|\n+|,?\s+(?:and|also|plus)\s+(?=(?:how|what|should|do|does|is|are|can|which|why|where|when)\b)/i,
    )
    .map(part => part.trim())
    .filter(part => /\w{3}/.test(part));
}
