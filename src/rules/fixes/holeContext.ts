/** How a hole stands in an SQL text, as far as a message says it. Broken and partial text has holes too. */
import type { Hazard, SqlText } from '../../facts/facts';
import { alternativesOf } from '../../program/strings';
import type { Dialect } from '../../sql/dialect';
import { holePositions } from '../../sql/holePosition';
import type { SqlParser } from '../../sql/parser';
import { HOLE, tokensOf } from '../../sql/tokens';

export type HoleContext =
  /** Between the quotes of a literal. */
  | 'quoted'
  /** Where a value may be bound. */
  | 'value'
  /** All of `IN (…)`. */
  | 'list'
  /** A name, in quotes or as part of one too. */
  | 'name'
  | 'direction'
  /** Anything else: a condition, a clause, an operator. */
  | 'sql';

/** Texts with many optional clauses are looked at in so many forms. */
const FORMS = 16;

export function contextOf(
  text: SqlText,
  hazard: Hazard,
  parserOf: (dialect: Dialect) => SqlParser | undefined,
): HoleContext {
  const parser = parserOf(text.dialect);
  for (const pieces of alternativesOf(text.pieces, FORMS)) {
    const index = pieces.findIndex(
      piece => piece.kind === 'hole' && piece.at.unit === hazard.at.unit && piece.at.start === hazard.at.start,
    );
    if (index < 0) continue;
    const written = pieces.map(piece => (piece.kind === 'constant' ? piece.value : HOLE));
    const whole = written.join('');
    const offset = written.slice(0, index).join('').length;
    const token = tokensOf(whole, text.dialect).find(({ start, end }) => start <= offset && offset < end);
    if (token?.kind === 'text') return 'quoted';
    if (token?.kind === 'name') return 'name';
    const hole = whole.slice(0, offset).split(HOLE).length - 1;
    const position = parser && holePositions(whole.split(HOLE), parser).positions[hole];
    switch (position?.kind) {
      case 'value':
      case 'limit':
        return 'value';
      case 'in-list':
        return 'list';
      case 'identifier':
        return 'name';
      case 'direction':
        return 'direction';
      default:
        return 'sql';
    }
  }
  return 'sql';
}
