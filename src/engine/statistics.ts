/**
 * How many rows tables have, as a server in production tells it: `pg_dump --statistics-only` of PostgreSQL 18, or the JSON of a
 * query (docs/statistics.md). What was never counted is left out, so that unknown is not taken for small.
 */
export interface ReadStatistics {
  /** By `schema.name`, and by the name alone where it is of one schema, or of `public`. */
  readonly tables: ReadonlyMap<string, { readonly rows: number }>;
  /** What is wrong with the file, and the way out; nothing can be taken from it then. */
  readonly problem?: string;
}

interface Counted {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
}

const HOW = 'write it by `pg_dump --statistics-only` (PostgreSQL 18), or by the query in docs/statistics.md';

export function readStatistics(text: string): ReadStatistics {
  const source = text.replace(/^\uFEFF/, '').trim();
  const nothing = (problem: string): ReadStatistics => ({ tables: new Map(), problem });
  if (source === '') return nothing(`is empty; ${HOW}`);
  if (source.startsWith('PGDMP'))
    return nothing('is a dump in the custom format; write it as text, with `pg_dump --statistics-only --format=plain`');
  if (source.includes('\0')) return nothing('is not written in UTF-8; have psql write it itself, with `-o FILE`');
  if (source.startsWith('[') || source.startsWith('{')) {
    const parsed = parsedJson(source);
    if ('problem' in parsed) return nothing(`is no JSON (${parsed.problem}); ${HOW}`);
    const counted = countedInJson(parsed.value);
    return counted ? { tables: byName(counted) } : nothing(`holds no row counts of tables; ${HOW}`);
  }
  if (/\bpg_restore_relation_stats\s*\(/.test(source)) return { tables: byName(countedInDump(source)) };
  return nothing(
    /PostgreSQL database dump/.test(source)
      ? 'is a dump without statistics; write it by `pg_dump --statistics-only`, of PostgreSQL 18'
      : `holds no statistics that can be read; ${HOW}`,
  );
}

function parsedJson(source: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(source) };
  } catch (error) {
    if (error instanceof SyntaxError) return { problem: error.message };
    throw error;
  }
}

/** Before this version a table that was never analysed has 0, and not -1. */
const TELLS_UNKNOWN = 140_000;

/** `SELECT * FROM pg_catalog.pg_restore_relation_stats('version', '180000'::integer, 'relname', 'orders', …)` */
function countedInDump(source: string): readonly Counted[] {
  const found: Counted[] = [];
  for (const [, body = ''] of source.matchAll(/\bpg_restore_relation_stats\s*\(((?:'(?:[^']|'')*'|[^()'])*)\)/g)) {
    const texts = [...body.matchAll(/'((?:[^']|'')*)'/g)].map(([, each = '']) => each.replaceAll("''", "'"));
    const values = new Map<string, string>();
    for (let at = 0; at + 1 < texts.length; at += 2) values.set(texts[at] ?? '', texts[at + 1] ?? '');
    const [schema, name] = values.has('relname')
      ? [values.get('schemaname') ?? 'public', values.get('relname') ?? '']
      : nameIn(values.get('relation') ?? '');
    const rows = Number(values.get('reltuples') ?? -1);
    const isUnknown = rows === 0 && Number(values.get('version') ?? TELLS_UNKNOWN) < TELLS_UNKNOWN;
    if (name !== '' && Number.isFinite(rows) && rows >= 0 && !isUnknown) found.push({ schema, name, rows });
  }
  return found;
}

/** `public."Order"` */
function nameIn(written: string): readonly [schema: string, name: string] {
  const parts = [...written.matchAll(/"((?:[^"]|"")+)"|([^".]+)/g)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
  const [first = '', second] = parts;
  return second === undefined ? ['public', first] : [first, second];
}

const NAMES = ['table', 'name', 'relname', 'table_name', 'tablename'];
const SCHEMAS = ['schema', 'schemaname', 'nspname', 'table_schema'];
const ROWS = ['rows', 'reltuples', 'n_live_tup', 'row_count', 'count'];

/** `[{ "schema": "public", "table": "orders", "rows": 4000000 }]`, or `{ "orders": 4000000 }`. */
function countedInJson(value: unknown): readonly Counted[] | undefined {
  const entries: readonly (readonly [string | undefined, unknown])[] = Array.isArray(value)
    ? value.map(each => [undefined, each] as const)
    : isObject(value)
      ? Object.entries(value)
      : [];
  const found: Counted[] = [];
  let isTold = entries.length === 0;
  for (const [key, entry] of entries) {
    const own = isObject(entry) ? entry : typeof entry === 'number' ? { rows: entry } : {};
    const written = key ?? textIn(own, NAMES);
    const rows = numberIn(own, ROWS);
    if (written === undefined || rows === undefined) continue;
    isTold = true;
    const [schema, name] = key === undefined ? [textIn(own, SCHEMAS) ?? 'public', written] : nameIn(written);
    if (rows >= 0) found.push({ schema, name, rows });
  }
  return isTold ? found : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textIn = (own: Readonly<Record<string, unknown>>, names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = own[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return undefined;
};

/** Drivers give large numbers as texts. */
const numberIn = (own: Readonly<Record<string, unknown>>, names: readonly string[]): number | undefined => {
  for (const name of names) {
    const value = own[name];
    const number = typeof value === 'number' ? value : typeof value === 'string' && value !== '' ? Number(value) : NaN;
    if (Number.isFinite(number)) return number;
  }
  return undefined;
};

function byName(counted: readonly Counted[]): ReadonlyMap<string, { readonly rows: number }> {
  const tables = new Map<string, { readonly rows: number }>();
  const schemas = new Map<string, Set<string>>();
  for (const { schema, name, rows } of counted) {
    tables.set(`${schema}.${name}`, { rows });
    schemas.set(name, (schemas.get(name) ?? new Set()).add(schema));
  }
  for (const { schema, name, rows } of counted)
    if (schema === 'public' || schemas.get(name)?.size === 1) tables.set(name, { rows });
  return tables;
}
