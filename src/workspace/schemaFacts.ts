/** A catalog as the role's answers take it: tables with names instead of identities. */
import { type Catalog, columnNames, tablesOf } from '../catalog/catalog';
import { indexText, typeText } from '../catalog/definitionText';
import type { Column, ObjectId, Table } from '../catalog/object';
import { isToolsOwn } from '../migrations/history';
import type { ColumnFacts, ForeignKeyFacts, TableFacts } from '../persona/grounding';

/** All but the tools' own, partitions, and what lives for a session. */
export function tableFactsOf(catalog: Catalog): readonly TableFacts[] {
  return tablesOf(catalog)
    .filter(table => !isToolsOwn(table.name) && table.partitionOf === undefined && table.persistence !== 'temporary')
    .map(table => tableFacts(catalog, table));
}

function tableFacts(catalog: Catalog, table: Table): TableFacts {
  const names = (ids: readonly ObjectId[]): readonly string[] => columnNames(table, ids);
  return {
    schema: table.schema,
    name: table.name,
    ...(catalog.dialect === undefined ? {} : { dialect: catalog.dialect }),
    columns: table.columns.map(column => columnFacts(catalog, column)),
    primaryKey: table.constraints.flatMap(each => (each.kind === 'primaryKey' ? names(each.columns) : [])),
    uniques: [
      ...table.constraints.flatMap(each => (each.kind === 'unique' ? [names(each.columns)] : [])),
      ...table.indexes.flatMap(index =>
        index.unique && index.constraint === undefined && index.where === undefined
          ? [names(index.elements.flatMap(({ column }) => (column === undefined ? [] : [column])))]
          : [],
      ),
    ],
    foreignKeys: table.constraints.flatMap((each): ForeignKeyFacts[] => {
      if (each.kind !== 'foreignKey') return [];
      const to = catalog.objects.get(each.table);
      if (to?.kind !== 'table') return [];
      return [
        {
          name: each.name,
          columns: names(each.columns),
          table: to.name,
          referenced: columnNames(to, each.referenced),
          onDelete: each.onDelete,
        },
      ];
    }),
    checks: table.constraints.flatMap(each =>
      each.kind === 'check'
        ? [{ name: each.name, expression: each.expression.text, columns: names(each.columns) }]
        : [],
    ),
    indexes: [
      ...table.indexes.map(index => ({
        name: index.name,
        unique: index.unique,
        on: indexText(catalog, index, bound => bound.text),
        columns: leading(table, index.elements),
        partial: index.where !== undefined,
      })),
      ...(table.implied ?? []).map(({ name, columns }) => ({
        name,
        unique: false,
        on: `(${names(columns).join(', ')})`,
        columns: names(columns),
        partial: false,
      })),
    ],
    complete: table.complete && table.assumed !== true,
    ...(table.comment === undefined ? {} : { comment: table.comment }),
  };
}

function columnFacts(catalog: Catalog, column: Column): ColumnFacts {
  return {
    name: column.name,
    type: column.type ? typeText(catalog, column.type) : '',
    notNull: column.notNull,
    ...(column.default === undefined ? {} : { default: column.default.text }),
    ...filledBy(column),
    ...(column.comment === undefined ? {} : { comment: column.comment }),
  };
}

/** An identity, AUTO_INCREMENT, or the default that `serial` stands for; or an expression. */
function filledBy({ generated, identity, autoIncrement, default: value }: Column): Pick<ColumnFacts, 'filled'> {
  if (generated) return { filled: 'computed' };
  const counts = identity !== undefined || autoIncrement === true || value?.text.startsWith('nextval(') === true;
  return counts ? { filled: 'counted' } : {};
}

/** The columns that an index begins with, up to the first that is an expression. */
function leading(table: Table, elements: Table['indexes'][number]['elements']): readonly string[] {
  const found: string[] = [];
  for (const { column } of elements) {
    if (column === undefined) break;
    found.push(...columnNames(table, [column]));
  }
  return found;
}
