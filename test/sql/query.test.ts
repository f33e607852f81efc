import { describe, expect, test } from 'vitest';
import { commentsIn } from '../../src/sql/comments';
import type { Dialect } from '../../src/sql/dialect';
import { loadSqlParser } from '../../src/sql/parser';
import type { SqlQuery } from '../../src/sql/query';
import { HOLE } from '../../src/sql/tokens';

const read = async (text: string, dialect: Dialect): Promise<readonly SqlQuery[]> =>
  (await loadSqlParser(dialect)).read(text);

const DIALECTS = ['postgresql', 'mysql', 'mariadb', 'sqlite', 'transactsql'] as const;

describe.each(DIALECTS)('%s', dialect => {
  const one = async (text: string): Promise<SqlQuery> => {
    const [query, more] = await read(text, dialect);
    if (!query || more) throw new Error(`not one statement: ${text}`);
    return query;
  };
  const placeholder = dialect === 'transactsql' ? '@id' : dialect === 'postgresql' ? '$1' : '?';

  test('a SELECT says what it reads, by what, and what it gives', async () => {
    const text = `SELECT o.id, o.total AS sum, count(*) FROM orders o WHERE o.user_id = ${placeholder} ORDER BY o.id`;
    const query = await one(text);
    expect(query).toMatchObject({
      kind: 'select',
      reads: [{ name: 'orders', alias: 'o' }],
      writes: [],
      outputs: [
        { kind: 'column', name: 'id', qualifier: 'o' },
        { kind: 'column', name: 'total', as: 'sum' },
        { kind: 'expression' },
      ],
      hasWhere: true,
      onlyComparisons: true,
      aggregated: true,
      grouped: false,
      ordered: true,
      limited: false,
      combined: false,
      placeholders: 1,
    });
    const [comparison] = query.comparisons;
    expect(comparison).toMatchObject({
      column: 'user_id',
      qualifier: 'o',
      operator: '=',
      values: [{ kind: 'placeholder', ordinal: 0 }],
    });
    expect(text.slice(comparison?.start, comparison?.end)).toBe(`o.user_id = ${placeholder}`);
    expect(text.slice(comparison?.columnSpan.start, comparison?.columnSpan.end)).toBe('o.user_id');
  });

  test('conditions that are no comparison, or that OR joins, are told apart', async () => {
    expect(await one("SELECT * FROM a WHERE b = 1 AND c IN (2, 'x') AND d LIKE 'e%'")).toMatchObject({
      onlyComparisons: true,
      comparisons: [
        { column: 'b' },
        { column: 'c', operator: 'IN', values: [{ kind: 'literal' }, { kind: 'literal' }] },
        { column: 'd', operator: 'LIKE' },
      ],
    });
    expect(await one('SELECT * FROM a WHERE b = 1 OR c = 2')).toMatchObject({
      onlyComparisons: false,
      comparisons: [],
    });
    expect(await one('SELECT * FROM a WHERE b = 1 AND c BETWEEN 2 AND 3')).toMatchObject({
      onlyComparisons: false,
      comparisons: [{ column: 'b' }],
    });
    expect(await one('SELECT * FROM a')).toMatchObject({
      hasWhere: false,
      onlyComparisons: true,
      outputs: [{ kind: 'all' }],
    });
  });

  test('writes', async () => {
    expect(await one(`UPDATE a SET b = 1 WHERE c = ${placeholder}`)).toMatchObject({
      kind: 'update',
      writes: [{ name: 'a' }],
      comparisons: [{ column: 'c' }],
    });
    expect(await one("DELETE FROM a WHERE b = 'x'")).toMatchObject({
      kind: 'delete',
      writes: [{ name: 'a' }],
      reads: [],
      comparisons: [{ column: 'b', values: [{ kind: 'literal' }] }],
    });
    expect(await one(`INSERT INTO a (b) VALUES (${placeholder})`)).toMatchObject({
      kind: 'insert',
      writes: [{ name: 'a' }],
      placeholders: 1,
    });
  });

  test('joins, groups and DISTINCT', async () => {
    expect(await one('SELECT DISTINCT a.id FROM a JOIN b ON b.a_id = a.id WHERE a.id = b.c')).toMatchObject({
      distinct: true,
      from: [{ name: 'a' }, { name: 'b' }],
      comparisons: [{ column: 'id', values: [{ kind: 'column', name: 'c', qualifier: 'b' }] }],
    });
    expect(await one('SELECT b, sum(c) FROM a GROUP BY b')).toMatchObject({ grouped: true, aggregated: true });
    expect(await one('SELECT b FROM a UNION SELECT c FROM d')).toMatchObject({ combined: true });
  });

  test('a statement that does not parse costs only itself', async () => {
    const queries = await read('SELECT * FROM a; SELEC FROM WHERE; DELETE FROM b', dialect);
    expect(queries.map(({ kind }) => kind)).toEqual(['select', 'delete']);
    expect((await loadSqlParser(dialect)).accepts('SELECT FROM WHERE')).toBe(false);
  });
});

