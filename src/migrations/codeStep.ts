/** Reads one direction of a migration that is written in a programming language, from the calls that it makes. */
import type { Argument, Call, Expression, Function as FunctionNode, Module, Pattern, Span } from '../program/model';
import { assignedNames, visitNodes } from '../program/traverse';
import { type Dialect, dialectOf } from '../sql/dialect';
import { effectOf, namesIn } from '../sql/effect';
import type { ObjectChange, StatementEffect } from '../sql/schemaChange';
import { splitStatements } from '../sql/statements';
import { HOLE } from '../sql/tokens';
import type { Builder, CallEffect } from './builders';
import type { MigrationStep } from './migration';
import { stepOf } from './sqlStep';

export interface CodeStep {
  readonly step: MigrationStep;
  /** It throws whatever happens. */
  readonly fails: boolean;
  /** Every word in the texts that it holds or refers to, in lower case. */
  readonly names: ReadonlySet<string>;
  /** The names of the builder's calls, in order. */
  readonly calls: readonly string[];
}

/** What is known of a module's names while one of its functions is read. */
export interface CodeScope {
  readonly module: Module;
  readonly builder: Builder;
  readonly dialect: Dialect;
  /** The class that the function is a method of. */
  readonly ownerClass?: string;
}

/** How far helpers are followed into helpers. */
const DEEPEST = 4;

/** Objects of the language and loggers, none of whose calls touches a database. */
const HARMLESS_ROOTS = new Set(
  'console Promise async JSON Object Array Math Date Number String Boolean Symbol Reflect process Buffer logger log logging'.split(
    ' ',
  ),
);
const HARMLESS_CLASSES = new Set('Error TypeError RangeError Date Map Set Promise Array'.split(' '));
/** Calls on values of the language itself: arrays, texts, promises. What they are handed is looked at by itself. */
const HARMLESS_METHODS = new Set(
  `map forEach filter reduce find some every flatMap concat slice sort reverse includes indexOf join split push entries
  keys values has get set add then catch finally toString toLowerCase toUpperCase trim replace replaceAll startsWith
  endsWith padStart substring format bind`
    .trim()
    .split(/\s+/),
);

/** Reads a function as one direction of a migration. Total: what it does not know makes the step incomplete. */
export function readCodeStep(fn: FunctionNode, scope: CodeScope): CodeStep {
  const reading = new Reading(scope);
  reading.follow(fn, 0);
  const step = stepOf(reading.effects());
  return { step, fails: reading.failsAlways(fn, step), names: reading.names, calls: reading.calls };
}

interface Noted {
  readonly at: number;
  readonly effect: StatementEffect;
}

class Reading {
  readonly names = new Set<string>();
  readonly calls: string[] = [];
  private readonly noted: Noted[] = [];
  private readonly followed = new Set<FunctionNode>();
  private readonly local = new Map<string, Expression>();
  private readonly parameters = new Set<string>();
  /** Parameters of callbacks that build a table, and the table. */
  private readonly tables = new Map<string, string | undefined>();
  private readonly seenNames = new Set<string>();

  constructor(private readonly scope: CodeScope) {}

  effects(): readonly StatementEffect[] {
    return this.noted.map(({ effect }) => effect);
  }

  /** Notes what a function's body does, at the place in the order of calls where the function is called. */
  follow(fn: FunctionNode, depth: number, at?: number): void {
    if (this.followed.has(fn)) return;
    this.followed.add(fn);
    this.declare(fn);
    const noted: Noted[] = [];
    // what the parser could not follow may do anything
    if (this.scope.module.problems.length > 0) noted.push({ at: 0, effect: UNKNOWN_EFFECT });
    const calls: { call: Call; at: number }[] = [];
    visitNodes([...fn.body], node => {
      if (node.kind === 'text') for (const part of node.parts) if (part.kind === 'part') this.addNames(part.value);
      if (node.kind === 'name') this.addReferred(node.name);
      if (node.kind === 'member' && node.object.kind === 'this') this.addReferredField(node.name);
      if (node.kind === 'call') calls.push({ call: node, at: placeOf(node) });
      return true;
    });
    calls.sort((left, right) => left.at - right.at);
    // callbacks that build a table are known by the call that they are handed to, so that comes first
    for (const { call } of calls) this.noteTableBuilder(call);
    for (const { call, at: place } of calls)
      for (const effect of this.effectsOf(call, depth, place)) noted.push({ at: place, effect });
    noted.sort((left, right) => left.at - right.at);
    this.noted.push(...noted.map(({ at: place, effect }) => ({ at: at ?? place, effect })));
  }

