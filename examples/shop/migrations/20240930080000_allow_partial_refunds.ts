import type { Knex } from 'knex';

const setStatuses = (knex: Knex, statuses: string) =>
  knex.raw(`
    ALTER TABLE refunds
      DROP CONSTRAINT refunds_status_check,
      ADD CONSTRAINT refunds_status_check CHECK (status IN (${statuses}))
  `);

export async function up(knex: Knex): Promise<void> {
  await setStatuses(knex, "'requested', 'partial', 'paid', 'failed'");
}

export async function down(knex: Knex): Promise<void> {
  await knex('refunds').where({ status: 'partial' }).update({ status: 'paid' });
  await setStatuses(knex, "'requested', 'paid', 'failed'");
}
