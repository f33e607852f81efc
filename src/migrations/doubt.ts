/**
 * What of a schema is in doubt behind steps that were not understood in full: what their texts speak of. The rest of it
 * is as certain as before.
 */
export interface Doubt {
  /** Anything may be otherwise. */
  readonly isWhole: boolean;
  /** Every word of the texts that were not understood, in small letters. */
  readonly words: ReadonlySet<string>;
}

export const NO_DOUBT: Doubt = { isWhole: false, words: new Set() };
export const WHOLE_DOUBT: Doubt = { isWhole: true, words: new Set() };

export const isNoDoubt = ({ isWhole, words }: Doubt): boolean => !isWhole && words.size === 0;

/** The doubt with what these texts speak of. */
export const widened = (before: Doubt, texts: readonly string[]): Doubt =>
  texts.length === 0 ? before : { ...before, words: new Set([...before.words, ...texts.flatMap(wordsOf)]) };

/** Whether something is as certain as it was without the steps that were not understood. */
export const isBeyondDoubt = ({ isWhole, words }: Doubt, names: readonly string[]): boolean =>
  !isWhole && !names.some(name => wordsOf(name).some(word => words.has(word) || isMadeFrom(word, words)));

/** `'orders_' || year` makes names that no text holds. */
export function isMadeFrom(name: string, words: ReadonlySet<string>): boolean {
  for (let at = name.indexOf('_'); at >= 0; at = name.indexOf('_', at + 1))
    if (words.has(name.slice(0, at + 1))) return true;
  return false;
}

export const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? [];
