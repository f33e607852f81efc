/** What may happen to any object: it is dropped, renamed, moved, given to somebody, commented on. */
import { isSameName, isTable, isView, namesIndexesByTable } from './catalog';
import type { ObjectKind } from './definition';
import { type Draft, type Outcome, refuse } from './draft';
import { drop } from './fall';
import { refusedRenameAlone } from './foldAlone';
import { dropIndexOf, dropTables, outdate, placeholderNamed, renumbered, takeOver } from './foldDialect';
import { childrenOf, descendantsOf } from './foldInheritance';
import { notNullMeant, renameNotNull } from './foldNotNull';
import { isTransact, renameObject } from './foldTransact';
import { columnOfPrivilege, grantsRenamed } from './grantsBack';
import { renameImplied } from './impliedIndexes';
import { idOf, type Located, locate, type Part } from './locate';
import { quoted } from './naming';
import type { CatalogObject, Grants, ObjectId, Other, Routine, Rule, Schema, Sequence, Table, View } from './object';
import type { OperationOf } from './operation';
import { current, isRefusal, shown } from './refer';
import { isFields, list } from './tree';

export function foldDrop(draft: Draft, op: OperationOf<'drop'>): Outcome {
  const ids: ObjectId[] = [];
  if (draft.dialect !== undefined && op.objects[0]?.kind === 'index') return dropIndexOf(draft, op);
  for (const reference of op.objects) {
    const located = locate(draft, reference, true);
    if (!located) continue;
    if (isRefusal(located)) {
      if (located.reason === 'missing' && op.ifExists) continue;
      return located;
    }
    if (draft.dialect !== undefined && !('part' in located) && isTable(located.object)) {
      dropTables(draft, [located.object]);
      continue;
    }
    const refused = cannotFall(draft, located, reference.name.name);
    if (refused) return refused;
    ids.push(idOf(located));
  }
  const [first, more] = op.objects;
  const what = first ? `${first.kind} ${shown(first.name)}${more ? ' and what is named with it' : ''}` : '';
  return drop(draft, ids, op.cascade !== undefined || draft.dialect !== undefined, what);
}

function cannotFall(draft: Draft, located: Located, name: string): Outcome {
  if ('part' in located) {
    if (located.list === 'indexes' && 'constraint' in located.part && typeof located.part.constraint === 'number')
      return refuse(
        'dependents',
        `index ${name} cannot be dropped: a constraint of ${shown(located.object)} requires it`,
      );
    if (located.list === 'indexes' && 'parent' in located.part && located.part.parent !== undefined)
      return refuse('dependents', `index ${name} cannot be dropped: an index of the partitioned table requires it`);
    if (located.list === 'triggers' && isCopy(located.part))
      return refuse('dependents', `trigger ${name} cannot be dropped: a trigger of the partitioned table requires it`);
    return undefined;
  }
  const { object } = located;
  if (object.kind === 'sequence' && object.identity && object.ownedBy && draft.get(object.ownedBy.table))
    return refuse('dependents', `sequence ${name} cannot be dropped: an identity column requires it`);
  return undefined;
}

/** A part that a partition has from its table. */
const isCopy = (part: Part): boolean => 'parent' in part && part.parent !== undefined;

function changePart(draft: Draft, { object, part, list }: Extract<Located, { part: Part }>, change: object): void {
  draft.change<Table | View>(object, now => {
    const parts: readonly Part[] = list in now ? (now as Table)[list] : [];
    return { ...now, [list]: parts.map(one => (one.id === part.id ? { ...one, ...change } : one)) };
  });
}

