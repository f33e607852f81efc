/** Statements of JavaScript and TypeScript, by node type. */
import type { Block, Expression, Pattern, Statement, Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { declareClass, declareFunction, declareVariables } from './bindings';
import { describesModule, noteExports } from './compiled';
import { DECLARATIONS } from './declarations';
import type { Lowering, LowerStatement } from './lowering';
import { lowerPattern } from './patterns';

const nothing: LowerStatement = () => {
  // It has no effect that anyone asks for.
};

const lowerExpressionStatement: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const [first, ...more] = parts;
  if (!first || more.length > 0) {
    at.opaqueStatement(node, 'expression statement', into);
    return;
  }
  const type = at.type(first);
  // `'use strict'` and its like say nothing to us.
  if (type === 'string') return;
  if (type === 'internal_module') {
    at.statement(first, into);
    return;
  }
  if (type === 'sequence_expression') {
    for (const each of at.parts(first)) evaluate(at, each, at.span(each), into);
    return;
  }
  const used = usingIn(at, first, type);
  if (used) into.push(used);
  else evaluate(at, first, at.span(node), into);
};

function evaluate(at: Lowering, node: Node, span: { start: number; end: number }, into: Statement[]): void {
  const isDescription = !at.inUnit && describesModule(at.text.slice(at.tree.start(node), at.tree.start(node) + 40));
  // Its getters are no units, but are read for what they give.
  if (isDescription) at.inUnit = true;
  const expression = at.expression(node);
  if (isDescription) at.inUnit = false;
  const lowered: Statement = { kind: 'evaluate', expression, ...span };
  if (at.inUnit || noteExports(at, lowered) === 'keep') into.push(lowered);
}

/** `using x = open()`, which TypeScript's grammar does not know and reads as an assignment with a stray word before it. */
function usingIn(at: Lowering, node: Node, type: string): Statement | undefined {
  const inner = type === 'await_expression' ? at.parts(node)[0] : node;
  if (
    !inner ||
    at.type(inner) !== 'assignment_expression' ||
    !/^using\s/.test(at.text.slice(at.tree.start(inner), at.tree.start(inner) + 6))
  )
    return undefined;
  const [target, value] = at.parts(inner);
  if (!target || !value || at.tree.start(target) === at.tree.start(inner)) return undefined;
  return scopeOf([{ target: lowerPattern(at, target), value: at.expression(value) }], at.span(node));
}

/** Its body, the statements that follow, is put in by `Lowering.statements`. */
const scopeOf = (
  resources: { target: Pattern; value: Expression }[],
  span: { start: number; end: number },
): Statement => ({
  kind: 'scope',
  resources,
  body: [],
  ...span,
});

const lowerUsing: LowerStatement = (at, node, into) => {
  const resources: { target: Pattern; value: Expression }[] = [];
  for (const declarator of at.parts(node)) {
    const parts = at.parts(declarator);
    const [target, value] = [parts[0], parts.at(-1)];
    if (target && value && target !== value)
      resources.push({ target: lowerPattern(at, target), value: at.expression(value) });
  }
  into.push(scopeOf(resources, at.span(node)));
};

const lowerVariables: LowerStatement = (at, node, into) => declareVariables(at, node, at.span(node), into);

const lowerFunctionDeclaration: LowerStatement = (at, node, into) => declareFunction(at, node, at.span(node), into);

const lowerClassDeclaration: LowerStatement = (at, node, into) => declareClass(at, node, at.span(node), [], into);

// ——— control flow ———

const missingAt = (position: number): Expression => ({
  kind: 'opaque',
  label: 'missing',
  operands: [],
  start: position,
  end: position,
});

const orMissing = (at: Lowering, node: Node | undefined, around: Node): Expression =>
  node ? at.expression(node) : missingAt(at.tree.end(around) - at.base);

const blockOf = (at: Lowering, node: Node | undefined): Block => (node ? at.block(node) : []);

