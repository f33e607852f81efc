/** Names in a builder's calls that the schema does not have, or has no more. */
import { nearest } from '../engine/nearest';
import type { BuiltName, BuiltRange, QueryExecution } from './facts';
import { type Gone, isGone, type KnownRelation, type KnownSchema } from './knownSchema';
import { columnsFor } from './modelNames';
import type { SchemaProblem } from './schemaProblems';

/** Columns that every table has. */
export const SYSTEM_COLUMNS = new Set(['ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'tableoid', 'oid']);

/** Tables and columns that are not there, where a builder's calls name them. */
export function unknownInBuilder(query: QueryExecution, known: KnownSchema): readonly SchemaProblem[] {
  const { built, label, callPath } = query;
  if (!built || built.hasOthers || callPath.length > 0) return [];
  const tables: SchemaProblem[] = [];
  const places: NamedPlace[] = [];
  for (const range of built.ranges) {
    const answer = answerFor(range, known);
    if (answer === 'absent' && range.table && !range.isGuess) {
      const { name } = range.table;
      const near = nearest(name, known.tables);
      tables.push({ label, what: 'table', name, tables: [], ...placesOf(range.table), ...nearestIs(near) });
    }
    places.push({ range, ...(answer === 'open' || answer === 'absent' || isGone(answer) ? {} : { answer }) });
  }
  const found = new Map<string, SchemaProblem>();
  for (const column of built.columns) {
    const { name, qualifier } = column;
    const among = qualifier === undefined ? places : places.filter(({ range }) => range.alias === qualifier);
    if (found.has(name) || SYSTEM_COLUMNS.has(name) || among.length === 0) continue;
    if (!among.every(place => isMissing(column, place))) continue;
    const columns = among.flatMap(({ answer }) => [...(answer?.columns ?? [])]);
    const near = asSpelled(nearest(name, columns), columns);
    const tables = [...new Set(among.flatMap(({ range }) => range.table?.name ?? []))];
    found.set(name, { label, what: 'column', name, tables, ...placesOf(column), ...nearestIs(near) });
  }
  return [...tables, ...found.values()];
}

/** Columns that are gone, of whichever of its tables: where each that may have the name is known, and none has. */
export function goneInBuilt({ built, label, callPath }: QueryExecution, known: KnownSchema): readonly SchemaProblem[] {
  if (!built || callPath.length > 0) return [];
  const places = built.ranges.map(range => ({ range, answer: answerFor(range, known) }));
  const found = new Map<string, SchemaProblem>();
  for (const column of built.columns) {
    const { name, qualifier } = column;
    const among = places.filter(({ range }) => qualifier === undefined || range.alias === qualifier);
    const having = among.flatMap(({ range, answer }) => {
      if (typeof answer === 'string' || isGone(answer) || name === range.alias) return [];
      const spellings = columnsFor(name, false);
      const was = spellings.find(each => answer.gone.has(each));
      return spellings.every(each => answer.lacks(each))
        ? [{ table: range.table?.name ?? '', gone: was === undefined ? undefined : answer.gone.get(was) }]
        : [];
    });
    const [was] = having.filter(({ gone }) => gone);
    if (!was?.gone || having.length < among.length || found.has(`${was.table} ${name}`)) continue;
    found.set(`${was.table} ${name}`, {
      label,
      what: 'column',
      name: was.gone.column ?? name,
      tables: [was.table],
      gone: was.gone,
      ...placesOf(column),
    });
  }
  return [...found.values()];
}

/** One of the tables, with what is known of it. */
interface NamedPlace {
  readonly range: BuiltRange;
  readonly answer?: KnownRelation;
}

function answerFor({ table }: BuiltRange, known: KnownSchema): KnownRelation | Gone | 'open' | 'absent' {
  if (!table) return 'open';
  const { name, qualifier: schema } = table;
  const of = schema === undefined ? {} : { schema };
  const answer = known.relation({ name, ...of });
  if (answer !== 'absent') return answer;
  // builders can be set up to write names otherwise
  return columnsFor(name, false).some(each => known.relation({ name: each, ...of }) !== 'absent') ? 'open' : 'absent';
}

/** What is gone is told with the migration that took it. */
function isMissing({ name }: BuiltName, { range, answer }: NamedPlace): boolean {
  // the name of the table is its whole row
  if (!answer || name === range.alias) return false;
  return columnsFor(name, false).every(each => answer.lacks(each) && !answer.gone.has(each));
}

const placesOf = ({ at, exact }: BuiltName): Pick<SchemaProblem, 'at' | 'exact'> => ({
  at,
  ...(exact ? { exact } : {}),
});

const nearestIs = (near: string | undefined): Pick<SchemaProblem, 'nearest'> =>
  near === undefined ? {} : { nearest: near };

/** The name as its table spells it, where names are held in lower case beside. */
export const asSpelled = (name: string | undefined, names: readonly string[]): string | undefined =>
  name === undefined ? undefined : (names.find(each => each !== name && each.toLowerCase() === name) ?? name);
