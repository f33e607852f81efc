/** What a reference of a DROP, RENAME, COMMENT or GRANT means in a draft. */
import { isRelation, isSameName, isTable, isType, isView } from './catalog';
import type { ObjectReference, TextKind } from './definition';
import { argumentTypes, type Draft, type Refusal, refuse } from './draft';
import { ownerOfIndex } from './foldIndex';
import { routineFor } from './foldView';
import { quoted } from './naming';
import type { CatalogObject, Column, Constraint, Index, ObjectId, Policy, Rule, Table, Trigger, View } from './object';
import { dataTypeOf, isRefusal, shown } from './refer';

export type Part = Column | Constraint | Index | Trigger | Policy | Rule;

/** An object, or a part of a relation in the list that holds it. */
export type Located =
  | { readonly object: CatalogObject }
  | {
      readonly object: Table | View;
      readonly part: Part;
      readonly list: 'columns' | 'constraints' | 'indexes' | 'triggers' | 'policies' | 'rules';
    };

export const idOf = (located: Located): ObjectId => ('part' in located ? located.part.id : located.object.id);

/** Of other dialects than PostgreSQL. */
const KEPT_BY_TEXT: ReadonlySet<string> = new Set<TextKind>([
  'trigger',
  'function',
  'procedure',
  'sequence',
  'synonym',
  'type',
]);

const LISTS = {
  column: 'columns',
  constraint: 'constraints',
  trigger: 'triggers',
  policy: 'policies',
  rule: 'rules',
} as const;

const KINDS: Readonly<Record<string, readonly CatalogObject['kind'][]>> = {
  table: ['table'],
  'foreign table': ['table'],
  view: ['view'],
  'materialized view': ['materializedView'],
  sequence: ['sequence'],
  type: ['enum', 'domain', 'composite', 'range'],
  domain: ['domain'],
};

/** What it names; undefined where an incomplete history may hold it. A relation may be named by another's word. */
export function locate(draft: Draft, reference: ObjectReference, strict = false): Located | Refusal | undefined {
  const { kind, name } = reference;
  const missing = (): Refusal | undefined =>
    draft.complete ? refuse('missing', `${kind} ${shown(name)} does not exist`) : undefined;
  // kept by their text, and not all of them are known
  if (draft.dialect !== undefined && KEPT_BY_TEXT.has(kind)) return otherOfDialect(draft, reference);
  switch (kind) {
    case 'column':
    case 'constraint':
    case 'trigger':
    case 'policy':
    case 'rule': {
      const relation = reference.on ? draft.find('r', reference.on) : undefined;
      if (!isTable(relation) && !isView(relation)) return missing();
      const list = LISTS[kind];
      const parts: readonly Part[] = list in relation ? (relation as Table)[list] : [];
      const part = parts.find(one => isSameName(draft, one.name, name.name));
      if (part) return { object: relation, part, list };
      return isTable(relation) && relation.complete
        ? refuse('missing', `${kind} ${name.name} of ${shown(relation)} does not exist`)
        : missing();
    }
    case 'index': {
      const on = draft.dialect !== undefined && reference.on ? draft.find('r', reference.on) : undefined;
      if (isTable(on)) {
        const index = on.indexes.find(one => isSameName(draft, one.name, name.name));
        // the server may have made one for a foreign key
        return index ? { object: on, part: index, list: 'indexes' } : undefined;
      }
      const found = ownerOfIndex(draft, name);
      return found ? { object: found[0], part: found[1], list: 'indexes' } : missing();
    }
    case 'function':
    case 'procedure':
    case 'routine':
    case 'aggregate': {
      if (kind === 'aggregate') return other(draft, reference) ?? missing();
      const routine = routineFor(draft, reference);
      if (isRefusal(routine) || !routine) return routine;
      const isOfKind = kind === 'routine' || routine.procedure === (kind === 'procedure');
      return isOfKind ? { object: routine } : refuse('invalid', `${shown(name)} is not a ${kind}`);
    }
    case 'type':
    case 'domain': {
      const found = draft.find('t', name);
      return isType(found) ? { object: found } : missing();
    }
    case 'schema':
      return present(draft.find('s', name)) ?? schemaNamed(draft, name.name) ?? missing();
    case 'extension':
      return present(draft.find('x', { schema: '', name: name.name })) ?? (draft.complete ? missing() : undefined);
    case 'statistics':
      return present(draft.find('st', name)) ?? missing();
    case 'table':
    case 'foreign table':
    case 'view':
    case 'materialized view':
    case 'sequence': {
      const found = draft.find('r', name);
      if (!isRelation(found) || !isSameName(draft, found.name, name.name) || (isTable(found) && found.dropped)) {
        // ALTER TABLE speaks of an index as well
        const index = strict ? undefined : ownerOfIndex(draft, name);
        return index ? { object: index[0], part: index[1], list: 'indexes' } : missing();
      }
      if (strict && !isOfKind(draft, found, kind)) return refuse('invalid', `${shown(name)} is not a ${kind}`);
      return { object: found };
    }
    default:
      return other(draft, reference) ?? missing();
  }
}

/** PostgreSQL's statements tell a foreign table from another. */
const isOfKind = (draft: Draft, found: CatalogObject, kind: string): boolean =>
  KINDS[kind]?.includes(found.kind) === true &&
  (!isTable(found) ||
    draft.dialect !== undefined ||
    found.assumed === true ||
    (found.foreignServer !== undefined) === (kind === 'foreign table'));

const present = (object: CatalogObject | undefined): Located | undefined => (object ? { object } : undefined);

function schemaNamed(draft: Draft, name: string): Located | undefined {
  for (const object of draft.objects.values()) if (object.kind === 'schema' && object.name === name) return { object };
  return undefined;
}

function other(draft: Draft, reference: ObjectReference): Located | undefined {
  const identity = identityOf(draft, reference);
  for (const object of draft.objects.values())
    if (object.kind === 'other' && object.what === reference.kind && object.identity === identity) return { object };
  return undefined;
}

function otherOfDialect(draft: Draft, { kind, name }: ObjectReference): Located | undefined {
  for (const object of draft.objects.values())
    if (
      object.kind === 'other' &&
      object.what === kind &&
      isSameName(draft, object.name, name.name) &&
      (draft.dialect !== 'transactsql' || isSameName(draft, object.schema ?? '', name.schema ?? ''))
    )
      return { object };
  return undefined;
}

/** Roles that are no names. */
const WHOEVER: ReadonlySet<string> = new Set(['public', 'current_user', 'current_role', 'session_user']);

/** The name, with what tells aggregates, operators and others of one name apart; a cast has no name but its two types. */
export function identityOf(draft: Draft, { kind, name, arguments: written, of }: ObjectReference): string {
  if (kind === 'user mapping' && of !== undefined)
    return `FOR ${WHOEVER.has(of) ? of : quoted(of)} SERVER ${quoted(name.name)}`;
  if (of !== undefined) return `${shown(name)} USING ${quoted(of)}`;
  if (!written) return shown(name);
  const types = argumentTypes(written.map(type => ({ mode: 'in', type: dataTypeOf(draft, type) })));
  return kind === 'cast' ? types : `${shown(name)}(${types})`;
}
