/** What differs between the schemas of two moments, told in words that name object, aspect, before and after. */
import { meaningOf } from '../sql/meaning';
import { type SchemaRow, type Snapshot, shortName } from './snapshot';

export interface Difference {
  readonly kind: string;
  /** As people write it: without `public.`. */
  readonly name: string;
  /** `missing`: it was there before. `left`: it was not. `renamed`: `after` is its name now. */
  readonly change: 'missing' | 'left' | 'renamed' | 'changed';
  /** What of it differs, where it is there in both. */
  readonly aspect?: string;
  /** Absent: there was none, a default for one. */
  readonly before?: string;
  readonly after?: string;
  /** Shown, never deciding. */
  readonly soft: boolean;
}

/**
 * What of `before` is not so in `after`. An object that is gone, or new, stands for all that belongs to it; one that has
 * another name and is else the same is renamed.
 */
export function compareSnapshots(before: Snapshot, after: Snapshot): readonly Difference[] {
  const [was, is] = [objectsOf(before), objectsOf(after)];
  const missing = [...was.values()].filter(object => !is.has(object.key));
  const left = [...is.values()].filter(object => !was.has(object.key));
  const renamed = renames(missing, left);
  const newNames = new Set(renamed.values());
  const found: Difference[] = [];
  for (const object of missing) {
    const { kind, name } = object;
    const to = renamed.get(object);
    if (to) found.push({ kind, name: shortName(name), change: 'renamed', after: ownName(to), soft: false });
    else if (!within(object, missing)) found.push({ kind, name: shortName(name), change: 'missing', soft: false });
  }
  for (const object of left)
    if (!newNames.has(object) && !within(object, left))
      found.push({ kind: object.kind, name: shortName(object.name), change: 'left', soft: false });
  for (const object of was.values()) {
    const now = is.get(object.key);
    if (now) found.push(...changes(object, now));
  }
  return found.sort(
    (one, other) =>
      Number(one.soft) - Number(other.soft) || compareText(one.name, other.name) || compareText(one.kind, other.kind),
  );
}

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** One difference as a sentence's part: `column orders.total: NOT NULL before, NULL after`. */
export function describe(difference: Difference): string {
  const { kind, name, change, aspect, before, after } = difference;
  switch (change) {
    case 'missing':
      return `${kind} ${name} is not restored`;
    case 'left':
      return `${kind} ${name} is left behind`;
    case 'renamed':
      return `${kind} ${name} comes back as ${after}`;
    case 'changed':
      if (aspect === 'nullability')
        return `${kind} ${name} was ${before ?? 'NULL'} and is ${after ?? 'NULL'} afterwards`;
      if (before === undefined) return `${kind} ${name} has the ${aspect} ${shown(after)}, which it had not before`;
      if (after === undefined) return `${kind} ${name} has lost its ${aspect} ${shown(before)}`;
      return `${aspect} of ${kind} ${name} was ${shown(before)} and is ${shown(after)} afterwards`;
  }
}

interface SchemaObject {
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly parent?: string;
  readonly aspects: Map<string, SchemaRow>;
}

function objectsOf(snapshot: Snapshot): ReadonlyMap<string, SchemaObject> {
  const objects = new Map<string, SchemaObject>();
  for (const row of snapshot) {
    const { kind, name, parent } = row;
    const key = `${kind} ${name}`;
    let object = objects.get(key);
    if (!object) {
      object = { key, kind, name, ...(parent === undefined ? {} : { parent }), aspects: new Map() };
      objects.set(key, object);
    }
    object.aspects.set(row.aspect, row);
  }
  return objects;
}

/** Whether what it belongs to is among the objects too, and speaks for it. */
function within({ parent, aspects }: SchemaObject, objects: readonly SchemaObject[]): boolean {
  const column = aspects.get('owner column')?.value;
  return objects.some(
    ({ name, parent: above }) => above === undefined && (name === parent || column?.startsWith(`${name}.`)),
  );
}

const RENAMED_KINDS = new Set(['constraint', 'index', 'trigger', 'policy']);

/** What hangs on the same relation and is the same but for its name. */
function renames(missing: readonly SchemaObject[], left: readonly SchemaObject[]): Map<SchemaObject, SchemaObject> {
  const found = new Map<SchemaObject, SchemaObject>();
  const free = new Set(left.filter(({ kind }) => RENAMED_KINDS.has(kind)));
  for (const object of missing) {
    if (!RENAMED_KINDS.has(object.kind)) continue;
    const twin = [...free].find(
      other => other.kind === object.kind && other.parent === object.parent && nameless(other) === nameless(object),
    );
    if (!twin) continue;
    free.delete(twin);
    found.set(object, twin);
  }
  return found;
}

/** A name on its relation, without it: `total_positive` of `total_positive on public.orders`. */
const ownName = ({ name, parent }: SchemaObject): string =>
  parent !== undefined && name.endsWith(` on ${parent}`) ? name.slice(0, -` on ${parent}`.length) : shortName(name);

function nameless(object: SchemaObject): string {
  const definition = object.aspects.get('definition')?.value ?? '';
  const own = ownName(object).replace(/^.*\./, '');
  return definition.replace(` ${own} `, ' ');
}

function changes(was: SchemaObject, is: SchemaObject): readonly Difference[] {
  const { kind, name } = was;
  const found: Difference[] = [];
  for (const aspect of new Set([...was.aspects.keys(), ...is.aspects.keys()])) {
    const [before, after] = [was.aspects.get(aspect), is.aspects.get(aspect)];
    if (before?.value === after?.value) continue;
    if (aspect === 'default' && before && after && areMomentsOfRun(before.value, after.value)) continue;
    const laidOut = before && after && aspect === 'definition' && sameTokens(before.value, after.value);
    found.push({
      kind,
      name: shortName(name),
      change: 'changed',
      aspect: laidOut ? 'layout' : aspect,
      ...(before ? { before: before.value } : {}),
      ...(after ? { after: after.value } : {}),
      soft: laidOut || (before ?? after)?.soft === true,
    });
  }
  return found;
}

/** A run takes no longer. */
const RUN_MS = 60 * 60_000;

/**
 * Whether two defaults are what the server makes of `DEFAULT 'now()'`: a constant, the moment of the statement. One statement
 * run twice gives two of them, which says nothing of the migration. They have parts of
 * a second, as what people write has not; a column whose type has changed keeps the moment in the type that it had.
 */
function areMomentsOfRun(one: string, other: string): boolean {
  const [first, second] = [one, other].map(value => {
    const [, day, time] = /^\(?'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{1,6})(?:[+-][\d:]+)?'::time/.exec(value) ?? [];
    return day === undefined ? Number.NaN : Date.parse(`${day}T${time}Z`);
  });
  return first !== undefined && second !== undefined && Math.abs(first - second) < RUN_MS;
}

/** Whether two definitions say the same but for their white space and comments, in the bodies of functions too. */
function sameTokens(one: string, other: string): boolean {
  return meaningOf(one) === meaningOf(other);
}

/** A value on one line, as far as it fits. */
function shown(value: string | undefined): string {
  const line = shortName(value ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > 160 ? `${line.slice(0, 157)}…` : line;
}
