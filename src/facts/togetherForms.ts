/** One call for many, as a row of its library's table writes it, or by its comparison with the item. */

import { namesOf } from '../libraries/names';
import type { TogetherRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Call, Expression, Span, Unit } from '../program/model';
import { pathTo } from '../program/nodes';
import type { Together, TogetherPiece } from './facts';
import {
  type Change,
  constantText,
  entryOf,
  hasMember,
  isNamed,
  isWithin,
  ListComparisons,
  spanOf,
} from './listComparisons';
import type { QueryCall } from './queryCall';
import { queryCallsOf } from './queryCalls';
import type { Setting } from './setting';

/** What must be known of the query. */
export type Asked = Pick<
  QueryCall,
  | 'call'
  | 'chain'
  | 'from'
  | 'sql'
  | 'takes'
  | 'operation'
  | 'library'
  | 'batchedBy'
  | 'repetitions'
  | 'loadedBy'
  | 'by'
>;

/** @param varying  names that mean another thing in each turn */
export const writtenTogether = (
  setting: Setting,
  unit: Unit,
  query: Asked,
  varying: ReadonlySet<string>,
): Together | undefined => new Written(setting, unit, query, varying).together();

/** What one query would be for many, in the text of the unit that it stands in. */
class Written extends ListComparisons {
  private readonly calls: readonly ObservedCall[];
  private readonly all: readonly ObservedCall[];
  private readonly whole: { readonly whole: Span; readonly waits: boolean };

  constructor(
    private readonly setting: Setting,
    private readonly unit: Unit,
    private readonly query: Asked,
    varying: ReadonlySet<string>,
  ) {
    super(unit, query.library === undefined ? undefined : setting.tables.libraryOf(query.library), varying);
    this.all = setting.analysis.unit(unit.id).calls;
    this.calls = query.chain.flatMap(id => this.all.find(call => call.id === id) ?? []);
    const last = this.calls.at(-1);
    this.whole = last ? this.wholeOf(query.call, last.node) : { whole: query.call, waits: false };
  }

  together(): Together | undefined {
    const loaded = this.loaded();
    if (loaded) return loaded;
    const found = this.byRow() ?? this.bySql() ?? this.byComparison(undefined);
    return found && (this.whole.waits || this.calls.some(({ awaited }) => awaited)) ? { ...found, waits: true } : found;
  }

  // ——— relations ———

  /** A relation that the query which gave the records would bring along. */
  private loaded(): Together | undefined {
    const { query, table } = this;
    if (!table) return undefined;
    if (query.loadedBy !== undefined) {
      const { by, loadedBy } = query;
      const row = table.together?.find(({ call }) => by !== undefined && isNamed(table, call, by));
      return this.broughtAlong([{ call: [], ...row, loadedBy }], undefined);
    }
    for (const call of this.calls.length > 0 ? this.calls : [undefined]) {
      const rows = call ? this.rowsOf(call) : this.lazyRows();
      const found = this.broughtAlong(
        rows.filter(({ loadedBy }) => loadedBy !== undefined),
        call,
      );
      if (found) return found;
    }
    return undefined;
  }

  /** A relation that is loaded when it is awaited: nothing is called. */
  private lazyRows(): readonly TogetherRow[] {
    const lazy = new Set(namesOf(this.table?.lazyRelations ?? []));
    return (this.table?.together ?? []).filter(({ call }) => namesOf(call).some(name => lazy.has(name)));
  }

  private broughtAlong(rows: readonly TogetherRow[], call: ObservedCall | undefined): Together | undefined {
    const filled = (text: string | undefined): string | undefined => {
      const pieces = text === undefined ? undefined : this.filled(text, call);
      return pieces?.every(piece => typeof piece === 'string') ? pieces.join('') : undefined;
    };
    const readsOf = (row: TogetherRow | undefined): Pick<Together, 'reads'> => {
      const reads = filled(row?.reads);
      return reads === undefined ? {} : { reads };
    };
    for (const row of rows) {
      const added = filled(row.loadedBy);
      const given = added === undefined ? undefined : this.givenBy(row);
      const text = given && added !== undefined && this.withAdded(given, added, row.options);
      if (given && text)
        return {
          pieces: [text],
          gives: placeIn(this.unit.id, given.whole),
          ...(given.waits ? { waits: true } : {}),
          ...readsOf(row),
        };
    }
    const otherwise = rows.map(row => filled(row.otherwise)).find(each => each !== undefined);
    const gives = this.givenBy(undefined);
    if (otherwise === undefined) return undefined;
    return {
      pieces: [otherwise],
      ...(gives ? { gives: placeIn(this.unit.id, gives.whole) } : {}),
      ...readsOf(rows[0]),
    };
  }

