/**
 * A transaction that is begun and never committed.
 *
 * When the file ends and the connection closes, PostgreSQL rolls it back: the tool notes the migration as done, and nothing of
 * it is there.
 * ## Flags
 * ```sql
 * BEGIN;
 * ALTER TABLE orders ADD COLUMN note text;
 * ```
 * ## Stays silent
 * ```sql
 * BEGIN;
 * ALTER TABLE orders ADD COLUMN note text;
 * COMMIT;
 * ```
 * ## When to leave it
 * A file that another one is run behind in the same session.
 */
import { defineRule } from '../facts/rule';
import { changesIn, insertion, rewriteIn } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

export const uncommittedTransaction = defineRule({
  id: 'uncommitted-transaction',
  level: 'error',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const script of schemaScripts) {
      if (script.dialect !== 'postgresql' || script.wraps === 'always' || script.wraps === 'several') continue;
      let open: SchemaChange | undefined;
      for (const change of changesIn(script, 'transaction')) {
        const { action, chain } = change.operation;
        if (action === 'begin') open ??= change;
        else if (chain) open = open && change;
        else if (action === 'commit' || action === 'rollback' || action === 'prepare') open = undefined;
      }
      const last = script.changes[script.changes.length - 1];
      if (open) yield { at: open.at, last };
    }
  },

  explain: () => ({
    what: 'This transaction is begun, and the file ends without COMMIT.',
    why: 'PostgreSQL rolls it back when the connection closes: the migration counts as done and has no effect.',
    remedy: 'End it with COMMIT.',
    related: [],
  }),

  fix: ({ last }) =>
    last
      ? rewriteIn(last, 'End it with COMMIT', [
          insertion(last.operation.statement.end, `;${last.statement.lineBreak}COMMIT`),
        ])
      : [],
});
