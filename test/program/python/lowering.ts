/**
 * Python to the program model: a throw-away front end that knows as much of Python as the programs beside it use. It is
 * there to prove that the model is no other language's syntax tree under a new name; the product does not ship it.
 */
import type {
  Argument,
  Block,
  Class,
  Expression,
  Field,
  Function as FunctionNode,
  Module,
  Parameter,
  Pattern,
  RecordEntry,
  Span,
  Statement,
  Type,
  Unit,
} from '../../../src/program/model';
import type { SyntaxNode as Node, SyntaxTree } from '../../../src/syntax/parsers';
import { type Bindings, bindingsOf } from './bindings';
import { lowerString } from './text';

/** Lowers one file. Total: what it does not know becomes `opaque`, and the operands are lowered all the same. */
export function lowerPython(tree: SyntaxTree, file: string): Module {
  const units: Unit[] = [];
  const classes: Class[] = [];
  const whole = { start: 0, end: tree.text.length };
  const shared = { text: tree.text, file, units, classes };
  const body = new Lowering(shared, { base: 0, inUnit: false, bindings: bindingsOf(tree.root) }).block(tree.root);
  return {
    file,
    language: 'python',
    top: { id: file, start: 0, text: tree.text, function: { ...whole, parameters: [], body } },
    units,
    classes,
    exports: [],
    comments: [],
    problems: tree.root.descendantsOfType('ERROR').flatMap(node => (node ? [spanOf(node, 0)] : [])),
  };
}

interface Shared {
  readonly text: string;
  readonly file: string;
  readonly units: Unit[];
  readonly classes: Class[];
}

interface Around {
  /** Where the unit starts that is being lowered. */
  readonly base: number;
  readonly inUnit: boolean;
  readonly bindings: Bindings;
  /** The parameter that is `this`. */
  readonly self?: string;
}

const OPERATORS: Readonly<Record<string, string>> = {
  '==': '===',
  '!=': '!==',
  is: '===',
  'is not': '!==',
  and: '&&',
  or: '||',
};

/** Names that mean the same in every program, so that analyses need no second name for them. */
const TYPES: Readonly<Record<string, string>> = { str: 'string', int: 'number', float: 'number', bool: 'boolean' };

class Lowering {
  constructor(
    private readonly shared: Shared,
    private readonly around: Around,
  ) {}

  // ——— statements ———

  block(node: Node): Statement[] {
    const statements = partsOf(node).filter((part, index) => !(index === 0 && isDocstring(part)));
    const hoisted = this.around.bindings.declaredFirst(node).map((name): Statement => {
      return { kind: 'declare', target: this.pattern(name), statement: this.span(name), ...this.span(name) };
    });
    return [...hoisted, ...statements.flatMap(part => this.statement(part))];
  }

  private statement(node: Node): Statement[] {
    const span = this.span(node);
    switch (node.type) {
      case 'expression_statement':
        return partsOf(node).flatMap(part => this.effect(part, span));
      case 'import_statement':
      case 'import_from_statement':
        return this.imports(node, span);
      case 'function_definition':
        return [this.definedFunction(node, node, [])];
      case 'class_definition':
        return [this.definedClass(node, node, [])];
      case 'decorated_definition': {
        const marks = decoratorsOf(node);
        const definition = field(node, 'definition');
        if (definition.type === 'class_definition') return [this.definedClass(definition, node, marks)];
        return [this.definedFunction(definition, node, marks)];
      }
      case 'if_statement':
        return [this.branch(node, node.childrenForFieldName('alternative').filter(isNode))];
      case 'for_statement':
        return [
          {
            kind: 'loop',
            form: 'each',
            head: { start: span.start, end: this.span(field(node, 'right')).end },
            item: this.pattern(field(node, 'left')),
            source: this.expression(field(node, 'right')),
            ...(isAsync(node) && { async: true }),
            body: this.block(field(node, 'body')),
            ...span,
          },
        ];
      case 'while_statement': {
        const test = field(node, 'condition');
        const head = { start: span.start, end: this.span(test).end };
        const body = this.block(field(node, 'body'));
        return [{ kind: 'loop', form: 'while', head, test: this.expression(test), body, ...span }];
      }
      case 'try_statement':
        return this.try(node, span);
      case 'with_statement':
        return [this.with(node, span)];
      case 'return_statement': {
        const [value] = partsOf(node);
        return [{ kind: 'return', ...(value && { value: this.expression(value) }), ...span }];
      }
      case 'raise_statement': {
        const [value] = partsOf(node);
        return [{ kind: 'throw', ...(value && { value: this.expression(value) }), ...span }];
      }
      case 'break_statement':
        return [{ kind: 'break', ...span }];
      case 'continue_statement':
        return [{ kind: 'continue', ...span }];
      case 'pass_statement':
      case 'global_statement':
      case 'nonlocal_statement':
      case 'comment':
        return [];
      default:
        return [this.opaqueStatement(node)];
    }
  }

