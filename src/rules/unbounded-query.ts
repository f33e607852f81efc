/**
 * A list that is read whole, however long it has become.
 *
 * A table of 200 rows answers in a millisecond; three years later the same call loads 2,000,000 of them into memory, holds
 * its connection for as long, and sends a response that no client wants. Only queries without any condition and bound
 * count, whose rows go to a client or to whoever calls the function.
 * ## Flags
 * ```ts
 * import express from 'express';
 *
 * const app = express();
 * app.get('/orders', async (req, res) => {
 *   const { rows } = await pool.query('SELECT * FROM orders ORDER BY created_at DESC');
 *   res.json(rows);
 * });
 * ```
 * ```ts
 * import { PrismaClient } from '@prisma/client';
 *
 * const prisma = new PrismaClient();
 * export const listInvoices = () => prisma.invoice.findMany({ orderBy: { id: 'desc' } });
 * ```
 * ```ts
 * import knex from 'knex';
 *
 * const db = knex({ client: 'pg' });
 * export async function allCustomers() {
 *   return await db('customers').select('id', 'name');
 * }
 * ```
 * ## Stays silent
 * ```ts
 * export const page = (after: number) =>
 *   pool.query('SELECT * FROM orders WHERE id > $1 ORDER BY id LIMIT 100', [after]);
 * ```
 * ```ts
 * export const countries = () => pool.query('SELECT code, name FROM countries ORDER BY name');
 * ```
 * ```ts
 * export async function total() {
 *   const { rows } = await pool.query('SELECT count(*) FROM orders');
 *   return rows[0];
 * }
 * ```
 * ## When to leave it
 * A table that stays small by its nature; a job that has to see every row, and has the memory for it. How large a table is
 * can be said once, in `backend-reviewer.json`: `"tables": { "depot": { "rows": 40 } }`. Up to 1,000 rows are few.
 */
import { type ProposedFix, suggestion } from '../engine/finding';
import { fileOf, type Place } from '../engine/place';
import type { Facts, QueryExecution, WholeRead } from '../facts/facts';
import { defineRule } from '../facts/rule';
import { isSmallByName, wordsOf } from '../facts/smallTables';
import type { SqlFileQuery } from '../facts/sqlFiles';

const BOUND = 100;

