/** Expressions of JavaScript, TypeScript and JSX, by node type. */
import type { Argument, Expression, Import, Pattern, RecordEntry, Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { lowerClass } from './classes';
import { generatorIn, isAwaiter, isTransparent } from './compiled';
import { FUNCTIONS, lowerAwaiter, lowerChained, lowerFunction, lowerFunctionExpression } from './functions';
import { lowerJsx } from './jsx';
import type { LowerExpression, Lowering } from './lowering';
import { lowerPattern } from './patterns';
import { prototypeOwner } from './prototypes';
import { lowerString, lowerTemplate } from './text';
import { lowerType, lowerTypeArguments, nameOf } from './types';

const missing = (start: number, end: number): Expression => ({
  kind: 'opaque',
  label: 'missing',
  operands: [],
  start,
  end,
});

/** What could not be placed in the shape that the node should have. */
const broken = (at: Lowering, node: Node, start: number, end: number): Expression => ({
  kind: 'opaque',
  label: 'broken',
  operands: at.operands(node),
  start,
  end,
});

const lowerName: LowerExpression = (at, _node, start, end) => {
  if (start === end) return missing(start, end);
  return { kind: 'name', name: at.text.slice(at.base + start, at.base + end), start, end };
};

const nothing: LowerExpression = (_at, _node, start, end) => ({ kind: 'constant', value: null, start, end });

/** Gives the first part in its place: `as T`, `satisfies T`, `!`. */
const transparent: LowerExpression = (at, node, start, end) => {
  const [inner] = at.parts(node);
  return inner ? at.expression(inner) : broken(at, node, start, end);
};

const lowerParenthesised: LowerExpression = (at, node, start, end) => {
  const inner = transparent(at, node, start, end);
  // What is in parentheses stays together.
  at.regrouped.delete(inner);
  return inner;
};

const lowerNumber: LowerExpression = (at, _node, start, end) => {
  const source = at.text.slice(at.base + start, at.base + end);
  const digits = source.replaceAll('_', '').replace(/n$/, '');
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  if (Number.isNaN(value)) return { kind: 'opaque', label: `number ${source}`, operands: [], start, end };
  return { kind: 'constant', value, start, end };
};

const lowerMember: LowerExpression = (at, node, start, end) => {
  const arrow = arrowBefore(at, node);
  if (arrow !== undefined) return lowerChained(at, arrow, node);
  const parts = at.parts(node);
  const object = parts[0];
  const property = parts.at(-1);
  if (!object || !property || object === property) return broken(at, node, start, end);
  const nameSpan = at.span(property);
  const name = at.text.slice(at.base + nameSpan.start, at.base + nameSpan.end);
  return onObject(at, at.expression(object), start, (each, from) => ({
    kind: 'member',
    object: each,
    name,
    nameSpan,
    start: from,
    end,
  }));
};

const lowerIndex: LowerExpression = (at, node, start, end) => {
  const arrow = arrowBefore(at, node);
  if (arrow !== undefined) return lowerChained(at, arrow, node);
  const parts = at.parts(node);
  const object = parts[0];
  const index = parts.at(-1);
  if (!object || !index || object === index) return broken(at, node, start, end);
  const lowered = at.expression(object);
  const by = at.expression(index);
  return onObject(at, lowered, start, (each, from) => ({ kind: 'index', object: each, index: by, start: from, end }));
};

const CHAIN = new Set([
  'call_expression',
  'member_expression',
  'subscript_expression',
  'non_null_expression',
  'instantiation_expression',
]);
const OPENS_ARROW = /(?:async\b\s*)?(?:[\w$]+\s*=>|[(<])/y;

/** The function that the grammar took for the start of a chain, which only one in parentheses can be. */
function arrowBefore(at: Lowering, node: Node): Node | undefined {
  const start = at.tree.start(node);
  if (at.plainChain === start) return undefined;
  OPENS_ARROW.lastIndex = start;
  if (!OPENS_ARROW.test(at.text)) return undefined;
  let first: Node | undefined = node;
  while (first !== undefined && CHAIN.has(at.type(first))) first = at.parts(first)[0];
  if (first !== undefined && at.type(first) === 'arrow_function')
    return at.startOfChain?.arrow === first ? undefined : first;
  at.plainChain = start;
  return undefined;
}

/** Makes an expression on top of another, given that one and where the whole starts. */
type Build = (inner: Expression, from: number) => Expression;

function onObject(at: Lowering, object: Expression, start: number, build: Build): Expression {
  if (at.regrouped.size > 0 && at.regrouped.has(object)) return regrouped(at, object, build);
  // A tag stands before the template that the grammar took for the start.
  return build(object, Math.min(start, object.start));
}

/**
 * With type arguments in a call, TypeScript's grammar takes all that stands before it for what is called:
 * `await pool.query<Row>(sql)` for `(await pool.query)<Row>(sql)`, and `!isKnown<T>(x)` for `(!isKnown)<T>(x)`. This puts
 * the call, and what follows it, where it belongs: on the last operand.
 */
function regrouped(at: Lowering, each: Expression, build: Build): Expression {
  const whole = onLastOperand(at, each, build);
  at.regrouped.add(whole);
  return whole;
}

function onLastOperand(at: Lowering, each: Expression, build: Build): Expression {
  // what is in parentheses stays together
  const opened = at.parenthesised.get(each);
  if (opened !== undefined) return build(each, opened);
  if (each.kind === 'await') {
    const value = onLastOperand(at, each.value, build);
    return { ...each, value, end: value.end };
  }
  const last = each.kind === 'operation' ? each.operands.at(-1) : undefined;
  if (each.kind !== 'operation' || !last) return build(each, each.start);
  const operand = onLastOperand(at, last, build);
  return { ...each, operands: [...each.operands.slice(0, -1), operand], end: operand.end };
}

const NOT_CALLED = new Set(['await_expression', 'unary_expression', 'binary_expression']);

/** Of ``sql<Row[]>`…` ``, which the grammar takes for `sql<Row[]>!` with a bang left out. */
function typesOfTag(at: Lowering, callee: Node): Type[] | undefined {
  const inner = at.type(callee) === 'non_null_expression' ? at.parts(callee)[0] : undefined;
  const types = inner && at.type(inner) === 'instantiation_expression' ? at.parts(inner).at(-1) : undefined;
  return types && lowerTypeArguments(at, types);
}

/** Whether a callee is one of the expressions that cannot be called without parentheses. */
function isMisgrouped(at: Lowering, callee: Node): boolean {
  let node: Node | undefined = callee;
  while (node && /^(?:non_null|instantiation)_expression$/.test(at.type(node))) node = at.parts(node)[0];
  return node !== undefined && NOT_CALLED.has(at.type(node));
}

// ——— calls ———

const LONGEST_NAME = 60;

const lowerCall: LowerExpression = (at, node, start, end) => {
  const arrow = arrowBefore(at, node);
  if (arrow !== undefined) return lowerChained(at, arrow, node);
  const parts = at.parts(node);
  const callee = parts[0];
  const args = parts.at(-1);
  if (!callee || !args || callee === args) return broken(at, node, start, end);
  const typeArguments = parts.length > 2 ? parts.find(part => at.type(part) === 'type_arguments') : undefined;
  const types = typeArguments && lowerTypeArguments(at, typeArguments);
  if (at.type(args) === 'template_string') {
    const target = at.expression(callee);
    const written = types ?? typesOfTag(at, callee);
    if (isMisgrouped(at, callee)) return regrouped(at, target, each => tagged(at, each, args, written));
    return onObject(at, target, start, each => tagged(at, each, args, written));
  }

  const calleeSource = at.tree.end(callee) - at.tree.start(callee) < LONGEST_NAME ? at.source(callee) : '';
  const imported = importedBy(at, calleeSource, args);
  if (imported !== undefined) return { kind: 'import', from: imported, start, end };
  const items = at.items(args);
  if (calleeSource === 'await') return awaitedInParentheses(at, args, start, end);
  const [first] = items;
  if (first && isTransparent(calleeSource) && items.length <= 2) return at.expression(first);
  const generator = at.hasAwaiter && isAwaiter(calleeSource) ? generatorIn(at, node) : undefined;
  if (generator) return lowerAwaiter(at, generator, start, end);

  const target = at.expression(callee);
  const given = lowerArguments(at, callee, items);
  const argumentsSpan = at.span(args);
  const build: Build = (each, from) => ({
    kind: 'call',
    callee: each,
    arguments: given,
    form: 'call',
    argumentsSpan,
    ...(types && { types }),
    start: from,
    end,
  });
  return types && isMisgrouped(at, callee) ? regrouped(at, target, build) : onObject(at, target, start, build);
};

/**
 * `await (0, pg_1.query)(sql)` and `await (a ?? b).query(sql)`: JavaScript's grammar takes the first parentheses for the
 * arguments of a function called `await`. What follows belongs to what stands in them.
 */
function awaitedInParentheses(at: Lowering, args: Node, start: number, end: number): Expression {
  const inner = lowerSequence(at, args, at.span(args).start, end);
  at.parenthesised.set(inner, at.span(args).start);
  const whole: Expression = { kind: 'await', value: inner, start, end };
  at.regrouped.add(whole);
  return whole;
}

/** The module that `require('x')` or `import('x')` gives; with `*` in it where it is one of a folder: `./models/*`. */
function importedBy(at: Lowering, callee: string, args: Node): string | undefined {
  if (callee !== 'require' && callee !== 'import') return undefined;
  const [specifier] = at.parts(args);
  return specifier && (constantText(at, specifier) ?? folderPattern(at.source(specifier)));
}

const LONGEST_SPECIFIER = 120;
/** `path.join(__dirname, 'models', file)` and the like: what is joined. */
const JOINED = /^(?:[\w$]+\.)?(?:join|resolve)\(\s*(__dirname\s*,[^()]*)\)$/;
const PLUS = /^(?:__dirname|(['"]).*?\1|[\w$.]+)(?:\s*\+\s*(?:(['"]).*?\2|[\w$.]+))+$/;

/** Modules of a folder, where the folder is written and the rest of the name is not. */
function folderPattern(source: string): string | undefined {
  if (source.length > LONGEST_SPECIFIER) return undefined;
  const joined = JOINED.exec(source)?.[1];
  const parts =
    joined !== undefined
      ? joined.split(',').map(part => `${written(part.trim())}/`)
      : source.startsWith('`')
        ? [source.slice(1, -1).replace(/\$\{([^{}]*)\}/g, (_, hole: string) => written(hole.trim()))]
        : PLUS.test(source)
          ? source.split('+').map(part => written(part.trim()))
          : [];
  const pattern = parts
    .join('')
    .replace(/\/(?:\.?\/)+/g, '/')
    .replace(/\/$/, '');
  return /^\.{1,2}\/[^*]*\*[^*/]*$/.test(pattern) ? pattern : undefined;
}

/** What a part of a path says: a text itself, this file's folder, or who knows what. */
const written = (part: string): string =>
  part === '__dirname' ? '.' : (/^(['"`])([^'"`$]*)\1$/.exec(part)?.[2] ?? '*');

/** What a literal says, when it has no holes. */
function constantText(at: Lowering, node: Node): string | undefined {
  const type = at.type(node);
  if (type !== 'string' && type !== 'template_string') return undefined;
  const literal = at.expression(node);
  if (literal.kind !== 'text' || literal.parts.some(part => part.kind === 'hole')) return undefined;
  return literal.parts.map(part => (part.kind === 'part' ? part.value : '')).join('');
}

function lowerArguments(at: Lowering, callee: Node, items: readonly Node[]): Argument[] {
  const outer = at.handedTo;
  // Of nested calls the outermost says most: `app.post('/orders')` and not the `wrap` in it.
  if (!at.inUnit) at.handedTo ??= callName(at, callee, items);
  const lowered = items.map(item => ({ value: at.expression(item) }));
  at.handedTo = outer;
  return lowered;
}

/** How a callback's unit is called: `app.get('/orders')`. */
function callName(at: Lowering, callee: Node, items: readonly Node[]): string {
  const source = at.source(callee);
  const isShort = source.length <= LONGEST_NAME && /^[\w$.()#[\]'"/ -]+$/.test(source) && !source.startsWith('await ');
  const last = /[\w$#]+(?=(?:<[^>]*>)?$)/.exec(source)?.[0];
  const called = isShort ? source : last === undefined ? '<callback>' : `….${last}`;
  const [first] = items;
  const text = first && /^(?:template_)?string$/.test(at.type(first)) ? at.source(first) : '';
  if (text === '' || /[\r\n]|\$\{/.test(text)) return called;
  return `${called}(${text.length <= LONGEST_NAME ? text : `${text.slice(0, LONGEST_NAME)}…'`})`;
}

const lowerNew: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const callee = parts[0];
  if (!callee) return broken(at, node, start, end);
  let args: Node | undefined;
  let types: Type[] | undefined;
  for (const part of parts.slice(1)) {
    const type = at.type(part);
    if (type === 'arguments') args = part;
    else if (type === 'type_arguments') types = lowerTypeArguments(at, part);
  }
  return {
    kind: 'call',
    callee: at.expression(callee),
    arguments: args ? lowerArguments(at, callee, at.items(args)) : [],
    form: 'new',
    argumentsSpan: args ? at.span(args) : { start: end, end },
    ...(types && { types }),
    start,
    end,
  };
};

function tagged(at: Lowering, callee: Expression, template: Node, types: readonly Type[] | undefined): Expression {
  const argumentsSpan = at.span(template);
  const { end } = argumentsSpan;
  const text = lowerTemplate(at, template, argumentsSpan.start, end);
  const { start } = callee;
  return {
    kind: 'call',
    callee,
    arguments: [{ value: text }],
    form: 'tagged',
    argumentsSpan,
    ...(types && { types }),
    start,
    end,
  };
}

// ——— operators ———

interface Step {
  readonly operator: string;
  readonly right: Node;
  readonly end: number;
}

/** Walks down the left side instead of calling itself, since long texts are put together by thousands of `+`. */
const lowerBinary: LowerExpression = (at, node, start, end) => {
  const steps: Step[] = [];
  let left = node;
  let leftEnd = at.base + end;
  for (;;) {
    const parts = at.parts(left);
    const [first, second] = parts;
    if (!first || !second || parts.length !== 2) {
      if (left === node) return broken(at, node, start, end);
      break;
    }
    const firstEnd = at.tree.end(first);
    const operator = operatorIn(at, firstEnd, at.tree.start(second), BINARY);
    if (operator === undefined) return broken(at, node, start, end);
    steps.push({ operator, right: second, end: leftEnd - at.base });
    left = first;
    leftEnd = firstEnd;
    if (at.tree.typeId(left) !== at.tree.typeId(node)) break;
  }
  const template = templateWithTypes(at, steps);
  const folded = foldedLeft(at, at.expression(left), steps.slice(template ? 2 : 0), start);
  return template ? taggedWithTypes(at, folded, steps, template) : folded;
};

const BINARY = /^(?:>>>=?|[=!]==?|\*\*=?|<<=?|>>=?|&&=?|\|\|=?|\?\?=?|<=|>=|<|>|[-+*/%&|^]=?|instanceof\b|in\b)/;
const UNARY = /^(?:typeof|void|delete|[-+!~])/;

/** The operator in a stretch of source; half-typed, more may stand there, or something else. */
const operatorIn = (at: Lowering, start: number, end: number, kind: RegExp): string | undefined =>
  kind.exec(at.between(start, end))?.[0];

/** The operations from the innermost, which is the last, outwards. */
function foldedLeft(at: Lowering, first: Expression, steps: readonly Step[], start: number): Expression {
  let result = first;
  let sum: Expression[] | undefined;
  for (const step of [...steps].reverse()) {
    const right = at.expression(step.right);
    const span = { start, end: step.end };
    if (step.operator === '+' && sum) {
      // `a + b + c` is one operation of three operands, from the left.
      sum.push(right);
      result = { kind: 'operation', operator: '+', operands: sum, ...span };
      continue;
    }
    const operands = [result, right];
    sum = step.operator === '+' ? operands : undefined;
    result = combined(step.operator, operands, result, right, span);
  }
  return result;
}

function combined(
  operator: string,
  operands: Expression[],
  left: Expression,
  right: Expression,
  span: { start: number; end: number },
): Expression {
  switch (operator) {
    case '&&':
      return { kind: 'choice', operator, test: left, then: right, otherwise: left, ...span };
    case '||':
    case '??':
      return { kind: 'choice', operator, test: left, then: left, otherwise: right, ...span };
    default:
      return { kind: 'operation', operator, operands, ...span };
  }
}

/** The template of ``sql<Row>`…`.execute()``, which the grammar takes for two comparisons. */
function templateWithTypes(at: Lowering, [last, first]: readonly Step[]): Node | undefined {
  if (last?.operator !== '>' || first?.operator !== '<' || at.text.charAt(at.tree.start(last.right)) !== '`')
    return undefined;
  let node: Node | undefined = last.right;
  while (node && at.type(node) !== 'template_string') node = at.parts(node)[0];
  return node;
}

function taggedWithTypes(at: Lowering, tag: Expression, [last, first]: readonly Step[], template: Node): Expression {
  if (!last || !first) return tag;
  const types: Type[] = [lowerType(at, first.right)];
  return onLastOperand(at, tag, target => {
    at.awaitedTag = { template: at.tree.start(template), build: () => tagged(at, target, template, types) };
    const chain = at.expression(last.right);
    at.awaitedTag = undefined;
    return chain;
  });
}

const lowerUnary: LowerExpression = (at, node, start, end) => {
  const operand = at.parts(node)[0];
  if (!operand) return broken(at, node, start, end);
  const operator = operatorIn(at, at.base + start, at.tree.start(operand), UNARY);
  if (operator === undefined) return broken(at, node, start, end);
  const value = at.expression(operand);
  if (operator === '-' && value.kind === 'constant' && typeof value.value === 'number')
    return { kind: 'constant', value: -value.value, start, end };
  if (operator === 'void' && value.kind === 'constant') return { kind: 'constant', value: null, start, end };
  return { kind: 'operation', operator, operands: [value], start, end };
};

/** `i++` is `i += 1`; nobody whom a rule asks reads the value before. */
const lowerUpdate: LowerExpression = (at, node, start, end) => {
  const operand = at.parts(node)[0];
  if (!operand) return broken(at, node, start, end);
  const { start: from, end: to } = at.span(operand);
  const one = from === start ? { start: to, end } : { start, end: from };
  const operator = at.text.charAt(at.base + (from === start ? end - 1 : start));
  return {
    kind: 'assign',
    target: lowerPattern(at, operand),
    operator,
    value: { kind: 'constant', value: 1, ...one },
    start,
    end,
  };
};

const lowerTernary: LowerExpression = (at, node, start, end) => {
  const [test, then, otherwise, ...more] = at.parts(node);
  if (!test || !then || !otherwise || more.length > 0) return broken(at, node, start, end);
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

const lowerAssign: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [left, right] = parts;
  if (!left || !right || parts.length !== 2) return broken(at, node, start, end);
  const target = lowerPattern(at, left);
  const outer = at.fieldOwner;
  if (!at.inUnit && outer === undefined) at.fieldOwner = prototypeOwner(at.source(left));
  const value = lowerAssigned(at, target, right, assignedName(at, left));
  at.fieldOwner = outer;
  return { kind: 'assign', target, value, start, end };
};

/** The value of an assignment or declaration: a function in it is named after the target. */
export function lowerAssigned(at: Lowering, target: Pattern, value: Node, unitName: string | undefined): Expression {
  const outer = at.naming;
  if (!at.inUnit) at.naming = unitName ?? outer;
  const name = nameIn(target);
  const lowered =
    name !== undefined && FUNCTIONS.has(at.type(value))
      ? lowerFunctionExpression(at, value, name)
      : name !== undefined && at.type(value) === 'class'
        ? lowerClass(at, value, { name })
        : at.expression(value);
  at.naming = outer;
  return lowered;
}

function nameIn(target: Pattern): string | undefined {
  if (target.kind === 'variable') return target.name;
  if (target.kind === 'place' && target.expression.kind === 'member')
    return target.expression.name === 'exports' ? undefined : target.expression.name;
  return undefined;
}

/** What the unit of an assigned function is called: `list` for `exports.list`, `Order.list` for `Order.prototype.list`. */
function assignedName(at: Lowering, left: Node): string | undefined {
  if (at.inUnit) return undefined;
  const source = at.source(left).replace(/\s+/g, '');
  if (source.length > LONGEST_NAME || !/^[\w$.#]+$/.test(source)) return undefined;
  return source.replace(/^(?:module\.)?exports\./, '').replace('.prototype.', '.');
}

const lowerAugmented: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [left, right] = parts;
  if (!left || !right || parts.length !== 2) return broken(at, node, start, end);
  const written = operatorIn(at, at.tree.end(left), at.tree.start(right), BINARY);
  if (!written?.endsWith('=')) return broken(at, node, start, end);
  const operator = written.slice(0, -1);
  return { kind: 'assign', target: lowerPattern(at, left), operator, value: at.expression(right), start, end };
};

// ——— collections ———

const lowerObject: LowerExpression = (at, node, start, end) => {
  const outer = at.naming;
  const prefix = at.naming ?? at.handedTo;
  const entries: RecordEntry[] = [];
  for (const child of at.items(node)) {
    const entry = lowerEntry(at, child, prefix);
    if (entry) entries.push(entry);
  }
  at.naming = outer;
  return { kind: 'record', entries, start, end };
};

/** What functions in an object's property are called; those that a module exports, by their own names. */
function keyed(at: Lowering, prefix: string | undefined, key: string): void {
  if (at.inUnit) return;
  at.naming = prefix === undefined || prefix === 'module.exports' || prefix === 'default' ? key : `${prefix}.${key}`;
}

function lowerEntry(at: Lowering, node: Node, prefix: string | undefined): RecordEntry | undefined {
  const span = at.span(node);
  switch (at.type(node)) {
    case 'pair': {
      const parts = at.parts(node);
      const [keyNode, valueNode] = parts;
      if (!keyNode || !valueNode || parts.length !== 2) return { value: at.expression(node), ...span };
      const key = keyOf(at, keyNode);
      keyed(at, prefix, typeof key === 'string' ? key : at.source(keyNode));
      const isFunction = typeof key === 'string' && FUNCTIONS.has(at.type(valueNode));
      const value = isFunction ? lowerFunctionExpression(at, valueNode, key) : at.expression(valueNode);
      return { key, value, ...span };
    }
    case 'shorthand_property_identifier': {
      const name = at.source(node);
      return { key: name, value: { kind: 'name', name, ...span }, ...span };
    }
    case 'spread_element': {
      const inner = at.parts(node)[0];
      return inner ? { value: at.expression(inner), ...span } : undefined;
    }
    case 'method_definition': {
      const nameNode = methodName(at, node);
      const key = nameNode ? keyOf(at, nameNode) : '';
      const name = typeof key === 'string' ? key : at.source(nameNode ?? node);
      keyed(at, prefix, name);
      return { key, value: lowerFunction(at, node, { name, unit: at.naming ?? name }), ...span };
    }
    default:
      return { value: at.expression(node), ...span };
  }
}

const METHOD_NAMES = new Set([
  'property_identifier',
  'private_property_identifier',
  'string',
  'number',
  'computed_property_name',
]);

export const methodName = (at: Lowering, node: Node): Node | undefined =>
  at.parts(node).find(part => METHOD_NAMES.has(at.type(part)));

function keyOf(at: Lowering, node: Node): string | Expression {
  switch (at.type(node)) {
    case 'computed_property_name': {
      const inner = at.parts(node)[0];
      return inner ? at.expression(inner) : at.source(node);
    }
    case 'string':
      return constantText(at, node) ?? nameOf(at, node);
    default:
      return at.source(node);
  }
}

const lowerArray: LowerExpression = (at, node, start, end) => ({
  kind: 'list',
  items: at.items(node).map(item => at.expression(item)),
  start,
  end,
});

const lowerRegex: LowerExpression = (at, node, start, end) => {
  const source = at.source(node);
  const close = source.lastIndexOf('/');
  return { kind: 'regex', pattern: source.slice(1, close), flags: source.slice(close + 1), start, end };
};

// ——— asynchronous code ———

const lowerAwait: LowerExpression = (at, node, start, end) => {
  const inner = at.parts(node)[0];
  if (!inner) return broken(at, node, start, end);
  return awaited(at.expression(inner), start, end);
};

/** A module that is imported while running is a module like any other once it has been awaited. */
const awaited = (value: Expression, start: number, end: number): Expression =>
  value.kind === 'import' ? ({ ...value, start, end } satisfies Import) : { kind: 'await', value, start, end };

const lowerYield: LowerExpression = (at, node, start, end) => {
  const inner = at.parts(node)[0];
  const value = inner && at.expression(inner);
  if (at.yieldsAwait && value) return awaited(value, start, end);
  const all = inner !== undefined && at.between(at.base + start, at.tree.start(inner)).endsWith('*');
  return { kind: 'yield', ...(value && { value }), ...(all && { all }), start, end };
};

/** `(0, pg_1.query)(…)` is how compilers call a member without its object; else the last one is the value. */
const lowerSequence: LowerExpression = (at, node, start, end) => {
  const parts = at.parts(node);
  const [first, second, ...more] = parts;
  if (first && !second) return at.expression(first);
  if (first && second && more.length === 0 && at.type(first) === 'number') return at.expression(second);
  return { kind: 'opaque', label: 'sequence', operands: parts.map(part => at.expression(part)), start, end };
};

const asLabel: LowerExpression = (at, node, start, end) => ({
  kind: 'opaque',
  label: at.source(node),
  operands: [],
  start,
  end,
});

export const EXPRESSIONS: Readonly<Record<string, LowerExpression>> = {
  identifier: lowerName,
  type_identifier: lowerName,
  property_identifier: lowerName,
  private_property_identifier: lowerName,
  shorthand_property_identifier: lowerName,
  shorthand_property_identifier_pattern: lowerName,
  undefined: nothing,
  null: nothing,
  true: (_at, _node, start, end) => ({ kind: 'constant', value: true, start, end }),
  false: (_at, _node, start, end) => ({ kind: 'constant', value: false, start, end }),
  this: (_at, _node, start, end) => ({ kind: 'this', start, end }),
  super: (_at, _node, start, end) => ({ kind: 'this', super: true, start, end }),
  number: lowerNumber,
  string: lowerString,
  template_string(at, node, start, end) {
    const tag = at.awaitedTag;
    if (tag?.template !== at.tree.start(node)) return lowerTemplate(at, node, start, end);
    at.awaitedTag = undefined;
    return tag.build();
  },
  regex: lowerRegex,
  object: lowerObject,
  object_pattern: lowerObject,
  array: lowerArray,
  array_pattern: lowerArray,
  member_expression: lowerMember,
  nested_identifier: lowerMember,
  subscript_expression: lowerIndex,
  call_expression: lowerCall,
  new_expression: lowerNew,
  parenthesized_expression: lowerParenthesised,
  as_expression: transparent,
  satisfies_expression: transparent,
  non_null_expression: transparent,
  instantiation_expression: transparent,
  type_assertion(at, node, start, end) {
    const inner = at.parts(node).at(-1);
    return inner ? at.expression(inner) : broken(at, node, start, end);
  },
  binary_expression: lowerBinary,
  unary_expression: lowerUnary,
  update_expression: lowerUpdate,
  ternary_expression: lowerTernary,
  assignment_expression: lowerAssign,
  augmented_assignment_expression: lowerAugmented,
  sequence_expression: lowerSequence,
  spread_element(at, node, start, end) {
    const inner = at.parts(node)[0];
    return inner ? { kind: 'spread', value: at.expression(inner), start, end } : broken(at, node, start, end);
  },
  await_expression: lowerAwait,
  yield_expression: lowerYield,
  arrow_function(at, node) {
    const inner = at.startOfChain;
    if (inner?.arrow !== node) return lowerFunctionExpression(at, node);
    at.startOfChain = undefined;
    const body = at.expression(inner.body);
    at.regrouped.add(body);
    return body;
  },
  function_expression: (at, node) => lowerFunctionExpression(at, node),
  generator_function: (at, node) => lowerFunctionExpression(at, node),
  class: (at, node) => lowerClass(at, node, {}),
  meta_property: asLabel,
  import: asLabel,
  jsx_element: lowerJsx,
  jsx_self_closing_element: lowerJsx,
};
