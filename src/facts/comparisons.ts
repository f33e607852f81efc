/** Where a query builder or an ORM compares a column with the item of a loop, and how it compares it with a list. */
import { fileOf, type Place } from '../engine/place';
import { namesOf } from '../libraries/validate';
import type { KeyedReadRow, LibraryModel } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Call, Expression, RecordEntry, RecordExpression, Span, Unit } from '../program/model';
import type { KeyedRead, LoopRewrite } from './facts';
import type { Setting } from './queryCalls';
import { constantOf } from './sqlTexts';

/** An expression, as it stands in the program. */
export interface Written {
  readonly at: Place;
  readonly source: string;
}

/** The comparison, and the expression in it that holds the item's key. */
interface Compared<T> {
  readonly rewrite: T;
  readonly key: Written;
}

export interface ItemComparison {
  readonly equality?: Compared<NonNullable<LoopRewrite['equality']>>;
  readonly keyed?: Compared<KeyedRead>;
}

/** @param library  the package of the query, where it is known by its method alone */
export function comparisonIn(
  setting: Setting,
  unit: Unit,
  library: string | undefined,
  calls: readonly ObservedCall[],
  item: string,
  written: (span: Span) => Written,
): ItemComparison {
  const [first] = calls;
  const name = first?.target.kind === 'library' ? first.target.name : library;
  const table = name === undefined ? undefined : setting.tables.libraryOf(name);
  if (!table) return {};
  const equality = equalityIn(table, calls, item, written);
  if (equality) return { equality };
  const keyed = keyedReadIn(setting, table, unit, calls, item, written);
  return keyed ? { keyed } : {};
}

const rootOf = (source: string): string | undefined => /^([\p{L}_$][\w$]*)(?:\.[\p{L}_$][\w$]*)*$/u.exec(source)?.[1];

const isCallOf = (table: LibraryModel, call: ObservedCall, names: readonly string[]): boolean => {
  const { target } = call;
  if (target.kind === 'library')
    return names.some(name => (name.includes('#') ? name : `${table.package}#${name}`) === target.name);
  return target.kind === 'method' && names.some(name => name.endsWith(`.${target.name}`));
};

// ——— calls of a chain, each with a comparison ———

/** The call of a chain that compares a column with the item's key, where its form for many keys gives the same rows. */
function equalityIn(
  table: LibraryModel,
  calls: readonly ObservedCall[],
  item: string,
  written: (span: Span) => Written,
): ItemComparison['equality'] {
  for (const row of table.equalities ?? []) {
    const comparing = namesOf(row.call);
    const selecting = namesOf(row.selects);
    const known = [...comparing, ...selecting, ...namesOf(row.keeps)];
    if (!calls.every(call => call.target.kind === 'library' && isCallOf(table, call, known))) return undefined;
    for (const call of calls.filter(each => isCallOf(table, each, comparing))) {
      const compared = comparedBy(call);
      if (!compared || rootOf(written(compared.value).source) !== item || call.node.callee.kind !== 'member') continue;
      const column = memberOf(compared.column);
      const selected = calls
        .filter(each => isCallOf(table, each, selecting))
        .flatMap(each => each.arguments.map(argument => constantOf(argument.value)));
      if (selected.length > 0 && !selected.some(name => name === '*' || name === column || name === compared.column))
        return undefined;
      const at = { start: call.node.callee.nameSpan.start, end: call.node.end };
      return {
        rewrite: { at: written(at).at, column: compared.column, batched: row.batched },
        key: written(compared.value),
      };
    }
  }
  return undefined;
}

