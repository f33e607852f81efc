/** What is created and dropped by a statement of its own: objects, and the parts of relations but for columns. */
import { type Catalog, isTable, isView } from './catalog';
import { type Dependent, dependentsIn } from './dependencies';
import { Draft } from './draft';
import { mayBePartOf } from './foldInheritance';
import type {
  CatalogObject,
  Constraint,
  Index,
  ObjectId,
  Policy,
  Rule,
  Sequence,
  Table,
  Trigger,
  View,
} from './object';
import { serialSequence } from './print';

export type Unit =
  | { readonly id: ObjectId; readonly kind: 'object'; readonly object: CatalogObject }
  | { readonly id: ObjectId; readonly kind: 'constraint'; readonly on: Table; readonly part: Constraint }
  | { readonly id: ObjectId; readonly kind: 'index'; readonly on: Table | View; readonly part: Index }
  | { readonly id: ObjectId; readonly kind: 'trigger'; readonly on: Table | View; readonly part: Trigger }
  | { readonly id: ObjectId; readonly kind: 'policy'; readonly on: Table; readonly part: Policy }
  | { readonly id: ObjectId; readonly kind: 'rule'; readonly on: Table | View; readonly part: Rule };

export function unitsOf(catalog: Catalog): ReadonlyMap<ObjectId, Unit> {
  const units = new Map<ObjectId, Unit>();
  const add = (unit: Unit) => units.set(unit.id, unit);
  for (const object of catalog.objects.values()) {
    // an identity's sequence is the column's
    if (object.kind === 'sequence' && object.identity) continue;
    // it goes with the session that made it
    if ('schema' in object && object.schema === 'pg_temp') continue;
    add({ id: object.id, kind: 'object', object });
    if (isTable(object)) {
      for (const part of object.constraints)
        if (!part.inherited) add({ id: part.id, kind: 'constraint', on: object, part });
      for (const part of object.policies) add({ id: part.id, kind: 'policy', on: object, part });
    }
    if (!isTable(object) && !isView(object)) continue;
    for (const part of object.indexes)
      if (part.constraint === undefined && part.parent === undefined)
        add({ id: part.id, kind: 'index', on: object, part });
    for (const part of object.triggers)
      if (part.parent === undefined) add({ id: part.id, kind: 'trigger', on: object, part });
    for (const part of object.rules) add({ id: part.id, kind: 'rule', on: object, part });
  }
  return units;
}

/** Constraints and indexes that a table has with its parent, each with the part of the parent's where that is known. */
export function inheritedParts(catalog: Catalog): ReadonlyMap<ObjectId, ObjectId | undefined> {
  const parts = new Map<ObjectId, ObjectId | undefined>();
  for (const object of catalog.objects.values()) {
    if (!isTable(object)) continue;
    for (const { id, inherited, parent } of object.constraints) if (inherited) parts.set(id, parent);
    for (const { id, parent } of object.indexes) if (parent !== undefined) parts.set(id, parent);
  }
  return parts;
}

/** Per unit the units that it stands on. */
export interface Graph {
  readonly on: ReadonlyMap<ObjectId, ReadonlySet<ObjectId>>;
  readonly dependents: readonly Dependent[];
  unitOf(id: ObjectId): ObjectId;
}

