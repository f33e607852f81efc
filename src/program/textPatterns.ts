/**
 * What a regular expression says of the texts that it lets through: which characters they may hold. Enough to tell
 * `^[a-z_]+$` from `^[a-z_]+`, and not a regular expression engine: what is not understood allows everything.
 */

import { constantText } from './strings';
import type { Value } from './value';

/** Characters that a text may hold: ASCII ones by their code, and whether it may hold any other. */
export interface Alphabet {
  readonly ascii: ReadonlySet<number>;
  readonly others: boolean;
}

/** A regular expression, be it a text that a call takes for one. */
export function patternIn(value: Value): { readonly pattern: string; readonly flags: string } | undefined {
  if (value.shape.kind === 'regex') return value.shape;
  const text = value.shape.kind === 'text' ? constantText(value.shape.pieces) : undefined;
  return text === undefined ? undefined : { pattern: text, flags: '' };
}

const ASCII = 128;

const alphabetOf = (holds: (character: string) => boolean, others = false): Alphabet => ({
  ascii: new Set(Array.from({ length: ASCII }, (_, code) => code).filter(code => holds(String.fromCharCode(code)))),
  others,
});

const NOTHING = alphabetOf(() => false);
const ANYTHING = alphabetOf(() => true, true);
const WORD = alphabetOf(character => /\w/.test(character));
const DIGIT = alphabetOf(character => /\d/.test(character));
const SPACE = alphabetOf(character => /\s/.test(character), true);

const union = (left: Alphabet, right: Alphabet): Alphabet => ({
  ascii: new Set([...left.ascii, ...right.ascii]),
  others: left.others || right.others,
});

const complement = ({ ascii, others }: Alphabet): Alphabet =>
  alphabetOf(character => !ascii.has(character.charCodeAt(0)), !others);

/** Both cases of every letter. */
const caseless = ({ ascii, others }: Alphabet): Alphabet =>
  alphabetOf(
    character => ascii.has(character.toLowerCase().charCodeAt(0)) || ascii.has(character.toUpperCase().charCodeAt(0)),
    others,
  );

/**
 * The characters of texts that match as a whole; nothing when more may stand before or behind what matches.
 * @param anchored  what the call that matches sees to itself: that it matches from the start, or all of the text
 */
export function matchedBy(pattern: string, flags: string, anchored?: 'start' | 'both'): Alphabet | undefined {
  if (flags.includes('m') || flags.includes('v')) return undefined;
  const read = new Reading(pattern, anchored);
  const found = read.alternatives(true);
  if (!found || !read.atEnd) return undefined;
  return flags.includes('i') ? caseless(found) : found;
}

/** The characters of what matches, whatever stands around it. */
export function partsMatchedBy(pattern: string, flags: string): Alphabet | undefined {
  const read = new Reading(pattern);
  const found = read.alternatives(false);
  if (!found || !read.atEnd || flags.includes('v')) return undefined;
  return flags.includes('i') ? caseless(found) : found;
}

/** The characters of texts in which nothing matches, where the pattern is one character or a class of them. */
export function leftBy(pattern: string, flags: string): Alphabet | undefined {
  const read = new Reading(pattern);
  const found = read.character();
  if (!found) return undefined;
  if (!read.atEnd && !read.take('+')) return undefined;
  if (!read.atEnd) return undefined;
  return complement(flags.includes('i') ? caseless(found) : found);
}

/** Whether a text of these characters is nothing but a name, a number or a list of them, wherever it stands in a statement. */
export const isWordy = ({ ascii, others }: Alphabet): boolean =>
  !others && [...ascii].every(code => /[\w.,:$-]/.test(String.fromCharCode(code)));

/** The quotes, and the backslash, that a text of these characters cannot hold. */
export const quotesNotIn = ({ ascii }: Alphabet): string =>
  [...'\'"`\\'].filter(quote => !ascii.has(quote.charCodeAt(0))).join('');

/** Reads a regular expression from left to right. Every method gives nothing where it does not understand what stands there. */
class Reading {
  private offset = 0;

  constructor(
    private readonly pattern: string,
    private readonly anchoredBy?: 'start' | 'both',
  ) {}

  get atEnd(): boolean {
    return this.offset >= this.pattern.length;
  }

  take(text: string): boolean {
    if (!this.pattern.startsWith(text, this.offset)) return false;
    this.offset += text.length;
    return true;
  }

