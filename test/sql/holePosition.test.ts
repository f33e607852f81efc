import { describe, expect, test } from 'vitest';
import type { Dialect } from '../../src/sql/dialect';
import { type HolePosition, holePositions } from '../../src/sql/holePosition';
import { loadSqlParser } from '../../src/sql/parser';

/** A position in one or two words: `value comparison`, `value' pattern` when quoted, `value'… pattern` when only part. */
function brief(position: HolePosition): string {
  switch (position.kind) {
    case 'value':
      return `value${position.quoted ? "'" : ''}${position.wholeLiteral ? '' : '…'} ${position.context}`;
    case 'in-list':
      return `in-list${position.quoted ? "'" : ''}${position.parenthesised ? '' : ' bare'}`;
    case 'identifier':
      return `identifier${position.quoted ? '"' : ''} ${position.of}`;
    default:
      return position.kind;
  }
}

const positions = async (sql: string, dialect: Dialect): Promise<string> => {
  const { positions: found } = holePositions(sql.split(/#[a-z]*#/), await loadSqlParser(dialect));
  return found.map(brief).join(', ');
};

const EVERYWHERE: readonly (readonly [string, string])[] = [
  // comparisons
  ['SELECT * FROM users WHERE id = #id#', 'value comparison'],
  ["SELECT * FROM users WHERE name = '#name#'", "value' comparison"],
  ['SELECT * FROM users WHERE age > #min# AND age <= #max#', 'value comparison, value comparison'],
  [
    'SELECT * FROM users WHERE age BETWEEN #min# AND #max# AND id = #id#',
    'value comparison, value comparison, value comparison',
  ],
  ["SELECT * FROM users WHERE name LIKE '%#part#%'", "value'… pattern"],
  ["SELECT * FROM users WHERE name LIKE '#part#%'", "value'… pattern"],
  ['SELECT * FROM users WHERE name LIKE #pattern#', 'value pattern'],
  ["SELECT * FROM users WHERE name NOT LIKE '#pattern#'", "value' pattern"],
  ['SELECT * FROM users WHERE (id = #id#)', 'value comparison'],
  ['SELECT u.id FROM users u JOIN orders o ON o.user_id = u.id WHERE o.id <> #id# ORDER BY u.id', 'value comparison'],
  ['SELECT * FROM users WHERE id = #id# AND #rest#', 'value comparison, partial'],
  ["SELECT * FROM t WHERE a = '#first#-#second#'", "value'… comparison, value'… comparison"],
  // lists
  ['SELECT * FROM users WHERE id IN (#ids#)', 'in-list'],
  ["SELECT * FROM users WHERE id IN ('#ids#')", "in-list'"],
  ['SELECT * FROM users WHERE id NOT IN (#ids#)', 'in-list'],
  ['SELECT * FROM users WHERE id IN #ids#', 'in-list bare'],
  ['SELECT * FROM users WHERE id IN (#a#, #b#)', 'value list-item, value list-item'],
  ["SELECT * FROM users WHERE kind IN ('admin', '#b#')", "value' list-item"],
  // writes
  ["INSERT INTO users (name, age) VALUES ('#name#', #age#)", "value' insert, value insert"],
  ['INSERT INTO users (name) VALUES (#name#)', 'value insert'],
  ['INSERT INTO users (name, age) VALUES (#values#)', 'partial'],
  ['INSERT INTO users (name, age) VALUES #rows#', 'partial'],
  ['INSERT INTO users (#columns#) VALUES (#values#)', 'identifier column, partial'],
  ['INSERT INTO #table# (a, b) VALUES (1, #b#)', 'identifier table, value insert'],
  ["UPDATE users SET name = '#name#' WHERE id = #id#", "value' assignment, value comparison"],
  ['UPDATE users SET a = #a#, b = #b# WHERE id = 3', 'value assignment, value assignment'],
  ['UPDATE users SET #column# = #value#', 'identifier column, value assignment'],
  ['UPDATE users SET #assignments# WHERE id = #id#', 'partial, value comparison'],
  ['UPDATE #table# SET a = 1', 'identifier table'],
  ['UPDATE users SET total = total + #n#', 'value expression'],
  ['DELETE FROM users WHERE id = #id#', 'value comparison'],
  ['DELETE FROM #table# WHERE id = 1', 'identifier table'],
  // names, sorting, pieces
  ['SELECT #columns# FROM users', 'identifier select'],
  ['SELECT id, #column# FROM users', 'identifier select'],
  ['SELECT * FROM #table#', 'identifier table'],
  ['SELECT * FROM orders_#year#', 'identifier table'],
  ['SELECT * FROM #schema#.users', 'identifier table'],
  ['SELECT * FROM a JOIN #table# ON a.id = 1', 'identifier table'],
  ['SELECT * FROM users WHERE #column# = 5', 'identifier column'],
  ['SELECT * FROM users WHERE #column# = #value#', 'identifier column, value comparison'],
  ['SELECT * FROM users WHERE #left# = other', 'unknown'],
  ['SELECT * FROM users WHERE #condition#', 'partial'],
  ['SELECT * FROM users #where#', 'partial'],
  ['SELECT * FROM users WHERE a = 1 #more#', 'partial'],
  ['SELECT * FROM users WHERE a #operator# 1', 'partial'],
  ['SELECT * FROM users ORDER BY #column#', 'identifier order'],
  ['SELECT * FROM users ORDER BY #column# #direction#', 'identifier order, direction'],
  ['SELECT * FROM users ORDER BY name #direction# LIMIT 3', 'direction'],
  ['SELECT * FROM users ORDER BY a, #b#', 'identifier order'],
  ['SELECT count(*) FROM users GROUP BY #column#', 'identifier order'],
  ['SELECT a FROM t GROUP BY a HAVING count(*) > #n#', 'value comparison'],
  ['#statement#', 'partial'],
  ['#verb# FROM users', 'partial'],
  ['SELECT * FROM users -- #note#', 'partial'],
  ['SELECT * FROM users /* #note# */ WHERE id = #id#', 'partial, value comparison'],
  ['SELECT * FROM users WHERE id = #a##b#', 'partial, partial'],
  ['SELECT * FROM users WHERE id = x#a#', 'partial'],
  // paging
  ['SELECT * FROM users LIMIT #n# OFFSET #skip#', 'limit, limit'],
  // functions and expressions
  ["SELECT * FROM users WHERE lower(name) = lower('#name#')", "value' argument"],
  ['SELECT coalesce(a, #fallback#) FROM t', 'value argument'],
  ['SELECT * FROM t WHERE price * #rate# > 10', 'value expression'],
  ["SELECT CASE WHEN a = 1 THEN '#x#' ELSE '#y#' END FROM t", "value' expression, value' expression"],
  ["SELECT '#label#' AS label FROM t", "value' expression"],
  // statements that take no parameters
  ['CREATE TABLE t (a int DEFAULT #x#)', 'unknown'],
  ['DROP TABLE #table#', 'identifier table'],
  ['ALTER TABLE #table# ADD COLUMN c int', 'identifier table'],
  // broken
  ["SELECT * FROM users WHERE name = '#name#", 'partial'],
  ['SELECT * FROM users WHERE (id = #id#', 'unknown'],
  ['SELECT FROM WHERE id = #id# GROUP', 'unknown'],
];

describe.each(['postgresql', 'mysql', 'mariadb', 'sqlite', 'transactsql'] as const)('in %s', dialect => {
  test.each(EVERYWHERE)('%s', async (sql, expected) => expect(await positions(sql, dialect)).toBe(expected));
});

describe('in PostgreSQL', () => {
  test.each([
    ['SELECT * FROM users WHERE id = ANY(#ids#)', 'value array'],
    ["SELECT * FROM users WHERE id = ANY('{#ids#}')", "value'… array"],
    ["SELECT * FROM users WHERE '#tag#' = ANY(tags)", "value' comparison"],
    ['SELECT * FROM users WHERE #id# = ANY(ids)', 'value comparison'],
    ["SELECT * FROM users WHERE id = '#id#'::uuid", "value' comparison"],
    ['SELECT * FROM users WHERE id = #id#::int AND a = $1', 'value comparison'],
    ["SELECT * FROM t WHERE at > now() - interval '#days# days'", 'unknown'],
    ["SELECT * FROM t WHERE at > date '#day#'", 'unknown'],
    ["SELECT * FROM t WHERE a = E'#x#'", "value' comparison"],
    ["SELECT * FROM t WHERE a = X'#x#' OR a = U&'#y#'", 'partial, partial'],
    ['SELECT * FROM t WHERE data @> #json#', 'value comparison'],
    ["SELECT data->>'#key#' FROM t WHERE data ? 'a'", "value' expression"],
    ['SELECT "#column#" FROM t', 'identifier" select'],
    ['SELECT * FROM "#table#"', 'identifier" table'],
    ["SELECT * FROM t WHERE name ILIKE '%' || '#part#' || '%'", "value' expression"],
    ['SELECT * FROM t FETCH FIRST #n# ROWS ONLY', 'limit'],
    ["DO $$ BEGIN PERFORM '#x#'; END $$", 'partial'],
    ["SET search_path TO '#schema#'", 'identifier name'],
    ['SET search_path = #schema#', 'unknown'],
    ["COMMENT ON TABLE t IS '#text#'", 'partial'],
    ["CREATE USER u PASSWORD '#password#'", 'partial'],
    ["INSERT INTO t (a) SELECT '#a#' FROM b", "value' expression"],
    ['INSERT INTO t (a, b) SELECT #a#, b FROM c', 'value expression'],
    [
      "INSERT INTO t (a) VALUES ('#a#') ON CONFLICT (a) DO UPDATE SET b = '#b#' RETURNING id",
      "value' insert, value' assignment",
    ],
    ['WITH x AS (SELECT * FROM t WHERE id = #id#) SELECT * FROM x WHERE n > #n#', 'value comparison, value comparison'],
    ['SELECT * FROM f(#argument#)', 'value argument'],
    ['SELECT * FROM #function#(1)', 'identifier name'],
    ["SELECT * FROM t WHERE a = 'x' '#y#'", 'partial'],
    ['SELECT 1; SELECT * FROM t WHERE a = #a#', 'unknown'],
    ["SELECT * FROM t WHERE a = :name AND b = ? AND c = '#c#'", "value' comparison"],
    ["SELECT * FROM t WHERE name = 'ö' AND id = #id#", 'value comparison'],
    ['SELECT * FROM t WHERE (a, b) IN ((#a#, #b#))', 'partial, partial'],
    ['SELECT * FROM t WHERE a IS #null#', 'partial'],
    ['CALL refresh(#x#)', 'value argument'],
  ])('%s', async (sql, expected) => expect(await positions(sql, 'postgresql')).toBe(expected));
});

describe('in MySQL', () => {
  test.each([
    ['SELECT * FROM t WHERE a = "#a#"', "value' comparison"],
    ['SELECT * FROM `#table#`', 'identifier" table'],
    ['SELECT `#column#` FROM t', 'identifier" select'],
    ['SELECT * FROM t LIMIT #skip#, #n#', 'limit, limit'],
    ['SELECT * FROM t WHERE a = #a# # a note', 'value comparison'],
    ['INSERT INTO t SET a = #a#', 'value assignment'],
    ['SELECT * FROM ?? WHERE id = #id#', 'value comparison'],
    ['REPLACE INTO t (a, b) VALUES (#a#, #b#)', 'value insert, value insert'],
  ])('%s', async (sql, expected) => expect(await positions(sql, 'mysql')).toBe(expected));
});

test('the literal around a hole says what a bound value must be made of', async () => {
  const { positions: found } = holePositions(
    ["SELECT * FROM t WHERE a LIKE E'%", "%' AND b = '", '-', "'"],
    await loadSqlParser('postgresql'),
  );
  expect(found.map(one => (one.kind === 'value' ? one.literal : one))).toEqual([
    { open: "E'", close: "'", before: '%', after: '%', firstHole: 0, lastHole: 0 },
    { open: "'", close: "'", before: '', after: '', firstHole: 1, lastHole: 2 },
    { open: "'", close: "'", before: '', after: '', firstHole: 1, lastHole: 2 },
  ]);
});

test('two statements in one text are counted: no driver can bind there', async () => {
  const parser = await loadSqlParser('postgresql');
  expect(holePositions(['BEGIN; DELETE FROM t WHERE a = ', ''], parser)).toMatchObject({
    parses: false,
    statements: 2,
  });
  expect(holePositions(['DELETE FROM t WHERE a = ', ';'], parser)).toMatchObject({ parses: true, statements: 1 });
});
