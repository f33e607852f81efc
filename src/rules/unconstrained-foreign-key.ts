/**
 * A column that refers to another table, with nothing that holds it to that.
 *
 * Without a foreign key a row may refer to what was never there or has been deleted since. The database will not say so; the
 * program finds it at three in the morning. A `REFERENCES` behind a column is such a nothing in MySQL: before 9.0 it is read, and
 * no foreign key is made.
 * ## Flags
 * ```sql
 * CREATE TABLE customer (id bigint PRIMARY KEY);
 * CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
 * ```
 * ```sql
 * CREATE TABLE `orders` (`id` int AUTO_INCREMENT PRIMARY KEY, `buyer` int NOT NULL REFERENCES `customer` (`id`));
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE customer (id bigint PRIMARY KEY);
 * CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer (id), external_id text);
 * ```
 * ## When to leave it
 * Rows that must outlive what they refer to, as in a log; tables that will live in databases of their own.
 */
import { columnsDeclared, type HeadColumn } from '../facts/declarations';
import { referencedByName } from '../facts/impliedKeys';
import { defineRule } from '../facts/rule';
import { insertion, named, rewriteIn } from '../facts/schemaChanges';
import type { Dialect } from '../sql/dialect';

export const unconstrainedForeignKey = defineRule({
  id: 'unconstrained-foreign-key',
  level: 'info',
  concern: 'errors',

  *check(facts) {
    for (const declared of columnsDeclared(facts)) {
      const { column, table, definition, at } = declared;
      if (!definition || column.inherited || table.partitionOf || IS_LOG.test(table.name)) continue;
      const ignored = ignoredReference(declared);
      if (ignored !== undefined) {
        yield { at, declared, references: { name: ignored }, isIgnored: true };
        continue;
      }
      const references = referencedByName(column, table, declared.head.catalog);
      if (references && !isOfOldEngine(declared) && hasForeignKeys(declared))
        yield { at, declared, references, isIgnored: false };
    }
  },

  explain: ({ declared: { change, column, table }, references, isIgnored }) => ({
    what: isIgnored
      ? `MySQL before 9.0 reads \`REFERENCES\` behind \`${column.name}\` of ${named(table)} and makes no foreign key.`
      : `\`${column.name}\` of ${named(table)} refers to ${named(references)}, and no foreign key holds it to that.`,
    why: `A row may refer to one of ${named(references)} that was never there, or is gone.`,
    remedy: REMEDIES[change.script.dialect](column.name, references.name),
    related: [],
  }),

  fix: ({ declared: { change, definition }, references }) =>
    definition &&
    change.operation.kind === 'createTable' &&
    change.script.isNewest &&
    change.script.dialect !== 'mysql' &&
    isPlainName(references.name)
      ? rewriteIn(change, `Reference ${references.name}`, [
          insertion(definition.span.end, ` REFERENCES ${references.name}`),
        ])
      : [],
});

const asConstraint = (column: string, table: string): string =>
  `Declare \`FOREIGN KEY (${column}) REFERENCES ${table} (…)\` behind the columns.`;

const REMEDIES: Readonly<Record<Dialect, (column: string, table: string) => string>> = {
  postgresql: (_, table) =>
    `Declare \`REFERENCES ${table}\`; on a table with rows as NOT VALID first, and VALIDATE it then.`,
  mysql: asConstraint,
  mariadb: asConstraint,
  sqlite: (_, table) =>
    `Declare \`REFERENCES ${table}\`, which takes a table that is made anew; and switch \`PRAGMA foreign_keys\` on.`,
  transactsql: (_, table) => `Declare \`REFERENCES ${table}\`, and find the rows that it would refuse before.`,
};

/** What a column of MySQL says it references, which is read there and means nothing. */
function ignoredReference({ change, column, table, definition }: HeadColumn): string | undefined {
  if (change.script.dialect !== 'mysql' || !definition || !isWritten(change)) return undefined;
  const isKey = table.constraints.some(({ kind, columns }) => kind === 'foreignKey' && columns.includes(column.id));
  const text = change.statement.textOf(definition.span).replace(/'(?:[^']|'')*'/g, "''");
  return isKey ? undefined : /\breferences\s+`?(\w+)`?/i.exec(text)?.[1];
}

/** A builder that is told of a reference writes it as its server takes it. */
const isWritten = ({ statement, operation }: HeadColumn['change']): boolean =>
  statement.exact(operation.statement) !== undefined;

/** MySQL's engines that keep no foreign keys. */
const isOfOldEngine = ({ change: { statement } }: HeadColumn): boolean =>
  /\bENGINE\s*=?\s*(?:MyISAM|Aria|MEMORY|ARCHIVE|CSV|NDB\w*)\b/i.test(statement.sql);

const isPlainName = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name);

/** What is kept whatever becomes of that which it tells of. */
const IS_LOG =
  /(?:^|_)(?:logs?|audits?|history|histories|events?|archives?|snapshots?|outbox|metrics|stats|statistics|changes)(?:_|$)/i;

/** A project that has many tables and hardly a foreign key has chosen so. */
function hasForeignKeys({ head }: HeadColumn): boolean {
  const known = CHOICES.get(head);
  if (known !== undefined) return known;
  let tables = 0;
  let keys = 0;
  for (const object of head.catalog.objects.values()) {
    if (object.kind !== 'table' || object.assumed) continue;
    tables += 1;
    if (object.constraints.some(({ kind }) => kind === 'foreignKey')) keys += 1;
  }
  const chosen = tables < MANY || keys * 5 >= tables;
  CHOICES.set(head, chosen);
  return chosen;
}

const MANY = 8;
const CHOICES = new WeakMap<HeadColumn['head'], boolean>();
