/** What a step on PostgreSQL does to things that the history does not make: what has an exact inverse, and what has none. */
import { type Catalog, isTable, relationNamed } from '../catalog/catalog';
import type { ObjectReference, QualifiedName } from '../catalog/definition';
import { Draft } from '../catalog/draft';
import { notNullNamed } from '../catalog/foldNotNull';
import { type Located, locate } from '../catalog/locate';
import { quoted } from '../catalog/naming';
import type { Column, Table } from '../catalog/object';
import type { Operation, OperationOf } from '../catalog/operation';
import { isRefusal } from '../catalog/refer';
import type { SchemaStep } from './folding';

export interface UnseenChanges {
  /** Why there is no way back, in words that complete "No way back: …". */
  readonly because?: string;
  /** The same, for a step that does nothing else. */
  readonly maybe?: string;
  /** What takes back what no catalog holds, the last change first. */
  readonly statements: readonly string[];
  /** What the way back takes for granted, each in one sentence. */
  readonly comments: readonly string[];
}

/** Of one operation. */
type Unseen =
  | { readonly unknown: string }
  | { readonly maybe: string }
  | { readonly inverse: string; readonly says?: string }
  | { readonly says: string };

/** Looks at each operation of a folded up with the catalog that it met. */
export function unseenPostgres({ up }: Pick<SchemaStep, 'up'>): UnseenChanges {
  const statements: string[] = [];
  const comments = new Set<string>();
  let maybe: string | undefined;
  for (const { operation, before } of up.statements.flatMap(({ steps }) => steps)) {
    const unseen = unseenIn(before, operation);
    if (!unseen) continue;
    if ('unknown' in unseen) return { because: unseen.unknown, statements: [], comments: [] };
    if ('maybe' in unseen) maybe ??= unseen.maybe;
    if ('inverse' in unseen) statements.unshift(`${unseen.inverse};`);
    if ('says' in unseen && unseen.says !== undefined) comments.add(unseen.says);
  }
  return { ...(maybe === undefined ? {} : { maybe }), statements, comments: [...comments] };
}

const altered = (what: string): Unseen => ({
  unknown: `what ${what} was before is not known: no migration of the history makes it`,
});

const dropped = (what: string): string => `what was dropped is not known: no migration of the history makes ${what}`;

const taken = (what: string): string =>
  `no migration of the history makes ${what}: that it was otherwise is taken from the up`;

const shown = ({ schema, name }: QualifiedName): string => (schema === undefined ? name : `${schema}.${name}`);

const written = ({ schema, name }: QualifiedName): string =>
  schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;

function unseenIn(now: Catalog, operation: Operation): Unseen | undefined {
  switch (operation.kind) {
    case 'setColumnType':
    case 'setDefault':
    case 'dropDefault':
    case 'setGenerated':
    case 'dropGenerated':
    case 'setIdentity':
    case 'dropIdentity':
      return unseenColumn(now, operation);
    case 'setNotNull':
    case 'dropNotNull': {
      const column = columnIn(now, operation);
      return column && !column.assumed ? undefined : { says: taken(columnName(operation)) };
    }
    case 'addColumn': {
      const { name } = operation.column.name;
      if (!operation.ifNotExists || isKnownWhole(now, operation.table)) return undefined;
      return unless(`column ${shown(operation.table)}.${name}`);
    }
    case 'createFunction':
    case 'createView':
    case 'createTrigger':
    case 'createRule':
      return operation.orReplace && !now.complete ? unseenReplaced(now, operation) : undefined;
    case 'createIndex':
      if (!operation.ifNotExists || !operation.name || isKnownWhole(now, operation.table)) return undefined;
      return unless(`index ${shown(operation.name)}`);
    case 'dropColumn': {
      if (columnIn(now, operation)?.assumed === undefined && columnIn(now, operation)) return undefined;
      return gone(operation.ifExists, `column ${shown(operation.table)}.${operation.column.name}`);
    }
    case 'dropConstraint':
    case 'validateConstraint':
    case 'alterConstraint':
      return unseenConstraint(now, operation);
    case 'setTriggerState':
    case 'setRuleState':
      return unseenFiring(now, operation);
    case 'setRowSecurity':
    case 'setPersistence':
      return isAssumed(now, operation.table) ? { says: taken(`table ${shown(operation.table)}`) } : undefined;
    case 'setTableOptions':
    case 'setReplicaIdentity':
    case 'setTablespace':
    case 'setAccessMethod':
      return isAssumed(now, operation.table) ? altered(`table ${shown(operation.table)}`) : undefined;
    case 'inherit':
    case 'noInherit':
    case 'attachPartition':
    case 'detachPartition':
      return unseenParent(now, operation);
    default:
      return unseenObject(now, operation);
  }
}

