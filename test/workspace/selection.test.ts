import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { configurationFiles } from '../../src/workspace/configurationFiles';
import { nodeFiles } from '../../src/workspace/fileAccess';
import { selectFiles, selectionRules, skippedInWords } from '../../src/workspace/selection';
import { UsageError } from '../../src/workspace/usageError';
import { folderOf } from '../cli/fake';

const made: (() => void)[] = [];
afterEach(() => {
  for (const dispose of made.splice(0)) dispose();
});

function folder(files: Record<string, string>): string {
  const { folder: at, dispose } = folderOf(files);
  made.push(dispose);
  return at;
}

const options = () => ({
  files: nodeFiles,
  configurations: configurationFiles({ files: nodeFiles, knownRules: [] }),
  isReviewable: (path: string) => /\.(?:ts|sql)$/.test(path),
});

async function select(files: Record<string, string>, paths: string[] = ['.']) {
  const root = folder({ '.git/HEAD': '', ...files });
  const selection = await selectFiles(
    paths.map(path => (path === '.' ? root : join(root, path))),
    options(),
  );
  return {
    files: selection.files.map(({ path }) => path.slice(root.length + 1)),
    skipped: selection.skipped.filter(({ reason }) => reason !== 'called .git').map(one => skippedInWords([one])),
    roots: [...new Set(selection.files.map(one => one.root))].map(one => one.slice(root.length)),
  };
}

describe('below a folder', () => {
  test('what can be reviewed, by name', async () => {
    const { files, skipped } = await select({ 'b.ts': '', 'a/z.sql': '', 'a/b.md': '', 'a.ts': '', 'pic.png': '' });
    expect(files).toEqual(['a/z.sql', 'a.ts', 'b.ts']);
    expect(skipped).toEqual([]);
  });

  test('node_modules and .git are left out, and counted', async () => {
    const { files, skipped } = await select({ 'a.ts': '', 'node_modules/x/a.ts': '', 'p/node_modules/y/a.ts': '' });
    expect(files).toEqual(['a.ts']);
    expect(skipped).toEqual(['2 folders called node_modules']);
  });

  test('code in other languages is counted: silence about it is no pass', async () => {
    const { skipped } = await select({ 'a.py': '', 'b.py': '', 'c.go': '' });
    expect(skipped).toEqual([
      '2 files in Python, which is not reviewed yet',
      '1 file in Go, which is not reviewed yet',
    ]);
  });

  const ignoring: [string, Record<string, string>, string[], string[]][] = [
    [
      'a folder',
      { '.gitignore': 'dist/\n', 'dist/a.ts': '', 'dist/b.ts': '', 'a.ts': '' },
      ['a.ts'],
      ['1 folder ignored by .gitignore'],
    ],
    [
      'files by pattern',
      { '.gitignore': '*.gen.ts', 'a.gen.ts': '', 'p/b.gen.ts': '', 'a.ts': '' },
      ['a.ts'],
      ['2 files ignored by .gitignore'],
    ],
    [
      'from the root only',
      { '.gitignore': '/a.ts', 'a.ts': '', 'p/a.ts': '' },
      ['p/a.ts'],
      ['1 file ignored by .gitignore'],
    ],
    [
      'a nested .gitignore',
      { 'p/.gitignore': 'a.ts', 'p/a.ts': '', 'p/q/a.ts': '', 'a.ts': '' },
      ['a.ts'],
      ['2 files ignored by .gitignore'],
    ],
    [
      'a nested one that takes back',
      { '.gitignore': '*.gen.ts', 'p/.gitignore': '!a.gen.ts', 'p/a.gen.ts': '', 'p/b.gen.ts': '' },
      ['p/a.gen.ts'],
      ['1 file ignored by .gitignore'],
    ],
    ['case counts', { '.gitignore': 'A.ts', 'a.ts': '' }, ['a.ts'], []],
  ];
  test.each(ignoring)('.gitignore: %s', async (_, tree, files, skipped) => {
    expect(await select(tree)).toMatchObject({ files, skipped });
  });

  test('a .gitignore above the given folder counts', async () => {
    const { files } = await select({ '.gitignore': 'gen/', 'p/gen/a.ts': '', 'p/a.ts': '' }, ['p']);
    expect(files).toEqual(['p/a.ts']);
  });

  const excluding: [string, Record<string, string>, string[], string[]][] = [
    [
      'exclude',
      { 'backend-reviewer.json': '{ "exclude": ["gen", "**/*.x.ts"] }', 'gen/a.ts': '', 'b.x.ts': '', 'c.ts': '' },
      ['c.ts'],
      ['2 files excluded by backend-reviewer.json'],
    ],
    [
      'include',
      { 'backend-reviewer.json': '{ "include": ["src"] }', 'src/a.ts': '', 'b.ts': '' },
      ['src/a.ts'],
      ['1 file not included by backend-reviewer.json'],
    ],
    [
      'both',
      { 'backend-reviewer.json': '{ "include": ["src"], "exclude": ["src/gen"] }', 'src/a.ts': '', 'src/gen/b.ts': '' },
      ['src/a.ts'],
      ['1 file excluded by backend-reviewer.json'],
    ],
    [
      'the nearest configuration alone',
      { 'backend-reviewer.json': '{ "exclude": ["p"] }', 'p/backend-reviewer.json': '{}', 'p/a.ts': '' },
      ['p/a.ts'],
      [],
    ],
  ];
  test.each(excluding)('%s', async (_, tree, files, skipped) => {
    expect(await select(tree)).toMatchObject({ files, skipped });
  });

  test('links are not followed, so circles end', async () => {
    const root = folder({ '.git/HEAD': '', 'p/a.ts': '' });
    symlinkSync('..', join(root, 'p', 'up'));
    symlinkSync('self', join(root, 'self'));
    symlinkSync('p/a.ts', join(root, 'b.ts'));
    const { files, skipped } = await selectFiles([root], options());
    expect(files.map(({ path }) => path)).toEqual([join(root, 'p/a.ts')]);
    expect(skippedInWords(skipped)).toBe('1 folder called .git and 3 links not followed');
  });
});

