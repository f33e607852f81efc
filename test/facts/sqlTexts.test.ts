/** Recovered SQL text: which holes are hazards, and where request input is proven to reach them. */
import { describe, expect, test } from 'vitest';
import { printFacts } from './print';
import { factsOfProgram, type ProgramOptions, programOf } from './programs';

type Case = readonly [name: string, program: string, facts: readonly string[], options?: ProgramOptions];

const PG = "import { Pool } from 'pg';\nconst pool = new Pool();\n";
const Q = 'pool.query() traced npm:pg read orders';

const check = (cases: readonly Case[]) =>
  test.each(cases.map(([name, ...rest]) => [name, rest] as const))('%s', async (_, [program, expected, options]) => {
    expect(printFacts(await factsOfProgram(PG + program, options))).toEqual(expected);
  });

describe('holes', () => {
  check([
    [
      'a template',
      "const f = (name: string) => pool.query(`SELECT id FROM orders WHERE name = '${name}'`);",
      [`${Q} <name>`],
    ],
    ['plus', "const f = (name: string) => pool.query('SELECT id FROM orders WHERE name = ' + name);", [`${Q} <name>`]],
    [
      'concat',
      "const f = (name: string) => pool.query('SELECT id FROM orders WHERE name = '.concat(name));",
      [`${Q} <name>`],
    ],
    [
      'plus and assign',
      "function f(sort: string) { let sql = 'SELECT id FROM orders'; if (sort) sql += ' ORDER BY ' + sort; return pool.query(sql); }",
      [`${Q} <sort>`],
    ],
    [
      'join',
      "const f = (names: string[]) => pool.query('SELECT id FROM orders WHERE name IN (' + names.join(',') + ')');",
      [expect.stringContaining(`${Q} <`)],
    ],
    [
      'a member',
      'const f = (filter: any) => pool.query(`SELECT id FROM orders WHERE ${filter.where}`);',
      [`${Q} <filter.where>`],
    ],
    [
      'replace keeps what goes in',
      "const f = (name: string) => pool.query('SELECT id FROM orders WHERE name = :n'.replace(':n', name));",
      [`${Q} <name>`],
    ],
    [
      'trimmed',
      'const f = (name: string) => pool.query(`SELECT id FROM orders WHERE name = ${name.trim()}`);',
      [expect.stringMatching(/<name(\.trim\(\))?>$/)],
    ],
    ['number typed', 'const f = (id: number) => pool.query(`SELECT id FROM orders WHERE id = ${id}`);', [Q]],
    ['Number', 'const f = (id: string) => pool.query(`SELECT id FROM orders WHERE id = ${Number(id)}`);', [Q]],
    ['parseInt', 'const f = (id: string) => pool.query(`SELECT id FROM orders LIMIT ${parseInt(id, 10)}`);', [Q]],
    ['a constant', "const TABLE = 'orders';\nconst f = () => pool.query(`SELECT id FROM ${TABLE}`);", [Q]],
    [
      'a constant of another module',
      "import { TABLE } from './missing';\nconst f = () => pool.query(`SELECT id FROM ${TABLE}`);",
      ['pool.query() traced npm:pg read'],
    ],
    [
      'an environment variable',
      'const f = () => pool.query(`SELECT id FROM ${process.env.SCHEMA}.orders`);',
      [expect.not.stringContaining('<')],
    ],
    [
      'a choice of constants',
      "const f = (desc: boolean) => pool.query(`SELECT id FROM orders ORDER BY id ${desc ? 'DESC' : 'ASC'}`);",
      [Q],
    ],
    [
      'an allow-list',
      "const COLUMNS = { name: 'name', total: 'total' };\nconst f = (sort: 'name' | 'total') => pool.query(`SELECT id FROM orders ORDER BY ${COLUMNS[sort]}`);",
      [Q],
    ],
    [
      'an allow-list by includes',
      "function f(sort: string) { if (!['name', 'total'].includes(sort)) throw new Error('sort'); return pool.query(`SELECT id FROM orders ORDER BY ${sort}`); }",
      [Q],
    ],
    [
      'placeholders',
      "const f = (ids: string[]) => pool.query(`SELECT id FROM orders WHERE id IN (${ids.map((_, i) => '$' + (i + 1)).join(', ')})`, ids);",
      [Q],
    ],
    [
      'escapeIdentifier',
      "import { escapeIdentifier } from 'pg';\nconst f = (sort: string) => pool.query(`SELECT id FROM orders ORDER BY ${escapeIdentifier(sort)}`);",
      [Q],
    ],
    [
      'escapeLiteral of the module',
      "import pg from 'pg';\nconst f = (name: string) => pool.query(`SELECT id FROM orders WHERE name = ${pg.escapeLiteral(name)}`);",
      [Q],
    ],
    [
      'pg-format',
      "import format from 'pg-format';\nconst f = (name: string) => pool.query(format('SELECT id FROM orders WHERE name = %L', name));",
      [Q],
    ],
    [
      'pg-format %s',
      "import format from 'pg-format';\nconst f = (name: string) => pool.query(format('SELECT id FROM orders WHERE name = %s', name));",
      [`${Q} <name>`],
    ],
    [
      'a whole text',
      'export const run = (sql: string, values: any[]) => pool.query(sql, values);',
      ['pool.query() traced npm:pg unknown <* sql>'],
    ],
    [
      'an escaping function of the project',
      "import { quoteIdent } from './missing';\nconst f = (sort: string) => pool.query(`SELECT id FROM orders ORDER BY ${quoteIdent(sort)}`);",
      [Q],
    ],
    [
      'a call of constants',
      "import { columns } from './missing';\nconst f = () => pool.query(`SELECT id FROM orders ORDER BY ${columns('order')}`);",
      [Q],
    ],
    ['a date', "const f = () => pool.query(`SELECT id FROM orders WHERE day = '${new Date().toISOString()}'`);", [Q]],
    [
      'unknown tag',
      'import { sql } from "./missing";\nconst f = (id: string) => pool.query(sql`SELECT id FROM orders WHERE id = ${id}`);',
      [expect.not.stringContaining('<id>')],
    ],
    [
      'JSON',
      "const f = (data: any) => pool.query(`INSERT INTO orders VALUES ('${JSON.stringify(data)}')`);",
      [expect.stringContaining('<')],
    ],
    [
      'encodeURIComponent is no proof',
      'const f = (name: string) => pool.query(`SELECT id FROM orders WHERE name = ${encodeURIComponent(name)}`);',
      [expect.stringContaining('<')],
    ],
  ]);
});

