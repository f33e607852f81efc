/** The server over the whole product and real files: what an editor sees is what the command line says. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { projectWorkspace } from '../../src/server/projectWorkspace';
import { MESSAGES, type ReviewSummary } from '../../src/server/protocol';
import { openProduct } from '../../src/workspace/product';
import { reviewPaths } from '../../src/workspace/run';
import { syntaxFiles } from '../syntax/parsers';
import { editor } from './session';

async function project(files: Record<string, string> = {}): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'backend-reviewer-server-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  await cp('test/fixtures/workspace', root, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, '..'), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

const noLab = (): never => {
  throw new Error('no migration is verified here');
};

const product = () => openProduct({ syntax: syntaxFiles });

test('the editor and a run give the same verdict', async () => {
  const root = await project();
  const run = await reviewPaths([root], {}, product());
  const { open, items } = await editor(projectWorkspace(product(), '/docs/rules', noLab), undefined, [root]);
  const seen: string[] = [];
  for (const name of ['src/orders.ts', 'src/lines.ts', 'src/clean.ts', 'migrations/20250101000000_create_line.js']) {
    const path = join(root, name);
    await open(path, await readFile(path, 'utf8'), name.endsWith('.js') ? 'javascript' : 'typescript');
    for (const { code, range, message } of await items(path))
      seen.push(`${path}:${range.start.line + 1}:${range.start.character + 1} ${code} ${message}`);
  }
  const told = run.findings.map(
    ({ at, rule, what, why, remedy }) =>
      `${at.path}:${at.start.line}:${at.start.column} ${rule} ${[what, why, remedy].filter(Boolean).join(' ')}`,
  );
  expect(seen).toHaveLength(3);
  expect(seen.sort()).toEqual(told.sort());
});

test('a file that a run would leave out is skipped in the editor too', async () => {
  const orders = await readFile('test/fixtures/workspace/src/orders.ts', 'utf8');
  const root = await project({
    'backend-reviewer.json': '{ "exclude": ["legacy"] }',
    '.gitignore': 'build\n',
    'legacy/orders.ts': orders,
    'build/orders.ts': orders,
    'node_modules/x/orders.ts': orders,
    'src/named.ts': orders,
  });
  const { open, items, coverage } = await editor(projectWorkspace(product(), '/docs/rules', noLab), undefined, [root]);
  const reasons: (string | undefined)[] = [];
  for (const name of ['legacy/orders.ts', 'build/orders.ts', 'node_modules/x/orders.ts', 'src/named.ts']) {
    await open(join(root, name), orders);
    await items(join(root, name));
    await vi.waitFor(() => expect(coverage.at(-1)?.uri).toContain(name));
    const last = coverage.at(-1)?.coverage;
    reasons.push(last?.kind === 'skipped' ? last.reason : last?.kind);
  }
  expect(reasons).toEqual([
    'excluded by backend-reviewer.json',
    'ignored by .gitignore',
    'in a folder called node_modules',
    'reviewed',
  ]);
});

test('a review of the workspace looks at what a run looks at', async () => {
  const root = await project({ 'node_modules/x/orders.ts': 'export {}' });
  const { client, published } = await editor(projectWorkspace(product(), '/docs/rules', noLab), undefined, [root]);
  const summary = await client.sendRequest<ReviewSummary>(MESSAGES.review, {});
  expect(summary).toMatchObject({ files: 5, reviewed: 5, skipped: 0, cancelled: false });
  expect(
    published.map(({ uri, diagnostics }) => [uri.slice(uri.lastIndexOf('/') + 1), diagnostics[0]?.code]).sort(),
  ).toEqual([
    ['20250101000000_create_line.js', 'irreversible-migration'],
    ['lines.ts', 'n-plus-one'],
    ['orders.ts', 'sql-injection'],
  ]);
});

test('a page is named for a rule that there is, and for no other', async () => {
  const workspace = projectWorkspace(product(), '/docs/rules', noLab);
  expect(workspace.pageOf('n-plus-one')).toBe('/docs/rules/n-plus-one.md');
  expect(workspace.pageOf('../../secret')).toBeUndefined();
  expect(workspace.baseLevelOf('unused-suppression')).toBe('info');
});