  private opaqueStatement(node: Node): Statement {
    const operands: Expression[] = [];
    const body: Statement[] = [];
    for (const part of partsOf(node))
      if (part.type === 'block') body.push(...this.block(part));
      else if (part.type.endsWith('_statement')) body.push(...this.statement(part));
      else operands.push(this.expression(part));
    return { kind: 'opaque-statement', label: wordsOf(node), operands, body, ...this.span(node) };
  }

  /** An expression for its effect; the first assignment of a name declares it. */
  private effect(node: Node, statement: Span): Statement[] {
    if (node.type !== 'assignment') return [{ kind: 'evaluate', expression: this.expression(node), ...statement }];
    const left = field(node, 'left');
    const type = node.childForFieldName('type');
    const value = node.childForFieldName('right');
    if (!this.around.bindings.declares(left))
      return [{ kind: 'evaluate', expression: this.expression(node), ...statement }];
    return [
      {
        kind: 'declare',
        target: this.pattern(left),
        ...(type && { type: this.type(type) }),
        ...(value && { value: this.expression(value) }),
        ...(this.around.bindings.isConstant(left) && { constant: true }),
        statement,
        ...statement,
      },
    ];
  }

  private imports(node: Node, statement: Span): Statement[] {
    const names = node.childrenForFieldName('name').filter(isNode);
    const imported = (name: Node) => (name.type === 'aliased_import' ? field(name, 'name') : name);
    const local = (name: Node) => (name.type === 'aliased_import' ? field(name, 'alias') : name);
    const declare = (target: Pattern, value: Expression): Statement => {
      return { kind: 'declare', target, value, constant: true, statement, ...statement };
    };
    if (node.type === 'import_statement')
      return names.map(name => {
        const value = { kind: 'import', from: imported(name).text, ...this.span(imported(name)) } as const;
        return declare(this.pattern(local(name)), value);
      });
    const from = field(node, 'module_name');
    const entries = names.map(name => ({ key: imported(name).text, target: this.pattern(local(name)) }));
    const target: Pattern = { kind: 'entries', entries, ...statement };
    return [declare(target, { kind: 'import', from: from.text, ...this.span(from) })];
  }

  private branch(node: Node, alternatives: readonly Node[]): Statement {
    const [next, ...more] = alternatives;
    let otherwise: Block = [];
    if (next?.type === 'elif_clause') otherwise = [this.branch(next, more)];
    else if (next) otherwise = this.block(field(next, 'body'));
    const test = this.expression(field(node, 'condition'));
    return { kind: 'branch', test, then: this.block(field(node, 'consequence')), otherwise, ...this.span(node) };
  }

  /** What stands in `else` runs after the body and outside of its handlers. */
  private try(node: Node, span: Span): Statement[] {
    const parts = partsOf(node);
    const handlers = parts
      .filter(part => part.type === 'except_clause')
      .map(part => {
        const clause = partsOf(part);
        const body = clause.find(each => each.type === 'block');
        const caught = clause.find(each => each.type !== 'block');
        const named = caught?.type === 'as_pattern' ? caught : undefined;
        const [kinds, target] = named ? partsOf(named) : [caught];
        const error = target && this.pattern(partsOf(target)[0] ?? target);
        const types = kinds ? this.caughtTypes(kinds) : [];
        return { ...(error && { error }), types, body: body ? this.block(body) : [], span: this.span(part) };
      });
    const last = parts.find(part => part.type === 'finally_clause');
    const finallyBlock = last && partsOf(last).find(part => part.type === 'block');
    const otherwise = parts.find(part => part.type === 'else_clause');
    return [
      {
        kind: 'try',
        body: this.block(field(node, 'body')),
        handlers,
        finally: finallyBlock ? this.block(finallyBlock) : [],
        ...span,
      },
      ...(otherwise ? [this.opaqueStatement(otherwise)] : []),
    ];
  }

