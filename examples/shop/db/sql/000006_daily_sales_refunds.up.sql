ALTER TABLE reporting.daily_sales ADD COLUMN refunded_cents bigint NOT NULL DEFAULT 0;
