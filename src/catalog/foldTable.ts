/** CREATE TABLE and ADD COLUMN, in the order in which the server does their parts: names that it makes up depend on it. */
import { bindOver, bindQuery } from './bind';
import { isSameName, primaryKeyOf } from './catalog';
import type { ColumnDefinition, ConstraintDefinition, SequenceOptions } from './definition';
import { type Draft, emptyTable, type Outcome, refuse } from './draft';
import { addConstraint } from './foldConstraint';
import { placed, placeholderNamed, takeOver } from './foldDialect';
import { childrenOf, descendantsOf, inheritColumns, inheritParts } from './foldInheritance';
import { copyLike } from './foldLike';
import { freeRelationName } from './names';
import type { Column, ObjectId, Sequence, Table } from './object';
import type { OperationOf } from './operation';
import { misplaced } from './partitionBounds';
import { current, dataTypeOf, isRefusal, keyElements, shown, tableFor } from './refer';
import { isSameType } from './sameness';
import { isUsualOfParted, storedAsPartition, storedIn } from './storedAs';
import { isNoDefault } from './storedDefault';

export function foldCreateTable(draft: Draft, op: OperationOf<'createTable'>): Outcome {
  const schema = draft.creationSchema(op.name, op.persistence === 'temporary');
  const meant = placeholderNamed(draft, { schema, name: op.name.name });
  if (meant) draft.remove(meant.id);
  if (draft.taken('r', schema, op.name.name))
    return op.ifNotExists
      ? undefined
      : refuse('exists', `relation ${shown({ schema, name: op.name.name })} already exists`);
  if (schema !== 'pg_temp' && !draft.taken('s', undefined, schema)) {
    if (draft.complete && draft.dialect === undefined) return refuse('missing', `schema ${schema} does not exist`);
    draft.assumeSchema(schema);
  }
  if (op.server !== undefined && draft.complete && !draft.taken('o', '', `server ${op.server}`))
    return refuse('missing', `server ${op.server} does not exist`);
  const parents: Table[] = [];
  for (const name of op.partitionOf ? [op.partitionOf.parent] : op.inherits) {
    const parent = tableFor(draft, name);
    if (isRefusal(parent)) return parent;
    parents.push(parent);
  }
  const [parent] = parents;
  const table: Table = {
    ...emptyTable(draft.fresh(), schema, op.name.name),
    persistence: op.persistence,
    options: op.options,
    complete: parents.every(one => one.complete) && op.ofType === undefined,
    inherits: op.partitionOf ? [] : parents.map(({ id }) => id),
    ...(op.partitionOf && parent
      ? {
          partitionOf: {
            parent: parent.id,
            bound: op.partitionOf.bound.text,
            isDefault: op.partitionOf.bound.isDefault,
          },
        }
      : {}),
    ...(op.foreign ? { foreignServer: op.server ?? '' } : {}),
    ...(op.partitionOf && parent ? storedAsPartition(draft, op, parent) : storedIn(op)),
    ...(op.ofType ? { ofType: shown(op.ofType) } : {}),
    ...(op.onCommit ? { onCommit: op.onCommit } : {}),
    ...(op.tail === undefined ? {} : { words: { tail: op.tail, later: [] } }),
  };
  if (isUsualOfParted(op.tablespace, op))
    return refuse('invalid', `the partitioned table ${op.name.name} has no rows to lie in the usual tablespace`);
  const misplacement = table.partitionOf ? misplaced(draft, table, table.partitionOf) : undefined;
  if (misplacement) return misplacement;
  draft.put(table);
  for (const one of parents) inheritColumns(draft, table, one);
  const refused = addColumns(draft, table, op);
  if (refused) return refused;
  if (op.partitionBy) {
    const elements = keyElements(draft, current(draft, table), op.partitionBy.elements);
    if (isRefusal(elements)) return elements;
    const { strategy } = op.partitionBy;
    draft.change<Table>(table, now => ({ ...now, partitionBy: { strategy, elements } }));
  }
  const refusal = addExpressionsAndConstraints(draft, table, op.columns, op.constraints);
  if (refusal) return refusal;
  const key = primaryKeyOf(current(draft, table))?.columns ?? [];
  for (const id of key)
    replaceColumn(draft, table, id, column => (column.inherited ? { ...column, ownNotNull: true } : column));
  for (const one of parents) {
    const inherited = inheritParts(draft, table, one, 'now');
    if (inherited) return inherited;
  }
  // in a table without rows all is valid, but for a foreign key that it has as a partition
  draft.change<Table>(table, now => ({
    ...now,
    constraints: now.constraints.map(one =>
      one.kind === 'foreignKey' && one.inherited ? one : { ...one, validated: true },
    ),
  }));
  if (meant) {
    // what refers to itself has put one in its place
    const again = placeholderNamed(draft, { schema, name: op.name.name });
    takeOver(draft, current(draft, table), again ?? meant);
  }
  return undefined;
}

