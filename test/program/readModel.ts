/**
 * Reads the printed form of the program model (`src/program/print.ts`) back, so that analyses can be tested on text
 * without a language. Every node gets its span in the text that was read, relative to its unit.
 *
 * Beside the printed form it takes, for tests that write programs by hand:
 * - no `module` line; statements outside `top { }`, which are then the top level's;
 * - `function f(a) { … }` at the top level without `unit …`: the unit `#f`, and `const f = unit "#f"` in the top level;
 * - `class C { field …  list(a) { … } }` with methods in it: units `#C.list`, and `const C = class C` in the top level;
 * - `export` before any of these and before `const` and `let`, and `export default …`;
 * - `;` between statements, `// …` comments, line breaks inside parentheses and before `.`, a chain of one operator.
 */
import type { FileId } from '../../src/engine/place';
import type {
  Argument,
  Block,
  Class,
  Comment,
  Export,
  Expression,
  Field,
  Function as FunctionNode,
  Module,
  Parameter,
  Pattern,
  RecordEntry,
  Span,
  Statement,
  TextExpression,
  TextHole,
  TextPart,
  Type,
  Unit,
} from '../../src/program/model';
import { RESERVED } from '../../src/program/print';

/** @throws Error with line and column where the text is not the printed form. */
export function readModel(text: string, file: FileId = 'program.ts'): Module {
  return new Reader(text, file).module();
}

/** The first expression of `text`. */
export function readExpression(text: string): Expression {
  return new Reader(text, 'program.ts').wholeExpression();
}

const INFIX = '>>> === !== ** // == != <= >= << >> && || ?? instanceof in slice + - * / % < > & | ^ @'.split(' ');
const PREFIX = 'typeof slice keyof void delete ! - + ~'.split(' ');
const ASSIGN = '= += -= *= /= %= **= //= @= <<= >>= >>>= &= |= ^= &&= ||= ??='
  .split(' ')
  .sort((a, b) => b.length - a.length);
