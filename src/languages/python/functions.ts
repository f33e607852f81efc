/** Functions and methods: outermost ones become units, those inside a unit lambdas. */
import type { Expression, Function as FunctionNode, Parameter, Pattern } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { bindingsOf, namesIn } from './bindings';
import type { Lowering } from './lowering';
import { lowerPattern } from './patterns';
import { lowerType } from './types';

export interface Naming {
  /** The function's own name, or of what it is assigned to. */
  readonly name?: string;
  /** What its unit is called after the file's `#`. */
  readonly unit?: string;
  readonly ownerClass?: string;
  /** The whole, with its decorators. */
  readonly whole?: Node;
  readonly decorators?: readonly Node[];
}

/** A reference to the unit that the function becomes, or the lambda. */
export function lowerFunction(at: Lowering, node: Node, naming: Naming): Expression {
  const whole = naming.whole ?? node;
  if (at.inUnit) return { kind: 'lambda', function: functionOf(at, node, naming), ...at.span(whole) };
  const { around, naming: assigned } = at;
  const { ownerClass } = naming;
  const head = {
    name: naming.unit ?? naming.name ?? '<function>',
    node,
    start: at.tree.start(whole),
    end: at.tree.end(whole),
    ...(ownerClass !== undefined && { ownerClass }),
  };
  const unit = at.unit(head, () => functionOf(at, node, naming));
  Object.assign(at, { around, naming: assigned });
  return { ...unit, ...at.span(whole) };
}

export function lowerLambda(at: Lowering, node: Node): Expression {
  const name = at.naming;
  return lowerFunction(at, node, name === undefined ? {} : { name, unit: name });
}

export const lowerDecorator = (at: Lowering, mark: Node): Expression => at.orMissing(at.parts(mark)[0], mark);

function functionOf(at: Lowering, closed: Node, naming: Naming): FunctionNode {
  const node = at.tree.opened(closed);
  const decorators = (naming.decorators ?? []).map(mark => lowerDecorator(at, mark));
  const parts = at.parts(node);
  const isLambda = at.type(node) === 'lambda';
  const list = parts.find(part => at.type(part) === 'parameters' || at.type(part) === 'lambda_parameters');
  const returns = isLambda ? undefined : parts.find(part => at.type(part) === 'type');
  const body = isLambda ? parts.filter(part => part !== list).at(-1) : parts.find(part => at.type(part) === 'block');
  const isMethod = naming.ownerClass !== undefined && !isLambda && !isStatic(at, naming.decorators);

  const outer = at.around;
  const all = list === undefined ? [] : at.parts(list);
  const first = isMethod ? all[0] : undefined;
  const self = first !== undefined && at.type(first) === 'identifier' ? first : undefined;
  const parameters = lowerParameters(at, self === undefined ? all : all.slice(1));
  if (!isLambda && body !== undefined) {
    const names = new Set(all.flatMap(each => namesIn(at, nameOf(at, each))).map(name => at.source(name)));
    const inherited = outer.self !== undefined && !names.has(outer.self) && at.inUnit ? outer.self : undefined;
    const own = self === undefined ? inherited : at.source(self);
    at.around = { bindings: bindingsOf(at, body, { parameters: names }), ...(own !== undefined && { self: own }) };
  }
  const lowered: FunctionNode = {
    ...(naming.name !== undefined && { name: naming.name }),
    parameters,
    ...(returns !== undefined && { returns: lowerType(at, returns) }),
    body: body === undefined ? [] : isLambda ? returning(at, body) : bodyOf(at, body),
    ...(at.startsWith(node, 'async') && { async: true }),
    ...(body !== undefined && !isLambda && yields(at, body) && { generator: true }),
    ...(isMethod && isProperty(at, naming.decorators) && { getter: true }),
    ...(decorators.length > 0 && { decorators }),
    ...at.span(naming.whole ?? node),
  };
  at.around = outer;
  return lowered;
}

function returning(at: Lowering, body: Node): FunctionNode['body'] {
  const value = at.expression(body);
  return [{ kind: 'return', value, start: value.start, end: value.end }];
}

function bodyOf(at: Lowering, body: Node): FunctionNode['body'] {
  const first = at.around.bindings.declaredFirst.map(name => ({
    kind: 'declare' as const,
    target: lowerPattern(at, name),
    statement: at.span(name),
    ...at.span(name),
  }));
  return [...first, ...at.block(body)];
}

/** The first parameter of a method is the object itself, or its class, unless the method is static. */
const isStatic = (at: Lowering, decorators: readonly Node[] | undefined): boolean =>
  (decorators ?? []).some(mark => /^@\s*staticmethod$/.test(at.source(mark)));

/** `@property`, `@cached_property`, `@hybrid_property`, `@functools.cached_property`. */
const isProperty = (at: Lowering, decorators: readonly Node[] | undefined): boolean =>
  (decorators ?? []).some(mark => /^@\s*(?:[\w.]*\.)?(?:\w+_)?property$/.test(at.source(mark)));

/** Whether the function itself yields, and not one inside it. */
function yields(at: Lowering, body: Node): boolean {
  const waiting = [body];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const type = at.type(node);
    if (type === 'yield') return true;
    if (type !== 'function_definition' && type !== 'lambda' && type !== 'class_definition')
      waiting.push(...at.items(node));
  }
  return false;
}

// ——— parameters ———

function lowerParameters(at: Lowering, nodes: readonly Node[]): Parameter[] {
  const found: Parameter[] = [];
  let byName = false;
  for (const node of nodes) {
    const type = at.type(node);
    if (type === 'keyword_separator') byName = true;
    if (type === 'keyword_separator' || type === 'positional_separator') continue;
    const parameter = lowerParameter(at, node);
    if (!parameter) continue;
    const isRest = parameter.rest === true && !parameter.named;
    found.push(byName && !isRest ? { ...parameter, named: true } : parameter);
    if (isRest) byName = true;
  }
  return found;
}

/** The node of a parameter that holds its name or names. */
function nameOf(at: Lowering, node: Node): Node {
  switch (at.type(node)) {
    case 'default_parameter':
    case 'typed_default_parameter':
    case 'typed_parameter':
      return at.parts(node)[0] ?? node;
    default:
      return node;
  }
}

function lowerParameter(at: Lowering, node: Node): Parameter | undefined {
  const parts = at.parts(node);
  const name = nameOf(at, node);
  const type = parts.find(part => at.type(part) === 'type');
  const hasDefault = /default_parameter$/.test(at.type(node));
  const preset = hasDefault ? parts.at(-1) : undefined;
  const target = targetOf(at, name);
  if (!target) return undefined;
  return {
    ...target,
    ...(type !== undefined && { type: lowerType(at, type) }),
    ...(preset !== undefined && preset !== name && { default: at.expression(preset) }),
    ...at.span(node),
  };
}

function targetOf(at: Lowering, name: Node): { target: Pattern; rest?: true; named?: true } | undefined {
  const inner = at.parts(name)[0];
  switch (at.type(name)) {
    case 'list_splat_pattern':
      return inner === undefined ? undefined : { target: lowerPattern(at, inner), rest: true };
    case 'dictionary_splat_pattern':
      return inner === undefined ? undefined : { target: lowerPattern(at, inner), rest: true, named: true };
    default:
      return { target: lowerPattern(at, name) };
  }
}
