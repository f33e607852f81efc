import type { Knex } from 'knex';

export const up = (knex: Knex) =>
  knex.schema.createTable('order_events', table => {
    table.bigIncrements('id');
    table.uuid('order_id').notNullable().references('orders.id').index();
    table.text('type').notNullable();
    table.jsonb('payload').notNullable().defaultTo('{}');
    table.timestamp('created_at').notNullable().defaultTo(knex.fn.now());
  });

export const down = (knex: Knex) => knex.schema.dropTable('order_events');
