/** What a builder's statement names, where all of it is known: its tables, and what can be nothing but a column of them. */
import type { Place, UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { BuiltRow } from '../libraries/vocabulary';
import { type ObservedArgument, type ObservedCall, placeIn } from '../program/analysis';
import type { RecordExpression, Span } from '../program/model';
import type { Value } from '../program/value';
import type { BuiltName, BuiltRange, BuiltStatement } from './facts';
import type { QueryCall } from './queryCall';
import { type SelectedTable, selectionIn } from './selectionLists';
import type { Setting } from './setting';
import { placeInText } from './sqlPlaces';
import { constantOf } from './sqlTexts';

interface Part {
  readonly call: ObservedCall;
  readonly row: BuiltRow;
}

/** Nothing for a statement in which another call has a part than those whose arguments are understood. */
export function builtStatementOf(
  { analysis, tables }: Setting,
  unit: UnitId,
  { sql, chain, role }: QueryCall,
): BuiltStatement | undefined {
  if (sql || role !== 'query' || tables.built.size === 0) return undefined;
  const ids = new Set(chain);
  const { calls } = analysis.unit(unit);
  const sent = calls.find(({ id, awaited }) => awaited && ids.has(id));
  const parts: Part[] = [];
  for (const call of calls) {
    // what comes behind waiting for it is done with the rows
    if (sent && call.at.end > sent.at.end) continue;
    if (!ids.has(call.id)) {
      // who is handed a builder may add to it
      if (call.arguments.some(({ value: { shape } }) => shape.kind === 'instance' && shape.by && ids.has(shape.by)))
        return undefined;
      continue;
    }
    const row = call.target.kind === 'library' ? tables.built.get(call.target.name) : undefined;
    if (!row) return undefined;
    parts.push({ call, row });
  }
  const tablesNamed = parts.filter(({ row }) => row.names === 'table');
  if (tablesNamed.length !== 1) return undefined;
  const selections = parts.flatMap(({ call, row }) =>
    row.names === 'selection' ? (selectedIn(call.arguments[0]) ?? []) : [],
  );
  const ranges = [
    ...parts.flatMap(({ call, row }) =>
      row.names === 'table' || row.names === 'joined' ? rangeIn(call.arguments[0]) : [],
    ),
    ...selections.flatMap(({ ranges }) => ranges),
  ];
  const text = analysis.source(unit)?.text ?? '';
  const outputs = outputsOf(parts);
  const columns = parts.flatMap(part => (part.row.names === 'order' && !outputs ? [] : columnsIn(part, unit, text)));
  const named = columns.filter(({ name, qualifier }) => qualifier || !outputs?.has(name));
  const others = tablesNamed[0]?.row.hasOthers ? { hasOthers: true as const } : {};
  if (!parts.some(({ row }) => row.names === 'selection')) return { ranges, columns: named, ...others };
  // what is embedded is named with its table, and only so
  const [{ alias } = {}] = ranges;
  const all = [...selections.flatMap(selection => selection.columns), ...named];
  return { ranges, columns: all.map(column => ({ ...column, qualifier: column.qualifier ?? alias ?? '' })), ...others };
}

/** A select list of PostgREST: what is embedded of other tables, and the columns of all of them. */
export function selectedIn(argument: ObservedArgument | undefined): BuiltStatement | undefined {
  const written = argument && constantOf(argument.value);
  if (!argument || written === undefined) return undefined;
  const named = (name: string, start: number): BuiltName => ({
    name,
    ...placed(argument.value, { start, end: start + name.length }, argument.at),
  });
  const ranges: BuiltRange[] = [];
  const columns: BuiltName[] = [];
  const add = (list: SelectedTable, qualifier?: string): void => {
    for (const { name, start } of list.columns)
      columns.push({ ...named(name, start), ...(qualifier === undefined ? {} : { qualifier }) });
    for (const { name, start, alias, list: own } of list.embedded) {
      ranges.push({ table: named(name, start), alias, isGuess: true });
      add(own, alias);
    }
  };
  add(selectionIn(written));
  return { ranges, columns };
}

/** `orders`, `orders as o`, `{ o: 'orders' }`. */
function rangeIn(argument: ObservedArgument | undefined): BuiltRange {
  const [item, more] = argument ? itemsOf(argument.value) : [];
  if (!argument || !item || more) return {};
  const text = constantOf(item.value) ?? '';
  const [, first, second, alias] = RANGE.exec(text) ?? [];
  const name = second ?? first;
  if (first === undefined || name === undefined) return {};
  const from = second === undefined ? 0 : first.length + 1;
  const named = { name, ...placed(item.value, { start: from, end: from + name.length }, argument.at) };
  return {
    table: second === undefined ? named : { ...named, qualifier: first },
    alias: alias ?? item.alias ?? name,
  };
}

const NAME = '([A-Za-z_]\\w*)';
const RANGE = new RegExp(`^${NAME}(?:\\.${NAME})?(?:\\s+(?:as\\s+)?${NAME})?$`, 'i');
/** No star, no path into a value, no expression. */
const COLUMN = new RegExp(`^${NAME}(?:\\.${NAME})?(?:\\s+as\\s+\\w+)?$`, 'i');

interface Item {
  readonly value: Value;
  /** Of a record: `{ code: 'coupon' }`. */
  readonly alias?: string;
}

/** A text, each of a list, or the values of a record. */
function itemsOf(value: Value): readonly Item[] {
  const { shape } = value;
  if (shape.kind === 'list') return shape.items?.flatMap(itemsOf) ?? [{ value }];
  if (shape.kind === 'record') return [...shape.entries].map(([alias, each]) => ({ value: each, alias }));
  return [{ value }];
}

/** What the rows have that may be no column of the tables; undefined where that may be anything. */
function outputsOf(parts: readonly Part[]): ReadonlySet<string> | undefined {
  const found = new Set<string>();
  for (const { call, row } of parts) {
    if (row.names !== 'outputs' && row.names !== 'computed') continue;
    for (const { value, alias } of call.arguments.flatMap(argument => itemsOf(argument.value))) {
      const written = constantOf(value);
      const given = alias ?? /\sas\s+(\w+)\s*$/i.exec(written ?? '')?.[1];
      if (given !== undefined) found.add(given);
      else if (written === undefined || row.names === 'computed' || /\sas\s/i.test(written)) return undefined;
    }
  }
  return found;
}

function columnsIn({ call, row }: Part, unit: UnitId, text: string): readonly BuiltName[] {
  const { names, first } = row;
  if (names === 'table' || names === 'nothing' || names === 'selection' || isElsewhere(call, row)) return [];
  const from = names === 'joined' ? 1 : 0;
  return call.arguments.slice(from, first ? 1 : undefined).flatMap((argument, index) => {
    const named = itemsOf(argument.value).flatMap(({ value, alias }) =>
      alias === undefined || VALUES.has(names) ? columnIn(value, argument.at) : [],
    );
    const written = call.node.arguments[from + index]?.value;
    if (names !== 'columns' || !written) return named;
    const records = written.kind === 'list' ? written.items : [written];
    return [...named, ...records.flatMap(record => (record.kind === 'record' ? keysIn(record, unit, text) : []))];
  });
}

/** `order('total', { referencedTable: 'orders' })`. */
export const isElsewhere = ({ arguments: [, ...options] }: ObservedCall, { elsewhere }: BuiltRow): boolean =>
  elsewhere !== undefined &&
  options.some(
    ({ value: { shape } }) => shape.kind === 'record' && namesOf(elsewhere).some(key => shape.entries.has(key)),
  );

/** Of these calls the values of a record are columns. */
const VALUES = new Set<BuiltRow['names']>(['outputs', 'computed', 'joined']);

function columnIn(value: Value, at: Place): readonly BuiltName[] {
  const [, first, second] = COLUMN.exec(constantOf(value) ?? '') ?? [];
  if (first === undefined) return [];
  if (second === undefined) return [{ name: first, ...placed(value, { start: 0, end: first.length }, at) }];
  const from = first.length + 1;
  return [{ name: second, qualifier: first, ...placed(value, { start: from, end: from + second.length }, at) }];
}

function keysIn({ entries }: RecordExpression, unit: UnitId, text: string): readonly BuiltName[] {
  return entries.flatMap(({ key, start, end }) => {
    const [, first, second] = (typeof key === 'string' && COLUMN.exec(key)) || [];
    const name = second ?? first;
    if (first === undefined || name === undefined || /\s/.test(`${key}`)) return [];
    const own = text.slice(start, end);
    const from = start + Math.max(own.indexOf(`${key}`), 0) + `${key}`.length - name.length;
    const at = placeIn(unit, { start: from, end: from + name.length });
    // `{ mail }` is a variable as well
    const exact = own === name || text.slice(from, at.end) !== name ? {} : { exact: at };
    return [{ name, ...(second === undefined ? {} : { qualifier: first }), at, ...exact }];
  });
}

/** Where a stretch of a text stands, if it is written out in the argument. */
export function placed({ shape }: Value, span: Span, argument: Place): Pick<BuiltName, 'at' | 'exact'> {
  const at = shape.kind === 'text' ? placeInText(shape, span) : undefined;
  const isWithin = at?.unit === argument.unit && at.start >= argument.start && at.end <= argument.end;
  return isWithin ? { at, exact: at } : { at: argument };
}
