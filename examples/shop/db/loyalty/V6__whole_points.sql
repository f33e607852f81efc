SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '10min';
DELETE FROM loyalty_members WHERE joined_at < '2022-01-01';
ALTER TABLE loyalty_points ALTER COLUMN points TYPE numeric(12, 0);
