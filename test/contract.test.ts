/**
 * What other people's scripts, editors and configuration stand on, sentence by sentence, from the outside: the built
 * command line in a process of its own, on folders on the disk.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

const root = resolve(import.meta.dirname, '..');
const cli = join(root, 'dist', 'cli.js');
const folders: string[] = [];

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/build.mjs', '--production'], { cwd: root, stdio: 'pipe' });
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A folder with these files; a project of its own unless `git` is false. */
function folderWith(files: Files, { git = true } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  folders.push(folder);
  if (git) mkdirSync(join(folder, '.git'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

interface Run {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: undefined, ...env },
    maxBuffer: 64 << 20,
  });
  return { status, out: stdout, err: stderr };
}

interface JsonFinding {
  rule: string;
  level: string;
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  message: string;
  fingerprint: string;
  related: { file: string; line: number; message: string }[];
}
interface JsonReport {
  findings: JsonFinding[];
  notifications: { file?: string; message: string }[];
}

function json(folder: string, ...args: string[]): JsonReport & Run {
  const ran = run(['check', '--format', 'json', ...args], folder);
  return { ...(JSON.parse(ran.out) as JsonReport), ...ran };
}

interface Sarif {
  runs: {
    tool: { driver: { name: string; rules: { id: string; helpUri?: string }[] } };
    columnKind: string;
    invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
    results: {
      ruleId: string;
      level: string;
      baselineState?: string;
      locations: { physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> } }[];
      relatedLocations?: unknown[];
      partialFingerprints: Record<string, string>;
      fixes?: { properties: { safety: string }; artifactChanges: unknown[] }[];
    }[];
  }[];
}

function sarif(folder: string, ...args: string[]): Sarif['runs'][number] & Run {
  const ran = run(['check', '--format', 'sarif', ...args], folder);
  const [first] = (JSON.parse(ran.out) as Sarif).runs;
  if (!first) throw new Error(`no run in ${ran.out}`);
  return { ...first, ...ran };
}

const places = (findings: readonly JsonFinding[]) =>
  findings.map(one => `${one.file}:${one.line} ${one.rule} ${one.level}`);

const POOL = "import { Pool } from 'pg';\nconst pool = new Pool(settings);\n";
const INJECTION = `${POOL}export const find = (name: string) => pool.query(\`SELECT id FROM users WHERE name = '\${name}'\`);\n`;
const N_PLUS_ONE = `${POOL}export async function fill(orders: { id: string; lines: unknown[] }[]) {
  for (const order of orders) {
    const { rows } = await pool.query('SELECT * FROM line WHERE order_id = $1', [order.id]);
    order.lines = rows;
  }
}
`;
const CLEAN = `${POOL}export const find = (name: string) => pool.query('SELECT id FROM users WHERE name = $1', [name]);\n`;