const WORD = /[\p{L}_$#][\p{L}\p{N}\p{M}_$]*/uy;
const NUMBER = /-?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|Infinity|NaN)/y;
const CHOICES = new Set(['||', '??', '&&']);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class Reader {
  private at = 0;
  /** Where the unit that is being read starts. */
  private base = 0;
  private file: FileId;
  private language = 'text';
  private isOpen = false;
  /** Without a `module` line: classes and functions declare their names. */
  private byHand = true;
  private readonly units: Unit[] = [];
  private readonly classes: Class[] = [];
  private readonly exports: Export[] = [];
  private readonly comments: Comment[] = [];
  private readonly problems: Span[] = [];
  private readonly statements: Statement[] = [];

  constructor(
    private readonly text: string,
    file: FileId,
  ) {
    this.file = file;
  }

  wholeExpression(): Expression {
    const expression = this.expression();
    this.skip();
    if (this.at < this.text.length) this.fail('the end');
    return expression;
  }

  module(): Module {
    this.skip();
    if (this.keyword('module')) {
      this.byHand = false;
      this.file = this.string();
      this.language = this.word();
      this.isOpen = this.keyword('open');
    }
    for (this.skip(); this.at < this.text.length; this.skip()) this.moduleItem();
    const body = this.statements;
    const whole = { start: 0, end: this.text.length };
    return {
      file: this.file,
      language: this.language,
      top: { id: this.file, start: 0, text: this.text, function: { ...whole, parameters: [], body } },
      units: this.units,
      classes: this.classes,
      exports: this.exports,
      ...(this.isOpen && { open: true }),
      comments: this.comments,
      problems: this.problems,
    };
  }

  private moduleItem(): void {
    const start = this.at;
    if (this.lookingAt(/comment (trailing )?"/y)) {
      this.keyword('comment');
      const ownLine = !this.keyword('trailing');
      const text = this.string();
      this.comments.push({ text, ownLine, ...this.since(start) });
    } else if (this.lookingAt(/problem *(\n|$)/y)) {
      this.keyword('problem');
      this.problems.push(this.since(start));
    } else if (this.lookingAt(/top *\{/y)) {
      this.keyword('top');
      this.statements.push(...this.block());
    } else if (this.lookingAt(/unit "/y)) this.unit();
    else if (this.lookingAt(/export\b/y)) this.export();
    else this.declaration(false);
  }

  /** A function, class or statement of the top level. */
  private declaration(exported: boolean): void {
    const start = this.at;
    if (this.lookingAt(/(?:@|(?:async |generator |getter )*function\b|class\b|interface\b)/y)) {
      const decorators = this.decorators();
      if (this.lookingAt(/(?:class|interface)\b/y)) {
        const each = this.class(start, decorators);
        if (this.byHand && !each.interface)
          this.declareHere(each.name, { kind: 'class', name: each.name, ...this.since(start) });
        if (exported) this.exportName(each.name, start);
        return;
      }
      this.base = start;
      const read = this.function(decorators);
      this.base = 0;
      const name = read.name ?? this.fail('the name of the function');
      const id = `${this.file}#${name}`;
      this.units.push({ id, start, text: this.text.slice(start, this.at), function: read });
      this.declareHere(name, { kind: 'unit', unit: id, ...this.since(start) });
      if (exported) this.exportName(name, start);
      return;
    }
    const read = this.statement();
    this.statements.push(read);
    if (exported && read.kind === 'declare') for (const name of namesOf(read.target)) this.exportName(name, start);
  }

  private declareHere(name: string, value: Expression): void {
    const span = { start: value.start, end: value.end };
    const target: Pattern = { kind: 'variable', name, ...span };
    this.statements.push({ kind: 'declare', target, value, constant: true, statement: span, ...span });
  }

  private exportName(name: string, start: number): void {
    this.exports.push({ name, value: { kind: 'name', name, ...this.since(start) } });
  }

  private export(): void {
    this.keyword('export');
    this.skip();
    if (this.lookingAt(/(?:@|async |generator |function\b|class\b|interface\b|const\b|let\b)/y)) {
      this.declaration(true);
      return;
    }
    const read: Mutable<Export> = { name: this.symbol('*') || this.symbol('=') || this.word() };
    if (this.symbol('=') || (read.name === 'default' && !this.lookingAt(/\s*from "/y))) read.value = this.expression();
    if (this.keyword('from')) {
      read.from = this.string();
      if (this.keyword('as')) read.imported = this.symbol('*') || this.word();
    }
    this.exports.push(read);
  }

  private unit(): void {
    this.keyword('unit');
    const id = this.unitId();
    const ownerClass = this.keyword('of') ? this.word() : undefined;
    this.skip();
    const start = this.at;
    this.base = start;
    const read = this.function(this.decorators());
    this.base = 0;
    const unit = { id, start, text: this.text.slice(start, this.at), function: read };
    this.units.push(ownerClass === undefined ? unit : { ...unit, ownerClass });
  }

  private unitId(): string {
    const id = this.string();
    return id.startsWith('#') ? this.file + id : id;
  }

  private class(start: number, decorators: Expression[]): Class {
    const isInterface = this.keyword('interface');
    if (!isInterface) this.expectWord('class');
    const read: Mutable<Class> = { name: this.word(), fields: [], methods: new Map(), ...this.since(start) };
    if (isInterface) read.interface = true;
    if (decorators.length > 0) read.decorators = decorators;
    if (this.keyword('extends')) {
      read.extends = this.operand();
      const mixins: Expression[] = [];
      while (this.symbol(',')) mixins.push(this.operand());
      if (mixins.length > 0) read.mixins = mixins;
    }
    if (this.keyword('implements')) {
      const types = [this.type()];
      while (this.symbol(',')) types.push(this.type());
      read.implements = types;
    }
    if (this.symbol('=')) read.alias = this.type();
    const fields: Field[] = [];
    const methods = new Map<string, string>();
    this.expect('{');
    while (!this.symbol('}')) {
      this.skip();
      const memberStart = this.at;
      const marks = this.decorators();
      if (this.lookingAt(/method [^(]+ -> unit/y)) {
        this.keyword('method');
        const name = this.word();
        this.expect('->');
        this.expectWord('unit');
        methods.set(name, this.unitId());
      } else if (this.lookingAt(/(static )?field [^(]/y)) fields.push(this.field(memberStart, marks));
      else this.methodSugar(read.name, memberStart, marks, methods);
      this.symbol(';');
    }
    read.fields = fields;
    read.methods = methods;
    this.classes.push(Object.assign(read, this.since(start)));
    return read;
  }

  private field(start: number, decorators: Expression[]): Field {
    const isStatic = this.keyword('static');
    this.expectWord('field');
    const read: Mutable<Field> = { name: this.word(), ...this.since(start) };
    if (this.symbol(':')) read.type = this.type();
    if (this.symbol('=')) read.value = this.expression();
    if (isStatic) read.static = true;
    if (decorators.length > 0) read.decorators = decorators;
    return Object.assign(read, this.since(start));
  }

  private methodSugar(owner: string, start: number, marks: Expression[], methods: Map<string, string>): void {
    this.base = start;
    const read = this.function(marks, true);
    this.base = 0;
    const name = read.name ?? this.fail('the name of the method');
    const id = `${this.file}#${owner}.${name}`;
    methods.set(name, id);
    this.units.push({ id, start, text: this.text.slice(start, this.at), function: read, ownerClass: owner });
  }

  private decorators(): Expression[] {
    const read: Expression[] = [];
    while (this.symbol('@')) read.push(this.operand());
    this.skip();
    return read;
  }

  /** From its modifiers on; `bare` where the word `function` is left out. */
  private function(decorators: Expression[], bare = false): FunctionNode {
    this.skip();
    const start = this.at;
    const isAsync = this.keyword('async');
    const isGenerator = this.keyword('generator');
    const isGetter = this.keyword('getter');
    if (!bare) this.expectWord('function');
    const name = this.lookingAt(/\s*\(/y) ? undefined : this.word();
    return this.functionRest(start, { name, isAsync, isGenerator, isGetter, decorators });
  }

  private functionRest(
    start: number,
    head: {
      name: string | undefined;
      isAsync: boolean;
      isGenerator: boolean;
      isGetter?: boolean;
      decorators: Expression[];
    },
    mayReturn = false,
  ): FunctionNode {
    const parameters = this.parameters();
    const returns = this.symbol(':') ? this.type() : undefined;
    let body: Block;
    if (mayReturn && this.symbol('=>')) {
      const value = this.expression();
      body = [{ kind: 'return', value, start: value.start, end: value.end }];
    } else body = this.block();
    const read: Mutable<FunctionNode> = { parameters, body, ...this.since(start) };
    if (head.name !== undefined) read.name = head.name;
    if (returns) read.returns = returns;
    if (head.isAsync) read.async = true;
    if (head.isGenerator) read.generator = true;
    if (head.isGetter) read.getter = true;
    if (head.decorators.length > 0) read.decorators = head.decorators;
    return read;
  }

  private parameters(): Parameter[] {
    const read: Parameter[] = [];
    this.expect('(');
    while (!this.symbol(')')) {
      this.skip();
      const start = this.at;
      const decorators = this.decorators();
      const isField = this.lookingAt(/field [^:=,)]/y) && this.keyword('field');
      const isNamed = this.lookingAt(/named [^:=,)]/y) && this.keyword('named');
      const rest = this.symbol('...') !== '';
      const each: Mutable<Parameter> = { target: this.pattern(), ...this.since(start) };
      if (this.symbol(':')) each.type = this.type();
      if (this.symbol('=')) each.default = this.expression();
      if (rest) each.rest = true;
      if (isNamed) each.named = true;
      if (isField) each.field = true;
      if (decorators.length > 0) each.decorators = decorators;
      read.push(Object.assign(each, this.since(start)));
      if (!this.symbol(',')) this.need(')');
    }
    return read;
  }

  // ——— statements ———

  private block(): Block {
    const read: Statement[] = [];
    this.expect('{');
    while (!this.symbol('}')) {
      read.push(this.statement());
      this.symbol(';');
    }
    return read;
  }

  private statement(): Statement {
    this.skip();
    const start = this.at;
    const label = this.label();
    const read = this.unlabelled(start);
    if (label === undefined) return read;
    if (read.kind === 'loop' || read.kind === 'scope') return { ...read, label };
    return this.fail('a loop or scope after the label');
  }

  private label(): string | undefined {
    if (!this.lookingAt(/[\p{L}_$][\p{L}\p{N}_$]*: (?:for|while|do|scope)\b/uy)) return undefined;
    const label = this.word();
    this.expect(':');
    this.skip();
    return label;
  }

  private unlabelled(start: number): Statement {
    const starting = (pattern: RegExp) => this.lookingAt(pattern);
    if (starting(/(?:const|let) /y)) return this.declare(start);
    if (starting(/if\b/y)) return this.branch(start);
    if (starting(/switch\b/y)) return this.switch(start);
    if (starting(/(?:for|while|do)\b/y)) return this.loop(start);
    if (starting(/try\b/y)) return this.try(start);
    if (starting(/scope (?:\(|\{)/y)) return this.scope(start);
    if (starting(/opaque-statement "/y)) return this.opaqueStatement(start);
    if (starting(/(?:return|throw)\b/y)) {
      const kind = this.keyword('return') ? 'return' : 'throw';
      if (kind === 'throw') this.expectWord('throw');
      const value = this.endsHere() ? undefined : this.expression();
      return value ? { kind, value, ...this.since(start) } : { kind, ...this.since(start) };
    }
    if (starting(/(?:break|continue)\b/y)) {
      const kind = this.keyword('break') ? 'break' : 'continue';
      if (kind === 'continue') this.expectWord('continue');
      const label = this.endsHere() ? undefined : this.word();
      return label === undefined ? { kind, ...this.since(start) } : { kind, label, ...this.since(start) };
    }
    const expression = this.expression();
    return { kind: 'evaluate', expression, ...this.since(start) };
  }

  private declare(start: number): Statement {
    const constant = this.keyword('const');
    if (!constant) this.expectWord('let');
    const target = this.pattern();
    const type = this.symbol(':') ? this.type() : undefined;
    const value = this.symbol('=') ? this.expression() : undefined;
    const span = this.since(start);
    return {
      kind: 'declare',
      target,
      ...(type && { type }),
      ...(value && { value }),
      ...(constant && { constant }),
      statement: span,
      ...span,
    };
  }

  private branch(start: number): Statement {
    this.expectWord('if');
    const test = this.expression();
    const then = this.block();
    let otherwise: Block = [];
    if (this.keyword('else')) {
      this.skip();
      otherwise = this.lookingAt(/if\b/y) ? [this.branch(this.at)] : this.block();
    }
    return { kind: 'branch', test, then, otherwise, ...this.since(start) };
  }

  private switch(start: number): Statement {
    this.expectWord('switch');
    const subject = this.expression();
    const cases: { tests: Expression[]; body: Block }[] = [];
    this.expect('{');
    while (!this.symbol('}')) {
      const tests: Expression[] = [];
      if (!this.keyword('default')) {
        this.expectWord('case');
        do tests.push(this.expression());
        while (this.symbol(','));
      }
      cases.push({ tests, body: this.block() });
    }
    return { kind: 'switch', subject, cases, ...this.since(start) };
  }

  private loop(start: number): Statement {
    if (this.lookingAt(/(?:do |)while\b/y)) {
      const testLast = this.keyword('do');
      this.expectWord('while');
      const test = this.expression();
      const head = this.since(start);
      const body = this.block();
      return { kind: 'loop', form: 'while', test, head, ...(testLast && { testLast }), body, ...this.since(start) };
    }
    this.expectWord('for');
    if (this.symbol('(')) return this.countLoop(start);
    const isAsync = this.keyword('await');
    const item = this.lookingAt(/\s*of\b/y) ? undefined : this.pattern();
    const keys = this.keyword('in');
    if (!keys) this.expectWord('of');
    const source = this.expression();
    const head = this.since(start);
    const body = this.block();
    return {
      kind: 'loop',
      form: 'each',
      ...(item && { item }),
      source,
      ...(keys && { keys }),
      ...(isAsync && { async: true }),
      head,
      body,
      ...this.since(start),
    };
  }

  private countLoop(start: number): Statement {
    const before: Statement[] = [];
    while (!this.symbol(';')) {
      before.push(this.statement());
      this.symbol(',');
    }
    const test = this.symbol(';') ? undefined : this.expression();
    if (test) this.expect(';');
    const after = this.symbol(')') ? undefined : this.expression();
    if (after) this.expect(')');
    const head = this.since(start);
    const body = this.block();
    return {
      kind: 'loop',
      form: 'count',
      before,
      ...(test && { test }),
      ...(after && { after }),
      head,
      body,
      ...this.since(start),
    };
  }

  private try(start: number): Statement {
    this.expectWord('try');
    this.skip();
    const guarded = this.number();
    if (guarded !== undefined) this.expectWord('of');
    const body = this.block();
    const handlers: { error?: Pattern; types: Type[]; body: Block; span: Span }[] = [];
    this.skip();
    for (let from = this.at; this.keyword('catch'); this.skip(), from = this.at) {
      const error = this.lookingAt(/\s*(?:\{\n|\{\}|:|\{ )/y) ? undefined : this.pattern();
      const types: Type[] = [];
      if (this.symbol(':')) {
        do types.push(this.type());
        while (this.symbol(','));
      }
      const handled = this.block();
      handlers.push({ ...(error && { error }), types, body: handled, span: this.since(from) });
    }
    const last = this.keyword('finally') ? this.block() : [];
    const partly = guarded === undefined ? {} : { guarded };
    return { kind: 'try', body, ...partly, handlers, finally: last, ...this.since(start) };
  }

  private scope(start: number): Statement {
    this.expectWord('scope');
    const resources: { target?: Pattern; value: Expression }[] = [];
    if (this.symbol('(')) {
      while (!this.symbol(')')) {
        this.skip();
        const isValue = this.text[this.at] === '(';
        const expression = this.expression();
        if (!isValue && expression.kind === 'assign' && !expression.operator)
          resources.push({ target: expression.target, value: expression.value });
        else resources.push({ value: expression });
        if (!this.symbol(',')) this.need(')');
      }
    }
    const body = this.block();
    return { kind: 'scope', resources, body, ...this.since(start) };
  }

  private opaqueStatement(start: number): Statement {
    this.expect('opaque-statement');
    const label = this.string();
    const operands = this.list('(', ')');
    const body = this.block();
    return { kind: 'opaque-statement', label, operands, body, ...this.since(start) };
  }

  // ——— patterns and types ———

  private pattern(): Pattern {
    this.skip();
    const start = this.at;
    if (this.text[start] === '{') return this.entriesPattern(start);
    if (this.text[start] === '[') return this.itemsPattern(start);
    return asTarget(this.operand());
  }

  private entriesPattern(start: number): Pattern {
    const entries: { key: string; target: Pattern; default?: Expression }[] = [];
    let rest: Pattern | undefined;
    this.expect('{');
    while (!this.symbol('}')) {
      if (this.symbol('...')) rest = this.pattern();
      else {
        this.skip();
        const from = this.at;
        const key = this.text[from] === '"' ? this.string() : this.word();
        const target: Pattern = this.symbol(':')
          ? this.pattern()
          : { kind: 'variable', name: key, ...this.since(from) };
        const preset = this.symbol('=') ? this.expression() : undefined;
        entries.push(preset ? { key, target, default: preset } : { key, target });
      }
      if (!this.symbol(',')) this.need('}');
    }
    return { kind: 'entries', entries, ...(rest && { rest }), ...this.since(start) };
  }

  private itemsPattern(start: number): Pattern {
    const items: { target?: Pattern; default?: Expression }[] = [];
    let rest: Pattern | undefined;
    this.expect('[');
    while (!this.symbol(']')) {
      if (this.symbol('...')) rest = this.pattern();
      else {
        const hole = this.lookingAt(/\s*_\s*[,\]=]/y) && this.keyword('_');
        const target = hole ? undefined : this.pattern();
        const preset = this.symbol('=') ? this.expression() : undefined;
        items.push({ ...(target && { target }), ...(preset && { default: preset }) });
      }
      if (!this.symbol(',')) this.need(']');
    }
    return { kind: 'items', items, ...(rest && { rest }), ...this.since(start) };
  }

  private type(): Type {
    const first = this.typeOperand();
    const of = [first];
    while (this.symbol('|')) of.push(this.typeOperand());
    return of.length === 1 ? first : { kind: 'union', of };
  }

  private typeOperand(): Type {
    let read = this.simpleType();
    while (this.text.startsWith('[]', this.at)) {
      this.expect('[]');
      read = { kind: 'list', of: read };
    }
    return read;
  }

  private simpleType(): Type {
    this.skip();
    if (this.symbol('(')) {
      const alone = this.symbol('|') !== '';
      const inner = this.type();
      this.expect(')');
      return alone ? { kind: 'union', of: [inner] } : inner;
    }
    if (this.symbol('{')) {
      const entries: { name: string; type: Type }[] = [];
      while (!this.symbol('}')) {
        this.skip();
        const name = this.text[this.at] === '"' ? this.string() : this.word();
        this.expect(':');
        entries.push({ name, type: this.type() });
        if (!this.symbol(',')) this.need('}');
      }
      return { kind: 'record', entries };
    }
    if (this.text[this.at] === '"') return { kind: 'constant', value: this.string() };
    if (this.lookingAt(/opaque "/y)) {
      this.keyword('opaque');
      return { kind: 'opaque', label: this.string() };
    }
    const number = this.number();
    if (number !== undefined) return { kind: 'constant', value: number };
    for (const [spelt, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const)
      if (this.keyword(spelt)) return { kind: 'constant', value };
    let name = this.word();
    while (this.text[this.at] === '.' && this.text[this.at + 1] !== '.') {
      this.expect('.');
      name += `.${this.word()}`;
    }
    return { kind: 'named', name, arguments: this.text[this.at] === '<' ? this.typeArguments() : [] };
  }

  private typeArguments(): Type[] {
    const read: Type[] = [];
    this.expect('<');
    while (!this.symbol('>')) {
      read.push(this.type());
      if (!this.symbol(',')) this.need('>');
    }
    return read;
  }

  // ——— expressions ———

  private expression(): Expression {
    this.skip();
    const start = this.at;
    const taken = this.takenApart();
    if (taken) return this.assign(start, taken, '=');
    const first = this.operand();
    const sign = this.assignment();
    if (sign) return this.assign(start, asTarget(first), sign);
    const operator = this.infix();
    if (operator === undefined) return this.ternary(start, first);
    const operands = [first, this.operand()];
    for (let next = this.infix(operator); next !== undefined; next = this.infix(operator))
      operands.push(this.operand());
    const other = this.peekInfix();
    if (other !== undefined) this.fail(`parentheses before ${other}`);
    return CHOICES.has(operator)
      ? this.choices(operator, operands)
      : { kind: 'operation', operator, operands, ...this.since(start) };
  }

  private choices(operator: string, operands: readonly Expression[]): Expression {
    return operands.reduce((test, next) => {
      const span = { start: test.start, end: next.end };
      if (operator === '&&') return { kind: 'choice', operator, test, then: next, otherwise: test, ...span };
      return { kind: 'choice', operator: operator === '||' ? '||' : '??', test, then: test, otherwise: next, ...span };
    });
  }

  private ternary(start: number, test: Expression): Expression {
    if (!this.lookingAt(/ *\?(?![?.])/y)) return test;
    this.expect('?');
    const then = this.operand();
    this.expect(':');
    const otherwise = this.operand();
    return { kind: 'choice', operator: '?:', test, then, otherwise, ...this.since(start) };
  }

  private assign(start: number, target: Pattern, sign: string): Expression {
    const value = this.expression();
    const assign = { kind: 'assign', target, value, ...this.since(start) } as const;
    return sign === '=' ? assign : { ...assign, operator: sign.slice(0, -1) };
  }

  /** The operator of an assignment, if that is what follows. */
  private assignment(): string | undefined {
    const space = /[ \t]*/y;
    space.lastIndex = this.at;
    space.exec(this.text);
    const at = space.lastIndex;
    const found = ASSIGN.find(each => this.text.startsWith(each, at));
    const next = found && this.text[at + found.length];
    if (!found || next === '=' || next === '>') return undefined;
    this.at = at + found.length;
    return found;
  }

  /** `{a, b}` or `[a, b]` with a `=` behind it; without, it is a record or a list. */
  private takenApart(): Pattern | undefined {
    const from = this.at;
    if (!/[{[]/.test(this.text[from] ?? '')) return undefined;
    try {
      const pattern = this.pattern();
      if (this.assignment() === '=') return pattern;
    } catch (error) {
      // Not a pattern: read it again as an expression, which reports what is really wrong.
      if (!(error instanceof ReadError)) throw error;
    }
    this.at = from;
    return undefined;
  }

  private peekInfix(): string | undefined {
    const from = this.at;
    const found = this.infix();
    this.at = from;
    return found;
  }

  /** The operator between two operands, on the same line; exactly `wanted` if given. */
  private infix(wanted?: string): string | undefined {
    const space = /[ \t]+/y;
    space.lastIndex = this.at;
    if (!space.exec(this.text)) return undefined;
    const at = space.lastIndex;
    const found = INFIX.find(each => this.text.startsWith(each, at) && /^\s/.test(this.text.slice(at + each.length)));
    if (found === undefined || (wanted !== undefined && found !== wanted)) return undefined;
    this.at = at + found.length;
    return found;
  }

  /** What can stand beside an operator: prefixed, or a primary with what follows it. */
  private operand(): Expression {
    this.skip();
    const start = this.at;
    if (this.keyword('await')) return { kind: 'await', value: this.operand(), ...this.since(start) };
    if (this.keyword('yield')) return this.yield(start);
    if (this.symbol('...')) return { kind: 'spread', value: this.operand(), ...this.since(start) };
    if (this.lookingAt(/(?:@|(?:async |generator )*lambda\b)/y)) return this.lambda(start);
    if (!this.lookingAt(/-(?:\d|Infinity)/y)) {
      const prefix = PREFIX.find(each => (/\w/.test(each) ? this.keyword(each) : this.symbol(each)));
      if (prefix) return { kind: 'operation', operator: prefix, operands: [this.operand()], ...this.since(start) };
    }
    return this.postfix(start, this.primary());
  }

  private yield(start: number): Expression {
    const all = this.keyword('all');
    const value = this.endsHere() ? undefined : this.operand();
    return { kind: 'yield', ...(value && { value }), ...(all && { all }), ...this.since(start) };
  }

  private lambda(start: number): Expression {
    const decorators = this.decorators();
    const isAsync = this.keyword('async');
    const isGenerator = this.keyword('generator');
    this.expectWord('lambda');
    const name = this.lookingAt(/\s*\(/y) ? undefined : this.word();
    const read = this.functionRest(start, { name, isAsync, isGenerator, decorators }, true);
    return { kind: 'lambda', function: read, ...this.since(start) };
  }

  private postfix(start: number, first: Expression): Expression {
    let read = first;
    for (;;) {
      const next = this.text[this.at];
      if (this.lookingAt(/\s*\.(?!\.)/y)) {
        this.expect('.');
        this.skip();
        const from = this.at;
        const name = this.word();
        read = { kind: 'member', object: read, name, nameSpan: this.since(from), ...this.since(start) };
      } else if (next === '[') {
        this.expect('[');
        const index = this.expression();
        this.expect(']');
        read = { kind: 'index', object: read, index, ...this.since(start) };
      } else if (next === '(' || next === '"' || (next === '<' && /\S/.test(this.text[this.at + 1] ?? ' ')))
        read = this.call(start, read, 'call');
      else return read;
    }
  }

  private call(start: number, callee: Expression, form: 'call' | 'new'): Expression {
    const types = this.text[this.at] === '<' ? this.typeArguments() : [];
    const typed = types.length > 0 ? { types } : {};
    const from = this.at;
    if (this.text[from] === '"') {
      const args = [{ value: this.textExpression() }];
      return {
        kind: 'call',
        callee,
        arguments: args,
        form: 'tagged',
        argumentsSpan: this.since(from),
        ...typed,
        ...this.since(start),
      };
    }
    const args: Argument[] = [];
    this.expect('(');
    while (!this.symbol(')')) {
      const named = this.lookingAt(/\s*(?:[\p{L}_$][\p{L}\p{N}_$]*|`[^`]*`): /uy);
      const name = named ? this.word() : undefined;
      if (named) this.expect(':');
      const value = this.expression();
      args.push(name === undefined ? { value } : { value, name });
      if (!this.symbol(',')) this.need(')');
    }
    return {
      kind: 'call',
      callee,
      arguments: args,
      form,
      argumentsSpan: this.since(from),
      ...typed,
      ...this.since(start),
    };
  }

  private primary(): Expression {
    const start = this.at;
    const first = this.text[start] ?? '';
    if (first === '(') return this.parenthesised(start);
    if (first === '"') return this.textExpression();
    if (first === '[') return this.bracketed(start);
    if (first === '{') return this.record(start);
    if (this.symbol('#{')) {
      const items = this.items('}');
      return { kind: 'list', items, variety: 'set', ...this.since(start) };
    }
    const number = this.number();
    if (number !== undefined) return { kind: 'constant', value: number, ...this.since(start) };
    for (const [spelt, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const)
      if (this.keyword(spelt)) return { kind: 'constant', value, ...this.since(start) };
    if (this.keyword('this')) return { kind: 'this', ...this.since(start) };
    if (this.keyword('super')) return { kind: 'this', super: true, ...this.since(start) };
    if (this.lookingAt(/import "/y) && this.keyword('import'))
      return { kind: 'import', from: this.string(), ...this.since(start) };
    if (this.lookingAt(/unit "/y) && this.keyword('unit'))
      return { kind: 'unit', unit: this.unitId(), ...this.since(start) };
    if (this.keyword('class')) return { kind: 'class', name: this.word(), ...this.since(start) };
    if (this.lookingAt(/regex "/y) && this.keyword('regex'))
      return { kind: 'regex', pattern: this.string(), flags: this.string(), ...this.since(start) };
    if (this.lookingAt(/opaque "/y) && this.keyword('opaque')) {
      const label = this.string();
      const operands = this.list('(', ')');
      return { kind: 'opaque', label, operands, ...this.since(start) };
    }
    if (this.keyword('new')) return this.new(start);
    const quoted = first === '`';
    const name = this.word();
    if (!quoted && RESERVED.has(name)) this.fail(`an expression and not the word ${name}`, start);
    return { kind: 'name', name, ...this.since(start) };
  }

  private new(start: number): Expression {
    this.skip();
    const from = this.at;
    let callee = this.primary();
    for (;;) {
      if (this.text[this.at] === '.') {
        this.expect('.');
        const nameStart = this.at;
        const name = this.word();
        callee = { kind: 'member', object: callee, name, nameSpan: this.since(nameStart), ...this.since(from) };
      } else if (this.text[this.at] === '[') {
        this.expect('[');
        const index = this.expression();
        this.expect(']');
        callee = { kind: 'index', object: callee, index, ...this.since(from) };
      } else return this.call(start, callee, 'new');
    }
  }

  private parenthesised(start: number): Expression {
    this.expect('(');
    if (this.symbol(')')) return { kind: 'list', items: [], variety: 'tuple', ...this.since(start) };
    const first = this.expression();
    if (this.symbol(')')) return first;
    this.expect(',');
    const items = [first, ...this.items(')')];
    return { kind: 'list', items, variety: 'tuple', ...this.since(start) };
  }

  private bracketed(start: number): Expression {
    if (!this.lookingAt(/\[(?:list|set|record|generator): /y)) {
      this.expect('[');
      return { kind: 'list', items: this.items(']'), ...this.since(start) };
    }
    this.expect('[');
    const variety = this.word();
    this.expect(':');
    const element = this.operand();
    const loops: { item: Pattern; source: Expression; tests: Expression[]; head: Span }[] = [];
    this.skip();
    for (let from = this.at; this.keyword('for'); this.skip(), from = this.at) {
      const item = this.pattern();
      this.expectWord('in');
      const source = this.operand();
      const head = this.since(from);
      const tests: Expression[] = [];
      while (this.keyword('if')) tests.push(this.operand());
      loops.push({ item, source, tests, head });
    }
    this.expect(']');
    if (variety !== 'list' && variety !== 'set' && variety !== 'record' && variety !== 'generator')
      return this.fail('list, set, record or generator');
    return { kind: 'comprehension', loops, element, variety, ...this.since(start) };
  }

  private record(start: number): Expression {
    const entries: RecordEntry[] = [];
    this.expect('{');
    while (!this.symbol('}')) {
      this.skip();
      const from = this.at;
      if (this.symbol('...')) {
        const value = this.operand();
        entries.push({ value, ...this.since(from) });
      } else if (this.symbol('[')) {
        const key = this.expression();
        this.expect(']');
        this.expect(':');
        entries.push({ key, value: this.expression(), ...this.since(from) });
      } else {
        const key = this.text[from] === '"' ? this.string() : this.word();
        const named = { kind: 'name', name: key, ...this.since(from) } as const;
        const value: Expression = this.symbol(':') ? this.expression() : named;
        entries.push({ key, value, ...this.since(from) });
      }
      if (!this.symbol(',')) this.need('}');
    }
    return { kind: 'record', entries, ...this.since(start) };
  }

  private list(open: string, close: string): Expression[] {
    this.expect(open);
    return this.items(close);
  }

  private items(close: string): Expression[] {
    const read: Expression[] = [];
    while (!this.symbol(close)) {
      read.push(this.expression());
      if (!this.symbol(',')) this.need(close);
    }
    return read;
  }

  private textExpression(): TextExpression {
    const start = this.at;
    const parts: (TextPart | TextHole)[] = [];
    this.expect('"');
    let constant = this.constantPart();
    for (;;) {
      if (constant) parts.push(constant);
      const from = this.at;
      if (this.text.startsWith('${', from)) {
        this.at += 2;
        const expression = this.expression();
        const format = this.keyword('as') ? this.string() : undefined;
        this.need('}');
        this.at += 1;
        const hole = { kind: 'hole', expression, ...this.since(from) } as const;
        parts.push(format === undefined ? hole : { ...hole, format });
        constant = this.constantPart();
      } else {
        this.need('"');
        this.at += 1;
        return { kind: 'text', parts, open: '"', close: '"', ...this.since(start) };
      }
    }
  }

  /** Up to the next hole or the closing quote. */
  private constantPart(): TextPart | undefined {
    const start = this.at;
    let value = '';
    const escapes: [number, number][] = [];
    while (this.at < this.text.length) {
      const next = this.text[this.at] ?? '';
      if (next === '"' || this.text.startsWith('${', this.at)) break;
      if (next === '\n') this.fail('the closing quote');
      if (next === '\\') {
        value += this.escape();
        escapes.push([value.length, this.at - start]);
      } else {
        value += next;
        this.at += 1;
      }
    }
    if (this.at === start) return undefined;
    const part = { kind: 'part', value, ...this.since(start) } as const;
    return escapes.length > 0 ? { ...part, escapes } : part;
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? '';
    if (letter === 'u') {
      const code = Number.parseInt(this.text.slice(this.at + 2, this.at + 6), 16);
      this.at += 6;
      return String.fromCharCode(code);
    }
    this.at += 2;
    return { n: '\n', r: '\r', t: '\t' }[letter] ?? letter;
  }

  // ——— words and symbols ———

  private string(): string {
    this.skip();
    if (this.text[this.at] !== '"') return this.fail('a quoted string');
    this.at += 1;
    const value = this.constantPart()?.value ?? '';
    this.need('"');
    this.at += 1;
    return value;
  }

  private number(): number | undefined {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.text);
    if (!found || /[\p{L}_$]/u.test(this.text[NUMBER.lastIndex] ?? '')) return undefined;
    this.at = NUMBER.lastIndex;
    return Number(found[0]);
  }

  private word(): string {
    this.skip();
    if (this.text[this.at] === '`') {
      let value = '';
      for (this.at += 1; this.text[this.at] !== '`'; )
        if (this.at >= this.text.length) this.fail('a closing backtick');
        else if (this.text[this.at] === '\\') value += this.escape();
        else value += this.text[this.at++];
      this.at += 1;
      return value;
    }
    WORD.lastIndex = this.at;
    const found = WORD.exec(this.text);
    if (!found) return this.fail('a name');
    this.at = WORD.lastIndex;
    return found[0];
  }

  private keyword(expected: string): boolean {
    const from = this.at;
    this.skip();
    WORD.lastIndex = this.at;
    if (WORD.exec(this.text)?.[0] === expected) {
      this.at = WORD.lastIndex;
      return true;
    }
    this.at = from;
    return false;
  }

  private expectWord(expected: string): void {
    if (!this.keyword(expected)) this.fail(expected);
  }

  /** Takes `expected` if it stands here, and says so by giving it back; else the empty string. */
  private symbol(expected: string): string {
    const from = this.at;
    this.skip();
    if (this.text.startsWith(expected, this.at)) {
      this.at += expected.length;
      return expected;
    }
    this.at = from;
    return '';
  }

  private expect(expected: string): void {
    if (!this.symbol(expected)) this.fail(expected);
  }

  private need(expected: string): void {
    this.skip();
    if (!this.text.startsWith(expected, this.at)) this.fail(expected);
  }

  private lookingAt(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  /** Whether nothing more of this statement or expression stands in this line. */
  private endsHere(): boolean {
    return this.lookingAt(/[ \t]*(?:\n|$|[;)}\],]|\/\/)/y);
  }

  private skip(): void {
    const space = /(?:\s|\/\/[^\n]*)*/y;
    space.lastIndex = this.at;
    space.exec(this.text);
    this.at = space.lastIndex;
  }

  private since(start: number): Span {
    return { start: start - this.base, end: this.at - this.base };
  }

  private fail(expected: string, at = this.at): never {
    const before = this.text.slice(0, at).split('\n');
    const place = `${before.length}:${(before.at(-1) ?? '').length + 1}`;
    throw new ReadError(`${place}: expected ${expected}, found ${JSON.stringify(this.text.slice(at, at + 30))}`);
  }
}

class ReadError extends Error {}

function asTarget(expression: Expression): Pattern {
  const { start, end } = expression;
  if (expression.kind === 'name') return { kind: 'variable', name: expression.name, start, end };
  return { kind: 'place', expression, start, end };
}

function namesOf(target: Pattern): string[] {
  switch (target.kind) {
    case 'variable':
      return [target.name];
    case 'entries':
      return [...target.entries.flatMap(entry => namesOf(entry.target)), ...(target.rest ? namesOf(target.rest) : [])];
    case 'items':
      return [
        ...target.items.flatMap(item => (item.target ? namesOf(item.target) : [])),
        ...(target.rest ? namesOf(target.rest) : []),
      ];
    case 'place':
      return [];
  }
}
