import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { ConfigurationError } from '../../src/engine/configuration';
import type { Reviewer } from '../../src/workspace/reviewer';
import { type RunDependencies, type RunOptions, type RunProgress, reviewPaths } from '../../src/workspace/run';
import { fakeReview, folderOf } from '../cli/fake';

const made: (() => void)[] = [];
afterEach(() => {
  for (const dispose of made.splice(0)) dispose();
});

function folder(files: Record<string, string | Uint8Array>): string {
  const { folder: at, dispose } = folderOf({ '.git/HEAD': '', ...files });
  made.push(dispose);
  return at;
}

const review = (root: string, options: RunOptions = {}, dependencies: Partial<RunDependencies> = {}) =>
  reviewPaths([root], options, { ...fakeReview(), ...dependencies });

describe('findings', () => {
  test('come by file, with lines, columns and the texts they lie in', async () => {
    const root = folder({ 'b.ts': 'x @warning beta', 'a.ts': 'loop\r\n  @error alpha' });
    const { findings, sources, projects } = await review(root);
    expect(findings.map(({ rule, at }) => [rule, at.path, at.start, at.end])).toEqual([
      ['sql-injection', join(root, 'a.ts'), { line: 2, column: 10 }, { line: 2, column: 15 }],
      ['n-plus-one', join(root, 'b.ts'), { line: 1, column: 12 }, { line: 1, column: 16 }],
    ]);
    expect(findings[0]?.related[0]).toMatchObject({ at: { start: { line: 1, column: 1 } }, message: 'repeats here' });
    expect(findings[0]?.fixes[0]?.edits[0]?.at).toMatchObject({
      path: join(root, 'a.ts'),
      offsets: { start: 15, end: 20 },
    });
    expect(sources.get(join(root, 'b.ts'))?.text).toBe('x @warning beta');
    expect(projects).toEqual([root]);
  });

  test('columns do not count a byte order mark', async () => {
    const root = folder({ 'a.ts': '\uFEFF@error alpha' });
    expect((await review(root)).findings[0]?.at.start).toEqual({ line: 1, column: 8 });
  });

  test('columns fit what UTF-16 decodes to', async () => {
    const root = folder({ 'a.ts': new Uint8Array(Buffer.from('\uFEFFé\n @error alpha', 'utf16le')) });
    expect((await review(root)).findings[0]?.at.start).toEqual({ line: 2, column: 9 });
  });

  test("count against their own file's fail level", async () => {
    const root = folder({
      'a.ts': '@warning a',
      'p/backend-reviewer.json': '{ "failLevel": "error" }',
      'p/b.ts': '@warning b',
    });
    expect((await review(root)).findings.map(({ failLevel }) => failLevel)).toEqual(['warning', 'error']);
  });

  test('are told from those of the baseline', async () => {
    const root = folder({ 'a.ts': '@warning a' });
    const before = await review(root);
    expect(before.findings[0]?.baselineState).toBeUndefined();
    writeFileSync(join(root, 'a.ts'), '\n@warning a @warning b');
    const baseline = new Set(before.findings.map(({ fingerprint }) => fingerprint));
    expect((await review(root, { baseline })).findings.map(one => one.baselineState)).toEqual(['unchanged', 'new']);
  });

  test('are those of the rules asked for', async () => {
    const root = folder({ 'a.ts': '@warning a @error b' });
    const { findings } = await review(root, { rules: new Set(['sql-injection']) });
    expect(findings.map(({ rule }) => rule)).toEqual(['sql-injection']);
  });
});

