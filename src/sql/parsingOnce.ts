/**
 * The server's parser, asked for a statement's tree once: the schema of a project is folded, and then its files are reviewed, for
 * what a statement does, whom it names, level by level.
 */
import type { PostgresLibrary } from './postgres';
import { remembered } from './remembered';

/** By the function, since a module that is imported in two places may be two objects in a bundle. */
const known = new WeakMap<PostgresLibrary['parseSync'], PostgresLibrary>();

/** The same parser for all who share it. Its trees are not to be changed. */
export function parsingOnce(library: PostgresLibrary): PostgresLibrary {
  const before = known.get(library.parseSync);
  if (before) return before;
  const parser = { parseSync: remembered(text => library.parseSync(text)) };
  known.set(library.parseSync, parser);
  known.set(parser.parseSync, parser);
  return parser;
}
