/**
 * The tables that Drizzle's `pgTable`, `mysqlTable`, `sqliteTable` and their schemas' `table` declare in code, as far as their
 * declarations are constants.
 * What is not (columns that are spread from elsewhere, tables that a function makes) leaves the table, or the schema, open.
 *
 * Sources: orm.drizzle.team/docs/sql-schema-declaration, /docs/column-types/pg, /docs/indexes-constraints.
 */
import { type FileId, fileOf, type Place } from '../../engine/place';
import type { Call, Expression, RecordEntry } from '../../program/model';
import { nodesIn } from '../../program/nodes';
import { literal } from '../translate/quoting';
import type {
  Chain,
  DrizzleColumn,
  DrizzleDialect,
  DrizzleEnum,
  DrizzleTable,
  Extras,
  Known,
  Meaning,
  Scope,
  Step,
} from './declared';
import { type DrizzleModules, Names, topOf } from './names';
import { typeNamed } from './types';

export interface DrizzleOptions extends DrizzleModules {
  /** What a column is called that has no name of its own. */
  columnName(key: string): string;
}

export interface DrizzleTables {
  readonly tables: readonly DrizzleTable[];
  /** Something makes tables or views that are not among them. */
  readonly isPartial: boolean;
}

export class DrizzleReader {
  readonly names: Names<Known>;
  private readonly tables = new WeakMap<Expression, DrizzleTable | 'unread'>();

  constructor(private readonly options: DrizzleOptions) {
    this.names = new Names(options, (of, name) => this.member(of, name));
  }

  tablesIn(file: FileId): DrizzleTables {
    const module = this.options.module(file);
    const tables: DrizzleTable[] = [];
    let isPartial = false;
    if (!module) return { tables, isPartial: true };
    const calls = (root: Parameters<typeof nodesIn>[0]) =>
      nodesIn(root).filter((node): node is Call => node.kind === 'call');
    for (const call of calls(module.top.function)) {
      const table = this.tableOf(call, topOf(file));
      if (table === 'unread') isPartial = true;
      else if (table) tables.push(table);
    }
    for (const unit of module.units)
      isPartial ||= calls(unit.function).some(call => this.isMaker(call, { unit: unit.id, locals: new Map() }));
    return { tables, isPartial };
  }

  /** The call is one that makes a table, or a view. */
  private isMaker({ callee }: Call, scope: Scope): boolean {
    const meaning = this.names.meaning(callee, scope);
    if (meaning?.kind === 'drizzle') return MAKES.test(meaning.name ?? '');
    return callee.kind === 'member' && this.schemaNamed(callee.object, scope) !== undefined;
  }

  // ——— tables ———

  private tableOf(call: Call, scope: Scope): DrizzleTable | 'unread' | undefined {
    const known = this.tables.get(call);
    if (known) return known;
    const maker = this.makerOf(call, scope);
    if (maker === undefined || maker === 'unread') return maker;
    const [named, columns, more] = call.arguments;
    const written = named && this.textOf(named.value, scope);
    const name = written === undefined ? undefined : maker.rename(written);
    if (!named || name === undefined) return 'unread';
    const at = { unit: scope.unit, start: named.value.start, end: named.value.end };
    // where its own columns lead back to it
    this.tables.set(call, 'unread');
    const read = this.columnsOf(columns?.value, scope, at, maker.dialect);
    const own: { -readonly [Key in keyof DrizzleTable]: DrizzleTable[Key] } = {
      file: fileOf(scope.unit),
      dialect: maker.dialect,
      ...(maker.schema === undefined ? {} : { schema: maker.schema }),
      name,
      at,
      columns: read.columns,
      isOpen: read.isOpen || columns === undefined,
      extras: [],
    };
    this.tables.set(call, own);
    own.extras = more ? this.extrasOf(more.value, scope, own) : [];
    return own;
  }

