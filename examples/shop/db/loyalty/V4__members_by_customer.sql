SET LOCAL lock_timeout = '5s';
ALTER TABLE loyalty_members DROP CONSTRAINT loyalty_members_pkey;
CREATE UNIQUE INDEX loyalty_members_customer_id_tier_joined_at_for_the_yearly_statement_key
  ON loyalty_members (customer_id, tier, joined_at);
