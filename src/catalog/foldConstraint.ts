/** Constraints and indexes of tables, and what stands behind them. */
import { bindOver } from './bind';
import { isSameName, primaryKeyOf } from './catalog';
import { comparable, sameEnum } from './comparableTypes';
import type { ConstraintDefinition, KeyConstraint } from './definition';
import { type Draft, type Outcome, type Refusal, refuse } from './draft';
import { refusedAlone, withoutParts } from './foldAlone';
import { contentName, indexName, isMysql, numberedName } from './foldDialect';
import { refusedOfForeign } from './foldForeign';
import { childrenOf, coversPartitionKey, descendantsOf, inheritParts } from './foldInheritance';
import { isTransact } from './foldTransact';
import { imply, withoutServed } from './impliedIndexes';
import { columnsRead, elementsInName, isVirtual, unfitIndex } from './indexable';
import { columnsInName, freeConstraintName, freeRelationName, hasConstraint } from './names';
import type { Constraint, Index, ObjectId, Table } from './object';
import { columnFor, columnIds, current, isRefusal, keyElements, shown, tableFor } from './refer';
import { storedIn } from './storedAs';

type Of<Kind extends ConstraintDefinition['kind']> = Extract<ConstraintDefinition, { readonly kind: Kind }>;

/** Puts a constraint on a table, and but for ONLY on the tables that inherit from it. */
export function addConstraint(draft: Draft, table: Table, definition: ConstraintDefinition, only = false): Outcome {
  const name = definition.name?.name;
  // MySQL may be told of the index behind a key twice
  if (name !== undefined && draft.dialect === undefined && hasConstraint(table, name))
    return refuse('exists', `constraint ${name} of ${shown(table)} already exists`);
  // what a guard has asked for, and what is there already
  if (name !== undefined && isTransact(draft) && table.constraints.some(each => isSameName(draft, each.name, name)))
    return undefined;
  const refused =
    (draft.dialect === undefined ? refusedOfForeign(table, definition.kind) : undefined) ??
    (only ? refusedAlone(draft, table, definition) : undefined) ??
    put(draft, table, definition);
  if (refused) return refused;
  if (only) {
    withoutParts(draft, table, table.indexes);
    return undefined;
  }
  for (const child of childrenOf(draft, table.id)) {
    const inherited = inheritParts(draft, child, current(draft, table));
    if (inherited) return inherited;
  }
  return undefined;
}

function put(draft: Draft, table: Table, definition: ConstraintDefinition): Outcome {
  switch (definition.kind) {
    case 'primaryKey':
    case 'unique':
      return addKey(draft, table, definition);
    case 'exclude':
      return addExclusion(draft, table, definition);
    case 'check':
      return addCheck(draft, table, definition);
    case 'foreignKey':
      return addForeignKey(draft, table, definition);
    case 'notNull': {
      const column = columnFor(draft, table, definition.column.name);
      if (isRefusal(column)) return column;
      setNotNull(draft, table, [column.id], definition.name?.name);
      return undefined;
    }
  }
}

const partsOf = (draft: Draft, definition: ConstraintDefinition) => ({
  id: draft.fresh(),
  validated: definition.notValid === undefined,
  enforced: definition.enforced,
  deferrable: definition.deferrable,
  ...(definition.words === undefined
    ? {}
    : {
        words: {
          text: definition.words,
          isNamed: definition.name !== undefined,
          inColumn: definition.inColumn,
        },
      }),
});

function addTo(draft: Draft, table: Table, constraint: Constraint, index?: Index): void {
  draft.change<Table>(table, now => ({
    ...now,
    constraints: [...now.constraints, constraint],
    indexes: index ? [...now.indexes.filter(({ id }) => id !== index.id), index] : now.indexes,
    ...(index ? withoutServed(now, index) : {}),
  }));
}

export function setNotNull(draft: Draft, table: Table, ids: readonly ObjectId[], name?: string): void {
  draft.change<Table>(table, now => ({
    ...now,
    columns: now.columns.map(column =>
      ids.includes(column.id) && !column.notNull
        ? {
            ...column,
            notNull: true,
            ...(name === undefined ? {} : { notNullName: name }),
            ...(column.inherited ? { ownNotNull: true } : {}),
          }
        : column,
    ),
  }));
}

