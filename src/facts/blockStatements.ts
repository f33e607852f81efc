/**
 * The changes of the schema that stand in a DO block as they are. A block is a program, and what becomes of the schema is not
 * followed through it; but what an ALTER TABLE in it does to a live table is the same as anywhere.
 */
import type { SqlSpan } from '../sql/query';

const BODY = /\$(\w*)\$([\s\S]*)\$\1\$/;
const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\//g;
/** Writes of rows are left out: in a loop of a block they are the batches that a backfill is to have. */
const CHANGE =
  /(?:^|;|\b(?:BEGIN|THEN|ELSE|LOOP)\b)\s*((?:ALTER\s+(?:TABLE|DOMAIN)|CREATE\s+(?:UNIQUE\s+)?INDEX|CREATE\s+TABLE|DROP\s+(?:TABLE|INDEX)|TRUNCATE|REINDEX|CLUSTER)\b[^;]*)(?=;)/gi;
const EXECUTED = /\bEXECUTE\s+'((?:ALTER|CREATE|DROP|TRUNCATE|REINDEX)\b[^']*)'\s*(?=;)/gi;

/** Where they stand in the text of the block, in order. */
export function changesInBlock(block: string): readonly SqlSpan[] {
  const body = BODY.exec(block);
  if (!body) return [];
  const [whole, tag = '', inside = ''] = body;
  const from = block.indexOf(whole) + tag.length + 2;
  const text = inside.replace(COMMENT, comment => ' '.repeat(comment.length));
  const found = [CHANGE, EXECUTED].flatMap(pattern =>
    [...text.matchAll(pattern)].flatMap(match => {
      const [all, sql = ''] = match;
      const start = from + match.index + all.indexOf(sql);
      return [{ start, end: start + sql.length }];
    }),
  );
  return found.sort((a, b) => a.start - b.start);
}
