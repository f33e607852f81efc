/** What PostgreSQL's statements say about any kind of object: DROP, RENAME, SET SCHEMA, OWNER TO, COMMENT, GRANT. */
import type {
  AlterDefaultPrivilegesStmt,
  AlterObjectSchemaStmt,
  AlterOwnerStmt,
  CommentStmt,
  DropStmt,
  GrantStmt,
  Node,
  RangeVar,
  RenameStmt,
} from 'libpg-query';
import type { Clauses, Range } from './clauses';
import type { ObjectKind, ObjectReference, TypeUse } from './definition';
import { quoted } from './naming';
import type { Operation, OperationOf } from './operation';
import { dropParts } from './readPostgresAlter';
import {
  elementOf,
  listedName,
  listOf,
  relationName,
  roleName,
  rolesOf,
  routineReference,
  stringOf,
  stringsOf,
  typeOf,
} from './readPostgresParts';

const KINDS: Readonly<Record<string, ObjectKind>> = {
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_AGGREGATE: 'aggregate',
  OBJECT_ATTRIBUTE: 'attribute',
  OBJECT_CAST: 'cast',
  OBJECT_COLUMN: 'column',
  OBJECT_COLLATION: 'collation',
  OBJECT_CONVERSION: 'conversion',
  OBJECT_DATABASE: 'database',
  OBJECT_DOMAIN: 'domain',
  OBJECT_DOMCONSTRAINT: 'domain constraint',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_EXTENSION: 'extension',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_FUNCTION: 'function',
  OBJECT_INDEX: 'index',
  OBJECT_LANGUAGE: 'language',
  OBJECT_LARGEOBJECT: 'large object',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_OPCLASS: 'operator class',
  OBJECT_OPERATOR: 'operator',
  OBJECT_OPFAMILY: 'operator family',
  OBJECT_POLICY: 'policy',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_PUBLICATION: 'publication',
  OBJECT_ROLE: 'role',
  OBJECT_ROUTINE: 'routine',
  OBJECT_RULE: 'rule',
  OBJECT_SCHEMA: 'schema',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SUBSCRIPTION: 'subscription',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TABLE: 'table',
  OBJECT_TABLESPACE: 'tablespace',
  OBJECT_TRANSFORM: 'transform',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
  OBJECT_TYPE: 'type',
  OBJECT_USER_MAPPING: 'user mapping',
  OBJECT_VIEW: 'view',
};

export const kindOf = (type: string | undefined): ObjectKind => KINDS[type ?? ''] ?? 'object';

/** Kinds whose listed name ends with their own name after that of their table. */
const PARTS = new Set<ObjectKind>(['column', 'constraint', 'trigger', 'policy', 'rule']);

/** What a node of DROP, COMMENT and the like names. */
export function referenceOf(clauses: Clauses, kind: ObjectKind, node: Node | undefined, range: Range): ObjectReference {
  if (node && 'ObjectWithArgs' in node) {
    const reference = routineReference(clauses, node.ObjectWithArgs, range);
    return { kind, ...reference };
  }
  if (node && 'RangeVar' in node) return { kind, name: relationName(clauses, node.RangeVar) };
  if (node && 'TypeName' in node) return { kind, name: listedName(clauses, stringsOf(node.TypeName.names), range) };
  const items = listOf(node);
  if (kind === 'domain constraint') {
    const [domain, name] = items;
    const names = domain && 'TypeName' in domain ? stringsOf(domain.TypeName.names) : [];
    const own = stringOf(name);
    return { kind, name: clauses.identifier(own, range), on: listedName(clauses, names, afterOn(clauses, range)) };
  }
  if (items.some(item => 'TypeName' in item)) {
    const types: TypeUse[] = items.flatMap(item => ('TypeName' in item ? [typeOf(clauses, item.TypeName)] : []));
    const span = clauses.span(range);
    return { kind, name: { name: clauses.textOf(span), span }, arguments: types };
  }
  const names = stringsOf(items);
  if (kind === 'operator class' || kind === 'operator family') {
    const [of = '', ...own] = names;
    return { kind, name: listedName(clauses, own, range), of };
  }
  if (PARTS.has(kind) && names.length > 1) {
    const name = names[names.length - 1] ?? '';
    const table = names.slice(0, -1);
    // a column follows its table's name, the others stand before it
    if (kind === 'column') {
      const first = clauses.findName(range, table[0] ?? '') ?? range.from;
      const dotted = clauses.dotted(first);
      return {
        kind,
        name: { name, span: clauses.span({ from: dotted.to - 1, to: dotted.to }) },
        on: { ...listedName(clauses, table, range), span: clauses.span({ from: dotted.from, to: dotted.to - 2 }) },
      };
    }
    return { kind, name: clauses.identifier(name, range), on: listedName(clauses, table, afterOn(clauses, range)) };
  }
  return { kind, name: listedName(clauses, names, range) };
}

function afterOn(clauses: Clauses, range: Range): Range {
  const on = clauses.find(range, 'ON');
  return on === undefined ? range : { from: on + 1, to: range.to };
}

/** The words that name the kind in the statement: `TABLE`, `MATERIALIZED VIEW`. */
function keywordEnd(clauses: Clauses, kind: ObjectKind): number {
  const words = kind.split(' ').map(word => word.toUpperCase());
  const at = clauses.find(clauses.all, ...words);
  return at === undefined ? 1 : at + words.length - 1;
}