  /** Whether nothing but a failure can come of the function. */
  failsAlways(fn: FunctionNode, step: MigrationStep): boolean {
    if (step.effect === 'structure' || step.effect === 'data') return false;
    for (const statement of fn.body) {
      if (statement.kind === 'throw') return true;
      const value =
        statement.kind === 'return'
          ? statement.value
          : statement.kind === 'evaluate'
            ? statement.expression
            : undefined;
      const call = value?.kind === 'await' ? value.value : value;
      if (call?.kind === 'call' && this.isFailure(call)) return true;
      if (statement.kind === 'return') return false;
    }
    return false;
  }

  /** `Promise.reject(…)`, `callback(new Error(…))` */
  private isFailure({ callee, arguments: given }: Call): boolean {
    if (callee.kind === 'member') return callee.name === 'reject' && isName(callee.object, 'Promise');
    const first = given[0]?.value;
    return (
      callee.kind === 'name' &&
      this.parameters.has(callee.name) &&
      first?.kind === 'call' &&
      first.form === 'new' &&
      first.callee.kind === 'name' &&
      first.callee.name.endsWith('Error')
    );
  }

  private declare(fn: FunctionNode): void {
    const addParameters = (one: FunctionNode): void => {
      for (const parameter of one.parameters) for (const name of namesOf(parameter.target)) this.parameters.add(name);
    };
    addParameters(fn);
    const assigned = assignedNames([...fn.body]);
    visitNodes([...fn.body], node => {
      if (node.kind === 'lambda') addParameters(node.function);
      if (node.kind === 'declare' && node.target.kind === 'variable' && node.value && !assigned.has(node.target.name))
        this.local.set(node.target.name, node.value);
      return true;
    });
  }

  // ——— names ———

  private addNames(text: string): void {
    for (const name of namesIn(text, this.scope.dialect)) this.names.add(name);
  }

  /** The words of a module's constant that the function refers to. */
  private addReferred(name: string): void {
    if (this.seenNames.has(name)) return;
    this.seenNames.add(name);
    this.addTexts(this.topLevel(name));
  }

  private addReferredField(name: string): void {
    this.addTexts(this.field(name));
  }

  private addTexts(value: Expression | undefined): void {
    visitNodes(value, node => {
      if (node.kind === 'text') for (const part of node.parts) if (part.kind === 'part') this.addNames(part.value);
      if (node.kind === 'name') this.addReferred(node.name);
      return true;
    });
  }

  private topLevel(name: string): Expression | undefined {
    for (const statement of this.scope.module.top.function.body)
      if (statement.kind === 'declare' && statement.target.kind === 'variable' && statement.target.name === name)
        return statement.value;
    return this.scope.module.exports.find(each => each.name === name)?.value;
  }

  private field(name: string): Expression | undefined {
    const owner = this.scope.module.classes.find(each => each.name === this.scope.ownerClass);
    return owner?.fields.find(field => field.name === name)?.value;
  }

  /** The constant text of an expression; holes stand in it as `HOLE` where it is not constant. */
  private textOf(expression: Expression | undefined, depth = 0): string {
    if (!expression || depth > 8) return HOLE;
    switch (expression.kind) {
      case 'text':
        return expression.parts
          .map(part => (part.kind === 'part' ? part.value : this.textOf(part.expression, depth + 1)))
          .join('');
      case 'constant':
        return String(expression.value);
      case 'operation':
        return expression.operator === '+'
          ? expression.operands.map(operand => this.textOf(operand, depth + 1)).join('')
          : HOLE;
      case 'name':
        return this.textOf(this.local.get(expression.name) ?? this.topLevel(expression.name), depth + 1);
      case 'member': {
        if (expression.object.kind === 'this') return this.textOf(this.field(expression.name), depth + 1);
        const object = this.valueOf(expression.object);
        return object?.kind === 'record' ? this.textOf(entryOf(object, expression.name), depth + 1) : HOLE;
      }
      default:
        return HOLE;
    }
  }

