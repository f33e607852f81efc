/**
 * What a function does with something that it holds under a name: uses it, gives it back, or hands it to someone else whose
 * business it is from then on. The places are nodes, for a walk along the paths.
 */
import type { UnitId } from '../engine/place';
import type { ObservedCall } from '../program/analysis';
import type { Call, Expression, Function as FunctionNode, Lambda, Pattern, Span } from '../program/model';
import { lambdaAround, type ModelNode, type Parents, parentsIn } from '../program/parents';
import { callbackRunOf } from './callbackRuns';
import { queryCallsOf } from './queryCalls';
import type { Setting } from './setting';

/** One unit, as far as questions about names in it go. */
export interface UnitNames {
  readonly unit: UnitId;
  readonly function: FunctionNode;
  readonly parents: Parents;
  readonly calls: ReadonlyMap<Call, ObservedCall>;
  callAt(span: Span): ObservedCall | undefined;
  /** Calls that send a statement. */
  readonly queries: ReadonlySet<Call>;
  /** Where names are read. */
  readonly mentions: ReadonlyMap<string, readonly Expression[]>;
  /** Names that a function binds itself. */
  binds(owner: Lambda | undefined, name: string): boolean;
}

export function namesIn(setting: Setting, unit: UnitId): UnitNames | undefined {
  const source = setting.analysis.source(unit);
  if (!source) return undefined;
  const parents = parentsIn(source.function);
  const observed = setting.analysis.unit(unit).calls.filter(call => !call.implicit);
  const calls = new Map(observed.map(call => [call.node, call]));
  const bySpan = new Map(observed.map(call => [`${call.at.start}-${call.at.end}`, call]));
  const byId = new Map(observed.map(call => [call.id, call.node]));
  const queries = new Set(
    queryCallsOf(setting, unit).flatMap(({ role, evidence, chain }) =>
      role === 'query' && evidence !== 'possible' ? chain.flatMap(id => byId.get(id) ?? []) : [],
    ),
  );
  const mentions = new Map<string, Expression[]>();
  const bound = new Map<Lambda | undefined, Set<string>>();
  const bind = (owner: Lambda | undefined, pattern: Pattern): void => {
    for (const name of namesBoundBy(pattern)) {
      const names = bound.get(owner);
      if (names) names.add(name);
      else bound.set(owner, new Set([name]));
    }
  };
  for (const parameter of source.function.parameters) bind(undefined, parameter.target);
  for (const node of parents.nodes) {
    if (node.kind === 'name') {
      const known = mentions.get(node.name);
      if (known) known.push(node);
      else mentions.set(node.name, [node]);
    } else if (node.kind === 'lambda') for (const { target } of node.function.parameters) bind(node, target);
    else if (node.kind === 'declare') bind(lambdaAround(parents, node), node.target);
    else if (node.kind === 'loop' && node.item) bind(lambdaAround(parents, node), node.item);
    else if (node.kind === 'scope')
      for (const { target } of node.resources) if (target) bind(lambdaAround(parents, node), target);
  }
  return {
    unit,
    function: source.function,
    parents,
    calls,
    callAt: ({ start, end }) => bySpan.get(`${start}-${end}`),
    queries,
    mentions,
    binds: (owner, name) => bound.get(owner)?.has(name) ?? false,
  };
}

export function namesBoundBy(pattern: Pattern | undefined): readonly string[] {
  switch (pattern?.kind) {
    case 'variable':
      return [pattern.name];
    case 'entries':
      return [...pattern.entries.map(entry => entry.target), pattern.rest].flatMap(namesBoundBy);
    case 'items':
      return [...pattern.items.map(item => item.target), pattern.rest].flatMap(namesBoundBy);
    default:
      return [];
  }
}

/** The function that binds a name as it is seen from a node; `outside` where the unit does not. */
export function ownerOf(names: UnitNames, node: ModelNode, name: string): Lambda | undefined | 'outside' {
  for (let lambda = lambdaAround(names.parents, node); ; lambda = lambdaAround(names.parents, lambda)) {
    if (names.binds(lambda, name)) return lambda;
    if (!lambda) return 'outside';
  }
}

