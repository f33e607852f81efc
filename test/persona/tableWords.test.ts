/** Tables in words and as DBML. */
import { expect, test } from 'vitest';
import { propertyOf } from '../../src/persona/contract';
import type { ColumnFacts, TableFacts } from '../../src/persona/grounding';
import { columnsTable, dbml } from '../../src/persona/tableWords';

const NOTE: TableFacts = {
  schema: 'public',
  name: 'note',
  columns: [
    { name: 'id', type: 'integer', notNull: true, default: "nextval('note_id_seq'::regclass)", filled: 'counted' },
    { name: 'title', type: 'text', notNull: true, default: "''::text" },
    { name: 'length', type: 'integer', notNull: false, filled: 'computed' },
  ],
  primaryKey: ['id'],
  uniques: [],
  foreignKeys: [],
  checks: [],
  indexes: [],
  complete: true,
};

test('DBML says that a key counts up, and not by which sequence', () => {
  expect(dbml(NOTE)).toBe(
    "Table note {\n  id integer [pk, not null, increment]\n  title text [not null, default: `''::text`]\n  length integer\n}",
  );
});

test('the table of columns tells what the server fills in', () => {
  const rows = columnsTable(NOTE).split('\n').slice(2);
  expect(rows.map(row => row.split(' | ').at(-1))).toEqual(['primary key; counts up |', ' |', 'computed |']);
});

test.each([
  ['int unsigned', 'whole'],
  ['tinyint(1)', 'true or false'],
  ['datetime(6)', 'RFC 3339'],
  ['float', 'finite'],
])('%s of MySQL is asked of a client as what it is', (type, rule) => {
  const column: ColumnFacts = { name: 'x', type, notNull: true };
  expect(propertyOf(column, NOTE).rule).toContain(rule);
});
