/**
 * A connection that is taken and, on some way out, not given back.
 *
 * A pool holds ten connections or so. Each time a query fails between `connect()` and `release()`, or a function returns
 * early, one of them is gone; after the tenth time every request waits for a connection that never comes, and nothing in the
 * log says why. The review follows the ways out of the function: returns, errors, turns of a loop, callbacks.
 * ## Flags
 * ```ts
 * import { Pool } from 'pg';
 *
 * const pool = new Pool();
 *
 * export async function rename(id: string, name: string) {
 *   const client = await pool.connect();
 *   await client.query('UPDATE users SET name = $1 WHERE id = $2', [name, id]);
 *   client.release();
 * }
 * ```
 * ```ts
 * import { Pool } from 'pg';
 *
 * const pool = new Pool();
 *
 * export async function ship(id: string) {
 *   const client = await pool.connect();
 *   try {
 *     const { rows } = await client.query('SELECT shipped FROM orders WHERE id = $1', [id]);
 *     if (rows[0].shipped) return false;
 *     await client.query('UPDATE orders SET shipped = true WHERE id = $1', [id]);
 *     client.release();
 *     return true;
 *   } catch (error) {
 *     client.release();
 *     throw error;
 *   }
 * }
 * ```
 * ## Stays silent
 * ```ts
 * import { Pool } from 'pg';
 *
 * const pool = new Pool();
 *
 * export async function rename(id: string, name: string) {
 *   const client = await pool.connect();
 *   try {
 *     await client.query('UPDATE users SET name = $1 WHERE id = $2', [name, id]);
 *   } finally {
 *     client.release();
 *   }
 * }
 * ```
 * ## When to leave it
 * A connection that lives as long as the process, such as one that listens for notifications. A function that gives it to its
 * caller under another name is not recognised always: say so where it stands.
 */
import type { Acquisition, Leak } from '../facts/facts';
import { defineRule } from '../facts/rule';
import { releaseInFinally } from './fixes/releaseInFinally';

export const connectionLeak = defineRule({
  id: 'connection-leak',
  level: 'warning',
  concern: 'errors',

  *check({ acquisitions, writer }) {
    for (const acquisition of acquisitions) {
      const [leak] = acquisition.leaks;
      if (!leak) continue;
      // it is closed when nothing holds it any more, if not at once
      const loweredBy = acquisition.collected ? 1 : 0;
      yield { at: acquisition.at, loweredBy, acquisition, leak, writer };
    }
  },

  explain: ({ acquisition, leak }) => ({
    what: whatHappens(acquisition, leak),
    why: whyItMatters(acquisition, leak),
    remedy: remedyFor(acquisition, leak),
    related: relatedTo(acquisition),
  }),

  fix: ({ acquisition, writer }) => releaseInFinally(acquisition, writer),
});

function whatHappens({ label, takes, release, name, isReleased }: Acquisition, leak: Leak): string {
  const taken = `\`${label}\` takes a ${takes}`;
  if (leak.kind === 'unnamed') return `${taken} that nothing holds, so nothing can give it back.`;
  if (!isReleased) return `${taken} that is never given back: \`${release}\` is missing.`;
  switch (leak.kind) {
    case 'again':
      return `${taken} in every turn of the loop, and some turns go on without \`${release}\`.`;
    case 'error':
      return leak.failing === undefined
        ? `${taken} that is not given back when something fails before \`${release}\`.`
        : `${taken} that is not given back when \`${leak.failing}\` fails: \`${release}\` is skipped.`;
    case 'throw':
      return `${taken}, and the error that is thrown further down leaves without \`${release}\`.`;
    case 'return':
      return leak.caught
        ? `${taken}; when \`${leak.caught.label}\` fails, the function returns without \`${release}\`.`
        : `${taken}, and a return further down leaves without \`${release}\`.`;
    default:
      return leak.caught
        ? `${taken}; when \`${leak.caught.label}\` fails, \`${name ?? 'it'}\` is not given back.`
        : `${taken} that is not given back on every way through the function.`;
  }
}

function whyItMatters({ takes, pooled, collected }: Acquisition, leak: Leak): string {
  if (collected) return 'It stays open until the program happens to collect it, which after an error may be long.';
  const each = leak.kind === 'error' || leak.caught ? 'Each failure' : 'Each time';
  if (takes === 'cursor' || takes === 'statement') return `${each} keeps it, and its connection, open on the server.`;
  if (takes === 'session') return `${each} leaves a session open on the server until it times out.`;
  return pooled
    ? `${each} costs the pool a connection; when all are gone, every request waits for one.`
    : `${each} leaves a connection open; the server allows only so many.`;
}

function remedyFor({ release, name }: Acquisition, leak: Leak): string {
  if (leak.kind === 'unnamed')
    return 'Keep it in a variable and give it back in `finally`, or run the query on the pool.';
  return name === undefined ? 'Give it back in `finally`.' : `Call \`${release}\` in \`finally\`.`;
}

/** The ways out that keep it, at most three. */
function relatedTo({ leaks, release }: Acquisition): readonly { at: Leak['at']; says: string }[] {
  return leaks.slice(0, 3).flatMap(({ kind, at, caught }) => {
    if (kind === 'unnamed' || kind === 'again') return [];
    const says = kind === 'error' ? `an error here skips \`${release}\`` : `leaves here without \`${release}\``;
    return [...(caught ? [{ at: caught.at, says: 'when this fails' }] : []), { at, says }];
  });
}
