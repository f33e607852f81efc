/** Which file an import means, in projects as people lay them out. */
import { describe, expect, test } from 'vitest';
import { moduleResolutionOf } from '../../src/workspace/moduleResolution';
import { memoryFiles } from './memoryFiles';

const resolution = (files: Record<string, string>, open: readonly string[] = []) =>
  moduleResolutionOf({
    root: '/p',
    files: memoryFiles(Object.fromEntries(Object.entries(files).map(([name, text]) => [`/p/${name}`, text]))),
    isOpen: file => open.includes(file),
  });
const json = (value: unknown): string => JSON.stringify(value);
const paths = (mapping: Record<string, string[]>, baseUrl?: string): string =>
  json({ compilerOptions: { ...(baseUrl === undefined ? {} : { baseUrl }), paths: mapping } });

describe('by path', () => {
  const files = {
    'src/pool.ts': '',
    'src/db/index.js': '',
    'lib/package.json': json({ main: 'start.js' }),
    'lib/start.js': '',
  };
  test.each([
    ['src/a.ts', './pool', 'src/pool.ts'],
    ['src/a.ts', './pool.js', 'src/pool.ts'],
    ['src/x/a.ts', '../db', 'src/db/index.js'],
    ['src/a.ts', '../lib', 'lib/start.js'],
    ['src/a.ts', './gone', undefined],
    ['src/a.ts', '../../out', undefined],
    ['src/a.ts', 'pg', undefined],
    ['src/a.ts', 'node:fs', undefined],
    ['src/a.ts', '/etc/passwd', undefined],
  ])('%s imports %s', (from, specifier, file) => {
    expect(resolution(files).resolve(from, specifier)).toBe(file);
  });

  test('a file that only an editor holds', () => {
    expect(resolution({}, ['src/new.ts']).resolve('src/a.ts', './new')).toBe('src/new.ts');
  });
});

describe('by tsconfig.json', () => {
  const code = { 'src/db/pool.ts': '', 'src/app/a.ts': '', 'src/app/db.ts': '', 'generated/db/pool.ts': '' };
  test.each<[string, Record<string, string>, string, string | undefined]>([
    ['a pattern', { 'tsconfig.json': paths({ '@/*': ['./src/*'] }) }, '@/db/pool', 'src/db/pool.ts'],
    [
      'a pattern of a file’s ending',
      { 'tsconfig.json': paths({ '@/*': ['./src/*'] }) },
      '@/db/pool.js',
      'src/db/pool.ts',
    ],
    ['a plain name', { 'tsconfig.json': paths({ '@db': ['src/db/pool.ts'] }, '.') }, '@db', 'src/db/pool.ts'],
    ['paths count from baseUrl', { 'tsconfig.json': paths({ '~/*': ['db/*'] }, 'src') }, '~/pool', 'src/db/pool.ts'],
    [
      'baseUrl alone',
      { 'tsconfig.json': json({ compilerOptions: { baseUrl: './' } }) },
      'src/db/pool',
      'src/db/pool.ts',
    ],
    [
      'a package is no file below baseUrl',
      { 'tsconfig.json': json({ compilerOptions: { baseUrl: './' } }) },
      'pg',
      undefined,
    ],
    [
      'the longest prefix',
      { 'tsconfig.json': paths({ '*': ['generated/*'], 'db/*': ['src/db/*'] }) },
      'db/pool',
      'src/db/pool.ts',
    ],
    [
      'the second target where the first is missing',
      { 'tsconfig.json': paths({ '@/*': ['./out/*', './src/*'] }) },
      '@/db/pool',
      'src/db/pool.ts',
    ],
    [
      'comments and trailing commas',
      { 'tsconfig.json': '{ // c\n "compilerOptions": { "paths": { "@/*": ["./src/*",], }, }, }' },
      '@/db/pool',
      'src/db/pool.ts',
    ],
    [
      'what it extends',
      { 'tsconfig.json': json({ extends: './config/base' }), 'config/base.json': paths({ '@/*': ['../src/*'] }) },
      '@/db/pool',
      'src/db/pool.ts',
    ],
    [
      'the last of several that it extends',
      {
        'tsconfig.json': json({ extends: ['./a.json', './b.json'] }),
        'a.json': paths({ '@/*': ['./generated/*'] }),
        'b.json': paths({ '@/*': ['./src/*'] }),
      },
      '@/db/pool',
      'src/db/pool.ts',
    ],
    [
      'an installed package that it extends',
      {
        'tsconfig.json': json({ extends: '@acme/tsconfig/node.json' }),
        'node_modules/@acme/tsconfig/node.json': paths({ '@/*': ['${configDir}/src/*'] }),
      },
      '@/db/pool',
      undefined,
    ],
    [
      'a solution’s projects',
      {
        'tsconfig.json': json({ files: [], references: [{ path: './tsconfig.app.json' }] }),
        'tsconfig.app.json': paths({ '@/*': ['./src/*'] }),
      },
      '@/db/pool',
      'src/db/pool.ts',
    ],
    [
      'the nearest upward',
      { 'tsconfig.json': paths({ '@/*': ['./generated/*'] }), 'src/tsconfig.json': paths({ '@/*': ['./*'] }) },
      '@/db/pool',
      'src/db/pool.ts',
    ],
    [
      'one above where the nearest has none',
      {
        'tsconfig.base.json': paths({ '@/*': ['./src/*'] }),
        'src/tsconfig.json': json({ compilerOptions: { strict: true } }),
      },
      '@/db/pool',
      'src/db/pool.ts',
    ],
    ['jsconfig.json', { 'jsconfig.json': paths({ '@/*': ['./src/*'] }) }, '@/db/pool', 'src/db/pool.ts'],
    [
      'configurations that extend each other',
      { 'tsconfig.json': json({ extends: './other.json' }), 'other.json': json({ extends: './tsconfig.json' }) },
      '@/db/pool',
      undefined,
    ],
    ['what does not read', { 'tsconfig.json': '' }, '@/db/pool', undefined],
  ])('%s', (_, configuration, specifier, file) => {
    expect(resolution({ ...code, ...configuration }).resolve('src/app/a.ts', specifier)).toBe(file);
  });
});

