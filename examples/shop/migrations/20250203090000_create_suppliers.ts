import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('CREATE TABLE countries (code text PRIMARY KEY, name text NOT NULL)');
  await knex.raw(`
    CREATE TABLE suppliers (
      id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      name       text NOT NULL,
      city       text NOT NULL,
      active     boolean DEFAULT true,
      preferred  boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now()
    )
  `);
  await knex.raw(`
    CREATE TABLE supplier_products (
      supplier_id bigint NOT NULL REFERENCES suppliers (id),
      product_id  uuid NOT NULL REFERENCES products (id),
      PRIMARY KEY (supplier_id, product_id)
    )
  `);
  await knex.raw('CREATE INDEX supplier_products_product_idx ON supplier_products (product_id)');
  await knex.raw(`
    CREATE TABLE supplier_prices (
      supplier_id bigint NOT NULL,
      product_id  uuid NOT NULL REFERENCES products (id),
      price       double precision NOT NULL,
      tax_rate    double precision NOT NULL,
      valid_from  date NOT NULL
    )
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE supplier_prices');
  await knex.raw('DROP TABLE supplier_products');
  await knex.raw('DROP TABLE suppliers');
  await knex.raw('DROP TABLE countries');
}
