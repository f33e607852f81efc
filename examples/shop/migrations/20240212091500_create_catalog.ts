import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('categories', table => {
    table.increments('id');
    table.text('slug').notNullable().unique();
    table.text('name').notNullable();
    table.integer('parent_id').references('categories.id').index();
  });

  await knex.schema.createTable('products', table => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    table.text('sku').notNullable().unique();
    table.text('name').notNullable();
    table.text('description').notNullable().defaultTo('');
    table.integer('category_id').notNullable().references('categories.id').index();
    table.integer('price_cents').notNullable();
    table.specificType('currency', 'char(3)').notNullable().defaultTo('EUR');
    table.boolean('active').notNullable().defaultTo(true);
    table.timestamps(true, true);
    table.check('price_cents >= 0', [], 'products_price_not_negative');
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('products');
  await knex.schema.dropTable('categories');
}