export function foldRename(draft: Draft, op: OperationOf<'rename'>): Outcome {
  const { object: reference } = op;
  const to = op.to.name;
  if (reference.kind === 'attribute' || reference.kind === 'domain constraint') return renameInType(draft, op);
  if (isTransact(draft) && reference.kind === 'table' && !draft.find('r', reference.name))
    return renameObject(draft, op);
  const located = locate(draft, reference);
  const notNull = isRefusal(located) ? notNullMeant(draft, reference) : undefined;
  if (notNull) return renameNotNull(draft, ...notNull, op);
  if (!located) {
    const on = reference.kind === 'index' && reference.on ? draft.find('r', reference.on) : undefined;
    if (isTable(on)) renameImplied(draft, on, reference.name.name, to);
    return undefined;
  }
  if (isRefusal(located)) return located.reason === 'missing' && op.ifExists ? undefined : located;
  if ('part' in located) return refusedRenameAlone(draft, located, op) ?? renamePart(draft, located, to);
  const { object } = located;
  if (isTable(object) || isView(object)) outdate(draft, object);
  if (
    object.kind === 'table' ||
    object.kind === 'view' ||
    object.kind === 'materializedView' ||
    object.kind === 'sequence'
  ) {
    const meant = placeholderNamed(draft, { schema: object.schema, name: to });
    if (meant && isTable(object)) {
      draft.remove(meant.id);
      draft.put({ ...object, name: to });
      takeOver(draft, current(draft, object), meant);
      return undefined;
    }
    // another spelling of the name that it has
    if (draft.taken('r', object.schema, to) && !isSameName(draft, object.name, to))
      return refuse('exists', `relation ${to} already exists`);
  } else if (object.kind !== 'other' && nameTaken(draft, object, to)) return refuse('exists', `${to} already exists`);
  if (object.kind === 'schema') return renameSchema(draft, object, to);
  if (object.kind === 'other') draft.put(renamedOther(object, to));
  else if (isTable(object)) draft.put({ ...renumbered(draft, object, to), name: to });
  else draft.put({ ...object, name: to } as CatalogObject);
  return undefined;
}

/** The text that it is kept by begins with its name. */
function renamedOther(object: Other, to: string): Other {
  const { name, definition } = object;
  const written = new RegExp(`(?<![\\w"])"?${name.replace(/[^\w]/g, '\\$&')}"?(?![\\w"])`, 'i');
  const text = object.text.replace(written, () => quoted(to));
  const {
    CreatePublicationStmt: publication,
    CreateEventTrigStmt: firing,
    DefineStmt: defined,
  } = definition?.tree ?? {};
  const tree = isFields(publication)
    ? { CreatePublicationStmt: { ...publication, pubname: to } }
    : isFields(firing)
      ? { CreateEventTrigStmt: { ...firing, trigname: to } }
      : isFields(defined)
        ? { DefineStmt: { ...defined, defnames: [...list(defined.defnames).slice(0, -1), { String: { sval: to } }] } }
        : undefined;
  return {
    ...object,
    name: to,
    identity: object.identity.replace(name, to),
    text,
    ...(definition && tree
      ? { definition: { ...definition, tree, text: definition.text.replace(written, () => quoted(to)) } }
      : {}),
  };
}

function nameTaken(draft: Draft, object: CatalogObject, to: string): boolean {
  switch (object.kind) {
    case 'schema':
      return draft.taken('s', undefined, to);
    case 'enum':
    case 'domain':
    case 'composite':
    case 'range':
      return draft.taken('t', object.schema, to);
    default:
      return false;
  }
}

/** The statement that it is kept by names it. */
function ruleCalled({ definition }: Rule, to: string): Pick<Rule, 'name' | 'definition'> {
  const statement = definition.tree.RuleStmt;
  return {
    name: to,
    definition: {
      ...definition,
      tree: isFields(statement) ? { RuleStmt: { ...statement, rulename: to } } : definition.tree,
      text: definition.text.replace(
        /^(\s*CREATE\s+(?:OR\s+REPLACE\s+)?RULE\s+)(?:"(?:[^"]|"")+"|[\w$]+)/i,
        (_, head: string) => `${head}${quoted(to)}`,
      ),
    },
  };
}

