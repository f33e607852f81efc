/** What SQL Server refuses and others do not: no column goes or changes under what stands on it, no table under a foreign key. */
import { type Catalog, isSameName, isTable, tableNamed, tablesOf } from './catalog';
import type { Column, Constraint, ObjectId, Table } from './object';
import type { Operation } from './operation';
import { namesOne } from './tsqlText';

/** Why the server would not do this now, in words of their own. */
export function refusedByTransact(catalog: Catalog, operation: Operation): string | undefined {
  const columnOf = (table: Table | undefined, name: string): Column | undefined =>
    table?.columns.find(each => isSameName(catalog, each.name, name));
  switch (operation.kind) {
    case 'dropColumn':
    case 'setColumnType': {
      const table = tableNamed(catalog, operation.table);
      const column = columnOf(table, operation.column.name);
      if (!table || !column) return undefined;
      const isKept = operation.kind === 'setColumnType' && operation.type.name === column.type?.name;
      if (column.default && !isKept) return `column ${column.name} of ${table.name} still has its default`;
      const on = standingOn(catalog, table, column.id);
      return on === undefined ? undefined : `${on} still stands on column ${column.name} of ${table.name}`;
    }
    case 'dropConstraint': {
      const table = tableNamed(catalog, operation.table);
      const key = table?.constraints.find(each =>
        operation.unnamed ? each.kind === operation.unnamed.kind : isSameName(catalog, each.name, operation.name.name),
      );
      if (!table || !key || (key.kind !== 'primaryKey' && key.kind !== 'unique')) return undefined;
      const other = referring(catalog, table, key);
      return other && `${other} still refers to ${key.name} of ${table.name}`;
    }
    case 'rename': {
      const { object } = operation;
      const table = object.kind === 'column' && object.on ? tableNamed(catalog, object.on) : undefined;
      const column = columnOf(table, object.name.name);
      const bound = table && column && boundTo(table, column.id);
      return bound && `${bound} still names column ${column.name} of ${table.name}`;
    }
    case 'drop':
      return dropRefused(catalog, operation);
    default:
      return undefined;
  }
}

function dropRefused(catalog: Catalog, { objects }: Extract<Operation, { kind: 'drop' }>): string | undefined {
  for (const { kind, name } of objects) {
    const table = kind === 'table' ? tableNamed(catalog, name) : undefined;
    const other =
      table &&
      tablesOf(catalog).find(
        each =>
          each.id !== table.id && each.constraints.some(one => one.kind === 'foreignKey' && one.table === table.id),
      );
    if (other) return `a foreign key of ${other.name} still refers to ${name.name}`;
    if (kind !== 'function' && kind !== 'sequence' && kind !== 'type') continue;
    const names = new Set([name.name.toLowerCase()]);
    const user = tablesOf(catalog).find(each => textsOf(each).some(text => namesOne(text, names)));
    if (user) return `table ${user.name} still names ${kind} ${name.name}`;
  }
  return undefined;
}

const textsOf = ({ columns, constraints }: Table): readonly string[] => [
  ...columns.flatMap(column => [
    column.default?.text ?? '',
    column.generated?.value.text ?? '',
    column.words?.type ?? '',
  ]),
  ...constraints.map(each => (each.kind === 'check' ? each.expression.text : '')),
];

function boundTo(table: Table, column: ObjectId): string | undefined {
  const computed = table.columns.find(({ generated }) => generated?.value.refs.includes(column));
  if (computed) return `column ${computed.name}`;
  const check = table.constraints.find(each => each.kind === 'check' && each.expression.refs.includes(column));
  if (check) return `check ${check.name}`;
  const index = table.indexes.find(({ where }) => where?.refs.includes(column));
  return index && `index ${index.name}`;
}

function standingOn(catalog: Catalog, table: Table, column: ObjectId): string | undefined {
  const bound = boundTo(table, column);
  if (bound !== undefined) return bound;
  const constraint = table.constraints.find(({ columns }) => columns.includes(column));
  if (constraint) return `constraint ${constraint.name}`;
  const index = table.indexes.find(
    ({ elements, include }) => include.includes(column) || elements.some(each => each.column === column),
  );
  if (index) return `index ${index.name}`;
  for (const other of catalog.objects.values())
    if (
      isTable(other) &&
      other.constraints.some(each => each.kind === 'foreignKey' && each.referenced.includes(column))
    )
      return `a foreign key of ${other.name}`;
  return undefined;
}

function referring(catalog: Catalog, table: Table, key: Constraint): string | undefined {
  const isOn = (ids: readonly ObjectId[]): boolean =>
    (ids.length === 0 && key.kind === 'primaryKey') ||
    (ids.length === key.columns.length && ids.every(id => key.columns.includes(id)));
  for (const other of tablesOf(catalog))
    if (other.constraints.some(each => each.kind === 'foreignKey' && each.table === table.id && isOn(each.referenced)))
      return `a foreign key of ${other.name}`;
  return undefined;
}