describe('mysql escapes', () => {
  const HEAD = "import mysql from 'mysql2/promise';\nconst db = mysql.createPool({});\n";
  test.each([
    ['escape', 'const f = (name: string) => db.query(`SELECT id FROM orders WHERE name = ${mysql.escape(name)}`);'],
    [
      'escapeId of the pool',
      'const f = (name: string) => db.query(`SELECT id FROM orders ORDER BY ${db.escapeId(name)}`);',
    ],
    ['format', "const f = (name: string) => db.query(mysql.format('SELECT id FROM orders WHERE name = ?', [name]));"],
  ])('%s', async (_, program) => {
    expect(printFacts(await factsOfProgram(HEAD + program))).toEqual(['db.query() traced npm:mysql2 read orders']);
  });
});

describe('wrappers', () => {
  const RUN = 'const run = (sql: string, values?: any[]) => pool.query(sql, values);\n';
  const OWN = 'pool.query() traced npm:pg unknown <* sql>';
  check([
    [
      'the caller writes the text',
      `${RUN}const f = (name: string) => run('SELECT id FROM orders WHERE name = ' + name);`,
      [OWN, 'run() traced npm:pg read orders behind 1 <name>'],
    ],
    [
      'a harmless caller',
      `${RUN}const f = (name: string) => run('SELECT id FROM orders WHERE name = $1', [name]);`,
      [OWN, 'run() traced npm:pg read orders behind 1'],
    ],
    [
      'a wrapper of a wrapper',
      `${RUN}const one = (sql: string) => run(sql);\nconst f = (name: string) => one('SELECT id FROM orders WHERE name = ' + name);`,
      [OWN, 'one() traced npm:pg read orders behind 2 <name>'],
    ],
    [
      'a method that wraps an untraced driver',
      "class Db {\n  constructor(driver) { this.driver = driver; }\n  query(sql) { return this.driver.query(sql); }\n  f(name) { return this.query('SELECT id FROM orders WHERE name = ' + name); }\n}",
      ['this.query() sql-text read orders behind 1 <name>'],
    ],
    [
      'a wrapper in a loop',
      `${RUN}async function f(orders) { for (const order of orders) await run('SELECT id FROM lines WHERE order_id = $1', [order.id]); }`,
      [OWN, 'run() traced npm:pg read lines behind 1 [order of orders per item]'],
    ],
    [
      'a function that builds the text',
      "const byName = (name: string) => 'SELECT id FROM orders WHERE name = ' + name;\nconst f = (name: string) => pool.query(byName(name));",
      [`${Q} <name>`],
    ],
    [
      'a wrapper that gets no SQL',
      "class Search {\n  constructor(driver) { this.driver = driver; }\n  query(text) { return this.driver.query(text); }\n  f(name) { return this.query('orders named ' + name); }\n}",
      [],
    ],
  ]);

  test('in another file', async () => {
    const facts = await factsOfProgram(`
//- orders.ts
import { run } from './db';
export const byName = (name: string) => run('SELECT id FROM orders WHERE name = ' + name);
//- db.ts
import { Pool } from 'pg';
const pool = new Pool();
export const run = (sql: string) => pool.query(sql);
`);
    expect(printFacts(facts)).toEqual(['run() traced npm:pg read orders behind 1 <name>']);
  });
});