  /** `Exception` is every error that a program means to catch: no kind in particular. */
  private caughtTypes(kinds: Node): Type[] {
    if (kinds.text === 'Exception' || kinds.text === 'BaseException') return [];
    const each = kinds.type === 'tuple' ? partsOf(kinds) : [kinds];
    return each.map(kind => ({ kind: 'named', name: kind.text, arguments: [] }));
  }

  private with(node: Node, span: Span): Statement {
    const clause = partsOf(node).find(part => part.type === 'with_clause');
    const resources = (clause ? partsOf(clause) : []).map(item => {
      const value = field(item, 'value');
      const [opened, target] = value.type === 'as_pattern' ? partsOf(value) : [value];
      const entered = this.expression(opened ?? value);
      const resource: Expression = isAsync(node) ? { kind: 'await', value: entered, ...this.span(value) } : entered;
      const name = target && partsOf(target)[0];
      return name ? { target: this.pattern(name), value: resource } : { value: resource };
    });
    return { kind: 'scope', resources, body: this.block(field(node, 'body')), ...span };
  }

  // ——— functions and classes ———

  private definedFunction(node: Node, whole: Node, marks: readonly Node[]): Statement {
    const name = field(node, 'name');
    const span = this.span(whole);
    const value: Expression = this.around.inUnit
      ? { kind: 'lambda', function: this.function(node, whole, marks, name.text), ...span }
      : { kind: 'unit', unit: this.unit(node, whole, marks, name.text), ...span };
    return { kind: 'declare', target: this.pattern(name), value, constant: true, statement: span, ...span };
  }

  /** @returns the id of the unit that the function has become */
  private unit(node: Node, whole: Node, marks: readonly Node[], name: string, ownerClass?: string): string {
    const { file, text, units } = this.shared;
    const id = `${file}#${ownerClass === undefined ? name : `${ownerClass}.${name}`}`;
    const self = ownerClass === undefined ? undefined : selfOf(node, marks);
    const inside = new Lowering(this.shared, {
      base: whole.startIndex,
      inUnit: true,
      bindings: this.around.bindings,
      ...(self !== undefined && { self }),
    });
    const lowered = inside.function(node, whole, marks, name, self === undefined ? 0 : 1);
    const unit = { id, start: whole.startIndex, text: text.slice(whole.startIndex, whole.endIndex), function: lowered };
    units.push(ownerClass === undefined ? unit : { ...unit, ownerClass });
    return id;
  }

  private function(node: Node, whole: Node, marks: readonly Node[], name: string | undefined, skip = 0): FunctionNode {
    const body = field(node, 'body');
    const returns = node.childForFieldName('return_type');
    const inside = new Lowering(this.shared, { ...this.around, inUnit: true, bindings: bindingsOf(node) });
    return {
      ...(name !== undefined && { name }),
      parameters: this.parameters(node.childForFieldName('parameters'), skip),
      ...(returns && { returns: this.type(returns) }),
      body:
        node.type === 'lambda'
          ? [{ kind: 'return', value: inside.expression(body), ...this.span(body) }]
          : inside.block(body),
      ...(isAsync(node) && { async: true }),
      ...(node.type !== 'lambda' && yields(body) && { generator: true }),
      ...(marks.length > 0 && { decorators: marks.map(mark => this.expression(mark)) }),
      ...this.span(whole),
    };
  }

  /** What can only be given by name, and `**options`, is one last parameter that is taken apart. */
  private parameters(node: Node | null, skip: number): Parameter[] {
    const positional: Parameter[] = [];
    const entries: { key: string; target: Pattern; default?: Expression }[] = [];
    let rest: Pattern | undefined;
    let first: Span | undefined;
    for (const part of node ? partsOf(node).slice(skip) : []) {
      const span = this.span(part);
      const read = this.parameter(part);
      if (part.type === 'keyword_separator') first = span;
      else if (part.text.startsWith('**')) {
        rest = read.target;
        first ??= span;
      } else if (first) entries.push(keywordEntry(read, part));
      else positional.push({ ...read, ...span });
    }
    if (!first) return positional;
    const span = { start: first.start, end: this.span(node ?? missing()).end - 1 };
    return [...positional, { target: { kind: 'entries', entries, ...(rest && { rest }), ...span }, ...span }];
  }

