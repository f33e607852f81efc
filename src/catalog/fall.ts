/** Takes objects and parts of objects out of a draft, with all that falls with them. */
import { isTable, isView } from './catalog';
import { type Dependent, defaultOf, dependentsIn, livesIn, touchedBy } from './dependencies';
import { type Draft, type Outcome, refuse } from './draft';
import { columnOfPrivilege } from './grantsBack';
import { quoted } from './naming';
import type { CatalogObject, Column, Grants, ObjectId, Table, Type, View } from './object';
import { withoutTables } from './publications';

type Composite = Extract<Type, { readonly kind: 'composite' }>;

/**
 * Drops what has these identities: objects, columns, constraints, indexes, triggers, policies, rules, defaults. Refused,
 * where others stand on them, unless it cascades.
 */
export function drop(draft: Draft, ids: readonly ObjectId[], cascade: boolean, what: string): Outcome {
  const doomed = new Set(ids);
  doomSchemas(draft, ids, doomed, cascade);
  if (!cascade) {
    const inside = objectInside(draft, ids);
    if (inside) return refuse('dependents', `${what} cannot be dropped: it is not empty`);
  }
  const kept: Dependent[] = [];
  let touched: readonly CatalogObject[] = [];
  for (let before = -1; before !== doomed.size; ) {
    before = doomed.size;
    kept.length = 0;
    touched = touchedBy(draft, ids, doomed);
    for (const dependent of dependentsIn(draft, touched)) {
      if (doomed.has(dependent.id)) continue;
      if (dependent.fallsWith.some(id => doomed.has(id))) doomed.add(dependent.id);
      else if (dependent.keeps.some(id => doomed.has(id))) {
        // elsewhere a view stays, and fails when it is asked
        if (draft.dialect !== undefined && dependent.words.startsWith('view ')) continue;
        if (cascade) doomed.add(dependent.id);
        else kept.push(dependent);
      }
    }
  }
  const [first] = kept;
  if (first) return refuse('dependents', `${what} cannot be dropped: ${first.words} depends on it`);
  remove(draft, touched, doomed);
  return undefined;
}

function doomSchemas(draft: Draft, ids: readonly ObjectId[], doomed: Set<ObjectId>, cascade: boolean): void {
  if (!cascade) return;
  for (const id of ids) {
    const schema = draft.get(id);
    if (schema?.kind !== 'schema') continue;
    for (const object of draft.objects.values()) if (livesIn(object, schema.name)) doomed.add(object.id);
  }
}

function objectInside(draft: Draft, ids: readonly ObjectId[]): CatalogObject | undefined {
  for (const id of ids) {
    const schema = draft.get(id);
    if (schema?.kind !== 'schema') continue;
    for (const object of draft.objects.values())
      if (livesIn(object, schema.name) && !ids.includes(object.id)) return object;
  }
  return undefined;
}

function remove(draft: Draft, touched: readonly CatalogObject[], doomed: ReadonlySet<ObjectId>): void {
  for (const object of touched) {
    if (doomed.has(object.id)) draft.remove(object.id);
    else if (isTable(object)) draft.put(withoutParts(object, doomed));
    else if (isView(object)) draft.put(withoutCommon(object, doomed));
    else if (object.kind === 'composite') draft.put(withoutAttributes(object, doomed));
    else if (object.kind === 'other') draft.put(withoutTables(object, doomed));
    else if (object.kind === 'sequence' && object.ownedBy && doomed.has(object.ownedBy.column)) draft.remove(object.id);
  }
}

function withoutAttributes(type: Composite, doomed: ReadonlySet<ObjectId>): Composite {
  const attributes = filtered(type.attributes, doomed);
  return attributes === type.attributes ? type : { ...type, attributes };
}

function filtered<Item extends { readonly id: ObjectId }>(items: readonly Item[], doomed: ReadonlySet<ObjectId>) {
  return items.some(({ id }) => doomed.has(id)) ? items.filter(({ id }) => !doomed.has(id)) : items;
}

function withoutCommon<Relation extends Table | View>(relation: Relation, doomed: ReadonlySet<ObjectId>): Relation {
  const indexes = filtered(relation.indexes, doomed);
  const triggers = filtered(relation.triggers, doomed);
  const rules = filtered(relation.rules, doomed);
  const same = indexes === relation.indexes && triggers === relation.triggers && rules === relation.rules;
  return same ? relation : { ...relation, indexes, triggers, rules };
}

function withoutParts(table: Table, doomed: ReadonlySet<ObjectId>): Table {
  const common = withoutCommon(table, doomed);
  const constraints = filtered(table.constraints, doomed);
  const policies = filtered(table.policies, doomed);
  const columns = filtered(table.columns, doomed);
  const bare = columns.some(({ id, default: value }) => value && doomed.has(defaultOf(id)))
    ? columns.map(column => {
        if (!doomed.has(defaultOf(column.id))) return column;
        const { default: _, ...rest } = column;
        return rest;
      })
    : columns;
  if (common === table && constraints === table.constraints && policies === table.policies && bare === table.columns)
    return table;
  const identity = table.replicaIdentity;
  return {
    ...common,
    constraints,
    policies,
    columns: bare,
    grants: columns === table.columns ? table.grants : grantsWithin(table.grants, columns),
    ...(typeof identity === 'number' && doomed.has(identity) ? { replicaIdentity: 'nothing' as const } : {}),
  };
}

/** Privileges on a column fall with it. */
const grantsWithin = (grants: Grants, columns: readonly Column[]): Grants =>
  grants.flatMap(([grantee, privileges]) => {
    const kept = privileges.filter(privilege => {
      const column = columnOfPrivilege(privilege);
      return column === undefined || columns.some(({ name }) => quoted(name) === column);
    });
    return kept.length > 0 ? [[grantee, kept] as const] : [];
  });
