/** Reads the parser's trees, which are plain objects, without trusting their form. */

export type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const fields = (value: unknown): Fields | undefined => (isFields(value) ? value : undefined);
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** The parts of a name: the strings of its nodes; what is none is left out. */
export const namesOf = (nodes: unknown): readonly string[] =>
  list(nodes).flatMap(each => text(fields(fields(each)?.String)?.sval) ?? []);

/** The node of this kind, where the value is one. */
export const nodeOf = (value: unknown, kind: string): Fields | undefined => fields(fields(value)?.[kind]);

/** Shows every object of the tree with the field that holds it, outermost first. */
export function walkFields(value: unknown, see: (key: string, value: Fields) => void): void {
  if (Array.isArray(value)) {
    for (const item of value) walkFields(item, see);
    return;
  }
  for (const [key, child] of Object.entries(fields(value) ?? {})) {
    if (typeof child !== 'object' || child === null) continue;
    const inner = fields(child);
    if (inner) see(key, inner);
    walkFields(child, see);
  }
}
