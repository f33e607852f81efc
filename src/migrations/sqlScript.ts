/** A stretch of SQL text as a script: its statements with their places, and what is none. */
import type { FileId, Place } from '../engine/place';
import { type Dialect, dialectOf } from '../sql/dialect';
import { splitStatements } from '../sql/statements';
import { sourceOf, tokensOf } from '../sql/tokens';
import type { Direction } from './contribution';
import type { Script, ScriptStatement, Untranslated } from './script';

/** Meta-commands of psql that leave the database alone. */
const HARMLESS_COMMANDS = new Set(
  'echo qecho warn pset timing set unset encoding restrict unrestrict prompt x a t'.split(' '),
);

export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** The statements of a stretch of a file's text. It is in a transaction only where one is written around all of it. */
export function readScript(file: FileId, text: string, { start, end }: Stretch, projects: Dialect): Script {
  const dialect = dialectOf(text, projects);
  const slice = text.slice(start, end);
  const untranslated: Untranslated[] = [];
  const at = (from: number, to: number): Place => ({ unit: file, start: start + from, end: start + to });
  if (slice.includes('\\'))
    for (const token of tokensOf(slice, dialect)) {
      const command = token.kind === 'foreign' ? /^\\([a-z_]+|!)/i.exec(sourceOf(slice, token))?.[1] : undefined;
      if (command !== undefined && !HARMLESS_COMMANDS.has(command))
        untranslated.push({ at: at(token.start, token.end), what: `psql's \\${command}`, dataOnly: false });
    }
  const statements = splitStatements(slice, dialect).flatMap((statement): ScriptStatement[] => {
    const place = at(statement.start, statement.end);
    if (/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(statement.text)) {
      untranslated.push({ at: place, what: 'the rows of COPY', dataOnly: true });
      return [];
    }
    const { text: sql } = statement;
    return [{ sql, at: place, pieces: [{ from: 0, to: sql.length, unit: file, start: place.start }] }];
  });
  const [first, last] = [statements[0]?.sql ?? '', statements.at(-1)?.sql ?? ''];
  const isWrapped =
    statements.length > 1 &&
    /^(?:begin|start\s+transaction)(?:\s+(?:work|transaction))?$/i.test(first) &&
    /^(?:commit|end)(?:\s+(?:work|transaction))?$/i.test(last);
  return { statements: isWrapped ? statements.slice(1, -1) : statements, untranslated, inTransaction: isWrapped };
}

/** Several statements that are sent as one query are one transaction; one alone is in none. */
export const asOneQuery = (script: Script): Script => ({
  ...script,
  inTransaction: script.inTransaction || script.statements.length > 1,
});

/** Notes that the tool puts other text in place of what the first match stands for. */
export function withPlaceholders(script: Script, form: RegExp, what: string): Script {
  const found = script.statements.find(({ sql }) => form.test(sql));
  if (!found) return script;
  return { ...script, untranslated: [...script.untranslated, { at: found.at, what, dataOnly: false }] };
}

/** A whole file as one direction. */
export function wholeFile(
  file: FileId,
  text: string,
  projects: Dialect,
  adjust: (script: Script) => Script = script => script,
): Direction {
  const script = adjust(readScript(file, text, { start: 0, end: text.length }, projects));
  return { file, script, at: firstLineOf(file, text, script.statements[0]?.at.start ?? 0) };
}

/** The first line with anything on it, from an offset on. */
function firstLineOf(file: FileId, text: string, from: number): Place {
  const line = /\S[^\n]*/.exec(text.slice(from));
  const start = from + (line?.index ?? 0);
  return { unit: file, start, end: start + (line?.[0].trimEnd().length ?? 0) };
}
