/** What differs between two catalogs by the definition of *reversible*, in words for a message. */
import { type AspectedObject, aspectsOf, objectKey } from './aspects';
import { type Catalog, isTable, isView } from './catalog';
import type { CatalogObject } from './object';

export interface CatalogDifference {
  readonly kind: string;
  /** As people write it: without `public.`. */
  readonly name: string;
  /** The relation that it is a part of. */
  readonly parent?: string;
  /** `missing`: it was there before. `left`: it was not. */
  readonly change: 'missing' | 'left' | 'changed';
  /** What of it differs, where it is there in both. */
  readonly aspect?: string;
  /** Absent: there was none. */
  readonly before?: string;
  readonly after?: string;
  /** Shown, never deciding. */
  readonly soft: boolean;
}

/**
 * What of `before` is not so in `after`, the deciding first. What is assumed of an object, or not known of a table,
 * equals anything.
 */
export function compareCatalogs(before: Catalog, after: Catalog): readonly CatalogDifference[] {
  if (before.objects === after.objects) return [];
  const others = compared.get(before) ?? new WeakMap<Catalog, readonly CatalogDifference[]>();
  compared.set(before, others);
  const known = others.get(after);
  if (known) return known;
  const found = differencesBetween(before, after);
  others.set(after, found);
  return found;
}

/** Catalogs do not change, and the same two are asked for by the verdict, by what tells of the step and by the way back. */
const compared = new WeakMap<Catalog, WeakMap<Catalog, readonly CatalogDifference[]>>();

function differencesBetween(before: Catalog, after: Catalog): readonly CatalogDifference[] {
  const [old, fresh] = [[...before.objects.unlike(after.objects)], [...after.objects.unlike(before.objects)]];
  // an object that both have reads alike in both, unless something that it names is called otherwise
  const isRenamed = fresh.some(object => hasOtherName(object, before.objects.get(object.id)));
  const was = isRenamed ? aspectsOf(before) : aspectsOf(before, old, after);
  const is = isRenamed ? aspectsOf(after) : aspectsOf(after, fresh, before);
  const found: CatalogDifference[] = [];
  const gone = [...was.values()].filter(object => !is.has(objectKey(object)));
  const left = [...is.values()].filter(object => !was.has(objectKey(object)));
  for (const object of gone)
    if (!within(object, gone) && !object.assumed && !unknownIn(after, object, is)) found.push(whole(object, 'missing'));
  for (const object of left)
    if (!within(object, left) && !object.assumed && !unknownIn(before, object, was)) found.push(whole(object, 'left'));
  for (const object of was.values()) {
    const now = is.get(objectKey(object));
    if (now) found.push(...changes(object, now));
  }
  return found.sort((a, b) => Number(a.soft) - Number(b.soft) || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function hasOtherName(now: CatalogObject, then: CatalogObject | undefined): boolean {
  if (!then) return false;
  if (now.name !== then.name || ('schema' in now && 'schema' in then && now.schema !== then.schema)) return true;
  const parts = (one: CatalogObject) => (isTable(one) || isView(one) ? [...one.columns, ...one.indexes] : []);
  const names = new Map(parts(then).map(({ id, name }) => [id, name]));
  return parts(now).some(({ id, name }) => (names.get(id) ?? name) !== name);
}

/** Whether there are deciding ones. What is made where nothing goes is one, and needs no look at what it is. */
export function hasDecidingDifferences(before: Catalog, after: Catalog): boolean {
  if (before.objects === after.objects) return false;
  const isGone = [...before.objects.unlike(after.objects)].some(({ id }) => after.objects.get(id) === undefined);
  const isMade = [...after.objects.unlike(before.objects)].some(
    object => (isTable(object) || isView(object)) && !object.assumed && before.objects.get(object.id) === undefined,
  );
  return (isMade && !isGone) || decidingDifferences(before, after).length > 0;
}

/** The deciding ones alone. */
export const decidingDifferences = (before: Catalog, after: Catalog): readonly CatalogDifference[] =>
  compareCatalogs(before, after).filter(({ soft }) => !soft);

const whole = ({ kind, name, parent }: AspectedObject, change: 'missing' | 'left'): CatalogDifference => ({
  kind,
  name,
  ...(parent === undefined ? {} : { parent }),
  change,
  soft: false,
});

/** What falls with a relation that is gone itself goes without saying. */
const within = (object: AspectedObject, others: readonly AspectedObject[]): boolean =>
  object.parent !== undefined && others.some(({ name, parent }) => name === object.parent && parent === undefined);

/** A part of a table that is not known in full may be there unseen. */
function unknownIn(catalog: Catalog, object: AspectedObject, objects: ReadonlyMap<string, AspectedObject>): boolean {
  if (object.parent === undefined) return false;
  for (const kind of ['table', 'foreign table', 'view', 'materialized view']) {
    const parent = objects.get(`${kind} ${object.parent}`);
    const relation = parent ? catalog.objects.get(parent.id) : undefined;
    if (relation?.kind === 'table')
      return !relation.complete && relation.lacks?.includes(`${object.kind} ${object.own}`) !== true;
    if (relation) return relation.assumed === true;
  }
  return false;
}

function changes(was: AspectedObject, is: AspectedObject): readonly CatalogDifference[] {
  const found: CatalogDifference[] = [];
  for (const aspect of new Set([...was.aspects.keys(), ...is.aspects.keys()])) {
    const before = was.aspects.get(aspect);
    const after = is.aspects.get(aspect);
    if (before?.key === after?.key) continue;
    if (isUnknown(was, aspect) || isUnknown(is, aspect)) continue;
    found.push({
      kind: was.kind,
      name: was.name,
      ...(was.parent === undefined ? {} : { parent: was.parent }),
      change: 'changed',
      aspect,
      ...(before ? { before: before.words } : {}),
      ...(after ? { after: after.words } : {}),
      soft: (before ?? after)?.soft === true,
    });
  }
  return found;
}

const isUnknown = ({ assumed, told, aspects }: AspectedObject, aspect: string): boolean =>
  assumed && !aspects.has(aspect) && !told.includes(aspect);

/** One difference as a clause: `column orders.total is integer, was bigint`. */
export function describeDifference({ kind, name, change, aspect, before, after }: CatalogDifference): string {
  switch (change) {
    case 'missing':
      return `${kind} ${name} is not restored`;
    case 'left':
      return `${kind} ${name} is not dropped`;
    case 'changed':
      if (aspect === 'type' || aspect === 'nullability')
        return `${kind} ${name} is ${after ?? 'unknown'}, was ${before ?? 'unknown'}`;
      if (before === undefined) return `${kind} ${name} has the ${aspect} ${after} and had none`;
      if (after === undefined) return `${kind} ${name} has no ${aspect}, had ${before}`;
      return `${kind} ${name} comes back with the ${aspect} ${after} instead of ${before}`;
  }
}
