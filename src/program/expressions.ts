/** Evaluates expressions: what each is, with everything that it calls and builds observed on the way. */
import type { Place } from '../engine/place';
import { evaluateCall } from './calls';
import { ownField } from './declarations';
import { itemOf } from './items';
import {
  booleanValue,
  constantOf,
  constantValue,
  join,
  joinAll,
  listOf,
  listOfAny,
  NULL,
  numberValue,
  recordOf,
  shaped,
  textValue,
  UNKNOWN,
  unknownFrom,
  withoutNull,
  withSources,
} from './lattice';
import { evaluateComprehension } from './loops';
import { awaitedValue, entriesOf, indexed, memberOf } from './members';
import {
  type Assign,
  type Await,
  type Choice,
  DERIVED,
  type Expression,
  type ListExpression,
  type Member,
  type Name,
  type Operation,
  type RecordExpression,
  type Span,
  type TextExpression,
  type TextPart,
} from './model';
import { observeAwait, observeRead, observeText, originOf } from './observing';
import { unionOf } from './sources';
import { assignExpression, cellOf, knownMember, noteFieldGrowth, pathOf } from './storage';
import {
  concatenated,
  formatted,
  holeOf,
  isTextLike,
  isWrittenByTag,
  type Origin,
  piecesOf,
  repeated,
} from './textValues';
import type { Literal, Piece, Value } from './value';
import { INSIDE_TEXT, OTHER, type Use, type Walk } from './walk';
import { lambdaId } from './world';

/** Deeper nesting than people write is not followed; the call stack is not endless. */
const MAX_NESTING = 350;

export function evaluate(walk: Walk, expression: Expression, use: Use): Value {
  walk.steps++;
  if (walk.nesting > MAX_NESTING) return UNKNOWN;
  walk.nesting++;
  try {
    return evaluateKind(walk, expression, use);
  } finally {
    walk.nesting--;
  }
}

function evaluateKind(walk: Walk, expression: Expression, use: Use): Value {
  switch (expression.kind) {
    case 'constant':
      if (expression.value === null) return NULL;
      if (typeof expression.value === 'number') return numberValue([], expression.value);
      return shaped({ kind: 'scalar', type: 'boolean', value: expression.value });
    case 'text':
      return evaluateText(walk, expression, use);
    case 'name':
      return evaluateName(walk, expression);
    case 'this':
      return evaluateThis(walk, expression.super === true);
    case 'import':
      return walk.world.imported(walk.subject.file, expression.from);
    case 'member':
      return evaluateMember(walk, expression);
    case 'index': {
      const object = walk.evaluate(expression.object, OTHER);
      const key = walk.evaluate(expression.index, OTHER);
      const path = pathOf(walk, expression);
      const value = (path && knownMember(walk, path)) ?? indexed(walk.world, object, key, walk.at(expression));
      // `xs[i]` is another item with every turn that counts `i`
      const turns = key.from.filter(source => source.kind === 'item');
      return turns.length > 0 ? withSources(value, turns) : value;
    }
    case 'call':
      return evaluateCall(walk, expression, use);
    case 'operation':
      return evaluateOperation(walk, expression, use);
    case 'choice':
      return evaluateChoice(walk, expression, use);
    case 'assign':
      return evaluateAssign(walk, expression, use);
    case 'record':
      return evaluateRecord(walk, expression);
    case 'list':
      return evaluateList(walk, expression);
    case 'spread':
      return walk.evaluate(expression.value, OTHER);
    case 'await':
      return evaluateAwait(walk, expression, use);
    case 'yield': {
      const value = expression.value ? walk.evaluate(expression.value, OTHER) : NULL;
      walk.frame.yielded.push(expression.all ? itemOf(value) : value);
      return unknownFrom(value.from);
    }
    case 'lambda':
      return meetLambda(walk, expression);
    case 'unit':
      return shaped({ kind: 'function', unit: expression.unit });
    case 'class':
      return shaped({ kind: 'class', file: walk.subject.file, name: expression.name });
    case 'regex':
      return shaped({ kind: 'regex', pattern: expression.pattern, flags: expression.flags });
    case 'comprehension':
      return evaluateComprehension(walk, expression);
    case 'opaque': {
      const operands = expression.operands.map(operand => walk.evaluate(operand, OTHER));
      const from = unionOf([], ...operands.map(operand => operand.from));
      // a class of a library's kind can do at least what that can
      const [base] = expression.label === DERIVED ? operands : [];
      return base?.shape.kind === 'entity' ? withSources(base, from) : unknownFrom(from);
    }
  }
}