describe('what is named itself is always reviewed', () => {
  const tree = {
    '.gitignore': 'dist/\nsecret.ts\n',
    'backend-reviewer.json': '{ "exclude": ["gen"] }',
    'node_modules/x/a.ts': '',
    'node_modules/x/node_modules/y/b.ts': '',
    'dist/a.ts': '',
    'dist/deep/secret.ts': '',
    'secret.ts': '',
    'gen/a.ts': '',
    'notes.md': '',
  };
  test.each([
    ['an ignored file', ['secret.ts'], ['secret.ts']],
    ['an excluded file', ['gen/a.ts'], ['gen/a.ts']],
    ['a file in node_modules', ['node_modules/x/a.ts'], ['node_modules/x/a.ts']],
    ['a file of any kind', ['notes.md'], ['notes.md']],
    ['an ignored folder, whose files are not ignored for its sake', ['dist'], ['dist/a.ts', 'dist/deep/secret.ts']],
    ['a folder in node_modules, without those below it', ['node_modules/x'], ['node_modules/x/a.ts']],
    ['node_modules', ['node_modules'], ['node_modules/x/a.ts']],
    ['each once', ['secret.ts', '.', 'secret.ts'], ['secret.ts']],
  ])('%s', async (_, paths, files) => {
    expect((await select(tree, paths)).files).toEqual(files);
  });
});

describe('projects', () => {
  test('are those of the paths given', async () => {
    const root = folder({ 'a/package.json': '{}', 'a/src/x.ts': '', 'b/package.json': '{}', 'b/y.ts': '' });
    const { files } = await selectFiles([join(root, 'a/src'), join(root, 'b/y.ts')], options());
    expect(files).toEqual([
      { path: join(root, 'a/src/x.ts'), root: join(root, 'a') },
      { path: join(root, 'b/y.ts'), root: join(root, 'b') },
    ]);
  });
});

test.each([['nowhere'], ['a.ts/b']])('%s does not exist', async path => {
  const root = folder({ 'a.ts': '' });
  const selecting = selectFiles([join(root, path)], options());
  await expect(selecting).rejects.toThrow(UsageError);
  await expect(selecting).rejects.toThrow(/does not exist/);
});

test('links in a circle are said to be that', async () => {
  const root = folder({});
  symlinkSync('circle', join(root, 'circle'));
  await expect(selectFiles([join(root, 'circle')], options())).rejects.toThrow(
    /circle cannot be read: its symbolic links lead in a circle/,
  );
});

test('a raised signal ends the walk', async () => {
  const root = folder({ 'a.ts': '' });
  await expect(selectFiles([root], { ...options(), signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
    'enough',
  );
});

test('an editor asks about one file, and walks nothing', () => {
  const root = folder({ 'backend-reviewer.json': '{ "exclude": ["gen"] }' });
  const keepsOut = selectionRules(options().configurations);
  expect(keepsOut(join(root, 'gen/a.ts'))).toBe('excluded by backend-reviewer.json');
  expect(keepsOut(join(root, 'a.ts'))).toBeUndefined();
});
