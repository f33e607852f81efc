/** What the step made, and what must be made again, is dropped: in an order that the server takes, and what falls with another not at all. */
import { defaultsDropped } from './alterBack';
import { type Catalog, isTable } from './catalog';
import { fullName, quoted } from './naming';
import type { ObjectId, Table } from './object';
import { namedText } from './print';
import { inheritedParts, ordered, type Unit } from './units';
import type { Script } from './wayBack';

/** Tables of both, after and before. */
export function* keptTables(script: Script): IterableIterator<readonly [Table, Table]> {
  for (const object of script.after.objects.values()) {
    const then = script.before.objects.get(object.id);
    if (isTable(object) && isTable(then)) yield [object, then];
  }
}

export function columnsOfType(catalog: Catalog, type: ObjectId): readonly ObjectId[] {
  const found: ObjectId[] = [];
  for (const object of catalog.objects.values())
    if (isTable(object)) for (const column of object.columns) if (column.type?.id === type) found.push(column.id);
  return found;
}

export function dropUnits(script: Script): void {
  const { afterUnits, beforeUnits, rebuilt, afterGraph, after } = script;
  // a table that becomes a partition again brings along what it had as one
  const shared = inheritedParts(script.before);
  const gone = [...afterUnits.values()].filter(
    unit => rebuilt.has(unit.id) || (!beforeUnits.has(unit.id) && !shared.has(unit.id)),
  );
  const falling = new Set<ObjectId>(gone.filter(unit => !beforeUnits.has(unit.id)).map(({ id }) => id));
  for (const [now, then] of keptTables(script))
    for (const column of now.columns) if (!then.columns.some(({ id }) => id === column.id)) falling.add(column.id);
  const isGone = (id: ObjectId): boolean => gone.some(unit => unit.id === id);
  for (const [now, then] of keptTables(script)) defaultsDropped(script, now, then, isGone);
  /** What it falls with. */
  const owners = new Map<ObjectId, readonly ObjectId[]>();
  for (const { id, fallsWith } of afterGraph.dependents) {
    const found = fallsWith.filter(one => one !== id && falling.has(one));
    if (found.length > 0) owners.set(id, [...(owners.get(id) ?? []), ...found]);
  }
  // what falls with another stands in its place: a function goes after the table whose trigger calls it
  const on = new Map(afterGraph.on);
  const inTheWay = keysInRings(gone);
  const fallsAnyway = (unit: Unit): boolean => {
    if (inTheWay.has(unit.id)) return false;
    const needs = [...(afterGraph.on.get(unit.id) ?? [])].filter(isGone);
    const units = (owners.get(unit.id) ?? []).map(afterGraph.unitOf).filter(isGone);
    for (const owner of units)
      on.set(owner, new Set([...(on.get(owner) ?? []), ...needs.filter(need => need !== owner)]));
    // a column goes later than what it would take along
    return units.length > 0 || (owners.has(unit.id) && needs.length === 0);
  };
  const fallen = new Set(gone.filter(unit => !rebuilt.has(unit.id) && fallsAnyway(unit)));
  sequencesFall(script, [...fallen], gone, on);
  const typesLast = (unit: Unit) =>
    unit.kind === 'object' && ['enum', 'domain', 'composite', 'range'].includes(unit.object.kind);
  for (const unit of [...ordered(gone, { ...afterGraph, on })].reverse()) {
    if (fallen.has(unit)) continue;
    const parent = leavesFirst(script, unit, isGone);
    if (parent && unit.kind === 'object' && isTable(unit.object))
      script.statements.push(`ALTER TABLE ${fullName(parent)} DETACH PARTITION ${fullName(unit.object)};`);
    const text = dropText(after, unit);
    // columns of the type may have to be changed first
    if (typesLast(unit) && columnsOfType(after, unit.id).some(id => !falling.has(afterGraph.unitOf(id))))
      dropTypeLast(script, unit);
    else if (isStoodOn(script, unit)) script.last.push(text);
    else script.statements.push(text);
    if (unit.kind === 'object' && isTable(unit.object) && !beforeUnits.has(unit.id) && !unit.object.partitionOf)
      script.notes.push({ kind: 'dataLost', says: `the rows of ${fullName(unit.object)} are lost` });
  }
}

/** A table whose defaults ask for another's own sequence goes before that; where it cannot, they go first. */
function sequencesFall(script: Script, fallen: readonly Unit[], gone: readonly Unit[], on: Standing): void {
  for (const { id, ...unit } of fallen) {
    if (unit.kind !== 'object' || unit.object.kind !== 'sequence' || !unit.object.ownedBy) continue;
    const owner = unit.object.ownedBy.table;
    for (const other of gone) {
      if (other.id === owner || !on.get(other.id)?.has(id)) continue;
      if (!standsOn(on, owner, other.id)) on.set(other.id, new Set([...(on.get(other.id) ?? []), owner]));
      else if (other.kind === 'object' && isTable(other.object))
        for (const { name, default: value } of other.object.columns)
          if (value?.refs.includes(id))
            script.statements.push(`ALTER TABLE ${fullName(other.object)} ALTER COLUMN ${quoted(name)} DROP DEFAULT;`);
    }
  }
}