describe('commands', () => {
  test('the build leaves dist/cli.js, and --help and --version answer', () => {
    expect(existsSync(cli)).toBe(true);
    const folder = folderWith({});
    const help = run(['--help'], folder);
    expect(help).toMatchObject({ status: 0, err: '' });
    expect(help.out).toMatch(/Examples/);
    expect(run(['check', '--help'], folder).out).toMatch(/--format pretty\|json\|sarif\|github/);
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(run(['--version'], folder).out.trim()).toBe(version);
  });

  test('npm scripts are there, and the extension is backend-reviewer.backend-reviewer', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
    expect(manifest).toMatchObject({ publisher: 'backend-reviewer', name: 'backend-reviewer' });
    expect(manifest.scripts).toHaveProperty('build');
    expect(manifest.scripts).toHaveProperty('package');
  });

  test('what is no command or option is a usage error that names it', () => {
    const folder = folderWith({});
    expect(run(['chekc'], folder)).toMatchObject({ status: 2, err: expect.stringContaining('chekc') });
    expect(run(['check', '--fromat', 'json'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('--fromat'),
    });
    expect(run(['check', '--format', 'xml'], folder)).toMatchObject({ status: 2, err: expect.stringContaining('xml') });
    expect(run(['check', '--fail-level', 'fatal'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('fatal'),
    });
    expect(run(['check', '--rule', 'n-plus-two'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('n-plus-one'),
    });
  });
});

describe('which files', () => {
  test('the path defaults to the current folder', () => {
    const folder = folderWith({ 'a.ts': INJECTION });
    expect(places(json(folder).findings)).toEqual(['a.ts:3 sql-injection warning']);
  });

  test('findings for the given paths only, and several of them', () => {
    const folder = folderWith({ 'a.ts': INJECTION, 'b/b.ts': INJECTION, 'c/c.ts': INJECTION });
    expect(places(json(folder, 'a.ts', 'c').findings)).toEqual([
      'a.ts:3 sql-injection warning',
      'c/c.ts:3 sql-injection warning',
    ]);
  });

  test('evidence comes from the whole project: a pool that another file exports', () => {
    const folder = folderWith({
      'db/client.ts': "import knex from 'knex';\nexport const db = knex({ client: 'pg' });\n",
      'src/orders.ts':
        "import { db } from '../db/client';\nexport async function names(ids: string[]) {\n  const out: unknown[] = [];\n  for (const id of ids) out.push(await db('orders').where({ id }).first());\n  return out;\n}\n",
    });
    expect(places(json(folder, 'src').findings)).toEqual(['src/orders.ts:4 n-plus-one warning']);
  });

  test('the current folder plays no part in the verdict', () => {
    const folder = folderWith({
      'src/a.ts': INJECTION,
      'backend-reviewer.json': '{ "rules": { "sql-injection": "error" } }',
    });
    const elsewhere = folderWith({});
    const here = json(folder, 'src');
    const there = json(elsewhere, join(folder, 'src'));
    expect(there.findings.map(one => [one.rule, one.level, one.line, one.fingerprint])).toEqual(
      here.findings.map(one => [one.rule, one.level, one.line, one.fingerprint]),
    );
    expect(here.findings[0]?.level).toBe('error');
  });

  test('the project is the nearest .git, else workspace manifest, else manifest, else the folder', () => {
    const workspace = folderWith(
      {
        'package.json': '{ "workspaces": ["packages/*"] }',
        'packages/db/package.json': '{ "name": "db" }',
        'packages/db/pool.ts': "import knex from 'knex';\nexport const db = knex({});\n",
        'packages/app/package.json': '{ "name": "app" }',
        'packages/app/a.ts':
          "import { db } from '../db/pool';\nexport const all = async (ids: string[]) => {\n  for (const id of ids) await db('a').where({ id }).first();\n};\n",
      },
      { git: false },
    );
    expect(places(json(workspace, 'packages/app').findings)).toEqual(['packages/app/a.ts:3 n-plus-one warning']);
  });

  test('node_modules, .git and ignored files are skipped and counted; what is named is reviewed', () => {
    const folder = folderWith({
      '.gitignore': 'generated/\n',
      'generated/a.ts': INJECTION,
      'node_modules/x/a.ts': INJECTION,
      'excluded/a.ts': INJECTION,
      'a.ts': CLEAN,
      'backend-reviewer.json': '{ "exclude": ["excluded/**"] }',
    });
    const whole = sarif(folder);
    expect(whole.results).toEqual([]);
    expect(whole.status).toBe(0);
    const said = whole.invocations[0]?.toolExecutionNotifications.map(one => one.message.text).join('\n');
    expect(said).toMatch(/node_modules/);
    expect(said).toMatch(/\.gitignore/);
    expect(said).toMatch(/exclude/);
    expect(json(folder, 'node_modules/x/a.ts').findings).toHaveLength(1);
    expect(json(folder, 'generated/a.ts').findings).toHaveLength(1);
    expect(json(folder, 'excluded/a.ts').findings).toHaveLength(1);
  });

  test('a path that does not exist is exit 2', () => {
    const folder = folderWith({ 'a.ts': CLEAN });
    expect(run(['check', 'a.ts', 'nowhere'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('nowhere'),
    });
  });
});

describe('exit status', () => {
  const folder = () => folderWith({ 'a.ts': INJECTION });
  test.each([
    ['a warning, at the default fail level', [], 1],
    ['a warning, below error', ['--fail-level', 'error'], 0],
    ['a warning, above info', ['--fail-level', 'info'], 1],
    ['another rule', ['--rule', 'n-plus-one'], 0],
    ['this rule among two', ['--rule', 'n-plus-one', '--rule', 'sql-injection'], 1],
  ])('%s', (_, args, status) => {
    expect(run(['check', ...args], folder()).status).toBe(status);
  });

  test('nothing found is 0', () => {
    expect(run(['check'], folderWith({ 'a.ts': CLEAN })).status).toBe(0);
  });

  test('a file that could not be parsed is a notification and leaves the status alone', () => {
    const broken = folderWith({
      'broken.ts': `${POOL}export const x = pool.query('SELECT 1 FROM a' (((;\nfunction {{{\n`,
      'b.ts': CLEAN,
    });
    const ran = json(broken);
    expect(ran.status).toBe(0);
    expect(ran.notifications).toEqual([
      expect.objectContaining({ file: 'broken.ts', message: expect.stringMatching(/pars|syntax/i) }),
    ]);
  });

  test('an output that cannot be written is exit 2 with the reason', () => {
    const here = folder();
    const ran = run(['check', '--format', 'sarif', '--output', join(here, 'no', 'such', 'folder.sarif')], here);
    expect(ran.status).toBe(2);
    expect(ran.err).toMatch(/folder\.sarif/);
    expect(ran.err).toMatch(/no such (file or )?(folder|directory)|ENOENT|does not exist/i);
  });

  test('an output that can be written holds the report', () => {
    const here = folder();
    expect(run(['check', '--format', 'sarif', '--output', 'out.sarif'], here)).toMatchObject({ status: 1, out: '' });
    expect((JSON.parse(readFileSync(join(here, 'out.sarif'), 'utf8')) as Sarif).runs[0]?.results).toHaveLength(1);
  });
});

describe('SARIF', () => {
  const validate = (() => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    const { $schema: _, ...schema } = JSON.parse(
      readFileSync(join(root, 'test/fixtures/sarif-2.1.0.json'), 'utf8'),
    ) as Record<string, unknown>;
    return ajv.compile(schema);
  })();

  test('is valid 2.1.0, on findings of every kind and on none', () => {
    const files = {
      'a.ts': INJECTION,
      'b.ts': N_PLUS_ONE,
      'migrations/1_add.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);\n',
    };
    for (const folder of [folderWith(files), folderWith({ 'a.ts': CLEAN })]) {
      const report: unknown = JSON.parse(run(['check', '--format', 'sarif'], folder).out);
      expect(validate(report), JSON.stringify(validate.errors, null, 1)).toBe(true);
    }
  });

  test('says rule, level, region, related places, fixes and fingerprint', () => {
    const folder = folderWith({ 'b.ts': N_PLUS_ONE, 'a.ts': INJECTION });
    const { results, columnKind, tool } = sarif(folder);
    expect(columnKind).toBe('utf16CodeUnits');
    expect(results.map(one => [one.ruleId, one.level])).toEqual([
      ['sql-injection', 'warning'],
      ['n-plus-one', 'warning'],
    ]);
    expect(tool.driver.rules.map(rule => rule.id)).toEqual(
      expect.arrayContaining(['sql-injection', 'n-plus-one', 'irreversible-migration']),
    );
    const [injection, loop] = results;
    expect(injection?.locations[0]?.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'a.ts' },
      region: { startLine: 3 },
    });
    expect(injection?.partialFingerprints['backendReviewer/v1']).toMatch(/^[0-9a-f]+$/);
    expect(injection?.fixes?.[0]?.properties.safety).toBe('safe');
    expect(loop?.relatedLocations?.length).toBeGreaterThan(0);
    for (const fix of loop?.fixes ?? []) expect(fix.properties.safety).toBe('suggestion');
  });

  test('information is a note', () => {
    const folder = folderWith({ 'a.ts': N_PLUS_ONE, 'backend-reviewer.json': '{ "rules": { "n-plus-one": "info" } }' });
    expect(sarif(folder).results.map(one => one.level)).toEqual(['note']);
  });

  test('a file outside the current folder is an absolute file URI', () => {
    const folder = folderWith({ 'a.ts': INJECTION });
    const elsewhere = folderWith({});
    const uri = sarif(elsewhere, folder).results[0]?.locations[0]?.physicalLocation.artifactLocation.uri;
    expect(uri).toBe(pathToFileURL(join(folder, 'a.ts')).href);
  });

  test('fingerprints survive moved lines, and equal ones are told apart', () => {
    const twice =
      INJECTION.replace('export const find', 'export const first') + INJECTION.split('\n').slice(2).join('\n');
    const before = json(folderWith({ 'a.ts': INJECTION })).findings[0]?.fingerprint;
    const moved = json(folderWith({ 'a.ts': `// one\n// two\n\n${INJECTION}` })).findings[0]?.fingerprint;
    expect(moved).toBe(before);
    const query = "  pool.query(`SELECT id FROM users WHERE name = '${name}'`);\n";
    const same = json(
      folderWith({ 'a.ts': `${POOL}export function f(name: string) {\n${query}${query}${query}}\n` }),
    ).findings.map(one => one.fingerprint);
    expect(same).toHaveLength(3);
    expect(same[1]).toBe(`${same[0]}:2`);
    expect(same[2]).toBe(`${same[0]}:3`);
    expect(new Set(json(folderWith({ 'a.ts': twice })).findings.map(one => one.fingerprint)).size).toBe(2);
  });

  test('what was skipped or not parsed is a tool execution notification, with the reason', () => {
    const folder = folderWith({
      'broken.ts': `${POOL}pool.query('SELECT a FROM b' ((( `,
      'big.js': `/* ${'x'.repeat(5_000_000)} */ const select = 'select 1 from a';`,
    });
    const said = sarif(folder)
      .invocations[0]?.toolExecutionNotifications.map(one => one.message.text)
      .join('\n');
    expect(said).toMatch(/broken\.ts/);
    expect(said).toMatch(/big\.js/);
  });
});

