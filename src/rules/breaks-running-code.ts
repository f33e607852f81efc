/**
 * A migration that takes away what the code still uses.
 *
 * From the moment when it has run, every statement that names the column or table fails. The version of the program that runs
 * during a deployment still names it in any case; where the code in the workspace does too, it never stops. Code names it in
 * SQL, in the calls of a query builder, and by a model that declares it; and it reads it from rows that `*` asks for.
 * A value that an enumeration or a CHECK no longer has is one of those things, where code writes it or a model lists it.
 *
 * The fix of the newest migration keeps a drop back: it lets go of NOT NULL, so that code that no longer writes the column can
 * insert, and a new migration, to be deployed when no running version uses it any more, drops it.
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
 * ```ts
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, coupon text);
 * //- migrations/2_coupons.up.sql
 * ALTER TABLE orders DROP COLUMN coupon;
 * //- scripts/order.entity.ts
 * import { Column, Entity, PrimaryColumn } from 'typeorm';
 * @Entity('orders')
 * export class Order {
 *   @PrimaryColumn() id: string;
 *   @Column({ nullable: true }) coupon?: string;
 * }
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
import { dropAt, dropInSteps } from '../facts/dropInSteps';
import { renameAt, renameInSteps } from '../facts/expandContract';
import type { Gone } from '../facts/knownSchema';
import { defineRule } from '../facts/rule';
import type { BrokenUse, SchemaProblem } from '../facts/schemaProblems';

export const breaksRunningCode = defineRule({
  id: 'breaks-running-code',
  level: 'warning',
  concern: 'errors',

  *check({ schemaProblems, brokenUses, schemaScripts }) {
    for (const { gone, uses } of brokenUses) {
      const rename = gone.to === undefined ? undefined : renameAt(schemaScripts, gone.at);
      const weight = possible(uses.every(({ sure }) => sure === 'possible'));
      const isDropped = gone.to === undefined && (gone.what === 'table' || gone.what === 'column');
      const drop = isDropped ? dropAt(schemaScripts, gone.at) : undefined;
      yield { at: gone.at, ...weight, gone, uses, problem: undefined, rename, drop };
    }
    for (const problem of schemaProblems)
      if (problem.gone)
        yield {
          at: problem.at,
          ...possible(problem.sure === 'possible'),
          gone: problem.gone,
          uses: [],
          problem,
          rename: undefined,
          drop: undefined,
        };
  },

  explain: ({ gone, uses, problem }) =>
    problem
      ? {
          what: `${saidOf(problem)} ${nameOf(gone)}, which the migration ${gone.migration} ${goneBy(gone)}.`,
          why: consequenceOf(problem),
          remedy: gone.to === undefined ? REMEDY[problem.by ?? 'statement'] : `Use \`${gone.to}\`.`,
          related: [
            { at: gone.at, says: gone.to !== undefined ? 'renamed here' : gone.type ? 'changed here' : 'dropped here' },
            ...(problem.further ?? []).map(at => ({ at, says: 'read here' })),
          ],
        }
      : {
          what: changeOf(gone, uses),
          why: uses.every(({ by }) => by === 'row')
            ? 'From the moment when it has run the rows come without it.'
            : 'From the moment when it has run they fail, and with them the requests that send them.',
          remedy:
            gone.what === 'type' || gone.what === 'label'
              ? 'Deploy code that no longer needs it first.'
              : gone.to === undefined
                ? 'Deploy code that does without it first, and drop it in a later migration.'
                : 'Add the new one beside the old, have the code move over, and drop the old one in a later migration.',
          related: uses.map(({ at, label, by }) => ({
            at,
            says: `${label} ${by === 'row' ? 'reads' : by === 'value' ? 'uses' : 'names'} it`,
          })),
        },

  fix({ gone, problem, rename, drop }) {
    if (rename) return renameInSteps(rename);
    if (drop) return dropInSteps(drop);
    return problem?.exact && gone.to !== undefined && /^[a-z_][a-z0-9_]*$/.test(gone.to)
      ? [suggestion(`Use ${gone.to}`, [{ at: problem.exact, newText: gone.to }])]
      : [];
  },
});

type Uses = BrokenUse['uses'];

const possible = (isPossible: boolean): { readonly level?: 'info' } => (isPossible ? { level: 'info' } : {});

const saidOf = ({ label, by, sure }: SchemaProblem): string => {
  if (by === 'value') return `\`${label}\` still uses`;
  if (by === 'row') return `\`${label}\` reads`;
  if (by === 'model')
    return sure === 'possible'
      ? `The ${label} may still use`
      : `The ${label.replace(/^model (.*)$/, 'model `$1`')} ${sure === 'likely' ? 'seems to declare' : 'declares'}`;
  return `\`${label}\` still names`;
};

function consequenceOf({ by, sure, what }: SchemaProblem): string {
  if (by === 'value') return 'The server refuses the statement whenever it is sent.';
  if (by === 'row')
    return 'The rows come without it, so that it is `undefined` or raises an error wherever it is read.';
  if (by !== 'model') return 'The statement fails whenever it is sent.';
  if (sure === 'possible' || what === 'value') return 'A statement fails where the code writes it or asks for it.';
  return what === 'table'
    ? 'Every statement of the model fails.'
    : 'The library names every column that a model declares, so that each of its statements fails.';
}

const REMEDY = {
  statement: 'Take it out of the statement.',
  value: 'Use a value that the column takes.',
  row: 'Have the code do without it.',
  model: 'Take it out of the model, and deploy that before the migration.',
} as const;

const usedBy = (uses: Uses): string =>
  uses.every(({ by }) => by === 'row')
    ? 'the code still reads from the rows that it asks for with `*`'
    : `${countedUses(uses)} in the code ${certainty(uses)}${uses.length === 1 ? 'names' : 'name'}`;

/** `a statement`, `2 statements`, `a model and 2 statements`. */
function countedUses(uses: Uses): string {
  const counted = (count: number, what: string): readonly string[] =>
    count === 0 ? [] : [count === 1 ? `a ${what}` : `${count} ${what}s`];
  const models = uses.filter(({ by }) => by === 'model').length;
  return [...counted(models, 'model'), ...counted(uses.length - models, 'statement')].join(' and ');
}

