/** ALTER TABLE on constraints and what a table is set to. */
import { isSameName } from './catalog';
import type { Options } from './definition';
import { type Draft, type Outcome, refuse } from './draft';
import { drop } from './fall';
import { hasPartitions, ownFromNow } from './foldAlone';
import { addConstraint } from './foldConstraint';
import { constraintMeant, stored } from './foldDialect';
import { childrenOf, descendantsOf, inheritColumns, inheritParts } from './foldInheritance';
import { dropNotNull, isGiven, notNullNamed } from './foldNotNull';
import { dropUnnamed, isTransact, switched } from './foldTransact';
import type { Column, Constraint, ObjectId, Table, View } from './object';
import type { ConstraintOperation, OperationOf, TableSettingOperation } from './operation';
import { misplaced } from './partitionBounds';
import { current, isRefusal, relationFor, shown, tableFor } from './refer';

export function foldConstraintChange(draft: Draft, op: ConstraintOperation): Outcome {
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  if (op.kind === 'addConstraint') return addConstraint(draft, table, op.constraint, op.only);
  const { name } = op.name;
  if (op.kind === 'dropConstraint' && op.unnamed) return dropUnnamed(draft, table, op.unnamed);
  if (op.kind !== 'dropConstraint' && op.ofAll) {
    const { ofAll, ...one } = op;
    for (const { kind, name: each } of table.constraints)
      if (kind === 'check' || kind === 'foreignKey')
        foldConstraintChange(draft, { ...one, name: { ...op.name, name: each } });
    return undefined;
  }
  const constraint =
    draft.dialect === undefined
      ? table.constraints.find(candidate => candidate.name === name)
      : constraintMeant(draft, table, name);
  if (!constraint) {
    if (draft.dialect !== undefined) return op.kind === 'dropConstraint' ? dropNamed(draft, table, name) : undefined;
    const notNull = notNullNamed(table, name);
    if (notNull && op.kind === 'dropConstraint') return dropNotNull(draft, table, notNull, op.only === true);
    if (notNull && op.kind === 'validateConstraint') return undefined;
    if (!table.complete || (op.kind === 'dropConstraint' && op.ifExists)) return undefined;
    return refuse('missing', `constraint ${name} of ${shown(table)} does not exist`);
  }
  switch (op.kind) {
    case 'dropConstraint': {
      if (constraint.inherited) return refuse('invalid', `constraint ${name} of ${shown(table)} is inherited`);
      const alone = op.only && constraint.kind === 'check';
      if (alone && hasPartitions(draft, table) && draft.version < 18)
        return refuse('invalid', `constraint ${name} of ${shown(table)} must be dropped in its partitions too`);
      if (alone) ownFromNow(draft, table, 'constraints', name);
      const ids = [constraint.id, ...(alone ? [] : inheritedFrom(draft, table, constraint))];
      const cascade = op.cascade !== undefined || draft.dialect !== undefined;
      return drop(draft, ids, cascade, `constraint ${name} of ${shown(table)}`);
    }
    case 'validateConstraint':
      if (
        op.only &&
        childrenOf(draft, table.id).some(child =>
          child.constraints.some(one => one.inherited && matches(one, constraint)),
        )
      )
        return refuse('invalid', `constraint ${name} of ${shown(table)} must be validated in its child tables too`);
      return changeConstraint(draft, table, constraint, one => ({ ...one, validated: true }));
    case 'alterConstraint':
      if (isTransact(draft) && op.enforced !== undefined) {
        const { enforced } = op;
        return changeConstraint(draft, table, constraint, one => switched(one, enforced));
      }
      return changeConstraint(draft, table, constraint, one => ({
        ...one,
        deferrable: op.deferrable ?? one.deferrable,
        enforced: op.enforced ?? one.enforced,
      }));
  }
}

/** A check's copies that go with it: one that the child has declared itself stays, and so do those below it. */
function inheritedFrom(draft: Draft, table: Table, constraint: Constraint): readonly ObjectId[] {
  return childrenOf(draft, table.id).flatMap(child => {
    const copy = child.constraints.find(one => one.inherited && matches(one, constraint));
    if (!copy) return [];
    if (!copy.local) return [copy.id, ...inheritedFrom(draft, child, copy)];
    draft.change<Table>(child, now => withConstraint(now, copy.id, withoutParent));
    return [];
  });
}

