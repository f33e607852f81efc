/** Builders: where the chain of calls begins, what it asks, and which call or wait sends it. */

import type { UnitId } from '../engine/place';
import type { ObservedCall, Repetition } from '../program/analysis';
import type { CallId, Source, Value } from '../program/value';
import { isPickedFrom } from './pickedItems';
import type { QueryCall } from './queryCall';
import { basics, fromRow, labelOf, placeholderOf, relationOf, relationSources, rowFor, setFrom } from './queryRows';
import type { Setting } from './setting';
import { isSql } from './sqlTexts';
import { templateOf } from './taggedPieces';

/** Calls on one builder, in the order in which they are made. */
interface Chain {
  readonly calls: readonly ObservedCall[];
  /** Made in this unit, and not handed in. */
  readonly created: boolean;
  readonly executes: 'awaited' | 'called' | 'iterated';
  readonly ids: ReadonlySet<CallId>;
}

/** The builders of a unit, each with the calls on it: one expression, or several statements with a variable between. */
export function chainsOf({ tables }: Setting, calls: readonly ObservedCall[]): readonly Chain[] {
  const executesOf = (value: Value | undefined): Chain['executes'] | undefined => {
    if (!value) return undefined;
    if (value.shape.kind === 'oneOf') return value.shape.alternatives.map(executesOf).find(each => each !== undefined);
    return value.shape.kind === 'instance' ? tables.builders.get(value.shape.of) : undefined;
  };
  const roots = new Map<CallId, CallId>();
  const chains = new Map<CallId, Pick<Chain, 'created' | 'executes'> & { readonly calls: ObservedCall[] }>();
  for (const call of [...calls].sort((left, right) => left.at.end - right.at.end)) {
    const onBuilder = executesOf(call.receiver);
    const executes = onBuilder ?? executesOf(call.result);
    if (!executes || call.target.kind !== 'library') continue;
    const before = onBuilder ? madeBy(call.receiver).map(id => roots.get(id) ?? id) : [];
    const root = before.find(id => chains.has(id)) ?? before[0] ?? call.id;
    const chain = chains.get(root) ?? { calls: [], created: !onBuilder, executes };
    chain.calls.push(call);
    chains.set(root, chain);
    roots.set(call.id, root);
  }
  return [...chains.entries()].map(([root, chain]) => ({
    ...chain,
    ids: new Set([root, ...chain.calls.map(call => call.id)]),
  }));
}

/** Builders of a write that stand as statements of their own, so that nobody can send them any more. */
export function unsentBuildersOf(setting: Setting, unit: UnitId): readonly ObservedCall[] {
  const { calls, awaits } = setting.analysis.unit(unit);
  return chainsOf(setting, calls).flatMap(chain => {
    const [first] = chain.calls;
    const last = chain.calls.at(-1);
    if (!first || !last || !chain.created || chain.executes === 'iterated' || last.use.kind !== 'discarded') return [];
    // all of it is one expression
    if (first.at.start < last.at.start || sentBy(chain, calls, awaits) || isSentAtLast(last)) return [];
    const writes = chain.calls.some(
      call =>
        call.target.kind === 'library' &&
        rowFor(setting.tables.queries.get(call.target.name), call)?.row.operation === 'write',
    );
    return writes ? [last] : [];
  });
}

/** What is asked to go out, or is handed the function that hears of it, does. */
const isSentAtLast = ({ source, node }: ObservedCall): boolean =>
  /\.exec(?:ute)?$/.test(source) ||
  node.arguments.some(({ value }) => value.kind === 'lambda' || value.kind === 'unit');

/** The calls that made a value, of a builder the ones that gave it. */
const madeBy = (value: Value | undefined): readonly CallId[] => {
  if (!value) return [];
  const { shape } = value;
  if (shape.kind === 'instance') return shape.by === undefined ? [] : [shape.by];
  if (shape.kind === 'oneOf') return shape.alternatives.flatMap(madeBy);
  if (shape.kind === 'list') return [...(shape.items ?? []), shape.each].flatMap(madeBy);
  return [];
};

/** Where a built statement goes out. */
interface Sending {
  readonly repetitions: readonly Repetition[];
  readonly last: ObservedCall;
}

/** Asking a built query for its result sends it. */
const ASKS = /^(?:then|catch|finally|asCallback|stream|pipe)$/;

