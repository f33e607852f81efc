/** `check --changed-since` over real repositories, and `check -`: what counts as changed, and what is wrong usage. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { fileChangesIn } from '../../src/workspace/git/diff';
import { folderOf, run } from './fake';

const made: { dispose(): void }[] = [];
afterAll(() => {
  for (const each of made) each.dispose();
});

type Files = Readonly<Record<string, string>>;

function git(folder: string, ...args: string[]): string {
  return execFileSync(
    'git',
    ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', ...args],
    {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}
function write(folder: string, files: Files): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
function commit(folder: string, files: Files = {}): void {
  write(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-qm', 'a change');
}
function repository(files: Files): string {
  const at = folderOf({});
  made.push(at);
  git(at.folder, 'init', '-q', '-b', 'main');
  commit(at.folder, files);
  return at.folder;
}

/** `a.ts:3 error`, in the order of the report, and what is said beside. */
async function since(folder: string, ref: string, ...args: string[]) {
  const { status, out, err } = await run(['check', '--format', 'json', '--changed-since', ref, ...args], folder);
  if (status === 2) throw new Error(err);
  const { findings, notifications } = JSON.parse(out) as {
    findings: { file: string; line: number; level: string }[];
    notifications: { message: string }[];
  };
  return {
    status,
    found: findings.map(({ file, line, level }) => `${file}:${line} ${level}`),
    said: notifications.map(({ message }) => message),
  };
}

describe('what counts as changed', () => {
  test('lines that were changed, not those around them: committed, not committed, staged and untracked', async () => {
    const folder = repository({ 'a.ts': '@error old\nplain\nplain\n', 'b.ts': '@warning b\n', 'c.ts': 'plain\n' });
    git(folder, 'checkout', '-qb', 'feature');
    commit(folder, { 'a.ts': '@error old\nplain\n@error committed\n' });
    expect(await since(folder, 'main')).toEqual({
      status: 1,
      found: ['a.ts:3 error'],
      said: ['1 finding in code that did not change since main is left out'],
    });
    write(folder, {
      'a.ts': '@error old\n@warning edited\n@error committed\n',
      'new/d.ts': '@info new\n',
      'c.ts': '@info staged\n',
    });
    git(folder, 'add', 'c.ts');
    expect((await since(folder, 'main')).found).toEqual([
      'a.ts:2 warning',
      'a.ts:3 error',
      'c.ts:1 info',
      'new/d.ts:1 info',
    ]);
    expect((await since(folder, 'HEAD')).found).toEqual(['a.ts:2 warning', 'c.ts:1 info', 'new/d.ts:1 info']);
  });

  test('lines that only moved are no change; a finding that was not there before is one', async () => {
    const folder = repository({ 'a.ts': '@error old\nplain\n' });
    write(folder, { 'a.ts': 'plain\nplain\nplain\n@error old\nplain\n' });
    // git calls the lines above new; the finding is the one from before
    expect((await since(folder, 'HEAD')).found).toEqual([]);
  });

  test('what was taken out of a marked stretch touches it', () => {
    const [change] = fileChangesIn(
      'diff --git a/x.ts b/x.ts\n--- a/x.ts\n+++ b/x.ts\n@@ -4,2 +3,0 @@\n---- a/old\n--- b/old\n@@ -9 +7,2 @@ function\n-x\n+++ b/y\n+z\n',
    );
    expect(change).toEqual({ path: 'x.ts', lines: [{ first: 7, last: 8 }], cuts: [3] });
  });

  test('main that went on is no change of ours; a file that was renamed is known by its lines', async () => {
    const folder = repository({ 'a.ts': '@error a\nplain\nplain\nplain\n', 'b.ts': 'plain\n' });
    git(folder, 'checkout', '-qb', 'feature');
    commit(folder, { 'b.ts': '@warning b\n' });
    git(folder, 'checkout', '-q', 'main');
    commit(folder, { 'a.ts': 'plain\nplain\nplain\nplain\n' });
    git(folder, 'checkout', '-q', 'feature');
    expect((await since(folder, 'main')).found).toEqual(['b.ts:1 warning']);
    renameSync(join(folder, 'a.ts'), join(folder, 'renamed.ts'));
    git(folder, 'add', '-A');
    expect((await since(folder, 'HEAD')).found).toEqual([]);
    unlinkSync(join(folder, 'renamed.ts'));
    expect((await since(folder, 'HEAD')).found).toEqual([]);
  });

  test('within the given paths, and without what a run leaves out; what is named itself is reviewed', async () => {
    const folder = repository({
      'a/x.ts': '',
      'b/x.ts': '',
      '.gitignore': 'out/\n',
      'backend-reviewer.json': '{ "exclude": ["gen/**"] }',
    });
    write(folder, {
      'a/x.ts': '@error a\n',
      'b/x.ts': '@error b\n',
      'out/x.ts': '@error out\n',
      'gen/x.ts': '@error gen\n',
      'c.md': '@error',
    });
    expect((await since(folder, 'HEAD')).found).toEqual(['a/x.ts:1 error', 'b/x.ts:1 error']);
    expect((await since(folder, 'HEAD', 'b')).found).toEqual(['b/x.ts:1 error']);
    expect((await since(folder, 'HEAD', 'gen/x.ts')).found).toEqual(['gen/x.ts:1 error']);
    const below = await run(['check', '--format', 'json', '--changed-since', 'HEAD'], join(folder, 'a'));
    expect(JSON.parse(below.out).findings).toMatchObject([{ file: 'x.ts' }]);
  });

  test('names with spaces, quotes, umlauts and what looks like a pattern', async () => {
    const names = ['a b.ts', 'ü.ts', '"q".ts', '[id].ts', 'tab\t.ts', '-x.ts'];
    const folder = repository(Object.fromEntries(names.map(name => [name, 'plain\n'])));
    write(folder, Object.fromEntries(names.map(name => [name, `@error ${name.length}\n`])));
    expect((await since(folder, 'HEAD')).found.length).toBe(names.length);
    expect((await since(folder, 'HEAD', '[id].ts')).found).toEqual(['[id].ts:1 error']);
  });

  test('nothing that changed is said, and is no failure', async () => {
    const folder = repository({ 'a.ts': '@error a\n' });
    expect(await since(folder, 'HEAD')).toEqual({
      status: 0,
      found: [],
      said: ['nothing that is reviewed has changed since HEAD'],
    });
  });

  test('by way of a link to the repository', async () => {
    const folder = repository({ 'src/a.ts': 'plain\n' });
    write(folder, { 'src/a.ts': '@error a\n' });
    const link = `${folder}-link`;
    symlinkSync(folder, link);
    made.push({ dispose: () => rmSync(link) });
    expect((await since(folder, 'HEAD', join(link, 'src'))).found).toHaveLength(1);
  });
});

