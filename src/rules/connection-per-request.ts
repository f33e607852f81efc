/**
 * A pool, a connection or an ORM's client that every request makes anew.
 *
 * Each one opens connections of its own: a TCP and a TLS handshake, a password check, a new process in PostgreSQL, 20 to 100
 * milliseconds before the first query. Under load they add up to more than the server allows, and then all requests fail.
 * One pool for the whole process serves them all.
 * ## Flags
 * ```ts
 * import express from 'express';
 * import { Pool } from 'pg';
 *
 * const app = express();
 *
 * app.get('/orders', async (req, res) => {
 *   const pool = new Pool();
 *   const { rows } = await pool.query('SELECT * FROM orders WHERE id = $1', [req.query.id]);
 *   res.json(rows);
 * });
 * ```
 * ```ts
 * import { PrismaClient } from '@prisma/client';
 *
 * export async function handler(event: { id: string }) {
 *   const prisma = new PrismaClient();
 *   return prisma.order.findUnique({ where: { id: event.id } });
 * }
 * ```
 * ## Stays silent
 * ```ts
 * import express from 'express';
 * import { Pool } from 'pg';
 *
 * const app = express();
 * const pool = new Pool();
 *
 * app.get('/orders', async (req, res) => {
 *   const { rows } = await pool.query('SELECT * FROM orders WHERE id = $1', [req.query.id]);
 *   res.json(rows);
 * });
 * ```
 * ```ts
 * import { PrismaClient } from '@prisma/client';
 *
 * let prisma: PrismaClient | undefined;
 *
 * export async function handler(event: { id: string }) {
 *   prisma ??= new PrismaClient();
 *   return prisma.order.findUnique({ where: { id: event.id } });
 * }
 * ```
 * ```ts
 * import express from 'express';
 * import { Client } from 'pg';
 *
 * const app = express();
 *
 * app.post('/setup/try', async (req, res) => {
 *   const { host, user, password } = req.body;
 *   const client = new Client({ host, user, password });
 *   await client.connect();
 *   await client.end();
 *   res.json({ ok: true });
 * });
 * ```
 * ## When to leave it
 * A route that is called once in a while, where a pool would stand idle.
 */
import type { ConnectionMade } from '../facts/facts';
import { defineRule } from '../facts/rule';

export const connectionPerRequest = defineRule({
  id: 'connection-per-request',
  level: 'warning',
  concern: 'performance',

  *check({ madePerRequest }) {
    for (const made of madePerRequest) yield { at: made.at, made };
  },

  explain: ({ made }) => ({
    what: `\`${made.label}\` ${WHAT[made.makes]} for every request.`,
    why: WHY[made.makes],
    remedy: REMEDY[made.makes],
    related: relatedTo(made),
  }),
});

const WHAT: Readonly<Record<ConnectionMade['makes'], string>> = {
  pool: 'makes a new pool',
  connection: 'opens a new connection',
  client: 'makes a new client, with connections of its own,',
};

const WHY: Readonly<Record<ConnectionMade['makes'], string>> = {
  pool: 'Each pool opens connections of its own: under load the server runs out of them.',
  connection:
    'Each request waits for a handshake and a login first, and under load the server runs out of connections.',
  client: 'Each client opens connections of its own: under load the server runs out of them.',
};

const REMEDY: Readonly<Record<ConnectionMade['makes'], string>> = {
  pool: 'Make one pool when the process starts, and share it.',
  connection: 'Take one from a pool that the process makes once.',
  client: 'Make one when the process starts, and share it.',
};

function relatedTo({ at, perRequest }: ConnectionMade): readonly { at: ConnectionMade['at']; says: string }[] {
  if (!perRequest) return [];
  const isMarked = at.unit === perRequest.madeAt.unit && at.start === perRequest.madeAt.start;
  return [...perRequest.path, ...(isMarked ? [] : [{ at: perRequest.madeAt, says: 'it is made here' }])];
}