const lowerIf: LowerStatement = (at, node, into) => {
  const [test, then, otherwise] = at.parts(node);
  const last = otherwise && at.parts(otherwise)[0];
  into.push({
    kind: 'branch',
    test: orMissing(at, test, node),
    then: blockOf(at, then),
    otherwise: blockOf(at, last),
    ...at.span(node),
  });
};

const lowerFor: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const body = parts.at(-1);
  const [initializer, condition, increment] = parts.slice(0, -1);
  const before: Statement[] = [];
  if (initializer && at.type(initializer) !== 'empty_statement') at.statement(initializer, before);
  const test = conditionOf(at, condition);
  const { start, end } = at.span(node);
  into.push({
    kind: 'loop',
    form: 'count',
    head: { start, end: body ? headEnd(at, node, body) : end },
    before,
    ...(test && { test }),
    ...(increment && { after: at.expression(increment) }),
    body: blockOf(at, body),
    start,
    end,
  });
};

function conditionOf(at: Lowering, node: Node | undefined): Expression | undefined {
  if (!node || at.type(node) === 'empty_statement') return undefined;
  if (at.type(node) !== 'expression_statement') return at.expression(node);
  const inner = at.parts(node)[0];
  return inner && at.expression(inner);
}

/** The end of a loop's head: of the parenthesis before its body. */
function headEnd(at: Lowering, node: Node, body: Node): number {
  const before = at.text.lastIndexOf(')', at.tree.start(body));
  return (before >= at.tree.start(node) ? before + 1 : at.tree.start(body)) - at.base;
}

const lowerForIn: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const left = parts[0];
  const [right, body] = parts.slice(1).slice(-2);
  const { start, end } = at.span(node);
  const words = left && right ? at.between(at.tree.end(left), at.tree.start(right)) : 'of';
  const isAsync = /^for\s+await\b/.test(
    at.between(at.tree.start(node), left ? at.tree.start(left) : at.tree.start(node)),
  );
  into.push({
    kind: 'loop',
    form: 'each',
    head: { start, end: body ? headEnd(at, node, body) : end },
    ...(left && { item: lowerPattern(at, left) }),
    source: orMissing(at, right, node),
    ...(words === 'in' && { keys: true }),
    ...(isAsync && { async: true }),
    body: blockOf(at, body),
    start,
    end,
  });
};

const lowerWhile: LowerStatement = (at, node, into) => {
  const [test, body] = at.parts(node);
  const { start, end } = at.span(node);
  into.push({
    kind: 'loop',
    form: 'while',
    head: { start, end: test ? at.tree.end(test) - at.base : end },
    test: orMissing(at, test, node),
    body: blockOf(at, body),
    start,
    end,
  });
};

const lowerDo: LowerStatement = (at, node, into) => {
  const [body, test] = at.parts(node);
  const { start, end } = at.span(node);
  into.push({
    kind: 'loop',
    form: 'while',
    head: test ? at.span(test) : { start, end },
    test: orMissing(at, test, node),
    testLast: true,
    body: blockOf(at, body),
    start,
    end,
  });
};

const lowerSwitch: LowerStatement = (at, node, into) => {
  const [subject, body] = at.parts(node);
  const cases: { tests: Expression[]; body: Block }[] = [];
  let tests: Expression[] = [];
  for (const clause of body ? at.parts(body) : []) {
    const isDefault = at.type(clause) === 'switch_default';
    const parts = at.items(clause);
    const test = isDefault ? undefined : parts[0];
    if (test) tests.push(at.expression(test));
    const statements = at.statements(parts, test ? 1 : 0);
    // `case 1: case 2: …` is one case of two tests.
    if (statements.length === 0 && !isDefault) continue;
    if (isDefault && tests.length > 0) cases.push({ tests, body: [] });
    cases.push({ tests: isDefault ? [] : tests, body: statements });
    tests = [];
  }
  if (tests.length > 0) cases.push({ tests, body: [] });
  into.push({ kind: 'switch', subject: orMissing(at, subject, node), cases, ...at.span(node) });
};

