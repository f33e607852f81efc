CREATE MATERIALIZED VIEW reporting.customer_lifetime_value AS
SELECT customer_id,
       count(*)         AS orders,
       sum(total_cents) AS revenue_cents,
       max(placed_at)   AS last_order_at
  FROM public.orders
 WHERE status <> 'cancelled'
 GROUP BY customer_id;

CREATE UNIQUE INDEX customer_lifetime_value_key ON reporting.customer_lifetime_value (customer_id);