/** `handed`: to someone who may give it back; `returned`: to the caller. */
export type HandleEffect = 'released' | 'returned' | 'handed';

export interface HandleUse {
  readonly effects: ReadonlyMap<ModelNode, HandleEffect>;
  /** Calls that give it back, in order. */
  readonly releases: readonly Call[];
}

export interface Handle {
  readonly name: string;
  /** The function that binds the name; none for the unit's own. */
  readonly owner: Lambda | undefined;
  /** Methods that give it back: of it, or that take it. */
  readonly releasedBy: ReadonlySet<string>;
  /** A function that gives it back, by its name in the same function. */
  readonly releaseFunction?: string;
  /** The variable with the pool that it comes from: to end that ends all of its connections. */
  readonly pool?: string;
}

export function useOf(setting: Setting, names: UnitNames, handle: Handle): HandleUse {
  const own = mentionsOf(names, handle, handle.name);
  const releases = [
    ...own.flatMap(node => releaseAt(setting, names, handle, node) ?? []),
    ...(handle.releaseFunction === undefined ? [] : mentionsOf(names, handle, handle.releaseFunction)),
  ];
  const effects = new Map<ModelNode, HandleEffect>();
  const calls: Call[] = [];
  const giveBack = (node: ModelNode): void => {
    const parent = names.parents.of(node);
    const at = parent?.kind === 'call' && parent.callee === node ? parent : node;
    effects.set(at, 'released');
    if (at.kind === 'call') calls.push(at);
    for (const lambda of lambdasBetween(names, node, handle.owner)) effects.set(lambda, 'released');
  };
  for (const node of releases) {
    giveBack(node);
    for (const test of testsAround(names, handle, node)) effects.set(test, 'released');
  }
  for (const node of names.mentions.get(handle.pool ?? '') ?? []) {
    const member = names.parents.of(node);
    const call = member && names.parents.of(member);
    if (member?.kind === 'member' && call?.kind === 'call' && call.callee === member && ENDS.test(member.name))
      effects.set(call, 'released');
  }
  for (const node of own) {
    const effect = handedAt(setting, names, handle, node, releases.length > 0);
    if (effect && !effects.has(node)) effects.set(node, effect);
  }
  passOnNamed(names, effects);
  return { effects, releases: calls.sort((left, right) => left.start - right.start) };
}

/**
 * Conditions around a release that ask the thing itself whether it is there, or given back already: where they do not hold
 * there is nothing to give back.
 */
function testsAround(names: UnitNames, { name, owner }: Handle, release: ModelNode): readonly Expression[] {
  const found: Expression[] = [];
  let inner = release;
  for (let node = names.parents.of(release); node && node !== owner; node = names.parents.of(node)) {
    if ((node.kind === 'branch' || node.kind === 'choice') && node.test !== inner && asksItself(node.test, name))
      found.push(node.test);
    inner = node;
  }
  return found;
}

const STANDING = /releas|clos|end|open|connect|destroy|free|dispos/i;

function asksItself(test: Expression, name: string): boolean {
  switch (test.kind) {
    case 'name':
      return test.name === name;
    case 'member':
      return STANDING.test(test.name) && asksItself(test.object, name);
    case 'call':
      return test.callee.kind === 'member' && test.arguments.length === 0 && asksItself(test.callee, name);
    case 'operation':
      return (
        test.operands.some(operand => asksItself(operand, name)) &&
        test.operands.every(operand => isNothing(operand) || asksItself(operand, name))
      );
    case 'choice':
      return [test.test, test.then, test.otherwise].every(side => asksItself(side, name));
    default:
      return false;
  }
}

const isNothing = (operand: Expression): boolean =>
  operand.kind === 'constant' || (operand.kind === 'name' && operand.name === 'undefined');

const mentionsOf = (names: UnitNames, { owner }: Handle, name: string): readonly Expression[] =>
  (names.mentions.get(name) ?? []).filter(node => ownerOf(names, node, name) === owner);

