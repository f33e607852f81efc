/** Of what type the outputs of a query are, and by which collation they are compared, as far as the tree alone tells. */
import type { Catalog } from './catalog';
import type { DataType } from './object';
import { sameText } from './sameness';
import { isFields, list, strings } from './tree';
import { builtInType, isCollatable } from './types';

/** Where the type is not known, the collation is not either; where it is, none is the type's own. */
export interface Typed {
  readonly type?: DataType;
  readonly collation?: string;
}

/** No more than that of something that has other parts too. */
export const typingOf = ({ type, collation }: Typed): Typed => ({
  ...(type ? { type } : {}),
  ...(collation === undefined ? {} : { collation }),
});

/**
 * The type of a bound column, or of a cast of a column or a constant.
 * @param columnOf  the column that a reference is bound to
 */
export function typeOfOutput(catalog: Catalog, tree: unknown, columnOf: (id: number) => Typed | undefined): Typed {
  if (!isFields(tree)) return {};
  if (isFields(tree.ColumnRef)) {
    const { $id } = tree.ColumnRef;
    return typingOf((typeof $id === 'number' ? columnOf($id) : undefined) ?? {});
  }
  if (!isFields(tree.TypeCast)) return {};
  const type = typeOfName(catalog, tree.TypeCast.typeName);
  if (!type) return {};
  const { arg } = tree.TypeCast;
  if (!isCollatable(type) || (isFields(arg) && 'A_Const' in arg)) return type.id === undefined ? { type } : {};
  // what has a collation keeps it through a cast
  const from = typeOfOutput(catalog, arg, columnOf);
  if (!from.type || from.type.id !== undefined) return {};
  return isCollatable(from.type) ? typingOf({ ...from, type }) : { type };
}

/** The type that a bound name means; a domain's or an extension's is not told. */
export function typeOfName(catalog: Catalog, name: unknown): DataType | undefined {
  if (!isFields(name)) return undefined;
  const modifiers = list(name.typmods).map(wholeNumber);
  if (!modifiers.every(one => one !== undefined)) return undefined;
  const dimensions = list(name.arrayBounds).length;
  const user = typeof name.$id === 'number' ? catalog.objects.get(name.$id) : undefined;
  if (user?.kind === 'enum' || user?.kind === 'composite')
    return { name: user.name, schema: user.schema, id: user.id, modifiers, dimensions };
  const names = strings(name.names);
  const last = names[names.length - 1] ?? '';
  const builtIn = names.length === 1 || names[0] === 'pg_catalog' ? builtInType(last) : undefined;
  return user || builtIn === undefined || builtIn === 'interval' ? undefined : { name: builtIn, modifiers, dimensions };
}

function wholeNumber(node: unknown): string | undefined {
  const constant = isFields(node) ? node.A_Const : undefined;
  return isFields(constant) && isFields(constant.ival) ? String(constant.ival.ival ?? 0) : undefined;
}

/** Of the sides of a UNION and its like: what both have is the whole's. */
export const typeOfBoth = (one: Typed, other: Typed | undefined): Typed =>
  sameText(typingOf(one), typingOf(other ?? {})) ? typingOf(one) : {};
