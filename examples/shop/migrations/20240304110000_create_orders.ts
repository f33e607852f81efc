import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('orders', table => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    table.specificType('number', 'bigint GENERATED ALWAYS AS IDENTITY (START WITH 10001)').notNullable().unique();
    table.uuid('customer_id').notNullable().references('customers.id').index();
    table.text('status').notNullable().defaultTo('pending');
    table.specificType('currency', 'char(3)').notNullable();
    table.integer('subtotal_cents').notNullable();
    table.integer('discount_cents').notNullable().defaultTo(0);
    table.integer('shipping_cents').notNullable().defaultTo(0);
    table.integer('total_cents').notNullable();
    table.timestamp('placed_at').notNullable().defaultTo(knex.fn.now()).index();
    table.timestamp('cancelled_at');
  });

  await knex.schema.createTable('order_lines', table => {
    table.bigIncrements('id');
    table.uuid('order_id').notNullable().references('orders.id').onDelete('CASCADE').index();
    table.uuid('product_id').notNullable().references('products.id').index();
    table.text('sku').notNullable();
    table.text('name').notNullable();
    table.integer('quantity').notNullable();
    table.integer('unit_price_cents').notNullable();
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('order_lines');
  await knex.schema.dropTable('orders');
}
