/** Classes: fields and methods of those at the top level; those made inside a function are opaque, with lambdas. */
import type { Expression, Field, RecordEntry, Statement } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { namesIn } from './bindings';
import { lowerDecorator, lowerFunction } from './functions';
import type { Lowering } from './lowering';
import { variable } from './patterns';
import { lowerType } from './types';

/** @param whole  with its decorators, where it has some */
export function declareClass(
  at: Lowering,
  node: Node,
  whole: Node,
  decorators: readonly Node[],
  into: Statement[],
): void {
  const nameNode = at.parts(node).find(part => at.type(part) === 'identifier');
  if (nameNode === undefined || at.source(nameNode) === '') {
    at.opaqueStatement(node, 'class', into);
    return;
  }
  const span = at.span(whole);
  into.push({
    kind: 'declare',
    target: variable(at, nameNode),
    value: lowerClass(at, node, whole, decorators, at.source(nameNode)),
    constant: true,
    statement: span,
    ...span,
  });
}

function lowerClass(at: Lowering, node: Node, whole: Node, decorators: readonly Node[], name: string): Expression {
  const span = at.span(whole);
  const parts = at.parts(node);
  const heritage = parts.find(part => at.type(part) === 'argument_list');
  const bases = (heritage === undefined ? [] : at.parts(heritage)).filter(each => at.type(each) !== 'keyword_argument');
  const block = parts.find(part => at.type(part) === 'block');
  const members = block === undefined ? [] : [...membersIn(at, block)];
  const marks = decorators.map(mark => lowerDecorator(at, mark));
  if (at.inUnit) {
    const operands = [...marks, ...bases.map(base => at.expression(base)), ...insideUnit(at, members)];
    return { kind: 'opaque', label: 'class', operands, ...span };
  }
  const values = isEnumeration(at, bases) ? enumerationOf(at, members) : undefined;
  const fields: Field[] = [];
  const methods = new Map<string, string>();
  const outer = at.naming;
  for (const member of members) {
    at.naming = undefined;
    switch (member.kind) {
      case 'method':
        addMethod(at, member, name, methods);
        break;
      case 'field':
        if (values) break;
        at.naming = `${name}.${member.name}`;
        fields.push(lowerField(at, member));
        break;
      case 'class': {
        const inner = `${name}.${member.name}`;
        const value = lowerClass(at, member.node, member.whole, member.decorators, inner);
        fields.push({ name: member.name, value, static: true, ...at.span(member.whole) });
        break;
      }
      case 'other':
        break;
    }
  }
  at.naming = outer;
  if (values) return { kind: 'record', entries: values, ...span };
  const [first, ...further] = bases;
  at.classes.push({
    name,
    ...(first !== undefined && { extends: at.expression(first) }),
    ...(further.length > 0 && { mixins: further.map(base => at.expression(base)) }),
    fields,
    methods,
    ...(marks.length > 0 && { decorators: marks }),
    ...span,
  });
  return { kind: 'class', name, ...span };
}

// ——— members ———

type Member =
  | {
      readonly kind: 'method' | 'class';
      readonly name: string;
      readonly node: Node;
      readonly whole: Node;
      readonly decorators: readonly Node[];
    }
  | { readonly kind: 'field'; readonly name: string; readonly node: Node; readonly type?: Node; readonly value?: Node }
  | { readonly kind: 'other'; readonly node: Node };

/** What a class holds, also what it holds only under a condition. */
function* membersIn(at: Lowering, block: Node): Generator<Member> {
  for (const node of at.items(block)) {
    const type = at.type(node);
    const marked = type === 'decorated_definition' ? at.parts(node) : [node];
    const definition = marked.at(-1) ?? node;
    const kind = at.type(definition);
    if (kind === 'function_definition' || kind === 'class_definition') {
      const name = at.parts(definition).find(part => at.type(part) === 'identifier');
      if (name === undefined) continue;
      const decorators = marked.slice(0, -1);
      yield {
        kind: kind === 'function_definition' ? 'method' : 'class',
        name: at.source(name),
        node: definition,
        whole: node,
        decorators,
      };
    } else if (type === 'expression_statement') yield* fieldsIn(at, at.parts(node)[0]);
    else if (/^(?:if|try|with)_statement$|^(?:elif|else|except|finally)_clause$|^block$/.test(type))
      yield* membersIn(at, node);
    else yield { kind: 'other', node };
  }
}

