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
import { type MissingIndex, missingIndexesIn } from '../facts/missingIndexes';
import { defineRule } from '../facts/rule';
import { listed, named } from '../facts/schemaChanges';

export const missingIndex = defineRule({
  id: 'missing-index',
  level: 'info',
  concern: 'performance',

  *check(facts) {
    if (facts.inMigration || facts.pathKind !== 'production') return;
    for (const missing of missingIndexesIn(facts))
      yield { at: missing.at, loweredBy: missing.origin.loweredBy, missing };
  },

  explain: ({ missing }) => {
    const { table, columns, rows, origin, also } = missing;
    const who = origin.label === undefined ? 'This statement' : `\`${origin.label}\``;
    return {
      what: `${who} ${asks(missing)}, and no index of ${named(table)} begins with ${listed(columns.map(column => `\`${column}\``))}.`,
      why: `Each ${origin.isRepeated ? 'turn of its loop' : 'call'} reads all ${rows === undefined ? 'rows' : `${rows.toLocaleString('en')} rows`} of ${named(table)}.`,
      remedy: `Create an index on (${columns.join(', ')}), concurrently, in a migration of its own.`,
      related: also.slice(0, 5).map(({ at, origin: { label } }) => ({
        at,
        says: label === undefined ? 'this statement would use it too' : `\`${label}\` would use it too`,
      })),
      sketch: migrationFor(missing),
    };
  },
});

/** Both ways of the migration, for the hover. */
function migrationFor({ table, columns }: MissingIndex): string {
  const name = `${table.name}_${columns.join('_')}_idx`.slice(0, LONGEST_NAME);
  const on = table.schema === 'public' ? quoted(table.name) : `${quoted(table.schema)}.${quoted(table.name)}`;
  const index = table.schema === 'public' ? quoted(name) : `${quoted(table.schema)}.${quoted(name)}`;
  return [
    '```sql',
    '-- up, in a migration that runs outside of a transaction',
    `CREATE INDEX CONCURRENTLY ${quoted(name)} ON ${on} (${columns.map(quoted).join(', ')});`,
    '-- down',
    `DROP INDEX CONCURRENTLY ${index};`,
    '```',
  ].join('\n');
}

/** The server cuts what is longer. */
const LONGEST_NAME = 63;

const quoted = (name: string): string => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`);

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