function evaluateText(walk: Walk, text: TextExpression, use: Use): Value {
  const { open, close } = text;
  const literal: Literal = { at: walk.at(text), open, close, ...(use.bindsHoles ? { bindsHoles: true } : {}) };
  const parts = text.parts.map((part): readonly Piece[] => {
    if (part.kind === 'part') {
      const piece: Piece = {
        kind: 'constant',
        value: part.value,
        at: walk.at(part),
        ...(part.escapes && part.escapes.length > 0 ? { escapes: part.escapes } : {}),
        literal,
      };
      return [piece];
    }
    const value = walk.evaluate(part.expression, INSIDE_TEXT);
    const origin: Origin = { ...originOf(walk, part.expression), interpolation: walk.at(part), literal };
    if (use.bindsHoles && isTextLike(value) && !isWrittenByTag(value)) return [holeOf(value, origin, 'bound')];
    return piecesOf(
      part.format !== undefined && /[dfeExXobg]$/.test(part.format) ? numberValue(value.from) : value,
      origin,
    );
  });
  return observeText(walk, text, concatenated(parts), use);
}

function evaluateName(walk: Walk, { name }: Name): Value {
  const cell = cellOf(walk, name);
  if (cell) return walk.state.get(cell) ?? UNKNOWN;
  const global = walk.own.globals.get(name);
  return global === undefined ? UNKNOWN : shaped({ kind: 'entity', name: global });
}

function evaluateThis(walk: Walk, isSuper: boolean): Value {
  const self = walk.state.get(walk.frame.self) ?? UNKNOWN;
  if (!isSuper || self.shape.kind !== 'object') return self;
  return walk.world.superclassOf(self.shape.file, self.shape.class) ?? UNKNOWN;
}

function evaluateMember(walk: Walk, member: Member): Value {
  const object = walk.evaluate(member.object, { result: { kind: 'receiver', member: member.name }, awaited: false });
  const path = pathOf(walk, member);
  const known = path && knownMember(walk, path);
  if (known) return known;
  observeRead(walk, member, object);
  return memberOf(walk.world, object, member.name, walk.at(member));
}

const COMPARISONS = new Set([
  '==',
  '===',
  '!=',
  '!==',
  '<',
  '>',
  '<=',
  '>=',
  'in',
  'instanceof',
  '!',
  'delete',
  'is',
  'not in',
  'is not',
]);
const ARITHMETIC = new Set(['-', '*', '/', '**', '//', '&', '|', '^', '<<', '>>', '>>>', '~']);

function evaluateOperation(walk: Walk, operation: Operation, use: Use): Value {
  const { operator, operands } = operation;
  if (operator === '+' && operands.length > 1) return evaluateSum(walk, operation, use);
  const values = operands.map(operand => walk.evaluate(operand, operator === '%' ? INSIDE_TEXT : OTHER));
  const from = unionOf([], ...values.map(value => value.from));
  const [left, right] = values;
  if (operator === '%' && left && right) {
    if (left.shape.kind === 'text')
      return observeText(walk, operation, formatOperator(walk, operation, left, right), use);
    return left.shape.kind === 'scalar' ? numberValue(from) : unknownFrom(from);
  }
  if (operator === '*' && left && right && left.shape.kind === 'text')
    return repeated(left, right, originOf(walk, operation));
  if (operator === '*' && left?.shape.kind === 'list') return listOfAny(left.shape.each, from);
  if (operator === 'slice') return partOf(left, from);
  if (operator === 'typeof') return UNKNOWN;
  if (operator === 'void') return NULL;
  if (operator === 'keyof') return keysOf(left, from);
  if ((operator === '++' || operator === '--') && operands[0]) {
    const stepped = numberValue(from);
    assignExpression(walk, operands[0], stepped);
    return stepped;
  }
  if (COMPARISONS.has(operator)) return booleanValue(from);
  if (operator === '+' || ARITHMETIC.has(operator)) return numberValue(from, folded(operator, left, right));
  return unknownFrom(from);
}

/** Some of a list's items, or of a text; of the latter it is not known which. */
function partOf(whole: Value | undefined, from: Value['from']): Value {
  if (whole?.shape.kind === 'list') return listOfAny(whole.shape.each, from);
  if (whole?.shape.kind === 'instance' && whole.shape.holds) return withSources(whole, from);
  return whole?.shape.kind === 'text' ? withSources(whole, from) : unknownFrom(from);
}

/** The names of a record that is known as a whole, as a list. */
const keysOf = (record: Value | undefined, from: Value['from']): Value =>
  record?.shape.kind === 'record' && !record.shape.open
    ? listOf([...record.shape.entries.keys()].map(constantValue), from)
    : unknownFrom(from);

