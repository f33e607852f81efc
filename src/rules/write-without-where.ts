/**
 * An UPDATE or DELETE of every row of a table.
 *
 * A condition that was forgotten, or that came out empty, changes or deletes the rows of everybody else too, and commits
 * at once. What is meant to empty a table says so: TRUNCATE, a name such as `clearCart`, or a comment.
 * ## Flags
 * ```ts
 * export const cancel = (id: string) => pool.query('UPDATE orders SET cancelled = true');
 * ```
 * ```ts
 * import { PrismaClient } from '@prisma/client';
 *
 * const prisma = new PrismaClient();
 * export const leave = (userId: string) => prisma.membership.deleteMany({ where: {} });
 * ```
 * ```ts
 * import knex from 'knex';
 *
 * const db = knex({ client: 'pg' });
 * export const publish = (id: string) => db('posts').update({ published: true });
 * ```
 * ## Stays silent
 * ```ts
 * export const cancel = (id: string) => pool.query('UPDATE orders SET cancelled = true WHERE id = $1', [id]);
 * ```
 * ```ts
 * export const clearCache = () => pool.query('DELETE FROM cache');
 * ```
 * ```ts
 * export async function expire() {
 *   // every session ends when the signing key changes
 *   await pool.query('DELETE FROM session');
 * }
 * ```
 * ```ts
 * export async function overwrite(backup: Backup) {
 *   await pool.query('DELETE FROM booking');
 *   await pool.query('DELETE FROM room');
 *   await pool.query('DELETE FROM guest');
 *   await load(backup);
 * }
 * ```
 * ## When to leave it
 * A table of one row; a table that is written anew as a whole.
 */
import { fileOf } from '../engine/place';
import type { Facts, QueryExecution } from '../facts/facts';
import { defineRule } from '../facts/rule';
import type { SqlFileQuery } from '../facts/sqlFiles';

