/** One question with its answer, as it grows. */
import { fragmentOf } from './fragment';
import { fileIn } from './markdown';
import type { FromPage, PageBlock, PageReference, PageTurn } from './messages';

export type Tell = (message: FromPage) => void;

export interface TurnView {
  readonly element: HTMLElement;
  /** Begun, or ended: as a whole. */
  show(turn: PageTurn): void;
  add(markdown: string): void;
  progress(says: string): void;
}

/** @param ask  asks a follow-up */
export function turnView(tell: Tell, ask: (text: string) => void): TurnView {
  const element = document.createElement('article');
  element.className = 'turn';
  const question = make('h2', 'question');
  const about = make('p', 'about');
  const references = make('details', 'references');
  const answer = make('div', 'answer');
  const progress = make('p', 'progress');
  const failure = make('p', 'failure');
  const next = make('div', 'next');
  element.append(question, about, references, answer, progress, failure, next);

  let id = '';
  let written = '';
  let block: HTMLElement | undefined;
  let drawing = 0;

  const draw = (): void => {
    drawing = 0;
    if (block) fill(block, written, tell, id);
  };

  const showBlock = (shown: PageBlock, index: number): HTMLElement => {
    if (shown.kind === 'text') {
      const text = make('div', 'text');
      fill(text, shown.markdown, tell, id);
      return text;
    }
    const buttons = make('div', 'buttons');
    buttons.append(
      ...shown.titles.map((title, button) =>
        pressed(title, 'action', () => tell({ kind: 'press', turn: id, block: index, button })),
      ),
    );
    return buttons;
  };

  return {
    element,
    show(turn) {
      ({ id } = turn);
      element.setAttribute('aria-label', `Question: ${turn.asked.slice(0, 200)}`);
      element.setAttribute('aria-busy', String(turn.state === 'answering'));
      question.textContent = turn.asked;
      about.textContent = turn.about ?? '';
      cancelAnimationFrame(drawing);
      answer.replaceChildren(...turn.blocks.map(showBlock));
      const last = turn.blocks.at(-1);
      block = last?.kind === 'text' ? (answer.lastElementChild as HTMLElement) : undefined;
      written = last?.kind === 'text' ? last.markdown : '';
      showReferences(references, turn.references, tell, id);
      progress.textContent =
        turn.state === 'answering' && turn.blocks.length === 0
          ? 'Looks at the workspace…'
          : turn.state === 'stopped'
            ? 'Stopped.'
            : '';
      failure.textContent = turn.failure === undefined ? '' : `The answer ended before its time: ${turn.failure}`;
      next.replaceChildren(
        ...turn.followUps.map(({ ask: text, title }) => pressed(title ?? text, 'follow-up', () => ask(text))),
      );
    },
    add(markdown) {
      progress.textContent = '';
      if (!block) {
        block = make('div', 'text');
        written = '';
        answer.append(block);
      }
      written += markdown;
      // as often as the screen shows it, however fast it comes
      drawing ||= requestAnimationFrame(draw);
    },
    progress(says) {
      progress.textContent = `${says}…`;
    },
  };
}

function fill(element: HTMLElement, markdown: string, tell: Tell, turn: string): void {
  const fragment = fragmentOf(markdown);
  for (const pre of fragment.querySelectorAll('pre')) frameCode(pre, tell);
  for (const table of fragment.querySelectorAll('table')) {
    const frame = make('div', 'table');
    frame.tabIndex = 0;
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const link of fragment.querySelectorAll('a')) follow(link, tell, turn);
  element.replaceChildren(fragment);
}

/** The language, and a button that copies. */
function frameCode(pre: HTMLPreElement, tell: Tell): void {
  const code = pre.querySelector('code');
  const language = /language-([\w+#.-]+)/.exec(code?.className ?? '')?.[1] ?? 'text';
  const frame = make('div', 'code');
  const head = make('div', 'code-head');
  const name = make('span', 'code-language');
  name.textContent = language;
  const text = pre.textContent ?? '';
  head.append(
    name,
    pressed('Copy', 'copy', button => {
      tell({ kind: 'copy', text });
      button.textContent = 'Copied';
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 1500);
    }),
  );
  pre.tabIndex = 0;
  pre.replaceWith(frame);
  frame.append(head, pre);
}

function follow(link: HTMLAnchorElement, tell: Tell, turn: string): void {
  const target = link.getAttribute('href') ?? '';
  const file = fileIn(target);
  link.addEventListener('click', event => {
    event.preventDefault();
    if (file) tell({ kind: 'open', turn, ...file });
    else if (target !== '') tell({ kind: 'visit', url: target });
  });
}

function showReferences(element: HTMLElement, all: readonly PageReference[], tell: Tell, turn: string): void {
  element.replaceChildren();
  element.hidden = all.length === 0;
  if (all.length === 0) return;
  const head = document.createElement('summary');
  head.textContent = `Stands on ${all.length} ${all.length === 1 ? 'reference' : 'references'}`;
  const list = document.createElement('ul');
  for (const { file, line, title } of all) {
    const place = line === undefined ? file : `${file}:${line}`;
    const item = document.createElement('li');
    item.append(
      pressed(place, 'reference', () => tell({ kind: 'open', turn, file, ...(line === undefined ? {} : { line }) })),
    );
    if (title !== undefined && title !== file) item.append(` ${title}`);
    list.append(item);
  }
  element.append(head, list);
}

function make<Name extends 'div' | 'p' | 'h2' | 'span' | 'details'>(
  name: Name,
  className: string,
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  element.className = className;
  return element;
}

export function pressed(
  title: string,
  className: string,
  press: (button: HTMLButtonElement) => void,
): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = className;
  button.textContent = title;
  button.addEventListener('click', () => press(button));
  return button;
}
