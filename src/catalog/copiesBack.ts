/** The names of what partitions have from their tables: the server makes copies anew, and names that it makes up. */
import { type Catalog, isTable, tablesOf } from './catalog';
import { Draft } from './draft';
import { nameOfCopy } from './names';
import { fullName, quoted } from './naming';
import type { Constraint, Index, ObjectId, Table } from './object';
import { isInline } from './print';
import type { Script } from './wayBack';

/** A copy that is to be called otherwise, as soon as all that makes it is made. */
export interface MisnamedCopy {
  readonly needs: readonly ObjectId[];
  readonly statement: string;
}

export function misnamedCopies(script: Script): readonly MisnamedCopy[] {
  const { before } = script;
  const draft = new Draft(before, 14);
  const madeUp = new Set<string>();
  const found: MisnamedCopy[] = [];
  for (const table of tablesOf(before)) {
    const parent = parentOf(before, table);
    if (!parent) continue;
    for (const index of table.indexes) {
      const whole = parent.indexes.find(({ id }) => id === index.parent);
      // the parts of one that is not whole are written one by one
      if (!whole || whole.invalid || stands(script, table, index)) continue;
      const key = table.constraints.find(({ id }) => id === index.constraint);
      const { root, on, tables } = rootOf(before, whole, parent, 'indexes');
      const isKept = stands(script, on, root);
      const name = nameOfCopy(draft, table, isKept ? root : asMadeNow(root), key?.kind, on.columns, madeUp, index.name);
      if (name === index.name) continue;
      madeUp.add(name);
      const rename = key
        ? `ALTER TABLE ${fullName(table)} RENAME CONSTRAINT ${quoted(name)} TO ${quoted(index.name)};`
        : `ALTER INDEX ${fullName({ schema: table.schema, name })} RENAME TO ${quoted(index.name)};`;
      found.push({ needs: [table.id, ...tables, madeWith(script, on, root)], statement: rename });
    }
    for (const key of table.constraints) {
      const whole = parent.constraints.find(({ id }) => id === key.parent);
      if (!whole || key.kind !== 'foreignKey' || stands(script, table, key)) continue;
      const { root, on, tables, nearest } = rootOf(before, whole, parent, 'constraints', one =>
        stands(script, one.on, one.part),
      );
      const { name } = nearest;
      if (name === key.name || table.constraints.some(one => one.name === name)) continue;
      found.push({
        needs: [table.id, ...tables, madeWith(script, on, root)],
        statement: `ALTER TABLE ${fullName(table)} RENAME CONSTRAINT ${quoted(name)} TO ${quoted(key.name)};`,
      });
    }
  }
  return found;
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
