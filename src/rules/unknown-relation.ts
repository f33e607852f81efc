/**
 * A query that names what the database does not have.
 *
 * The statement fails whenever it is sent: `relation … does not exist`, `column … does not exist`. The compiler sees a text, and
 * a test that does not come by sees nothing.
 * ## Flags
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);
 * //- orders.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const latest = () => pool.query('SELECT id FROM orders ORDER BY placed_on DESC LIMIT 10');
 * ```
 * Queries that sqlc, PgTyped and their like take from files of SQL are read too:
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);
 * //- queries/orders.sql
 * -- name: LatestOrders :many
 * SELECT id FROM orders ORDER BY placed_on DESC LIMIT 10;
 * ```
 * ## Stays silent
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, placed_at timestamptz NOT NULL);
 * //- orders.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const latest = () => pool.query('SELECT id FROM orders ORDER BY placed_at DESC LIMIT 10');
 * ```
 * ## When to leave it
 * A table that something else makes: another service, or an extension.
 */
import { suggestion } from '../engine/finding';
import { parameterMismatchOf } from '../facts/parameterCounts';
import { defineRule } from '../facts/rule';
import { listed } from '../facts/schemaChanges';
import type { SchemaProblem } from '../facts/schemaProblems';

export const unknownRelation = defineRule({
  id: 'unknown-relation',
  level: 'warning',
  concern: 'errors',

  *check({ queryExecutions, schemaProblems, pathKind }) {
    for (const query of queryExecutions) {
      const mismatch = parameterMismatchOf(query);
      if (mismatch) yield { at: mismatch.at, problem: undefined, mismatch };
    }
    for (const problem of schemaProblems) {
      if (problem.gone) continue;
      // what a test queries it may make itself
      if (problem.what === 'table' && pathKind !== 'production') continue;
      yield { at: problem.at, problem, mismatch: undefined };
    }
  },

  explain: ({ problem, mismatch }) =>
    problem
      ? {
          what: `${said(problem)}, and the statement of \`${problem.label}\` fails whenever it is sent.`,
          why: 'Nothing before the database says so: to the compiler it is a text.',
          remedy:
            problem.nearest === undefined
              ? 'Correct the name, or add the migration that makes it.'
              : `Did you mean \`${problem.nearest}\`?`,
          related: [],
        }
      : {
          what: `The statement has ${counted(mismatch.placeholders, 'placeholder')} and \`${mismatch.query.label}\` gets ${counted(mismatch.values, 'value')}.`,
          why: 'It fails whenever it is sent.',
          remedy: 'Give one value for each placeholder.',
          related: [],
        },

  fix: ({ problem }) =>
    problem?.exact && problem.nearest !== undefined && isPlain(problem.nearest) && isPlain(problem.name)
      ? [suggestion(`Use ${problem.nearest}`, [{ at: problem.exact, newText: problem.nearest }])]
      : [],
});

const counted = (count: number, what: string): string =>
  count === 0 ? `no ${what}s` : count === 1 ? `one ${what}` : `${count} ${what}s`;

const isPlain = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name);

const said = ({ what, name, tables }: SchemaProblem): string =>
  what === 'table'
    ? `There is no table \`${name}\` in the project's migrations`
    : `${listed(tables.map(table => `\`${table}\``))} ${tables.length > 1 ? 'have' : 'has'} no column \`${name}\``;
