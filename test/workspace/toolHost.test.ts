/** The tools of agents over a real folder: what they find, and what they answer to what they should not be asked. */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toolNamed, tools } from '../../src/persona/tools/all';
import type { ToolHost } from '../../src/persona/tools/host';
import type { ToolError, ToolValue } from '../../src/persona/tools/tool';
import { openProduct } from '../../src/workspace/product';
import { type ToolHostOptions, toolHostOf } from '../../src/workspace/toolHost';
import { writtenBack } from '../../src/workspace/writtenBack';
import { syntaxFiles } from '../syntax/parsers';

let folder: string;
let outside: string;
let host: ToolHost;
const product = openProduct({ syntax: syntaxFiles });

const hostOf = (options: Partial<ToolHostOptions> = {}): ToolHost =>
  toolHostOf(
    {
      folder,
      trusted: true,
      rules: product.rules,
      openLab: () => {
        throw new Error('no lab in this test');
      },
      ...options,
    },
    product,
  );

beforeAll(() => {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'tools-')));
  folder = join(made, 'shop');
  outside = join(made, 'outside');
  cpSync(join(__dirname, '..', '..', 'examples', 'shop'), folder, { recursive: true });
  mkdirSync(join(folder, '.git'));
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret.ts'), "export const password = 'hunter2hunter2';\n");
  symlinkSync(outside, join(folder, 'src', 'link'));
  symlinkSync(join(outside, 'secret.ts'), join(folder, 'src', 'linked.ts'));
  symlinkSync(join(outside, 'nothing.ts'), join(folder, 'src', 'dangling.ts'));
  symlinkSync(join(folder, 'src', 'circle.ts'), join(folder, 'src', 'circle.ts'));
  writeFileSync(join(folder, 'notes.txt'), 'nothing to review\n');
  host = hostOf();
});
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

interface Listed {
  readonly at: string;
  readonly rule: string;
  readonly fingerprint: string;
  readonly fixes?: readonly { readonly fix: number; readonly title: string; readonly safety: string }[];
}

async function value(name: string, args: unknown, over: ToolHost = host): Promise<ToolValue> {
  const result = await toolNamed(name)?.call(args, over);
  if (!result?.ok) throw new Error(`${name}: ${JSON.stringify(result)}`);
  return result.value;
}
async function error(name: string, args: unknown, over: ToolHost = host): Promise<ToolError> {
  const result = await toolNamed(name)?.call(args, over);
  if (!result || result.ok) throw new Error(`${name}: ${JSON.stringify(result)}`);
  return result.error;
}
const findings = (answer: ToolValue) => answer.findings as readonly Listed[];