/** It may be new, and mostly is. */
function unseenReplaced(
  now: Catalog,
  operation: OperationOf<'createFunction' | 'createView' | 'createTrigger' | 'createRule'>,
): Unseen | undefined {
  const reference = referenceTo(operation);
  const { on } = reference;
  return isFound(now, reference) || (on && isKnownWhole(now, on))
    ? undefined
    : { says: `where ${named(reference)} was there before, its former text is to be put back instead of the drop` };
}

function referenceTo(
  operation: OperationOf<'createFunction' | 'createView' | 'createTrigger' | 'createRule'>,
): ObjectReference {
  const { name } = operation;
  switch (operation.kind) {
    case 'createView':
      return { kind: 'view', name: operation.name };
    case 'createFunction':
      return {
        kind: operation.procedure ? 'procedure' : 'function',
        name: operation.name,
        arguments: operation.parameters
          .filter(({ mode }) => mode !== 'out' && mode !== 'table')
          .map(({ type }) => type),
      };
    default:
      return { kind: operation.kind === 'createRule' ? 'rule' : 'trigger', name, on: operation.table };
  }
}

type ColumnOperation = Extract<
  Operation,
  { readonly column: { readonly name: string }; readonly table: QualifiedName }
>;

const columnName = ({ table, column }: ColumnOperation): string => `column ${shown(table)}.${column.name}`;

const columnIn = (now: Catalog, { table, column }: ColumnOperation): Column | undefined => {
  const relation = relationNamed(now, table);
  if (!relation || !('columns' in relation)) return undefined;
  return relation.columns.find(({ name }) => name === column.name);
};

function unseenColumn(now: Catalog, operation: ColumnOperation): Unseen | undefined {
  const column = columnIn(now, operation);
  if (column && !column.assumed) return undefined;
  const isKnown =
    operation.kind === 'setColumnType'
      ? column?.type
      : operation.kind === 'setDefault' || operation.kind === 'dropDefault'
        ? column?.default
        : operation.kind === 'setIdentity' || operation.kind === 'dropIdentity'
          ? column?.identity
          : column?.generated;
  return isKnown ? undefined : altered(columnName(operation));
}

function unseenConstraint(
  now: Catalog,
  operation: OperationOf<'dropConstraint' | 'validateConstraint' | 'alterConstraint'>,
): Unseen | undefined {
  const { table: on, name } = operation;
  const table = tableIn(now, on);
  const sought = operation.kind === 'dropConstraint' ? operation.unnamed : undefined;
  if (sought)
    return table?.complete ? undefined : gone(undefined, `a constraint on ${sought.column?.name} of ${shown(on)}`);
  const isThere =
    table?.constraints.some(each => each.name === name.name && !each.assumed) === true ||
    (table && notNullNamed(table, name.name)) !== undefined;
  if (isThere) return undefined;
  const what = `constraint ${name.name} of ${shown(on)}`;
  return operation.kind === 'dropConstraint' ? gone(operation.ifExists, what) : altered(what);
}