/** Functions inside the owner around a node, from the inside out. */
function lambdasBetween(names: UnitNames, node: ModelNode, owner: Lambda | undefined): readonly Lambda[] {
  const found: Lambda[] = [];
  for (let each = lambdaAround(names.parents, node); each && each !== owner; each = lambdaAround(names.parents, each))
    found.push(each);
  return found;
}

/** A function with a name gives nothing back where it is declared: only where it is called, or handed over. */
function passOnNamed(names: UnitNames, effects: Map<ModelNode, HandleEffect>): void {
  for (const [node, effect] of [...effects]) {
    if (node.kind !== 'lambda') continue;
    const declare = names.parents.of(node);
    if (declare?.kind !== 'declare' || declare.target.kind !== 'variable') continue;
    effects.delete(node);
    const { name } = declare.target;
    const owner = lambdaAround(names.parents, declare);
    for (const mention of names.mentions.get(name) ?? []) {
      const parent = names.parents.of(mention);
      if (parent?.kind === 'call' && parent.callee === mention) continue;
      if (ownerOf(names, mention, name) === owner) effects.set(mention, effect);
    }
  }
}

/** The node that gives the handle back with this mention of it: the callee of a call, or what is handed over to be called. */
function releaseAt(
  setting: Setting,
  names: UnitNames,
  { releasedBy }: Handle,
  node: Expression,
): ModelNode | undefined {
  const parent = names.parents.of(node);
  if (parent?.kind === 'member' && parent.object === node && releasedBy.has(parent.name)) {
    const around = names.parents.of(parent);
    // `client.release = …` puts something else there
    const isTarget = around?.kind === 'assign' && around.value !== parent;
    return isTarget ? undefined : parent;
  }
  if (parent?.kind !== 'call' || parent.callee === node) return undefined;
  if (parent.callee.kind === 'member' && releasedBy.has(parent.callee.name)) return parent.callee;
  const index = parent.arguments.findIndex(({ value }) => value === node);
  const observed = names.calls.get(parent);
  if (index < 0 || !observed) return undefined;
  const { target } = observed;
  if (target.kind === 'unknown' || target.kind === 'method')
    return !names.queries.has(parent) && ENDS.test(observed.source) ? parent.callee : undefined;
  if (target.kind !== 'unit') return undefined;
  return effectOnParameter(setting, target.unit, index, releasedBy) === 'released' ? parent.callee : undefined;
}

/** What a function is called that is done with what it is handed, where it cannot be looked into: `commit(connection)`. */
const ENDS =
  /(?:^|\.)(?:\w*(?:[rR]elease|[rR]eturn|[cC]lose|[dD]ispose|[dD]estroy|[cC]leanup|[cC]leanUp|[fF]ree)\w*|(?:commit|rollback|end|finish|done)(?:[A-Z]\w*)?)$/;

/** What a function of the workspace does with what it gets as this parameter; kept in the analysis' memory. */
export function effectOnParameter(
  setting: Setting,
  unit: UnitId,
  index: number,
  releasedBy: ReadonlySet<string>,
): HandleEffect | undefined {
  const key = `handle ${setting.key} ${unit} ${index} ${[...releasedBy].join()}`;
  return setting.analysis.remember<HandleEffect | undefined>(key, () => {
    const target = setting.analysis.source(unit)?.function.parameters[index]?.target;
    const names = target?.kind === 'variable' ? namesIn(setting, unit) : undefined;
    if (target?.kind !== 'variable' || !names) return undefined;
    const { effects } = useOf(setting, names, { name: target.name, owner: undefined, releasedBy });
    const all = new Set(effects.values());
    if (all.has('released')) return 'released';
    return all.has('handed') ? 'handed' : undefined;
  });
}

