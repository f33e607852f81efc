import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE products
      ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', name || ' ' || description)) STORED
  `);
  await knex.raw('CREATE INDEX products_search_idx ON products USING gin (search)');
}