function addKey(draft: Draft, table: Table, definition: KeyConstraint): Outcome {
  if (definition.kind === 'primaryKey' && primaryKeyOf(table))
    return refuse('exists', `${shown(table)} has a primary key already`);
  if (definition.usingIndex) return keyUsingIndex(draft, table, definition, definition.usingIndex.name);
  const columns = columnIds(draft, table, definition.columns);
  if (isRefusal(columns)) return columns;
  const include = columnIds(draft, table, definition.include);
  if (isRefusal(include)) return include;
  if (draft.dialect === undefined && isVirtual(current(draft, table), columns))
    return refuse('invalid', `a key of ${shown(table)} cannot hold a virtual generated column`);
  if (!coversPartitionKey(current(draft, table), columns))
    return refuse('invalid', `a key of the partitioned table ${shown(table)} must include its partition key`);
  const label = definition.kind === 'primaryKey' ? 'pkey' : 'key';
  const listed = [...definition.columns, ...definition.include].map(column => ({ column: column.name }));
  const second = definition.kind === 'primaryKey' ? undefined : columnsInName(listed);
  const name =
    nameOfPrimary(draft, definition) ??
    definition.name?.name ??
    nameInMysql(draft, table, definition) ??
    contentName(draft, table, definition.kind === 'primaryKey' ? 'primary key' : 'unique', definition.columns) ??
    freeRelationName(draft, table.schema, table.name, second, label, true);
  if (draft.dialect === undefined && draft.taken('r', table.schema, name))
    return refuse('exists', `relation ${name} already exists`);
  const parts = partsOf(draft, definition);
  const index: Index = {
    id: draft.fresh(),
    name,
    unique: true,
    method: definition.withoutOverlaps ? 'gist' : 'btree',
    elements: columns.map((column, at) => ({
      column,
      named: definition.columns[at]?.name,
      opclassOptions: [],
      descending: false,
    })),
    include,
    includeNamed: definition.include.map(({ name }) => name),
    nullsNotDistinct: definition.nullsNotDistinct,
    options: definition.options,
    ...storedIn({ tablespace: definition.tablespace }),
    constraint: parts.id,
  };
  // MySQL's unique key is its index, and nothing besides
  if (definition.kind === 'unique' && isMysql(draft)) {
    const { constraint: _, ...plain } = index;
    draft.change<Table>(table, now => ({
      ...now,
      indexes: [...now.indexes, plain],
      ...withoutServed(now, plain),
    }));
    return undefined;
  }
  const unfit = unfitIndex(draft, index, current(draft, table));
  if (unfit) return unfit;
  addTo(draft, table, keyOf(parts, definition, name, columns, index.id), index);
  if (definition.kind === 'primaryKey') setNotNull(draft, table, columns);
  return undefined;
}

/** MySQL calls it so whatever it is given. */
const nameOfPrimary = ({ dialect }: Draft, { kind }: KeyConstraint): string | undefined =>
  kind === 'primaryKey' && (dialect === 'mysql' || dialect === 'mariadb') ? 'PRIMARY' : undefined;

/** MySQL calls a unique key without a name as it does any index. */
const nameInMysql = (draft: Draft, table: Table, { columns: [first] }: KeyConstraint): string | undefined =>
  first && (draft.dialect === 'mysql' || draft.dialect === 'mariadb')
    ? indexName(current(draft, table), first.name)
    : undefined;

const keyOf = (
  parts: ReturnType<typeof partsOf>,
  { kind, withoutOverlaps }: KeyConstraint,
  name: string,
  columns: readonly ObjectId[],
  index: ObjectId,
): Constraint => ({ ...parts, kind, name, columns, index, withoutOverlaps });

