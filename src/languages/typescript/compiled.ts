/**
 * What compilers make of modules and asynchronous functions, read back as what was written: much of the JavaScript that
 * runs in production, and all that packages ship, has been through TypeScript, Babel or esbuild.
 */
import type { Call, Class, Expression, Field, Span, Statement } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import type { Lowering } from './lowering';

/**
 * Calls that wrap an imported module and give it back, as far as anyone who reads a member of it can tell: of TypeScript
 * (also from `tslib_1.`), esbuild, Babel (`_interopRequireDefault2.default`) and SWC (`_interop_require_default._`).
 */
const TRANSPARENT =
  /(?:^|[.\s])(?:__importDefault|__importStar|__toESM|_interopRequire(?:Default|Wildcard)\d?(?:\.default)?|_interop_require_(?:default|wildcard)(?:\._)?)\)?$/;

/** The helper functions themselves, at the top of a compiled file: `var __awaiter = (this && this.__awaiter) || …`. */
const HELPER =
  /^__(?:awaiter|generator|importDefault|importStar|createBinding|setModuleDefault|exportStar|rest|decorate|decorateClass|metadata|param|asyncValues|values|read|spreadArray|toESM|toCommonJS|copyProps|export)$/;

export const isTransparent = (callee: string): boolean => TRANSPARENT.test(callee);

export const isHelper = (name: string): boolean => HELPER.test(name);