describe('PostgreSQL', () => {
  test('offsets count UTF-16 units, after letters of every length', async () => {
    const text = 'SELECT \'ä€😀\', b FROM "größe" WHERE "höhe" = $1 AND c = ANY($2)';
    const [query] = await read(text, 'postgresql');
    expect(query?.reads).toEqual([{ name: 'größe' }]);
    expect(query?.comparisons.map(({ start, end }) => text.slice(start, end))).toEqual(['"höhe" = $1', 'c = ANY($2)']);
    expect(query?.comparisons[1]).toMatchObject({
      operator: '= ANY',
      values: [{ kind: 'placeholder', number: 2, ordinal: 1 }],
    });
  });

  test('placeholders of every style, and holes', async () => {
    const text = `SELECT * FROM a WHERE b = ? AND c = :name AND d = %s AND e = ${HOLE} AND f ? 'key'`;
    const [query] = await read(text, 'postgresql');
    expect(query?.placeholders).toBe(4);
    expect(query?.comparisons.map(({ values: [value] }) => value)).toMatchObject([
      { kind: 'placeholder', ordinal: 0 },
      { kind: 'placeholder', ordinal: 1, name: 'name' },
      { kind: 'placeholder', ordinal: 2 },
      { kind: 'placeholder', ordinal: 3 },
      { kind: 'literal' },
    ]);
  });

  test('subqueries and CTEs are read, and a CTE is no table', async () => {
    const [query] = await read(
      'WITH x AS (SELECT * FROM a) SELECT * FROM x WHERE id IN (SELECT b FROM s.c) FOR UPDATE',
      'postgresql',
    );
    expect(query).toMatchObject({ locking: true, onlyComparisons: false });
    expect(query?.reads.map(({ name }) => name).sort()).toEqual(['a', 'c']);
  });

  test('LIMIT, FETCH and OFFSET limit', async () => {
    for (const tail of ['LIMIT 1', 'LIMIT $1', 'OFFSET 2', 'FETCH FIRST ROW ONLY'])
      expect((await read(`SELECT a FROM b ${tail}`, 'postgresql'))[0]).toMatchObject({ limited: true });
  });

  test('several statements in one text keep their own offsets', async () => {
    const text = 'SELECT 1;\n\nUPDATE a SET b = 1 WHERE c = 2 RETURNING *;';
    const [, update] = await read(text, 'postgresql');
    expect(text.slice(update?.start, update?.end)).toBe('UPDATE a SET b = 1 WHERE c = 2 RETURNING *');
    expect(text.slice(update?.comparisons[0]?.start, update?.comparisons[0]?.end)).toBe('c = 2');
    expect(update?.outputs).toEqual([{ kind: 'all' }]);
  });
});

test('the comments of a file, with their delimiters', () => {
  const text = "SELECT '-- no' -- a\n  -- b\n/* c */";
  expect(commentsIn(text, 'postgresql')).toEqual([
    { start: 15, end: 19, text: '-- a', ownLine: false },
    { start: 22, end: 26, text: '-- b', ownLine: true },
    { start: 27, end: 34, text: '/* c */', ownLine: true },
  ]);
});
