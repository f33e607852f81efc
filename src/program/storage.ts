/** Where values are kept: variables, members of them, `this`; how they are read, written, grown and bound by patterns. */

import { itemOf } from './items';
import {
  constantOf,
  join,
  joinAll,
  listOf,
  listOfAny,
  MAX_ITEMS,
  recordOf,
  shaped,
  UNKNOWN,
  unknownFrom,
  withSources,
} from './lattice';
import { memberOf } from './members';
import type { Expression, Pattern } from './model';
import { unionOf } from './sources';
import { type Cell, createCell, lookUp, lookUpHoisted, type Scope } from './state';
import type { Value } from './value';
import { type Binding, isSpent, OTHER, type Walk } from './walk';

/** A variable or `this`, and the members read from it. */
export interface StoragePath {
  readonly root: Cell;
  readonly steps: readonly string[];
  /** Set when the root is a variable of the file's top level. */
  readonly module?: string;
}

/** The storage that an expression names; nothing for what is computed. */
export function pathOf(walk: Walk, expression: Expression): StoragePath | undefined {
  switch (expression.kind) {
    case 'name': {
      const local = lookUp(walk.scope, expression.name);
      if (local) return { root: local, steps: [] };
      const module = moduleCell(walk, expression.name);
      if (module) return { root: module, steps: [], module: expression.name };
      const hoisted = lookUpHoisted(walk.scope, expression.name);
      return hoisted && { root: hoisted, steps: [] };
    }
    case 'this':
      return expression.super ? undefined : { root: walk.frame.self, steps: [] };
    case 'member': {
      const object = pathOf(walk, expression.object);
      return object && stepped(object, expression.name);
    }
    case 'index': {
      const key = expression.index.kind === 'text' ? plainText(expression.index) : undefined;
      const object = key === undefined ? undefined : pathOf(walk, expression.object);
      return object && stepped(object, key ?? '');
    }
    default:
      return undefined;
  }
}

const stepped = ({ root, steps, module }: StoragePath, step: string): StoragePath =>
  module === undefined ? { root, steps: [...steps, step] } : { root, steps: [...steps, step], module };

const plainText = (text: Extract<Expression, { kind: 'text' }>): string | undefined =>
  text.parts.every(part => part.kind === 'part')
    ? text.parts.map(part => ('value' in part ? part.value : '')).join('')
    : undefined;

/** The cell that a name means. */
export const cellOf = (walk: Walk, name: string): Cell | undefined =>
  lookUp(walk.scope, name) ?? moduleCell(walk, name) ?? lookUpHoisted(walk.scope, name);

/** The cell for a variable of the file's top level. */
export function moduleCell(walk: Walk, name: string): Cell | undefined {
  const existing = walk.moduleCells.get(name);
  if (existing) return existing;
  const value = walk.world.variable(walk.subject.file, name);
  if (!value) return undefined;
  const cell = createCell(name, value);
  walk.moduleCells.set(name, cell);
  return cell;
}

/** The cell of what the path names, where something was written to it or found out about it. */
export const cellAt = ({ root, steps }: StoragePath): Cell | undefined =>
  steps.length === 0 ? root : root.members.get(steps.join('.'));

/** What was written to or found out about a member; nothing when its object has to be asked. */
export function knownMember(walk: Walk, path: StoragePath): Value | undefined {
  const cell = cellAt(path);
  return cell && walk.state.get(cell);
}

/** A new value for what the path names. */
export function assignPath(walk: Walk, path: StoragePath, value: Value): void {
  const { root, steps } = path;
  if (steps.length === 0) {
    forgetMembers(walk, root, '');
    walk.state.set(root, value);
    if (path.module !== undefined)
      walk.moduleWrites.set(path.module, joinInto(walk.moduleWrites.get(path.module), value));
    return;
  }
  const [first] = steps;
  if (root === walk.frame.self && first !== undefined && steps.length === 1)
    walk.fieldWrites.set(first, joinInto(walk.fieldWrites.get(first), value));
  const key = steps.join('.');
  forgetMembers(walk, root, key);
  for (let length = steps.length - 1; length >= 0; length--) {
    const outer = length === 0 ? root : root.members.get(steps.slice(0, length).join('.'));
    const held = outer && walk.state.get(outer);
    if (!outer || !held) continue;
    const written = withMember(held, steps.slice(length), value);
    if (!written) break;
    walk.state.set(outer, written);
    return;
  }
  carryItem(walk, root, value);
  refinePath(walk, path, value);
}

/** What holds a part of a loop's item differs from turn to turn as the item does: `row.name = item.name; save(row)`. */
function carryItem(walk: Walk, root: Cell, value: Value): void {
  const held = walk.state.get(root);
  const items = value.from.filter(source => source.kind === 'item');
  if (held && items.length > 0 && root !== walk.frame.self) walk.state.set(root, withSources(held, items));
}

const joinInto = (before: Value | undefined, value: Value): Value => (before ? join(before, value) : value);