  private valueOf(expression: Expression): Expression | undefined {
    return expression.kind === 'name'
      ? (this.local.get(expression.name) ?? this.topLevel(expression.name))
      : expression;
  }

  /** The name that an argument gives: a text, `{ name }`, `{ tableName }`, `new Table({ name })`, or the keys of columns. */
  private nameIn(argument: Argument | undefined): string | undefined {
    let value = argument && this.valueOf(argument.value);
    if (value?.kind === 'list') value = value.items[0];
    if (value?.kind === 'call' && value.form === 'new') value = value.arguments[0]?.value;
    if (value?.kind === 'record') {
      const named = entryOf(value, 'name') ?? entryOf(value, 'tableName');
      const key = value.entries[0]?.key;
      if (!named) return typeof key === 'string' ? key : undefined;
      value = named;
    }
    const text = this.textOf(value);
    return text === '' || text.includes(HOLE) ? undefined : text.slice(text.lastIndexOf('.') + 1);
  }

  // ——— calls ———

  /** `knex.schema.alterTable('orders', table => …)`: the callback's parameter builds that table. */
  private noteTableBuilder({ callee, arguments: given }: Call): void {
    if (!this.scope.builder.columns || callee.kind !== 'member') return;
    const effect = callEffect(this.scope.builder, callee.name);
    if (!effect || !('kind' in effect) || effect.kind !== 'table') return;
    const callback = given[given.length - 1]?.value;
    const fn = callback?.kind === 'lambda' ? callback.function : undefined;
    const parameter = fn?.parameters[0]?.target;
    if (parameter?.kind === 'variable')
      this.tables.set(parameter.name, effect.does === 'create' ? undefined : this.nameIn(given[0]));
    else if (fn && fn.parameters.length === 0) this.tables.set('this', this.nameIn(given[0]));
  }

  private effectsOf(call: Call, depth: number, at: number): readonly StatementEffect[] {
    const { callee, arguments: given, form } = unbound(call);
    // a text that is sent by the call that it is handed to
    if (form === 'tagged') return callee.kind === 'name' && callee.name === 'sql' ? [] : [UNKNOWN_EFFECT];
    if (form === 'new') return this.isNeutralClass(callee) ? [] : [UNKNOWN_EFFECT];
    if (callee.kind === 'lambda') return []; // its body is visited where it stands
    if (callee.kind === 'name') return this.calledByName(callee.name, depth, at);
    if (callee.kind !== 'member') return [UNKNOWN_EFFECT];
    const { name, object } = callee;
    const columns = this.scope.builder.columns;
    if (columns && object.kind === 'name' && this.tables.has(object.name))
      return this.onTable(callEffect({ calls: columns }, name), object.name, given);
    if (object.kind === 'this') {
      const own = callEffect(this.scope.builder, name);
      if (!own || this.hasMethod(name)) return this.ownMethod(name, depth, at);
      this.calls.push(name);
      return this.toEffects(own, given);
    }
    const root = rootOf(object);
    if (root !== undefined && (HARMLESS_ROOTS.has(root) || this.scope.builder.neutralRoots?.includes(root))) {
      const known = callEffect(this.scope.builder, name);
      // `sequelize.getQueryInterface().createTable(…)`
      const acts = known !== undefined && (known.does === 'sql' || 'kind' in known);
      if (!acts) return [];
    }
    const effect = callEffect(this.scope.builder, name);
    if (effect) {
      this.calls.push(name);
      return this.toEffects(effect, given);
    }
    if (HARMLESS_METHODS.has(name)) return [];
    // what is called on the result of a call refines that call, or reads its result
    if (object.kind === 'call' || object.kind === 'await') return [];
    return [UNKNOWN_EFFECT];
  }

