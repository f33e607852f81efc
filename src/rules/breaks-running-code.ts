/**
 * A migration that takes away what the code still uses.
 *
 * From the moment when it has run, every statement that names the column or table fails. The version of the program that runs
 * during a deployment still names it in any case; where the code in the workspace does too, it never stops.
 * ## Flags
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, coupon text);
 * //- migrations/2_coupons.up.sql
 * ALTER TABLE orders DROP COLUMN coupon;
 * //- scripts/report.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const couponOf = (id: string) => pool.query('SELECT coupon FROM orders WHERE id = $1', [id]);
 * ```
 * ## Stays silent
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, coupon text);
 * //- migrations/2_coupons.up.sql
 * ALTER TABLE orders DROP COLUMN coupon;
 * //- orders.ts
 * import { Pool } from 'pg';
 * const pool = new Pool();
 * export const order = (id: string) => pool.query('SELECT id FROM orders WHERE id = $1', [id]);
 * ```
 * ## When to leave it
 * Code that runs against the former schema alone, such as an importer of old backups.
 */
import { suggestion } from '../engine/finding';
import type { Gone } from '../facts/knownSchema';
import { defineRule } from '../facts/rule';

export const breaksRunningCode = defineRule({
  id: 'breaks-running-code',
  level: 'warning',

  *check({ schemaProblems, brokenUses }) {
    for (const { gone, uses } of brokenUses) yield { at: gone.at, gone, uses, problem: undefined };
    for (const problem of schemaProblems)
      if (problem.gone) yield { at: problem.at, gone: problem.gone, uses: [], problem };
  },

  explain: ({ gone, uses, problem }) =>
    problem
      ? {
          what: `\`${problem.query.label}\` still names ${nameOf(gone)}, which the migration ${gone.migration} ${goneBy(gone)}.`,
          why: 'The statement fails whenever it is sent.',
          remedy: gone.to === undefined ? 'Take it out of the statement.' : `Use \`${gone.to}\`.`,
          related: [{ at: gone.at, says: gone.to === undefined ? 'dropped here' : 'renamed here' }],
        }
      : {
          what: `This ${gone.to === undefined ? 'drops' : 'renames'} ${nameOf(gone)}, which ${uses.length === 1 ? 'a statement' : `${uses.length} statements`} in the code still ${uses.length === 1 ? 'names' : 'name'}.`,
          why: 'From the moment when it has run they fail, and with them the requests that send them.',
          remedy:
            gone.to === undefined
              ? 'Deploy code that does without it first, and drop it in a later migration.'
              : 'Add the new one beside the old, have the code move over, and drop the old one in a later migration.',
          related: uses.map(({ at, label }) => ({ at, says: `${label} names it` })),
        },

  fix: ({ gone, problem }) =>
    problem?.exact && gone.to !== undefined && /^[a-z_][a-z0-9_]*$/.test(gone.to)
      ? [suggestion(`Use ${gone.to}`, [{ at: problem.exact, newText: gone.to }])]
      : [],
});

const nameOf = ({ what, table, tableNow, column }: Gone): string =>
  what === 'table' ? `table \`${table}\`` : `column \`${column}\` of \`${tableNow ?? table}\``;

const goneBy = ({ to }: Gone): string => (to === undefined ? 'has dropped' : `has renamed to \`${to}\``);
