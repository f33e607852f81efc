/** Expressions of Python, by node type. */
import type { Argument, Expression, RecordEntry, Span } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { lowerLambda } from './functions';
import type { LowerExpression, Lowering } from './lowering';
import { lowerPattern } from './patterns';
import { lowerAdjacent, lowerString } from './text';

const constant =
  (value: boolean | null): LowerExpression =>
  (_at, _node, start, end) => ({ kind: 'constant', value, start, end });

/** Gives the first part in its place. */
const transparent: LowerExpression = (at, node) => {
  const inner = at.parts(node)[0];
  return inner === undefined ? at.broken(node) : at.expression(inner);
};

const lowerName: LowerExpression = (at, node, start, end) => {
  if (start === end) return at.missing(start);
  const name = at.source(node);
  return name === at.around.self ? { kind: 'this', start, end } : { kind: 'name', name, start, end };
};

/** A name with dots in it, as patterns and imports write it. */
const lowerDotted: LowerExpression = (at, node, start) => {
  const [first, ...members] = at.parts(node);
  let result = at.orMissing(first, node);
  for (const member of members) {
    const nameSpan = at.span(member);
    result = { kind: 'member', object: result, name: at.source(member), nameSpan, start, end: nameSpan.end };
  }
  return result;
};

const lowerNumber: LowerExpression = (at, node, start, end) => {
  const source = at.source(node);
  const digits = source.replaceAll('_', '').replace(/[lL]$/, '');
  const value = /^0\d+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (Number.isNaN(value)) return { kind: 'opaque', label: `number ${source}`, operands: [], start, end };
  return { kind: 'constant', value, start, end };
};

const lowerAttribute: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [object, property] = parts;
  if (object === undefined || property === undefined || parts.length !== 2) return at.broken(node);
  const nameSpan = at.span(property);
  const name = at.source(property);
  if (name === '') return at.broken(node);
  return { kind: 'member', object: at.expression(object), name, nameSpan, start, end };
};

/** `rows[i]`, and `rows[i:j]`, which is a part of the rows; `Annotated[Session, …]`, which is the type that it is about. */
const lowerSubscript: LowerExpression = (at, node, start, end) => {
  const [object, index, ...more] = at.parts(node);
  if (object === undefined || index === undefined) return at.broken(node);
  if (more.length > 0)
    return /(?:^|\.)Annotated$/.test(at.source(object)) ? at.expression(index) : at.broken(node, 'subscript');
  if (at.type(index) !== 'slice')
    return { kind: 'index', object: at.expression(object), index: at.expression(index), start, end };
  const bounds = at.parts(index).map(bound => at.expression(bound));
  return { kind: 'operation', operator: 'slice', operands: [at.expression(object), ...bounds], start, end };
};

// ——— calls ———

/** `super()` is `super`; a name in capitals is a class, by Python's own convention. */
const lowerCall: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [called, given] = parts;
  if (called === undefined || given === undefined || parts.length !== 2) return at.broken(node);
  const source = at.source(called);
  if (source === 'super') return { kind: 'this', super: true, start, end };
  const args = argumentsOf(at, given);
  if (source === 'dict' && args.every(each => each.name !== undefined || each.value.kind === 'spread'))
    return recordOf(args, start, end);
  const lowered = at.expression(called);
  const callee = lowered.kind === 'member' && lowered.name === '__init__' ? lowered.object : lowered;
  const name = /[\w$]+$/.exec(source)?.[0] ?? '';
  const form = /^_*[A-Z]/.test(name) ? 'new' : 'call';
  return { kind: 'call', callee, arguments: args, form, argumentsSpan: at.span(given), start, end };
};

function argumentsOf(at: Lowering, node: Node): Argument[] {
  // `sum(x for x in xs)`
  if (at.type(node) !== 'argument_list') return [{ value: at.expression(node) }];
  return at.items(node).map(each => {
    const [name, value] = at.parts(each);
    if (at.type(each) !== 'keyword_argument' || name === undefined || value === undefined)
      return { value: at.expression(each) };
    return { value: at.expression(value), name: at.source(name) };
  });
}

/** `dict(a=1, **more)` */
const recordOf = (args: readonly Argument[], start: number, end: number): Expression => ({
  kind: 'record',
  entries: args.map(({ name, value }) => {
    const inner = name === undefined && value.kind === 'spread' ? value.value : value;
    return { ...(name !== undefined && { key: name }), value: inner, start: value.start, end: value.end };
  }),
  start,
  end,
});

// ——— operators ———

const BINARY = /^(?:\*\*|\/\/|<<|>>|[-+*/%@&|^])/;
const COMPARISON = /^(?:not\s+in\b|is\s+not\b|in\b|is\b|[<>]=|[=!]=|<>|<|>)/;

