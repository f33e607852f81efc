/** Which calls are queries: receivers traced to libraries in the ways that people write, and look-alikes that are none. */
import { describe, expect, test } from 'vitest';
import { printFacts } from './print';
import { factsOfProgram, type ProgramOptions } from './programs';

type Case = readonly [name: string, program: string, facts: readonly string[], options?: ProgramOptions];

const check = (cases: readonly Case[]) =>
  test.each(cases.map(([name, ...rest]) => [name, rest] as const))('%s', async (_, [program, expected, options]) => {
    expect(printFacts(await factsOfProgram(program, options))).toEqual(expected);
  });

const PG = 'pool.query() traced npm:pg read orders';

describe('pg', () => {
  check([
    [
      'import and new',
      "import { Pool } from 'pg';\nconst pool = new Pool();\nawait pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'default import',
      "import pg from 'pg';\nconst pool = new pg.Pool();\nawait pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'namespace import',
      "import * as pg from 'pg';\nconst pool = new pg.Pool();\nawait pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'destructured default',
      "import pg from 'pg';\nconst { Pool } = pg;\nconst pool = new Pool();\nawait pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'require',
      "const { Pool } = require('pg');\nconst pool = new Pool();\npool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'require of the module',
      "const pg = require('pg');\nconst pool = new pg.Pool();\npool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'renamed import',
      "import { Pool as Db } from 'pg';\nconst pool = new Db();\nawait pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'pg-pool',
      "const Pool = require('pg-pool');\nconst pool = new Pool();\npool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'native bindings',
      "import pg from 'pg';\nconst pool = new pg.native.Pool();\nawait pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'annotated parameter',
      "import type { Pool } from 'pg';\nexport const list = (pool: Pool) => pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'qualified annotation',
      "import * as pg from 'pg';\nexport async function list(pool: pg.Pool) { return pool.query('SELECT id FROM orders'); }",
      [PG],
    ],
    [
      'a client of the pool',
      "import { Pool } from 'pg';\nconst pool = new Pool();\nasync function list() {\n  const client = await pool.connect();\n  try { await client.query('SELECT id FROM orders'); } finally { client.release(); }\n}",
      ['client.query() traced npm:pg read orders'],
    ],
    [
      'a client in a callback',
      "const { Pool } = require('pg');\nconst pool = new Pool();\npool.connect((err, client, done) => {\n  client.query('SELECT id FROM orders', (err, result) => done());\n});",
      ['client.query() traced npm:pg read orders'],
    ],
    [
      'a client annotated',
      "import { type PoolClient } from 'pg';\nexport async function save(client: PoolClient) { await client.query('DELETE FROM orders WHERE id = 1'); }",
      ['client.query() traced npm:pg write orders'],
    ],
    [
      'a class field',
      "import { Pool } from 'pg';\nclass Repository {\n  private pool = new Pool();\n  list() { return this.pool.query('SELECT id FROM orders'); }\n}",
      ['this.pool.query() traced npm:pg read orders'],
    ],
    [
      'a field set in the constructor',
      "import { Pool } from 'pg';\nclass Repository {\n  constructor() { this.pool = new Pool(); }\n  list() { return this.pool.query('SELECT id FROM orders'); }\n}",
      ['this.pool.query() traced npm:pg read orders'],
    ],
    [
      'constructor injection',
      "import { Pool } from 'pg';\nclass Repository {\n  constructor(private readonly pool: Pool) {}\n  list() { return this.pool.query('SELECT id FROM orders'); }\n}",
      ['this.pool.query() traced npm:pg read orders'],
    ],
    [
      'an annotated field',
      "import { Pool } from 'pg';\nclass Repository {\n  pool: Pool;\n  list() { return this.pool.query('SELECT id FROM orders'); }\n}",
      ['this.pool.query() traced npm:pg read orders'],
    ],
    [
      'a destructured dependency',
      "import { Pool } from 'pg';\ninterface Deps { pool: Pool }\nexport const list = ({ pool }: Deps) => pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'exported by another file',
      "//- orders.ts\nimport { pool } from './db';\nexport const list = () => pool.query('SELECT id FROM orders');\n//- db.ts\nimport { Pool } from 'pg';\nexport const pool = new Pool();",
      [PG],
    ],
    [
      'a default export of another file',
      "//- orders.ts\nimport pool from './db';\nexport const list = () => pool.query('SELECT id FROM orders');\n//- db.ts\nimport { Pool } from 'pg';\nexport default new Pool();",
      [PG],
    ],
    [
      'module.exports of another file',
      "//- orders.js\nconst { pool } = require('./db');\nexports.list = () => pool.query('SELECT id FROM orders');\n//- db.js\nconst { Pool } = require('pg');\nconst pool = new Pool();\nmodule.exports = { pool };",
      [PG],
    ],
    [
      'a factory',
      "import { Pool } from 'pg';\nfunction createPool() { return new Pool(); }\nconst pool = createPool();\nawait pool.query('SELECT id FROM orders');",
      [PG],
    ],
    [
      'a query config',
      "import { Pool } from 'pg';\nconst pool = new Pool();\nawait pool.query({ text: 'SELECT id FROM orders WHERE id = $1', values: [1] });",
      [PG],
    ],
    [
      'a text by name',
      "import { Pool } from 'pg';\nconst pool = new Pool();\nconst LIST = 'SELECT id FROM orders';\nexport const list = () => pool.query(LIST);",
      [PG],
    ],
    [
      'then instead of await',
      "const { Pool } = require('pg');\nconst pool = new Pool();\nexports.list = () => pool.query('SELECT id FROM orders').then(({ rows }) => rows);",
      [PG],
    ],
    [
      'a client that is made and connected',
      "import { Client } from 'pg';\nconst client = new Client();\nawait client.connect();\nawait client.query('UPDATE orders SET paid = true WHERE id = 1');",
      ['client.query() traced npm:pg write orders'],
    ],
    [
      'optional chaining',
      "import { Pool } from 'pg';\nexport const list = (pool?: Pool) => pool?.query('SELECT id FROM orders');",
      ['pool?.query() traced npm:pg read orders'],
    ],
    [
      'events and the end of a pool',
      "import { Pool } from 'pg';\nconst pool = new Pool();\npool.on('error', console.error);\nawait pool.end();",
      [],
    ],
    [
      'a cursor',
      "import { Client } from 'pg';\nimport Cursor from 'pg-cursor';\nexport const open = (client: Client) => client.query(new Cursor('SELECT id FROM orders'));",
      ['client.query() traced npm:pg unknown', 'fragment new Cursor() traced'],
    ],
  ]);
});

