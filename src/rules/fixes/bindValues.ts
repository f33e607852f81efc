/**
 * Rewrites text that values were pasted into to bound parameters: `'${name}'` becomes `$1` and `name` a value of the call.
 *
 * Only where the statement is in sight as a whole, in one expression, and every hole that goes stands where the server
 * takes a parameter that means the same. Everything else is left to the person.
 */
import { type ProposedFix, safe, suggestion } from '../../engine/finding';
import type { Hazard, QueryExecution, SqlFragment, SqlText } from '../../facts/facts';
import type { CodeWriter } from '../../program/writer';
import type { Dialect } from '../../sql/dialect';
import { holePositions } from '../../sql/holePosition';
import type { SqlParser } from '../../sql/parser';
import { significantTokens } from '../../sql/placeholder';
import { bindingsIn, type Statement } from './bindings';
import { styleOf, valueEdits } from './boundCall';
import { placeholderEdits, plainLiterals } from './boundText';
import { formattedText } from './formattedText';
import { type TextSource, textSource } from './recoveredText';

type Taker = QueryExecution | SqlFragment;

/** What a fix of this rule needs beside the text. */
export interface Bench {
  readonly writer: CodeWriter;
  readonly parser: (dialect: Dialect) => SqlParser | undefined;
}

/** The fixes for a text, the best first; none where none would be right. */
export function bindValues(text: SqlText, query: Taker, { writer, parser }: Bench): readonly ProposedFix[] {
  const { rewrite, placeholder } = query;
  const sqlParser = parser(text.dialect);
  if (!rewrite || !placeholder || !sqlParser) return [];
  const expression = rewrite.textExpression ?? rewrite.sqlArgument;
  const formatted = expression && formattedText(text, expression);
  const source = formatted?.source ?? (expression && textSource(text, expression));
  if (!source) return [];
  const statement = readStatement(source, text, query, sqlParser);
  if (!statement) return [];

  const bindings = bindingsIn(statement, text, query);
  if (bindings.length === 0) return [];
  const style = styleOf(placeholder, rewrite, statement, bindings);
  const edits = style && [
    ...(formatted
      ? formatted.edits(bindings, style.placeholders)
      : [
          ...bindings.flatMap((binding, index) => placeholderEdits(source, binding, style.placeholders[index] ?? '')),
          ...plainLiterals(source, bindings),
        ]),
    ...valueEdits(rewrite, style, bindings, writer),
  ];
  const complete = edits?.filter(edit => edit !== undefined);
  if (!edits || !complete || complete.length < edits.length) return [];

  const holes = bindings.flatMap(binding => binding.hazards);
  const all = text.hazards.every(hazard => holes.includes(hazard));
  const proven =
    all && 'operation' in query && query.evidence === 'traced' && bindings.every(binding => binding.safety === 'safe');
  const isTypedByDriver = rewrite.valuesAs?.kind === 'rest' || placeholder === '%s';
  const title = titleOf(holes);
  return [proven && !formatted && !isTypedByDriver ? safe(title, complete) : suggestion(title, complete)];
}

const titleOf = (holes: readonly Hazard[]): string => {
  const sources = [...new Set(holes.map(({ source }) => source.replace(/\s+/g, ' ')))];
  if (sources.length > 3 || sources.some(source => source.length > 40))
    return sources.length === 1 ? 'Bind the value as a parameter' : `Bind the ${sources.length} values as parameters`;
  const [last = '', ...others] = [...sources].reverse();
  return others.length === 0
    ? `Bind ${last} as a parameter`
    : `Bind ${others.reverse().join(', ')} and ${last} as parameters`;
};

/** A condition is read as part of this statement, since a parser takes statements alone. */
const AROUND_FRAGMENT = 'SELECT * FROM a_table WHERE ';

function readStatement(source: TextSource, text: SqlText, query: Taker, parser: SqlParser): Statement | undefined {
  const { recovered } = source;
  const [first = '', ...others] = recovered.constants;
  const isFragment = !('operation' in query);
  const read = holePositions([isFragment ? AROUND_FRAGMENT + first : first, ...others], parser);
  if (!read.parses || read.statements !== 1) return undefined;
  return {
    source,
    tokens: significantTokens(recovered.text, text.dialect),
    positions: read.positions,
    dialect: text.dialect,
  };
}