function folded(operator: string, left: Value | undefined, right: Value | undefined): number | undefined {
  const a = left?.shape.kind === 'scalar' && typeof left.shape.value === 'number' ? left.shape.value : undefined;
  const b = right?.shape.kind === 'scalar' && typeof right.shape.value === 'number' ? right.shape.value : undefined;
  if (a === undefined) return undefined;
  if (!right) return operator === '-' ? -a : operator === '+' ? a : undefined;
  if (b === undefined) return undefined;
  if (operator === '+') return a + b;
  if (operator === '-') return a - b;
  return operator === '*' ? a * b : undefined;
}

/** `a + b + c`: text from the first text on, arithmetic before. Long chains are taken apart without nesting. */
function evaluateSum(walk: Walk, operation: Operation, use: Use): Value {
  const chain: Operation[] = [];
  let first: Expression = operation;
  while (first.kind === 'operation' && first.operator === '+' && first.operands.length > 1) {
    chain.unshift(first);
    first = first.operands[0] ?? first;
  }
  let value = walk.evaluate(first, INSIDE_TEXT);
  let whole: Span = first;
  // Text is gathered and made once: a chain of thousands must not copy itself at every link.
  let gathered: (readonly Piece[])[] | undefined;
  let from = value.from;
  for (const sum of chain) {
    for (const operand of sum.operands.slice(1)) {
      const right = walk.evaluate(operand, INSIDE_TEXT);
      from = unionOf(from, right.from);
      if (!gathered && (isTextLike(value) || isTextLike(right))) gathered = [piecesOf(value, originOf(walk, whole))];
      if (gathered) gathered.push(piecesOf(right, originOf(walk, operand)));
      else value = added(walk, value, whole, right, operand);
      whole = { start: sum.start, end: operand.end };
    }
    whole = sum;
  }
  return observeText(walk, operation, gathered ? concatenated(gathered, from) : value, use);
}

/** `left + right`. */
function added(walk: Walk, left: Value, leftAt: Span, right: Value, rightAt: Span): Value {
  if (isTextLike(left) || isTextLike(right))
    return concatenated(
      [piecesOf(left, originOf(walk, leftAt)), piecesOf(right, originOf(walk, rightAt))],
      unionOf(left.from, right.from),
    );
  const from = unionOf(left.from, right.from);
  if (left.shape.kind === 'list' && right.shape.kind === 'list') {
    if (left.shape.items && right.shape.items) return listOf([...left.shape.items, ...right.shape.items], from);
    return listOfAny(join(left.shape.each, right.shape.each), from);
  }
  if (left.shape.kind === 'scalar' && right.shape.kind === 'scalar') return numberValue(from, folded('+', left, right));
  return unknownFrom(from);
}

/** `"%s = %s" % (a, b)`, `"%(name)s" % record`. */
function formatOperator(walk: Walk, operation: Operation, format: Value, values: Value): Value {
  const right = operation.operands[1];
  const origin = originOf(walk, operation);
  if (format.shape.kind !== 'text' || !right) return unknownFrom(unionOf(format.from, values.from));
  const written = right.kind === 'list' && right.variety === 'tuple' ? right.items : undefined;
  const pick = (key: number | string): { value: Value; origin: Origin } | undefined => {
    if (typeof key === 'string') {
      const entry = right.kind === 'record' ? right.entries.find(each => each.key === key)?.value : undefined;
      return { value: memberOf(walk.world, values, key, origin.at), origin: originOf(walk, entry ?? right) };
    }
    const item = written?.[key];
    if (!item)
      return written
        ? undefined
        : { value: key === 0 && values.shape.kind !== 'list' ? values : itemOf(values), origin: originOf(walk, right) };
    const value = values.shape.kind === 'list' ? values.shape.items?.[key] : undefined;
    return { value: value ?? unknownFrom(values.from), origin: originOf(walk, item) };
  };
  return formatted(format.shape.pieces, pick, origin, {}, unionOf(format.from, values.from));
}

function evaluateChoice(walk: Walk, choice: Choice, use: Use): Value {
  if (choice.operator === '?:') {
    walk.evaluate(choice.test, OTHER);
    return eitherWay(
      walk,
      choice.test,
      () => walk.evaluate(choice.then, use),
      () => walk.evaluate(choice.otherwise, use),
    );
  }
  const first = walk.evaluate(choice.test, { ...use, result: { kind: 'other' } });
  if (choice.operator === '&&') {
    const second = onlyWhere(walk, choice.test, true, () => walk.evaluate(choice.then, use));
    const from = unionOf(first.from, second.from);
    if (second.shape.kind === 'scalar' && second.shape.type === 'boolean') return booleanValue(from);
    return join(second, shaped({ kind: 'scalar', type: 'boolean', value: false }));
  }
  const second = onlyWhere(walk, choice.test, false, () => walk.evaluate(choice.otherwise, use));
  return join(withoutNull(first), second);
}

