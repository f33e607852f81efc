/**
 * What a step that speaks of more than its history has made tells of the catalog before it: what it alters was there, and a
 * switch that it throws stood the other way.
 */
import { type Catalog, isTable, isView } from './catalog';
import { Draft } from './draft';
import type { CatalogObject, Column, ObjectId, Table } from './object';

/** One thing that folding has learned of what was there before, in the order in which it was met. */
export type Met =
  | { readonly kind: 'object'; readonly object: CatalogObject }
  | { readonly kind: 'column'; readonly of: ObjectId; readonly name: string }
  | {
      readonly kind: 'switch';
      readonly of: ObjectId;
      /** Of a column, by its name at that time. */
      readonly column?: string;
      readonly aspect: string;
      readonly stood: Partial<Pick<Table, 'rowSecurity' | 'forceRowSecurity' | 'persistence'>> &
        Partial<Pick<Column, 'notNull'>>;
    };

/**
 * The catalog before a step, of which is known that a part that the step has made on one of its tables was not there: the
 * server would have refused it.
 * @param maybe  parts that are made where they are not there yet, as `column note`
 */
export function withLacks(before: Catalog, after: Catalog, maybe: ReadonlySet<string>): Catalog {
  let draft: Draft | undefined;
  for (const now of after.objects.unlike(before.objects)) {
    const then = before.objects.get(now.id);
    if (!isTable(now) || !isTable(then) || then.complete) continue;
    const lacks = LISTS.flatMap(([kind, list]) => {
      const parts: readonly { readonly id: ObjectId; readonly name: string }[] = now[list];
      const had = new Set<ObjectId>(then[list].map(({ id }) => id));
      return parts.flatMap(({ id, name }) => (had.has(id) || maybe.has(`${kind} ${name}`) ? [] : [`${kind} ${name}`]));
    });
    if (lacks.length === 0) continue;
    draft ??= new Draft(before, 14);
    draft.put({ ...then, lacks });
  }
  return draft ? { ...before, objects: draft.objects, names: draft.names } : before;
}

const LISTS = [
  ['column', 'columns'],
  ['constraint', 'constraints'],
  ['index', 'indexes'],
  ['trigger', 'triggers'],
  ['policy', 'policies'],
  ['rule', 'rules'],
] as const;

/** The catalog before a step with what the step has met there. */
export function inHindsight(before: Catalog, met: readonly Met[]): Catalog {
  const draft = new Draft(before, 14);
  // a statement that is refused gives its identities back, so that the latest one has them
  const ids = new Map<ObjectId, ObjectId>();
  for (const each of met) {
    if (each.kind === 'object') {
      const { object } = each;
      const { name } = object;
      const schema = 'schema' in object ? object.schema : undefined;
      if (draft.find(object.kind === 'schema' ? 's' : 'r', schema === undefined ? { name } : { schema, name }))
        continue;
      const id = draft.fresh();
      ids.set(object.id, id);
      draft.put({ ...object, id });
      continue;
    }
    const relation = draft.get(ids.get(each.of) ?? each.of);
    if (!isTable(relation) && !isView(relation)) continue;
    if (each.kind === 'column') {
      if (!relation.columns.some(({ name }) => name === each.name)) draft.assumedColumn(relation, each.name);
    } else if (each.column === undefined)
      draft.put({ ...relation, ...each.stood, told: [...(relation.told ?? []), each.aspect] } as Table);
    else
      draft.put({
        ...relation,
        columns: relation.columns.map(one =>
          one.name === each.column ? { ...one, ...each.stood, told: [...(one.told ?? []), each.aspect] } : one,
        ),
      } as Table);
  }
  return draft.done();
}
