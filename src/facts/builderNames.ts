/** What the calls of a query builder, or of an ORM's method, name: columns, by text or as keys of records. */
import type { UnitId } from '../engine/place';
import type { ClauseRow } from '../libraries/vocabulary';
import type { ObservedArgument, ObservedCall } from '../program/analysis';
import { constantText } from '../program/strings';
import type { Value } from '../program/value';
import type { BuilderName } from './facts';
import type { QueryCall, Setting } from './queryCalls';

/** Records in records: `{ where: { coupon } }`. What is deeper is a value of a column. */
const DEPTH = 2;

/** Nothing for a statement that is written in SQL, or of which no table is known. */
export function builderNamesOf(
  { analysis, tables }: Setting,
  unit: UnitId,
  { sql, relation, chain, role }: QueryCall,
): readonly BuilderName[] {
  if (sql || relation === undefined || role !== 'query') return [];
  const own = analysis.unit(unit).calls.filter(call => chain.includes(call.id));
  const clausesOf = ({ target }: ObservedCall): readonly ClauseRow[] =>
    target.kind === 'library' ? (tables.clauses.get(target.name) ?? []).map(({ row }) => row) : [];
  const joins = own.some(call => clausesOf(call).some(({ says }) => says === 'joins'));
  const found: BuilderName[] = [];
  for (const call of own) {
    // behind the column of a condition stands its value
    const isCondition = clausesOf(call).some(({ says }) => says === 'filters');
    for (const argument of isCondition ? call.arguments.slice(0, 1) : call.arguments)
      for (const name of namesIn(argument.value)) found.push(named(name, argument, joins));
  }
  return found.filter(each => each.name !== '');
}

function named(written: string, { at }: ObservedArgument, joins: boolean): BuilderName {
  const [name = '', qualifier] = (/^[\w.$"]+/.exec(written)?.[0] ?? '').replaceAll('"', '').split('.').reverse();
  return { name, ...(qualifier === undefined ? {} : { qualifier }), at, isOpen: joins && qualifier === undefined };
}

function namesIn({ shape }: Value, depth = 0): readonly string[] {
  switch (shape.kind) {
    case 'text':
      return depth === 0 ? [constantText(shape.pieces) ?? ''] : [];
    case 'list':
      return depth === 0 ? (shape.items ?? [shape.each]).flatMap(item => namesIn(item)) : [];
    case 'record':
      return [...shape.entries].flatMap(([key, value]) => [
        key,
        ...(depth + 1 < DEPTH && value.shape.kind === 'record' ? namesIn(value, depth + 1) : []),
      ]);
    default:
      return [];
  }
}