/** What is known of the path from here on, without the program having written it. */
export function refinePath(walk: Walk, path: StoragePath, value: Value): void {
  if (path.steps.length === 0) {
    walk.state.set(path.root, value);
    return;
  }
  const key = path.steps.join('.');
  const cell = path.root.members.get(key) ?? createCell(`${path.root.name}.${key}`);
  path.root.members.set(key, cell);
  walk.state.set(cell, value);
}

/** Drops what is known of members below `prefix`. */
function forgetMembers(walk: Walk, root: Cell, prefix: string): void {
  for (const [key, cell] of root.members)
    if (prefix === '' || key === prefix || key.startsWith(`${prefix}.`))
      if (walk.state.get(cell) !== undefined) walk.state.set(cell, undefined);
}

/** A record that a program goes on filling is a collection: its keys are not told apart any more. */
const MAX_ENTRIES = 200;

/** A record with another entry; nothing when the value is no record. */
function withMember(held: Value, steps: readonly string[], value: Value): Value | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  const { shape } = held;
  if (shape.kind !== 'record') return undefined;
  const inner = shape.entries.get(step);
  if (rest.length > 0 && !inner) return undefined;
  const written = inner ? withMember(inner, rest, value) : value;
  if (!written) return undefined;
  if (!inner && shape.entries.size >= MAX_ENTRIES)
    return shaped({ kind: 'record', entries: shape.entries, open: true }, unionOf(held.from, written.from));
  const entries = new Map(shape.entries);
  entries.set(step, written);
  return recordOf(entries, shape.open, held.from);
}

/** Writes to `object[key]` with a key that is not known. */
export function assignSomewhere(walk: Walk, object: Expression, value: Value, key: Value): void {
  const path = pathOf(walk, object);
  if (!path) return;
  const held = readPath(walk, path, object);
  if (held.shape.kind === 'list') {
    const each = join(held.shape.each, value);
    store(walk, path, listOfAny(each, held.from));
  } else if (held.shape.kind === 'record') {
    store(walk, path, recordOf(held.shape.entries, true, unionOf(held.from, value.from, key.from)));
  }
}

/** The value that the path holds right now. */
export function readPath(walk: Walk, path: StoragePath, expression: Expression): Value {
  const direct = path.steps.length === 0 ? walk.state.get(path.root) : knownMember(walk, path);
  if (direct) return direct;
  const last = path.steps.at(-1);
  if (last === undefined || (expression.kind !== 'member' && expression.kind !== 'index')) return UNKNOWN;
  const object = readPath(walk, { ...path, steps: path.steps.slice(0, -1) }, expression.object);
  return memberOf(walk.world, object, last, walk.at(expression));
}

/** Writes a collection back to where it is kept. */
function store(walk: Walk, path: StoragePath, value: Value): void {
  assignPath(walk, path, value);
}

/** `list.push(a, b)`: the list that the receiver names has more items. */
export function growList(walk: Walk, receiver: Expression, held: Value, items: readonly Value[], front: boolean): void {
  const path = pathOf(walk, receiver);
  const grown = grow(held, items, front);
  if (grown) {
    if (path) assignPath(walk, path, grown);
    return;
  }
  const parameter = held.shape.kind === 'unknown' ? held.shape.parameter : undefined;
  if (parameter && parameter.unit === walk.subject.unit && parameter.path.length === 0)
    walk.parameterGrowth.set(
      parameter.index,
      [...(walk.parameterGrowth.get(parameter.index) ?? []), ...items].slice(0, MAX_GROWTH),
    );
}

const MAX_GROWTH = 16;

/** `this.parts.push(part)`, `this.sql += part`: what a field has more of after the call of a method. */
export function noteFieldGrowth(walk: Walk, field: string, added: Value): void {
  walk.fieldGrowth.set(field, joinInto(walk.fieldGrowth.get(field), added));
}

/** The list with more items; nothing when the value is no list. */
export function grow(held: Value, items: readonly Value[], front: boolean): Value | undefined {
  const { shape } = held;
  if (shape.kind === 'oneOf') {
    const lists = shape.alternatives.filter(each => each.shape.kind === 'list');
    return lists.length === 0 ? undefined : joinAll(lists.map(each => grow(each, items, front) ?? each));
  }
  if (shape.kind !== 'list') return undefined;
  if (shape.items && shape.items.length + items.length <= MAX_ITEMS) return appended(held, shape.items, items, front);
  return listOfAny(joinAll([shape.each, ...items]), unionOf(held.from, ...items.map(item => item.from)));
}

/** As `listOf`, but the join over all items is carried on rather than made again. */
function appended(held: Value, before: readonly Value[], items: readonly Value[], front: boolean): Value {
  if (held.shape.kind !== 'list') return listOf([...before, ...items], held.from);
  return {
    shape: {
      kind: 'list',
      items: front ? [...items, ...before] : [...before, ...items],
      each: joinAll([held.shape.each, ...items]),
    },
    from: unionOf(held.from, ...items.map(item => item.from)),
  };
}

