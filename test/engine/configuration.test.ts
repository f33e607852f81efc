import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  type Configuration,
  ConfigurationError,
  DIALECT_NAMES,
  MIGRATION_TOOL_NAMES,
  mergedConfiguration,
  parseConfiguration,
  resolvedPath,
} from '../../src/engine/configuration';
import type { MigrationTool } from '../../src/engine/migrationTools';
import type { Dialect } from '../../src/sql/dialect';

const RULES = ['sql-injection', 'n-plus-one', 'irreversible-migration'];
const FILE = '/project/shop/backend-reviewer.json';

const parse = (text: string) => parseConfiguration(text, { file: FILE, knownRules: RULES });
const messages = (text: string) =>
  parse(text).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('what may stand in it', () => {
  test('everything at once, with comments and trailing commas', () => {
    const {
      configuration,
      extends: base,
      problems,
    } = parse(`{
      // the house's own
      "$schema": "./schema.json",
      "extends": "../base.json",
      "rules": { "n-plus-one": "error", "sql-injection": "off", },
      "failLevel": "info",
      "include": ["src/**"], "exclude": ["**/*.gen.ts"],
      "sql": { "dialect": "mysql" },
      "migrations": {
        "folders": ["db/*"], "tool": "knex", "postgresVersion": "15.4", "assumeInTransaction": true, "reviewFrom": "0042_x",
      },
      "tables": { "orders": { "rows": 5e6 }, "constructor": {} },
      "statistics": "stats.json", /* from production */
      "libraries": [],
    }`);
    expect(problems).toEqual([]);
    expect(base).toBe('/project/base.json');
    expect(configuration).toEqual({
      rules: { 'n-plus-one': 'error', 'sql-injection': 'off' },
      failLevel: 'info',
      include: [{ base: '/project/shop', pattern: 'src/**' }],
      exclude: [{ base: '/project/shop', pattern: '**/*.gen.ts' }],
      sql: { dialect: 'mysql' },
      migrations: {
        folders: [{ base: '/project/shop', pattern: 'db/*' }],
        tool: 'knex',
        postgresVersion: { major: 15, minor: 4 },
        assumeInTransaction: true,
        reviewFrom: '0042_x',
      },
      tables: new Map([
        ['orders', { rows: 5_000_000 }],
        ['constructor', {}],
      ]),
      statistics: '/project/shop/stats.json',
      libraries: [],
    });
  });

  test('nothing', () => {
    expect(parse('{}')).toMatchObject({ configuration: { rules: {} }, problems: [] });
  });

  test.each([
    ['15', { major: 15 }],
    ['"15"', { major: 15 }],
    ['"9.6"', { major: 9, minor: 6 }],
  ])('a version of PostgreSQL as %s', (written, version) => {
    const text = `{ "migrations": { "postgresVersion": ${written} } }`;
    expect(parse(text)).toMatchObject({ configuration: { migrations: { postgresVersion: version } }, problems: [] });
  });
});

