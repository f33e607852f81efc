/** Which columns a builder's calls compare, where all of its conditions are of that kind. */
import type { UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { ClauseRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import type { BuilderFilter } from './facts';
import type { QueryCall } from './queryCall';
import type { Setting } from './setting';
import { constantOf } from './sqlTexts';

/** Nothing for a statement that is written in SQL, of which no table is known, or that has conditions of other kinds. */
export function builderFiltersOf(
  { analysis, tables }: Setting,
  unit: UnitId,
  { sql, relation, chain, role, library: name }: QueryCall,
): readonly BuilderFilter[] {
  if (sql || relation === undefined || role !== 'query' || name === undefined) return [];
  const library = tables.libraryOf(name);
  const comparing = new Set(
    (library?.equalities ?? []).flatMap(row => namesOf(row.call)).map(call => `${library?.package}#${call}`),
  );
  if (comparing.size === 0) return [];
  const clausesOf = ({ target }: ObservedCall): readonly ClauseRow[] =>
    target.kind === 'library' ? (tables.clauses.get(target.name) ?? []).map(({ row }) => row) : [];
  const found: BuilderFilter[] = [];
  for (const call of analysis.unit(unit).calls) {
    if (!chain.includes(call.id)) continue;
    if (clausesOf(call).some(({ says }) => says === 'joins')) return [];
    const isEquality = call.target.kind === 'library' && comparing.has(call.target.name);
    const filters = isEquality ? comparedBy(call) : [];
    if (filters === undefined || (!isEquality && clausesOf(call).some(({ says }) => says === 'filters'))) return [];
    found.push(...filters);
  }
  return found;
}

/** `where({ order_id: id })`, `where('order_id', id)`, `where('placed_at', '>', day)`; nothing for what is put together elsewhere. */
function comparedBy(call: ObservedCall): readonly BuilderFilter[] | undefined {
  const [first, second, third] = call.arguments;
  if (!first || call.arguments.some(({ spread }) => spread)) return undefined;
  const { shape } = first.value;
  if (shape.kind === 'record' && !second) {
    if (shape.open) return undefined;
    return [...shape.entries].map(([column, value]) => ({
      ...named(column),
      operator: constantOf(value) === undefined && value.shape.kind === 'record' ? 'other' : '=',
      at: first.at,
    }));
  }
  const column = constantOf(first.value);
  if (column === undefined || !second) return undefined;
  const operator = third ? constantOf(second.value)?.toUpperCase() : '=';
  const value = third ?? second;
  const opening = constantOf(value.value) ?? openingOf(value.value);
  return operator === undefined
    ? undefined
    : [{ ...named(column), operator, at: first.at, ...(opening === undefined ? {} : { opening }) }];
}

const named = (written: string): Pick<BuilderFilter, 'column' | 'qualifier'> => {
  const [column = '', qualifier] = written.replaceAll('"', '').split('.').reverse();
  return { column, ...(qualifier === undefined ? {} : { qualifier }) };
};

/** What a text begins with that is put together. */
export function openingOf({ shape }: ObservedCall['arguments'][number]['value']): string | undefined {
  const [piece] = shape.kind === 'text' ? shape.pieces : [];
  return piece?.kind === 'constant' ? piece.value : undefined;
}