/** `where({ order_id: id })`, `where('order_id', id)`, `where('order_id', '=', id)`. */
function comparedBy(call: ObservedCall): { readonly column: string; readonly value: Expression } | undefined {
  const [first, second, third, ...more] = call.node.arguments.map(argument => argument.value);
  if (first?.kind === 'record' && !second) {
    const [entry, ...others] = first.entries;
    return typeof entry?.key === 'string' && others.length === 0
      ? { column: entry.key, value: entry.value }
      : undefined;
  }
  const [column, operator] = call.arguments.map(argument => constantOf(argument.value));
  if (column === undefined || !second || more.length > 0) return undefined;
  if (!third) return { column, value: second };
  return operator === '=' ? { column, value: third } : undefined;
}

/** `t.order_id` is `order_id` in the row. */
const memberOf = (column: string): string => column.slice(column.lastIndexOf('.') + 1);

// ——— one call with all conditions ———

/**
 * Columns that hold keys: numbers, identifiers made by machines. What people write may be compared without regard to case
 * or accents, and two values that are one to the database would be two to a map.
 */
const KEY_COLUMN = /^_?(?:id|uuid|guid|pk)$|(?:_(?:id|uuid|guid)|Id|ID|Uuid|UUID|Guid)$/;

/** `owner.teamIds` holds several: the comparison asks for one of them already. */
const SEVERAL = /(?:[^\Wsu_]s|List|Array|Set)$/;

function keyedReadIn(
  setting: Setting,
  table: LibraryModel,
  unit: Unit,
  calls: readonly ObservedCall[],
  item: string,
  written: (span: Span) => Written,
): ItemComparison['keyed'] {
  const oneOfThese = table.oneOfThese;
  if (oneOfThese === undefined) return undefined;
  for (const row of table.keyedReads ?? []) {
    const reading = calls.find(call => isCallOf(table, call, namesOf(row.call)));
    if (reading?.node.callee.kind !== 'member' || reading.arguments.some(({ spread }) => spread)) continue;
    const others = calls.filter(call => call !== reading);
    if (!others.every(call => leavesRows(table, row, call))) return undefined;
    const isKey = (value: Expression): boolean => rootOf(written(value).source) === item;
    const filter = filterOf(row, reading.node, isKey);
    if (!filter || SEVERAL.test(written(filter.key).source) || !KEY_COLUMN.test(filter.column)) return undefined;
    if (rootOf(written(filter.key).source) !== item) return undefined;
    const imported = importFor(setting, table, unit, oneOfThese);
    if (imported === 'missing') return undefined;
    const { nameSpan } = reading.node.callee;
    const end = { start: reading.node.end, end: reading.node.end };
    return {
      key: written(filter.key),
      rewrite: {
        column: filter.column,
        oneOfThese,
        ...(row.batched === undefined ? {} : { method: { at: written(nameSpan).at, name: row.batched } }),
        filter: { at: written(filter.at).at, names: filter.names, form: filter.form },
        ...(row.listedBy === undefined ? {} : { listedBy: { at: written(end).at, name: row.listedBy } }),
        gives: row.gives,
        unique: row.unique === true || /^_?id$/.test(filter.column),
        ...(row.missing === undefined ? {} : { missing: row.missing }),
        ...(imported ? { imports: imported } : {}),
      },
    };
  }
  return undefined;
}

/** A further call of the chain that takes no row away and hides no key: `lean()`. */
function leavesRows(table: LibraryModel, row: KeyedReadRow, call: ObservedCall): boolean {
  if (
    !isCallOf(
      table,
      call,
      namesOf(row.keeps ?? []).filter(name => name.includes('.')),
    )
  )
    return false;
  // `select('-_id')`
  return !call.arguments.some(({ source }) => row.column !== undefined && source.includes(`-${row.column}`));
}

interface Filter extends Pick<KeyedRead['filter'], 'names' | 'form'> {
  readonly column: string;
  readonly key: Expression;
  readonly at: Span;
}

