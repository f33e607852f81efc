/** What must not share the transaction that a file begins and commits by itself: it is done behind the COMMIT. */
import { constraintNamed, tableNamed } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import type { Operation } from '../catalog/operation';
import type { Edit } from '../engine/finding';
import type { Place } from '../engine/place';
import type { SqlSpan } from '../sql/query';
import type { SchemaChange, SchemaStatement } from './schemaScripts';
import { speaksOf } from './stepParts';

/** The statement that commits the transaction of a change; nothing where the tool has begun it, or a program sends it. */
function commitOf({ statement, script }: SchemaChange): SchemaStatement | undefined {
  const { transaction, index, inCode, builder } = statement;
  if (transaction?.by !== 'statement' || script.wraps !== undefined || inCode || builder) return undefined;
  const ending = script.statements.find(
    each => each.index > index && each.transaction?.number === transaction.number && endsBy(each) !== undefined,
  );
  if (!ending || endsBy(ending) !== 'commit') return undefined;
  // names are looked up where the transaction says
  const within = script.statements.filter(each => each.transaction?.number === transaction.number);
  return within.some(({ sql }) => /^\s*set\s+local\s+search_path\b/i.test(sql)) ? undefined : ending;
}

function endsBy({ operations }: SchemaStatement): 'commit' | 'other' | undefined {
  for (const operation of operations)
    if (operation.kind === 'transaction' && /^(?:commit|rollback|prepare)$/.test(operation.action))
      return operation.action === 'commit' && !operation.chain ? 'commit' : 'other';
  return undefined;
}

/** Those between a change and the end of its transaction. */
const laterOnes = ({ script, statement }: SchemaChange, commit: SchemaStatement): readonly SchemaStatement[] =>
  script.statements.filter(({ index }) => index > statement.index && index < commit.index);

/**
 * Statements behind the COMMIT; nothing where there is none, or where the table or its constraint is another by then.
 * @param constraint a name that the table must have by then, where the migration itself gives it
 */
export function behindCommit(
  change: SchemaChange,
  table: QualifiedName,
  constraint: string | undefined,
  statements: readonly string[],
): Edit<Place> | undefined {
  const commit = commitOf(change);
  if (!commit) return undefined;
  const then = change.script.changes.find(({ statement }) => statement === commit)?.before ?? change.script.after;
  const [now, found] = [tableNamed(change.after, table), tableNamed(then, table)];
  if (!now || found?.id !== now.id) return undefined;
  if (constraint !== undefined && !constraintNamed(found, constraint)) return undefined;
  return afterCommit(change, statements);
}

/** Statements behind the COMMIT; nothing where there is none. */
export function afterCommit(change: SchemaChange, statements: readonly string[]): Edit<Place> | undefined {
  const commit = commitOf(change);
  const at = commit && endOf(commit);
  return commit && at && { at, newText: statements.map(each => `;${commit.lineBreak}${each}`).join('') };
}

const endOf = ({ operations, exact }: SchemaStatement): Place | undefined => {
  const end = operations[0]?.statement.end;
  return end === undefined ? undefined : exact({ start: end, end });
};

/** A statement with the comments above it and its semicolon, which is all of its lines. */
interface Lines {
  readonly span: SqlSpan;
  readonly above: string;
}

/** Nothing where something else stands in its lines, or a comment there is a word to the tool. */
function linesOf({ operations, textOf }: SchemaStatement): Lines | undefined {
  const statement = operations[0]?.statement;
  if (!statement) return undefined;
  const ahead = textOf({ start: 0, end: statement.start });
  const behind = textOf({ start: statement.end, end: Number.POSITIVE_INFINITY });
  const [above, indentation] = /(?:^|\n)((?:[ \t]*--[^\n]*\n)*)([ \t]*)$/.exec(ahead)?.slice(1) ?? [];
  const end = /^[ \t]*;[ \t]*(?:\n|$)/.exec(behind)?.[0];
  if (above === undefined || indentation === undefined || end === undefined || /--[ \t]*\+/.test(above))
    return undefined;
  return {
    span: { start: statement.start - indentation.length - above.length, end: statement.end + end.length },
    above,
  };
}