  private calledByName(name: string, depth: number, at: number): readonly StatementEffect[] {
    const local = this.local.get(name) ?? this.topLevel(name);
    const fn = local && this.functionOf(local);
    if (fn) {
      if (depth >= DEEPEST) return [UNKNOWN_EFFECT];
      // a lambda's body is visited where it stands, in this function or in the module
      if (local?.kind !== 'lambda') this.follow(fn, depth + 1, at);
      return [];
    }
    // `knex('orders')` begins a query, `callback()` ends the migration
    if (this.parameters.has(name)) return [];
    if (name === 'require' || name === 'String' || name === 'Number') return [];
    return [UNKNOWN_EFFECT];
  }

  private hasMethod(name: string): boolean {
    return this.scope.module.classes.find(each => each.name === this.scope.ownerClass)?.methods.has(name) === true;
  }

  private ownMethod(name: string, depth: number, at: number): readonly StatementEffect[] {
    const owner = this.scope.module.classes.find(each => each.name === this.scope.ownerClass);
    const unit = owner?.methods.get(name);
    const fn = this.scope.module.units.find(each => each.id === unit)?.function;
    if (!fn || depth >= DEEPEST) return [UNKNOWN_EFFECT];
    this.follow(fn, depth + 1, at);
    return [];
  }

  private functionOf(value: Expression): FunctionNode | undefined {
    if (value.kind === 'lambda') return value.function;
    return value.kind === 'unit' ? this.scope.module.units.find(unit => unit.id === value.unit)?.function : undefined;
  }

  private isNeutralClass(callee: Expression): boolean {
    const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
    return (
      HARMLESS_CLASSES.has(name) || this.scope.builder.neutralClasses?.includes(name) === true || name.endsWith('Error')
    );
  }

  private toEffects(effect: CallEffect, given: readonly Argument[]): readonly StatementEffect[] {
    switch (effect.does) {
      case 'nothing':
        return [];
      case 'data':
      case 'soft':
        return [{ effect: effect.does, changes: [], complete: true }];
      case 'sql':
        return this.sqlEffects(given[0]);
      default: {
        const change: ObjectChange = {
          action: effect.does,
          kind: effect.kind,
          name: effect.name === undefined ? this.optionName(given) : this.nameIn(given[effect.name]),
          on: effect.on === undefined ? undefined : this.nameIn(given[effect.on]),
          to: effect.to === undefined ? undefined : this.nameIn(given[effect.to]),
        };
        return [structureOf(change)];
      }
    }
  }

  /** A call on the builder of a table. What a created table is made of is part of creating it. */
  private onTable(
    effect: CallEffect | undefined,
    builder: string,
    given: readonly Argument[],
  ): readonly StatementEffect[] {
    const on = this.tables.get(builder);
    if (on === undefined || !effect || !('kind' in effect)) return [];
    const name = effect.name === undefined ? undefined : this.nameIn(given[effect.name]);
    return [structureOf({ action: effect.does, kind: effect.kind, name, on })];
  }

  /** `{ name: 'orders_total_idx' }` among the options. */
  private optionName(given: readonly Argument[]): string | undefined {
    for (const { value } of given.slice(1)) {
      const options = this.valueOf(value);
      const record = options?.kind === 'call' && options.form === 'new' ? options.arguments[0]?.value : options;
      if (record?.kind !== 'record') continue;
      const text = this.textOf(entryOf(record, 'name') ?? entryOf(record, 'indexName'));
      if (!text.includes(HOLE)) return text;
    }
    return undefined;
  }

  private sqlEffects(argument: Argument | undefined): readonly StatementEffect[] {
    const value = writtenIn(argument?.value);
    // a builder's call, which has been looked at by itself
    if (value?.kind === 'call' && value.callee.kind === 'member' && READS.has(value.callee.name)) return [];
    const texts = value?.kind === 'list' ? value.items : value ? [value] : [];
    return texts.flatMap(each => {
      const text = this.textOf(each);
      if (text === HOLE) return [UNKNOWN_EFFECT];
      this.addNames(text);
      const dialect = dialectOf(text, this.scope.dialect);
      return splitStatements(text, dialect).flatMap(statement => {
        const effect = effectOf(text, statement, dialect);
        // `defaultTo(knex.raw('now()'))`: an expression inside another call
        if (effect.effect === 'unknown' && EXPRESSION.test(statement.text)) return [];
        return statement.text.includes(HOLE) ? { ...effect, complete: false } : effect;
      });
    });
  }
}