  /** The call among those that the records come from that asked for them, and the whole of its chain. */
  private givenBy(
    row: TogetherRow | undefined,
  ): { readonly node: Call; readonly whole: Span; readonly waits: boolean } | undefined {
    const { table } = this;
    const ids = new Set(this.query.from.flatMap(each => (each.kind === 'call' ? [each.call] : [])));
    const found = queryCallsOf(this.setting, this.unit.id).find(
      ({ id, chain, operation }) => operation !== 'write' && (ids.has(id) || chain.some(each => ids.has(each))),
    );
    const chain = found
      ? found.chain.flatMap(id => this.all.find(call => call.id === id) ?? [])
      : this.all.filter(({ id }) => ids.has(id)).sort((left, right) => left.at.end - right.at.end);
    const on = row?.on === undefined ? undefined : namesOf(row.on);
    const takes = ({ target }: ObservedCall): boolean =>
      on !== undefined && table !== undefined && target.kind === 'library' && isNamed(table, on, target.name);
    const call =
      on === undefined
        ? found
          ? chain.at(-1)
          : chain[0]
        : (chain.find(takes) ?? this.all.find(each => found && isWithin(each.at, found.call) && takes(each)));
    if (!call) return undefined;
    const { whole, waits } = this.wholeOf(
      found && !isWithin(call.at, found.call) ? call.at : (found?.call ?? call.at),
      call.node,
    );
    return { node: call.node, whole, waits: waits || chain.some(({ awaited }) => awaited) };
  }

