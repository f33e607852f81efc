/** Names of library tables as the entities that the interpreter knows. */

import { namesOf } from '../libraries/names';
import type { LibraryModel, Names } from '../libraries/vocabulary';
import type { EntityName } from '../program/value';

/** `npm:pg` of `npm:pg#Pool.query` and of `new npm:pg#Pool`. */
export const packageOf = (entity: EntityName): string => {
  const name = entity.startsWith('new ') ? entity.slice('new '.length) : entity;
  const hash = name.indexOf('#');
  return hash < 0 ? name : name.slice(0, hash);
};

/** A table's name as an entity; one with `#` is another package's already. */
export const entityOf = (library: LibraryModel, name: string): EntityName =>
  name.includes('#') ? name : `${library.package}#${name}`;

/** Names in the tables of what a row calls, and of what it constructs. */
export const madeEntities = (
  library: LibraryModel,
  row: { readonly call?: Names; readonly construct?: Names },
): readonly EntityName[] => [
  ...namesOf(row.call).flatMap(name => entitiesOf(library, name)),
  ...namesOf(row.construct).flatMap(name => entitiesOf(library, name).map(entity => `new ${entity}`)),
];

/**
 * The package itself, called, is its default export: `require('knex')(config)`, and so is an export that is a module of its
 * own: `require('lodash/map')(orders, total)`. `new Cursor` is a constructor's call.
 */
export function entitiesOf(library: LibraryModel, name: string): readonly EntityName[] {
  if (name.startsWith('new ')) return entitiesOf(library, name.slice('new '.length)).map(entity => `new ${entity}`);
  if (name === 'default') return [entityOf(library, name), library.package];
  return [entityOf(library, name), ...partsNamed(library, name).flatMap(part => [part, `${part}#default`])];
}

/** The modules that hold nothing but this export. */
export const partsNamed = (library: LibraryModel, name: string): readonly EntityName[] =>
  name.includes('.') ? [] : namesOf(library.parts).map(part => part.replace('{export}', name));

/** `QueryBuilder` of `QueryBuilder.execute`. */
export const typeOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** `execute` of `QueryBuilder.execute`. */
export const memberOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Adds to the values of a key. */
export const addTo = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
};
