/** ALTER TABLE on columns, and on the tables that inherit them. */
import { bindOver } from './bind';
import { isSameName, tablesOf } from './catalog';
import { comparable } from './comparableTypes';
import { columnOptions } from './definitionText';
import { dependentsIn, touchedBy } from './dependencies';
import { type Draft, type Outcome, refuse } from './draft';
import { drop } from './fall';
import { ownFromNow, refusedColumnAlone } from './foldAlone';
import { shrinkIndexes } from './foldDialect';
import { descendantsOf, identityIn } from './foldInheritance';
import { dropNotNull } from './foldNotNull';
import { identitySequence, keepsDefault, refusedIdentity, replaceColumn } from './foldTable';
import { isTransact, wordsKept } from './foldTransact';
import { unfitColumn } from './indexable';
import type { Column, Constraint, DataType, ObjectId, Sequence, Table, View } from './object';
import type { ColumnOperation, OperationOf } from './operation';
import { columnFor, current, dataTypeOf, isRefusal, relationFor, shown, tableFor } from './refer';
import { keepCasts } from './storedCasts';
import { isNullConstant } from './storedDefault';

export function foldDropColumn(draft: Draft, op: OperationOf<'dropColumn'>): Outcome {
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  const name = op.column.name;
  const column = table.columns.find(candidate => isSameName(draft, candidate.name, name));
  if (!column) {
    // of a table that is not known in full it may be a column that was there
    if (op.ifExists || !table.complete) return undefined;
    return refuse('missing', `column ${name} of ${shown(table)} does not exist`);
  }
  if (column.inherited) return refuse('invalid', `column ${name} of ${shown(table)} is inherited`);
  const parted = partedBy(draft, table, column);
  if (parted) return refuse('invalid', `column ${name} of ${shown(parted)} is part of its partition key`);
  const alone = op.only ? refusedColumnAlone(draft, table, column, op.kind) : undefined;
  if (alone) return alone;
  if (draft.dialect !== undefined) {
    if (draft.dialect === 'mysql' || draft.dialect === 'mariadb') shrinkIndexes(draft, table, column.id);
    return drop(draft, [column.id], true, `column ${name} of ${shown(table)}`);
  }
  const ids = [column.id];
  if (op.only) ownFromNow(draft, table, 'columns', name);
  else
    for (const child of descendantsOf(draft, table.id))
      for (const one of child.columns) {
        if (one.name !== name || !one.inherited) continue;
        // what the child has declared itself stays
        if (one.local) replaceColumn(draft, child, one.id, ({ inherited: _, local: __, ...rest }) => rest);
        else ids.push(one.id);
      }
  return drop(draft, ids, op.cascade !== undefined, `column ${name} of ${shown(table)}`);
}

/** The column with those of the same name in inheriting tables. */
function* everywhere(draft: Draft, table: Table, column: Column): IterableIterator<readonly [Table, Column]> {
  yield [table, column];
  for (const child of descendantsOf(draft, table.id)) {
    const same = child.columns.find(({ name }) => name === column.name);
    if (same) yield [child, same];
  }
}

/** The table, or the partition of it, that parts its rows by the column: it stays, and of its type. */
function partedBy(draft: Draft, table: Table, column: Column): Table | undefined {
  for (const [one, { id }] of everywhere(draft, table, column))
    if (one.partitionBy?.elements.some(element => element.column === id || element.expression?.refs.includes(id)))
      return one;
  return undefined;
}

type Change = Exclude<ColumnOperation, { readonly kind: 'addColumn' | 'dropColumn' | 'redefineColumn' }>;

export function foldColumnChange(draft: Draft, op: Change): Outcome {
  const relation = relationFor(draft, op.table);
  if (isRefusal(relation)) return relation;
  const column = columnFor(draft, relation, op.column.name);
  if (isRefusal(column)) return column;
  // a view's column may have a default of its own
  if (relation.kind !== 'table') return viewDefault(draft, relation, column, op);
  return changeColumn(draft, current(draft, relation), column, op);
}

function viewDefault(draft: Draft, view: View, column: Column, op: Change): Outcome {
  if (op.kind !== 'setDefault' && op.kind !== 'dropDefault') return undefined;
  const value = op.kind === 'setDefault' ? bindOver(draft, op.value, view) : undefined;
  draft.change<View>(view, now => ({
    ...now,
    columns: now.columns.map(one => (one.id === column.id ? { ...one, default: value } : one)),
  }));
  return undefined;
}

