/**
 * A migration that changes the schema and has no way back.
 *
 * A deployment that fails is rolled back in two steps: the code, and the schema under it. Where the second step is
 * missing, the old code runs on the new schema, or someone writes the way back by hand while production is down.
 * ## Flags
 * ```ts
 * import type { Knex } from 'knex';
 *
 * export async function up(knex: Knex) {
 *   await knex.schema.createTable('orders', table => table.bigIncrements('id'));
 * }
 *
 * export async function down() {}
 * ```
 * ```ts
 * import type { MigrationInterface, QueryRunner } from 'typeorm';
 *
 * export class AddTotal1700000000000 implements MigrationInterface {
 *   async up(queryRunner: QueryRunner) {
 *     await queryRunner.query('ALTER TABLE orders ADD COLUMN total bigint');
 *   }
 *   async down(queryRunner: QueryRunner) {
 *     throw new Error('cannot be reverted');
 *   }
 * }
 * ```
 * ```js
 * module.exports = {
 *   up: queryInterface => queryInterface.addColumn('orders', 'total', { type: 'BIGINT' }),
 *   down: queryInterface => queryInterface.dropTable('invoices'),
 * };
 * ```
 * ```js
 * exports.up = pgm => {
 *   pgm.alterColumn('orders', 'total', { type: 'bigint' });
 * };
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE orders (id bigint PRIMARY KEY);
 *
 * -- migrate:down
 * ```
 * ```sql
 * -- +goose Up
 * CREATE INDEX orders_total_idx ON orders (total);
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TYPE order_state AS ENUM ('new', 'paid');
 * CREATE TABLE orders (id bigint PRIMARY KEY, state order_state NOT NULL);
 *
 * -- migrate:down
 * DROP TABLE orders; -- and the type stays: the next up fails on it
 * ```
 * ## Stays silent
 * ```ts
 * import type { Knex } from 'knex';
 *
 * export async function up(knex: Knex) {
 *   await knex.schema.createTable('orders', table => table.bigIncrements('id'));
 * }
 *
 * export async function down(knex: Knex) {
 *   await knex.schema.dropTable('orders');
 * }
 * ```
 * ```js
 * exports.up = pgm => {
 *   pgm.createTable('orders', { id: 'id' }); // node-pg-migrate drops it by itself
 * };
 * ```
 * ```js
 * exports.up = knex => knex('orders').update({ currency: 'EUR' }).whereNull('currency');
 * exports.down = () => Promise.resolve(); // rows only: the schema stays as it is
 * ```
 * ```sql
 * -- migrate:up
 * ALTER TABLE orders ADD COLUMN total bigint;
 *
 * -- migrate:down
 * ALTER TABLE orders DROP COLUMN total;
 * ```
 * ## When to leave it
 * The first migration of a project, which nobody will roll back; a step after which going back is agreed to be a
 * restored backup. Leave it with that reason: a down that throws says it to no one before the night it is needed.
 */

import { previewed } from '../engine/finding';
import { titleOfTool } from '../engine/migrationTools';
import { fileOf, type Place } from '../engine/place';
import { defineRule } from '../facts/rule';
import type { MigrationDown, MigrationFact } from '../migrations/migration';
import { nameOfChange } from '../migrations/sqlStep';
import type { ObjectChange } from '../sql/schemaChange';

export const irreversibleMigration = defineRule({
  id: 'irreversible-migration',
  level: 'warning',
  concern: 'errors',

  *check({ migrations }) {
    for (const migration of migrations) {
      const { up, down, at, file } = migration;
      if (up.effect !== 'structure' || !isNoWayBack(down)) continue;
      const marked = 'at' in down ? down.at : at;
      // a down in a file of its own is found in that file
      if (fileOf(marked.unit) !== file) continue;
      if (down.state !== 'none-at-all') yield { at: marked, migration, down };
      // once for all of them
      else if (down.isFirst) yield { at: marked, migration, down, level: 'info' };
    }
  },

  explain: ({ migration, down }) => ({
    what: `\`${migration.name}\` ${changesOf(migration.up.changes)}, and ${lackOf(migration, down)}.`,
    why: whyOf(down),
    remedy: remedyOf(migration, down),
    related: 'at' in down ? [{ at: changedAtOf(migration, down), says: 'changes the schema here' }] : [],
  }),

  fix({ migration, down }) {
    const edits = migration.wayBack?.() ?? [];
    if (edits.length === 0) return [];
    const stands = down.state === 'differs' || down.state === 'fails' || down.state === 'present';
    return [previewed(stands ? 'Write a down that undoes it' : 'Write the down migration', edits)];
  },
});