describe('JSON', () => {
  test('has the promised shape, 1-based, columns in UTF-16 units', () => {
    const source = `${POOL}export const find = (name: string) => /* 🐘 */ pool.query(\`SELECT id FROM users WHERE name = '\${name}'\`);\n`;
    const { findings, notifications } = json(folderWith({ 'a.ts': source }));
    expect(notifications).toEqual([]);
    const line = source.split('\n')[2] ?? '';
    expect(Object.keys(findings[0] ?? {}).sort()).toEqual(
      ['column', 'endColumn', 'endLine', 'file', 'fingerprint', 'level', 'line', 'message', 'related', 'rule'].sort(),
    );
    const { column = 0, endColumn = 0, line: at } = findings[0] ?? ({} as JsonFinding);
    expect(at).toBe(3);
    expect(line.slice(column - 1, endColumn - 1)).toBe('name');
  });
});

describe('baseline', () => {
  test('what it holds is unchanged and does not count', () => {
    const folder = folderWith({ 'a.ts': INJECTION });
    run(['check', '--format', 'sarif', '--output', 'base.sarif'], folder);
    expect(sarif(folder, '--baseline', 'base.sarif')).toMatchObject({
      status: 0,
      results: [{ baselineState: 'unchanged' }],
    });
    writeFileSync(join(folder, 'b.ts'), N_PLUS_ONE);
    const later = sarif(folder, '--baseline', 'base.sarif');
    expect(later.status).toBe(1);
    expect(later.results.map(one => one.baselineState)).toEqual(['unchanged', 'new']);
  });

  test('one that cannot be read is exit 2', () => {
    const folder = folderWith({ 'a.ts': INJECTION, 'not.sarif': '{' });
    expect(run(['check', '--baseline', 'missing.sarif'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('missing.sarif'),
    });
    expect(run(['check', '--baseline', 'not.sarif'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('not.sarif'),
    });
  });
});

describe('--explain', () => {
  test('tells the whole story of one finding', () => {
    const folder = folderWith({ 'a.ts': N_PLUS_ONE });
    const [finding] = json(folder).findings;
    const { out, status } = run(['check', '--explain', finding?.fingerprint ?? ''], folder);
    expect(status).toBe(1);
    expect(out).toContain('n-plus-one');
    expect(out).toContain('a.ts:5');
    expect(out).toContain('orders');
  });

  test('a fingerprint that no finding has is exit 2', () => {
    expect(run(['check', '--explain', 'feedbeef'], folderWith({ 'a.ts': N_PLUS_ONE }))).toMatchObject({
      status: 2,
      err: expect.stringContaining('feedbeef'),
    });
  });
});

describe('backend-reviewer.json', () => {
  test('the nearest one upward applies to each file, two in one run', () => {
    const folder = folderWith({
      'backend-reviewer.json': '{ "rules": { "sql-injection": "error" } }',
      'a.ts': INJECTION,
      'quiet/backend-reviewer.json': '{ "rules": { "sql-injection": "info" } }',
      'quiet/deep/b.ts': INJECTION,
    });
    expect(places(json(folder).findings)).toEqual([
      'a.ts:3 sql-injection error',
      'quiet/deep/b.ts:3 sql-injection info',
    ]);
  });

  test('a wrong key or value is a message with its place and the nearest right one; the rest counts', () => {
    const folder = folderWith({
      'a.ts': INJECTION,
      'backend-reviewer.json':
        '{\n  "ruels": {},\n  "sql": { "dialect": "postgre" },\n  "rules": { "sql-injection": "error" }\n}',
    });
    const ran = json(folder);
    expect(ran.status).toBe(1);
    expect(ran.findings[0]?.level).toBe('error');
    const said = ran.notifications.map(one => one.message).join('\n');
    expect(said).toMatch(/ruels.*rules/);
    expect(said).toMatch(/postgre.*postgresql/);
    expect(said).toMatch(/\b3\b/);
  });

  test('text that is no JSON, or an extends that cannot be read, is exit 2', () => {
    expect(run(['check'], folderWith({ 'a.ts': CLEAN, 'backend-reviewer.json': '{ "rules": ' }))).toMatchObject({
      status: 2,
      err: expect.stringContaining('backend-reviewer.json'),
    });
    expect(
      run(['check'], folderWith({ 'a.ts': CLEAN, 'backend-reviewer.json': '{ "extends": "./base.json" }' })),
    ).toMatchObject({
      status: 2,
      err: expect.stringContaining('base.json'),
    });
  });

  test('extends is read first, objects merge', () => {
    const folder = folderWith({
      'a.ts': INJECTION,
      'b.ts': N_PLUS_ONE,
      'base.json': '{ "rules": { "sql-injection": "error", "n-plus-one": "error" } }',
      'backend-reviewer.json': '{ "extends": "base.json", "rules": { "n-plus-one": "off" } }',
    });
    expect(places(json(folder).findings)).toEqual(['a.ts:3 sql-injection error']);
  });

  test("each finding counts against its own file's fail level; --fail-level overrides all", () => {
    const folder = folderWith({ 'a.ts': INJECTION, 'backend-reviewer.json': '{ "failLevel": "error" }' });
    expect(run(['check'], folder).status).toBe(0);
    expect(run(['check', '--fail-level', 'warning'], folder).status).toBe(1);
  });
});

describe('suppression', () => {
  const suppressed = (comment: string) => INJECTION.replace('export const', `${comment}\nexport const`);

  test('next line, with a reason', () => {
    expect(
      json(
        folderWith({
          'a.ts': suppressed('// backend-reviewer-ignore-next-line sql-injection -- names are checked upstream'),
        }),
      ).findings,
    ).toEqual([]);
  });

  test('the whole file, in its head', () => {
    expect(
      json(
        folderWith({ 'a.ts': `// backend-reviewer-ignore-file sql-injection, n-plus-one -- generated\n${INJECTION}` }),
      ).findings,
    ).toEqual([expect.objectContaining({ rule: 'unused-suppression', level: 'info' })]);
    expect(
      json(folderWith({ 'a.ts': `// backend-reviewer-ignore-file sql-injection -- generated\n${INJECTION}` })).findings,
    ).toEqual([]);
  });

  test('without a reason it works, and says so', () => {
    expect(
      places(json(folderWith({ 'a.ts': suppressed('// backend-reviewer-ignore-next-line sql-injection') })).findings),
    ).toEqual(['a.ts:3 suppression-without-reason info']);
  });

  test('one that suppresses nothing is unused, and only judged by rules that ran', () => {
    const folder = folderWith({
      'a.ts': CLEAN.replace('export', '// backend-reviewer-ignore-next-line sql-injection -- was needed once\nexport'),
    });
    expect(places(json(folder).findings)).toEqual(['a.ts:3 unused-suppression info']);
    expect(json(folder, '--rule', 'n-plus-one', '--rule', 'unused-suppression').findings).toEqual([]);
  });
});

describe('levels', () => {
  test('test, seed, fixture and script files count one lower, except for injection', () => {
    const folder = folderWith({
      'test/a.test.ts': N_PLUS_ONE,
      'scripts/b.ts': N_PLUS_ONE,
      'seeds/c.ts': INJECTION,
      'src/d.ts': N_PLUS_ONE,
    });
    expect(places(json(folder).findings)).toEqual([
      'scripts/b.ts:5 n-plus-one info',
      'seeds/c.ts:3 sql-injection warning',
      'src/d.ts:5 n-plus-one warning',
      'test/a.test.ts:5 n-plus-one info',
    ]);
  });

  test("the path below the project's root tells, not the one above it", () => {
    const outer = folderWith({}, { git: false });
    const folder = join(outer, 'test', 'fixtures');
    mkdirSync(join(folder, '.git'), { recursive: true });
    writeFileSync(join(folder, 'a.ts'), N_PLUS_ONE);
    expect(places(json(folder).findings)).toEqual(['a.ts:5 n-plus-one warning']);
  });

  test('a configured level replaces the base, and lowerings still apply', () => {
    const folder = folderWith({
      'test/a.test.ts': N_PLUS_ONE,
      'backend-reviewer.json': '{ "rules": { "n-plus-one": "error" } }',
    });
    expect(places(json(folder).findings)).toEqual(['test/a.test.ts:5 n-plus-one warning']);
  });

  test('injection is an error when request input is proven to reach it', () => {
    const folder = folderWith({
      'a.ts': `import express from 'express';\n${POOL}const app = express();\napp.get('/users', async (req, res) => {\n  const { rows } = await pool.query(\`SELECT id FROM users WHERE name = '\${req.query.name}'\`);\n  res.json(rows);\n});\n`,
    });
    expect(places(json(folder).findings)).toEqual(['a.ts:6 sql-injection error']);
  });
});

describe('evidence', () => {
  const loop = (head: string, query: string) =>
    `${head}\nexport async function f(ids: string[], db: any) {\n  for (const id of ids) {\n    await ${query};\n  }\n}\n`;
  test.each([
    [
      '(a) a traced receiver',
      { 'a.ts': loop("import knex from 'knex';\nconst k = knex({});", "k('t').where({ id }).first()") },
      ['a.ts:5 n-plus-one warning'],
    ],
    [
      '(b) the text is SQL',
      { 'a.ts': loop('', "db.query('SELECT a FROM t WHERE id = $1', [id])") },
      ['a.ts:4 n-plus-one warning'],
    ],
    [
      '(c) an ORM-looking method where the manifest has the ORM',
      {
        'package.json': '{ "dependencies": { "@prisma/client": "6" } }',
        'a.ts': loop('', 'db.user.findUnique({ where: { id } })'),
      },
      ['a.ts:4 n-plus-one info'],
    ],
    [
      '(d) a name alone',
      { 'a.ts': loop('', 'db.query(id)'), 'b.ts': loop('', 'db.user.findUnique({ where: { id } })') },
      [],
    ],
  ])('%s', (_, files, expected) => {
    expect(places(json(folderWith(files)).findings)).toEqual(expected);
  });
});

describe('irreversible migrations', () => {
  test('missing, empty and throwing downs of a structural up; data-only ups may have none', () => {
    const folder = folderWith({
      'migrations/1_a.up.sql': 'CREATE TABLE a (id bigint PRIMARY KEY);',
      'migrations/2_b.up.sql': 'CREATE TABLE b (id bigint PRIMARY KEY);',
      'migrations/2_b.down.sql': '-- nothing to do\n',
      'migrations/3_c.up.sql': 'CREATE TABLE c (id bigint PRIMARY KEY);',
      'migrations/3_c.down.sql': 'DROP TABLE c;',
      'migrations/4_d.up.sql': 'INSERT INTO c VALUES (1), (2);',
    });
    expect(json(folder).findings.map(one => `${one.file} ${one.rule}`)).toEqual([
      'migrations/1_a.up.sql irreversible-migration',
      'migrations/2_b.down.sql irreversible-migration',
    ]);
  });
});

describe('migration down', () => {
  const files = {
    'db/1_a.up.sql': "CREATE TABLE a (id bigint PRIMARY KEY, note text DEFAULT 'x');",
    'db/1_a.down.sql': 'DROP TABLE a;',
    'db/2_b.up.sql': 'ALTER TABLE a DROP COLUMN note;',
    'db/3_c.up.sql': 'INSERT INTO a VALUES (1);',
  };
  test('prints only the SQL, with a comment where data is lost', () => {
    const folder = folderWith(files);
    const ran = run(['migration', 'down', 'db/2_b.up.sql'], folder);
    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(ran.out.replace(/\s+/g, ' ')).toMatch(
      /^-- .*without its values ALTER TABLE a ADD COLUMN note text DEFAULT 'x'; $/,
    );
  });

  test('writes it into place, and refuses where one stands', () => {
    const folder = folderWith(files);
    expect(run(['migration', 'down', 'db/2_b.up.sql', '--write'], folder)).toMatchObject({ status: 0, out: '' });
    expect(readFileSync(join(folder, 'db/2_b.down.sql'), 'utf8')).toContain('ADD COLUMN note');
    expect(run(['migration', 'down', 'db/2_b.up.sql', '--write'], folder)).toMatchObject({ status: 1, out: '' });
  });

  test('says why there is none, and what was not understood', () => {
    const folder = folderWith(files);
    const none = run(['migration', 'down', 'db/3_c.up.sql'], folder);
    expect(none).toMatchObject({ status: 1, out: '' });
    expect(none.err).toContain('leaves the structure as it is');
    expect(run(['migration', 'down', 'db/9.up.sql'], folder).status).toBe(2);
    expect(run(['migration', 'down'], folder).status).toBe(2);
  });
});

describe('migration verify', () => {
  const pairs = (migrations: Readonly<Record<string, readonly [up: string, down?: string]>>): Files =>
    Object.fromEntries(
      Object.entries(migrations).flatMap(([name, [up, down]]) => [
        [`db/${name}.up.sql`, up],
        ...(down === undefined ? [] : [[`db/${name}.down.sql`, down]]),
      ]),
    );
  const CREATE = ['CREATE TABLE a (id bigint PRIMARY KEY, note text);', 'DROP TABLE a;'] as const;

  test('proven, data lost and data-only are 0, and running twice is reported', () => {
    const folder = folderWith(
      pairs({
        '1_a': CREATE,
        '2_b': ['ALTER TABLE a DROP COLUMN note;', 'ALTER TABLE a ADD COLUMN note text;'],
        '3_c': ['INSERT INTO a VALUES (1);'],
        '4_d': ['CREATE TABLE IF NOT EXISTS d (id int);', 'DROP TABLE d;'],
      }),
    );
    const ran = run(['migration', 'verify'], folder);
    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(ran.out).toMatch(
      /^reversible: proven {2}db\/1_a\.up\.sql\n {4}Run twice, the up fails [\s\S]*already exists/,
    );
    expect(ran.out).toMatch(
      /structure proven, data lost {2}db\/2_b\.up\.sql\n {4}Lost on the way: values of a\.note\./,
    );
    expect(ran.out).toMatch(/changes no structure {2}db\/3_c\.up\.sql/);
    expect(ran.out).toMatch(/db\/4_d\.up\.sql\n {4}Run twice, the up leaves the schema as it is\./);
  });

  test('not reversible is 1 and says what differs, before not verifiable', () => {
    const folder = folderWith(
      pairs({
        '1_a': CREATE,
        '2_b': ['ALTER TABLE a ALTER note SET NOT NULL;', 'ALTER TABLE a ALTER note DROP DEFAULT;'],
        '3_c': ['CREATE EXTENSION postgis;', 'DROP EXTENSION postgis;'],
      }),
    );
    const ran = run(['migration', 'verify', 'db'], folder);
    expect(ran.status).toBe(1);
    expect(ran.out).toMatch(
      /not reversible {2}db\/2_b\.up\.sql\n {4}After up and down, column a\.note was NULL and is NOT NULL/,
    );
    expect(ran.out).toMatch(/not verified {2}db\/3_c\.up\.sql\n {4}It needs the extension postgis/);
    // a file that is named is judged alone, on the history before it
    const alone = run(['migration', 'verify', 'db/3_c.up.sql'], folder);
    expect(alone.status).toBe(3);
    expect(alone.out).not.toMatch(/2_b/);
  });

  test('a tool without downs by design is 3', () => {
    const folder = folderWith({
      'prisma/migrations/20200101000000_a/migration.sql': 'CREATE TABLE a (id int);',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
    });
    expect(run(['migration', 'verify'], folder)).toMatchObject({ status: 3, out: expect.stringContaining('prisma') });
  });

  test('no migration that can be read is 3, a path that does not exist is 2', () => {
    const folder = folderWith({ 'a.ts': CLEAN });
    expect(run(['migration', 'verify'], folder)).toMatchObject({
      status: 3,
      out: expect.stringContaining('no migration here'),
    });
    expect(run(['migration', 'verify', 'nowhere'], folder)).toMatchObject({
      status: 2,
      err: expect.stringContaining('nowhere'),
    });
  });
});

describe('ask', () => {
  const SHOP = {
    'package.json': '{ "dependencies": { "express": "5", "pg": "8" } }',
    'db/migrations/001_orders.up.sql': 'CREATE TABLE orders (id bigint PRIMARY KEY, total_cents integer NOT NULL);\n',
    'db/migrations/001_orders.down.sql': 'DROP TABLE orders;\n',
    'src/orders.ts': N_PLUS_ONE,
  };

  test('JSON is answer, references and whether it was offline', () => {
    const folder = folderWith(SHOP);
    const { status, out, err } = run(['ask', '--format', 'json', 'how do we page through orders?'], folder);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const answer = JSON.parse(out);
    expect(Object.keys(answer)).toEqual(['answer', 'references', 'offline']);
    expect(answer.offline).toBe(true);
    expect(answer.answer).toContain('next_cursor');
    expect(answer.references).toContainEqual({
      file: 'db/migrations/001_orders.up.sql',
      line: 1,
      title: 'the table orders',
    });
  });

  test('slash commands and another workspace', () => {
    const folder = folderWith(SHOP);
    const { status, out } = run(['ask', '--workspace', folder, '/schema orders'], tmpdir());
    expect(status).toBe(0);
    expect(out).toContain('| total_cents | integer | not null |');
    expect(run(['ask', '/review src'], folder).out).toContain('`n-plus-one`');
  });

  test('wrong usage is exit 2 with a reason', () => {
    const folder = folderWith(SHOP);
    for (const words of [['ask'], ['ask', '--workspace', 'nowhere', 'x'], ['ask', '--format', 'xml', 'x']]) {
      const { status, out, err } = run(words, folder);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toMatch(/^backend-reviewer: ./);
    }
  });
});

describe('check --changed-since and check -', () => {
  const git = (folder: string, ...args: string[]) =>
    execFileSync(
      'git',
      ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args],
      {
        cwd: folder,
        stdio: 'pipe',
      },
    );
  function repository(files: Files): string {
    const folder = folderWith(files, { git: false });
    git(folder, 'init', '-q');
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'before');
    return folder;
  }
  const LEAK = `${POOL}export async function total(): Promise<number> {
  const client = await pool.connect();
  try {
    return (await client.query('SELECT count(*) AS n FROM orders')).rows[0].n;
  } finally {
    client.release();
  }
}
`;

  test('findings that the changes since a commit touch or cause, untracked files included', () => {
    const folder = repository({
      'old.ts': INJECTION,
      'a.ts': `${INJECTION}${N_PLUS_ONE.slice(POOL.length)}`,
      'leak.ts': LEAK,
    });
    writeFileSync(join(folder, 'new.ts'), INJECTION);
    writeFileSync(
      join(folder, 'a.ts'),
      `${INJECTION}${N_PLUS_ONE.slice(POOL.length).replace('SELECT *', 'SELECT id')}`,
    );
    // the line that is marked is as it was: what made it a finding is the line that is gone
    writeFileSync(join(folder, 'leak.ts'), LEAK.replace('    client.release();\n', ''));
    const { findings, notifications, status } = json(folder, '--changed-since', 'HEAD');
    expect(status).toBe(1);
    expect(places(findings)).toEqual([
      'a.ts:6 n-plus-one warning',
      'leak.ts:4 connection-leak warning',
      'new.ts:3 sql-injection warning',
    ]);
    expect(notifications.map(({ message }) => message)).toContain(
      '1 finding in code that did not change since HEAD is left out',
    );
    git(folder, 'add', '-A');
    git(folder, 'commit', '-qm', 'after');
    expect(json(folder, '--changed-since', 'HEAD')).toMatchObject({ status: 0, findings: [] });
    expect(json(folder, '--changed-since', 'HEAD~1').findings).toHaveLength(3);
    expect(run(['check', '--changed-since', 'nothing'], folder).status).toBe(2);
    expect(run(['check', '--changed-since', 'HEAD'], folderWith({ 'a.ts': '' }, { git: false })).status).toBe(2);
  });

  test('the text on standard input, as the file that it would be', () => {
    const folder = folderWith({ 'db.ts': `${POOL.replace('const pool', 'export const pool')}`, 'src/a.ts': CLEAN });
    const checked = (...args: string[]) =>
      spawnSync(process.execPath, [cli, 'check', '-', '--format', 'json', ...args], {
        cwd: folder,
        encoding: 'utf8',
        input: INJECTION.replace(POOL, "import { pool } from '../db';\n"),
      });
    const { status, stdout } = checked('--stdin-filename', 'src/a.ts');
    expect(status).toBe(1);
    expect(places((JSON.parse(stdout) as JsonReport).findings)).toEqual(['src/a.ts:2 sql-injection warning']);
    expect(checked().status).toBe(2);
  });
});

