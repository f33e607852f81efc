/** Members of values: of records, of instances of the project's classes, of what the tool hands over. */
import type { UnitId } from '../../engine/place';
import type { Span } from '../../program/model';
import { chainOf, readOn } from './chains';
import { type ClassValue, DEEPEST, type Evaluation, type FunctionValue } from './evaluation';
import { exportOf, moduleFrom } from './modules';
import { elsewhere, placeOf } from './notes';
import { making, setEntry } from './records';
import { type Chain, type GivenArgument, UNDEFINED, UNKNOWN, type Value } from './values';

/** What a value has under a name; unknown where it may have it or not. */
export function memberOf(
  evaluation: Evaluation,
  object: Value,
  name: string,
  at: Span,
  unit: UnitId,
  grows: boolean,
): Value {
  switch (object.kind) {
    case 'record': {
      const of = evaluation.classes.get(object);
      const known = object.entries.get(name) ?? (of && methodOf(evaluation, object, of, name));
      if (known?.kind === 'function' && known.function.getter) return evaluation.apply(known, []);
      return known ?? (object.open ? UNKNOWN : UNDEFINED);
    }
    case 'module':
      // a module of CommonJS is its own default
      return exportOf(evaluation, object.module, name) ?? (name === 'default' ? object : UNDEFINED);
    case 'chain':
      return chainMember(evaluation, object, name, at, unit, grows);
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

function chainMember(
  evaluation: Evaluation,
  object: Chain,
  name: string,
  at: Span,
  unit: UnitId,
  grows: boolean,
): Value {
  if (object.root.kind === 'this' && object.steps.length === 0) {
    const field = evaluation.module.classes
      .find(each => each.name === evaluation.owner)
      ?.fields.find(each => each.name === name);
    if (field?.value) return evaluation.value(field.value, new Map(), evaluation.module.top.id);
  }
  // `({ context: queryInterface })` is another thing than the parameter
  if (!grows && object.root.kind === 'parameter' && object.steps.length === 0 && object.root.key === undefined)
    return chainOf({ ...object.root, key: name }, evaluation.conditions);
  const chain = readOn(evaluation, object);
  chain.steps.push({ name, at: placeOf(evaluation, at, unit), inner: [] });
  return chain;
}

/** What of a class has this name: a method, which knows what it is called on. */
export function methodOf(
  evaluation: Evaluation,
  object: Value,
  of: ClassValue,
  name: string,
): FunctionValue | undefined {
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
    owner = parentOf(evaluation, owner);
  }
  return undefined;
}

/** The class that a class extends, where it is one of the project's own. */
export function parentOf(
  evaluation: Evaluation,
  { class: { extends: parent }, module }: ClassValue,
): ClassValue | undefined {
  if (!parent) return undefined;
  let value: Value = UNKNOWN;
  elsewhere(evaluation, () => {
    value = evaluation.value(parent, new Map(), module.top.id);
  });
  return asClass(value);
}

/** A class of the project's that a name with dots leads to: `app.models.types.GUID` behind `import app.models.types`. */
export function classAt(
  evaluation: Evaluation,
  { root, steps }: Chain,
  name: string,
  unit: UnitId,
): ClassValue | undefined {
  if (root.kind !== 'import' || steps.length === 0 || steps.some(step => step.arguments)) return undefined;
  const module = moduleFrom(evaluation, unit, [root.from, ...steps.map(step => step.name)].join('.'));
  return module?.kind === 'module' ? asClass(exportOf(evaluation, module.module, name) ?? UNKNOWN) : undefined;
}

/** Whether what a class extends is a package's. */
export function packagesBase(evaluation: Evaluation, { class: { extends: parent }, module }: ClassValue): boolean {
  if (!parent) return false;
  let base: Value = UNKNOWN;
  elsewhere(evaluation, () => {
    base = evaluation.value(parent, new Map(), module.top.id);
  });
  return (base as Value).kind === 'chain';
}

/** An instance of a class of the project's own, with what its constructor keeps. */
export function instanceOf(evaluation: Evaluation, of: ClassValue, given: readonly GivenArgument[]): Value {
  const made = making(evaluation, { kind: 'record', entries: new Map(), open: true });
  evaluation.classes.set(made, of);
  const makes = methodOf(evaluation, made, of, 'constructor');
  if (makes) evaluation.apply(makes, given);
  if (made.kind === 'record') declared(evaluation, made, of, given);
  return made;
}

/**
 * What a class that extends a package's says of itself, for who knows the package: its fields, its methods to be called, and
 * under `GIVEN` what it was made with.
 */
function declared(
  evaluation: Evaluation,
  made: Extract<Value, { kind: 'record' }>,
  of: ClassValue,
  given: readonly GivenArgument[],
): void {
  if (!packagesBase(evaluation, of)) return;
  const entries = new Map<string, Value>();
  elsewhere(evaluation, () => {
    for (const { name, value } of of.class.fields)
      if (value) entries.set(name, evaluation.value(value, new Map(), of.module.top.id));
  });
  for (const name of of.class.methods.keys()) {
    const method = name === 'constructor' ? undefined : methodOf(evaluation, made, of, name);
    if (method) entries.set(name, { kind: 'bound', call: more => evaluation.apply(method, more) });
  }
  entries.set(GIVEN, { kind: 'list', items: given.map(({ value }) => value) });
  for (const [name, value] of entries) if (!made.entries.has(name)) setEntry(made, name, value);
}

/** The name that no member has. */
export const GIVEN = '<given>';

export const asClass = (value: Value): ClassValue | undefined => (value.kind === 'class' ? value : undefined);
