/**
 * Triggers that are turned off together with the foreign keys.
 *
 * PostgreSQL keeps foreign keys by triggers. DISABLE TRIGGER ALL, or session_replication_role = replica, turns them off too:
 * what comes in meanwhile is never checked again, and the constraint still claims to hold.
 * ## Flags
 * ```sql
 * ALTER TABLE orders DISABLE TRIGGER ALL;
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN note text;
 * SET session_replication_role = replica;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders DISABLE TRIGGER USER;
 * ```
 * ```sql
 * ALTER TABLE orders ENABLE TRIGGER ALL;
 * ```
 * ## When to leave it
 * A load of data that was checked elsewhere, with a query behind it that looks for orphans.
 */
import { defineRule } from '../facts/rule';
import { changesOf, existed, named, rewriteIn } from '../facts/schemaChanges';

export const triggerAllDisabled = defineRule({
  id: 'trigger-all-disabled',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'setTriggerState', 'setParameter')) {
      const { operation } = change;
      if (operation.kind === 'setParameter') {
        if (operation.name === 'session_replication_role' && operation.values?.[0]?.toLowerCase() === 'replica')
          yield { at: change.at, change, of: 'every table' };
      } else if (operation.trigger === 'all' && operation.state === 'disabled' && existed(change, operation.table))
        yield { at: change.at, change, of: named(operation.table) };
    }
  },

  explain: ({ of }) => ({
    what: `This turns off the triggers that enforce the foreign keys of ${of}.`,
    why: 'Rows that break them come in unseen, and are never checked when the triggers are on again.',
    remedy:
      'Use DISABLE TRIGGER USER, which leaves foreign keys alone; or drop the constraint, and add it again NOT VALID and validate it.',
    related: [],
  }),

  fix: ({ change }) => {
    const { operation, statement } = change;
    const { end } = operation.span;
    return operation.kind === 'setTriggerState' && /\bALL$/i.test(statement.textOf(operation.span))
      ? rewriteIn(change, 'Disable the triggers of users alone', [{ span: { start: end - 3, end }, newText: 'USER' }])
      : [];
  },
});
