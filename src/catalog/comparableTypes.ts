/** Whether the columns of a foreign key have an operator `=` between them. */
import type { Draft } from './draft';
import type { DataType } from './object';
import { isBuiltIn } from './types';

const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision'];

/** Labels of an enum compare with each other alone; what else is no built-in type may compare with anything. */
export function sameEnum(draft: Draft, a: DataType, b: DataType): boolean {
  const isEnum = ({ id }: DataType): boolean => id !== undefined && draft.get(id)?.kind === 'enum';
  const isOther = (type: DataType): boolean => isEnum(type) || (type.id === undefined && isBuiltIn(type.name));
  return a.id === b.id || !((isEnum(a) && isOther(b)) || (isEnum(b) && isOther(a)));
}

/** Whether `=` may exist between them: a number and what is none have no such operator. Types not built in may. */
export function comparable(a: DataType, b: DataType): boolean {
  if (!isBuiltIn(a.name) || !isBuiltIn(b.name)) return true;
  if (a.dimensions > 0 !== b.dimensions > 0) return false;
  const [from, to] = [NUMBERS.indexOf(a.name), NUMBERS.indexOf(b.name)];
  if (from < 0 || to < 0) return from < 0 && to < 0;
  // integers compare with each other; else the own type must become the referenced one by itself
  return from <= to || from <= NUMBERS.indexOf('bigint');
}