describe('what they find', () => {
  test('review_file: findings with places, fingerprints, fixes and what was covered', async () => {
    const answer = await value('review_file', { path: 'src/routes/products.ts' });
    expect(answer.covered).toBe('1 file reviewed');
    expect(answer.summary).toMatch(/^\d+ findings? \(.*error.*\) in src\/routes\/products\.ts\.$/);
    const injection = findings(answer).find(({ rule }) => rule === 'sql-injection');
    expect(injection).toMatchObject({
      at: expect.stringMatching(/^src\/routes\/products\.ts:\d+$/),
      level: 'error',
      fingerprint: expect.stringMatching(/^[0-9a-f]{8,}/),
      fixes: [expect.objectContaining({ fix: 0, safety: 'safe' })],
    });
  });

  test('review_file of a selection tells of what touches it, and counts the rest', async () => {
    const answer = await value('review_file', { path: 'src/routes/admin.ts', startLine: 15, endLine: 24 });
    expect(findings(answer).map(({ rule }) => rule)).toContain('sql-injection');
    for (const { at } of findings(answer)) expect(Number(at.split(':')[1])).toBeLessThanOrEqual(24);
    expect(answer.summary).toMatch(/more outside of what was asked for/);
  });

  test('review_text reviews what is not on disk, in a file that need not exist', async () => {
    const text = `import { pool } from '../db/pool';
export const find = (name: string) => pool.query(\`SELECT id FROM customers WHERE email = '\${name}'\`);
`;
    const answer = await value('review_text', { path: 'src/routes/new.ts', text });
    expect(findings(answer).map(({ rule, at }) => `${rule} ${at}`)).toEqual(['sql-injection src/routes/new.ts:2']);
    // the same path with other text: nothing of the one before is left
    const clean = await value('review_text', { path: 'src/routes/new.ts', text: 'export const one = 1;\n' });
    expect(clean).toMatchObject({ findings: [], covered: expect.stringContaining('1 looked at') });
  });

  test('list_findings: worst first, of some rules, in pages', async () => {
    const answer = await value('list_findings', { path: 'src/routes', rules: ['sql-injection'] });
    expect(new Set(findings(answer).map(({ rule }) => rule))).toEqual(new Set(['sql-injection']));
    expect(answer.covered).toMatch(/^\d+ files reviewed/);
    const all = await value('list_findings', { path: 'src' });
    const next = await value('list_findings', { path: 'src', from: findings(all).length });
    expect(all.more).toContain(`"from": ${findings(all).length}`);
    expect(findings(next)[0]?.fingerprint).not.toBe(findings(all)[0]?.fingerprint);
  });

  test('explain_finding: the path, the fixes as diffs, the rule’s page', async () => {
    const [first] = findings(await value('review_file', { path: 'src/routes/products.ts' }));
    const answer = await value('explain_finding', {
      path: 'src/routes/products.ts',
      fingerprint: first?.fingerprint.slice(0, 8),
    });
    expect(answer).toMatchObject({ at: first?.at, why: expect.any(String), rulePage: expect.stringContaining('#') });
    expect(answer.fixes).toEqual([expect.objectContaining({ diff: expect.stringContaining('@@') })]);
    const line = Number(first?.at.split(':')[1]);
    expect(await value('explain_finding', { path: 'src/routes/products.ts', line })).toMatchObject({ at: first?.at });
  });

  test('describe_schema: all tables, and one with all that is known of it', async () => {
    const all = await value('describe_schema', {});
    expect(all.tables).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'orders', columns: expect.stringContaining('id ') })]),
    );
    const one = await value('describe_schema', { relation: 'orders' });
    expect(one).toMatchObject({ name: 'orders', at: expect.stringMatching(/^migrations\/.*create_orders\.ts:\d+$/) });
    expect(one.referredToBy).not.toEqual([]);
  });

  test('find_column_uses: places in the code with their lines', async () => {
    const answer = await value('find_column_uses', { table: 'orders', column: 'status' });
    expect(answer.uses).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ at: expect.stringMatching(/^src\/.*:\d+$/), text: expect.stringMatching(/status/i) }),
      ]),
    );
    expect(answer.covered).toMatch(/files looked at/);
  });

  test('generate_down_migration: the SQL, and the file as its tool wants it', async () => {
    const without = findings(
      await value('list_findings', { path: 'migrations', rules: ['irreversible-migration'] }),
    ).find(({ fixes }) => fixes);
    const path = without?.at.split(':')[0];
    const answer = await value('generate_down_migration', { path });
    expect(answer).toMatchObject({
      sql: expect.stringMatching(/\w/),
      file: path,
      text: expect.stringContaining('down'),
    });
  });
});

describe('apply_fix', () => {
  test('writes where it may, and the finding is gone', async () => {
    const path = 'src/routes/products.ts';
    const writing = hostOf({
      write: async files => {
        for (const { path: at, text } of files) writeFileSync(at, text);
        return 'written';
      },
    });
    const before = readFileSync(join(folder, path), 'utf8');
    const [first] = findings(await value('review_file', { path, rules: ['sql-injection'] }));
    const shown = await value('apply_fix', { path, fingerprint: first?.fingerprint, preview: true }, writing);
    expect(shown).toMatchObject({ written: false, files: [path], diff: expect.stringContaining('+') });
    expect(await value('apply_fix', { path, fingerprint: first?.fingerprint })).toMatchObject({ written: false });
    expect(readFileSync(join(folder, path), 'utf8')).toBe(before);
    expect(await value('apply_fix', { path, fingerprint: first?.fingerprint }, writing)).toMatchObject({
      written: true,
    });
    const after = findings(await value('review_file', { path, rules: ['sql-injection'] }));
    expect(after.map(({ fingerprint }) => fingerprint)).not.toContain(first?.fingerprint);
    expect(await error('apply_fix', { path, fingerprint: first?.fingerprint }, writing)).toMatchObject({
      code: 'not-found',
    });
    writeFileSync(join(folder, path), before);
  });

  test('a person who declines is the end of it', async () => {
    const path = 'src/routes/products.ts';
    const [first] = findings(await value('review_file', { path, rules: ['sql-injection'] }));
    const declining = hostOf({ write: async () => 'declined' });
    expect(await error('apply_fix', { path, fingerprint: first?.fingerprint }, declining)).toMatchObject({
      code: 'declined',
    });
  });

  test('a file that a fix makes is made, and never written over', async () => {
    const made = join(folder, 'db', 'made.sql');
    const writing = hostOf({ write: writtenBack });
    const change = {
      title: '',
      safety: 'suggestion',
      diff: '',
      files: [{ path: 'db/made.sql', after: 'SELECT 1;\n' }],
    } as const;
    expect(await writing.write?.(change)).toBe('written');
    expect(readFileSync(made, 'utf8')).toBe('SELECT 1;\n');
    expect(await writing.write?.(change)).toMatchObject({ message: expect.stringContaining('there by now') });
    await expect(writtenBack([{ path: made, text: '' }])).rejects.toThrow('there by now');
    expect(readFileSync(made, 'utf8')).toBe('SELECT 1;\n');
    rmSync(made);
  });

  test('an untrusted workspace is neither written nor run', async () => {
    const untrusted = hostOf({ trusted: false, write: async () => 'written' });
    expect(untrusted.write).toBeUndefined();
    const [migration] = ['migrations/20240304110000_create_orders.ts'];
    expect(await error('verify_migration', { path: migration }, untrusted)).toMatchObject({ code: 'not-trusted' });
  });
});

