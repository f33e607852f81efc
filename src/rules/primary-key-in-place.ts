/**
 * A primary key whose index is built while the table is locked.
 *
 * ADD PRIMARY KEY builds its index under ACCESS EXCLUSIVE, and reads every row for NULL; with a new serial column the whole
 * table is written anew. An index that was built CONCURRENTLY before becomes the key: PRIMARY KEY USING INDEX.
 * ## Flags
 * ```sql
 * ALTER TABLE order_lines ADD PRIMARY KEY (order_id, position);
 * ```
 * ```sql
 * ALTER TABLE audit ADD COLUMN id bigserial PRIMARY KEY;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE order_lines ADD CONSTRAINT order_lines_pkey PRIMARY KEY USING INDEX order_lines_pkey;
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE vouchers (id bigint, code text);
 * ALTER TABLE vouchers ADD PRIMARY KEY (id);
 * ```
 * ## When to leave it
 * A table that is small for good: declare it, `"tables": { "currencies": { "rows": 180 } }`. Where it is less than a week old in the
 * history, or its name speaks of definitions (`roles`, `tag_types`), it is information.
 */
import type { KeyConstraint } from '../catalog/definition';
import { usingIndex } from '../facts/lockFixes';
import { defineRule } from '../facts/rule';
import { changesOf, existed, named } from '../facts/schemaChanges';
import { sizeOf, whileSmall } from '../facts/tableSizes';

export const primaryKeyInPlace = defineRule({
  id: 'primary-key-in-place',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'addConstraint', 'addColumn')) {
      const { operation } = change;
      const constraints = operation.kind === 'addConstraint' ? [operation.constraint] : operation.column.constraints;
      const constraint = constraints.find((one): one is KeyConstraint => one.kind === 'primaryKey');
      if (!constraint || constraint.usingIndex || !existed(change, operation.table)) continue;
      const size = sizeOf(facts, change, operation.table);
      if (!size) continue;
      const column = operation.kind === 'addColumn' ? operation.column : undefined;
      const rewrites =
        column?.type.serial !== undefined || column?.identity !== undefined || column?.generated !== undefined;
      yield { at: change.at, ...size, change, table: operation.table, constraint, rewrites };
    }
  },

  explain: ({ table, rewrites, smallness }) => ({
    what: rewrites
      ? `All of ${named(table)} is written anew for this column, and the primary key's index is built, under ACCESS EXCLUSIVE.`
      : `The primary key's index is built under ACCESS EXCLUSIVE on ${named(table)}.`,
    why: `Every read and write of ${named(table)} waits until it is done.${whileSmall({ smallness })}`,
    remedy: rewrites
      ? 'Add the column without a default, fill it in batches, build a unique index CONCURRENTLY, and then ADD CONSTRAINT … PRIMARY KEY USING INDEX.'
      : 'Build it before with CREATE UNIQUE INDEX CONCURRENTLY on columns that are NOT NULL, then ADD CONSTRAINT … PRIMARY KEY USING INDEX.',
    related: [],
  }),

  fix: ({ change, table, constraint }) => usingIndex(change, table, constraint),
});