const lowerTry: LowerStatement = (at, node, into) => {
  const handlers: { error?: Pattern; types: Type[]; body: Block; span: { start: number; end: number } }[] = [];
  let body: Block = [];
  let last: Block = [];
  for (const part of at.parts(node)) {
    const type = at.type(part);
    if (type === 'statement_block') body = at.block(part);
    else if (type === 'finally_clause') last = blockOf(at, at.parts(part)[0]);
    else if (type === 'catch_clause') {
      const inside = at.parts(part);
      const handled = inside.at(-1);
      const error = inside.length > 1 ? inside[0] : undefined;
      // The written type can only be `any` or `unknown`.
      handlers.push({
        ...(error && { error: lowerPattern(at, error) }),
        types: [],
        body: blockOf(at, handled),
        span: withoutTrailingComment(at, part),
      });
    }
  }
  into.push({ kind: 'try', body, handlers, finally: last, ...at.span(node) });
};

/** The grammar takes a comment behind a block for a part of it, in search of a semicolon. */
function withoutTrailingComment(at: Lowering, clause: Node): { start: number; end: number } {
  const { start, end } = at.span(clause);
  const comment = /\}[ \t]*(?:\/\/[^\n]*|\/\*(?:(?!\*\/)[\s\S])*\*\/\s*)$/.exec(
    at.text.slice(at.tree.start(clause), at.tree.end(clause)),
  );
  return { start, end: comment ? start + comment.index + 1 : end };
}

const leaving =
  (kind: 'break' | 'continue'): LowerStatement =>
  (at, node, into) => {
    const label = at.parts(node)[0];
    into.push({ kind, ...(label && { label: at.source(label) }), ...at.span(node) });
  };

const giving =
  (kind: 'return' | 'throw'): LowerStatement =>
  (at, node, into) => {
    const value = at.parts(node)[0];
    into.push({ kind, ...(value && { value: at.expression(value) }), ...at.span(node) });
  };

const lowerLabelled: LowerStatement = (at, node, into) => {
  const [label, body] = at.parts(node);
  if (!label || !body) {
    at.opaqueStatement(node, 'labelled', into);
    return;
  }
  const inner: Statement[] = [];
  at.statement(body, inner);
  const [only, ...more] = inner;
  const name = at.source(label);
  if (only && more.length === 0 && (only.kind === 'loop' || only.kind === 'scope')) into.push({ ...only, label: name });
  else into.push({ kind: 'scope', resources: [], body: inner, label: name, ...at.span(node) });
};

export const STATEMENTS: Readonly<Record<string, LowerStatement>> = {
  expression_statement: lowerExpressionStatement,
  variable_declaration: lowerVariables,
  lexical_declaration: lowerVariables,
  using_declaration: lowerUsing,
  function_declaration: lowerFunctionDeclaration,
  generator_function_declaration: lowerFunctionDeclaration,
  class_declaration: lowerClassDeclaration,
  abstract_class_declaration: lowerClassDeclaration,
  statement_block: (at, node, into) => {
    into.push({ kind: 'scope', resources: [], body: at.block(node), ...at.span(node) });
  },
  if_statement: lowerIf,
  for_statement: lowerFor,
  for_in_statement: lowerForIn,
  while_statement: lowerWhile,
  do_statement: lowerDo,
  switch_statement: lowerSwitch,
  try_statement: lowerTry,
  return_statement: giving('return'),
  throw_statement: giving('throw'),
  break_statement: leaving('break'),
  continue_statement: leaving('continue'),
  labeled_statement: lowerLabelled,
  empty_statement: nothing,
  debugger_statement: nothing,
  hash_bang_line: nothing,
  function_signature: nothing,
  ...DECLARATIONS,
};