describe('mysql2', () => {
  const MYSQL = 'pool.query() traced npm:mysql2 read orders';
  check([
    [
      'promise pool',
      "import mysql from 'mysql2/promise';\nconst pool = mysql.createPool({});\nconst [rows] = await pool.query('SELECT id FROM orders');",
      [MYSQL],
    ],
    [
      'execute',
      "import { createPool } from 'mysql2/promise';\nconst pool = createPool({});\nawait pool.execute('DELETE FROM orders WHERE id = ?', [1]);",
      ['pool.execute() traced npm:mysql2 write orders'],
    ],
    [
      'awaited connection',
      "import mysql from 'mysql2/promise';\nconst connection = await mysql.createConnection({});\nawait connection.query('SELECT id FROM orders');",
      ['connection.query() traced npm:mysql2 read orders'],
    ],
    [
      'callbacks',
      "const mysql = require('mysql');\nconst pool = mysql.createPool({});\npool.getConnection((err, connection) => {\n  connection.query('SELECT id FROM orders', (err, rows) => connection.release());\n});",
      ['connection.query() traced npm:mysql2 read orders'],
    ],
    [
      'promise()',
      "const mysql = require('mysql2');\nconst pool = mysql.createPool({}).promise();\npool.query('SELECT id FROM orders');",
      [MYSQL],
    ],
    [
      'getConnection awaited',
      "import mysql from 'mysql2/promise';\nconst pool = mysql.createPool({});\nasync function f() { const connection = await pool.getConnection(); await connection.execute('SELECT id FROM orders'); }",
      ['connection.execute() traced npm:mysql2 read orders'],
    ],
    [
      'annotated',
      "import type { Pool } from 'mysql2/promise';\nexport const list = (pool: Pool) => pool.query('SELECT id FROM orders');",
      [MYSQL],
    ],
    [
      'options object',
      "import mysql from 'mysql2/promise';\nconst pool = mysql.createPool({});\nawait pool.query({ sql: 'SELECT id FROM orders', timeout: 10 });",
      [MYSQL],
    ],
    [
      'format and escape are no queries',
      "const mysql = require('mysql2');\nconst text = mysql.format('SELECT id FROM orders WHERE id = ?', [1]);\nmysql.escape('a');",
      [],
    ],
  ]);
});