describe('by package of the workspace', () => {
  const member = (manifest: object) => ({ 'packages/db/package.json': json({ name: '@acme/db', ...manifest }) });
  const npm = { 'package.json': json({ workspaces: ['packages/*', 'apps/*'] }) };
  const at = (files: Record<string, string>, specifier = '@acme/db') =>
    resolution(files).resolve('apps/api/src/a.ts', specifier);

  test.each<[string, Record<string, string>, string, string]>([
    ['its main', { 'packages/db/start.js': '', ...member({ main: './start.js' }) }, '@acme/db', 'packages/db/start.js'],
    [
      'the source of a main that is built',
      { 'packages/db/src/index.ts': '', ...member({ main: 'dist/index.js' }) },
      '@acme/db',
      'packages/db/src/index.ts',
    ],
    [
      'the source before what was built',
      { 'packages/db/src/index.ts': '', 'packages/db/dist/index.js': '', ...member({ main: 'dist/index.js' }) },
      '@acme/db',
      'packages/db/src/index.ts',
    ],
    [
      'what was built where that is all',
      { 'packages/db/dist/index.js': '', ...member({ main: 'dist/index.js' }) },
      '@acme/db',
      'packages/db/dist/index.js',
    ],
    [
      'its types',
      { 'packages/db/src/db.ts': '', ...member({ types: './dist/db.d.ts' }) },
      '@acme/db',
      'packages/db/src/db.ts',
    ],
    [
      'no word in the manifest',
      { 'packages/db/src/index.ts': '', ...member({}) },
      '@acme/db',
      'packages/db/src/index.ts',
    ],
    [
      'exports',
      { 'packages/db/src/main.ts': '', ...member({ exports: { '.': { import: './dist/main.js' } } }) },
      '@acme/db',
      'packages/db/src/main.ts',
    ],
    [
      'exports that are one target',
      { 'packages/db/lib.js': '', ...member({ exports: './lib.js' }) },
      '@acme/db',
      'packages/db/lib.js',
    ],
    [
      'a subpath of exports',
      {
        'packages/db/src/sql.ts': '',
        ...member({ exports: { './sql': { types: './dist/sql.d.ts', default: './dist/sql.js' } } }),
      },
      '@acme/db/sql',
      'packages/db/src/sql.ts',
    ],
    [
      'a pattern of exports',
      { 'packages/db/src/sql/order.ts': '', ...member({ exports: { './*': './dist/*.js' } }) },
      '@acme/db/sql/order',
      'packages/db/src/sql/order.ts',
    ],
    [
      'a path below it',
      { 'packages/db/lib/order.js': '', ...member({}) },
      '@acme/db/lib/order',
      'packages/db/lib/order.js',
    ],
    [
      'a path into what is built',
      { 'packages/db/src/order.ts': '', ...member({}) },
      '@acme/db/dist/order',
      'packages/db/src/order.ts',
    ],
  ])('%s', (_, files, specifier, file) => {
    expect(at({ ...npm, ...files }, specifier)).toBe(file);
  });

  const db = { 'packages/db/src/index.ts': '', ...member({}) };
  test.each<[string, Record<string, string>]>([
    ['npm and Bun', npm],
    ['Yarn 1', { 'package.json': json({ workspaces: { packages: ['packages/*'] } }) }],
    [
      'pnpm',
      { 'pnpm-workspace.yaml': "# ours\npackages:\n  # all\n  - 'packages/*'\n  - apps/*\n\ncatalog:\n  pg: 8\n" },
    ],
    ['pnpm in one line', { 'pnpm-workspace.yaml': 'packages: ["packages/**", "!**/test/**"]\n' }],
    ['Lerna', { 'lerna.json': json({ packages: ['packages/*'] }) }],
    [
      'a dependency by its folder',
      { 'apps/api/package.json': json({ dependencies: { '@acme/db': 'file:../../packages/db' } }) },
    ],
  ])('of %s', (_, files) => {
    expect(at({ ...db, ...files })).toBe('packages/db/src/index.ts');
  });

  test('a package imports itself by its name', () => {
    const files = { 'package.json': json({ name: 'api' }), 'src/pool.ts': '' };
    expect(resolution(files).resolve('src/a.ts', 'api/src/pool')).toBe('src/pool.ts');
  });

  test('an installed package is no part of the project', () => {
    expect(at({ ...npm, 'node_modules/pg/index.js': '' }, 'pg')).toBeUndefined();
  });
});

