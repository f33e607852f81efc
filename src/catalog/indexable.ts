/** What an index holds, and can hold: the types that its operator classes are for. What is not known may be held. */
import { columnNames } from './catalog';
import { type Draft, type Refusal, refuse } from './draft';
import { columnsInName } from './names';
import type { Bound, DataType, Index, KeyElement, ObjectId, Table, View } from './object';
import { isFields, strings, walk } from './tree';
import { isBuiltIn, isCollatable } from './types';

/** The operator classes that people name, with the types that they are for. */
const CLASSES: Readonly<Record<string, readonly string[]>> = {
  text_ops: ['text', 'character varying'],
  text_pattern_ops: ['text', 'character varying'],
  varchar_ops: ['text', 'character varying'],
  varchar_pattern_ops: ['text', 'character varying'],
  bpchar_ops: ['character'],
  bpchar_pattern_ops: ['character'],
  jsonb_ops: ['jsonb'],
  jsonb_path_ops: ['jsonb'],
  inet_ops: ['inet', 'cidr'],
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(', '));

const PLACES = 'box, circle, line, lseg, path, point, polygon';

/**
 * Types that a method has a class of its own for, or has none for, as pg_opclass has it where `opcdefault`; arrays and ranges
 * are apart.
 */
interface Method {
  readonly for?: ReadonlySet<string>;
  readonly notFor?: ReadonlySet<string>;
  readonly arrays: boolean;
}

const METHODS: Readonly<Record<string, Method>> = {
  btree: {
    notFor: words(`${PLACES}, json, xml, jsonpath, aclitem, cid, xid, pg_snapshot, txid_snapshot, refcursor`),
    arrays: true,
  },
  hash: {
    notFor: words(
      `${PLACES}, json, xml, jsonpath, tsvector, tsquery, money, bit, bit varying, pg_snapshot, txid_snapshot, refcursor`,
    ),
    arrays: true,
  },
  gin: { for: words('jsonb, tsvector'), arrays: true },
  gist: { for: words('box, circle, point, polygon, tsquery, tsvector'), arrays: false },
  spgist: { for: words('box, cidr, inet, point, polygon, text, character varying'), arrays: false },
  brin: {
    notFor: words(
      'circle, line, lseg, path, point, polygon, boolean, json, jsonb, jsonpath, xml, money, tsquery, tsvector',
    ),
    arrays: false,
  },
};

const RANGE = /(?:range|multirange)$/;

/** What a type is at the bottom of its domains; undefined where that is not known. */
function bottomOf(draft: Draft, type: DataType): DataType | undefined {
  if (type.dimensions > 0) return type;
  if (type.id === undefined) return isBuiltIn(type.name) ? type : undefined;
  const own = draft.get(type.id);
  return own?.kind === 'domain' ? bottomOf(draft, own.type) : type;
}

/** Why an index cannot hold values of that type in the way that is written for them. */
export function unfitElement(
  draft: Draft,
  { opclass, collation }: Pick<KeyElement, 'opclass' | 'collation'>,
  type: DataType | undefined,
): Refusal | undefined {
  const bottom = type && bottomOf(draft, type);
  if (!bottom) return undefined;
  const accepted = opclass === undefined ? undefined : CLASSES[opclass];
  if (accepted && (bottom.dimensions > 0 || !accepted.includes(bottom.name)))
    return refuse('invalid', `operator class ${opclass} does not accept type ${bottom.name}`);
  const isCollated = bottom.id === undefined && isCollatable(bottom);
  return collation === undefined || isCollated
    ? undefined
    : refuse('invalid', `collations are not supported by type ${bottom.name}`);
}

/** Why an index cannot hold a column once it is of that type. */
export function unfitColumn(draft: Draft, index: Index, column: number, type: DataType): Refusal | undefined {
  for (const element of index.elements) {
    if (element.expression && isJoinedOn(element.expression, column) && isWrittenOut(draft, type))
      return refuse('invalid', `the expression of index ${index.name} would not be immutable`);
    if (element.column !== column) continue;
    const { opclass, ...kept } = element;
    // one that the server takes by itself is not kept with what was written
    const isDefault = opclass === undefined || /^(?:text|bpchar|jsonb)_ops$/.test(opclass);
    const refused = unfitElement(draft, isDefault ? kept : element, type);
    if (refused) return refused;
    if (isDefault && !hasClass(draft, index.method, type))
      return refuse('invalid', `type ${type.name} has no default operator class for ${index.method}`);
  }
  return undefined;
}