describe('knex', () => {
  const HEAD = "import knex from 'knex';\nconst db = knex({ client: 'pg' });\n";
  check([
    ['a chain', `${HEAD}await db('orders').where({ id: 1 });`, ["db('orders') traced npm:knex read orders"]],
    [
      'named import',
      "import { knex } from 'knex';\nconst db = knex({});\nawait db('orders').select('id');",
      ["db('orders') traced npm:knex read orders"],
    ],
    [
      'require called',
      "const db = require('knex')({ client: 'pg' });\nexports.f = async () => { await db('orders'); };",
      ["db('orders') traced npm:knex read orders"],
    ],
    [
      'annotated',
      "import type { Knex } from 'knex';\nexport const list = async (db: Knex) => { const rows = await db('orders').where('id', 1); return rows; };",
      ["db('orders') traced npm:knex read orders"],
    ],
    ['insert', `${HEAD}await db('orders').insert({ id: 1 });`, ["db('orders') traced npm:knex write orders"]],
    [
      'insert into',
      `${HEAD}await db.insert({ id: 1 }).into('orders');`,
      ['db.insert({ id: 1 }) traced npm:knex write orders'],
    ],
    ['select from', `${HEAD}await db.select('id').from('orders');`, ["db.select('id') traced npm:knex read orders"]],
    ['raw', `${HEAD}await db.raw('SELECT id FROM orders');`, ['db.raw() traced npm:knex read orders']],
    [
      'a builder kept in a variable',
      `${HEAD}async function list(paid: boolean) {\n  const query = db('orders');\n  if (paid) query.where('paid', true);\n  return await query;\n}`,
      ["db('orders') traced npm:knex read orders"],
    ],
    [
      'a builder that is never awaited',
      `${HEAD}const paid = db('orders').where('paid', true);\nconsole.log(paid.toString());`,
      [],
    ],
    [
      'a subquery is no query of its own',
      `${HEAD}await db('orders').whereIn('id', db('lines').select('order_id'));`,
      ["db('orders') traced npm:knex read orders"],
    ],
    [
      'returned',
      `${HEAD}export const list = () => db('orders').where('paid', true);`,
      ["db('orders') traced npm:knex read orders"],
    ],
    [
      'then',
      `${HEAD}db('orders').where('paid', true).then(rows => rows.length);`,
      ["db('orders') traced npm:knex read orders"],
    ],
    [
      'Promise.all',
      `${HEAD}await Promise.all([db('orders').select('id'), db('lines').select('id')]);`,
      ["db('orders') traced npm:knex read orders", "db('lines') traced npm:knex read lines"],
    ],
    [
      'a transaction',
      `${HEAD}await db.transaction(async trx => {\n  await trx('orders').update({ paid: true });\n});`,
      ["trx('orders') traced npm:knex write orders"],
    ],
    [
      'a transaction annotated',
      "import { Knex } from 'knex';\nexport async function pay(trx: Knex.Transaction) { await trx('orders').where({ id: 1 }).del(); }",
      ["trx('orders') traced npm:knex write orders"],
    ],
    [
      'a nested builder callback',
      `${HEAD}await db('orders').where(builder => builder.where('a', 1).orWhere('b', 2));`,
      ["db('orders') traced npm:knex read orders"],
    ],
    [
      'a raw fragment',
      `${HEAD}await db('orders').whereRaw('total > ?', [5]);`,
      ["db('orders') traced npm:knex read orders", 'fragment db("orders").whereRaw() traced'.replaceAll('"', "'")],
    ],
    [
      'raw inside a chain is a fragment',
      `${HEAD}await db('orders').select(db.raw('count(*) as n'));`,
      ["db('orders') traced npm:knex read orders", 'fragment db.raw() traced'],
    ],
    [
      'schema changes are no queries',
      `${HEAD}await db.schema.createTable('orders', table => { table.increments('id'); });`,
      [],
    ],
    [
      'in a class',
      "import { Knex } from 'knex';\nclass Orders {\n  constructor(private readonly db: Knex) {}\n  byId(id: number) { return this.db('orders').where({ id }).first(); }\n}",
      ["this.db('orders') traced npm:knex read orders"],
    ],
    [
      'batchInsert',
      `${HEAD}await db.batchInsert('orders', [{ id: 1 }], 500);`,
      ['db.batchInsert() traced npm:knex write orders batched'],
    ],
  ]);
});