/** @param bySerial whether the sequence is made with its column, where that column is a `serial` */
export function graphOf(
  catalog: Catalog,
  units: ReadonlyMap<ObjectId, Unit>,
  bySerial: (sequence: Sequence) => boolean = () => true,
): Graph {
  const owners = new Map<ObjectId, ObjectId>();
  for (const object of catalog.objects.values()) {
    if (object.kind === 'composite') for (const { id } of object.attributes) owners.set(id, object.id);
    if (!isTable(object) && !isView(object)) continue;
    for (const column of object.columns) {
      owners.set(column.id, object.id);
      owners.set(-column.id, object.id);
    }
    for (const index of object.indexes)
      owners.set(index.id, index.constraint !== undefined && units.has(index.constraint) ? index.constraint : index.id);
  }
  const unitOf = (id: ObjectId): ObjectId => owners.get(id) ?? id;
  // a sequence that a table makes by itself is there with it
  const serials = new Map<ObjectId, ObjectId>();
  for (const object of catalog.objects.values())
    if (isTable(object))
      for (const column of object.columns) {
        const sequence = serialSequence(catalog, object, column);
        if (sequence && bySerial(sequence)) serials.set(sequence.id, object.id);
      }
  /** The index of a partition, and those of its table. */
  const amongParts = (child: Table, index: Index): void => {
    const parent = child.partitionOf && catalog.objects.get(child.partitionOf.parent);
    if (!isTable(parent)) return;
    const alike = parent.indexes.filter(theirs => mayBePartOf(index, child, theirs, parent));
    const need = (id: ObjectId, needed: ObjectId) => on.set(id, new Set([...(on.get(id) ?? []), needed]));
    // it would become part of one that is made later; where it cannot, it must have its name before the parts get theirs
    for (const { id } of alike) need(index.id, unitOf(id));
    if (alike.length === 0)
      for (const { id, constraint } of parent.indexes) if (constraint === undefined) need(id, index.id);
  };
  const dependents = [...dependentsIn(new Draft(catalog, 14))];
  const on = new Map<ObjectId, Set<ObjectId>>();
  for (const dependent of dependents) {
    const unit = unitOf(dependent.id);
    const object = catalog.objects.get(unit);
    // a sequence is created before the column that it belongs to
    const serial = (id: ObjectId) => serials.get(id) === unit;
    const needs =
      object?.kind === 'sequence'
        ? [serials.get(object.id) ?? unit]
        : [...dependent.fallsWith, ...dependent.keeps].filter(id => !serial(id));
    const set = on.get(unit) ?? new Set();
    for (const need of needs) if (unitOf(need) !== unit) set.add(unitOf(need));
    on.set(unit, set);
  }
  const schemas = new Map<string, ObjectId>();
  for (const object of catalog.objects.values()) if (object.kind === 'schema') schemas.set(object.name, object.id);
  for (const object of catalog.objects.values())
    if ('schema' in object && object.schema !== undefined) {
      const schema = schemas.get(object.schema);
      if (schema !== undefined) on.set(object.id, new Set([...(on.get(object.id) ?? []), schema]));
    }
  for (const object of catalog.objects.values())
    if (object.kind === 'other' && object.definition) on.set(object.id, new Set(object.definition.refs.map(unitOf)));
  for (const unit of units.values()) if (unit.kind === 'index' && isTable(unit.on)) amongParts(unit.on, unit.part);
  // what stands inside CREATE TABLE stands on what its table then stands on
  for (const unit of units.values())
    if (unit.kind === 'constraint' && unit.part.kind === 'check')
      for (const need of on.get(unit.id) ?? []) if (need !== unit.on.id) on.get(unit.on.id)?.add(need);
  return { on, dependents, unitOf };
}

/** Kinds in the order in which they are made where nothing else decides. */
const RANK: readonly string[] = [
  'schema',
  'extension',
  'enum',
  'range',
  'composite',
  'domain',
  'sequence',
  'routine',
  'other',
  'table',
  'constraint',
  'index',
  'view',
  'materializedView',
  'statistics',
  'rule',
  'trigger',
  'policy',
];

const rankOf = (unit: Unit): number => {
  const foreignKey = unit.kind === 'constraint' && unit.part.kind === 'foreignKey' ? 0.5 : 0;
  return RANK.indexOf(unit.kind === 'object' ? unit.object.kind : unit.kind) + foreignKey;
};

/** The units so that each stands after what it stands on. */
export function ordered(units: readonly Unit[], graph: Graph): readonly Unit[] {
  const waiting = new Map(units.map(unit => [unit.id, unit]));
  const done: Unit[] = [];
  const seen = new Set<ObjectId>();
  const visit = (id: ObjectId): void => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const need of graph.on.get(id) ?? []) visit(need);
    const unit = waiting.get(id);
    if (unit) done.push(unit);
  };
  for (const unit of [...units].sort((a, b) => rankOf(a) - rankOf(b) || a.id - b.id)) visit(unit.id);
  return done;
}
