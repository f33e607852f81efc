/**
 * Indexes of partitioned tables whose partitions do not all have a part of them: made ON ONLY the table, then attached part by
 * part. The server gives every partition that comes to the table a part by itself, and takes none off again: where a part is to
 * be off, the whole index is made anew.
 */
import { samePlace } from './alterBack';
import { type Catalog, isTable, tablesOf } from './catalog';
import { fullName } from './naming';
import type { Constraint, Index, ObjectId, Table, View } from './object';
import { addConstraintText, createIndexText } from './print';
import type { Script } from './wayBack';

/** Of both, and to be made anew, since on the way back a partition would keep or get a part that it did not have. */
export function indexesParted(script: Script): ReadonlySet<ObjectId> {
  const { after, before } = script;
  const found = new Set<ObjectId>();
  // a constraint's is made with it
  const add = (index: Index | undefined) => index && found.add(index.constraint ?? index.id);
  for (const then of tablesOf(before)) {
    const parent = then.partitionOf && before.objects.get(then.partitionOf.parent);
    if (!isTable(parent)) continue;
    const now = after.objects.get(then.id);
    const stays = isTable(now) && samePlace(now, then);
    for (const index of parent.indexes)
      if (index.invalid && !stays && !then.indexes.some(one => one.parent === index.id)) add(rootOf(before, index));
    if (stays)
      for (const { id, parent: whole } of now.indexes) {
        const was = then.indexes.find(one => one.id === id);
        if (whole !== undefined && was && was.parent === undefined) add(rootOf(after, whole));
      }
  }
  return found;
}

function rootOf(catalog: Catalog, part: ObjectId | Index): Index | undefined {
  const index =
    typeof part === 'object'
      ? part
      : tablesOf(catalog)
          .flatMap(({ indexes }) => indexes)
          .find(({ id }) => id === part);
  return index?.parent === undefined ? index : (rootOf(catalog, index.parent) ?? index);
}

/** What is there of the indexes on partitions, and below. */
export function partsOf(catalog: Catalog, roots: ReadonlySet<ObjectId>): ReadonlySet<ObjectId> {
  const wholes = new Set(roots);
  for (const { indexes } of tablesOf(catalog))
    for (const { id, constraint } of indexes) if (constraint !== undefined && roots.has(constraint)) wholes.add(id);
  const found = new Set<ObjectId>();
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { indexes } of tablesOf(catalog))
      for (const { id, parent, constraint } of indexes)
        if (parent !== undefined && (wholes.has(parent) || found.has(parent))) {
          found.add(id);
          if (constraint !== undefined) found.add(constraint);
        }
  }
  return found;
}

/** The index, or the key that it is of, and where it is not on every partition, its parts one by one. */
export function createIndexTexts(catalog: Catalog, on: Table | View, index: Index): readonly string[] {
  const key = isTable(on) ? on.constraints.find(({ id }) => id === index.constraint) : undefined;
  const text = key && isTable(on) ? addConstraintText(catalog, on, key) : createIndexText(catalog, on, index);
  if (!index.invalid) return [text];
  const partitions = tablesOf(catalog).filter(({ partitionOf }) => partitionOf?.parent === on.id);
  // without partitions it would be whole; those that it was made beside are gone
  if (partitions.length === 0 && isTable(on)) return besidePartition(on, text);
  const texts = [text];
  const whole = fullName({ schema: on.schema, name: index.name });
  for (const table of partitions)
    for (const part of table.indexes)
      if (part.parent === index.id)
        texts.push(
          ...createIndexTexts(catalog, table, part),
          `ALTER INDEX ${whole} ATTACH PARTITION ${fullName({ schema: table.schema, name: part.name })};`,
        );
  return texts;
}

/** The constraint; a key with its parts, as an index has them. */
export function createKeyTexts(catalog: Catalog, on: Table, constraint: Constraint): readonly string[] {
  const index = 'index' in constraint ? on.indexes.find(({ id }) => id === constraint.index) : undefined;
  return index?.invalid ? createIndexTexts(catalog, on, index) : [addConstraintText(catalog, on, constraint)];
}

function besidePartition(on: Table, text: string): readonly string[] {
  const bound = on.partitionBy?.strategy === 'hash' ? 'FOR VALUES WITH (MODULUS 1, REMAINDER 0)' : 'DEFAULT';
  const partition = fullName({ schema: on.schema, name: `${on.name}_meanwhile` });
  return [
    `CREATE TABLE ${partition} PARTITION OF ${fullName(on)} ${bound};`,
    text,
    `ALTER TABLE ${fullName(on)} DETACH PARTITION ${partition};`,
    `DROP TABLE ${partition};`,
  ];
}
