/** An enum whose labels cannot be altered back is made anew, and with it the types that are made of it. */
import { type Catalog, isTable } from './catalog';
import { literal, typeText } from './definitionText';
import { textOf } from './deparse';
import { fullName, quoted } from './naming';
import type { CatalogObject, Column, ObjectId, Table, Type } from './object';
import { createTypeText, namedText } from './print';
import type { Script } from './wayBack';

type Enum = Extract<Type, { kind: 'enum' }>;

/** The labels as the renames that are behind us left them. */
function currentLabels(now: Enum, then: Enum): readonly string[] {
  if (now.labels.length !== then.labels.length) return now.labels;
  return now.labels.map((label, at) => {
    const was = then.labels[at] ?? label;
    return !then.labels.includes(label) && !now.labels.includes(was) ? was : label;
  });
}

const enumOf = (catalog: Catalog, id: ObjectId): Enum | undefined => {
  const object = catalog.objects.get(id);
  return object?.kind === 'enum' ? object : undefined;
};

/** Enums whose labels differ, then domains and composite types over them, each after what it is made of; as they were. */
export function typesAnew(after: Catalog, before: Catalog): ReadonlyMap<ObjectId, Type> {
  const anew = new Map<ObjectId, Type>();
  for (const then of before.objects.values()) {
    const now = then.kind === 'enum' ? enumOf(after, then.id) : undefined;
    if (then.kind === 'enum' && now && currentLabels(now, then).join('\0') !== then.labels.join('\0'))
      anew.set(then.id, then);
  }
  const uses = (object: CatalogObject | undefined): boolean =>
    (object?.kind === 'domain' && anew.has(object.type.id ?? 0)) ||
    (object?.kind === 'composite' && object.attributes.some(({ type }) => anew.has(type?.id ?? 0)));
  for (let size = 0; size !== anew.size; ) {
    size = anew.size;
    for (const then of before.objects.values())
      if (!anew.has(then.id) && uses(then) && uses(after.objects.get(then.id))) anew.set(then.id, then as Type);
  }
  return anew;
}

const oldName = ({ schema, name }: Type): string => fullName({ schema, name: `${name}_old` });

/** The former types beside those that are there, whose columns then pass from one to the other by way of text. */
export function makeAnew(script: Script): void {
  const { statements, before, anew, rebuilt, last } = script;
  for (const type of anew.values()) {
    statements.push(`ALTER ${namedText(before, type)} RENAME TO ${quoted(`${type.name}_old`)};`);
    statements.push(...createTypeText(before, type));
    // what is said of a type does not pass to another
    rebuilt.add(type.id);
  }
  for (const type of anew.values()) convertColumns(script, type);
  for (const type of anew.values()) if (type.kind === 'enum') noteLabels(script, type);
  for (const type of [...anew.values()].reverse())
    last.push(`DROP ${type.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${oldName(type)};`);
}

function convertColumns(script: Script, type: Type): void {
  const { statements, before, after } = script;
  for (const table of before.objects.values()) {
    const was = after.objects.get(table.id);
    if (!isTable(table) || !isTable(was)) continue;
    for (const column of table.columns) {
      const current = was.columns.find(({ id }) => id === column.id);
      if (column.type?.id !== type.id || current?.type?.id !== type.id || column.inherited) continue;
      sayWhatKeeps(script, table, column);
      const alter = `ALTER TABLE ${fullName(table)} ALTER COLUMN ${quoted(column.name)}`;
      const written = typeText(before, column.type);
      const through = column.type.dimensions > 0 ? 'text[]' : 'text';
      if (current.default) statements.push(`${alter} DROP DEFAULT;`);
      statements.push(`${alter} TYPE ${written} USING ${quoted(column.name)}::${through}::${written};`);
      // one that is given another default gets it with its table's other changes
      if (current.default && column.default) statements.push(`${alter} SET DEFAULT ${textOf(before, column.default)};`);
    }
  }
}

/** The server changes no type of a column that rows are parted by, or that another is computed from. */
function sayWhatKeeps({ obstacles }: Script, table: Table, column: Column): void {
  const name = `${fullName(table)}.${column.name}`;
  const isKey = table.partitionBy?.elements.some(
    ({ column: id, expression }) => id === column.id || expression?.refs.includes(column.id),
  );
  if (isKey) obstacles.push(`the type of ${name} cannot change: it is part of the partition key`);
  const computed = table.columns.find(({ generated }) => generated?.value.refs.includes(column.id));
  if (computed) obstacles.push(`the type of ${name} cannot change: ${computed.name} is computed from it`);
}

function noteLabels({ after, notes }: Script, then: Enum): void {
  const now = enumOf(after, then.id);
  const removed = now ? currentLabels(now, then).filter(label => !then.labels.includes(label)) : [];
  if (removed.length > 0)
    notes.push({
      kind: 'mayFail',
      says: `rows that hold ${removed.map(literal).join(' or ')} make it fail: give them another label first`,
    });
}
