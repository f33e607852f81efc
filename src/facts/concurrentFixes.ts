/** CONCURRENTLY written in: what is built, dropped or detached while the table is read and written. */
import { quoted } from '../catalog/naming';
import type { OperationOf } from '../catalog/operation';
import { type ProposedFix, suggestion } from '../engine/finding';
import { concurrentlyBy, OUTSIDE_OF_TRANSACTION, titleOfTool } from '../engine/migrationTools';
import type { Unwrap } from '../migrations/codeUnwrap';
import { outOfTransaction } from './behindCommit';
import { changesIn, indentationOf, insertion, type Rewrite, rewriteSent } from './schemaChanges';
import type { SchemaChange, SchemaStatement } from './schemaScripts';

/** The text of a statement with words put in. */
function withEdit({ operations, textOf }: SchemaStatement, offset: number, words: string): string {
  const { start = 0, end = 0 } = operations[0]?.statement ?? {};
  return `${textOf({ start, end: offset })}${words}${textOf({ start: offset, end })}`;
}

/**
 * CONCURRENTLY written in, with what tells the tool to run the file outside of a transaction; nothing where the
 * statement shares a transaction with others, since it would be refused there, and cannot be taken out of it.
 * @param name of the index, where it is written
 * @param ahead what has to be done before, where that is by itself too
 */
export function concurrently(
  change: SchemaChange,
  offset: number,
  title: string,
  name?: string,
  ahead?: string,
): readonly ProposedFix[] {
  const { statement, script, operation } = change;
  const first = ahead === undefined ? '' : `${ahead};${statement.lineBreak}`;
  // by itself it may have done its work when the next one fails
  const ifThere = operation.kind === 'drop' && !operation.ifExists ? ' IF EXISTS' : '';
  const written = (words: string, more: readonly Unwrap[]): readonly ProposedFix[] => {
    const own = statement.builder?.()?.concurrently;
    // sent together the two would make one transaction
    const isApart = !statement.inCode && script.wraps === undefined;
    // it can be neither dropped before, nor left to stop the next try at it where others have been done by then
    if (!isApart && operation.kind === 'createIndex' && operation.ifNotExists && runsAmongOthers(change)) return [];
    const edits = [
      ...(isApart && first !== ''
        ? [insertion(change.operation.statement.start, `${first}${indentationOf(change)}`)]
        : []),
      isApart ? insertion(offset, ` CONCURRENTLY${ifThere}`) : unconditionally(statement, offset),
    ];
    return own ? [suggestion(words, [...own, ...more])] : rewriteSent(change, words, edits, more);
  };
  if (!statement.transaction) return written(title, []);
  if (statement.transaction.by === 'statement') {
    const edits = outOfTransaction(change, name, `${first}${withEdit(statement, offset, ` CONCURRENTLY${ifThere}`)}`);
    return edits ? [suggestion(`${title}, outside of the transaction`, edits)] : [];
  }
  if (statement.transaction.by !== 'tool' || script.statements.length !== 1) return [];
  if (script.wraps !== 'always') return written(title, []);
  return script.unwrap ? written(`${title}, outside of a transaction`, [script.unwrap]) : [];
}

const runsAmongOthers = ({ statement, script }: SchemaChange): boolean =>
  !statement.transaction && script.statements.length > 1;

/**
 * CONCURRENTLY, and no IF NOT EXISTS for an index: where what a failed build has left cannot be dropped before, it would be taken for
 * built, and the next try is better stopped by it.
 */
function unconditionally({ textOf }: SchemaStatement, offset: number): Rewrite {
  const [guard = ''] = /^\s+IF\s+NOT\s+EXISTS\b/i.exec(textOf({ start: offset, end: Number.POSITIVE_INFINITY })) ?? [];
  return { span: { start: offset, end: offset + guard.length }, newText: ' CONCURRENTLY' };
}

/**
 * What has to go before an index is made CONCURRENTLY: a build that has failed leaves an invalid one, at which the next try stops, or
 * which IF NOT EXISTS takes for built. Nothing where it has no name, or is dropped already.
 */
export function leftByFailure(change: SchemaChange<OperationOf<'createIndex'>>): string | undefined {
  const { name } = change.operation;
  if (!name) return undefined;
  for (const { operation, statement } of changesIn(change.script, 'drop'))
    if (statement.index < change.statement.index && operation.objects.some(each => each.name.name === name.name))
      return undefined;
  const schema = name.schema === undefined ? '' : `${quoted(name.schema)}.`;
  return `DROP INDEX CONCURRENTLY IF EXISTS ${schema}${change.statement.textOf(name.span)}`;
}

/** What to do instead of what holds a lock while an index is built or dropped, in the words of the tool. */
export function concurrentlyInstead(
  { statement, script: { tool } }: SchemaChange,
  command: 'CREATE INDEX' | 'DROP INDEX',
): string {
  const own = tool && statement.builder ? concurrentlyBy(tool, command) : undefined;
  const by = tool && own ? ` (with ${titleOfTool(tool)} by ${own})` : '';
  const outside = tool && OUTSIDE_OF_TRANSACTION[tool];
  return `Use ${command} CONCURRENTLY${by}${
    statement.transaction
      ? `, in a migration of its own that runs outside of a transaction${tool && outside ? `. With ${titleOfTool(tool)}: ${outside}` : ''}`
      : ''
  }.`;
}
