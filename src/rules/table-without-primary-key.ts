/**
 * A table whose rows nothing tells apart.
 *
 * Two equal rows cannot be changed or deleted one by one, an ORM cannot load or save them, and replication refuses every UPDATE
 * and DELETE of the table (PostgreSQL, SQL Server) or looks for each row in all of it (MySQL).
 * ## Flags
 * ```sql
 * CREATE TABLE order_line (order_id bigint NOT NULL, product_id bigint NOT NULL, quantity int NOT NULL);
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE order_line (
 *   order_id bigint NOT NULL, product_id bigint NOT NULL, quantity int NOT NULL,
 *   PRIMARY KEY (order_id, product_id)
 * );
 * ```
 * ```sql
 * CREATE TABLE orders (id bigint NOT NULL, placed_at timestamptz NOT NULL);
 * ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);
 * ```
 * ```sql
 * CREATE TEMPORARY TABLE picked (order_id bigint NOT NULL);
 * ```
 * ## When to leave it
 * A log that is only ever added to, or a table that is loaded and emptied as a whole.
 */
import { primaryKeyOf } from '../catalog/catalog';
import type { Table } from '../catalog/object';
import { tablesDeclared } from '../facts/declarations';
import { defineRule } from '../facts/rule';
import { listed, named } from '../facts/schemaChanges';
import type { Dialect } from '../sql/dialect';

export const tableWithoutPrimaryKey = defineRule({
  id: 'table-without-primary-key',
  level: 'warning',
  concern: 'errors',

  *check(facts) {
    for (const { change, table, at } of tablesDeclared(facts)) {
      // a partition has its table's key, and a table that inherits is most often one of the older kind
      if (primaryKeyOf(table) || table.partitionOf || table.inherits.length > 0 || table.columns.length === 0) continue;
      if (isKeptAside(table.name) || (change.operation.kind === 'createTableAs' && !change.operation.withData))
        continue;
      const unique = uniqueColumns(table);
      const isLesser =
        unique !== undefined || table.partitionBy !== undefined || change.operation.kind === 'createTableAs';
      // SQLite's rows have a number of their own, which code may go by
      const { dialect } = change.script;
      yield { at, loweredBy: isLesser || dialect === 'sqlite' ? 1 : 0, table, unique, dialect };
    }
  },

  explain: ({ table, unique, dialect }) => ({
    what: `\`${table.name}\` has no primary key.`,
    why: unique
      ? `Its rows are told apart by ${listed(unique.map(name => `\`${name}\``))}, but ${KNOWS_NOT[dialect]}.`
      : WITHOUT[dialect],
    remedy: unique
      ? `Make ${unique.length > 1 ? 'them' : 'it'} the primary key.`
      : `Declare the columns that identify a row as PRIMARY KEY, or give ${named(table)} an identity column.`,
    related: [],
  }),
});

const TWICE = 'Two equal rows cannot be changed or deleted one by one';
const ROW_BASED = `${TWICE}, and a replica reads the whole table for each row of it that is changed.`;

/** What a server does about rows that nothing tells apart. */
const WITHOUT: Readonly<Record<Dialect, string>> = {
  postgresql: `${TWICE}, and logical replication refuses every UPDATE and DELETE of it.`,
  mysql: ROW_BASED,
  mariadb: ROW_BASED,
  sqlite: 'Only SQLite’s own row number tells two equal rows apart, and VACUUM may give them others.',
  transactsql: `${TWICE}, and neither replication nor change tracking takes the table.`,
};

const KNOWS_NOT: Readonly<Record<Dialect, string>> = {
  postgresql: 'neither an ORM nor logical replication knows that',
  mysql: 'an ORM does not know that',
  mariadb: 'an ORM does not know that',
  sqlite: 'an ORM does not know that',
  transactsql: 'neither an ORM nor replication knows that',
};

/** Copies that somebody keeps for a while, and what an import goes through. */
const isKeptAside = (name: string): boolean =>
  /(?:^|_)(?:backup|bak|old|copy|tmp|temp|staging|stage|stg|import|archive|deleted)(?:_|$|\d)/i.test(name);

/** Columns that are unique and never NULL: what a primary key would be made of. */
function uniqueColumns({ indexes, columns }: Table): readonly string[] | undefined {
  for (const { unique, where, elements } of indexes) {
    if (!unique || where) continue;
    const own = elements.map(({ column }) => columns.find(({ id }) => id === column));
    if (own.length > 0 && own.every(column => column?.notNull)) return own.map(column => column?.name ?? '');
  }
  return undefined;
}
