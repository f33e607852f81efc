/**
 * Money in a binary fraction.
 *
 * `real` and `double precision`, and `float` in MySQL and T-SQL, cannot hold 0.10: what is added up drifts by cents, and two
 * sums that should be equal are not. SQLite stores every fraction so, in a column that says `DECIMAL(10, 2)` too: there that is
 * an information.
 * ## Flags
 * ```sql
 * CREATE TABLE invoice (id bigint PRIMARY KEY, amount double precision NOT NULL);
 * ```
 * ```sql
 * CREATE TABLE `invoice` (`id` bigint PRIMARY KEY, `amount` float NOT NULL) ENGINE=InnoDB;
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE invoice (id bigint PRIMARY KEY, amount numeric(12, 2) NOT NULL, tax_rate double precision NOT NULL);
 * ```
 * ```sql
 * CREATE TABLE invoice (id bigint PRIMARY KEY, amount_cents bigint NOT NULL);
 * ```
 * ```sql
 * CREATE TABLE `invoice` (`id` bigint PRIMARY KEY, `amount` decimal(12,2) NOT NULL) ENGINE=InnoDB;
 * ```
 * ## When to leave it
 * Estimates and statistics that nobody is charged by.
 */
import type { DataType } from '../catalog/object';
import { typeInWords } from '../catalog/types';
import { binaryFraction } from '../facts/columnKinds';
import { columnsDeclared, type HeadColumn } from '../facts/declarations';
import { defineRule } from '../facts/rule';
import { columnBefore, named, rewriteIn } from '../facts/schemaChanges';
import type { Dialect } from '../sql/dialect';

export const impreciseMoney = defineRule({
  id: 'imprecise-money',
  level: 'warning',
  concern: 'errors',

  *check(facts) {
    for (const declared of columnsDeclared(facts)) {
      const { column, table, change, definition, at } = declared;
      const server = change.after.dialect;
      const how = binaryFraction(column.type, server);
      if (!how || column.inherited) continue;
      // said where it becomes imprecise
      if (definition ? !binaryFraction(definition.type, server) : binaryFraction(typeBefore(declared), server))
        continue;
      if (holdsMoney(column.name, table.name)) yield { at, loweredBy: how === 'declared' ? 0 : 1, declared, how };
    }
  },

  explain: ({ declared: { change, column, table }, how }) => ({
    what:
      how === 'affinity'
        ? `\`${column.name}\` of ${named(table)} holds money as ${typeInWords(column.type ?? NONE)}, which SQLite stores as a float: it cannot hold 0.10 exactly.`
        : `\`${column.name}\` of ${named(table)} holds money as ${column.type?.name ?? 'a float'}, which cannot hold 0.10 exactly.`,
    why: 'Sums drift by cents, and amounts that should be equal are not.',
    remedy: REMEDIES[change.after.dialect ?? 'postgresql'],
    related: [],
  }),

  fix: ({ declared: { change, definition } }) =>
    definition &&
    change.operation.kind === 'createTable' &&
    change.script.isNewest &&
    change.script.dialect !== 'sqlite' &&
    !definition.default
      ? rewriteIn(change, 'Use numeric(12, 2)', [{ span: definition.type.span, newText: 'numeric(12, 2)' }])
      : [],
});

const NONE = { name: '', modifiers: [], dimensions: 0 };

const REMEDIES: Readonly<Record<Dialect, string>> = {
  postgresql: 'Use numeric with a fixed scale, or a bigint of the smallest unit.',
  mysql: 'Use decimal with a fixed scale, or a bigint of the smallest unit.',
  mariadb: 'Use decimal with a fixed scale, or a bigint of the smallest unit.',
  sqlite: 'Use an integer of the smallest unit: SQLite has no exact fractions.',
  transactsql: 'Use decimal with a fixed scale, or a bigint of the smallest unit.',
};

const typeBefore = ({ change }: HeadColumn): DataType | undefined =>
  change.operation.kind === 'setColumnType' || change.operation.kind === 'redefineColumn'
    ? columnBefore(change, change.operation.table, change.operation.column.name)?.type
    : undefined;

/** Whether a column's name says money, with its table's where that must help. */
function holdsMoney(column: string, table: string): boolean {
  const words = wordsOf(column);
  if (words.some(word => NO_MONEY.test(word))) return false;
  if (words.some(word => MONEY.test(word))) return true;
  return words.some(word => PERHAPS_MONEY.test(word)) && wordsOf(table).some(word => OF_MONEY.test(word));
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
