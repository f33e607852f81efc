import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable('return_requests', table => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    table.bigInteger('order_line_id').notNullable().references('order_lines.id').index();
    table.integer('quantity').notNullable();
    table.text('reason').notNullable();
    table.text('status').notNullable().defaultTo('open');
    table.timestamps(true, true);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTableIfExists('returns');
}