/** The index becomes the constraint's, and takes its name. */
function keyUsingIndex(draft: Draft, table: Table, definition: KeyConstraint, indexName: string): Outcome {
  const found = current(draft, table).indexes.find(index => index.name === indexName);
  if (!found) {
    if (table.complete) return refuse('missing', `index ${indexName} of ${shown(table)} does not exist`);
    draft.change<Table>(table, now => ({ ...now, complete: false }));
    return undefined;
  }
  if (found.constraint !== undefined) return refuse('invalid', `index ${indexName} belongs to a constraint already`);
  if (!found.unique) return refuse('invalid', `index ${indexName} is not unique`);
  if (found.where || found.elements.some(({ expression }) => expression))
    return refuse('invalid', `index ${indexName} is partial or has expressions`);
  if (found.elements.some(({ descending, nulls, opclass }) => descending || nulls || opclass?.endsWith('_pattern_ops')))
    return refuse('invalid', `index ${indexName} does not sort as a constraint's does`);
  const columns = found.elements.flatMap(({ column }) => (column === undefined ? [] : [column]));
  const name = definition.name?.name ?? found.name;
  const parts = partsOf(draft, definition);
  addTo(draft, table, keyOf(parts, definition, name, columns, found.id), { ...found, name, constraint: parts.id });
  if (definition.kind === 'primaryKey') setNotNull(draft, table, columns);
  return undefined;
}

function addExclusion(draft: Draft, table: Table, definition: Of<'exclude'>): Outcome {
  const elements = keyElements(
    draft,
    table,
    definition.elements.map(({ element }) => element),
  );
  if (isRefusal(elements)) return elements;
  const include = columnIds(draft, table, definition.include);
  if (isRefusal(include)) return include;
  const now = current(draft, table);
  const where = definition.where ? bindOver(draft, definition.where, now) : undefined;
  if (draft.dialect === undefined && isVirtual(now, columnsRead(elements, include, where)))
    return refuse('invalid', `a constraint of ${shown(now)} cannot hold a virtual generated column`);
  const columns = elements.flatMap(({ column }) => (column === undefined ? [] : [column]));
  if (!coversPartitionKey(now, columns))
    return refuse('invalid', `an exclusion of the partitioned table ${shown(now)} must include its partition key`);
  const name =
    definition.name?.name ??
    freeRelationName(draft, now.schema, now.name, elementsInName(now, elements, []), 'excl', true);
  if (draft.taken('r', now.schema, name)) return refuse('exists', `relation ${name} already exists`);
  const parts = partsOf(draft, definition);
  const index: Index = {
    id: draft.fresh(),
    name,
    unique: false,
    method: definition.method,
    elements,
    include,
    includeNamed: definition.include.map(({ name }) => name),
    ...(where ? { where } : {}),
    nullsNotDistinct: false,
    options: [],
    constraint: parts.id,
  };
  const constraint: Constraint = {
    ...parts,
    kind: 'exclude',
    name,
    columns,
    index: index.id,
    operators: definition.elements.map(({ operator }) => operator),
  };
  const unfit = unfitIndex(draft, index, now);
  if (unfit) return unfit;
  addTo(draft, now, constraint, index);
  return undefined;
}

function addCheck(draft: Draft, table: Table, definition: Of<'check'>): Outcome {
  if (definition.noInherit && table.partitionBy)
    return refuse('invalid', `a check of the partitioned table ${shown(table)} is one of its partitions too`);
  const expression = bindOver(draft, definition.expression, table);
  const columns = table.columns.filter(column => expression.refs.includes(column.id));
  const [single] = columns;
  const second = columns.length === 1 ? single?.name : undefined;
  const name =
    definition.name?.name ??
    contentName(draft, table, 'check', [{ name: definition.expression.text }]) ??
    (isMysql(draft)
      ? numberedName(table, 'chk')
      : freeConstraintName(draft, table.schema, table.name, second, 'check'));
  addTo(draft, table, {
    ...partsOf(draft, definition),
    kind: 'check',
    name,
    columns: columns.map(({ id }) => id),
    expression,
    noInherit: definition.noInherit,
  });
  return undefined;
}

