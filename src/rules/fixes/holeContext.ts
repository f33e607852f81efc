/** How a hole stands in an SQL text, as far as a message says it. Needs no parser: broken and partial text has holes too. */
import type { Hazard, SqlText } from '../../facts/facts';
import { alternativesOf } from '../../program/strings';
import { HOLE, tokensOf } from '../../sql/tokens';

export type HoleContext =
  /** Between the quotes of a literal. */
  | 'quoted'
  /** Between the quotes of a name, or as part of one. */
  | 'name'
  /** On its own. */
  | 'bare';

/** Texts with many optional clauses are looked at in so many forms. */
const FORMS = 16;

export function contextOf(text: SqlText, hazard: Hazard): HoleContext {
  for (const pieces of alternativesOf(text.pieces, FORMS)) {
    const index = pieces.findIndex(
      piece => piece.kind === 'hole' && piece.at.unit === hazard.at.unit && piece.at.start === hazard.at.start,
    );
    if (index < 0) continue;
    const written = pieces.map(piece => (piece.kind === 'constant' ? piece.value : HOLE));
    const offset = written.slice(0, index).join('').length;
    const token = tokensOf(written.join(''), text.dialect).find(({ start, end }) => start <= offset && offset < end);
    if (token?.kind === 'text') return 'quoted';
    if (token?.kind === 'name') return 'name';
    if (token?.kind === 'word' && token.end - token.start > 1) return 'name';
    return 'bare';
  }
  return 'bare';
}
