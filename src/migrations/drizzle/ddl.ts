/**
 * What `drizzle-kit push` sends to an empty database for the tables that code declares, of one server. SQLite's foreign keys
 * stand in their tables there; here they are said behind them, as the others' are.
 *
 * Sources: orm.drizzle.team/docs/indexes-constraints, /docs/generated-columns; drizzle-team/drizzle-orm
 * (drizzle-kit/src/sqlgenerator.ts, drizzle-kit/src/serializer/pgSerializer.ts) for names and for the form of statements.
 */
import type { ScriptStatement } from '../script';
import { literal, quoted } from '../translate/quoting';
import type { DrizzleDialect, DrizzleTable } from './declared';
import { OtherWriter } from './otherWriter';
import type { DrizzleReader } from './tables';
import { nameOf, said, Writer } from './writer';

export interface PushedTables {
  readonly statements: readonly ScriptStatement[];
  /** By name those of which there may be more than the statements say. */
  readonly open: ReadonlySet<string>;
}

/**
 * In an order that the server takes: tables before what refers to them.
 * @param tables  of one server
 */
export function statementsOfDrizzle(
  tables: readonly DrizzleTable[],
  reader: DrizzleReader,
  dialect: DrizzleDialect = 'postgresql',
): PushedTables {
  const open = new Set<string>();
  const made = new Map<string, DrizzleTable>();
  for (const table of tables) {
    const name = nameOf(table, quoted);
    // declared twice: which of them is there is not known
    if (made.has(name)) open.add(table.name);
    else made.set(name, table);
    if (table.isOpen) open.add(table.name);
  }
  const writer = dialect === 'postgresql' ? new Writer(reader, open) : new OtherWriter(reader, open, dialect);
  const each = [...made.values()];
  return {
    statements: [
      ...(dialect === 'postgresql' ? [...schemasOf(each), ...enumsOf(each)] : []),
      ...each.map(table => writer.table(table)),
      ...each.flatMap(table => writer.foreignKeys(table)),
      ...each.flatMap(table => writer.indexes(table)),
    ],
    open,
  };
}

function schemasOf(tables: readonly DrizzleTable[]): readonly ScriptStatement[] {
  const made = new Map<string, ScriptStatement>();
  for (const { schema, at } of tables)
    if (schema !== undefined && !made.has(schema)) made.set(schema, said(`CREATE SCHEMA ${quoted(schema)}`, at));
  return [...made.values()];
}

function enumsOf(tables: readonly DrizzleTable[]): readonly ScriptStatement[] {
  const made = new Map<string, ScriptStatement>();
  for (const { columns } of tables)
    for (const { labels: type } of columns) {
      const name = type && nameOf(type, quoted);
      if (name === undefined || !type || made.has(name)) continue;
      const labels = type.labels.map(literal).join(', ');
      made.set(name, said(`CREATE TYPE ${name} AS ENUM (${labels})`, type.at));
    }
  return [...made.values()];
}
