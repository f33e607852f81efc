/** What stands on what, as pg_depend says it: what falls silently with an object, and what keeps it from falling. */
import { isTable } from './catalog';
import type { Draft } from './draft';
import { descendantsOf } from './foldInheritance';
import type {
  Bound,
  CatalogObject,
  Column,
  Constraint,
  DataType,
  Index,
  KeyElement,
  ObjectId,
  Rule,
  Table,
  Trigger,
  View,
} from './object';
import { shown } from './refer';
import { typesOfExtension } from './types';

/** A thing that can fall: an object, or a part of a relation. A column's default goes by the column's negative id. */
export interface Dependent {
  readonly id: ObjectId;
  readonly words: string;
  /** Falls silently with any of these. */
  readonly fallsWith: readonly ObjectId[];
  /** Keeps any of these from falling, and falls with it by CASCADE. */
  readonly keeps: readonly ObjectId[];
}

export const defaultOf = (column: ObjectId): ObjectId => -column;

/** What can fall of one object, and what it stands on. */
interface Standing {
  readonly dependents: readonly Dependent[];
  /** The object and its parts. */
  readonly own: ReadonlySet<ObjectId>;
  /** What its parts stand on outside of it. */
  readonly outside: readonly ObjectId[];
}

/** Per object it is worked out once, as objects do not change. */
const known = new WeakMap<CatalogObject, Standing>();

function standingOf(object: CatalogObject): Standing {
  const before = known.get(object);
  if (before) return before;
  const dependents = dependentsOf(object);
  const own = new Set<ObjectId>([object.id]);
  for (const { id } of dependents) own.add(id);
  const outside = new Set<ObjectId>();
  for (const { fallsWith, keeps } of dependents) {
    for (const id of fallsWith) if (!own.has(id)) outside.add(id);
    for (const id of keeps) if (!own.has(id)) outside.add(id);
  }
  // a publication goes on without its tables
  if (object.kind === 'other') for (const id of object.definition?.refs ?? []) outside.add(id);
  const standing = { dependents, own, outside: [...outside] };
  known.set(object, standing);
  return standing;
}

/** All that can fall in a draft, or of some of its objects. */
export function* dependentsIn(
  draft: Draft,
  objects: Iterable<CatalogObject> = draft.objects.values(),
): IterableIterator<Dependent> {
  let servers: ReadonlyMap<string, ObjectId> | undefined;
  const brought = typesBrought(draft);
  for (const object of objects) {
    yield* standingOf(object).dependents;
    if (brought.size > 0) yield* onExtensions(object, brought);
    if (isTable(object)) {
      // elsewhere it stays without one, or the server refuses to drop it
      if (draft.dialect === undefined) yield* foreignKeysOnKeys(draft, object);
      if (object.foreignServer === undefined) continue;
      servers ??= serversOf(draft);
      yield onServer(object, servers.get(object.foreignServer));
    }
  }
}

/**
 * The objects that have to do with a fall, in the draft's order: those of which something was doomed first, those that stand on
 * what is doomed by now, and those of which only a look at the others tells. What falls inside of them makes them no more.
 */
export function touchedBy(
  draft: Draft,
  first: readonly ObjectId[],
  doomed: ReadonlySet<ObjectId>,
): readonly CatalogObject[] {
  const objects = [...draft.objects.values()];
  const isWide = [...typesBrought(draft).values()].some(id => doomed.has(id));
  const hit = new Set<ObjectId>();
  for (const object of objects) {
    const { own, outside } = standingOf(object);
    if (doomed.has(object.id) || first.some(id => own.has(id)) || outside.some(id => doomed.has(id)))
      hit.add(object.id);
  }
  return objects.filter(object => isWide || hit.has(object.id) || (isTable(object) && isBound(object)));

  function isBound({ foreignServer, constraints }: Table): boolean {
    return foreignServer !== undefined || constraints.some(one => one.kind === 'foreignKey' && isKeyTouched(one.table));
  }

  function isKeyTouched(id: ObjectId): boolean {
    const target = draft.get(id);
    return hit.has(id) || (isTable(target) && target.partitionBy !== undefined);
  }
}

const attributeWords = (type: { readonly schema?: string; readonly name: string }, attribute: string): string =>
  `column ${attribute} of composite type ${shown(type)}`;

/** Each type that an extension of the draft has brought. */
function typesBrought(draft: Draft): ReadonlyMap<string, ObjectId> {
  const brought = new Map<string, ObjectId>();
  for (const object of draft.objects.values())
    if (object.kind === 'extension') for (const type of typesOfExtension(object.name)) brought.set(type, object.id);
  return brought;
}

