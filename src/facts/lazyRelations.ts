/**
 * Relations that a record loads when they are read: `book.author` of a book that came without its author. Told only of
 * records whose query is in sight, here or as an argument of what is called.
 */
import type { Place, UnitId } from '../engine/place';
import { type ObservedCall, type ObservedRead, placeIn, type Repetition } from '../program/analysis';
import { constantOf } from '../program/lattice';
import type { Expression } from '../program/model';
import { ALL_RELATIONS, isLoaded } from '../program/records';
import { visitNodes } from '../program/traverse';
import type { EntityName, Records, Relation, Source, Value } from '../program/value';
import type { PathStep } from './facts';
import type { Setting } from './setting';

/** A relation that is loaded for a record, or a call in which one is. */
export interface RelationRead {
  readonly at: Place;
  readonly call: Place;
  readonly source: string;
  readonly relation: Relation;
  readonly name: string;
  /** What has it. */
  readonly owner: Pick<Records, 'class'>;
  readonly repetitions: readonly Repetition[];
  readonly from: readonly Source[];
  readonly inLambda?: Place;
  /** From the call down to the read. */
  readonly steps: readonly PathStep[];
}

/** A relation is looked for no deeper than in so many calls. */
const MAX_DEPTH = 3;

/** Relations of records that a unit has read in a loop, in order; one for each loop, record and relation. */
export function relationReadsIn(setting: Setting, unit: UnitId): readonly RelationRead[] {
  const { reads, calls } = setting.analysis.unit(unit);
  const repeated = reads.filter(({ repetitions }) => repetitions.length > 0);
  const found = [
    ...repeated.flatMap(read => ofRead(setting, unit, read) ?? []),
    ...calls.flatMap(call => ofCall(setting, unit, call) ?? []),
  ].sort((left, right) => left.call.start - right.call.start || left.call.end - right.call.end);
  if (found.length === 0) return found;
  const filled = namesFilled(setting, calls);
  const asked = new Map(calls.map(({ id, repetitions: [innermost] }) => [id, innermost?.id]));
  // what was read once is kept by the record
  const known = new Set<string>();
  return found.filter(({ source, name, from, repetitions: [innermost], call }) => {
    if (isLoaded(filled, name)) return false;
    // a record that is asked for in every turn is the query to gather, and brings its relations then
    if (from.some(each => each.kind === 'call' && innermost !== undefined && asked.get(each.call) === innermost.id))
      return false;
    const key = `${innermost?.id} ${source} ${source.endsWith(')') ? call.start : ''}`;
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
}

/** Relations that a call of the unit loads of records that were there already: `prefetch_related_objects(books, "author")`. */
function namesFilled({ tables }: Setting, calls: readonly ObservedCall[]): readonly string[] {
  if (tables.fills.size === 0) return [];
  return calls.flatMap(({ target, arguments: [, ...names] }) =>
    target.kind === 'library' && tables.fills.has(target.name)
      ? names.flatMap(({ value }) => constantOf(value)?.split('__') ?? [ALL_RELATIONS])
      : [],
  );
}

function ofRead(setting: Setting, unit: UnitId, read: ObservedRead): RelationRead | undefined {
  const { at, owner, name, getter, repetitions, value, inLambda } = read;
  const source = setting.analysis.source(unit)?.text.slice(at.start, at.end) ?? name;
  const about = { at, call: at, source, repetitions, from: value.from, ...(inLambda ? { inLambda } : {}) };
  if (getter === undefined) {
    const relation = setting.analysis.relation(owner.file, owner.class, name);
    return relation && { ...about, relation, name, owner, steps: [] };
  }
  const behind = readBehind(setting, getter, SELF, owner, 0);
  return behind && { ...about, ...behind };
}

/** A method of a record that reads one of its relations, or a function that is handed a record and does. */
function ofCall(setting: Setting, unit: UnitId, call: ObservedCall): RelationRead | undefined {
  if (call.target.kind !== 'unit' || call.repetitions.length === 0) return undefined;
  for (const { as, value } of recordsHandedTo(call)) {
    const record = recordIn(value);
    const behind = record && readBehind(setting, call.target.unit, as, record, 0);
    if (behind)
      return {
        at: placeIn(unit, call.callee),
        call: call.at,
        source: `${call.source.replace(/\s+/g, ' ')}()`,
        repetitions: call.repetitions,
        from: value.from,
        ...(call.inLambda ? { inLambda: call.inLambda } : {}),
        ...behind,
      };
  }
  return undefined;
}

/** What a record is called in a function: the object that a method is called on, or a parameter by its index. */
export type Role = typeof SELF | number;
export const SELF = 'self';

function* recordsHandedTo(call: ObservedCall): Iterable<{ readonly as: Role; readonly value: Value }> {
  if (call.receiver && call.node.callee.kind === 'member') yield { as: SELF, value: call.receiver };
  for (const [index, { name, spread, value }] of call.arguments.entries()) {
    if (spread || name !== undefined) return;
    yield { as: index, value };
  }
}

/** The record that a value is, of which it is known what came with it. */
function recordIn({ shape }: Value): Records | undefined {
  return shape.kind === 'object' && shape.loaded
    ? { file: shape.file, class: shape.class, loaded: shape.loaded }
    : undefined;
}

export type Behind = Pick<RelationRead, 'relation' | 'name' | 'owner' | 'steps'>;

/** More relations than these are not looked for in one function. */
const MAX_READS = 8;

/** All relations of a record that a function reads, each once: of its parameter, or of the object that it is a method of. */
export function relationsReadIn(
  setting: Setting,
  unit: UnitId,
  as: Role,
  record: Records & { readonly loaded: readonly string[] },
): readonly Behind[] {
  const found: Behind[] = [];
  while (found.length < MAX_READS) {
    const loaded = [...record.loaded, ...found.map(({ name }) => name)];
    const next = readBehind(setting, unit, as, { ...record, loaded }, 0);
    if (!next) break;
    found.push(next);
  }
  return found;
}

/** The first relation of a record that a function reads, itself or in what it calls; nothing where it came with the record. */
function readBehind(setting: Setting, unit: UnitId, as: Role, record: Records, depth: number): Behind | undefined {
  if (depth >= MAX_DEPTH) return undefined;
  const key = `${record.file}#${record.class} ${record.loaded?.join(' ')}`;
  return setting.analysis.remember<Behind | undefined>(
    `relation read ${setting.key} ${unit} ${as} ${key} ${depth}`,
    () => ownRead(setting, unit, as, record) ?? handedOn(setting, unit, as, record, depth),
  );
}

function ownRead(setting: Setting, unit: UnitId, as: Role, record: Records): Behind | undefined {
  const known = setting.analysis.source(unit);
  if (!known) return undefined;
  const target = as === SELF ? undefined : known.function.parameters[as]?.target;
  if (as !== SELF && target?.kind !== 'variable') return undefined;
  const isRecord = (expression: Expression): boolean =>
    as === SELF
      ? expression.kind === 'this' && !expression.super
      : expression.kind === 'name' && target?.kind === 'variable' && expression.name === target.name;
  const relationNamed = (name: string) => setting.analysis.relation(record.file, record.class, name);
  let found: Behind | undefined;
  let isAssigned = false;
  visitNodes(known.function.body, node => {
    if (node.kind === 'assign' && target?.kind === 'variable') {
      const to = node.target;
      if (to.kind === 'variable' && to.name === target.name) isAssigned = true;
    }
    if (found) return false;
    const read = node.kind === 'member' && isRecord(node.object) ? node : undefined;
    const asked =
      node.kind === 'call' && node.callee.kind === 'member' && node.callee.object.kind === 'member'
        ? node.callee.object
        : undefined;
    if (read) {
      const relation = relationNamed(read.name);
      if (relation?.loads === 'read' && !isLoaded(record.loaded ?? [], read.name))
        found = { relation, name: read.name, owner: record, steps: [{ at: placeIn(unit, read), says: 'loads it' }] };
    } else if (asked && isRecord(asked.object)) {
      const relation = relationNamed(asked.name);
      const name = node.kind === 'call' && node.callee.kind === 'member' ? node.callee.name : '';
      // what asks for less than all is a statement of its own, and counted as one
      const asksForAll = relation?.loadedAs !== undefined && isAnswered(setting, `${relation.loadedAs}.${name}`);
      if (relation && asksForAll && !isLoaded(record.loaded ?? [], asked.name))
        found = { relation, name: asked.name, owner: record, steps: [{ at: placeIn(unit, node), says: 'loads it' }] };
    }
    return true;
  });
  return isAssigned ? undefined : found;
}

/** Whether records that have come already answer the call: it neither is a statement nor begins one. */
function isAnswered({ tables: { semantics, queries, builders } }: Setting, call: EntityName): boolean {
  const meanings = semantics.calls.get(call);
  if (!meanings || queries.has(call)) return false;
  return !meanings.some(({ gives }) => gives?.kind === 'instance' && builders.has(gives.of));
}

/** What the record is handed on to, or called by, does. */
function handedOn(setting: Setting, unit: UnitId, as: Role, record: Records, depth: number): Behind | undefined {
  const { analysis } = setting;
  const target = as === SELF ? undefined : analysis.source(unit)?.function.parameters[as]?.target;
  const isRecord = (expression: Expression | undefined): boolean =>
    as === SELF
      ? expression?.kind === 'this' && !expression.super
      : expression?.kind === 'name' && target?.kind === 'variable' && expression.name === target.name;
  for (const call of analysis.unit(unit).calls) {
    const step = { at: call.callee, says: `calls \`${call.source}()\`` };
    const { callee } = call.node;
    if (callee.kind === 'member' && isRecord(callee.object)) {
      const method = analysis.member(record.file, record.class, callee.name)?.shape;
      const behind =
        method?.kind === 'function' ? readBehind(setting, method.unit, SELF, record, depth + 1) : undefined;
      if (behind) return { ...behind, steps: [step, ...behind.steps] };
    }
    if (call.target.kind !== 'unit') continue;
    const index = call.node.arguments.findIndex(({ value, name }) => name === undefined && isRecord(value));
    const behind = index < 0 ? undefined : readBehind(setting, call.target.unit, index, record, depth + 1);
    if (behind) return { ...behind, steps: [step, ...behind.steps] };
  }
  return undefined;
}
