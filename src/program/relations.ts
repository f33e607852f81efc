/**
 * The relations of the workspace's classes of records: those that a class' own fields declare, those that it inherits, and
 * those that other classes, of other files too, declare to it.
 */
import type { FileId } from '../engine/place';
import { alternativesIn } from './lattice';
import { inherited } from './members';
import type { Memory } from './memory';
import type { Class, Expression, Type } from './model';
import { recordsIn, reversed } from './records';
import type { Semantics } from './semantics';
import type { Relation, Value } from './value';
import type { World } from './world';

/** What is asked of the environment. */
export interface ClassLookup {
  readonly memory: Memory;
  readonly semantics: Semantics;
  readonly world: () => World;
  readonly classOf: (file: FileId, name: string) => Class | undefined;
  readonly classNames: (file: FileId) => readonly string[];
  readonly field: (file: FileId, name: string, member: string) => Value | undefined;
  readonly superclassesOf: (file: FileId, name: string) => readonly Value[];
  /** Files of which classes may declare fields with a class of this name, and files that may declare one. */
  readonly relating: (name: string) => readonly FileId[];
  readonly declaring: (name: string) => readonly FileId[];
}

export type Relations = Pick<World, 'relation' | 'isHolder' | 'loadedByDefault'>;

const MAX_ANCESTORS = 12;
/** Of more files than these the first say what there is to say. */
const MAX_RELATING = 40;
const NONE: ReadonlyMap<string, Relation> = new Map();

export function createRelations(lookup: ClassLookup): Relations {
  const { memory, semantics, classOf, classNames, field, superclassesOf } = lookup;
  const names = new Set([...semantics.relations.keys()].map(entity => entity.slice(entity.search(/[^#.]+$/))));

  /** What the class' own fields declare. */
  const declared = (file: FileId, name: string): ReadonlyMap<string, Relation> =>
    memory.derive(
      `relations ${file} ${name}`,
      () => {
        const fields = classOf(file, name)?.fields.filter(each => names.has(calledName(each.value))) ?? [];
        const relations = new Map<string, Relation>();
        for (const { name: member, type } of fields)
          for (const { shape } of alternativesIn(field(file, name, member) ?? { shape: { kind: 'unknown' }, from: [] }))
            if (shape.kind === 'instance' && shape.relation)
              relations.set(member, type ? typed(file, shape.relation, type) : shape.relation);
        return relations.size === 0 ? NONE : relations;
      },
      { silent: true, bottom: NONE },
    );

  /** What a written type says of the records at the other end: `Mapped[list["Line"]]`. */
  const typed = (file: FileId, relation: Relation, written: Type): Relation => {
    const type = withoutNothing(written.kind === 'named' && written.arguments[0] ? written.arguments[0] : written);
    const one = type.kind === 'list' ? withoutNothing(type.of) : type;
    if (one.kind !== 'named') return relation;
    const found = lookup.world().variable(file, one.name);
    const to =
      found?.shape.kind === 'class' ? { file: found.shape.file, class: found.shape.name } : { file, class: one.name };
    return { ...relation, gives: type.kind === 'list' ? 'many' : 'one', to: relation.to ?? to };
  };

  /** What other classes declare to it. */
  const reversedOf = (file: FileId, name: string): ReadonlyMap<string, Relation> =>
    memory.derive(
      `relations to ${file} ${name}`,
      () => {
        const relations = new Map<string, Relation>();
        for (const at of new Set([file, ...lookup.relating(name).slice(0, MAX_RELATING)]))
          for (const other of classNames(at))
            for (const [member, relation] of declared(at, other)) {
              const to = relation.to === 'itself' ? { file: at, class: other } : found(relation.to);
              if (to?.file !== file || to.class !== name) continue;
              const end = reversed(semantics, relation, { file: at, class: other, name: member });
              if (end && !relations.has(end.name)) relations.set(end.name, end.relation);
            }
        return relations.size === 0 ? NONE : relations;
      },
      { silent: true, bottom: NONE },
    );

  /** Where a class is declared that a relation names in a text, `'shop.Author'`: in the one file that has one of this name. */
  const found = (to: Exclude<Relation['to'], 'itself'>): Exclude<Relation['to'], 'itself'> => {
    if (!to || classOf(to.file, to.class)) return to;
    const [only, ...more] = lookup.declaring(to.class).filter(file => classOf(file, to.class) !== undefined);
    return only !== undefined && more.length === 0 ? { file: only, class: to.class } : to;
  };

  const all = (file: FileId, name: string, depth: number): ReadonlyMap<string, Relation> =>
    memory.derive(
      `all relations ${file} ${name}`,
      () => {
        if (depth > MAX_ANCESTORS || !classOf(file, name)) return NONE;
        const relations = new Map<string, Relation>();
        for (const { shape } of superclassesOf(file, name))
          if (shape.kind === 'class')
            for (const [member, relation] of all(shape.file, shape.name, depth + 1)) relations.set(member, relation);
        for (const each of [reversedOf(file, name), declared(file, name)])
          for (const [member, relation] of each) relations.set(member, relation);
        return relations.size === 0 ? NONE : relations;
      },
      { silent: true, bottom: NONE },
    );

  const isHolder = (file: FileId, name: string, depth = 0): boolean =>
    depth <= MAX_ANCESTORS &&
    superclassesOf(file, name).some(({ shape }) =>
      shape.kind === 'class'
        ? isHolder(shape.file, shape.name, depth + 1)
        : shape.kind === 'entity' && [...inherited(semantics, shape.name)].some(each => semantics.holders.has(each)),
    );

  return {
    relation(file, name, member) {
      const relation = names.size === 0 ? undefined : all(file, name, 0).get(member);
      if (!relation?.to || relation.to === 'itself') return relation;
      const to = found(relation.to);
      return to === relation.to || !to ? relation : { ...relation, to };
    },
    isHolder: (file, name) => semantics.holders.size > 0 && isHolder(file, name),
    loadedByDefault(file, name) {
      const method = lookup.world().classMember(file, name, DEFAULT)?.shape;
      if (method?.kind !== 'function') return [];
      const summary = lookup.world().summary(method.unit);
      return recordsIn(summary?.returns)?.loaded;
    },
  };
}

/** What a manager begins all of its queries with. */
const DEFAULT = 'get_queryset';

const calledName = (value: Expression | undefined): string => {
  if (value?.kind !== 'call') return '';
  const { callee } = value;
  return callee.kind === 'member' ? callee.name : callee.kind === 'name' ? callee.name : '';
};

/** The one type of a union with nothing. */
const withoutNothing = (type: Type): Type => {
  if (type.kind !== 'union') return type;
  const [only, ...more] = type.of.filter(each => each.kind !== 'constant' || each.value !== null);
  return only && more.length === 0 ? only : type;
};
