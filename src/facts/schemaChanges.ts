/** What the rules about migrations ask of a change: which table it meets, and what the history has settled about it. */
import { relationNamed, tableNamed, typeNamed } from '../catalog/catalog';
import type { ColumnDefinition, QualifiedName, TypeUse } from '../catalog/definition';
import { isConstrainedDomain } from '../catalog/locks';
import type { Column, Table } from '../catalog/object';
import type { OperationKind, OperationOf } from '../catalog/operation';
import { type ChangedType, costOfTypeChange, type TypeChangeCost } from '../catalog/typeChanges';
import type { Edit, ProposedFix } from '../engine/finding';
import { suggestion } from '../engine/finding';
import type { Place } from '../engine/place';
import type { Unwrap } from '../migrations/codeUnwrap';
import type { SqlSpan } from '../sql/query';
import { splitStatements } from '../sql/statements';
import { HOLE } from '../sql/tokens';
import type { SchemaChange, SchemaScript, SchemaStatement } from './schemaScripts';

/** The changes of these kinds, of PostgreSQL's migrations alone. */
export function changesOf<Kind extends OperationKind>(
  scripts: readonly SchemaScript[],
  ...kinds: readonly Kind[]
): readonly SchemaChange<OperationOf<Kind>>[] {
  const found: SchemaChange<OperationOf<Kind>>[] = [];
  for (const script of scripts) if (script.dialect === 'postgresql') addChanges(found, script, kinds);
  return found;
}

/** The changes of these kinds in one migration, whatever its dialect. */
export function changesIn<Kind extends OperationKind>(
  script: SchemaScript,
  ...kinds: readonly Kind[]
): readonly SchemaChange<OperationOf<Kind>>[] {
  const found: SchemaChange<OperationOf<Kind>>[] = [];
  addChanges(found, script, kinds);
  return found;
}

/** Every rule about migrations asks for some: there are few kinds, and mostly few changes. */
function addChanges<Kind extends OperationKind>(
  found: SchemaChange<OperationOf<Kind>>[],
  { changes }: SchemaScript,
  kinds: readonly OperationKind[],
): void {
  for (const change of changes)
    if (kinds.includes(change.operation.kind)) found.push(change as SchemaChange<OperationOf<Kind>>);
}

/**
 * Whether the relation was there before the migration, with rows and users for all that is known. What the migration
 * creates itself has neither.
 */
export function existed(change: SchemaChange, name: QualifiedName): boolean {
  const { before, script, operation } = change;
  const found = relationNamed(before, name);
  // a statement about rows speaks of a table that is there, whatever the history says
  if (!found)
    return ABOUT_ROWS.has(operation.kind) || (!before.complete && !mayBeItsOwn(script) && !isMadeBefore(change, name));
  return found.assumed === true ? !mayBeItsOwn(script) : script.before.objects.get(found.id) !== undefined;
}

/** The first migration of a history that makes tables, and more than could be followed: in a loop, from a list. */
function mayBeItsOwn(script: SchemaScript): boolean {
  if (!script.isPartial || !script.isFirst) return false;
  const [table] = changesIn(script, 'createTable');
  return table !== undefined;
}

/** A block makes it, where it does, and what is behind the block knows nothing of that. */
function isMadeBefore({ script, statement }: SchemaChange, name: QualifiedName): boolean {
  for (const made of changesIn(script, 'createTable', 'createTableAs'))
    if (made.statement.index < statement.index && isSameTable(made.operation.name, name)) return true;
  return false;
}

const ABOUT_ROWS: ReadonlySet<OperationKind> = new Set(['insert', 'update', 'delete', 'merge', 'truncate', 'copy']);

/** What is younger may be in no release yet. */
const DAYS_TO_RELEASE = 10;

