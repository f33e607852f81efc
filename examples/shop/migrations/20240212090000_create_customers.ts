import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('customers', table => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    table.text('email').notNullable().unique();
    table.text('name').notNullable();
    table.boolean('marketing_opt_in').notNullable().defaultTo(false);
    table.timestamps(true, true);
  });

  await knex.schema.createTable('addresses', table => {
    table.bigIncrements('id');
    table.uuid('customer_id').notNullable().references('customers.id').onDelete('CASCADE').index();
    table.text('line1').notNullable();
    table.text('line2');
    table.text('city').notNullable();
    table.text('postcode').notNullable();
    table.specificType('country', 'char(2)').notNullable();
    table.boolean('is_default').notNullable().defaultTo(false);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable('addresses');
  await knex.schema.dropTable('customers');
}
