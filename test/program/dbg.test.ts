import { test } from 'vitest';
import { printModule } from '/work/main/src/program/print';
import { lowered } from '/work/main/test/facts/programs';

test('x', async () => {
  console.log(
    printModule(
      await lowered(
        'a.ts',
        `
export async function f(orders) {
  for (let i = 0; i < orders.length; i++) await pool.query('s', [orders[i].id]);
  ids.map((_, i) => '$' + (i + 1)).join(', ');
  await Promise.all([db('orders').where({a:1}), db('lines')]);
}
`,
      ),
    ),
  );
});
