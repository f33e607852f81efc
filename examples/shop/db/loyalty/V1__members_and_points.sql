CREATE TYPE loyalty_tier AS ENUM ('silver', 'gold');

CREATE TABLE loyalty_members (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer_id bigint NOT NULL,
  tier loyalty_tier NOT NULL DEFAULT 'silver',
  note text,
  joined_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE loyalty_points (
  member_id bigint NOT NULL,
  points numeric(12, 4) NOT NULL,
  earned_at timestamptz NOT NULL
) PARTITION BY RANGE (earned_at);

-- what the old programme had, loaded by hand
CREATE TABLE loyalty_points_2023 (
  member_id bigint NOT NULL,
  points numeric(12, 4) NOT NULL,
  earned_at timestamptz NOT NULL
);

CREATE TABLE loyalty_points_2024 (
  member_id bigint NOT NULL,
  points numeric(12, 4) NOT NULL,
  earned_at timestamptz NOT NULL,
  CONSTRAINT loyalty_points_2024_year CHECK (earned_at >= '2024-01-01' AND earned_at < '2025-01-01')
);
