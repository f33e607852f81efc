/**
 * An operation of Django's whose SQL is another than Django would send: what the models say and what is in the database are told
 * apart. Source: docs.djangoproject.com/en/5.2/ref/migration-operations/ (`SeparateDatabaseAndState`).
 */
import type { Edit } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { Call, Unit } from '../../program/model';

/** Each statement with its semicolon. */
export interface AtDatabase {
  readonly comments: readonly string[];
  readonly up: readonly string[];
  readonly down: readonly string[];
}

/** The models change as they did, the database by these statements; nothing where the call stands in a form that is not known. */
export function separated(
  { id, text }: Unit,
  call: Call,
  { comments, up, down }: AtDatabase,
): readonly Edit<Place>[] | undefined {
  const { callee, start, end } = call;
  const written = text.slice(start, end);
  if (callee.kind !== 'member' || written.includes('"""') || written.includes("'''")) return undefined;
  const module = text.slice(callee.object.start, callee.object.end);
  const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
  const [at = ''] = /^[ \t]*/.exec(line) ?? [];
  const within = (depth: number, lines: readonly string[]): readonly string[] =>
    lines.map(each => `${at}${'    '.repeat(depth)}${each}`);
  const sql = (statements: readonly string[]): string =>
    statements.length === 0 ? `${module}.RunSQL.noop` : sqlInPython(statements.join('\n'));
  const lines = [
    `${module}.SeparateDatabaseAndState(`,
    ...within(
      1,
      comments.map(each => `# ${each}`),
    ),
    ...(up.length === 0
      ? []
      : [
          ...within(1, ['database_operations=[']),
          ...within(2, [`${module}.RunSQL(`]),
          ...within(3, [`sql=${sql(up)},`, `reverse_sql=${sql(down)},`]),
          ...within(2, ['),']),
          ...within(1, ['],']),
        ]),
    ...within(1, ['state_operations=[']),
    ...within(2, [`${written.replaceAll('\n', '\n        ')},`]),
    ...within(1, ['],']),
    `${at})`,
  ];
  return [{ at: { unit: id, start, end }, newText: lines.join('\n') }];
}

/** A text of SQL as a literal. */
export function sqlInPython(sql: string): string {
  const escaped = sql.replaceAll('\\', '\\\\');
  if (!/["\n]/.test(sql)) return `"${escaped}"`;
  return `"""\n${escaped.replaceAll('"""', '\\"\\"\\"')}\n"""`;
}
