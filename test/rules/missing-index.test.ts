import { expect, test } from 'vitest';
import { reviewProgram } from '../support/reviewProgram';
import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('missing-index');
findsAndLeaves('missing-index', 'missing-index-drizzle');

test('the hover shows the migration, both ways', async () => {
  const files = new Map([
    [
      'migrations/1_a.up.sql',
      'CREATE SCHEMA shop; CREATE TABLE shop."Order" (id bigint PRIMARY KEY, "buyerId" bigint);',
    ],
    ['backend-reviewer.json', '{ "tables": { "shop.Order": { "rows": 4000000 } } }'],
    [
      'src/a.ts',
      `import { Pool } from 'pg';
const pool = new Pool();
export const of = (id: string) => pool.query('SELECT id FROM shop."Order" WHERE "buyerId" = $1', [id]);`,
    ],
  ]);
  const [, review] = await reviewProgram(files, { rules: ['missing-index'] });
  expect(review?.findings.map(({ sketch }) => sketch)).toEqual([
    [
      '```sql',
      '-- up, in a migration that runs outside of a transaction',
      'CREATE INDEX CONCURRENTLY "Order_buyerId_idx" ON shop."Order" ("buyerId");',
      '-- down',
      'DROP INDEX CONCURRENTLY shop."Order_buyerId_idx";',
      '```',
    ].join('\n'),
  ]);
});
