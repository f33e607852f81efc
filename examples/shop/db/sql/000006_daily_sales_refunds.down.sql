ALTER TABLE reporting.daily_sales DROP COLUMN refunded_cents;
