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
    const distance = isPrefix ? 1 : editDistance(written, known);
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

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1])
        cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}
