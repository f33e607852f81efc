CREATE TABLE reporting.stock_snapshots (
  taken_on     date NOT NULL,
  product_id   uuid NOT NULL REFERENCES public.products (id),
  warehouse_id integer NOT NULL REFERENCES public.warehouses (id),
  on_hand      integer NOT NULL,
  reserved     integer NOT NULL,
  PRIMARY KEY (taken_on, product_id, warehouse_id)
);