/** Binds a pattern to a value. */
export function bindPattern(walk: Walk, pattern: Pattern, value: Value, as: Binding): void {
  switch (pattern.kind) {
    case 'variable': {
      if (as === 'assign') assignName(walk, pattern.name, value);
      else declareVariable(walk, pattern.name, value, as);
      return;
    }
    case 'entries': {
      for (const entry of pattern.entries) {
        const member = memberOf(walk.world, value, entry.key, walk.at(pattern));
        walk.bind(entry.target, withDefault(walk, member, entry.default), as);
      }
      if (pattern.rest) walk.bind(pattern.rest, restOf(value, new Set(pattern.entries.map(entry => entry.key))), as);
      return;
    }
    case 'items': {
      pattern.items.forEach((item, index) => {
        const known = value.shape.kind === 'list' ? value.shape.items?.[index] : undefined;
        const member = withSources(known ?? itemOf(value), value.from);
        const target = withDefault(walk, member, item.default);
        if (item.target) walk.bind(item.target, target, as);
      });
      if (pattern.rest) {
        const rest = value.shape.kind === 'list' ? value.shape.items?.slice(pattern.items.length) : undefined;
        walk.bind(pattern.rest, rest ? listOf(rest, value.from) : listOfAny(itemOf(value), value.from), as);
      }
      return;
    }
    case 'place':
      assignExpression(walk, pattern.expression, value);
  }
}

/** A default counts when nothing else is there; an unknown value may be the default as well as not. */
function withDefault(walk: Walk, value: Value, fallback: Expression | undefined): Value {
  if (!fallback) return value;
  const other = walk.evaluate(fallback);
  if (value.shape.kind === 'unknown' && value.from.length === 0) return join(other, value);
  return join(value, other);
}

export function declareVariable(walk: Walk, name: string, value: Value, as: Binding = 'constant'): Cell {
  const cell = as === 'variable' ? hoistedCell(walk.scope, name) : createCell(name);
  walk.scope.cells.set(name, cell);
  forgetMembers(walk, cell, '');
  walk.state.set(cell, value);
  return cell;
}

/** One cell for all variables of a name in the inner blocks of a function. */
function hoistedCell(scope: Scope, name: string): Cell {
  if (scope.hoisted) return createCell(name);
  let root: Scope | undefined = scope;
  while (root && !root.hoisted) root = root.parent;
  const existing = root?.hoisted?.get(name);
  if (existing) return existing;
  const cell = createCell(name);
  root?.hoisted?.set(name, cell);
  return cell;
}

function assignName(walk: Walk, name: string, value: Value): void {
  const path = pathOf(walk, { kind: 'name', name, start: 0, end: 0 });
  if (path) assignPath(walk, path, value);
  else declareVariable(walk, name, value, 'variable');
}

/** `a.b = …`, `a[i] = …` and whatever else can stand left of an assignment. */
export function assignExpression(walk: Walk, target: Expression, value: Value): void {
  const path = pathOf(walk, target);
  if (path) {
    // The object is looked at all the same: its own calls count.
    if (target.kind === 'member' || target.kind === 'index') walk.evaluate(target.object, OTHER);
    assignPath(walk, path, value);
    return;
  }
  if (target.kind !== 'index') {
    walk.evaluate(target, OTHER);
    return;
  }
  walk.evaluate(target.object, OTHER);
  const key = walk.evaluate(target.index, OTHER);
  const constant = constantOf(key);
  const object = constant !== undefined && key.shape.kind === 'text' ? pathOf(walk, target.object) : undefined;
  if (object && constant !== undefined) assignPath(walk, { ...object, steps: [...object.steps, constant] }, value);
  else if (!isSpent(walk)) assignSomewhere(walk, target.object, value, key);
}

/** A record without some of its entries. */
function restOf(value: Value, without: ReadonlySet<string>): Value {
  if (value.shape.kind !== 'record') return unknownFrom(value.from);
  const entries = [...value.shape.entries].filter(([key]) => !without.has(key));
  return recordOf(new Map(entries), value.shape.open, value.from);
}

/** The first name that a pattern binds, for messages. */
export function nameOf(pattern: Pattern): string | undefined {
  switch (pattern.kind) {
    case 'variable':
      return pattern.name;
    case 'entries':
      return pattern.entries.map(entry => nameOf(entry.target)).find(name => name !== undefined);
    case 'items':
      return pattern.items.map(item => item.target && nameOf(item.target)).find(name => name !== undefined);
    case 'place':
      return undefined;
  }
}

/** Every variable that a pattern binds. */
export function namesIn(pattern: Pattern): readonly string[] {
  switch (pattern.kind) {
    case 'variable':
      return [pattern.name];
    case 'entries':
      return [
        ...pattern.entries.flatMap(entry => namesIn(entry.target)),
        ...(pattern.rest ? namesIn(pattern.rest) : []),
      ];
    case 'items':
      return [
        ...pattern.items.flatMap(item => (item.target ? namesIn(item.target) : [])),
        ...(pattern.rest ? namesIn(pattern.rest) : []),
      ];
    case 'place':
      return [];
  }
}
