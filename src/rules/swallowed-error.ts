/**
 * An error of a query, or of a call of another service, that nobody gets to know of.
 *
 * The request is answered as if all had gone well, the row is not there, and no log says since when. What was lost shows
 * weeks later, in the numbers. A promise that is dropped is worse: the caller goes on before the write has happened, and
 * when it fails, the rejection that nobody handles ends the process.
 * ## Flags
 * ```ts
 * try {
 *   await pool.query('UPDATE stock SET quantity = quantity - $1 WHERE sku = $2', [quantity, sku]);
 * } catch (error) {}
 * ```
 * ```ts
 * await pool.query('INSERT INTO payment (order_id, cents) VALUES ($1, $2)', [orderId, cents]).catch(() => {});
 * ```
 * ```ts
 * import { Pool } from 'pg';
 *
 * const pool = new Pool(settings);
 * async function place(order: Order) {
 *   pool.query('INSERT INTO orders (id, total) VALUES ($1, $2)', [order.id, order.total]);
 *   return order.id;
 * }
 * ```
 * ## Stays silent
 * ```ts
 * try {
 *   await pool.query('UPDATE stock SET quantity = quantity - $1 WHERE sku = $2', [quantity, sku]);
 * } catch (error) {
 *   logger.error(error);
 * }
 * ```
 * ```ts
 * try {
 *   await pool.query('INSERT INTO tag (name) VALUES ($1)', [name]);
 * } catch {
 *   // another request was faster, and the tag is there: that is all we want
 * }
 * ```
 * ```ts
 * await client.query('ROLLBACK').catch(() => {});
 * ```
 * ## When to leave it
 * Work that may fail without anyone missing it: say so in a comment where the error is caught, and nothing is reported.
 */
import type { ErrorHandler } from '../facts/errorHandlers';
import { defineRule } from '../facts/rule';
import { handleError } from './fixes/handleError';

export const swallowedError = defineRule({
  id: 'swallowed-error',
  level: 'warning',
  concern: 'errors',

  *check({ errorHandlers, inMigration, pathKind, writer }) {
    // what fails in a test is looked at, or is meant to fail
    if (pathKind === 'test') return;
    for (const handler of errorHandlers) {
      if (!isSwallowed(handler)) continue;
      const { evidence, kind } = handler.work;
      const lowered = [
        evidence === 'manifest',
        // another service is down more often, and missed less
        kind !== 'query',
        // each database takes a migration once, and somebody watches
        inMigration,
      ];
      yield { at: handler.at, loweredBy: lowered.filter(each => each).length, handler, writer };
    }
  },

  explain: ({ handler }) => ({
    what: whatHappens(handler),
    why: WHY[handler.form](handler),
    remedy: remedyFor(handler),
    related: [
      ...(handler.form === 'dropped' || handler.form === 'unsent'
        ? []
        : [{ at: handler.work.at, says: `\`${handler.work.label}\` may fail` }]),
      ...handler.work.callPath,
    ],
  }),

  fix: ({ handler, writer }) => handleError(handler, writer),
});

function isSwallowed({ treatment, reason, expected, work, form }: ErrorHandler): boolean {
  if (reason !== undefined || expected) return false;
  if (form !== 'catch' && form !== 'promise') return true;
  switch (treatment) {
    case 'handled':
      return false;
    case 'empty':
    case 'cleans-up':
      return true;
    // what is not found and what cannot be read look alike to the caller, which may be meant
    case 'leaves':
    case 'default':
      return work.operation === 'write' && work.kind === 'query';
  }
}

const DOES: Readonly<Record<ErrorHandler['work']['kind'], string>> = {
  query: 'the query',
  http: 'the call of the other service',
  queue: 'the message',
  mail: 'the mail',
  file: 'the file',
};

function whatHappens({ form, treatment, work }: ErrorHandler): string {
  const { label } = work;
  switch (form) {
    case 'unsent':
      return `\`${label}\` is built and never sent: its statement goes out when it is awaited, and nothing awaits it.`;
    case 'dropped':
      return `Nothing waits for \`${label}\`: when this write fails, its error reaches nobody.`;
    case 'callback':
      return `The error of \`${label}\` is not looked at.`;
    case 'catch':
    case 'promise':
      switch (treatment) {
        case 'cleans-up':
          return `When \`${label}\` fails, this cleans up and goes on as if nothing had happened.`;
        case 'default':
          return `When \`${label}\` fails, the caller gets an ordinary value, and the error is gone.`;
        default:
          return `When \`${label}\` fails, the error is dropped here.`;
      }
  }
}

const missed = ({ work }: ErrorHandler): string => {
  if (work.operation === 'write' && work.kind === 'query')
    return `The caller believes that ${work.relation === undefined ? 'it was written' : `\`${work.relation}\` was written`}, and no log says that it was not.`;
  return `Nobody learns that ${DOES[work.kind]} failed, nor why.`;
};

const WHY: Readonly<Record<ErrorHandler['form'], (handler: ErrorHandler) => string>> = {
  catch: missed,
  promise: missed,
  callback: ({ work, asksForResult }) =>
    work.operation === 'write'
      ? 'The code behind it runs as if the row had been written.'
      : asksForResult
        ? 'A query that failed is then taken for one that found nothing.'
        : 'There is no result then, and the code behind it reads one.',
  dropped: () => 'The caller goes on before the row is there, and a rejection that nobody handles ends the process.',
  unsent: () => 'The row is never written, and no error says so.',
};

function remedyFor({ form, treatment }: ErrorHandler): string {
  if (form === 'unsent') return 'Await it.';
  if (form === 'dropped') return 'Await it, or handle its error where it is dropped.';
  if (form === 'callback') return 'Look at the error before anything else.';
  return treatment === 'cleans-up'
    ? 'Throw the error again behind the clean-up.'
    : 'Log it or let it pass; where it may be ignored, say why in a comment.';
}