type Standing = Map<ObjectId, ReadonlySet<ObjectId>>;

function standsOn(on: Standing, one: ObjectId, other: ObjectId): boolean {
  const reached = new Set<ObjectId>([one]);
  for (const id of reached) for (const need of on.get(id) ?? []) reached.add(need);
  return reached.has(other);
}

/** Foreign keys without which the tables that are dropped would hold each other in a ring: the newest of each. */
function keysInRings(gone: readonly Unit[]): ReadonlySet<ObjectId> {
  const tables = new Set(gone.filter(unit => unit.kind === 'object').map(({ id }) => id));
  const references = new Map<ObjectId, readonly { readonly key: ObjectId; readonly to: ObjectId }[]>();
  for (const unit of gone) {
    if (unit.kind !== 'constraint' || unit.part.kind !== 'foreignKey' || unit.part.table === unit.on.id) continue;
    if (!tables.has(unit.on.id) || !tables.has(unit.part.table)) continue;
    references.set(unit.on.id, [...(references.get(unit.on.id) ?? []), { key: unit.id, to: unit.part.table }]);
  }
  const released = new Set<ObjectId>();
  const reaches = (from: ObjectId, to: ObjectId): boolean => {
    const seen = new Set<ObjectId>([from]);
    for (const table of seen)
      for (const one of references.get(table) ?? []) if (!released.has(one.key)) seen.add(one.to);
    return seen.has(to);
  };
  const keys = [...references].flatMap(([from, all]) => all.map(({ key, to }) => ({ from, key, to })));
  for (const { from, key, to } of keys.sort((one, other) => other.key - one.key))
    if (reaches(to, from)) released.add(key);
  return released;
}

/** It makes room at once where one that it took the place of comes back under its name. */
function dropTypeLast({ after, before, statements, last }: Script, unit: Unit): void {
  if (unit.kind !== 'object' || !('schema' in unit.object)) return;
  const { schema, name, kind, id } = unit.object;
  const isTaken = (catalog: Catalog, by: string): boolean =>
    [...catalog.objects.values()].some(
      object => object.id !== id && 'schema' in object && object.schema === schema && object.name === by,
    );
  if (!isTaken(before, name)) {
    last.push(dropText(after, unit));
    return;
  }
  let aside = `${name}_new`;
  while (isTaken(after, aside) || isTaken(before, aside)) aside = `${aside}_new`;
  statements.push(`ALTER ${namedText(after, unit.object)} RENAME TO ${quoted(aside)};`);
  last.push(`DROP ${kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${fullName({ schema, name: aside })};`);
}

/** The table that a partition must leave before it can be dropped: a foreign key that stays references it as a whole. */
function leavesFirst({ after }: Script, unit: Unit, isGone: (id: ObjectId) => boolean): Table | undefined {
  const parentOf = (table: Table): Table | undefined => {
    const parent = table.partitionOf && after.objects.get(table.partitionOf.parent);
    return isTable(parent) ? parent : undefined;
  };
  const parent = unit.kind === 'object' && isTable(unit.object) ? parentOf(unit.object) : undefined;
  const above = new Set<ObjectId>();
  for (let one = parent; one; one = parentOf(one)) above.add(one.id);
  if (above.size === 0) return undefined;
  for (const table of after.objects.values())
    if (isTable(table) && table.id !== unit.id)
      for (const key of table.constraints)
        if (key.kind === 'foreignKey' && above.has(key.table) && !key.inherited && !isGone(key.id)) return parent;
  return undefined;
}

/** A schema into which something was moved, and an extension whose types columns may have got, are dropped when that is undone. */
function isStoodOn({ after, before }: Script, { id, ...unit }: Unit): boolean {
  if (unit.kind !== 'object' || (unit.object.kind !== 'schema' && unit.object.kind !== 'extension')) return false;
  const { kind, name } = unit.object;
  const others = [...before.objects.values()];
  if (others.some(object => object.kind === kind && object.name === name && object.id !== id)) return false;
  return (
    kind === 'extension' ||
    [...after.objects.values()].some(
      object => 'schema' in object && object.schema === name && before.objects.has(object.id),
    )
  );
}

/** The statement that drops it. */
function dropText(catalog: Catalog, unit: Unit): string {
  switch (unit.kind) {
    case 'object':
      return `DROP ${namedText(catalog, unit.object)};`;
    case 'constraint':
      return `ALTER TABLE ${fullName(unit.on)} DROP CONSTRAINT ${quoted(unit.part.name)};`;
    case 'index':
      return `DROP INDEX ${fullName({ schema: unit.on.schema, name: unit.part.name })};`;
    case 'trigger':
    case 'policy':
    case 'rule':
      return `DROP ${unit.kind.toUpperCase()} ${quoted(unit.part.name)} ON ${fullName(unit.on)};`;
  }
}