function changeColumn(draft: Draft, table: Table, column: Column, op: Change): Outcome {
  const alone = op.only ? refusedColumnAlone(draft, table, column, op.kind) : undefined;
  if (alone) return alone;
  const those = (): Iterable<readonly [Table, Column]> =>
    op.only ? [[table, column]] : everywhere(draft, table, column);
  const set = (change: (before: Column) => Column) => {
    for (const [one, same] of those()) replaceColumn(draft, one, same.id, change);
    return undefined;
  };
  switch (op.kind) {
    case 'setColumnType':
      return setType(draft, table, column, op);
    case 'setDefault': {
      if (isIdentity(draft, table, column))
        return refuse('invalid', `column ${column.name} of ${shown(table)} is an identity column`);
      if (column.generated) return refuse('invalid', `column ${column.name} of ${shown(table)} is a generated column`);
      if (!keepsDefault(draft, op.value, column)) return set(({ default: _, ...rest }) => rest);
      const value = bindOver(draft, op.value, table);
      const named = op.constraint === undefined ? {} : { defaultName: op.constraint };
      return set(({ defaultName: _, ...before }) => ({ ...before, default: value, ...named }));
    }
    case 'dropDefault':
      if (column.generated) return refuse('invalid', `column ${column.name} of ${shown(table)} is a generated column`);
      if (isIdentity(draft, table, column))
        return refuse('invalid', `column ${column.name} of ${shown(table)} is an identity column`);
      return set(({ default: _, defaultName: __, ...rest }) => rest);
    case 'setNotNull': {
      const told = draft.switched(column, table.id, {
        aspect: 'nullability',
        stood: { notNull: false },
        column: column.name,
      });
      set(before => ({ ...before, ...told, notNull: true }));
      if (column.inherited) replaceColumn(draft, table, column.id, before => ({ ...before, ownNotNull: true }));
      return undefined;
    }
    case 'dropNotNull':
      if (draft.dialect !== undefined) return set(before => ({ ...before, notNull: false }));
      return dropNotNull(draft, table, column, op.only === true);
    case 'setGenerated': {
      const value = bindOver(draft, op.value, table);
      const stored = column.generated?.stored ?? true;
      const checked = [...everywhere(draft, table, column)].find(([one]) => one.constraints.some(isCheck));
      if (!stored && checked && draft.dialect === undefined)
        return refuse(
          'invalid',
          `virtual column ${column.name} cannot change: ${shown(checked[0])} has a check constraint`,
        );
      return set(before => ({ ...before, generated: { value, stored } }));
    }
    case 'dropGenerated':
      if (!column.generated && !column.assumed && !op.ifExists)
        return refuse('invalid', `column ${column.name} of ${shown(table)} is not a generated column`);
      return set(({ generated: _, ...rest }) => rest);
    case 'addIdentity': {
      if (column.identity)
        return refuse('exists', `column ${column.name} of ${shown(table)} is an identity column already`);
      if (column.default) return refuse('exists', `column ${column.name} of ${shown(table)} has a default already`);
      if (!column.notNull && !column.assumed)
        return refuse(
          'invalid',
          `column ${column.name} of ${shown(table)} must be NOT NULL before it can be an identity`,
        );
      if (table.partitionOf)
        return refuse('invalid', `${shown(table)} is a partition: an identity is added to a column of its table`);
      if (table.partitionBy)
        for (const part of descendantsOf(draft, table.id)) {
          const own = part.columns.find(({ name }) => name === column.name);
          if (own?.default) return refuse('exists', `column ${own.name} of ${shown(part)} has a default already`);
        }
      const untyped = refusedIdentity(table, column);
      if (untyped) return untyped;
      const sequence = identitySequence(draft, table, column, op.options);
      const known = draft.switched(column, table.id, { aspect: 'identity', stood: {}, column: column.name });
      replaceColumn(draft, table, column.id, before => ({
        ...before,
        ...known,
        identity: { always: op.always, sequence: sequence.id },
      }));
      return undefined;
    }
    case 'setIdentity':
      return setIdentity(draft, table, column, op);
    case 'dropIdentity': {
      if (!column.identity) {
        if (op.ifExists || column.assumed) return undefined;
        return refuse('invalid', `column ${column.name} of ${shown(table)} is not an identity column`);
      }
      draft.remove(column.identity.sequence);
      replaceColumn(draft, table, column.id, ({ identity: _, ...rest }) => rest);
      return undefined;
    }
    case 'setColumnOption': {
      const { option } = op;
      if (option === 'compression' && table.foreignServer !== undefined)
        return refuse('invalid', `${shown(table)} is a foreign table, whose values are stored elsewhere`);
      const value = op.value.toLowerCase();
      if (option === 'options') {
        replaceColumn(draft, table, column.id, before => ({ ...before, options: withOptions(before.options, value) }));
        return undefined;
      }
      const none = value === 'default' || value === '' || (option === 'statistics' && value === '-1');
      const change = (before: Column): Column => ({ ...before, [option]: none ? undefined : value });
      if (option === 'storage' || option === 'statistics') return set(change);
      // these reach no child
      replaceColumn(draft, table, column.id, change);
      return undefined;
    }
  }
}