describe('request input', () => {
  const APP = "import express from 'express';\nconst app = express();\n";
  check([
    [
      'in a handler',
      `${APP}app.get('/', async (req, res) => { await pool.query(\`SELECT id FROM orders WHERE name = '\${req.query.name}'\`); });`,
      [`${Q} <req.query.name!>`],
    ],
    [
      'through a variable',
      `${APP}app.get('/', async (req, res) => { const { name } = req.query; await pool.query('SELECT id FROM orders WHERE name = ' + name); });`,
      [`${Q} <name!>`],
    ],
    [
      'the body',
      `${APP}app.post('/', async (req, res) => { await pool.query('SELECT id FROM orders WHERE name = ' + req.body.name); });`,
      [`${Q} <req.body.name!>`],
    ],
    [
      'a router',
      "import { Router } from 'express';\nconst router = Router();\nrouter.get('/:id', async (req, res) => { await pool.query('SELECT id FROM orders WHERE id = ' + req.params.id); });",
      [`${Q} <req.params.id!>`],
    ],
    [
      'express.Router()',
      "const express = require('express');\nconst router = express.Router();\nrouter.get('/:id', async (req, res) => { await pool.query('SELECT id FROM orders WHERE id = ' + req.params.id); });",
      [`${Q} <req.params.id!>`],
    ],
    [
      'an annotated request',
      "import type { Request, Response } from 'express';\nexport async function list(req: Request, res: Response) { await pool.query('SELECT id FROM orders WHERE id = ' + req.params.id); }",
      [`${Q} <req.params.id!>`],
    ],
    [
      'a handler by name',
      `${APP}app.get('/', list);\nasync function list(req, res) { await pool.query('SELECT id FROM orders WHERE id = ' + req.query.id); }`,
      [`${Q} <req.query.id!>`],
    ],
    [
      'through a helper',
      `${APP}const byName = (name: string) => pool.query('SELECT id FROM orders WHERE name = ' + name);\napp.get('/', async (req, res) => { await byName(req.query.name); });`,
      [`${Q} <name!>`],
    ],
    [
      'through two helpers',
      `${APP}const byName = (name: string) => pool.query('SELECT id FROM orders WHERE name = ' + name);\nconst find = (filter: any) => byName(filter.name);\napp.get('/', async (req, res) => { await find(req.query); });`,
      [`${Q} <name!>`],
    ],
    [
      'a number of it is harmless',
      `${APP}app.get('/:id', async (req, res) => { await pool.query('SELECT id FROM orders WHERE id = ' + Number(req.params.id)); });`,
      [Q],
    ],
    [
      'bound input is harmless',
      `${APP}app.get('/:id', async (req, res) => { await pool.query('SELECT id FROM orders WHERE id = $1', [req.params.id]); });`,
      [Q],
    ],
    [
      'the user of the session is no input',
      `${APP}app.get('/', async (req, res) => { await pool.query('SELECT id FROM orders WHERE id = ' + req.user.id); });`,
      [`${Q} <req.user.id>`],
    ],
    [
      'fastify',
      "import fastify from 'fastify';\nconst app = fastify();\napp.get('/', async (request, reply) => { await pool.query('SELECT id FROM orders WHERE id = ' + request.query.id); });",
      [`${Q} <request.query.id!>`],
    ],
    [
      'koa',
      "import Router from '@koa/router';\nconst router = new Router();\nrouter.get('/', async ctx => { await pool.query('SELECT id FROM orders WHERE id = ' + ctx.query.id); });",
      [`${Q} <ctx.query.id!>`],
    ],
    [
      'a decorated parameter of NestJS',
      "import { Controller, Query, Param, ParseIntPipe } from '@nestjs/common';\nexport class Orders {\n  list(@Query('name') name: string, @Param('id', ParseIntPipe) id: number) { return pool.query(`SELECT id FROM orders WHERE id = ${id} AND name = '${name}'`); }\n}",
      [`${Q} <name!>`],
    ],
    [
      'a decorated parameter that is handed on',
      "import { Body } from '@nestjs/common';\nexport class Orders {\n  byName(name: string) { return pool.query('SELECT id FROM orders WHERE name = ' + name); }\n  list(@Body() body: any) { return this.byName(body.name); }\n}",
      [`${Q} <name!>`],
    ],
    [
      'a handler by what it calls its parameters',
      "exports.list = async (req, res) => { const { name } = req.query; await pool.query('SELECT id FROM orders WHERE name = ' + name); };",
      [`${Q} <name!>`],
    ],
    [
      'a parameter that is called request alone',
      "exports.list = async request => { await pool.query('SELECT id FROM orders WHERE name = ' + request.query.name); };",
      [`${Q} <request.query.name>`],
    ],
    [
      'the user of a handler by convention is no input',
      "exports.list = async (req, res) => { await pool.query('SELECT id FROM orders WHERE owner = ' + req.user.id); };",
      [`${Q} <req.user.id>`],
    ],
    [
      'a loose text',
      `${APP}import { send } from './missing';\napp.get('/', async (req, res) => { const sql = \`SELECT id FROM orders WHERE name = '\${req.query.name}'\`; send({ statement: sql }); });`,
      ["loose SELECT id FROM orders WHERE name = '${req.query.name}' <req.query.name!>"],
    ],
    [
      'a text that is logged',
      `${APP}app.get('/', async (req, res) => { console.log(\`SELECT id FROM orders WHERE name = '\${req.query.name}'\`); });`,
      [],
    ],
  ]);

  test('the path goes from the input to the hole', async () => {
    const program =
      await programOf(`${PG}${APP}const byName = (name: string) => pool.query('SELECT id FROM orders WHERE name = ' + name);
app.get('/', async (req, res) => { await byName(req.query.name); });`);
    const hazard = program.facts().queryExecutions[0]?.sql?.hazards[0];
    expect(hazard?.inputLabel).toBe('the query string');
    expect(hazard?.inputPath?.map(({ at, says }) => `${program.textOf(at)}: ${says}`)).toEqual([
      'req.query: the query string comes in here',
      'req.query.name: is handed to `byName()`',
    ]);
  });
});

