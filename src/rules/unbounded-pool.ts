/**
 * A pool without a limit that the library leaves open, or with more connections than a server can serve.
 *
 * Without a time limit for getting a connection, requests queue up behind a slow database until the process runs out of
 * memory or the load balancer gives up, and no error says what they wait for. A maximum of hundreds per process, times the
 * number of processes, is more than PostgreSQL allows (100 by default), and the last ones to start get none.
 * ## Flags
 * ```ts
 * import { Pool } from 'pg';
 *
 * export const pool = new Pool({ connectionString: process.env.DATABASE_URL });
 * ```
 * ```ts
 * import { Pool } from 'pg';
 *
 * export const pool = new Pool({ max: 500, connectionTimeoutMillis: 5000 });
 * ```
 * ## Stays silent
 * ```ts
 * import { Pool } from 'pg';
 *
 * export const pool = new Pool({ max: 20, idleTimeoutMillis: 30_000, connectionTimeoutMillis: 5_000 });
 * ```
 * ```ts
 * import { Pool } from 'pg';
 * import { settings } from './settings';
 *
 * export const pool = new Pool(settings.database);
 * ```
 * ## When to leave it
 * A pool behind a proxy that sets the limits. A process that may wait for ever, such as a worker at night.
 */
import { suggestion } from '../engine/finding';
import type { PoolMade } from '../facts/facts';
import { defineRule } from '../facts/rule';

/** What PostgreSQL and MySQL allow in all, unless told otherwise, is 100 and 151. */
const MOST = 100;

export const unboundedPool = defineRule({
  id: 'unbounded-pool',
  level: 'info',
  concern: 'performance',

  *check({ pools, writer }) {
    for (const pool of pools) {
      if (pool.max && pool.max.value > MOST) yield { at: pool.max.at, pool, excess: pool.max, writer };
      else if (pool.missing.length > 0) yield { at: pool.at, pool, excess: undefined, writer };
    }
  },

  explain({ pool, excess }) {
    if (excess)
      return {
        what: `\`${excess.option}: ${excess.value}\` lets one process open ${excess.value} connections.`,
        why: 'A server allows about 100 in all by default; the last processes to start get none.',
        remedy: 'Ten or twenty serve most processes: queries wait in the pool rather than in the server.',
        related: [],
      };
    return { ...missingLimits(pool), related: [] };
  },

  fix({ pool: { missing, insert }, excess, writer }) {
    if (excess || !insert || missing.length === 0) return [];
    const entries = missing.map(({ option, suits }) => writer.entry(option, String(suits)));
    return [
      suggestion(`Set ${missing.map(({ option }) => option).join(' and ')}`, [
        { at: insert.at, newText: `${insert.open}${entries.join(insert.separator)}${insert.close}` },
      ]),
    ];
  },
});

const OPEN: Readonly<Record<PoolMade['missing'][number]['limit'], string>> = {
  max: 'opens as many connections as there are requests',
  idleTimeout: 'keeps idle connections for ever',
  connectionTimeout: 'lets a request wait for ever when all connections are taken',
};

function missingLimits({ label, missing }: PoolMade): { what: string; why: string; remedy: string } {
  return {
    what: `\`${label}\` ${missing.map(({ limit }) => OPEN[limit]).join(' and ')}.`,
    why: 'When the database is slow, requests pile up without an error that says why.',
    remedy: `Set ${missing.map(({ option, suits }) => `\`${option}\`, to ${suits} for example`).join(', and ')}.`,
  };
}
