/** The comments of an SQL file, as suppressions are read from them. */
import type { CommentSpan } from '../engine/suppression';
import type { Dialect } from '../sql/dialect';
import { sourceOf, tokensOf } from '../sql/tokens';

export const commentsInSql = (text: string, dialect: Dialect): readonly CommentSpan[] =>
  tokensOf(text, dialect)
    .filter(token => token.kind === 'comment')
    .map(token => ({
      start: token.start,
      end: token.end,
      text: sourceOf(text, token),
      ownLine: /(?:^|\n)[ \t]*$/.test(text.slice(Math.max(0, token.start - 200), token.start)),
    }));