function unseenFiring(now: Catalog, operation: OperationOf<'setTriggerState' | 'setRuleState'>): Unseen | undefined {
  const table = tableIn(now, operation.table);
  const name = operation.kind === 'setRuleState' ? operation.rule : operation.trigger;
  const kind = operation.kind === 'setRuleState' ? 'rule' : 'trigger';
  const parts = kind === 'rule' ? table?.rules : table?.triggers;
  const isAll = typeof name === 'string';
  if (isAll ? table !== undefined && !table.assumed : parts?.some(each => each.name === name.name)) return undefined;
  const what = isAll
    ? `the triggers of ${shown(operation.table)}`
    : `${kind} ${name.name} of ${shown(operation.table)}`;
  const { state } = operation;
  if (state !== 'enabled' && state !== 'disabled') return altered(what);
  const verb = state === 'enabled' ? 'DISABLE' : 'ENABLE';
  const which = isAll ? name.toUpperCase() : quoted(name.name);
  return {
    inverse: `ALTER TABLE ${written(operation.table)} ${verb} ${kind.toUpperCase()} ${which}`,
    says: taken(what),
  };
}

function unseenParent(
  now: Catalog,
  operation: OperationOf<'inherit' | 'noInherit' | 'attachPartition' | 'detachPartition'>,
): Unseen | undefined {
  const child = operation.kind === 'inherit' || operation.kind === 'noInherit' ? operation.table : operation.partition;
  const table = tableIn(now, child);
  const parent = operation.kind === 'inherit' || operation.kind === 'noInherit' ? operation.parent : operation.table;
  const isKnown = table && !table.assumed && !isAssumed(now, parent);
  if (isKnown) return undefined;
  switch (operation.kind) {
    case 'inherit':
    case 'attachPartition':
      return undefined;
    case 'noInherit':
      return { inverse: `ALTER TABLE ${written(child)} INHERIT ${written(parent)}` };
    case 'detachPartition':
      return table?.partitionOf ? undefined : altered(`partition ${shown(child)}`);
  }
}

function unseenObject(now: Catalog, operation: Operation): Unseen | undefined {
  switch (operation.kind) {
    case 'drop':
      for (const reference of operation.objects) {
        if (isKnown(now, reference)) continue;
        return gone(operation.ifExists, named(reference));
      }
      return undefined;
    case 'rename':
      return isFound(now, ownerOf(operation.object)) ? undefined : renamed(operation);
    case 'setSchema':
      return isFound(now, operation.object) ? undefined : altered(named(operation.object));
    case 'addEnumLabel':
      return isFound(now, { kind: 'type', name: operation.type })
        ? undefined
        : altered(`type ${shown(operation.type)}`);
    case 'renameEnumLabel': {
      if (isFound(now, { kind: 'type', name: operation.type })) return undefined;
      const { type, label, to } = operation;
      return { inverse: `ALTER TYPE ${written(type)} RENAME VALUE ${text(to.name)} TO ${text(label.name)}` };
    }
    case 'alterDomain':
      return isFound(now, { kind: 'domain', name: operation.domain }) ? undefined : unseenDomain(operation);
    case 'alterCompositeType': {
      if (isFound(now, { kind: 'type', name: operation.type })) return undefined;
      const { change, type } = operation;
      if (change.kind !== 'addAttribute') return altered(`type ${shown(type)}`);
      return { inverse: `ALTER TYPE ${written(type)} DROP ATTRIBUTE ${quoted(change.attribute.name.name)}` };
    }
    case 'alterSequence': {
      const { restart: _, ...options } = operation.options;
      const isSet = Object.values(options).some(each => each !== undefined);
      return !isSet || isKnown(now, { kind: 'sequence', name: operation.name })
        ? undefined
        : altered(`sequence ${shown(operation.name)}`);
    }
    case 'alterFunction':
      return isFound(now, operation.function) ? undefined : altered(named(operation.function));
    case 'alterPolicy': {
      const policy = { kind: 'policy', name: operation.name, on: operation.table } as const;
      return isFound(now, policy) ? undefined : altered(named(policy));
    }
    case 'alterExtension': {
      const extension = { kind: 'extension', name: operation.name } as const;
      return isFound(now, extension) ? undefined : altered(named(extension));
    }
    case 'alterPublication': {
      const publication = { kind: 'publication', name: operation.name } as const;
      return isFound(now, publication) ? undefined : altered(named(publication));
    }
    case 'attachIndex':
    case 'setIndexOptions': {
      const index = { kind: 'index', name: operation.index } as const;
      return isFound(now, index) ? undefined : altered(named(index));
    }
    default:
      return undefined;
  }
}