  /** A call with the library's further calls on what it gives, and whether all of it is waited for. */
  private wholeOf(span: Span, call: Call): { readonly whole: Span; readonly waits: boolean } {
    const path = pathTo(this.unit.function, call);
    let whole = span;
    let index = path.length - 1;
    while (path[index - 1]?.kind === 'member' && path[index - 2]?.kind === 'call') {
      const next = path[index - 2];
      const further = next && this.all.find(({ at }) => at.start === next.start && at.end === next.end);
      if (!next || further?.target.kind !== 'library' || /^\w+:#/.test(further.target.name)) break;
      index -= 2;
      if (next.end > whole.end) whole = { start: Math.min(whole.start, next.start), end: next.end };
    }
    return { whole, waits: path[index - 1]?.kind === 'await' };
  }

  /** The text of the query with a call behind the one that takes it, or with an entry in its options. */
  private withAdded(
    { node, whole }: { readonly node: Call; readonly whole: Span },
    added: string,
    options: number | undefined,
  ): string | undefined {
    const into = (at: number, text: string, until = at): string =>
      this.text({ start: whole.start, end: at }) + text + this.text({ start: until, end: whole.end });
    if (options === undefined) return into(node.end, added);
    const [given] = node.arguments.slice(options).map(({ value }) => value);
    const last = node.arguments.at(-1)?.value;
    if (!given) {
      const missing = Array.from({ length: options - node.arguments.length }, () => '{}');
      const text = [...missing, `{ ${added} }`].join(', ');
      return last ? into(last.end, `, ${text}`) : into(node.argumentsSpan.start + 1, text);
    }
    if (given.kind === 'record') {
      const entry = given.entries.at(-1);
      const [name = '', ...words] = added.split(':');
      const same = given.entries.find(({ key }) => key === name)?.value;
      const value = words.join(':').trim();
      if (same?.kind === 'list' || same?.kind === 'record') {
        const inner = value.slice(1, -1).trim();
        // it comes already
        if (this.text(same).includes(inner)) return into(node.end, '');
        return same.end - same.start === 2
          ? into(same.start, value, same.end)
          : into(same.end - 1, `, ${inner} `.replace(/ $/, same.kind === 'record' ? ' ' : '')).replace(/\s+, /, ', ');
      }
      if (same && value.includes(this.text(same))) return into(node.end, '');
      if (same)
        return into(
          same.start,
          value.replace(/^\[/, () => `[${this.text(same)}, `),
          same.end,
        );
      return entry ? into(entry.end, `, ${added}`) : into(given.start, `{ ${added} }`, given.end);
    }
    return into(given.start, `{ ...${this.text(given)}, ${added} }`, given.end);
  }

  // ——— calls with a form for many ———

  private byRow(): Together | undefined {
    const { start, end } = this.whole.whole;
    for (const call of this.calls)
      for (const row of this.rowsOf(call)) {
        const method = row.renamed === undefined ? undefined : this.filled(row.renamed, call)?.join('');
        const compared = method === undefined ? undefined : this.byComparison(method);
        if (compared) return compared;
        const pieces = row.written === undefined ? undefined : this.filled(row.written, call);
        if (!pieces) continue;
        const isWhole = call.node.start <= start || row.written?.startsWith('{receiver}') === true;
        const rest = this.text({ start: call.node.end, end: Math.max(end, call.node.end) });
        const column = row.column ?? this.comparison(call)?.column;
        return { pieces: isWhole ? [...pieces, rest] : pieces, ...(column === undefined ? {} : { column }) };
      }
    return undefined;
  }

  private rowsOf(call: ObservedCall): readonly TogetherRow[] {
    const { table } = this;
    const { target, arguments: args, node } = call;
    const name = target.kind === 'library' || target.kind === 'method' ? target.name : undefined;
    if (!table || name === undefined) return [];
    const [first] = node.arguments;
    const object = node.callee.kind === 'member' ? node.callee.object : undefined;
    return (table.together ?? []).filter(row => {
      const { arity, bare, with: entry, behind, ofItem } = row;
      if (arity && (args.length < arity[0] || arity[1] < args.length)) return false;
      if (bare && first?.value.kind === 'record') return false;
      if (entry !== undefined && entryOf(first?.value, entry) === undefined) return false;
      if (
        behind !== undefined &&
        !(object?.kind === 'call' && object.callee.kind === 'member' && hasMember(behind, object.callee.name))
      )
        return false;
      if (ofItem && !(object && this.belongsToItem(object))) return false;
      return target.kind === 'library' ? isNamed(table, row.call, name) : hasMember(row.call, name);
    });
  }

  /** A row's text with the program's own words in it. */
  private filled(text: string, call: ObservedCall | undefined): readonly TogetherPiece[] | undefined {
    const pieces: TogetherPiece[] = [];
    for (const [whole, inner, each, word] of text.matchAll(TOKENS)) {
      if (inner !== undefined) {
        const filled = this.filled(inner, call);
        if (!filled?.every(piece => typeof piece === 'string')) return undefined;
        pieces.push({ each: filled.join('') });
      } else if (word === undefined) pieces.push(whole);
      else if (word === 'all') pieces.push({ all: true });
      else if (word.startsWith('many ')) {
        const many = this.manyOf(Number(word.slice(5)), call);
        if (!many) return undefined;
        pieces.push(...many);
      } else {
        const value = this.word(word, call);
        if (value === undefined) return undefined;
        pieces.push(each ? { each: value } : value);
      }
    }
    return pieces;
  }

  /** An argument with its comparison made for a list. */
  private manyOf(index: number, call: ObservedCall | undefined): readonly TogetherPiece[] | undefined {
    const argument = call?.node.arguments[index];
    if (!call || !argument) return undefined;
    const changes = this.inArgument(argument.value, argument.name, call.node);
    const [first] = changes;
    return changes.length === 1 && first
      ? this.spliced(changes, { start: Math.min(first.start, argument.value.start), end: argument.value.end })
      : undefined;
  }

  private word(word: string, call: ObservedCall | undefined): string | undefined {
    const callee = call?.node.callee;
    const object = callee?.kind === 'member' ? callee.object : undefined;
    switch (word) {
      case 'call':
        return this.text(this.query.call);
      case 'receiver':
        return object && this.text(object);
      case 'owner':
        if (!call) return /^(.*)\.[\w$]+$/.exec(this.text(this.query.call))?.[1];
        return object?.kind === 'member' ? this.text(object.object) : object && this.text(object);
      case 'method':
        return callee?.kind === 'member' ? callee.name : undefined;
      case 'member':
        return this.member(call);
      case 'model':
        return this.model(call);
      case 'records': {
        const shape = call?.receiver?.shape;
        return (shape?.kind === 'instance' && shape.holds?.class) || '…';
      }
      case 'constant': {
        const [first] = call?.node.arguments ?? [];
        return first && constantText(first.value);
      }
      case 'arguments': {
        const { start, end } = call?.node.argumentsSpan ?? { start: 0, end: 0 };
        return call && this.text({ start: start + 1, end: end - 1 });
      }
      case '$column':
      case 'column': {
        const column = this.comparison(call)?.column;
        return column && word.replace('column', () => column);
      }
      case 'key':
        return this.comparison(call)?.key;
    }
    const [of, ...path] = word.split(/[. ]/);
    if (word.startsWith('receiver.')) return object && `${this.text(object)}.${path.join('.')}`;
    const from =
      of === 'receiver' && object?.kind === 'call' ? object : of === 'root' ? this.calls[0]?.node : call?.node;
    if (of === 'root' && from === call?.node) return '…';
    let value = from?.arguments[Number(of === 'receiver' || of === 'root' ? path.shift() : of)]?.value;
    for (const name of path) value = entryOf(value, name);
    return value && this.text(value);
  }

  /** The one comparison in a call's arguments. */
  private comparison(call: ObservedCall | undefined): { readonly column: string; readonly key: string } | undefined {
    const changes = (call?.node.arguments ?? []).flatMap(({ value, name }) =>
      call ? this.inArgument(value, name, call.node) : [],
    );
    const [only, ...more] = changes;
    const key = only?.pieces.find(piece => typeof piece !== 'string' && 'each' in piece);
    if (only?.column === undefined || more.length > 0 || typeof key !== 'object' || !('each' in key)) return undefined;
    return { column: only.column, key: key.each };
  }

  /** `customer` of `order.getCustomer()`, of `order.customer.load()` and of `order.customer`. */
  private member(call: ObservedCall | undefined): string | undefined {
    if (!call) return /\.([\w$]+)$/.exec(this.text(this.query.call))?.[1];
    const { callee } = call.node;
    if (callee.kind !== 'member') return undefined;
    const prefix = /^[a-z]+(?=[A-Z])/.exec(callee.name)?.[0];
    const isWild = this.rowsOf(call).some(row => namesOf(row.call).some(name => name.endsWith(`.${prefix}*`)));
    if (isWild && prefix !== undefined) {
      const rest = callee.name.slice(prefix.length);
      return rest.charAt(0).toLowerCase() + rest.slice(1);
    }
    const of = callee.object;
    if (of.kind === 'member') return of.name;
    const [handed] = of.kind === 'call' ? of.arguments : [];
    return handed?.value.kind === 'member' ? handed.value.name : undefined;
  }

  /** `Order` of `order`. */
  private model(call: ObservedCall | undefined): string | undefined {
    const shape = call?.receiver?.shape;
    if (shape?.kind === 'object' && shape.class !== '') return shape.class;
    const { callee } = call?.node ?? {};
    const receiver = this.text(callee?.kind === 'member' ? callee.object : this.query.call);
    const [name] = receiver.match(/(?<=^(?:\w+\()?)[\p{L}_$][\w$]*(?=[.)]|$)/u) ?? [];
    return name && name !== 'this' && name !== 'self' ? name.charAt(0).toUpperCase() + name.slice(1) : undefined;
  }

  // ——— comparisons ———

  /** `WHERE order_id = $1` with `[order.id]`, in the text that stands in the call. */
  private bySql(): Together | undefined {
    const { takes, sql } = this.query;
    const call = takes && this.calls.find(({ arguments: args }) => args[takes.sql]);
    const written = takes && call?.node.arguments[takes.sql]?.value;
    if (!sql || !takes || !call || !written) return undefined;
    const text = written.kind === 'text' ? this.text(written) : sql.preview;
    const [comparison, ...more] = [...text.matchAll(COMPARED)];
    const values = takes.values === undefined ? undefined : call.node.arguments[takes.values]?.value;
    const listed = values?.kind === 'list' ? values.items : values ? [values] : [];
    const keys = listed.filter(each => this.isKey(each));
    const [key] = keys;
    if (!comparison || more.length > 0 || !key || keys.length > 1)
      return this.query.operation === 'write' ? { pieces: [], writes: sql.preview } : undefined;
    const [whole, column = '', placeholder = ''] = comparison;
    const many =
      listed.length === 1 && /^(?:\$\d|%)/.test(placeholder) && sql.dialect === 'postgresql'
        ? `${column} = ANY(${placeholder})`
        : `${column} IN (${takes.writesLists || !/^\?/.test(placeholder) ? placeholder : '?, ?, …'})`;
    const changed = text.slice(0, comparison.index) + many + text.slice(comparison.index + whole.length);
    const changes: Change[] = [
      { ...spanOf(written), pieces: [written.kind === 'text' ? changed : `'${changed}'`] },
      { ...spanOf(key), pieces: [{ each: this.text(key) }], column: column.slice(column.lastIndexOf('.') + 1) },
    ];
    return this.changed(changes);
  }

  /** @param renamed  the method for many, where a row says it */
  private byComparison(renamed: string | undefined): Together | undefined {
    const changes: Change[] = [];
    for (const [index, call] of this.calls.entries()) {
      const { callee } = call.node;
      if (index === 0 && callee.kind === 'member' && callee.object.kind === 'call')
        changes.push(...this.inArgument(callee.object, undefined, call.node));
      const form = this.callForm(call);
      if (form) changes.push(form);
      else for (const { value, name } of call.node.arguments) changes.push(...this.inArgument(value, name, call.node));
    }
    const [only, ...more] = changes;
    if (!only || more.length > 0) return undefined;
    const method = this.methodForMany(renamed ?? this.query.batchedBy);
    return this.changed([only, ...(method ? [method] : [])]);
  }

  private changed(changes: readonly Change[]): Together {
    const whole = this.calls.reduce(
      (span, { node }) => ({ start: Math.min(span.start, node.start), end: Math.max(span.end, node.end) }),
      spanOf(this.whole.whole),
    );
    const column = changes.find(each => each.column !== undefined)?.column;
    return { pieces: this.spliced(changes, whole), ...(column === undefined ? {} : { column }) };
  }

  private spliced(changes: readonly Change[], whole: Span): readonly TogetherPiece[] {
    const pieces: TogetherPiece[] = [];
    let end = whole.start;
    for (const change of [...changes].sort((left, right) => left.start - right.start)) {
      if (change.start < end) continue;
      pieces.push(this.text({ start: end, end: change.start }), ...change.pieces);
      end = change.end;
    }
    return [...pieces, this.text({ start: end, end: whole.end })];
  }

  /** `findFirst` → `findMany` */
  private methodForMany(name: string | undefined): Change | undefined {
    const callee = this.calls.at(-1)?.node.callee;
    if (name === undefined || callee?.kind !== 'member') return undefined;
    return { ...spanOf(callee.nameSpan), pieces: [name] };
  }

  /** The item of the loop, or a member of it. */
  private belongsToItem(value: Expression): boolean {
    const root = /^[\p{L}_$][\w$]*/u.exec(this.text(value))?.[0];
    return this.query.repetitions.some(({ bindings }) => root !== undefined && bindings.includes(root));
  }
}

const TOKENS = /\{each\|(.*?)\|\}|\{(each )?((?:many )?\$?[\w.]+(?: \d)?)\}|[^{]+|\{/g;

/** A column that a text compares with one placeholder. */
const COMPARED = /([\w."`]+)\s*=\s*(\$\d+|\?|%s|%\(\w+\)s|:\w+|@\w+)(?!\w)/g;
