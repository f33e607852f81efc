/**
 * Evaluates a migration's function as far as constants go: the calls that it makes on what the tool hands over, in order,
 * with the constants that it makes them with. Nothing is executed: what is not constant is unknown, and what may change
 * the schema and could not be followed is said.
 */
import { type FileId, fileOf, type Place, type UnitId } from '../../engine/place';
import type {
  Argument,
  Block,
  Call,
  Expression,
  Function as FunctionNode,
  Module,
  Pattern,
  Span,
  Statement,
  TextExpression,
} from '../../program/model';
import { HOLE } from '../../sql/tokens';
import { type Flow, flowOf } from './flow';
import { type Apply, callOnValue, entriesOf } from './language';
import { arithmetic, compared, equality, kindOf } from './operators';
import {
  type Answers,
  type Chain,
  type ChainStep,
  type Condition,
  type Entry,
  type GivenArgument,
  type Names,
  NO_ANSWERS,
  type Root,
  type SourcePiece,
  type TextTest,
  truthOf,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from './values';

/** How deep functions call functions; a migration that goes deeper is one that could not be followed. */
const DEEPEST = 12;
/** How many turns of loops over constant lists are followed. */
const MOST_TURNS = 2_000;

const SAME = new Set(['===', '==', 'is']);
const NOT_SAME = new Set(['!==', '!=', '<>', 'is not']);
const COLLECTIONS = new Set(['set', 'frozenset', 'list', 'tuple']);

/** How many calls of functions are followed. */
const MOST_CALLS = 20_000;

/** The file that an import of a file means, where it is one of the project's own. */
export type Imported = (from: FileId, specifier: string) => Module | undefined;

/** How a body ended: it went on, it returned a value, it left a loop, it threw. */
type End =
  | { readonly kind: 'returns'; readonly value: Value }
  | { readonly kind: 'leaves' }
  | { readonly kind: 'throws' };

/** What a migration's function does, `answers` being what is known of what it asks the tool. */
export function evaluateMigration(
  module: Module,
  fn: FunctionNode,
  unit: UnitId,
  owner?: string,
  answers?: Answers,
  imported?: Imported,
): readonly Entry[] {
  const evaluation = new Evaluation(module, owner, answers, imported);
  const names: Names = new Map();
  fn.parameters.forEach((parameter, index) => {
    evaluation.bind(parameter.target, chainOf({ kind: 'parameter', of: 'migration', index }), names, unit);
  });
  evaluation.run(fn, unit, names);
  return evaluation.entries;
}

/** A direction of a migration that a call has made. */
export interface MadeDirection {
  readonly entries: readonly Entry[];
  readonly function: FunctionNode;
}

/**
 * The directions of a migration that a function of the project's makes: `module.exports = addColumn('orders', 'total', …)`.
 * @param at  the call, where what it does is said to be done when it stands elsewhere
 */
export function evaluateMade(
  module: Module,
  expression: Expression,
  at: Place,
  answers: Answers,
  imported: Imported,
): { readonly up?: MadeDirection; readonly down?: MadeDirection } {
  const direction = (name: 'up' | 'down'): MadeDirection | undefined => {
    const evaluation = new Evaluation(module, undefined, answers, imported, at);
    const fn = evaluation.memberOf(expression, name);
    if (fn?.kind !== 'function') return undefined;
    const builder = chainOf({ kind: 'parameter', of: 'migration', index: 0 });
    evaluation.entries = [];
    evaluation.begin([fn, builder]);
    return { entries: evaluation.entries, function: fn.function };
  };
  const [up, down] = [direction('up'), direction('down')];
  return { ...(up ? { up } : {}), ...(down ? { down } : {}) };
}

/** The value of an expression of a module's top level, or of a class's field: Django's `operations`. */
export function evaluateConstant(module: Module, expression: Expression, unit: UnitId): Value {
  return new Evaluation(module).value(expression, new Map(), unit);
}

const chainOf = (root: Root, conditions: readonly Condition[] = []): Chain => ({
  kind: 'chain',
  root,
  steps: [],
  conditions,
});

class Evaluation {
  entries: Entry[] = [];
  private conditions: readonly Condition[] = [];
  private depth = 0;
  private turns = 0;
  private readonly topNames: Names = new Map();
  /** Those that were asked for, by file. */
  private readonly modules = new Map<FileId, Module>();
  /** What instances of the project's own classes are of. */
  private readonly classes = new WeakMap<Value, ClassValue>();
  private calls = 0;
  private readonly declared = new WeakMap<Names, Map<string, readonly Condition[]>>();
  /** The conditions under which a list or record was made: what is put in under others may be in it or not. */
  private readonly made = new WeakMap<Value, readonly Condition[]>();
  /** Names of the top level whose value is being looked up: one that needs itself is unknown. */
  private readonly pending = new Set<string>();
  /** Chains that begin with calls of another one, and that nothing has been called on yet. */
  private readonly unnoted = new WeakSet<Chain>();

  constructor(
    private readonly module: Module,
    private readonly owner?: string,
    private readonly answers: Answers = NO_ANSWERS,
    private readonly imported: Imported = () => undefined,
    /** Where the migration calls what is being done, while that stands in another file. */
    private site?: Place,
  ) {
    this.modules.set(module.file, module);
  }

  memberOf(expression: Expression, name: string): Value | undefined {
    return this.member(
      this.value(expression, new Map(), this.module.top.id),
      name,
      expression,
      this.module.top.id,
      true,
    );
  }

  begin([fn, ...given]: readonly [FunctionValue, ...Value[]]): void {
    this.apply(
      fn,
      given.map(value => ({ value })),
    );
  }

  /** The module that a unit is of. */
  private moduleOf(unit: UnitId): Module {
    return this.modules.get(fileOf(unit)) ?? this.module;
  }

  private place({ start, end }: Span, unit: UnitId): Place {
    return this.site && fileOf(unit) !== this.module.file ? this.site : { unit, start, end };
  }

  run(fn: FunctionNode, unit: UnitId, names: Names): Value {
    if (this.depth >= DEEPEST) {
      this.unfollowed(fn, unit, 'calls that go too deep');
      return UNKNOWN;
    }
    this.depth += 1;
    const end = this.block(fn.body, names, unit);
    this.depth -= 1;
    return end?.kind === 'returns' ? end.value : UNDEFINED;
  }

  bind(pattern: Pattern, value: Value, names: Names, unit: UnitId): void {
    switch (pattern.kind) {
      case 'variable':
        names.set(pattern.name, value);
        return;
      case 'entries':
        for (const entry of pattern.entries) {
          const found = this.member(value, entry.key, pattern, unit, false);
          const missing = found.kind === 'constant' && found.value === undefined;
          const given = missing && entry.default ? this.value(entry.default, names, unit) : found;
          this.bind(entry.target, given, names, unit);
        }
        if (pattern.rest) this.bind(pattern.rest, UNKNOWN, names, unit);
        return;
      case 'items':
        pattern.items.forEach((item, index) => {
          const found = value.kind === 'list' ? (value.items[index] ?? (value.open ? UNKNOWN : UNDEFINED)) : UNKNOWN;
          if (item.target) this.bind(item.target, found, names, unit);
        });
        if (pattern.rest)
          this.bind(
            pattern.rest,
            value.kind === 'list' ? { ...value, items: value.items.slice(pattern.items.length) } : UNKNOWN,
            names,
            unit,
          );
        return;
      case 'place':
        this.put(pattern.expression, value, names, unit);
        return;
    }
  }

  // ——— statements ———

  private block(body: Block, names: Names, unit: UnitId): End | undefined {
    const before = this.conditions;
    for (const statement of body) {
      const end = this.statement(statement, names, unit);
      if (end) {
        this.conditions = before;
        return end;
      }
    }
    this.conditions = before;
    return undefined;
  }

  private statement(statement: Statement, names: Names, unit: UnitId): End | undefined {
    switch (statement.kind) {
      case 'evaluate':
        this.value(statement.expression, names, unit);
        return undefined;
      case 'declare': {
        const value = statement.value ? this.value(statement.value, names, unit) : UNDEFINED;
        this.bind(statement.target, value, names, unit);
        if (statement.target.kind === 'variable') this.declaredUnder(names).set(statement.target.name, this.conditions);
        return undefined;
      }
      case 'branch':
        return this.branch(statement, names, unit);
      case 'loop':
        return this.loop(statement, names, unit);
      case 'try': {
        const end = this.block(statement.body, names, unit);
        const last = this.block(statement.finally, names, unit);
        // an error that a handler may catch is no failure of the migration
        return last ?? (end?.kind === 'throws' && statement.handlers.length > 0 ? undefined : end);
      }
      case 'scope': {
        for (const { target, value } of statement.resources) {
          const resource = this.value(value, names, unit);
          if (target) this.bind(target, resource, names, unit);
        }
        return this.block(statement.body, names, unit);
      }
      case 'return':
        return { kind: 'returns', value: statement.value ? this.value(statement.value, names, unit) : UNDEFINED };
      case 'throw':
        this.fails(statement, unit);
        return { kind: 'throws' };
      case 'break':
      case 'continue':
        return { kind: 'leaves' };
      case 'switch':
        return this.switched(statement, names, unit);
      case 'opaque-statement':
        this.unfollowed(statement, unit, statement.label);
        return undefined;
    }
  }

  private branch(
    { test, then, otherwise }: Extract<Statement, { kind: 'branch' }>,
    names: Names,
    unit: UnitId,
  ): End | undefined {
    const value = this.value(test, names, unit);
    const truth = this.truth(value);
    if (truth !== undefined) return this.within(truth ? then : otherwise, names, unit);
    const before = this.conditions;
    this.conditions = [...before, { value, holds: true }];
    const first = this.block(then, names, unit);
    this.conditions = [...before, { value, holds: false }];
    const second = this.block(otherwise, names, unit);
    this.conditions = before;
    if (first && second) return first;
    // `if (exists) return;`: the rest runs where it did not
    if (first) this.conditions = [...before, { value, holds: false }];
    else if (second) this.conditions = [...before, { value, holds: true }];
    return undefined;
  }

  /** A part of a body: what it finds out holds for the rest of the body too. */
  private within(body: Block, names: Names, unit: UnitId): End | undefined {
    for (const statement of body) {
      const end = this.statement(statement, names, unit);
      if (end) return end;
    }
    return undefined;
  }

  /** The case that is meant, and those that it falls through to; each under a condition where that is not known. */
  private switched(
    { subject, cases }: Extract<Statement, { kind: 'switch' }>,
    names: Names,
    unit: UnitId,
  ): End | undefined {
    const value = this.value(subject, names, unit);
    const truths = cases.map(({ tests }) =>
      tests.map(test => this.truth(this.equal(value, this.value(test, names, unit), false))),
    );
    // the cases exclude each other
    const isKnown = truths.some(each => each.includes(true)) || truths.flat().every(truth => truth === false);
    if (isKnown) {
      const chosen = truths.findIndex(each => each.includes(true));
      const from = chosen >= 0 ? chosen : cases.findIndex(({ tests }) => tests.length === 0);
      for (const { body } of from >= 0 ? cases.slice(from) : []) {
        const end = this.within(body, names, unit);
        if (end) return end.kind === 'leaves' ? undefined : end;
      }
      return undefined;
    }
    const before = this.conditions;
    const ends = cases.map(({ body }) => {
      this.conditions = [...before, { value: UNKNOWN, holds: true }];
      return this.within(body, names, unit);
    });
    const isLeft = (end: End | undefined): boolean => end !== undefined && end.kind !== 'leaves';
    this.conditions = ends.some(isLeft) ? [...before, { value: UNKNOWN, holds: true }] : before;
    return ends.every(isLeft) && cases.some(({ tests }) => tests.length === 0) ? ends[0] : undefined;
  }

  /** Where each variable was declared. */
  private declaredUnder(names: Names): Map<string, readonly Condition[]> {
    const known = this.declared.get(names) ?? new Map<string, readonly Condition[]>();
    this.declared.set(names, known);
    return known;
  }

  /** What a value tests as, by what is known of the server too. */
  private truth(value: Value): boolean | undefined {
    switch (value.kind) {
      case 'not': {
        const inner = this.truth(value.value);
        return inner === undefined ? undefined : !inner;
      }
      case 'either': {
        const truths = [this.truth(value.left), this.truth(value.right)];
        const decides = value.operator === '||';
        if (truths.includes(decides)) return decides;
        return truths.includes(undefined) ? undefined : !decides;
      }
      default:
        return this.answers.holds(value) ?? truthOf(value);
    }
  }

  private loop(loop: Extract<Statement, { kind: 'loop' }>, names: Names, unit: UnitId): End | undefined {
    if (loop.form === 'count' && this.counted(loop, names, unit)) return undefined;
    const source = loop.source && this.value(loop.source, names, unit);
    // what a builder would send, statement by statement, is what it is for
    if (source?.kind === 'chain' && source.steps.at(-1)?.name === 'toSQL') return undefined;
    const items = loop.form === 'each' && source ? itemsOf(source, loop.keys === true) : undefined;
    if (!items) {
      this.repeated(loop.head, unit, () => {
        if (loop.item) this.bind(loop.item, UNKNOWN, names, unit);
        this.block(loop.body, names, unit);
      });
      return undefined;
    }
    for (const item of items) {
      this.turns += 1;
      if (this.turns > MOST_TURNS) {
        this.unfollowed(loop.head, unit, 'a loop of very many turns');
        return undefined;
      }
      if (loop.item) this.bind(loop.item, item, names, unit);
      const end = this.block(loop.body, names, unit);
      if (end && end.kind !== 'leaves') return end;
    }
    return undefined;
  }

  /** A loop that counts over what is known; false where it is not, and nothing has been done then. */
  private counted(loop: Extract<Statement, { kind: 'loop' }>, names: Names, unit: UnitId): boolean {
    if (!loop.test) return false;
    const inner: Names = new Map(names);
    if (loop.before) this.within(loop.before, inner, unit);
    if (this.truth(this.value(loop.test, inner, unit)) === undefined) return false;
    for (const [name, value] of inner) names.set(name, value);
    for (const [name, under] of this.declaredUnder(inner)) this.declaredUnder(names).set(name, under);
    while (this.truth(this.value(loop.test, names, unit)) === true) {
      this.turns += 1;
      if (this.turns > MOST_TURNS) {
        this.unfollowed(loop.head, unit, 'a loop of very many turns');
        return true;
      }
      const end = this.block(loop.body, names, unit);
      if (end && end.kind !== 'leaves') return true;
      if (loop.after) this.value(loop.after, names, unit);
    }
    return true;
  }

  /** A loop over what is not constant: what one turn does, and that nobody knows how often. */
  private repeated(at: Span, unit: UnitId, turn: () => void, what = 'a loop over what is not constant'): void {
    const { entries, conditions } = this;
    const chains = entries.flatMap(entry => (entry.kind === 'chain' ? [{ entry, length: entry.steps.length }] : []));
    this.entries = [];
    this.conditions = [...conditions, { value: UNKNOWN, holds: true }];
    turn();
    const repeats = this.entries;
    this.entries = entries;
    this.conditions = conditions;
    const grown = chains.filter(({ entry, length }) => entry.steps.length > length);
    // what was begun before the loop and goes on in it
    for (const { entry, length } of grown) entry.steps.length = length;
    if (grown.length > 0) this.unfollowed(at, unit, what);
    else if (repeats.length > 0) entries.push({ kind: 'unfollowed', at: this.place(at, unit), what, repeats });
  }

  // ——— expressions ———

  value(expression: Expression, names: Names, unit: UnitId): Value {
    switch (expression.kind) {
      case 'constant':
        return { kind: 'constant', value: expression.value };
      case 'text':
        return this.text(expression, names, unit);
      case 'name':
        return this.named(expression.name, names, unit);
      case 'this':
        return (
          names.get('this') ??
          (fileOf(unit) === this.module.file ? chainOf({ kind: 'this' }, this.conditions) : UNKNOWN)
        );
      case 'import':
        return (
          this.moduleFrom(unit, expression.from) ?? chainOf({ kind: 'import', from: expression.from }, this.conditions)
        );
      case 'member':
        return this.member(
          this.value(expression.object, names, unit),
          expression.name,
          expression.nameSpan,
          unit,
          true,
        );
      case 'index': {
        const object = this.value(expression.object, names, unit);
        const index = this.value(expression.index, names, unit);
        if (index.kind === 'text' && index.complete) return this.member(object, index.value, expression, unit, true);
        if (object.kind === 'list' && index.kind === 'constant' && typeof index.value === 'number')
          return object.items.at(index.value) ?? (object.open ? UNKNOWN : UNDEFINED);
        return UNKNOWN;
      }
      case 'call':
        return this.called(expression, names, unit);
      case 'operation':
        return this.operation(expression.operator, expression.operands, names, unit);
      case 'choice':
        return this.choice(expression, names, unit);
      case 'assign':
        return this.assign(expression, names, unit);
      case 'record':
        return this.record(expression, names, unit);
      case 'list': {
        const values = expression.items.map(item =>
          this.value(item.kind === 'spread' ? item.value : item, names, unit),
        );
        const spreads = expression.items.map(item => item.kind === 'spread');
        const known = values.every((value, at) => !spreads[at] || (value.kind === 'list' && !value.open));
        const items = values.flatMap((value, at) => (spreads[at] && value.kind === 'list' ? value.items : [value]));
        return this.making({ kind: 'list', items, ...(known ? {} : { open: true }) });
      }
      case 'await':
        return this.value(expression.value, names, unit);
      case 'spread':
        return this.value(expression.value, names, unit);
      case 'yield':
        if (expression.value) this.value(expression.value, names, unit);
        return UNKNOWN;
      case 'lambda':
        return {
          kind: 'function',
          function: expression.function,
          unit,
          names,
          ...(this.site && fileOf(unit) !== this.module.file ? { site: this.site } : {}),
        };
      case 'unit': {
        const found = this.moduleOf(expression.unit).units.find(({ id }) => id === expression.unit);
        return found ? { kind: 'function', function: found.function, unit: found.id, names: new Map() } : UNKNOWN;
      }
      case 'comprehension':
        return this.comprehension(expression, names, unit);
      case 'opaque':
        for (const operand of expression.operands) this.value(operand, names, unit);
        return UNKNOWN;
      case 'class': {
        const module = this.moduleOf(unit);
        const found = module.classes.find(({ name }) => name === expression.name);
        return found ? { kind: 'class', class: found, module } : UNKNOWN;
      }
      case 'regex':
        return UNKNOWN;
    }
  }

  private text(expression: TextExpression, names: Names, unit: UnitId): Value {
    let value = '';
    let complete = true;
    const pieces: SourcePiece[] = [];
    for (const part of expression.parts) {
      if (part.kind === 'part') {
        if (fileOf(unit) === this.module.file)
          pieces.push({
            from: value.length,
            to: value.length + part.value.length,
            unit,
            start: part.start,
            ...(part.escapes ? { escapes: part.escapes } : {}),
          });
        value += part.value;
        continue;
      }
      const hole = textOf(this.value(part.expression, names, unit));
      if (hole?.kind !== 'text') {
        complete = false;
        value += HOLE;
      } else {
        complete &&= hole.complete;
        pieces.push(...shifted(hole.pieces, value.length));
        value += hole.value;
      }
    }
    return { kind: 'text', value, pieces, complete };
  }

  private operation(operator: string, operands: readonly Expression[], names: Names, unit: UnitId): Value {
    const values = operands.map(operand => this.value(operand, names, unit));
    const [first, second] = values;
    if (operator === '!' && first) {
      const truth = this.truth(first);
      return truth === undefined ? { kind: 'not', value: first } : { kind: 'constant', value: !truth };
    }
    if (operator === 'typeof' && first) return kindOf(first) ?? UNKNOWN;
    if (first && second && values.length === 2) {
      if (SAME.has(operator)) return this.equal(first, second, operator === '==');
      if (NOT_SAME.has(operator)) return negated(this.equal(first, second, operator === '!='));
      if (operator === 'in') return this.isIn(first, second);
      if (operator === 'not in') return negated(this.isIn(first, second));
      const known = compared(operator, first, second);
      if (known) return known;
    }
    if (operator === '-' && values.length === 1 && first?.kind === 'constant' && typeof first.value === 'number')
      return { kind: 'constant', value: -first.value };
    if (operator === '+') {
      if (values.every(value => value.kind === 'constant' && typeof value.value === 'number'))
        return {
          kind: 'constant',
          value: values.reduce((sum, value) => sum + (value.kind === 'constant' ? Number(value.value) : 0), 0),
        };
      if (values.some(value => value.kind === 'text')) return joined(values, '');
      if (values.every(value => value.kind === 'list'))
        return {
          kind: 'list',
          items: values.flatMap(value => (value.kind === 'list' ? value.items : [])),
          ...(values.some(value => value.kind === 'list' && value.open) ? { open: true } : {}),
        };
    }
    return UNKNOWN;
  }

  /** Whether one value is the other, as far as the tool's answers tell. */
  private equal(left: Value, right: Value, isLoose: boolean): Value {
    const known = this.answers.isAmong(left, [right]) ?? this.answers.isAmong(right, [left]);
    return known === undefined ? equality(left, right, isLoose) : { kind: 'constant', value: known };
  }

  /** `item in of`, of a list, a record's keys, or what a call gives. */
  private isIn(item: Value, of: Value): Value {
    if (of.kind === 'chain') return { kind: 'within', item, of };
    if (of.kind === 'members') return { kind: 'within', item, of: of.of, by: of.by };
    const name = textValue(item);
    if (of.kind === 'record' && name !== undefined)
      return of.entries.has(name)
        ? { kind: 'constant', value: true }
        : of.open
          ? UNKNOWN
          : { kind: 'constant', value: false };
    if (of.kind !== 'list') return UNKNOWN;
    const known = of.open ? undefined : this.answers.isAmong(item, of.items);
    if (known !== undefined) return { kind: 'constant', value: known };
    const truths = of.items.map(each => this.truth(equality(item, each, false)));
    if (truths.includes(true)) return { kind: 'constant', value: true };
    return of.open || truths.includes(undefined) ? UNKNOWN : { kind: 'constant', value: false };
  }

  private choice(expression: Extract<Expression, { kind: 'choice' }>, names: Names, unit: UnitId): Value {
    const { operator, test, then, otherwise } = expression;
    const value = this.value(test, names, unit);
    const truth =
      operator === '??' && value.kind === 'constant'
        ? value.value !== undefined && value.value !== null
        : this.truth(value);
    switch (operator) {
      case '?:':
        return truth === undefined
          ? this.either(value, then, otherwise, names, unit)
          : this.value(truth ? then : otherwise, names, unit);
      case '&&':
        if (truth === false) return value;
        return truth ? this.value(then, names, unit) : this.both(value, '&&', then, names, unit);
      case '||':
      case '??':
        if (truth) return value;
        if (truth === false) return this.value(otherwise, names, unit);
        return operator === '||'
          ? this.both(value, '||', otherwise, names, unit)
          : this.either(value, undefined, otherwise, names, unit);
    }
  }

  /** `value && more`, `value || more`, of which the second part happens only under the first. */
  private both(value: Value, operator: '&&' | '||', more: Expression, names: Names, unit: UnitId): Value {
    const before = this.conditions;
    this.conditions = [...before, { value, holds: operator === '&&' }];
    const right = this.value(more, names, unit);
    this.conditions = before;
    return { kind: 'either', operator, left: value, right };
  }

  /** Both sides happen under their conditions; what they give is not known. */
  private either(
    value: Value,
    then: Expression | undefined,
    otherwise: Expression | undefined,
    names: Names,
    unit: UnitId,
  ): Value {
    const before = this.conditions;
    if (then) {
      this.conditions = [...before, { value, holds: true }];
      this.value(then, names, unit);
    }
    if (otherwise) {
      this.conditions = [...before, { value, holds: false }];
      this.value(otherwise, names, unit);
    }
    this.conditions = before;
    return UNKNOWN;
  }

  private assign(
    { target, operator, value }: Extract<Expression, { kind: 'assign' }>,
    names: Names,
    unit: UnitId,
  ): Value {
    const given = this.value(value, names, unit);
    const before = target.kind === 'variable' ? (names.get(target.name) ?? UNKNOWN) : UNKNOWN;
    const next =
      operator === undefined
        ? given
        : (arithmetic(operator, before, given) ?? (operator === '+' ? joined([before, given], '') : UNKNOWN));
    // under a condition that is not known the variable may hold either
    const isOpen =
      this.conditions.length > 0 &&
      target.kind === 'variable' &&
      names.has(target.name) &&
      this.declaredUnder(names).get(target.name) !== this.conditions;
    this.bind(target, isOpen ? UNKNOWN : next, names, unit);
    return next;
  }

  private record(expression: Extract<Expression, { kind: 'record' }>, names: Names, unit: UnitId): Value {
    const entries = new Map<string, Value>();
    let open = false;
    for (const { key, value: given } of expression.entries) {
      const value = this.value(given, names, unit);
      if (key === undefined) {
        if (value.kind === 'module') {
          for (const { name } of value.module.exports) {
            const each = this.exported(value.module, name);
            if (each) entries.set(name, each);
          }
        } else if (value.kind !== 'record') open = true;
        else {
          open ||= value.open === true;
          for (const [name, entry] of value.entries) entries.set(name, entry);
        }
        continue;
      }
      const name = typeof key === 'string' ? key : textValue(this.value(key, names, unit));
      if (name === undefined) open = true;
      else entries.set(name, value);
    }
    return this.making({ kind: 'record', entries, ...(open ? { open } : {}) });
  }

  private making(value: Value): Value {
    this.made.set(value, this.conditions);
    return value;
  }

  /** Whether something that is done to a list or record has been done for sure. */
  private isSure(value: Value): boolean {
    return this.conditions.length === 0 || this.made.get(value) === this.conditions;
  }

  /** Puts a value into a record: `spec.nullable = true`. */
  private put(target: Expression, value: Value, names: Names, unit: UnitId): void {
    if (target.kind !== 'member' && target.kind !== 'index') return;
    const object = this.value(target.object, names, unit);
    if (object.kind !== 'record') return;
    const key = target.kind === 'member' ? target.name : textValue(this.value(target.index, names, unit));
    const record: { entries: ReadonlyMap<string, Value>; open?: boolean } = object;
    if (key === undefined) record.open = true;
    else setEntry(record, key, this.isSure(object) ? value : UNKNOWN);
  }

  private comprehension(expression: Extract<Expression, { kind: 'comprehension' }>, names: Names, unit: UnitId): Value {
    const [loop, more] = expression.loops;
    const source = loop && this.value(loop.source, names, unit);
    if (loop && !more && source?.kind === 'chain') return this.ofAnswer(expression, loop, source, names, unit);
    if (loop && !more && source?.kind === 'members' && loop.tests.length === 0) return source;
    const items = source && itemsOf(source, false);
    if (!loop || more || !items || loop.tests.length > 0) {
      const own: Names = new Map(names);
      this.repeated(expression, unit, () => {
        for (const each of expression.loops) this.bind(each.item, UNKNOWN, own, unit);
        this.value(expression.element, own, unit);
      });
      return UNKNOWN;
    }
    const inner: Names = new Map(names);
    return {
      kind: 'list',
      items: items.map(item => {
        this.bind(loop.item, item, inner, unit);
        return this.value(expression.element, inner, unit);
      }),
    };
  }

  /** `[each['name'] for each in inspector.get_columns('orders')]`, which is read alone. */
  private ofAnswer(
    expression: Extract<Expression, { kind: 'comprehension' }>,
    loop: Extract<Expression, { kind: 'comprehension' }>['loops'][number],
    source: Chain,
    names: Names,
    unit: UnitId,
  ): Value {
    const inner: Names = new Map(names);
    let element: Value = UNKNOWN;
    this.repeated(expression, unit, () => {
      this.bind(loop.item, itemOf(source), inner, unit);
      for (const test of loop.tests) this.value(test, inner, unit);
      element = this.value(expression.element, inner, unit);
    });
    if (loop.tests.length > 0) return UNKNOWN;
    return madeOf(source, element) ?? foundIn(source, element) ?? UNKNOWN;
  }

  // ——— names and members ———

  /** The chain to hang on: a call's own, which goes on, or a copy of one that has only been named so far. */
  private grown(chain: Chain): Chain {
    if (chain.steps.some(step => step.arguments !== undefined)) return chain;
    return { ...chain, steps: [...chain.steps], conditions: this.conditions };
  }

  /** The chain to read a member of: what a call gives stays as it is, and what is called on the member is an entry of its own. */
  private read(chain: Chain): Chain {
    if (chain.steps.every(step => step.arguments === undefined)) return this.grown(chain);
    const steps = chain.steps.map(step => (step.inner.length > 0 ? { ...step, inner: [] } : step));
    const copy: Chain = { ...chain, steps, conditions: this.conditions };
    this.unnoted.add(copy);
    return copy;
  }

  /**
   * A variable's chain: what is called on a library's thing later happens then, `status.create(…)`, and is an entry of its
   * own that begins like the thing.
   */
  private again(chain: Chain): Chain {
    const [first, more] = chain.steps;
    // an answer is asked again and again
    const last = chain.steps.at(-1);
    if (last?.arguments !== undefined && GIVES_ANSWER.test(last.name)) return this.read(chain);
    // `const knex = this.getKnex()`
    const isGotten = chain.root.kind === 'this' && first?.arguments?.length === 0 && more === undefined;
    if (!isGotten && (chain.root.kind !== 'import' || chain.steps.every(step => step.arguments === undefined)))
      return this.grown(chain);
    const copy: Chain = { ...chain, steps: [...chain.steps], conditions: this.conditions };
    this.unnoted.add(copy);
    return copy;
  }

  private named(name: string, names: Names, unit: UnitId): Value {
    const found = names.get(name);
    // a chain that nothing hangs on yet is begun anew wherever it is named
    if (found) return found.kind === 'chain' ? this.again(found) : found;
    if (name === 'undefined') return UNDEFINED;
    const declared = this.declaredAtTop(name, this.moduleOf(unit));
    if (declared) return declared.kind === 'chain' ? this.again(declared) : declared;
    return chainOf({ kind: 'global', name }, this.conditions);
  }

  private declaredAtTop(name: string, module: Module): Value | undefined {
    const key = `${module.file}#${name}`;
    const known = this.topNames.get(key);
    if (known) return known;
    if (this.pending.has(key)) return UNKNOWN;
    this.pending.add(key);
    const unit = module.top.id;
    let value: Value | undefined;
    for (const statement of module.top.function.body) {
      const expression = statement.kind === 'declare' ? statement.value : undefined;
      if (statement.kind !== 'declare' || !expression || !bindsName(statement.target, name)) continue;
      const bound: Names = new Map();
      this.elsewhere(() => this.bind(statement.target, this.value(expression, new Map(), unit), bound, unit));
      value = bound.get(name);
    }
    this.pending.delete(key);
    if (value) this.topNames.set(key, value);
    return value;
  }

  /** What the top level of a file does is done when it is loaded, and by no migration. */
  private elsewhere(work: () => void): void {
    const { entries, conditions, site } = this;
    this.entries = [];
    this.conditions = [];
    work();
    this.entries = entries;
    this.conditions = conditions;
    this.site = site;
  }

  /** Another file of the project, or what that hands over as a whole. */
  private moduleFrom(unit: UnitId, specifier: string): Value | undefined {
    const module = this.imported(fileOf(unit), specifier);
    if (!module) return undefined;
    this.modules.set(module.file, module);
    return this.exported(module, '=') ?? { kind: 'module', module };
  }

  /** What a file hands over by a name; undefined where it has no such name. */
  private exported(module: Module, name: string): Value | undefined {
    const key = `${module.file}=${name}`;
    const known = this.topNames.get(key);
    if (known) return known;
    if (this.pending.has(key)) return UNKNOWN;
    this.pending.add(key);
    const found = this.lookUp(module, name);
    this.pending.delete(key);
    if (found) this.topNames.set(key, found);
    return found;
  }

  private lookUp(module: Module, name: string): Value | undefined {
    const unit = module.top.id;
    const own = module.exports.findLast(each => each.name === name);
    if (own?.from !== undefined) {
      const other = this.moduleFrom(unit, own.from);
      if (!other || own.imported === '*') return other;
      return this.member(other, own.imported ?? name, module.top.function, unit, false);
    }
    if (own?.value) {
      const { value: expression } = own;
      let value: Value = UNKNOWN;
      this.elsewhere(() => {
        value = this.value(expression, new Map(), unit);
      });
      return value;
    }
    if (name === '=') return undefined;
    if (module.open) {
      const declared = this.declaredAtTop(name, module);
      if (declared) return declared;
    }
    for (const { name: all, from } of module.exports) {
      const other = all === '*' && from !== undefined ? this.moduleFrom(unit, from) : undefined;
      const found = other?.kind === 'module' ? this.exported(other.module, name) : undefined;
      if (found) return found;
    }
    return undefined;
  }

  /** What of a class has this name: a method, which knows what it is called on. */
  private methodOf(object: Value, of: ClassValue, name: string): FunctionValue | undefined {
    let owner: ClassValue | undefined = of;
    for (let depth = 0; owner && depth < DEEPEST; depth += 1) {
      const id = owner.class.methods.get(name);
      const found = id === undefined ? undefined : owner.module.units.find(unit => unit.id === id);
      if (found)
        return {
          kind: 'function',
          function: found.function,
          unit: found.id,
          names: new Map<string, Value>([
            ['this', object],
            ['<class>', owner],
          ]),
        };
      owner = this.parentOf(owner);
    }
    return undefined;
  }

  private parentOf({ class: { extends: parent }, module }: ClassValue): ClassValue | undefined {
    if (!parent) return undefined;
    let value: Value = UNKNOWN;
    this.elsewhere(() => {
      value = this.value(parent, new Map(), module.top.id);
    });
    return asClass(value);
  }

  /** An instance of a class of the project's own, with what its constructor keeps. */
  private instanceOf(of: ClassValue, given: readonly GivenArgument[]): Value {
    const made = this.making({ kind: 'record', entries: new Map(), open: true });
    this.classes.set(made, of);
    const makes = this.methodOf(made, of, 'constructor');
    if (makes) this.apply(makes, given);
    return made;
  }

  private member(object: Value, name: string, at: Span, unit: UnitId, grows: boolean): Value {
    switch (object.kind) {
      case 'record': {
        const of = this.classes.get(object);
        const known = object.entries.get(name) ?? (of && this.methodOf(object, of, name));
        if (known?.kind === 'function' && known.function.getter) return this.apply(known, []);
        return known ?? (object.open ? UNKNOWN : UNDEFINED);
      }
      case 'module':
        // a module of CommonJS is its own default
        return this.exported(object.module, name) ?? (name === 'default' ? object : UNDEFINED);
      case 'chain':
        return this.chainMember(object, name, at, unit, grows);
      case 'list':
        return name === 'length' && !object.open ? { kind: 'constant', value: object.items.length } : UNKNOWN;
      case 'text':
        return name === 'length' && object.complete ? { kind: 'constant', value: object.value.length } : UNKNOWN;
      case 'within':
        // of the items that are one there are none, or some
        return name === 'length' ? object : UNKNOWN;
      default:
        return UNKNOWN;
    }
  }

  private chainMember(object: Chain, name: string, at: Span, unit: UnitId, grows: boolean): Value {
    if (object.root.kind === 'this' && object.steps.length === 0) {
      const field = this.module.classes.find(each => each.name === this.owner)?.fields.find(each => each.name === name);
      if (field?.value) return this.value(field.value, new Map(), this.module.top.id);
    }
    // `({ context: queryInterface })` is another thing than the parameter
    if (!grows && object.root.kind === 'parameter' && object.steps.length === 0 && object.root.key === undefined)
      return chainOf({ ...object.root, key: name }, this.conditions);
    const chain = this.read(object);
    chain.steps.push({ name, at: this.place(at, unit), inner: [] });
    return chain;
  }

  // ——— calls ———

  private called(call: Call, names: Names, unit: UnitId): Value {
    const before = this.site;
    if (fileOf(unit) === this.module.file) this.site = { unit, start: call.callee.start, end: call.callee.end };
    const value = this.followed(call, names, unit);
    this.site = before;
    return value;
  }

  private followed(call: Call, names: Names, unit: UnitId): Value {
    const { callee } = call;
    if (callee.kind === 'this' && callee.super) return this.toParent(call, names, unit);
    // what an import constructs is a thing of the library's, like what its functions give: `new Table(…)`, `sa.Column(…)`
    if (call.form === 'new' && !this.isImported(callee, names, unit)) {
      const of = asClass(this.value(callee, names, unit));
      return of && of.module !== this.module
        ? this.instanceOf(of, this.given(call.arguments, names, unit))
        : this.instance(call, names, unit);
    }
    if (callee.kind === 'member') {
      const object = this.value(callee.object, names, unit);
      const asked = this.askedOf(object, callee.name, call, names, unit);
      if (asked) return asked;
      const turn = PER_ITEM.has(callee.name) ? this.turnOf(object, call, names, unit) : undefined;
      if (turn) return turn;
      if (object.kind === 'chain') return this.callOnChain(object, callee.name, callee.nameSpan, call, names, unit);
      if (object.kind === 'record') {
        const method = this.member(object, callee.name, callee.nameSpan, unit, true);
        if (isCallable(method)) return this.invoke(method, this.given(call.arguments, names, unit));
      }
      if (object.kind === 'module') {
        const found = this.member(object, callee.name, callee.nameSpan, unit, true);
        if (isCallable(found)) return this.invoke(found, this.given(call.arguments, names, unit));
        if (found.kind === 'chain') return this.callOnChain(found, undefined, callee, call, names, unit);
      }
      if (isCallable(object) && OF_FUNCTIONS.has(callee.name))
        return this.onFunction(object, callee.name, this.given(call.arguments, names, unit));
      const given = this.given(call.arguments, names, unit);
      // what a function of its own gives may be waited for
      if (GOES_ON.has(callee.name)) {
        for (const { value } of given) if (isCallable(value)) this.invoke(value, [{ value: object }]);
        return UNKNOWN;
      }
      const [only] = given;
      if (only && object.kind === 'list' && IS_IN.has(callee.name)) return this.isIn(only.value, object);
      if (object.kind === 'list' && ADDS.has(callee.name)) return this.added(object, given);
      const apply: Apply = (fn, values) =>
        this.apply(
          fn,
          values.map(value => ({ value })),
        );
      const truth = (value: Value): boolean | undefined => this.truth(value);
      return callOnValue(object, callee.name, given, { apply, join: joined, truth }) ?? this.outside(call, given, unit);
    }
    const target = this.value(callee, names, unit);
    if (isCallable(target)) return this.invoke(target, this.given(call.arguments, names, unit));
    if (target.kind === 'chain') return this.callOnChain(target, undefined, callee, call, names, unit);
    return this.outside(call, this.given(call.arguments, names, unit), unit);
  }

  /** More items at the end of a list; some that may be there make it one that is not known. */
  private added(list: Extract<Value, { kind: 'list' }>, given: readonly GivenArgument[]): Value {
    const grown: { items: readonly Value[]; open?: boolean } = list;
    grown.items = [...list.items, ...given.map(({ value }) => value)];
    if (!this.isSure(list)) grown.open = true;
    return UNKNOWN;
  }

  /**
   * What is asked of an answer: `columns.some(each => each.name === 'total')`, `names.includes('orders')`, and of the name of a
   * server: `client.startsWith('pg')`. Undefined for another call.
   */
  private askedOf(object: Value, name: string, call: Call, names: Names, unit: UnitId): Value | undefined {
    const [first, more] = call.arguments;
    if (object.kind === 'members' && first && !more && (IS_IN.has(name) || name === 'indexOf'))
      return this.isIn(this.value(first.value, names, unit), object);
    if (object.kind !== 'chain') return undefined;
    const last = object.steps.at(-1);
    if (object.root.kind === 'item' && !first && AS_IT_IS.has(name)) return object;
    if (!last || !first || more) return undefined;
    if (TESTS.has(name) && last.arguments === undefined) {
      const text = textValue(this.value(first.value, names, unit));
      const how = TEXT_TESTS.get(name);
      const answer = text === undefined || !how ? undefined : this.answers.has(object, how, text);
      if (answer !== undefined) return { kind: 'constant', value: answer };
      return how === 'includes' && text !== undefined
        ? { kind: 'within', item: this.value(first.value, names, unit), of: object }
        : UNKNOWN;
    }
    if (last.arguments !== undefined && (IS_IN.has(name) || name === 'hasOwnProperty' || name === 'indexOf')) {
      const item = this.value(first.value, names, unit);
      return item.kind === 'text' ? { kind: 'within', item, of: object } : undefined;
    }
    if (!SEEKS.has(name) || object.steps.every(step => step.arguments === undefined)) return undefined;
    const seeks = this.value(first.value, names, unit);
    if (!isCallable(seeks)) return undefined;
    let found: Value = UNKNOWN;
    this.repeated(call, unit, () => {
      found = this.invoke(seeks, [{ value: itemOf(object) }]);
    });
    return foundIn(object, found) ?? UNKNOWN;
  }

  /** A call of a function for each of the items of a list that is not known, or for each row of an answer. */
  private turnOf(object: Value, call: Call, names: Names, unit: UnitId): Value | undefined {
    const isAnswer =
      object.kind === 'chain' &&
      (object.steps.some(step => step.arguments !== undefined) ||
        object.root.kind === 'item' ||
        (object.root.kind === 'parameter' && object.root.of !== 'migration'));
    if (!isAnswer && object.kind !== 'unknown' && !(object.kind === 'list' && object.open)) return undefined;
    const [first] = call.arguments;
    const fn = first && this.value(first.value, names, unit);
    if (!fn || !isCallable(fn)) return undefined;
    let item: Value = UNKNOWN;
    this.repeated(call, unit, () => {
      item = this.invoke(fn, [{ value: object.kind === 'chain' ? itemOf(object) : UNKNOWN }]);
    });
    const members =
      object.kind === 'chain' && call.callee.kind === 'member' && call.callee.name === 'map' && madeOf(object, item);
    return members || { kind: 'list', items: [item], open: true };
  }

  /** `super(…)` in the constructor of a class of another file. */
  private toParent(call: Call, names: Names, unit: UnitId): Value {
    const given = this.given(call.arguments, names, unit);
    const [object, of] = [names.get('this'), names.get('<class>')];
    const parent = of?.kind === 'class' ? this.parentOf(of) : undefined;
    const makes = object && parent && this.methodOf(object, parent, 'constructor');
    if (makes) this.apply(makes, given);
    return UNKNOWN;
  }

  private isImported(callee: Expression, names: Names, unit: UnitId): boolean {
    if (callee.kind === 'member') return this.isImported(callee.object, names, unit);
    if (callee.kind !== 'name') return false;
    const value = this.named(callee.name, names, unit);
    return value.kind === 'chain' && value.root.kind === 'import';
  }

  /** A call of something that was not followed: harmless, unless it is handed what could act. */
  private outside(call: Call, given: readonly GivenArgument[], unit: UnitId): Value {
    const what = 'a call of something else';
    if (given.some(({ value }) => value.kind === 'chain')) this.unfollowed(call, unit, what);
    else
      for (const { value } of given)
        if (isCallable(value)) this.repeated(call, unit, () => this.invoke(value, [{ value: UNKNOWN }]), what);
    return UNKNOWN;
  }

  private given(args: readonly Argument[], names: Names, unit: UnitId): readonly GivenArgument[] {
    return args.flatMap(({ value, name }): readonly GivenArgument[] => {
      const found = this.value(value.kind === 'spread' ? value.value : value, names, unit);
      if (value.kind === 'spread') {
        if (found.kind === 'list' && !found.open) return found.items.map(item => ({ value: item }));
        if (found.kind === 'record') return [...found.entries].map(([key, entry]) => ({ value: entry, name: key }));
        return [{ value: UNKNOWN }];
      }
      return [{ value: found, ...(name === undefined ? {} : { name }) }];
    });
  }

  private invoke(target: Callable, given: readonly GivenArgument[]): Value {
    return target.kind === 'bound' ? target.call(given) : this.apply(target, given);
  }

  /** `fn.bind(thing, …)`, `fn.call(thing, …)`, `fn.apply(thing, […])`. */
  private onFunction(target: Callable, name: string, [, ...given]: readonly GivenArgument[]): Value {
    switch (name) {
      case 'bind':
        return target.kind === 'bound'
          ? { kind: 'bound', call: more => target.call([...given, ...more]) }
          : { ...target, given: [...(target.given ?? []), ...given] };
      case 'call':
        return this.invoke(target, given);
      default: {
        const list = given[0]?.value;
        const spread =
          list?.kind === 'list' && !list.open ? list.items.map(value => ({ value })) : [{ value: UNKNOWN }];
        return this.invoke(target, spread);
      }
    }
  }

  private apply(target: FunctionValue, more: readonly GivenArgument[]): Value {
    this.calls += 1;
    if (this.calls > MOST_CALLS) {
      if (this.calls === MOST_CALLS + 1) this.unfollowed(target.function, target.unit, 'very many calls');
      return UNKNOWN;
    }
    if (fileOf(target.unit) === this.module.file) return this.applied(target, more);
    const { site, entries } = this;
    if (target.site) this.site = target.site;
    const isHanded = [...more.map(({ value }) => value), ...target.names.values()].some(mayAct);
    if (!isHanded) this.entries = [];
    const value = this.applied(target, more);
    // what is handed nothing that could act is asked for what it gives, however it gets at that
    if (!isHanded) this.entries = [...entries, ...this.entries.filter(({ kind }) => kind === 'chain')];
    this.site = site;
    return value;
  }

  private applied(target: FunctionValue, more: readonly GivenArgument[]): Value {
    const inner: Names = new Map(target.names);
    const given = target.given ? [...target.given, ...more] : more;
    const positional = given.filter(({ name }) => name === undefined);
    target.function.parameters.forEach((parameter, index) => {
      const byName =
        parameter.target.kind === 'variable'
          ? given.find(
              ({ name }) => name === (parameter.target.kind === 'variable' ? parameter.target.name : undefined),
            )
          : undefined;
      const value: Value = parameter.rest
        ? { kind: 'list', items: positional.slice(index).map(each => each.value) }
        : ((byName ?? positional[index])?.value ??
          (parameter.default ? this.value(parameter.default, inner, target.unit) : UNDEFINED));
      this.bind(parameter.target, value, inner, target.unit);
      // `constructor(private knex)`
      const object = inner.get('this');
      if (parameter.field && parameter.target.kind === 'variable' && object?.kind === 'record')
        setEntry(object, parameter.target.name, value);
    });
    return this.run(target.function, target.unit, inner);
  }

  private callOnChain(
    object: Chain,
    name: string | undefined,
    at: Span,
    call: Call,
    names: Names,
    unit: UnitId,
  ): Value {
    const { root } = object;
    if (object.steps.length === 0 && root.kind === 'this' && name !== undefined) {
      const method = this.module.classes.find(each => each.name === this.owner)?.methods.get(name);
      const found = this.module.units.find(({ id }) => id === method);
      if (found)
        return this.apply(
          { kind: 'function', function: found.function, unit: found.id, names: new Map() },
          this.given(call.arguments, names, unit),
        );
    }
    const chain = this.grown(object);
    // what is handed over happens before the call
    const given = this.given(call.arguments, names, unit);
    if (root.kind === 'global') return this.callOnGlobal(object, root.name, name, call, given, unit);
    const called = name ?? object.steps.at(-1)?.name ?? 'new';
    const flow = root.kind === 'import' ? flowOf(root.from, called) : undefined;
    if (flow && root.kind === 'import') {
      this.follow(flow, given, root.from === 'async' || called === 'new', call, unit);
      return chainOf(root, this.conditions);
    }
    const isBound = name === 'bind' && object.steps.at(-1)?.arguments === undefined;
    if (isBound && root.kind === 'parameter' && object.steps.length > 0) return this.bound(object, given);
    return this.step(chain, name, this.place(at, unit), given);
  }

  /** A call of a chain's member that is yet to come: each time that it comes it is an entry of its own. */
  private bound({ root, steps }: Chain, [, ...given]: readonly GivenArgument[]): Value {
    const member = steps.at(-1);
    if (!member) return UNKNOWN;
    const before = steps.slice(0, -1);
    return {
      kind: 'bound',
      call: more =>
        this.step({ kind: 'chain', root, steps: [...before], conditions: this.conditions }, member.name, member.at, [
          ...given,
          ...more,
        ]),
    };
  }

  /** Notes a call on a chain. */
  private step(chain: Chain, name: string | undefined, at: Place, given: readonly GivenArgument[]): Chain {
    // Node's callbacks are told of a failure: `callback(new Error('no way back'))`
    const [first] = given;
    if (
      name === undefined &&
      chain.steps.length === 0 &&
      first?.value.kind === 'instance' &&
      first.value.name.endsWith('Error')
    )
      this.fails(at, at.unit);
    this.consume(given);
    const isNew = this.unnoted.delete(chain) || chain.steps.every(step => step.arguments === undefined);
    // a member that is called by a name of its own: `from sqlalchemy import Column`
    const read = name === undefined ? chain.steps[chain.steps.length - 1] : undefined;
    if (read && read.arguments === undefined) chain.steps.pop();
    const step: { -readonly [Key in keyof ChainStep]: ChainStep[Key] } = {
      name: name ?? (read?.arguments === undefined ? read?.name : undefined) ?? '()',
      at,
      arguments: given,
      inner: [],
    };
    chain.steps.push(step);
    if (isNew) this.entries.push(chain);
    step.inner = this.callbacks(step, given);
    return chain;
  }

  /** `Promise.all([…]).then(() => …)` runs what it is handed; what else the language offers is harmless unless it is handed what could act. */
  private callOnGlobal(
    object: Chain,
    root: string,
    name: string | undefined,
    call: Call,
    given: readonly GivenArgument[],
    unit: UnitId,
  ): Value {
    // Python's `set()` and `list(names)`
    if (COLLECTIONS.has(root) && name === undefined && this.module.language === 'python') {
      const [only] = given;
      if (!only) return { kind: 'list', items: [] };
      if (only.value.kind === 'list' || only.value.kind === 'members') return only.value;
    }
    if (root === 'any' && given[0]?.value.kind === 'within') return given[0].value;
    if (root === 'bool' && given[0]) return given[0].value;
    // PHP's
    if (root === 'in_array' && name === undefined) {
      const [asked, among] = given.map(({ value }) => value);
      if (asked && among && among.kind !== 'unknown') return this.isIn(asked, among);
    }
    if (OF_THE_LANGUAGE.has(root)) {
      const known = entriesOf(root, name, given);
      if (known) return known;
      for (const { value } of given)
        if (isCallable(value)) this.repeated(call, unit, () => this.invoke(value, [{ value: UNKNOWN }]));
      return UNKNOWN;
    }
    if (root !== 'Promise') return this.outside(call, given, unit);
    if (name === 'reject') this.fails(call, unit);
    // what handles an error has none to handle
    else if (name !== 'catch') this.follow(flowOf('Promise', name ?? 'new') ?? 'functions', given, false, call, unit);
    return object;
  }

  /**
   * What a library that runs functions makes of those it is handed. What they would be handed is not known.
   * @param isWaitedFor whether the last thing that they are handed is a function by which they say that they are done
   */
  private follow(flow: Flow, given: readonly GivenArgument[], isWaitedFor: boolean, call: Call, unit: UnitId): void {
    const values = given.map(({ value }) => value);
    const [source] = values;
    let rest = values;
    if (flow === 'items' && source) {
      const each = values.find(isCallable);
      const items = source.kind === 'list' && !source.open ? source.items : undefined;
      if (each && items) for (const item of items) this.invoke(each, [{ value: item }]);
      else if (each) this.repeated(call, unit, () => this.invoke(each, [{ value: UNKNOWN }]));
      rest = values.slice(1).filter(value => value !== each);
    }
    for (const value of rest.flatMap(membersOf)) {
      if (value.kind === 'bound') value.call([]);
      if (value.kind !== 'function') continue;
      const last = value.function.parameters.length - 1 - (value.given?.length ?? 0);
      this.apply(
        value,
        this.handedTo(value, index => (isWaitedFor && index === last ? DONE : UNKNOWN)),
      );
    }
  }

  /** What a function is handed by whoever calls it back: Node's hand over an error first, and there is none. */
  private handedTo(
    { function: { parameters }, given = [] }: FunctionValue,
    value: (index: number) => Value,
  ): readonly GivenArgument[] {
    return parameters
      .slice(given.length)
      .map(({ target }, index) => ({ value: index === 0 && isError(target) ? UNDEFINED : value(index) }));
  }

  /** A chain that is handed to another call is a part of that call: `defaultTo(knex.raw('now()'))`. */
  private consume(given: readonly GivenArgument[]): void {
    const parts = new Set<Value>();
    const collect = (value: Value): void => {
      if (value.kind === 'chain') parts.add(value);
      else if (value.kind === 'list') value.items.forEach(collect);
      else if (value.kind === 'record') value.entries.forEach(collect);
      else if (value.kind === 'instance') for (const each of value.arguments) collect(each.value);
    };
    for (const { value } of given) collect(value);
    if (parts.size > 0) this.entries = this.entries.filter(entry => entry.kind !== 'chain' || !parts.has(entry));
  }

  /** What the functions among the arguments do, as the tool would call them. */
  private callbacks(step: ChainStep, given: readonly GivenArgument[]): readonly Entry[] {
    const outer = this.entries;
    const conditions = this.conditions;
    this.entries = [];
    // the call that it is handed to has the conditions already
    this.conditions = [];
    for (const { value } of given) {
      const functions = value.kind === 'list' ? value.items : [value];
      for (const each of functions) {
        if (each.kind === 'bound') each.call([]);
        if (each.kind !== 'function') continue;
        this.apply(
          each,
          this.handedTo(each, index => chainOf({ kind: 'parameter', of: step, index })),
        );
      }
    }
    const inner = this.entries;
    this.entries = outer;
    this.conditions = conditions;
    return inner;
  }

  private instance(call: Call, names: Names, unit: UnitId): Value {
    const { callee } = call;
    const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : '';
    const given = this.given(call.arguments, names, unit);
    if (name !== 'Promise') return { kind: 'instance', name, arguments: given };
    this.follow('functions', given, true, call, unit);
    return chainOf({ kind: 'global', name }, this.conditions);
  }

  private fails(at: Span, unit: UnitId): void {
    if (this.conditions.length === 0) this.entries.push({ kind: 'throws', at: this.place(at, unit) });
  }

  private unfollowed(at: Span, unit: UnitId, what: string): void {
    this.entries.push({ kind: 'unfollowed', at: this.place(at, unit), what });
  }
}

/** An item of a list that a call gives. */
const itemOf = (of: Chain): Chain => ({ kind: 'chain', root: { kind: 'item', of }, steps: [], conditions: [] });

/** The member of an item of this answer that a value is. */
function memberOf(of: Chain, value: Value): string | undefined {
  if (value.kind !== 'chain' || value.root.kind !== 'item' || value.root.of !== of) return undefined;
  const [only, more] = value.steps;
  return only && !more && only.arguments === undefined ? only.name : undefined;
}

const madeOf = (of: Chain, element: Value): Value | undefined => {
  const by = memberOf(of, element);
  if (by !== undefined) return { kind: 'members', of, by };
  // the items as they are
  return element.kind === 'chain' &&
    element.root.kind === 'item' &&
    element.root.of === of &&
    element.steps.length === 0
    ? of
    : undefined;
};

/** Whether an item is there for which this is so. */
function foundIn(of: Chain, so: Value): Value | undefined {
  if (so.kind !== 'equal') return undefined;
  for (const [one, item] of [
    [so.left, so.right],
    [so.right, so.left],
  ] as const) {
    const by = memberOf(of, one);
    if (by !== undefined) return { kind: 'within', item, of, by };
    if (one.kind === 'chain' && one.root.kind === 'item' && one.root.of === of && one.steps.length === 0)
      return { kind: 'within', item, of };
  }
  return undefined;
}

const negated = (value: Value): Value =>
  value.kind === 'constant'
    ? { kind: 'constant', value: !value.value }
    : value.kind === 'not'
      ? value.value
      : { kind: 'not', value };

type FunctionValue = Extract<Value, { kind: 'function' }>;
type Callable = FunctionValue | Extract<Value, { kind: 'bound' }>;

function setEntry(record: { entries: ReadonlyMap<string, Value> }, key: string, value: Value): void {
  record.entries = new Map([...record.entries, [key, value]]);
}

type ClassValue = Extract<Value, { kind: 'class' }>;

const asClass = (value: Value): ClassValue | undefined => (value.kind === 'class' ? value : undefined);

/** Whether something could act on a database: what the tool hands over, in whatever it is kept. */
function mayAct(value: Value): boolean {
  switch (value.kind) {
    case 'chain':
      return value.root.kind === 'parameter' || value.root.kind === 'this';
    case 'record':
      return [...value.entries.values()].some(mayAct);
    case 'list':
      return value.items.some(mayAct);
    case 'bound':
      return true;
    default:
      return false;
  }
}

const isCallable = (value: Value): value is Callable => value.kind === 'function' || value.kind === 'bound';

/** The function by which a callback says that it is done. */
const DONE: Value = { kind: 'bound', call: () => UNDEFINED };

/** None of their calls acts on a database, whatever it is handed. */
const OF_THE_LANGUAGE = new Set(
  'JSON Object Array String Number Boolean Math Date Symbol Buffer console parseInt parseFloat isNaN str int len print'.split(
    ' ',
  ),
);
const GOES_ON = new Set(['then', 'finally']);
const PER_ITEM = new Set(['map', 'flatMap', 'forEach', 'filter', 'reduce', 'each', 'mapSeries']);
/** What is asked of a server: a table, its columns. */
const GIVES_ANSWER = /^(?:get|has|describe|find|show|list|inspect|columnInfo)/;
const IS_IN = new Set(['includes', 'has', 'contains']);
const ADDS = new Set(['push', 'append', 'add']);
/** What gives a text as it is, or in other letters. */
const AS_IT_IS = new Set(['toLowerCase', 'lower', 'toString', 'trim', 'strip']);
const SEEKS = new Set(['some', 'find', 'filter', 'findIndex', 'any']);
const TEXT_TESTS: ReadonlyMap<string, TextTest> = new Map([
  ['startsWith', 'startsWith'],
  ['startswith', 'startsWith'],
  ['endsWith', 'endsWith'],
  ['endswith', 'endsWith'],
  ['includes', 'includes'],
]);
const TESTS = new Set([...TEXT_TESTS.keys(), 'indexOf', 'match', 'search']);
const OF_FUNCTIONS = new Set(['bind', 'call', 'apply']);

/** What is in a list or record, or the value itself. */
const membersOf = (value: Value): readonly Value[] =>
  value.kind === 'list' ? value.items : value.kind === 'record' ? [...value.entries.values()] : [value];

const isError = (target: Pattern): boolean => target.kind === 'variable' && /^(?:err|error|e)$/.test(target.name);

function bindsName(pattern: Pattern, name: string): boolean {
  switch (pattern.kind) {
    case 'variable':
      return pattern.name === name;
    case 'entries':
      return (
        pattern.entries.some(entry => bindsName(entry.target, name)) ||
        (pattern.rest ? bindsName(pattern.rest, name) : false)
      );
    case 'items':
      return (
        pattern.items.some(item => item.target !== undefined && bindsName(item.target, name)) ||
        (pattern.rest ? bindsName(pattern.rest, name) : false)
      );
    case 'place':
      return false;
  }
}

/** What a loop over a value goes through; undefined when that is not known. */
function itemsOf(source: Value, keys: boolean): readonly Value[] | undefined {
  if (source.kind === 'list' && !source.open) return source.items;
  if (source.kind === 'record' && !source.open && keys)
    return [...source.entries.keys()].map(key => ({ kind: 'text', value: key, pieces: [], complete: true }));
  return undefined;
}

const shifted = (pieces: readonly SourcePiece[], by: number): readonly SourcePiece[] =>
  pieces.map(piece => ({ ...piece, from: piece.from + by, to: piece.to + by }));

const textValue = (value: Value): string | undefined => {
  const text = textOf(value);
  return text?.kind === 'text' && text.complete ? text.value : undefined;
};

/** A constant as text, as a template writes it. */
function textOf(value: Value): Value | undefined {
  if (value.kind === 'text') return value;
  if (value.kind === 'constant') return { kind: 'text', value: String(value.value), pieces: [], complete: true };
  return undefined;
}

/** Values written one after the other, `between` standing between them. */
function joined(values: readonly Value[], between: string): Value {
  let value = '';
  let complete = true;
  const pieces: SourcePiece[] = [];
  values.forEach((each, index) => {
    if (index > 0) value += between;
    const text = textOf(each);
    if (text?.kind !== 'text') {
      complete = false;
      value += HOLE;
      return;
    }
    complete &&= text.complete;
    pieces.push(...shifted(text.pieces, value.length));
    value += text.value;
  });
  return { kind: 'text', value, pieces, complete };
}