type NoWayBack = Exclude<MigrationDown, { state: 'inferred' | 'unread' }>;

const isNoWayBack = (down: MigrationDown): down is NoWayBack =>
  down.state !== 'inferred' && down.state !== 'unread' && (down.state !== 'present' || down.namesNoneOfThem);

const changedAtOf = ({ at }: MigrationFact, down: NoWayBack): Place =>
  down.state === 'differs' ? (down.changedAt ?? at) : at;

function whyOf(down: NoWayBack): string {
  if (down.state === 'differs') return 'Code that is rolled back with it meets a schema that it was not written for.';
  if (down.state === 'fails') return 'A rollback stops there, with the code gone back and the schema not.';
  return 'If the deployment fails, the schema cannot be rolled back with the code.';
}

const VERBS = { create: 'creates', drop: 'drops', alter: 'alters', rename: 'renames' } as const;

/** What two changes of one thing come to: what is made and then altered is made. */
function togetherWith(before: string, action: keyof typeof VERBS): string {
  if (before === VERBS[action] || (before === VERBS.create && action === 'alter')) return before;
  return before === VERBS.alter && action === 'drop' ? VERBS.drop : 'replaces';
}

/** How many changes a message names. */
const NAMED = 2;

/** `creates table orders and index orders_total_idx`, `drops column orders.total, replaces view sums and 3 more`. */
function changesOf(changes: readonly ObjectChange[]): string {
  const verbs = new Map<string, string>();
  for (const change of changes) {
    // altering a table is told by what is altered in it
    const inner = change.action === 'alter' && change.kind === 'table' && changes.some(({ on }) => on === change.name);
    if (inner) continue;
    const name = nameOfChange(change);
    const before = verbs.get(name);
    const again = before === undefined || change.name === undefined ? undefined : togetherWith(before, change.action);
    verbs.set(name, again ?? VERBS[change.action]);
  }
  const told = [...verbs].slice(0, NAMED).map(([name, verb], at, all) => {
    const [, previous] = all[at - 1] ?? [];
    return verb === previous ? name : `${verb} ${name}`;
  });
  if (told.length === 0) return 'changes the schema';
  const more = verbs.size - told.length;
  return more > 0 ? `${told.join(', ')} and ${more} more` : told.join(' and ');
}

function lackOf({ tool, downBelongs }: MigrationFact, down: NoWayBack): string {
  const itsDown = `its \`${downBelongs}\``;
  switch (down.state) {
    case 'missing':
      return `has no \`${downBelongs}\``;
    case 'empty':
      return `${itsDown} does nothing`;
    case 'throws':
      return `${itsDown} only fails`;
    case 'refused':
      return 'declares that it has no way back';
    case 'not-inferable':
      return `has no \`${downBelongs}\`, which ${titleOfTool(tool)} cannot make up for ${down.calls.map(call => `\`${call}\``).join(', ')}`;
    case 'present':
      return `${itsDown} names none of that`;
    case 'differs': {
      const more = down.differences.length - NAMED;
      return `${itsDown} does not undo it: ${down.differences.slice(0, NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
    }
    case 'fails':
      return `${itsDown} fails: ${down.says}`;
    case 'none-at-all':
      return down.because === 'by-design'
        ? `${titleOfTool(tool)} knows no way back`
        : 'the project has no undo migrations at all';
  }
}

function remedyOf({ downBelongs, up }: MigrationFact, down: NoWayBack): string {
  if (down.state === 'none-at-all')
    return 'Keep the SQL of the way back beside each migration, or agree that the way back is a restored backup.';
  if (down.state === 'fails') return 'Write a way back that runs on the schema that the up leaves.';
  if (down.state === 'differs') return 'Write a way back that restores exactly what was there before.';
  const back = up.changes.some(({ action }) => action === 'drop')
    ? 'puts back what the up drops and takes back what it adds'
    : 'takes back what the up does';
  return down.state === 'present'
    ? `Check whose way back this is, and write the one that ${back}.`
    : `Write in \`${downBelongs}\` what ${back}.`;
}
