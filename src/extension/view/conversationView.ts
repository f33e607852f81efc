/** The conversation with the engineer in a view of our own: for hosts without a chat panel, and for who wants it beside the code. */
import { randomBytes, randomUUID } from 'node:crypto';
import {
  CancellationTokenSource,
  commands,
  Disposable,
  type ExtensionContext,
  env,
  Range,
  Uri,
  type Webview,
  type WebviewView,
  window,
  workspace,
} from 'vscode';
import type { ChatPart, ChatRequest } from '../../persona/chatModel';
import { COMMANDS } from '../../persona/question';
import type { AskedPlace, AskParams } from '../../server/protocol';
import { type FromPage, messageFrom, type ToPage } from '../../webview/messages';
import { questionOf } from '../chat/asked';
import { drawingOn } from '../chat/drawing';
import { endpointModel } from '../chat/endpointModel';
import { askedAs, editorPlace, folderOf } from '../chat/places';
import type { Questions } from '../chat/questions';
import type { SentLog } from '../chat/sentLog';
import { endpointSettings } from '../chat/settings';
import { GUIDE } from '../chat/whoAnswers';
import { kept, linkAt, pageTurn, type Turn, textOf, turnsIn, withText } from './conversation';
import { pageOf } from './page';

export const VIEW = 'backendReviewer.conversation';
const TURNS = 'backendReviewer.conversation.turns';
const ANSWERER = 'backendReviewer.conversation.answerer';
const ENDPOINT = 'endpoint';

export function conversationView(context: ExtensionContext, questions: Questions, sent: SentLog): Disposable {
  const conversation = new Conversation(context, questions, sent);
  return Disposable.from(
    window.registerWebviewViewProvider(VIEW, { resolveWebviewView: view => conversation.show(view) }),
    commands.registerCommand('backendReviewer.openConversation', (text?: unknown) =>
      conversation.open(typeof text === 'string' ? text : undefined),
    ),
    commands.registerCommand('backendReviewer.clearConversation', () => conversation.clear()),
    workspace.onDidChangeConfiguration(change => {
      if (change.affectsConfiguration('backendReviewer.model')) conversation.tellAll();
    }),
    workspace.onDidGrantWorkspaceTrust(() => conversation.tellAll()),
  );
}

class Conversation {
  #turns: readonly Turn[];
  #view: WebviewView | undefined;
  /** Of the answer that is under way. */
  #answering: CancellationTokenSource | undefined;
  /** To be typed when the page is there. */
  #draft: string | undefined;
  #wantsFocus = false;

  constructor(
    private readonly context: ExtensionContext,
    private readonly questions: Questions,
    private readonly sent: SentLog,
  ) {
    this.#turns = turnsIn(context.workspaceState.get(TURNS));
  }

