/** A migration that does more than what is made in steps: the one statement is taken out of it, and the rest stays. */
import type { Operation } from '../catalog/operation';
import type { SchemaChange } from './schemaScripts';

/** Nothing else is in the migration. */
export const isWhole = ({ script }: SchemaChange): boolean => script.changes.length === 1;

/** The migration's statements with others in the place of this one, each with its semicolon. */
export const upWith = (
  { script, statement: { index } }: SchemaChange,
  statements: readonly string[],
): readonly string[] => script.statements.flatMap(each => (each.index === index ? statements : [`${each.sql};`]));

/** Its statement with another command in the place of this one; nothing where no command is left. */
export function statementWith(
  { statement, operation: { span, statement: all } }: SchemaChange,
  command: string,
): readonly string[] {
  if (command === '' && statement.operations.length === 1) return [];
  const [head, tail] = [
    statement.textOf({ start: all.start, end: span.start }),
    statement.textOf({ start: span.end, end: all.end }),
  ];
  if (command !== '') return [`${head}${command}${tail};`];
  return [/^\s*,/.test(tail) ? `${head}${tail.replace(/^\s*,\s*/, '')};` : `${head.replace(/,\s*$/, '')}${tail};`];
}

const ROWS: ReadonlySet<Operation['kind']> = new Set(['insert', 'update', 'delete', 'merge', 'copy']);

/** Whether another statement carries rows of it elsewhere, or away: what is written to it later would be left behind. */
export const rowsAreMoved = ({ script, statement }: SchemaChange, name: string): boolean =>
  script.statements.some(
    each =>
      each.index !== statement.index &&
      (each.operations.some(({ kind }) => ROWS.has(kind)) ||
        each.operations.some(({ kind }) => kind === 'unread' || kind === 'createTableAs')) &&
      speaksOf(each.sql, name),
  );

/** Whether a statement behind it speaks of a name. */
export const laterSpeaksOf = ({ script, statement }: SchemaChange, name: string): boolean =>
  script.statements.some(each => each.index > statement.index && speaksOf(each.sql, name));

/** Whether a text holds the name as a word. */
export const speaksOf = (sql: string, name: string): boolean =>
  new RegExp(`(?<![\\w$])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w$])`, 'i').test(sql);
