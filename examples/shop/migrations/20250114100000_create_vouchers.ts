import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('vouchers', table => {
    table.increments('id');
    table.uuid('customer_id').notNullable().references('id').inTable('customers');
    table.integer('cents').notNullable();
    table.integer('views').notNullable().defaultTo(0);
    table.timestamp('sent_at', { useTz: true });
    table.timestamp('expires_at', { useTz: true });
  });
  await knex.schema.createTable('voucher_recipients', table => {
    table.integer('voucher_id').notNullable().references('id').inTable('vouchers');
    table.text('email').notNullable();
    table.primary(['voucher_id', 'email']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('voucher_recipients');
  await knex.schema.dropTable('vouchers');
}
