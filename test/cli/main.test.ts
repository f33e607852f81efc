/** The entry in a process of its own: streams, closed pipes and the exit status, over a product that finds very much. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'cli-main-'));
const cli = join(folder, 'cli.cjs');

beforeAll(async () => {
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile: cli,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    external: ['./server.js', './mcp.js'],
    loader: { '.md': 'text' },
    alias: { 'jsonc-parser': join(root, 'node_modules/jsonc-parser/lib/esm/main.js') },
    define: { 'process.env.BACKEND_REVIEWER_VERSION': '"9.9.9"' },
    plugins: [
      {
        name: 'fake-product',
        setup(builder) {
          builder.onResolve({ filter: /^\.\/product$/ }, () => ({ path: join(root, 'test/cli/fake.ts') }));
          // the entry asks for `openReview`
          builder.onLoad({ filter: /test\/cli\/fake\.ts$/ }, async ({ path }) => {
            const { readFile } = await import('node:fs/promises');
            return {
              contents: `${await readFile(path, 'utf8')}\nexport const openReview = async () => fakeReview();\n`,
              loader: 'ts',
            };
          });
        },
      },
    ],
  });
  writeFileSync(join(folder, 'a.ts'), '@error alpha\n'.repeat(5000));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const shell = (command: string) =>
  spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8', maxBuffer: 64 << 20 });

test('a long report arrives whole through a pipe, and the status is the verdict', () => {
  const { stdout, stderr } = shell(`{ "${process.execPath}" "${cli}" check --format json a.ts; echo $? >&2; } | cat`);
  expect(stderr.trim()).toBe('1');
  expect(JSON.parse(stdout).findings).toHaveLength(5000);
});

test('a reader that goes early ends the run quietly, with the verdict', () => {
  const { stdout, stderr } = shell(`{ "${process.execPath}" "${cli}" check a.ts; echo $? >&2; } | head -1`);
  expect(stdout).toBe('a.ts\n');
  expect(stderr.trim()).toBe('1');
});

test.each([
  ['--version', 0, '9.9.9\n'],
  ['check nowhere', 2, ''],
])('%s', (line, status, out) => {
  expect(shell(`"${process.execPath}" "${cli}" ${line}`)).toMatchObject({ status, stdout: out });
});

test('lsp hands over to the bundle beside this one', () => {
  writeFileSync(join(folder, 'server.js'), 'process.stdout.write("served " + process.argv.slice(2).join(" "));');
  expect(shell(`"${process.execPath}" "${cli}" lsp --stdio`)).toMatchObject({
    status: 0,
    stdout: 'served lsp --stdio',
  });
});
