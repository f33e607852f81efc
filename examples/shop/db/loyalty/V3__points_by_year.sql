SET LOCAL lock_timeout = '5s';
SET LOCAL statement_timeout = '1min';
ALTER TABLE loyalty_points ATTACH PARTITION loyalty_points_2023 FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
ALTER TABLE loyalty_points ATTACH PARTITION loyalty_points_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
