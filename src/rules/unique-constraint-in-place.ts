/**
 * A UNIQUE constraint whose index is built while the table is locked.
 *
 * ADD CONSTRAINT … UNIQUE builds its index under ACCESS EXCLUSIVE. An index that was built CONCURRENTLY before becomes the
 * constraint in an instant: UNIQUE USING INDEX. An EXCLUDE constraint builds one in the same way, and has no other.
 * ## Flags
 * ```sql
 * ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email);
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE USING INDEX customers_email_key;
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE vouchers (id bigint PRIMARY KEY, code text);
 * ALTER TABLE vouchers ADD CONSTRAINT vouchers_code_key UNIQUE (code);
 * ```
 * ## When to leave it
 * A table that is small for good: declare it, `"tables": { "currencies": { "rows": 180 } }`. Where it is less than a week old in the
 * history, or its name speaks of definitions (`roles`, `tag_types`), it is information.
 */
import type { ExcludeConstraint, KeyConstraint } from '../catalog/definition';
import { usingIndex } from '../facts/lockFixes';
import { defineRule } from '../facts/rule';
import { changesOf, existed, named } from '../facts/schemaChanges';
import { sizeOf, whileSmall } from '../facts/tableSizes';

export const uniqueConstraintInPlace = defineRule({
  id: 'unique-constraint-in-place',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'addConstraint', 'addColumn')) {
      const { operation } = change;
      const constraints = operation.kind === 'addConstraint' ? [operation.constraint] : operation.column.constraints;
      const constraint = constraints.find(
        (one): one is KeyConstraint | ExcludeConstraint => one.kind === 'unique' || one.kind === 'exclude',
      );
      if (!constraint || !existed(change, operation.table)) continue;
      const size = sizeOf(facts, change, operation.table);
      if (size && (constraint.kind === 'exclude' || !constraint.usingIndex))
        yield { at: change.at, ...size, change, table: operation.table, constraint };
    }
  },

  explain: ({ table, change, constraint, smallness }) => ({
    what: `The index of this ${constraint.kind === 'exclude' ? 'EXCLUDE' : 'UNIQUE'} constraint is built under ACCESS EXCLUSIVE on ${named(table)}.`,
    why: `Every read and write of ${named(table)} waits until it is built.${whileSmall({ smallness })}`,
    remedy:
      constraint.kind === 'exclude'
        ? 'PostgreSQL takes no index that was built before for it: add it while nobody works, with a `lock_timeout`.'
        : change.operation.kind === 'addColumn'
          ? 'Add the column without it; in later migrations CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.'
          : 'Build it before with CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.',
    related: [],
  }),

  fix: ({ change, table, constraint }) => (constraint.kind === 'unique' ? usingIndex(change, table, constraint) : []),
});
