/** What is created and is no relation, type or routine: schemas, extensions, statistics, and what is kept by its text. */
import { bindOver } from './bind';
import { isSameName, isTable, isView, routinesNamed } from './catalog';
import type { ObjectReference } from './definition';
import { type Draft, type Outcome, refuse } from './draft';
import { inOrder, unpublished } from './foldPublication';
import { columnsRead, isVirtual } from './indexable';
import { identityOf, idOf, locate } from './locate';
import { freeStatisticsName } from './names';
import type { Bound, DataType, ObjectId, Schema } from './object';
import type { ObjectOperation, OperationOf } from './operation';
import { withChildren } from './publications';
import { current, dataTypeOf, isRefusal, keyElements, shown, tableFor } from './refer';
import { isSameType } from './sameness';
import { isFields, list } from './tree';

type Creation = Extract<
  ObjectOperation,
  { readonly kind: 'createExtension' | 'alterExtension' | 'createStatistics' | 'createOther' }
>;

export function foldCreateObject(draft: Draft, op: Creation | OperationOf<'createSchema'>): Outcome {
  switch (op.kind) {
    case 'createSchema': {
      const assumed = draft.dialect === undefined ? undefined : assumedSchema(draft, op.name.name);
      if (assumed) {
        // what was only assumed is explained now
        draft.put({ ...assumed, name: op.name.name });
        return undefined;
      }
      if (draft.taken('s', undefined, op.name.name))
        return op.ifNotExists ? undefined : refuse('exists', `schema ${op.name.name} already exists`);
      draft.put({
        kind: 'schema',
        id: draft.fresh(),
        name: op.name.name,
        grants: [],
        ...(op.owner === undefined ? {} : { owner: op.owner }),
      });
      return undefined;
    }
    case 'createExtension': {
      if (draft.taken('x', '', op.name.name))
        return op.ifNotExists ? undefined : refuse('exists', `extension ${op.name.name} already exists`);
      draft.put({
        kind: 'extension',
        id: draft.fresh(),
        name: op.name.name,
        ...(op.schema === undefined ? {} : { schema: op.schema }),
        ...(op.version === undefined ? {} : { version: op.version }),
      });
      return undefined;
    }
    case 'alterExtension':
      return undefined;
    case 'createStatistics':
      return createStatistics(draft, op);
    case 'createOther':
      return createOther(draft, op);
  }
}

function assumedSchema(draft: Draft, name: string): Omit<Schema, 'assumed'> | undefined {
  for (const object of draft.objects.values()) {
    if (object.kind !== 'schema' || !isSameName(draft, object.name, name)) continue;
    const { assumed, ...schema } = object;
    return assumed ? schema : undefined;
  }
  return undefined;
}

function createStatistics(draft: Draft, op: OperationOf<'createStatistics'>): Outcome {
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  // one that the server names stands beside its table
  const schema = op.name ? draft.creationSchema(op.name) : table.schema;
  if (op.name && draft.taken('st', schema, op.name.name))
    return op.ifNotExists ? undefined : refuse('exists', `statistics object ${op.name.name} already exists`);
  const elements = keyElements(draft, table, op.elements);
  if (isRefusal(elements)) return elements;
  const now = current(draft, table);
  if (isVirtual(now, columnsRead(elements, [], undefined)))
    return refuse('invalid', `statistics of ${shown(now)} cannot be of a virtual generated column`);
  draft.put({
    kind: 'statistics',
    id: draft.fresh(),
    schema,
    name:
      op.name?.name ??
      freeStatisticsName(
        draft,
        schema,
        now.name,
        elements.map(({ named }) => named),
      ),
    table: now.id,
    kinds: op.kinds,
    elements,
  });
  return undefined;
}

function createOther(draft: Draft, op: OperationOf<'createOther'>): Outcome {
  const located = locate(draft, op.object);
  if (located && !isRefusal(located)) {
    if (op.ifNotExists) return undefined;
    // elsewhere what is not read may have dropped it
    if (!op.orReplace && (draft.dialect === undefined || draft.complete))
      return refuse('exists', `${op.what} ${op.object.name.name} already exists`);
    draft.remove(idOf(located));
  }
  const on = op.object.on && draft.find('r', op.object.on);
  const bound = op.definition && bindOver(draft, op.definition, undefined);
  const unfit = bound && op.what === 'publication' ? unpublished(draft, bound) : undefined;
  if (unfit) return unfit;
  const types = op.object.arguments?.map(type => dataTypeOf(draft, type));
  if (op.what === 'cast' && types && isOfItself(types, bound))
    return refuse('invalid', `cast ${op.object.name.name} is of a type to itself`);
  draft.put({
    kind: 'other',
    id: draft.fresh(),
    what: op.what,
    ...(op.object.name.schema === undefined ? {} : { schema: op.object.name.schema }),
    name: op.object.name.name,
    identity: identityOf(draft, op.object),
    ...(types ? { types } : {}),
    text: op.text,
    ...(isTable(on) || isView(on) ? { on: on.id } : {}),
    ...(bound ? { definition: inOrder(withChildren(draft, bound)) } : {}),
    uses: bound && op.what !== 'publication' ? bound.refs : op.uses.flatMap(reference => usedBy(draft, reference)),
    ...(op.alters && !located ? { assumed: true as const } : {}),
  });
  return undefined;
}

/** Only a function of more arguments has something to do where both types are one: it cuts to a length. */
function isOfItself([from, to]: readonly DataType[], bound: Bound | undefined): boolean {
  if (!from || !to || !isSameType(from, to)) return false;
  const statement = bound?.tree.CreateCastStmt;
  const routine = isFields(statement) ? statement.func : undefined;
  return !isFields(routine) || list(routine.objargs).length < 2;
}

/** What a part of a definition means; of several functions of one name it is not told which. */
function usedBy(draft: Draft, reference: ObjectReference): readonly ObjectId[] {
  if (reference.kind === 'function') {
    const [only, more] = routinesNamed(draft, reference.name);
    return only && !more ? [only.id] : [];
  }
  const located = locate(draft, reference);
  return located && !isRefusal(located) ? [idOf(located)] : [];
}
