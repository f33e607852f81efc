/**
 * Which locks PostgreSQL takes on tables for a statement, and whether it holds them while it reads or writes a whole table.
 *
 * Source: postgresql.org/docs/current/explicit-locking.html and the pages of the statements.
 */
import {
  type Catalog,
  columnOfId,
  constraintNamed,
  indexNamed,
  isTable,
  relationNamed,
  tableNamed,
  tablesOf,
  typeNamed,
} from './catalog';
import type { ColumnDefinition, QualifiedName, TypeUse } from './definition';
import { isCheckedNotNull, isNotNull } from './notNull';
import type { Constraint, Table } from './object';
import type { Operation, OperationOf } from './operation';
import { defaultPartition, isCheckedForBound, keyColumns } from './partitions';
import { volatileCall } from './volatility';

export type LockMode = 'SHARE UPDATE EXCLUSIVE' | 'SHARE' | 'SHARE ROW EXCLUSIVE' | 'EXCLUSIVE' | 'ACCESS EXCLUSIVE';

export interface Lock {
  /** Absent where an index is named and the history does not say which table it is on. */
  readonly table?: QualifiedName;
  readonly mode: LockMode;
  /** It is held while the table is read or written as a whole, or an index is built. */
  readonly long: boolean;
  /** The statement does not name the table: a foreign key leads to it. */
  readonly byForeignKey?: true;
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
        if (kind !== 'table') return kind === 'materialized view' ? one(name, 'ACCESS EXCLUSIVE') : [];
        return [
          ...one(name, 'ACCESS EXCLUSIVE'),
          ...referencedBy(before, name),
          ...(operation.cascade ? referencing(before, name) : []),
        ];
      });
    case 'rename': {
      const { kind, name, on } = operation.object;
      // since 12 it locks the index alone, against other changes of the schema
      if (kind === 'index') return server < 12 ? one(tableOfIndex(before, name), 'ACCESS EXCLUSIVE') : [];
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
        ...(operation.partitionOf
          ? [
              ...one(operation.partitionOf.parent, 'ACCESS EXCLUSIVE'),
              ...ofDefaultPartition(before, operation.partitionOf.parent),
            ]
          : []),
        ...[...operation.constraints, ...operation.columns.flatMap(({ constraints }) => constraints)].flatMap(
          constraint =>
            constraint.kind === 'foreignKey' && !isNamedAlike(constraint.references, operation.name)
              ? one(constraint.references, 'SHARE ROW EXCLUSIVE')
              : [],
        ),
      ];
    case 'truncate':
      return operation.tables.flatMap(table => [
        ...one(table, 'ACCESS EXCLUSIVE'),
        ...(operation.cascade ? referencing(before, table) : []),
      ]);
    case 'alterDomain':
      return ofAlterDomain(operation, before);
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

/** The tables that a table's foreign keys lead to: their triggers go with the key. */
function referencedBy(
  catalog: Catalog,
  name: QualifiedName,
  which: (constraint: Constraint, table: Table) => boolean = () => true,
): readonly Lock[] {
  const table = tableNamed(catalog, name);
  return (table?.constraints ?? []).flatMap(constraint => {
    if (constraint.kind !== 'foreignKey' || constraint.table === table?.id) return [];
    const target = catalog.objects.get(constraint.table);
    return table && isTable(target) && which(constraint, table) ? byForeignKey(target, name) : [];
  });
}

/** The tables whose foreign keys lead to a table. */
function referencing(catalog: Catalog, name: QualifiedName): readonly Lock[] {
  const target = tableNamed(catalog, name);
  if (!target) return [];
  return tablesOf(catalog).flatMap(table =>
    table.id !== target.id && table.constraints.some(each => each.kind === 'foreignKey' && each.table === target.id)
      ? byForeignKey(table, name)
      : [],
  );
}

const byForeignKey = ({ name, schema }: Table, { span }: QualifiedName): readonly Lock[] => [
  { table: { name, schema, span }, mode: 'ACCESS EXCLUSIVE', long: false, byForeignKey: true },
];

/** It is read for rows that belong into the new partition. */
function ofDefaultPartition(catalog: Catalog, parent: QualifiedName): readonly Lock[] {
  const found = defaultPartition(catalog, tableNamed(catalog, parent), parent);
  return found ? one(found, 'ACCESS EXCLUSIVE', true) : [];
}

