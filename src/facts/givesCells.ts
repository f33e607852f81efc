/** Reads the cells of a library table that tell what a call gives and what a check lets through. */

import { namesOf } from '../libraries/names';
import type { LibraryModel } from '../libraries/vocabulary';
import type { Admission, Gives } from '../program/semantics';
import { entityOf, memberOf, typeOf } from './entityNames';

/** What stands behind `of` where a schema is given: what it lets through. */
function admissionOf(cell: string): Admission | undefined {
  switch (cell) {
    case 'any':
    case 'number':
    case 'boolean':
    case 'literal':
    case 'arguments':
      return cell;
  }
  const [, what, index, part] =
    /^(argument|list of argument|values of argument|pattern|field) (\d+)(?: in (\w+))?$/.exec(cell) ?? [];
  switch (what) {
    case 'argument':
      return { argument: Number(index) };
    case 'list of argument':
      return { argument: Number(index), list: true };
    case 'values of argument':
      return { valuesOf: Number(index) };
    case 'pattern':
      return { pattern: Number(index) };
    case 'field':
      return { field: Number(index), in: part ?? 'any' };
    default:
      return undefined;
  }
}

/** What the calls of a type check a field for, by their names. */
const checksOf = (library: LibraryModel, type: string): ReadonlyMap<string, Admission> =>
  new Map(
    (library.gives ?? []).flatMap(row => {
      const admitted = row.gives.startsWith('receiver of ')
        ? admissionOf(row.gives.slice('receiver of '.length))
        : undefined;
      return admitted === undefined
        ? []
        : namesOf(row.call).flatMap(name => (typeOf(name) === type ? [[memberOf(name), admitted] as const] : []));
    }),
  );

/** Reads a cell of the `gives` column. */
export function givesOf(library: LibraryModel, cell: string, holds?: number): Gives {
  const [, stream, source] = /^(\S+) (?:from argument (\d+)|with arguments)$/.exec(cell) ?? [];
  if (stream !== undefined)
    return { kind: 'stream', of: entityOf(library, stream), from: source === undefined ? 'arguments' : Number(source) };
  if (cell === 'piped' || cell.startsWith('piped ')) return { kind: 'piped', as: PIPED[cell] };
  const emitted = /^emitted by (?:receiver|argument (\d+))$/.exec(cell);
  if (emitted) return { kind: 'emitted', by: emitted[1] === undefined ? 'receiver' : Number(emitted[1]) };
  const offered = /^offered (?:by name|argument (\d+))$/.exec(cell);
  if (offered) return { kind: 'offered', by: offered[1] === undefined ? 'name' : Number(offered[1]) };
  const record = /^(records?) of (?:receiver|argument (\d+))$/.exec(cell);
  if (record) {
    const of = record[2] === undefined ? 'receiver' : Number(record[2]);
    return record[1] === 'records' ? { kind: 'items', of } : { kind: 'record', of };
  }
  const [, member, says, index] = /^receiver with (\w+) (argument|type) (\d+)$/.exec(cell) ?? [];
  if (member !== undefined)
    return { kind: 'with', member, says: says === 'type' ? 'type' : 'argument', index: Number(index) };
  const [, besides] = /^(\S+) beside receiver$/.exec(cell) ?? [];
  if (besides !== undefined) return { kind: 'beside', of: entityOf(library, besides) };
  const argument = /^(items of |keys of )?argument (\d+)$/.exec(cell);
  if (argument) {
    const index = Number(argument[2]);
    if (argument[1] === undefined) return { kind: 'argument', index };
    return { kind: argument[1] === 'keys of ' ? 'keys' : 'items', of: index };
  }
  const [, label] = /^input (.+)$/.exec(cell) ?? [];
  if (label !== undefined) return { kind: 'input', label };
  const [, text] = /^text (\S+)$/.exec(cell) ?? [];
  if (text !== undefined) return { kind: 'text', text };
  const made = /^instance of argument (\d+)$/.exec(cell);
  if (made) return { kind: 'made', of: Number(made[1]) };
  const compiled = /^regex of argument (\d+)$/.exec(cell);
  if (compiled) return { kind: 'regex', of: Number(compiled[1]) };
  const paired = /^pairs of argument (\d+)$/.exec(cell);
  if (paired) return { kind: 'pairs', of: Number(paired[1]) };
  switch (cell) {
    case 'receiver':
      return { kind: 'receiver' };
    case 'as said':
      return { kind: 'said' };
    case 'items of arguments':
      return { kind: 'tuples' };
    case 'list of number':
      return { kind: 'numbers' };
    case 'items of receiver':
      return { kind: 'items', of: 'receiver' };
    case 'number':
    case 'boolean':
    case 'date':
      return { kind: 'scalar', type: cell };
  }
  const [, type, fields] = /^(\S+) of fields of argument (\d+)$/.exec(cell) ?? [];
  if (type !== undefined)
    return {
      kind: 'schema',
      of: entityOf(library, type),
      admits: { fieldsOf: Number(fields), by: checksOf(library, type) },
    };
  const [, of, admits] = /^(?!records? |list )(\S+) of (.+)$/.exec(cell) ?? [];
  const admission = admits === undefined ? undefined : admissionOf(admits);
  if (of !== undefined && admission)
    return of === 'receiver'
      ? { kind: 'narrowed', admits: admission }
      : { kind: 'schema', of: entityOf(library, of), admits: admission };
  const check = /^checked argument (\d+)(?: in (\w+))?$/.exec(cell);
  if (check)
    return { kind: 'checked', of: Number(check[1]), ...(check[2] === undefined ? {} : { property: check[2] }) };
  if (cell.startsWith('list of ')) return { kind: 'list', of: entityOf(library, cell.slice('list of '.length)) };
  return cell.startsWith('export ')
    ? { kind: 'entity', name: entityOf(library, cell.slice('export '.length)) }
    : {
        kind: 'instance',
        of: entityOf(library, cell),
        ...(library.types?.[cell]?.holds ? { holds: holds ?? ('receiver' as const) } : {}),
      };
}

const PIPED: Readonly<Record<string, Extract<Gives, { kind: 'piped' }>['as']>> = {
  'piped as one': 'one',
  'piped in batches': 'batches',
  'piped until found': 'found',
  'piped flat': 'flat',
};
