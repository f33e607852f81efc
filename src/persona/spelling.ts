/** Puts right what was misspelt in a question, as far as only one known word can have been meant. */
import { editDistance } from '../engine/nearest';
import { isEmptyWord } from './vocabulary';

/**
 * @param known   words that need no correction
 * @param wanted  words that one may have meant
 */
export function spelling(known: ReadonlySet<string>, wanted: ReadonlySet<string>): (text: string) => string {
  const byLength = new Map<number, string[]>();
  for (const word of wanted) byLength.set(word.length, [...(byLength.get(word.length) ?? []), word]);
  const corrections = new Map<string, string>();

  function corrected(word: string): string {
    const plain = word.toLowerCase();
    if (plain.length < 5 || known.has(plain) || wanted.has(plain) || isEmptyWord(plain)) return word;
    const before = corrections.get(plain);
    if (before !== undefined) return before;
    const most = plain.length < 8 ? 1 : 2;
    let best = word;
    let distance = most + 1;
    for (let length = plain.length - most; length <= plain.length + most; length += 1)
      for (const candidate of byLength.get(length) ?? []) {
        // people get the first letter right
        if (candidate[0] !== plain[0]) continue;
        const found = editDistance(plain, candidate);
        if (found >= distance) continue;
        best = candidate;
        distance = found;
      }
    corrections.set(plain, best);
    return best;
  }
  return text => text.replace(/[A-Za-z]{5,}/g, corrected);
}
