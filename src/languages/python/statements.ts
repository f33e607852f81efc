/** Statements of Python, by node type. */
import type { Block, Expression, Loop, Pattern, Span, Statement, Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { namesIn } from './bindings';
import { declareClass } from './classes';
import { lowerAssigned } from './expressions';
import { lowerFunction } from './functions';
import { lowerImport, lowerImportFrom } from './imports';
import type { Lowering, LowerStatement } from './lowering';
import { lowerMatch } from './match';
import { lowerPattern, variable } from './patterns';
import { lowerType } from './types';

const nothing: LowerStatement = () => {
  // It has no effect that anyone asks for.
};

const lowerExpressionStatement: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const [first, ...more] = parts;
  if (first === undefined) return;
  if (more.length > 0) {
    for (const part of parts) into.push({ kind: 'evaluate', expression: at.expression(part), ...at.span(part) });
    return;
  }
  const type = at.type(first);
  // Documentation; and `...`, where a body has nothing to do.
  if (type === 'string' || type === 'concatenated_string' || type === 'ellipsis') return;
  if (type === 'assignment') lowerAssignment(at, first, at.span(node), into);
  else into.push({ kind: 'evaluate', expression: at.expression(first), ...at.span(node) });
};

/** The first assignment of a name declares it. */
function lowerAssignment(at: Lowering, node: Node, statement: Span, into: Statement[]): void {
  const [left, ...others] = at.parts(node);
  const type = others.find(part => at.type(part) === 'type');
  const value = others.find(part => part !== type);
  const names = left === undefined ? [] : namesIn(at, left);
  const kinds = names.map(name => at.around.bindings.bindingOf(name));
  const isDeclared =
    left !== undefined && names.length > 0 && kinds.every(kind => kind !== 'change') && !hasPlace(at, left);
  if (!isDeclared) {
    // `x: int`, of a name that is declared elsewhere
    if (value === undefined && type !== undefined) return;
    into.push({ kind: 'evaluate', expression: at.expression(node), ...statement });
    return;
  }
  into.push({
    kind: 'declare',
    target: lowerPattern(at, left),
    ...(type !== undefined && { type: lowerType(at, type) }),
    ...(value !== undefined && { value: lowerAssigned(at, left, value) }),
    ...(kinds.every(kind => kind === 'constant') && { constant: true }),
    statement,
    ...statement,
  });
}

const hasPlace = (at: Lowering, target: Node): boolean =>
  /^(?:attribute|subscript|call)$/.test(at.type(target)) || at.parts(target).some(part => hasPlace(at, part));

// ——— functions and classes ———

function declareFunction(at: Lowering, node: Node, whole: Node, decorators: readonly Node[], into: Statement[]): void {
  const nameNode = at.parts(node)[0];
  const name = nameNode === undefined ? '' : at.source(nameNode);
  if (nameNode === undefined || name === '' || at.type(nameNode) !== 'identifier') {
    at.opaqueStatement(at.tree.opened(node), 'function', into);
    return;
  }
  const span = at.span(whole);
  into.push({
    kind: 'declare',
    target: variable(at, nameNode),
    value: lowerFunction(at, node, { name, whole, decorators }),
    constant: true,
    statement: span,
    ...span,
  });
}

const lowerDecorated: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const decorators = parts.filter(part => at.type(part) === 'decorator');
  const definition = parts.find(part => /^(?:function|class)_definition$/.test(at.type(part)));
  if (definition === undefined) at.opaqueStatement(node, 'decorator', into);
  else if (at.type(definition) === 'class_definition') declareClass(at, definition, node, decorators, into);
  else declareFunction(at, definition, node, decorators, into);
};

// ——— control flow ———

const isBlock = (at: Lowering, node: Node): boolean => at.type(node) === 'block';

/** The statements of a clause, which may lack its block while it is typed. */
function blockOf(at: Lowering, node: Node | undefined): Block {
  const block = node === undefined || isBlock(at, node) ? node : at.parts(node).find(part => isBlock(at, part));
  return block === undefined ? [] : at.block(block);
}

const lowerIf: LowerStatement = (at, node, into) => {
  into.push(branch(at, node, at.parts(node)));
};

/** @param parts  the test and block, then what stands in `elif` and `else` */
function branch(at: Lowering, node: Node, parts: readonly Node[]): Statement {
  const test = parts.find(part => at.isExpression(part));
  const then = parts.find(part => isBlock(at, part));
  const [next, ...more] = parts.filter(part => /^(?:elif|else)_clause$/.test(at.type(part)));
  let otherwise: Block = [];
  if (next !== undefined)
    otherwise = at.type(next) === 'elif_clause' ? [branch(at, next, [...at.parts(next), ...more])] : blockOf(at, next);
  const { start, end } = at.span(node);
  const last = parts.at(-1);
  return {
    kind: 'branch',
    test: at.orMissing(test, node),
    then: blockOf(at, then),
    otherwise,
    start,
    end: last === undefined ? end : Math.max(end, at.span(last).end),
  };
}

