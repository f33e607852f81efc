import { expect, test, vi } from 'vitest';
import { type CodeAction, type CodeLens, DiagnosticSeverity, LSPErrorCodes } from 'vscode-languageserver';
import { COMMANDS, FIX_ALL, MESSAGES, type ReviewSummary } from '../../src/server/protocol';
import { matcherOf } from '../../src/workspace/globs';
import { fakeWorkspace } from './fakeWorkspace';
import { applied, editor, PULLS, PUSHED } from './session';

const OTHER = 'line one\nBAD(x)\n';

test('a pulled diagnostic says where, how bad, which rule, its page and what belongs to it', async () => {
  const workspace = fakeWorkspace({ '/w/other.ts': OTHER });
  const { open, items } = await editor(workspace);
  await open('/w/a.ts', 'ok();\n  BAD(x);\n');
  expect(await items('/w/a.ts')).toEqual([
    {
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 8 } },
      severity: DiagnosticSeverity.Error,
      code: 'bad',
      codeDescription: { href: 'file:///docs/rules/bad.md' },
      source: 'Backend Reviewer',
      message: 'BAD(x) is here. It hurts. Write it well.',
      relatedInformation: [
        {
          location: {
            uri: 'file:///w/other.ts',
            range: { start: { line: 1, character: 0 }, end: { line: 1, character: 4 } },
          },
          message: 'seen again',
        },
      ],
      data: { fingerprint: 'bad:8' },
    },
  ]);
});

test('hygiene is a hint, a warning a warning', async () => {
  const { open, items } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'TIDY WEAK');
  expect((await items('/w/a.ts')).map(({ severity }) => severity)).toEqual([
    DiagnosticSeverity.Hint,
    DiagnosticSeverity.Warning,
  ]);
});

test('a related place in a file that is gone is left out, the finding stays', async () => {
  const { open, items } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'BAD(x)');
  const [finding] = await items('/w/a.ts');
  expect(finding?.code).toBe('bad');
  expect(finding?.relatedInformation).toBeUndefined();
});

test('edits arrive in order, each counted from the text that the one before it left', async () => {
  const workspace = fakeWorkspace({});
  const { open, change, items } = await editor(workspace);
  await open('/w/a.ts', 'one\ntwo\n');
  await change('/w/a.ts', 2, [
    { range: [0, 0, 1, 0], text: '' },
    { range: [0, 3, 0, 3], text: ' BAD(y)' },
    { range: [0, 0, 0, 3], text: '\nWEAK\n' },
  ]);
  const found = await items('/w/a.ts');
  expect(workspace.reviewers.get('/w')?.texts.get('a.ts')).toBe('\nWEAK\n BAD(y)\n');
  expect(found.map(({ code, range }) => [code, range.start.line, range.start.character])).toEqual([
    ['weak', 1, 0],
    ['bad', 2, 1],
  ]);
});

test('the same findings again are answered "unchanged"', async () => {
  const { open, change, diagnostics } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'BAD(x)\n');
  const first = await diagnostics('/w/a.ts');
  expect(await diagnostics('/w/a.ts', first.resultId)).toEqual({ kind: 'unchanged', resultId: first.resultId });
  await change('/w/a.ts', 2, [{ range: [0, 0, 0, 0], text: '  ' }]);
  const moved = await diagnostics('/w/a.ts', first.resultId);
  expect(moved.kind).toBe('full');
});

test('a client that does not pull is told, and told again when the finding is gone', async () => {
  const { open, change, published, initialized } = await editor(fakeWorkspace({}), PUSHED);
  expect(initialized.capabilities.diagnosticProvider).toBeUndefined();
  await open('/w/a.ts', 'BAD(x)\n');
  await vi.waitFor(() => expect(published.at(-1)?.diagnostics).toHaveLength(1));
  expect(published.at(-1)?.version).toBe(1);
  await change('/w/a.ts', 2, [{ text: 'good(x)\n' }]);
  await vi.waitFor(() => expect(published.at(-1)).toMatchObject({ version: 2, diagnostics: [] }));
});

