/** Functions, in all their forms: outermost ones become units, those inside a unit lambdas. */
import type { Block, Expression, Function as FunctionNode, Parameter, Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { awaiterOf } from './compiled';
import type { Lowering } from './lowering';
import { lowerPattern } from './patterns';
import { lowerType } from './types';

/** The node types that are functions with a value of their own. */
export const FUNCTIONS: ReadonlySet<string> = new Set([
  'function_expression',
  'arrow_function',
  'generator_function',
  'function_declaration',
  'generator_function_declaration',
]);

interface Naming {
  /** The function's own name, or of what it is assigned to. */
  readonly name?: string;
  /** What its unit is called after the file's `#`. */
  readonly unit?: string;
  readonly ownerClass?: string;
  readonly decorators?: readonly Node[];
  /** `get size()` */
  readonly getter?: boolean;
}

/** A function where an expression stands, named by what it is assigned to if by nothing else. */
export function lowerFunctionExpression(at: Lowering, node: Node, assignedTo?: string): Expression {
  const own = at.type(node) === 'arrow_function' ? undefined : ownName(at, node);
  const name = own ?? assignedTo;
  const unit = at.naming ?? own ?? at.handedTo ?? '<function>';
  const ownerClass = at.fieldOwner;
  return lowerFunction(at, node, {
    unit,
    ...(name !== undefined && { name }),
    ...(ownerClass !== undefined && { ownerClass }),
  });
}

/** A reference to the unit that the function becomes, or the lambda. */
export function lowerFunction(at: Lowering, node: Node, naming: Naming): Expression {
  if (!at.inUnit) return lowerUnit(at, node, naming);
  const made = functionOf(at, node, naming);
  return { kind: 'lambda', function: made, ...at.span(node), end: made.end };
}

/** The function of ``name => sql<Row>`…`.execute()``, of which the grammar makes `(name => sql)` and what follows that. */
export function lowerChained(at: Lowering, arrow: Node, chain: Node): Expression {
  at.chainOfBody = { arrow, chain };
  const lowered = lowerFunctionExpression(at, arrow);
  at.chainOfBody = undefined;
  return lowered;
}

export function ownName(at: Lowering, node: Node): string | undefined {
  const name = at.parts(node)[0];
  return name && at.type(name) === 'identifier' ? at.source(name) || undefined : undefined;
}

function lowerUnit(at: Lowering, node: Node, naming: Naming): Expression {
  const start = Math.min(at.tree.start(node), ...(naming.decorators ?? []).map(mark => at.tree.start(mark)));
  const { ownerClass } = naming;
  const chain = at.chainOfBody?.arrow === node ? at.chainOfBody.chain : node;
  const end = at.tree.end(chain);
  const outer = { naming: at.naming, handedTo: at.handedTo, yieldsAwait: at.yieldsAwait };
  const name = naming.unit ?? naming.name ?? '<function>';
  const head = { name, node, start, end, ...(ownerClass !== undefined && { ownerClass }) };
  const unit = at.unit(head, () => functionOf(at, node, naming));
  Object.assign(at, outer);
  return unit;
}

// ——— their inside ———

function functionOf(at: Lowering, closed: Node, naming: Naming): FunctionNode {
  const node = at.tree.opened(closed);
  const outer = at.yieldsAwait;
  at.yieldsAwait = false;
  const decorators = (naming.decorators ?? []).map(mark => lowerDecorator(at, mark));
  const shape = shapeOf(at, node);
  const parameters = shape.parameters ? lowerParameters(at, shape.parameters) : [];
  const returns = shape.returns ? lowerType(at, shape.returns) : undefined;
  const chain = at.chainOfBody?.arrow === closed ? at.chainOfBody.chain : undefined;
  const body = chain ? chainedBody(at, closed, chain, shape.body) : bodyOf(at, shape.body);
  at.yieldsAwait = outer;
  const span = { ...at.span(node), end: at.span(chain ?? node).end };
  const first = decorators[0];
  return {
    ...(naming.name !== undefined && { name: naming.name }),
    parameters: body.parameters ?? parameters,
    ...(returns && { returns }),
    body: body.block,
    ...((shape.isAsync || body.isAsync) && { async: true }),
    ...(shape.isGenerator && { generator: true }),
    ...(naming.getter && { getter: true }),
    ...(first && { decorators }),
    start: first ? Math.min(span.start, first.start - 1) : span.start,
    end: span.end,
  };
}

interface Shape {
  readonly parameters?: Node;
  readonly returns?: Node;
  readonly body?: Node;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
}

function shapeOf(at: Lowering, node: Node): Shape {
  const parts = at.parts(node);
  const isArrow = at.type(node) === 'arrow_function';
  let parameters: Node | undefined;
  let returns: Node | undefined;
  let body: Node | undefined;
  let headEnd = at.tree.end(node);
  for (const [index, part] of parts.entries()) {
    const type = at.type(part);
    if (type === 'formal_parameters') parameters = part;
    else if (type === 'statement_block') body = part;
    else if (isArrow && index === parts.length - 1) body = part;
    else if (isArrow && type === 'identifier') parameters = part;
    else if (type === 'type_annotation' || type === 'type_predicate_annotation' || type === 'asserts_annotation')
      returns = type === 'type_annotation' ? part : undefined;
    if (type !== 'decorator' && at.tree.start(part) < headEnd)
      headEnd = NAMES.has(type) || part === parameters ? at.tree.start(part) : headEnd;
  }
  const head = at.between(at.tree.start(node), headEnd);
  const isGenerator = head.endsWith('*') || at.type(node).startsWith('generator');
  return {
    ...(parameters && { parameters }),
    ...(returns && { returns }),
    ...(body && { body }),
    isAsync: /(?:^|\s)async\b/.test(head),
    isGenerator,
  };
}

const NAMES = new Set([
  'identifier',
  'property_identifier',
  'private_property_identifier',
  'string',
  'number',
  'computed_property_name',
  'type_parameters',
]);

function bodyOf(
  at: Lowering,
  body: Node | undefined,
): { block: Block; isAsync?: boolean; parameters?: readonly Parameter[] } {
  if (!body) return { block: [] };
  const compiled = awaiterOf(at, body);
  if (compiled) {
    const shape = shapeOf(at, compiled);
    const parameters = shape.parameters ? lowerParameters(at, shape.parameters) : [];
    at.yieldsAwait = true;
    const block = shape.body ? at.block(shape.body) : [];
    return { block, isAsync: true, ...(parameters.length > 0 && { parameters }) };
  }
  if (at.type(body) === 'statement_block') return { block: at.block(body) };
  const value = at.expression(body);
  return { block: [{ kind: 'return', value, start: value.start, end: value.end }] };
}

/** The whole chain, with the function's own body for its start. */
function chainedBody(at: Lowering, arrow: Node, chain: Node, body: Node | undefined): ReturnType<typeof bodyOf> {
  at.chainOfBody = undefined;
  at.startOfChain = body && { arrow, body };
  const value = at.expression(chain);
  at.startOfChain = undefined;
  return { block: [{ kind: 'return', value, start: value.start, end: value.end }] };
}

/** `__awaiter(this, void 0, void 0, function* () { … })` anywhere else: a call of the asynchronous function that it was. */
export function lowerAwaiter(at: Lowering, closed: Node, start: number, end: number): Expression {
  const generator = at.tree.opened(closed);
  const wasInUnit = at.inUnit;
  at.inUnit = true;
  const shape = shapeOf(at, generator);
  const outer = at.yieldsAwait;
  at.yieldsAwait = true;
  const body = shape.body ? at.block(shape.body) : [];
  at.yieldsAwait = outer;
  at.inUnit = wasInUnit;
  const span = at.span(generator);
  const callee: Expression = { kind: 'lambda', function: { parameters: [], body, async: true, ...span }, ...span };
  return { kind: 'call', callee, arguments: [], form: 'call', argumentsSpan: { start: end, end }, start, end };
}

export function lowerDecorator(at: Lowering, node: Node): Expression {
  const inner = at.parts(node)[0];
  if (inner) return at.expression(inner);
  return { kind: 'opaque', label: 'missing', operands: [], ...at.span(node) };
}

function lowerParameters(at: Lowering, node: Node): Parameter[] {
  if (at.type(node) === 'identifier') return [{ target: lowerPattern(at, node), ...at.span(node) }];
  const found: Parameter[] = [];
  for (const child of at.parts(node)) {
    const parameter = lowerParameter(at, child);
    if (parameter) found.push(parameter);
  }
  return found;
}

function lowerParameter(at: Lowering, node: Node): Parameter | undefined {
  const span = at.span(node);
  switch (at.type(node)) {
    case 'required_parameter':
    case 'optional_parameter':
      return lowerTypedParameter(at, node);
    case 'assignment_pattern': {
      const [target, preset] = at.parts(node);
      if (!target) return undefined;
      return { target: lowerPattern(at, target), ...(preset && { default: at.expression(preset) }), ...span };
    }
    case 'rest_pattern':
      return { target: lowerPattern(at, node), rest: true, ...span };
    default:
      return { target: lowerPattern(at, node), ...span };
  }
}

function lowerTypedParameter(at: Lowering, node: Node): Parameter | undefined {
  const decorators: Expression[] = [];
  let target: Node | undefined;
  let type: Type | undefined;
  let preset: Expression | undefined;
  let isField = false;
  for (const part of at.parts(node)) {
    const kind = at.type(part);
    if (kind === 'decorator') decorators.push(lowerDecorator(at, part));
    else if (kind === 'accessibility_modifier' || kind === 'override_modifier') isField = true;
    else if (kind === 'type_annotation') type = lowerType(at, part);
    else if (!target) target = part;
    else preset = at.expression(part);
  }
  // `this: T` tells the type checker what it is called on; no argument is passed.
  if (!target || at.type(target) === 'this') return undefined;
  if (!isField && /(?:^|\s)readonly$/.test(at.between(at.tree.start(node), at.tree.start(target)))) isField = true;
  return {
    target: lowerPattern(at, target),
    ...(type && { type }),
    ...(preset && { default: preset }),
    ...(at.type(target) === 'rest_pattern' && { rest: true }),
    ...(decorators.length > 0 && { decorators }),
    ...(isField && { field: true }),
    ...at.span(node),
  };
}
