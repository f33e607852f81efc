/** Renames and moves of what is there before and after a step. */
import { parentsThroughout } from './alterBack';
import { isTable, isView } from './catalog';
import { argumentTypes } from './draft';
import { labelsRenamed } from './enumLabels';
import { madeUpName } from './names';
import { fullName, quoted } from './naming';
import type { CatalogObject, Table, View } from './object';
import { namedText } from './print';
import { type Rename, renamesInOrder } from './renameOrder';
import type { Script } from './wayBack';

/** Objects first: their parts are then named by them. */
export function renamesBack(script: Script): void {
  const { after, before, statements, rebuilt } = script;
  objectsBack(script);
  const parts: Rename[] = [];
  for (const now of after.objects.values()) {
    const then = before.objects.get(now.id);
    if (then && !rebuilt.has(now.id) && (isTable(now) || isView(now)) && (isTable(then) || isView(then)))
      parts.push(...partsBack(script, now, then));
  }
  statements.push(...renamesInOrder(parts));
  for (const now of after.objects.values()) {
    const then = before.objects.get(now.id);
    if (now.kind !== 'enum' || then?.kind !== 'enum') continue;
    for (const [label, was] of labelsRenamed(now, then))
      statements.push(`ALTER TYPE ${fullName(then)} RENAME VALUE ${literalOf(label)} TO ${literalOf(was)};`);
  }
}

const literalOf = (label: string): string => `'${label.replaceAll("'", "''")}'`;

/** An object whose name or schema is not yet as it was. */
interface Moved {
  now: CatalogObject;
  readonly then: CatalogObject;
  /** It has made room for others, under a name that is nobody's. */
  isAside?: true;
}

function objectsBack(script: Script): void {
  const { after, before, statements, rebuilt } = script;
  const waiting: Moved[] = [];
  const taken = new Set<string>();
  // what a function is named by has the name that it has by then
  let standing = after.objects;
  for (const now of after.objects.values()) {
    const then = before.objects.get(now.id);
    if (!then || rebuilt.has(now.id) || (now.kind === 'sequence' && now.identity)) continue;
    const moved = { now: movedAlong(script, now, then), then };
    taken.add(placeOf(moved.now));
    if (moved.now !== now) standing = standing.with(now.id, moved.now);
    if (stepsOf(moved).length > 0) waiting.push(moved);
  }
  const nextOf = (one: Moved): CatalogObject | undefined => stepsOf(one).find(to => !taken.has(placeOf(to)));
  while (waiting.length > 0) {
    const free = waiting.find(nextOf);
    const one = free ?? waiting.find(({ isAside }) => !isAside) ?? waiting[0];
    if (!one) break;
    const aside = { ...one.now, name: madeUpName(one.then.name, undefined, 'meanwhile') } as CatalogObject;
    const to = nextOf(one) ?? (one.isAside ? stepsOf(one)[0] : aside) ?? one.then;
    const text = `ALTER ${namedText({ ...after, objects: standing }, one.now)}`;
    if (schemaOf(to) !== schemaOf(one.now)) statements.push(`${text} SET SCHEMA ${quoted(schemaOf(to) ?? 'public')};`);
    else statements.push(`${text} RENAME TO ${quoted(to.name)};`);
    taken.delete(placeOf(one.now));
    taken.add(placeOf(to));
    one.now = to;
    standing = standing.with(to.id, to);
    if (!free) one.isAside = true;
    if (stepsOf(one).length === 0) waiting.splice(waiting.indexOf(one), 1);
  }
}

/** It moves to the former schema, then gets its former name; the other way round where that is taken. */
function stepsOf({ now, then }: Moved): readonly CatalogObject[] {
  const schema = schemaOf(then);
  const moved = schema !== schemaOf(now) ? [{ ...now, schema } as CatalogObject] : [];
  const renamed = now.name !== then.name && now.kind !== 'other' ? [{ ...now, name: then.name } as CatalogObject] : [];
  return [...moved, ...renamed];
}

