import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setup, suite, suiteSetup, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import {
  actionsAt,
  callTool,
  closeAll,
  extension,
  findings,
  first,
  open,
  openTabs,
  replaceAll,
  ruleOf,
  SOURCE,
  untilFindings,
  untilNone,
  untilRule,
  untilTab,
  uriOf,
} from './editor';

const ORDERS = 'src/orders.ts';

/** A finding of each rule that the folder holds. */
const VERDICT = [
  [ORDERS, 'sql-injection'],
  ['src/lines.ts', 'n-plus-one'],
  ['migrations/20250101000000_create_line.js', 'irreversible-migration'],
] as const;

const LEVELS = ['error', 'warning', 'info', 'info'];

interface CheckedFinding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly rule: string;
  readonly level: string;
}

suite('in the extension host', () => {
  let orders: string;

  suiteSetup(async () => {
    orders = await readFile(uriOf(ORDERS).fsPath, 'utf8');
  });
  setup(() => writeFile(uriOf(ORDERS).fsPath, orders));
  teardown(closeAll);

  test('it activates when a file that it reviews is opened, and on nothing wider', async () => {
    const events: string[] = extension().packageJSON.activationEvents;
    ok(events.length > 0 && events.every(event => /^onLanguage:/.test(event)), events.join());
    await open(ORDERS);
    await (await extension().activate()).ready;
    ok(extension().isActive);
  });

  test('a hazard is an error that tells where, why and which rule', async () => {
    await open(ORDERS);
    const finding = first(await untilRule(uriOf(ORDERS), 'sql-injection'));
    equal(finding.range.start.line, 3);
    match(finding.message, /customer/);
    ok(finding.severity === vscode.DiagnosticSeverity.Error || finding.severity === vscode.DiagnosticSeverity.Warning);
    ok(typeof finding.code === 'object', JSON.stringify(finding.code));
    const page = await vscode.workspace.fs.readFile(finding.code.target);
    match(Buffer.from(page).toString(), /^# sql-injection/);
  });

  test('the loop is named where the query is repeated', async () => {
    await open('src/lines.ts');
    const finding = first(await untilRule(uriOf('src/lines.ts'), 'n-plus-one'));
    ok(finding.relatedInformation?.some(({ location }) => location.range.start.line === 3));
  });

  test('a migration without a way back is found', async () => {
    const uri = uriOf('migrations/20250101000000_create_line.js');
    await vscode.window.showTextDocument(uri);
    await untilRule(uri, 'irreversible-migration');
  });

  test('the light bulb offers the fix first, then to ignore, then the rule; the fix mends the code', async () => {
    const { document } = await open(ORDERS);
    const finding = first(await untilRule(document.uri, 'sql-injection'));
    const offered = await actionsAt(document.uri, finding.range, vscode.CodeActionKind.QuickFix);
    ok(offered[0]?.isPreferred, `the first one is preferred: ${JSON.stringify(offered)}`);
    // Behind ours other extensions may put theirs.
    deepEqual(
      offered.slice(0, 4).map(({ title }) => title),
      [
        'Bind customer and status as parameters',
        'Ignore sql-injection here, with a reason',
        'Ignore sql-injection in this file',
        'Show the rule: sql-injection',
      ],
    );
    const edit = first(offered).edit;
    ok(edit, 'the fix has an edit');
    await vscode.workspace.applyEdit(edit);
    match(document.getText(), /WHERE customer = \$1 AND status = \$2['"`], \[customer, status\]\)/);
    await untilNone(document.uri);
  });

  test('fix-all applies what is safe', async () => {
    const { document } = await open(ORDERS);
    await untilRule(document.uri, 'sql-injection');
    const kind = vscode.CodeActionKind.SourceFixAll.append('backendReviewer');
    const offered = await actionsAt(document.uri, new vscode.Range(0, 0, 0, 0), kind);
    const edit = first(offered).edit;
    ok(edit, 'fix-all has an edit');
    await vscode.workspace.applyEdit(edit);
    await untilNone(document.uri);
  });

  test('unsaved text is what counts, and half a statement breaks nothing', async () => {
    const editor = await open('src/clean.ts');
    const { document } = editor;
    const clean = document.getText();
    await replaceAll(
      editor,
      `${clean}\nexport const bad = (id: string) => pool.query('SELECT * FROM customer WHERE id = ' + id);\n`,
    );
    await untilRule(document.uri, 'sql-injection');
    await replaceAll(
      editor,
      `${document.getText()}\nexport async function half(id: string) {\n  const rows = await pool.query(\`SELECT * FROM customer WHERE id = \${`,
    );
    await untilRule(document.uri, 'sql-injection');
    await replaceAll(editor, clean);
    await untilNone(document.uri);
  });

  test('a suppression with a reason silences the finding', async () => {
    const editor = await open(ORDERS);
    await untilRule(editor.document.uri, 'sql-injection');
    const comment = '  // backend-reviewer-ignore-next-line sql-injection -- the names come from our own list\n';
    await editor.edit(edit => edit.insert(new vscode.Position(3, 0), comment));
    await untilNone(editor.document.uri);
  });

  test('a change of the configuration on disk reaches the open file', async () => {
    const { document } = await open(ORDERS);
    await untilRule(document.uri, 'sql-injection');
    const configuration = uriOf('backend-reviewer.json');
    await vscode.workspace.fs.writeFile(configuration, Buffer.from('{ "rules": { "sql-injection": "off" } }'));
    try {
      await untilNone(document.uri);
    } finally {
      await vscode.workspace.fs.delete(configuration);
    }
    await untilRule(document.uri, 'sql-injection');
  });

  test('a review of the workspace finds what no editor holds', async () => {
    await open('src/clean.ts');
    const summary = await vscode.commands.executeCommand<{ files: number; cancelled: boolean }>(
      'backendReviewer.reviewWorkspace',
    );
    ok(summary.files >= 5 && !summary.cancelled, JSON.stringify(summary));
    await untilRule(uriOf(ORDERS), 'sql-injection');
    await untilRule(uriOf('src/lines.ts'), 'n-plus-one');
    equal(findings(uriOf('src/clean.ts')).length, 0);
    const { document } = await open(ORDERS);
    await untilFindings(document.uri, 'each finding once', found => found.length === 1);
  });

  test('the editor says of the folder what the command line of the same package says', async () => {
    await vscode.commands.executeCommand('backendReviewer.reviewWorkspace');
    for (const [file, rule] of VERDICT) await untilRule(uriOf(file), rule);
    const folder = uriOf('.').fsPath;
    const cli = join(extension().extensionPath, 'dist', 'cli.js');
    const { stdout } = spawnSync(process.execPath, [cli, 'check', '--format', 'json', '.'], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    const checked = (JSON.parse(stdout) as { findings: CheckedFinding[] }).findings.map(
      ({ file, line, column, rule, level }) => `${file}:${line}:${column} ${rule} ${level}`,
    );
    const told = vscode.languages
      .getDiagnostics()
      .flatMap(([uri, all]) =>
        all
          .filter(({ source }) => source === SOURCE)
          .map(
            each =>
              `${vscode.workspace.asRelativePath(uri)}:${each.range.start.line + 1}:${each.range.start.character + 1} ${ruleOf(each)} ${LEVELS[each.severity]}`,
          ),
      );
    ok(checked.length >= VERDICT.length, stdout);
    deepEqual(told.sort(), checked.sort());
  });

  test('after a restart the findings come back', async () => {
    const { document } = await open(ORDERS);
    await untilRule(document.uri, 'sql-injection');
    await vscode.commands.executeCommand('backendReviewer.restart');
    await untilRule(document.uri, 'sql-injection');
  });

  test('on save: typing changes nothing until the file is saved', async () => {
    const settings = vscode.workspace.getConfiguration('backendReviewer');
    await settings.update('run', 'onSave', vscode.ConfigurationTarget.Global);
    try {
      const editor = await open('src/clean.ts');
      await untilNone(editor.document.uri);
      const clean = editor.document.getText();
      await replaceAll(
        editor,
        `${clean}\nexport const bad = (id: string) => pool.query('SELECT * FROM customer WHERE id = ' + id);\n`,
      );
      equal(findings(editor.document.uri).length, 0);
      await editor.document.save();
      await untilRule(editor.document.uri, 'sql-injection');
      await replaceAll(editor, clean);
      await editor.document.save();
      await untilNone(editor.document.uri);
    } finally {
      await settings.update('run', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  test('the rule opens as a page', async () => {
    await open(ORDERS);
    await vscode.commands.executeCommand('backendReviewer.showRule', 'sql-injection');
    await new Promise<void>(resolve => {
      const look = (): void => {
        const tabs = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);
        if (!tabs.some(({ label }) => label.includes('sql-injection'))) return;
        listening.dispose();
        resolve();
      };
      const listening = vscode.window.tabGroups.onDidChangeTabs(look);
      look();
    });
    for (const { command } of extension().packageJSON.contributes.commands as { command: string }[])
      ok((await vscode.commands.getCommands()).includes(command), command);
  });

  test('VS Code checks backend-reviewer.json by the shipped schema', async () => {
    const uri = uriOf('wrong/backend-reviewer.json');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('{ "rulez": {} }'));
    const { document } = { document: await vscode.workspace.openTextDocument(uri) };
    await vscode.window.showTextDocument(document);
    await new Promise<void>(resolve => {
      const look = (): void => {
        if (!vscode.languages.getDiagnostics(uri).some(({ message }) => message.includes('rulez'))) return;
        listening.dispose();
        resolve();
      };
      const listening = vscode.languages.onDidChangeDiagnostics(look);
      look();
    });
    await vscode.workspace.fs.delete(uriOf('wrong'), { recursive: true });
  });

  test('a migration is verified from its lens, as it stands in the editor', async () => {
    const text = (sql: string): Uint8Array => new TextEncoder().encode(sql);
    const [up, down] = [uriOf('sql/1_orders.up.sql'), uriOf('sql/1_orders.down.sql')];
    await vscode.workspace.fs.writeFile(up, text('CREATE TABLE orders (id bigint PRIMARY KEY);\n'));
    await vscode.workspace.fs.writeFile(down, text('SELECT 1;\n'));
    try {
      const editor = await open('sql/1_orders.down.sql');
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', down);
      const [lens] = lenses.filter(({ command }) => command?.title === 'Verify migration');
      ok(lens?.command, 'there is no lens');
      const verify = async (): Promise<string[]> => {
        const result = await vscode.commands.executeCommand<{ steps: { headline: string }[] }>(
          lens.command?.command ?? '',
          ...(lens.command?.arguments ?? []),
        );
        return result.steps.map(({ headline }) => headline);
      };
      deepEqual(await verify(), ['not reversible']);
      await replaceAll(editor, 'DROP TABLE orders;\n');
      deepEqual(await verify(), ['reversible: proven']);
    } finally {
      await closeAll();
      await vscode.workspace.fs.delete(uriOf('sql'), { recursive: true });
    }
  });

  test('the way back of a migration is shown, and written when that is wanted', async () => {
    const up = uriOf('back/1_orders.up.sql');
    const down = uriOf('back/1_orders.down.sql');
    await vscode.workspace.fs.writeFile(up, new TextEncoder().encode('CREATE TABLE orders (id bigint PRIMARY KEY);\n'));
    try {
      await open('back/1_orders.up.sql');
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', up);
      const [lens] = lenses.filter(({ command }) => command?.title === 'Write the down migration');
      ok(lens?.command, 'there is no lens');
      const { command, arguments: given = [] } = lens.command;
      const diff = untilTab(tab => tab.input instanceof vscode.TabInputTextDiff);
      const written = vscode.commands.executeCommand<boolean>(command, ...given);
      const { input } = await diff;
      ok(input instanceof vscode.TabInputTextDiff);
      const proposed = await vscode.workspace.openTextDocument(input.modified);
      match(proposed.getText(), /DROP TABLE orders;/);
      await vscode.commands.executeCommand('backendReviewer.applyChange');
      ok(await written, 'it was not written');
      equal(Buffer.from(await vscode.workspace.fs.readFile(down)).toString(), proposed.getText());
      equal(vscode.window.activeTextEditor?.document.uri.toString(), down.toString());
      ok(!openTabs().some(tab => tab.input instanceof vscode.TabInputTextDiff), 'the preview is still there');
    } finally {
      await closeAll();
      await vscode.workspace.fs.delete(uriOf('back'), { recursive: true });
    }
  });

  test('its tools for language models are there, and answer from what the editor holds', async () => {
    const contributed: { name: string }[] = extension().packageJSON.contributes.languageModelTools;
    const names = contributed.map(({ name }) => name);
    ok(names.length >= 9);
    // all extensions share one list of names
    for (const name of names) match(name, /^backend_reviewer_[a-z]+(?:_[a-z]+)+$/);
    deepEqual(
      vscode.lm.tools
        .map(({ name }) => name)
        .filter(name => names.includes(name))
        .sort(),
      [...names].sort(),
    );
    const editor = await open(ORDERS);
    const before = await callTool('review_file', { path: ORDERS });
    match(String(before.summary), /1 finding/);
    await replaceAll(editor, 'export const nothing = 1;\n');
    deepEqual((await callTool('review_file', { path: ORDERS })).findings, []);
    const listed = await callTool('list_findings', {});
    match(String(listed.covered), /files? reviewed/);
    const refused = await callTool('review_file', { path: '../../etc/passwd' });
    equal((refused.error as { code: string }).code, 'outside-workspace');
  });

  test('a tool that only looks asks nothing, and what a fix would do can be looked at', async () => {
    await open(ORDERS);
    const { findings: found } = await callTool('review_file', { path: ORDERS });
    const { fingerprint } = first(found as { fingerprint: string }[]);
    const shown = await callTool('apply_fix', { path: ORDERS, fingerprint, preview: true });
    equal(shown.written, false);
    match(String(shown.diff), /\$1/);
    equal(await readFile(uriOf(ORDERS).fsPath, 'utf8'), orders);
  });
});