describe('statements', () => {
  test.each([
    ['SELECT id FROM orders', 'read', 'orders'],
    ['select o.id from public.orders o', 'read', 'orders'],
    ['INSERT INTO orders (id) VALUES (1)', 'write', 'orders'],
    ['UPDATE "Orders" SET paid = true WHERE id = 1', 'write', 'Orders'],
    ['DELETE FROM ONLY orders WHERE id = 1', 'write', 'orders'],
    ['WITH x AS (SELECT 1) SELECT id FROM x', 'read', 'x'],
    ['WITH gone AS (DELETE FROM orders WHERE id = 1 RETURNING id) SELECT id FROM gone', 'write', 'orders'],
    ['BEGIN', 'unknown', undefined],
    ['/* all */ SELECT count(*) FROM orders', 'read', 'orders'],
  ])('%s', async (sql, operation, relation) => {
    const { queryExecutions } = await factsOfProgram(`${PG}await pool.query(${JSON.stringify(sql)});`);
    expect(queryExecutions[0]).toMatchObject({ operation, ...(relation === undefined ? {} : { relation }) });
  });

  test('one statement that parses is read', async () => {
    const { queryExecutions } = await factsOfProgram(
      `${PG}const f = (id: string) => pool.query(\`SELECT id FROM orders WHERE id = \${id}\`);`,
    );
    expect(queryExecutions[0]?.statement).toMatchObject({ kind: 'select', comparisons: [{ column: 'id' }] });
  });
});
