import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('discount_codes', table => {
    table.text('code').primary();
    table.integer('percent_off').notNullable();
    table.integer('minimum_cents').notNullable().defaultTo(0);
    table.timestamp('expires_at');
  });
  await knex.schema.alterTable('orders', table => {
    table.text('discount_code').references('discount_codes.code');
  });
}

export async function down(): Promise<void> {
  // marketing already hands these codes out
}
