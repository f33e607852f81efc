CREATE FUNCTION vat_of(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS $$
  SELECT round(amount * 0.19, 2)
$$;

CREATE FUNCTION balance_of(code text) RETURNS numeric LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(debit - credit), 0) FROM ledger_entries WHERE account_id = code
$$;

CREATE MATERIALIZED VIEW balances AS
  SELECT account_id, sum(debit - credit) AS balance FROM ledger_entries GROUP BY account_id;
CREATE UNIQUE INDEX balances_account_idx ON balances (account_id);

CREATE MATERIALIZED VIEW turnover_by_month AS
  SELECT date_trunc('month', posted_at) AS month, sum(debit) AS turnover FROM ledger_entries GROUP BY 1;
