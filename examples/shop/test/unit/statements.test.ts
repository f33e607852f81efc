import type { QueryResult, QueryResultRow } from 'pg';
import { expect, test } from 'vitest';
import type { Queryable } from '../../src/db/pool';
import { sql } from '../../src/db/sql';
import { reserveStock } from '../../src/repositories/inventory';
import { findProductsById } from '../../src/repositories/products';

function answering(rows: QueryResultRow[]) {
  const sent: { text: string; values?: unknown[] }[] = [];
  const db: Queryable = {
    query: async <Row extends QueryResultRow>(text: string, values?: unknown[]) => {
      sent.push({ text, values });
      return { rows, rowCount: rows.length } as QueryResult<Row>;
    },
  };
  return { db, sent };
}

test('sql`` numbers its values', () => {
  expect(sql`SELECT * FROM products WHERE sku = ${'MUG'} AND active = ${true}`).toEqual({
    text: 'SELECT * FROM products WHERE sku = $1 AND active = $2',
    values: ['MUG', true],
  });
});

test('products are read with one statement', async () => {
  const { db, sent } = answering([{ id: 'p1' }, { id: 'p2' }]);
  const products = await findProductsById(['p1', 'p2'], db);
  expect([...products.keys()]).toEqual(['p1', 'p2']);
  expect(sent).toHaveLength(1);
  expect(sent[0].values).toEqual([['p1', 'p2']]);
});

test('tells of which products there is not enough', async () => {
  const { db } = answering([{ productId: 'p1' }]);
  const items = [
    { productId: 'p1', quantity: 1 },
    { productId: 'p2', quantity: 9 },
  ];
  expect(await reserveStock(items, 1, db)).toEqual(['p2']);
});