const AWAITER = /^\{?\s*(?:return\s+)?(?:\w+\.)?__awaiter\(/;

export const isAwaiter = (callee: string): boolean => /^(?:\w+\.)?__awaiter$/.test(callee);

/** The generator of a function whose whole body is `return __awaiter(…, function* () { … })`. */
export function awaiterOf(at: Lowering, body: Node): Node | undefined {
  if (!at.hasAwaiter || !AWAITER.test(at.text.slice(at.tree.start(body), at.tree.start(body) + 120))) return undefined;
  if (at.type(body) !== 'statement_block') return generatorIn(at, body);
  const [only, ...more] = at.parts(body);
  if (!only || more.length > 0 || at.type(only) !== 'return_statement') return undefined;
  const call = at.parts(only)[0];
  return call && generatorIn(at, call);
}

/** The generator handed to a call of `__awaiter`. */
export function generatorIn(at: Lowering, call: Node): Node | undefined {
  if (at.type(call) !== 'call_expression') return undefined;
  const args = at.parts(call).at(-1);
  const last = args && at.parts(args).at(-1);
  return last && at.type(last) === 'generator_function' ? last : undefined;
}

// ——— what a CommonJS module exports ———

/** Notes what a statement of the top level exports. Statements that do nothing else are left out of the model. */
export function noteExports(at: Lowering, lowered: Statement): 'keep' | 'drop' {
  if (lowered.kind !== 'evaluate') return 'keep';
  const { expression } = lowered;
  if (expression.kind === 'assign' && !expression.operator) {
    // `exports.Orders = Orders = __decorate([…], Orders)`: the class stays the one that was exported before.
    const decorating = decoratingIn(lastValue(expression));
    if (decorating) {
      decorateClass(at, decorating);
      return 'drop';
    }
    noteAssigned(at, expression);
    return 'keep';
  }
  if (expression.kind !== 'call') return 'keep';
  const decorating = decoratingIn(expression);
  if (decorating) decorateField(at, decorating, lowered);
  return noteCalled(at, expression);
}

function noteAssigned(at: Lowering, assign: Extract<Expression, { kind: 'assign' }>): void {
  const { target, value } = assign;
  if (target.kind !== 'place') return;
  const name = exportedName(at, target.expression);
  // `exports.a = exports.b = value`
  if (value.kind === 'assign') noteAssigned(at, value);
  if (name === undefined) return;
  const innermost = lastValue(value);
  // `exports.list = void 0` announces a name that is filled later.
  if (innermost.kind === 'constant' && innermost.value === null) return;
  // `module.exports = __toCommonJS(…)`: what it holds has been said by `__export`.
  if (innermost.kind === 'call' && innermost.callee.kind === 'name' && innermost.callee.name === '__toCommonJS') return;
  // `module.exports = {}` is filled later, member by member.
  if (name === '=' && innermost.kind === 'record' && innermost.entries.length === 0) return;
  at.exports.push({ name, value: innermost });
  if (name !== '=' || innermost.kind !== 'record') return;
  for (const entry of innermost.entries) {
    if (typeof entry.key === 'string') at.exports.push({ name: entry.key, value: entry.value });
    else if (!entry.key && entry.value.kind === 'import') at.exports.push({ name: '*', from: entry.value.from });
    else if (!entry.key && entry.value.kind === 'name') at.exports.push({ name: '*', value: entry.value });
  }
}

const lastValue = (value: Expression): Expression => (value.kind === 'assign' ? lastValue(value.value) : value);

/** `=` for `module.exports` itself, the name for a property of it. */
function exportedName(at: Lowering, target: Expression): string | undefined {
  if (target.kind === 'member' && isExports(target)) return '=';
  if (target.kind !== 'member') return undefined;
  const { object } = target;
  return isExports(object) || (object.kind === 'name' && at.aliases.has(object.name)) ? target.name : undefined;
}

/**
 * The value of a declaration of the top level. `const Posts = module.exports`, and `const Posts = (module.exports = { … })`,
 * make the variable another name of the module: its members are exported.
 */
export function declaredExports(at: Lowering, name: string, value: Expression): Expression {
  if (isExports(value)) {
    at.aliases.add(name);
    return value;
  }
  if (value.kind !== 'assign' || value.operator) return value;
  noteAssigned(at, value);
  const { target } = value;
  const whole = target.kind === 'place' && isExports(target.expression) ? target.expression : undefined;
  if (!whole || lastValue(value).kind !== 'record') return value;
  at.aliases.add(name);
  return whole;
}

const isExports = (each: Expression): boolean =>
  (each.kind === 'name' && each.name === 'exports') ||
  (each.kind === 'member' && each.name === 'exports' && each.object.kind === 'name' && each.object.name === 'module');

function noteCalled(at: Lowering, call: Extract<Expression, { kind: 'call' }>): 'keep' | 'drop' {
  const [first, second, third] = call.arguments.map(argument => argument.value);
  const callee = call.callee.kind === 'member' ? call.callee.name : call.callee.kind === 'name' ? call.callee.name : '';
  if (callee === '__exportStar' && first?.kind === 'import') {
    at.exports.push({ name: '*', from: first.from });
    return 'drop';
  }
  if (callee === 'defineProperty' && first && isExports(first) && second?.kind === 'text') {
    const name = second.parts[0]?.kind === 'part' ? second.parts[0].value : '';
    const value = third && givenBy(third);
    if (value) at.exports.push({ name, value });
    return name === '__esModule' || value ? 'drop' : 'keep';
  }
  if (callee === '__export' && second?.kind === 'record') {
    for (const entry of second.entries) {
      const value = returnedBy(entry.value);
      if (typeof entry.key === 'string' && value) at.exports.push({ name: entry.key, value });
    }
    return 'drop';
  }
  return 'keep';
}

/** What a property descriptor's getter returns, or its value. */
function givenBy(descriptor: Expression): Expression | undefined {
  if (descriptor.kind !== 'record') return undefined;
  const get = descriptor.entries.find(entry => entry.key === 'get');
  if (get) return returnedBy(get.value);
  return undefined;
}

function returnedBy(value: Expression): Expression | undefined {
  if (value.kind !== 'lambda') return undefined;
  const [only, ...more] = value.function.body;
  return only?.kind === 'return' && more.length === 0 ? only.value : undefined;
}

// ——— decorators ———

/** The function that puts decorators on: of TypeScript, esbuild and SWC. */
const DECORATING = /^(?:__decorate|__decorateClass|_ts_decorate)$/;

function decoratingIn(value: Expression): Call | undefined {
  if (value.kind !== 'call') return undefined;
  const { callee } = value;
  // with helpers that are imported SWC writes `_ts_decorate._(…)`
  const named = callee.kind === 'member' && callee.name === '_' ? callee.object : callee;
  const name = named.kind === 'member' || named.kind === 'name' ? named.name : '';
  return DECORATING.test(name) ? value : undefined;
}

/** `Order = __decorate([Entity()], Order)` */
function decorateClass(at: Lowering, { arguments: given }: Call): void {
  const [marks, target] = given.map(({ value }) => value);
  if (marks?.kind !== 'list' || target?.kind !== 'name') return;
  change(at, target.name, own => ({ ...own, decorators: [...(own.decorators ?? []), ...marks.items] }));
}

/** `__decorate([Column()], Order.prototype, "total", void 0)`: of a method the class has the function itself. */
function decorateField(at: Lowering, { arguments: given }: Call, { start, end }: Span): void {
  const [marks, target, key] = given.map(({ value }) => value);
  if (marks?.kind !== 'list' || target?.kind !== 'member' || target.name !== 'prototype') return;
  const [part, ...more] = key?.kind === 'text' ? key.parts : [];
  if (target.object.kind !== 'name' || part?.kind !== 'part' || more.length > 0) return;
  const name = part.value;
  change(at, target.object.name, own => {
    if (own.methods.has(name) || own.methods.has(`set ${name}`)) return own;
    const declared = own.fields.find(each => each.name === name);
    const decorated: Field = { ...declared, name, decorators: marks.items, start, end };
    return { ...own, fields: [...own.fields.filter(each => each !== declared), decorated] };
  });
}

function change(at: Lowering, name: string, to: (own: Class) => Class): void {
  const index = at.classes.findIndex(each => each.name === name);
  const own = at.classes[index];
  if (own) at.classes[index] = to(own);
}

/** Whether a statement only describes the module to its importers: its functions are no units of the program. */
export const describesModule = (source: string): boolean =>
  /^(?:Object\.defineProperty\((?:module\.)?exports,|__export\()/.test(source);
