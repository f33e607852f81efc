import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('customers', table => {
    table.text('first_name').notNullable().defaultTo('');
    table.text('last_name').notNullable().defaultTo('');
  });
  await knex('customers').update({
    first_name: knex.raw("split_part(name, ' ', 1)"),
    last_name: knex.raw("trim(substr(name, length(split_part(name, ' ', 1)) + 1))"),
  });
  await knex.schema.alterTable('customers', table => {
    table.dropColumn('name');
  });
}

export async function down(): Promise<void> {
  throw new Error('customers.name cannot be brought back, restore from backup');
}
