/** What the walk says of the expressions that it meets: texts that are built, values that are waited for. */
import { alternativesIn } from './lattice';
import type { Expression, Member, Span } from './model';
import { callsIn } from './observations';
import { isLoaded } from './records';
import { spellingOf } from './spelling';
import { holesOf } from './strings';
import type { Origin } from './textValues';
import type { Value } from './value';
import type { Use, Walk } from './walk';

/** The expression as what puts its value into a text. */
export function originOf(walk: Walk, expression: Expression | Span): Origin {
  const spelling = 'kind' in expression ? spellingOf(expression) : undefined;
  return { at: walk.at(expression), source: walk.source(expression), ...(spelling ? { spelling } : {}) };
}

/** Says that a text was built here, unless it is part of a larger one. */
export function observeText(walk: Walk, expression: Expression, value: Value, use: Use): Value {
  if (use.insideText || value.shape.kind !== 'text') return value;
  const built = value.shape.pieces.length > 1 && holesOf(value.shape.pieces).length > 0;
  if (built) walk.observations.text(walk.at(expression), value);
  return value;
}

/** A value that is waited for or returned, and was not just called: a query that was built before. */
export function observeAwait(walk: Walk, expression: Expression, value: Value): void {
  if (expression.kind === 'await' || value.shape.kind === 'scalar') return;
  // A call that gathers others, `Promise.all([a, b])`, waits for what it was given.
  if (expression.kind === 'call' && value.shape.kind !== 'list') return;
  walk.observations.awaited(
    walk.at(expression),
    value,
    walk.around.map(each => each.id),
  );
}

/** Whether a value hangs on a result of one of these calls. */
export const dependsOnCalls = (value: Value, calls: ReadonlySet<string>): boolean =>
  callsIn(value.from).some(call => calls.has(call));

/** A relation of a record that is loaded by being read, or a method that is called so, where the value is known to be one. */
export function observeRead(walk: Walk, member: Member, object: Value): void {
  const records = alternativesIn(object).filter(({ shape }) => shape.kind !== 'scalar' && shape.kind !== 'list');
  const [first] = records;
  if (first?.shape.kind !== 'object' || !records.every(each => isUnloaded(walk, each, member.name))) return;
  const { file, class: owner, loaded = [] } = first.shape;
  const read = { owner: { file, class: owner, loaded }, name: member.name };
  const getter = walk.world.classMember(file, owner, member.name)?.shape;
  walk.observations.read({
    at: walk.at(member),
    value: object,
    ...read,
    ...(getter?.kind === 'function' ? { getter: getter.unit } : {}),
    around: walk.around.map(each => each.id),
    ...(walk.frame.lambda ? { inLambda: walk.frame.lambda } : {}),
  });
}

function isUnloaded({ world }: Walk, { shape }: Value, name: string): boolean {
  if (shape.kind !== 'object' || !shape.loaded) return false;
  const relation = world.relation(shape.file, shape.class, name);
  if (relation) return relation.loads === 'read' && !isLoaded(shape.loaded, name);
  const member = world.classMember(shape.file, shape.class, name);
  return member?.shape.kind === 'function' && world.isGetter(member.shape.unit);
}
