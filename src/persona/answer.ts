/** An answer as it streams: runs of Markdown, what it stands on, what may be done and asked next. Plain data for every surface. */
import type { Grounding, Reference } from './grounding';

export type AnswerPart =
  | { readonly kind: 'text'; readonly markdown: string }
  | { readonly kind: 'reference'; readonly reference: Reference }
  | { readonly kind: 'action'; readonly action: Action }
  /** What may be asked next, and how it reads where it is pressed rather than typed. */
  | { readonly kind: 'follow-up'; readonly ask: string; readonly title?: string }
  /** What is being done meanwhile, in a few words; no part of the answer. */
  | { readonly kind: 'progress'; readonly says: string };

/** What a person may do about it. Nothing is done by itself: each surface asks in its own way. */
export type Action =
  | {
      readonly kind: 'apply-fix';
      readonly title: string;
      readonly file: string;
      readonly fingerprint: string;
      readonly fix: number;
    }
  | { readonly kind: 'show-rule'; readonly title: string; readonly rule: string }
  | { readonly kind: 'verify-migration'; readonly title: string; readonly file: string };

/**
 * Who answers: the offline guide, and whatever speaks to a language model with the same grounding. Anything that goes
 * wrong on the way is thrown; an answer that is not known is an answer.
 */
export interface Answerer {
  /** Nothing leaves the machine. */
  readonly offline: boolean;
  answer(question: Question, grounding: Grounding, signal?: AbortSignal): AsyncIterable<AnswerPart>;
}

export interface Question {
  readonly text: string;
  /** Earlier turns of the thread, oldest first. */
  readonly thread?: readonly { readonly question: string; readonly answer: string }[];
  /** Where the person is: the open file, and the selected lines. */
  readonly focus?: Passage;
  /** What the person has put beside the question: files, folders, selections. */
  readonly attached?: readonly Passage[];
}

/** A stretch of a file; without an end the line alone, without a line the file. */
export interface Passage extends Reference {
  /** 1-based, inclusive. */
  readonly endLine?: number;
  readonly text?: string;
}

export type FollowUp = Omit<Extract<AnswerPart, { kind: 'follow-up' }>, 'kind'>;

export interface WholeAnswer {
  readonly markdown: string;
  readonly references: readonly Reference[];
  readonly actions: readonly Action[];
  readonly followUps: readonly FollowUp[];
}

/** The answer at once, for surfaces that do not stream. Each reference once. */
export async function wholeAnswer(parts: AsyncIterable<AnswerPart>): Promise<WholeAnswer> {
  let markdown = '';
  const references = new Map<string, Reference>();
  const actions: Action[] = [];
  const followUps: FollowUp[] = [];
  for await (const part of parts)
    switch (part.kind) {
      case 'text':
        markdown += part.markdown;
        break;
      case 'reference':
        keep(references, part.reference);
        break;
      case 'action':
        actions.push(part.action);
        break;
      case 'follow-up':
        followUps.push(part);
        break;
      case 'progress':
        break;
    }
  return { markdown: `${markdown.trim()}\n`, references: [...references.values()], actions, followUps };
}

/** What a place was first named for stays. */
function keep(references: Map<string, Reference>, reference: Reference): void {
  const place = `${reference.file}:${reference.line ?? ''}`;
  if (!references.has(place)) references.set(place, reference);
}

export const text = (markdown: string): AnswerPart => ({ kind: 'text', markdown });

/** A paragraph or block of its own. */
export const block = (markdown: string): AnswerPart => text(`${markdown.trim()}\n\n`);

export const refer = (reference: Reference): AnswerPart => ({ kind: 'reference', reference });

export const followUp = (ask: string, title?: string): AnswerPart => ({
  kind: 'follow-up',
  ask,
  ...(title === undefined ? {} : { title }),
});

/** `src/orders.ts:12`, as a Markdown link that every surface resolves against the workspace. */
export function linkTo({ file, line }: Reference): string {
  // a file may be called anything, also like a link
  const shown = `${file}${line === undefined ? '' : `:${line}`}`.replace(/[[\]\\`*<>]/g, '\\$&').replace(/\s/g, ' ');
  const target = encodeURI(file).replaceAll('(', '%28').replaceAll(')', '%29');
  return `[${shown}](${target}${line === undefined ? '' : `#L${line}`})`;
}