/** The columns in order, those of LIKE where it stands among them. */
function addColumns(draft: Draft, table: Table, op: OperationOf<'createTable'>): Outcome {
  for (let at = 0; at <= op.columns.length; at += 1) {
    for (const like of op.like.filter(({ afterColumns }) => afterColumns === at)) {
      const refused = copyLike(draft, table, like);
      if (refused) return refused;
    }
    const column = op.columns[at];
    const refused = column && addBareColumn(draft, table, column);
    if (refused) return refused;
  }
  return undefined;
}

/** A column with its type and sequence; expressions come when all columns are there, as they may name each other. */
function addBareColumn(draft: Draft, table: Table, definition: ColumnDefinition): Outcome {
  const now = current(draft, table);
  const name = definition.name.name;
  const existing = now.columns.find(column => isSameName(draft, column.name, name));
  if (existing) {
    // a column of a parent's may be written again
    if (!existing.inherited) return refuse('exists', `column ${name} of ${shown(now)} already exists`);
    const type = dataTypeOf(draft, definition.type);
    if (existing.type && !isSameType(existing.type, type))
      return refuse('invalid', `column ${name} has another type than the inherited one`);
    const isOwn = isSaidNotNull(definition);
    replaceColumn(draft, now, existing.id, ({ notNullName, notNullMade, ...column }) => ({
      ...column,
      ...(isOwn
        ? { notNull: true, ownNotNull: true as const, notNullName: definition.notNull?.name }
        : { notNullName, notNullMade }),
      local: true,
    }));
    if (definition.type.serial) addSerial(draft, table, existing, definition.type.name);
    return undefined;
  }
  const column: Column = {
    id: draft.fresh(),
    name,
    type: dataTypeOf(draft, definition.type),
    notNull: isSaidNotNull(definition),
    ...(definition.notNull?.name === undefined ? {} : { notNullName: definition.notNull.name }),
    ...(definition.collation ? { collation: shown(definition.collation) } : {}),
    ...(definition.storage === undefined ? {} : { storage: definition.storage.toLowerCase() }),
    ...(definition.compression === undefined ? {} : { compression: definition.compression }),
    ...(definition.autoIncrement ? { autoIncrement: true } : {}),
    ...(definition.onUpdate === undefined ? {} : { onUpdate: definition.onUpdate }),
    ...(definition.default?.name === undefined ? {} : { defaultName: definition.default.name }),
    ...(definition.words ? { words: definition.words } : {}),
  };
  draft.change<Table>(now, before => ({ ...before, columns: placed(draft, before.columns, column, definition) }));
  if (definition.type.serial) addSerial(draft, table, column, definition.type.name);
  if (definition.identity) {
    const { always, options } = definition.identity;
    const untyped = draft.dialect === undefined ? refusedIdentity(table, column) : undefined;
    if (untyped) return untyped;
    const sequence = identitySequence(draft, table, column, options);
    replaceColumn(draft, table, column.id, before => ({ ...before, identity: { always, sequence: sequence.id } }));
  }
  return undefined;
}

