/** What the catalog answers to what a migration asks. */
import { describe, expect, test } from 'vitest';
import { emptyCatalog } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { readPostgres } from '../../src/catalog/readPostgres';
import { GuardAnswers } from '../../src/migrations/guards';
import { loadPostgresTrees } from '../../src/sql/postgresTree';

const SCHEMA = `
CREATE TABLE orders (id bigint, total numeric);
CREATE VIEW totals AS SELECT total FROM orders;
CREATE MATERIALIZED VIEW kept AS SELECT total FROM orders;`;

const isThere = async (table: string, column?: string, orView?: true): Promise<boolean> => {
  const operations = readPostgres(await loadPostgresTrees(), SCHEMA).flatMap(each => each.operations);
  const { catalog } = fold(emptyCatalog({ complete: true }), operations);
  const guard = { asked: {}, table, ...(column === undefined ? {} : { column }), ...(orView ? { orView } : {}) };
  return new GuardAnswers().allow([{ ...guard, exists: true }], catalog);
};

describe('a view', () => {
  test.each([
    ['orders', undefined],
    ['totals', undefined],
    ['totals', 'total'],
  ])('counts in the lists of the standard: %s %s', async (table, column) =>
    expect(await isThere(table, column, true)).toBe(true),
  );

  test.each([
    ['totals', 'id'],
    // PostgreSQL leaves it out there
    ['kept', undefined],
  ])('is no other: %s %s', async (table, column) => expect(await isThere(table, column, true)).toBe(false));

  test('is no table', async () => expect(await isThere('totals')).toBe(false));
});