/** Without the statement, in its lines; what is said above it stays. */
function withoutLine(statement: SchemaStatement): Edit<Place> | undefined {
  const lines = linesOf(statement);
  const at = lines && statement.exact({ start: lines.span.start + lines.above.length, end: lines.span.end });
  return at && { at, newText: '' };
}

const isSetting = ({ operations }: SchemaStatement): boolean => {
  const [only, more] = operations;
  return only?.kind === 'setParameter' && !more;
};

/** `SET LOCAL`, as it is without the transaction that it holds for: for the session. */
function ofSession(statement: SchemaStatement): Edit<Place> | undefined {
  const { start = 0, end = 0 } = statement.operations[0]?.statement ?? {};
  const [, set = '', local = ''] = /^(SET\s+)(LOCAL\s+)?/i.exec(statement.textOf({ start, end })) ?? [];
  const from = start + set.length;
  const at = statement.exact({ start: from, end: from + local.length });
  return at && { at, newText: '' };
}

const ROWS: ReadonlySet<Operation['kind']> = new Set(['insert', 'update', 'delete', 'merge', 'copy', 'unread']);

/** A foreign key needs the unique index that it refers to. */
const mayReference = (operation: Operation): boolean =>
  operation.kind === 'addConstraint' ||
  operation.kind === 'createTable' ||
  (operation.kind === 'addColumn' && operation.column.constraints.length > 0);

/** Whether a statement may stand on what one before it makes or drops, under this name. */
export const mayStandOn = ({ sql, operations }: SchemaStatement, name: string | undefined): boolean =>
  (name !== undefined && speaksOf(sql, name)) ||
  operations.some(operation => ROWS.has(operation.kind) || mayReference(operation));

/** A file without the statement, the comments above it and its semicolon; nothing where it shares its lines with others. */
export function withoutStatement(statement: SchemaStatement): readonly Edit<Place>[] | undefined {
  const lines = linesOf(statement);
  const at = lines && statement.exact(lines.span);
  return at && [{ at, newText: '' }];
}

/**
 * The statement as another one, out of its transaction: behind the COMMIT, or without BEGIN and COMMIT where nothing else is
 * between them. Nothing where what comes behind it in the transaction may stand on it.
 * @param name of what it makes or drops
 * @param newText the statement as it is to be
 */
export function outOfTransaction(
  change: SchemaChange,
  name: string | undefined,
  newText: string,
): readonly Edit<Place>[] | undefined {
  const { statement, script } = change;
  const commit = commitOf(change);
  const own = linesOf(statement);
  if (!commit || !own || statement.operations.length !== 1) return undefined;
  // what is validated is there already
  if (change.operation.kind !== 'validateConstraint' && laterOnes(change, commit).some(each => mayStandOn(each, name)))
    return undefined;
  const within = script.statements.filter(each => each.transaction?.number === statement.transaction?.number);
  const [begin] = within;
  const settings = within.filter(each => each !== begin && each !== commit && each !== statement);
  if (begin && settings.every(isSetting)) {
    const at = statement.exact(change.operation.statement);
    const edits = [withoutLine(begin), ...settings.map(ofSession), at && { at, newText }, withoutLine(commit)];
    const made = edits.flatMap(each => (each ? [each] : []));
    if (made.length === edits.length) return made;
  }
  const [taken, at] = [statement.exact(own.span), endOf(commit)];
  if (!taken || !at) return undefined;
  return [
    { at: taken, newText: '' },
    { at, newText: `;${commit.lineBreak}${own.above.replaceAll(/^[ \t]+/gm, '')}${newText}` },
  ];
}
