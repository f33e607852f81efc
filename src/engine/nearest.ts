/** What a misspelt name was probably meant to be. */

/**
 * The candidate that is nearest to `word`, or nothing when none is near: one that begins with it (or the other way
 * round), else the one with the fewest edits, as long as those are at most two fifths of the word.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const written = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(written.length * 0.4)) + 1;
  for (const candidate of candidates) {
    const known = candidate.toLowerCase();
    const isPrefix = written.length >= 3 && (known.startsWith(written) || written.startsWith(known));
    const distance = isPrefix ? 1 : editDistance(written, known, bestDistance);
    // a short name shares two edits with nearly everything
    if (distance < bestDistance && distance < Math.max(written.length, known.length) * 0.67) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** The nearest candidate as a question, else all of them as a list: the end of every message about a wrong name. */
export function didYouMean(word: string, candidates: Iterable<string>, quote = '"'): string {
  const all = [...candidates];
  const near = nearest(word, all);
  if (near !== undefined) return `did you mean ${quote}${near}${quote}?`;
  return all.length
    ? `it can be ${listed(all.map(name => `${quote}${name}${quote}`))}`
    : 'nothing is known by that name';
}

/** `a, b or c`. */
export const listed = (items: readonly string[], last = 'or'): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1]}`;

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string alignment).
 *
 * @param limit from which on it does not matter how many they are: the answer is this or more, and found sooner
 */
export function editDistance(from: string, to: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let beforeLast: number[] = [];
  let last: number[] = [];
  let current: number[] = [];
  for (let column = 0; column <= to.length; column++) last.push(column);
  let leastBefore = 0;
  for (let row = 1; row <= from.length; row++) {
    const written = from.charCodeAt(row - 1);
    const writtenBefore = from.charCodeAt(row - 2);
    current[0] = row;
    let least = row;
    let left = row;
    for (let column = 1; column <= to.length; column++) {
      const known = to.charCodeAt(column - 1);
      let cost = (last[column - 1] ?? 0) + (written === known ? 0 : 1);
      const removed = (last[column] ?? 0) + 1;
      if (removed < cost) cost = removed;
      if (left + 1 < cost) cost = left + 1;
      if (row > 1 && column > 1 && written === to.charCodeAt(column - 2) && writtenBefore === known) {
        const swapped = (beforeLast[column - 2] ?? 0) + 1;
        if (swapped < cost) cost = swapped;
      }
      current[column] = cost;
      left = cost;
      if (cost < least) least = cost;
    }
    // a swap goes on from two rows above
    if (least >= limit && leastBefore >= limit) return limit;
    leastBefore = least;
    const free = beforeLast;
    beforeLast = last;
    last = current;
    current = free;
  }
  return last[to.length] ?? 0;
}
