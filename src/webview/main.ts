/** The page of the conversation: shows what the extension tells, and tells what a person does. It knows nothing by itself. */
import './conversation.css';
import { composer } from './composer';
import type { FromPage, PageTurn, ToPage } from './messages';
import { pressed, type TurnView, turnView } from './turnView';

declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const tell = (message: FromPage): void => vscode.postMessage(message);

const element = <Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind => {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
};
const log = element('log', HTMLElement);
const welcome = element('welcome', HTMLElement);
const status = element('status', HTMLElement);
const send = element('send', HTMLButtonElement);
const answerer = element('answerer', HTMLSelectElement);

const SUGGESTED: readonly { readonly ask: string; readonly title: string }[] = [
  { ask: '/review', title: 'Review what is here' },
  { ask: '/schema', title: 'Show the schema' },
  { ask: '/architecture', title: 'Where would it give way?' },
  { ask: '/checklist before', title: 'What to ask before I begin' },
];

const views = new Map<string, TurnView>();
let turns: PageTurn[] = [];
let hints: Extract<ToPage, { kind: 'conversation' }>['commands'] = [];

const isAnswering = (): boolean => turns.some(({ state }) => state === 'answering');

function ask(text: string): void {
  if (isAnswering()) return;
  writing.set('');
  tell({ kind: 'ask', text });
}

function stop(): void {
  if (isAnswering()) tell({ kind: 'stop' });
}

const writing = composer({
  input: element('question', HTMLTextAreaElement),
  list: element('commands', HTMLElement),
  asked: () => turns.map(turn => turn.asked),
  commands: () => hints,
  send: ask,
  stop,
  changed: draft => vscode.setState({ draft }),
});

/** Follows the answer down, unless the person has scrolled up to read. */
function following(change: () => void): void {
  const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
  change();
  if (isAtEnd) requestAnimationFrame(() => log.scrollTo({ top: log.scrollHeight }));
}

function viewOf(id: string): TurnView {
  const known = views.get(id);
  if (known) return known;
  const view = turnView(tell, ask);
  views.set(id, view);
  log.append(view.element);
  return view;
}

function showState(): void {
  const busy = isAnswering();
  welcome.hidden = turns.length > 0;
  send.textContent = busy ? 'Stop' : 'Ask';
  send.setAttribute('aria-label', busy ? 'Stop the answer' : 'Ask');
  log.setAttribute('aria-busy', String(busy));
}

function showTurn(turn: PageTurn): void {
  const before = turns.find(({ id }) => id === turn.id);
  turns = before ? turns.map(each => (each.id === turn.id ? turn : each)) : [...turns, turn];
  following(() => viewOf(turn.id).show(turn));
  if (!before) log.scrollTo({ top: log.scrollHeight });
  if (turn.state === 'answering') status.textContent = `${turn.by} answers`;
  else if (before?.state === 'answering')
    status.textContent =
      turn.state === 'stopped' ? 'Stopped' : turn.failure === undefined ? 'The answer is complete' : turn.failure;
  showState();
}

function showConversation(told: Extract<ToPage, { kind: 'conversation' }>): void {
  views.clear();
  turns = [...told.turns];
  hints = told.commands;
  log.replaceChildren(welcome);
  for (const turn of turns) viewOf(turn.id).show(turn);
  answerer.replaceChildren(...told.answerers.map(({ id, title }) => new Option(title, id, false, id === told.chosen)));
  showState();
  requestAnimationFrame(() => log.scrollTo({ top: log.scrollHeight }));
}

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => {
  switch (data.kind) {
    case 'conversation':
      return showConversation(data);
    case 'turn':
      return showTurn(data.turn);
    case 'text':
      return following(() => viewOf(data.turn).add(data.markdown));
    case 'progress':
      return viewOf(data.turn).progress(data.says);
    case 'focus':
      if (data.text !== undefined) writing.set(data.text);
      return writing.focus();
  }
});

send.addEventListener('click', () => {
  const text = element('question', HTMLTextAreaElement).value.trim();
  if (isAnswering()) stop();
  else if (text !== '') ask(text);
  writing.focus();
});
document.addEventListener('keydown', event => {
  if (event.key === 'Escape') stop();
});
answerer.addEventListener('change', () => {
  tell(answerer.value === 'set-up' ? { kind: 'set-up' } : { kind: 'choose', answerer: answerer.value });
});
element('suggested', HTMLElement).append(
  ...SUGGESTED.map(({ ask: text, title }) => pressed(title, 'follow-up', () => ask(text))),
);

const kept = vscode.getState();
if (typeof kept === 'object' && kept !== null && 'draft' in kept && typeof kept.draft === 'string')
  writing.set(kept.draft);
tell({ kind: 'ready' });
