/** Whether two states of one object are the same but for its name, which is told by identities and not by names. */
import type { DataType } from './object';
import type { Unit } from './units';

/** Said apart, or of no consequence. */
const LEFT_OUT = new Set(
  'name schema from comment owner grants state assumed told lacks tablespace accessMethod'.split(' '),
);

const NESTED = new Set(['from', 'location', 'stmt_location', 'text', '$of']);

const omitted = (key: string, value: unknown): unknown => (NESTED.has(key) ? undefined : value);

/** An expression's tree as text, wherever and however it was written. */
export const essenceOfTree = (tree: unknown): string | undefined => JSON.stringify(tree, omitted);

/** A type of the history's own is the same whatever it is called by now. Lengths are left out. */
export const isSameType = (a: DataType, b: DataType): boolean =>
  (a.id ?? a.name) === (b.id ?? b.name) && a.dimensions > 0 === b.dimensions > 0;

export const sameText = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The part or object as text, whatever it is called. An expression has its tree as it was bound, with identities. */
function essenceOf(value: object): string {
  const kept = Object.entries(value).filter(([key, part]) => !LEFT_OUT.has(key) && part !== undefined);
  return JSON.stringify(
    kept.sort(([a], [b]) => (a < b ? -1 : 1)),
    omitted,
  );
}

export function sameUnit(a: Unit, b: Unit): boolean {
  if (a.kind === 'object' && b.kind === 'object')
    return a.object === b.object || essenceOf(alone(a.object)) === essenceOf(alone(b.object));
  if (a.kind === 'object' || b.kind === 'object') return false;
  return a.part === b.part || essenceOf(a.part) === essenceOf(b.part);
}

/** Without its parts, which are units of their own. */
function alone(object: Extract<Unit, { kind: 'object' }>['object']): object {
  if (object.kind === 'view' || object.kind === 'materializedView')
    return { ...object, columns: object.columns.map(({ name }) => name), indexes: [], triggers: [], rules: [] };
  return object;
}
