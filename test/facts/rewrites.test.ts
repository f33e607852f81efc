/** The places that a fix rewrites: exact where the shape is certain, absent where it is not. */
import { describe, expect, test } from 'vitest';
import type { QueryRewrite } from '../../src/facts/facts';
import { programOf } from './programs';

const PG = "import { Pool } from 'pg';\nconst pool = new Pool();\n";

/** The rewrite of the first execution, or else fragment, with its places as source text. */
async function rewriteIn(program: string) {
  const { facts, textOf } = await programOf(program);
  const { queryExecutions, fragments } = facts();
  const rewrite: QueryRewrite | undefined = (queryExecutions.find(query => query.rewrite) ?? fragments[0])?.rewrite;
  const loop = rewrite?.loop;
  return {
    sql: rewrite?.sqlArgument?.source,
    text: rewrite?.textExpression?.source,
    values: rewrite?.valuesArgument?.source,
    items: rewrite?.valuesArgument?.items?.map(item => textOf(item.at)),
    insertAt: rewrite?.insertValuesAt && rewrite.insertValuesAt.start === rewrite.sqlArgument?.at.end,
    valuesAs: rewrite?.valuesAs,
    loop: loop && {
      item: loop.item,
      source: loop.source,
      key: loop.key && textOf(loop.key.at),
      awaited: loop.awaited.source,
      equality: loop.equality && { ...loop.equality, at: textOf(loop.equality.at) },
      result: 'reads' in loop.result ? { ...loop.result, reads: textOf(loop.result.reads) } : loop.result,
      begins: textOf(loop.at).slice(0, 12),
      indentation: loop.indentation,
    },
  };
}

describe('arguments', () => {
  test('a text without values', async () => {
    expect(
      await rewriteIn(`${PG}const f = (name: string) => pool.query('SELECT 1 FROM a WHERE b = ' + name);`),
    ).toMatchObject({
      sql: "'SELECT 1 FROM a WHERE b = ' + name",
      text: "'SELECT 1 FROM a WHERE b = ' + name",
      values: undefined,
      insertAt: true,
      valuesAs: { kind: 'list' },
    });
  });

  test('a callback behind the text is no value', async () => {
    expect(
      await rewriteIn(
        `${PG}const f = (name: string, done: any) => pool.query('SELECT 1 FROM a WHERE b = ' + name, (err, rows) => done(rows));`,
      ),
    ).toMatchObject({ values: undefined, insertAt: true });
  });

  test('values in a list', async () => {
    expect(
      await rewriteIn(
        `${PG}const f = (a: string, b: string) => pool.query(\`SELECT 1 FROM t WHERE a = $1 AND b = \${b}\`, [a]);`,
      ),
    ).toMatchObject({ values: '[a]', items: ['a'], insertAt: undefined });
  });

  test('values in a variable have no items', async () => {
    const rewrite = await rewriteIn(
      `${PG}const f = (a: any[], b: string) => pool.query(\`SELECT 1 FROM t WHERE a = $1 AND b = \${b}\`, a);`,
    );
    expect(rewrite).toMatchObject({ values: 'a', items: undefined, insertAt: undefined });
  });

  test('values one by one', async () => {
    expect(
      await rewriteIn(
        "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nconst f = (a: string, b: string) => prisma.$queryRawUnsafe(`SELECT 1 FROM t WHERE a = $1 AND b = ${b}`, a);",
      ),
    ).toMatchObject({ values: 'a', items: ['a'], valuesAs: { kind: 'rest' } });
  });

  test('values in an option', async () => {
    const head = "import { Sequelize } from 'sequelize';\nconst db = new Sequelize('');\n";
    expect(
      await rewriteIn(
        `${head}const f = (a: string) => db.query('SELECT 1 FROM t WHERE a = ' + a, { replacements: [1], raw: true });`,
      ),
    ).toMatchObject({ values: '[1]', items: ['1'], valuesAs: { kind: 'property', name: 'replacements' } });
    expect(
      await rewriteIn(`${head}const f = (a: string) => db.query('SELECT 1 FROM t WHERE a = ' + a, { raw: true });`),
    ).toMatchObject({
      values: undefined,
      // among the options, and not behind the text
      insertAt: false,
      valuesAs: { kind: 'entry', name: 'replacements' },
    });
    expect(
      await rewriteIn(`${head}const f = (a: string) => db.query('SELECT 1 FROM t WHERE a = ' + a);`),
    ).toMatchObject({
      insertAt: true,
    });
  });

  test('a constant that nothing else reads is where the text is built', async () => {
    expect(
      await rewriteIn(
        `${PG}function f(name: string) { const sql = 'SELECT 1 FROM a WHERE b = ' + name; return pool.query(sql); }`,
      ),
    ).toMatchObject({ sql: 'sql', text: "'SELECT 1 FROM a WHERE b = ' + name" });
  });

  test.each([
    [
      'read twice',
      "function f(name: string) { const sql = 'SELECT 1 FROM a WHERE b = ' + name; log(sql); return pool.query(sql); }",
    ],
    [
      'a variable',
      "function f(name: string) { let sql = 'SELECT 1 FROM a WHERE b = ' + name; return pool.query(sql); }",
    ],
    [
      'a name that changes',
      "function f(name: string) { const sql = 'SELECT 1 FROM a WHERE b = ' + name; name = ''; return pool.query(sql); }",
    ],
    [
      'built in steps',
      "function f(name: string) { let sql = 'SELECT 1 FROM a'; sql += ' WHERE b = ' + name; return pool.query(sql); }",
    ],
    [
      'a call in a hole',
      "function f(name: string) { const sql = 'SELECT 1 FROM a WHERE b = ' + next(name); return pool.query(sql); }",
    ],
  ])('not where the text is %s', async (_, program) => {
    expect(await rewriteIn(PG + program)).toMatchObject({ sql: 'sql', text: undefined });
  });

  test('a fragment', async () => {
    expect(
      await rewriteIn(
        "import { Knex } from 'knex';\nconst f = (db: Knex, min: string) => { const q = db('t').whereRaw('total > ' + min); return q.toString(); };",
      ),
    ).toMatchObject({ sql: "'total > ' + min", insertAt: true });
  });

  test('a wrapper that hands its values on', async () => {
    const { facts, textOf } = await programOf(
      `${PG}const run = (sql: string, values?: any[]) => pool.query(sql, values);\nconst f = (name: string) => run('SELECT 1 FROM a WHERE b = ' + name);`,
    );
    const rewrite = facts().queryExecutions.find(query => query.label === 'run()')?.rewrite;
    expect(rewrite?.sqlArgument && textOf(rewrite.sqlArgument.at)).toBe("'SELECT 1 FROM a WHERE b = ' + name");
    expect(rewrite?.insertValuesAt?.start).toBe(rewrite?.sqlArgument?.at.end);
  });

  test('a wrapper without values has nothing to rewrite', async () => {
    const { facts } = await programOf(
      `${PG}const run = (sql: string) => pool.query(sql);\nconst f = (name: string) => run('SELECT 1 FROM a WHERE b = ' + name);`,
    );
    expect(facts().queryExecutions.find(query => query.label === 'run()')?.rewrite).toBeUndefined();
  });
});

