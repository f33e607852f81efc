/** The functions that whole statements name: with the types of their arguments, or without any. */
import { type Catalog, routinesNamed } from './catalog';
import { argumentTypes } from './draft';
import type { Routine } from './object';
import { typeOfName } from './outputType';
import { type Fields, isFields, list, strings } from './tree';

/**
 * The function of that name and with just these arguments, where all their types are known.
 * @param types  bound already
 */
export function routineMeant(catalog: Catalog, written: unknown, types: readonly unknown[]): Routine | undefined {
  const [name = '', schema] = [...strings(written)].reverse();
  const known = types.flatMap(type => typeOfName(catalog, isFields(type) ? type.TypeName : undefined) ?? []);
  const candidates = routinesNamed(catalog, { name, ...(schema === undefined ? {} : { schema }) });
  if (known.length < types.length) return undefined;
  const wanted = argumentTypes(known.map(type => ({ mode: 'in', type })));
  return candidates.find(({ parameters }) => argumentTypes(parameters) === wanted);
}

/** `f(mood)`, or `f` where no other function has the name. */
export function functionMeant(catalog: Catalog, node: Fields): Routine | undefined {
  if (node.args_unspecified !== true) return routineMeant(catalog, node.objname, list(node.objargs));
  const [name = '', schema] = [...strings(node.objname)].reverse();
  const [only, more] = routinesNamed(catalog, { name, ...(schema === undefined ? {} : { schema }) });
  return more ? undefined : only;
}
