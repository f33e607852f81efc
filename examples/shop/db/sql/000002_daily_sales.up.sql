CREATE TABLE reporting.daily_sales (
  day           date NOT NULL REFERENCES reporting.calendar (day),
  category_id   integer NOT NULL REFERENCES public.categories (id),
  orders        integer NOT NULL,
  revenue_cents bigint NOT NULL,
  PRIMARY KEY (day, category_id)
);

CREATE INDEX daily_sales_category_idx ON reporting.daily_sales (category_id);
