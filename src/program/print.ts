/**
 * The program model as text, so that analyses are tested without a language and front ends are compared with each other.
 *
 * The form, by example (`test/program/readModel.ts` reads it back; spans and the delimiters of texts are not printed):
 *
 *     module "src/orders.ts" typescript             with ` open` behind it where importers see every name
 *     comment "// on its own line"                 a comment after code: comment trailing "// …"
 *     problem                                      one line for each stretch that the parser could not follow
 *     @Injectable()
 *     class OrderService extends Base implements Service {          an interface: interface Service { … }
 *       @Inject("POOL")
 *       static field pool: pg.Pool = value
 *       method list -> unit "#OrderService.list"
 *     }
 *     export list = list                           export * from "./a"       export b from "./a" as c
 *     top {
 *       const {Pool, max: limit = 10, ...rest} = (import "pg").Pool
 *       const [first, _, third, ...others] = rows      the second is skipped
 *       const list = unit "#list"
 *     }
 *     unit "#OrderService.list" of OrderService
 *     @Get("/orders")
 *     async generator function list(@Query() field id: string, ...rest: string[]): Promise<Order[]> { … }
 *     function find(id, named limit = 10, named ...options) { … }
 *
 * Statements, one to a line or in `{ }`:
 *
 *     const a = 1                                  let b: T = 2              this.c += 3
 *     if test { … } else if test { … } else { … }
 *     switch subject { case 1, 2 { … } default { … } }
 *     for item of source { … }                     for await item of source  for key in source (keys, not elements)
 *     for (let i = 0, let n = 9; i < n; i += 1) { … }
 *     while test { … }                             do while test { … }       outer: while test { … }
 *     try { … } catch error: TypeA, TypeB { … } finally { … }
 *     scope (connection = open(), lock()) { … }    scope { … } is a plain block
 *     return value        throw value        break        continue outer
 *     opaque-statement "label" (operand, operand) { … }
 *
 * Expressions; an operation inside another is always in parentheses:
 *
 *     1   true   null   name   this   super   import "pg"   unit "#list"   class OrderService
 *     "text with ${hole} and ${hole as ".2f"}"     tag"text"                 \${ is a constant
 *     a.b   a[b]   f(a, key: b, ...c)   f<User>(a)   new Pool({max: 10})
 *     a + (b * c)   ! a   a ? b : c   a || b   a = b   a += b   await a   yield a   yield all a
 *     {a: 1, "odd key": 2, [computed]: 3, ...rest}   [a, b]   (a, b) and (a,) are tuples   #{a, b} is a set
 *     lambda (a, b) => a + b                       async lambda name(a) { … }
 *     [list: element for item in source if test]   also set:, record:, generator:
 *     regex "pattern" "flags"
 *     opaque "label" (operand, operand)
 *
 * A lambda that only returns prints with `=>`. A name that is no identifier, or that is a word of this form, stands in
 * backticks. Unit ids are printed from their `#` on.
 */
import type {
  Argument,
  Block,
  Class,
  Export,
  Expression,
  Field,
  Function as FunctionNode,
  Loop,
  Module,
  Parameter,
  Pattern,
  Statement,
  TextExpression,
  Type,
  Unit,
} from './model';

/** Words that cannot stand for a variable in the printed form. */
export const RESERVED: ReadonlySet<string> = new Set(
  (
    'this super null true false new await yield lambda class typeof keyof void delete in instanceof ' +
    'if else for while do switch case default try catch finally return throw break continue const let'
  ).split(' '),
);

