/** What repeats a query: loops, callbacks, helpers, and repetitions that are meant. */
import { describe, expect, test } from 'vitest';
import { printFacts } from './print';
import { factsOfProgram, type ProgramOptions } from './programs';

type Case = readonly [name: string, program: string, facts: readonly string[], options?: ProgramOptions];

const PG = "import { Pool } from 'pg';\nconst pool = new Pool();\n";
const LINES = "'SELECT id FROM lines WHERE order_id = $1'";

const check = (cases: readonly Case[]) =>
  test.each(cases.map(([name, ...rest]) => [name, rest] as const))('%s', async (_, [program, expected, options]) => {
    expect(printFacts(await factsOfProgram(PG + program, options))).toEqual(expected);
  });

const LOOP = 'pool.query() traced npm:pg read lines [order of orders per item]';

describe('loops', () => {
  check([
    [
      'for of',
      `async function f(orders) { for (const order of orders) await pool.query(${LINES}, [order.id]); }`,
      [LOOP],
    ],
    [
      'for await',
      `async function f(orders) { for await (const order of orders) await pool.query(${LINES}, [order.id]); }`,
      [LOOP],
    ],
    [
      'forEach',
      `function f(orders) { orders.forEach(async order => { await pool.query(${LINES}, [order.id]); }); }`,
      [LOOP],
    ],
    [
      'Promise.all and map',
      `async function f(orders) { await Promise.all(orders.map(order => pool.query(${LINES}, [order.id]))); }`,
      [LOOP],
    ],
    [
      'map with a body',
      `async function f(orders) { return Promise.all(orders.map(async order => { const { rows } = await pool.query(${LINES}, [order.id]); return rows; })); }`,
      [LOOP],
    ],
    [
      'through a variable',
      `async function f(orders) { for (const order of orders) { const id = order.id; const values = [id]; await pool.query(${LINES}, values); } }`,
      [LOOP],
    ],
    [
      'a destructured item',
      `async function f(orders) { for (const { id } of orders) await pool.query(${LINES}, [id]); }`,
      ['pool.query() traced npm:pg read lines [{ id } of orders per item]'],
    ],
    [
      'the item in the text',
      'async function f(orders) { for (const order of orders) await pool.query(`SELECT id FROM lines WHERE order_id = ${order.id}`); }',
      [`${LOOP} <order.id>`],
    ],
    [
      'an index',
      `async function f(orders) { for (let i = 0; i < orders.length; i++) await pool.query(${LINES}, [orders[i].id]); }`,
      ['pool.query() traced npm:pg read lines [orders[i] of orders per item]'],
    ],
    [
      'two loops',
      `async function f(orders) { for (const order of orders) for (const line of order.lines) await pool.query('SELECT id FROM products WHERE id = $1', [line.product]); }`,
      ['pool.query() traced npm:pg read products [line of order.lines per item] [order of orders per item]'],
    ],
    [
      'reduce',
      `async function f(orders) { return orders.reduce(async (sum, order) => { await sum; return pool.query(${LINES}, [order.id]); }, null); }`,
      [LOOP],
    ],
    [
      'inside a branch',
      `async function f(orders) { for (const order of orders) { if (order.open) { await pool.query(${LINES}, [order.id]); } } }`,
      [LOOP],
    ],
    [
      'inside try',
      `async function f(orders) { for (const order of orders) { try { await pool.query(${LINES}, [order.id]); } catch (error) { console.error(error); } } }`,
      [LOOP],
    ],
    [
      'entries of a record',
      `async function f(byId) { for (const [id, order] of Object.entries(byId)) await pool.query(${LINES}, [id]); }`,
      ['pool.query() traced npm:pg read lines [[id, order] of Object.entries(byId) per item]'],
    ],
    [
      'p-map',
      `import pMap from 'p-map';\nasync function f(orders) { await pMap(orders, order => pool.query(${LINES}, [order.id])); }`,
      ['pool.query() traced npm:pg read lines [order of orders per item]'],
    ],
    [
      'lodash',
      `import _ from 'lodash';\nfunction f(orders) { _.forEach(orders, order => { pool.query(${LINES}, [order.id]); }); }`,
      ['pool.query() traced npm:pg read lines [order of orders per item]'],
    ],
  ]);
});

