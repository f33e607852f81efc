/** The comments of an SQL file; suppressions are read from them. */
import type { CommentSpan } from '../engine/suppression';
import type { Dialect } from './dialect';
import { sourceOf, tokensOf } from './tokens';

/** Every comment with its delimiters, in order. */
export const commentsIn = (text: string, dialect: Dialect): readonly CommentSpan[] =>
  tokensOf(text, dialect)
    .filter(token => token.kind === 'comment')
    .map(token => ({
      start: token.start,
      end: token.end,
      text: sourceOf(text, token),
      ownLine: text.slice(text.lastIndexOf('\n', token.start - 1) + 1, token.start).trim() === '',
    }));