  private parameter(node: Node): Omit<Parameter, 'start' | 'end'> {
    const [inner = node] = partsOf(node);
    switch (node.type) {
      case 'default_parameter':
      case 'typed_default_parameter': {
        const type = node.childForFieldName('type');
        const target = this.pattern(field(node, 'name'));
        const preset = this.expression(field(node, 'value'));
        return { target, ...(type && { type: this.type(type) }), default: preset };
      }
      case 'typed_parameter':
        return { ...this.parameter(inner), type: this.type(field(node, 'type')) };
      case 'list_splat_pattern':
        return { target: this.pattern(inner), rest: true };
      case 'dictionary_splat_pattern':
        return { target: this.pattern(inner) };
      default:
        return { target: this.pattern(node) };
    }
  }

  private definedClass(node: Node, whole: Node, marks: readonly Node[]): Statement {
    const name = field(node, 'name');
    const [base] = partsOf(node.childForFieldName('superclasses') ?? undefined);
    const fields: Field[] = [];
    const methods = new Map<string, string>();
    for (const part of partsOf(field(node, 'body'))) {
      const definition = part.type === 'decorated_definition' ? field(part, 'definition') : part;
      const [inner] = partsOf(part);
      if (definition.type === 'function_definition') {
        const written = field(definition, 'name').text;
        const method = written === '__init__' ? 'constructor' : written;
        const methodMarks = definition === part ? [] : decoratorsOf(part);
        methods.set(method, this.unit(definition, part, methodMarks, method, name.text));
      } else if (inner?.type === 'assignment') fields.push(this.field(inner));
    }
    this.shared.classes.push({
      name: name.text,
      ...(base && { extends: this.expression(base) }),
      fields,
      methods,
      ...(marks.length > 0 && { decorators: marks.map(mark => this.expression(mark)) }),
      ...this.span(whole),
    });
    const span = this.span(whole);
    const value: Expression = { kind: 'class', name: name.text, ...span };
    return { kind: 'declare', target: this.pattern(name), value, constant: true, statement: span, ...span };
  }

  private field(node: Node): Field {
    const type = node.childForFieldName('type');
    const value = node.childForFieldName('right');
    return {
      name: field(node, 'left').text,
      ...(type && { type: this.type(type) }),
      ...(value && { value: this.expression(value) }),
      ...this.span(node),
    };
  }

  // ——— patterns and types ———