describe('what is wrong is said with its place and the nearest right one', () => {
  test.each([
    ['{ "ruels": {} }', '1:3 "ruels" is no key here; did you mean "rules"?'],
    ['{\n  "sql": { "dialect": "postgre" }\n}', '2:23 "sql.dialect" is "postgre"; did you mean "postgresql"?'],
    ['{ "sql": { "dialec": "mysql" } }', '1:12 "sql.dialec" is no key here; did you mean "sql.dialect"?'],
    ['{ "dialect": "mysql" }', '1:3 "dialect" is no key here; did you mean "sql.dialect"?'],
    ['{ "zzz": 1 }', /^1:3 "zzz" is no key here; it can be "\$schema", "extends"/],
    ['{ "rules": { "n-plus-1": "off" } }', '1:14 "n-plus-1" is no rule; did you mean "n-plus-one"?'],
    ['{ "rules": { "zzzzzz": "off" } }', '1:14 "zzzzzz" is no rule'],
    ['{ "rules": { "n-plus-one": "warn" } }', '1:28 "rules.n-plus-one" is "warn"; did you mean "warning"?'],
    ['{ "rules": { "n-plus-one": 2 } }', '1:28 "rules.n-plus-one" is 2; it can be "off", "info", "warning" or "error"'],
    ['{ "rules": ["n-plus-one"] }', '1:12 "rules" is a list; it must be an object of rules and levels'],
    ['{ "failLevel": "off" }', '1:16 "failLevel" is "off"; it can be "error", "warning" or "info"'],
    ['{ "include": "src/**" }', '1:14 "include" is "src/**"; did you mean ["src/**"]?'],
    ['{ "include": {} }', '1:14 "include" is an object; it must be a list of globs'],
    ['{ "exclude": ["a", 7] }', '1:20 "exclude[1]" is 7; it must be a glob, as text'],
    ['{ "exclude": [""] }', '1:15 "exclude[0]" is ""; it must be a glob, as text'],
    ['{ "extends": 1 }', '1:14 "extends" is 1; it must be a path, as text'],
    ['{ "migrations": { "tool": "knexjs" } }', '1:27 "migrations.tool" is "knexjs"; did you mean "knex"?'],
    [
      '{ "migrations": { "postgresVersion": 15.4 } }',
      '1:38 "migrations.postgresVersion" is 15.4; did you mean "15.4"?',
    ],
    [
      '{ "migrations": { "postgresVersion": "v16" } }',
      '1:38 "migrations.postgresVersion" is "v16"; did you mean "16"?',
    ],
    ['{ "migrations": { "postgresVersion": "new" } }', /it must be a version of PostgreSQL/],
    [
      '{ "migrations": { "assumeInTransaction": "true" } }',
      '1:42 "migrations.assumeInTransaction" is "true"; did you mean true?',
    ],
    [
      '{ "migrations": { "assumeInTransaction": 1 } }',
      '1:42 "migrations.assumeInTransaction" is 1; it must be true or false',
    ],
    ['{ "tables": { "orders": { "rows": "5_000" } } }', '1:35 "tables.orders.rows" is "5_000"; did you mean 5000?'],
    [
      '{ "tables": { "orders": { "rows": -1 } } }',
      '1:35 "tables.orders.rows" is -1; it must be a number of rows, 0 or more',
    ],
    [
      '{ "tables": { "orders": { "row": 1 } } }',
      '1:27 "tables.orders.row" is no key here; did you mean "tables.orders.rows"?',
    ],
    ['{ "tables": { "orders": 5 } }', '1:25 "tables.orders" is 5; it must be an object'],
    ['{ "libraries": [1] }', '1:17 "libraries[0]" is 1; it must be a library table'],
    ['{ "sql": {}, "sql": {} }', '1:14 "sql" stands here for the second time; this one counts'],
    ['[]', '1:1 the file holds a list; it must be an object'],
    ['"x"', '1:1 the file holds "x"; it must be an object'],
  ])('%s', (text, message) => {
    const said = messages(text);
    expect(said).toHaveLength(1);
    if (typeof message === 'string') expect(said[0]).toBe(message);
    else expect(said[0]).toMatch(message);
  });

  test('and costs only itself', () => {
    const { configuration, problems } = parse(
      '{ "rules": { "n-plus-1": "off", "n-plus-one": "eror", "sql-injection": "info" }, "exclude": [1, "b"], "sqll": {}, "failLevel": "info" }',
    );
    expect(configuration).toMatchObject({
      rules: { 'sql-injection': 'info' },
      exclude: [{ pattern: 'b' }],
      failLevel: 'info',
    });
    expect(problems.map(({ column }) => column)).toEqual(
      [...problems.map(({ column }) => column)].sort((a, b) => a - b),
    );
    expect(problems).toHaveLength(4);
  });

  test('keys of every object have no others behind them', () => {
    expect(messages('{ "constructor": 1, "__proto__": 2, "toString": 3 }')).toHaveLength(3);
  });
});