/** A call of the chain that asks for rows, a loop over it, an item of it, or a list made of it by the language's own functions. */
export function walkedBy(
  setting: Setting,
  unit: UnitId,
  chain: Chain,
  calls: readonly ObservedCall[],
  loops: readonly Repetition[],
): Sending | undefined {
  const last = chain.calls.at(-1);
  if (!last) return undefined;
  const asked = chain.calls.find(call => {
    const row = call.target.kind === 'library' ? rowFor(setting.tables.queries.get(call.target.name), call) : undefined;
    return row !== undefined && typeof row.row.sql !== 'number';
  });
  if (asked) return { last: asked, repetitions: asked.repetitions };
  const isIn = (value: Value | undefined): boolean => madeBy(value).some(id => chain.ids.has(id));
  // What has been walked once is kept: it is asked for as often as it is made.
  const repetitions = chain.calls[0]?.repetitions ?? [];
  if (loops.some(({ source }) => isIn(source?.value))) return { last, repetitions };
  const listed = calls.find(
    ({ id, target, arguments: args }) =>
      !chain.ids.has(id) && target.kind === 'library' && OWN.test(target.name) && args.some(({ value }) => isIn(value)),
  );
  return listed || isPickedFrom(setting, unit, last) ? { last, repetitions } : undefined;
}

/** What a language has without an import: `py:#list`. */
const OWN = /^\w+:#/;

/** The call or wait that sends a builder, if anything does. */
export function sentBy(
  chain: Chain,
  calls: readonly ObservedCall[],
  awaits: readonly { readonly value: Value; readonly repetitions: readonly Repetition[] }[],
): Sending | undefined {
  const last = chain.calls.at(-1);
  if (!last) return undefined;
  const awaited = chain.calls.find(call => call.awaited);
  if (awaited) return { last: awaited, repetitions: awaited.repetitions };
  // conditions that a loop adds to a builder make no query of each
  const made = (chain.created ? chain.calls[0] : last)?.repetitions ?? [];
  const isIn = (value: Value | undefined): boolean => madeBy(value).some(id => chain.ids.has(id));
  // in a variable, or among what `Promise.all` is given
  const waiting =
    awaits.find(({ value }) => isIn(value)) ??
    calls.find(call => call.awaited && !chain.ids.has(call.id) && isIn(call.result));
  if (waiting) return { last, repetitions: innermost(made, waiting.repetitions) };
  const asked = calls.find(call => {
    const member = call.target.kind === 'library' || call.target.kind === 'method' ? call.target.name : '';
    return ASKS.test(member.slice(member.lastIndexOf('.') + 1)) && isIn(call.receiver);
  });
  if (asked) return { last, repetitions: innermost(made, asked.repetitions) };
  if (!chain.created) return undefined;
  // what a builder says of itself is no builder: `query.toString()`
  const returned = chain.calls.find(call => call.use.kind === 'returned' && isIn(call.result));
  return returned && { last: returned, repetitions: returned.repetitions };
}

/** A query that is made in a loop is sent as often, wherever it is waited for. */
const innermost = (made: readonly Repetition[], waited: readonly Repetition[]): readonly Repetition[] =>
  made.length > waited.length ? made : waited;

/** The query that a chain of calls is as a whole. */
export function chainQuery(setting: Setting, chain: Chain, { last, repetitions }: Sending): QueryCall | undefined {
  const [first] = chain.calls;
  if (first?.target.kind !== 'library') return undefined;
  const library = setting.tables.libraryOf(first.target.name);
  if (!library) return undefined;
  const dialect = library.dialect ?? setting.dialect;
  const rows = chain.calls.flatMap(call => {
    const found =
      call.target.kind === 'library' ? rowFor(setting.tables.queries.get(call.target.name), call) : undefined;
    return found ? [{ call, found }] : [];
  });
  const raw = rows.find(({ found }) => found.row.sql !== undefined);
  if (raw) {
    // a piece of a statement that its maker returns: `` ids.map(id => sql`(${id})`) ``
    const template = raw.call.form === 'tagged' ? templateOf(raw.call) : undefined;
    if (template && !last.awaited && last.use.kind === 'returned' && !isSql(template)) return undefined;
    return { ...fromRow(setting, raw.call, raw.found, 'traced'), ...spanOf(chain, last, repetitions) };
  }
  const operation = rows.some(({ found }) => found.row.operation === 'write') ? 'write' : 'read';
  const relation = rows.map(({ call, found }) => relationOf(call, found.row)).find(name => name !== undefined);
  const batchedBy = rows.map(({ found }) => found.row.batchedBy).find(name => name !== undefined);
  return {
    ...basics(first, dialect),
    ...spanOf(chain, last, repetitions),
    at: first.at,
    label: chainLabel(first),
    evidence: 'traced',
    library: library.package,
    ...placeholderOf({ call: '' }, library, dialect),
    operation,
    relationFrom: [
      ...modelSources(setting, first),
      ...rows.flatMap(({ call, found }) => relationSources(call, found.row)),
    ],
    ...(relation === undefined ? {} : { relation }),
    batched: rows.some(({ found }) => found.row.batched === true),
    ...(batchedBy === undefined ? {} : { batchedBy }),
  };
}

