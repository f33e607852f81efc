/**
 * An enum value whose place among the others is left open.
 *
 * ADD VALUE without BEFORE or AFTER puts the value last. Enums are compared and sorted by that order, and it cannot be changed
 * later without making the type anew.
 * ## Flags
 * ```sql
 * ALTER TYPE order_state ADD VALUE 'returned';
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TYPE order_state ADD VALUE 'returned' AFTER 'shipped';
 * ```
 * ## When to leave it
 * Nothing sorts or compares by the enum.
 */
import { defineRule } from '../facts/rule';
import { changesOf, named } from '../facts/schemaChanges';

export const enumValueOrder = defineRule({
  id: 'enum-value-order',
  level: 'info',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'addEnumLabel')) {
      const { type, label, before, after } = change.operation;
      if (before === undefined && after === undefined) yield { at: change.at, type, label };
    }
  },

  explain: ({ type, label }) => ({
    what: `'${label.name}' becomes the last value of ${named(type)}, since neither BEFORE nor AFTER is written.`,
    why: 'ORDER BY and comparisons go by that order, and it cannot be changed without making the type anew.',
    remedy: "Say where it belongs: ADD VALUE … AFTER 'another'.",
    related: [],
  }),
});
