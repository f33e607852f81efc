/** What MySQL, MariaDB, SQLite and T-SQL do otherwise than PostgreSQL when a schema changes. */
import { bindOver } from './bind';
import { isSameName, isTable, isView } from './catalog';
import type { ColumnDefinition } from './definition';
import type { OtherDialect } from './dialectCursor';
import { type Draft, emptyTable, type Outcome, refuse } from './draft';
import { drop } from './fall';
import { dropImplied, shrunk } from './impliedIndexes';
import type { Bound, Column, Constraint, Index, KeyElement, ObjectId, Other, Table, View } from './object';
import type { OperationOf } from './operation';
import { columnFor, dataTypeOf, isRefusal, shown, tableFor } from './refer';
import { mapTree } from './tree';

/** All of a column said anew; it stays the same column. */
export function foldRedefineColumn(draft: Draft, op: OperationOf<'redefineColumn'>): Outcome {
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  const column = columnFor(draft, table, op.column.name);
  if (isRefusal(column)) return column;
  const { definition } = op;
  const inKey = table.constraints.some(({ kind, columns }) => kind === 'primaryKey' && columns.includes(column.id));
  const now = draft.get(table.id);
  const relation = isTable(now) ? now : table;
  const again = ({ id, name, assumed, met }: Column): Column => ({
    id,
    name,
    ...(assumed || met ? { met: true } : {}),
    type: dataTypeOf(draft, definition.type),
    notNull: definition.notNull !== undefined || inKey,
    ...(definition.default ? { default: bindOver(draft, definition.default.value, relation) } : {}),
    ...(definition.generated
      ? {
          generated: {
            value: bindOver(draft, definition.generated.value, relation),
            stored: definition.generated.stored,
          },
        }
      : {}),
    ...(definition.autoIncrement ? { autoIncrement: true } : {}),
    ...(definition.onUpdate === undefined ? {} : { onUpdate: definition.onUpdate }),
    ...(definition.words ? { words: definition.words } : {}),
  });
  draft.change<Table>(relation, ({ columns, ...rest }) => ({
    ...rest,
    columns:
      definition.place === undefined
        ? columns.map(each => (each.id === column.id ? again(each) : each))
        : placed(
            draft,
            columns.filter(each => each.id !== column.id),
            again(columns.find(each => each.id === column.id) ?? column),
            definition,
          ),
  }));
  return undefined;
}

/** The columns with one more, where MySQL is told to put it. */
export function placed(
  draft: Draft,
  columns: readonly Column[],
  column: Column,
  { place }: Pick<ColumnDefinition, 'place'>,
): readonly Column[] {
  if (place === undefined) return [...columns, column];
  const at = place === 'first' ? 0 : columns.findIndex(({ name }) => isSameName(draft, name, place.after.name)) + 1;
  return at === 0 && place !== 'first' ? [...columns, column] : [...columns.slice(0, at), column, ...columns.slice(at)];
}

/**
 * The texts that the server would write otherwise from now on, or not take any more: a trigger follows its table, and SQLite's
 * follow all that they name. On MySQL and SQL Server views, and what else SQL Server keeps by its text, go on with the name that
 * is gone, and nothing can be made so again.
 */
export function outdate(draft: Draft, table: Pick<Table | View, 'id' | 'name'>, column?: string): void {
  if (draft.dialect === undefined) return;
  for (const object of [...draft.objects.values()])
    if (
      (isView(object) || object.kind === 'other') &&
      !object.isStale &&
      isOutdated(draft.dialect, object, table, column)
    )
      draft.put({ ...object, isStale: true });
}

function isOutdated(
  dialect: OtherDialect,
  object: View | Other,
  table: Pick<Table | View, 'id' | 'name'>,
  column: string | undefined,
): boolean {
  const text = object.kind === 'other' ? object.text : (object.words?.tail ?? '');
  if (column !== undefined && !isWordIn(text, column)) return false;
  const isOn = object.kind === 'other' && object.on === table.id;
  const isTrigger = object.kind === 'other' && object.what === 'trigger';
  switch (dialect) {
    case 'sqlite':
      return isTrigger && (isOn || isWordIn(text, table.name));
    case 'transactsql':
      return isOn || isWordIn(text, table.name);
    default:
      // a trigger is left with a column's former name
      return object.kind === 'other' ? isTrigger && isOn && column === undefined : isWordIn(text, table.name);
  }
}