function renamePart(draft: Draft, located: Extract<Located, { part: Part }>, to: string): Outcome {
  const { object, part, list } = located;
  const parts: readonly Part[] = list in object ? (object as Table)[list] : [];
  // a partition's keys may be called otherwise than its table's
  const isFollowing = list === 'columns' || (list === 'constraints' && 'kind' in part && part.kind === 'check');
  if (isFollowing && 'inherited' in part && part.inherited)
    return refuse('invalid', `${part.name} of ${shown(object)} is inherited`);
  const goesAlong = list === 'triggers' && draft.dialect === undefined && draft.version >= 15;
  if (goesAlong && isCopy(part)) return refuse('invalid', `trigger ${part.name} of ${shown(object)} is inherited`);
  if (parts.some(one => one.id !== part.id && isSameName(draft, one.name, to)))
    return refuse('exists', `${to} of ${shown(object)} already exists`);
  if (list === 'indexes' && !namesIndexesByTable(draft) && draft.taken('r', object.schema, to))
    return refuse('exists', `relation ${to} already exists`);
  changePart(draft, located, list === 'rules' ? ruleCalled(part as Rule, to) : { name: to });
  if (goesAlong && isTable(object)) copiesCalled(draft, object, part.id, to);
  if (list === 'columns') outdate(draft, object, part.name);
  // privileges on a column follow its name
  if (list === 'columns')
    draft.change<Table | View>(object, now => ({ ...now, grants: grantsRenamed(now.grants, part.name, to) }));
  // an index and its constraint have one name
  if (isTable(object)) {
    if (list === 'indexes' && 'constraint' in part && typeof part.constraint === 'number')
      renameIn(draft, object, 'constraints', part.constraint, to);
    if (list === 'constraints' && 'index' in part) renameIn(draft, object, 'indexes', part.index, to);
    if (list === 'columns' || (list === 'constraints' && 'expression' in part))
      for (const child of descendantsOf(draft, object.id))
        for (const same of child[list])
          if (same.name === part.name) {
            renameIn(draft, child, list, same.id, to);
            if (list === 'columns')
              draft.change<Table>(child, now => ({ ...now, grants: grantsRenamed(now.grants, part.name, to) }));
          }
  }
  return undefined;
}

/** The copies of a trigger that partitions have. */
function copiesCalled(draft: Draft, table: Table, trigger: ObjectId, name: string): void {
  for (const child of childrenOf(draft, table.id)) {
    const copy = child.triggers.find(({ parent }) => parent === trigger);
    if (!copy) continue;
    renameIn(draft, child, 'triggers', copy.id, name);
    copiesCalled(draft, child, copy.id, name);
  }
}

function renameIn(
  draft: Draft,
  table: Table,
  list: 'columns' | 'constraints' | 'indexes' | 'triggers',
  id: ObjectId,
  name: string,
): void {
  draft.change<Table>(table, now => ({
    ...now,
    [list]: (now[list] as readonly Part[]).map(one => (one.id === id ? { ...one, name } : one)),
  }));
}

function renameInType(draft: Draft, op: OperationOf<'rename'>): Outcome {
  const { on, name } = op.object;
  const type = on ? draft.find('t', on) : undefined;
  const to = op.to.name;
  if (type?.kind === 'composite')
    draft.put({
      ...type,
      attributes: type.attributes.map(one => (one.name === name.name ? { ...one, name: to } : one)),
    });
  else if (type?.kind === 'domain')
    draft.put({
      ...type,
      constraints: type.constraints.map(one => (one.name === name.name ? { ...one, name: to } : one)),
    });
  else if (draft.complete && on) return refuse('missing', `type ${shown(on)} does not exist`);
  return undefined;
}

function renameSchema(draft: Draft, schema: Schema, to: string): Outcome {
  const from = schema.name;
  const inside = [...draft.objects.values()].filter(object => 'schema' in object && object.schema === from);
  draft.put({ ...schema, name: to });
  for (const object of inside) draft.put({ ...object, schema: to } as CatalogObject);
  return undefined;
}

export function foldSetSchema(draft: Draft, op: OperationOf<'setSchema'>): Outcome {
  const located = locate(draft, op.object);
  if (!located) return undefined;
  if (isRefusal(located)) return located.reason === 'missing' && op.ifExists ? undefined : located;
  const { object } = located;
  if ('part' in located || !('schema' in object) || object.schema === op.schema) return undefined;
  if (!draft.taken('s', undefined, op.schema)) {
    if (draft.complete) return refuse('missing', `schema ${op.schema} does not exist`);
    draft.assumeSchema(op.schema);
  }
  if (
    draft.taken('r', op.schema, object.name) &&
    (isTable(object) || object.kind === 'view' || object.kind === 'sequence')
  )
    return refuse('exists', `relation ${op.schema}.${object.name} already exists`);
  draft.put({ ...object, schema: op.schema } as CatalogObject);
  // a sequence goes with the table that it belongs to
  if (isTable(object))
    for (const sequence of [...draft.objects.values()])
      if (sequence.kind === 'sequence' && sequence.ownedBy?.table === object.id)
        draft.put({ ...sequence, schema: op.schema });
  return undefined;
}

