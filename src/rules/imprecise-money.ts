/**
 * Money in a binary fraction.
 *
 * `real` and `double precision` cannot hold 0.10: what is added up drifts by cents, and two sums that should be equal are not.
 * ## Flags
 * ```sql
 * CREATE TABLE invoice (id bigint PRIMARY KEY, amount double precision NOT NULL);
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE invoice (id bigint PRIMARY KEY, amount numeric(12, 2) NOT NULL, tax_rate double precision NOT NULL);
 * ```
 * ```sql
 * CREATE TABLE invoice (id bigint PRIMARY KEY, amount_cents bigint NOT NULL);
 * ```
 * ## When to leave it
 * Estimates and statistics that nobody is charged by.
 */
import { columnsDeclared, type HeadColumn } from '../facts/declarations';
import { defineRule } from '../facts/rule';
import { columnBefore, named, rewriteIn } from '../facts/schemaChanges';

export const impreciseMoney = defineRule({
  id: 'imprecise-money',
  level: 'warning',
  concern: 'errors',

  *check(facts) {
    for (const declared of columnsDeclared(facts)) {
      const { column, table, change, definition, at } = declared;
      if (!isFloat(column.type?.name) || column.type?.dimensions !== 0 || column.inherited) continue;
      const { operation } = change;
      // said where it becomes imprecise
      if (operation.kind === 'setColumnType' ? isFloat(typeBefore(declared)) : !isFloat(definition?.type.name))
        continue;
      const weight = holdsMoney(column.name, table.name);
      if (weight) yield { at, loweredBy: weight === 'certain' ? 0 : 1, declared };
    }
  },

  explain: ({ declared: { column, table } }) => ({
    what: `\`${column.name}\` of ${named(table)} holds money as ${column.type?.name ?? 'a float'}, which cannot hold 0.10 exactly.`,
    why: 'Sums drift by cents, and amounts that should be equal are not.',
    remedy: 'Use numeric with a fixed scale, or a bigint of the smallest unit.',
    related: [],
  }),

  fix: ({ declared: { change, definition } }) =>
    definition && change.operation.kind === 'createTable' && change.script.isNewest && !definition.default
      ? rewriteIn(change, 'Use numeric(12, 2)', [{ span: definition.type.span, newText: 'numeric(12, 2)' }])
      : [],
});

const isFloat = (type: string | undefined): boolean => type === 'real' || type === 'double precision';

const typeBefore = ({ change }: HeadColumn): string | undefined =>
  change.operation.kind === 'setColumnType'
    ? columnBefore(change, change.operation.table, change.operation.column.name)?.type?.name
    : undefined;

/** Whether a column's name says money: `certain`, or `likely` where the table's name must help. */
function holdsMoney(column: string, table: string): 'certain' | 'likely' | undefined {
  const words = wordsOf(column);
  if (words.some(word => NO_MONEY.test(word))) return undefined;
  if (words.some(word => MONEY.test(word))) return 'certain';
  if (!words.some(word => PERHAPS_MONEY.test(word))) return undefined;
  return wordsOf(table).some(word => OF_MONEY.test(word)) ? 'certain' : undefined;
}

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z]+/);

const MONEY =
  /^(?:prices?|costs?|fees?|salar(?:y|ies)|wages?|revenues?|subtotals?|payments?|payouts?|refunds?|deposits?|commissions?|money|msrp|gmv|budgets?|invoiced|paid|owed|usd|eur|gbp|dollars?|euros?|surcharges?|tuition|rent)$/;
/** Words that mean money in a table that is about it. */
const PERHAPS_MONEY =
  /^(?:amounts?|balances?|totals?|tax|taxes|vat|discounts?|credits?|debits?|charges?|tips?|sums?|value|net|gross|due|profit|income|expenses?|spent|earnings?|shipping)$/;
const OF_MONEY =
  /^(?:orders?|invoices?|payments?|payouts?|transactions?|accounts?|carts?|checkouts?|purchases?|sales?|refunds?|billing|bills?|wallets?|ledgers?|expenses?|quotes?|bookings?|subscriptions?|deposits?|withdrawals?|transfers?|charges?|loans?|receipts?|budgets?|donations?|journal|entries|customers?|products?|items?|lines?|salar(?:y|ies)|payroll|finance|credits?|coupons?|vouchers?|reservations?|line)$/;
/** A share, a quantity, or a measure of something else. */
const NO_MONEY =
  /^(?:rates?|ratios?|percent(?:age|ages)?|pct|perc|factors?|multipliers?|weights?|scores?|counts?|index|probability|quantit(?:y|ies)|qty|units|tokens?|hours?|minutes?|seconds?|ms|time|duration|km|miles|lat|lng|kg|g|grams?|ml|l|elasticity|sensitivity|change|volatility|deviation|stddev|variance|forecast|predicted|estimate|estimated|avg|average|mean)$/;
