/**
 * Rows or values that a migration destroys, and nobody has kept.
 *
 * DELETE, TRUNCATE and a narrower type leave nothing to go back to: the way back restores the structure, and the data comes from
 * a backup, with everything that was written since lost. What was copied before, here or in an earlier migration, is kept.
 * ## Flags
 * ```sql
 * -- migrate:up
 * DELETE FROM orders WHERE placed_at < now() - interval '2 years';
 * ```
 * ```sql
 * -- migrate:up
 * TRUNCATE audit_log;
 * ```
 * ```sql
 * //- migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, total numeric(12, 4));
 * //- migrations/2_total.up.sql
 * ALTER TABLE orders ALTER COLUMN total TYPE numeric(12, 2);
 * ```
 * ```sql
 * //- mysql/migrations/1_orders.up.sql
 * CREATE TABLE orders (id bigint PRIMARY KEY, status enum('open','paid','void') NOT NULL);
 * //- mysql/migrations/2_status.up.sql
 * ALTER TABLE orders MODIFY status enum('open','paid') NOT NULL;
 * ```
 * ## Stays silent
 * ```sql
 * -- migrate:up
 * CREATE TABLE orders_archive AS SELECT * FROM orders WHERE placed_at < now() - interval '2 years';
 * DELETE FROM orders WHERE placed_at < now() - interval '2 years';
 * ```
 * ```sql
 * -- migrate:up
 * WITH moved AS (DELETE FROM orders WHERE archived RETURNING *) INSERT INTO orders_archive SELECT * FROM moved;
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TABLE staging (id bigint);
 * TRUNCATE staging;
 * ```
 * ## When to leave it
 * Data that is made again by itself, or that has to go: say why. Rows that a condition names by
 * their key, those that earlier migrations have written themselves, and those that a constraint of the same migration would
 * refuse are an information; what the way back inserts again is none.
 */
import type { QualifiedName, TypeUse } from '../catalog/definition';
import type { DataType } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import { lossOf, type TypeLoss } from '../catalog/typeLoss';
import { lossElsewhere, lostLabels } from '../catalog/typeLossElsewhere';
import { typeInWords } from '../catalog/types';
import type { ProposedFix } from '../engine/finding';
import { defineRule } from '../facts/rule';
import {
  changesIn,
  columnBefore,
  existed,
  insertion,
  isSameTable,
  listed,
  named,
  rewriteIn,
  tableBefore,
} from '../facts/schemaChanges';
import {
  columnsAskedFor,
  isCopiedBefore,
  isForConstraint,
  isOfMigrations,
  isPutBack,
  isWrittenAnew,
  reachOf,
  wholeWrites,
} from '../facts/schemaData';
import type { SchemaChange } from '../facts/schemaScripts';
import { isToolsOwn } from '../migrations/history';
import type { Dialect } from '../sql/dialect';