export function readDrop(clauses: Clauses, statement: DropStmt): OperationOf<'drop'> {
  const kind = kindOf(statement.removeType);
  const keyword = keywordEnd(clauses, kind);
  const concurrently = clauses.reads(keyword + 1, 'CONCURRENTLY') ? keyword + 1 : undefined;
  const last = concurrently ?? keyword;
  const parts = dropParts(clauses, clauses.all, last, statement.behavior === 'DROP_CASCADE');
  const names: Range = { from: parts.ifExists ? last + 3 : last + 1, to: clauses.all.to };
  const items = clauses.items(names);
  return {
    kind: 'drop',
    statement: clauses.whole,
    span: clauses.whole,
    ...parts,
    objects: (statement.objects ?? []).map((node, position) =>
      referenceOf(clauses, kind, node, items[position] ?? names),
    ),
    ...(concurrently === undefined ? {} : { concurrently: clauses.span({ from: concurrently, to: concurrently + 1 }) }),
    concurrentlyAt: clauses.after(keyword),
  };
}

/** The object of ALTER … RENAME, SET SCHEMA, OWNER TO. */
function alteredObject(
  clauses: Clauses,
  type: string | undefined,
  relation: RangeVar | undefined,
  object: Node | undefined,
  subname: string | undefined,
): ObjectReference {
  const kind = kindOf(type);
  if (relation) {
    const table = relationName(clauses, relation);
    if (subname === undefined) return { kind, name: table };
    const own = clauses.all;
    // `ALTER TRIGGER name ON table`, but `ALTER TABLE table RENAME COLUMN name`
    const after = (clauses.indexAt(table.span.end - 1) ?? 0) + 1;
    const inside =
      kind === 'column' || kind === 'attribute' || kind === 'constraint' ? { from: after, to: own.to } : own;
    return { kind, name: clauses.identifier(subname, inside), on: table };
  }
  const from = keywordEnd(clauses, kind) + 1;
  const range = { from, to: clauses.all.to };
  if (kind === 'domain constraint' && subname !== undefined)
    return {
      kind,
      name: clauses.identifier(subname, range),
      on: listedName(clauses, stringsOf(listOf(object)), range),
    };
  return object ? referenceOf(clauses, kind, object, range) : { kind, name: clauses.identifier(subname ?? '', range) };
}

export function readRename(clauses: Clauses, statement: RenameStmt): OperationOf<'rename'> {
  const to = statement.newname ?? '';
  const word = clauses.find(clauses.all, 'TO') ?? 0;
  return {
    kind: 'rename',
    statement: clauses.whole,
    span: clauses.whole,
    object: alteredObject(clauses, statement.renameType, statement.relation, statement.object, statement.subname),
    ifExists: statement.missing_ok === true,
    ...(statement.relation && statement.relation.inh !== true ? { only: true as const } : {}),
    to: { name: to, span: clauses.span({ from: word + 1, to: word + 2 }) },
  };
}

export const readSetSchema = (clauses: Clauses, statement: AlterObjectSchemaStmt): OperationOf<'setSchema'> => ({
  kind: 'setSchema',
  statement: clauses.whole,
  span: clauses.whole,
  object: alteredObject(clauses, statement.objectType, statement.relation, statement.object, undefined),
  ifExists: statement.missing_ok === true,
  schema: statement.newschema ?? '',
});

export const readSetOwner = (clauses: Clauses, statement: AlterOwnerStmt): OperationOf<'setOwner'> => ({
  kind: 'setOwner',
  statement: clauses.whole,
  span: clauses.whole,
  object: alteredObject(clauses, statement.objectType, statement.relation, statement.object, undefined),
  owner: roleName(statement.newowner),
});

export function readComment(clauses: Clauses, statement: CommentStmt): OperationOf<'comment'> {
  const kind = kindOf(statement.objtype);
  const word = kind === 'domain constraint' ? 'CONSTRAINT' : kind.toUpperCase();
  const at = clauses.find(clauses.all, ...word.split(' '));
  const from = (at ?? 2) + word.split(' ').length;
  return {
    kind: 'comment',
    statement: clauses.whole,
    span: clauses.whole,
    object: referenceOf(clauses, kind, statement.object, { from, to: clauses.all.to }),
    text: statement.comment ?? null,
  };
}

export function readGrant(clauses: Clauses, statement: GrantStmt, byDefault: boolean): OperationOf<'grant'> {
  const kind = kindOf(statement.objtype);
  const privileges = (statement.privileges ?? []).flatMap(node => {
    if (!('AccessPriv' in node)) return [];
    const name = (node.AccessPriv.priv_name ?? 'all').toLowerCase();
    const columns = stringsOf(node.AccessPriv.cols);
    return columns.length > 0 ? columns.map(column => `${name} (${quoted(column)})`) : [name];
  });
  const on = clauses.find(clauses.all, 'ON') ?? 0;
  const schemas = statement.targtype === 'ACL_TARGET_ALL_IN_SCHEMA' ? stringsOf(statement.objects) : undefined;
  return {
    kind: 'grant',
    statement: clauses.whole,
    span: clauses.whole,
    revoke: statement.is_grant !== true,
    privileges: privileges.length > 0 ? privileges : ['all'],
    objects: schemas
      ? []
      : (statement.objects ?? []).map(node => referenceOf(clauses, kind, node, { from: on + 1, to: clauses.all.to })),
    ...(schemas ? { allIn: { kind, schemas } } : {}),
    byDefault,
    grantees: rolesOf(statement.grantees),
    withGrantOption: statement.grant_option === true,
    text: clauses.textOf(clauses.whole),
  };
}

export function readDefaultPrivileges(clauses: Clauses, statement: AlterDefaultPrivilegesStmt): readonly Operation[] {
  if (!statement.action) return [];
  const schemas = (statement.options ?? []).flatMap(node => {
    const element = elementOf(node);
    return element?.defname === 'schemas' ? stringsOf(listOf(element.arg)) : [];
  });
  const grant = readGrant(clauses, statement.action, true);
  return [{ ...grant, allIn: { kind: kindOf(statement.action.objtype), schemas } }];
}
