/**
 * What the page of the conversation and the extension say to each other. The page shows files' and models' words, so it is
 * trusted with little: it names a button by its number, and never says what that runs.
 */

export interface PageReference {
  readonly file: string;
  readonly line?: number;
  readonly title?: string;
}

export type PageBlock =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'buttons'; readonly titles: readonly string[] };

export interface PageTurn {
  readonly id: string;
  readonly asked: string;
  /** What the question was about, where something was selected or open: `src/orders.ts:12-20`. */
  readonly about?: string;
  /** Who answers. */
  readonly by: string;
  readonly state: 'answering' | 'answered' | 'stopped';
  readonly blocks: readonly PageBlock[];
  readonly references: readonly PageReference[];
  readonly followUps: readonly { readonly ask: string; readonly title?: string }[];
  /** Why the answer ended before its time. */
  readonly failure?: string;
}

/** Whom a person may choose to answer. */
export interface PageAnswerer {
  readonly id: string;
  readonly title: string;
}

export type ToPage =
  | {
      readonly kind: 'conversation';
      readonly turns: readonly PageTurn[];
      readonly commands: readonly { readonly name: string; readonly description: string }[];
      readonly answerers: readonly PageAnswerer[];
      readonly chosen: string;
    }
  /** It begins, or has ended: what the page has of it is replaced. */
  | { readonly kind: 'turn'; readonly turn: PageTurn }
  | { readonly kind: 'text'; readonly turn: string; readonly markdown: string }
  | { readonly kind: 'progress'; readonly turn: string; readonly says: string }
  | { readonly kind: 'focus'; readonly text?: string };

export type FromPage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ask'; readonly text: string }
  | { readonly kind: 'stop' }
  /** The button of a block of a turn. */
  | { readonly kind: 'press'; readonly turn: string; readonly block: number; readonly button: number }
  | { readonly kind: 'open'; readonly turn: string; readonly file: string; readonly line?: number }
  | { readonly kind: 'visit'; readonly url: string }
  | { readonly kind: 'copy'; readonly text: string }
  | { readonly kind: 'choose'; readonly answerer: string }
  | { readonly kind: 'set-up' };

export const LONGEST_QUESTION = 20_000;
const LONGEST_COPY = 1_000_000;

/** A message of the page, or nothing where it is none. */
export function messageFrom(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  const text = (name: string, longest: number): string | undefined => {
    const found = given[name];
    return typeof found === 'string' && found.length > 0 && found.length <= longest ? found : undefined;
  };
  const number = (name: string): number | undefined => {
    const found = given[name];
    return typeof found === 'number' && Number.isSafeInteger(found) && found >= 0 ? found : undefined;
  };
  switch (given.kind) {
    case 'ready':
    case 'stop':
    case 'set-up':
      return { kind: given.kind };
    case 'ask': {
      const asked = text('text', LONGEST_QUESTION);
      return asked?.trim() ? { kind: 'ask', text: asked } : undefined;
    }
    case 'press': {
      const [turn, block, button] = [text('turn', 100), number('block'), number('button')];
      return turn === undefined || block === undefined || button === undefined
        ? undefined
        : { kind: 'press', turn, block, button };
    }
    case 'open': {
      const [turn, file, line] = [text('turn', 100), text('file', 1000), number('line')];
      return turn === undefined || file === undefined
        ? undefined
        : { kind: 'open', turn, file, ...(line ? { line } : {}) };
    }
    case 'visit': {
      const url = text('url', 2000);
      return url !== undefined && /^https?:\/\//i.test(url) ? { kind: 'visit', url } : undefined;
    }
    case 'copy': {
      const copied = text('text', LONGEST_COPY);
      return copied === undefined ? undefined : { kind: 'copy', text: copied };
    }
    case 'choose': {
      const answerer = text('answerer', 200);
      return answerer === undefined ? undefined : { kind: 'choose', answerer };
    }
    default:
      return undefined;
  }
}
