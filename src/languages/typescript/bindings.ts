/** Declared names: variables, functions, classes, whether or not they are exported. */
import type { Span, Statement, Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { lowerClass } from './classes';
import { declaredExports, isHelper } from './compiled';
import { lowerAssigned } from './expressions';
import { lowerFunction, ownName } from './functions';
import type { Lowering } from './lowering';
import { lowerPattern, variable } from './patterns';
import { lowerType } from './types';

export function declareVariables(at: Lowering, node: Node, statement: Span, into: Statement[]): void {
  const constant = at.text.startsWith('const', at.tree.start(node));
  for (const declarator of at.parts(node)) {
    if (at.type(declarator) !== 'variable_declarator') continue;
    const declared = lowerDeclarator(at, declarator, constant, statement);
    if (declared) into.push(declared);
  }
}

function lowerDeclarator(at: Lowering, node: Node, constant: boolean, statement: Span): Statement | undefined {
  const [name, ...more] = at.parts(node);
  if (!name) return undefined;
  let type: Type | undefined;
  let value: Node | undefined;
  for (const part of more)
    if (at.type(part) === 'type_annotation') type = lowerType(at, part);
    else value = part;
  const target = lowerPattern(at, name);
  const unitName = target.kind === 'variable' ? target.name : undefined;
  if (!at.inUnit && unitName !== undefined && isHelper(unitName)) {
    return undefined;
  }
  const lowered = value && lowerAssigned(at, target, value, unitName);
  const given = lowered && !at.inUnit && unitName !== undefined ? declaredExports(at, unitName, lowered) : lowered;
  return {
    kind: 'declare',
    target,
    ...(type && { type }),
    ...(given && { value: given }),
    ...(constant && { constant }),
    statement,
    ...at.span(node),
  };
}

export function declareFunction(at: Lowering, node: Node, statement: Span, into: Statement[]): void {
  const nameNode = at.parts(node)[0];
  const name = ownName(at, node);
  if (!nameNode || name === undefined) {
    at.opaqueStatement(node, 'function', into);
    return;
  }
  const unit = at.namespace === undefined ? name : `${at.namespace}.${name}`;
  const declared: Statement = {
    kind: 'declare',
    target: variable(at, nameNode),
    value: lowerFunction(at, node, { name, unit }),
    constant: true,
    statement,
    ...at.span(node),
  };
  at.hoisted.add(declared);
  into.push(declared);
}

export function declareClass(
  at: Lowering,
  node: Node,
  statement: Span,
  decorators: readonly Node[],
  into: Statement[],
): void {
  const nameNode = at.parts(node).find(part => /^(?:type_)?identifier$/.test(at.type(part)));
  if (!nameNode) {
    at.opaqueStatement(node, 'class', into);
    return;
  }
  into.push({
    kind: 'declare',
    target: variable(at, nameNode),
    value: lowerClass(at, node, { decorators }),
    constant: true,
    statement,
    ...at.span(node),
  });
}
