/** Where a query builder or an ORM compares a column with the item of a loop, and how it compares it with a list. */
import { fileOf, type Place } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { ComparisonCalls, KeyedReadRow, LibraryModel } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Call, Expression, RecordEntry, RecordExpression, Span, Unit } from '../program/model';
import { namesUsed } from '../program/nodes';
import type { KeyedRead, LoopRewrite } from './facts';
import { type LoopItem, pathIn } from './loopItems';
import type { Setting } from './setting';
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
  item: LoopItem,
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
  item: LoopItem,
  written: (span: Span) => Written,
): ItemComparison['equality'] {
  for (const row of table.equalities ?? []) {
    const comparing = namesOf(row.call);
    const selecting = namesOf(row.selects);
    const known = [...comparing, ...selecting, ...namesOf(row.keeps)];
    if (!calls.every(call => call.target.kind === 'library' && isCallOf(table, call, known))) return undefined;
    for (const call of calls.filter(each => isCallOf(table, each, comparing))) {
      const compared = comparedBy(call);
      if (!compared || call.node.callee.kind !== 'member') continue;
      if (pathIn(item, written(compared.value).source) === undefined) continue;
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
  item: LoopItem,
  written: (span: Span) => Written,
): ItemComparison['keyed'] {
  for (const row of table.keyedReads ?? []) {
    const reading = calls.find(call => isCallOf(table, call, namesOf(row.call)));
    if (reading?.node.callee.kind !== 'member' || reading.arguments.some(({ spread }) => spread)) continue;
    const isKey = (value: Expression): boolean => pathIn(item, written(value).source) !== undefined;
    const compared = row.comparedBy && comparingCall(row, row.comparedBy, reading.node, isKey);
    const filter = row.comparedBy ? compared?.filter : filterOf(row, reading.node, isKey);
    // of a method alone nobody knows whose it is: the one whose arguments fit
    if (!filter) continue;
    if (SEVERAL.test(written(filter.key).source) || !KEY_COLUMN.test(filter.column)) return undefined;
    if (!isKey(filter.key)) return undefined;
    const unique = row.unique === true || /^_?id$/.test(filter.column);
    const kept = restOfChain(table, row, unique, calls, reading, compared && written(compared.column).source, written);
    const oneOfThese =
      row.comparedBy && compared ? `${row.comparedBy.list}(${written(compared.column).source}, …)` : table.oneOfThese;
    const listed =
      kept && oneOfThese !== undefined && listComparison(setting, table, unit, oneOfThese, row.comparedBy?.one);
    if (!listed) return undefined;
    const { nameSpan } = reading.node.callee;
    const end = { start: reading.node.end, end: reading.node.end };
    return {
      key: written(filter.key),
      rewrite: {
        column: kept.column ?? filter.column,
        ...(compared?.column.object.kind === 'name' ? { relation: compared.column.object.name } : {}),
        ...(kept.dropped.length > 0 ? { dropped: kept.dropped } : {}),
        ...listed,
        ...(row.batched === undefined ? {} : { method: { at: written(nameSpan).at, name: row.batched } }),
        filter: { at: written(filter.at).at, names: filter.names, form: filter.form },
        ...(row.listedBy === undefined ? {} : { listedBy: { at: written(end).at, name: row.listedBy } }),
        gives: row.gives,
        unique,
        ...(row.missing === undefined ? {} : { missing: row.missing }),
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

interface RestOfChain {
  /** What the compared column is called in a row, where the chain calls it something. */
  readonly column?: string;
  readonly dropped: readonly Place[];
}

/** The other calls of the chain, where they leave every row and its key as they are, or can go. */
function restOfChain(
  table: LibraryModel,
  row: KeyedReadRow,
  unique: boolean,
  calls: readonly ObservedCall[],
  reading: ObservedCall,
  compared: string | undefined,
  written: (span: Span) => Written,
): RestOfChain | undefined {
  const dropped: Place[] = [];
  let column: string | undefined;
  for (const call of calls.filter(each => each !== reading)) {
    const { arguments: args, callee, end } = call.node;
    if (isCallOf(table, call, namesOf(row.limitedBy ?? []))) {
      // of rows with one key there is one at most
      if (!unique || callee.kind !== 'member') return undefined;
      dropped.push(written({ start: callee.object.end, end }).at);
    } else if (isCallOf(table, call, namesOf(row.selectedBy ?? []))) {
      const [chosen] = args.map(({ value }) => value);
      if (!chosen) continue;
      if (chosen.kind !== 'record') return undefined;
      const entry = chosen.entries.find(({ value }) => written(value).source === compared);
      if (typeof entry?.key !== 'string') return undefined;
      column = entry.key;
    } else if (!leavesRows(table, row, call)) return undefined;
  }
  return { ...(column === undefined ? {} : { column }), dropped };
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
  const [first, second, ...more] = args.slice(row.argument ?? 0).map(({ value }) => value);
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

interface ComparingCall {
  readonly filter: Filter;
  readonly column: Extract<Expression, { kind: 'member' }>;
}

/** `where(eq(lines.orderId, order.id))`, `findFirst({ where: and(eq(users.id, order.userId), …) })`. */
function comparingCall(
  row: KeyedReadRow,
  { one, all }: ComparisonCalls,
  { arguments: args }: Call,
  isKey: (value: Expression) => boolean,
): ComparingCall | undefined {
  const [options, ...more] = args.map(({ value }) => value);
  if (!options || more.length > 0) return undefined;
  const entry =
    row.property !== undefined && options.kind === 'record'
      ? options.entries.find(({ key }) => key === row.property)
      : undefined;
  const whole = row.property === undefined ? options : entry?.value;
  if (!whole) return undefined;
  // the other conditions hold for all items alike
  const conditions = isCall(whole, all) ? whole.arguments.map(({ value }) => value) : [whole];
  const [comparison, ...others] = conditions.filter(
    (each): each is Call => isCall(each, one) && comparesKey(each, isKey),
  );
  const [column, key] = comparison?.arguments.map(({ value }) => value) ?? [];
  if (!comparison || others.length > 0 || column?.kind !== 'member' || !key) return undefined;
  if (options.kind === 'record' && !keepsRows(row, options, column.name, entry)) return undefined;
  return { column, filter: { column: column.name, key, at: comparison, names: [], form: 'value' } };
}

const comparesKey = ({ arguments: args }: Call, isKey: (value: Expression) => boolean): boolean => {
  const [, key, ...more] = args.map(({ value }) => value);
  return key !== undefined && more.length === 0 && isKey(key);
};

/** `eq(…)`, `drizzle.eq(…)`. */
const isCall = (expression: Expression, name: string): expression is Call =>
  expression.kind === 'call' &&
  (expression.callee.kind === 'name' || expression.callee.kind === 'member') &&
  expression.callee.name === name;

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

/**
 * How the comparison says "one of these" in this file, and what has to be imported for it: `In(…)`, `typeorm.In(…)`.
 *
 * @param beside  what the same import must hold already, of a package with several
 */
function listComparison(
  { analysis }: Setting,
  table: LibraryModel,
  unit: Unit,
  oneOfThese: string,
  beside: string | undefined,
): Pick<KeyedRead, 'oneOfThese' | 'imports'> | undefined {
  const name = /^([\w$]+)\(/.exec(oneOfThese)?.[1];
  if (name === undefined) return { oneOfThese };
  const file = fileOf(unit.id);
  const top = analysis.source(file);
  const called = (as: string): string => oneOfThese.replace(name, as);
  const packages = [table.package, ...(table.also ?? [])];
  let among: KeyedRead['imports'];
  let like: (Span & { readonly from: string }) | undefined;
  for (const statement of top?.function.body ?? []) {
    if (statement.kind !== 'declare' || statement.value?.kind !== 'import' || !top) continue;
    const { value, target } = statement;
    const written = top.text.slice(statement.statement.start, statement.statement.end);
    like = { ...statement.statement, from: value.from };
    if (!packages.some(each => each.endsWith(`:${value.from}`)) || /^import\s+type\b/.test(written)) continue;
    if (target.kind === 'variable' && !/default/i.test(written) && /\*|require/.test(written))
      return { oneOfThese: called(`${target.name}.${name}`) };
    if (target.kind !== 'entries') continue;
    const known = target.entries.find(({ key, target: bound }) => key === name && bound.kind === 'variable');
    if (known?.target.kind === 'variable') return { oneOfThese: called(known.target.name) };
    const last = target.entries.at(-1);
    if (!last || target.rest || (beside !== undefined && !target.entries.some(({ key }) => key === beside))) continue;
    among ??= { at: placeIn(file, { start: last.target.end, end: last.target.end }), name };
  }
  if (isTaken(analysis, unit, name)) return undefined;
  if (among) return { oneOfThese, imports: among };
  const from = table.package.slice(table.package.indexOf(':') + 1);
  return like && top
    ? {
        oneOfThese,
        imports: {
          at: placeIn(file, { start: like.end, end: like.end }),
          name,
          from,
          like: { source: top.text.slice(like.start, like.end), from: like.from },
        },
      }
    : undefined;
}

/** The file calls something else so. */
const isTaken = (analysis: Setting['analysis'], unit: Unit, name: string): boolean => {
  const { variables, classes } = analysis.environment(fileOf(unit.id));
  const { uses, bound } = namesUsed(unit.function);
  return variables.has(name) || classes.has(name) || uses.includes(name) || bound.includes(name);
};
