import { beforeAll, describe, expect, test } from 'vitest';
import { loadSqlParser, type SqlParser } from '../../src/sql/parser';
import type { Against, Predicate } from '../../src/sql/queryBlock';

let parser: SqlParser;
beforeAll(async () => {
  parser = await loadSqlParser('postgresql');
});

const against = (value: Against): string => {
  switch (value.kind) {
    case 'column':
      return value.column.name;
    case 'other':
      return '…';
    case 'value': {
      const { ordinal, constant, opening, cast } = value;
      const own =
        ordinal === undefined ? (constant ?? (opening === undefined ? 'value' : `${opening}…`)) : `#${ordinal}`;
      return cast === undefined ? own : `${own}::${cast}`;
    }
  }
};

const shown = (predicate: Predicate | undefined): string => {
  if (!predicate) return '?';
  const { column, wrapping, operator } = predicate;
  const of = column.of.map(({ alias }) => alias).join('|');
  const name = `${of}${column.mayBeOuter ? '^' : ''}.${column.name}`;
  return `${wrapping ? `${wrapping.kind} ${wrapping.name}(${name})` : name} ${operator} ${against(predicate.against)}`;
};

/** One line for each level: its things, its conditions, what it sorts by. */
const read = (sql: string): readonly string[] =>
  (parser.blocks?.(sql) ?? []).map(({ ranges, conditions, sort, isLimited }) =>
    [
      ranges.map(({ alias, relation }) => (relation ? alias : `(${alias})`)).join(', '),
      ...conditions.map(
        ({ arms, isOpen, only }) =>
          `${arms.map(shown).join(' or ')}${isOpen ? ' open' : ''}${only ? ` for ${only.map(({ alias }) => alias).join()}` : ''}`,
      ),
      ...(sort.length > 0 ? [`sort ${sort.map(({ name }) => name).join()}${isLimited ? ' limit' : ''}`] : []),
    ].join('; '),
  );

describe('the levels of a statement', () => {
  test.each<[sql: string, ...levels: string[]]>([
    ['SELECT 1 FROM orders WHERE customer_id = $1', 'orders; orders.customer_id = #0'],
    ['SELECT 1 FROM orders o WHERE $1 < o.total AND o.state IN (1, 2)', 'o; o.total > #0; o.state = value'],
    ['SELECT 1 FROM a WHERE x = 1 OR y = $1', 'a; a.x = 1 or a.y = #0'],
    ['SELECT 1 FROM a WHERE ($1 IS NULL OR x = $1)', 'a; ? or a.x = #0 open'],
    [
      'SELECT 1 FROM a WHERE gone IS NULL AND NOT done AND here',
      'a; a.gone IS NULL value; a.done IS FALSE value; a.here IS TRUE value',
    ],
    ["SELECT 1 FROM a WHERE name ILIKE '%' || $1 || '%'", 'a; a.name ILIKE %…'],
    ["SELECT 1 FROM a WHERE name LIKE concat('%', $1::text)", 'a; a.name LIKE %…'],
    ['SELECT 1 FROM a WHERE lower(email) = lower($1)', 'a; function lower(a.email) = value'],
    ["SELECT 1 FROM a WHERE at::date = '2024-01-01'::date", 'a; cast date(a.at) = 2024-01-01::date'],
    ['SELECT 1 FROM a WHERE extract(year FROM at) = 2024', 'a; function extract(a.at) = 2024'],
    ['SELECT 1 FROM a JOIN b ON b.a_id = a.id WHERE a.id = $1', 'a, b; b.a_id = id; a.id = #0'],
    ['SELECT 1 FROM a LEFT JOIN b ON b.a_id = a.id AND b.x = 1', 'a, b; b.a_id = id for b; b.x = 1 for b'],
    ['SELECT 1 FROM a RIGHT JOIN b ON b.a_id = a.id', 'a, b; b.a_id = id for a'],
    ['SELECT 1 FROM a JOIN b USING (a_id)', 'a, b; a.a_id = a_id'],
    ['SELECT * FROM a ORDER BY at DESC, id LIMIT 5', 'a; sort at,id limit'],
    ['SELECT lower(at) AS at FROM a ORDER BY at LIMIT 5', 'a'],
    ['UPDATE a SET x = 1 FROM b WHERE a.b_id = b.id AND b.y = ANY($1)', 'a, b; a.b_id = id; b.y = #0'],
    ['DELETE FROM a USING b WHERE a.b_id = b.id', 'a, b; a.b_id = id'],
    ['WITH c AS (SELECT 1 FROM a WHERE x = 1) SELECT 1 FROM c WHERE y = 2', 'a; a.x = 1', '(c); c.y = 2'],
    ['SELECT (SELECT count(*) FROM b WHERE b.a_id = a.id) FROM a', 'a', 'b; b.a_id = value'],
    ['SELECT 1 FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.a_id = a.id)', 'a; ?', 'b; b.a_id = …'],
    ['CREATE VIEW v AS SELECT 1 FROM a WHERE x = 1', 'a; a.x = 1'],
    ['SELECT 1 FROM a WHERE \uE000 AND x = \uE000', 'a; ? open; a.x = #1'],
    ["SELECT 1 FROM a WHERE name LIKE '%\uE000%'", 'a; a.name LIKE %\uE000%'],
  ])('%s', (sql, ...levels) => {
    expect(read(sql)).toEqual(levels);
  });
});