  private pattern(node: Node): Pattern {
    const span = this.span(node);
    switch (node.type) {
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern': {
        const parts = partsOf(node);
        const rest = parts.find(part => part.type === 'list_splat_pattern');
        const [named] = partsOf(rest);
        const items = parts.filter(part => part !== rest).map(part => ({ target: this.pattern(part) }));
        return { kind: 'items', items, ...(named && { rest: this.pattern(named) }), ...span };
      }
      case 'attribute':
      case 'subscript':
        return { kind: 'place', expression: this.expression(node), ...span };
      default:
        return { kind: 'variable', name: node.text, ...span };
    }
  }

  private type(node: Node): Type {
    const parts = partsOf(node);
    switch (node.type) {
      case 'type':
        return parts[0] ? this.type(parts[0]) : { kind: 'opaque', label: node.text };
      case 'none':
        return { kind: 'constant', value: null };
      case 'identifier':
      case 'attribute':
        return { kind: 'named', name: TYPES[node.text] ?? node.text, arguments: [] };
      case 'generic_type': {
        const name = parts[0]?.text ?? '';
        const given = partsOf(parts[1]).map(part => this.type(part));
        const [first] = given;
        if (first && name.toLowerCase() === 'list') return { kind: 'list', of: first };
        if (first && name === 'Optional') return { kind: 'union', of: [first, { kind: 'constant', value: null }] };
        return { kind: 'named', name, arguments: given };
      }
      case 'union_type':
      case 'binary_operator':
        return { kind: 'union', of: parts.map(part => this.type(part)) };
      default:
        return { kind: 'opaque', label: wordsOf(node) };
    }
  }

  // ——— expressions ———

  private expression(node: Node): Expression {
    const span = this.span(node);
    const part = (name: string) => this.expression(field(node, name));
    const all = () => partsOf(node).map(each => this.expression(each));
    switch (node.type) {
      case 'identifier':
        return node.text === this.around.self ? { kind: 'this', ...span } : { kind: 'name', name: node.text, ...span };
      case 'integer':
      case 'float':
        return { kind: 'constant', value: Number(node.text.replaceAll('_', '')), ...span };
      case 'true':
      case 'false':
        return { kind: 'constant', value: node.type === 'true', ...span };
      case 'none':
        return { kind: 'constant', value: null, ...span };
      case 'string':
        return lowerString(node, this.around.base, hole => this.expression(hole));
      case 'concatenated_string':
        return { kind: 'operation', operator: '+', operands: all(), ...span };
      case 'parenthesized_expression':
      case 'type':
        return this.expression(partsOf(node)[0] ?? missing());
      case 'attribute': {
        const name = field(node, 'attribute');
        return { kind: 'member', object: part('object'), name: name.text, nameSpan: this.span(name), ...span };
      }
      case 'subscript': {
        const [index, ...more] = node.childrenForFieldName('subscript').filter(isNode);
        if (!index || more.length > 0 || index.type === 'slice') return this.opaque(node);
        return { kind: 'index', object: part('value'), index: this.expression(index), ...span };
      }
      case 'call':
        return this.call(node, span);
      case 'assignment':
        return { kind: 'assign', target: this.pattern(field(node, 'left')), value: part('right'), ...span };
      case 'augmented_assignment': {
        const operator = field(node, 'operator').text.slice(0, -1);
        return { kind: 'assign', target: this.pattern(field(node, 'left')), operator, value: part('right'), ...span };
      }
      case 'named_expression':
        return { kind: 'assign', target: this.pattern(field(node, 'name')), value: part('value'), ...span };
      case 'binary_operator': {
        const operator = field(node, 'operator').text;
        return { kind: 'operation', operator, operands: this.chain(node, operator), ...span };
      }
      case 'comparison_operator':
        return this.comparison(node, span);
      case 'not_operator':
        return { kind: 'operation', operator: '!', operands: [part('argument')], ...span };
      case 'unary_operator':
        return { kind: 'operation', operator: field(node, 'operator').text, operands: [part('argument')], ...span };
      case 'boolean_operator': {
        const operator = field(node, 'operator').text === 'and' ? '&&' : '||';
        const [test, other] = [part('left'), part('right')];
        return operator === '&&'
          ? { kind: 'choice', operator, test, then: other, otherwise: test, ...span }
          : { kind: 'choice', operator, test, then: test, otherwise: other, ...span };
      }
      case 'conditional_expression': {
        const [then, test, otherwise] = all();
        if (!then || !test || !otherwise) return this.opaque(node);
        return { kind: 'choice', operator: '?:', test, then, otherwise, ...span };
      }
      case 'await':
        return { kind: 'await', value: this.expression(partsOf(node)[0] ?? missing()), ...span };
      case 'yield': {
        const [value] = all();
        return {
          kind: 'yield',
          ...(value && { value }),
          ...(/^yield\s+from\b/.test(node.text) && { all: true }),
          ...span,
        };
      }
      case 'lambda':
        return { kind: 'lambda', function: this.function(node, node, [], undefined), ...span };
      case 'list':
        return { kind: 'list', items: all(), ...span };
      case 'tuple':
      case 'expression_list':
        return { kind: 'list', items: all(), variety: 'tuple', ...span };
      case 'set':
        return { kind: 'list', items: all(), variety: 'set', ...span };
      case 'dictionary':
        return { kind: 'record', entries: partsOf(node).map(each => this.entry(each)), ...span };
      case 'list_splat':
      case 'dictionary_splat':
        return { kind: 'spread', value: this.expression(partsOf(node)[0] ?? missing()), ...span };
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        return this.comprehension(node, span);
      default:
        return this.opaque(node);
    }
  }

  private opaque(node: Node): Expression {
    const operands = partsOf(node).map(part => this.expression(part));
    return { kind: 'opaque', label: wordsOf(node), operands, ...this.span(node) };
  }

  /** `a + b + c` is one operation of three. */
  private chain(node: Node, operator: string): Expression[] {
    const left = field(node, 'left');
    const goesOn = left.type === 'binary_operator' && field(left, 'operator').text === operator && operator === '+';
    const before = goesOn ? this.chain(left, operator) : [this.expression(left)];
    return [...before, this.expression(field(node, 'right'))];
  }

  /** `a < b < c` asks both. */
  private comparison(node: Node, span: Span): Expression {
    const operands = partsOf(node).map(part => this.expression(part));
    const [first, second, ...more] = operands;
    const operator = node
      .childrenForFieldName('operators')
      .filter(isNode)
      .map(each => each.text)
      .join(' ');
    if (!first || !second || more.length > 0) return { kind: 'opaque', label: 'comparison', operands, ...span };
    if (operator === 'not in') {
      const inside: Expression = { kind: 'operation', operator: 'in', operands: [first, second], ...span };
      return { kind: 'operation', operator: '!', operands: [inside], ...span };
    }
    return { kind: 'operation', operator: OPERATORS[operator] ?? operator, operands: [first, second], ...span };
  }

  /** `super()` is `super`; a name in capitals is a class, by Python's own convention. */
  private call(node: Node, span: Span): Expression {
    const called = field(node, 'function');
    const given = field(node, 'arguments');
    if (called.text === 'super') return { kind: 'this', super: true, ...span };
    const name = called.type === 'attribute' ? field(called, 'attribute').text : called.text;
    const form = /^[A-Z]/.test(name) ? 'new' : 'call';
    const lowered = this.expression(called);
    const callee = lowered.kind === 'member' && lowered.name === '__init__' ? lowered.object : lowered;
    const args =
      given.type === 'argument_list'
        ? partsOf(given).map(part => this.argument(part))
        : [{ value: this.expression(given) }];
    return { kind: 'call', callee, arguments: args, form, argumentsSpan: this.span(given), ...span };
  }

  private argument(node: Node): Argument {
    if (node.type !== 'keyword_argument') return { value: this.expression(node) };
    return { value: this.expression(field(node, 'value')), name: field(node, 'name').text };
  }

  private entry(node: Node): RecordEntry {
    const span = this.span(node);
    if (node.type !== 'pair') return { value: this.expression(partsOf(node)[0] ?? missing()), ...span };
    const key = this.expression(field(node, 'key'));
    const [only, ...more] = key.kind === 'text' ? key.parts : [];
    const constant = only?.kind === 'part' && more.length === 0 ? only.value : undefined;
    return { key: constant ?? key, value: this.expression(field(node, 'value')), ...span };
  }

  private comprehension(node: Node, span: Span): Expression {
    const loops: { item: Pattern; source: Expression; tests: Expression[]; head: Span }[] = [];
    for (const part of partsOf(node))
      if (part.type === 'for_in_clause')
        loops.push({
          item: this.pattern(field(part, 'left')),
          source: this.expression(field(part, 'right')),
          tests: [],
          head: this.span(part),
        });
      else if (part.type === 'if_clause') loops.at(-1)?.tests.push(...partsOf(part).map(each => this.expression(each)));
    const body = field(node, 'body');
    const element: Expression =
      body.type === 'pair'
        ? { kind: 'record', entries: [this.entry(body)], ...this.span(body) }
        : this.expression(body);
    const [word] = node.type.split('_');
    const variety = word === 'dictionary' ? 'record' : word === 'list' || word === 'set' ? word : 'generator';
    return { kind: 'comprehension', loops, element, variety, ...span };
  }

  private span(node: Node): Span {
    return spanOf(node, this.around.base);
  }
}