/** Evaluates both arms, each where its condition holds. */
function eitherWay(walk: Walk, test: Expression, then: () => Value, otherwise: () => Value): Value {
  const values: Value[] = [];
  const outcomes = [
    walk.state.branch(() => {
      walk.refine(test, true);
      values.push(then());
    }),
    walk.state.branch(() => {
      walk.refine(test, false);
      values.push(otherwise());
    }),
  ];
  walk.state.merge(outcomes);
  return joinAll(values);
}

function onlyWhere(walk: Walk, test: Expression, truth: boolean, evaluateOperand: () => Value): Value {
  let value = UNKNOWN;
  const taken = walk.state.branch(() => {
    walk.refine(test, truth);
    value = evaluateOperand();
  });
  const skipped = walk.state.branch(() => walk.refine(test, !truth));
  walk.state.merge([taken, skipped]);
  return value;
}

function evaluateAssign(walk: Walk, assign: Assign, use: Use): Value {
  const value = assignedValue(walk, assign, use);
  const field = assign.target.kind === 'place' ? ownField(assign.target.expression) : undefined;
  const written = field === undefined ? undefined : walk.fieldWrites.get(field);
  walk.bind(assign.target, value, 'assign');
  const grown = field === undefined ? undefined : addedTo(walk, field, assign, value);
  if (field !== undefined && grown) {
    // what it holds then is what it held, and more of this: writing that out would never end
    noteFieldGrowth(walk, field, grown);
    if (written) walk.fieldWrites.set(field, written);
    else walk.fieldWrites.delete(field);
  }
  // `n++` is lowered as `n += 1`: which of the two numbers it gives is not known here.
  return assign.operator && value.shape.kind === 'scalar' ? numberValue(value.from) : value;
}

/** What a field has more of: `this.sql += part`, `this.sql = this.sql + part`, `this.parts = [...this.parts, part]`. */
function addedTo(walk: Walk, field: string, assign: Assign, value: Value): Value | undefined {
  const { value: expression, operator } = assign;
  if (value.shape.kind === 'list') return isGrownList(expression, field) ? listOfAny(itemOf(value)) : undefined;
  if (value.shape.kind !== 'text') return undefined;
  if (operator === '+') return textValue(endOf(walk, value.shape.pieces, assign.value));
  if (operator) return undefined;
  const added = ((): readonly (Expression | TextPart)[] | undefined => {
    if (expression.kind === 'operation' && expression.operator === '+') {
      const [first, ...more] = summands(expression);
      return first && ownField(first) === field ? more : undefined;
    }
    if (expression.kind !== 'text') return undefined;
    const [first, ...more] = expression.parts;
    return first?.kind === 'hole' && ownField(first.expression) === field
      ? more.map(part => (part.kind === 'hole' ? part.expression : part))
      : undefined;
  })();
  const [start] = added ?? [];
  return start && textValue(endOf(walk, value.shape.pieces, start));
}

/** The pieces of a text that was built up to here which stand at or behind an expression; what stands nowhere goes with those before it. */
function endOf(walk: Walk, pieces: readonly Piece[], from: Span): readonly Piece[] {
  const { start, unit } = walk.at(from);
  const first = pieces.findIndex(({ at }) => at !== undefined && at.unit === unit && at.start >= start);
  return first < 0 ? [] : pieces.slice(first);
}

function summands(sum: Expression): readonly Expression[] {
  const operands: Expression[] = [];
  let left: Expression = sum;
  while (left.kind === 'operation' && left.operator === '+' && left.operands.length > 1) {
    operands.unshift(...left.operands.slice(1));
    left = left.operands[0] ?? left;
  }
  return [left, ...operands];
}

const isGrownList = (expression: Expression, field: string): boolean =>
  expression.kind === 'list'
    ? expression.items.some(item => item.kind === 'spread' && ownField(item.value) === field)
    : expression.kind === 'call' &&
      expression.callee.kind === 'member' &&
      expression.callee.name === 'concat' &&
      ownField(expression.callee.object) === field;