describe('what they should not be asked', () => {
  const taking = tools.filter(({ parameters }) => parameters.properties?.path);
  const fill = (name: string, path: unknown) => ({
    path,
    ...(name === 'review_text' ? { text: 'export {};' } : {}),
    ...(name === 'apply_fix' || name === 'explain_finding' ? { fingerprint: 'abcd1234' } : {}),
  });

  test.each([
    '../outside/secret.ts',
    '/etc/passwd',
    'src/../../outside/secret.ts',
    'src/link/secret.ts',
    'src/linked.ts',
  ])('a path that leads out: %s', async path => {
    for (const { name } of taking)
      expect([name, await error(name, fill(name, path))]).toEqual([
        name,
        { code: 'outside-workspace', message: expect.stringContaining(path), next: expect.any(String) },
      ]);
  });

  test('links that lead nowhere or in a circle, and names that no file has', async () => {
    for (const { name } of taking) {
      expect((await error(name, fill(name, 'src/dangling.ts'))).code).toBe('outside-workspace');
      expect((await error(name, fill(name, 'src/circle.ts'))).code).toBe('not-found');
      expect((await error(name, fill(name, `src/${'x'.repeat(500)}.ts`))).code).toBe('not-found');
    }
  });

  test('wrong types, unknown names, huge inputs: said by name, with what to do', async () => {
    const wrong: readonly (readonly [name: string, args: unknown, says: RegExp])[] = [
      ['review_file', undefined, /arguments are to be an object/],
      ['review_file', [], /are to be an object, and are a list/],
      ['review_file', {}, /"path" is missing/],
      ['review_file', { path: 7 }, /"path" is to be a text, and is 7/],
      ['review_file', { path: { a: 1 } }, /is an object/],
      ['review_file', { path: 'a\0b' }, /NUL/],
      ['review_file', { path: 'x'.repeat(5_000) }, /5,000 characters/],
      ['review_file', { path: 'src/app.ts', startLine: -1 }, /"startLine" is to be a whole number/],
      ['review_file', { path: 'src/app.ts', startLine: 1.5 }, /whole number/],
      ['review_file', { path: 'src/app.ts', rules: 'n-plus-one' }, /"rules" is to be a list/],
      ['review_file', { path: 'src/app.ts', rules: [1] }, /"rules\[0\]"/],
      ['review_file', { path: 'src/app.ts', rules: Array(200).fill('n-plus-one') }, /200 entries/],
      ['review_file', { path: 'src/app.ts', rules: ['n-plus-two'] }, /There is no rule "n-plus-two"/],
      ['review_file', { path: 'src/app.ts', pth: 'x' }, /no argument "pth"; did you mean "path"/],
      ['review_text', { path: 'a.ts', text: 'x'.repeat(3 << 20) }, /characters long/],
      ['list_findings', { level: 'fatal' }, /"level"/],
      ['list_findings', { __proto__: null, constructor: 1 }, /no argument "constructor"/],
      ['explain_finding', { path: 'src/app.ts' }, /Neither "fingerprint" nor "line"/],
      ['find_column_uses', { table: 'orders' }, /"column" is missing/],
    ];
    for (const [name, args, says] of wrong) {
      const answer = await error(name, args);
      expect(answer).toEqual({
        code: 'invalid-arguments',
        message: expect.stringMatching(says),
        next: expect.stringMatching(/\w/),
      });
      expect(JSON.stringify(answer).length).toBeLessThan(3_000);
    }
  });

  test('what cannot be read is no pass, whichever tool is asked: binary, huge, NUL, a folder, a file that went', async () => {
    writeFileSync(join(folder, 'src', 'binary.ts'), Buffer.from([0, 1, 2, 3, 0, 255, 254, 0, 7]));
    writeFileSync(join(folder, 'src', 'huge.ts'), 'const a = 1;\n'.repeat(4_000_000));
    writeFileSync(join(folder, 'src', 'nul.ts'), 'const a = 1;\0\nconst b = 2;\n');
    mkdirSync(join(folder, 'src', 'folder.ts'));
    writeFileSync(join(folder, 'src', 'gone.ts'), 'export {};\n');
    await value('review_file', { path: 'src/gone.ts' });
    rmSync(join(folder, 'src', 'gone.ts'));
    for (const { name } of taking) {
      const isMigrations = name === 'generate_down_migration' || name === 'verify_migration';
      if (name !== 'review_text')
        for (const file of ['src/binary.ts', 'src/huge.ts', 'src/nul.ts']) {
          const { code, next } = await error(name, fill(name, file));
          expect([name, file, code]).toEqual([
            name,
            file,
            isMigrations ? expect.stringMatching(/invalid-arguments|not-verifiable/) : 'nothing-covered',
          ]);
          expect(next).toMatch(/\w/);
        }
      expect([name, (await error(name, fill(name, 'src/folder.ts'))).code]).toEqual([
        name,
        name === 'list_findings' ? 'nothing-covered' : 'invalid-arguments',
      ]);
      if (name !== 'list_findings') expect((await error(name, fill(name, ''))).message).toBe('"path" is empty.');
      if (name !== 'review_text') expect((await error(name, fill(name, 'src/gone.ts'))).code).toBe('not-found');
    }
  });

  test('what may be left out may be empty', async () => {
    expect(await value('describe_schema', { relation: '' })).toHaveProperty('tables');
    expect(await value('describe_schema', { relation: null })).toHaveProperty('tables');
  });

  test('what is not there: the nearest name', async () => {
    expect(await error('review_file', { path: 'routes/products.ts' })).toMatchObject({
      code: 'not-found',
      next: expect.stringContaining('src/routes/products.ts'),
    });
    expect(await error('describe_schema', { relation: 'oders' })).toMatchObject({
      code: 'not-found',
      next: expect.stringContaining('Did you mean "orders"?'),
    });
    expect(await error('find_column_uses', { table: 'orders', column: 'statuss' })).toMatchObject({
      next: expect.stringContaining('Did you mean "status"?'),
    });
    expect(await error('generate_down_migration', { path: 'src/app.ts' })).toMatchObject({ code: 'invalid-arguments' });
  });

  test('silence is never taken for a pass: nothing looked at is an error', async () => {
    expect(await error('review_file', { path: 'notes.txt' })).toMatchObject({ code: 'nothing-covered' });
    mkdirSync(join(folder, 'empty'), { recursive: true });
    expect(await error('list_findings', { path: 'empty' })).toMatchObject({
      code: 'nothing-covered',
      next: expect.stringContaining('no pass'),
    });
    writeFileSync(join(folder, 'empty', 'nothing.ts'), '');
    writeFileSync(join(folder, 'empty', 'min.ts'), `${'a();'.repeat(4_000)}\n`);
    expect(await error('review_file', { path: 'empty/min.ts' })).toMatchObject({
      code: 'nothing-covered',
      message: expect.stringContaining('minified'),
    });
  });

  test('a raised signal stops a call', async () => {
    await expect(toolNamed('list_findings')?.call({}, host, AbortSignal.abort(new Error('stopped')))).rejects.toThrow(
      'stopped',
    );
  });
});

test('names, words and schemas are such that a model can use them', () => {
  for (const { name, title, description, parameters, changes } of tools) {
    expect(name).toMatch(/^[a-z]+(_[a-z]+)+$/);
    expect(title).not.toBe('');
    expect(description).toMatch(/\bUse it\b/);
    expect(description.length).toBeLessThan(900);
    expect(parameters).toMatchObject({ type: 'object', additionalProperties: false });
    for (const each of Object.values(parameters.properties ?? {})) expect(each.description).toMatch(/\w/);
    expect(changes).toBe(name === 'apply_fix');
  }
});