const isWordIn = (text: string, name: string): boolean =>
  new RegExp(`(?<![\\w$])${name.replace(/[^\w]/g, '\\$&')}(?![\\w$])`, 'i').test(text);

/** A table whose storage is altered as it is written, with what that makes of its columns. */
export function stored({ words, columns }: Table, text: string): Pick<Table, 'words' | 'columns'> {
  const later = [...(words?.later ?? []), text];
  const isConverted = /^convert\b/i.test(text);
  if (!isConverted && !/\b(?:charset|character\s+set|collate)\b/i.test(text))
    return { words: { tail: words?.tail ?? '', later }, columns };
  return {
    words: { tail: words?.tail ?? '', later },
    columns: columns.map(({ words: own, ...column }) => {
      const isText = /char|text|enum|^set$/.test(column.type?.name ?? '');
      if (!own || !isText) return { ...column, ...(own ? { words: own } : {}) };
      const isWritten = CHARACTERS.test(own.type);
      // what is converted may become a longer type, and what has the table's former default keeps it
      if (isConverted ? /text/.test(column.type?.name ?? '') : !isWritten) return column;
      return { ...column, words: isConverted ? { ...own, type: own.type.replace(ALL_CHARACTERS, '') } : own };
    }),
  };
}

const CHARACTERS = /\s(?:character\s+set|charset|collate|ascii|unicode|binary)\b/i;

const ALL_CHARACTERS = /\s+(?:(?:character\s+set|charset)\s*=?\s*\S+|collate\s+\S+|(?:ascii|unicode|binary)\b)/gi;

/** What MySQL calls what it is given no name for: `orders_ibfk_1`, `orders_chk_1`. */
export function numberedName(table: Table, label: 'ibfk' | 'chk'): string {
  const before = `${table.name}_${label}_`.toLowerCase();
  const numbers = table.constraints.map(({ name }) =>
    name.toLowerCase().startsWith(before) ? Number(name.slice(before.length)) : 0,
  );
  return `${table.name}_${label}_${Math.max(0, ...numbers.filter(Number.isInteger)) + 1}`;
}

/** What has been called so follows its table's name. */
export function renumbered(draft: Draft, table: Table, to: string): Table {
  if (!isMysql(draft)) return table;
  const made = new RegExp(`^${table.name.replace(/[^\w]/g, '\\$&')}(_(?:ibfk|chk)_\\d+)$`, 'i');
  const constraints = table.constraints.map(each => {
    const [, rest] = made.exec(each.name) ?? [];
    return rest === undefined ? each : { ...each, name: `${to}${rest}` };
  });
  return { ...table, constraints };
}

export const isMysql = ({ dialect }: Pick<Draft, 'dialect'>): boolean => dialect === 'mysql' || dialect === 'mariadb';

/** SQLite gives no name, and T-SQL one that nobody can know: there, what is given none is called by what it says. */
export function contentName(
  { dialect }: Draft,
  table: Table,
  label: string,
  items: readonly { readonly name: string }[],
): string | undefined {
  if (dialect !== 'sqlite' && dialect !== 'transactsql') return undefined;
  const name = `${label} (${items.map(item => item.name).join(', ')})`;
  const taken = new Set(table.constraints.map(each => each.name));
  let free = name;
  for (let number = 2; taken.has(free); number += 1) free = `${name} ${number}`;
  return free;
}

