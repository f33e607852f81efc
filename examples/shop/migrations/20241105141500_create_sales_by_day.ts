import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.schema.raw(`
    CREATE VIEW sales_by_day AS
    SELECT date_trunc('day', placed_at)::date AS day,
           currency,
           count(*)::int AS orders,
           sum(total_cents)::int AS revenue_cents
      FROM orders
     WHERE status <> 'cancelled'
     GROUP BY 1, 2
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.schema.raw('DROP VIEW sales_by_day');
}