/** Columns, domains, attributes and functions of a type that an extension has brought. */
function* onExtensions(object: CatalogObject, brought: ReadonlyMap<string, ObjectId>): IterableIterator<Dependent> {
  const on = (id: ObjectId, words: string, types: readonly (DataType | undefined)[]): readonly Dependent[] => {
    const keeps = types.flatMap(type => (type && type.id === undefined ? (brought.get(type.name) ?? []) : []));
    return keeps.length > 0 ? [{ id, words, fallsWith: [], keeps }] : [];
  };
  switch (object.kind) {
    case 'table':
      for (const column of object.columns)
        yield* on(column.id, `column ${column.name} of table ${shown(object)}`, [column.type]);
      return;
    case 'domain':
      yield* on(object.id, `type ${shown(object)}`, [object.type]);
      return;
    case 'composite':
      for (const { id, name, type } of object.attributes) yield* on(id, attributeWords(object, name), [type]);
      return;
    case 'routine':
      yield* on(object.id, `function ${shown(object)}`, [...object.parameters.map(({ type }) => type), object.returns]);
  }
}

const serversOf = (draft: Draft): ReadonlyMap<string, ObjectId> =>
  new Map(
    [...draft.objects.values()].flatMap(one =>
      one.kind === 'other' && one.what === 'server' ? [[one.name, one.id] as const] : [],
    ),
  );

const onServer = (table: Table, server: ObjectId | undefined): Dependent => ({
  id: table.id,
  words: `foreign table ${shown(table)}`,
  fallsWith: [],
  keeps: server === undefined ? [] : [server],
});

/** A foreign key stands on the unique index of the columns that it references, and on each partition of their table. */
function* foreignKeysOnKeys(draft: Draft, table: Table): IterableIterator<Dependent> {
  for (const constraint of table.constraints) {
    if (constraint.kind !== 'foreignKey') continue;
    const target = draft.get(constraint.table);
    if (!isTable(target)) continue;
    const words = `constraint ${constraint.name} on table ${shown(table)}`;
    if (target.partitionBy && constraint.parent === undefined)
      yield {
        id: constraint.id,
        words,
        fallsWith: [],
        keeps: descendantsOf(draft, target.id).flatMap(({ id }) => (id === table.id ? [] : [id])),
      };
    const sorted = [...constraint.referenced].sort().join();
    const candidates = target.indexes.filter(
      index =>
        index.unique &&
        index.elements
          .map(({ column }) => column)
          .sort()
          .join() === sorted,
    );
    const primary = target.constraints.find(({ kind }) => kind === 'primaryKey');
    const index = candidates.find(({ constraint: id }) => id !== undefined && id === primary?.id) ?? candidates[0];
    if (index)
      yield {
        id: constraint.id,
        words,
        fallsWith: [],
        keeps: [index.constraint ?? index.id],
      };
  }
}

const refs = (...bound: readonly (Bound | undefined)[]): readonly ObjectId[] => bound.flatMap(one => one?.refs ?? []);

const typeIds = (...types: readonly (DataType | undefined)[]): readonly ObjectId[] =>
  types.flatMap(type => (type?.id === undefined ? [] : [type.id]));

const elementRefs = (elements: readonly KeyElement[]): readonly ObjectId[] =>
  elements.flatMap(({ column, expression }) => (column === undefined ? refs(expression) : [column]));

function dependentsOf(object: CatalogObject): readonly Dependent[] {
  switch (object.kind) {
    case 'table':
      return tableDependents(object);
    case 'view':
    case 'materializedView': {
      const words = `${object.kind === 'view' ? 'view' : 'materialized view'} ${shown(object)}`;
      return [{ id: object.id, words, fallsWith: [], keeps: refs(object.query) }, ...relationParts(object)];
    }
    case 'sequence': {
      const fallsWith = object.ownedBy ? [object.ownedBy.table, object.ownedBy.column] : [];
      return [{ id: object.id, words: `sequence ${shown(object)}`, fallsWith, keeps: [] }];
    }
    case 'domain': {
      const keeps = [
        ...typeIds(object.type),
        ...refs(object.default, ...object.constraints.map(one => one.expression)),
      ];
      return [{ id: object.id, words: `type ${shown(object)}`, fallsWith: [], keeps }];
    }
    case 'composite':
      return [
        { id: object.id, words: `type ${shown(object)}`, fallsWith: [], keeps: [] },
        ...object.attributes.map(({ id, name, type }) => ({
          id,
          words: attributeWords(object, name),
          fallsWith: [object.id],
          keeps: typeIds(type),
        })),
      ];
    case 'routine': {
      const types = typeIds(...object.parameters.map(({ type }) => type), object.returns);
      const keeps = [...types, ...refs(object.sqlBody, ...object.parameters.map(one => one.default))];
      return [{ id: object.id, words: `function ${shown(object)}`, fallsWith: [], keeps }];
    }
    case 'statistics': {
      const fallsWith = [object.table, ...elementRefs(object.elements)];
      return [{ id: object.id, words: `statistics object ${shown(object)}`, fallsWith, keeps: [] }];
    }
    default:
      return [
        {
          id: object.id,
          words: 'what' in object ? `${object.what} ${object.name}` : object.name,
          fallsWith: [],
          keeps: 'uses' in object ? object.uses : [],
        },
      ];
  }
}

