/** Classes: fields and methods of those at the top level; those made inside a function are opaque, with lambdas. */
import { type Class, DERIVED, type Expression, type Field, type Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { FUNCTIONS, lowerDecorator, lowerFunction } from './functions';
import type { Lowering } from './lowering';
import { lowerType, lowerTypeArguments, nameOf } from './types';

interface Marks {
  /** What it is assigned to. */
  readonly name?: string;
  /** Decorators that stand before it, as before `export class`. */
  readonly decorators?: readonly Node[];
}

export function lowerClass(at: Lowering, node: Node, { name: assignedTo, decorators: before = [] }: Marks): Expression {
  const read = partsOf(at, node);
  const span = at.span(node);
  const decorators = [...before, ...read.decorators].map(mark => lowerDecorator(at, mark));
  if (at.inUnit) {
    const base = read.superclass ? [at.expression(read.superclass)] : [];
    const operands = [...base, ...decorators, ...insideUnit(at, read)];
    return { kind: 'opaque', label: read.superclass ? DERIVED : 'class', operands, ...span };
  }

  const name = read.name ?? assignedTo ?? (at.naming === 'module.exports' || !at.naming ? 'default' : at.naming);
  const outer = { naming: at.naming, handedTo: at.handedTo };
  at.handedTo = undefined;
  const members = lowerMembers(at, read.body, name);
  Object.assign(at, outer);
  const lowered: Class = {
    name,
    ...(read.superclass && { extends: at.expression(read.superclass) }),
    ...(read.implements.length > 0 && {
      implements: read.implements.flatMap(clause => lowerTypeArguments(at, clause)),
    }),
    ...members,
    ...(decorators.length > 0 && { decorators }),
    ...span,
  };
  at.classes.push(lowered);
  return { kind: 'class', name, ...span };
}

interface ClassParts {
  readonly name?: string;
  readonly superclass?: Node;
  readonly implements: readonly Node[];
  readonly decorators: readonly Node[];
  readonly body?: Node;
}

function partsOf(at: Lowering, node: Node): ClassParts {
  let name: string | undefined;
  let superclass: Node | undefined;
  let body: Node | undefined;
  const decorators: Node[] = [];
  const implemented: Node[] = [];
  for (const part of at.parts(node)) {
    switch (at.type(part)) {
      case 'identifier':
      case 'type_identifier':
        name = at.source(part) || undefined;
        break;
      case 'decorator':
        decorators.push(part);
        break;
      case 'class_body':
        body = part;
        break;
      case 'class_heritage':
        for (const clause of at.parts(part)) {
          const type = at.type(clause);
          if (type === 'implements_clause') implemented.push(clause);
          else superclass = type === 'extends_clause' ? at.parts(clause)[0] : clause;
        }
    }
  }
  return {
    ...(name !== undefined && { name }),
    ...(superclass && { superclass }),
    implements: implemented,
    decorators,
    ...(body && { body }),
  };
}

// ——— members ———

interface Member {
  readonly node: Node;
  readonly name: string;
  readonly decorators: readonly Node[];
  readonly static: boolean;
  readonly accessor?: 'get' | 'set';
  readonly type?: Node;
  readonly value?: Node;
}

const MEMBER_NAMES = new Set([
  'property_identifier',
  'private_property_identifier',
  'string',
  'number',
  'computed_property_name',
]);

function* membersOf(at: Lowering, body: Node | undefined): Generator<Member> {
  let waiting: Node[] = [];
  for (const node of body ? at.items(body) : []) {
    const type = at.type(node);
    // TypeScript's grammar puts a method's decorators beside it.
    if (type === 'decorator') {
      waiting.push(node);
      continue;
    }
    const member = memberOf(at, node, type, waiting);
    waiting = [];
    if (member) yield member;
  }
}

function memberOf(at: Lowering, node: Node, type: string, before: readonly Node[]): Member | undefined {
  if (type === 'class_static_block') return { node, name: '<static>', decorators: before, static: true };
  if (type !== 'method_definition' && type !== 'field_definition' && type !== 'public_field_definition') {
    return undefined;
  }
  const decorators = [...before];
  let name: Node | undefined;
  let annotation: Node | undefined;
  let value: Node | undefined;
  for (const part of at.parts(node)) {
    const kind = at.type(part);
    if (kind === 'decorator') decorators.push(part);
    else if (kind === 'type_annotation') annotation = part;
    else if (!name && MEMBER_NAMES.has(kind)) name = part;
    else if (name && type !== 'method_definition') value = part;
  }
  if (!name) return undefined;
  const head = at.between(at.headStart(node, decorators), at.tree.start(name));
  const accessor = /(?:^|\s)(get|set)$/.exec(head)?.[1];
  return {
    node,
    name: nameOf(at, name),
    decorators,
    static: /(?:^|\s)static\b/.test(head),
    ...((accessor === 'get' || accessor === 'set') && { accessor }),
    ...(annotation && { type: annotation }),
    ...(value && { value }),
  };
}

function lowerMembers(at: Lowering, body: Node | undefined, owner: string): Pick<Class, 'fields' | 'methods'> {
  const fields: Field[] = [];
  const methods = new Map<string, string>();
  for (const member of membersOf(at, body)) {
    at.naming = `${owner}.${member.name}`;
    const method = methodIn(at, member);
    if (!method) {
      at.fieldOwner = owner;
      fields.push(lowerField(at, member));
      at.fieldOwner = undefined;
      continue;
    }
    const name = member.accessor === 'set' ? `set ${member.name}` : member.name;
    const { decorators } = member;
    const unit = lowerFunction(at, method, {
      name: member.name,
      unit: `${owner}.${name}`,
      ownerClass: owner,
      decorators,
      ...(member.accessor === 'get' && { getter: true }),
    });
    if (unit.kind !== 'unit') continue;
    if (!methods.has(name)) methods.set(name, unit.unit);
    if (member.name === 'constructor') fields.push(...parameterFields(at, unit.unit, unit.start));
  }
  return { fields, methods };
}

/** The function of a member: of a method itself, or the one that a field is set to. */
function methodIn(at: Lowering, member: Member): Node | undefined {
  const type = at.type(member.node);
  if (type === 'method_definition' || type === 'class_static_block') return member.node;
  return member.value && FUNCTIONS.has(at.type(member.value)) ? member.value : undefined;
}

function lowerField(at: Lowering, member: Member): Field {
  const decorators = member.decorators.map(mark => lowerDecorator(at, mark));
  return {
    name: member.name,
    ...(member.type && { type: lowerType(at, member.type) }),
    ...(member.value && { value: at.expression(member.value) }),
    ...(member.static && { static: true }),
    ...(decorators.length > 0 && { decorators }),
    ...at.span(member.node),
  };
}

/** `constructor(private pool: Pool)` declares the field as well. */
function parameterFields(at: Lowering, id: string, offset: number): Field[] {
  const made = at.units.find(unit => unit.id === id);
  const found: Field[] = [];
  for (const { field, target, type, start, end } of made?.function.parameters ?? []) {
    if (!field || target.kind !== 'variable') continue;
    const start0 = (made?.start ?? offset) + start;
    found.push({
      name: target.name,
      ...(type && { type: type satisfies Type }),
      start: start0,
      end: start0 + end - start,
    });
  }
  return found;
}

function insideUnit(at: Lowering, read: ClassParts): Expression[] {
  const operands: Expression[] = [];
  for (const member of membersOf(at, read.body)) {
    const method = methodIn(at, member);
    if (method) operands.push(lowerFunction(at, method, { name: member.name }));
    else if (member.value) operands.push(at.expression(member.value));
  }
  return operands;
}