describe('wrong usage', () => {
  const usage = async (folder: string, words: readonly string[]) => {
    const { status, out, err } = await run(words, folder);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    return err;
  };

  test('no repository, an unknown reference, a path that is not there', async () => {
    const plain = folderOf({ 'a.ts': '' });
    made.push(plain);
    expect(await usage(plain.folder, ['check', '--changed-since', 'HEAD'])).toMatch(
      /^backend-reviewer: --changed-since needs git, and .* lies in no git repository\n$/,
    );
    const folder = repository({ 'a.ts': '' });
    for (const ref of ['nothing', 'HEAD~7', '--output=x', 'main:a.ts'])
      expect(await usage(folder, ['check', `--changed-since=${ref}`])).toContain(
        `--changed-since ${ref}: there is no such commit, branch or tag`,
      );
    expect(await usage(folder, ['check', '--changed-since', 'HEAD', 'nowhere'])).toContain('nowhere does not exist');
    expect(await usage(folder, ['check', '--changed-since'])).toContain('--changed-since needs a value');
  });

  test('- and --stdin-filename belong together, and stand alone', async () => {
    const folder = repository({ 'a.ts': '' });
    expect(await usage(folder, ['check', '-'])).toContain('--stdin-filename PATH');
    expect(await usage(folder, ['check', '--stdin-filename', 'a.ts'])).toContain('add - to read it');
    expect(await usage(folder, ['check', '-', 'a.ts', '--stdin-filename', 'a.ts'])).toContain(
      'together with other paths',
    );
    expect(await usage(folder, ['check', '-', '--stdin-filename', 'a.ts', '--changed-since', 'HEAD'])).toContain(
      'whole',
    );
  });
});

describe('check -', () => {
  const checked = async (input: string | Uint8Array, ...args: string[]) => {
    const at = folderOf({ 'a.ts': '@error on disk\n', 'backend-reviewer.json': '{ "failLevel": "error" }' });
    made.push(at);
    return run(['check', '-', '--format', 'json', ...args], at.folder, { input });
  };

  test('the text stands for the file, which need not be there', async () => {
    const { status, out } = await checked('plain\n@warning in the text\n', '--stdin-filename', 'a.ts');
    expect(status).toBe(0); // by the configuration of the file that it would be
    expect(JSON.parse(out).findings).toMatchObject([{ file: 'a.ts', line: 2, level: 'warning' }]);
    const fresh = await checked('@error new\n', '--stdin-filename', 'new/file.ts');
    expect(fresh.status).toBe(1);
    expect(JSON.parse(fresh.out).findings).toMatchObject([{ file: 'new/file.ts', line: 1 }]);
    expect((await checked('', '--stdin-filename', 'a.ts')).status).toBe(0);
  });

  test('what is no text is wrong usage', async () => {
    const { status, err } = await checked(Uint8Array.of(0, 1, 2, 3, 0, 0, 9), '--stdin-filename', 'a.ts');
    expect({ status, err }).toMatchObject({
      status: 2,
      err: expect.stringContaining('standard input is not reviewed: binary'),
    });
  });
});
