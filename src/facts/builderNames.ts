/** What the calls of a query builder, or of an ORM's method, name: columns, by text or as keys of records. */
import type { UnitId } from '../engine/place';
import type { BuiltRow, ClauseRow } from '../libraries/vocabulary';
import type { ObservedArgument, ObservedCall } from '../program/analysis';
import { constantText } from '../program/strings';
import type { Value } from '../program/value';
import { isElsewhere, selectedIn } from './builtStatements';
import type { BuilderName, Constant } from './facts';
import type { QueryCall } from './queryCall';
import type { Setting } from './setting';

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
  const builtOf = ({ target }: ObservedCall): BuiltRow | undefined =>
    target.kind === 'library' ? tables.built.get(target.name) : undefined;
  const joins = own.some(call => clausesOf(call).some(({ says }) => says === 'joins'));
  const found: BuilderName[] = [];
  for (const call of own) {
    const row = builtOf(call);
    if (row?.names === 'nothing' || (row && isElsewhere(call, row))) continue;
    if (row?.names === 'selection') {
      for (const { exact: _, ...column } of selectedIn(call.arguments[0])?.columns ?? [])
        found.push({ ...column, isOpen: false });
      continue;
    }
    // behind the column of a condition stands its value
    const isFirst = row?.first === true || clausesOf(call).some(({ says }) => says === 'filters');
    const [first, ...others] = call.arguments;
    const compared = isFirst ? constantsIn(others.at(-1)?.value) : [];
    for (const argument of isFirst && first ? [first] : call.arguments)
      for (const { name, values } of namesIn(argument.value)) {
        const own = argument.value.shape.kind === 'text' ? compared : values;
        found.push({ ...named(name, argument, joins), ...(own.length > 0 ? { values: own } : {}) });
      }
  }
  return found.filter(each => each.name !== '');
}

function named(written: string, { at }: ObservedArgument, joins: boolean): BuilderName {
  const [name = '', qualifier] = (/^[\w.$"]+/.exec(written)?.[0] ?? '').replaceAll('"', '').split('.').reverse();
  return { name, ...(qualifier === undefined ? {} : { qualifier }), at, isOpen: joins && qualifier === undefined };
}

interface Written {
  readonly name: string;
  readonly values: readonly Constant[];
}

function namesIn({ shape }: Value, depth = 0): readonly Written[] {
  switch (shape.kind) {
    case 'text':
      return depth === 0 ? [{ name: constantText(shape.pieces) ?? '', values: [] }] : [];
    case 'list':
      return depth === 0 ? (shape.items ?? [shape.each]).flatMap(item => namesIn(item)) : [];
    case 'record':
      return [...shape.entries].flatMap(([key, value]) => [
        { name: key, values: constantsIn(value) },
        ...(depth + 1 < DEPTH && value.shape.kind === 'record' ? namesIn(value, depth + 1) : []),
      ]);
    default:
      return [];
  }
}

/** The constants that a value is, or is a list of. */
export function constantsIn(value: Value | undefined): readonly Constant[] {
  const shape = value?.shape;
  switch (shape?.kind) {
    case 'text': {
      const text = constantText(shape.pieces);
      return text === undefined ? [] : [text];
    }
    case 'scalar':
      return typeof shape.value === 'number' || typeof shape.value === 'boolean' ? [shape.value] : [];
    case 'list':
      return (shape.items ?? []).flatMap(constantsIn);
    case 'oneOf':
      return shape.alternatives.flatMap(constantsIn);
    default:
      return [];
  }
}