  private taken(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.pattern)?.[0];
    if (found !== undefined) this.offset += found.length;
    return found;
  }

  /** @param anchored  each alternative must hold for a text from its beginning to its end */
  alternatives(anchored: boolean): Alphabet | undefined {
    let all: Alphabet = NOTHING;
    do {
      const one = this.sequence(anchored);
      if (!one) return undefined;
      all = union(all, one);
    } while (this.take('|'));
    return all;
  }

  private sequence(anchored: boolean): Alphabet | undefined {
    const begins = this.take('^') || this.take('\\A');
    let ends = false;
    let all: Alphabet = NOTHING;
    while (!this.atEnd && !this.pattern.startsWith('|', this.offset) && !this.pattern.startsWith(')', this.offset)) {
      if (this.take('$') || this.take('\\Z') || this.take('\\z')) {
        ends = true;
        continue;
      }
      if (ends) return undefined;
      // a group that is all of the pattern may hold the anchors
      const item = this.item(anchored && !begins && all === NOTHING);
      if (!item) return undefined;
      all = union(all, item.alphabet);
      if (item.anchored && (this.atEnd || this.pattern.startsWith('|', this.offset))) return all;
    }
    return !anchored || ((begins || this.anchoredBy) && (ends || this.anchoredBy === 'both')) ? all : undefined;
  }

  private item(mayAnchor: boolean): { readonly alphabet: Alphabet; readonly anchored: boolean } | undefined {
    const start = this.offset;
    // what is only looked at is no part of the text
    if (this.taken(/\(\?<?[=!]/y) !== undefined)
      return this.alternatives(false) && this.take(')') ? { alphabet: NOTHING, anchored: false } : undefined;
    if (this.taken(/\\[bB]/y) !== undefined) return { alphabet: NOTHING, anchored: false };
    if (this.taken(/\((?:\?(?::|<\w+>|P<\w+>))?(?!\?)/y) !== undefined) {
      const inside = this.offset;
      if (mayAnchor) {
        const whole = this.alternatives(true);
        if (whole && this.take(')') && this.taken(QUANTIFIER) === undefined) return { alphabet: whole, anchored: true };
        this.offset = inside;
      }
      const group = this.alternatives(false);
      if (!group || !this.take(')')) return undefined;
      this.taken(QUANTIFIER);
      return { alphabet: group, anchored: false };
    }
    const character = this.character();
    if (!character || this.offset === start) return undefined;
    this.taken(QUANTIFIER);
    return { alphabet: character, anchored: false };
  }

  /** One character, or one of a class. */
  character(): Alphabet | undefined {
    if (this.take('.')) return ANYTHING;
    if (this.take('[')) return this.characterClass();
    if (this.pattern.startsWith('\\', this.offset)) return this.escaped();
    const literal = this.taken(/[^()[\]{}*+?|^$\\.]/y);
    return literal === undefined ? undefined : single(literal);
  }

  private escaped(): Alphabet | undefined {
    if (this.taken(/\\[pP]\{[^}]*\}/y) !== undefined) return ANYTHING;
    const [, letter] = this.taken(/\\./sy) ?? '';
    switch (letter) {
      case undefined:
        return undefined;
      case 'w':
        return WORD;
      case 'W':
        return complement(WORD);
      case 'd':
        return DIGIT;
      case 'D':
        return complement(DIGIT);
      case 's':
        return SPACE;
      case 'S':
        return complement(SPACE);
      case 'n':
        return single('\n');
      case 't':
        return single('\t');
      case 'r':
        return single('\r');
      default:
        // `\x27`, `\u0027` and back references are left alone
        return /[a-zA-Z0-9]/.test(letter) ? undefined : single(letter);
    }
  }

  private characterClass(): Alphabet | undefined {
    const negated = this.take('^');
    let all: Alphabet = NOTHING;
    for (let first = true; !this.take(']') || first; first = false) {
      if (this.atEnd) return undefined;
      const low = this.classCharacter();
      if (!low) return undefined;
      const range = /^-[^\]\\]/.test(this.pattern.slice(this.offset));
      if (!range) {
        all = union(all, low);
        continue;
      }
      this.take('-');
      const high = this.classCharacter();
      const from = only(low);
      const to = high && only(high);
      if (from === undefined || to === undefined) return undefined;
      all = union(
        all,
        alphabetOf(character => from <= character.charCodeAt(0) && character.charCodeAt(0) <= to),
      );
    }
    return negated ? complement(all) : all;
  }

  private classCharacter(): Alphabet | undefined {
    if (this.pattern.startsWith('\\', this.offset)) return this.escaped();
    const literal = this.taken(/[^\\]/y);
    return literal === undefined ? undefined : single(literal);
  }
}

const QUANTIFIER = /(?:[*+?]|\{\d*,?\d*\})[?+]?/y;

const single = (character: string): Alphabet =>
  character.charCodeAt(0) < ASCII ? alphabetOf(each => each === character) : { ascii: new Set(), others: true };

/** The code of an alphabet's only character. */
const only = ({ ascii, others }: Alphabet): number | undefined =>
  others || ascii.size !== 1 ? undefined : [...ascii][0];
