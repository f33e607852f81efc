/**
 * A BEGIN, COMMIT or ROLLBACK that meets another transaction than its writer thought.
 *
 * PostgreSQL knows no nested transactions: a second BEGIN is a warning and begins nothing, and the first COMMIT ends it all.
 * Where the tool wraps the file, a COMMIT inside ends the tool's transaction: what follows is not rolled back when it fails.
 * ## Flags
 * ```sql
 * -- migrate:up
 * ALTER TABLE orders ADD COLUMN note text;
 * COMMIT;
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN note text;
 * ROLLBACK;
 * ```
 * ## Stays silent
 * ```sql
 * BEGIN;
 * ALTER TABLE orders ADD COLUMN note text;
 * COMMIT;
 * ```
 * ## When to leave it
 * Where the tool is set up elsewhere to leave transactions to the file.
 */
import { defineRule } from '../facts/rule';
import { changesOf, rewriteIn } from '../facts/schemaChanges';
import type { SchemaScript } from '../facts/schemaScripts';

export const transactionNesting = defineRule({
  id: 'transaction-nesting',
  level: 'warning',
  concern: 'errors',

  *check({ schemaScripts }) {
    const open = new Map<SchemaScript, 'tool' | 'statement' | undefined>();
    for (const change of changesOf(schemaScripts, 'transaction')) {
      const { script, operation } = change;
      // one text with several statements is a transaction that BEGIN and COMMIT may take over
      const wrapped = script.wraps === 'always' || (script.wraps === 'several' && script.statements.length > 1);
      const around = open.has(script) ? open.get(script) : wrapped ? 'tool' : undefined;
      if (operation.action === 'begin') {
        if (around)
          yield {
            at: change.at,
            change,
            problem: around === 'tool' ? ('begins in tool' as const) : ('begins twice' as const),
          };
        open.set(script, around ?? 'statement');
      } else if (operation.action === 'commit' || operation.action === 'rollback') {
        const word = operation.action.toUpperCase();
        if (around === 'tool') yield { at: change.at, change, problem: 'ends tool' as const, word };
        else if (!around && script.wraps !== 'together')
          yield { at: change.at, change, problem: 'ends nothing' as const, word };
        open.set(script, operation.chain && around ? 'statement' : undefined);
      }
    }
  },

  explain: ({ problem, word }) => ({
    what: {
      'begins in tool': 'The tool runs this file in a transaction already: BEGIN begins nothing.',
      'begins twice': 'A transaction is open already: this BEGIN begins nothing, and the next COMMIT ends all of it.',
      'ends tool': `The tool runs this file in a transaction, and this ${word} ends it.`,
      'ends nothing': `No transaction is open where this ${word} stands, so it does nothing.`,
    }[problem],
    why:
      problem === 'ends tool'
        ? 'What follows runs outside of it, and stays half done when a statement fails.'
        : 'What is rolled back or kept after a failure is not what the file says.',
    remedy:
      problem === 'ends tool' || problem === 'begins in tool'
        ? 'Leave the transaction to the tool.'
        : 'Take it out, or use SAVEPOINT.',
    related: [],
  }),

  fix: ({ change: { operation, statement, ...rest } }) => {
    const { start, end } = operation.statement;
    const behind = /^;?[ \t]*\n?/.exec(statement.textOf({ start: end, end: end + 80 }))?.[0].length ?? 0;
    return statement.inCode
      ? []
      : rewriteIn({ operation, statement, ...rest }, 'Take it out', [
          { span: { start, end: end + behind }, newText: '' },
        ]);
  },
});