/** What else has a constraint's name: T-SQL's default of a column, MySQL's unique index. Else the table is not all known. */
function dropNamed(draft: Draft, table: Table, name: string): Outcome {
  const index = table.indexes.find(each => isSameName(draft, each.name, name));
  if (index) return drop(draft, [index.id], true, `index ${name}`);
  draft.change<Table>(table, now => ({
    ...now,
    complete: now.complete && now.columns.some(({ defaultName = '' }) => isSameName(draft, defaultName, name)),
    columns: now.columns.map(column => {
      if (column.defaultName === undefined || !isSameName(draft, column.defaultName, name)) return column;
      const { default: _, defaultName: __, ...rest } = column;
      return rest;
    }),
  }));
  return undefined;
}

const matches = (inherited: Constraint, own: Constraint): boolean =>
  inherited.kind === own.kind && own.kind === 'check' && inherited.name === own.name;

function changeConstraint(
  draft: Draft,
  table: Table,
  constraint: Constraint,
  change: (one: Constraint) => Constraint,
): Outcome {
  const changed = new Set([constraint.id]);
  for (const one of [table, ...descendantsOf(draft, table.id)])
    draft.change<Table>(one, now => ({
      ...now,
      constraints: now.constraints.map(same => {
        const isPart = same.parent !== undefined && changed.has(same.parent);
        if (!changed.has(same.id) && !isPart && !(same.inherited && matches(same, constraint))) return same;
        changed.add(same.id);
        return change(same);
      }),
    }));
  return undefined;
}

