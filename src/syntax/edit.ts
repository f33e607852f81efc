/** Tells a syntax tree what changed in its text, so that the next parse reads only that. */
import { Edit, type Point, type Tree } from 'web-tree-sitter';

/** One replacement in a text, in UTF-16 offsets of the text before it. Of several, each counts in the text that the one before it left. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

/**
 * `text` with the changes in it. Offsets beyond the text are taken for its end.
 * @param tree  marked along, when given: it may then be handed to the parser as the old tree
 */
export function applied(text: string, changes: readonly TextChange[], tree?: Tree): string {
  let current = text;
  for (const change of changes) {
    const start = Math.max(0, Math.min(change.start, current.length));
    const end = Math.max(start, Math.min(change.end, current.length));
    if (tree) markEdit(tree, current, start, end, change.newText);
    current = current.slice(0, start) + change.newText + current.slice(end);
  }
  return current;
}

function markEdit(tree: Tree, text: string, start: number, end: number, newText: string): void {
  const startPosition = pointAt(text, start, { row: 0, column: 0 }, 0);
  const edit = new Edit({
    startIndex: start,
    oldEndIndex: end,
    newEndIndex: start + newText.length,
    startPosition,
    oldEndPosition: pointAt(text, end, startPosition, start),
    newEndPosition: pointAt(newText, newText.length, startPosition, 0),
  });
  tree.edit(edit);
}

/** The point of `offset`, counted on from the point that `from` has. Columns are UTF-16 units. */
function pointAt(text: string, offset: number, known: Point, from: number): Point {
  let { row } = known;
  let lineStart = -1;
  for (let at = text.indexOf('\n', from); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row += 1;
    lineStart = at + 1;
  }
  return { row, column: lineStart < 0 ? known.column + offset - from : offset - lineStart };
}