function addForeignKey(draft: Draft, table: Table, definition: Of<'foreignKey'>): Outcome {
  const columns = columnIds(draft, table, definition.columns);
  if (isRefusal(columns)) return columns;
  const target =
    draft.dialect !== undefined && !draft.find('r', definition.references)
      ? draft.assumedTable(definition.references)
      : tableFor(draft, definition.references);
  if (isRefusal(target)) return target;
  if (
    draft.dialect === undefined &&
    !target.assumed &&
    LASTING.indexOf(target.persistence) < LASTING.indexOf(table.persistence)
  )
    return refuse(
      'invalid',
      `a ${table.persistence} table cannot reference the ${target.persistence} ${shown(target)}`,
    );
  if (table.partitionBy && descendantsOf(draft, table.id).some(({ id }) => id === target.id))
    return refuse('invalid', `${shown(table)} cannot reference its own partition ${shown(target)}`);
  const found = referencedColumns(draft, target, definition);
  // SQLite looks for them when a row is written
  const referenced = isRefusal(found) && draft.dialect === 'sqlite' ? [] : found;
  if (isRefusal(referenced)) return referenced;
  if (draft.dialect === undefined && referenced.length > 0 && referenced.length !== columns.length)
    return refuse(
      'invalid',
      `a foreign key of ${shown(table)} has ${columns.length} columns, and the key of ${shown(target)} ${referenced.length}`,
    );
  if (draft.dialect === undefined && isVirtual(table, columns))
    return refuse('invalid', `a foreign key of ${shown(table)} cannot hold a virtual generated column`);
  for (const [at, id] of columns.entries()) {
    const own = current(draft, table).columns.find(column => column.id === id);
    const other = current(draft, target).columns.find(column => column.id === referenced[at]);
    if (
      draft.dialect === undefined &&
      own?.type &&
      other?.type &&
      !(comparable(own.type, other.type) && sameEnum(draft, own.type, other.type))
    )
      return refuse(
        'invalid',
        `${own.name} of ${shown(table)} and ${other.name} of ${shown(target)} have types that do not compare`,
      );
  }
  const now = current(draft, table);
  const listed = definition.columns.map(column => ({ column: column.name }));
  const name =
    definition.name?.name ??
    contentName(draft, now, 'foreign key', definition.columns) ??
    (isMysql(draft)
      ? numberedName(now, 'ibfk')
      : freeConstraintName(draft, now.schema, now.name, columnsInName(listed), 'fkey'));
  const onDeleteColumns = columnIds(
    draft,
    table,
    definition.onDeleteColumns.map(column => ({ name: column })),
  );
  if (isRefusal(onDeleteColumns)) return onDeleteColumns;
  const { onUpdate, onDelete, match } = definition;
  addTo(draft, now, {
    ...partsOf(draft, definition),
    kind: 'foreignKey',
    name,
    columns,
    table: target.id,
    referenced,
    onUpdate,
    onDelete,
    onDeleteColumns,
    match,
  });
  const [first] = definition.columns;
  if (isMysql(draft) && first)
    imply(draft, now, {
      name: definition.name?.name ?? definition.indexName ?? indexName(current(draft, now), first.name),
      columns,
    });
  return undefined;
}

/** The longer what a table holds stays, the later. */
const LASTING: readonly Table['persistence'][] = ['temporary', 'unlogged', 'permanent'];

function referencedColumns(draft: Draft, target: Table, definition: Of<'foreignKey'>): readonly ObjectId[] | Refusal {
  if (definition.referencedColumns.length === 0) {
    const key = primaryKeyOf(target);
    if (key?.kind === 'primaryKey' && (key.deferrable === 'no' || draft.dialect !== undefined)) return key.columns;
    if (key) return refuse('invalid', `a foreign key cannot reference the deferrable key of ${shown(target)}`);
    return target.complete && draft.dialect === undefined
      ? refuse('invalid', `there is no primary key for referenced table ${shown(target)}`)
      : [];
  }
  const ids = columnIds(draft, target, definition.referencedColumns);
  if (isRefusal(ids) || !target.complete || draft.dialect !== undefined) return ids;
  const sorted = [...ids].sort().join();
  const alike = target.indexes.filter(
    index =>
      index.unique &&
      !index.where &&
      index.elements.every(({ column }) => column !== undefined) &&
      index.elements
        .map(({ column }) => column)
        .sort()
        .join() === sorted,
  );
  if (alike.some(index => isImmediate(target, index))) return ids;
  return alike.length > 0
    ? refuse('invalid', `a foreign key cannot reference the deferrable key of ${shown(target)}`)
    : refuse('invalid', `there is no unique constraint matching the referenced columns of ${shown(target)}`);
}

/** Each row is checked as it is written: what a foreign key may stand on. */
const isImmediate = (table: Table, index: Index): boolean =>
  index.constraint === undefined || table.constraints.find(({ id }) => id === index.constraint)?.deferrable === 'no';
