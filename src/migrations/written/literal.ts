/** A text of a program written anew, where its literal would not hold what is to stand in it: one between quotes ends with its line. */
import type { Edit } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { Unit } from '../../program/model';
import type { SourcePiece } from '../code/values';

/**
 * The literal with this text; nothing for one of a form that is not known.
 * @param piece the whole of what stands between its quotes
 */
export function literalAnew(
  { id, text }: Unit,
  { from, to, start, escapes }: SourcePiece,
  written: string,
): Edit<Place> | undefined {
  const end = start + (to - from);
  const quote = text[start - 1];
  if (escapes?.length || (quote !== "'" && quote !== '"') || text[end] !== quote) return undefined;
  // another quote before it, or a letter that says how it is read
  if (/[\w'"]/.test(text[start - 2] ?? '') || text[end + 1] === quote) return undefined;
  const literal = LITERALS.find(({ file }) => file.test(id.replace(/#.*$/, '')))?.of(written);
  return literal === undefined ? undefined : { at: { unit: id, start: start - 1, end: end + 1 }, newText: literal };
}

const LITERALS: readonly { readonly file: RegExp; of(text: string): string | undefined }[] = [
  { file: /\.[cm]?[jt]s$/, of: text => (/[\\`]|\$\{/.test(text) ? undefined : `\`${text}\``) },
  // a colon before a word is a parameter to some
  { file: /\.py$/, of: text => (/\\|"""|"$|(?<!:):[A-Za-z_]/.test(text) ? undefined : `"""${text}"""`) },
  { file: /\.php$/, of: text => `'${text.replace(/[\\']/g, '\\$&')}'` },
];
