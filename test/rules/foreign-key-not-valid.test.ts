import { expect, test } from 'vitest';
import { reviewProgram } from '../support/reviewProgram';
import { findsAndLeaves } from '../support/ruleCases';

findsAndLeaves('foreign-key-not-valid');
findsAndLeaves('foreign-key-not-valid', 'builder-fixes-constraints');

const MIGRATION = `exports.up = async knex => {
  await knex.schema.alterTable('orders', table => {
    table.foreign('customer_id', 'orders_customer').references('id').inTable('customers');
  });
};
`;

test.each([
  [{ knex: '3.1.0', pg: '8.13.0' }, 1],
  [{ knex: '3.1.0', pg: '8.13.0', mysql2: '3.11.0' }, 0],
] as const)(
  'the SQL of one server is put in place of a builder only where there is no other: %j',
  async (dependencies, fixes) => {
    const files = new Map([
      ['package.json', JSON.stringify({ dependencies })],
      ['migrations/2_b.js', MIGRATION],
    ]);
    const [review] = await reviewProgram(files, { rules: ['foreign-key-not-valid'] });
    expect(review?.findings.map(finding => finding.fixes.length)).toEqual([fixes]);
  },
);