describe('coverage', () => {
  test('says what was reviewed, what held nothing, and what was left out', async () => {
    const root = folder({
      'a.ts': '@warning a',
      'b.ts': 'nothing',
      'c.ts': '@broken',
      'd.ts': '',
      'e.ts': new Uint8Array([0, 1, 2]),
      'f.ts': new Uint8Array([0, 1, 2]),
      'node_modules/x.ts': '',
      '.gitignore': 'g.ts',
      'g.ts': '',
    });
    const { coverage, notifications } = await review(root);
    expect(coverage).toEqual({
      reviewed: 2,
      nothingToReview: 1,
      partlyParsed: 1,
      skipped: [
        { reason: 'called .git', count: 1, what: 'folder' },
        { reason: 'ignored by .gitignore', count: 1, what: 'file' },
        { reason: 'called node_modules', count: 1, what: 'folder' },
        { reason: 'skipped: empty', count: 1, what: 'file' },
        { reason: 'skipped: binary', count: 2, what: 'file' },
      ],
    });
    expect(notifications).toEqual([
      { path: join(root, 'c.ts'), message: '2 places could not be parsed; the rest was reviewed' },
      { path: join(root, 'd.ts'), message: 'skipped: empty' },
      { path: join(root, 'e.ts'), message: 'skipped: binary' },
      { path: join(root, 'f.ts'), message: 'skipped: binary' },
    ]);
  });
});

describe('what fails costs only itself', () => {
  test('a file whose review throws', async () => {
    const root = folder({ 'a.ts': '@crash', 'b.ts': '@warning b' });
    const { findings, notifications, coverage } = await review(root);
    expect(findings).toHaveLength(1);
    expect(notifications).toEqual([
      { path: join(root, 'a.ts'), message: 'could not be reviewed: the reviewer fell over' },
    ]);
    expect(coverage.skipped).toContainEqual({ reason: 'that could not be reviewed', count: 1, what: 'file' });
  });

  test("a rule's failure is told as the reviewer tells it", async () => {
    const root = folder({ 'p/a.ts': '@note' });
    expect((await review(root)).notifications).toEqual([{ path: join(root, 'p/a.ts'), message: 'a rule failed here' }]);
  });

  test('a wrong setting is told once, however many files it applies to', async () => {
    const root = folder({ 'a.ts': '@', 'b.ts': '@', 'backend-reviewer.json': '{ "ruels": {} }' });
    expect((await review(root)).notifications).toEqual([
      {
        path: join(root, 'backend-reviewer.json'),
        message: 'line 1, column 3: "ruels" is no key here; did you mean "rules"?',
      },
    ]);
  });

  test('a configuration that is no JSON ends the run', async () => {
    const root = folder({ 'a.ts': '@', 'backend-reviewer.json': '{' });
    await expect(review(root)).rejects.toThrow(ConfigurationError);
  });
});

describe('projects', () => {
  test('one reviewer each, and one project after the other', async () => {
    const root = folder({ 'a/.git': '', 'a/x.ts': '@', 'b/.git': '', 'b/y.ts': '@', 'a/z.ts': '@' });
    const asked: string[] = [];
    const base = fakeReview();
    await reviewPaths(
      [join(root, 'a/x.ts'), join(root, 'b/y.ts'), join(root, 'a/z.ts')],
      {},
      {
        ...base,
        createReviewer(at): Reviewer {
          asked.push(`new ${at.slice(root.length)}`);
          const reviewer = base.createReviewer(at);
          return {
            ...reviewer,
            review: (file, options) => {
              asked.push(file);
              return reviewer.review(file, options);
            },
          };
        },
      },
    );
    expect(asked).toEqual(['new /a', 'x.ts', 'z.ts', 'new /b', 'y.ts']);
  });
});

describe('progress and cancellation', () => {
  const files = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`f${index}.ts`, '@warning a']));

  test('each file is announced', async () => {
    const seen: RunProgress[] = [];
    await review(folder(files), { onProgress: progress => seen.push(progress) });
    expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(seen.every(({ total }) => total === 40)).toBe(true);
  });

  test('a signal ends the run between two files', async () => {
    const controller = new AbortController();
    const seen: number[] = [];
    const running = review(folder(files), {
      signal: controller.signal,
      onProgress: ({ done }) => {
        seen.push(done);
        if (done === 5) controller.abort(new Error('enough'));
      },
    });
    await expect(running).rejects.toThrow('enough');
    expect(seen.at(-1)).toBe(5);
  });

  test('a cancellation from outside comes in while files are reviewed', async () => {
    const controller = new AbortController();
    const running = review(folder(files), { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('closed')));
    await expect(running).rejects.toThrow('closed');
  });
});
