/**
 * A condition that no index on its column can serve.
 *
 * An index finds what begins with a value, and what stands in it: `'%son'` begins with anything, and `lower(email)` does not
 * stand in an index on `email`. The server reads every row and computes the condition for each.
 * ## Flags
 * ```ts
 * //- migrations/1_customers.up.sql
 * CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL UNIQUE);
 * //- customers.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const byEmail = (email: string) => pool.query('SELECT id FROM customers WHERE lower(email) = lower($1)', [email]);
 * ```
 * ```ts
 * //- migrations/1_products.up.sql
 * CREATE TABLE products (id bigint PRIMARY KEY, name text NOT NULL);
 * //- products.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const named = (part: string) => pool.query(`SELECT id FROM products WHERE name ILIKE $1 LIMIT 20`, [`%${part}%`]);
 * ```
 * ## Stays silent
 * ```ts
 * //- migrations/1_customers.up.sql
 * CREATE TABLE customers (id bigint PRIMARY KEY, email text NOT NULL);
 * CREATE UNIQUE INDEX customers_email_key ON customers (lower(email));
 * //- customers.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const byEmail = (email: string) => pool.query('SELECT id FROM customers WHERE lower(email) = lower($1)', [email]);
 * ```
 * ```ts
 * //- migrations/1_products.up.sql
 * CREATE EXTENSION pg_trgm;
 * CREATE TABLE products (id bigint PRIMARY KEY, name text NOT NULL);
 * CREATE INDEX products_name_idx ON products USING gin (name gin_trgm_ops);
 * //- products.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const named = (part: string) => pool.query(`SELECT id FROM products WHERE name ILIKE $1 LIMIT 20`, [`%${part}%`]);
 * ```
 * ## When to leave it
 * A table that stays small: say so, `"tables": { "products": { "rows": 800 } }`. Up to 10,000 rows are few.
 */
import { defineRule } from '../facts/rule';
import { listed, named } from '../facts/schemaChanges';
import { type UnservedCondition, unservedConditionsIn } from '../facts/unservedConditions';
import type { Dialect } from '../sql/dialect';

export const nonSargableFilter = defineRule({
  id: 'non-sargable-filter',
  level: 'info',
  concern: 'performance',

  *check(facts) {
    if (facts.inMigration || facts.pathKind !== 'production') return;
    for (const unserved of unservedConditionsIn(facts))
      yield { at: unserved.at, loweredBy: unserved.origin.loweredBy, unserved };
  },

  explain: ({ unserved }) => {
    const { table, rows, index } = unserved;
    const all = rows === undefined ? 'every row' : `all ${rows.toLocaleString('en')} rows`;
    return {
      what: `${whatOf(unserved)}${index === undefined ? '' : `, and the index \`${index}\` is of no use`}.`,
      why: `The server reads ${all} of ${named(table)} each time.`,
      remedy: remedyOf(unserved),
      related: [],
    };
  },
});

function whatOf({ how, name = '', column, with: others, origin, table }: UnservedCondition): string {
  const who = origin.label === undefined ? 'This statement' : `\`${origin.label}\``;
  const columns = listed([column, ...others].map(each => `\`${each}\``));
  switch (how) {
    case 'wildcard':
      return `${who} looks in ${columns} of ${named(table)} for a pattern that begins with a wildcard`;
    case 'function':
      return `${who} compares \`${name}(${column})\` for each row of ${named(table)}, not \`${column}\``;
    case 'cast':
      return `${who} compares \`${column}\` of ${named(table)} cast to \`${name}\`, row by row`;
    case 'type':
      return `${who} compares the integers of \`${column}\` of ${named(table)} with a \`${name}\`, and the server casts them row by row`;
  }
}

const fullText = (name: string, column: string): string =>
  `Create a full-text index (\`CREATE FULLTEXT INDEX … ON ${name} (${column})\`) and ask it by MATCH … AGAINST, or search by the beginning.`;

/** What each server has for texts that are searched in. */
const SEARCH: Readonly<Record<Exclude<Dialect, 'postgresql'>, (name: string, column: string) => string>> = {
  mysql: fullText,
  mariadb: fullText,
  sqlite: (name, column) =>
    `Keep \`${column}\` of ${name} in an FTS5 table too and ask that one by MATCH, or search by the beginning.`,
  transactsql: (name, column) =>
    `Create a full-text index on ${name} (${column}) and ask it by CONTAINS, or search by the beginning.`,
};

const OF_TIME = /^(?:date|date_trunc|date_part|extract|to_char|to_date|timezone|year|month)$/;

function remedyOf({ how, name = '', column, table }: UnservedCondition): string {
  if (how === 'wildcard' && table.dialect !== undefined) return SEARCH[table.dialect](table.name, column);
  if (how === 'wildcard')
    return `Create a trigram index (\`CREATE INDEX CONCURRENTLY ON ${table.name} USING gin (${column} gin_trgm_ops)\`, with the extension pg_trgm), or search by the beginning.`;
  if (OF_TIME.test(name))
    return `Compare \`${column}\` itself with a range: from its first moment, to before the next.`;
  if (how === 'function')
    return table.dialect === 'transactsql'
      ? `Index a computed column \`AS ${name}(${column})\`, or store the value as it is compared.`
      : `Create an index on the expression, \`(${name}(${column}))\`, or store the value as it is compared.`;
  return `Cast the value instead, to the type of \`${column}\`.`;
}
