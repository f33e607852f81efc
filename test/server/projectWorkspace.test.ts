/** The server over the whole product and real files: what an editor sees is what the command line says. */
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ApplyWorkspaceEditParams, CodeAction, CodeLens } from 'vscode-languageserver';
import { projectWorkspace } from '../../src/server/projectWorkspace';
import {
  type CalledTool,
  type CallToolParams,
  type ChangeTarget,
  COMMANDS,
  MESSAGES,
  type ProposedChange,
  type ReviewSummary,
} from '../../src/server/protocol';
import { openProduct } from '../../src/workspace/product';
import { reviewPaths } from '../../src/workspace/run';
import { syntaxFiles } from '../syntax/parsers';
import { type Editor, editor, PULLS } from './session';

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
  expect(summary).toMatchObject({ files: 6, reviewed: 6, skipped: 0, cancelled: false });
  expect(
    published.map(({ uri, diagnostics }) => [uri.slice(uri.lastIndexOf('/') + 1), diagnostics[0]?.code]).sort(),
  ).toEqual([
    ['20250101000000_create_line.js', 'irreversible-migration'],
    ['lines.ts', 'n-plus-one'],
    ['orders.ts', 'sql-injection'],
  ]);
});

describe('the tools of agents', () => {
  async function opened() {
    const root = await realpath(await project());
    const path = join(root, 'src/orders.ts');
    const text = `// not saved\n${await readFile(path, 'utf8')}`;
    const session = await editor(projectWorkspace(product(), '/docs/rules', noLab), undefined, [root]);
    await session.open(path, text);
    const edits: ApplyWorkspaceEditParams[] = [];
    session.client.onRequest('workspace/applyEdit', (params: ApplyWorkspaceEditParams) => {
      edits.push(params);
      return { applied: true };
    });
    const call = (name: string, args: unknown, trusted = true) => {
      const params: CallToolParams = { name, arguments: args, folders: [pathToFileURL(root).href], trusted };
      return session.client.sendRequest<CalledTool>(MESSAGES.callTool, params);
    };
    return { root, path, text, edits, call, session };
  }
  const answerOf = ({ result }: CalledTool) => {
    if (!result.ok) throw new Error(JSON.stringify(result.error));
    return result.value as { readonly findings: readonly { readonly at: string; readonly fingerprint: string }[] };
  };

  test('they see what the editor has, and change it by the editor’s own edit', async () => {
    const { path, text, edits, call } = await opened();
    const { findings } = answerOf(await call('review_file', { path: 'src/orders.ts' }));
    const line = text.split('\n').findIndex(each => each.includes('${')) + 1;
    expect(findings).toMatchObject([{ at: `src/orders.ts:${line}`, rule: 'sql-injection' }]);
    const applied = await call('apply_fix', { path: 'src/orders.ts', fingerprint: findings[0]?.fingerprint });
    expect(applied).toMatchObject({ result: { ok: true, value: { written: true } }, changed: [`file://${path}`] });
    expect(edits).toMatchObject([
      { edit: { documentChanges: [{ textDocument: { uri: `file://${path}`, version: 1 }, edits: [{ range: {} }] }] } },
    ]);
    expect(await readFile(path, 'utf8')).toContain("'${customer}' AND");
  });

  test('a text that is reviewed leaves the editor’s findings alone', async () => {
    const { path, call, session } = await opened();
    const before = await session.items(path);
    expect(
      answerOf(await call('review_text', { path: 'src/orders.ts', text: 'export const a = 1;\n' })).findings,
    ).toEqual([]);
    expect(await session.items(path)).toEqual(before);
    expect(before).toHaveLength(1);
  });

  test('without trust nothing is run or written; other folders are refused', async () => {
    const { edits, call } = await opened();
    const { findings } = answerOf(await call('review_file', { path: 'src/orders.ts' }, false));
    const args = { path: 'src/orders.ts', fingerprint: findings[0]?.fingerprint };
    expect(await call('apply_fix', args, false)).toMatchObject({ result: { value: { written: false } }, changed: [] });
    expect(edits).toEqual([]);
    expect(await call('verify_migration', { path: 'src/orders.ts' }, false)).toMatchObject({
      result: { error: { code: 'not-trusted' } },
    });
    expect(await call('review_file', { path: 'a.ts', workspace: '/' })).toMatchObject({
      result: { error: { code: 'outside-workspace' } },
    });
    expect(await call('review_fil', {})).toMatchObject({ result: { error: { code: 'invalid-arguments' } } });
    expect(await call('review_file', 'text')).toMatchObject({ result: { error: { code: 'invalid-arguments' } } });
  });
});