export const dataLoss = defineRule({
  id: 'data-loss',
  level: 'warning',
  concern: 'errors',

  *check(facts) {
    const { schemaScripts } = facts;
    for (const script of schemaScripts) {
      for (const change of changesIn(script, 'delete')) {
        const { table } = change.operation;
        if (!isLost(change, table) || isPutBack(change)) continue;
        const refused = isForConstraint(change);
        const few = isNamedByKey(change) || isOfMigrations(change);
        yield {
          at: change.at,
          ...(few || refused ? { level: 'info' as const } : {}),
          lost: { kind: 'delete' as const, change, few, refused },
        };
      }
      for (const change of changesIn(script, 'truncate')) {
        const tables = change.operation.tables.filter(table => isLost(change, table));
        if (tables.length > 0) yield { at: change.at, lost: { kind: 'truncate' as const, change, tables } };
      }
    }
    for (const script of schemaScripts)
      for (const change of changesIn(script, 'setColumnType', 'redefineColumn')) {
        const loss = narrowing(change);
        if (loss) yield { at: change.at, lost: { kind: 'narrowed' as const, change, ...loss } };
      }
    for (const query of wholeWrites(facts, 'delete'))
      if (query.relation !== undefined && !isPassing(query.relation))
        yield { at: query.at, lost: { kind: 'call' as const, label: query.label, table: query.relation } };
  },

  explain: ({ lost }) => {
    const copy = 'Copy them into a table of their own first, and drop that one when nobody misses them.';
    switch (lost.kind) {
      case 'delete': {
        const { operation } = lost.change;
        const which = lost.refused
          ? ' that the new constraint would refuse'
          : lost.few || !operation.hasWhere
            ? ''
            : ' that the condition meets';
        const rows = lost.refused || lost.few ? 'rows' : 'every row';
        return {
          what: `This deletes ${rows} of ${named(operation.table)}${which}, and no migration has kept a copy.`,
          why: 'Only a backup brings them back, and what was written since is lost with it.',
          remedy: copy,
          related: [],
        };
      }
      case 'truncate':
        return {
          what: `This empties ${listed(lost.tables.map(named))}, and no migration has kept a copy.`,
          why: 'Only a backup brings the rows back, and what was written since is lost with it.',
          remedy: copy,
          related: [],
        };
      case 'call':
        return {
          what: `\`${lost.label}\` deletes every row of \`${lost.table}\`.`,
          why: 'Only a backup brings them back, and what was written since is lost with it.',
          remedy: copy,
          related: [],
        };
      case 'narrowed':
        return explainNarrowing(lost);
    }
  },

  fix: ({ lost }) => {
    if (lost.kind === 'delete') return copyOfDeleted(lost.change);
    if (lost.kind === 'truncate') return copyOf(lost.change, lost.tables, 'Copy the rows first');
    return lost.kind === 'narrowed' ? copyOf(lost.change, [lost.change.operation.table], 'Copy the table first') : [];
  },
});

/** It was there with rows that count, and they were not kept. */
const isLost = (change: SchemaChange, table: QualifiedName): boolean =>
  existed(change, table) &&
  tableBefore(change, table)?.persistence !== 'temporary' &&
  !isPassing(table.name) &&
  !isCopiedBefore(change, table) &&
  !(isWholeDelete(change) && isWrittenAnew(change, table));

const isWholeDelete = ({ operation }: SchemaChange): boolean =>
  operation.kind === 'truncate' || (operation.kind === 'delete' && reachOf(operation) === 'all');

/** The tool's own notes, and what is made again by itself. */
const isPassing = (name: string): boolean => isToolsOwn(name) || PASSING.test(name);

const PASSING = /(?:^|_)(?:cache[sd]?|sessions?|temp|tmp|staging|locks?)(?:_|$)|(?:cache|sessions?)$/i;

/** The condition gives values of a key: a handful of rows, of which its writer knew. */
function isNamedByKey(change: SchemaChange<OperationOf<'delete'>>): boolean {
  const columns = columnsAskedFor(change.operation);
  if (columns.length === 0 || reachOf(change.operation) !== 'some') return false;
  const table = tableBefore(change, change.operation.table);
  const keys = (table?.constraints ?? []).flatMap(constraint =>
    constraint.kind === 'primaryKey' || constraint.kind === 'unique'
      ? [constraint.columns.map(id => table?.columns.find(column => column.id === id)?.name ?? '')]
      : [],
  );
  return keys.some(key => key.every(name => columns.includes(name))) || columns.some(name => KEYS.test(name));
}

const KEYS = /^(?:id|uuid|key|name|slug|code|email|identifier)$|(?:^|_)(?:key|name|slug|code|uuid)$/i;

interface Narrowing {
  readonly change: SchemaChange<OperationOf<'setColumnType' | 'redefineColumn'>>;
  readonly from: DataType;
  readonly to: TypeUse;
  readonly loss: TypeLoss;
}