function withOptions(before: string | undefined, said: string): string | undefined {
  const options = new Map(columnOptions(before));
  for (const [name, value] of columnOptions(said))
    if (value === '') options.delete(name);
    else options.set(name, value);
  const texts = [...options].map(option => option.join('=')).sort();
  return texts.length > 0 ? texts.join(', ') : undefined;
}

const isCheck = ({ kind }: Constraint): boolean => kind === 'check';

const isIdentity = (draft: Draft, table: Table, column: Column): boolean =>
  identityIn(draft, table, column) !== undefined;

function setIdentity(draft: Draft, table: Table, column: Column, op: OperationOf<'setIdentity'>): Outcome {
  const { identity } = column;
  if (!identity) {
    if (column.assumed) return undefined;
    return refuse('invalid', `column ${column.name} of ${shown(table)} is not an identity column`);
  }
  if (op.always !== undefined) {
    const { always } = op;
    replaceColumn(draft, table, column.id, before => ({ ...before, identity: { ...identity, always } }));
  }
  const sequence = draft.get(identity.sequence);
  const { restart: _, ...options } = op.options;
  if (sequence?.kind === 'sequence')
    draft.change<Sequence>(sequence, now => ({ ...now, options: { ...now.options, ...options } }));
  return undefined;
}

/** Unique indexes, or the keys that they are of, that hold one of these columns and do not tell rows apart by it. */
function keysIncluding(draft: Draft, columns: readonly ObjectId[]): readonly ObjectId[] {
  return tablesOf(draft).flatMap(({ indexes }) =>
    indexes.flatMap(({ id, constraint, unique, include }) =>
      unique && include.some(each => columns.includes(each)) ? [constraint ?? id] : [],
    ),
  );
}