describe('loops', () => {
  const Q = "pool.query('SELECT * FROM line WHERE order_id = $1', [order.id])";
  const loop = async (body: string) =>
    (await rewriteIn(`${PG}async function f(orders) {\n  for (const order of orders) {\n    ${body}\n  }\n}`)).loop;

  test('rows by destructuring', async () => {
    expect(await loop(`const { rows } = await ${Q};\n    order.lines = rows;`)).toEqual({
      item: 'order',
      source: 'orders',
      key: 'order.id',
      awaited: `await ${Q}`,
      equality: undefined,
      result: { kind: 'rows', reads: `{ rows } = await ${Q}`, target: 'rows', rowsIn: 'rows' },
      begins: 'for (const o',
      indentation: '  ',
    });
  });

  test.each([
    [
      'renamed',
      `const { rows: lines } = await ${Q};`,
      { kind: 'rows', reads: `{ rows: lines } = await ${Q}`, target: 'lines', rowsIn: 'rows' },
    ],
    [
      'the first row',
      `const { rows: [line] } = await ${Q};`,
      { kind: 'first-row', reads: `{ rows: [line] } = await ${Q}`, target: 'line', rowsIn: 'rows' },
    ],
    [
      'a member',
      `order.lines = (await ${Q}).rows;`,
      { kind: 'rows', reads: `(await ${Q}).rows`, standsAlone: true, rowsIn: 'rows' },
    ],
    [
      'the first of a member',
      `const line = (await ${Q}).rows[0];`,
      { kind: 'first-row', reads: `(await ${Q}).rows[0]`, standsAlone: true, rowsIn: 'rows' },
    ],
    [
      'an argument',
      `show((await ${Q}).rows);`,
      { kind: 'rows', reads: `(await ${Q}).rows`, standsAlone: true, rowsIn: 'rows' },
    ],
    ['the result itself', `const result = await ${Q};`, { kind: 'other' }],
    ['a count', `const { rowCount } = await ${Q};`, { kind: 'other' }],
    ['rows and more', `const { rows, rowCount } = await ${Q};`, { kind: 'other' }],
    [
      'a field of the first row',
      `const name = (await ${Q}).rows[0].name;`,
      { kind: 'first-row', reads: `(await ${Q}).rows[0]`, rowsIn: 'rows' },
    ],
  ])('%s', async (_, body, result) => {
    expect((await loop(body))?.result).toEqual(result);
  });

  test('a loop to rewrite around a branch of the item, and none around one of what a call says', async () => {
    expect((await loop(`if (order.open) { const { rows } = await ${Q}; }`))?.key).toBe('order.id');
    expect(await loop(`if (isOpen(order)) { const { rows } = await ${Q}; }`)).toBeUndefined();
  });

  test('no loop to rewrite inside an inner function', async () => {
    expect(await loop(`later(async () => { const { rows } = await ${Q}; });`)).toBeUndefined();
  });

  test.each([
    [
      'a name that only the loop knows',
      "const shop = order.shop;\n    const { rows } = await pool.query('SELECT * FROM line WHERE order_id = $1 AND shop = $2', [order.id, shop]);",
    ],
    [
      'two members of the item',
      "const { rows } = await pool.query('SELECT * FROM line WHERE order_id = $1 AND shop = $2', [order.id, order.shop]);",
    ],
    [
      'an expression of the item',
      "const { rows } = await pool.query('SELECT * FROM line WHERE order_id = $1', [order.id + 1]);",
    ],
    [
      'a callee that only the loop knows',
      "const { rows } = await order.db.query('SELECT * FROM line WHERE order_id = $1', [order.id]);",
    ],
  ])('no key with %s', async (_, body) => {
    expect((await loop(body))?.key).toBeUndefined();
  });

  test('a value from before the loop does not matter', async () => {
    const { loop: rewritten } = await rewriteIn(
      `${PG}async function f(orders, shop) {\n  for (const order of orders) {\n    const { rows } = await pool.query('SELECT * FROM line WHERE order_id = $1 AND shop = $2', [order.id, shop]);\n  }\n}`,
    );
    expect(rewritten?.key).toBe('order.id');
  });

  test('callbacks', async () => {
    const { loop: rewritten } = await rewriteIn(
      `${PG}async function f(orders) {\n  await Promise.all(orders.map(async order => {\n    const { rows } = await ${Q};\n    order.lines = rows;\n  }));\n}`,
    );
    expect(rewritten).toMatchObject({
      item: 'order',
      source: 'orders',
      key: 'order.id',
      begins: 'await Promis',
      indentation: '  ',
    });
  });

  test('names that are taken', async () => {
    const { facts } = await programOf(
      `${PG}const lines = [];\nclass Line {}\nasync function f(orders) {\n  for (const order of orders) { const { rows } = await ${Q}; show(rows); }\n}`,
    );
    const names = facts().queryExecutions[0]?.rewrite?.loop?.names;
    for (const name of ['lines', 'Line', 'orders', 'order', 'rows', 'pool', 'show'])
      expect(names?.has(name), name).toBe(true);
  });

  describe('builders', () => {
    const knex = async (chain: string) =>
      (
        await rewriteIn(
          `import { Knex } from 'knex';\nasync function f(db: Knex, orders) {\n  for (const order of orders) {\n    order.lines = await ${chain};\n  }\n}`,
        )
      ).loop;

    test.each([
      ['a record', "db('line').where({ order_id: order.id })", 'where({ order_id: order.id })', 'order_id'],
      ['two arguments', "db('line').where('order_id', order.id)", "where('order_id', order.id)", 'order_id'],
      [
        'three arguments',
        "db('line').where('order_id', '=', order.id)",
        "where('order_id', '=', order.id)",
        'order_id',
      ],
      ['with order', "db('line').where('order_id', order.id).orderBy('id')", "where('order_id', order.id)", 'order_id'],
      [
        'with its column',
        "db('line').select('id', 'order_id').where('order_id', order.id)",
        "where('order_id', order.id)",
        'order_id',
      ],
    ])('%s', async (_, chain, at, column) => {
      expect(await knex(chain)).toMatchObject({
        key: 'order.id',
        equality: { at, column, batched: 'whereIn' },
        result: { kind: 'rows', reads: `await ${chain}`, standsAlone: true },
      });
    });

    test.each([
      ['a limit', "db('line').where('order_id', order.id).limit(1)"],
      ['the first', "db('line').where('order_id', order.id).first()"],
      ['columns without it', "db('line').select('id').where('order_id', order.id)"],
      ['another operator', "db('line').where('order_id', '>', order.id)"],
      ['two columns', "db('line').where({ order_id: order.id, open: true })"],
      ['an aggregate', "db('line').where('order_id', order.id).count()"],
    ])('not with %s', async (_, chain) => {
      expect((await knex(chain))?.equality).toBeUndefined();
    });
  });
});
