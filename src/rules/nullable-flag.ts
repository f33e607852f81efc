/**
 * A flag that has a third state.
 *
 * A boolean column that may be NULL is neither true nor false where nobody has set it: `WHERE NOT archived` leaves such rows
 * out, and so does `WHERE archived`.
 * ## Flags
 * ```sql
 * CREATE TABLE product (id bigint PRIMARY KEY, archived boolean DEFAULT false);
 * ```
 * ```sql
 * CREATE TABLE `product` (`id` bigint PRIMARY KEY, `archived` tinyint(1) DEFAULT '0') ENGINE=InnoDB;
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE product (id bigint PRIMARY KEY, archived boolean NOT NULL DEFAULT false);
 * ```
 * ```sql
 * CREATE TABLE product (id bigint PRIMARY KEY, archived boolean DEFAULT false);
 * ALTER TABLE product ALTER COLUMN archived SET NOT NULL;
 * ```
 * ```sql
 * CREATE TABLE `product` (`id` bigint PRIMARY KEY, `stars` tinyint(1)) ENGINE=InnoDB;
 * ```
 * ## When to leave it
 * An answer that may be missing: approved, refused, or not yet decided. `DEFAULT NULL` says that it is meant.
 */
import type { Column } from '../catalog/object';
import { holdsFlag } from '../facts/columnKinds';
import { columnsDeclared, type HeadColumn } from '../facts/declarations';
import { defineRule } from '../facts/rule';
import { insertion, named, rewriteIn } from '../facts/schemaChanges';

export const nullableFlag = defineRule({
  id: 'nullable-flag',
  level: 'info',
  concern: 'errors',

  *check(facts) {
    for (const declared of columnsDeclared(facts)) {
      const { column, definition, table, at } = declared;
      const kind = definition && holdsFlag(column.type, declared.change.after.dialect);
      if (!kind || (kind === 'likely' && !isDefaultOfFlag(column))) continue;
      if (column.notNull || column.generated || column.inherited || table.partitionOf) continue;
      if (isNullMeant(declared)) continue;
      yield { at, declared };
    }
  },

  explain: ({ declared: { column, table } }) => ({
    what: `\`${column.name}\` of ${named(table)} may be NULL, which is neither true nor false.`,
    why: `Rows in which it is are left out by \`WHERE ${column.name}\` and by \`WHERE NOT ${column.name}\` alike.`,
    remedy: `Make it NOT NULL${column.default ? '' : ' with a DEFAULT'}.`,
    related: [],
  }),

  fix: ({ declared: { change, definition } }) => {
    if (!definition || change.operation.kind !== 'createTable' || !change.script.isNewest) return [];
    const none = change.script.dialect === 'postgresql' ? 'false' : '0';
    const words = definition.default ? ' NOT NULL' : ` NOT NULL DEFAULT ${none}`;
    return rewriteIn(change, `Make it${words}`, [insertion(definition.type.span.end, words)]);
  },
});

/** MySQL's `tinyint(1)` may be a small number, and a dump writes `DEFAULT NULL` to all: who gives it 0 or 1 thinks of a flag. */
const isDefaultOfFlag = ({ default: value }: Column): boolean =>
  /^\(*(?:b?'[01]'|[01]|true|false)\)*$/i.test(value?.text.trim() ?? '');

/** A default of NULL is written by who means it; a CHECK that names the column knows of its states. */
const isNullMeant = ({ definition, column, table }: HeadColumn): boolean =>
  /^null\b/i.test(definition?.default?.value.text.trim() ?? '') ||
  table.constraints.some(constraint => constraint.kind === 'check' && constraint.columns.includes(column.id));
