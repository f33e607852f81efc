/** A parser that remembers what it read: while one types, nearly every text of a file is the one of the review before. */
import type { SqlParser } from './parser';

/** Texts in one file's review are some hundreds; so many stay at hand, the oldest go first. */
const MOST = 4000;
/** A dump of a schema is read once and would only be held in memory. */
const LONGEST = 20_000;

/** The same answers, each found once. */
export function remembering(parser: SqlParser): SqlParser {
  const { names, blocks } = parser;
  return {
    dialect: parser.dialect,
    read: remembered(text => parser.read(text)),
    accepts: remembered(text => parser.accepts(text)),
    ...(names ? { names: remembered(text => names(text)) } : {}),
    ...(blocks ? { blocks: remembered(text => blocks(text)) } : {}),
  };
}

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