const lowerFor: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const [left, right] = parts.filter(part => !isBlock(at, part) && at.type(part) !== 'else_clause');
  const { start, end } = at.span(node);
  const body = parts.find(part => isBlock(at, part));
  const counted = left === undefined || right === undefined ? undefined : rangeIn(at, left, right);
  if (counted && right !== undefined) {
    const head = { start, end: at.span(right).end };
    into.push({ kind: 'loop', form: 'count', head, ...counted, body: blockOf(at, body), start, end });
    afterLoop(at, parts, into);
    return;
  }
  into.push({
    kind: 'loop',
    form: 'each',
    head: { start, end: right === undefined ? end : at.span(right).end },
    ...(left !== undefined && { item: lowerPattern(at, left) }),
    source: at.orMissing(right, node),
    ...(at.startsWith(node, 'async') && { async: true }),
    body: blockOf(at, body),
    start,
    end,
  });
  afterLoop(at, parts, into);
};

/** `for i in range(0, n, 10)` counts, and so does `reversed(range(n))`: in which order makes no difference to how often. */
function rangeIn(at: Lowering, left: Node, right: Node): Pick<Loop, 'before' | 'test' | 'after'> | undefined {
  const [called, list] = at.type(right) === 'call' ? at.parts(right) : [];
  const [inner, ...more] = list !== undefined && at.source(called ?? list) === 'reversed' ? at.parts(list) : [];
  if (inner !== undefined && more.length === 0) return rangeIn(at, left, inner);
  if (called === undefined || list === undefined || at.type(left) !== 'identifier') return undefined;
  const given = at.parts(list);
  const isPlain = given.every(each => !/^(?:keyword_argument|list_splat|dictionary_splat)$/.test(at.type(each)));
  if (!/^x?range$/.test(at.source(called)) || !isPlain || given.length === 0 || given.length > 3) return undefined;
  const target = at.span(left);
  const { end } = at.span(list);
  const counter: Expression = { kind: 'name', name: at.source(left), ...target };
  const unwritten = (value: number): Expression => ({ kind: 'constant', value, start: end, end });
  const [first, second, third] = given.map(each => at.expression(each));
  const from = second ? (first ?? unwritten(0)) : unwritten(0);
  const to = second ?? first ?? unwritten(0);
  const step = third ?? unwritten(1);
  const isDown = step.kind === 'constant' && typeof step.value === 'number' && step.value < 0;
  const whole = { start: target.start, end };
  return {
    before: [{ kind: 'declare', target: variable(at, left), value: from, statement: whole, ...whole }],
    test: { kind: 'operation', operator: isDown ? '>' : '<', operands: [counter, to], ...whole },
    after: { kind: 'assign', target: variable(at, left), operator: '+', value: step, ...whole },
  };
}

const lowerWhile: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const test = parts.find(part => at.isExpression(part));
  const { start, end } = at.span(node);
  into.push({
    kind: 'loop',
    form: 'while',
    head: { start, end: test === undefined ? end : at.span(test).end },
    test: at.orMissing(test, node),
    body: blockOf(
      at,
      parts.find(part => isBlock(at, part)),
    ),
    start,
    end,
  });
  afterLoop(at, parts, into);
};

/** What stands in a loop's `else` runs when no `break` has left it. */
function afterLoop(at: Lowering, parts: readonly Node[], into: Statement[]): void {
  const clause = parts.find(part => at.type(part) === 'else_clause');
  if (clause === undefined) return;
  const span = at.span(clause);
  const test: Expression = { kind: 'opaque', label: 'ended', operands: [], start: span.start, end: span.start };
  into.push({ kind: 'branch', test, then: blockOf(at, clause), otherwise: [], ...span });
}

/** What stands in `else` runs after the body, and is put behind it. */
const lowerTry: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const named = (type: string) => parts.find(part => at.type(part) === type);
  const body = blockOf(at, named('block'));
  const behind = blockOf(at, named('else_clause'));
  const handlers = parts.filter(part => at.type(part) === 'except_clause').map(part => handlerOf(at, part));
  into.push({
    kind: 'try',
    body: [...body, ...behind],
    ...(behind.length > 0 && { guarded: body.length }),
    handlers,
    finally: blockOf(at, named('finally_clause')),
    ...at.span(node),
  });
};

interface Handler {
  readonly error?: Pattern;
  readonly types: readonly Type[];
  readonly body: Block;
  readonly span: Span;
}

function handlerOf(at: Lowering, node: Node): Handler {
  const parts = at.parts(node);
  const [caught, second] = parts.filter(part => !isBlock(at, part));
  const isNamed = caught !== undefined && at.type(caught) === 'as_pattern';
  const [kinds, target] = isNamed ? at.parts(caught) : [caught, second];
  return {
    ...(target !== undefined && { error: lowerPattern(at, target) }),
    types: kinds === undefined ? [] : caughtTypes(at, kinds),
    body: blockOf(
      at,
      parts.find(part => isBlock(at, part)),
    ),
    span: at.span(node),
  };
}