/** Whether someone else has the handle from this mention on. */
function handedAt(
  setting: Setting,
  names: UnitNames,
  handle: Handle,
  node: Expression,
  isGivenBack: boolean,
): HandleEffect | undefined {
  let value: Expression = node;
  let wrapped = false;
  for (let parent = names.parents.of(value); parent; parent = names.parents.of(value)) {
    switch (parent.kind) {
      case 'await':
      case 'spread':
        value = parent;
        break;
      case 'list':
      case 'record':
        wrapped = true;
        value = parent;
        break;
      case 'choice':
        if (parent.then !== value && parent.otherwise !== value) return undefined;
        value = parent;
        break;
      case 'return':
        return 'returned';
      case 'lambda':
      case 'opaque':
      case 'opaque-statement':
      case 'yield':
      case 'comprehension':
        return 'handed';
      case 'declare':
      case 'assign':
        // `const { rows } = client` takes something out of it
        return parent.target.kind === 'entries' && !wrapped ? undefined : 'handed';
      case 'call':
        return parent.callee === value
          ? undefined
          : handedTo(setting, names, handle, parent, value, wrapped, isGivenBack);
      default:
        return captured(names, handle, node);
    }
  }
  return undefined;
}

/** A function that is kept or returned holds what it mentions. */
function captured(names: UnitNames, { owner }: Handle, node: Expression): HandleEffect | undefined {
  for (const lambda of lambdasBetween(names, node, owner)) {
    const parent = names.parents.of(lambda);
    if (parent?.kind === 'record' || parent?.kind === 'return' || parent?.kind === 'assign') return 'handed';
  }
  return undefined;
}

/** An argument: a query and a function that only uses it leave it where it is; what cannot be looked into may keep it. */
function handedTo(
  setting: Setting,
  names: UnitNames,
  handle: Handle,
  call: Call,
  argument: Expression,
  wrapped: boolean,
  isGivenBack: boolean,
): HandleEffect | undefined {
  const observed = names.calls.get(call);
  if (names.queries.has(call)) return undefined;
  const index = call.arguments.findIndex(({ value }) => value === argument);
  const target = observed?.target;
  if (target?.kind === 'unit' && !wrapped) {
    const effect = effectOnParameter(setting, target.unit, index, handle.releasedBy);
    return effect === 'handed' && !isGivenBack ? effect : undefined;
  }
  if (target?.kind === 'library' && !target.name.includes('js:')) return undefined;
  // `resolve(connection)`, `callback(null, connection)`: whoever waits for it has it now
  if (observed && !isUsed(observed) && isParameter(names, call.callee)) return 'handed';
  return isGivenBack ? undefined : 'handed';
}

const isUsed = ({ awaited, use }: ObservedCall): boolean =>
  awaited || use.kind === 'receiver' || use.kind === 'declared';

function isParameter(names: UnitNames, callee: Expression): boolean {
  if (callee.kind !== 'name') return false;
  const owner = ownerOf(names, callee, callee.name);
  if (owner === 'outside') return false;
  const { parameters } = owner ? owner.function : names.function;
  return parameters.some(({ target }) => namesBoundBy(target).includes(callee.name));
}

/** What a call's value is bound to, past `await` and the sides of a choice. */
export function binderOf(
  names: UnitNames,
  call: Expression,
): { readonly value: Expression; readonly binder: ModelNode | undefined } {
  let value = call;
  for (let parent = names.parents.of(value); parent; parent = names.parents.of(value)) {
    if (
      parent.kind === 'await' ||
      parent.kind === 'yield' ||
      (parent.kind === 'choice' && (parent.then === value || parent.otherwise === value))
    )
      value = parent;
    else return { value, binder: parent };
  }
  return { value, binder: undefined };
}

/** Whether the error of this call ends what it stands in: it is waited for, or a chain of promises goes on from it. */
export function failsHere(setting: Setting, names: UnitNames, call: Call): boolean {
  const parent = names.parents.of(call);
  if (parent?.kind === 'await' || parent?.kind === 'yield') return true;
  if (parent?.kind !== 'member' || parent.object !== call) return false;
  const next = names.parents.of(parent);
  const observed = next?.kind === 'call' ? names.calls.get(next) : undefined;
  if (!observed || next?.kind !== 'call' || next.callee !== parent) return false;
  return observed.node.arguments.some((_, index) => {
    const run = callbackRunOf(setting.tables, observed, index);
    return run === 'on-success' || run === 'on-failure' || run === 'always';
  });
}
