/** A chat's request as a question: its command and words, the thread, what is attached, and where the person is. */
import type { AskedPlace, AskParams } from '../../server/protocol';

/** What VS Code tells, as plain data. */
export interface ChatAsked {
  readonly prompt: string;
  readonly command?: string;
  readonly references: readonly {
    /** Where it stands in the prompt. */
    readonly range?: readonly [start: number, end: number];
    readonly place?: AskedPlace;
    /** A text without a place. */
    readonly text?: string;
    /** The editor in front of the person, which nobody attached. */
    readonly implicit?: boolean;
  }[];
  /** Oldest first: of this participant alone. */
  readonly history: readonly ({ readonly said: string } | { readonly asked: string; readonly command?: string })[];
  /** The open file, with its selection. */
  readonly editor?: AskedPlace;
}

/** Turns that are kept: what lies further back is seldom meant. */
const MOST_TURNS = 12;

export function questionOf({ prompt, command, references, history, editor }: ChatAsked): AskParams['question'] {
  const explicit = references.filter(({ implicit }) => !implicit);
  const attached = explicit.flatMap(({ place }) => (place ? [place] : []));
  const texts = explicit.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const focus = editor ?? references.find(({ implicit, place }) => implicit && place)?.place;
  const words = withoutRanges(prompt, explicit);
  const text = [command === undefined ? words : `/${command} ${words}`.trim(), ...texts].filter(Boolean).join('\n\n');
  const thread = threadOf(history);
  return {
    text,
    ...(thread.length > 0 ? { thread } : {}),
    ...(attached.length > 0 ? { attached } : {}),
    ...(focus ? { focus } : {}),
  };
}

/** The words without `#file:orders.ts`, which is attached. */
function withoutRanges(prompt: string, references: ChatAsked['references']): string {
  let rest = prompt;
  const ranges = references.flatMap(({ range, place }) => (range && place ? [range] : []));
  for (const [start, end] of ranges.toSorted((a, b) => b[0] - a[0])) rest = rest.slice(0, start) + rest.slice(end);
  return rest.replace(/[ \t]{2,}/g, ' ').trim();
}

function threadOf(history: ChatAsked['history']): { question: string; answer: string }[] {
  const turns: { question: string; answer: string }[] = [];
  for (const turn of history) {
    if ('asked' in turn)
      turns.push({
        question: turn.command === undefined ? turn.asked : `/${turn.command} ${turn.asked}`.trim(),
        answer: '',
      });
    else {
      const last = turns.at(-1);
      if (last) last.answer += turn.said;
    }
  }
  return turns.filter(({ answer }) => answer !== '').slice(-MOST_TURNS);
}
