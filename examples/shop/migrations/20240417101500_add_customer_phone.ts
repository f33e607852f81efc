import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('customers', table => {
    table.text('phone').index();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.alterTable('customers', table => {
    table.dropColumn('phone');
  });
}