function narrowing(change: Narrowing['change']): Omit<Narrowing, 'change'> | undefined {
  const { operation } = change;
  const { table, column } = operation;
  const from = columnBefore(change, table, column.name)?.type;
  if (!from || !existed(change, table)) return undefined;
  const { dialect } = change.before;
  const to = operation.kind === 'setColumnType' ? operation.type : operation.definition.type;
  const using = operation.kind === 'setColumnType' ? operation.using?.text : undefined;
  const loss = dialect === undefined ? lossOf(from, to, using) : lossElsewhere(from, to, dialect);
  if (!loss || isCopiedBefore(change, table, column.name)) return undefined;
  return lostLabels(from, to).some(label => !isMovedOff(change, label)) || lostLabels(from, to).length === 0
    ? { from, to, loss }
    : undefined;
}

/** An UPDATE of the migration has given the rows with a label another one. */
function isMovedOff(change: Narrowing['change'], label: string): boolean {
  for (const update of changesIn(change.script, 'update'))
    if (
      update.statement.index < change.statement.index &&
      isSameTable(update.operation.table, change.operation.table) &&
      update.statement.sql.toLowerCase().includes(`'${label}'`)
    )
      return true;
  return false;
}

function explainNarrowing({ change: { operation, script }, from, to, loss: { how, what } }: Narrowing) {
  const { table, column } = operation;
  const change = from.name === 'enum' ? '' : ` from \`${typeInWords(from)}\` to \`${typeInWords(to)}\``;
  const server = SERVERS[script.dialect];
  return {
    what: `Changing \`${column.name}\` of ${named(table)}${change} ${
      how === 'refused' ? `has no room for ${what}` : `loses ${what}`
    }, and no migration has kept a copy.`,
    why:
      how === 'refused'
        ? `The statement fails at the first such value${server === 'MySQL' ? ' (outside of strict mode the server makes another one of it)' : ''}, and whoever ${from.name === 'enum' ? 'changes' : 'shortens'} the values to get it through loses ${from.name === 'enum' ? 'them' : 'the rest'}.`
        : `${server} does it without a word, and only a backup brings the values back.`,
    remedy: 'Keep the old column: add one of the new type, fill it, and drop the old one when nobody misses it.',
    related: [],
  };
}

const SERVERS: Readonly<Record<Dialect, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MySQL',
  sqlite: 'SQLite',
  transactsql: 'SQL Server',
};

/** The rows that the DELETE will meet, copied before it. */
function copyOfDeleted(change: SchemaChange<OperationOf<'delete'>>): readonly ProposedFix[] {
  const { operation, statement } = change;
  const written = statement.textOf(operation.statement);
  const condition = /^DELETE\s+FROM\s+([\s\S]*)$/i.exec(written)?.[1];
  if (condition === undefined || /\b(?:USING|RETURNING)\b/i.test(condition)) return [];
  return copied(change, operation.table, 'deleted', `SELECT * FROM ${condition}`, 'Copy the rows first');
}

function copyOf(change: SchemaChange, tables: readonly QualifiedName[], title: string): readonly ProposedFix[] {
  const [table, more] = tables;
  if (!table || more) return [];
  return copied(change, table, 'before', `SELECT * FROM ${change.statement.textOf(table.span)}`, title);
}

function copied(
  change: SchemaChange,
  { name, schema }: QualifiedName,
  suffix: string,
  query: string,
  title: string,
): readonly ProposedFix[] {
  const copy = `${name}_${suffix}`;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(copy) || tableBefore(change, { name: copy, span: change.operation.span }))
    return [];
  const { lineBreak } = change.statement;
  const own = `${schema === undefined ? '' : `${schema}.`}${copy}`;
  return rewriteIn(change, title, [
    insertion(
      change.operation.statement.start,
      change.script.dialect === 'transactsql'
        ? `${query.replace(/^SELECT \*/, `SELECT * INTO ${own}`)};${lineBreak}`
        : `CREATE TABLE ${own} AS ${query};${lineBreak}`,
    ),
  ]);
}