/** `note || 'x'`. */
function isJoinedOn({ tree }: Bound, column: ObjectId): boolean {
  let found = false;
  walk(tree, (key, node) => {
    if (key !== 'A_Expr' || strings(node.name).at(-1) !== '||') return;
    found ||= [node.lexpr, node.rexpr].some(side => {
      const reference = isFields(side) ? side.ColumnRef : undefined;
      return isFields(reference) && reference.$id === column;
    });
  });
  return found;
}

/** What `||` joins to a text by writing it out, which settings of the session may change. */
function isWrittenOut(draft: Draft, type: DataType): boolean {
  const bottom = bottomOf(draft, type);
  if (!bottom || bottom.dimensions > 0) return false;
  return bottom.id === undefined ? WRITTEN_OUT.has(bottom.name) : draft.get(bottom.id)?.kind === 'enum';
}

const WRITTEN_OUT = words(
  'smallint, integer, bigint, numeric, real, double precision, boolean, date, timestamp without time zone, timestamp with time zone, uuid',
);

/**
 * Methods for which btree_gin, btree_gist, pg_trgm and their like bring classes of most types. They are often installed by
 * somebody who may, and not by a migration.
 */
const EXTENDED: ReadonlySet<string> = new Set(['gin', 'gist']);

/** Why an index cannot hold the columns that it is on. */
export function unfitIndex(draft: Draft, index: Index, on: Table | View): Refusal | undefined {
  if (draft.dialect !== undefined || EXTENDED.has(index.method)) return undefined;
  for (const { column, opclass } of index.elements) {
    const type = opclass === undefined ? on.columns.find(({ id }) => id === column)?.type : undefined;
    if (type && !hasClass(draft, index.method, type))
      return refuse('invalid', `type ${type.name} has no default operator class for ${index.method}`);
  }
  return undefined;
}

function hasClass(draft: Draft, method: string, type: DataType): boolean {
  const known = METHODS[method];
  const bottom = bottomOf(draft, type);
  return !known || !bottom || hasOwnClass(draft, method, known, bottom) || mayHaveOthers(draft);
}

function hasOwnClass(draft: Draft, method: string, known: Method, bottom: DataType): boolean {
  if (bottom.dimensions > 0) return known.arrays;
  const own = bottom.id === undefined ? undefined : draft.get(bottom.id)?.kind;
  if (own === 'range' || (own === undefined && RANGE.test(bottom.name))) return method !== 'gin';
  if (own !== undefined) return method === 'btree' || method === 'hash';
  return known.for ? known.for.has(bottom.name) : !known.notFor?.has(bottom.name);
}

/** Extensions bring classes, and people make them. */
function mayHaveOthers(draft: Draft): boolean {
  if (!draft.complete) return true;
  for (const { kind, ...object } of draft.objects.values())
    if (kind === 'extension' || (kind === 'other' && 'what' in object && object.what === 'operator class')) return true;
  return false;
}

/** Nothing is stored of a virtual column, so that nothing can be looked up. */
export const isVirtual = (table: Table | View, columns: readonly ObjectId[]): boolean =>
  table.columns.some(({ id, generated }) => generated?.stored === false && columns.includes(id));

/** Every column that an index reads: its own, those of its expressions and of its condition, and what it includes. */
export const columnsRead = (
  elements: readonly KeyElement[],
  include: readonly ObjectId[],
  where: Bound | undefined,
): readonly ObjectId[] => [
  ...include,
  ...elements.flatMap(({ column, expression }) => (column === undefined ? (expression?.refs ?? []) : [column])),
  ...(where?.refs ?? []),
];

/** The part of a made-up name that tells what an index is on. */
export function elementsInName(
  table: Table | View,
  elements: readonly KeyElement[],
  include: readonly ObjectId[],
): string | undefined {
  const named = elements.map(({ column, expression }) => ({
    ...(column === undefined ? {} : { column: columnNames(table, [column])[0] ?? '' }),
    ...(expression ? { expression: expression.tree } : {}),
  }));
  return columnsInName([...named, ...columnNames(table, include).map(column => ({ column }))]);
}