describe('library tables', () => {
  const validated = (text: string) =>
    parseConfiguration<{ package: string }>(text, {
      file: FILE,
      knownRules: RULES,
      validateLibrary: entry =>
        JSON.stringify(entry).includes('wrong')
          ? {
              problems: [
                { path: ['queries', 1, 'sql'], message: 'is "wrong"; it is an index' },
                { path: ['package'], message: 'has no name' },
              ],
            }
          : { table: { package: 'npm:own' }, problems: [] },
    });

  test('those that pass count', () => {
    expect(validated('{ "libraries": [{ "package": "npm:own" }] }')).toMatchObject({
      configuration: { libraries: [{ package: 'npm:own' }] },
      problems: [],
    });
  });

  test('what is wrong is pointed at, as deep as it is there', () => {
    const text = '{ "libraries": [{},\n{ "queries": [{},\n{ "sql": "wrong" }] }] }';
    const { configuration, problems } = validated(text);
    expect(configuration.libraries).toEqual([{ package: 'npm:own' }]);
    expect(problems).toEqual([
      { line: 2, column: 1, message: '"libraries[1].package" has no name' },
      { line: 3, column: 10, message: '"libraries[1].queries[1].sql" is "wrong"; it is an index' },
    ]);
  });
});

describe('what is no JSON', () => {
  test.each([
    ['{ "rules": ', /backend-reviewer\.json:1:\d+: this is not JSON: a value is expected/],
    ['{ "a": 1 "b": 2 }', /:1:10: this is not JSON: a comma is missing/],
    ['', /:1:1: this is not JSON/],
    ['{\n  rules: {}\n}', /:2:3: this is not JSON/],
    ["{ 'rules': {} }", /this is not JSON/],
    ['{} {}', /:1:4: this is not JSON/],
    ['{ "a": "x', /this is not JSON/],
  ])('%j', (text, message) => {
    expect(() => parse(text)).toThrow(ConfigurationError);
    expect(() => parse(text)).toThrow(message);
  });

  test('a byte order mark is nothing wrong', () => {
    expect(parse('\uFEFF{}').problems).toEqual([]);
  });
});

describe('merging with what is extended', () => {
  const merged = (base: string, own: string) =>
    mergedConfiguration(
      parseConfiguration(base, { file: '/project/base.json', knownRules: RULES }).configuration,
      parse(own).configuration,
    );

  test('objects merge, everything else replaces', () => {
    expect(
      merged(
        `{ "rules": { "n-plus-one": "error", "sql-injection": "off" }, "failLevel": "error", "include": ["a", "b"],
           "exclude": ["c"], "sql": { "dialect": "mysql" }, "migrations": { "tool": "knex", "postgresVersion": 12 },
           "tables": { "a": { "rows": 1 }, "b": { "rows": 2 } } }`,
        `{ "rules": { "sql-injection": "info" }, "include": ["d"], "sql": {}, "migrations": { "postgresVersion": 16 },
           "tables": { "b": { "rows": 3 }, "a": {} } }`,
      ),
    ).toMatchObject({
      rules: { 'n-plus-one': 'error', 'sql-injection': 'info' },
      failLevel: 'error',
      include: [{ base: '/project/shop', pattern: 'd' }],
      exclude: [{ base: '/project', pattern: 'c' }],
      sql: { dialect: 'mysql' },
      migrations: { tool: 'knex', postgresVersion: { major: 16 } },
      tables: new Map([
        ['a', { rows: 1 }],
        ['b', { rows: 3 }],
      ]),
    } satisfies Partial<Configuration>);
  });

  test('an empty list replaces too', () => {
    expect(merged('{ "exclude": ["c"] }', '{ "exclude": [] }').exclude).toEqual([]);
  });
});

test.each([
  ['/project/shop', 'a/b', '/project/shop/a/b'],
  ['/project/shop', '../a', '/project/a'],
  ['/project/shop', './a/./b/../c', '/project/shop/a/c'],
  ['/project/shop', '/a', '/a'],
  ['/', 'a', '/a'],
  ['C:/project', '..\\a', 'C:/a'],
  ['/project', 'D:\\x', 'D:/x'],
  ['/a', '../../..', '/'],
])('%s and %s lead to %s', (base, relative, expected) => {
  expect(resolvedPath(base, relative)).toBe(expected);
});