export function withOptions(options: Options, { set, reset }: { set: Options; reset: readonly string[] }): Options {
  const changed = new Map(options);
  for (const [name, value] of set) changed.set(name, value);
  for (const name of reset) changed.delete(name);
  return [...changed].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** What PostgreSQL keeps the rows of itself for: of a foreign table it has none. */
const OF_OWN_ROWS: ReadonlySet<TableSettingOperation['kind']> = new Set([
  'setTableOptions',
  'setRowSecurity',
  'setRuleState',
  'setReplicaIdentity',
  'setPersistence',
  'clusterOn',
]);

export function foldTableSetting(
  draft: Draft,
  op: Exclude<TableSettingOperation, OperationOf<'setTablespace' | 'setAccessMethod'>>,
): Outcome {
  const foreign = OF_OWN_ROWS.has(op.kind) && draft.dialect === undefined ? draft.find('r', op.table) : undefined;
  if (foreign?.kind === 'table' && foreign.foreignServer !== undefined)
    return refuse('invalid', `${shown(foreign)} is a foreign table, whose rows are stored elsewhere`);
  if (op.kind === 'setTableOptions') {
    const relation = relationFor(draft, op.table);
    if (isRefusal(relation)) return relation;
    draft.change<Table | View>(relation, now => ({ ...now, options: withOptions(now.options, op) }));
    return undefined;
  }
  const sequence = op.kind === 'setPersistence' ? draft.find('r', op.table) : undefined;
  if (op.kind === 'setPersistence' && sequence?.kind === 'sequence') {
    draft.put({ ...sequence, persistence: op.to });
    return undefined;
  }
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  const change = (part: Partial<Table>): Outcome => {
    draft.change<Table>(table, now => ({ ...now, ...part }));
    return undefined;
  };
  switch (op.kind) {
    case 'setStorageWords':
      return change(stored(table, op.text));
    case 'setTriggerState':
      return setTriggerState(draft, table, op);
    case 'setRuleState':
      return change({
        rules: table.rules.map(rule => (rule.name === op.rule.name ? { ...rule, state: op.state } : rule)),
      });
    case 'setRowSecurity':
      return change({
        ...draft.switched(table, table.id, {
          aspect: 'row security',
          stood: {
            ...(op.enabled === undefined ? {} : { rowSecurity: !op.enabled }),
            ...(op.forced === undefined ? {} : { forceRowSecurity: !op.forced }),
          },
        }),
        rowSecurity: op.enabled ?? table.rowSecurity,
        forceRowSecurity: op.forced ?? table.forceRowSecurity,
      });
    case 'setReplicaIdentity': {
      if (op.identity !== 'index') return change({ replicaIdentity: op.identity });
      const index = table.indexes.find(({ name }) => name === op.index?.name);
      if (!index) return table.complete ? refuse('missing', `index ${op.index?.name} does not exist`) : undefined;
      return change({ replicaIdentity: index.id });
    }
    case 'setPersistence':
      {
        const told = draft.switched(table, table.id, {
          aspect: 'persistence',
          stood: { persistence: op.to === 'unlogged' ? 'permanent' : 'unlogged' },
        });
        if (told.told) return change({ ...told, persistence: op.to });
      }
      if (table.persistence === op.to) return undefined;
      if (op.to === 'unlogged' && isPublished(draft, table))
        return refuse('invalid', `${shown(table)} is published, and cannot be unlogged`);
      // its sequences go with it
      if (draft.version >= 15)
        for (const object of [...draft.objects.values()])
          if (object.kind === 'sequence' && object.ownedBy?.table === table.id)
            draft.put({ ...object, persistence: op.to });
      return change({ persistence: op.to });
    case 'clusterOn': {
      const index = table.indexes.find(({ name }) => name === op.index?.name);
      if (op.index && !index && table.complete) return refuse('missing', `index ${op.index.name} does not exist`);
      if (table.partitionBy) return refuse('invalid', `${shown(table)} is partitioned, and has no rows to cluster`);
      if (index && (index.where || !['btree', 'gist'].includes(index.method)))
        return refuse('invalid', `${shown(table)} cannot be clustered on index ${index.name}`);
      return change({ clusteredOn: index?.id });
    }
    default:
      return foldParent(draft, table, op);
  }
}

/** By its own name: one of all tables leaves those out that are not logged. */
const isPublished = (draft: Draft, table: Table): boolean =>
  [...draft.objects.values()].some(
    object => object.kind === 'other' && object.what === 'publication' && object.definition?.refs.includes(table.id),
  );

function setTriggerState(draft: Draft, table: Table, op: OperationOf<'setTriggerState'>): Outcome {
  const { trigger, state } = op;
  const named = typeof trigger === 'string' ? undefined : trigger.name;
  if (named !== undefined && table.complete && !table.triggers.some(({ name }) => name === named))
    return refuse('missing', `trigger ${named} for table ${shown(table)} does not exist`);
  for (const one of [table, ...(op.only ? [] : descendantsOf(draft, table.id))])
    draft.change<Table>(one, now => ({
      ...now,
      triggers: now.triggers.map(same => (named === undefined || same.name === named ? { ...same, state } : same)),
    }));
  return undefined;
}

type ParentOperation = Extract<
  TableSettingOperation,
  { readonly kind: 'inherit' | 'noInherit' | 'attachPartition' | 'detachPartition' }
>;

function foldParent(draft: Draft, table: Table, op: ParentOperation): Outcome {
  const other = tableFor(draft, op.kind === 'inherit' || op.kind === 'noInherit' ? op.parent : op.partition);
  if (isRefusal(other)) return other;
  switch (op.kind) {
    case 'inherit': {
      if (isWithin(draft, other, table))
        return refuse('invalid', `${shown(other)} inherits from ${shown(table)} itself`);
      const told = draft.switched(table, table.id, { aspect: 'parents', stood: {} });
      draft.change<Table>(table, now => ({ ...now, ...told, inherits: [...now.inherits, other.id] }));
      return adopt(draft, current(draft, table), other);
    }
    case 'noInherit':
      release(draft, table, other);
      draft.change<Table>(table, now => ({ ...now, inherits: now.inherits.filter(id => id !== other.id) }));
      return undefined;
    case 'attachPartition': {
      if (other.partitionOf) return refuse('invalid', `${shown(other)} is a partition already`);
      if (isWithin(draft, table, other))
        return refuse('invalid', `${shown(table)} is a part of ${shown(other)} itself`);
      // each partition gets a copy of the key, which would reference the table that it is of
      const key = table.constraints.find(one => one.kind === 'foreignKey' && one.table === other.id);
      if (key) return refuse('invalid', `${shown(other)} is referenced by foreign key ${key.name} of ${shown(table)}`);
      if (table.complete && !table.partitionBy) return refuse('invalid', `${shown(table)} is not partitioned`);
      const bound = { parent: table.id, bound: op.bound?.text ?? 'DEFAULT', isDefault: op.bound?.isDefault === true };
      const misplacement = misplaced(draft, other, bound);
      if (misplacement) return misplacement;
      const told = draft.switched(other, other.id, { aspect: 'place among partitions', stood: {} });
      draft.change<Table>(other, now => ({ ...now, ...told, partitionOf: bound }));
      return adopt(draft, current(draft, other), table);
    }
    case 'detachPartition': {
      if (other.partitionOf?.parent !== table.id)
        return other.assumed ? undefined : refuse('invalid', `${shown(other)} is not a partition of ${shown(table)}`);
      release(draft, other, table);
      draft.change<Table>(other, ({ partitionOf: _, ...now }) => ({
        ...now,
        indexes: now.indexes.map(({ parent: __, ...index }) => index),
        constraints: now.constraints.map(withoutParent),
      }));
      // row triggers that came from the parent go with it
      const copies = other.triggers.filter(({ parent }) => parent !== undefined).map(({ id }) => id);
      return drop(draft, copies, true, `triggers of ${shown(other)}`);
    }
  }
}

/** It is that table, or inherits from it. */
const isWithin = (draft: Draft, table: Table, other: Table): boolean =>
  table.id === other.id || descendantsOf(draft, other.id).some(({ id }) => id === table.id);

/** An existing table becomes a child: its columns count as inherited, and it gets what it lacks. */
function adopt(draft: Draft, child: Table, parent: Table): Outcome {
  for (const column of parent.columns)
    if (!child.columns.some(({ name }) => name === column.name)) {
      if (child.complete && parent.complete) return refuse('invalid', `${shown(child)} lacks column ${column.name}`);
      inheritColumns(draft, child, parent, column.name);
    }
  for (const column of parent.columns) {
    const own = child.columns.find(({ name }) => name === column.name);
    const unlike = own && isComputedOtherwise(draft, own, column);
    if (unlike)
      return refuse(
        'invalid',
        `column ${column.name} of ${shown(child)} is not computed as that of ${shown(parent)} is`,
      );
  }
  for (const { name, ...one } of parent.constraints)
    if (one.kind === 'check' && !one.noInherit && !child.constraints.some(own => own.name === name))
      if (child.complete && parent.complete) return refuse('invalid', `${shown(child)} lacks constraint ${name}`);
  /** A partition's NOT NULL becomes part of its table's. */
  const staysNotNull = ({ name, notNull, inherited, ownNotNull }: Column): boolean =>
    inherited
      ? ownNotNull === true
      : notNull && !(child.partitionOf && parent.columns.some(one => one.name === name && one.notNull));
  draft.change<Table>(child, now => ({
    ...now,
    columns: now.columns.map(column =>
      parent.columns.some(({ name }) => name === column.name)
        ? {
            ...column,
            inherited: true,
            ...(now.partitionOf ? {} : { local: true }),
            ...(staysNotNull(column) ? { ownNotNull: true } : {}),
          }
        : column,
    ),
  }));
  return inheritParts(draft, current(draft, child), parent, 'now');
}

/** A child computes what its parent computes, and since PostgreSQL 16 nothing else; since 18 each column is stored, or neither is. */
const isComputedOtherwise = ({ version }: Draft, own: Column, parents: Column): boolean =>
  parents.generated
    ? !own.generated || (version >= 18 && own.generated.stored !== parents.generated.stored)
    : own.generated !== undefined && version >= 16;

const withoutParent = ({ inherited: _, local: __, parent: ___, ...own }: Constraint): Constraint => own as Constraint;

const withConstraint = (table: Table, id: ObjectId, change: (one: Constraint) => Constraint): Table => ({
  ...table,
  constraints: table.constraints.map(one => (one.id === id ? change(one) : one)),
});

/** What it had from the parent is its own from then on, but for what it has from another parent too. */
function release(draft: Draft, child: Table, parent: Table): void {
  const others = child.inherits.flatMap(id => {
    const other = draft.get(id);
    return id !== parent.id && other?.kind === 'table' ? [other] : [];
  });
  const rest: Table = { ...child, inherits: child.inherits.filter(id => id !== parent.id) };
  const isTheirs = (list: 'columns' | 'constraints', name: string): boolean =>
    others.some(other => other[list].some(one => one.name === name));
  draft.change<Table>(child, now => ({
    ...now,
    columns: now.columns.map(column => {
      if (!column.inherited || !parent.columns.some(({ name }) => name === column.name)) return column;
      if (isTheirs('columns', column.name))
        return column.notNull && !isGiven(draft, rest, column.name) ? { ...column, ownNotNull: true } : column;
      const { inherited: _, local: __, ownNotNull: ___, ...own } = column;
      return own;
    }),
    constraints: now.constraints.map(one => (isTheirs('constraints', one.name) ? one : withoutParent(one))),
  }));
}