function setType(draft: Draft, table: Table, column: Column, op: OperationOf<'setColumnType'>): Outcome {
  if (draft.dialect !== undefined) {
    const plain = dataTypeOf(draft, op.type);
    replaceColumn(draft, table, column.id, ({ words, ...before }) => ({
      ...before,
      type: plain,
      ...(op.words ? { words: isTransact(draft) ? wordsKept(words, op.words) : op.words } : {}),
    }));
    return undefined;
  }
  if (op.using && table.foreignServer !== undefined)
    return refuse('invalid', `${shown(table)} is a foreign table, whose rows are not written anew`);
  if (column.inherited) return refuse('invalid', `column ${column.name} of ${shown(table)} is inherited`);
  const parted = partedBy(draft, table, column);
  if (parted) return refuse('invalid', `column ${column.name} of ${shown(parted)} is part of its partition key`);
  const theSame = [...everywhere(draft, table, column)].map(([, { id }]) => id);
  for (const dependent of dependentsIn(draft, touchedBy(draft, theSame, new Set(theSame)))) {
    // indexes and constraints are rebuilt; what has stored the column's type in a query is not
    const stored = /^(view|materialized view|rule|trigger|policy|column|function)/.test(dependent.words);
    if (stored && !theSame.includes(dependent.id) && theSame.some(id => dependent.keeps.includes(id)))
      return refuse(
        'dependents',
        `the type of column ${column.name} of ${shown(table)} cannot change: ${dependent.words} uses it`,
      );
  }
  const keys = keysIncluding(draft, theSame);
  // a key that is rebuilt is dropped first; a foreign key on its other columns is not
  for (const { words, keeps } of keys.length > 0 ? dependentsIn(draft, touchedBy(draft, keys, new Set(keys))) : [])
    if (words.startsWith('constraint ') && keeps.some(id => keys.includes(id)))
      return refuse(
        'dependents',
        `the type of column ${column.name} of ${shown(table)} cannot change: ${words} depends on a key that includes it`,
      );
  const type = dataTypeOf(draft, op.type);
  const isNull = draft.dialect !== undefined && column.default !== undefined && isNullConstant(column.default.tree);
  if (column.default && column.type && !isNull && !isAssignable(draft, column.type, type))
    return refuse('invalid', `the default of column ${column.name} of ${shown(table)} cannot be cast to that type`);
  for (const one of tablesOf(draft))
    for (const key of one.constraints) {
      if (key.kind !== 'foreignKey') continue;
      const own = one.id === table.id ? key.columns.indexOf(column.id) : -1;
      const theirs = key.table === table.id ? key.referenced.indexOf(column.id) : -1;
      // it may reference itself
      if (own >= 0 && own === theirs) continue;
      const other =
        own >= 0
          ? typeOfColumn(draft, key.table, key.referenced[own])
          : typeOfColumn(draft, one.id, key.columns[theirs]);
      if ((own >= 0 || theirs >= 0) && other && !(own >= 0 ? comparable(type, other) : comparable(other, type)))
        return refuse('invalid', `foreign key ${key.name} of ${shown(one)} does not allow that type`);
    }
  if (column.identity) {
    const untyped = refusedIdentity(table, { ...column, type });
    if (untyped) return untyped;
  }
  for (const index of table.indexes) {
    const unfit = unfitColumn(draft, index, column.id, type);
    if (unfit) return unfit;
  }
  const collation = op.collation ? shown(op.collation) : undefined;
  for (const [one, same] of everywhere(draft, table, column)) {
    keepCasts(draft, one, same, type);
    // it is stored as the type is, whatever was said before
    replaceColumn(draft, one, same.id, ({ collation: _, storage, compression, ...before }) => ({
      ...before,
      ...(draft.dialect === undefined ? {} : { storage, compression }),
      type,
      ...(collation === undefined ? {} : { collation }),
    }));
  }
  const { identity } = column;
  const sequence = identity ? draft.get(identity.sequence) : undefined;
  if (sequence?.kind === 'sequence') {
    const { type: _, ...rest } = sequence.options;
    const typed = type.name === 'bigint' ? rest : { ...rest, type: type.name };
    draft.change<Sequence>(sequence, now => ({ ...now, options: typed }));
  }
  return undefined;
}

/** Types that nothing but their own kind, and text, becomes by assignment. */
const KINDS_OF_VALUE: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'],
  ['boolean'],
  ['uuid'],
  ['json', 'jsonb'],
  ['date', 'timestamp without time zone', 'timestamp with time zone'],
];
const TEXTS = ['text', 'character varying', 'character'];

/** Whether a value of one type can become one of the other without a cast that is written; true where that is not known. */
function isAssignable(draft: Draft, from: DataType, to: DataType): boolean {
  if (from.dimensions > 0 || to.dimensions > 0 || (from.id === to.id && from.name === to.name)) return true;
  for (const object of draft.objects.values()) if (object.kind === 'other' && object.what === 'cast') return true;
  const kindOf = (type: DataType): number | 'text' | 'enum' | undefined => {
    const own = type.id === undefined ? undefined : draft.get(type.id);
    if (own) return own.kind === 'enum' ? 'enum' : undefined;
    if (TEXTS.includes(type.name)) return 'text';
    const place = KINDS_OF_VALUE.findIndex(names => names.includes(type.name));
    return place < 0 ? undefined : place;
  };
  const [own, other] = [kindOf(from), kindOf(to)];
  if (own === undefined || other === undefined || other === 'text') return true;
  return own !== 'enum' && own === other;
}

function typeOfColumn(draft: Draft, table: ObjectId, column: ObjectId | undefined): DataType | undefined {
  const found = draft.get(table);
  return found?.kind === 'table' ? found.columns.find(({ id }) => id === column)?.type : undefined;
}