function tableDependents(table: Table): readonly Dependent[] {
  const own = table.columns.map(({ id }) => id);
  const isOwn = (id: ObjectId) => own.includes(id);
  return [
    {
      id: table.id,
      words: `table ${shown(table)}`,
      fallsWith: table.partitionOf ? [table.partitionOf.parent] : [],
      keeps: table.inherits,
    },
    ...table.constraints.map(constraint => constraintDependent(table, constraint, isOwn)),
    ...table.policies.map(policy => ({
      id: policy.id,
      words: `policy ${policy.name} on table ${shown(table)}`,
      fallsWith: [table.id],
      keeps: refs(policy.using, policy.check),
    })),
    ...relationParts(table),
  ];
}

function constraintDependent(table: Table, constraint: Constraint, isOwn: (id: ObjectId) => boolean): Dependent {
  const words = `constraint ${constraint.name} on table ${shown(table)}`;
  const parent = constraint.parent === undefined ? [] : [constraint.parent];
  const common = { id: constraint.id, words, fallsWith: [table.id, ...constraint.columns, ...parent] };
  switch (constraint.kind) {
    case 'check':
      return { ...common, keeps: constraint.expression.refs.filter(id => !isOwn(id)) };
    case 'foreignKey':
      return {
        ...common,
        keeps: [constraint.table, ...constraint.referenced].filter(id => !isOwn(id) && id !== table.id),
      };
    default:
      return { ...common, fallsWith: [...common.fallsWith, constraint.index], keeps: [] };
  }
}

function relationParts(relation: Table | View): readonly Dependent[] {
  const own = new Set(relation.columns.map(({ id }) => id));
  const name = shown(relation);
  return [
    ...relation.columns.flatMap(column => columnDependents(relation, column)),
    ...relation.indexes.map(index => indexDependent(relation, index, own)),
    ...relation.triggers.map((trigger: Trigger) => ({
      id: trigger.id,
      words: `trigger ${trigger.name} on ${name}`,
      fallsWith: [
        relation.id,
        ...(trigger.fromTable === undefined ? [] : [trigger.fromTable]),
        ...(trigger.parent === undefined ? [] : [trigger.parent]),
      ],
      keeps: [
        ...(trigger.function.id === undefined ? [] : [trigger.function.id]),
        ...trigger.columns,
        ...refs(trigger.when).filter(id => id !== relation.id),
      ],
    })),
    ...relation.rules.map((rule: Rule) => ({
      id: rule.id,
      words: `rule ${rule.name} on ${name}`,
      fallsWith: [relation.id],
      keeps: rule.definition.refs.filter(id => id !== relation.id),
    })),
  ];
}

function columnDependents(relation: Table | View, column: Column): readonly Dependent[] {
  const words = `column ${column.name} of table ${shown(relation)}`;
  const generated = refs(column.generated?.value).filter(id => id !== column.id);
  return [
    { id: column.id, words, fallsWith: [relation.id], keeps: [...typeIds(column.type), ...generated] },
    ...(column.default
      ? [
          {
            id: defaultOf(column.id),
            words: `default value for ${words}`,
            fallsWith: [column.id],
            keeps: column.default.refs,
          },
        ]
      : []),
  ];
}

function indexDependent(relation: Table | View, index: Index, own: ReadonlySet<ObjectId>): Dependent {
  const used = [...elementRefs(index.elements), ...refs(index.where), ...index.include];
  return {
    id: index.id,
    words: `index ${index.name}`,
    fallsWith: [
      relation.id,
      ...used.filter(id => own.has(id)),
      ...(index.constraint === undefined ? [] : [index.constraint]),
      ...(index.parent === undefined ? [] : [index.parent]),
    ],
    keeps: used.filter(id => !own.has(id)),
  };
}

/** Whether an object lives in the schema of that name. */
export const livesIn = (object: CatalogObject, schema: string): boolean =>
  'schema' in object && object.schema === schema && object.kind !== 'extension';
