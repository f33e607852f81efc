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
