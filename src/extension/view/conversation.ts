/** The turns of the view's conversation: what is kept of them, and what the page sees. */
import type { FollowUp } from '../../persona/answer';
import type { Reference } from '../../persona/grounding';
import type { PageTurn } from '../../webview/messages';
import { type CommandLink, LINKED } from '../chat/drawing';

export type Block =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'links'; readonly links: readonly CommandLink[] };

export interface Turn {
  readonly id: string;
  readonly asked: string;
  /** The folder that the answer's files are below, as a URI. */
  readonly folder?: string;
  readonly about?: string;
  readonly by: string;
  readonly state: PageTurn['state'];
  readonly blocks: readonly Block[];
  readonly references: readonly Reference[];
  readonly followUps: readonly FollowUp[];
  readonly failure?: string;
}

/** What a window keeps: older turns are seldom looked at, and all of it is read when the view opens. */
const MOST_TURNS = 40;
const MOST_CHARACTERS = 400_000;

/** The newest that fit. */
export function kept(turns: readonly Turn[]): readonly Turn[] {
  let left = MOST_CHARACTERS;
  const newest = turns.slice(-MOST_TURNS);
  const from = newest.findLastIndex(turn => {
    left -= turn.asked.length + textOf(turn).length;
    return left < 0;
  });
  return newest.slice(from + 1);
}

/** What was kept by an earlier window; another version's, or nobody's, is nothing. */
export function turnsIn(stored: unknown): readonly Turn[] {
  return Array.isArray(stored) ? stored.filter(isTurn).map(turn => ({ ...turn, state: endedState(turn) })) : [];
}

/** A window that was closed in the middle of an answer stopped it. */
const endedState = ({ state }: Turn): Turn['state'] => (state === 'answering' ? 'stopped' : state);

export const textOf = ({ blocks }: Turn): string =>
  blocks.map(block => (block.kind === 'text' ? block.markdown : '')).join('');

/** Runs of text are one block, so that a list or a table that comes in pieces stays one. */
export function withText(blocks: readonly Block[], markdown: string): readonly Block[] {
  const last = blocks.at(-1);
  return last?.kind === 'text'
    ? [...blocks.slice(0, -1), { kind: 'text', markdown: last.markdown + markdown }]
    : [...blocks, { kind: 'text', markdown }];
}

export const pageTurn = ({ blocks, references, followUps, folder: _, ...turn }: Turn): PageTurn => ({
  ...turn,
  blocks: blocks.map(block =>
    block.kind === 'text'
      ? block
      : { kind: 'buttons', titles: block.links.map(({ title }) => title.replace(/^\$\([a-z-]+\) /, '')) },
  ),
  references: references.map(({ file, line, title }) => ({
    file,
    ...(line === undefined ? {} : { line }),
    ...(title === undefined ? {} : { title }),
  })),
  followUps: followUps.map(({ ask, title }) => ({ ask, ...(title === undefined ? {} : { title }) })),
});

/** What a button of an answer runs: one of the few commands that an answer may offer, or nothing. */
export function linkAt(turns: readonly Turn[], id: string, block: number, button: number): CommandLink | undefined {
  const found = turns.find(turn => turn.id === id)?.blocks[block];
  const link = found?.kind === 'links' ? found.links[button] : undefined;
  return link && RUN.has(link.command) ? link : undefined;
}

const RUN: ReadonlySet<string> = new Set(Object.values(LINKED));

function isTurn(value: unknown): value is Turn {
  if (typeof value !== 'object' || value === null) return false;
  const turn = value as Readonly<Record<keyof Turn, unknown>>;
  return (
    [turn.id, turn.asked, turn.by].every(each => typeof each === 'string') &&
    [turn.references, turn.followUps].every(each => Array.isArray(each)) &&
    Array.isArray(turn.blocks) &&
    turn.blocks.every(isBlock) &&
    ['answering', 'answered', 'stopped'].includes(String(turn.state))
  );
}

const isBlock = (value: unknown): value is Block =>
  typeof value === 'object' &&
  value !== null &&
  (('markdown' in value && typeof value.markdown === 'string') || ('links' in value && Array.isArray(value.links)));
