/** What a question points back to, where it says too little by itself: "why is that dangerous?", "how do I fix the second one?". */
import type { Question } from './answer';

/** What is meant: a finding that the last answer showed, to be explained or mended, or what was asked before. */
export type Pointed =
  | { readonly kind: 'finding'; readonly at: string; readonly wants: 'explain' | 'fix' }
  | { readonly kind: 'question'; readonly text: string };

const POINTS =
  /\b(?:that|this|it|its|those|these|them|they|one|ones|(?:the|your) (?:first|second|third|fourth|fifth|last|finding|fix|answer|former|latter))\b|^(?:and|but|so|why|how come|ok(?:ay)?|then|what about|how about)\b/i;
const FIXES = /\b(?:fix|mend|solve|repair|correct|resolve|get rid of)\b/i;
const ORDINALS: readonly RegExp[] = [/\bfirst\b/i, /\bsecond\b/i, /\bthird\b/i, /\bfourth\b/i, /\bfifth\b/i];

/** Words that say nothing of a matter: a question of these alone is about what was shown, whatever a playbook is called. */
const BARE = new Set(
  'how do does did i we you can could should would to the a an of is are was and but so why what then ok okay please show me explain tell more about happens happen matters matter dangerous bad wrong problem risky risk serious exactly again actually that this it its those these them they one ones first second third fourth fifth last finding fix mend solve repair correct resolve be'.split(
    ' ',
  ),
);

export const isBare = (text: string): boolean =>
  (text.toLowerCase().match(/[a-z]+/g) ?? []).every(word => BARE.has(word));

/** A file with a line, as answers cite their findings. */
const PLACE = /(?<![\w/.-])([\w@./-]*\w\.[a-z]{1,5}:\d+)(?!\d)/g;

/** Nothing where the question stands alone, or there is nothing before it. */
export function pointedAt(text: string, thread: Question['thread'] = []): Pointed | undefined {
  const last = thread.at(-1);
  if (!last || !POINTS.test(text.trim())) return undefined;
  const places = [...new Set([...last.answer.matchAll(PLACE)].map(([, place = '']) => place))];
  const asked = ORDINALS.findIndex(each => each.test(text));
  const at = /\blast\b/i.test(text) ? places.at(-1) : places[Math.max(0, asked)];
  if (at !== undefined) return { kind: 'finding', at, wants: FIXES.test(text) ? 'fix' : 'explain' };
  return last.question.startsWith('/') ? undefined : { kind: 'question', text: `${last.question}\n${text}` };
}