describe('mcp', () => {
  test('the tools by their names, each with the workspace among its arguments', async () => {
    const child = spawn(process.execPath, [cli, 'mcp'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const answered = new Promise<string>(done => {
      let out = '';
      child.stdout.on('data', chunk => {
        out += chunk;
        if (out.includes('"id":2')) done(out);
      });
    });
    const clientInfo = { name: 'contract', version: '1' };
    for (const message of [
      { id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo } },
      { method: 'notifications/initialized' },
      { id: 2, method: 'tools/list' },
    ])
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const messages = (await answered)
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
    child.stdin.end();
    const { tools } = messages.find(({ id }) => id === 2).result;
    expect(tools.map(({ name }: { name: string }) => name)).toEqual([
      'review_file',
      'review_text',
      'list_findings',
      'explain_finding',
      'apply_fix',
      'describe_schema',
      'find_column_uses',
      'generate_down_migration',
      'verify_migration',
    ]);
    for (const { inputSchema } of tools) expect(inputSchema.properties).toHaveProperty('workspace');
  });
});

describe('bad input', () => {
  test('each costs only itself, with a message that names it', () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(INJECTION, 'utf16le')]);
    const folder = folderWith({
      'good.ts': INJECTION,
      'utf16.ts': utf16,
      'empty.ts': '',
      'binary.js': new Uint8Array([0, 1, 2, 3, 0, 255, 254, 0, 7]),
      'minified.js': `var a="select 1 from b";${'x();'.repeat(1_300_000)}`,
      'sub/c.ts': CLEAN,
    });
    symlinkSync('..', join(folder, 'sub', 'loop'));
    const ran = json(folder);
    expect(places(ran.findings)).toEqual(['good.ts:3 sql-injection warning', 'utf16.ts:3 sql-injection warning']);
    const said = ran.notifications.map(one => `${one.file}: ${one.message}`).join('\n');
    expect(said).toMatch(/binary\.js/);
    expect(said).toMatch(/minified\.js/);
    expect(ran.status).toBe(1);
  });

  test('a file that cannot be read is a notification', () => {
    const folder = folderWith({ 'good.ts': INJECTION, 'secret.ts': CLEAN });
    symlinkSync(join(folder, 'gone.ts'), join(folder, 'dangling.ts'));
    chmodSync(join(folder, 'secret.ts'), 0o000);
    const ran = json(folder);
    expect(places(ran.findings)).toEqual(['good.ts:3 sql-injection warning']);
    expect(ran.status).toBe(1);
  });

  test('a closed pipe ends the run quietly', () => {
    const folder = folderWith({ 'a.ts': INJECTION });
    const shell = spawnSync('sh', ['-c', `"${process.execPath}" "${cli}" check | true`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(shell.stderr).toBe('');
  });
});

