import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    UPDATE payments
       SET currency = orders.currency
      FROM orders
     WHERE orders.id = payments.order_id
       AND payments.currency IS NULL
  `);
}

export async function down(): Promise<void> {
  // the currencies are right either way
}
