/** Builders of a library that begin with a table's name, and what stands on them. */

import { namesOf } from '../libraries/names';
import type { LibraryModel } from '../libraries/vocabulary';
import type { EntityName } from '../program/value';
import { entityOf, memberOf, typeOf } from './entityNames';

/** A builder that is begun by a table's name, or by two calls, with what can be called on it. */
export interface TableBuilder {
  readonly packages: readonly string[];
  readonly begins: EntityName;
  /** The methods that begin it, where no table's name does. */
  readonly methods?: { readonly first: string; readonly second: string; readonly table: 'call' | 'then' };
  readonly members: ReadonlyMap<string, EntityName>;
}

/** The builders that a library says of itself. */
export function tableBuilderOf(library: LibraryModel): readonly TableBuilder[] {
  const { byTable, beginnings = [], gives = [], queries = [] } = library;
  const built = gives.find(row => row.call !== undefined && namesOf(row.call).includes(byTable ?? ''))?.gives;
  const names = [...gives, ...queries].flatMap(row => (row.call === undefined ? [] : namesOf(row.call)));
  const membersOf = (type: string): ReadonlyMap<string, EntityName> =>
    new Map(names.filter(name => typeOf(name) === type).map(name => [memberOf(name), entityOf(library, name)]));
  const packages = [library.package, ...(library.also ?? [])];
  return [
    ...(byTable === undefined || built === undefined
      ? []
      : [{ packages, begins: entityOf(library, byTable), members: membersOf(built) }]),
    ...beginnings.map(({ call, then, table }) => ({
      packages,
      begins: entityOf(library, call),
      methods: { first: memberOf(call), second: memberOf(then), table },
      members: membersOf(typeOf(then)),
    })),
  ];
}

/** What is neutral on a type though its name is distinctive, behind the calls that give the type. */
export function gatheredBehind({ queries = [], gives = [], neutral = [] }: LibraryModel): readonly string[] {
  const distinctive = new Set(queries.filter(row => row.distinctive).flatMap(row => namesOf(row.call).map(memberOf)));
  return neutral
    .filter(name => distinctive.has(memberOf(name)))
    .flatMap(name =>
      gives
        .flatMap(row => (row.call === undefined ? [] : namesOf(row.call).map(call => ({ call, gives: row.gives }))))
        .filter(
          ({ call, gives: given }) => given === typeOf(name) || (given === 'receiver' && typeOf(call) === typeOf(name)),
        )
        .filter(({ call }) => call.includes('.'))
        .map(({ call }) => `${memberOf(call)} ${memberOf(name)}`),
    );
}
