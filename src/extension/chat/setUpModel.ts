/** `Backend Reviewer: Set Up Model`: where it is, the key, which one; tried before it is kept. */
import { type ExtensionContext, ProgressLocation, type QuickPickItem, window } from 'vscode';
import { OPENAI, urlOf } from '../../models/endpoint';
import { modelAt, modelsAt, secretOf } from './endpointModel';
import { endpointSettings, saveEndpoint } from './settings';

interface Kind extends QuickPickItem {
  readonly url: string;
  /** Whether the address is the same for everybody. */
  readonly isFixed?: boolean;
  readonly needsKey: boolean;
}

const KINDS: readonly Kind[] = [
  { label: 'Ollama', description: 'on this machine', url: 'http://localhost:11434/v1', needsKey: false },
  { label: 'LM Studio', description: 'on this machine', url: 'http://localhost:1234/v1', needsKey: false },
  { label: 'vLLM', description: 'on your own server', url: 'http://localhost:8000/v1', needsKey: false },
  { label: 'OpenAI', url: OPENAI, isFixed: true, needsKey: true },
  {
    label: 'Azure OpenAI',
    description: 'the deployment’s name is the model’s',
    url: 'https://NAME.openai.azure.com',
    needsKey: true,
  },
  { label: 'OpenRouter', url: 'https://openrouter.ai/api/v1', isFixed: true, needsKey: true },
  { label: 'Another', description: 'anything that speaks OpenAI’s protocol', url: 'https://', needsKey: false },
];

const AGAIN = 'Change';
const KEEP = 'Keep It Anyway';

export async function setUpModel(context: ExtensionContext): Promise<void> {
  const title = 'Set Up Model';
  const kind = await window.showQuickPick(KINDS, { title, placeHolder: 'Who serves the model?' });
  if (!kind) return;
  const known = endpointSettings();
  const baseUrl = kind.isFixed ? kind.url : await askForUrl(title, kind);
  if (baseUrl === undefined) return;
  const stored = await context.secrets.get(secretOf(baseUrl));
  const typed = await window.showInputBox({
    title,
    prompt: `Key for ${new URL(baseUrl).host}. It is kept in VS Code’s secret storage and sent to this server alone.`,
    placeHolder: stored
      ? 'leave empty to use the one that is stored'
      : kind.needsKey
        ? ''
        : 'leave empty when it needs none',
    password: true,
    ignoreFocusOut: true,
    validateInput: value =>
      kind.needsKey && !stored && value.trim() === '' ? 'This server answers with a key alone.' : undefined,
  });
  if (typed === undefined) return;
  const key = typed.trim() || stored || undefined;
  const given = { baseUrl, ...(key === undefined ? {} : { key }) };
  const name = await askForModel(title, given, known?.name);
  if (name === undefined) return;
  const failure = await tried({ ...given, model: name });
  if (failure !== undefined) {
    const chosen = await window.showErrorMessage(`${name} did not answer: ${failure}.`, AGAIN, KEEP);
    if (chosen === AGAIN) return setUpModel(context);
    if (chosen !== KEEP) return;
  }
  if (key !== undefined) await context.secrets.store(secretOf(baseUrl), key);
  await saveEndpoint({ name, baseUrl });
  if (failure === undefined)
    void window.showInformationMessage(`${name} answers. Choose it in the chat’s model picker, and ask @backend.`);
}

const askForUrl = (title: string, { url, label }: Kind): Thenable<string | undefined> =>
  window
    .showInputBox({
      title,
      prompt: `Base URL of ${label}`,
      value: url,
      ignoreFocusOut: true,
      validateInput(value) {
        if (value.includes('NAME')) return 'Put your resource’s name in the place of NAME.';
        try {
          urlOf({ baseUrl: value.trim() });
          return undefined;
        } catch (error) {
          return error instanceof Error ? error.message : String(error);
        }
      },
    })
    .then(value => value?.trim());

/** From the server's own list, where it has one. */
async function askForModel(
  title: string,
  given: { readonly baseUrl: string; readonly key?: string },
  known: string | undefined,
): Promise<string | undefined> {
  const names = await window.withProgress({ location: ProgressLocation.Window, title: 'Asking for the models' }, () =>
    modelsAt(given).catch(() => []),
  );
  if (names.length > 0) {
    const other = 'Another name…';
    const chosen = await window.showQuickPick([...names, other], { title, placeHolder: 'Which model?' });
    if (chosen !== other) return chosen;
  }
  const typed = await window.showInputBox({
    title,
    prompt: 'The model’s name, as the server knows it',
    value: known,
    ignoreFocusOut: true,
    validateInput: value => (value.trim() === '' ? 'A name is needed.' : undefined),
  });
  return typed?.trim();
}

/** Why it does not answer; nothing when it does. */
const tried = (endpoint: Parameters<typeof modelAt>[0]): Thenable<string | undefined> =>
  window.withProgress(
    { location: ProgressLocation.Notification, title: `Trying ${endpoint.model}`, cancellable: true },
    async (_progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      try {
        const model = await modelAt(endpoint);
        const request = {
          messages: [{ role: 'user' as const, text: 'Answer with the word: ready' }],
          tools: [],
          mayCall: false,
        };
        for await (const _part of model.send(request, controller.signal)) return undefined;
        return 'it said nothing';
      } catch (error) {
        return token.isCancellationRequested ? 'cancelled' : error instanceof Error ? error.message : String(error);
      }
    },
  );
