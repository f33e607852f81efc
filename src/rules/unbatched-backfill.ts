/**
 * A table that is written as a whole in one statement.
 *
 * Every row is locked until the last one is written, the old versions stay in the table, and replicas wait for all of it at once.
 * In the transaction of a schema change its lock is held as long, and nobody reads the table. Tables that the configuration
 * declares to have at most 10,000 rows are left alone.
 * ## Flags
 * ```sql
 * -- migrate:up
 * ALTER TABLE orders ADD COLUMN currency text;
 * UPDATE orders SET currency = 'EUR';
 * ```
 * ```sql
 * -- migrate:up
 * INSERT INTO order_totals (order_id, total) SELECT order_id, price FROM order_lines;
 * ```
 * ## Stays silent
 * ```sql
 * -- migrate:up
 * UPDATE orders SET currency = 'EUR' WHERE id BETWEEN 1 AND 10000;
 * ```
 * ```sql
 * -- migrate:up
 * UPDATE orders SET currency = 'EUR' WHERE id IN (SELECT id FROM orders WHERE currency IS NULL LIMIT 10000);
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE states (code text);
 * INSERT INTO states (code) VALUES ('open');
 * UPDATE states SET code = upper(code);
 * ```
 * ## When to leave it
 * A table that is small for good: declare it, `"tables": { "currencies": { "rows": 180 } }`. Where it is less than a week old in the
 * history, or its name speaks of definitions (`roles`, `tag_types`), it is information.
 */
import { columnOfId, primaryKeyOf } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import { type Lock, stoppedBy, stopsWriters } from '../catalog/locks';
import type { OperationOf } from '../catalog/operation';
import { type ProposedFix, previewed } from '../engine/finding';
import type { Place } from '../engine/place';
import { inBatches as batchesOf, COMMITS_SINCE } from '../facts/batches';
import { defineRule } from '../facts/rule';
import { changesIn, existed, isSameTable, named, rewriteIn, tableBefore } from '../facts/schemaChanges';
import { asksForExceptions, declaredRows, reachOf, readWhole, wholeWrites } from '../facts/schemaData';
import { locksHeld } from '../facts/schemaLocks';
import type { SchemaChange } from '../facts/schemaScripts';
import { FEW_ROWS, sizeOf, whileSmall } from '../facts/tableSizes';
import type { Dialect } from '../sql/dialect';

const ONE_TRANSACTION = 'replicas get all of it at once.';
const IN_MYSQL = `Every row stays locked until the last one is written, rolling it back takes longer still, and ${ONE_TRANSACTION}`;
const READ_IN_MYSQL = `The rows that it reads stay locked against writes until the last one is written, and ${ONE_TRANSACTION}`;
const IN_ONE = 'One process writes at a time: all others wait until the last row is written.';

/** What a server does meanwhile. */
const UPDATED: Readonly<Record<Dialect, string>> = {
  postgresql: `Every row stays locked until the last one is written, the old versions stay in the table, and ${ONE_TRANSACTION}`,
  mysql: IN_MYSQL,
  mariadb: IN_MYSQL,
  sqlite: IN_ONE,
  transactsql:
    'The locks of so many rows become one on the whole table until the last one is written, and the log keeps all of it.',
};

const INSERTED: Readonly<Record<Dialect, string>> = {
  postgresql: `It is one long transaction: nothing that is deleted meanwhile can be cleaned up, and ${ONE_TRANSACTION}`,
  mysql: READ_IN_MYSQL,
  mariadb: READ_IN_MYSQL,
  sqlite: IN_ONE,
  transactsql: 'It is one long transaction: it locks whole tables, and the log keeps all of it until it ends.',
};

type Writing = SchemaChange<OperationOf<'update' | 'insert'>>;

interface Held {
  readonly lock: Lock;
  readonly by: SchemaChange;
}

