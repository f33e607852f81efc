/** Expressions and queries as SQL text: as they were written while nothing in them was renamed, else printed anew. */
import { Deparser } from 'pgsql-deparser';
import type { Catalog } from './catalog';
import { currentTree } from './naming';
import type { Bound } from './object';
import { isFields, list, walk } from './tree';

/** The expression as it reads now. */
export function textOf(catalog: Catalog, bound: Bound): string {
  if (!renamedIn(catalog, bound)) return bound.text;
  return deparsed(currentTree(catalog, bound));
}

export function deparsed(tree: unknown): string {
  return Deparser.deparse(tree as Parameters<typeof Deparser.deparse>[0]).trim();
}

/** The body of a routine that is no text: `RETURN …`, or `BEGIN ATOMIC … END`, whose statements are a list of lists. */
export function routineBodyText(catalog: Catalog, body: Bound): string {
  if (!renamedIn(catalog, body)) return body.text;
  const tree = currentTree(catalog, body);
  const [items] = isFields(tree) && isFields(tree.List) ? list(tree.List.items) : [];
  if (!isFields(items) || !isFields(items.List)) return deparsed(tree);
  const statements = list(items.List.items).map(statement => `  ${deparsed(statement).replace(/;\s*$/, '')};\n`);
  return `BEGIN ATOMIC\n${statements.join('')}END`;
}

/** Whether what it names has another name now, or it holds a `*` that stands for other columns than once. */
function renamedIn(catalog: Catalog, bound: Bound): boolean {
  if (bound.refs.length === 0) return false;
  const now = JSON.stringify(currentTree(catalog, bound), withoutPlaces);
  const once = JSON.stringify(bound.tree, withoutPlaces);
  if (now !== once) return true;
  let expanded = false;
  walk(bound.tree, (key, value) => {
    if (key === 'ResTarget' && value.location === undefined) expanded = true;
  });
  return expanded && /\*/.test(bound.text);
}

const withoutPlaces = (key: string, value: unknown): unknown =>
  key === '$id' || key === '$table' || key === '$of' || key === 'location' ? undefined : value;
