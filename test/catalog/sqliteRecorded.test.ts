import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Catalog, columnNames, emptyCatalog, primaryKeyOf, tablesOf } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import type { Table } from '../../src/catalog/object';
import { readDialect } from '../../src/catalog/readDialect';
import { loadPostgresTrees } from '../../src/sql/postgresTree';

/** As a real SQLite has told it, by `recordSqlite.py`. */
interface Recorded {
  readonly sql: string;
  readonly tables: Readonly<
    Record<
      string,
      | { readonly view: readonly string[] }
      | {
          readonly columns: readonly (readonly [name: string, notNull: boolean, value: string | null])[];
          readonly key: readonly string[];
          readonly keys: readonly (readonly [table: string, columns: readonly string[], onDelete: string])[];
          readonly indexes: readonly (readonly [name: string, unique: boolean, columns: readonly string[]])[];
        }
    >
  >;
}

const histories = readFileSync(join(import.meta.dirname, 'sqliteRecorded.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map(line => JSON.parse(line) as Recorded);

/** A table in the words of the recording, in lower case. */
function shown(catalog: Catalog, table: Table) {
  const key = columnNames(table, primaryKeyOf(table)?.columns ?? []);
  return {
    columns: table.columns.map(({ name, notNull, default: value, id }) => [
      name,
      // SQLite lets a key be NULL
      notNull && !primaryKeyOf(table)?.columns.includes(id),
      value?.text ?? null,
    ]),
    key,
    keys: table.constraints
      .flatMap(each => {
        const to = each.kind === 'foreignKey' ? catalog.objects.get(each.table) : undefined;
        return each.kind === 'foreignKey' && to?.kind === 'table'
          ? [[to.name.toLowerCase(), columnNames(table, each.columns).map(name => name.toLowerCase()), each.onDelete]]
          : [];
      })
      .sort(),
    indexes: table.indexes
      .filter(index => index.constraint === undefined)
      .map(index => [
        index.name,
        index.unique,
        columnNames(
          table,
          index.elements.flatMap(({ column }) => (column === undefined ? [] : [column])),
        ),
      ])
      .sort(),
  };
}

const folded = (value: unknown): unknown => JSON.parse(JSON.stringify(value).toLowerCase());

test('what SQLite says after random histories, whatever the names are spelled like', async () => {
  const trees = await loadPostgresTrees();
  for (const { sql, tables } of histories) {
    let catalog = emptyCatalog({ complete: true, dialect: 'sqlite' });
    for (const { statement, operations } of readDialect(trees, sql, 'sqlite')) {
      const read = fold(catalog, operations);
      expect(read.failures.map(({ says }) => `${statement.text}: ${says}`)).toEqual([]);
      expect(operations.filter(({ kind }) => kind === 'unread')).toEqual([]);
      catalog = read.catalog;
    }
    const expected = Object.entries(tables).flatMap(([name, table]) => {
      if ('view' in table) return [];
      const columns = table.columns.map(([column, notNull, value]) => [
        column,
        notNull && !table.key.includes(column),
        value,
      ]);
      return [[name, { ...table, columns }]];
    });
    const found = tablesOf(catalog).flatMap(table => (table.assumed ? [] : [[table.name, shown(catalog, table)]]));
    expect(folded(Object.fromEntries(found)), sql).toEqual(folded(Object.fromEntries(expected)));
  }
});