export const writeWithoutWhere = defineRule({
  id: 'write-without-where',
  level: 'error',
  concern: 'errors',

  *check({ queryExecutions, sqlQueries, inMigration, pathKind }) {
    // what a migration does to all rows is a backfill, and judged as one
    if (inMigration || pathKind === 'test' || pathKind === 'seed' || pathKind === 'fixture') return;
    for (const query of sqlQueries) {
      const change = wholeInFile(query);
      if (change) yield { at: query.at, change, query: { relation: query.statement.writes[0]?.name } };
    }
    for (const query of queryExecutions) {
      const change = wholeTable(query);
      if (!change || isMeant(query) || isWrittenAnew(query, change, queryExecutions)) continue;
      if (isNewColumnFilled(query, change, queryExecutions)) continue;
      if (isOfAnyTable(query) || isOneOfMany(query, change, queryExecutions)) continue;
      yield { at: query.at, loweredBy: query.evidence === 'manifest' ? 1 : 0, change, query: query as Told };
    }
  },

  explain: ({ query, change }) => ({
    what: `${whoOf(query)} ${change === 'delete' ? 'deletes' : 'updates'} every row${
      query.relation ? ` of \`${query.relation}\`` : ''
    }: ${whyOf(query)}.`,
    why:
      change === 'delete'
        ? 'The rows of every user and tenant are gone with one call.'
        : 'The rows of every user and tenant get the same values with one call, and what they held is gone.',
    remedy:
      'Add the condition. If all rows are meant, say so where the next reader sees it: TRUNCATE, a name that says it, or a comment.',
    related: [],
  }),
});

/** A call, or a statement in a file of SQL. */
type Told = Partial<Pick<QueryExecution, 'label' | 'relation' | 'rows' | 'statement'>>;

const whoOf = ({ label }: Told): string => (label === undefined ? 'This statement' : `\`${label}\``);

const whyOf = ({ label, rows, statement }: Told): string =>
  label === undefined
    ? 'it has no WHERE'
    : rows && !statement
      ? 'it is given no condition'
      : 'its statement has no WHERE';

/** Of a statement that stands in a file of SQL, and that nothing there says is meant for all rows. */
function wholeInFile({
  text,
  statement,
  comment,
  name,
  at,
  isRefilled,
}: SqlFileQuery): 'update' | 'delete' | undefined {
  const change = wholeInSql(statement, { preview: text });
  const [target] = statement.writes;
  if (!change || !target || (change === 'delete' && isRefilled)) return undefined;
  const file = fileOf(at.unit);
  const within = name ?? file.slice(file.lastIndexOf('/') + 1).replace(/\.sql$/i, '');
  return isMeant({ within, comment: commentOf(comment), relation: target.name, label: target.name })
    ? undefined
    : change;
}

/** What the comment says, without the name of the query. */
const commentOf = (comment: string): string => comment.replace(/(?:--|\/\*|\*)\s*@?:?name\b[^\n]*/gi, '');

/** How a query changes all rows of a table; nothing where it has conditions or may have some. */
function wholeTable({ statement, sql, rows, operation, callPath }: QueryExecution): 'update' | 'delete' | undefined {
  if (callPath.length > 0) return undefined;
  if (sql) return statement ? wholeInSql(statement, sql) : undefined;
  if (!rows?.changes || operation === 'read' || rows.filter !== 'none') return undefined;
  return rows.needsFilter && !rows.emptyFilter ? undefined : rows.changes;
}

function wholeInSql(
  { kind, hasWhere, limited, writes, reads, from }: NonNullable<QueryExecution['statement']>,
  { preview }: Pick<NonNullable<QueryExecution['sql']>, 'preview'>,
): 'update' | 'delete' | undefined {
  if ((kind !== 'update' && kind !== 'delete') || hasWhere || limited || writes.length !== 1) return undefined;
  const [target] = writes;
  // a join decides which rows; an alias that is a hole may be anything, a condition too
  if (from.length > 1 || reads.some(({ name }) => name !== target?.name) || /\bhole\b/i.test(target?.alias ?? ''))
    return undefined;
  if (OPEN_END.test(preview) || /\bwhere\b/i.test(preview)) return undefined;
  return kind;
}

/** A hole where a condition may go in: behind the table's name, or instead of the assignments. */
const OPEN_END = /(?:^|[^=,(\s]\s*|\bset\s+)\$\{[^}]*\}\s*;?\s*(?:returning\b.*)?$|\bset\s*\$\{|^\s*\$\{/i;

/** What its name, the table's name or a comment says is meant. */
function isMeant({
  within,
  comment,
  relation,
  label,
}: Pick<QueryExecution, 'within' | 'comment' | 'relation' | 'label'>): boolean {
  return (
    (comment !== undefined && comment.length > 0 && SAYS_ALL.test(comment)) ||
    wordsOf(within ?? '').some(word => MEANS_ALL.test(word)) ||
    wordsOf(label).some(word => /^(?:truncate|purge|wipe|temp|tmp|staging|scratch)$/.test(word)) ||
    (relation !== undefined && OF_ONE_ROW.test(relation))
  );
}

const wordsOf = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

const MEANS_ALL =
  /^(?:all|every|any|clear|clears|cleared|reset|resets|truncate|purge|wipe|flush|empty|destroy|clean|cleanup|cleanse|teardown|nuke|prune|seed|seeds|recalculate|recalc|recompute|rebuild|backfill|migrate|migration|sync|synchronize|refresh|reindex|init|initialize|setup|install|uninstall|rotate|invalidate|expire|import|restore|replace|repopulate|populate|regenerate|drop|factory|bootstrap|shutdown|forget|fixup|repair|normalize|down|up)$/;

/** A comment that speaks of the whole, or of the emptying. */
const SAYS_ALL =
  /\b(?:all|every|whole|entire|each|clear|clean|reset|truncat\w*|purge|wipe|flush|empty|delete everything|no where|without (?:a )?(?:where|condition|filter)|intentional\w*|on purpose|singleton|single row|one row|only (?:one )?row)\b/i;

/** Tables that hold one row by their name: settings, a state, a version, a lock; and tables that are not kept. */
const OF_ONE_ROW =
  /(?:^|[_.])(?:settings?|config(?:uration)?s?|options?|state|status|version|versions|meta(?:data)?|counter|sequence|lock|locks|cache\w*|temp\w*|tmp\w*|staging\w*|import\w*|scratch|search_?index|fts\w*)$|^(?:temp|tmp|staging|stg|cache)_|(?:settings?|config|cache|metadata)$/i;

/** The whole table is written anew behind it: deleted, and filled in the same function. */
function isWrittenAnew(query: QueryExecution, change: 'update' | 'delete', all: Facts['queryExecutions']): boolean {
  return (
    change === 'delete' &&
    all.some(
      other =>
        other.call.unit === query.call.unit &&
        other.call.start > query.call.start &&
        other.operation === 'write' &&
        (other.sql
          ? /^\s*(?:insert|copy|merge|replace)\b/i.test(other.sql.preview)
          : other.rows?.changes === undefined) &&
        (other.relation === query.relation || other.relation === undefined || query.relation === undefined),
    )
  );
}

/** A column that the same function has added before gets its first value in every row. */
function isNewColumnFilled(
  { call }: QueryExecution,
  change: 'update' | 'delete',
  all: Facts['queryExecutions'],
): boolean {
  return (
    change === 'update' &&
    all.some(
      other =>
        other.call.unit === call.unit &&
        other.call.start < call.start &&
        /^\s*alter\s+table\b.*\sadd\b/i.test(other.sql?.preview ?? ''),
    )
  );
}

/** The loop goes through tables: that it is about all of each is what the loop says. */
const isOfAnyTable = ({ relation, repeatedBy }: QueryExecution): boolean =>
  relation === undefined &&
  repeatedBy.some(({ runsPerItem, intended }) => !runsPerItem || intended === 'constant-list');

/** As many tables as these, emptied one after the other (so many characters apart at most), are a clearing out. */
const CLEARED_OUT = 3;
const NEAR = 800;

function isOneOfMany({ call }: QueryExecution, change: 'update' | 'delete', all: Facts['queryExecutions']): boolean {
  if (change !== 'delete') return false;
  const emptied = all.filter(
    other =>
      other.call.unit === call.unit && Math.abs(other.call.start - call.start) < NEAR && wholeTable(other) === 'delete',
  );
  return new Set(emptied.map(({ relation, label }) => relation ?? label)).size >= CLEARED_OUT;
}
