import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema
    .createTable('carts', table => {
      table.uuid('id').primary().defaultTo(knex.fn.uuid());
      table.uuid('customer_id').references('customers.id').onDelete('CASCADE').index();
      table.text('status').notNullable().defaultTo('open');
      table.timestamps(true, true);
    })
    .createTable('cart_items', table => {
      table.uuid('cart_id').notNullable().references('carts.id').onDelete('CASCADE');
      table.uuid('product_id').notNullable().references('products.id').index();
      table.integer('quantity').notNullable();
      table.primary(['cart_id', 'product_id']);
    });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('cart_items').dropTableIfExists('carts');
}