describe('prisma', () => {
  const HEAD = "import { PrismaClient, Prisma } from '@prisma/client';\nconst prisma = new PrismaClient();\n";
  check([
    [
      'findMany',
      `${HEAD}await prisma.order.findMany();`,
      ['prisma.order.findMany() traced npm:@prisma/client read order'],
    ],
    [
      'create',
      `${HEAD}await prisma.order.create({ data: {} });`,
      ['prisma.order.create() traced npm:@prisma/client write order'],
    ],
    [
      'createMany',
      `${HEAD}await prisma.order.createMany({ data: [] });`,
      ['prisma.order.createMany() traced npm:@prisma/client write order batched'],
    ],
    [
      '$queryRaw',
      `${HEAD}await prisma.$queryRaw\`SELECT id FROM orders WHERE id = \${1}\`;`,
      ['prisma.$queryRaw`…` traced npm:@prisma/client read orders'],
    ],
    [
      '$queryRawUnsafe',
      `${HEAD}export const f = (id: string) => prisma.$queryRawUnsafe('SELECT id FROM orders WHERE id = ' + id);`,
      ['prisma.$queryRawUnsafe() traced npm:@prisma/client read orders <id>'],
    ],
    [
      '$executeRawUnsafe with values',
      `${HEAD}export const f = (id: string) => prisma.$executeRawUnsafe('DELETE FROM orders WHERE id = $1', id);`,
      ['prisma.$executeRawUnsafe() traced npm:@prisma/client write orders'],
    ],
    [
      'Prisma.raw',
      `${HEAD}export const f = (sort: string) => prisma.$queryRaw(Prisma.sql\`SELECT id FROM orders ORDER BY \${Prisma.raw(sort)}\`);`,
      ['prisma.$queryRaw() traced npm:@prisma/client read orders', 'fragment Prisma.raw() traced <sort>'],
    ],
    [
      'a transaction',
      `${HEAD}await prisma.$transaction(async tx => { await tx.order.update({ where: {}, data: {} }); });`,
      ['tx.order.update() traced npm:@prisma/client write order'],
    ],
    [
      'a service that extends the client',
      "//- orders.ts\nimport { PrismaService } from './prisma';\nclass Orders {\n  constructor(private readonly prisma: PrismaService) {}\n  list() { return this.prisma.order.findMany(); }\n}\n//- prisma.ts\nimport { PrismaClient } from '@prisma/client';\nexport class PrismaService extends PrismaClient {}",
      ['this.prisma.order.findMany() traced npm:@prisma/client read order'],
    ],
    [
      'a transaction client annotated',
      "import { Prisma } from '@prisma/client';\nexport const f = (tx: Prisma.TransactionClient) => tx.order.count();",
      ['tx.order.count() traced npm:@prisma/client read order'],
    ],
    [
      'an untraced client, in a project that has Prisma',
      "import { prisma } from '@acme/db';\nawait prisma.order.findMany();",
      ['prisma.order.findMany() manifest npm:@prisma/client read order'],
      { manifest: ['@prisma/client'] },
    ],
    [
      'rows found by a record, in a project that has TypeORM',
      'export const f = (runner, id) => runner.manager.findBy(Order, { id });',
      ['runner.manager.findBy() manifest npm:typeorm read'],
      { manifest: ['typeorm'] },
    ],
    ['an untraced client, without Prisma', "import { prisma } from '@acme/db';\nawait prisma.order.findMany();", []],
    [
      "a plain method of an untraced client that is called as Prisma's is",
      "import { prisma } from '@acme/db';\nawait prisma.order.create({});",
      ['prisma.order.create() manifest npm:@prisma/client write order'],
      { manifest: ['@prisma/client'] },
    ],
    [
      'a plain method of an untraced client',
      "import { stores } from '@acme/db';\nawait stores.order.create({});",
      [],
      { manifest: ['@prisma/client'] },
    ],
  ]);
});

