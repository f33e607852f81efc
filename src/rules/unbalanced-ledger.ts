/**
 * A journal of double entry in which nothing sees to it that debits equal credits.
 *
 * One write that fails half way, or one wrong sign, and the books do not add up; it is found at the end of the quarter, and no
 * row says which one it was. The server can refuse the transaction that leaves an entry unbalanced.
 * ## Flags
 * ```sql
 * CREATE TABLE journal_line (
 *   id bigint PRIMARY KEY, entry_id bigint NOT NULL, account_id bigint NOT NULL,
 *   debit numeric NOT NULL DEFAULT 0, credit numeric NOT NULL DEFAULT 0
 * );
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE journal_line (
 *   id bigint PRIMARY KEY, entry_id bigint NOT NULL, account_id bigint NOT NULL,
 *   debit numeric NOT NULL DEFAULT 0, credit numeric NOT NULL DEFAULT 0
 * );
 * CREATE FUNCTION entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
 * BEGIN
 *   IF (SELECT sum(debit) <> sum(credit) FROM journal_line WHERE entry_id = NEW.entry_id) THEN
 *     RAISE EXCEPTION 'entry % does not balance', NEW.entry_id;
 *   END IF;
 *   RETURN NULL;
 * END $$;
 * CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT OR UPDATE ON journal_line
 *   DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_balances();
 * ```
 * ## When to leave it
 * A copy of another system's books, which that system keeps in balance.
 */
import { tablesDeclared } from '../facts/declarations';
import { journalBy } from '../facts/ledgers';
import { defineRule } from '../facts/rule';
import { named } from '../facts/schemaChanges';
import { isBalanceCheck, routineOf } from '../facts/triggerFunctions';

export const unbalancedLedger = defineRule({
  id: 'unbalanced-ledger',
  level: 'info',
  concern: 'errors',

  *check(facts) {
    for (const { table, head, at, change } of tablesDeclared(facts)) {
      // elsewhere no trigger runs when the transaction ends
      if (change.script.dialect !== 'postgresql') continue;
      const columns = table.partitionOf ? undefined : journalBy(table);
      if (!columns) continue;
      const isChecked = table.triggers.some(trigger =>
        isBalanceCheck(routineOf(head.catalog, trigger.function)?.body ?? '', columns),
      );
      if (!isChecked) yield { at, table: named(table), columns };
    }
  },

  explain: ({ table, columns: [one, other] }) => ({
    what: `${table} is a journal of double entry by \`${one}\` and \`${other}\`, and no constraint holds its entries in balance.`,
    why: 'One write that fails half way leaves books that do not add up, and no row says which one it was.',
    remedy: 'Add a deferred constraint trigger that compares the sums of an entry at the end of the transaction.',
    related: [],
  }),
});
