import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('shipments', table => {
    table.renameColumn('carrier', 'carrier_code');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('shipments', table => {
    table.renameColumn('carrier_code', 'carrier');
  });
}