/** An index without a name is called like its first column, and numbered from 2 on. */
export function indexName(
  table: { readonly indexes: readonly Index[]; readonly implied?: Table['implied'] },
  column: string,
): string {
  const taken = new Set([...table.indexes, ...(table.implied ?? [])].map(({ name }) => name.toLowerCase()));
  let name = column;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${column}_${number}`;
  return name;
}

/** MySQL takes a dropped column out of the indexes that have others beside it. */
export function shrinkIndexes(draft: Draft, table: Table, column: ObjectId): void {
  const indexes = table.indexes.map(index =>
    index.constraint === undefined && index.elements.length > 1
      ? { ...index, elements: index.elements.filter(element => element.column !== column) }
      : index,
  );
  draft.change<Table>(table, now => ({ ...now, indexes, ...shrunk(now, column) }));
}

/**
 * Drops tables as these servers do: views and foreign keys that name one stay, and mean the next one of that name. A table
 * that something still names is kept as one that is assumed, under its identity.
 */
export function dropTables(draft: Draft, tables: readonly Table[]): Outcome {
  const ids = new Set(tables.map(({ id }) => id));
  for (const object of [...draft.objects.values()])
    if (object.kind === 'other' && object.on !== undefined && ids.has(object.on)) draft.remove(object.id);
  for (const table of tables) {
    const own = new Set([table.id, ...table.columns.map(({ id }) => id)]);
    if (isNamedElsewhere(draft, own, ids)) {
      draft.put({
        ...emptyTable(table.id, table.schema, table.name),
        columns: table.columns.map(({ id, name }) => ({ id, name, notNull: false, assumed: true as const })),
        assumed: true,
        complete: false,
        dropped: true,
      });
      for (const object of [...draft.objects.values()])
        if (object.kind === 'sequence' && object.ownedBy?.table === table.id) draft.remove(object.id);
      const next = nextOf(draft, table);
      const meant = draft.get(table.id);
      if (next && isTable(meant)) takeOver(draft, next, meant);
    } else drop(draft, [table.id], true, shown(table));
  }
  return undefined;
}

/**
 * What stands in for a table that was set aside under another name and is dropped now: `x` for `temporary_x`. Whether the
 * references of other tables have followed it there is a setting of the session's; they are taken to mean the one that stays.
 */
function nextOf(draft: Draft, { schema, name }: Table): Table | undefined {
  if (draft.dialect !== 'sqlite') return undefined;
  const own = name
    .replace(/^_*(?:temporary|temp|tmp|old|backup)_+|_+(?:old|tmp|temp|backup|bak)$/gi, '')
    .replace(/^_+/, '');
  const found = own === name ? undefined : draft.find('r', { schema, name: own });
  return isTable(found) && !found.assumed ? found : undefined;
}

function isNamedElsewhere(draft: Draft, own: ReadonlySet<ObjectId>, dropped: ReadonlySet<ObjectId>): boolean {
  for (const object of draft.objects.values()) {
    if (dropped.has(object.id)) continue;
    if (isTable(object) && object.constraints.some(each => each.kind === 'foreignKey' && own.has(each.table)))
      return true;
    if (isView(object) && object.query?.refs.some(id => own.has(id))) return true;
  }
  return false;
}

/** A table under a name that others meant already takes over the identity behind it: table and columns, by their names. */
export function takeOver(draft: Draft, table: Table, former: Table): void {
  const ids = new Map<ObjectId, ObjectId>([[table.id, former.id]]);
  for (const column of table.columns) {
    const was = former.columns.find(({ name }) => isSameName(draft, name, column.name));
    if (was) ids.set(column.id, was.id);
  }
  const of = (id: ObjectId): ObjectId => ids.get(id) ?? id;
  const element = (each: KeyElement): KeyElement => ({
    ...each,
    ...(each.column === undefined ? {} : { column: of(each.column) }),
    ...(each.expression ? { expression: reboundTo(each.expression, of) } : {}),
  });
  const constraint = (each: Constraint): Constraint => {
    const own = { ...each, columns: each.columns.map(of) };
    if (own.kind === 'check') return { ...own, expression: reboundTo(own.expression, of) };
    return own.kind === 'foreignKey' && own.table === table.id
      ? { ...own, table: former.id, referenced: own.referenced.map(of) }
      : own;
  };
  draft.remove(former.id);
  draft.remove(table.id);
  draft.put({
    ...rebound(table, of),
    id: former.id,
    constraints: table.constraints.map(constraint),
    indexes: table.indexes.map(index => ({
      ...index,
      elements: index.elements.map(element),
      ...(index.where ? { where: reboundTo(index.where, of) } : {}),
    })),
  });
  for (const other of [...draft.objects.values()]) {
    if (other.kind === 'other' && other.on === table.id) draft.put({ ...other, on: former.id });
    if (other.kind === 'sequence' && other.ownedBy?.table === table.id)
      draft.put({ ...other, ownedBy: { table: former.id, column: of(other.ownedBy.column) } });
    if (
      isTable(other) &&
      other.id !== former.id &&
      other.constraints.some(each => each.kind === 'foreignKey' && each.table === table.id)
    )
      draft.put({
        ...other,
        constraints: other.constraints.map(each =>
          each.kind === 'foreignKey' && each.table === table.id
            ? { ...each, table: former.id, referenced: each.referenced.map(of) }
            : each,
        ),
      });
  }
}

const rebound = (table: Table, of: (id: ObjectId) => ObjectId): Table => ({
  ...table,
  ...(table.implied ? { implied: table.implied.map(({ name, columns }) => ({ name, columns: columns.map(of) })) } : {}),
  columns: table.columns.map(column => ({
    ...column,
    id: of(column.id),
    ...(column.default ? { default: reboundTo(column.default, of) } : {}),
    ...(column.generated ? { generated: { ...column.generated, value: reboundTo(column.generated.value, of) } } : {}),
  })),
});

/** The expression with other identities for what it names. */
function reboundTo(bound: Bound, of: (id: ObjectId) => ObjectId): Bound {
  const tree = mapTree(bound.tree, (_, value) => {
    const found: Record<string, unknown> = {};
    for (const key of ['$id', '$table', '$of']) {
      const id = value[key];
      if (typeof id === 'number' && of(id) !== id) found[key] = of(id);
    }
    return Object.keys(found).length === 0 ? value : { ...value, ...found };
  });
  return { ...bound, tree: tree as Bound['tree'], refs: bound.refs.map(of) };
}

/** The table that something means, and that is not there: what a foreign key names before it is made, or after it was dropped. */
export const placeholderNamed = (
  draft: Draft,
  name: { readonly schema?: string; readonly name: string },
): Table | undefined => {
  const found = draft.dialect === undefined ? undefined : draft.find('r', name);
  return isTable(found) && found.assumed ? found : undefined;
};

/** A constraint by the name that a builder or the server has made up; undefined where none of the table's is meant. */
export function constraintMeant(draft: Draft, table: Table, name: string): Constraint | undefined {
  const exact = table.constraints.find(each => isSameName(draft, each.name, name));
  if (exact) return exact;
  return name === 'PRIMARY' || /_pkey$/.test(name) || /^pk_/i.test(name)
    ? table.constraints.find(({ kind }) => kind === 'primaryKey')
    : undefined;
}

/** Drops an index by its name, and the key that it stands for. */
export function dropIndexOf(draft: Draft, op: OperationOf<'drop'>): Outcome {
  for (const { name, on } of op.objects) {
    const tables = on ? [draft.find('r', on)] : [...draft.objects.values()];
    let found = false;
    for (const table of tables) {
      if (!isTable(table)) continue;
      if (dropImplied(draft, table, name.name)) {
        found = true;
        break;
      }
      const index = table.indexes.find(each => isSameName(draft, each.name, name.name));
      if (!index) continue;
      found = true;
      drop(
        draft,
        [index.id, ...(index.constraint === undefined ? [] : [index.constraint])],
        true,
        `index ${name.name}`,
      );
      break;
    }
    const table = on && draft.find('r', on);
    if (!found && on && !table && draft.complete && !op.ifExists)
      return refuse('missing', `table ${shown(on)} does not exist`);
    // one that the server has made for a foreign key
    if (!found && isTable(table)) continue;
  }
  return undefined;
}