describe('repetitions that are meant, and statements that are the same', () => {
  check([
    [
      'the statement does not depend on the item',
      "async function f(orders) { for (const order of orders) await pool.query('SELECT now()'); }",
      ['pool.query() traced npm:pg read [order of orders same]'],
    ],
    [
      'a list of constants',
      "async function f() { for (const table of ['lines', 'payments']) await pool.query('SELECT purge($1)', [table]); }",
      ["pool.query() traced npm:pg read [table of ['lines', 'payments'] per item constant-list]"],
    ],
    [
      'batches',
      "async function f(orders) { for (const batch of chunk(orders, 500)) await pool.query('SELECT id FROM lines WHERE order_id = ANY($1)', [batch.map(o => o.id)]); }",
      ['pool.query() traced npm:pg read lines [batch of chunk(orders, 500) per item batches]'],
    ],
    [
      'batches by index',
      "async function f(ids) { for (let i = 0; i < ids.length; i += 500) await pool.query('SELECT id FROM lines WHERE order_id = ANY($1)', [ids.slice(i, i + 500)]); }",
      ['pool.query() traced npm:pg read lines [i of ids per item batches]'],
    ],
    [
      'batches of goods are records',
      "async function f(batches) { for (const batch of batches) await pool.query('SELECT id FROM lines WHERE batch_id = $1', [batch.id]); }",
      ['pool.query() traced npm:pg read lines [batch of batches per item]'],
    ],
    [
      'pages',
      "async function f() { for (let page = 0; ; page++) { const { rows } = await pool.query('SELECT id FROM lines LIMIT 500 OFFSET $1', [page * 500]); if (rows.length === 0) break; } }",
      ['pool.query() traced npm:pg read lines [page per item pages]'],
    ],
    [
      'retries',
      "async function f(id) { for (let attempt = 0; attempt < 3; attempt++) { try { return await pool.query('SELECT id FROM lines WHERE id = $1', [id]); } catch (error) { console.error(error); } } }",
      ['pool.query() traced npm:pg read lines [attempt same retries]'],
    ],
    [
      'the query that feeds the loop',
      "async function f() { for (const order of (await pool.query('SELECT id FROM orders')).rows) console.log(order); }",
      ['pool.query() traced npm:pg read orders'],
    ],
    [
      'stops at the first hit',
      `async function f(orders) { for (const order of orders) { const { rows } = await pool.query(${LINES}, [order.id]); if (rows.length > 0) return rows; } }`,
      ['pool.query() traced npm:pg read lines [order of orders per item first hit]'],
    ],
    [
      'a table for each item',
      'async function f(tables) { for (const table of tables) await pool.query(`SELECT count(*) FROM ${table.name} WHERE id = $1`, [table.id]); }',
      ['pool.query() traced npm:pg read [table of tables same]'],
    ],
    [
      'a builder on a table for each item',
      "import { Knex } from 'knex';\nasync function f(db: Knex, relations) { for (const relation of relations) await db(relation.table).where({ id: relation.id }); }",
      ['db(relation.table) traced npm:knex read [relation of relations same]'],
    ],
    [
      'a connection for each item',
      "async function f(pools: Pool[]) { for (const each of pools) await each.query('SELECT now()'); }",
      ['each.query() traced npm:pg read [each of pools same]'],
    ],
    [
      'one statement for all',
      "async function f(orders) { await pool.query('SELECT id FROM lines WHERE order_id = ANY($1)', [orders.map(order => order.id)]); }",
      ['pool.query() traced npm:pg read lines'],
    ],
    [
      'a callback that is only made in the loop of a list of constants',
      "async function f(user) { await Promise.all(['a', 'b'].map(name => pool.query('SELECT id FROM lines WHERE name = $1', [name]))); }",
      ["pool.query() traced npm:pg read lines [name of ['a', 'b'] per item constant-list]"],
    ],
  ]);
});

