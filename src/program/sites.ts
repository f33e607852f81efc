/**
 * Calls as they are written, by what is called: where the analysis looks for those who construct a class or call a factory,
 * without walking the units that they stand in.
 */
import type { UnitId } from '../engine/place';
import type { Block, Call, Expression, Module, Statement, Unit } from './model';
import { namesIn } from './storage';
import { visitNodes } from './traverse';

/** A call by where it stands: the unit (the file for its top level), what is called, and which of several it is. */
export interface Site {
  readonly unit: UnitId;
  readonly key: string;
  readonly index: number;
}

export const constructing = (name: string): string => `new ${name}`;
export const calling = (name: string): string => `call ${name}`;
/** What is called is what a module exports: `require('./create')(Posts)`. */
export const CALLS_IMPORT = 'call import';
export const CALLS_SUPER = 'super';

const SITES = new WeakMap<Block, ReadonlyMap<string, readonly Call[]>>();

/** The calls of a body by key. */
export function callsIn(body: Block): ReadonlyMap<string, readonly Call[]> {
  const known = SITES.get(body);
  if (known) return known;
  const calls = new Map<string, Call[]>();
  visitNodes(body, node => {
    if (node.kind !== 'call' || node.form === 'tagged') return true;
    const key = keyOf(node);
    if (key === undefined) return true;
    const same = calls.get(key);
    if (same) same.push(node);
    else calls.set(key, [node]);
    return true;
  });
  SITES.set(body, calls);
  return calls;
}

/** How a call is found again; nothing where nothing names what is called. */
export function keyOf({ callee, form }: Call): string | undefined {
  const name = callee.kind === 'name' || callee.kind === 'member' ? callee.name : undefined;
  if (form === 'new') return name === undefined ? undefined : constructing(name);
  if (callee.kind === 'import') return CALLS_IMPORT;
  if (callee.kind === 'this' && callee.super) return CALLS_SUPER;
  return name === undefined ? undefined : calling(name);
}

/** The sites of these keys in a module. */
export function sitesIn(module: Module, keys: readonly string[]): readonly Site[] {
  return [module.top, ...module.units].flatMap(unit => {
    const calls = callsIn(unit.function.body);
    return keys.flatMap(key => (calls.get(key) ?? []).map((_, index): Site => ({ unit: unit.id, key, index })));
  });
}

const BINDINGS = new WeakMap<Block, ReadonlyMap<string, readonly Statement[]>>();
/** Statements that a slice takes in before it is given up as a whole function. */
const MAX_STATEMENTS = 40;

const NOTHING_PASSED: Expression = { kind: 'constant', value: null, start: 0, end: 0 };

/**
 * What a call is made with, cut out of its unit: the statements that give the variables in it their values, and the callee
 * and the wanted arguments as a list that is returned. Nothing when the arguments cannot be told apart.
 */
export function sliceOf(unit: Unit, call: Call, wanted: readonly number[]): Slice | undefined {
  if (call.arguments.some(argument => argument.value.kind === 'spread')) return undefined;
  const items = [call.callee, ...wanted.map(index => call.arguments[index]?.value ?? NOTHING_PASSED)];
  const { start, end } = call;
  return sliceFor(unit, { kind: 'list', items, start, end });
}

/** What a function returns, cut out of it in the same way. Nothing where it returns in several places. */
export function sliceOfResult(unit: Unit): Slice | undefined {
  const returned: Expression[] = [];
  visitNodes(unit.function.body, node => {
    if (node.kind === 'return' && node.value) returned.push(node.value);
    return node.kind !== 'lambda' && returned.length < 2;
  });
  const [only, ...more] = returned;
  return only && more.length === 0 ? sliceFor(unit, only) : undefined;
}

export interface Slice {
  readonly body: Block;
  readonly names: ReadonlySet<string>;
}

/** The statements that give the variables in an expression their values, and its return. */
export function sliceFor(unit: Unit, value: Expression): Slice | undefined {
  const bindings = bindingsIn(unit.function.body);
  const needed = new Set<Statement>();
  const names = new Set<string>();
  const waiting: (Expression | Statement)[] = [value];
  for (let next = waiting.pop(); next; next = waiting.pop())
    for (const name of namesNeeded(next)) {
      if (names.has(name)) continue;
      names.add(name);
      for (const statement of bindings.get(name) ?? []) {
        if (needed.has(statement)) continue;
        needed.add(statement);
        waiting.push(statement);
      }
      if (needed.size > MAX_STATEMENTS) return undefined;
    }
  const { start, end } = value;
  const before = [...needed].sort((left, right) => left.start - right.start);
  return { body: [...before, { kind: 'return', value, start, end }], names };
}

/** Variables by the statements that declare or assign them, in the body of a unit. */
function bindingsIn(body: Block): ReadonlyMap<string, readonly Statement[]> {
  const known = BINDINGS.get(body);
  if (known) return known;
  const bindings = new Map<string, Statement[]>();
  const add = (name: string, statement: Statement): void => {
    const same = bindings.get(name);
    if (same) same.push(statement);
    else bindings.set(name, [statement]);
  };
  visitNodes(body, node => {
    if (node.kind === 'declare') for (const name of namesIn(node.target)) add(name, node);
    if (node.kind === 'evaluate' && node.expression.kind === 'assign' && node.expression.target.kind === 'variable')
      add(node.expression.target.name, node);
    return true;
  });
  BINDINGS.set(body, bindings);
  return bindings;
}

/** The same, but for what objects are made with: whatever that is, an object is of its class. */
function namesNeeded(node: Expression | Statement): readonly string[] {
  const names: string[] = [];
  const note = (from: Expression | Statement): void =>
    visitNodes([from] as Block, each => {
      if (each.kind === 'name') names.push(each.name);
      if (each.kind === 'call' && each.form === 'new' && each !== node) {
        note(each.callee);
        return false;
      }
      return each.kind !== 'lambda';
    });
  note(node);
  return names;
}

/** Variables that it names, outside of the functions in it. */
export function namesUsed(node: Expression | Statement): readonly string[] {
  const names: string[] = [];
  visitNodes([node] as Block, each => {
    if (each.kind === 'name') names.push(each.name);
    return each.kind !== 'lambda';
  });
  return names;
}
