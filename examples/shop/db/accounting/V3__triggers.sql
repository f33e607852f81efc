CREATE FUNCTION touch_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END $$;

CREATE TRIGGER touch_account BEFORE UPDATE ON account
  FOR EACH ROW EXECUTE FUNCTION touch_account();

CREATE FUNCTION open_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO account (code, name) VALUES (NEW.account_id, 'Unknown') ON CONFLICT DO NOTHING;
  RETURN NEW;
END $$;

CREATE TRIGGER open_account BEFORE INSERT ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION open_account();
