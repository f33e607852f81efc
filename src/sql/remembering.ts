/** A parser that remembers what it read: while one types, nearly every text of a file is the one of the review before. */
import type { SqlParser } from './parser';
import { remembered } from './remembered';

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