export const unbatchedBackfill = defineRule({
  id: 'unbatched-backfill',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const script of facts.schemaScripts) {
      // one process writes, and it has the whole file
      if (script.dialect === 'sqlite') continue;
      for (const change of changesIn(script, 'update', 'insert')) {
        const held = script.dialect === 'postgresql' ? heldBefore(change) : undefined;
        const whole = wholeOf(change, held);
        const size = whole && sizeOf(facts, change, whole);
        if (!size) continue;
        yield {
          at: change.at,
          ...size,
          table: named(whole),
          rows: declaredRows(facts.declaredTables, whole),
          change,
          held,
        };
      }
    }
    for (const { at, relation } of wholeWrites(facts, 'update')) {
      if (relation === undefined) continue;
      const rows = facts.declaredTables?.get(relation)?.rows;
      if (rows === undefined || rows > FEW_ROWS)
        yield { at, table: `\`${relation}\``, rows, change: undefined, held: undefined, smallness: undefined };
    }
  },

  explain: ({ table, rows, change, held, smallness }) => {
    const many = rows === undefined ? '' : ` (${rows.toLocaleString('en')} rows)`;
    const isInsert = change?.operation.kind === 'insert';
    const what = isInsert
      ? `This INSERT … SELECT reads all of ${table}${many} and writes what it gives in one statement.`
      : `This UPDATE writes every row of ${table}${many}${isNarrowed(change) ? ' that its condition meets' : ''} in one statement.`;
    if (held) {
      const of = held.lock.table ? named(held.lock.table) : 'its table';
      return {
        what,
        why: `The transaction holds ${held.lock.mode} on ${of} since an earlier statement: ${stoppedBy(held.lock.mode)} of ${of} waits until the last row is written.${whileSmall({ smallness })}`,
        remedy:
          'Change the schema in one migration, fill in the rows in batches in another, and rely on them in a third.',
        related: [{ at: held.by.at, says: `${held.lock.mode} on ${of} is held from here on` }],
        sketch: sketchOf(change),
      };
    }
    return {
      what,
      why: `${(isInsert ? INSERTED : UPDATED)[change?.script.dialect ?? 'postgresql']}${whileSmall({ smallness })}`,
      remedy: 'Write a few thousand rows at a time, each batch in a transaction of its own.',
      related: [],
      sketch: sketchOf(change),
    };
  },

  fix: ({ change }) =>
    change?.script.dialect === 'postgresql' ? [...inBatches(change), ...inMigrationOfItsOwn(change)] : [],
});

/** The table that is written or read as a whole. */
function wholeOf(change: Writing, held: Held | undefined): QualifiedName | undefined {
  const { operation } = change;
  if (operation.kind === 'update')
    return existed(change, operation.table) &&
      reachOf(operation) !== 'some' &&
      !asksForExceptions({ ...change, operation })
      ? operation.table
      : undefined;
  if (!operation.fromQuery) return undefined;
  // rows of a new table are in nobody's way, unless somebody waits for the transaction
  if (!held && !existed(change, operation.table)) return undefined;
  const read = readWhole(operation);
  return read && existed(change, read) ? read : undefined;
}

/** A condition leaves rows out, if only those that are as they shall be. */
const isNarrowed = (change: Writing | undefined): boolean =>
  change?.operation.kind === 'update' && reachOf(change.operation) !== 'all';

/** The strongest lock that the transaction has taken before, and keeps. */
function heldBefore({ statement, script, operation }: Writing): Held | undefined {
  const number = statement.transaction?.number;
  if (number === undefined) return undefined;
  let held: Held | undefined;
  for (const by of script.changes) {
    if (by.statement.index >= statement.index) break;
    if (by.statement.transaction?.number !== number) continue;
    for (const lock of locksHeld(by))
      if (stopsWriters(lock) && (!held || weightOf(lock, operation.table) > weightOf(held.lock, operation.table)))
        held = { lock, by };
  }
  return held;
}

/** The stronger counts for more; of two, the one on the table that is written. */
const weightOf = ({ mode, table }: Lock, written: QualifiedName): number =>
  (mode === 'ACCESS EXCLUSIVE' ? 2 : 0) + (table && isSameTable(table, written) ? 1 : 0);

function batchOf(dialect: Dialect, table: string, set: string): readonly string[] {
  switch (dialect) {
    case 'mysql':
    case 'mariadb':
      return [`UPDATE ${table} SET ${set} WHERE … LIMIT 5000;`];
    case 'transactsql':
      return [`UPDATE TOP (5000) ${table} SET ${set} WHERE …;`];
    default:
      return [
        `UPDATE ${table} SET ${set}`,
        `WHERE id IN (SELECT id FROM ${table} WHERE … LIMIT 5000 FOR UPDATE SKIP LOCKED);`,
      ];
  }
}

/** The way in three migrations, for the hover. */
function sketchOf(change: Writing | undefined): string {
  const written = change?.operation.kind === 'update' ? change.statement.textOf(change.operation.statement) : undefined;
  const table = change ? change.operation.table.name : 'orders';
  const set = /\bSET\b\s*([\s\S]*?)(?:\s+(?:FROM|WHERE)\b[\s\S]*)?$/i.exec(written ?? '')?.[1]?.replace(/\s+/g, ' ');
  return [
    '```sql',
    '-- 1. a migration that changes the schema, and lets the rows be for now',
    '-- 2. a migration of its own, outside of a transaction: again and again, until it updates nothing',
    ...batchOf(change?.script.dialect ?? 'postgresql', table, set ?? '…'),
    '-- 3. a migration that relies on it: NOT NULL, a constraint, the old column dropped',
    '```',
  ].join('\n');
}

