/**
 * Records and how they belong together: which class the items of a query are of, what a relation of one gives, and which
 * relations came with it. What declares a relation and what loads one ahead are rows of the tables.
 */
import type { FileId } from '../engine/place';
import type { CallSite } from './callSite';
import {
  alternativesIn,
  constantOf,
  join,
  joinedNames,
  joinedRecords,
  listOfAny,
  shaped,
  unknownFrom,
} from './lattice';
import type { Expression } from './model';
import type { RelationMeaning, Semantics } from './semantics';
import type { Records, Relation, Shape, Source, Value } from './value';

/** Stands among the names of loaded relations for all of them. */
export const ALL_RELATIONS = '*';

/** What a value's items are, where they are records: of a query, of a list, of the class itself. */
export function recordsIn(value: Value | undefined): Records | undefined {
  if (!value) return undefined;
  const { shape } = value;
  switch (shape.kind) {
    case 'class':
      return { file: shape.file, class: shape.name, loaded: [] };
    case 'instance':
      return shape.holds;
    case 'object':
      return shape.holds;
    case 'list':
      return shape.each.shape.kind === 'object' && shape.each.shape.loaded
        ? { file: shape.each.shape.file, class: shape.each.shape.class, loaded: shape.each.shape.loaded }
        : undefined;
    case 'oneOf': {
      const [first, ...others] = shape.alternatives.flatMap(each => recordsIn(each) ?? []);
      return first && others.reduce<Records | undefined>((held, each) => held && joinedRecords(held, each), first);
    }
    default:
      return undefined;
  }
}

/** One of the records. */
export const recordFrom = (records: Records, from: readonly Source[]): Value =>
  records.class === ''
    ? unknownFrom(from)
    : shaped(
        {
          kind: 'object',
          file: records.file,
          class: records.class,
          ...(records.loaded ? { loaded: records.loaded } : {}),
        },
        from,
      );

/** The same set of records, with the class that only who asked for them knows. */
export function heldBy(value: Value, owner: Records): Value {
  const { shape, from } = value;
  if (shape.kind === 'oneOf')
    return { shape: { ...shape, alternatives: shape.alternatives.map(each => heldBy(each, owner)) }, from };
  if ((shape.kind !== 'instance' && shape.kind !== 'object') || shape.holds?.class !== '') return value;
  const loaded = joinedNames(shape.holds.loaded, owner.loaded);
  return shaped({ ...shape, holds: { file: owner.file, class: owner.class, ...(loaded ? { loaded } : {}) } }, from);
}

/** The same records, with those of the relations that a call's arguments name. */
export function withLoaded(value: Value, { call, arguments: args }: CallSite): Value {
  const { shape, from } = value;
  if (shape.kind !== 'instance' || !shape.holds?.loaded) return value;
  const names = new Set(shape.holds.loaded);
  if (args.length === 0) names.add(ALL_RELATIONS);
  call.arguments.forEach(({ value: written }, index) => {
    for (const name of namesIn(written, args[index]?.value)) names.add(name);
  });
  return shaped({ ...shape, holds: { ...shape.holds, loaded: [...names].sort() } }, from);
}

/** `'author__publisher'`, `joinedload(Book.author)`: the names in an argument, all of them where it is not in sight. */
function namesIn(written: Expression, value: Value | undefined): readonly string[] {
  const constant = value && constantOf(value);
  if (constant !== undefined) return constant.split(/__|\./);
  switch (written.kind) {
    case 'member':
      return [written.name, ...(written.object.kind === 'name' ? [] : namesIn(written.object, undefined))];
    case 'text':
      return written.parts.flatMap(part => (part.kind === 'part' ? part.value.split(/__|\./) : [ALL_RELATIONS]));
    case 'call': {
      const named = written.arguments.filter(({ name }) => name === undefined);
      const callee = written.callee.kind === 'name' ? [] : namesIn(written.callee, undefined);
      return [...callee, ...named.flatMap(argument => namesIn(argument.value, undefined))];
    }
    default:
      return [ALL_RELATIONS];
  }
}

/** Whether the relation has come with a record. */
export const isLoaded = (loaded: readonly string[], name: string): boolean =>
  loaded.includes(name) || loaded.includes(ALL_RELATIONS);

