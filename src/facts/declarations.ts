/**
 * Tables, columns and foreign keys where they are declared, as they are at the head of the history: what a later migration
 * has mended is not there any more, and what it has dropped is not there at all.
 */
import { isTable, tableNamed } from '../catalog/catalog';
import type { ColumnDefinition, ForeignKeyConstraint, QualifiedName } from '../catalog/definition';
import type { Column, Constraint, Table } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import type { Place } from '../engine/place';
import type { SchemaHead } from '../migrations/head';
import { isToolsOwn } from '../migrations/history';
import type { Facts } from './facts';
import { changesIn } from './schemaChanges';
import type { SchemaChange, SchemaScript } from './schemaScripts';

export type ForeignKey = Extract<Constraint, { readonly kind: 'foreignKey' }>;

interface Declared<
  Kind extends 'createTable' | 'createTableAs' | 'addColumn' | 'setColumnType' | 'redefineColumn' | 'addConstraint',
> {
  readonly change: SchemaChange<OperationOf<Kind>>;
  /** As it is at the head. */
  readonly table: Table;
  readonly head: SchemaHead;
  /** What to mark. */
  readonly at: Place;
}

export type DeclaredTable = Declared<'createTable' | 'createTableAs'>;

export type HeadColumn = Declared<'createTable' | 'addColumn' | 'setColumnType' | 'redefineColumn'> & {
  readonly column: Column;
  readonly definition?: ColumnDefinition;
};

export type DeclaredKey = Declared<'createTable' | 'addColumn' | 'addConstraint'> & {
  readonly key: ForeignKey;
  readonly columns: readonly Column[];
};

type Schemas = Pick<Facts, 'schemaScripts' | 'schemaFiles'>;

const scriptsIn = ({ schemaScripts, schemaFiles }: Schemas): readonly SchemaScript[] => [
  ...schemaScripts,
  ...schemaFiles,
];

/** The tables that are made here and still there. Not temporary and foreign ones, nor those in which tools keep their own. */
export function* tablesDeclared(facts: Schemas): IterableIterator<DeclaredTable> {
  for (const script of scriptsIn(facts))
    for (const change of changesIn(script, 'createTable', 'createTableAs')) {
      const { name } = change.operation;
      // IF NOT EXISTS of what is there makes nothing
      if (isThere(change, name)) continue;
      const found = atHead(change, name);
      if (found) yield { change, ...found, at: change.statement.marked(name.span) ?? change.at };
    }
}

/** A table that something else only speaks of, as other servers let a foreign key do, is not there yet. */
const isThere = ({ before }: SchemaChange, name: QualifiedName): boolean => {
  const found = tableNamed(before, name);
  return found !== undefined && (before.dialect === undefined || found.assumed !== true);
};

/** The columns that are declared here and still there, or that get another type. */
export function* columnsDeclared(facts: Schemas): IterableIterator<HeadColumn> {
  for (const script of scriptsIn(facts)) yield* columnsDeclaredIn(script);
}

function* columnsDeclaredIn(script: SchemaScript): IterableIterator<HeadColumn> {
  for (const change of changesIn(script, 'createTable', 'addColumn', 'setColumnType', 'redefineColumn')) {
    const { operation } = change;
    const name = operation.kind === 'createTable' ? operation.name : operation.table;
    if (operation.kind === 'createTable' && isThere(change, name)) continue;
    const found = atHead(change, name);
    if (!found) continue;
    const marked = (column: QualifiedName | ColumnDefinition): Place =>
      change.statement.marked(column.span) ?? change.at;
    if (operation.kind === 'setColumnType' || operation.kind === 'redefineColumn') {
      const column = columnAtHead(change, name, operation.column.name, found.table);
      if (column) yield { change, ...found, column, at: change.statement.marked(operation.span) ?? change.at };
      continue;
    }
    const definitions = operation.kind === 'createTable' ? operation.columns : [operation.column];
    for (const definition of definitions) {
      const column = columnAtHead(change, name, definition.name.name, found.table);
      if (column && !isThereBefore(change, name, column))
        yield { change, ...found, column, definition, at: marked(definition) };
    }
  }
}

/** The foreign keys that are declared here and still there. */
export function* foreignKeysDeclared(facts: Schemas): IterableIterator<DeclaredKey> {
  for (const script of scriptsIn(facts)) yield* keysDeclaredIn(script);
}

function* keysDeclaredIn(script: SchemaScript): IterableIterator<DeclaredKey> {
  for (const change of changesIn(script, 'createTable', 'addColumn', 'addConstraint')) {
    const { operation } = change;
    const name = operation.kind === 'createTable' ? operation.name : operation.table;
    if (operation.kind === 'createTable' && isThere(change, name)) continue;
    const definitions = keysIn(operation);
    const found = definitions.length > 0 ? atHead(change, name) : undefined;
    if (!found) continue;
    for (const definition of definitions) {
      const columns = definition.columns.map(({ name: column }) => columnAtHead(change, name, column, found.table));
      const key = found.table.constraints.find(
        (one): one is ForeignKey =>
          one.kind === 'foreignKey' &&
          one.columns.length === columns.length &&
          one.columns.every((id, at) => id === columns[at]?.id),
      );
      const known = columns.filter(column => column !== undefined);
      // dropped since, and another one added
      const isOther = !tableNamed(change.after, name)?.constraints.some(({ id }) => id === key?.id);
      if (key && !key.inherited && !isOther)
        yield { change, ...found, key, columns: known, at: change.statement.marked(definition.span) ?? change.at };
    }
  }
}

function keysIn(
  operation: OperationOf<'createTable' | 'addColumn' | 'addConstraint'>,
): readonly ForeignKeyConstraint[] {
  const constraints =
    operation.kind === 'addConstraint'
      ? [operation.constraint]
      : operation.kind === 'addColumn'
        ? operation.column.constraints
        : [...operation.columns.flatMap(column => column.constraints), ...operation.constraints];
  return constraints.filter(each => each.kind === 'foreignKey');
}

/** The table as it is at the head, where all that the history does to it is understood. */
function atHead(change: SchemaChange, name: QualifiedName): Pick<DeclaredTable, 'table' | 'head'> | undefined {
  const { head } = change.script;
  const made = tableNamed(change.after, name);
  if (!head || !made || made.persistence === 'temporary' || made.foreignServer !== undefined || isToolsOwn(made.name))
    return undefined;
  const same = head.catalog.objects.get(made.id);
  const table = isTable(same) && same.name !== made.name ? (tableNamed(head.catalog, made) ?? same) : same;
  if (!isTable(table) || table.assumed || !table.complete) return undefined;
  return head.isSettled(made.name) && head.isSettled(table.name) ? { table, head } : undefined;
}

const columnAtHead = (
  { after }: SchemaChange,
  name: QualifiedName,
  column: string,
  table: Table,
): Column | undefined => {
  const id = tableNamed(after, name)?.columns.find(each => each.name === column)?.id;
  return table.columns.find(each => each.id === id);
};

/** `ADD COLUMN IF NOT EXISTS` of what is there adds nothing. */
const isThereBefore = ({ before }: SchemaChange, name: QualifiedName, { id }: Column): boolean =>
  tableNamed(before, name)?.columns.some(column => column.id === id) === true;
