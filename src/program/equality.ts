/** Equality by structure, for early cut-off: an answer that came out the same disturbs no one who read it. */

/**
 * Whether two plain values are built alike: primitives, arrays, records, maps and sets. Objects that are the same object
 * are equal at once, which is what makes comparing two analyses of an unchanged unit cheap.
 */
export function equalByStructure(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    return left.every((item, index) => equalByStructure(item, right[index]));
  }
  if (Array.isArray(right)) return false;
  if (left instanceof Map) {
    if (!(right instanceof Map) || left.size !== right.size) return false;
    for (const [key, value] of left) if (!right.has(key) || !equalByStructure(value, right.get(key))) return false;
    return true;
  }
  if (left instanceof Set) {
    if (!(right instanceof Set) || left.size !== right.size) return false;
    for (const value of left) if (!right.has(value)) return false;
    return true;
  }
  if (right instanceof Map || right instanceof Set) return false;
  return equalRecords(left, right);
}

/** An absent property and one that is `undefined` mean the same throughout the model. */
function equalRecords(left: object, right: object): boolean {
  const [ours, theirs] = [left as Readonly<Record<string, unknown>>, right as Readonly<Record<string, unknown>>];
  for (const key in ours) if (!equalByStructure(ours[key], theirs[key])) return false;
  for (const key in theirs) if (!(key in ours) && theirs[key] !== undefined) return false;
  return true;
}