describe('pretty', () => {
  test('is grouped by file, with a code frame, the rule, the remedy, totals and coverage, and no colours off a terminal', () => {
    const { out } = run(['check'], folderWith({ 'a.ts': N_PLUS_ONE, 'b.ts': INJECTION }));
    expect(out).toMatch(/a\.ts[\s\S]*n-plus-one[\s\S]*b\.ts[\s\S]*sql-injection/);
    expect(out).toMatch(/\^{4,}|~{4,}/);
    expect(out).toMatch(/2 (warnings|findings)/);
    expect(out).toMatch(/reviewed/);
    expect(out.includes(String.fromCharCode(27))).toBe(false);
  });

  test('colours when asked', () => {
    const { out } = run(['check'], folderWith({ 'a.ts': INJECTION }), { FORCE_COLOR: '1' });
    expect(out.includes(String.fromCharCode(27))).toBe(true);
  });
});

describe('GitHub annotations', () => {
  test('one command a finding', () => {
    const { out } = run(['check', '--format', 'github'], folderWith({ 'a.ts': INJECTION }));
    expect(out).toMatch(/^::warning file=a\.ts,line=3,.*title=.*sql-injection.*::/m);
  });
});

describe('one verdict', () => {
  const SEVERITIES: Readonly<Record<number, string>> = { 1: 'error', 2: 'warning', 3: 'info', 4: 'info' };

  /** What an editor is told of these files by `lsp --stdio`, in the words of the JSON report. */
  async function servedFindings(folder: string, files: readonly string[]): Promise<string[]> {
    const server = spawn(process.execPath, [cli, 'lsp', '--stdio'], {
      cwd: tmpdir(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const connection = createMessageConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null));
    connection.onRequest('client/registerCapability', () => null);
    // a first review reaches as far as an editor can wait; what counts is what it says when the project was read
    const isRead = new Promise<void>(resolve => {
      connection.onRequest('workspace/diagnostic/refresh', () => {
        resolve();
        return null;
      });
    });
    connection.listen();
    try {
      await connection.sendRequest('initialize', {
        processId: process.pid,
        rootUri: pathToFileURL(folder).href,
        workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'contract' }],
        capabilities: {
          textDocument: { diagnostic: {} },
          workspace: { diagnostics: { refreshSupport: true } },
        },
      });
      await connection.sendNotification('initialized', {});
      const told: string[] = [];
      for (const file of files) {
        const uri = pathToFileURL(join(folder, file)).href;
        const text = readFileSync(join(folder, file), 'utf8');
        const languageId = file.endsWith('.sql') ? 'sql' : 'typescript';
        await connection.sendNotification('textDocument/didOpen', {
          textDocument: { uri, languageId, version: 1, text },
        });
      }
      await isRead;
      for (const file of files) {
        const uri = pathToFileURL(join(folder, file)).href;
        const { items } = (await connection.sendRequest('textDocument/diagnostic', { textDocument: { uri } })) as {
          items: {
            code: string;
            severity: number;
            source: string;
            range: { start: { line: number; character: number } };
          }[];
        };
        for (const { code, severity, source, range } of items) {
          expect(source).toBe('Backend Reviewer');
          told.push(`${file}:${range.start.line + 1}:${range.start.character + 1} ${code} ${SEVERITIES[severity]}`);
        }
      }
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      return told.sort();
    } finally {
      connection.dispose();
      server.kill();
    }
  }

  test('the server says of examples/shop what the command line says', async () => {
    // a project of its own, so that the server indexes the shop and not all of this repository
    const shop = folderWith({});
    cpSync(join(root, 'examples', 'shop'), shop, { recursive: true });
    const files = readdirSync(shop, { recursive: true, encoding: 'utf8' }).filter(
      file => /\.(ts|sql|dbml)$/.test(file) && !file.includes('node_modules'),
    );
    expect(files.length).toBeGreaterThan(40);
    const checked = json(shop).findings.map(one => `${one.file}:${one.line}:${one.column} ${one.rule} ${one.level}`);
    expect(checked.length).toBeGreaterThan(20);
    expect(await servedFindings(shop, files)).toEqual(checked.sort());
  }, 120_000);

  test('and of a folder with two configurations', async () => {
    const folder = folderWith({
      'backend-reviewer.json': '{ "rules": { "sql-injection": "error" } }',
      'a.ts': INJECTION,
      'quiet/backend-reviewer.json': '{ "rules": { "sql-injection": "info", "n-plus-one": "off" } }',
      'quiet/b.ts': INJECTION,
      'quiet/c.ts': N_PLUS_ONE,
    });
    const checked = json(folder).findings.map(one => `${one.file}:${one.line}:${one.column} ${one.rule} ${one.level}`);
    expect(await servedFindings(folder, ['a.ts', 'quiet/b.ts', 'quiet/c.ts'])).toEqual(checked.sort());
  });
});

describe('examples/shop', () => {
  interface Expected {
    findings: { rule: string; file: string; line: number; level: string; also?: (number | { line: number })[] }[];
  }

  test('every expected finding is there, at its level, and nothing else', () => {
    const shop = join(root, 'examples', 'shop');
    const expected = JSON.parse(readFileSync(join(shop, 'EXPECTED.json'), 'utf8')) as Expected;
    const { findings, status } = json(shop);
    expect(status).toBe(1);
    const left = [...findings];
    const missing: string[] = [];
    for (const { rule, file, line, level, also = [] } of expected.findings) {
      const lines = [line, ...also.map(one => (typeof one === 'number' ? one : one.line))];
      const at = left.findIndex(
        one => one.rule === rule && one.file === file && one.level === level && lines.includes(one.line),
      );
      if (at < 0) missing.push(`${rule} ${level} ${file}:${line}`);
      else left.splice(at, 1);
    }
    expect({ missing, unexpected: places(left) }).toEqual({ missing: [], unexpected: [] });
  });
});
