/** Walks plain parse trees, whatever their nodes are. */

export type Fields = { readonly [key: string]: unknown };

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The strings of a list of `String` nodes. */
export const strings = (value: unknown): readonly string[] =>
  list(value).flatMap(item => (isFields(item) && isFields(item.String) ? [String(item.String.sval ?? '')] : []));

/** Shows every object of the tree with the name of the field that holds it, outermost first. */
export function walk(value: unknown, see: (key: string, value: Fields) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walk(item, see);
    return;
  }
  if (!isFields(value)) return;
  for (const [key, child] of Object.entries(value)) {
    if (isFields(child)) see(key, child);
    walk(child, see);
  }
}

/**
 * A copy of the tree in which `change` has replaced nodes, innermost first. What it leaves alone (by giving it back) is
 * shared with the original.
 */
export function mapTree(value: unknown, change: (key: string, value: Fields) => Fields, key = ''): unknown {
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (const [index, item] of value.entries()) {
      const mapped = mapTree(item, change, key);
      if (mapped !== item) copy ??= [...value];
      if (copy) copy[index] = mapped;
    }
    return copy ?? value;
  }
  if (!isFields(value)) return value;
  let copy: Record<string, unknown> | undefined;
  for (const [field, child] of Object.entries(value)) {
    if (typeof child !== 'object' || child === null) continue;
    const mapped = mapTree(child, change, field);
    if (mapped !== child) {
      copy ??= { ...value };
      copy[field] = mapped;
    }
  }
  return change(key, copy ?? value);
}