describe('the way back of a migration', () => {
  const UP = '-- migrate:up\nCREATE TABLE a (b int);\n\n-- migrate:down\n';
  const files = {
    'db/migrations/1_a.sql': UP,
    'db/migrations/2_b.sql': '-- migrate:up\nINSERT INTO a VALUES (1);\n\n-- migrate:down\n',
    'pairs/1_a.up.sql': 'CREATE TABLE c (b int);\n',
  };
  const DOWN = '-- the rows of a are lost\nDROP TABLE a;\n';
  const lenses = (client: Editor['client'], path: string): Promise<readonly CodeLens[]> =>
    client.sendRequest('textDocument/codeLens', { textDocument: { uri: pathToFileURL(path).href } });

  test('a lens offers it where there is none and one can be written', async () => {
    const root = await project(files);
    const { client, open } = await editor(projectWorkspace(product(), '/docs/rules', noLab), undefined, [root]);
    const titles: (readonly (string | undefined)[])[] = [];
    for (const name of [...Object.keys(files), 'migrations/20250101000000_create_line.js', 'src/orders.ts']) {
      const path = join(root, name);
      await open(path, await readFile(path, 'utf8'), 'sql');
      titles.push((await lenses(client, path)).map(({ command }) => command?.title));
    }
    const verify = 'Verify migration';
    const write = 'Write the down migration';
    expect(titles).toEqual([[verify, write], [verify], [verify, write], [verify, write], []]);
  });

  test('what the lab cannot run has no lens that verifies it', async () => {
    const text = 'CREATE TABLE `a` (`b` int) ENGINE=InnoDB;\n';
    const root = await project({ 'shop/1_a.up.sql': text });
    const { client, open } = await editor(projectWorkspace(product(), '/docs/rules', noLab), undefined, [root]);
    const path = join(root, 'shop/1_a.up.sql');
    await open(path, text, 'sql');
    expect((await lenses(client, path)).map(({ command }) => command?.title)).toEqual(['Write the down migration']);
  });

  test('is shown as what it makes of a file, and of one that is not there', async () => {
    const root = await project(files);
    const { client, open } = await editor(projectWorkspace(product(), '/docs/rules', noLab), undefined, [root]);
    const proposed = async (name: string, text: string) => {
      const path = join(root, name);
      await open(path, text, 'sql');
      const target: ChangeTarget = { uri: pathToFileURL(path).href, write: 'down' };
      return client.sendRequest<ProposedChange>(MESSAGES.proposedChange, target);
    };
    const written = await proposed('db/migrations/1_a.sql', UP.replace('a (', 'z ('));
    const after = `${UP.replace('a (', 'z (')}${DOWN.replace('of a', 'of z').replace('LE a', 'LE z')}`;
    expect(written).toMatchObject({ files: [{ before: UP.replace('a (', 'z ('), after }] });
    expect(await proposed('pairs/1_a.up.sql', 'CREATE TABLE c (b int);\n')).toEqual({
      title: 'Write the down migration',
      files: [
        {
          uri: pathToFileURL(join(root, 'pairs/1_a.down.sql')).href,
          before: null,
          after: DOWN.replace('of a', 'of c').replace('LE a', 'LE c'),
        },
      ],
    });
    expect(
      await proposed('db/migrations/2_b.sql', await readFile(join(root, 'db/migrations/2_b.sql'), 'utf8')),
    ).toEqual({
      because: expect.stringMatching(/^No way back: its up leaves the structure as it is/),
    });
  });

  test('is a fix that makes the file, for an editor that can', async () => {
    const root = await project(files);
    const path = join(root, 'pairs/1_a.up.sql');
    const down = pathToFileURL(join(root, 'pairs/1_a.down.sql')).href;
    const fixesFor = async (capabilities: object, commands: string[]) => {
      const workspace = projectWorkspace(product(), '/docs/rules', noLab);
      const able = { ...PULLS, workspace: { ...PULLS.workspace, ...capabilities } };
      const { client, open, actions, refreshes } = await editor(workspace, able, [root], commands);
      await open(path, await readFile(path, 'utf8'), 'sql');
      // the history around it is known once the project is read
      await vi.waitFor(() => expect(refreshes()).toBeGreaterThan(0), 20_000);
      const fixes = (await actions(path, 0, 3)).filter(({ title }) => title.startsWith('Write'));
      const resolve = (action: CodeAction) => client.sendRequest<CodeAction>('codeAction/resolve', action);
      return Promise.all(fixes.map(action => (action.data ? resolve(action) : action)));
    };
    const creates = { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] } };
    const [fix] = await fixesFor(creates, []);
    expect(fix?.title).toBe('Write the down migration (look it over)');
    expect(fix?.edit?.documentChanges).toEqual([
      { kind: 'create', uri: down },
      {
        textDocument: { uri: down, version: null },
        edits: [expect.objectContaining({ newText: DOWN.replace('of a', 'of c').replace('LE a', 'LE c') })],
      },
    ]);
    const [confirmed] = await fixesFor(
      { workspaceEdit: { ...creates.workspaceEdit, changeAnnotationSupport: {} } },
      [],
    );
    const annotations = confirmed?.edit?.changeAnnotations ?? {};
    expect(Object.values(annotations)).toEqual([{ label: 'Write the down migration', needsConfirmation: true }]);
    const [annotationId] = Object.keys(annotations);
    expect(confirmed?.edit?.documentChanges).toEqual([
      { kind: 'create', uri: down, annotationId },
      expect.objectContaining({ edits: [expect.objectContaining({ annotationId })] }),
    ]);
    expect(await fixesFor({}, [])).toEqual([]);
    const [shown] = await fixesFor({}, [COMMANDS.previewChange]);
    expect(shown).toMatchObject({
      title: 'Write the down migration…',
      command: { command: COMMANDS.previewChange, arguments: [{ fix: 0 }] },
    });
  });
});

test('a page is named for a rule that there is, and for no other', async () => {
  const workspace = projectWorkspace(product(), '/docs/rules', noLab);
  expect(workspace.pageOf('n-plus-one')).toBe('/docs/rules/n-plus-one.md');
  expect(workspace.pageOf('../../secret')).toBeUndefined();
  expect(workspace.baseLevelOf('unused-suppression')).toBe('info');
});
