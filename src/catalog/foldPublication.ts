/** ALTER PUBLICATION: the statement that a publication is kept by is what would make it as it is now. */
import { bindOver } from './bind';
import { deparsed } from './deparse';
import { type Draft, type Outcome, refuse } from './draft';
import type { Bound, ObjectId, Other, Table } from './object';
import type { OperationOf } from './operation';
import { withChildren } from './publications';
import { shown } from './refer';
import { type Fields, isFields, list, walk } from './tree';

export function foldAlterPublication(draft: Draft, op: OperationOf<'alterPublication'>): Outcome {
  const publication = publicationNamed(draft, op.name.name);
  const definition = publication?.definition;
  const statement = definition?.tree.CreatePublicationStmt;
  const change = bindOver(draft, op.definition, undefined);
  const { AlterPublicationStmt: altered } = change.tree;
  if (!publication || !definition || !isFields(statement) || !isFields(altered)) {
    // one that a platform has made publishes what nobody knows
    draft.complete = false;
    return undefined;
  }
  const unfit = op.action === 'drop' ? undefined : unpublished(draft, change);
  if (unfit) return unfit;
  const named = withChildren(draft, { ...change, tree: { CreatePublicationStmt: altered } });
  const refused = refusedMembers(draft, publication, named.refs, op.action);
  if (refused) return refused;
  const objects = isFields(named.tree.CreatePublicationStmt) ? named.tree.CreatePublicationStmt.pubobjects : undefined;
  const pubobjects =
    objects === undefined
      ? list(statement.pubobjects)
      : published(list(statement.pubobjects), list(objects), op.action);
  const options = [...list(statement.options).filter(one => !isSetAnew(one, altered)), ...list(altered.options)];
  const { pubobjects: _, options: __, ...rest } = statement;
  const tree = {
    CreatePublicationStmt: {
      ...rest,
      ...(pubobjects.length > 0 ? { pubobjects } : {}),
      ...(options.length > 0 ? { options } : {}),
    },
  };
  const refs = objects === undefined ? definition.refs : members(definition.refs, named.refs, op.action);
  const made = inOrder({ tree, text: deparsed(tree), refs });
  draft.put({ ...publication, text: made.text, definition: made });
  return undefined;
}

/** What of the tables that a statement names cannot be published: its rows are not in the log of changes. */
export function unpublished(draft: Draft, { refs }: Bound): Outcome {
  for (const id of refs) {
    const table = draft.get(id);
    if (table?.kind !== 'table' || table.assumed) continue;
    if (table.foreignServer !== undefined || table.persistence !== 'permanent')
      return refuse('invalid', `${shown(table)} is ${kindOf(table)}, and cannot be published`);
  }
  return undefined;
}

const kindOf = ({ foreignServer, persistence }: Table): string =>
  foreignServer !== undefined ? 'a foreign table' : persistence === 'unlogged' ? 'unlogged' : 'temporary';

/** A table is added once, and only what has been added is taken out. */
function refusedMembers(
  draft: Draft,
  { name, definition }: Other,
  named: readonly ObjectId[],
  action: OperationOf<'alterPublication'>['action'],
): Outcome {
  if (action === 'set') return undefined;
  const members = new Set(definition?.refs);
  for (const id of named) {
    const table = draft.get(id);
    if (table?.kind !== 'table' || members.has(id) === (action === 'drop')) continue;
    return action === 'add'
      ? refuse('exists', `${shown(table)} is in publication ${name} already`)
      : refuse('missing', `${shown(table)} is not in publication ${name}`);
  }
  return undefined;
}

function members(
  now: readonly ObjectId[],
  named: readonly ObjectId[],
  action: OperationOf<'alterPublication'>['action'],
): readonly ObjectId[] {
  if (action === 'set') return named;
  return action === 'add' ? [...new Set([...now, ...named])] : now.filter(id => !named.includes(id));
}

/** What it publishes, and its settings, in an order that counts for nothing. */
export function inOrder(definition: Bound): Bound {
  const statement = definition.tree.CreatePublicationStmt;
  if (!isFields(statement)) return definition;
  const sorted = (items: unknown, key: (item: unknown) => string): unknown =>
    Array.isArray(items) ? [...items].sort((a, b) => (key(a) < key(b) ? -1 : 1)) : items;
  const { options, pubobjects, ...rest } = statement;
  const tree = {
    CreatePublicationStmt: {
      ...rest,
      ...(options ? { options: sorted(options, settingOf) } : {}),
      ...(pubobjects ? { pubobjects: sorted(pubobjects, nameOf) } : {}),
    },
  };
  return { ...definition, tree };
}

function publicationNamed(draft: Draft, name: string): Other | undefined {
  for (const object of draft.objects.values())
    if (object.kind === 'other' && object.what === 'publication' && object.name === name) return object;
  return undefined;
}

function published(
  now: readonly unknown[],
  named: readonly unknown[],
  action: OperationOf<'alterPublication'>['action'],
): readonly unknown[] {
  if (action === 'set') return named;
  if (action === 'add') return [...now, ...named];
  const gone = new Set(named.map(nameOf));
  return now.filter(one => !gone.has(nameOf(one)));
}

/** Of a table its identity, of a schema its name. */
function nameOf(published: unknown): string {
  let id: unknown;
  walk({ published }, (_, node) => {
    id ??= node.$id;
  });
  const spec = isFields(published) && isFields(published.PublicationObjSpec) ? published.PublicationObjSpec : {};
  return JSON.stringify(id ?? [spec.pubobjtype, spec.name, spec.pubtable]);
}

const settingOf = (option: unknown): string =>
  isFields(option) && isFields(option.DefElem) ? String(option.DefElem.defname ?? '') : '';

const isSetAnew = (option: unknown, altered: Fields): boolean =>
  list(altered.options).some(one => settingOf(one) === settingOf(option));
