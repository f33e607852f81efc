/** The names that PostgreSQL makes up, as its ChooseRelationName and ChooseConstraintName do. */

import { relationsOf } from './catalog';
import type { Tree } from './definition';
import type { Draft } from './draft';
import type { Column, Constraint, Index, ObjectId, Table, View } from './object';
import { outputName } from './outputName';

const LIMIT = 63;

const bytesOf = (text: string): number => {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
};

/** The longest beginning of `text` that has no more than so many bytes. */
function clipped(text: string, limit: number): string {
  let bytes = 0;
  let kept = '';
  for (const character of text) {
    bytes += bytesOf(character);
    if (bytes > limit) break;
    kept += character;
  }
  return kept;
}

/** `name1_name2_label`, the longer of the first two cut until all fits. */
export function madeUpName(first: string, second: string | undefined, label: string): string {
  const overhead = (label === '' ? 0 : label.length + 1) + (second === undefined ? 0 : 1);
  let firstBytes = bytesOf(first);
  let secondBytes = second === undefined ? 0 : bytesOf(second);
  while (firstBytes + secondBytes > LIMIT - overhead)
    if (firstBytes > secondBytes) firstBytes -= 1;
    else secondBytes -= 1;
  const parts = [clipped(first, firstBytes), ...(second === undefined ? [] : [clipped(second, secondBytes)])];
  return [...parts, ...(label === '' ? [] : [label])].join('_');
}

/** Numbered until nobody has it. */
function numbered(first: string, second: string | undefined, label: string, taken: (name: string) => boolean): string {
  let name = madeUpName(first, second, label);
  for (let number = 1; taken(name); number += 1) name = madeUpName(first, second, `${label}${number}`);
  return name;
}

/** For an index, a sequence or another relation. */
export function freeRelationName(
  draft: Draft,
  schema: string,
  first: string,
  second: string | undefined,
  label: string,
  isConstraint: boolean,
  reserved: ReadonlySet<string> = new Set(),
): string {
  const constraints = isConstraint ? constraintNames(draft, schema) : undefined;
  return numbered(
    first,
    second,
    label,
    name => reserved.has(name) || draft.taken('r', schema, name) || constraints?.has(name) === true,
  );
}

const LABELS: Partial<Readonly<Record<Constraint['kind'], string>>> = {
  primaryKey: 'pkey',
  unique: 'key',
  exclude: 'excl',
};

/**
 * For the copy of an index that a table gets from another: by what its columns were called when that was made.
 * @param taken  whether somebody has the name; as the draft says, where it is not given
 */
export function nameOfCopy(
  draft: Draft,
  { schema, name: first }: Pick<Table, 'schema' | 'name'>,
  { elements, include, includeNamed }: Index,
  constraint: Constraint['kind'] | undefined,
  columns: readonly Pick<Column, 'id' | 'name'>[],
  taken?: (name: string) => boolean,
): string {
  const nameOf = (column: ObjectId): string => columns.find(({ id }) => id === column)?.name ?? '';
  const named = [
    ...elements.map(({ column, expression, named: once }) => ({
      ...(column === undefined ? {} : { column: once ?? nameOf(column) }),
      ...(expression ? { expression: expression.tree } : {}),
    })),
    ...include.map((column, at) => ({ column: includeNamed?.[at] ?? nameOf(column) })),
  ];
  const label = (constraint && LABELS[constraint]) ?? 'idx';
  const second = label === 'pkey' ? undefined : columnsInName(named);
  const constraints = constraint && !taken ? constraintNames(draft, schema) : undefined;
  const isTaken = (name: string) => draft.taken('r', schema, name) || constraints?.has(name) === true;
  return numbered(first, second, label, taken ?? isTaken);
}

/** For statistics that are given none: by their columns, each expression being `expr`. */
export const freeStatisticsName = (
  draft: Draft,
  schema: string,
  table: string,
  columns: readonly (string | undefined)[],
): string =>
  numbered(table, clipped(columns.map(column => column ?? 'expr').join('_'), 4 * LIMIT), 'stat', name =>
    draft.taken('st', schema, name),
  );

/** For a constraint without an index. `reserved` are names of the same statement that are given already. */
export function freeConstraintName(
  draft: Draft,
  schema: string,
  first: string,
  second: string | undefined,
  label: string,
  reserved: ReadonlySet<string> = new Set(),
): string {
  const constraints = constraintNames(draft, schema);
  return numbered(first, second, label, name => constraints.has(name) || reserved.has(name));
}

function constraintNames(draft: Draft, schema: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const relation of relationsOf(draft))
    if (relation.schema === schema && relation.kind === 'table') addConstraintNames(relation, draft.version, names);
  for (const object of draft.objects.values())
    if (object.kind === 'domain' && object.schema === schema)
      for (const constraint of object.constraints) names.add(constraint.name);
  return names;
}

/** Those of the table; a NOT NULL has one since PostgreSQL 18. */
function addConstraintNames({ constraints, columns }: Table, version: number, names: Set<string>): void {
  for (const { name } of constraints) names.add(name);
  if (version < 18) return;
  for (const { notNullName, notNullMade } of columns) {
    const name = notNullName ?? notNullMade;
    if (name !== undefined) names.add(name);
  }
}

/** What stands for the columns in a name: `a_b`, an expression by the name of what computes it. */
export function columnsInName(
  elements: readonly { readonly column?: string; readonly expression?: Tree }[],
): string | undefined {
  const used: string[] = [];
  for (const element of elements) {
    const base = element.column ?? outputName(element.expression) ?? 'expr';
    let name = base;
    for (let number = 1; used.includes(name); number += 1)
      name = `${clipped(base, LIMIT - String(number).length)}${number}`;
    used.push(name);
  }
  return used.length === 0 ? undefined : clipped(used.join('_'), 4 * LIMIT);
}

/** Whether the relation has no constraint or index of that name: what a name given by hand needs. */
export const hasConstraint = (relation: Table | View, name: string): boolean =>
  relation.kind === 'table' && relation.constraints.some(constraint => constraint.name === name);
