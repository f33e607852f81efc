/** Calls whose effect is known, since the catalog has the functions: such as read and write rows, and leave the schema alone. */
import type { Catalog } from './catalog';
import type { Routine } from './object';
import type { Operation } from './operation';
import { mayChangeSchema } from './readPostgresBlock';

/** Whether an operation may change the schema in a way that is not followed. */
export function isUnfollowed({ objects }: Pick<Catalog, 'objects'>, operation: Operation): boolean {
  if (operation.kind !== 'unread' || !operation.mayChangeSchema) return false;
  const { calls = [] } = operation;
  if (calls.length === 0) return true;
  const names = new Set(calls);
  const known = new Set<string>();
  for (const object of objects.values()) {
    if (object.kind !== 'routine' || !names.has(object.name)) continue;
    if (!isOfRowsAlone(object)) return true;
    known.add(object.name);
  }
  return known.size < names.size;
}

/** By the routine: every step of a history behind its definition asks again. */
const ofRowsAlone = new WeakMap<Routine, boolean>();

function isOfRowsAlone(routine: Routine): boolean {
  const known = ofRowsAlone.get(routine);
  if (known !== undefined) return known;
  const { language, body } = routine;
  const is = /^(?:sql|plpgsql)$/i.test(language) && body !== undefined && !mayChangeSchema(body);
  ofRowsAlone.set(routine, is);
  return is;
}