describe('typeorm', () => {
  check([
    [
      'getRepository',
      "import { DataSource } from 'typeorm';\nconst source = new DataSource({});\nconst orders = source.getRepository(Order);\nawait orders.find();",
      ['orders.find() traced npm:typeorm read'],
    ],
    [
      'an injected repository',
      "import { Repository } from 'typeorm';\nimport { InjectRepository } from '@nestjs/typeorm';\nclass Orders {\n  constructor(@InjectRepository(Order) private readonly orders: Repository<Order>) {}\n  get(id: number) { return this.orders.findOneBy({ id }); }\n}",
      ['this.orders.findOneBy() traced npm:typeorm read'],
    ],
    [
      'a query builder',
      "import { Repository } from 'typeorm';\nexport const f = (orders: Repository<Order>) => orders.createQueryBuilder('o').where('o.id = :id', { id: 1 }).getMany();",
      [
        'orders.createQueryBuilder….getMany() traced npm:typeorm read',
        "fragment orders.createQueryBuilder('o').where() traced",
      ],
    ],
    [
      'raw query of a data source',
      "import { DataSource } from 'typeorm';\nexport const f = (source: DataSource) => source.query('SELECT id FROM orders');",
      ['source.query() traced npm:typeorm read orders'],
    ],
    [
      'entity manager of a transaction',
      "import { DataSource } from 'typeorm';\nexport const f = (source: DataSource) => source.transaction(async manager => { await manager.save(Order, {}); });",
      ['manager.save() traced npm:typeorm write'],
    ],
    [
      'manager of a data source',
      "import { DataSource } from 'typeorm';\nexport const f = (source: DataSource) => source.manager.find(Order);",
      ['source.manager.find() traced npm:typeorm read Order'],
    ],
    [
      'query runner',
      "import { DataSource } from 'typeorm';\nexport async function f(source: DataSource) { const runner = source.createQueryRunner(); await runner.query('DELETE FROM orders'); }",
      ['runner.query() traced npm:typeorm write orders'],
    ],
    [
      'an active record',
      "import { BaseEntity } from 'typeorm';\nclass Order extends BaseEntity {}\nexport const f = () => Order.findOneBy({ id: 1 });",
      ['Order.findOneBy() traced npm:typeorm read'],
    ],
    [
      'create and merge are no queries',
      "import { Repository } from 'typeorm';\nexport const f = (orders: Repository<Order>) => orders.create({});",
      [],
    ],
  ]);
});