function filterOf(
  row: KeyedReadRow,
  { arguments: args }: Call,
  isKey: (value: Expression) => boolean,
): Filter | undefined {
  const [first, second, ...more] = args.map(({ value }) => value);
  if (!first) return undefined;
  if (row.column !== undefined) return valueFilter(row.column, row, first, second, more.length > 0);
  if (first.kind !== 'record' || (second && row.property !== undefined)) return undefined;
  const entry = row.property === undefined ? undefined : first.entries.find(({ key }) => key === row.property);
  const conditions = row.property === undefined ? first : entry?.value;
  if (conditions?.kind !== 'record') return undefined;
  // the other conditions hold for all items alike
  const [condition, ...others] = conditions.entries.filter(({ value }) => isKey(value));
  if (typeof condition?.key !== 'string' || others.length > 0) return undefined;
  if (conditions.entries.some(({ key }) => typeof key !== 'string')) return undefined;
  if (row.property !== undefined && !keepsRows(row, first, condition.key, entry)) return undefined;
  const { key: column, value } = condition;
  const base = { column, key: value, at: value };
  // `{ id }`
  return condition.start === value.start
    ? { ...base, names: [column], form: 'entry' }
    : { ...base, names: [], form: 'value' };
}

/** Of a call whose first argument is the key. */
function valueFilter(
  column: string,
  row: KeyedReadRow,
  key: Expression,
  options: Expression | undefined,
  hasMore: boolean,
): Filter | undefined {
  const { property } = row;
  if (property === undefined) return { column, key, at: key, names: [column], form: 'argument' };
  const names = [property, column];
  if (!options) return { column, key, at: key, names, form: 'argument' };
  if (options.kind !== 'record' || hasMore || !keepsRows(row, options, column, undefined)) return undefined;
  const [entry] = options.entries;
  const at = { start: key.start, end: entry?.start ?? options.end };
  return { column, key, at, names, form: entry ? 'options' : 'argument' };
}

/** Options beside the conditions change neither which rows come nor that the compared column is among what is read. */
function keepsRows(
  row: KeyedReadRow,
  options: RecordExpression,
  column: string,
  conditions: RecordEntry | undefined,
): boolean {
  const keeps = namesOf(row.keeps ?? []);
  return options.entries.every(entry => {
    if (entry === conditions) return true;
    if (typeof entry.key !== 'string') return false;
    if (keeps.includes(entry.key)) return true;
    return entry.key === row.selects && isSelected(entry.value, column);
  });
}

function isSelected(selection: Expression, column: string): boolean {
  if (selection.kind === 'record')
    return selection.entries.some(
      ({ key, value }) => key === column && value.kind === 'constant' && value.value === true,
    );
  return (
    selection.kind === 'list' &&
    selection.items.some(
      each =>
        each.kind === 'text' &&
        each.parts.length === 1 &&
        each.parts[0]?.kind === 'part' &&
        each.parts[0].value === column,
    )
  );
}

/** `In(…)` has to be imported: where its name goes, nothing where it is there already. */
function importFor(
  { analysis }: Setting,
  table: LibraryModel,
  unit: Unit,
  oneOfThese: string,
): KeyedRead['imports'] | 'missing' {
  const name = /^([\w$]+)\(/.exec(oneOfThese)?.[1];
  if (name === undefined) return undefined;
  const file = fileOf(unit.id);
  const top = analysis.source(file);
  const packages = [table.package, ...(table.also ?? [])];
  for (const statement of top?.function.body ?? []) {
    if (statement.kind !== 'declare' || statement.target.kind !== 'entries') continue;
    const { value, target } = statement;
    if (value?.kind !== 'import' || !packages.some(each => each.endsWith(`:${value.from}`))) continue;
    if (
      target.entries.some(({ key, target: bound }) => key === name && bound.kind === 'variable' && bound.name === name)
    )
      return undefined;
    const last = target.entries.at(-1);
    const written = top?.text.slice(statement.statement.start, statement.statement.end) ?? '';
    if (!last || target.rest || /^import\s+type\b/.test(written)) continue;
    return { at: placeIn(file, { start: last.target.end, end: last.target.end }), name };
  }
  return 'missing';
}
