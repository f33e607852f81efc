/**
 * Which locks PostgreSQL takes on tables for a statement, and whether it holds them while it reads or writes a whole table.
 *
 * Source: postgresql.org/docs/current/explicit-locking.html and the pages of the statements.
 */
import { type Catalog, indexNamed, relationNamed } from './catalog';
import type { ColumnDefinition, QualifiedName } from './definition';
import type { Operation, OperationOf } from './operation';
import { volatileCall } from './volatility';

export type LockMode = 'SHARE UPDATE EXCLUSIVE' | 'SHARE' | 'SHARE ROW EXCLUSIVE' | 'EXCLUSIVE' | 'ACCESS EXCLUSIVE';

export interface Lock {
  /** Absent where an index is named and the history does not say which table it is on. */
  readonly table?: QualifiedName;
  readonly mode: LockMode;
  /** It is held while the table is read or written as a whole, or an index is built. */
  readonly long: boolean;
}

/** Whom a lock stops, as the subject of a sentence. */
export const stoppedBy = (mode: LockMode): string =>
  mode === 'ACCESS EXCLUSIVE' ? 'every read and write' : 'every INSERT, UPDATE and DELETE';

/** Whether sessions that write rows wait for it. */
export const stopsWriters = ({ mode }: Lock): boolean => mode !== 'SHARE UPDATE EXCLUSIVE';

const one = (table: QualifiedName | undefined, mode: LockMode, long = false): readonly Lock[] => [
  { ...(table ? { table } : {}), mode, long },
];

/** The table that an index is on, as a name at the index's own place; undefined where the history does not say. */
export function tableOfIndex(catalog: Catalog, index: QualifiedName): QualifiedName | undefined {
  const on = indexNamed(catalog, index)?.on;
  return on ? { name: on.name, schema: on.schema, span: index.span } : undefined;
}

/** Whether CREATE INDEX IF NOT EXISTS finds an index of that name, and builds none. */
export function isIndexThere({ ifNotExists, name, table }: OperationOf<'createIndex'>, before: Catalog): boolean {
  if (!ifNotExists || !name) return false;
  return indexNamed(before, table.schema === undefined ? name : { ...name, schema: table.schema }) !== undefined;
}

/**
 * The locks of one operation that another session can feel.
 * @param before  says which table an index belongs to, where it knows
 * @param server  major version
 */
