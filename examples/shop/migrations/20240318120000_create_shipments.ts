import type { Knex } from 'knex';

const SHIPMENTS = 'shipments';
const SHIPMENT_ITEMS = 'shipment_items';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.createTable(SHIPMENTS, table => {
    table.uuid('id').primary().defaultTo(knex.fn.uuid());
    table.uuid('order_id').notNullable().references('orders.id').index();
    table.integer('warehouse_id').notNullable().references('warehouses.id').index();
    table.text('carrier').notNullable();
    table.text('tracking_number').index();
    table.text('status').notNullable().defaultTo('packed');
    table.timestamp('shipped_at');
    table.timestamp('delivered_at');
    table.timestamps(true, true);
  });

  await knex.schema.createTable(SHIPMENT_ITEMS, table => {
    table.uuid('shipment_id').notNullable().references('shipments.id').onDelete('CASCADE');
    table.bigInteger('order_line_id').notNullable().references('order_lines.id').index();
    table.integer('quantity').notNullable();
    table.primary(['shipment_id', 'order_line_id']);
  });
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.dropTable(SHIPMENT_ITEMS);
  await knex.schema.dropTable(SHIPMENTS);
}
