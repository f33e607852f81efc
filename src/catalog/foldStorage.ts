/** ALTER … SET TABLESPACE and SET ACCESS METHOD, which tables, materialized views and indexes share. */
import { type Draft, type Outcome, refuse } from './draft';
import { isForeign } from './foldForeign';
import { ownerOfIndex } from './foldIndex';
import type { Table, View } from './object';
import type { OperationOf } from './operation';
import { isRefusal, shown, tableFor } from './refer';
import { storedIn } from './storedAs';

export function foldStorage(draft: Draft, op: OperationOf<'setTablespace' | 'setAccessMethod'>): Outcome {
  const key = op.kind === 'setTablespace' ? 'tablespace' : 'accessMethod';
  const value = storedIn({ [key]: op.to })[key];
  const owned = ownerOfIndex(draft, op.table);
  if (owned) {
    const [owner, { id }] = owned;
    if (op.kind === 'setAccessMethod') return refuse('invalid', `${shown(op.table)} is an index, and no table`);
    draft.change<Table | View>(owner, now => ({
      ...now,
      indexes: now.indexes.map(index => (index.id === id ? { ...index, tablespace: value } : index)),
    }));
    return undefined;
  }
  const found = draft.find('r', op.table);
  if (found?.kind === 'materializedView') {
    draft.change<View>(found, now => ({ ...now, [key]: value }));
    return undefined;
  }
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  if (isForeign(table)) return refuse('invalid', `${shown(table)} is a foreign table, whose rows are stored elsewhere`);
  draft.change<Table>(table, now => ({ ...now, [key]: value }));
  return undefined;
}
