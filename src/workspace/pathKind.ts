/** Whether a file is production code, told by its path below the project's root: findings elsewhere weigh less. */
import type { FileId } from '../engine/place';
import type { PathKind } from '../engine/review';

type NonProduction = Exclude<PathKind, 'production'>;

/** Folders anywhere in the path. Where two match, the deeper one tells. */
const FOLDERS: Readonly<Record<string, NonProduction>> = {
  test: 'test',
  tests: 'test',
  __tests__: 'test',
  spec: 'test',
  specs: 'test',
  e2e: 'test',
  'integration-test': 'test',
  'integration-tests': 'test',
  'unit-tests': 'test',
  testing: 'test',
  cypress: 'test',
  playwright: 'test',
  __mocks__: 'test',
  mocks: 'test',
  seed: 'seed',
  seeds: 'seed',
  seeders: 'seed',
  seeding: 'seed',
  fixture: 'fixture',
  fixtures: 'fixture',
  __fixtures__: 'fixture',
  testdata: 'fixture',
  'test-data': 'fixture',
  script: 'script',
  scripts: 'script',
};

/** File names. They tell before the folders do. */
const NAMES: readonly (readonly [RegExp, NonProduction])[] = [
  [/[.\-_](?:test|tests|spec|e2e|e2e-spec|itest)\.\w+$/i, 'test'],
  [/^(?:test_.+|conftest|tests)\.py$/, 'test'],
  [/^(?:setup|manage|noxfile|fabfile)\.py$/, 'script'],
  [/(?:Test|Tests|TestCase|IT|Spec)\.(?:java|php|kt|scala)$/, 'test'],
  [/^(?:jest|vitest|mocha|playwright|cypress)\.(?:config|setup)\.\w+$/, 'test'],
  [/(?:^|[.\-_])(?:seed|seeds|seeder)\.\w+$/i, 'seed'],
  [/^(?:seed|seeds)[.\-_]/i, 'seed'],
  [/[a-z](?:Seeder|TableSeeder)\.(?:php|[cm]?[jt]s)$/, 'seed'],
  [/[.\-_]fixtures?\.\w+$/i, 'fixture'],
];

export function pathKindOf(file: FileId): PathKind {
  const parts = file.split('/');
  const name = parts.pop() ?? '';
  // What Django runs from the command line.
  if (/(?:^|\/)management\/commands\/[^/]+$/.test(file)) return 'script';
  const byName = NAMES.find(([pattern]) => pattern.test(name));
  if (byName) return byName[1];
  for (const part of parts.reverse()) {
    const folder = part.toLowerCase();
    if (Object.hasOwn(FOLDERS, folder)) return FOLDERS[folder] ?? 'production';
  }
  return 'production';
}