  private makerOf({ callee, arguments: given }: Call, scope: Scope): Maker | 'unread' | undefined {
    const meaning = this.names.meaning(callee, scope);
    if (meaning?.kind === 'drizzle') {
      const [, prefix] = /^(pg|mysql|sqlite|singlestore)Table(?:\.withRLS)?$/.exec(meaning.name ?? '') ?? [];
      if (prefix !== undefined) return { dialect: dialectBy(prefix), rename: name => name };
      return MAKES.test(meaning.name ?? '') ? 'unread' : undefined;
    }
    const creator =
      meaning?.kind === 'expression'
        ? this.callOf(meaning, /^(?:pg|mysql|sqlite|singlestore)TableCreator$/)
        : undefined;
    if (creator) {
      const [how] = creator.arguments;
      return {
        dialect: dialectBy(creator.name),
        rename: name => {
          const text: Meaning = { kind: 'expression', value: constantText(name), scope };
          const found = how && this.names.returned(this.names.meaning(how.value, creator.scope), [text]);
          return found?.kind === 'expression' ? this.textOf(found.value, found.scope) : undefined;
        },
      };
    }
    if (callee.kind !== 'member' || given.length === 0) return undefined;
    const schema = this.schemaNamed(callee.object, scope);
    if (!schema || callee.name === 'enum' || callee.name === 'sequence') return undefined;
    return callee.name === 'table' && schema?.name !== undefined
      ? { schema: schema.name, dialect: schema.dialect, rename: name => name }
      : 'unread';
  }

  /** Of what `pgSchema` has made; without a name where that is not known. */
  private schemaNamed(
    value: Expression,
    scope: Scope,
  ): { readonly name: string | undefined; readonly dialect: DrizzleDialect } | undefined {
    if (value.kind !== 'name' && value.kind !== 'member' && value.kind !== 'call') return undefined;
    const meaning = this.names.meaning(value, scope);
    const call = meaning?.kind === 'expression' ? this.callOf(meaning, /^(?:pg|mysql|singlestore)Schema$/) : undefined;
    if (!call) return undefined;
    const [name] = call.arguments;
    return { name: name && this.textOf(name.value, call.scope), dialect: dialectBy(call.name) };
  }

  /** A call of a function of Drizzle's. */
  private callOf({ value, scope }: Extract<Meaning, { kind: 'expression' }>, name: RegExp): Step | undefined {
    if (value.kind !== 'call') return undefined;
    const callee = this.names.meaning(value.callee, scope);
    if (callee?.kind !== 'drizzle' || !name.test(callee.name ?? '')) return undefined;
    return stepOf(callee.name ?? '', value, scope);
  }

  // ——— columns ———

  private columnsOf(
    value: Expression | undefined,
    scope: Scope,
    tableAt: Place,
    dialect: DrizzleDialect,
  ): { readonly columns: readonly DrizzleColumn[]; readonly isOpen: boolean } {
    const columns = new Map<string, DrizzleColumn>();
    let home: string = tableAt.unit;
    let isOpen = false;
    const add = (of: Meaning | undefined, depth: number): void => {
      if (of?.kind !== 'expression' || of.value.kind !== 'record' || depth > MOST_SPREADS) {
        isOpen = true;
        return;
      }
      for (const entry of of.value.entries) {
        if (entry.key === undefined) {
          const spread = entry.value.kind === 'spread' ? entry.value.value : entry.value;
          const made =
            spread.kind === 'call' ? this.names.returned(this.names.meaning(spread.callee, of.scope)) : undefined;
          add(made ?? this.names.meaning(spread, of.scope), depth + 1);
          continue;
        }
        // what stands in another file or function is marked where the table is
        const at = of.scope.unit === home ? keyAt(entry, of.scope.unit) : undefined;
        const column =
          typeof entry.key === 'string' ? this.columnOf(entry.key, entry.value, of.scope, dialect) : undefined;
        if (column) columns.set(column.key, { ...column, at: at ?? tableAt });
        else isOpen = true;
      }
    };
    const given = value && this.names.meaning(value, scope);
    const isFunction = given?.kind === 'expression' && (given.value.kind === 'unit' || given.value.kind === 'lambda');
    const whole = isFunction ? this.names.returned(given, [{ kind: 'drizzle' }]) : given;
    if (isFunction && whole?.kind === 'expression') home = whole.scope.unit;
    add(whole, 0);
    return { columns: [...columns.values()], isOpen };
  }

  private columnOf(
    key: string,
    value: Expression,
    scope: Scope,
    dialect: DrizzleDialect,
  ): Omit<DrizzleColumn, 'at'> | undefined {
    const chain = this.chainOf(value, scope);
    if (!chain) return undefined;
    const { base, steps } = chain;
    const type = this.typeOf(base, dialect);
    if (!type) return undefined;
    const [first] = base.arguments;
    const written = first && this.names.meaning(first.value, base.scope);
    const isOptions =
      written?.kind === 'expression' && (written.value.kind === 'record' || written.value.kind === 'list');
    const named = first && !isOptions ? this.textOf(first.value, base.scope) : undefined;
    if (first && !isOptions && named === undefined) return undefined;
    return { key, name: named ?? this.options.columnName(key), ...type, steps };
  }

