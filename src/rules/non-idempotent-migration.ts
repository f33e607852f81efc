/**
 * A statement that fails when the migration is tried again.
 *
 * Outside of a transaction what is done stays done. When a later statement fails, or the connection breaks, the tool runs the
 * migration again from its start, and it fails at what is there already; somebody has to clear up by hand, in production.
 * ## Flags
 * ```sql
 * CREATE INDEX CONCURRENTLY orders_note_idx ON orders (note);
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE IF NOT EXISTS shipments (id bigint);
 * ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;
 * ```
 * ```sql
 * BEGIN;
 * CREATE TABLE shipments (id bigint);
 * ALTER TABLE orders ADD COLUMN note text;
 * COMMIT;
 * ```
 * ## When to leave it
 * A script that is run once, by somebody who watches.
 */

import { suggestion } from '../engine/finding';
import { defineRule } from '../facts/rule';
import { insertion, rewriteSent } from '../facts/schemaChanges';
import { unrepeatable } from '../facts/schemaRepetition';
import type { SchemaChange, SchemaScript } from '../facts/schemaScripts';

export const nonIdempotentMigration = defineRule({
  id: 'non-idempotent-migration',
  level: 'info',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const script of schemaScripts) {
      if (script.dialect !== 'postgresql') continue;
      const isAlone = statementsOf(script) < 2;
      for (const change of script.changes) {
        if (change.statement.transaction || change.statement.caught) continue;
        if (isAlone && !isConcurrent(change.operation)) continue;
        if (isLastAndOnIndex(change)) continue;
        if (isAsked(change)) continue;
        const problem = unrepeatable(change);
        if (problem) yield { at: change.at, change, problem };
      }
    }
  },

  explain: ({ problem: { command, what, makes, word, caught } }) => ({
    what: `${command} \`${what}\` runs outside of a transaction, and fails when the migration is run again.`,
    why: `If it breaks off after this, the next try stops here, ${makes ? 'since the object is there' : 'since the object is gone'}.`,
    remedy: word
      ? `Use ${command}${word.text === ' OR REPLACE' ? '' : word.text}${word.text === ' OR REPLACE' ? ' with OR REPLACE' : ''}, or a transaction.`
      : caught
        ? 'Create it in a DO block that passes over duplicate_object, or in a transaction.'
        : 'Drop what may be there before it, with IF EXISTS, or use a transaction.',
    related: [],
  }),

  fix: ({ change, problem }) => {
    const { operation, statement, script } = change;
    const { word, clears, clearsInside, caught } = problem;
    if (word) {
      const own = statement.builder?.()?.repeatable;
      const title = `Write${word.text}`;
      if (own) return [suggestion(own.since === undefined ? title : `${title} (from ${own.since} on)`, own.edits)];
      return rewriteSent(change, title, [insertion(word.at, word.text)]);
    }
    // sent together with what works CONCURRENTLY it would make one transaction
    if (clears !== undefined)
      return isConcurrent(operation) && (statement.inCode || script.wraps !== undefined)
        ? []
        : rewriteSent(change, 'Drop what may be there before it', [
            insertion(operation.statement.start, `${clears};${statement.lineBreak}`),
          ]);
    if (clearsInside !== undefined)
      return rewriteSent(change, 'Drop what may be there in the same statement', [
        insertion(operation.span.start, clearsInside),
      ]);
    if (!caught) return [];
    const [before, after] = ['DO $$ BEGIN ', '; EXCEPTION WHEN duplicate_object THEN NULL; END $$'];
    return /\$\$/.test(statement.sql)
      ? []
      : rewriteSent(change, 'Pass over what is there already', [
          insertion(operation.statement.start, before),
          insertion(operation.statement.end, after),
        ]);
  },
});

/** It runs only where what it makes, or is made with, is not there yet: not a second time. */
const isAsked = ({ statement: { guards = [] } }: SchemaChange): boolean =>
  guards.some(({ exists, column }) => !exists || column !== undefined);

/** Those after which something may be left half done. */
const statementsOf = ({ statements }: SchemaScript): number =>
  statements.filter(({ operations }) =>
    operations.some(({ kind }) => kind !== 'setParameter' && kind !== 'transaction' && kind !== 'query'),
  ).length;

/** A key on an index that is built before it, and nothing behind it that could fail. */
const isLastAndOnIndex = ({ operation, statement, script }: SchemaChange): boolean =>
  operation.kind === 'addConstraint' &&
  /\bUSING\s+INDEX\b/i.test(statement.textOf(operation.span)) &&
  statement.index === script.statements.length - 1;

/** What works CONCURRENTLY leaves something behind when it fails. */
const isConcurrent = (operation: object): boolean =>
  'concurrently' in operation && operation.concurrently !== undefined;