/** Every table that has a column of the domain is read under a lock. */
function ofAlterDomain({ domain, change }: OperationOf<'alterDomain'>, before: Catalog): readonly Lock[] {
  const reads =
    change.kind === 'addConstraint'
      ? !change.constraint.notValid
      : change.kind === 'setNotNull'
        ? change.notNull
        : change.kind === 'validateConstraint';
  const type = reads ? typeNamed(before, domain) : undefined;
  if (!type) return [];
  return tablesOf(before).flatMap(({ name, schema, columns }) =>
    columns.some(column => column.type?.id === type.id) ? one({ name, schema, span: domain.span }, 'SHARE', true) : [],
  );
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
        : one(table, 'ACCESS EXCLUSIVE', long || nullableKeyColumns(operation, before, server).length > 0);
    }
    case 'addColumn': {
      const { column } = operation;
      const references = column.constraints.flatMap(each => (each.kind === 'foreignKey' ? [each.references] : []));
      const isLooked = references.length > 0 && hasValues(column);
      return [
        ...one(table, 'ACCESS EXCLUSIVE', isLooked || readsOrWritesRows(column, before, server)),
        ...references.flatMap(each => one(each, 'SHARE ROW EXCLUSIVE', isLooked)),
      ];
    }
    case 'dropColumn':
      return [
        ...one(table, 'ACCESS EXCLUSIVE'),
        ...referencedBy(before, table, ({ columns }, { columns: all }) =>
          columns.some(id => all.find(each => each.id === id)?.name === operation.column.name),
        ),
      ];
    case 'dropConstraint': {
      const known = tableNamed(before, table);
      const isKey = known && constraintNamed(known, operation.name.name)?.kind !== 'foreignKey';
      return [
        ...one(table, 'ACCESS EXCLUSIVE'),
        ...referencedBy(before, table, ({ name }) => name === operation.name.name),
        ...(isKey && operation.cascade ? referencing(before, table) : []),
      ];
    }
    case 'setNotNull':
      return one(table, 'ACCESS EXCLUSIVE', !isKnownNotNull(before, table, operation.column.name, server));
    case 'setColumnType':
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
        ...one(operation.partition, 'ACCESS EXCLUSIVE', !isBoundChecked(operation, before)),
        ...ofDefaultPartition(before, table),
      ];
    case 'detachPartition':
      return operation.concurrently || operation.finalize
        ? one(table, 'SHARE UPDATE EXCLUSIVE')
        : [...one(table, 'ACCESS EXCLUSIVE'), ...one(operation.partition, 'ACCESS EXCLUSIVE')];
    default:
      return one(table, 'ACCESS EXCLUSIVE');
  }
}

function isBoundChecked({ table, partition, bound }: OperationOf<'attachPartition'>, before: Catalog): boolean {
  const known = tableNamed(before, partition);
  return known !== undefined && isCheckedForBound(known, bound, keyColumns(tableNamed(before, table)));
}

/** Whether SET NOT NULL has nothing to look for: it is NOT NULL already, or a validated CHECK says so to a server that listens. */
export function isKnownNotNull(catalog: Catalog, table: QualifiedName, column: string, server: number): boolean {
  const known = tableNamed(catalog, table);
  return known !== undefined && (isNotNull(known, column) || (server >= 12 && isCheckedNotNull(known, column)));
}

/**
 * The columns of a ready index that are not known to be without NULL: a primary key USING it reads every row for them.
 */
export function nullableKeyColumns(
  { table, constraint }: OperationOf<'addConstraint'>,
  before: Catalog,
  server: number,
): readonly string[] {
  if (constraint.kind !== 'primaryKey' || !constraint.usingIndex) return [];
  const index = indexNamed(before, { ...constraint.usingIndex, schema: table.schema })?.index;
  const known = tableNamed(before, table);
  if (!index || !known) return [];
  return index.elements.flatMap(({ column }) => {
    const found = column === undefined ? undefined : columnOfId(known, column);
    return found && !found.assumed && !isKnownNotNull(before, table, found.name, server) ? [found.name] : [];
  });
}

/** Rows that are there get something other than NULL. */
const hasValues = ({ default: value, generated, identity, type }: ColumnDefinition): boolean =>
  (value !== undefined && !/^null\b/i.test(value.value.text.trim())) ||
  generated !== undefined ||
  identity !== undefined ||
  type.serial !== undefined;

/** A type whose constraints the server checks by writing every row, even where all of them are to hold NULL. */
export function isConstrainedDomain(catalog: Catalog, { name, schema }: TypeUse): boolean {
  const type = typeNamed(catalog, { name, ...(schema === undefined ? {} : { schema }) });
  return type?.kind === 'domain' && (type.notNull || type.constraints.length > 0);
}

/** A new column for which every row is read or written, or an index is built. */
function readsOrWritesRows(column: ColumnDefinition, before: Catalog, server: number): boolean {
  const { constraints, type, identity, generated, default: value } = column;
  if (constraints.some(({ kind }) => kind !== 'foreignKey') || type.serial || identity) return true;
  if (isConstrainedDomain(before, type)) return true;
  if (generated) return generated.stored;
  return value !== undefined && (server < 11 || volatileCall(value.value, before) !== undefined);
}