/** `a + b + c` is one operation of three operands, from the left. Without recursion: some texts are put together by thousands. */
const lowerBinary: LowerExpression = (at, node, start) => {
  const steps: { operator: string; right: Node; end: number }[] = [];
  let left = node;
  for (;;) {
    const parts = at.parts(left);
    const [first, second] = parts;
    if (first === undefined || second === undefined || parts.length !== 2) {
      if (left === node) return at.broken(node);
      break;
    }
    const operator = BINARY.exec(at.between(at.tree.end(first), at.tree.start(second)))?.[0];
    if (operator === undefined) return at.broken(node);
    steps.push({ operator, right: second, end: at.span(left).end });
    left = first;
    if (at.type(left) !== 'binary_operator') break;
  }
  let result = at.expression(left);
  let sum: Expression[] | undefined;
  for (const { operator, right, end } of steps.reverse()) {
    const operand = at.expression(right);
    if (operator === '+' && sum) sum.push(operand);
    else sum = [result, operand];
    result = { kind: 'operation', operator, operands: sum, start, end };
    if (operator !== '+') sum = undefined;
  }
  return result;
};

/** The model's operators are spelt as in JavaScript. */
const OPERATORS: Readonly<Record<string, string>> = {
  '==': '===',
  '!=': '!==',
  '<>': '!==',
  is: '===',
  'is not': '!==',
};

/** `a < b < c` asks both. */
const lowerComparison: LowerExpression = (at, node, start, end) => {
  const [first, ...others] = at.parts(node);
  if (first === undefined || others.length === 0) return at.broken(node);
  let left = at.expression(first);
  let before = first;
  let result: Expression | undefined;
  for (const next of others) {
    const words = at.between(at.tree.end(before), at.tree.start(next)).replace(/\s+/g, ' ');
    const operator = COMPARISON.exec(words)?.[0];
    if (operator === undefined) return at.broken(node);
    const right = at.expression(next);
    const compared = comparison(operator, left, right, { start: left.start, end: right.end });
    result = result
      ? { kind: 'choice', operator: '&&', test: result, then: compared, otherwise: result, start, end: right.end }
      : compared;
    left = right;
    before = next;
  }
  return result ? { ...result, start, end } : at.broken(node);
};

function comparison(operator: string, left: Expression, right: Expression, span: Span): Expression {
  const operands = [left, right];
  if (operator !== 'not in') return { kind: 'operation', operator: OPERATORS[operator] ?? operator, operands, ...span };
  const inside: Expression = { kind: 'operation', operator: 'in', operands, ...span };
  return { kind: 'operation', operator: '!', operands: [inside], ...span };
}

const lowerNot: LowerExpression = (at, node, start, end) => {
  const operand = at.parts(node)[0];
  return operand === undefined
    ? at.broken(node)
    : { kind: 'operation', operator: '!', operands: [at.expression(operand)], start, end };
};

const lowerUnary: LowerExpression = (at, node, start, end) => {
  const operand = at.parts(node)[0];
  if (operand === undefined) return at.broken(node);
  const operator = at.text.charAt(at.base + start);
  const value = at.expression(operand);
  if (operator === '-' && value.kind === 'constant' && typeof value.value === 'number')
    return { kind: 'constant', value: -value.value, start, end };
  return { kind: 'operation', operator, operands: [value], start, end };
};

const lowerBoolean: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [left, right] = parts;
  if (left === undefined || right === undefined || parts.length !== 2) return at.broken(node);
  const test = at.expression(left);
  const other = at.expression(right);
  const isAnd = /\band$/.test(at.between(at.tree.end(left), at.tree.start(right)).replace(/[\s(]+$/, ''));
  return isAnd
    ? { kind: 'choice', operator: '&&', test, then: other, otherwise: test, start, end }
    : { kind: 'choice', operator: '||', test, then: test, otherwise: other, start, end };
};

const lowerConditional: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [then, test, otherwise] = parts;
  if (then === undefined || test === undefined || otherwise === undefined || parts.length !== 3) return at.broken(node);
  return {
    kind: 'choice',
    operator: '?:',
    test: at.expression(test),
    then: at.expression(then),
    otherwise: at.expression(otherwise),
    start,
    end,
  };
};

// ——— assignments ———

/** The value of an assignment: a lambda in it is named after the target. */
export function lowerAssigned(at: Lowering, target: Node, value: Node): Expression {
  const outer = at.naming;
  if (at.type(target) === 'identifier') at.naming = at.source(target);
  const lowered = at.type(value) === 'lambda' || !at.inUnit ? at.expression(value) : unnamed(at, value);
  at.naming = outer;
  return lowered;
}

/** What stands deeper inside a value is not what is assigned. */
function unnamed(at: Lowering, value: Node): Expression {
  at.naming = undefined;
  return at.expression(value);
}

const lowerAssign: LowerExpression = (at, node, start, end) => {
  const [left, ...others] = at.parts(node);
  const right = others.filter(part => at.type(part) !== 'type').at(-1);
  if (left === undefined || right === undefined) return at.broken(node);
  return { kind: 'assign', target: lowerPattern(at, left), value: lowerAssigned(at, left, right), start, end };
};

const AUGMENTED = /^(?:\*\*|\/\/|<<|>>|[-+*/%@&|^])(?==)/;

