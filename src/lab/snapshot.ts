/** A schema at one moment, as plain rows that two moments can be compared by. */
import { rareKindsQuery, snapshotQuery } from './snapshotQuery';

/** One aspect of one object: the type of a column, the definition of an index, the comment of a table. */
export interface SchemaRow {
  /** `table`, `column`, `index`, `constraint`, `function` … */
  readonly kind: string;
  /** Qualified by its schema and quoted where it must be: `public.orders.total`, `total_positive on public.orders`. */
  readonly name: string;
  /** The relation or domain that it belongs to, and falls with. */
  readonly parent?: string;
  /** `existence` is there for every object, with an empty value. */
  readonly aspect: string;
  readonly value: string;
  /** Shown where it differs, never deciding: comments, privileges, owners, positions of sequences. */
  readonly soft: boolean;
}

/** The rows of a schema, without order. */
export type Snapshot = readonly SchemaRow[];

/** Runs one statement on one connection, always the same, and gives its rows. */
export type Ask = (sql: string) => Promise<readonly unknown[]>;

/** Begins the names of the statements that are kept in a connection. */
const PREPARED = 'backend_reviewer_schema_';

/**
 * The schema that `ask`'s connection sees, its uncommitted changes included. Works inside and outside a transaction; in
 * a failed transaction nothing can be asked, and it throws.
 * @param leftOut relations that are not looked at, with what belongs to them: the books that a migration tool keeps
 */
export async function takeSnapshot(ask: Ask, leftOut: (relation: string) => boolean = () => false): Promise<Snapshot> {
  const [settings] = await ask(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('search_path') AS path, current_setting('quote_all_identifiers') AS quoting, ARRAY(SELECT name::text FROM pg_prepared_statements WHERE name LIKE '${PREPARED}%') AS prepared`,
  );
  const { version, path, quoting, prepared } = settings as {
    version: number;
    path: string;
    quoting: string;
    prepared: readonly string[];
  };
  // without it, names that the path finds come out unqualified
  await ask(
    "SELECT pg_catalog.set_config('search_path', '', false), pg_catalog.set_config('quote_all_identifiers', 'off', false)",
  );
  const [rare] = (await ask(rareKindsQuery(version))) as readonly Readonly<Record<string, boolean>>[];
  const there = Object.entries(rare ?? {}).map(([kind, is]) => ({ kind, is }));
  // planning takes as long as asking, and a connection needs to do it once
  const name = PREPARED + there.map(({ is }) => (is ? 1 : 0)).join('');
  if (!prepared.includes(name))
    await ask(`PREPARE ${name} AS ${snapshotQuery(version, kind => rare?.[kind] === true)}`);
  const rows = (await ask(`EXECUTE ${name}`)) as readonly (Omit<SchemaRow, 'parent'> & { parent: string | null })[];
  await ask(
    `SELECT pg_catalog.set_config('search_path', ${literal(path)}, false), pg_catalog.set_config('quote_all_identifiers', ${literal(quoting)}, false)`,
  );
  return without(
    rows.map(({ parent, ...row }) => (parent === null ? row : { ...row, parent })),
    leftOut,
  );
}

/** A name as people write it: the schema `public` goes without saying. */
export const shortName = (name: string): string => name.replace(/\bpublic\./g, '');

/** Leaves relations out, with all that falls with them: columns, indexes, constraints, triggers, sequences of their columns. */
function without(rows: Snapshot, leftOut: (relation: string) => boolean): Snapshot {
  const relations = new Set(
    rows.flatMap(({ name, parent, aspect }) =>
      aspect === 'existence' && parent === undefined && leftOut(shortName(name)) ? [name] : [],
    ),
  );
  if (relations.size === 0) return rows;
  const columns = new Set(
    rows.flatMap(row => (row.kind === 'column' && relations.has(row.parent ?? '') ? [row.name] : [])),
  );
  const sequences = new Set(
    rows.flatMap(row => (row.aspect === 'owner column' && columns.has(row.value) ? [row.name] : [])),
  );
  return rows.filter(({ name, parent = name }) => !relations.has(parent) && !sequences.has(name));
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