const IDENTIFIER = /^[\p{L}_$#][\p{L}\p{N}\p{M}_$]*$/u;
const STEP = '  ';

/** The whole module; ends in a newline. */
export function printModule(module: Module): string {
  const lines = [`module ${quote(module.file)} ${word(module.language)}${module.open ? ' open' : ''}`];
  for (const comment of module.comments)
    lines.push(`comment ${comment.ownLine ? '' : 'trailing '}${quote(comment.text)}`);
  for (const _ of module.problems) lines.push('problem');
  for (const each of module.classes) lines.push(printClass(each));
  for (const each of module.exports) lines.push(printExport(each));
  lines.push(`top ${block(module.top.function.body, '')}`);
  for (const unit of module.units) lines.push(printUnit(unit));
  return `${lines.join('\n')}\n`;
}

/** One unit with its head; no newline at the end. */
export function printUnit(unit: Unit): string {
  const owner = unit.ownerClass === undefined ? '' : ` of ${word(unit.ownerClass)}`;
  return `unit ${quote(localId(unit.id))}${owner}\n${printFunction(unit.function)}`;
}

/** One expression, without parentheses around it. */
export function printExpression(expression: Expression): string {
  return loose(expression, '');
}

/** One written type. */
export function printType(type: Type): string {
  switch (type.kind) {
    case 'named':
      return type.name.split('.').map(word).join('.') + typeArguments(type.arguments);
    case 'constant':
      return typeof type.value === 'string' ? quote(type.value) : String(type.value);
    case 'union':
      return type.of.length === 1 ? `(| ${type.of.map(printType).join('')})` : type.of.map(typeOperand).join(' | ');
    case 'list':
      return `${typeOperand(type.of)}[]`;
    case 'record':
      return `{${type.entries.map(entry => `${key(entry.name)}: ${printType(entry.type)}`).join(', ')}}`;
    case 'opaque':
      return `opaque ${quote(type.label)}`;
  }
}

function typeOperand(type: Type): string {
  return type.kind === 'union' || type.kind === 'opaque' ? `(${printType(type)})` : printType(type);
}

const typeArguments = (types: readonly Type[] | undefined): string =>
  types && types.length > 0 ? `<${types.map(printType).join(', ')}>` : '';

const localId = (unit: string): string => (unit.includes('#') ? unit.slice(unit.indexOf('#')) : unit);

function printClass(each: Class): string {
  const head = [each.interface ? 'interface' : 'class', word(each.name)];
  if (each.extends)
    head.push('extends', [each.extends, ...(each.mixins ?? [])].map(base => tight(base, '')).join(', '));
  if (each.implements && each.implements.length > 0) head.push('implements', each.implements.map(printType).join(', '));
  if (each.alias) head.push('=', printType(each.alias));
  const members = [
    ...each.fields.map(printField),
    ...[...each.methods].map(([name, unit]) => `${STEP}method ${word(name)} -> unit ${quote(localId(unit))}`),
  ];
  return `${decorators(each.decorators, '')}${head.join(' ')} {\n${members.map(member => `${member}\n`).join('')}}`;
}

function printField(field: Field): string {
  const head = `${field.static ? 'static ' : ''}field ${word(field.name)}`;
  return decorators(field.decorators, STEP) + STEP + head + typed(field.type) + valued(field.value, STEP);
}

function printExport(each: Export): string {
  const name = each.name === '*' || each.name === '=' ? each.name : word(each.name);
  const from = each.from === undefined ? '' : ` from ${quote(each.from)}`;
  const imported = each.imported === undefined ? '' : ` as ${each.imported === '*' ? '*' : word(each.imported)}`;
  return `export ${name}${valued(each.value, '')}${from}${imported}`;
}

function printFunction(each: FunctionNode): string {
  const name = each.name === undefined ? '' : word(each.name);
  const head = `${modifiers(each)}function ${name}${parameters(each.parameters, '')}${typed(each.returns)}`;
  return `${decorators(each.decorators, '')}${head} ${block(each.body, '')}`;
}

const modifiers = (each: FunctionNode): string =>
  `${each.async ? 'async ' : ''}${each.generator ? 'generator ' : ''}${each.getter ? 'getter ' : ''}`;

const decorators = (marks: readonly Expression[] | undefined, indent: string): string =>
  (marks ?? []).map(mark => `${indent}@${tight(mark, indent)}\n`).join('');

const parameters = (each: readonly Parameter[], indent: string): string =>
  `(${each.map(parameter => printParameter(parameter, indent)).join(', ')})`;

function printParameter(each: Parameter, indent: string): string {
  const marks = (each.decorators ?? []).map(mark => `@${tight(mark, indent)} `).join('');
  const head = `${each.field ? 'field ' : ''}${each.named ? 'named ' : ''}${each.rest ? '...' : ''}${pattern(each.target, indent)}`;
  return marks + head + typed(each.type) + valued(each.default, indent);
}

const typed = (type: Type | undefined): string => (type ? `: ${printType(type)}` : '');

const valued = (value: Expression | undefined, indent: string): string => (value ? ` = ${loose(value, indent)}` : '');

function block(statements: Block, indent: string): string {
  if (statements.length === 0) return '{}';
  const inner = indent + STEP;
  return `{\n${statements.map(each => `${inner}${statement(each, inner)}\n`).join('')}${indent}}`;
}

function statement(each: Statement, indent: string): string {
  switch (each.kind) {
    case 'evaluate':
      return loose(each.expression, indent);
    case 'declare':
      return (
        (each.constant ? 'const ' : 'let ') +
        pattern(each.target, indent) +
        typed(each.type) +
        valued(each.value, indent)
      );
    case 'branch': {
      const head = `if ${loose(each.test, indent)} ${block(each.then, indent)}`;
      const [first, ...more] = each.otherwise;
      if (!first) return head;
      if (first.kind === 'branch' && more.length === 0) return `${head} else ${statement(first, indent)}`;
      return `${head} else ${block(each.otherwise, indent)}`;
    }
    case 'switch': {
      const inner = indent + STEP;
      const cases = each.cases.map(({ tests, body }) => {
        const head = tests.length > 0 ? `case ${tests.map(test => loose(test, inner)).join(', ')}` : 'default';
        return `${inner}${head} ${block(body, inner)}\n`;
      });
      return `switch ${loose(each.subject, indent)} {\n${cases.join('')}${indent}}`;
    }
    case 'loop':
      return `${labelled(each.label)}${loopHead(each, indent)} ${block(each.body, indent)}`;
    case 'try': {
      const handlers = each.handlers.map(handler => {
        const error = handler.error ? ` ${pattern(handler.error, indent)}` : '';
        const types = handler.types.length > 0 ? `: ${handler.types.map(printType).join(', ')}` : '';
        return ` catch${error}${types} ${block(handler.body, indent)}`;
      });
      const last = each.finally.length > 0 ? ` finally ${block(each.finally, indent)}` : '';
      const guarded = each.guarded === undefined ? '' : `${each.guarded} of `;
      return `try ${guarded}${block(each.body, indent)}${handlers.join('')}${last}`;
    }
    case 'scope': {
      const resources = each.resources.map(({ target, value }) =>
        target ? `${pattern(target, indent)} = ${loose(value, indent)}` : tight(value, indent),
      );
      const head = resources.length > 0 ? ` (${resources.join(', ')})` : '';
      return `${labelled(each.label)}scope${head} ${block(each.body, indent)}`;
    }
    case 'return':
    case 'throw':
      return each.value ? `${each.kind} ${loose(each.value, indent)}` : each.kind;
    case 'break':
    case 'continue':
      return each.label === undefined ? each.kind : `${each.kind} ${word(each.label)}`;
    case 'opaque-statement':
      return `opaque-statement ${quote(each.label)} ${operands(each.operands, indent)} ${block(each.body, indent)}`;
  }
}

const labelled = (label: string | undefined): string => (label === undefined ? '' : `${word(label)}: `);

function loopHead(each: Loop, indent: string): string {
  switch (each.form) {
    case 'each': {
      const item = each.item ? `${pattern(each.item, indent)} ` : '';
      const source = each.source ? loose(each.source, indent) : 'null';
      return `for ${each.async ? 'await ' : ''}${item}${each.keys ? 'in' : 'of'} ${source}`;
    }
    case 'count': {
      const before = (each.before ?? []).map(part => statement(part, indent)).join(', ');
      const test = each.test ? ` ${loose(each.test, indent)}` : '';
      const after = each.after ? ` ${loose(each.after, indent)}` : '';
      return `for (${before};${test};${after})`;
    }
    case 'while':
      return `${each.testLast ? 'do ' : ''}while ${each.test ? loose(each.test, indent) : 'true'}`;
  }
}

function pattern(target: Pattern, indent: string): string {
  switch (target.kind) {
    case 'variable':
      return name(target.name);
    case 'place':
      return tight(target.expression, indent);
    case 'entries': {
      const entries = target.entries.map(entry => {
        const same = entry.target.kind === 'variable' && entry.target.name === entry.key && isPlain(entry.key);
        const head = same ? entry.key : `${key(entry.key)}: ${pattern(entry.target, indent)}`;
        return head + valued(entry.default, indent);
      });
      return `{${[...entries, ...rest(target.rest, indent)].join(', ')}}`;
    }
    case 'items': {
      const items = target.items.map(
        item => (item.target ? pattern(item.target, indent) : '_') + valued(item.default, indent),
      );
      return `[${[...items, ...rest(target.rest, indent)].join(', ')}]`;
    }
  }
}

const rest = (target: Pattern | undefined, indent: string): string[] =>
  target ? [`...${pattern(target, indent)}`] : [];

/** As an operand: in parentheses when it would otherwise run into what stands around it. */
function tight(each: Expression, indent: string): string {
  switch (each.kind) {
    case 'operation':
    case 'choice':
    case 'assign':
    case 'await':
    case 'yield':
    case 'spread':
    case 'lambda':
    case 'import':
    case 'unit':
    case 'class':
    case 'regex':
    case 'opaque':
      return `(${loose(each, indent)})`;
    default:
      return loose(each, indent);
  }
}

/** Where commas or brackets already keep it apart. */
function loose(each: Expression, indent: string): string {
  switch (each.kind) {
    case 'constant':
      return String(each.value);
    case 'text':
      return text(each, indent);
    case 'name':
      return name(each.name);
    case 'this':
      return each.super ? 'super' : 'this';
    case 'import':
      return `import ${quote(each.from)}`;
    case 'member':
      return `${object(each.object, indent)}.${word(each.name)}`;
    case 'index':
      return `${object(each.object, indent)}[${loose(each.index, indent)}]`;
    case 'call': {
      const types = typeArguments(each.types);
      const first = each.arguments[0]?.value;
      if (each.form === 'tagged' && first)
        return `${object(each.callee, indent)}${types}${first.kind === 'text' ? text(first, indent) : `(${loose(first, indent)})`}`;
      const args = `(${each.arguments.map(argument => printArgument(argument, indent)).join(', ')})`;
      if (each.form === 'new') return `new ${constructed(each.callee, indent)}${types}${args}`;
      return `${object(each.callee, indent)}${types}${args}`;
    }
    case 'operation': {
      const [only, ...more] = each.operands;
      if (only && more.length === 0) return `${each.operator} ${tight(only, indent)}`;
      return each.operands.map(operand => tight(operand, indent)).join(` ${each.operator} `);
    }
    case 'choice': {
      const [test, then, otherwise] = [each.test, each.then, each.otherwise].map(part => tight(part, indent));
      if (each.operator === '?:') return `${test} ? ${then} : ${otherwise}`;
      return `${test} ${each.operator} ${each.operator === '&&' ? then : otherwise}`;
    }
    case 'assign':
      return `${pattern(each.target, indent)} ${each.operator ?? ''}= ${loose(each.value, indent)}`;
    case 'record': {
      const entries = each.entries.map(entry => {
        if (entry.key === undefined)
          return entry.value.kind === 'spread' ? loose(entry.value, indent) : `...${tight(entry.value, indent)}`;
        const left = typeof entry.key === 'string' ? key(entry.key) : `[${loose(entry.key, indent)}]`;
        return `${left}: ${loose(entry.value, indent)}`;
      });
      return `{${entries.join(', ')}}`;
    }
    case 'list': {
      const items = each.items.map(item => loose(item, indent));
      if (each.variety === 'tuple') return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
      return each.variety === 'set' ? `#{${items.join(', ')}}` : `[${items.join(', ')}]`;
    }
    case 'spread':
      return `...${tight(each.value, indent)}`;
    case 'await':
      return `await ${tight(each.value, indent)}`;
    case 'yield':
      return `yield${each.all ? ' all' : ''}${each.value ? ` ${tight(each.value, indent)}` : ''}`;
    case 'lambda':
      return lambda(each.function, indent);
    case 'unit':
      return `unit ${quote(localId(each.unit))}`;
    case 'class':
      return `class ${word(each.name)}`;
    case 'comprehension': {
      const loops = each.loops.map(loop => {
        const tests = loop.tests.map(test => ` if ${tight(test, indent)}`).join('');
        return ` for ${pattern(loop.item, indent)} in ${tight(loop.source, indent)}${tests}`;
      });
      return `[${each.variety}: ${tight(each.element, indent)}${loops.join('')}]`;
    }
    case 'regex':
      return `regex ${quote(each.pattern)} ${quote(each.flags)}`;
    case 'opaque':
      return `opaque ${quote(each.label)} ${operands(each.operands, indent)}`;
  }
}

const operands = (each: readonly Expression[], indent: string): string =>
  `(${each.map(operand => loose(operand, indent)).join(', ')})`;

const printArgument = (argument: Argument, indent: string): string =>
  (argument.name === undefined ? '' : `${word(argument.name)}: `) + loose(argument.value, indent);

/** Before `.`, `[` or `(`: a number would read as a fraction, `new` as part of the chain. */
function object(each: Expression, indent: string): string {
  return each.kind === 'constant' ? `(${loose(each, indent)})` : tight(each, indent);
}

/** After `new`: only a chain of names, or else its first parenthesis would be taken for the arguments. */
function constructed(each: Expression, indent: string): string {
  let root = each;
  while (root.kind === 'member' || root.kind === 'index') root = root.object;
  return root.kind === 'name' || root.kind === 'this' ? tight(each, indent) : `(${loose(each, indent)})`;
}

function lambda(each: FunctionNode, indent: string): string {
  const mark = (each.decorators ?? []).map(decorator => `@${tight(decorator, indent)} `).join('');
  const named = each.name === undefined ? '' : word(each.name);
  const head = `${mark}${modifiers(each)}lambda ${named}${parameters(each.parameters, indent)}${typed(each.returns)}`;
  const [first, ...more] = each.body;
  if (first?.kind === 'return' && first.value && more.length === 0) return `${head} => ${loose(first.value, indent)}`;
  return `${head} ${block(each.body, indent)}`;
}

function text(each: TextExpression, indent: string): string {
  let printed = '';
  let constant = '';
  for (const part of each.parts) {
    if (part.kind === 'part') {
      constant += part.value;
      continue;
    }
    const format = part.format === undefined ? '' : ` as ${quote(part.format)}`;
    printed += `${quote(constant).slice(1, -1)}\${${loose(part.expression, indent)}${format}}`;
    constant = '';
  }
  return `"${printed}${quote(constant).slice(1, -1)}"`;
}

const isPlain = (each: string): boolean => IDENTIFIER.test(each) && !RESERVED.has(each) && each !== '_';

/** A variable's name. */
const name = (each: string): string => (isPlain(each) && !each.startsWith('#') ? each : backticked(each));

/** A name where no variable can stand: of a member, a field, an export. */
const word = (each: string): string => (IDENTIFIER.test(each) ? each : backticked(each));

const key = (each: string): string => (IDENTIFIER.test(each) ? each : quote(each));

const backticked = (each: string): string =>
  `\`${each.replace(/[\\`]/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}\``;

/** In double quotes; every character outside is itself, except quotes, backslashes, `${` and what is not printable. */
const quote = (value: string): string =>
  `"${value.replace(/["\\]|\$(?=\{)|[\p{Cc}\u2028\u2029\ud800-\udfff]/gu, escaped)}"`;

function escaped(character: string): string {
  const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  if (character === '"' || character === '\\' || character === '$') return `\\${character}`;
  return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
