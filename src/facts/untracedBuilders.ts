/**
 * Statements that are built on something untraced, and look like no other thing: `this.db('orders').where(…).first()` in a
 * project that has Knex, `ctx.db.select().from(orders)` in one that has Drizzle. A parameter of plain JavaScript says no more of itself.
 */
import type { ObservedCall } from '../program/analysis';
import type { Call } from '../program/model';
import type { Setting } from './setting';
import type { TableBuilder } from './tableBuilders';

/** A builder's calls in order, as if they were the library's. */
export interface UntracedStatement {
  readonly calls: readonly ObservedCall[];
  /** The one whose result is waited for, or returned. */
  readonly last: ObservedCall;
}

const TABLE = /^[A-Za-z_][\w.]*(?:\s+as\s+\w+)?$/i;

export function untracedStatements(
  { tables, dependencies }: Setting,
  calls: readonly ObservedCall[],
): readonly UntracedStatement[] {
  const builders = tables.tableBuilders.filter(({ packages }) => packages.some(name => dependencies.has(name)));
  if (builders.length === 0) return [];
  const observed = new Map(calls.filter(call => call.form === 'call' && !call.implicit).map(call => [call.node, call]));
  return calls.flatMap(last => {
    if (!last.awaited && last.use.kind !== 'returned') return [];
    const chain = chainOf(last.node, observed);
    if (!chain || chain.length < 2 || !chain.every(isUntraced)) return [];
    const built = builders.map(builder => asBuilt(builder, chain)).find(each => each !== undefined);
    return built ? [{ calls: built, last }] : [];
  });
}

/** The calls from the innermost on, each made on the result of the one before. */
function chainOf(node: Call, observed: ReadonlyMap<Call, ObservedCall>): readonly ObservedCall[] | undefined {
  const own = observed.get(node);
  if (!own) return undefined;
  const { callee } = node;
  if (callee.kind !== 'member' || callee.object.kind !== 'call') return [own];
  const before = chainOf(callee.object, observed);
  return before && [...before, own];
}

const isUntraced = ({ target }: ObservedCall): boolean => target.kind === 'method' || target.kind === 'unknown';

/** `'orders'`, `'orders as o'` */
function namesTable({ node }: ObservedCall): boolean {
  const [table, ...more] = node.arguments;
  if (table?.value.kind !== 'text' || more.length > 0) return false;
  const [part, ...parts] = table.value.parts;
  return part?.kind === 'part' && parts.length === 0 && TABLE.test(part.value);
}

const methodOf = ({ node: { callee } }: ObservedCall): string => (callee.kind === 'member' ? callee.name : '');

/** `db.select().from(orders)`, `ctx.db.insert(orders).values(…)`: what it is called on may be anything. */
function beginsBy(
  { first, second, table }: NonNullable<TableBuilder['methods']>,
  [one, two]: readonly ObservedCall[],
): boolean {
  if (!one || !two || methodOf(one) !== first || methodOf(two) !== second) return false;
  // a table is no text, and stands alone
  const [only, ...more] = (table === 'call' ? one : two).node.arguments;
  return only !== undefined && more.length === 0 && only.value.kind !== 'text' && two.node.arguments.length === 1;
}

/** `db('orders').where(…)`, with nothing in between that the builder does not have. */
function asBuilt(
  { begins, methods, members }: TableBuilder,
  [first, ...rest]: readonly ObservedCall[],
): readonly ObservedCall[] | undefined {
  if (!first || !(methods ? beginsBy(methods, [first, ...rest]) : namesTable(first))) return undefined;
  const names = [begins];
  for (const call of rest) {
    const name = members.get(methodOf(call));
    if (name === undefined) return undefined;
    names.push(name);
  }
  const calls = [first, ...rest];
  return calls.map((call, index) => ({
    ...call,
    target: { kind: 'library', name: names[index] ?? begins, arity: call.arguments.length },
  }));
}