describe('sequelize', () => {
  check([
    [
      'a model class',
      "import { Model } from 'sequelize';\nclass Order extends Model {}\nexport const f = () => Order.findAll();",
      ['Order.findAll() traced npm:sequelize read Order'],
    ],
    [
      'define',
      "const { Sequelize } = require('sequelize');\nconst sequelize = new Sequelize('');\nconst Order = sequelize.define('order', {});\nOrder.findOne({});",
      ['Order.findOne() traced npm:sequelize read Order'],
    ],
    [
      'raw query',
      "import { Sequelize } from 'sequelize';\nconst sequelize = new Sequelize('');\nawait sequelize.query('SELECT id FROM orders WHERE id = ?', { replacements: [1] });",
      ['sequelize.query() traced npm:sequelize read orders'],
    ],
    [
      'default export',
      "const Sequelize = require('sequelize');\nconst sequelize = new Sequelize('');\nsequelize.query('SELECT id FROM orders');",
      ['sequelize.query() traced npm:sequelize read orders'],
    ],
    [
      'an instance',
      "import { Model } from 'sequelize';\nclass Order extends Model {}\nexport async function f() { const order = await Order.findByPk(1); await order.save(); }",
      ['Order.findByPk() traced npm:sequelize read Order', 'order.save() traced npm:sequelize write'],
    ],
    [
      'models of the instance',
      "import { Sequelize } from 'sequelize';\nexport const f = (db: Sequelize) => db.models.Order.count();",
      ['db.models.Order.count() traced npm:sequelize read Order'],
    ],
    [
      'literal is a fragment',
      "import { Sequelize, Model } from 'sequelize';\nclass Order extends Model {}\nexport const f = (sort: string) => Order.findAll({ order: Sequelize.literal(sort + ' DESC') });",
      ['Order.findAll() traced npm:sequelize read Order', 'fragment Sequelize.literal() traced <sort>'],
    ],
  ]);
});

describe('texts that are SQL, on receivers that no one traced', () => {
  const READ = 'db.query() sql-text read orders';
  check([
    ['query', "import { db } from './missing';\nawait db.query('SELECT id FROM orders');", [READ]],
    ['query in a callback style', "exports.f = (db, done) => db.query('SELECT id FROM orders', done);", [READ]],
    ['run', "exports.f = db => db.run('DELETE FROM orders WHERE id = ?', [1]);", ['db.run() sql-text write orders']],
    [
      'a function',
      "import { sql } from './missing';\nexport const f = async () => await execute('SELECT id FROM orders');",
      ['execute() sql-text read orders'],
    ],
    [
      'an awaited function of any name',
      "import { rowsOf } from './missing';\nexport const f = async () => await rowsOf('SELECT id FROM orders');",
      ['rowsOf() sql-text read orders'],
    ],
    ['a text by name', "const LIST = 'SELECT id FROM orders';\nexports.f = db => db.query(LIST);", [READ]],
    ['a record of options', "exports.f = db => db.query({ sql: 'SELECT id FROM orders' });", [READ]],
    [
      'second argument',
      "exports.f = client => query(client, 'SELECT id FROM orders');",
      ['query() sql-text read orders'],
    ],
    [
      'prepare is a fragment',
      "exports.f = db => db.prepare('SELECT id FROM orders').all();",
      ['fragment db.prepare() sql-text'],
    ],
  ]);
});

