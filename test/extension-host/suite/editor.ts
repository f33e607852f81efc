/** What the tests do in the editor, and what they wait for. Everything waits for events, nothing for time. */
import { ok } from 'node:assert/strict';
import * as vscode from 'vscode';

export const SOURCE = 'Backend Reviewer';

/** Long enough for a slow machine; only a failing test waits for it. */
const PATIENCE_MS = 15_000;

export const extension = (): vscode.Extension<{ readonly ready: Promise<void> }> => {
  const found = vscode.extensions.getExtension<{ readonly ready: Promise<void> }>('backend-reviewer.backend-reviewer');
  if (!found) throw new Error('the extension is not installed');
  return found;
};

export const uriOf = (path: string): vscode.Uri => {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error('no folder is open');
  return vscode.Uri.joinPath(folder.uri, path);
};

export async function open(path: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(path)), { preview: false });
}

export async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const whole = new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length));
  await editor.edit(edit => edit.replace(whole, text));
}

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export const findings = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter(({ source }) => source === SOURCE);

export const ruleOf = ({ code }: vscode.Diagnostic): string =>
  String(typeof code === 'object' ? code.value : (code ?? ''));

/** Waits until the findings of a file are as `wanted` says. */
export function untilFindings(
  uri: vscode.Uri,
  what: string,
  wanted: (findings: readonly vscode.Diagnostic[]) => boolean,
): Promise<vscode.Diagnostic[]> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = findings(uri);
      if (!wanted(found)) return;
      stop();
      resolve(found);
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    const patience = setTimeout(() => {
      stop();
      reject(new Error(`waited for ${what} in ${uri.path}; it has: ${JSON.stringify(findings(uri).map(ruleOf))}`));
    }, PATIENCE_MS);
    const stop = (): void => {
      clearTimeout(patience);
      listening.dispose();
    };
    look();
  });
}

export const untilRule = (uri: vscode.Uri, rule: string): Promise<vscode.Diagnostic[]> =>
  untilFindings(uri, rule, found => found.some(finding => ruleOf(finding) === rule));

export const untilNone = (uri: vscode.Uri): Promise<vscode.Diagnostic[]> =>
  untilFindings(uri, 'no findings', found => found.length === 0);

export const openTabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs);

/** Waits until such a tab is open. */
export function untilTab(wanted: (tab: vscode.Tab) => boolean): Promise<vscode.Tab> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const tab = openTabs().find(wanted);
      if (!tab) return;
      clearTimeout(patience);
      listening.dispose();
      resolve(tab);
    };
    const listening = vscode.window.tabGroups.onDidChangeTabs(look);
    const patience = setTimeout(() => {
      listening.dispose();
      reject(new Error(`waited for a tab; there are: ${openTabs().map(({ label }) => label)}`));
    }, PATIENCE_MS);
    look();
  });
}

/** What the light bulb offers at a finding, with the edits worked out. */
export async function actionsAt(
  uri: vscode.Uri,
  range: vscode.Range,
  kind?: vscode.CodeActionKind,
): Promise<vscode.CodeAction[]> {
  // a review that begins meanwhile calls the question off, and an editor asks again
  for (let tries = 0; ; tries += 1) {
    const offered = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
      kind?.value,
      20,
    );
    const ours = offered.filter(action => /^quickfix$|backendReviewer$/.test(action.kind?.value ?? ''));
    if (ours.length > 0 || tries === 20) return ours;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
}

export function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}

/** What a tool of ours answers, as VS Code hands it to a model. */
export async function callTool(name: string, input: object): Promise<Record<string, unknown>> {
  const { content } = await vscode.lm.invokeTool(`backend_reviewer_${name}`, {
    input,
    toolInvocationToken: undefined,
  });
  const [part] = content;
  ok(part instanceof vscode.LanguageModelTextPart);
  return JSON.parse(part.value);
}
