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
  const other = new Map<string, unknown>(Object.entries(right));
  for (const [key, value] of Object.entries(left)) {
    if (!equalByStructure(value, other.get(key))) return false;
    other.delete(key);
  }
  for (const value of other.values()) if (value !== undefined) return false;
  return true;
}