describe('the schema that editors complete by', () => {
  const schema = JSON.parse(readFileSync(new URL('../../media/backend-reviewer.schema.json', import.meta.url), 'utf8'));
  const setting = { $ref: '#/definitions/setting' };
  schema.properties.rules.properties = Object.fromEntries(RULES.map(rule => [rule, setting]));
  schema.properties.rules.additionalProperties = false;
  const accepts = new Ajv({ strict: false, allErrors: true }).compile(schema);

  test.each([
    '{}',
    '{ "$schema": "x", "extends": "../a.json" }',
    '{ "extends": " " }',
    '{ "extends": ["a"] }',
    '{ "rules": { "n-plus-one": "off", "sql-injection": "info", "irreversible-migration": "error" } }',
    '{ "rules": { "n-plus-one": "warn" } }',
    '{ "rules": { "n-plus-one": true } }',
    '{ "rules": { "no-such-rule": "off" } }',
    '{ "rules": [] }',
    '{ "failLevel": "warning" }',
    '{ "failLevel": "off" }',
    '{ "include": ["src/**"], "exclude": [] }',
    '{ "include": "src/**" }',
    '{ "exclude": [1] }',
    '{ "exclude": [""] }',
    '{ "sql": {} }',
    '{ "sql": { "dialect": "mariadb" } }',
    '{ "sql": { "dialect": "oracle" } }',
    '{ "sql": { "version": 1 } }',
    '{ "sql": null }',
    '{ "migrations": { "folders": ["a"], "tool": "goose", "assumeInTransaction": false, "reviewFrom": "1_a" } }',
    '{ "migrations": { "tool": "alembic" } }',
    '{ "migrations": { "postgresVersion": 15 } }',
    '{ "migrations": { "postgresVersion": "15" } }',
    '{ "migrations": { "postgresVersion": "15.4" } }',
    '{ "migrations": { "postgresVersion": "9.6" } }',
    '{ "migrations": { "postgresVersion": 15.4 } }',
    '{ "migrations": { "postgresVersion": 8 } }',
    '{ "migrations": { "postgresVersion": "15." } }',
    '{ "migrations": { "postgresVersion": "v15" } }',
    '{ "migrations": { "assumeInTransaction": "yes" } }',
    '{ "migrations": { "reviewFrom": 7 } }',
    '{ "tables": { "orders": { "rows": 0 }, "a.b": {} } }',
    '{ "tables": { "orders": { "rows": -1 } } }',
    '{ "tables": { "orders": { "rows": "1" } } }',
    '{ "tables": { "orders": { "size": 1 } } }',
    '{ "tables": { "orders": 1 } }',
    '{ "statistics": "a.json" }',
    '{ "statistics": {} }',
    '{ "libraries": [{}] }',
    '{ "libraries": [1] }',
    '{ "libraries": {} }',
    '{ "unknown": 1 }',
    '[]',
    'null',
  ])('agrees with the validator on %s', text => {
    expect(accepts(JSON.parse(text))).toBe(parse(text).problems.length === 0);
  });

  test('describes every key', () => {
    for (const [key, property] of Object.entries<Record<string, unknown>>(schema.properties))
      expect(property.description ?? property.markdownDescription, key).toMatch(/\w{3,}.*\.$/s);
  });

  test('names the dialects and tools that the product has', () => {
    expect(schema.properties.sql.properties.dialect.enum).toEqual(DIALECT_NAMES);
    expect(schema.properties.migrations.properties.tool.enum).toEqual(MIGRATION_TOOL_NAMES);
    expectTypeOf<(typeof DIALECT_NAMES)[number]>().toEqualTypeOf<Dialect>();
    expectTypeOf<(typeof MIGRATION_TOOL_NAMES)[number]>().toEqualTypeOf<MigrationTool>();
  });
});
