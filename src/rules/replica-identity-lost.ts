/**
 * A published table that loses the key by which its rows are told apart.
 *
 * Logical replication finds the row to change by its replica identity, which is the primary key unless the table says
 * otherwise. Without one the server refuses every UPDATE and DELETE of a published table, from this migration on.
 * ## Flags
 * ```sql
 * ALTER TABLE orders DROP CONSTRAINT orders_pkey;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_new_key;
 * ```
 * ```sql
 * ALTER TABLE orders REPLICA IDENTITY FULL;
 * ALTER TABLE orders DROP CONSTRAINT orders_pkey;
 * ```
 * ## When to leave it
 * The table is in no publication, and no change-data capture reads it.
 */
import { primaryKeyOf } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import type { Table } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import { defineRule } from '../facts/rule';
import {
  changesOf,
  existed,
  insertion,
  isSameTable,
  named,
  rewriteSent,
  shareTransaction,
  tableBefore,
} from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

export const replicaIdentityLost = defineRule({
  id: 'replica-identity-lost',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'dropConstraint', 'dropColumn')) {
      const { table } = change.operation;
      if (!existed(change, table) || !dropsKey(change) || isToldOtherwise(change, table)) continue;
      yield { at: change.at, change, table };
    }
  },

  explain: ({ table }) => ({
    what: `${named(table)} has no primary key from here on, and with it no replica identity.`,
    why: 'Where the table is published, PostgreSQL refuses every UPDATE and DELETE of it from then on.',
    remedy: 'Add the new key in the same statement, or set REPLICA IDENTITY USING INDEX or FULL before.',
    related: [],
  }),

  fix: ({ change, table }) =>
    rewriteSent(change, 'Set REPLICA IDENTITY FULL before', [
      insertion(
        change.operation.statement.start,
        `ALTER TABLE ${change.statement.textOf(table.span)} REPLICA IDENTITY FULL;${change.statement.lineBreak}`,
      ),
    ]),
});

/** By the catalog; of a table that it does not know by the name that PostgreSQL gives to primary keys. */
function dropsKey(change: SchemaChange<OperationOf<'dropConstraint' | 'dropColumn'>>): boolean {
  const { operation } = change;
  const table = tableBefore(change, operation.table);
  const key = table && primaryKeyOf(table);
  if (operation.kind === 'dropColumn') {
    const column = table?.columns.find(({ name }) => name === operation.column.name);
    return column !== undefined && key?.columns.includes(column.id) === true;
  }
  if (key) return key.name === operation.name.name;
  return table?.complete !== true && operation.name.name.endsWith('_pkey');
}

/** It has another identity before, another key after, or is dropped. */
function isToldOtherwise(change: SchemaChange, name: QualifiedName): boolean {
  const table = tableBefore(change, name);
  if (table && hasIdentity(table)) return true;
  for (const later of change.script.changes) {
    const { operation, statement } = later;
    const isBefore = statement.index < change.statement.index;
    if (!isBefore && operation.kind === 'drop' && operation.objects.some(each => isSameTable(each.name, name)))
      return true;
    if (!('table' in operation) || !operation.table || !isSameTable(operation.table, name)) continue;
    if (operation.kind === 'setReplicaIdentity')
      if (operation.identity !== 'default' && (isBefore || shareTransaction(later, change))) return true;
    if (isBefore) continue;
    if (operation.kind === 'addConstraint' && operation.constraint.kind === 'primaryKey') return true;
    if (operation.kind === 'addColumn' && operation.column.constraints.some(({ kind }) => kind === 'primaryKey'))
      return true;
  }
  return false;
}

/** FULL or an index; with NOTHING it is lost already. */
const hasIdentity = ({ replicaIdentity }: Table): boolean => replicaIdentity !== 'default';
