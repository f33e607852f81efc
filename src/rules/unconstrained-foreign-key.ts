/**
 * A column that refers to another table, with nothing that holds it to that.
 *
 * Without a foreign key a row may refer to what was never there or has been deleted since. The database will not say so; the
 * program finds it at three in the morning.
 * ## Flags
 * ```sql
 * CREATE TABLE customer (id bigint PRIMARY KEY);
 * CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL);
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

export const unconstrainedForeignKey = defineRule({
  id: 'unconstrained-foreign-key',
  level: 'info',
  concern: 'errors',

  *check(facts) {
    for (const declared of columnsDeclared(facts)) {
      const { column, table, definition, at } = declared;
      if (!definition || column.inherited || table.partitionOf || IS_LOG.test(table.name)) continue;
      const references = referencedByName(column, table, declared.head.catalog);
      if (references && hasForeignKeys(declared)) yield { at, declared, references };
    }
  },

  explain: ({ declared: { column, table }, references }) => ({
    what: `\`${column.name}\` of ${named(table)} refers to ${named(references)}, and no foreign key holds it to that.`,
    why: `A row may refer to one of ${named(references)} that was never there, or is gone.`,
    remedy: `Declare \`REFERENCES ${references.name}\`; on a table with rows as NOT VALID first, and VALIDATE it then.`,
    related: [],
  }),

  fix: ({ declared: { change, definition }, references }) =>
    definition && change.operation.kind === 'createTable' && change.script.isNewest && isPlainName(references.name)
      ? rewriteIn(change, `Reference ${references.name}`, [
          insertion(definition.span.end, ` REFERENCES ${references.name}`),
        ])
      : [],
});

const isPlainName = (name: string): boolean => /^[a-z_][a-z0-9_]*$/.test(name);

/** What is kept whatever becomes of that which it tells of. */
const IS_LOG =
  /(?:^|_)(?:logs?|audits?|history|histories|events?|archives?|snapshots?|outbox|metrics|stats|statistics|changes)(?:_|$)/i;

/** A project that has many tables and no foreign key at all has chosen so. */
function hasForeignKeys({ head }: HeadColumn): boolean {
  const known = CHOICES.get(head);
  if (known !== undefined) return known;
  let tables = 0;
  let uses = false;
  for (const object of head.catalog.objects.values()) {
    if (object.kind !== 'table' || object.assumed) continue;
    tables += 1;
    uses ||= object.constraints.some(({ kind }) => kind === 'foreignKey');
  }
  const chosen = uses || tables < MANY;
  CHOICES.set(head, chosen);
  return chosen;
}

const MANY = 8;
const CHOICES = new WeakMap<HeadColumn['head'], boolean>();