export function locksOf(operation: Operation, before: Catalog, server: number): readonly Lock[] {
  switch (operation.kind) {
    case 'createIndex':
      return operation.concurrently
        ? one(operation.table, 'SHARE UPDATE EXCLUSIVE', true)
        : one(operation.table, 'SHARE', !operation.only && !isIndexThere(operation, before));
    case 'reindex': {
      const { name, target, concurrently } = operation;
      if (!name || (target !== 'index' && target !== 'table')) return [];
      const table = target === 'index' ? tableOfIndex(before, name) : name;
      return one(table, concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'SHARE', true);
    }
    case 'drop':
      return operation.objects.flatMap(({ kind, name, on }) => {
        if (kind === 'index')
          return one(
            tableOfIndex(before, name),
            operation.concurrently ? 'SHARE UPDATE EXCLUSIVE' : 'ACCESS EXCLUSIVE',
          );
        if (on && (kind === 'trigger' || kind === 'policy' || kind === 'rule')) return one(on, 'ACCESS EXCLUSIVE');
        return kind === 'table' || kind === 'materialized view' ? one(name, 'ACCESS EXCLUSIVE') : [];
      });
    case 'rename': {
      const { kind, name, on } = operation.object;
      if (kind === 'index')
        return one(tableOfIndex(before, name), server < 12 ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE');
      if (kind === 'table') {
        const isIndex = relationNamed(before, name) === undefined && indexNamed(before, name) !== undefined;
        return isIndex ? [] : one(name, 'ACCESS EXCLUSIVE');
      }
      return on && (kind === 'column' || kind === 'constraint' || kind === 'trigger')
        ? one(on, 'ACCESS EXCLUSIVE')
        : [];
    }
    case 'setSchema':
    case 'setOwner':
      return operation.object.kind === 'table' ? one(operation.object.name, 'ACCESS EXCLUSIVE') : [];
    case 'createTrigger':
      return one(operation.table, 'SHARE ROW EXCLUSIVE');
    case 'createPolicy':
    case 'alterPolicy':
    case 'createRule':
      return one(operation.table, 'ACCESS EXCLUSIVE');
    case 'createTable':
      return [
        ...(operation.partitionOf ? one(operation.partitionOf.parent, 'ACCESS EXCLUSIVE') : []),
        ...[...operation.constraints, ...operation.columns.flatMap(({ constraints }) => constraints)].flatMap(
          constraint =>
            constraint.kind === 'foreignKey' && !isNamedAlike(constraint.references, operation.name)
              ? one(constraint.references, 'SHARE ROW EXCLUSIVE')
              : [],
        ),
      ];
    case 'truncate':
      return operation.tables.map(table => ({ table, mode: 'ACCESS EXCLUSIVE', long: false }));
    case 'lockTable': {
      const mode = LOCK_TABLE[operation.mode];
      return mode ? operation.tables.map(table => ({ table, mode, long: false })) : [];
    }
    case 'vacuum':
      return operation.full ? operation.tables.map(table => ({ table, mode: 'ACCESS EXCLUSIVE', long: true })) : [];
    case 'cluster':
      return operation.table ? one(operation.table, 'ACCESS EXCLUSIVE', true) : [];
    case 'refreshMaterializedView':
      return one(operation.name, operation.concurrently ? 'EXCLUSIVE' : 'ACCESS EXCLUSIVE', operation.withData);
    default:
      return 'table' in operation && 'ifTableExists' in operation ? ofAlterTable(operation, before, server) : [];
  }
}

const isNamedAlike = (a: QualifiedName, b: QualifiedName): boolean => a.name === b.name && a.schema === b.schema;

/** The numbers that LOCK TABLE's modes have in the server's tree. */
const LOCK_TABLE: Readonly<Record<number, LockMode>> = {
  4: 'SHARE UPDATE EXCLUSIVE',
  5: 'SHARE',
  6: 'SHARE ROW EXCLUSIVE',
  7: 'EXCLUSIVE',
  8: 'ACCESS EXCLUSIVE',
};

type AlterTable = Extract<Operation, { readonly ifTableExists: boolean; readonly only: boolean }>;

function ofAlterTable(operation: AlterTable, before: Catalog, server: number): readonly Lock[] {
  const { table } = operation;
  switch (operation.kind) {
    case 'addConstraint': {
      const { constraint } = operation;
      const long =
        !constraint.notValid && constraint.enforced && !('usingIndex' in constraint && constraint.usingIndex);
      return constraint.kind === 'foreignKey'
        ? [...one(table, 'SHARE ROW EXCLUSIVE', long), ...one(constraint.references, 'SHARE ROW EXCLUSIVE', long)]
        : one(table, 'ACCESS EXCLUSIVE', long);
    }
    case 'addColumn': {
      const references = operation.column.constraints.flatMap(constraint =>
        constraint.kind === 'foreignKey' ? one(constraint.references, 'SHARE ROW EXCLUSIVE') : [],
      );
      return [...one(table, 'ACCESS EXCLUSIVE', readsOrWritesRows(operation.column, before, server)), ...references];
    }
    case 'setColumnType':
    case 'setNotNull':
    case 'setPersistence':
    case 'setTablespace':
    case 'setAccessMethod':
      return one(table, 'ACCESS EXCLUSIVE', true);
    case 'validateConstraint':
      return one(table, 'SHARE UPDATE EXCLUSIVE', true);
    case 'setTriggerState':
      return one(table, 'SHARE ROW EXCLUSIVE');
    case 'setTableOptions':
    case 'clusterOn':
      return one(table, 'SHARE UPDATE EXCLUSIVE');
    case 'setColumnOption':
      return one(
        table,
        operation.option === 'statistics' || operation.option === 'options'
          ? 'SHARE UPDATE EXCLUSIVE'
          : 'ACCESS EXCLUSIVE',
      );
    case 'attachPartition':
      return [
        ...one(table, server < 12 ? 'ACCESS EXCLUSIVE' : 'SHARE UPDATE EXCLUSIVE'),
        ...one(operation.partition, 'ACCESS EXCLUSIVE', true),
      ];
    case 'detachPartition':
      return operation.concurrently || operation.finalize
        ? one(table, 'SHARE UPDATE EXCLUSIVE')
        : [...one(table, 'ACCESS EXCLUSIVE'), ...one(operation.partition, 'ACCESS EXCLUSIVE')];
    default:
      return one(table, 'ACCESS EXCLUSIVE');
  }
}

/** A new column for which every row is read or written, or an index is built. */
function readsOrWritesRows(column: ColumnDefinition, before: Catalog, server: number): boolean {
  const { constraints, type, identity, generated, default: value } = column;
  if (constraints.some(({ kind }) => kind !== 'foreignKey') || type.serial || identity) return true;
  if (generated) return generated.stored;
  return value !== undefined && (server < 11 || volatileCall(value.value, before) !== undefined);
}