/** `Exception` is every error that a program means to catch: no kind in particular. */
function caughtTypes(at: Lowering, kinds: Node): Type[] {
  const each = /^(?:tuple|expression_list)$/.test(at.type(kinds)) ? at.parts(kinds) : [kinds];
  if (each.some(kind => /^(?:Exception|BaseException|StandardError)$/.test(at.source(kind)))) return [];
  return each.map(kind => lowerType(at, kind));
}

const lowerWith: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const clause = parts.find(part => at.type(part) === 'with_clause');
  const isAsync = at.startsWith(node, 'async');
  const resources = (clause === undefined ? [] : at.parts(clause)).map(item => {
    const inner = at.parts(item)[0];
    const isNamed = inner !== undefined && at.type(inner) === 'as_pattern';
    const [opened, target] = isNamed ? at.parts(inner) : [inner];
    const entered = at.orMissing(opened, item);
    const value: Expression = isAsync
      ? { kind: 'await', value: entered, start: entered.start, end: entered.end }
      : entered;
    return target === undefined ? { value } : { target: lowerPattern(at, target), value };
  });
  into.push({
    kind: 'scope',
    resources,
    body: blockOf(
      at,
      parts.find(part => isBlock(at, part)),
    ),
    ...at.span(node),
  });
};

const leaving =
  (kind: 'break' | 'continue'): LowerStatement =>
  (at, node, into) => {
    into.push({ kind, ...at.span(node) });
  };

const lowerReturn: LowerStatement = (at, node, into) => {
  const value = at.parts(node)[0];
  into.push({ kind: 'return', ...(value !== undefined && { value: at.expression(value) }), ...at.span(node) });
};

/** `raise E from cause`; `raise E, "message"` of Python 2. */
const lowerRaise: LowerStatement = (at, node, into) => {
  const value = at.parts(node)[0];
  into.push({ kind: 'throw', ...(value !== undefined && { value: at.expression(value) }), ...at.span(node) });
};

/** What is asserted holds afterwards. */
const lowerAssert: LowerStatement = (at, node, into) => {
  const [test, message] = at.parts(node);
  const span = at.span(node);
  const value = message === undefined ? undefined : at.expression(message);
  const failing: Statement = { kind: 'throw', ...(value && { value }), start: value?.start ?? span.end, end: span.end };
  const holds = at.orMissing(test, node);
  const test0: Expression = { kind: 'operation', operator: '!', operands: [holds], start: holds.start, end: holds.end };
  into.push({ kind: 'branch', test: test0, then: [failing], otherwise: [], ...span });
};

const lowerDelete: LowerStatement = (at, node, into) => {
  const [first] = at.parts(node);
  if (first === undefined) return;
  const targets = at.type(first) === 'expression_list' ? at.parts(first) : [first];
  for (const target of targets) {
    // A name that is gone was of no matter before.
    if (at.type(target) === 'identifier') continue;
    const span = at.span(target);
    const expression: Expression = {
      kind: 'operation',
      operator: 'delete',
      operands: [at.expression(target)],
      ...span,
    };
    into.push({ kind: 'evaluate', expression, ...span });
  }
};

/** `print "x", y` of Python 2, which is a call in all but form. */
const lowerPrint: LowerStatement = (at, node, into) => {
  const { start, end } = at.span(node);
  const name = { kind: 'name', name: 'print', start, end: start + 'print'.length } as const;
  const args = at.parts(node).flatMap(part => (at.type(part) === 'chevron' ? at.parts(part) : [part]));
  const values = args.map(part => ({ value: at.expression(part) }));
  const argumentsSpan = { start: name.end, end };
  into.push({
    kind: 'evaluate',
    expression: { kind: 'call', callee: name, arguments: values, form: 'call', argumentsSpan, start, end },
    start,
    end,
  });
};

export const STATEMENTS: Readonly<Record<string, LowerStatement>> = {
  expression_statement: lowerExpressionStatement,
  import_statement: lowerImport,
  import_from_statement: lowerImportFrom,
  future_import_statement: nothing,
  function_definition: (at, node, into) => declareFunction(at, node, node, [], into),
  class_definition: (at, node, into) => declareClass(at, node, node, [], into),
  decorated_definition: lowerDecorated,
  block: (at, node, into) => {
    into.push(...at.block(node));
  },
  if_statement: lowerIf,
  for_statement: lowerFor,
  while_statement: lowerWhile,
  match_statement: lowerMatch,
  try_statement: lowerTry,
  with_statement: lowerWith,
  return_statement: lowerReturn,
  raise_statement: lowerRaise,
  break_statement: leaving('break'),
  continue_statement: leaving('continue'),
  assert_statement: lowerAssert,
  delete_statement: lowerDelete,
  print_statement: lowerPrint,
  pass_statement: nothing,
  global_statement: nothing,
  nonlocal_statement: nothing,
  type_alias_statement: nothing,
};
