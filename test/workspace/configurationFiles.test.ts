import { describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/engine/configuration';
import { configurationFiles } from '../../src/workspace/configurationFiles';
import { memoryFiles } from './memoryFiles';

const open = (files: Record<string, string>) => {
  const access = memoryFiles(files);
  return { access, files, configurations: configurationFiles({ files: access, knownRules: ['one', 'two'] }) };
};
const NAME = 'backend-reviewer.json';

describe('the nearest one upward applies', () => {
  const { configurations, access } = open({
    [`/r/${NAME}`]: '{ "rules": { "one": "off" } }',
    [`/r/p/${NAME}`]: '{ "rules": { "two": "error" } }',
    '/r/p/q/x.ts': '',
  });
  test.each([
    ['/r/a.ts', `/r/${NAME}`, { one: 'off' }],
    ['/r/b/c/a.ts', `/r/${NAME}`, { one: 'off' }],
    ['/r/p/a.ts', `/r/p/${NAME}`, { two: 'error' }],
    ['/r/p/q/x.ts', `/r/p/${NAME}`, { two: 'error' }],
    ['/elsewhere/a.ts', undefined, {}],
  ])('to %s', (path, file, rules) => {
    const applied = configurations.configurationOf(path);
    expect(applied.file).toBe(file);
    expect(applied.configuration.rules).toEqual(rules);
  });

  test('and each file is read once', () => {
    for (const name of ['a', 'b', 'c']) configurations.configurationOf(`/r/p/${name}.ts`);
    expect(access.peeked.filter(path => path === `/r/p/${NAME}`)).toHaveLength(1);
  });
});

describe('extends', () => {
  test('is read first, its paths relative to itself', () => {
    const { configurations } = open({
      '/house/base.json': '{ "exclude": ["gen"], "rules": { "one": "off", "two": "off" }, "statistics": "s.json" }',
      '/house/team.json': '{ "extends": "base.json", "rules": { "two": "info" } }',
      [`/r/${NAME}`]: '{ "extends": "../house/team.json", "rules": { "one": "error" } }',
    });
    const { configuration, sources } = configurations.configurationOf('/r/a.ts');
    expect(configuration).toMatchObject({
      rules: { one: 'error', two: 'info' },
      exclude: [{ base: '/house', pattern: 'gen' }],
      statistics: '/house/s.json',
    });
    expect(sources).toEqual([`/r/${NAME}`, '/house/team.json', '/house/base.json']);
  });

  test('problems name the file they stand in, and their place', () => {
    const { configurations } = open({
      '/r/base.json': '{\n  "failLevle": "info" }',
      [`/r/${NAME}`]: '{ "extends": "base.json", "ruels": {} }',
    });
    expect(configurations.configurationOf('/r/a.ts').problems).toEqual([
      { file: `/r/${NAME}`, message: 'line 1, column 27: "ruels" is no key here; did you mean "rules"?' },
      { file: '/r/base.json', message: 'line 2, column 3: "failLevle" is no key here; did you mean "failLevel"?' },
    ]);
  });

  test.each([
    [
      'a file that is not there',
      { [`/r/${NAME}`]: '{ "extends": "gone.json" }' },
      /"extends" names \/r\/gone\.json, which cannot be read: there is no such file/,
    ],
    [
      'a folder',
      { [`/r/${NAME}`]: '{ "extends": "sub" }', '/r/sub/x': '' },
      /"extends" names \/r\/sub, which cannot be read: it is a folder/,
    ],
    ['no JSON', { [`/r/${NAME}`]: '{ "extends": "b.json" }', '/r/b.json': '{' }, /\/r\/b\.json:1:\d: this is not JSON/],
    ['itself', { [`/r/${NAME}`]: `{ "extends": "${NAME}" }` }, /"extends" leads in a circle/],
    [
      'a circle',
      { [`/r/${NAME}`]: '{ "extends": "b.json" }', '/r/b.json': `{ "extends": "${NAME}" }` },
      /^\/r\/b\.json: "extends" leads in a circle: .*b\.json → /,
    ],
  ])('%s cannot be used', (_, files, message) => {
    const { configurations } = open(files);
    expect(() => configurations.configurationOf('/r/a.ts')).toThrow(ConfigurationError);
    expect(() => configurations.configurationOf('/r/a.ts')).toThrow(message);
  });

  test('two that extend the same are no circle', () => {
    const { configurations } = open({
      '/r/base.json': '{ "rules": { "one": "off" } }',
      [`/r/${NAME}`]: '{ "extends": "base.json" }',
      [`/r/p/${NAME}`]: '{ "extends": "../base.json" }',
    });
    expect(configurations.configurationOf('/r/a.ts').configuration.rules).toEqual({ one: 'off' });
    expect(configurations.configurationOf('/r/p/a.ts').configuration.rules).toEqual({ one: 'off' });
  });
});

test('a file that is no JSON fails for the files it applies to, and no others', () => {
  const { configurations } = open({ [`/r/bad/${NAME}`]: '{', '/r/good/a.ts': '' });
  expect(() => configurations.configurationOf('/r/bad/a.ts')).toThrow(/\/r\/bad\/backend-reviewer\.json:1:\d/);
  expect(configurations.configurationOf('/r/good/a.ts').file).toBeUndefined();
});

describe('statistics', () => {
  const CONFIGURED = '{ "statistics": "db/s.json", "tables": { "orders": { "rows": 5 } } }';

  test('say how large the tables are of which the configuration says nothing', () => {
    const { configurations } = open({
      [`/r/${NAME}`]: CONFIGURED,
      '/r/db/s.json': '[{ "table": "orders", "rows": 900 }, { "table": "line", "rows": 7000 }]',
    });
    const { configuration, problems } = configurations.configurationOf('/r/a.ts');
    expect(problems).toEqual([]);
    expect([...configuration.tables]).toEqual([
      ['orders', { rows: 5 }],
      ['public.line', { rows: 7000 }],
      ['line', { rows: 7000 }],
    ]);
  });

  test('are read again when they change', () => {
    const { files, configurations } = open({ [`/r/${NAME}`]: CONFIGURED });
    expect(configurations.configurationOf('/r/a.ts').problems).toEqual([
      { file: `/r/${NAME}`, message: '"statistics" names /r/db/s.json, which cannot be read: there is no such file' },
    ]);
    files['/r/db/s.json'] = '{ "line": 8 }';
    expect(configurations.touched('/r/db/s.json')).toBe(true);
    expect(configurations.configurationOf('/r/a.ts').configuration.tables.get('line')).toEqual({ rows: 8 });
  });

  test('that are something else cost only themselves', () => {
    const { configurations } = open({ [`/r/${NAME}`]: CONFIGURED, '/r/db/s.json': 'a,b' });
    const { configuration, problems } = configurations.configurationOf('/r/a.ts');
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^"statistics" names \/r\/db\/s\.json, which holds no statistics that can be read; write it by/,
      ),
    ]);
    expect([...configuration.tables]).toEqual([['orders', { rows: 5 }]]);
  });

  test('of the file that is extended', () => {
    const { configurations } = open({
      [`/r/${NAME}`]: '{ "extends": "base/b.json" }',
      '/r/base/b.json': '{ "statistics": "s.json" }',
      '/r/base/s.json': '{ "line": 8 }',
    });
    expect(configurations.configurationOf('/r/a.ts').configuration.tables.get('line')).toEqual({ rows: 8 });
  });
});

