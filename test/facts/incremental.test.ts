/** Typing in one function leaves the facts of every other alone unless what it does to others has changed. */
import { expect, test } from 'vitest';
import { printFacts } from './print';
import { programOf } from './programs';

const PROGRAM = `
//- orders.ts
import { linesOf } from './lines';
import { pool } from './db';
export async function fill(orders) {
  for (const order of orders) order.lines = await linesOf(order.id);
}
export const list = () => pool.query('SELECT id FROM orders');
export function total(lines) {
  let sum = 0;
  for (const line of lines) sum += line.price;
  return sum;
}
//- lines.ts
import { pool } from './db';
export const linesOf = (id: string) => pool.query('SELECT id FROM lines WHERE order_id = $1', [id]);
//- db.ts
import { Pool } from 'pg';
export const pool = new Pool();
`;

test('an edit computes the facts of its own function again', async () => {
  const program = await programOf(PROGRAM);
  const before = printFacts(program.facts());
  program.computed.length = 0;
  await program.edit('orders.ts', text => text.replace('let sum = 0;', 'let sum = 0.5;'));
  expect(printFacts(program.facts())).toEqual(before);
  const units = new Set(
    program.computed.filter(what => /facts|query calls/.test(what)).map(what => what.replace(/^.* /, '')),
  );
  expect([...units]).toEqual(['orders.ts#total']);
});

test('all else that a unit adds to its file is computed with its facts, and the paths of input that lead to others stand', async () => {
  const program = await programOf(`
//- routes.ts
import { Pool } from 'pg';
import express from 'express';
const pool = new Pool();
const app = express();
const named = (name) => pool.query("SELECT id FROM users WHERE name = '" + name + "'");
app.get('/users', (req, res) => named(req.query.name).then(found => res.json(found)));
export function total(lines) {
  let sum = 0;
  return sum + lines.length;
}
`);
  const before = printFacts(program.facts());
  program.computed.length = 0;
  await program.edit('routes.ts', text => text.replace('let sum = 0;', 'let sum = 0.5;'));
  expect(printFacts(program.facts())).toEqual(before);
  // the top level is the text around the functions too, and who calls is looked up anew; what they hand in is not
  const units = (about: RegExp) => [
    ...new Set(program.computed.filter(what => about.test(what)).map(what => what.replace(/^.* /, ''))),
  ];
  expect(units(/^(?:reviewed|acquisitions|pools|secret uses) /)).toEqual(expect.arrayContaining(['routes.ts#total']));
  expect(units(/^(?:reviewed|acquisitions|pools|secret uses|facts|input to) /)).not.toContain('routes.ts#named');
  expect(units(/^input to /)).toEqual([]);
});

test('an edit that changes what a function does to others is seen by its callers', async () => {
  const program = await programOf(PROGRAM);
  program.facts();
  program.computed.length = 0;
  await program.edit('lines.ts', text =>
    text.replace("pool.query('SELECT id FROM lines WHERE order_id = $1', [id])", 'cached(id)'),
  );
  expect(printFacts(program.facts())).toEqual(['pool.query() traced npm:pg read orders']);
  const units = new Set(program.computed.filter(what => /^facts /.test(what)).map(what => what.replace(/^.* /, '')));
  expect([...units]).toEqual(['orders.ts#fill']);
});

test('nothing is computed again when nothing changed', async () => {
  const program = await programOf(PROGRAM);
  program.facts();
  program.computed.length = 0;
  program.facts();
  expect(program.computed).toEqual([]);
});
