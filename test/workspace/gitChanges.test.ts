/** What a change is, asked of a real git, and read from its diffs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { fileChangesIn } from '../../src/workspace/git/diff';
import { gitChanges } from '../../src/workspace/git/gitChanges';

const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function repository() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'backend-reviewer-git-')));
  made.push(folder);
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...words], {
      cwd: folder,
      stdio: 'pipe',
    });
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  const commit = (subject: string) => {
    git('add', '-A');
    git('commit', '-qm', subject);
  };
  return { folder, git, write, commit };
}

test('lines that are not committed, and files that git does not know', async () => {
  const { folder, git, write, commit } = repository();
  git('init', '-q', '-b', 'main');
  write('src/a.ts', 'one\ntwo\nthree\nfour\n');
  write('src/gone.ts', 'x\n');
  write('.gitignore', 'dist\n');
  commit('first');
  expect(await gitChanges(folder)).toEqual({ against: 'HEAD', files: [] });
  write('src/a.ts', 'one\n2\nthree\nfour\nfive\nsix\n');
  write('src/new file.ts', 'y\n');
  write('dist/out.js', 'z\n');
  rmSync(join(folder, 'src/gone.ts'));
  expect(await gitChanges(folder)).toEqual({
    against: 'HEAD',
    files: [
      {
        file: 'src/a.ts',
        lines: [
          [2, 2],
          [5, 6],
        ],
      },
      { file: 'src/new file.ts', lines: 'all' },
    ],
  });
  // names are of the folder that is asked about
  expect(await gitChanges(join(folder, 'src'))).toMatchObject({ files: [{ file: 'a.ts' }, { file: 'new file.ts' }] });
});

test('a branch that is committed is compared with the main one', async () => {
  const { folder, git, write, commit } = repository();
  git('init', '-q', '-b', 'main');
  write('a.ts', 'one\n');
  commit('first');
  git('checkout', '-qb', 'feature');
  write('a.ts', 'one\ntwo\n');
  commit('second');
  expect(await gitChanges(folder)).toEqual({ against: 'main', files: [{ file: 'a.ts', lines: [[2, 2]] }] });
});

test('a folder without git, and one without a commit, say so', async () => {
  const { folder, git } = repository();
  expect(await gitChanges(folder)).toEqual({ because: 'this is no git repository' });
  git('init', '-q');
  expect(await gitChanges(folder)).toEqual({ because: 'nothing was committed yet' });
});

test('what a repository configures is not run', async () => {
  const { folder, git, write, commit } = repository();
  git('init', '-q', '-b', 'main');
  write('a.ts', 'one\n');
  write('.gitattributes', '*.ts diff=evil\n');
  commit('first');
  const mark = join(folder, 'ran');
  for (const key of ['diff.external', 'diff.evil.command', 'diff.evil.textconv', 'core.fsmonitor'])
    git('config', key, `sh -c 'touch ${mark}' --`);
  write('a.ts', 'two\n');
  expect(await gitChanges(folder)).toMatchObject({ files: [{ file: 'a.ts' }] });
  expect(() => execFileSync('ls', [mark], { stdio: 'pipe' })).toThrow();
});

test('a line that looks like the head of a file is a line', () => {
  const diff = [
    'diff --git a/a.sql b/a.sql',
    '--- a/a.sql',
    '+++ b/a.sql',
    '@@ -1,2 +1,2 @@',
    '--- old comment',
    '-select 1',
    '+++ b/etc/passwd',
    '+select 2',
    '@@ -9,2 +8,0 @@',
    '-gone',
    '-gone',
    '',
  ].join('\n');
  expect(fileChangesIn(diff)).toEqual([{ path: 'a.sql', lines: [{ first: 1, last: 2 }], cuts: [8] }]);
});

test('that a file ends without a newline is no line of it', () => {
  const unended = '\\ No newline at end of file';
  const diff = [
    'diff --git a/a.sql b/a.sql',
    '--- a/a.sql',
    '+++ b/a.sql',
    '@@ -1 +1,2 @@',
    '-select 1',
    unended,
    '+select 2',
    '+++ b/etc/passwd',
    unended,
    '',
  ].join('\n');
  expect(fileChangesIn(diff)).toEqual([{ path: 'a.sql', lines: [{ first: 1, last: 2 }], cuts: [] }]);
});

test('lines that were taken away, however the repository has diffs written', async () => {
  const { folder, git, write, commit } = repository();
  git('init', '-q', '-b', 'main');
  for (const [key, value] of [
    ['diff.noprefix', 'true'],
    ['diff.mnemonicPrefix', 'true'],
    ['diff.interHunkContext', '9'],
  ] as const)
    git('config', key, value);
  write('ä "q".ts', 'one\ntwo\nthree\nfour\nfive\n');
  commit('first');
  write('ä "q".ts', 'one\nthree\nfour\n5\n');
  expect(await gitChanges(folder)).toEqual({
    against: 'HEAD',
    files: [
      {
        file: 'ä "q".ts',
        lines: [
          [1, 2],
          [4, 4],
        ],
      },
    ],
  });
});