/** Whether a migration of the days before has made the table, or the column. */
export const isYoung = (
  { script }: SchemaChange,
  table: QualifiedName,
  column?: string,
  days = DAYS_TO_RELEASE,
): boolean =>
  script
    .recent(days)
    .some(
      operation =>
        (operation.kind === 'createTable' && isSameTable(operation.name, table)) ||
        (operation.kind === 'addColumn' &&
          column === operation.column.name.name &&
          isSameTable(operation.table, table)),
    );

/** The table as the history knows it just before the change. */
export const tableBefore = ({ before }: SchemaChange, name: QualifiedName): Table | undefined =>
  tableNamed(before, name);

export const columnBefore = (change: SchemaChange, table: QualifiedName, column: string): Column | undefined =>
  tableBefore(change, table)?.columns.find(({ name }) => name === column);

export const isPartitioned = (change: SchemaChange, name: QualifiedName): boolean =>
  tableBefore(change, name)?.partitionBy !== undefined;

/** A name as a message writes it. */
export const named = ({ schema, name }: { readonly schema?: string; readonly name: string }): string =>
  `\`${(schema === undefined || schema === 'public' ? name : `${schema}.${name}`).replaceAll(HOLE, '…')}\``;

/** Several as a message writes them. */
export const listed = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;

/** `ALTER TABLE … ADD CONSTRAINT`, as a message names what it speaks of. */
export const isSameTable = (a: QualifiedName, b: QualifiedName): boolean =>
  a.name === b.name && (a.schema ?? 'public') === (b.schema ?? 'public');

/** The change by which the migration drops the whole table, later on. */
export function droppedLater(
  change: SchemaChange,
  table: QualifiedName,
): SchemaChange<OperationOf<'drop'>> | undefined {
  for (const later of changesIn(change.script, 'drop'))
    if (
      later.statement.index > change.statement.index &&
      later.operation.objects.some(({ kind, name }) => kind === 'table' && isSameTable(name, table))
    )
      return later;
  return undefined;
}

/** Whether two changes run in one transaction, one statement included. */
export const shareTransaction = (a: SchemaChange, b: SchemaChange): boolean =>
  a.statement === b.statement ||
  (a.statement.transaction !== undefined && a.statement.transaction.number === b.statement.transaction?.number);

/** A column's declaration with the change that makes it. */
export interface DeclaredColumn {
  readonly change: SchemaChange<OperationOf<'createTable' | 'addColumn' | 'setColumnType'>>;
  readonly table: QualifiedName;
  readonly name: string;
  readonly type: TypeUse;
  readonly definition?: ColumnDefinition;
  readonly at: Place;
}

/** Where types of columns are chosen. */
export interface TypeSources {
  readonly schemaScripts: readonly SchemaScript[];
  readonly modelFiles?: readonly SchemaScript[];
}

/**
 * Every column whose type is chosen here, by CREATE TABLE, ADD COLUMN or ALTER COLUMN … TYPE, or by a model; not in what a tool
 * writes out of models, in which it is chosen.
 */
export function* declaredColumns({ schemaScripts, modelFiles = [] }: TypeSources): IterableIterator<DeclaredColumn> {
  const chosen = [...schemaScripts.filter(({ isGenerated }) => !isGenerated), ...modelFiles];
  for (const change of changesOf(chosen, 'createTable', 'addColumn', 'setColumnType')) {
    const { operation } = change;
    const marked = (type: TypeUse): Place => change.statement.marked(type.span) ?? change.at;
    if (operation.kind === 'setColumnType')
      yield {
        change,
        table: operation.table,
        name: operation.column.name,
        type: operation.type,
        at: marked(operation.type),
      };
    else
      for (const definition of operation.kind === 'createTable' ? operation.columns : [operation.column])
        yield {
          change,
          table: operation.kind === 'createTable' ? operation.name : operation.table,
          name: definition.name.name,
          type: definition.type,
          definition,
          at: marked(definition.type),
        };
  }
}

/** A stretch of a statement, and what stands there instead. */
export interface Rewrite {
  readonly span: SqlSpan;
  readonly newText: string;
}