test('the light bulb: preferred fixes, other fixes, ignore here, ignore in the file, show the rule', async () => {
  const { open, actions, items } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'WEAK BAD(x)\n');
  const diagnostics = await items('/w/a.ts');
  const both = await actions('/w/a.ts', 0, 4, { diagnostics });
  expect(both.map(({ title, isPreferred }) => (isPreferred ? `${title} *` : title))).toEqual([
    'Strengthen (look it over) *',
    'Replace (look it over)',
    'Ignore weak here, with a reason',
    'Ignore weak in this file',
    'Show the rule: weak',
  ]);
  expect(both.every(action => action.kind === 'quickfix' && action.diagnostics?.[0] !== undefined)).toBe(true);
  const fix = (await actions('/w/a.ts', 0, 6))[0];
  expect(fix).toMatchObject({ title: 'Make it good', isPreferred: true });
  expect(fix?.edit).toBeUndefined();
});

test('what was reviewed is not reviewed again for the light bulb, and is after an edit anywhere', async () => {
  const workspace = fakeWorkspace({});
  const { open, change, actions, items } = await editor(workspace);
  const reviews: string[] = [];
  workspace.onReview = path => void reviews.push(path);
  await open('/w/a.ts', 'BAD(x)\n');
  await open('/w/b.ts', '');
  await items('/w/a.ts');
  await actions('/w/a.ts', 0, 1);
  expect(reviews).toEqual(['/w/a.ts']);
  await change('/w/b.ts', 2, [{ text: 'export {}' }]);
  await actions('/w/a.ts', 0, 1);
  expect(reviews).toEqual(['/w/a.ts', '/w/a.ts']);
});

test('a fix is worked out when it is chosen', async () => {
  const { open, actions, client } = await editor(fakeWorkspace({}));
  const text = 'ok();\nBAD(x);\n';
  await open('/w/a.ts', text);
  const [fix] = await actions('/w/a.ts', 1, 1);
  const chosen: CodeAction = await client.sendRequest('codeAction/resolve', fix);
  expect(applied(text, chosen.edit)).toBe('ok();\ngood(x);\n');
});

test('a fix of an older text is not applied to a newer one', async () => {
  const { open, change, actions, client } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'BAD(x);\n');
  const [fix] = await actions('/w/a.ts', 0, 1);
  await change('/w/a.ts', 2, [{ range: [0, 0, 0, 0], text: '/* longer */ ' }]);
  const chosen: CodeAction = await client.sendRequest('codeAction/resolve', fix);
  expect(chosen.edit).toBeUndefined();
});

test('without commands and resolve a client gets the edits at once, with a reason to write over', async () => {
  const { open, actions } = await editor(fakeWorkspace({}), PUSHED, ['/w'], []);
  const text = 'f();\n  BAD(x);\n';
  await open('/w/a.ts', text);
  const offered = await actions('/w/a.ts', 1, 3);
  expect(offered.map(({ title }) => title)).toEqual([
    'Make it good',
    'Ignore bad here, with a reason',
    'Ignore bad in this file',
  ]);
  expect(offered.map(({ edit }) => applied(text, edit))).toEqual([
    'f();\n  good(x);\n',
    'f();\n  // backend-reviewer-ignore-next-line bad -- reason\n  BAD(x);\n',
    '// backend-reviewer-ignore-file bad -- reason\nf();\n  BAD(x);\n',
  ]);
});

test('the reason that the person gave goes into the comment, and the finding goes', async () => {
  const { open, actions, change, client, items } = await editor(fakeWorkspace({}));
  const text = '\tBAD(x);\n';
  await open('/w/a.ts', text);
  const ignore = (await actions('/w/a.ts', 0, 3)).find(({ title }) => title.startsWith('Ignore bad here'));
  expect(ignore?.command).toMatchObject({ command: COMMANDS.ignore, arguments: [{ rule: 'bad', line: 0 }] });
  const target = ignore?.command?.arguments?.[0];
  const edit = await client.sendRequest(MESSAGES.ignore, { ...target, reason: ' only digits come here ' });
  const after = applied(text, edit as never);
  expect(after).toBe('\t// backend-reviewer-ignore-next-line bad -- only digits come here\n\tBAD(x);\n');
  await change('/w/a.ts', 2, [{ text: after }]);
  expect(await items('/w/a.ts')).toEqual([]);
});

