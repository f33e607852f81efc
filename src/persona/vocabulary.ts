/** The words of questions: which carry nothing, which mean the same, and how a word is brought to its stem. */

import { MEANINGS } from './meanings';

/** Words that a question has whatever it is about. */
const EMPTY_WORDS = new Set(
  `a about across actually after again all also although always am an and any anybody anyone anything are around as ask at away be became because become been before being
best better between both but by came can cannot cant come could couldnt currently day did didnt do does doesnt doing done dont down each easy either else even ever every everything example explain few find fine first for from get gets getting
give given go goes going good got guys had has have havent having he hello help her here hey hi him his how however i id if ill im in instead into is isnt it its ive just keep kind know lately let lets like little look lot
made make makes making many may maybe me mean might mine more most much must my myself need needs never new nice no not nothing now of off often ok okay on once one only or other our ours out over own people per please possible pretty probably properly put question quite rather really recommend
right same say says see seem seems shall she should shouldnt show since so some somebody someone something somewhere sometimes soon still stuff such sure take tell than thank thanks that thats the their them then there these they thing things think this those though through time times to today together told too took
tried try trying two under until up upon us use used useful uses using usually very want wants was way ways we well went were what whats when where whether which while who whole whom whose why will wish with within without wont work working works would wrong yes yet you your yours
takes hours hour minutes seconds days mess vs versus approach coming comes sorry fatal stop stopped keeps kept happen happens happening instead regarding app application backend code currently dev engineer entire implement implementing implementation project problem setup team thoughts u ur pls plz wanna gonna dunno`.split(
    /\s+/,
  ),
);

const meaningOf = new Map<string, string>();
const phraseMeanings = new Map<string, string>();
for (const [means = '', ...others] of MEANINGS)
  for (const word of [means, ...others])
    if (/^[a-z0-9]+$/.test(word)) meaningOf.set(word, means);
    else phraseMeanings.set(spaced(word), means);

/** A space or a hyphen between words is the same. */
function spaced(words: string): string {
  return words.replace(/[\s-]+/g, ' ');
}

/** All phrases at once; the longer one says more: `read replica lag` before `replica`. */
const PHRASES = new RegExp(
  `(?<![a-z0-9])(?:${[...phraseMeanings.keys()]
    .toSorted((left, right) => right.length - left.length)
    .map(phrase => phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '[\\s-]+'))
    .join('|')})(?![a-z0-9])`,
  'g',
);

/** The terms of a text, stemmed, with one term for words of one meaning. */
export function termsOf(text: string): readonly string[] {
  const plain = text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(PHRASES, phrase => ` ${phraseMeanings.get(spaced(phrase)) ?? phrase} `);
  const words = plain.replaceAll("'", '').match(/[a-z0-9_]+(?:\.[a-z0-9_]+)*/g) ?? [];
  return words.flatMap(word => {
    // a number says how much, not of what
    if (EMPTY_WORDS.has(word) || word.length < 2 || /^[\d.]+[a-z]{0,2}$/.test(word)) return [];
    return [meaningOf.get(word) ?? stemOf(word)];
  });
}

/** Enough of a stem that a plural and an `-ing` find each other. */
export function stemOf(word: string): string {
  if (word.length < 5 || /[_.\d]/.test(word)) return word;
  const stem = word
    .replace(/ies$/, 'y')
    .replace(/(?:sses)$/, 'ss')
    .replace(/([^s])s$/, '$1')
    .replace(/(?:ing|ed)$/, '')
    .replace(/([bdgmnprt])\1$/, '$1');
  const plain = stem.length < 3 ? word : stem;
  return meaningOf.get(plain) ?? plain;
}

/** Whether a term is one that stands for several words of the trade, rather than a word as it came. */
export const isOfTheTrade = (term: string): boolean => TRADE.has(term);
const TRADE: ReadonlySet<string> = new Set(MEANINGS.map(([means = '']) => means));

/** Words that are known to mean something, for telling what was misspelt. */
export const knownWords: ReadonlySet<string> = new Set(
  MEANINGS.flat()
    .flatMap(words => words.split(/[\s-]+/))
    .filter(word => /^[a-z]{4,}$/.test(word)),
);

export const isEmptyWord = (word: string): boolean => EMPTY_WORDS.has(word);