  private typeOf(base: Step, dialect: DrizzleDialect): Pick<DrizzleColumn, 'type' | 'labels' | 'counts'> | undefined {
    const callee = this.callees.get(base);
    if (callee?.kind === 'drizzle') {
      const name = callee.name ?? '';
      if (name === 'mysqlEnum' || name === 'singlestoreEnum') return { type: this.labelledType(base) };
      const write = typeNamed(dialect, name);
      const options = base.arguments.map(({ value }) => this.names.meaning(value, base.scope));
      const option = (name: string): number | boolean | undefined => {
        for (const each of options) {
          if (each?.kind !== 'expression' || each.value.kind !== 'record') continue;
          const entry = each.value.entries.find(({ key }) => key === name)?.value;
          const given = entry && this.names.meaning(entry, each.scope);
          if (entry && given?.kind === 'expression' && given.value.kind === 'constant')
            return typeof given.value.value === 'object' ? undefined : given.value.value;
          if (entry) return Number.NaN;
        }
        return undefined;
      };
      const isOption = options.every(each => each?.kind === 'expression');
      const counts = dialect === 'mysql' && name === 'serial';
      return { type: isOption ? write?.(option) : undefined, ...(counts ? { counts } : {}) };
    }
    if (callee?.kind !== 'expression') return undefined;
    const own = this.enumOf(callee);
    if (own) return own === 'unread' ? { type: undefined } : { type: undefined, labels: own };
    return this.callOf(callee, /^customType$/) ? { type: undefined } : undefined;
  }

  /** `enum('open','paid')`, from a list or the values of a record. */
  private labelledType({ arguments: given, scope }: Step): string | undefined {
    const list = given[given.length - 1];
    const labels = list && this.labelsIn(list.value, scope);
    return labels && `enum(${labels.map(literal).join(',')})`;
  }

  /** Nothing where one of them is no constant, and where there is none. */
  private labelsIn(value: Expression, scope: Scope): readonly string[] | undefined {
    const list = this.names.meaning(value, scope);
    if (list?.kind !== 'expression') return undefined;
    const items =
      list.value.kind === 'list'
        ? list.value.items
        : list.value.kind === 'record'
          ? list.value.entries.map(each => each.value)
          : [];
    const labels = items.map(item => this.textOf(item, list.scope));
    const known = labels.filter(label => label !== undefined);
    return labels.length > 0 && known.length === labels.length ? known : undefined;
  }

  private enumOf(of: Extract<Meaning, { kind: 'expression' }>): DrizzleEnum | 'unread' | undefined {
    const { value, scope } = of;
    if (value.kind !== 'call') return undefined;
    const schema = value.callee.kind === 'member' ? this.schemaNamed(value.callee.object, scope) : undefined;
    const isInSchema = schema !== undefined && value.callee.kind === 'member' && value.callee.name === 'enum';
    if (!isInSchema && !this.callOf(of, /^pgEnum$/)) return undefined;
    const [first, second] = value.arguments;
    const name = first && this.textOf(first.value, scope);
    const labels = second && this.labelsIn(second.value, scope);
    if (name === undefined || !labels || (schema && schema.name === undefined)) return 'unread';
    const at = { unit: scope.unit, start: value.start, end: value.end };
    return { ...(schema?.name === undefined ? {} : { schema: schema.name }), name, labels, at };
  }

  // ——— chains ———

  /** What each first call of a chain calls. */
  private readonly callees = new WeakMap<Step, Meaning>();

  calleeOf(step: Step): string | undefined {
    const callee = this.callees.get(step);
    return callee?.kind === 'drizzle' ? callee.name : undefined;
  }

  /** A chain that begins with a call of Drizzle's, or of what one of these has made. */
  chainOf(value: Expression, scope: Scope, depth = 0): Chain | undefined {
    if (depth > MOST_SPREADS) return undefined;
    if (value.kind !== 'call') {
      const of = this.names.meaning(value, scope);
      return of?.kind === 'expression' && of.value.kind === 'call'
        ? this.chainOf(of.value, of.scope, depth + 1)
        : undefined;
    }
    const callee = this.names.meaning(value.callee, scope);
    const isBuilder = callee?.kind === 'drizzle' || (callee?.kind === 'expression' && callee.value.kind === 'call');
    if (isBuilder && callee) {
      const base = stepOf(callee.kind === 'drizzle' ? (callee.name ?? '') : '', value, scope);
      this.callees.set(base, callee);
      return { base, steps: [] };
    }
    const made = callee && this.names.returned(callee);
    if (made) return made.kind === 'expression' ? this.chainOf(made.value, made.scope, depth + 1) : undefined;
    if (value.callee.kind !== 'member') return undefined;
    const inner = this.chainOf(value.callee.object, scope, depth + 1);
    return inner && { ...inner, steps: [...inner.steps, stepOf(value.callee.name, value, scope)] };
  }

