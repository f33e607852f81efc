/** What PostgreSQL keeps of a default: a literal is read as the column's type once, and told in that type's own words. */
import type { Bound, DataType } from './object';
import { type Fields, isFields, strings } from './tree';

/** Words of a boolean, each of which may be cut down to what tells it from the others. */
const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/** The names that PostgreSQL's parser has for the types that are told without their name. */
const NAMES: Readonly<Record<string, string>> = { integer: 'int4', boolean: 'bool' };

/** A literal for a column of a type that is told without its name, as the constant that it is; all else stays as written. */
export function storedDefault(value: Bound | undefined, type: DataType | undefined): Bound | undefined {
  if (value && isNullConstant(value.tree)) return { ...value, tree: { A_Const: { isnull: true } } };
  if (!value || !type || type.id !== undefined || type.dimensions > 0) return value;
  const written = literalOf(value.tree, NAMES[type.name])?.trim().toLowerCase();
  const constant = written === undefined ? undefined : constantOf(written, type.name);
  return constant ? { ...value, tree: { A_Const: constant } } : value;
}

/** @param type the only one that it may be cast to */
function literalOf(tree: unknown, type: string | undefined): string | undefined {
  if (!isFields(tree)) return undefined;
  if (isFields(tree.TypeCast)) {
    const { arg, typeName } = tree.TypeCast;
    return strings(isFields(typeName) ? typeName.names : undefined).at(-1) === type
      ? literalOf(arg, undefined)
      : undefined;
  }
  const text = isFields(tree.A_Const) ? tree.A_Const.sval : undefined;
  return isFields(text) ? String(text.sval ?? '') : undefined;
}

function constantOf(written: string, type: string): Fields | undefined {
  if (type === 'integer') {
    if (!/^[+-]?\d{1,9}$/.test(written)) return undefined;
    return { ival: Number(written) === 0 ? {} : { ival: Number(written) } };
  }
  if (type !== 'boolean' || written === '') return undefined;
  const isOneOf = (words: readonly string[]) =>
    words.some(word => word.startsWith(written) && (written !== 'o' || word.length === 1));
  if (isOneOf(TRUE)) return { boolval: { boolval: true } };
  return isOneOf(FALSE) ? { boolval: {} } : undefined;
}

/**
 * Whether the server keeps no such default: NULL says what no default does. Cut to a column's length (`varchar(40)`), or taken
 * for a domain, it is a call, and kept.
 * @param isDomain whether the type of that identity is a domain
 */
export function isNoDefault(
  tree: unknown,
  type: DataType | undefined,
  isDomain: (type: DataType) => boolean = () => false,
): boolean {
  if (!isNullConstant(tree)) return false;
  return !type || !(type.modifiers.length > 0 || CUT.has(type.name) || isDomain(type));
}

/** Types that have a length where none is written. */
const CUT: ReadonlySet<string> = new Set(['character', 'bit']);

/** NULL, with or without a type that cuts nothing. */
export function isNullConstant(tree: unknown): boolean {
  if (!isFields(tree)) return false;
  if (isFields(tree.TypeCast) && isFields(tree.TypeCast.typeName) && !tree.TypeCast.typeName.typmods)
    return isNullConstant(tree.TypeCast.arg);
  return isFields(tree.A_Const) && tree.A_Const.isnull === true;
}