export function foldSetOwner(draft: Draft, op: OperationOf<'setOwner'>): Outcome {
  const located = locate(draft, op.object);
  if (!located || isRefusal(located)) return located;
  if ('part' in located || !('grants' in located.object || 'schema' in located.object)) return undefined;
  draft.put({ ...located.object, owner: op.owner } as CatalogObject);
  return undefined;
}

export function foldComment(draft: Draft, op: OperationOf<'comment'>): Outcome {
  if (op.object.kind === 'domain constraint' || op.object.kind === 'attribute') return undefined;
  const located = locate(draft, op.object);
  if (isRefusal(located) && notNullMeant(draft, op.object)) return undefined;
  if (!located || isRefusal(located)) return located;
  if (op.object.kind === 'table' && isTable(located.object) && located.object.foreignServer !== undefined)
    return refuse('invalid', `${shown(located.object)} is a foreign table: COMMENT ON FOREIGN TABLE tells of it`);
  const comment = op.text === null || op.text === '' ? undefined : op.text;
  if ('part' in located) changePart(draft, located, { comment });
  else draft.put({ ...located.object, comment });
  return undefined;
}

export function foldGrant(draft: Draft, op: OperationOf<'grant'>): Outcome {
  for (const reference of op.objects) {
    const located = locate(draft, reference);
    if (!located) continue;
    if (isRefusal(located)) return located;
    const { object } = located;
    if ('part' in located || !('grants' in object)) continue;
    const unknown = isTable(object) && object.complete && op.privileges.find(one => !isOnColumns(one, object));
    if (unknown) return refuse('missing', `${unknown} on ${shown(object)}: there is no such column`);
    draft.put({ ...object, grants: withGrants(object.grants, op, object.kind === 'routine') } as
      | Table
      | View
      | Sequence
      | Schema
      | Routine);
  }
  if (op.allIn && !op.byDefault) {
    const { kind, schemas } = op.allIn;
    for (const object of [...draft.objects.values()])
      if ('grants' in object && 'schema' in object && schemas.includes(object.schema) && isOfKind(object, kind))
        draft.put({ ...object, grants: withGrants(object.grants, op, object.kind === 'routine') });
  }
  return undefined;
}

/** What ALL TABLES, ALL SEQUENCES and ALL FUNCTIONS mean. */
function isOfKind(object: CatalogObject, kind: ObjectKind): boolean {
  if (isTable(object) || isView(object)) return kind === 'table';
  if (object.kind === 'sequence') return kind === 'sequence' && !object.identity;
  if (object.kind !== 'routine') return false;
  return kind === 'routine' || kind === (object.procedure ? 'procedure' : 'function');
}

function isOnColumns(privilege: string, { columns }: Table): boolean {
  const column = columnOfPrivilege(privilege);
  return column === undefined || columns.some(({ name }) => quoted(name) === column);
}

const plainOf = (privilege: string): string => privilege.replace(' with grant option', '');

/** What is taken of the whole relation is taken of each column too. */
const ofWhole = (privilege: string): string => plainOf(privilege).replace(/ \(.*/, '');

function withGrants(grants: Grants, granted: OperationOf<'grant'>, isRoutine: boolean): Grants {
  // there is no other to a function
  const op = isRoutine ? { ...granted, privileges: ['execute'] } : granted;
  const after = new Map(grants);
  for (const grantee of op.grantees) {
    const before = after.get(grantee) ?? [];
    const named = op.privileges.map(privilege =>
      op.withGrantOption && !op.revoke ? `${privilege} with grant option` : privilege,
    );
    const left = op.revoke
      ? op.privileges.includes('all')
        ? []
        : before.filter(one => ![plainOf(one), ofWhole(one)].some(privilege => op.privileges.includes(privilege)))
      : [...new Set([...before, ...named])].sort();
    if (left.length > 0) after.set(grantee, left);
    else after.delete(grantee);
  }
  return [...after].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
