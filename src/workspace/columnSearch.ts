/** Who uses a column among the files of one project, by the facts that its review stands on. */
import { isTable } from '../catalog/catalog';
import { type FileId, type FileRange, fileOf, type Locate, type Place } from '../engine/place';
import {
  type ColumnModel,
  type ColumnOfTable,
  type ColumnUse,
  columnModelsIn,
  columnUsesIn,
  columnUsesInSql,
  mayUseColumn,
  type UnreadStatement,
} from '../facts/columnUses';
import type { Facts, QueryExecution, SqlFragment } from '../facts/facts';
import type { KnownSchema } from '../facts/knownSchema';
import type { Setting } from '../facts/setting';
import type { SqlFileQuery } from '../facts/sqlFiles';
import type { Module } from '../program/model';
import { columnInSchema } from './columnInSchema';

/** What a file asks of databases. */
export interface CodeOfFile {
  readonly setting: Setting;
  readonly module: Module;
  readonly queries: readonly QueryExecution[];
  readonly fragments: readonly SqlFragment[];
  readonly locate: Locate;
}

export interface FoundColumnUses {
  readonly uses: readonly (Omit<ColumnUse, 'at'> & { readonly at: FileRange })[];
  readonly unread: readonly (Omit<UnreadStatement, 'at'> & { readonly at: FileRange })[];
  /** What the schema itself has on the column: `index orders_status_idx`. */
  readonly inSchema: readonly string[];
  /** What models call the table, and the column. */
  readonly called: { readonly tables: readonly string[]; readonly columns: readonly string[] };
  /** Files that time did not suffice for. */
  readonly left: number;
  /** Its uses are history, and not told. */
  readonly migrations: ReadonlySet<FileId>;
}

export interface ColumnSearch {
  readonly known: KnownSchema | undefined;
  readonly parser: Facts['parser'];
  codeIn(file: FileId): Promise<CodeOfFile | undefined>;
  queriesInSql(file: FileId, text: string): Promise<readonly SqlFileQuery[]>;
  isMigration(file: FileId): Promise<boolean>;
  textOf(file: FileId): Promise<string | undefined>;
  readonly signal: AbortSignal | undefined;
  /** When to leave the rest: milliseconds of the clock. */
  readonly until: number;
}

/** @throws the signal's reason when it is raised */
export async function columnUsesAmong(
  asked: ColumnOfTable,
  files: readonly FileId[],
  { known, parser, codeIn, queriesInSql, isMigration, textOf, signal, until }: ColumnSearch,
): Promise<FoundColumnUses> {
  const uses: FoundColumnUses['uses'][number][] = [];
  const unread: FoundColumnUses['unread'][number][] = [];
  const migrations = new Set<FileId>();
  const code: CodeOfFile[] = [];
  let left = 0;
  const models: ColumnModel[] = [];
  const mayUse = mayUseColumn(asked);
  const place = (uses_: readonly ColumnUse[], locate: Locate): void => {
    for (const use of uses_) uses.push({ ...use, at: locate(use.at) });
  };
  for (const file of files) {
    signal?.throwIfAborted();
    const text = await textOf(file);
    if (text === undefined || !mayUse(text)) continue;
    if (await isMigration(file)) {
      migrations.add(file);
      continue;
    }
    if (/\.sql$/i.test(file)) {
      const queries = await queriesInSql(file, text);
      place(columnUsesInSql(queries, parser('postgresql'), asked, known), inFile);
      continue;
    }
    if (Date.now() > until) {
      left += 1;
      continue;
    }
    const own = await codeIn(file);
    if (!own) continue;
    const found = columnModelsIn(own.setting, own.module, asked, known);
    models.push(...found.models);
    place(found.uses, own.locate);
    code.push(own);
  }
  // what a model calls the column is known when all of them were seen
  for (const each of code) {
    signal?.throwIfAborted();
    if (Date.now() > until) {
      left += 1;
      continue;
    }
    const found = columnUsesIn({ ...each, parser, known, models }, asked);
    place(found.uses, each.locate);
    for (const { at, label } of found.unread) unread.push({ at: each.locate(at), label });
  }
  const inSchema = (known?.found(asked.table) ?? []).flatMap(({ relation, catalog }) =>
    isTable(relation) && (asked.schema === undefined || relation.schema === asked.schema)
      ? columnInSchema(catalog, relation, asked.column)
      : [],
  );
  const called = { tables: models.map(({ label }) => label), columns: models.flatMap(({ members }) => members) };
  return { uses, unread, inSchema: [...new Set(inSchema)], called, migrations, left };
}

/** Of a file without units: places count from its start. */
const inFile: Locate = ({ unit, start, end }: Place) => ({ file: fileOf(unit), start, end });
