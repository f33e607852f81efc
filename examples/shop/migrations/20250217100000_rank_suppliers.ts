import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE suppliers ADD COLUMN rank bigint NOT NULL DEFAULT 0');
  await knex.raw('UPDATE suppliers SET rank = 1 WHERE preferred');
  await knex.raw('ALTER TABLE suppliers DROP COLUMN preferred');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE suppliers ADD COLUMN preferred boolean NOT NULL DEFAULT false');
  await knex.raw('UPDATE suppliers SET preferred = true WHERE rank > 0');
  await knex.raw('ALTER TABLE suppliers DROP COLUMN rank');
}
