/** What can be said of an object only when all is there. */
import { isTable } from './catalog';
import { fullName, quoted } from './naming';
import type { CatalogObject, Index, ObjectId } from './object';
import { ownerBack, persistenceBack } from './sequenceBack';
import type { Script } from './wayBack';

/** Who owns a sequence, how a table is set. */
export function settle(script: Script, object: CatalogObject): void {
  const { after, statements } = script;
  const now = after.objects.get(object.id);
  if (object.kind === 'sequence') persistenceBack(script, object);
  if (object.kind === 'sequence' && !object.identity) ownerBack(script, object);
  if (!isTable(object)) return;
  const was = isTable(now) ? now : undefined;
  const name = `ALTER TABLE ${fullName(object)}`;
  if ((was?.rowSecurity ?? false) !== object.rowSecurity)
    statements.push(`${name} ${object.rowSecurity ? 'ENABLE' : 'DISABLE'} ROW LEVEL SECURITY;`);
  if ((was?.forceRowSecurity ?? false) !== object.forceRowSecurity)
    statements.push(`${name} ${object.forceRowSecurity ? 'FORCE' : 'NO FORCE'} ROW LEVEL SECURITY;`);
  // what is said of an index goes with it, and one that is made anew is another
  const isKept = (id: ObjectId): boolean => {
    const index = object.indexes.find(one => one.id === id);
    return index !== undefined && was?.indexes.some(one => one.id === id) === true && !isRebuilt(script, index);
  };
  const identity = object.replicaIdentity;
  if ((was?.replicaIdentity ?? 'default') !== identity || (typeof identity === 'number' && !isKept(identity))) {
    const index = object.indexes.find(({ id }) => id === identity);
    statements.push(
      `${name} REPLICA IDENTITY ${index ? `USING INDEX ${quoted(index.name)}` : String(identity).toUpperCase()};`,
    );
  }
  const clustered = object.indexes.find(({ id }) => id === object.clusteredOn);
  const left = was?.clusteredOn !== undefined && isKept(was.clusteredOn) ? was.clusteredOn : undefined;
  if (clustered?.id !== left)
    statements.push(clustered ? `${name} CLUSTER ON ${quoted(clustered.name)};` : `${name} SET WITHOUT CLUSTER;`);
}

const isRebuilt = ({ rebuilt }: Script, { id, constraint }: Index): boolean =>
  rebuilt.has(id) || (constraint !== undefined && rebuilt.has(constraint));
