-- The books of the shop, kept by the accounting service.
CREATE TABLE account (
  code       text PRIMARY KEY,
  name       text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ledger_entries (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id    uuid NOT NULL,
  account_id  text NOT NULL REFERENCES account (code),
  debit       numeric(14, 2) NOT NULL DEFAULT 0,
  credit      numeric(14, 2) NOT NULL DEFAULT 0,
  posted_at   timestamptz NOT NULL DEFAULT now(),
  exported_at timestamptz
);

CREATE INDEX ledger_entries_account_idx ON ledger_entries (account_id, posted_at);

CREATE TABLE journal_lines (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  entry_id   uuid NOT NULL,
  account_id text NOT NULL REFERENCES account (code),
  debit      numeric(14, 2) NOT NULL DEFAULT 0,
  credit     numeric(14, 2) NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX journal_lines_account_idx ON journal_lines (account_id);

CREATE FUNCTION journal_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum(debit) <> sum(credit) FROM journal_lines WHERE entry_id = NEW.entry_id) THEN
    RAISE EXCEPTION 'entry % does not balance', NEW.entry_id;
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER journal_balances AFTER INSERT ON journal_lines
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION journal_balances();
