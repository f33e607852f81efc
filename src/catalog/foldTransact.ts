/** What SQL Server does otherwise than all others when a schema changes. */
import { isSameName, isTable } from './catalog';
import type { ColumnWords } from './definition';
import { type Draft, type Outcome, refuse } from './draft';
import { drop } from './fall';
import type { Column, Constraint, Other, Table } from './object';
import type { OperationOf } from './operation';
import { current, shown } from './refer';

export const isTransact = ({ dialect }: Pick<Draft, 'dialect'>): boolean => dialect === 'transactsql';

/** Whether a constraint has a name that was written for it, and none that the server has made up. */
export const isWritten = ({ words }: Constraint): boolean => words?.isNamed === true;

type Lookup = NonNullable<OperationOf<'dropConstraint'>['unnamed']>;

/** The constraints that a search for a name that nobody has written may find. */
export const unnamedOf = (
  draft: Pick<Draft, 'dialect'>,
  table: Table,
  { kind, column }: Lookup,
): readonly Constraint[] => {
  const meant =
    column === undefined ? undefined : table.columns.find(({ name }) => isSameName(draft, name, column.name));
  return table.constraints.filter(
    each =>
      each.kind === kind &&
      (kind === 'primaryKey' ||
        (!isWritten(each) &&
          meant !== undefined &&
          each.columns.includes(meant.id) &&
          // of a check the server knows the column that it was written with
          (kind !== 'check' || each.words?.inColumn === true))),
  );
};

export function dropUnnamed(draft: Draft, table: Table, lookup: Lookup): Outcome {
  const [first, more] = unnamedOf(draft, table, lookup);
  // which of several is found is not told
  if (!first || more) {
    if (more || !table.complete) draft.change<Table>(table, now => ({ ...now, complete: false }));
    return undefined;
  }
  return drop(draft, [first.id], true, `constraint ${first.name} of ${shown(table)}`);
}

/** ALTER COLUMN says the type and whether NULL is taken; all else stays. */
export function wordsKept(before: ColumnWords | undefined, now: ColumnWords): ColumnWords {
  return {
    ...now,
    rest: [...(before?.rest ?? []).filter(word => word !== 'NULL'), ...now.rest],
    ...(before?.identity === undefined ? {} : { identity: before.identity }),
  };
}

/** `NOCHECK CONSTRAINT` and back: what is switched on again is not looked at in the rows that are there. */
export const switched = (one: Constraint, enforced: boolean): Constraint => ({
  ...one,
  enforced,
  validated: enforced && one.enforced ? one.validated : false,
});

/**
 * `sp_rename` of what is neither a column nor an index: of no relation, it is a constraint or a program. A program's text goes on
 * with the former name.
 */
export function renameObject(draft: Draft, { object: { name: from }, to }: OperationOf<'rename'>): Outcome {
  const schema = from.schema ?? 'public';
  for (const table of draft.objects.values()) {
    if (!isTable(table) || !isSameName(draft, table.schema, schema)) continue;
    const constraint = table.constraints.find(each => isSameName(draft, each.name, from.name));
    if (constraint) {
      draft.change<Table>(table, now => ({
        ...now,
        constraints: now.constraints.map(each => (each.id === constraint.id ? calledAs(each, to.name) : each)),
        indexes: now.indexes.map(each => (each.constraint === constraint.id ? { ...each, name: to.name } : each)),
      }));
      return undefined;
    }
    if (
      table.columns.some(({ defaultName }) => defaultName !== undefined && isSameName(draft, defaultName, from.name))
    ) {
      const again = (column: Column): Column =>
        column.defaultName !== undefined && isSameName(draft, column.defaultName, from.name)
          ? { ...column, defaultName: to.name }
          : column;
      draft.change<Table>(current(draft, table), now => ({ ...now, columns: now.columns.map(again) }));
      return undefined;
    }
  }
  for (const other of draft.objects.values())
    if (
      other.kind === 'other' &&
      isSameName(draft, other.name, from.name) &&
      isSameName(draft, other.schema ?? 'public', schema)
    ) {
      const renamed: Other = { ...other, name: to.name, identity: shown({ schema, name: to.name }), isStale: true };
      draft.put(renamed);
      return undefined;
    }
  return draft.complete ? refuse('missing', `${shown(from)} does not exist`) : undefined;
}

const calledAs = (one: Constraint, name: string): Constraint => ({
  ...one,
  name,
  ...(one.words ? { words: { ...one.words, isNamed: true } } : {}),
});