describe('look-alikes', () => {
  check([
    ['query of something else', "exports.f = db => db.query('orders');", []],
    ['query of a record', "exports.f = es => es.query({ match: 'orders' });", []],
    ['querySelector', "document.querySelector('select from a');", []],
    ['logged', "logger.info('SELECT id FROM orders');\nconsole.log('SELECT id FROM orders');", []],
    [
      'logged and awaited',
      "export const f = async log => { await log.info('SELECT id FROM orders WHERE a = 1'); };",
      [],
    ],
    ['thrown', "throw new Error('SELECT id FROM orders WHERE a = 1');", []],
    ['asserted', "expect(db.query).toHaveBeenCalledWith('SELECT id FROM orders');", []],
    ['Map.get', "const cache = new Map();\ncache.get('SELECT id FROM orders');", []],
    ['cache.get', "exports.f = async cache => { await cache.get('orders'); };", []],
    ['fetch', "export const f = async () => { await fetch('https://example.com/orders'); };", []],
    ['find of a list', 'exports.f = orders => orders.find(order => order.id === 1);', []],
    [
      'a repository of the workspace',
      'class Orders { findAll() { return []; } }\nexport const f = () => new Orders().findAll();',
      [],
      { manifest: ['sequelize'] },
    ],
    ['a list of texts', "const list = ['SELECT id FROM orders'];\nlist.includes('SELECT id FROM orders');", []],
    ['a sentence', "exports.f = db => db.query('Select the orders from the list below.');", []],
    [
      'an express route',
      "import express from 'express';\nconst app = express();\napp.get('/select/:id', (req, res) => { res.send('x'); });",
      [],
    ],
    [
      'a template tag that binds',
      "import sql from './missing';\nexport const f = async id => await sql`SELECT id FROM orders WHERE id = ${id}`;",
      [],
    ],
    ['new Error with a text', 'export const f = name => new Error(`SELECT id FROM orders WHERE a = ${name}`);', []],
    [
      'findMany of a list in a project with Prisma',
      'const items = [1];\nitems.findMany?.();',
      [],
      { manifest: ['@prisma/client'] },
    ],
    [
      'a mongo collection',
      "exports.f = db => db.collection('orders').find({ paid: true });",
      [],
      { manifest: ['mongodb'] },
    ],
    ['emit', "exports.f = async bus => { await bus.emit('SELECT id FROM orders WHERE a = 1'); };", []],
  ]);
});

describe('mongoose', () => {
  const FIND = 'User.findOne() traced npm:mongoose read User';
  check([
    [
      'a default import',
      "import mongoose from 'mongoose';\nconst User = mongoose.model('User', new mongoose.Schema({}));\nawait User.findOne({ email });",
      [FIND],
    ],
    [
      'a named import',
      "import { model, Schema } from 'mongoose';\nconst User = model<IUser>('User', new Schema<IUser>({}));\nawait User.findOne({ email });",
      [FIND],
    ],
    [
      'require',
      "const mongoose = require('mongoose');\nconst { Schema } = mongoose;\nconst User = mongoose.model('User', new Schema({}));\nUser.findOne({ email });",
      [FIND],
    ],
    [
      'exported by another file as the module',
      "//- program.ts\nconst User = require('./models/user');\nexports.find = email => User.findOne({ email });\n//- models/user.ts\nconst mongoose = require('mongoose');\nconst schema = new mongoose.Schema({ email: String });\nmodule.exports = mongoose.model('User', schema);",
      [FIND],
    ],
    [
      'a named export of a registry',
      "//- program.ts\nimport { User } from './models';\nexport const find = email => User.findOne({ email });\n//- models/index.ts\nexport { User } from './user';\nexport { Order } from './order';\n//- models/user.ts\nimport { model } from 'mongoose';\nexport const User = model('User', schema);\n//- models/order.ts\nimport { model } from 'mongoose';\nexport const Order = model('Order', schema);",
      [FIND],
    ],
    [
      'a model that may be there already',
      "import mongoose from 'mongoose';\nexport const User = mongoose.models.User || mongoose.model('User', schema);\nexport const find = email => User.findOne({ email });",
      [FIND],
    ],
    [
      'a connection of its own',
      "import { createConnection } from 'mongoose';\nconst db = createConnection(url);\nconst User = db.model('User', schema);\nawait User.findOne({ email });",
      [FIND],
    ],
    [
      'injected by NestJS',
      "import { Model } from 'mongoose';\nimport { InjectModel } from '@nestjs/mongoose';\nclass Users {\n  constructor(@InjectModel(User.name) private readonly userModel: Model<UserDocument>) {}\n  find(email: string) { return this.userModel.findOne({ email }).exec(); }\n}",
      ['this.userModel.findOne() traced npm:mongoose read'],
    ],
    [
      'typegoose',
      "import { getModelForClass } from '@typegoose/typegoose';\nconst User = getModelForClass(UserClass);\nawait User.findOne({ email });",
      [FIND],
    ],
    [
      'a chain is one query',
      "import { model } from 'mongoose';\nconst User = model('User', schema);\nconst users = await User.find({ active: true }).sort('name').limit(10).populate('team').lean().exec();",
      ['User.find() traced npm:mongoose read User'],
    ],
    [
      'what a query gives is a document',
      "import { model } from 'mongoose';\nconst User = model('User', schema);\nconst user = await User.findById(id);\nuser.name = name;\nawait user.save();",
      ['User.findById() traced npm:mongoose read User', 'user.save() traced npm:mongoose write'],
    ],
    [
      'documents of a list',
      "import { model } from 'mongoose';\nconst User = model('User', schema);\nfor (const user of await User.find()) await user.save();",
      [
        'User.find() traced npm:mongoose read User',
        'user.save() traced npm:mongoose write [user of await User.find() per item]',
      ],
    ],
    [
      'documents in a callback',
      "import { model } from 'mongoose';\nconst User = model('User', schema);\nUser.findById(id).then(user => user.deleteOne());",
      ['User.findById() traced npm:mongoose read User', 'user.deleteOne() traced npm:mongoose write'],
    ],
    [
      'a new document',
      "import { model } from 'mongoose';\nconst User = model('User', schema);\nconst user = new User({ name });\nawait user.save();",
      ['user.save() traced npm:mongoose write'],
    ],
    [
      'a model by its name alone, in a project that has mongoose',
      'export const find = (models, email) => models.User.findOne({ email });',
      ['models.User.findOne() manifest npm:mongoose read User'],
      { manifest: ['mongoose'] },
    ],
    [
      'the find of a list is none',
      'export const find = (users, email) => users.find(user => user.email === email);',
      [],
      { manifest: ['mongoose'] },
    ],
  ]);
});