const certainty = (uses: Uses): string =>
  uses.every(({ sure }) => sure === 'possible')
    ? 'may still '
    : uses.every(({ sure }) => sure)
      ? 'probably still '
      : 'still ';

function changeOf(gone: Gone, uses: Uses): string {
  if (gone.what === 'type')
    return `This makes ${columnOf(gone)} \`${gone.type?.name}\`, which takes no value such as ${countedUses(uses)} in the code ${uses.length === 1 ? 'uses' : 'use'}.`;
  const verb = gone.to !== undefined ? 'renames' : gone.what === 'label' ? 'takes away' : 'drops';
  return `This ${verb} ${nameOf(gone)}, which ${usedBy(uses)}.`;
}

const nameOf = (gone: Gone): string =>
  gone.what === 'table'
    ? `table \`${gone.table}\``
    : gone.what === 'label'
      ? `the value \`${gone.label}\` of ${columnOf(gone)}`
      : gone.what === 'type'
        ? `a value for ${columnOf(gone)} as \`${gone.typeBefore?.name}\``
        : columnOf(gone);

const columnOf = ({ table, tableNow, column }: Gone): string => `column \`${column}\` of \`${tableNow ?? table}\``;

const goneBy = ({ what, to, type }: Gone): string =>
  what === 'type'
    ? `has made \`${type?.name}\``
    : to !== undefined
      ? `has renamed to \`${to}\``
      : what === 'label'
        ? 'has taken away'
        : 'has dropped';