test('fix-all takes the safe fixes and leaves the suggestions', async () => {
  const { open, actions, client } = await editor(fakeWorkspace({}));
  const text = 'BAD(x); WEAK; BAD(y);\n';
  await open('/w/a.ts', text);
  const offered = await actions('/w/a.ts', 0, 0, { only: ['source.fixAll'] });
  expect(offered.map(({ kind }) => kind)).toEqual([FIX_ALL]);
  const chosen: CodeAction = await client.sendRequest('codeAction/resolve', offered[0]);
  expect(applied(text, chosen.edit)).toBe('good(x); WEAK; good(y);\n');
  expect(await actions('/w/a.ts', 0, 0, { only: ['source.organizeImports'] })).toEqual([]);
});

test('fix-all is not offered where nothing is safe', async () => {
  const { open, actions } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'WEAK\n');
  expect(await actions('/w/a.ts', 0, 0, { only: [FIX_ALL] })).toEqual([]);
});

test('the hover shows the sketch, and nothing where there is none', async () => {
  const { open, client } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'BAD(x) TIDY\n');
  const at = (character: number) =>
    client.sendRequest('textDocument/hover', {
      textDocument: { uri: 'file:///w/a.ts' },
      position: { line: 0, character },
    });
  expect(await at(8)).toMatchObject({ contents: { kind: 'markdown', value: '```ts\ntidied();\n```' } });
  expect(await at(1)).toBeNull();
});

test('a review that throws is logged with its file, and the server goes on', async () => {
  const { open, diagnostics, items, log } = await editor(fakeWorkspace({}));
  await open('/w/broken.ts', 'THROW');
  expect(await diagnostics('/w/broken.ts')).toEqual({ kind: 'full', items: [] });
  await vi.waitFor(() => expect(log.join('\n')).toMatch(/file:\/\/\/w\/broken\.ts failed: .*the fake fell over/));
  await open('/w/a.ts', 'BAD(x)');
  expect(await items('/w/a.ts')).toHaveLength(1);
});

test('what a review has to say about itself goes to the log once', async () => {
  const { open, items, log } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'NOTE');
  await items('/w/a.ts');
  await items('/w/a.ts');
  await vi.waitFor(() => expect(log.filter(line => line === 'a.ts: a note')).toHaveLength(1));
});

test('the status bar is told what was covered', async () => {
  const { open, items, coverage } = await editor(fakeWorkspace({}));
  await open('/w/a.ts', 'BAD(x) WEAK WEAK');
  await items('/w/a.ts');
  await open('/w/b.ts', 'SKIP');
  await items('/w/b.ts');
  await vi.waitFor(() =>
    expect(coverage).toEqual([
      {
        uri: 'file:///w/a.ts',
        coverage: { kind: 'reviewed' },
        findings: { error: 1, warning: 2, info: 0 },
        notifications: [],
      },
      {
        uri: 'file:///w/b.ts',
        coverage: { kind: 'skipped', reason: 'asked to' },
        findings: { error: 0, warning: 0, info: 0 },
        notifications: [],
      },
    ]),
  );
});

test('a file that the project keeps out is skipped, and says why', async () => {
  const { open, items, coverage } = await editor(fakeWorkspace({}));
  await open('/w/node_modules/pg/index.js', 'BAD(x)', 'javascript');
  expect(await items('/w/node_modules/pg/index.js')).toEqual([]);
  await vi.waitFor(() =>
    expect(coverage.at(-1)?.coverage).toEqual({ kind: 'skipped', reason: 'in a folder called node_modules' }),
  );
});