export const unboundedQuery = defineRule({
  id: 'unbounded-query',
  level: 'info',
  concern: 'performance',

  *check({ wholeReads, sqlQueries, inMigration, pathKind, parser, declaredTables }) {
    if (inMigration || pathKind !== 'production') return;
    for (const query of sqlQueries) {
      const { statement, name, at } = query;
      if (!isWholeRead(query) || wantsAll({ within: name ?? nameOfFile(at.unit) })) continue;
      const rows = rowsDeclared({ statement }, declaredTables);
      if (rows === undefined ? isFew({ statement, label: '' }) : rows <= FEW) continue;
      yield { at, loweredBy: 0, read: { query, reaches: undefined }, parser };
    }
    for (const read of wholeReads) {
      const { query } = read;
      const rows = rowsDeclared(query, declaredTables);
      if ((rows === undefined ? isFew(query) : rows <= FEW) || wantsAll(query)) continue;
      yield { at: query.at, loweredBy: query.evidence === 'manifest' ? 1 : 0, read, parser };
    }
  },

  explain: ({ read: { query, reaches } }) => {
    const relation = ('relation' in query ? query.relation : undefined) ?? query.statement?.from[0]?.name;
    const who = 'label' in query ? `\`${query.label}\`` : query.name ? `\`${query.name}\`` : 'This query';
    return {
      what: `${who} reads every row${relation ? ` of \`${relation}\`` : ''}${
        reaches === 'response' ? ', and the response holds them all' : ''
      }: it has neither a condition nor a limit.`,
      why: 'It gets slower with every row that is added, and each caller holds the whole table in memory.',
      remedy: 'Read one page at a time: a limit, and the last key of the page before as its condition.',
      related: [],
    };
  },

  fix: ({ read, parser }) => (read.reaches === undefined ? [] : boundOf(read, parser)),
});

/** A query that code takes from a file of SQL, and that gives every row of a table. */
function isWholeRead({ statement, isTaken, isView, comment }: SqlFileQuery): boolean {
  const { kind, reads, from, hasWhere, limited, aggregated, grouped, distinct, combined, locking, outputs } = statement;
  if (!isTaken || isView || kind !== 'select' || /:(?:one|exec\w*|\?)(?![\w-])/.test(comment)) return false;
  if (hasWhere || limited || aggregated || grouped || distinct || combined || locking) return false;
  return from.length > 0 && from.every(({ name }) => name !== '') && reads.length === from.length && outputs.length > 0;
}

const nameOfFile = (unit: Place['unit']): string =>
  fileOf(unit)
    .replace(/^.*\//, '')
    .replace(/\.sql$/i, '');

/** A table of so many rows may be read whole. */
const FEW = 1000;

/** How many rows the configuration says that its largest table has, where it says that of all. */
function rowsDeclared(
  { relation, statement }: Pick<QueryExecution, 'relation' | 'statement'>,
  tables: Facts['declaredTables'],
): number | undefined {
  if (!tables || tables.size === 0) return undefined;
  const read = statement?.from ?? [];
  const rows = read.length
    ? read.map(({ schema, name }) => (tables.get(`${schema ?? 'public'}.${name}`) ?? tables.get(name))?.rows)
    : [relation === undefined ? undefined : tables.get(relation)?.rows];
  return rows.every(each => each !== undefined) ? Math.max(...rows) : undefined;
}

/** Tables that stay small by what they hold, and catalogs of the database. */
function isFew({ relation, statement, label }: Pick<QueryExecution, 'relation' | 'statement' | 'label'>): boolean {
  const tables = statement?.from ?? [];
  const names = relation === undefined && tables.length === 0 ? [ownerIn(label)] : [relation ?? ''];
  return (
    [...names, ...tables.map(({ name }) => name)].some(name => isSmallByName(name) || CATALOG.test(name)) ||
    tables.some(({ schema }) => schema !== undefined && CATALOG.test(`${schema}.`))
  );
}

/** `role` of `this.roleRepository.find()`. */
const ownerIn = (label: string): string =>
  (label.split('.').at(-2) ?? '').replace(/(?:_?(?:repository|repo|model|dao|store|table|collection))$/i, '');

/** What its function is called says that it wants the whole. */
const wantsAll = ({ within = '' }: Pick<QueryExecution, 'within'>): boolean =>
  wordsOf(within).some(word => WANTS_ALL.test(word));

const CATALOG = /^(?:pg_|information_schema|sqlite_|sys\.|mysql\.|performance_schema)/i;

const WANTS_ALL =
  /^(?:exports?|exported|exporter|dump|backup|snapshot|archive|stream|sync|synchronize|migrate|migration|seed|seeds|import|reindex|rebuild|recalculate|backfill|sitemap|feed|csv|report|cron|job|jobs|worker|schedule|scheduled|cache|cached|warm|warmup|preload|load|init|initialize|setup|bootstrap|startup|refresh|cleanup|purge|check|verify|validate|test|debug|script|map|tree|options|dropdown|lookup|distinct|unique|count|stats|statistics|summary|metrics)$/;

/** A limit at the end of a statement that stands in one literal, or as one of the call's options. */
function boundOf({ query }: WholeRead, parser: Facts['parser']): readonly ProposedFix[] {
  const { rows, rewrite, sql, dialect } = query;
  if (!sql) {
    const place = rows?.limitsAt;
    if (!place) return [];
    const { at, option, before, after } = place;
    return [suggestion(`Add ${option}: ${BOUND}`, [{ at, newText: `${before}${option}: ${BOUND}${after}` }])];
  }
  const text = rewrite?.textExpression;
  const literal = text && /^(['"`])((?:(?!\1)[^\\$])*?)(\s*;?\s*)\1$/.exec(text.source);
  const reader = parser(dialect);
  if (!literal || !reader || dialect === 'transactsql') return [];
  const [, quote = '', statement = '', end = ''] = literal;
  const [bounded, ...more] = reader.read(`${statement} LIMIT ${BOUND}${end}`);
  if (more.length > 0 || !bounded?.limited || statement.includes('--')) return [];
  const start = text.at.start + quote.length + statement.length;
  const at = { ...text.at, start, end: start };
  return [suggestion(`Add LIMIT ${BOUND}`, [{ at, newText: ` LIMIT ${BOUND}` }])];
}
