/**
 * Tables that take another's place in one migration. SQLite changes a table in no other way: the rows are copied into a new
 * one, the old one is dropped, and the new one takes its name. It is done elsewhere as well.
 */

import { tableNamed } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import type { Table } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import { changesIn, isSameTable } from './schemaChanges';
import type { SchemaChange, SchemaScript } from './schemaScripts';

/** What becomes of a table whose rows another one has. */
export interface Successor {
  /** Columns of the old one that the new one lacks. */
  readonly lost: readonly string[];
}

/**
 * The successor of a table that is dropped: another one has been filled from it, and bears its name when the migration is
 * done.
 */
export function successorOf({ script, statement, before }: SchemaChange, table: QualifiedName): Successor | undefined {
  const old = tableNamed(before, table);
  const first = nameBefore(script, statement.index, table);
  for (const { operation, statement: at } of changesIn(script, 'insert', 'createTableAs')) {
    if (at.index > statement.index || !isFilledFrom(operation, table)) continue;
    const filled = operation.kind === 'insert' ? operation.table : operation.name;
    if (!isSameTable(filled, first) && !renames(script, filled, first)) continue;
    return { lost: lostBetween(old, tableNamed(before, filled)) };
  }
  return undefined;
}

const isFilledFrom = (operation: OperationOf<'insert' | 'createTableAs'>, table: QualifiedName): boolean =>
  operation.kind === 'insert'
    ? operation.fromQuery && operation.reads.some(read => isSameTable(read, table))
    : new Set(operation.query.text.match(/\w+/g)).has(table.name);

const renames = (script: SchemaScript, from: QualifiedName, to: QualifiedName): boolean =>
  tableRenames(script).some(
    ({ operation: { object, to: name } }) => isSameTable(object.name, from) && name.name === to.name,
  );

const tableRenames = (script: SchemaScript): readonly SchemaChange<OperationOf<'rename'>>[] =>
  [...changesIn(script, 'rename')].filter(({ operation }) => operation.object.kind === 'table');

function lostBetween(old: Table | undefined, next: Table | undefined): readonly string[] {
  if (!old || !next?.complete) return [];
  const kept = new Set(next.columns.map(({ name }) => name));
  return old.columns.filter(({ name, assumed }) => !assumed && !kept.has(name)).map(({ name }) => name);
}

/** The name that a table had before the migration renamed it; its own where that did not happen. */
export function nameBefore(script: SchemaScript, index: number, table: QualifiedName): QualifiedName {
  const renamed = tableRenames(script).find(
    ({ operation, statement }) => statement.index < index && operation.to.name === table.name,
  );
  return renamed ? renamed.operation.object.name : table;
}

/** Whether the name that a table takes was another's, which the migration has dropped or renamed before. */
export function takesNameOver({ script, statement }: SchemaChange, to: QualifiedName): boolean {
  for (const { operation, statement: at } of changesIn(script, 'drop', 'rename')) {
    if (at.index >= statement.index) continue;
    const gone =
      operation.kind === 'rename'
        ? operation.object.kind === 'table' && isSameTable(operation.object.name, to)
        : operation.objects.some(({ kind, name }) => kind === 'table' && isSameTable(name, to));
    if (gone) return true;
  }
  return false;
}