const lowerAugmented: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [left, right] = parts;
  if (left === undefined || right === undefined || parts.length !== 2) return at.broken(node);
  const operator = AUGMENTED.exec(at.between(at.tree.end(left), at.tree.start(right)))?.[0];
  if (operator === undefined) return at.broken(node);
  return { kind: 'assign', target: lowerPattern(at, left), operator, value: at.expression(right), start, end };
};

// ——— collections ———

const listOf =
  (variety?: 'tuple' | 'set'): LowerExpression =>
  (at, node, start, end) => ({
    kind: 'list',
    items: at.items(node).map(item => at.expression(item)),
    ...(variety && { variety }),
    start,
    end,
  });

const lowerDictionary: LowerExpression = (at, node, start, end) => ({
  kind: 'record',
  entries: at.items(node).map(each => entryOf(at, each)),
  start,
  end,
});

function entryOf(at: Lowering, node: Node): RecordEntry {
  const span = at.span(node);
  const [first, second] = at.parts(node);
  if (at.type(node) !== 'pair' || first === undefined || second === undefined) {
    const isSpread = at.type(node) === 'dictionary_splat' && first !== undefined;
    return { value: isSpread ? at.expression(first) : at.expression(node), ...span };
  }
  const key = at.expression(first);
  const text = key.kind === 'text' && key.parts.length < 2 ? key.parts[0] : undefined;
  const constantKey =
    key.kind === 'text' && key.parts.length === 0 ? '' : text?.kind === 'part' ? text.value : undefined;
  return { key: constantKey ?? key, value: at.expression(second), ...span };
}

const spread: LowerExpression = (at, node, start, end) => {
  const inner = at.parts(node)[0];
  return inner === undefined ? at.broken(node) : { kind: 'spread', value: at.expression(inner), start, end };
};

const VARIETIES = { list: 'list', set: 'set', dictionary: 'record', generator: 'generator' } as const;

const comprehension =
  (kind: keyof typeof VARIETIES): LowerExpression =>
  (at, node, start, end) => {
    const [body, ...clauses] = at.parts(node);
    if (body === undefined) return at.broken(node);
    const loops: Extract<Expression, { kind: 'comprehension' }>['loops'][number][] = [];
    for (const clause of clauses) {
      const parts = at.parts(clause);
      const [first, second] = parts;
      if (first === undefined) continue;
      if (at.type(clause) === 'if_clause') {
        const last = loops.pop();
        if (last) loops.push({ ...last, tests: [...last.tests, at.expression(first)] });
      } else
        loops.push({
          item: lowerPattern(at, first),
          source: at.orMissing(second, clause),
          tests: [],
          head: at.span(clause),
        });
    }
    const element: Expression =
      at.type(body) === 'pair'
        ? { kind: 'record', entries: [entryOf(at, body)], ...at.span(body) }
        : at.expression(body);
    return { kind: 'comprehension', loops, element, variety: VARIETIES[kind], start, end };
  };

// ——— asynchronous code ———

const lowerAwait: LowerExpression = (at, node, start, end) => {
  const inner = at.parts(node)[0];
  return inner === undefined ? at.broken(node) : { kind: 'await', value: at.expression(inner), start, end };
};

const lowerYield: LowerExpression = (at, node, start, end) => {
  const inner = at.parts(node)[0];
  const value = inner === undefined ? undefined : at.expression(inner);
  const all = inner !== undefined && /\bfrom$/.test(at.between(at.base + start, at.tree.start(inner)));
  return { kind: 'yield', ...(value && { value }), ...(all && { all }), start, end };
};

export const EXPRESSIONS: Readonly<Record<string, LowerExpression>> = {
  identifier: lowerName,
  dotted_name: lowerDotted,
  none: constant(null),
  ellipsis: constant(null),
  true: constant(true),
  false: constant(false),
  integer: lowerNumber,
  float: lowerNumber,
  string: lowerString,
  concatenated_string: lowerAdjacent,
  attribute: lowerAttribute,
  subscript: lowerSubscript,
  call: lowerCall,
  parenthesized_expression: transparent,
  type: transparent,
  binary_operator: lowerBinary,
  comparison_operator: lowerComparison,
  not_operator: lowerNot,
  unary_operator: lowerUnary,
  boolean_operator: lowerBoolean,
  conditional_expression: lowerConditional,
  assignment: lowerAssign,
  named_expression: lowerAssign,
  augmented_assignment: lowerAugmented,
  list: listOf(),
  list_pattern: listOf(),
  tuple: listOf('tuple'),
  expression_list: listOf('tuple'),
  pattern_list: listOf('tuple'),
  tuple_pattern: listOf('tuple'),
  set: listOf('set'),
  dictionary: lowerDictionary,
  list_splat: spread,
  list_splat_pattern: spread,
  dictionary_splat: spread,
  dictionary_splat_pattern: spread,
  parenthesized_list_splat: transparent,
  list_comprehension: comprehension('list'),
  set_comprehension: comprehension('set'),
  dictionary_comprehension: comprehension('dictionary'),
  generator_expression: comprehension('generator'),
  lambda: lowerLambda,
  await: lowerAwait,
  yield: lowerYield,
};