function assignedValue(walk: Walk, assign: Assign, use: Use): Value {
  const target: Expression | undefined =
    assign.target.kind === 'variable'
      ? { kind: 'name', name: assign.target.name, start: assign.target.start, end: assign.target.end }
      : assign.target.kind === 'place'
        ? assign.target.expression
        : undefined;
  if (!assign.operator || !target) {
    const declaration = walk.at(assign);
    const name = assign.target.kind === 'variable' ? assign.target.name : undefined;
    const result = { kind: 'declared' as const, declaration, ...(name === undefined ? {} : { name }) };
    return walk.evaluate(assign.value, { result, awaited: false });
  }
  const before = walk.evaluate(target, OTHER);
  if (assign.operator === '||' || assign.operator === '??') {
    const value = onlyWhere(walk, target, false, () => walk.evaluate(assign.value, OTHER));
    return join(withoutNull(before), value);
  }
  if (assign.operator === '&&')
    return join(
      before,
      onlyWhere(walk, target, true, () => walk.evaluate(assign.value, OTHER)),
    );
  const value = walk.evaluate(assign.value, assign.operator === '+' ? INSIDE_TEXT : OTHER);
  if (assign.operator === '+') return observeText(walk, assign, added(walk, before, target, value, assign.value), use);
  if (assign.operator === '%') {
    const format: Operation = {
      kind: 'operation',
      operator: '%',
      operands: [target, assign.value],
      start: assign.start,
      end: assign.end,
    };
    return before.shape.kind === 'text'
      ? formatOperator(walk, format, before, value)
      : unknownFrom(unionOf(before.from, value.from));
  }
  return numberValue(unionOf(before.from, value.from));
}

function evaluateRecord(walk: Walk, record: RecordExpression): Value {
  const entries = new Map<string, Value>();
  let open = false;
  let from: Value['from'] = [];
  for (const entry of record.entries) {
    const value = walk.evaluate(entry.value, OTHER);
    if (entry.key === undefined) {
      const spread = entriesOf(walk.world, value, walk.at(entry));
      if (spread.shape.kind === 'record') {
        overridden(walk, entries, spread, walk.at(entry));
        for (const [key, each] of spread.shape.entries) entries.set(key, each);
        open ||= spread.shape.open;
      } else if (value.shape.kind !== 'scalar') {
        overridden(walk, entries, spread, walk.at(entry));
        open = true;
      }
      from = unionOf(from, value.from);
      continue;
    }
    const key = typeof entry.key === 'string' ? entry.key : constantOf(walk.evaluate(entry.key, OTHER));
    if (key === undefined) {
      open = true;
      from = unionOf(from, value.from);
    } else entries.set(key, value);
  }
  return recordOf(entries, open, from);
}

/** What is spread, and not known as a whole, may hold other values of entries that stand before it. */
function overridden(walk: Walk, entries: Map<string, Value>, spread: Value, at: Place): void {
  if (spread.shape.kind === 'record' && !spread.shape.open) return;
  if (spread.from.length === 0) return;
  for (const [key, entry] of entries) entries.set(key, join(entry, memberOf(walk.world, spread, key, at)));
}

function evaluateList(walk: Walk, list: ListExpression): Value {
  const items: Value[] = [];
  let from: Value['from'] = [];
  let known = true;
  for (const item of list.items) {
    const value = walk.evaluate(item, OTHER);
    if (item.kind !== 'spread') {
      items.push(value);
      continue;
    }
    from = unionOf(from, value.from);
    if (value.shape.kind === 'list' && value.shape.items) items.push(...value.shape.items);
    else {
      known = false;
      items.push(itemOf(value));
    }
  }
  return known ? listOf(items, from) : listOfAny(joinAll(items), from);
}

function evaluateAwait(walk: Walk, awaited: Await, use: Use): Value {
  const value = walk.evaluate(awaited.value, { ...use, awaited: true });
  observeAwait(walk, awaited.value, value);
  return awaitedValue(walk.world.semantics, value, walk.at(awaited));
}

/** A lambda is a value that remembers which variables it sees. */
function meetLambda(walk: Walk, lambda: Extract<Expression, { kind: 'lambda' }>): Value {
  const at = walk.at(lambda);
  const id = lambdaId(at);
  const level = walk.active.length + walk.around.length;
  const closure = { at, function: lambda.function, scope: walk.scope, self: walk.frame.self, level, walked: false };
  const before = walk.closures.get(id);
  if (before) walk.unwalked[before.level]?.delete(id);
  walk.closures.set(id, closure);
  for (let each = walk.unwalked.length; each <= level; each++) walk.unwalked.push(new Map());
  walk.unwalked[level]?.set(id, closure);
  return shaped({ kind: 'lambda', at });
}
