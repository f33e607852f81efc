/** Publications of tables: the ones that they name, and those that inherit from them at that time, each by itself. */
import type { Catalog } from './catalog';
import { deparsed } from './deparse';
import type { Draft } from './draft';
import { descendantsOf } from './foldInheritance';
import { currentTree } from './naming';
import type { Bound, ObjectId, Other, Table } from './object';
import { type Fields, isFields, list, mapTree, walk } from './tree';

/** Children are published with the tables that are named; ones that come later are not. */
export function withChildren(draft: Draft, definition: Bound): Bound {
  const statement = definition.tree.CreatePublicationStmt;
  if (!isFields(statement)) return definition;
  const named = new Set(definition.refs);
  const added: ObjectId[] = [];
  const pubobjects = list(statement.pubobjects).flatMap(one => {
    const [id] = idsIn(one);
    const table = id === undefined ? undefined : draft.get(id);
    // what is said of some columns or rows is said of the table alone
    if (table?.kind !== 'table' || table.partitionBy || !isWhole(one)) return [one];
    const children = descendantsOf(draft, table.id).filter(child => !named.has(child.id));
    for (const child of children) named.add(child.id);
    added.push(...children.map(child => child.id));
    return children.length === 0 ? [one] : [one, ...children.map(child => inPlace(one, child))].map(onlyItself);
  });
  if (added.length === 0) return definition;
  const tree = { CreatePublicationStmt: { ...statement, pubobjects } };
  return { text: deparsed(tree), tree, refs: [...definition.refs, ...added] };
}

/** The statement that publishes these tables again, and not the children that they have by now. */
export function publicationText(catalog: Catalog, definition: Bound): string | undefined {
  const parents = new Set([...catalog.objects.values()].flatMap(one => (one.kind === 'table' ? one.inherits : [])));
  if (!definition.refs.some(id => parents.has(id))) return undefined;
  const tree = mapTree(definition.tree, (_, value) =>
    typeof value.$id === 'number' && parents.has(value.$id) ? alone(value) : value,
  ) as Fields;
  return deparsed(currentTree(catalog, { ...definition, tree }));
}

/** A publication goes on without a table that is dropped. */
export function withoutTables(object: Other, doomed: ReadonlySet<ObjectId>): Other {
  const { definition } = object;
  const statement = definition?.tree.CreatePublicationStmt;
  if (!definition?.refs.some(id => doomed.has(id)) || !isFields(statement)) return object;
  const pubobjects = list(statement.pubobjects).filter(one => !idsIn(one).some(id => doomed.has(id)));
  const tree = { CreatePublicationStmt: { ...statement, pubobjects } };
  const refs = definition.refs.filter(id => !doomed.has(id));
  return { ...object, definition: { text: deparsed(tree), tree, refs } };
}

/** With ONLY, which the tree says by leaving something out. */
function alone({ inh: _, ...relation }: Fields): Fields {
  return relation;
}

const onlyItself = (one: unknown): unknown =>
  mapTree(one, (_, value) => (typeof value.$id === 'number' ? alone(value) : value));

const inPlace = (one: unknown, { id, schema, name }: Table): unknown =>
  mapTree(one, (_, value) =>
    typeof value.$id === 'number'
      ? { ...value, $id: id, relname: name, schemaname: schema === 'public' ? undefined : schema }
      : value,
  );

function isWhole(one: unknown): boolean {
  const object = isFields(one) && isFields(one.PublicationObjSpec) ? one.PublicationObjSpec.pubtable : undefined;
  if (!isFields(object) || !isFields(object.relation)) return false;
  return object.relation.inh === true && object.columns === undefined && object.whereClause === undefined;
}

function idsIn(tree: unknown): readonly ObjectId[] {
  const found: ObjectId[] = [];
  walk({ tree }, (_, value) => {
    if (typeof value.$id === 'number') found.push(value.$id);
  });
  return found;
}
