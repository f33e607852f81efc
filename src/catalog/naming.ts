/** From identities back to names: expressions as they read now, and in the form in which two of them are compared. */
import { type Catalog, isTable, isView } from './catalog';
import type { Tree } from './definition';
import { normal } from './normalTree';
import type { Bound, CatalogObject, ObjectId } from './object';
import { type Fields, mapTree } from './tree';

export interface CurrentName {
  readonly schema?: string;
  readonly name: string;
}

const known = new WeakMap<Catalog['objects'], ReadonlyMap<ObjectId, CurrentName>>();

/** The name of every object and column of a catalog. */
export function namesIn(catalog: Catalog): ReadonlyMap<ObjectId, CurrentName> {
  const before = known.get(catalog.objects);
  if (before) return before;
  const names = new Map<ObjectId, CurrentName>();
  for (const object of catalog.objects.values()) {
    names.set(object.id, named(object));
    if (isTable(object) || isView(object)) {
      for (const column of object.columns) names.set(column.id, { name: column.name });
      for (const index of object.indexes) names.set(index.id, { schema: object.schema, name: index.name });
    }
  }
  known.set(catalog.objects, names);
  return names;
}

const named = (object: CatalogObject): CurrentName => ({
  ...('schema' in object && object.schema !== undefined ? { schema: object.schema } : {}),
  name: object.name,
});

const text = (value: string): Fields => ({ String: { sval: value } });

/**
 * The expression's tree with the names that its objects have now. Schemas other than `public` are written.
 * @param tellsOwner a column that is written alone says whose it is, in `$of`
 */
export function currentTree(catalog: Catalog, bound: Bound, tellsOwner = false): Tree {
  const names = namesIn(catalog);
  const schemaOf = (name: CurrentName) =>
    name.schema === undefined || name.schema === 'public' ? undefined : name.schema;
  return mapTree(bound.tree, (key, value) => {
    const id = value.$id;
    const name = typeof id === 'number' ? names.get(id) : undefined;
    if (name === undefined || typeof id !== 'number') return value;
    const { $id: _, ...rest } = value;
    switch (key) {
      case 'ColumnRef': {
        const table = typeof rest.$table === 'number' ? names.get(rest.$table)?.name : undefined;
        const { $table: __, $of: ___, ...reference } = rest;
        const fields = Array.isArray(reference.fields) ? [...reference.fields] : [];
        if (table !== undefined && fields.length > 1) fields.splice(0, fields.length - 1, text(table));
        fields[fields.length - 1] = text(name.name);
        const of = typeof rest.$of === 'number' ? names.get(rest.$of)?.name : rest.$of;
        return { ...reference, fields, ...(tellsOwner && of !== undefined ? { $of: of } : {}) };
      }
      case 'ResTarget':
      case 'IndexElem':
        return { ...rest, name: name.name };
      case 'FuncCall':
      case 'CreateEventTrigStmt':
        return { ...rest, funcname: qualified(name) };
      case 'func':
        return { ...rest, objname: qualified(name) };
      case 'typeName':
      case 'TypeName':
      case 'argType':
      case 'sourcetype':
      case 'targettype':
        return { ...rest, names: qualified(name) };
      case 'TypeCast': {
        // a sequence by its name
        const schema = schemaOf(name);
        const sval = `${schema === undefined ? '' : `${quoted(schema)}.`}${quoted(name.name)}`;
        return { ...rest, arg: { A_Const: { sval: { sval } } } };
      }
      default: {
        const { schemaname: __, ...relation } = rest;
        const schema = schemaOf(name);
        return { ...relation, relname: name.name, ...(schema === undefined ? {} : { schemaname: schema }) };
      }
    }
  }) as Tree;
}

const qualified = ({ schema, name }: CurrentName): readonly Fields[] =>
  schema === undefined || schema === 'public' ? [text(name)] : [text(schema), text(name)];

/** A name as SQL writes it. */
export const quoted = (name: string): string =>
  /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

const RESERVED = new Set(
  'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references returning select session_user some symmetric system_user table then to trailing true union unique user using variadic when where window with authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like natural notnull outer overlaps right similar tablesample verbose between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer interval least national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value merge_action'.split(
    ' ',
  ),
);

export const fullName = ({ schema, name }: CurrentName): string =>
  schema === undefined || schema === 'public' || schema === 'pg_temp'
    ? quoted(name)
    : `${quoted(schema)}.${quoted(name)}`;

const keys = new WeakMap<Catalog['objects'], WeakMap<Bound, string>>();

/**
 * What two expressions that mean the same have in common: the tree with present names, without places, casts that the
 * server adds by itself, and the two ways of writing what `normalTree.ts` knows.
 */
export function keyOf(catalog: Catalog, bound: Bound): string {
  if (bound.refs.length === 0) return keyOfNameless(bound);
  let cache = keys.get(catalog.objects);
  if (!cache) {
    cache = new WeakMap();
    keys.set(catalog.objects, cache);
  }
  const before = cache.get(bound);
  if (before !== undefined) return before;
  const key = JSON.stringify(mapTree(currentTree(catalog, bound, true), normal), omitted);
  cache.set(bound, key);
  return key;
}

const nameless = new WeakMap<Bound, string>();

/** What names nothing of the catalog reads alike in all of them: most defaults do. */
function keyOfNameless(bound: Bound): string {
  const known = nameless.get(bound);
  if (known !== undefined) return known;
  const key = JSON.stringify(mapTree(bound.tree, normal), omitted);
  nameless.set(bound, key);
  return key;
}

const LEFT_OUT = new Set([
  'location',
  'funcformat',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
  '$id',
  '$table',
  '$of',
]);

const omitted = (key: string, value: unknown): unknown => (LEFT_OUT.has(key) ? undefined : value);
