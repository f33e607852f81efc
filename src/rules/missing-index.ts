/**
 * A query that finds its rows by columns to which no index leads.
 *
 * The server reads the whole table for each call. With 10,000 rows nobody notices; with 10,000,000 each call takes seconds, and
 * some of them at once take the server. What is asked for is a foreign key, or a column of a table that is known to be large:
 * from `"tables": { "orders": { "rows": 4000000 } }` or from the statistics that `backend-reviewer.json` names.
 * ## Flags
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE customers (id bigint PRIMARY KEY, email text);
 * CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers (id));
 * //- orders.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const ordersOf = (customer: string) => pool.query('SELECT id FROM orders WHERE customer_id = $1', [customer]);
 * ```
 * ## Stays silent
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE customers (id bigint PRIMARY KEY, email text);
 * CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customers (id));
 * CREATE INDEX orders_customer_idx ON orders (customer_id, id);
 * //- orders.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const ordersOf = (customer: string) => pool.query('SELECT id FROM orders WHERE customer_id = $1', [customer]);
 * ```
 * ## When to leave it
 * A table that stays small (say so: up to 10,000 rows are few here); a query that runs once a night, on a table that is
 * written to all day, where the index would cost more than it saves.
 */
import type { Table, View } from '../catalog/object';
import { type ProposedFix, previewed } from '../engine/finding';
import type { KnownSchema } from '../facts/knownSchema';
import { type MissingIndex, missingIndexesIn } from '../facts/missingIndexes';
import { indexMigration, indexOn } from '../facts/newMigrations';
import { defineRule } from '../facts/rule';
import { listed, named } from '../facts/schemaChanges';

export const missingIndex = defineRule({
  id: 'missing-index',
  level: 'info',
  concern: 'performance',

  *check(facts) {
    if (facts.inMigration || facts.pathKind !== 'production') return;
    for (const missing of missingIndexesIn(facts))
      yield { at: missing.at, loweredBy: missing.origin.loweredBy, missing, schema: facts.schema };
  },

  explain: ({ missing }) => {
    const { table, columns, rows, origin, also } = missing;
    const who = origin.label === undefined ? 'This statement' : `\`${origin.label}\``;
    return {
      what: `${who} ${asks(missing)}, and no index of ${named(table)} begins with ${listed(columns.map(column => `\`${column}\``))}.`,
      why: `Each ${origin.isRepeated ? 'turn of its loop' : 'call'} reads all ${rows === undefined ? 'rows' : `${rows.toLocaleString('en')} rows`} of ${named(table)}.`,
      remedy: `Create an index on (${columns.join(', ')})${table.dialect === undefined ? ', concurrently,' : ''} in a migration of its own.`,
      related: also.slice(0, 5).map(({ at, origin: { label } }) => ({
        at,
        says: label === undefined ? 'this statement would use it too' : `\`${label}\` would use it too`,
      })),
      sketch: migrationFor(missing),
    };
  },

  fix: ({ missing, schema }) => inMigration(missing, schema),
});

/** Nothing where a schema file of the tool's own would have to say it too, and for a table in parts. */
function inMigration({ table, columns }: MissingIndex, schema: KnownSchema | undefined): readonly ProposedFix[] {
  const tail = schema?.tailOf(table);
  const relations = schema?.found(table.name) ?? [];
  if (!tail || tail.isDeclared || relations.some(({ relation }) => isPartitioned(relation))) return [];
  if (table.indexes.some(({ name }) => name === indexOn(table, columns).name)) return [];
  const edits = indexMigration(tail, table, columns);
  return edits ? [previewed('Create the index in a new migration', edits)] : [];
}

const isPartitioned = (relation: Table | View): boolean =>
  relation.kind === 'table' && relation.partitionBy !== undefined;

/** Both ways of the migration, for the hover. */
function migrationFor({ table, columns }: MissingIndex): string {
  const { name, up, down } = indexOn(table, columns);
  if (table.dialect !== undefined) {
    const drop = `DROP INDEX ${name}${table.dialect === 'sqlite' ? '' : ` ON ${table.name}`};`;
    return [
      '```sql',
      '-- up',
      `CREATE INDEX ${name} ON ${table.name} (${columns.join(', ')});`,
      '-- down',
      drop,
      '```',
    ].join('\n');
  }
  return ['```sql', '-- up, in a migration that runs outside of a transaction', up, '-- down', down, '```'].join('\n');
}

function asks({ table, columns, use }: MissingIndex): string {
  const by = listed(columns.map(column => `\`${column}\``));
  switch (use) {
    case 'filter':
      return `looks for rows of ${named(table)} by ${by}`;
    case 'join':
      return `joins ${named(table)} by ${by}`;
    case 'sort':
      return `asks for the first rows of ${named(table)} by ${by}`;
  }
}
