/** The names of what partitions have from their tables: the server makes copies anew, and names that it makes up. */
import { type Catalog, isRelation, isTable, tablesOf } from './catalog';
import { Draft } from './draft';
import { nameOfCopy } from './names';
import { fullName, quoted } from './naming';
import type { Constraint, Index, ObjectId, Table } from './object';
import { isInline } from './print';
import { type Rename, renamesInOrder } from './renameOrder';
import type { Script } from './wayBack';

/** A copy that the server makes anew. */
export interface Copy {
  /** The tables that it comes down through, and what it is a copy of: it is there when they are all as they were. */
  readonly tables: readonly ObjectId[];
  readonly of: ObjectId;
  readonly id: ObjectId;
  readonly schema: string;
  readonly space: string;
  /** What it is to be called. */
  readonly name: string;
  /** What the server calls it. */
  called(taken: (name: string) => boolean): string;
  say(from: string, to: string): string;
}

export function copiesAnew(script: Script): readonly Copy[] {
  const { before } = script;
  const draft = new Draft(before, 14);
  const found: Copy[] = [];
  for (const table of tablesOf(before)) {
    const parent = parentOf(before, table);
    if (!parent) continue;
    const { schema } = table;
    for (const index of table.indexes) {
      const whole = parent.indexes.find(({ id }) => id === index.parent);
      // the parts of one that is not whole are written one by one
      if (!whole || whole.invalid || stands(script, table, index)) continue;
      const key = table.constraints.find(({ id }) => id === index.constraint);
      const { root, on, tables } = rootOf(before, whole, parent, 'indexes');
      const made = stands(script, on, root) ? root : asMadeNow(root);
      found.push({
        tables: [table.id, ...tables],
        of: madeWith(script, on, root),
        id: index.id,
        schema,
        space: `relations ${schema}`,
        name: index.name,
        called: taken => nameOfCopy(draft, table, made, key?.kind, on.columns, taken),
        say: (from, to) =>
          key
            ? `ALTER TABLE ${fullName(table)} RENAME CONSTRAINT ${quoted(from)} TO ${quoted(to)};`
            : `ALTER INDEX ${fullName({ schema, name: from })} RENAME TO ${quoted(to)};`,
      });
    }
    for (const key of table.constraints) {
      const whole = parent.constraints.find(({ id }) => id === key.parent);
      if (!whole || key.kind !== 'foreignKey' || stands(script, table, key)) continue;
      const { root, on, tables, nearest } = rootOf(before, whole, parent, 'constraints', one =>
        stands(script, one.on, one.part),
      );
      const { name } = nearest;
      if (table.constraints.some(one => one !== key && one.name === name)) continue;
      found.push({
        tables: [table.id, ...tables],
        of: madeWith(script, on, root),
        id: key.id,
        schema,
        space: `constraints ${table.id}`,
        name: key.name,
        called: () => name,
        say: (from, to) => `ALTER TABLE ${fullName(table)} RENAME CONSTRAINT ${quoted(from)} TO ${quoted(to)};`,
      });
    }
  }
  return found;
}

/**
 * Gives copies that are just made the names that they had.
 * @param isThere  whether the object or part has come back, under its name
 */
export function calledAsBefore(
  { before }: Script,
  copies: readonly Copy[],
  isThere: (id: ObjectId) => boolean,
): readonly string[] {
  if (copies.length === 0) return [];
  const held = namesHeld(before, isThere);
  const renames: Rename[] = [];
  for (const { schema, space, name, called, say } of copies) {
    const taken = (one: string) =>
      held.has(JSON.stringify([schema, one])) ||
      renames.some(({ from, spaces }) => from === one && spaces[0] === space);
    renames.push({ spaces: [space], from: called(taken), to: name, say });
  }
  return renamesInOrder(renames);
}

/** Names of relations and constraints with their schemas. */
function namesHeld({ objects }: Catalog, isThere: (id: ObjectId) => boolean): ReadonlySet<string> {
  const held = new Set<string>();
  for (const object of objects.values()) {
    if (!isRelation(object)) continue;
    const parts = object.kind === 'sequence' ? [] : object.indexes;
    for (const { id, name } of [object, ...parts, ...(isTable(object) ? object.constraints : [])])
      if (isThere(id)) held.add(JSON.stringify([object.schema, name]));
  }
  return held;
}

function parentOf(catalog: Catalog, { partitionOf }: Table): Table | undefined {
  const parent = partitionOf && catalog.objects.get(partitionOf.parent);
  return isTable(parent) ? parent : undefined;
}

/** It is there after the step, and is not made anew on the way back. */
function stands({ after, rebuilt }: Script, table: Table, part: Index | Constraint): boolean {
  const now = after.objects.get(table.id);
  const constraint = 'constraint' in part ? part.constraint : undefined;
  if (rebuilt.has(part.id) || (constraint !== undefined && rebuilt.has(constraint))) return false;
  return isTable(now) && [...now.indexes, ...now.constraints].some(({ id }) => id === part.id);
}

interface Root<Part> {
  readonly root: Part;
  readonly on: Table;
  /** The tables that it has come down through. */
  readonly tables: readonly ObjectId[];
  /** The first above that is called as it will be: the root, or a copy that stays. */
  readonly nearest: Part;
}

function rootOf<Part extends Index | Constraint>(
  catalog: Catalog,
  part: Part,
  on: Table,
  list: 'indexes' | 'constraints',
  isNamed: (one: { readonly part: Part; readonly on: Table }) => boolean = () => false,
): Root<Part> {
  const parent = parentOf(catalog, on);
  const parts = (parent?.[list] ?? []) as readonly Part[];
  const whole = parts.find(({ id }) => id === part.parent);
  if (!parent || !whole) return { root: part, on, tables: [on.id], nearest: part };
  const above = rootOf(catalog, whole, parent, list, isNamed);
  return { ...above, tables: [on.id, ...above.tables], nearest: isNamed({ part, on }) ? part : above.nearest };
}

/** The index as it is made on the way back: of columns as they are called then. */
function asMadeNow(index: Index): Index {
  const { includeNamed: _, ...rest } = index;
  return { ...rest, elements: index.elements.map(({ named: __, ...element }) => element) };
}

/** What makes it: its table, where it is written inside. */
function madeWith({ after }: Script, on: Table, part: Index | Constraint): ObjectId {
  const id = ('constraint' in part ? part.constraint : undefined) ?? part.id;
  const key = on.constraints.find(one => one.id === id);
  return key && !after.objects.has(on.id) && isInline(on, key) ? on.id : id;
}