/** A rewrite of stretches of a statement; nothing where they do not stand in the source as they are. */
export function rewriteIn(
  { statement }: SchemaChange,
  title: string,
  edits: readonly Rewrite[],
  more: readonly Edit<Place>[] = [],
): readonly ProposedFix[] {
  const placed = edits.flatMap(({ span, newText }) => {
    const at = statement.takes(newText) ? statement.exact(span) : undefined;
    return at ? [{ at, newText }] : [];
  });
  if (placed.length === edits.length) return [suggestion(title, [...placed, ...more])];
  const anew = statement.anew?.(withEdits(statement, edits));
  return anew ? [suggestion(title, [anew, ...more])] : [];
}

/** All of a text with these stretches rewritten. */
function withEdits({ textOf }: SchemaStatement, edits: readonly Rewrite[]): string {
  let sql = textOf({ start: 0, end: Number.POSITIVE_INFINITY });
  for (const { span, newText } of [...edits].sort((one, other) => other.span.start - one.span.start))
    sql = `${sql.slice(0, span.start)}${newText}${sql.slice(span.end)}`;
  return sql;
}

/** The same; and where a builder has made the statement, calls that send it so, each statement by itself. */
export function rewriteSent(
  change: SchemaChange,
  title: string,
  edits: readonly Rewrite[],
  more: readonly Unwrap[] = [],
): readonly ProposedFix[] {
  if (!change.statement.builder) return rewriteIn(change, title, edits, more);
  const calls = inBuildersPlace(change, edits, more);
  return calls ? [suggestion(title, together([...calls, ...more]))] : [];
}

/** What a builder has made as calls that send SQL: beside it where all of it goes before, else in its place. */
function inBuildersPlace(
  { statement, operation, script }: SchemaChange,
  edits: readonly Rewrite[],
  more: readonly Unwrap[],
): readonly Edit<Place>[] | undefined {
  const builder = statement.builder?.();
  if (!builder) return undefined;
  const { start } = operation.statement;
  const statementsIn = (sql: string): readonly string[] => splitStatements(sql, script.dialect).map(({ text }) => text);
  if (edits.every(({ span }) => span.start === start && span.end === start))
    return builder.before(edits.flatMap(({ newText }) => statementsIn(newText)));
  return builder.asSql(
    statementsIn(withEdits(statement, edits)),
    more.some(({ isBlock }) => isBlock),
  );
}

/** What is put in where another edit begins is a part of that one. */
function together(edits: readonly Edit<Place>[]): readonly Edit<Place>[] {
  const isAtStart = (edit: Edit<Place>): Edit<Place> | undefined =>
    edits.find(
      other =>
        other !== edit &&
        other.at.unit === edit.at.unit &&
        edit.at.start === edit.at.end &&
        other.at.start === edit.at.start &&
        (other.at.end > other.at.start || edits.indexOf(other) < edits.indexOf(edit)),
    );
  return edits.flatMap(edit => {
    if (isAtStart(edit)) return [];
    const before = edits.filter(other => isAtStart(other) === edit);
    return [{ at: edit.at, newText: `${before.map(({ newText }) => newText).join('')}${edit.newText}` }];
  });
}

export const insertion = (offset: number, newText: string): Rewrite => ({
  span: { start: offset, end: offset },
  newText,
});

/** How deep a statement stands in its file. */
export function indentationOf({
  statement,
  operation: {
    statement: { start },
  },
}: SchemaChange): string {
  if (statement.lineBreak !== '\n') return '';
  return /[ \t]*$/.exec(statement.textOf({ start: Math.max(0, start - 80), end: start }))?.[0] ?? '';
}