/** A call of a chain that sends what was built. */
export const isSender = (setting: Setting, call: ObservedCall): boolean => {
  const found = call.target.kind === 'library' && rowFor(setting.tables.queries.get(call.target.name), call);
  return found ? found.row.executes !== 'awaited' : false;
};

/** The statement that a call of the chain sends, with what the calls before it put in. */
export function calledQuery(setting: Setting, chain: Chain, call: ObservedCall): readonly QueryCall[] {
  const until = chain.calls.slice(0, chain.calls.indexOf(call) + 1);
  const parts = until.flatMap(each => {
    const found =
      each.target.kind === 'library' ? rowFor(setting.tables.queries.get(each.target.name), each) : undefined;
    return found ? [fromRow(setting, each, found, 'traced')] : [];
  });
  const own = parts.at(-1);
  if (!own) return [];
  const says = (operation: QueryCall['operation']) => parts.some(part => part.operation === operation);
  const relation = own.relation ?? parts.map(part => part.relation).find(name => name !== undefined);
  // a statement that a tag has written, and that a method sends: `` sql`…`.execute(db) ``
  const [first] = until;
  const written = first?.form === 'tagged' && !own.sql ? parts[0]?.sql : undefined;
  return [
    {
      ...own,
      ...(first && written ? { sql: written, label: `${labelOf(first)}${own.label.replace(/^….?/, '.')}` } : {}),
      ...spanOf({ ...chain, calls: until }, call, call.repetitions),
      connectionFrom: chain.created && until[0] ? basics(until[0], own.dialect).connectionFrom : [],
      operation: says('write') ? 'write' : says('read') ? 'read' : 'unknown',
      relationFrom: [...(first ? modelSources(setting, first) : []), ...parts.flatMap(part => part.relationFrom)],
      ...(relation === undefined ? {} : { relation }),
    },
  ];
}

/** What the model of a chain's records depends on, where its first call is handed one that the code does not name. */
function modelSources({ tables }: Setting, { target, arguments: handed }: ObservedCall): readonly Source[] {
  if (target.kind !== 'library') return [];
  for (const { gives } of tables.semantics.calls.get(target.name) ?? []) {
    if (gives?.kind !== 'instance' || typeof gives.holds !== 'number') continue;
    const value = handed[gives.holds]?.value;
    // a statement that was built before is no model
    return value?.shape.kind === 'unknown' ? value.from : [];
  }
  return [];
}

/** What a chain as a whole is: from its first call to the one that sends it. */
const spanOf = (
  chain: Chain,
  last: ObservedCall,
  repetitions: readonly Repetition[],
): Pick<QueryCall, 'id' | 'call' | 'repetitions' | 'from' | 'sources' | 'chain'> => ({
  id: last.id,
  call: last.at,
  repetitions,
  from: chain.calls.flatMap((call, index) => [
    ...call.arguments.flatMap(argument => argument.value.from),
    ...(index === 0 ? setFrom(call) : []),
  ]),
  sources: chain.calls.flatMap(call => call.arguments.map(argument => argument.source)),
  chain: chain.calls.map(call => call.id),
});

/** `knex('orders')`, short enough to be read. */
function chainLabel(first: ObservedCall): string {
  const [argument] = first.arguments;
  const written = argument?.name === undefined ? argument?.source : `${argument.name}=${argument.source}`;
  const called = written !== undefined && first.arguments.length === 1 && written.length <= 30 ? written : '';
  return labelOf(first).replace(/\(\)$/, `(${called.replace(/\s+/g, ' ')})`);
}

/** `knex.raw(…)` that another call takes: a piece of its statement. */
export function unsentRaw(setting: Setting, chain: Chain): QueryCall | undefined {
  for (const call of chain.calls) {
    const found =
      call.target.kind === 'library' ? rowFor(setting.tables.queries.get(call.target.name), call) : undefined;
    if (!found || typeof found.row.sql !== 'number') continue;
    const query = fromRow(setting, call, found, 'traced');
    return query.sql && { ...query, role: 'fragment', sql: { ...query.sql, complete: false } };
  }
  return undefined;
}
