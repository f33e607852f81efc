import { expect, test } from 'vitest';
import { reviewProgram } from '../support/reviewProgram';

const PROGRAM = `import { Pool } from 'pg';
const pool = new Pool();
export async function fill(orders: Order[]) {
  for (const order of orders) {
    const { rows } = await pool.query('SELECT * FROM line WHERE order_id = $1', [order.id]);
    order.lines = rows;
  }
}
`;

const writtenIn = async (text: string): Promise<string> => {
  const reviews = await reviewProgram(new Map([['program.ts', text]]), { rules: ['n-plus-one'] });
  const edits = reviews.flatMap(({ findings }) => findings.flatMap(({ fixes }) => fixes.flatMap(fix => fix.edits)));
  return edits.map(({ newText }) => newText).join('');
};

test('a fix has the line breaks of its file', async () => {
  expect(await writtenIn(PROGRAM)).not.toContain('\r');
  const written = await writtenIn(PROGRAM.replaceAll('\n', '\r\n'));
  expect(written).toContain('\r\n');
  expect(written.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});
