import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { type FakeRun, folderOf, run } from './fake';

const made: (() => void)[] = [];
afterEach(() => {
  for (const dispose of made.splice(0)) dispose();
});

function folder(files: Record<string, string | Uint8Array>): string {
  const { folder: at, dispose } = folderOf({ '.git/HEAD': '', ...files });
  made.push(dispose);
  return at;
}

const check = (at: string, line = ''): Promise<FakeRun> => run(['check', ...line.split(' ').filter(Boolean)], at);

describe('exit status', () => {
  test.each([
    ['nothing found', 'fine', '', 0],
    ['an error', '@error a', '', 1],
    ['a warning', '@warning a', '', 1],
    ['information only', '@info a', '', 0],
    ['a warning below the fail level', '@warning a', '--fail-level error', 0],
    ['an error at it', '@error a', '--fail-level error', 1],
    ['information at it', '@info a', '--fail-level info', 1],
    ['a rule that was not asked for', '@error a', '--rule n-plus-one', 0],
    ['one of two that were', '@error a', '--rule n-plus-one --rule sql-injection', 1],
    ['a file that could not be parsed', '@broken', '', 0],
    ['a file that failed', '@crash', '', 0],
    ['a binary file', '\0\0\u0001', '', 0],
  ])('%s', async (_, text, line, status) => {
    expect((await check(folder({ 'a.ts': text }), line)).status).toBe(status);
  });

  test.each([
    ['a path that is not there', 'nowhere', /nowhere does not exist/],
    ['an unknown rule', '--rule n-plus-two', 'there is no rule "n-plus-two"; did you mean "n-plus-one"?'],
    [
      'a baseline that is not there',
      '--baseline gone.sarif',
      /the baseline .*gone\.sarif cannot be read: there is no such file or folder/,
    ],
    [
      'a baseline that is no SARIF',
      '--baseline package.json',
      /package\.json cannot be read: it is no SARIF log: it has no "runs"/,
    ],
    [
      'an output in no folder',
      '--output no/where.txt',
      '--output no/where.txt cannot be written: there is no such file or folder',
    ],
    ['an output that is a folder', '--output sub', '--output sub cannot be written: it is a folder'],
    ['a fingerprint that no finding has', '--explain feedbeef', 'no finding is known as "feedbeef"'],
    ['a wrong option', '--frmat json', 'there is no option --frmat; did you mean --format?'],
  ])('2 for %s, with one sentence on standard error', async (_, line, message) => {
    const at = folder({ 'a.ts': '@error a', 'package.json': '{}', 'sub/b.ts': '' });
    const { status, out, err } = await check(at, line);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err).toMatch(/^backend-reviewer: .*\n$/);
  });

  test('2 for a configuration that is no JSON, and for an extends that is not there', async () => {
    const broken = await check(folder({ 'a.ts': '', 'backend-reviewer.json': '{ "rules": ' }));
    expect(broken).toMatchObject({
      status: 2,
      err: expect.stringMatching(/backend-reviewer\.json:1:\d+: this is not JSON/),
    });
    const lost = await check(folder({ 'a.ts': '', 'backend-reviewer.json': '{ "extends": "gone.json" }' }));
    expect(lost).toMatchObject({ status: 2, err: expect.stringContaining('gone.json') });
  });

  test('2 for a failure of the whole run, which tells where', async () => {
    const { status, err } = await run(
      ['check'],
      folder({ 'a.ts': '@' }),
      {},
      {
        createReviewer: () => {
          throw new Error('no parser');
        },
      },
    );
    expect(status).toBe(2);
    expect(err).toMatch(/the run failed; this is a fault in Backend Reviewer\nError: no parser\n {4}at /);
  });

  test("each finding counts against its own file's fail level", async () => {
    const at = folder({ 'a.ts': '@warning a', 'backend-reviewer.json': '{ "failLevel": "error" }' });
    expect((await check(at)).status).toBe(0);
    expect((await check(at, '--fail-level warning')).status).toBe(1);
  });
});

describe('the other commands', () => {
  test('mcp serves, for folders that are there', async () => {
    const at = folder({ 'shop/a.ts': '', 'b.ts': '' });
    expect(await run(['mcp', '--workspace', 'shop'], at)).toMatchObject({ status: 0, err: `serving ${at}/shop` });
    expect(await run(['mcp'], at)).toMatchObject({ status: 0, err: 'serving ' });
    for (const [name, says] of [
      ['nowhere', 'there is no such folder'],
      ['b.ts', 'it is no folder'],
    ] as const)
      expect(await run(['mcp', '--workspace', name], at)).toMatchObject({
        status: 2,
        err: `backend-reviewer: --workspace ${name}: ${says}\n`,
      });
  });

  test('--version, --help and lsp', async () => {
    const at = folder({});
    expect(await run(['--version'], at)).toEqual({ status: 0, out: '1.2.3\n', err: '' });
    expect((await run(['lsp', '--stdio'], at)).err).toBe('serving');
    for (const words of [['--help'], ['check', '--help']]) {
      const { status, out } = await run(words, at);
      expect(status).toBe(0);
      expect(out).toMatch(/Usage[\s\S]*Examples[\s\S]*backend-reviewer check/);
      expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(120);
    }
  });

  test('the help of check names every option', async () => {
    const { out } = await run(['check', '--help'], folder({}));
    for (const option of ['format', 'output', 'rule', 'fail-level', 'baseline', 'explain'])
      expect(out).toContain(`--${option} `);
  });
});

