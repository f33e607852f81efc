import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('payments', table => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    table.uuid('order_id').notNullable().references('orders.id').index();
    table.text('provider').notNullable();
    table.text('provider_reference').unique();
    table.integer('amount_cents').notNullable();
    table.specificType('currency', 'char(3)');
    table.text('status').notNullable().defaultTo('pending');
    table.timestamp('captured_at');
    table.timestamps(true, true);
  });

  await knex.schema.createTable('refunds', table => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    table.uuid('payment_id').notNullable().references('payments.id').index();
    table.integer('amount_cents').notNullable();
    table.text('reason').notNullable();
    table.text('status').notNullable().defaultTo('requested');
    table.timestamps(true, true);
  });
  await knex.raw(
    "ALTER TABLE refunds ADD CONSTRAINT refunds_status_check CHECK (status IN ('requested', 'paid', 'failed'))",
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('refunds');
  await knex.schema.dropTable('payments');
}