function* fieldsIn(at: Lowering, node: Node | undefined): Generator<Member> {
  if (node === undefined || at.type(node) !== 'assignment') {
    if (node !== undefined && at.type(node) !== 'string') yield { kind: 'other', node };
    return;
  }
  const [target, ...others] = at.parts(node);
  const type = others.find(part => at.type(part) === 'type');
  const value = others.find(part => part !== type);
  if (target === undefined) return;
  const names = namesIn(at, target);
  const isOne = at.type(target) === 'identifier';
  for (const name of names)
    yield {
      kind: 'field',
      name: at.source(name),
      node: isOne ? node : name,
      ...(type !== undefined && { type }),
      ...(isOne && value !== undefined && { value }),
    };
  // `a = b = 1`
  if (value !== undefined && at.type(value) === 'assignment') yield* fieldsIn(at, value);
}

function lowerField(at: Lowering, member: Extract<Member, { kind: 'field' }>): Field {
  const { type, value } = member;
  const last = value === undefined ? undefined : lastValue(at, value);
  return {
    name: member.name,
    ...(type !== undefined && { type: lowerType(at, type) }),
    ...(last !== undefined && { value: at.expression(last) }),
    ...at.span(member.node),
  };
}

/** `1` of `a = b = 1`. */
function lastValue(at: Lowering, value: Node): Node {
  const inner = at.type(value) === 'assignment' ? at.parts(value).at(-1) : undefined;
  return inner === undefined ? value : lastValue(at, inner);
}

/** What the model calls methods that the language itself calls. */
const SPECIAL: Readonly<Record<string, string>> = {
  __init__: 'constructor',
  __enter__: '<enter>',
  __aenter__: '<enter>',
};

/** `@x.setter` makes another function of the name that `@property` made; the one that reads is the method. */
function addMethod(
  at: Lowering,
  member: Extract<Member, { kind: 'method' | 'class' }>,
  owner: string,
  methods: Map<string, string>,
): void {
  const accessor = member.decorators
    .map(mark => /\.(setter|deleter)$/.exec(at.source(mark))?.[1])
    .find(each => each !== undefined);
  const written = Object.hasOwn(SPECIAL, member.name) ? (SPECIAL[member.name] ?? member.name) : member.name;
  const name = accessor === 'setter' ? `set ${written}` : accessor === 'deleter' ? `delete ${written}` : written;
  const unit = lowerFunction(at, member.node, {
    name: written,
    unit: `${owner}.${name}`,
    ownerClass: owner,
    whole: member.whole,
    decorators: member.decorators,
  });
  const isDescription = member.decorators.some(mark => /^@(?:[\w.]*\.)?overload$/.test(at.source(mark)));
  if (unit.kind === 'unit' && !(isDescription && methods.has(name))) methods.set(name, unit.unit);
}

function insideUnit(at: Lowering, members: readonly Member[]): Expression[] {
  return members.flatMap((member): Expression[] => {
    switch (member.kind) {
      case 'method':
        return [
          lowerFunction(at, member.node, { name: member.name, whole: member.whole, decorators: member.decorators }),
        ];
      case 'class':
        return [lowerClass(at, member.node, member.whole, member.decorators, member.name)];
      case 'field':
        return member.value === undefined ? [] : [at.expression(lastValue(at, member.value))];
      default:
        return at.isExpression(member.node) ? [at.expression(member.node)] : at.operands(member.node);
    }
  });
}

// ——— enumerations ———

const ENUMERATIONS = /(?:^|\.)(?:Enum|IntEnum|StrEnum|Flag|IntFlag|TextChoices|IntegerChoices|Choices)$/;

const isEnumeration = (at: Lowering, bases: readonly Node[]): boolean =>
  bases.some(base => ENUMERATIONS.test(at.source(base)));

/** The constants by name; nothing where a value is computed. */
function enumerationOf(at: Lowering, members: readonly Member[]): RecordEntry[] | undefined {
  const entries: RecordEntry[] = [];
  for (const member of members) {
    if (member.kind !== 'field' || member.value === undefined || member.name.startsWith('_')) continue;
    // Django's choices have a label beside the value.
    const isLabelled = /^(?:expression_list|tuple)$/.test(at.type(member.value));
    const value = isLabelled ? at.parts(member.value)[0] : member.value;
    if (value === undefined || !/^(?:string|integer|unary_operator|concatenated_string)$/.test(at.type(value)))
      return undefined;
    entries.push({ key: member.name, value: at.expression(value), ...at.span(member.node) });
  }
  return entries.length > 0 ? entries : undefined;
}