  private extrasOf(value: Expression, scope: Scope, table: DrizzleTable): Extras {
    const given = this.names.meaning(value, scope);
    const own: Meaning = { kind: 'known', known: { kind: 'table', table } };
    const whole = this.names.returned(given, [own]) ?? given;
    if (whole?.kind !== 'expression') return [undefined];
    const items =
      whole.value.kind === 'list'
        ? whole.value.items
        : whole.value.kind === 'record'
          ? whole.value.entries.map(entry => (entry.key === undefined ? undefined : entry.value))
          : [undefined];
    return items.map(item => (item ? this.chainOf(item, whole.scope) : undefined));
  }

  // ——— values ———

  private member(of: Meaning, name: string): Meaning | undefined {
    const table =
      of.kind === 'known' && of.known.kind === 'table'
        ? of.known.table
        : of.kind === 'expression'
          ? this.tableBehind(of.value, of.scope)
          : undefined;
    const column = table?.columns.find(({ key }) => key === name);
    return table && column ? { kind: 'known', known: { kind: 'column', table, column } } : undefined;
  }

  /** Calls such as `.enableRLS()` may follow. */
  private tableBehind(value: Expression, scope: Scope): DrizzleTable | undefined {
    if (value.kind !== 'call') return undefined;
    const table = this.tableOf(value, scope);
    if (table && table !== 'unread') return table;
    return value.callee.kind === 'member' ? this.tableBehind(value.callee.object, scope) : undefined;
  }

  column(value: Expression, scope: Scope): Extract<Known, { kind: 'column' }> | undefined {
    const meaning = this.names.meaning(value, scope);
    return meaning?.kind === 'known' && meaning.known.kind === 'column' ? meaning.known : undefined;
  }

  /** The column that a function gives: `() => users.id`. */
  columnFrom(value: Expression, scope: Scope): Extract<Known, { kind: 'column' }> | undefined {
    const meaning = this.names.returned(this.names.meaning(value, scope));
    return meaning?.kind === 'known' && meaning.known.kind === 'column' ? meaning.known : undefined;
  }

  /** An entry of a record, by its name. */
  entry(
    value: Expression | undefined,
    scope: Scope,
    name: string,
  ): Extract<Meaning, { kind: 'expression' }> | undefined {
    const record = value && this.names.meaning(value, scope);
    if (record?.kind !== 'expression' || record.value.kind !== 'record') return undefined;
    const found = record.value.entries.find(({ key }) => key === name)?.value;
    return found && { kind: 'expression', value: found, scope: record.scope };
  }

  textOf(value: Expression, scope: Scope): string | undefined {
    const meaning = this.names.meaning(value, scope);
    if (meaning?.kind !== 'expression' || meaning.value.kind !== 'text') return undefined;
    const parts = meaning.value.parts.map(part =>
      part.kind === 'part' ? part.value : this.textOf(part.expression, meaning.scope),
    );
    return parts.every(part => part !== undefined) ? parts.join('') : undefined;
  }
}

const MOST_SPREADS = 12;

/** What makes tables and views. */
const MAKES = /^(?:pg|mysql|sqlite|singlestore)(?:Table|(?:Materialized)?View)\b/;

interface Maker {
  readonly schema?: string;
  readonly dialect: DrizzleDialect;
  rename(name: string): string | undefined;
}

/** By the first word of a function's name. */
const dialectBy = (name: string): DrizzleDialect =>
  name.startsWith('pg') ? 'postgresql' : name.startsWith('sqlite') ? 'sqlite' : 'mysql';

const constantText = (value: string): Expression => ({
  kind: 'text',
  parts: value === '' ? [] : [{ kind: 'part', value, start: 0, end: 0 }],
  open: "'",
  close: "'",
  start: 0,
  end: 0,
});

const stepOf = (name: string, call: Call, scope: Scope): Step => ({
  name,
  arguments: call.arguments,
  scope,
  at: { unit: scope.unit, start: call.callee.start, end: call.callee.end },
});

const keyAt = ({ start, key, value }: RecordEntry, unit: string): Place => ({
  unit,
  start,
  end: typeof key === 'string' ? Math.min(start + key.length, Math.max(start, value.start)) : start,
});
