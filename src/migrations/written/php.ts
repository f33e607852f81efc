/**
 * Puts the way back into a migration of Laravel's: as the body of its `down`.
 *
 * Source: laravel.com/docs/migrations, laravel.com/docs/database#running-general-statements.
 */
import { behindBlank, behindBracket } from './brackets';
import { builderCall } from './builderCalls';
import type { Filled } from './javascript';
import { plainChangeOf } from './plainChange';
import type { DownText } from './statements';

/** What the calls need, where the file does not have it. */
const USES = [
  { word: /\bBlueprint\b/, name: 'Illuminate\\Database\\Schema\\Blueprint' },
  { word: /\bDB::/, name: 'Illuminate\\Support\\Facades\\DB' },
  { word: /\bSchema::/, name: 'Illuminate\\Support\\Facades\\Schema' },
] as const;

/** A file with the way back as its down, in place of one that stands there. */
export function inPhp(down: DownText, text: string): Filled {
  const up = methodNamed(text, 'up');
  const existing = methodNamed(text, 'down');
  const method = existing ?? up;
  if (!method) return { because: 'its up stands in a form that cannot be filled: print it and put it there' };
  const { indent } = method;
  const unit = indent === '' ? '    ' : indent;
  const lines = linesOf(down, unit).map(line => (line === '' ? '' : `${indent}${unit}${line}`));
  const body = `{\n${lines.join('\n')}\n${indent}}`;
  const filled = existing
    ? `${text.slice(0, existing.body.start)}${body}${text.slice(existing.body.end)}`
    : `${text.slice(0, method.body.end)}\n\n${indent}${text.slice(method.start, method.body.start).replace(/\bup\b/, 'down')}${body}${text.slice(method.body.end)}`;
  return { text: withUses(filled, lines.join('\n')) };
}

interface Method {
  /** From `public`. */
  readonly start: number;
  readonly indent: string;
  /** With its braces. */
  readonly body: { readonly start: number; readonly end: number };
}

function methodNamed(text: string, name: 'up' | 'down'): Method | undefined {
  const head = new RegExp(
    `^([ \\t]*)(?:(?:public|final)\\s+)*function\\s+${name}\\s*\\([^)]*\\)\\s*(?::\\s*\\w+)?`,
    'm',
  );
  const found = head.exec(text);
  if (!found) return undefined;
  const [whole, indent = ''] = found;
  const start = behindBlank(text, found.index + whole.length);
  const end = text[start] === '{' ? behindBracket(text, start) : undefined;
  return end === undefined ? undefined : { start: found.index + indent.length, indent, body: { start, end } };
}

function linesOf({ comments, statements }: DownText, unit: string): readonly string[] {
  const calls = statements.flatMap(statement => {
    const call = builderCall('laravel', plainChangeOf(statement), 'Schema');
    // a text that goes on holds its breaks
    if (call === undefined) return [`${sentByLaravel(statement.replace(/;$/, ''))};`];
    return `${call.replace(/^ {4}/gm, unit)};`.split('\n');
  });
  return [...comments.map(comment => `// ${comment}`), ...calls];
}

/** A statement is prepared, and what looks like a place for a value is one then. */
export const sentByLaravel = (sql: string): string =>
  `DB::${/\?|(?<!:):(?!:)|\$/.test(sql) ? 'unprepared' : 'statement'}('${sql.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')`;

function withUses(text: string, calls: string): string {
  const missing = missingUses(text, calls);
  return missing ? `${text.slice(0, missing.offset)}${missing.newText}${text.slice(missing.offset)}` : text;
}

/** The imports that calls need and a file does not have, with the offset at which they go. */
export function missingUses(
  text: string,
  calls: string,
): { readonly offset: number; readonly newText: string } | undefined {
  const missing = USES.filter(({ word, name }) => word.test(calls) && !isUsed(text, name)).map(
    ({ name }) => `use ${name};\n`,
  );
  if (missing.length === 0) return undefined;
  const last = [...text.matchAll(/^use [\w\\]+(?: as \w+)?;[ \t]*\n/gm)].at(-1);
  if (last) return { offset: last.index + last[0].length, newText: missing.join('') };
  const head = /^<\?php[^\n]*\n(?:\s*declare\s*\([^)]*\)\s*;[^\n]*\n|\s*namespace [^;]+;[^\n]*\n)*/.exec(text);
  return { offset: head ? head[0].length : 0, newText: `\n${missing.join('')}` };
}

/** By its own name; old files have the facades by their names in the global namespace. */
const isUsed = (text: string, name: string): boolean =>
  new RegExp(`^use (?:${name.replaceAll('\\', '\\\\')}|${name.replace(/^.*\\/, '')});`, 'm').test(text);