const READS = new Set(['toQuery', 'toString']);

/** The text in `` sql`…` `` and `raw('…')`. */
function writtenIn(value: Expression | undefined): Expression | undefined {
  if (value?.kind !== 'call' || value.arguments.length !== 1) return value;
  const { callee } = value;
  const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
  return name === 'raw' || name === 'sql' ? value.arguments[0]?.value : value;
}

/** Text that begins with none of the words that a statement with a hidden effect begins with. */
const EXPRESSION = /^(?!(?:SELECT|WITH|DO|CALL|EXEC|EXECUTE|VALUES|CREATE|ALTER|DROP|RENAME|IMPORT)\b)[\w'"(]/i;

const UNKNOWN_EFFECT: StatementEffect = { effect: 'unknown', changes: [], complete: false };

const structureOf = (change: ObjectChange): StatementEffect => ({
  effect: 'structure',
  changes: [
    {
      action: change.action,
      kind: change.kind,
      ...(change.name === undefined ? {} : { name: change.name }),
      ...(change.on === undefined ? {} : { on: change.on }),
      ...(change.to === undefined ? {} : { to: change.to }),
    },
  ],
  complete: change.name !== undefined || change.on !== undefined,
});

/** The effect of a call by its name; an own property, since `toString` and `constructor` are names too. */
const callEffect = ({ calls }: Pick<Builder, 'calls'>, name: string): CallEffect | undefined =>
  Object.hasOwn(calls, name) ? calls[name] : undefined;

const isName = (expression: Expression, name: string): boolean =>
  expression.kind === 'name' && expression.name === name;

/** `db.addColumn.bind(db, 'orders', …)` as the call that is to come of it. */
export function unbound(call: Call): Call {
  const { callee, arguments: given } = call;
  return callee.kind === 'member' && callee.name === 'bind' && callee.object.kind === 'member'
    ? { ...call, callee: callee.object, arguments: given.slice(1) }
    : call;
}

/** Calls happen in the order in which their names stand: `a().b()` is one call expression inside the other. */
const placeOf = (call: Call): number => (call.callee.kind === 'member' ? call.callee.nameSpan.start : call.start);

/** The variable that a chain of members, calls and awaits begins with. */
function rootOf(expression: Expression): string | undefined {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member':
    case 'index':
      return rootOf(expression.object);
    case 'call':
      return rootOf(expression.callee);
    case 'await':
      return rootOf(expression.value);
    default:
      return undefined;
  }
}

function entryOf(record: Expression, key: string): Expression | undefined {
  return record.kind === 'record' ? record.entries.find(entry => entry.key === key)?.value : undefined;
}

/** The variables that a pattern binds. */
export function namesOf(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case 'variable':
      return [pattern.name];
    case 'entries':
      return [
        ...pattern.entries.flatMap(entry => namesOf(entry.target)),
        ...(pattern.rest ? namesOf(pattern.rest) : []),
      ];
    case 'items':
      return [
        ...pattern.items.flatMap(item => (item.target ? namesOf(item.target) : [])),
        ...(pattern.rest ? namesOf(pattern.rest) : []),
      ];
    case 'place':
      return [];
  }
}

/** The head of a function in its unit's text, to be marked: its name, or all that stands before its body. */
export function headOf(text: string, name: string): Span {
  const head = /^[^({]*/.exec(text)?.[0] ?? '';
  const named = new RegExp(String.raw`(?<![\w$])${name}(?![\w$])`).exec(head);
  if (named) return { start: named.index, end: named.index + name.length };
  const whole = /^[^{]*?(?=\s*(?:\{|=>|$))/.exec(text)?.[0] ?? text;
  return { start: 0, end: Math.max(1, whole.length) };
}