/** `UPDATE … SET … WHERE …` in its parts; nothing for one that says more. */
function partsOf(
  written: string,
): { readonly name: string; readonly set: string; readonly condition?: string } | undefined {
  const parts = /^UPDATE\s+([\w."]+)\s+SET\b\s*([\s\S]*?)(?:\s+WHERE\s+([\s\S]+))?$/i.exec(written);
  if (!parts || /\b(?:FROM|RETURNING)\b/i.test(written) || /\$\$/.test(written)) return undefined;
  const [, name = '', set = '', condition] = parts;
  return { name, set, ...(condition === undefined ? {} : { condition: condition.trim() }) };
}

/**
 * The rows in a new migration, which runs outside of a transaction; this one is left with the schema. Nothing where a later
 * statement of it may rely on the rows.
 */
function inMigrationOfItsOwn(change: Writing): readonly ProposedFix[] {
  const { operation, statement, script } = change;
  if (operation.kind !== 'update' || !script.isNewest || !script.tail || script.isPartial) return [];
  if (script.server < COMMITS_SINCE || statement.inCode || statement.builder || script.statements.length < 2) return [];
  const later = script.changes.filter(each => each.statement.index > statement.index);
  if (later.some(each => !('table' in each.operation) || isOf(each.operation.table, operation.table))) return [];
  const table = tableBefore(change, operation.table);
  const parts = partsOf(statement.textOf(operation.statement));
  const whole = wholeStatement(change);
  const condition = parts?.condition === undefined ? undefined : `(${parts.condition})`;
  const rows = table && parts && batchesOf(table, parts.name, parts.set, condition);
  if (!rows || !whole) return [];
  const name = operation.table.name;
  const added = script.tail.add([
    {
      does: `fill ${name} ${/^\w+/.exec(parts.set)?.[0] ?? 'rows'}`,
      comments: [
        `Fills in the rows of ${name}, 10,000 at a time, outside of a transaction. A migration that relies on them comes behind it.`,
      ],
      up: [rows],
      down: [],
      alone: true,
    },
  ]);
  const title = 'Fill in the rows in batches, in a new migration';
  return added ? [previewed(title, [{ at: whole, newText: '' }, ...added])] : [];
}

const isOf = (name: unknown, table: QualifiedName): boolean =>
  typeof name !== 'object' || name === null || !('name' in name) || isSameTable(name as QualifiedName, table);

/** With the white space before it in its line, and the semicolon and the line break behind it. */
function wholeStatement({ operation, statement }: Writing): Place | undefined {
  const { start, end } = operation.statement;
  const [behind = ''] = /^\s*;[ \t]*\n?/.exec(statement.textOf({ start: end, end: end + 20 })) ?? [];
  const [before = ''] = /[ \t]*$/.exec(statement.textOf({ start: 0, end: start })) ?? [];
  return behind === '' ? undefined : statement.exact({ start: start - before.length, end: end + behind.length });
}

/** One batch after the other, by the primary key where that is one number, each committed by itself. */
function inBatches(change: Writing): readonly ProposedFix[] {
  const { operation, statement, script } = change;
  if (operation.kind !== 'update' || statement.transaction || script.wraps || script.server < COMMITS_SINCE) return [];
  const table = tableBefore(change, operation.table);
  const key = table && primaryKeyOf(table);
  const [first, more] = key?.columns ?? [];
  const column = table && first !== undefined && more === undefined ? columnOfId(table, first) : undefined;
  if (
    !column ||
    !/^(?:smallint|integer|bigint)$/.test(column.type?.name ?? '') ||
    !/^[a-z_][a-z0-9_]*$/.test(column.name)
  )
    return [];
  const written = statement.textOf(operation.statement);
  const parts = partsOf(written);
  if (!parts) return [];
  const { name, set, condition } = parts;
  return rewriteIn(change, 'Update in batches of 10,000, each committed by itself', [
    {
      span: operation.statement,
      newText: [
        'DO $$',
        'DECLARE',
        '  batch_from bigint;',
        '  batch_to bigint;',
        'BEGIN',
        `  SELECT min(${column.name}), max(${column.name}) INTO batch_from, batch_to FROM ${name};`,
        '  WHILE batch_from <= batch_to LOOP',
        `    UPDATE ${name} SET ${set}`,
        `    WHERE ${column.name} BETWEEN batch_from AND batch_from + 9999${condition === undefined ? '' : ` AND (${condition})`};`,
        '    COMMIT;',
        '    batch_from := batch_from + 10000;',
        '  END LOOP;',
        'END $$',
      ].join('\n'),
    },
  ]);
}
