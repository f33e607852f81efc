/** Whose a sequence is, before and after a step. */
import { type Catalog, isTable } from './catalog';
import { ownerColumnText } from './definitionText';
import { fullName } from './naming';
import type { Sequence } from './object';
import { serialSequence } from './print';
import type { Script } from './wayBack';

/** Whether it comes back with its column, which is a `serial`. */
export function madeBySerial(script: Script, sequence: Sequence): boolean {
  const table = sequence.ownedBy ? script.before.objects.get(sequence.ownedBy.table) : undefined;
  if (!isTable(table)) return false;
  const column = table.columns.find(({ id }) => id === sequence.ownedBy?.column);
  if (!column || serialSequence(script.before, table, column)?.id !== sequence.id) return false;
  const now = script.after.objects.get(table.id);
  return !isTable(now) || !now.columns.some(({ id }) => id === column.id);
}

/** The column that it was given to, and that goes on the way back, must not take it along. */
export function sequencesFreed(script: Script): void {
  for (const now of script.after.objects.values())
    if (now.kind === 'sequence' && script.before.objects.has(now.id) && ownerFalls(script, now))
      script.statements.push(`ALTER SEQUENCE ${fullName(now)} OWNED BY NONE;`);
}

function ownerFalls({ before, remade }: Script, { identity, ownedBy }: Sequence): boolean {
  if (identity || !ownedBy) return false;
  if (remade.has(ownedBy.column)) return true;
  const table = before.objects.get(ownedBy.table);
  return !isTable(table) || !table.columns.some(({ id }) => id === ownedBy.column);
}

/** Gives it back to the column that it belonged to. */
export function ownerBack(script: Script, then: Sequence): void {
  const { after, before, statements } = script;
  const now = after.objects.get(then.id);
  const owner = ownerColumnText(before, then);
  if (madeBySerial(script, then) && !now) return;
  const had = now?.kind === 'sequence' && !ownerFalls(script, now) ? now.ownedBy?.column : undefined;
  if (had === then.ownedBy?.column) return;
  statements.push(`ALTER SEQUENCE ${fullName(then)} OWNED BY ${owner ?? 'NONE'};`);
}

/** PostgreSQL from which on a table that is logged or not takes its sequences along. */
const TAKES_ALONG = 15;

/** Logged or not, where it does not come to be so with its table. */
export function persistenceBack({ after, before, statements }: Script, then: Sequence): void {
  const now = after.objects.get(then.id);
  if (now?.kind !== 'sequence' || then.persistence === 'temporary') return;
  const persistenceIn = ({ objects }: Catalog) => {
    const table = now.ownedBy && objects.get(now.ownedBy.table);
    return isTable(table) ? table.persistence : undefined;
  };
  const ofTable = persistenceIn(before);
  const isTaken = persistenceIn(after) !== ofTable && (after.version ?? 0) >= TAKES_ALONG;
  if ((isTaken ? ofTable : now.persistence) === then.persistence) return;
  statements.push(`ALTER SEQUENCE ${fullName(then)} SET ${then.persistence === 'permanent' ? 'LOGGED' : 'UNLOGGED'};`);
}