describe('--output', () => {
  test('takes the report, and standard output stays empty', async () => {
    const at = folder({ 'a.ts': '@error a' });
    const { status, out, err } = await check(at, '--format json --output out.json');
    expect({ status, out, err }).toEqual({ status: 1, out: '', err: '1 finding (1 error). Written to out.json.\n' });
    expect(JSON.parse(readFileSync(join(at, 'out.json'), 'utf8')).findings).toHaveLength(1);
  });

  test('never takes colours', async () => {
    const at = folder({ 'a.ts': '@error a' });
    await run(['check', '--output', 'out.txt'], at, { isTerminal: true, environment: { FORCE_COLOR: '1' } });
    expect(readFileSync(join(at, 'out.txt'), 'utf8')).not.toContain('\u001b');
  });

  test('is not written when the run fails', async () => {
    const at = folder({ 'a.ts': '@error a' });
    await check(at, '--output out.txt nowhere');
    expect(existsSync(join(at, 'out.txt'))).toBe(false);
  });
});

describe('a baseline', () => {
  test('takes what it holds out of the verdict, and keeps the rest', async () => {
    const at = folder({ 'a.ts': '@error a' });
    await check(at, '--format sarif --output base.sarif');
    writeFileSync(join(at, 'a.ts'), '\n\n@error a');
    expect((await check(at, '--baseline base.sarif')).status).toBe(0);
    writeFileSync(join(at, 'a.ts'), '@error a @error a');
    const later = await check(at, '--baseline base.sarif');
    expect(later.status).toBe(1);
    expect(later.out).toContain('1 finding of the baseline not shown');
    const { runs } = JSON.parse((await check(at, '--baseline base.sarif --format sarif')).out);
    expect(runs[0].results.map((one: { baselineState: string }) => one.baselineState)).toEqual(['unchanged', 'new']);
  });

  test('of another tool is said to hold nothing of ours', async () => {
    const at = folder({ 'a.ts': '@error a', 'other.sarif': '{"version":"2.1.0","runs":[]}' });
    const { status, out } = await check(at, '--baseline other.sarif');
    expect(status).toBe(1);
    expect(out).toContain('other.sarif: this baseline holds no finding of Backend Reviewer');
  });
});

describe('--explain', () => {
  const files = { 'src/a.ts': 'loop\n  @error alpha;\n', 'src/b.ts': '@warning beta' };
  const printOf = async (at: string) => JSON.parse((await check(at, '--format json')).out).findings[0].fingerprint;

  test('tells the whole story of one finding', async () => {
    const at = folder(files);
    const { out, status } = await check(at, `--explain ${await printOf(at)}`);
    expect(status).toBe(1);
    expect(out).toContain('alpha does something.');
    expect(out).toContain('Production will feel it.');
    expect(out).toContain('1. repeats here  src/a.ts:1:1');
    expect(out).toContain('Remove alpha (safe)');
    expect(out).toMatch(/-\s+@error alpha;\n\s+\+\s+@error gone;/);
    expect(out).toContain('backend-reviewer-ignore-next-line sql-injection -- reason');
    expect(out).not.toContain('beta');
  });

  test('takes the first digits', async () => {
    const at = folder(files);
    expect((await check(at, `--explain ${(await printOf(at)).slice(0, 6)}`)).out).toContain('alpha');
  });

  test('in another format it is that finding alone', async () => {
    const at = folder(files);
    const { out } = await check(at, `--format json --explain ${await printOf(at)}`);
    expect(JSON.parse(out).findings).toHaveLength(1);
  });

  test('asks which one when several begin so', async () => {
    const at = folder(files);
    const findings: { fingerprint: string }[] = JSON.parse((await check(at, '--format json')).out).findings;
    const { status, err } = await run(['check', '--explain', ' '], at);
    expect(status).toBe(2);
    expect(err).toContain('no finding is known as');
    const same = folder({ 'a.ts': '@error a @error a' });
    const [first] = JSON.parse((await check(same, '--format json')).out).findings;
    expect((await check(same, `--explain ${first.fingerprint}:2`)).out).toContain(`${first.fingerprint}:2`);
    expect(findings).toHaveLength(2);
  });
});

describe('which files', () => {
  test('the current folder, and names relative to it', async () => {
    const at = folder({ 'p/a.ts': '@error a', 'b.ts': '@error b' });
    const names = async (words: string[], current: string) =>
      JSON.parse((await run(['check', '--format', 'json', ...words], current)).out).findings.map(
        (one: { file: string }) => one.file,
      );
    expect(await names([], at)).toEqual(['b.ts', 'p/a.ts']);
    expect(await names([], join(at, 'p'))).toEqual(['a.ts']);
    expect(await names(['..'], join(at, 'p'))).toEqual([join(at, 'b.ts'), 'a.ts']);
    expect(await names(['p/', './b.ts'], at)).toEqual(['p/a.ts', 'b.ts']);
  });

  test('the same verdict from anywhere', async () => {
    const at = folder({ 'p/a.ts': '@error a' });
    const elsewhere = folder({});
    const { out, status } = await run(['check', '--format', 'sarif', join(at, 'p')], elsewhere);
    expect(status).toBe(1);
    expect(JSON.parse(out).runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
      pathToFileURL(join(at, 'p/a.ts')).href,
    );
  });
});

test('progress is shown on a terminal only, and wiped away', async () => {
  const at = folder({ 'a.ts': '@error a' });
  expect((await check(at)).err).toBe('');
  const { err } = await run(['check'], at, { isTerminal: true });
  expect(err === '' || err.endsWith('\r\u001b[2K')).toBe(true);
});