  show(view: WebviewView): void {
    this.#view = view;
    const root = Uri.joinPath(this.context.extensionUri, 'dist', 'view');
    const { webview } = view;
    webview.options = { enableScripts: true, localResourceRoots: [root] };
    webview.html = htmlOf(webview, root);
    const listening = webview.onDidReceiveMessage((given: unknown) => {
      const message = messageFrom(given);
      if (message) void this.#do(message);
    });
    view.onDidDispose(() => {
      listening.dispose();
      if (this.#view === view) this.#view = undefined;
    });
  }

  async open(text: string | undefined): Promise<void> {
    this.#draft = text;
    this.#wantsFocus = true;
    await commands.executeCommand('setContext', 'backendReviewer.wantsConversation', true);
    await commands.executeCommand(`${VIEW}.focus`);
    this.#focus();
  }

  async clear(): Promise<void> {
    this.#answering?.cancel();
    await this.#keep([]);
    this.tellAll();
  }

  /** All that the page shows, as when it opens. */
  tellAll(): void {
    const endpoint = workspace.isTrusted ? endpointSettings() : undefined;
    this.#tell({
      kind: 'conversation',
      turns: this.#turns.map(pageTurn),
      commands: Object.entries(COMMANDS).map(([name, description]) => ({ name, description })),
      answerers: [
        { id: GUIDE, title: 'Offline Guide' },
        endpoint ? { id: ENDPOINT, title: endpoint.name } : { id: 'set-up', title: 'Set Up a Model…' },
      ],
      chosen: this.#usesEndpoint() ? ENDPOINT : GUIDE,
    });
  }

  /** An endpoint that was set up with our command is a person's choice, until they choose the guide here. */
  #usesEndpoint(): boolean {
    return (
      workspace.isTrusted &&
      endpointSettings() !== undefined &&
      this.context.workspaceState.get(ANSWERER, ENDPOINT) === ENDPOINT
    );
  }

  async #do(message: FromPage): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.tellAll();
        if (this.#wantsFocus) this.#focus();
        return;
      case 'ask':
        if (!this.#answering) await this.#ask(message.text);
        return;
      case 'stop':
        this.#answering?.cancel();
        return;
      case 'press': {
        const link = linkAt(this.#turns, message.turn, message.block, message.button);
        if (link) await commands.executeCommand(link.command, ...link.arguments);
        return;
      }
      case 'open':
        return this.#openFile(message);
      case 'visit':
        // VS Code asks before it goes there
        await env.openExternal(Uri.parse(message.url, true));
        return;
      case 'copy':
        await env.clipboard.writeText(message.text);
        return;
      case 'choose':
        await this.context.workspaceState.update(ANSWERER, message.answerer === ENDPOINT ? ENDPOINT : GUIDE);
        return this.tellAll();
      case 'set-up':
        await commands.executeCommand('backendReviewer.setUpModel');
        return this.tellAll();
    }
  }

  async #ask(text: string): Promise<void> {
    const history = this.#turns.flatMap(turn => [{ asked: turn.asked }, { said: textOf(turn) }]);
    const question = questionOf({ prompt: text, references: [], history, ...focusOf(editorPlace()) });
    const folder = folderOf(question);
    const source = new CancellationTokenSource();
    this.#answering = source;
    const settings = this.#usesEndpoint() ? endpointSettings() : undefined;
    const turn: Turn = {
      id: randomUUID(),
      asked: text,
      ...(folder ? { folder: folder.toString() } : {}),
      ...aboutOf(question.focus),
      by: settings?.name ?? 'Offline Guide',
      state: 'answering',
      blocks: [],
      references: [],
      followUps: [],
    };
    const { id } = turn;
    this.#turns = [...this.#turns, turn];
    this.#tell({ kind: 'turn', turn: pageTurn(turn) });
    const drawing = drawingOn(
      {
        text: markdown => {
          this.#change(id, each => ({ ...each, blocks: withText(each.blocks, markdown) }));
          this.#tell({ kind: 'text', turn: id, markdown });
        },
        links: links => {
          this.#change(id, each => ({ ...each, blocks: [...each.blocks, { kind: 'links', links }] }));
          this.#tellTurn(id);
        },
        reference: reference => this.#change(id, each => ({ ...each, references: [...each.references, reference] })),
        progress: says => this.#tell({ kind: 'progress', turn: id, says }),
      },
      folder?.toString(),
    );
    let failure: string | undefined;
    try {
      const model = settings && (await endpointModel(this.context.secrets, settings));
      const { name, host, maxInputTokens, callsTools } = model ?? {};
      const asked =
        name === undefined || host === undefined || maxInputTokens === undefined || callsTools === undefined
          ? undefined
          : { name, host, maxInputTokens, callsTools };
      ({ failure } = await this.questions(
        askedAs(question, folder, asked),
        {
          onPart: part => drawing.add(part),
          ...(model
            ? {
                send: (request: ChatRequest, token): AsyncIterable<ChatPart> => {
                  this.sent.add({ at: new Date(), model: model.name, host: model.host, by: '@backend', request });
                  const controller = new AbortController();
                  token.onCancellationRequested(() => controller.abort());
                  return model.send(request, controller.signal);
                },
              }
            : {}),
        },
        source.token,
      ));
    } catch (error) {
      if (!source.token.isCancellationRequested) failure = error instanceof Error ? error.message : String(error);
    }
    const { followUps } = drawing.end();
    this.#answering = undefined;
    const state = source.token.isCancellationRequested ? 'stopped' : 'answered';
    if (failure !== undefined && settings)
      failure = `${failure}. Set Up Model changes how it is reached; the offline guide, chosen below, answers without it.`;
    source.dispose();
    this.#change(id, each => ({ ...each, state, followUps, ...(failure === undefined ? {} : { failure }) }));
    this.#tellTurn(id);
    await this.#keep(kept(this.#turns));
  }

  #change(id: string, change: (turn: Turn) => Turn): void {
    this.#turns = this.#turns.map(turn => (turn.id === id ? change(turn) : turn));
  }

  /** Nothing of a conversation that was cleared meanwhile. */
  #tellTurn(id: string): void {
    const turn = this.#turns.find(each => each.id === id);
    if (turn) this.#tell({ kind: 'turn', turn: pageTurn(turn) });
  }

  async #keep(turns: readonly Turn[]): Promise<void> {
    this.#turns = turns;
    await this.context.workspaceState.update(TURNS, turns.length === 0 ? undefined : turns);
  }

  async #openFile({ turn, file, line }: Extract<FromPage, { kind: 'open' }>): Promise<void> {
    const folder = this.#turns.find(({ id }) => id === turn)?.folder;
    if (folder === undefined) return;
    const root = Uri.parse(folder);
    const uri = Uri.joinPath(root, file);
    // a model may name any file: those of the folder are opened
    if (!uri.path.startsWith(`${root.path.replace(/\/$/, '')}/`)) return;
    const at = Math.max(0, (line ?? 1) - 1);
    try {
      await window.showTextDocument(await workspace.openTextDocument(uri), { selection: new Range(at, 0, at, 0) });
    } catch {
      void window.showWarningMessage(`Backend Reviewer: ${file} cannot be opened; it may have been moved or deleted.`);
    }
  }

  #focus(): void {
    if (!this.#view) return;
    this.#tell({ kind: 'focus', ...(this.#draft === undefined ? {} : { text: this.#draft }) });
    this.#draft = undefined;
    this.#wantsFocus = false;
  }

  #tell(message: ToPage): void {
    void this.#view?.webview.postMessage(message);
  }
}

const focusOf = (editor: AskedPlace | undefined): { editor?: AskedPlace } => (editor ? { editor } : {});

function aboutOf(focus: AskParams['question']['focus']): { about?: string } {
  if (!focus) return {};
  const path = workspace.asRelativePath(Uri.parse(focus.uri), false);
  // the cursor's line alone says nothing that the person meant
  const lines = focus.endLine === undefined ? '' : `:${focus.line}-${focus.endLine}`;
  return { about: path + lines };
}

function htmlOf(webview: Webview, root: Uri): string {
  const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(root, name)).toString();
  return pageOf({
    script: address('conversation.js'),
    style: address('conversation.css'),
    source: webview.cspSource,
    nonce: randomBytes(18).toString('base64'),
  });
}