describe('mongodb', () => {
  const FIND = "db.collection('users').findOne() traced npm:mongodb read";
  check([
    [
      'a client of the module',
      "import { MongoClient } from 'mongodb';\nconst client = new MongoClient(url);\nconst db = client.db('shop');\nawait db.collection('users').findOne({ email });",
      [FIND],
    ],
    [
      'a client that is connected',
      "const { MongoClient } = require('mongodb');\nasync function find(email) {\n  const client = await MongoClient.connect(url);\n  const db = client.db();\n  return db.collection('users').findOne({ email });\n}",
      [FIND],
    ],
    [
      'a collection in a variable',
      "import { MongoClient } from 'mongodb';\nconst users = new MongoClient(url).db().collection<User>('users');\nexport const list = () => users.find({ active: true }).sort({ name: 1 }).toArray();",
      ['users.find() traced npm:mongodb read'],
    ],
    [
      'annotated',
      "import type { Db, Collection } from 'mongodb';\nclass Users {\n  private users: Collection<User>;\n  constructor(db: Db) { this.users = db.collection('users'); }\n  remove(id: string) { return this.users.deleteOne({ id }); }\n}",
      ['this.users.deleteOne() traced npm:mongodb write'],
    ],
    [
      'exported by another file',
      "//- program.ts\nimport { db } from './db';\nexport const find = (email: string) => db.collection('users').findOne({ email });\n//- db.ts\nimport { MongoClient } from 'mongodb';\nexport const db = new MongoClient(process.env.URL).db();",
      [FIND],
    ],
    [
      'a function that gives the database',
      "//- program.ts\nimport { getDb } from './db';\nexport async function find(email: string) { const db = await getDb(); return db.collection('users').findOne({ email }); }\n//- db.ts\nimport { MongoClient } from 'mongodb';\nlet client;\nexport async function getDb() { client ??= await new MongoClient(url).connect(); return client.db('shop'); }",
      [FIND],
    ],
    [
      'of mongoose',
      "import mongoose from 'mongoose';\nawait mongoose.connection.db.collection('users').insertMany(users);",
      ['mongoose.connection.db….insertMany() traced npm:mongodb write batched'],
    ],
  ]);
});
