/** What the rules about waiting ask: which locks a migration takes on what was there, and what bounds the wait. */
import { type Catalog, isTable, relationNamed } from '../catalog/catalog';
import type { QualifiedName } from '../catalog/definition';
import { type Lock, locksOf } from '../catalog/locks';
import type { OperationOf } from '../catalog/operation';
import type { ProposedFix } from '../engine/finding';
import { existed, indentationOf, insertion, isFreeTypeChange, named, rewriteSent } from './schemaChanges';
import type { SchemaChange, SchemaScript } from './schemaScripts';

/** Locks on what was there before the migration. */
export function locksHeld(change: SchemaChange): readonly Lock[] {
  const { operation, before, script } = change;
  const held = locksOf(operation, before, script.server).filter(({ table }) =>
    table ? existed(change, table) : !before.complete,
  );
  // a foreign key of a new table has no rows to look up
  const isNew = operation.kind === 'addConstraint' && !existed(change, operation.table);
  const isShort = isNew || (isTypeChange(change) && isFreeTypeChange(change));
  return isShort ? held.map(lock => ({ ...lock, long: false })) : held;
}

const isTypeChange = (change: SchemaChange): change is SchemaChange<OperationOf<'setColumnType'>> =>
  change.operation.kind === 'setColumnType';

/** A table as a message names it, where it is known. */
export const namedOr = (table: QualifiedName | undefined, otherwise: string): string =>
  table ? named(table) : otherwise;

/**
 * The same for all names that one table has in the course of a migration; undefined for what is known to be no table.
 * @param after the catalog behind the change, which knows a table that is met for the first time
 */
export function tableKey({ before }: SchemaChange, name: QualifiedName, after: Catalog): string | undefined {
  const found = relationNamed(before, name) ?? relationNamed(after, name);
  if (found && !isTable(found)) return undefined;
  return found ? String(found.id) : `${name.schema ?? 'public'}.${name.name}`;
}

export type Timeout = 'lock_timeout' | 'statement_timeout';

/**
 * The first change of each migration with a lock that `matters`, where the session has no such timeout.
 *
 * A setting that is made in a way that is not followed (a function, a block) counts: its statement names it.
 */
export function* withoutTimeout(
  scripts: readonly SchemaScript[],
  timeout: Timeout,
  matters: (lock: Lock) => boolean,
): IterableIterator<{ readonly change: SchemaChange; readonly lock: Lock }> {
  for (const script of scripts) {
    if (script.dialect !== 'postgresql' || isOldHabit(script, timeout)) continue;
    let bound: 'session' | number | undefined;
    for (const change of script.changes) {
      const { operation, statement } = change;
      if (operation.kind === 'setParameter') {
        if (operation.name === '*') bound = undefined;
        else if (operation.name === timeout) bound = boundBy(operation, statement.transaction?.number);
        continue;
      }
      if (operation.kind === 'unread' && statement.sql.includes(timeout)) bound = 'session';
      if (bound === 'session' || (bound !== undefined && bound === statement.transaction?.number)) continue;
      // it does not wait
      if (operation.kind === 'lockTable' && /\bNOWAIT\s*;?\s*$/i.test(statement.sql)) continue;
      const lock = locksHeld(change).find(matters);
      if (!lock) continue;
      yield { change, lock };
      break;
    }
  }
}

/** A history of more migrations is a long one. */
const LONG_HISTORY = 20;
/** In a long history so many at its end are told: those before have run. */
const TOLD_AT_THE_END = 5;

/** None of a long history sets it: that is said at its end, where the next migration is written. */
const isOldHabit = ({ place, earlier }: SchemaScript, timeout: Timeout): boolean =>
  place !== undefined &&
  place.of > LONG_HISTORY &&
  place.behind >= TOLD_AT_THE_END &&
  !earlier().some(operation => operation.kind === 'setParameter' && operation.name === timeout);

/** For how long a setting holds: for the session, or for the transaction of that number. Zero is none at all. */
function boundBy(
  { values, local }: { readonly values?: readonly string[]; readonly local: boolean },
  transaction: number | undefined,
): 'session' | number | undefined {
  const [value] = values ?? [];
  if (value === undefined || /^\s*'?0+\D*$/.test(value)) return undefined;
  // SET LOCAL outside of a transaction does nothing
  return local ? transaction : 'session';
}

/** The setting, before the statement. Of a transaction's own where there is one: the tool may use the session for more. */
export function settingBefore(change: SchemaChange, timeout: Timeout, seconds: number): readonly ProposedFix[] {
  const { statement, script } = change;
  const { transaction } = statement;
  const isLocal = (transaction !== undefined && !transaction.isOwn) || script.wraps !== undefined;
  const { start } = change.operation.statement;
  return rewriteSent(change, `Set \`${timeout}\` before it`, [
    insertion(
      start,
      `SET ${isLocal ? 'LOCAL ' : ''}${timeout} = ${seconds * 1000};${statement.lineBreak}${indentationOf(change)}`,
    ),
  ]);
}