/** VACUUM FULL and CLUSTER of what was there. */
export function* rewrites(
  scripts: readonly SchemaScript[],
): IterableIterator<{ readonly change: SchemaChange; readonly command: string; readonly of: string }> {
  for (const change of changesOf(scripts, 'vacuum', 'cluster')) {
    const { operation } = change;
    if (operation.kind === 'vacuum' && !operation.full) continue;
    const tables = operation.kind === 'vacuum' ? operation.tables : operation.table ? [operation.table] : [];
    const there = tables.filter(table => existed(change, table));
    if (tables.length > 0 && there.length === 0) continue;
    yield {
      change,
      command: operation.kind === 'vacuum' ? 'VACUUM FULL' : 'CLUSTER',
      of: there.length > 0 ? `all of ${listed(there.map(named))}` : 'every table',
    };
  }
}

/** A type with a length as text with a CHECK; only where the table is made, since a CHECK on rows is read first. */
export function asText({ change, name, type, definition }: DeclaredColumn): readonly ProposedFix[] {
  const [length] = type.modifiers;
  if (change.operation.kind !== 'createTable' || !definition || type.dimensions > 0) return [];
  // bpchar without a length has no limit
  if (length === undefined) return rewriteIn(change, 'Use text', [{ span: type.span, newText: 'text' }]);
  const written = change.statement.textOf(definition.name.span);
  return rewriteIn(change, `Use text with a CHECK on the length of \`${name}\``, [
    { span: type.span, newText: `text CHECK (char_length(${written}) <= ${length})` },
  ]);
}

type TypeChange = SchemaChange<OperationOf<'setColumnType'>>;

/** The type that the column has before the change, from the history or from the migration's own words. */
export const typeBefore = (change: TypeChange): ChangedType | undefined =>
  columnBefore(change, change.operation.table, change.operation.column.name)?.type ?? change.statement.typeBefore;

/** What the server does to the rows for it, as far as the types are known. */
export function costOf(change: TypeChange): TypeChangeCost | undefined {
  const { column, type, using, table } = change.operation;
  const before = typeBefore(change);
  const from = before && withoutDomain(change, before);
  if (!from) return undefined;
  if (using !== undefined && !isCastOf(using.text, column.name)) return 'rewrite';
  const cost = costOfTypeChange(
    from,
    isConstrainedDomain(change.before, type) ? type : withoutDomain(change, type),
    change.script.server,
    isInUtc(change),
  );
  return cost === 'reindex' && hasNoIndex(tableBefore(change, table), column.name) ? 'none' : cost;
}

/** A domain's values are those of the type that it is made of. */
function withoutDomain({ before }: TypeChange, type: ChangedType): ChangedType {
  if (type.dimensions > 0) return type;
  const domain = typeNamed(before, type);
  return domain?.kind === 'domain' ? domain.type : type;
}

/** Whether the server neither rewrites nor reads the rows for it. */
export const isFreeTypeChange = (change: TypeChange): boolean => costOf(change) === 'none';

/** The migration has set the session's time zone to UTC. */
function isInUtc({ script, statement }: TypeChange): boolean {
  let zone: string | undefined;
  for (const { operation, statement: setting } of changesIn(script, 'setParameter'))
    if (setting.index < statement.index && operation.name.toLowerCase() === 'timezone') zone = operation.values?.[0];
  return zone !== undefined && /^\W*(?:utc|gmt|etc\/utc|0)\W*$/i.test(zone);
}

function hasNoIndex(table: Table | undefined, name: string): boolean {
  const column = table?.columns.find(each => each.name === name);
  if (!table?.complete || !column) return false;
  return !table.indexes.some(
    ({ elements, where }) =>
      where?.refs.includes(column.id) ||
      elements.some(each => each.column === column.id || each.expression?.refs.includes(column.id)),
  );
}

/** `column::type`, which says no more than the change itself. */
const isCastOf = (text: string, column: string): boolean =>
  new RegExp(
    `^\\(*\\s*"?${column.replace(/[.*+?^${}()|[\\]\\\\]/g, '\\$&')}"?\\s*\\)*\\s*(?:::\\s*[\\w ()",[\\]]+)?\\s*\\)*$`,
    'i',
  ).test(text.trim());
