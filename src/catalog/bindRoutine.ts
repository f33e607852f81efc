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

/** Parts of a definition that name a function. */
export const NAMES_FUNCTION = /^(function|procedure|[a-z]*func|restrict|join)$/;

/** CREATE AGGREGATE and CREATE OPERATOR name functions as they do types, and leave out what these are called with. */
export function withFunctions(catalog: Catalog, statement: Fields, found: (routine: Routine) => void): Fields {
  const parts = list(statement.definition).flatMap(part => (isFields(part) && isFields(part.DefElem) ? [part] : []));
  const partNamed = (name: string) =>
    parts.flatMap(({ DefElem: part }) => (isFields(part) && part.defname === name ? [part.arg] : []));
  const [parameters] = list(statement.args);
  const given = isFields(parameters) && isFields(parameters.List) ? list(parameters.List.items) : [];
  const types = given.flatMap(one =>
    isFields(one) && isFields(one.FunctionParameter) ? [{ TypeName: one.FunctionParameter.argType }] : [],
  );
  const called: Readonly<Record<string, readonly unknown[]>> = {
    sfunc: [...partNamed('stype'), ...types],
    msfunc: [...partNamed('mstype'), ...types],
    minvfunc: [...partNamed('mstype'), ...types],
    function: [...partNamed('leftarg'), ...partNamed('rightarg')],
    procedure: [...partNamed('leftarg'), ...partNamed('rightarg')],
  };
  const definition = list(statement.definition).map(node => {
    const part = isFields(node) ? node.DefElem : undefined;
    if (!isFields(part) || !isFields(part.arg) || !isFields(part.arg.TypeName)) return node;
    const name = String(part.defname);
    if (!NAMES_FUNCTION.test(name)) return node;
    const { $id: _, ...written } = part.arg.TypeName;
    const routine =
      routineMeant(catalog, written.names, called[name] ?? [undefined]) ??
      functionMeant(catalog, { objname: written.names, args_unspecified: true });
    if (!routine) return { DefElem: { ...part, arg: { TypeName: written } } };
    found(routine);
    return { DefElem: { ...part, arg: { TypeName: { ...written, $id: routine.id } } } };
  });
  return { ...statement, definition };
}
