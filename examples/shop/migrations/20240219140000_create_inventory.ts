import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE warehouses (
      id       integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      code     text NOT NULL UNIQUE,
      name     text NOT NULL,
      priority integer NOT NULL DEFAULT 100
    )
  `);
  await knex.raw(`
    CREATE TABLE stock_levels (
      product_id   uuid NOT NULL REFERENCES products (id),
      warehouse_id integer NOT NULL REFERENCES warehouses (id),
      on_hand      integer NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
      reserved     integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
      PRIMARY KEY (product_id, warehouse_id)
    )
  `);
  await knex.raw(`
    CREATE TABLE stock_movements (
      id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      product_id   uuid NOT NULL REFERENCES products (id),
      warehouse_id integer NOT NULL REFERENCES warehouses (id),
      quantity     integer NOT NULL,
      reason       text NOT NULL,
      reference    text,
      created_at   timestamptz NOT NULL DEFAULT now()
    )
  `);
  await knex.raw('CREATE INDEX stock_movements_product_idx ON stock_movements (product_id, created_at)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE stock_movements');
  await knex.raw('DROP TABLE stock_levels');
  await knex.raw('DROP TABLE warehouses');
}
