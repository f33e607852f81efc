import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.alterTable('stock_levels', table => {
    table.integer('reorder_point').notNullable().defaultTo(0);
    table.timestamp('counted_at');
  });
}

export function down(): Promise<void> {
  return Promise.resolve();
}
