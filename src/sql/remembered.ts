/** What is found in a text, kept for those who ask again: one text is looked at for its migration, its queries and its comments. */
import type { Dialect } from './dialect';

/** Texts in one file's review are some hundreds; so many stay at hand, the oldest go first. */
const MOST = 4000;
/** A dump of a schema is read once and would only be held in memory. */
const LONGEST = 20_000;

/** A function of a text that finds each answer once, for the latest few thousand texts. What it throws is not kept. */
export function remembered<T>(find: (text: string) => T, most = MOST): (text: string) => T {
  const known = new Map<string, { readonly answer: T }>();
  return text => {
    if (text.length > LONGEST) return find(text);
    const before = known.get(text);
    if (before) return before.answer;
    const answer = find(text);
    if (known.size >= most)
      for (const oldest of known.keys()) {
        known.delete(oldest);
        break;
      }
    known.set(text, { answer });
    return answer;
  };
}

/** The texts of a history's folder, up and down. */
const MOST_BY_DIALECT = 500;

/** The same for what depends on the dialect, too. */
export function rememberedByDialect<T>(
  find: (text: string, dialect: Dialect) => T,
): (text: string, dialect: Dialect) => T {
  const known = new Map<Dialect, (text: string) => T>();
  return (text, dialect) => {
    let reader = known.get(dialect);
    if (!reader) {
      reader = remembered(given => find(given, dialect), MOST_BY_DIALECT);
      known.set(dialect, reader);
    }
    return reader(text);
  };
}