const schemaOf = (object: CatalogObject): string | undefined =>
  'schema' in object && object.kind !== 'extension' ? object.schema : undefined;

const RELATIONS: readonly string[] = ['table', 'view', 'materializedView', 'sequence'];
const TYPES: readonly string[] = ['enum', 'domain', 'composite', 'range'];

/** Where no other can be. Functions of one name may differ in their arguments. */
function placeOf(object: CatalogObject): string {
  const { kind } = object;
  const space = RELATIONS.includes(kind) ? 'r' : TYPES.includes(kind) ? 't' : kind;
  const told = kind === 'routine' ? argumentTypes(object.parameters) : kind === 'other' ? object.identity : '';
  return JSON.stringify([space, schemaOf(object), object.name, told]);
}

/** As it stands when its schema has its name back, or the table that it belongs to. */
function movedAlong({ after, before }: Script, now: CatalogObject, then: CatalogObject): CatalogObject {
  const schema = schemaOf(then);
  if (schema === undefined || schemaOf(now) === schema) return now;
  const renamed = [...before.objects.values()].some(
    one => one.kind === 'schema' && one.name === schema && after.objects.get(one.id)?.name === schemaOf(now),
  );
  const follows = now.kind === 'sequence' && now.ownedBy && after.objects.has(now.ownedBy.table);
  return renamed || follows ? ({ ...now, schema } as CatalogObject) : now;
}

function partsBack({ before, after, rebuilt }: Script, now: Table | View, then: Table | View): readonly Rename[] {
  const on = fullName(then);
  const found: Rename[] = [];
  const renamed = <Part extends { readonly id: number; readonly name: string }>(
    parts: readonly Part[],
    old: readonly Part[],
    spaces: (part: Part) => readonly string[],
    text: (from: string, to: string) => string,
  ) => {
    for (const part of parts) {
      const was = old.find(({ id }) => id === part.id);
      if (!was || was.name === part.name || rebuilt.has(part.id)) continue;
      found.push({
        spaces: spaces(part),
        from: part.name,
        to: was.name,
        say: (from, to) => text(from, quoted(to)),
      });
    }
  };
  const own = (kind: string) => () => [`${kind} ${now.id}`];
  const relations = `relations ${then.schema}`;
  const table = isTable(now) ? 'TABLE' : now.kind === 'view' ? 'VIEW' : 'MATERIALIZED VIEW';
  const follows = isTable(now) && parentsThroughout({ after, before }, now).length > 0;
  renamed(
    now.columns.filter(column => !(column.inherited && follows)),
    then.columns,
    own('columns'),
    (from, to) => `ALTER ${table} ${on} RENAME COLUMN ${quoted(from)} TO ${to};`,
  );
  renamed(
    now.indexes.filter(index => index.constraint === undefined),
    then.indexes,
    () => [relations],
    (from, to) => `ALTER INDEX ${fullName({ schema: then.schema, name: from })} RENAME TO ${to};`,
  );
  renamed(
    now.triggers.filter(one => one.parent === undefined),
    then.triggers,
    own('triggers'),
    (from, to) => `ALTER TRIGGER ${quoted(from)} ON ${on} RENAME TO ${to};`,
  );
  renamed(now.rules, then.rules, own('rules'), (from, to) => `ALTER RULE ${quoted(from)} ON ${on} RENAME TO ${to};`);
  if (!isTable(now) || !isTable(then)) return found;
  renamed(
    // a partition's keys have names of their own
    now.constraints.filter(one => !one.inherited || one.kind !== 'check'),
    then.constraints,
    part => [`constraints ${now.id}`, ...('index' in part ? [relations] : [])],
    (from, to) => `ALTER TABLE ${on} RENAME CONSTRAINT ${quoted(from)} TO ${to};`,
  );
  renamed(
    now.policies,
    then.policies,
    own('policies'),
    (from, to) => `ALTER POLICY ${quoted(from)} ON ${on} RENAME TO ${to};`,
  );
  return found;
}