function unseenDomain({ domain, change }: OperationOf<'alterDomain'>): Unseen {
  const alter = `ALTER DOMAIN ${written(domain)}`;
  const what = `domain ${shown(domain)}`;
  if (change.kind === 'setNotNull')
    return { inverse: `${alter} ${change.notNull ? 'DROP' : 'SET'} NOT NULL`, says: taken(what) };
  const name = change.kind === 'addConstraint' ? change.constraint.name?.name : undefined;
  return name === undefined ? altered(what) : { inverse: `${alter} DROP CONSTRAINT ${quoted(name)}` };
}

/** Of what cannot be found where a table would be assumed. */
function renamed({ object, to }: OperationOf<'rename'>): Unseen | undefined {
  const { kind, name, on } = object;
  if (kind === 'synonym') return undefined;
  if (kind === 'column' || kind === 'constraint')
    return (
      on && {
        inverse: `ALTER TABLE ${written(on)} RENAME ${kind.toUpperCase()} ${quoted(to.name)} TO ${quoted(name.name)}`,
      }
    );
  if (kind === 'attribute' || kind === 'domain constraint')
    return (
      on && {
        inverse: `ALTER ${kind === 'attribute' ? 'TYPE' : 'DOMAIN'} ${written(on)} RENAME ${kind === 'attribute' ? 'ATTRIBUTE' : 'CONSTRAINT'} ${quoted(to.name)} TO ${quoted(name.name)}`,
      }
    );
  // operators and casts have none
  const types = object.arguments?.map(type => type.written);
  const now = written({
    ...(name.schema === undefined ? {} : { schema: name.schema }),
    name: to.name,
  } as QualifiedName);
  const signature = types ? `(${types.join(', ')})` : '';
  const place = on ? ` ON ${written(on)}` : '';
  return { inverse: `ALTER ${kind.toUpperCase()} ${now}${signature}${place} RENAME TO ${quoted(name.name)}` };
}

const unless = (what: string): Unseen => ({
  maybe: `whether ${what} was there before is not known: no migration of the history makes its table`,
});

const gone = (ifExists: unknown, what: string): Unseen =>
  ifExists
    ? { maybe: `what was dropped, where it was there, is not known: no migration of the history makes ${what}` }
    : { unknown: dropped(what) };

const text = (label: string): string => `'${label.replaceAll("'", "''")}'`;

const named = ({ kind, name, on }: ObjectReference): string =>
  on ? `${kind} ${name.name} of ${shown(on)}` : `${kind} ${shown(name)}`;

const tableIn = (now: Catalog, name: QualifiedName): Table | undefined => {
  const found = relationNamed(now, name);
  return isTable(found) ? found : undefined;
};

/** What is in the catalog by itself: a part of a type is there with its type. */
function ownerOf(reference: ObjectReference): ObjectReference {
  const { kind, on } = reference;
  if (kind === 'attribute' && on) return { kind: 'type', name: on };
  return kind === 'domain constraint' && on ? { kind: 'domain', name: on } : reference;
}

const isAssumed = (now: Catalog, name: QualifiedName): boolean => {
  const relation = relationNamed(now, name);
  return relation === undefined || (isTable(relation) && relation.assumed === true);
};

/** Whatever it has is in the catalog. */
const isKnownWhole = (now: Catalog, name: QualifiedName): boolean => tableIn(now, name)?.complete ?? now.complete;

const found = (now: Catalog, reference: ObjectReference): Located | undefined => {
  const located = locate(new Draft(now, 14), reference);
  return located && !isRefusal(located) ? located : undefined;
};

/** It is in the catalog, whoever has made it. */
const isFound = (now: Catalog, reference: ObjectReference): boolean => found(now, reference) !== undefined;

/** The history makes it. */
function isKnown(now: Catalog, reference: ObjectReference): boolean {
  const located = found(now, reference);
  if (located === undefined) return false;
  return 'part' in located ? !located.part.assumed : !('assumed' in located.object && located.object.assumed);
}