describe('by a manifest', () => {
  test.each<[string, object, string, string]>([
    ['imports', { imports: { '#db': './src/db.js' } }, '#db', 'src/db.ts'],
    [
      'imports with conditions',
      { imports: { '#db': { node: './dist/db.js', default: './x.js' } } },
      '#db',
      'src/db.ts',
    ],
    ['a pattern of imports', { imports: { '#*': './src/*.js' } }, '#db', 'src/db.ts'],
    ['_moduleAliases', { _moduleAliases: { '@root': '.', '@src': 'src' } }, '@src/db', 'src/db.ts'],
  ])('%s', (_, manifest, specifier, file) => {
    const files = { 'package.json': json(manifest), 'src/db.ts': '' };
    expect(resolution(files).resolve('src/a.ts', specifier)).toBe(file);
  });
});

test('a configuration that changed is read again', () => {
  const files: Record<string, string> = { '/p/src/db.ts': '', '/p/tsconfig.json': paths({ '@/*': ['./lib/*'] }) };
  const { resolve, forget } = moduleResolutionOf({ root: '/p', files: memoryFiles(files), isOpen: () => false });
  expect(resolve('src/a.ts', '@/db')).toBeUndefined();
  files['/p/tsconfig.json'] = paths({ '@/*': ['./src/*'] });
  expect(resolve('src/a.ts', '@/db')).toBeUndefined();
  expect(forget('src/other.ts')).toBe(false);
  expect(resolve('src/a.ts', '@/db')).toBeUndefined();
  expect(forget('tsconfig.json')).toBe(true);
  expect(resolve('src/a.ts', '@/db')).toBe('src/db.ts');
});