const isSaidNotNull = ({ notNull, type, identity }: ColumnDefinition): boolean =>
  notNull !== undefined || type.serial !== undefined || identity !== undefined;

function addSerial(draft: Draft, table: Table, column: Column, type: string): void {
  const sequence = ownedSequence(draft, table, column, type === 'bigint' ? {} : { type }, false);
  replaceColumn(draft, table, column.id, before => ({ ...before, default: nextvalOf(sequence) }));
}

/** The server numbers whole numbers alone. */
export const refusedIdentity = (table: Table, { name, type }: Pick<Column, 'name' | 'type'>): Outcome =>
  type === undefined || (['smallint', 'integer', 'bigint'].includes(type.name) && type.dimensions === 0)
    ? undefined
    : refuse('invalid', `identity column ${name} of ${shown(table)} must be smallint, integer or bigint`);

export function identitySequence(draft: Draft, table: Table, column: Column, options: SequenceOptions): Sequence {
  const type = column.type?.name;
  const typed = type === 'integer' || type === 'smallint' ? { type } : {};
  const { sequenceName: _, ownedBy: __, restart: ___, ...kept } = options;
  return ownedSequence(draft, table, column, { ...typed, ...kept }, true, options.sequenceName?.name);
}

function ownedSequence(
  draft: Draft,
  table: Table,
  column: Column,
  options: SequenceOptions,
  identity: boolean,
  name?: string,
): Sequence {
  const { schema, persistence } = current(draft, table);
  const sequence: Sequence = {
    kind: 'sequence',
    id: draft.fresh(),
    schema,
    name: name ?? freeRelationName(draft, schema, current(draft, table).name, column.name, 'seq', false),
    persistence: persistence === 'unlogged' && draft.version < 15 ? 'permanent' : persistence,
    options,
    ownedBy: { table: table.id, column: column.id },
    identity,
    grants: [],
  };
  draft.put(sequence);
  return sequence;
}

/** `nextval('t_id_seq'::regclass)`, which follows the sequence's name. */
export function nextvalOf(sequence: { readonly id: ObjectId; readonly name: string }) {
  const name = (text: string) => ({ String: { sval: text } });
  return {
    text: `nextval('${sequence.name}'::regclass)`,
    refs: [sequence.id],
    tree: {
      FuncCall: {
        funcname: [name('nextval')],
        args: [
          {
            TypeCast: {
              arg: { A_Const: { sval: { sval: sequence.name } } },
              typeName: { names: [name('regclass')], typemod: -1 },
              $id: sequence.id,
            },
          },
        ],
        funcformat: 'COERCE_EXPLICIT_CALL',
      },
    },
  };
}

export function replaceColumn(draft: Draft, table: Table, id: ObjectId, change: (column: Column) => Column): void {
  draft.change<Table>(table, now => ({
    ...now,
    columns: now.columns.map(column => (column.id === id ? change(column) : column)),
  }));
}

/** Constraints in the server's order: checks, then keys with the primary key first, then foreign keys. */
const PHASES: readonly (readonly ConstraintDefinition['kind'][])[] = [
  ['notNull'],
  ['check'],
  ['primaryKey'],
  ['unique', 'exclude'],
  ['foreignKey'],
];

/** Whether the server keeps a default that a column is given. */
export const keepsDefault = (draft: Draft, value: { readonly tree: unknown }, { type }: Column): boolean =>
  draft.dialect !== undefined ||
  !isNoDefault(value.tree, type, ({ id }) => id !== undefined && draft.get(id)?.kind === 'domain');

