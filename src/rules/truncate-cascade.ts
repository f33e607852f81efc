/**
 * A TRUNCATE that empties tables which it does not name.
 *
 * CASCADE goes to every table with a foreign key to this one, and on to those with one to them. What stands there when the
 * migration runs in production may be more than whoever wrote it knew.
 * ## Flags
 * ```sql
 * TRUNCATE customers CASCADE;
 * ```
 * ## Stays silent
 * ```sql
 * TRUNCATE orders, order_lines;
 * ```
 * ## When to leave it
 * Nothing but tables that are filled anew references it.
 */
import { defineRule } from '../facts/rule';
import { changesOf, existed, listed, named, rewriteIn } from '../facts/schemaChanges';

export const truncateCascade = defineRule({
  id: 'truncate-cascade',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'truncate')) {
      const { tables, cascade } = change.operation;
      if (cascade && tables.some(table => existed(change, table))) yield { at: change.at, change, tables, cascade };
    }
  },

  explain: ({ tables }) => ({
    what: `TRUNCATE … CASCADE empties ${listed(tables.map(named))} and every table that references ${tables.length > 1 ? 'them' : 'it'}, named here or not.`,
    why: 'A foreign key that somebody adds later makes it empty one table more.',
    remedy: 'Name the tables that are to be emptied, and leave CASCADE out.',
    related: [],
  }),

  // the server then refuses it where another table references one of them, and says which
  fix: ({ change, cascade }) =>
    rewriteIn(change, 'Leave CASCADE out', [{ span: { start: cascade.start - 1, end: cascade.end }, newText: '' }]),
});
