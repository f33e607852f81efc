/** Which parameters and fields hold what a program is wired together of, by what is done with them: clients and services. */
import type { FileIndex } from './declarations';
import type { Expression, Function as FunctionNode, Type } from './model';
import { namesIn } from './storage';
import { visitNodes } from './traverse';

const SERVICES = new WeakMap<FunctionNode, readonly number[]>();

/**
 * Untyped parameters with which a function does what one does with a client or a service: calls it, calls a telling member
 * of it, gives it to what it constructs, or sets members of it.
 */
export function servicesOf(called: FunctionNode, isTelling: (member: string) => boolean): readonly number[] {
  const known = SERVICES.get(called);
  if (known) return known;
  const byName = untyped(called);
  const found = new Set<number>();
  const note = (expression: Expression): void => {
    const index = byName.get(rootOf(expression) ?? '');
    if (index !== undefined) found.add(index);
  };
  if (byName.size > 0)
    visitNodes(called.body, node => {
      if (node.kind === 'call') {
        if (node.callee.kind === 'name' || (node.callee.kind === 'member' && isTelling(node.callee.name)))
          note(node.callee);
        if (node.form === 'new') for (const { value } of node.arguments) note(value);
      }
      if (node.kind === 'assign' && node.target.kind === 'place' && node.target.expression.kind === 'member')
        note(node.target.expression);
      return found.size < byName.size;
    });
  const indexes = [...found].sort((left, right) => left - right);
  SERVICES.set(called, indexes);
  return indexes;
}

/**
 * Fields of a class on which its methods call what plain values do not have, which are called like services, or which they
 * hand to what they construct.
 */
export function serviceFields(
  all: FileIndex,
  owner: string,
  isService: (member: string) => boolean,
): ReadonlySet<string> {
  const fields = new Set<string>();
  for (const unit of all.units.values()) {
    if (unit.ownerClass !== owner) continue;
    visitNodes(unit.function.body, node => {
      if (node.kind !== 'call') return true;
      const { callee } = node;
      const direct = fieldOf(callee);
      if (direct !== undefined) fields.add(direct);
      if (callee.kind === 'member') {
        const field =
          fieldOf(callee.object) ?? (callee.object.kind === 'member' ? fieldOf(callee.object.object) : undefined);
        if (field !== undefined && (isService(callee.name) || SERVICE.test(field))) fields.add(field);
      }
      if (node.form === 'new')
        visitNodes(
          node.arguments.map(({ value }) => ({ kind: 'evaluate', expression: value, start: 0, end: 0 })),
          each => {
            const field = each.kind === 'member' ? fieldOf(each) : undefined;
            if (field !== undefined) fields.add(field);
            return each.kind !== 'lambda';
          },
        );
      return true;
    });
  }
  return fields;
}

/** What fields are called that hold a service, whatever plain values have of its methods too: `this.orderStore.get(id)`. */
const SERVICE = /(?:store|repo|repository|service|dao|gateway|model|provider|client|manager|db|database)$/i;

const fieldOf = (expression: Expression): string | undefined =>
  expression.kind === 'member' && expression.object.kind === 'this' ? expression.name : undefined;

/** Parameters of a constructor without a telling type: what it does not keep is seldom worth a look of its own. */
export const keptBy = (called: FunctionNode): readonly number[] => [...new Set(untyped(called).values())];

/** Variables that such parameters bind, by the parameter's position. */
function untyped(called: FunctionNode): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  called.parameters.forEach(({ type, target }, index) => {
    if (saysNothing(type)) for (const name of namesIn(target)) names.set(name, index);
  });
  return names;
}

/** Types of which nothing is known but that there is a value: `any`, and what picks from another. */
const SAYS_NOTHING = new Set(['any', 'unknown', 'object', 'Pick', 'Omit', 'Record']);
const saysNothing = (type: Type | undefined): boolean =>
  type === undefined || type.kind === 'opaque' || (type.kind === 'named' && SAYS_NOTHING.has(type.name));

/** The variable that a chain of members begins with. */
function rootOf(expression: Expression): string | undefined {
  let each = expression;
  while (each.kind === 'member') each = each.object;
  return each.kind === 'name' ? each.name : undefined;
}