function addExpressionsAndConstraints(
  draft: Draft,
  table: Table,
  columns: readonly ColumnDefinition[],
  constraints: readonly ConstraintDefinition[],
): Outcome {
  for (const definition of columns) {
    const now = current(draft, table);
    const column = now.columns.find(candidate => candidate.name === definition.name.name);
    if (!column) continue;
    if (definition.default && keepsDefault(draft, definition.default.value, column)) {
      const bound = bindOver(draft, definition.default.value, now);
      replaceColumn(draft, now, column.id, before => ({ ...before, default: bound }));
    }
    if (definition.generated) {
      const { stored } = definition.generated;
      const value = bindOver(draft, definition.generated.value, now);
      const other = now.columns.find(({ id, generated }) => generated && value.refs.includes(id));
      if (other)
        return refuse('invalid', `column ${column.name} of ${shown(now)} cannot be generated from ${other.name}`);
      replaceColumn(draft, now, column.id, before => ({ ...before, generated: { value, stored } }));
    }
  }
  const all = [...columns.flatMap(column => column.constraints), ...constraints].sort(
    (a, b) => a.span.start - b.span.start,
  );
  for (const kinds of PHASES)
    for (const constraint of all)
      if (kinds.includes(constraint.kind)) {
        const refused = addConstraint(draft, current(draft, table), constraint);
        if (refused) return refused;
      }
  return undefined;
}

export function foldAddColumn(draft: Draft, op: OperationOf<'addColumn'>): Outcome {
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  if (table.partitionOf) return refuse('invalid', `${shown(table)} is a partition: columns are added to its table`);
  const name = op.column.name.name;
  const existing = table.columns.find(column => isSameName(draft, column.name, name));
  if (existing && !existing.assumed) {
    if (op.ifNotExists) return undefined;
    return refuse('exists', `column ${name} of ${shown(table)} already exists`);
  }
  if (op.column.identity && !op.only && !table.partitionBy && childrenOf(draft, table.id).length > 0)
    return refuse('invalid', `an identity column cannot be added to ${shown(table)}, which has child tables`);
  // what was only assumed is explained now
  if (existing)
    draft.change<Table>(table, now => ({ ...now, columns: now.columns.filter(({ id }) => id !== existing.id) }));
  const refused = addBareColumn(draft, table, op.column) ?? addExpressionsAndConstraints(draft, table, [op.column], []);
  if (refused) return refused;
  if (op.only && childrenOf(draft, table.id).length > 0)
    return refuse('invalid', 'column must be added to child tables too');
  for (const child of descendantsOf(draft, table.id)) {
    const there = child.columns.find(column => column.name === name);
    if (!there) inheritColumns(draft, child, current(draft, table), name);
    else if (!there.inherited)
      replaceColumn(draft, child, there.id, column => ({
        ...column,
        inherited: true,
        local: true,
        ...(column.notNull ? { ownNotNull: true } : {}),
      }));
    const checks = inheritParts(draft, child, current(draft, table));
    if (checks) return checks;
  }
  return undefined;
}

export function foldCreateTableAs(draft: Draft, op: OperationOf<'createTableAs'>): Outcome {
  const schema = draft.creationSchema(op.name, op.persistence === 'temporary');
  if (draft.taken('r', schema, op.name.name))
    return op.ifNotExists
      ? undefined
      : refuse('exists', `relation ${shown({ schema, name: op.name.name })} already exists`);
  draft.assumeSchema(schema);
  const query = bindQuery(draft, op.query);
  const columns = query.outputs.map(
    ({ name, type, collation }, at): Column => ({
      id: draft.fresh(),
      name: op.columns[at]?.name ?? name,
      notNull: false,
      ...(type ? { type } : {}),
      ...(collation === undefined ? {} : { collation }),
    }),
  );
  draft.put({
    ...emptyTable(draft.fresh(), schema, op.name.name),
    persistence: op.persistence,
    columns,
    complete: query.complete,
  });
  return undefined;
}
