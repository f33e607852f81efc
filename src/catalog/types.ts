/** PostgreSQL's built-in types under the one name that the server itself shows. */

const SHOWN: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  bpchar: 'character',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
  varbit: 'bit varying',
  decimal: 'numeric',
  char: '"char"',
};

const OTHERS = new Set(
  'numeric text bytea date interval uuid json jsonb xml bit money inet cidr macaddr macaddr8 point line lseg box path polygon circle tsvector tsquery jsonpath oid regclass regproc regprocedure regtype regrole regnamespace regconfig regdictionary regoper regoperator regcollation name xid xid8 cid tid pg_lsn txid_snapshot pg_snapshot int4range int8range numrange tsrange tstzrange daterange int4multirange int8multirange nummultirange tsmultirange tstzmultirange datemultirange record void trigger event_trigger cstring internal anyelement anyarray anynonarray anyenum anyrange anymultirange anycompatible anycompatiblearray anycompatiblenonarray anycompatiblerange anycompatiblemultirange refcursor int2vector oidvector aclitem language_handler fdw_handler index_am_handler table_am_handler tsm_handler any'.split(
    ' ',
  ),
);

/** The server's name for a built-in type, by its internal name; undefined for any other type. */
export function builtInType(internal: string): string | undefined {
  return SHOWN[internal] ?? (OTHERS.has(internal) ? internal : undefined);
}

const SHOWN_NAMES = new Set(Object.values(SHOWN));

/** Whether this is a name that the server shows for a type of its own. */
export const isBuiltIn = (name: string): boolean => SHOWN_NAMES.has(name) || OTHERS.has(name);

/** Whether values of a built-in type are compared by a collation. */
export const isCollatable = ({ name }: { readonly name: string }): boolean =>
  ['text', 'character varying', 'character', 'name'].includes(name);

/** Types that extensions bring, where one of them brings it alone. */
const OF_EXTENSIONS: Readonly<Record<string, readonly string[]>> = {
  citext: ['citext'],
  cube: ['cube'],
  hstore: ['hstore'],
  intarray: ['query_int'],
  isn: ['ean13', 'isbn', 'isbn13', 'ismn', 'ismn13', 'issn', 'issn13', 'upc'],
  ltree: ['ltree', 'lquery', 'ltxtquery'],
  postgis: ['geometry', 'geography', 'box2d', 'box3d'],
  seg: ['seg'],
  vector: ['vector', 'halfvec', 'sparsevec'],
};

/** The name of each type that the extension brings. */
export const typesOfExtension = (extension: string): readonly string[] => OF_EXTENSIONS[extension] ?? [];

/** What `name` means where modifiers can change it: `character varying(20)`, `timestamp(3) without time zone`. */
export function typeInWords(type: {
  readonly name: string;
  readonly schema?: string;
  readonly modifiers: readonly string[];
  readonly dimensions: number;
}): string {
  const array = '[]'.repeat(Math.min(type.dimensions, 1));
  if (type.modifiers.length === 0) return `${type.name}${array}`;
  const inside = `(${type.modifiers.filter(modifier => !modifier.startsWith('fields')).join(',')})`;
  const time = /^(time|timestamp)( with.*)$/.exec(type.name);
  if (time) return `${time[1]}${inside}${time[2]}${array}`;
  const fields = type.modifiers.find(modifier => modifier.startsWith('fields'));
  if (fields !== undefined)
    return `interval ${INTERVAL_FIELDS[fields.slice(7)] ?? ''}${inside === '()' ? '' : inside}${array}`;
  return `${type.name}${inside}${array}`;
}

/** The masks of `interval year to month` and its like. */
const INTERVAL_FIELDS: Readonly<Record<string, string>> = {
  4: 'year',
  2: 'month',
  8: 'day',
  1024: 'hour',
  2048: 'minute',
  4096: 'second',
  6: 'year to month',
  1032: 'day to hour',
  3080: 'day to minute',
  7176: 'day to second',
  3072: 'hour to minute',
  7168: 'hour to second',
  6144: 'minute to second',
};
