/** Classes as they were written before there were classes: a function, and functions that are put on its prototype. */
import type { Class, Expression, Statement, UnitReference } from '../../program/model';
import type { Lowering } from './lowering';

/** What is found of one class before it is made. */
interface Draft {
  readonly methods: Map<string, string>;
  readonly statics: Map<string, string>;
  extends?: Expression;
}

/** The class whose prototype is written to: `Order` for `Order.prototype.total` and for `Order.prototype`. */
export const prototypeOwner = (target: string): string | undefined =>
  /^([\w$]+)\.prototype(?:\.[\w$]+)?$/.exec(target)?.[1];

/** Notes the classes that the statements of a top level make; the functions that are their constructors become classes. */
export function notePrototypes(at: Lowering, body: readonly Statement[]): readonly Statement[] {
  if (!at.text.includes('.prototype')) return body;
  const drafts = new Map<string, Draft>();
  for (const statement of body) if (statement.kind === 'evaluate') noteStatement(drafts, statement.expression);
  const classes = new Map<string, Class>();
  for (const [name, draft] of drafts) {
    if (draft.methods.size === 0 && !draft.extends) continue;
    const known = at.classes.findIndex(each => each.name === name);
    const own = at.classes[known];
    if (own) {
      at.classes[known] = { ...own, methods: new Map([...draft.methods, ...draft.statics, ...own.methods]) };
      continue;
    }
    const made = madeOf(name, draft, body);
    if (made) classes.set(name, made);
  }
  at.classes.push(...classes.values());
  return classes.size === 0 ? body : body.map(statement => constructing(statement, classes));
}

function noteStatement(drafts: Map<string, Draft>, expression: Expression): void {
  if (expression.kind === 'call') {
    noteCall(drafts, expression);
    return;
  }
  if (expression.kind !== 'assign' || expression.operator || expression.target.kind !== 'place') return;
  const target = expression.target.expression;
  if (target.kind !== 'member') return;
  const { value } = expression;
  const owner = ownerOf(target.object);
  if (owner !== undefined && value.kind === 'unit') draftOf(drafts, owner).methods.set(target.name, value.unit);
  const whole = ownerOf(target);
  if (whole !== undefined) noteWhole(draftOf(drafts, whole), value);
  if (target.object.kind === 'name' && value.kind === 'unit')
    draftOf(drafts, target.object.name).statics.set(target.name, value.unit);
}

/** `Order.prototype = { … }`, `Order.prototype = Object.create(Base.prototype)` */
function noteWhole(draft: Draft, value: Expression): void {
  if (value.kind === 'record')
    for (const { key, value: each } of value.entries)
      if (typeof key === 'string' && each.kind === 'unit') draft.methods.set(key, each.unit);
  if (value.kind !== 'call') return;
  const [first] = value.arguments;
  if (first?.value.kind === 'member' && first.value.name === 'prototype') draft.extends = first.value.object;
}

/** `Object.assign(Order.prototype, { … })`, `util.inherits(Order, Base)` */
function noteCall(
  drafts: Map<string, Draft>,
  { callee, arguments: args }: Extract<Expression, { kind: 'call' }>,
): void {
  const [first, ...more] = args.map(({ value }) => value);
  const name = callee.kind === 'member' || callee.kind === 'name' ? callee.name : undefined;
  if (!first) return;
  if (name === 'inherits' && first.kind === 'name' && more[0]) {
    draftOf(drafts, first.name).extends = more[0];
    return;
  }
  const owner = name === 'assign' || name === 'extend' ? ownerOf(first) : undefined;
  if (owner !== undefined) for (const value of more) noteWhole(draftOf(drafts, owner), value);
}

/** The function whose prototype the expression is. */
const ownerOf = (each: Expression): string | undefined =>
  each.kind === 'member' && each.name === 'prototype' && each.object.kind === 'name' ? each.object.name : undefined;

function draftOf(drafts: Map<string, Draft>, name: string): Draft {
  const known = drafts.get(name);
  if (known) return known;
  const draft: Draft = { methods: new Map(), statics: new Map() };
  drafts.set(name, draft);
  return draft;
}

function madeOf(name: string, draft: Draft, body: readonly Statement[]): Class | undefined {
  const declared = body.find(statement => functionNamed(statement, name) !== undefined);
  const made = declared && functionNamed(declared, name);
  if (!declared || !made) return undefined;
  return {
    name,
    ...(draft.extends && { extends: draft.extends }),
    fields: [],
    methods: new Map([['constructor', made.unit], ...draft.statics, ...draft.methods]),
    start: declared.start,
    end: declared.end,
  };
}

const functionNamed = (statement: Statement, name: string): UnitReference | undefined =>
  statement.kind === 'declare' &&
  statement.target.kind === 'variable' &&
  statement.target.name === name &&
  statement.value?.kind === 'unit'
    ? statement.value
    : undefined;

function constructing(statement: Statement, classes: ReadonlyMap<string, Class>): Statement {
  if (statement.kind !== 'declare' || statement.target.kind !== 'variable' || statement.value?.kind !== 'unit')
    return statement;
  const { name } = statement.target;
  const { start, end } = statement.value;
  return classes.has(name) ? { ...statement, value: { kind: 'class', name, start, end } } : statement;
}
