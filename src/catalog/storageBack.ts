/** Where the rows of tables, materialized views and indexes lay before: they are moved back in place. */
import { isTable, isView } from './catalog';
import { fullName, quoted } from './naming';
import type { Index, ObjectId, Table, View } from './object';
import { namedText } from './print';
import type { Script } from './wayBack';

/** After the renames, and after what is made. */
export function storageBack(script: Script): void {
  const { before, statements } = script;
  for (const then of before.objects.values()) {
    if (!isTable(then) && then.kind !== 'materializedView') continue;
    const now = standing(script, then);
    if (now === then) continue;
    const name = `ALTER ${namedText(before, then)} SET`;
    if (now.accessMethod !== then.accessMethod)
      statements.push(`${name} ACCESS METHOD ${quoted(then.accessMethod ?? 'heap')};`);
    if (now.tablespace !== then.tablespace)
      statements.push(`${name} TABLESPACE ${quoted(then.tablespace ?? 'pg_default')};`);
    for (const index of then.indexes)
      if (tablespaceOf(script, now, index) !== index.tablespace)
        statements.push(
          `ALTER INDEX ${fullName({ schema: then.schema, name: index.name })} SET TABLESPACE ${quoted(index.tablespace ?? 'pg_default')};`,
        );
  }
}

/** The relation as it stands: what has been made says the rest itself. */
function standing({ after, before, rebuilt }: Script, then: Table | View): Table | View {
  const now = rebuilt.has(then.id) ? undefined : after.objects.get(then.id);
  if (isTable(now) || isView(now)) return now;
  const made = { ...then, indexes: [] };
  if (!isTable(then) || !then.partitionBy || !then.partitionOf) return made;
  // that of a table with partitions of its own cannot be said to be the usual one
  const parent = before.objects.get(then.partitionOf.parent);
  return isTable(parent) && then.tablespace === undefined && parent.tablespace !== undefined
    ? { ...made, tablespace: parent.tablespace }
    : made;
}

function tablespaceOf({ before, rebuilt }: Script, now: Table | View, then: Index): string | undefined {
  const same = rebuilt.has(then.id) ? undefined : now.indexes.find(({ id }) => id === then.id);
  if (same) return same.tablespace;
  if (then.parent !== undefined) return indexOf(before, then.parent)?.tablespace;
  // a key says nothing of its index
  return then.constraint === undefined ? then.tablespace : undefined;
}

function indexOf({ objects }: Script['before'], id: ObjectId): Index | undefined {
  for (const object of objects.values()) {
    const found = isTable(object) ? object.indexes.find(index => index.id === id) : undefined;
    if (found) return found;
  }
  return undefined;
}
