/**
 * Functions that add members to an object they are given, `module.exports = Posts => { Posts.create = async … }`, told by
 * how they are written.
 */
import type { Call, Expression, Function as FunctionNode, Module, Span } from './model';
import { visitNodes } from './traverse';

/** A call of what a module exports with the object as an argument: `require('./create')(Posts)`. */
export interface ExtensionCall {
  readonly from: string;
  readonly argument: number;
}

/** What a function does with one of its parameters. */
export interface Extension {
  /** Functions that become members, by name: where they stand. */
  readonly members: ReadonlyMap<string, Span>;
  /** What hands it on. */
  readonly handedOn: readonly ExtensionCall[];
}

const EXTENSIONS = new WeakMap<FunctionNode, ReadonlyMap<number, Extension>>();

/** By the index of the parameter. */
export function extensionsIn(called: FunctionNode): ReadonlyMap<number, Extension> {
  const known = EXTENSIONS.get(called);
  if (known) return known;
  const found = new Map<number, Extension>();
  const inner = innerFunctions(called);
  called.parameters.forEach(({ target }, index) => {
    if (target.kind !== 'variable') return;
    const members = new Map<string, Span>();
    const handedOn: ExtensionCall[] = [];
    for (const statement of called.body) {
      if (statement.kind !== 'evaluate') continue;
      const { expression } = statement;
      handedOn.push(...callWith(expression, each => each.kind === 'name' && each.name === target.name));
      for (let each = expression; each.kind === 'assign'; each = each.value) {
        const member = each.target.kind === 'place' ? each.target.expression : undefined;
        if (member?.kind !== 'member' || member.object.kind !== 'name' || member.object.name !== target.name) continue;
        const last = lastValue(each);
        const span = last.kind === 'lambda' ? last : last.kind === 'name' ? inner.get(last.name) : undefined;
        if (span) members.set(member.name, { start: span.start, end: span.end });
      }
    }
    if (members.size > 0 || handedOn.length > 0) found.set(index, { members, handedOn });
  });
  EXTENSIONS.set(called, found);
  return found;
}

const lastValue = (each: Expression): Expression => (each.kind === 'assign' ? lastValue(each.value) : each);

/** Functions that are declared in the body, by name. */
function innerFunctions({ body }: FunctionNode): ReadonlyMap<string, Span> {
  const functions = new Map<string, Span>();
  for (const statement of body)
    if (statement.kind === 'declare' && statement.target.kind === 'variable' && statement.value?.kind === 'lambda')
      functions.set(statement.target.name, statement.value);
  return functions;
}

/** The calls at a module's top level that hand the module itself to what others export. */
export function extensionCallsIn({ top, itself = [] }: Module): readonly ExtensionCall[] {
  const aliases = new Set<string>();
  const isItself = (each: Expression): boolean => {
    if (each.kind === 'name') return itself.includes(each.name) || aliases.has(each.name);
    return each.kind === 'member' && each.object.kind === 'name' && itself.includes(`${each.object.name}.${each.name}`);
  };
  const calls: ExtensionCall[] = [];
  visitNodes(top.function.body, node => {
    if (node.kind === 'declare' && node.target.kind === 'variable' && node.value && isItself(node.value))
      aliases.add(node.target.name);
    if (node.kind === 'call') calls.push(...callWith(node, isItself));
    return node.kind !== 'lambda';
  });
  return calls;
}

function callWith(each: Expression, isIt: (argument: Expression) => boolean): readonly ExtensionCall[] {
  const from = each.kind === 'call' ? importCalled(each) : undefined;
  if (each.kind !== 'call' || from === undefined) return [];
  return each.arguments.flatMap(({ value }, argument) => (isIt(value) ? [{ from, argument }] : []));
}

const importCalled = ({ callee }: Call): string | undefined => {
  const module = callee.kind === 'member' && callee.name === 'default' ? callee.object : callee;
  return module.kind === 'import' ? module.from : undefined;
};