test('what is wrong with the configuration is told, and the rest of it counts', async () => {
  const workspace = fakeWorkspace({});
  workspace.problems = ['/w/backend-reviewer.json: line 1, column 3: no such key'];
  const { open, items, coverage, log } = await editor(workspace);
  await open('/w/a.ts', 'BAD(x)');
  expect(await items('/w/a.ts')).toHaveLength(1);
  await vi.waitFor(() => expect(coverage.at(-1)?.notifications).toEqual(workspace.problems));
  expect(log).toContain(workspace.problems[0]);
});

test('under a configuration that is no JSON nothing is reviewed, and it says so', async () => {
  const workspace = fakeWorkspace({});
  workspace.unusable = '/w/backend-reviewer.json is no JSON';
  const { open, items, coverage } = await editor(workspace);
  await open('/w/a.ts', 'BAD(x)');
  expect(await items('/w/a.ts')).toEqual([]);
  await vi.waitFor(() =>
    expect(coverage.at(-1)?.coverage).toEqual({ kind: 'skipped', reason: '/w/backend-reviewer.json is no JSON' }),
  );
});

test('each file goes to the project nearest to it', async () => {
  const workspace = fakeWorkspace({}, ['/w', '/w/services/orders', '/elsewhere']);
  const { open, items } = await editor(workspace, PULLS, ['/w', '/elsewhere']);
  await open('/w/services/orders/src/a.ts', 'BAD(x)');
  await open('/elsewhere/b.ts', 'BAD(x)');
  expect(await items('/w/services/orders/src/a.ts')).toHaveLength(1);
  expect(await items('/elsewhere/b.ts')).toHaveLength(1);
  expect([...workspace.reviewers.keys()]).toEqual(['/w/services/orders', '/elsewhere']);
  expect(workspace.reviewers.get('/w/services/orders')?.texts.has('src/a.ts')).toBe(true);
});

test('a manifest that comes into being moves the open files into its project', async () => {
  const workspace = fakeWorkspace({});
  const { open, client, items, refreshes } = await editor(workspace);
  await open('/w/orders/a.ts', 'BAD(x)');
  await items('/w/orders/a.ts');
  workspace.roots.push('/w/orders');
  await client.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: 'file:///w/orders/package.json', type: 1 }],
  });
  expect(await items('/w/orders/a.ts')).toHaveLength(1);
  expect(workspace.reviewers.get('/w')?.texts.size).toBe(0);
  expect(workspace.reviewers.get('/w/orders')?.texts.get('a.ts')).toBe('BAD(x)');
  await vi.waitFor(() => expect(refreshes()).toBe(1));
});

test('a change on disk reaches the reviewers that it may concern', async () => {
  const workspace = fakeWorkspace({}, ['/w', '/w/inner', '/elsewhere']);
  const { open, client, items } = await editor(workspace);
  for (const path of ['/w/a.ts', '/w/inner/b.ts', '/elsewhere/c.ts']) {
    await open(path, '');
    await items(path);
  }
  await client.sendNotification('workspace/didChangeWatchedFiles', {
    changes: [{ uri: 'file:///w/inner/backend-reviewer.json', type: 2 }],
  });
  await items('/w/a.ts');
  expect(workspace.reviewers.get('/w/inner')?.touched.mock.calls).toEqual([['backend-reviewer.json']]);
  expect(workspace.reviewers.get('/w')?.touched.mock.calls).toEqual([['inner/backend-reviewer.json']]);
  expect(workspace.reviewers.get('/elsewhere')?.touched).not.toHaveBeenCalled();
});

test('whatever a verdict may stand on is watched', async () => {
  const { watched } = await editor(fakeWorkspace({}), {
    workspace: { didChangeWatchedFiles: { dynamicRegistration: true } },
  });
  await vi.waitFor(() => expect(watched.length).toBeGreaterThan(0));
  const isWatched = matcherOf(watched.map(pattern => ({ base: '/w', pattern })));
  const paths =
    'a.ts a.py a.php a.sql a.prisma docs/a.dbml go.mod composer.json pom.xml build.gradle build.gradle.kts Cargo.toml pyproject.toml requirements.txt Pipfile migrations/migration_lock.toml meta/_journal.json sqitch.plan package.json backend-reviewer.json';
  expect(paths.split(' ').filter(path => !isWatched(`/w/x/${path}`))).toEqual([]);
  expect(isWatched('/w/x/a.png')).toBe(false);
});

