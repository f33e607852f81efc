/** What a text of SQL says whatever its layout: two that differ in white space and comments alone are one. */
import { sourceOf, tokensOf } from './tokens';

/** The text's tokens without its comments, a line each, those of the bodies of functions too. */
export const meaningOf = (text: string): string =>
  tokensOf(text, 'postgresql')
    .filter(({ kind }) => kind !== 'comment')
    .map(token => {
      const source = sourceOf(text, token);
      const [, tag = '', body = ''] = (token.kind === 'body' && /^(\$[^$]*\$)([\s\S]*)\1$/.exec(source)) || [];
      return tag === '' ? source : `${tag}${meaningOf(body)}${tag}`;
    })
    .join('\n');