/** The relation that a call declares. */
export function declaredRelation(
  site: CallSite,
  by: string,
  meaning: RelationMeaning,
): Extract<Shape, { kind: 'instance' }> {
  const option = (name: string | undefined): string | undefined => {
    const given = name === undefined ? undefined : site.arguments.find(each => each.name === name)?.value;
    return given && constantOf(given);
  };
  const how = option(meaning.option);
  const one = option(meaning.oneWhere) === 'false';
  const other = meaning.to === undefined ? undefined : site.positional[meaning.to];
  const to = classNamed(site, other ?? site.arguments.find(each => each.name === meaning.toName)?.value);
  const reverse = meaning.reverse?.names.map(option).find(name => name !== undefined);
  const isAsked = how !== undefined && meaning.asked?.has(how);
  const isEager = how !== undefined && meaning.eager?.has(how);
  const asks = isAsked || (meaning.as !== undefined && meaning.option === undefined);
  return {
    kind: 'instance',
    of: by,
    relation: {
      by,
      ...(to ? { to } : {}),
      gives: one ? 'one' : meaning.gives,
      loads: isEager ? 'never' : asks ? 'call' : 'read',
      ...(asks && meaning.as !== undefined ? { as: meaning.as } : {}),
      ...(asks && meaning.loadedAs !== undefined ? { loadedAs: meaning.loadedAs } : {}),
      ...(reverse === undefined ? {} : { reverse }),
    },
  };
}

/** A class, or the name of one: `Author`, `'app.Author'`, `'self'`. */
function classNamed({ walk }: CallSite, value: Value | undefined): Relation['to'] {
  if (!value) return undefined;
  for (const { shape } of alternativesIn(value))
    if (shape.kind === 'class') return { file: shape.file, class: shape.name };
  const name = constantOf(value);
  if (name === undefined) return undefined;
  if (name === 'self') return 'itself';
  const last = name.slice(name.lastIndexOf('.') + 1);
  const found = walk.world.variable(walk.subject.file, last);
  return found?.shape.kind === 'class'
    ? { file: found.shape.file, class: found.shape.name }
    : { file: walk.subject.file, class: last };
}

/** What reading a relation of an object gives. */
export function related(
  relation: Relation,
  name: string,
  owner: Extract<Shape, { kind: 'object' }>,
  from: readonly Source[],
): Value {
  const to = relation.to === 'itself' ? { file: owner.file, class: owner.class } : relation.to;
  // the other end of a relation is known to those that came through it
  const reverse = relation.reverse ?? (relation.gives === 'one' ? [] : ALL_RELATIONS);
  const loaded = owner.loaded && [...owner.loaded, ...(typeof reverse === 'string' ? [reverse] : reverse)];
  const records: Records | undefined = to && { ...to, ...(loaded ? { loaded } : {}) };
  if (relation.loads === 'call') {
    const came = owner.loaded === undefined || isLoaded(owner.loaded, name);
    const as = (came ? relation.loadedAs : undefined) ?? relation.as;
    if (as === undefined) return unknownFrom(from);
    return shaped({ kind: 'instance', of: as, ...(records ? { holds: records } : {}) }, from);
  }
  if (!records) return unknownFrom(from);
  const record = recordFrom(records, from);
  if (relation.gives === 'one') return record;
  return relation.gives === 'many' ? listOfAny(record, from) : join(listOfAny(record, from), record);
}

/** What the other class has of a field that declares a relation. */
export function reversed(
  semantics: Semantics,
  { by, reverse }: Relation,
  field: { readonly file: FileId; readonly class: string; readonly name: string },
): { readonly name: string; readonly relation: Relation } | undefined {
  const end = semantics.relations.get(by)?.reverse;
  const name = reverse ?? end?.otherwise?.replace('{class}', field.class.toLowerCase());
  if (!end?.gives || name === undefined || !/^\w+$/.test(name)) return undefined;
  return {
    name,
    relation: {
      by,
      to: { file: field.file, class: field.class },
      gives: end.gives,
      loads: end.as === undefined ? 'read' : 'call',
      ...(end.as === undefined ? {} : { as: end.as }),
      ...(end.loadedAs === undefined ? {} : { loadedAs: end.loadedAs }),
      reverse: field.name,
      reversed: true,
    },
  };
}