test('a cancelled request stops the review and says that it was cancelled', async () => {
  const workspace = fakeWorkspace({});
  const { open, client } = await editor(workspace);
  await open('/w/a.ts', 'BAD(x)');
  const { CancellationTokenSource } = await import('vscode-languageserver/node');
  const source = new CancellationTokenSource();
  let raised = false;
  workspace.onReview = (_file, signal) =>
    new Promise(resolve => {
      signal?.addEventListener('abort', () => {
        raised = true;
        resolve();
      });
      source.cancel();
    });
  const asked = client.sendRequest(
    'textDocument/diagnostic',
    { textDocument: { uri: 'file:///w/a.ts' } },
    source.token,
  );
  await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.RequestCancelled });
  expect(raised).toBe(true);
});

test('an edit during the review: the answer is not for this text, ask again', async () => {
  const workspace = fakeWorkspace({});
  const { open, change, client, items } = await editor(workspace);
  await open('/w/a.ts', 'BAD(x)');
  workspace.onReview = async () => {
    workspace.onReview = () => undefined;
    await change('/w/a.ts', 2, [{ text: '' }]);
    // The server has read the edit once the answer to a later message is here.
    await client.sendRequest('textDocument/hover', {
      textDocument: { uri: 'file:///w/none.ts' },
      position: { line: 0, character: 0 },
    });
  };
  const asked = client.sendRequest('textDocument/diagnostic', { textDocument: { uri: 'file:///w/a.ts' } });
  await expect(asked).rejects.toMatchObject({ code: LSPErrorCodes.ServerCancelled, data: { retriggerRequest: true } });
  expect(await items('/w/a.ts')).toEqual([]);
});

test('a review of the workspace counts, reports progress and publishes what no editor holds', async () => {
  const workspace = fakeWorkspace({
    '/w/a.ts': 'BAD(x)',
    '/w/b.ts': 'WEAK',
    '/w/clean.ts': '',
    '/w/broken.ts': 'THROW',
    '/w/odd.ts': 'SKIP',
    '/elsewhere/c.ts': 'BAD(x)',
  });
  const { open, client, published, log } = await editor(workspace);
  await open('/w/a.ts', 'BAD(x) BAD(y)');
  const progress: unknown[] = [];
  const { ProgressType } = await import('vscode-languageserver');
  client.onProgress(new ProgressType<{ message: string }>(), 'token', ({ message }) => void progress.push(message));
  const summary = await client.sendRequest<ReviewSummary>(MESSAGES.review, { workDoneToken: 'token' });
  expect(summary).toEqual({
    files: 5,
    reviewed: 3,
    skipped: 2,
    findings: { error: 2, warning: 1, info: 0 },
    cancelled: false,
  });
  expect(progress[0]).toBe('0 of 5 files');
  expect(published.map(({ uri, diagnostics }) => [uri, diagnostics.length])).toEqual([['file:///w/b.ts', 1]]);
  expect(log.join('\n')).toContain('the review of /w/broken.ts failed');
});

test('what the review of the workspace published follows the file', async () => {
  const workspace = fakeWorkspace({ '/w/b.ts': 'WEAK' });
  const { open, close, client, published } = await editor(workspace);
  await client.sendRequest(MESSAGES.review, {});
  const last = () => published.map(({ diagnostics }) => diagnostics.length);
  expect(last()).toEqual([1]);
  await open('/w/b.ts', 'WEAK');
  await vi.waitFor(() => expect(last()).toEqual([1, 0]));
  await close('/w/b.ts');
  await vi.waitFor(() => expect(last()).toEqual([1, 0, 1]));
  workspace.files.set('/w/b.ts', 'WEAK WEAK');
  await client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/b.ts', type: 2 }] });
  await vi.waitFor(() => expect(last()).toEqual([1, 0, 1, 2]));
  await client.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'file:///w/b.ts', type: 3 }] });
  await vi.waitFor(() => expect(last()).toEqual([1, 0, 1, 2, 0]));
});

