/** Facts as lines of text, for tests to compare. */
import type { Facts, QueryExecution, QueryRepetition, SqlText } from '../../src/facts/facts';

/** Each execution in one line: `pool.query() traced npm:pg read orders`, then what repeats it and what goes into its text. */
export const printExecution = (query: QueryExecution): string =>
  [
    `${query.label} ${query.evidence}`,
    query.library,
    query.operation,
    query.relation,
    query.batched ? 'batched' : undefined,
    query.callPath.length > 0 ? `behind ${query.callPath.length}` : undefined,
    ...query.repeatedBy.map(printRepetition),
    query.sql ? printText(query.sql) : undefined,
  ]
    .filter(Boolean)
    .join(' ');

const printRepetition = (loop: QueryRepetition): string =>
  `[${[
    loop.item || loop.form,
    loop.source ? `of ${loop.source}` : undefined,
    loop.runsPerItem ? 'per item' : 'same',
    loop.stopsAtFirstHit ? 'first hit' : undefined,
    loop.intended,
  ]
    .filter(Boolean)
    .join(' ')}]`;

/** The hazards of a text: `<name>`, with `!` when request input is proven to reach it, `<* sql>` for a whole text. */
export const printText = (sql: SqlText): string =>
  sql.hazards
    .map(hazard => `<${hazard.wholeText ? '* ' : ''}${hazard.source}${hazard.inputPath ? '!' : ''}>`)
    .join(' ');

export const printFacts = ({ queryExecutions, fragments, looseTexts }: Facts): string[] => [
  ...queryExecutions.map(printExecution),
  ...fragments.map(fragment => `fragment ${fragment.label} ${fragment.evidence} ${printText(fragment.sql)}`.trim()),
  ...looseTexts.map(text => `loose ${text.preview} ${printText(text)}`),
];
