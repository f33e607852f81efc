INSERT INTO reporting.calendar (day, iso_week, is_weekend)
SELECT day::date, to_char(day, 'IYYY-"W"IW'), extract(isodow FROM day) > 5
  FROM generate_series('2024-01-01'::date, '2029-12-31'::date, '1 day') AS day
ON CONFLICT (day) DO NOTHING;
