/**
 * What a migration of Payload sends: SQL, by the database of Drizzle that it is handed.
 * Source: payloadcms.com/docs/database/migrations, and @payloadcms/drizzle 3, migrate.js and utilities/getTransaction.js.
 */
import type { Chain, ChainStep, Entry, Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { argument, NotTranslated, type Translator, type Write, writeText } from './translation';

/** Drizzle's calls that send a text: on PostgreSQL the first, on SQLite the others. */
const SENDS = new Set(['execute', 'run', 'all', 'get', 'values']);
/** Statements that Drizzle builds, which read and write rows. */
const READS_ROWS = new Set(['select', 'selectDistinct', '$count', 'query', '$with', 'with']);
const WRITES_ROWS = new Set(['insert', 'update', 'delete']);
/** Payload's own operations that look. */
const LOOKS = /^(?:find|count|get|auth)/;

/** It has no questions of its own: what is asked is asked in SQL. */
const ASKS: Asks = { table: new Set(), column: new Set() };

export const payloadTranslator: Translator = {
  acts: root => root.kind === 'parameter',
  translate,
};

/** The database that is handed over is in the transaction of the migration; Payload's own is another connection. */
export const sendsInTransaction = (entries: readonly Entry[]): boolean =>
  entries.some(entry => entry.kind === 'chain' && partsOf(entry).object === 'db');

interface Parts {
  /** What is called: the database of the migration, Payload's own, its pool, or Payload. */
  readonly object: 'db' | 'drizzle' | 'pool' | 'payload' | 'logger' | 'other';
  /** From the first call on. */
  readonly calls: readonly ChainStep[];
}

/** `db.execute(…)`, `payload.db.drizzle.execute(…)`, `args.payload.update(…)`, and what `db.transaction(tx => …)` hands over. */
function partsOf({ root, steps }: Chain): Parts {
  const first = steps.findIndex(step => step.arguments !== undefined);
  const called = first < 0 ? [] : steps.slice(first);
  const read = (first < 0 ? steps : steps.slice(0, first)).map(({ name }) => name);
  // of a query of Drizzle's, `db.query.orders.findMany()`, the first member tells
  const query = read.indexOf('query');
  const calls = query < 0 ? called : steps.slice(steps.findIndex(({ name }) => name === 'query'));
  if (root.kind !== 'parameter') return { object: 'other', calls };
  if (root.of !== 'migration') return { object: 'db', calls };
  const path = [...(root.key === undefined ? [] : [root.key]), ...(query < 0 ? read : read.slice(0, query))].join('.');
  return { object: OBJECTS[path.replace(/^req\./, '')] ?? 'other', calls };
}

const OBJECTS: Readonly<Record<string, Parts['object'] | undefined>> = {
  db: 'db',
  'payload.db.drizzle': 'drizzle',
  'payload.db.pool': 'pool',
  payload: 'payload',
  'payload.logger': 'logger',
};

function translate(chain: Chain, plainWrite: Write): void {
  const { object, calls } = partsOf(chain);
  const [first] = calls;
  if (!first) return;
  const write = guardedWrite(chain, ASKS, plainWrite);
  switch (object) {
    case 'payload':
      if (!LOOKS.test(first.name)) write.rows(first);
      return;
    case 'logger':
      return;
    case 'pool':
      if (first.name !== 'query') throw new NotTranslated(`\`${first.name}\``);
      writeText(argument(first, 0), 'query', first, write);
      return;
    case 'db':
    case 'drizzle':
      onDatabase(first, write);
      return;
    default:
      // what Payload keeps beside its database
      throw new NotTranslated(`\`${first.name}\``);
  }
}

function onDatabase(call: ChainStep, write: Write): void {
  if (call.name === 'transaction') write.all(call.inner);
  else if (SENDS.has(call.name)) writeText(textOf(argument(call, 0)), call.name, call, write);
  else if (WRITES_ROWS.has(call.name)) write.rows(call);
  else if (!READS_ROWS.has(call.name)) throw new NotTranslated(`\`${call.name}\``);
}

/** The text in `` sql`…` `` and `sql.raw('…')`. */
function textOf(value: Value | undefined): Value | undefined {
  if (value?.kind !== 'chain' || value.root.kind !== 'import') return value;
  const made = value.steps.findLast(step => step.arguments !== undefined);
  return made && (made.name === 'sql' || made.name === 'raw') ? argument(made, 0) : undefined;
}