const spanOf = (node: Node, base: number): Span => ({ start: node.startIndex - base, end: node.endIndex - base });

const isNode = (node: Node | null): node is Node => node !== null;

const partsOf = (node: Node | undefined): Node[] => (node?.namedChildren ?? []).filter(part => part.type !== 'comment');

const wordsOf = (node: Node): string => node.type.replace(/_(?:statement|clause|expression)$/, '').replaceAll('_', ' ');

const isAsync = (node: Node): boolean => node.child(0)?.type === 'async';

const isDocstring = (node: Node): boolean =>
  node.type === 'expression_statement' && partsOf(node)[0]?.type === 'string';

const decoratorsOf = (node: Node): Node[] =>
  partsOf(node).flatMap(part => (part.type === 'decorator' ? partsOf(part) : []));

/** @throws Error where the grammar promises a part that is not there */
function field(node: Node, name: string): Node {
  const found = node.childForFieldName(name);
  if (!found) throw new Error(`${node.type} without ${name}: ${node.text}`);
  return found;
}

/** @throws Error */
function missing(): never {
  throw new Error('A node has no part where the grammar promises one.');
}

/** The first parameter of a method is the object itself, unless the method is static. */
function selfOf(node: Node, marks: readonly Node[]): string | undefined {
  if (marks.some(mark => mark.text === 'staticmethod')) return undefined;
  return partsOf(node.childForFieldName('parameters') ?? undefined)[0]?.text;
}

/** Whether the function itself yields, and not one inside it. */
function yields(node: Node): boolean {
  if (node.type === 'yield') return true;
  if (node.type === 'function_definition' || node.type === 'lambda') return false;
  return partsOf(node).some(yields);
}

function keywordEntry(read: Omit<Parameter, 'start' | 'end'>, node: Node) {
  const key = read.target.kind === 'variable' ? read.target.name : node.text;
  return { key, target: read.target, ...(read.default && { default: read.default }) };
}