describe('what changes is read again', () => {
  test('a file that came', () => {
    const { files, configurations } = open({ '/r/a.ts': '' });
    expect(configurations.configurationOf('/r/a.ts').file).toBeUndefined();
    files[`/r/${NAME}`] = '{}';
    expect(configurations.touched(`/r/${NAME}`)).toBe(true);
    expect(configurations.configurationOf('/r/a.ts').file).toBe(`/r/${NAME}`);
  });

  test('a file that is extended', () => {
    const { files, configurations } = open({ [`/r/${NAME}`]: '{ "extends": "b.json" }', '/r/b.json': '{}' });
    configurations.configurationOf('/r/a.ts');
    files['/r/b.json'] = '{ "rules": { "one": "off" } }';
    expect(configurations.touched('/r/b.json')).toBe(true);
    expect(configurations.configurationOf('/r/a.ts').configuration.rules).toEqual({ one: 'off' });
  });

  test('a broken one that was mended', () => {
    const { files, configurations } = open({ [`/r/${NAME}`]: '{' });
    expect(() => configurations.configurationOf('/r/a.ts')).toThrow();
    files[`/r/${NAME}`] = '{}';
    configurations.touched(`/r/${NAME}`);
    expect(configurations.configurationOf('/r/a.ts').problems).toEqual([]);
  });

  test('nothing for any other file', () => {
    expect(open({}).configurations.touched('/r/b.json')).toBe(false);
  });
});