test('a client that layers its findings gets those of open files too', async () => {
  const workspace = fakeWorkspace({ '/w/b.ts': 'WEAK' });
  const { open, client, published } = await editor(workspace, PULLS, ['/w'], [], true);
  await open('/w/b.ts', 'WEAK WEAK');
  await client.sendRequest(MESSAGES.review, {});
  expect(published.map(({ uri, diagnostics }) => [uri, diagnostics.length])).toEqual([['file:///w/b.ts', 2]]);
});

test('a cancelled review of the workspace says how far it came', async () => {
  const workspace = fakeWorkspace({ '/w/a.ts': 'BAD(x)', '/w/b.ts': 'WEAK', '/w/c.ts': 'WEAK' });
  const { client } = await editor(workspace);
  const { CancellationTokenSource } = await import('vscode-languageserver/node');
  const source = new CancellationTokenSource();
  workspace.onReview = (path, signal) => {
    if (path !== '/w/b.ts') return undefined;
    source.cancel();
    return new Promise(resolve => signal?.addEventListener('abort', () => resolve()));
  };
  const summary = await client.sendRequest<ReviewSummary>(MESSAGES.review, {}, source.token);
  expect(summary).toMatchObject({ files: 3, reviewed: 1, cancelled: true, findings: { error: 1, warning: 0 } });
});

test('on save: a client that does not pull hears nothing while typing', async () => {
  const workspace = fakeWorkspace({});
  const { open, change, client, published } = await editor(workspace, PUSHED);
  await client.sendNotification('workspace/didChangeConfiguration', {
    settings: { backendReviewer: { run: 'onSave' } },
  });
  await open('/w/a.ts', '');
  await vi.waitFor(() => expect(published).toHaveLength(1));
  const reviews: string[] = [];
  workspace.onReview = path => void reviews.push(path);
  await change('/w/a.ts', 2, [{ text: 'BAD(x)' }]);
  await client.sendNotification('textDocument/didSave', { textDocument: { uri: 'file:///w/a.ts' } });
  await vi.waitFor(() => expect(published.at(-1)?.diagnostics).toHaveLength(1));
  expect(reviews).toEqual(['/w/a.ts']);
});

test('a migration has a lens that verifies it, as it stands in the editor', async () => {
  const { client, open } = await editor(fakeWorkspace({ '/w/migrations/1_orders.sql': 'on disk' }));
  await open('/w/migrations/1_orders.sql', 'in the editor');
  await open('/w/a.ts', 'ok();');
  const lensesOf = (path: string) =>
    client.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument: { uri: `file://${path}` } });
  expect(await lensesOf('/w/a.ts')).toEqual([]);
  const [lens] = await lensesOf('/w/migrations/1_orders.sql');
  expect(lens?.command).toEqual({
    title: 'Verify migration',
    command: COMMANDS.verifyMigration,
    arguments: ['file:///w/migrations/1_orders.sql'],
  });
  expect(await client.sendRequest(MESSAGES.verifyMigration, { uri: 'file:///w/migrations/1_orders.sql' })).toEqual({
    steps: [{ name: '1_orders', verdict: 'proven', headline: 'reversible: proven', details: ['in the editor'] }],
    cancelled: false,
  });
});

test('a client without the command gets no lens', async () => {
  const { client, open } = await editor(fakeWorkspace({}), PULLS, ['/w'], []);
  await open('/w/migrations/1_orders.sql', 'CREATE TABLE a (b int)');
  const lenses = await client.sendRequest('textDocument/codeLens', {
    textDocument: { uri: 'file:///w/migrations/1_orders.sql' },
  });
  expect(lenses).toEqual([]);
});