describe('behind functions', () => {
  const LINES_OF = `const linesOf = id => pool.query(${LINES}, [id]);\n`;
  const OWN = 'pool.query() traced npm:pg read lines';
  check([
    [
      'a helper of the file',
      `${LINES_OF}async function f(orders) { for (const order of orders) order.lines = await linesOf(order.id); }`,
      [OWN, 'linesOf() traced npm:pg read lines behind 1 [order of orders per item]'],
    ],
    [
      'a helper that reads and writes',
      "async function pay(order) { const { rows } = await pool.query('SELECT id FROM lines WHERE order_id = $1', [order.id]); await pool.query('UPDATE orders SET paid = $2 WHERE id = $1', [order.id, rows.length]); }\nasync function f(orders) { for (const order of orders) await pay(order); }",
      [
        OWN,
        'pool.query() traced npm:pg write orders',
        'pay() traced npm:pg write lines behind 1 [order of orders per item]',
      ],
    ],
    [
      'handlers are registered in a loop, not run',
      "import express from 'express';\nconst app = express();\nfunction f(shops) { for (const shop of shops) app.get('/' + shop.id, async (req, res) => { await pool.query('SELECT id FROM lines WHERE shop = $1', [shop.id]); }); }",
      [OWN],
    ],
    [
      'listeners are registered in a loop, not run',
      "function f(shops, bus) { for (const shop of shops) bus.on(shop.id, async () => { await pool.query('SELECT id FROM lines WHERE shop = $1', [shop.id]); }); }",
      [OWN],
    ],
    [
      'a transaction that is tried again',
      "async function transaction(run) { for (let attempt = 0; attempt < 3; attempt++) { const client = await pool.connect(); try { return await run(client); } catch (error) { console.error(error); } } }\nasync function f(id) { await transaction(async client => { await client.query('SELECT id FROM lines WHERE id = $1', [id]); }); }",
      [expect.not.stringContaining('per item')],
    ],
    [
      'a helper of a helper',
      `${LINES_OF}const load = order => linesOf(order.id);\nasync function f(orders) { await Promise.all(orders.map(order => load(order))); }`,
      [OWN, 'load() traced npm:pg read lines behind 2 [order of orders per item]'],
    ],
    [
      'a helper by name',
      `${LINES_OF}async function f(ids) { await Promise.all(ids.map(linesOf)); }`,
      [OWN, expect.stringContaining('traced npm:pg read lines behind 1')],
    ],
    [
      'a method',
      `class Orders {\n  linesOf(id) { return pool.query(${LINES}, [id]); }\n  async fill(orders) { for (const order of orders) order.lines = await this.linesOf(order.id); }\n}`,
      [OWN, 'this.linesOf() traced npm:pg read lines behind 1 [order of orders per item]'],
    ],
    [
      'a helper that does not depend on the item',
      `${LINES_OF}async function f(orders, id) { for (const order of orders) await linesOf(id); }`,
      [OWN, 'linesOf() traced npm:pg read lines behind 1 [order of orders same]'],
    ],
    [
      'a helper in no loop is told where it stands',
      `${LINES_OF}async function f(order) { order.lines = await linesOf(order.id); }`,
      [OWN],
    ],
    [
      'a factory of functions runs nothing yet',
      `const repositoryOf = db => ({ find: id => db.query(${LINES}, [id]) });\nfunction f(dbs) { return dbs.map(db => repositoryOf(db)); }`,
      ['db.query() sql-text read lines'],
    ],
    [
      'recursion',
      "async function tree(id) { const { rows } = await pool.query('SELECT id FROM nodes WHERE parent = $1', [id]); for (const row of rows) row.children = await tree(row.id); return rows; }",
      ['pool.query() traced npm:pg read nodes', 'tree() traced npm:pg read nodes behind 1 [row of rows per item]'],
    ],
  ]);

  test('a helper of another file', async () => {
    const facts = await factsOfProgram(`
//- orders.ts
import { linesOf } from './lines';
export async function fill(orders) {
  for (const order of orders) order.lines = await linesOf(order.id);
}
//- lines.ts
import { Pool } from 'pg';
const pool = new Pool();
export const linesOf = (id: string) => pool.query('SELECT id FROM lines WHERE order_id = $1', [id]);
`);
    expect(printFacts(facts)).toEqual(['linesOf() traced npm:pg read lines behind 1 [order of orders per item]']);
    expect(facts.queryExecutions[0]?.callPath).toMatchObject([{ at: { unit: 'lines.ts#linesOf' }, says: 'the query' }]);
  });

  test('a method of an injected service in another file', async () => {
    const facts = await factsOfProgram(`
//- orders.ts
import { Lines } from './lines';
export class Orders {
  constructor(private readonly lines: Lines) {}
  async fill(orders) {
    await Promise.all(orders.map(async order => { order.lines = await this.lines.of(order.id); }));
  }
}
//- lines.ts
import { Pool } from 'pg';
export class Lines {
  constructor(private readonly pool: Pool) {}
  of(id: string) { return this.pool.query('SELECT id FROM lines WHERE order_id = $1', [id]); }
}
`);
    expect(printFacts(facts)).toEqual(['this.lines.of() traced npm:pg read lines behind 1 [order of orders per item]']);
  });
});

describe('what libraries gather', () => {
  check([
    [
      'findUnique in one tick',
      "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nconst f = ids => Promise.all(ids.map(id => prisma.user.findUnique({ where: { id } })));",
      ['prisma.user.findUnique() traced npm:@prisma/client read user batched [id of ids per item]'],
    ],
    [
      'findUnique in a loop',
      "import { PrismaClient } from '@prisma/client';\nconst prisma = new PrismaClient();\nasync function f(ids) { for (const id of ids) await prisma.user.findUnique({ where: { id } }); }",
      ['prisma.user.findUnique() traced npm:@prisma/client read user [id of ids per item]'],
    ],
    [
      'a loader',
      `import DataLoader from 'dataloader';\nconst loader = new DataLoader(async ids => (await pool.query('SELECT id FROM lines WHERE order_id = ANY($1)', [ids])).rows);\nconst f = orders => Promise.all(orders.map(order => loader.load(order.id)));`,
      ['pool.query() traced npm:pg read lines'],
    ],
    [
      'records that save themselves',
      "import { Model } from 'sequelize';\nclass Order extends Model {}\nasync function f() { const orders = await Order.findAll(); for (const order of orders) await order.save(); }",
      [
        'Order.findAll() traced npm:sequelize read Order',
        'order.save() traced npm:sequelize write [order of orders per item]',
      ],
    ],
    [
      'knex in a loop',
      "import { Knex } from 'knex';\nasync function f(db: Knex, orders) { for (const order of orders) await db('lines').where({ order_id: order.id }); }",
      ["db('lines') traced npm:knex read lines [order of orders per item]"],
    ],
    [
      'knex returned from a callback',
      "import { Knex } from 'knex';\nconst f = (db: Knex, orders) => Promise.all(orders.map(order => db('lines').where({ order_id: order.id })));",
      ["db('lines') traced npm:knex read lines [order of orders per item]"],
    ],
  ]);
});
