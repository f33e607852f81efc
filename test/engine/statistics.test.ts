import { describe, expect, test } from 'vitest';
import { readStatistics } from '../../src/engine/statistics';

const rows = (text: string): Record<string, number> =>
  Object.fromEntries([...readStatistics(text).tables].map(([name, table]) => [name, table.rows]));

/** As pg_dump of PostgreSQL 18 writes it. */
const DUMP = `--
-- PostgreSQL database dump
--

-- Dumped from database version 18.1
-- Dumped by pg_dump version 18.1

SET statement_timeout = 0;
SELECT pg_catalog.set_config('search_path', '', false);

--
-- Statistics for Name: orders; Type: STATISTICS DATA; Schema: public; Owner: -
--

SELECT * FROM pg_catalog.pg_restore_relation_stats(
	'version', '180001'::integer,
	'schemaname', 'public',
	'relname', 'orders',
	'relpages', '81967'::integer,
	'reltuples', '4.2e+06'::real,
	'relallvisible', '0'::integer,
	'relallfrozen', '0'::integer
);
SELECT * FROM pg_catalog.pg_restore_attribute_stats(
	'version', '180001'::integer,
	'schemaname', 'public',
	'relname', 'orders',
	'attname', 'note',
	'inherited', 'f'::boolean,
	'null_frac', '0.5'::real,
	'most_common_vals', '{"it''s (late)","x)"}'::text
);

SELECT * FROM pg_catalog.pg_restore_relation_stats(
	'version', '180001'::integer,
	'schemaname', 'audit',
	'relname', 'it''s (one)',
	'relpages', '0'::integer,
	'reltuples', '0'::real
);

SELECT * FROM pg_catalog.pg_restore_relation_stats(
	'version', '180001'::integer,
	'schemaname', 'public',
	'relname', 'never_analysed',
	'relpages', '0'::integer,
	'reltuples', '-1'::real
);
`;

describe('pg_dump --statistics-only', () => {
  test('tables by name, with and without their schema', () => {
    expect(rows(DUMP)).toEqual({
      'public.orders': 4_200_000,
      orders: 4_200_000,
      "audit.it's (one)": 0,
      "it's (one)": 0,
    });
  });

  test('of a server before 14, which has 0 for what was never analysed', () => {
    expect(rows(DUMP.replaceAll('180001', '130004'))).toEqual({ 'public.orders': 4_200_000, orders: 4_200_000 });
  });

  test('a relation as one name', () => {
    const text = `SELECT * FROM pg_catalog.pg_restore_relation_stats(
      'relation', 'shop."Order"'::regclass, 'reltuples', '12'::real);`;
    expect(rows(text)).toEqual({ 'shop.Order': 12, Order: 12 });
  });

  test('a name that two schemas have is that of public', () => {
    const one = (schema: string, count: number) =>
      `SELECT * FROM pg_restore_relation_stats('schemaname', '${schema}', 'relname', 'a', 'reltuples', '${count}'::real);`;
    expect(rows(one('x', 1) + one('public', 2))).toEqual({ 'x.a': 1, 'public.a': 2, a: 2 });
    expect(rows(one('x', 1) + one('y', 2))).toEqual({ 'x.a': 1, 'y.a': 2 });
  });
});

describe('JSON', () => {
  test.each<[what: string, text: string, expected: Record<string, number>]>([
    ['the documented form', '[{"schema":"public","table":"orders","rows":42}]', { 'public.orders': 42, orders: 42 }],
    [
      'columns of pg_class, numbers as texts',
      '[{"nspname":"shop","relname":"orders","reltuples":"4.2e+06"}]',
      { 'shop.orders': 4_200_000, orders: 4_200_000 },
    ],
    ['what was never counted', '[{"table":"a","rows":-1},{"table":"b","rows":null}]', {}],
    [
      'by name',
      '{"orders": 42, "audit.log": {"rows": 7}}',
      { 'public.orders': 42, orders: 42, 'audit.log': 7, log: 7 },
    ],
    ['no table at all', '[]', {}],
    ['a byte order mark', '\uFEFF[{"table":"a","rows":1}]', { 'public.a': 1, a: 1 }],
  ])('%s', (_, text, expected) => {
    expect(readStatistics(text).problem).toBeUndefined();
    expect(rows(text)).toEqual(expected);
  });
});

describe('what cannot be read', () => {
  test.each<[what: string, text: string, problem: RegExp]>([
    ['nothing', ' \n', /^is empty; write it by `pg_dump --statistics-only`/],
    ['a custom dump', 'PGDMP\u0001\u000e\0', /^is a dump in the custom format; .*--format=plain/],
    ['UTF-16', '\uFFFD\uFFFD[\0{\0', /^is not written in UTF-8; .*-o FILE/],
    [
      'a dump of a schema',
      '--\n-- PostgreSQL database dump\n--\nCREATE TABLE a (id int);',
      /^is a dump without statistics/,
    ],
    ['broken JSON', '[{"table":"orders",', /^is no JSON \(/],
    ['another JSON', '{"name":"shop","version":"1.0"}', /^holds no row counts of tables/],
    ['a list of other things', '["orders", 4]', /^holds no row counts of tables/],
    ['a CSV file', 'table,rows\norders,4', /^holds no statistics that can be read/],
  ])('%s', (_, text, problem) => {
    expect(readStatistics(text).problem).toMatch(problem);
    expect(rows(text)).toEqual({});
  });
});
