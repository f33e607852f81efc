/** Statements of PostgreSQL that the catalog keeps by their text, or that change no schema. */
import type { Node } from 'libpg-query';
import { NAMES_FUNCTION } from './bindRoutine';
import type { Clauses } from './clauses';
import type { ObjectKind, ObjectReference, OtherKind, TypeUse } from './definition';
import type { Operation, UnreadOperation } from './operation';
import { kindOf } from './readPostgresObjects';
import { elementOf, expressionOf, listedName, roleName, stringOf, stringsOf, typeOf } from './readPostgresParts';
import { parametersOf } from './readPostgresRoutines';

const whole = (clauses: Clauses) => ({ statement: clauses.whole, span: clauses.whole });

/** Statements that say, show or prepare something and leave schema and rows alone. */
const NEITHER = [
  'ExplainStmt',
  'VariableShowStmt',
  'NotifyStmt',
  'ListenStmt',
  'UnlistenStmt',
  'CheckPointStmt',
  'DiscardStmt',
  'ConstraintsSetStmt',
  'LoadStmt',
  'DeclareCursorStmt',
  'ClosePortalStmt',
  'FetchStmt',
  'DeallocateStmt',
  'AlterSystemStmt',
  'GrantRoleStmt',
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'AlterDatabaseStmt',
  'AlterDatabaseSetStmt',
  'SecLabelStmt',
  'ReassignOwnedStmt',
  'AlterStatsStmt',
];

export function readOther(clauses: Clauses, tree: Node): readonly Operation[] {
  const created = createdOther(clauses, tree);
  if (created) return [created];
  const [name = ''] = Object.keys(tree);
  if (NEITHER.includes(name)) return [{ ...whole(clauses), kind: 'query', reads: [] }];
  if ('AlterExtensionStmt' in tree)
    return [
      {
        ...whole(clauses),
        kind: 'alterExtension',
        name: clauses.identifier(tree.AlterExtensionStmt.extname ?? '', { from: 2, to: clauses.all.to }),
      },
    ];
  if ('AlterPublicationStmt' in tree) {
    const { pubname = '', action } = tree.AlterPublicationStmt;
    return [
      {
        ...whole(clauses),
        kind: 'alterPublication',
        name: clauses.identifier(pubname, { from: 2, to: clauses.all.to }),
        action: action === 'AP_DropObjects' ? 'drop' : action === 'AP_SetObjects' ? 'set' : 'add',
        definition: expressionOf(clauses, tree, clauses.all),
      },
    ];
  }
  if ('DropdbStmt' in tree) {
    const database = clauses.identifier(tree.DropdbStmt.dbname ?? '', { from: 2, to: clauses.all.to });
    return [dropped(clauses, { kind: 'database', name: database }, tree.DropdbStmt.missing_ok)];
  }
  if ('DropUserMappingStmt' in tree) {
    const { servername = '', user, missing_ok } = tree.DropUserMappingStmt;
    const name = clauses.identifier(servername, { from: 3, to: clauses.all.to });
    return [dropped(clauses, { kind: 'user mapping', name, of: roleName(user) }, missing_ok)];
  }
  if ('CallStmt' in tree || 'ExecuteStmt' in tree)
    return [
      {
        ...whole(clauses),
        kind: 'unread',
        why: 'CallStmt' in tree ? 'call' : 'dynamic',
        says: `${clauses.source(0).toUpperCase()} ${clauses.source(1)} may do anything`,
        mayChangeSchema: true,
        ...calledIn(tree),
      },
    ];
  return [
    {
      ...whole(clauses),
      kind: 'unread',
      why: 'unknown statement',
      says: `${clauses.source(0).toUpperCase()} ${clauses.source(1).toUpperCase()} is not followed`,
      mayChangeSchema: true,
    },
  ];
}

/** `CALL fill(1)`: what may be called among its arguments is unknown as well. */
function calledIn(tree: Node): Pick<UnreadOperation, 'calls'> {
  const { funcname, args = [] } = ('CallStmt' in tree && tree.CallStmt.funccall) || {};
  const name = stringsOf(funcname).at(-1);
  return name === undefined || !args.every(each => 'A_Const' in each) ? {} : { calls: [name] };
}

function dropped(clauses: Clauses, object: ObjectReference, ifExists = false): Operation {
  return {
    ...whole(clauses),
    kind: 'drop',
    objects: [object],
    ...(ifExists ? { ifExists: clauses.span({ from: 2, to: 4 }) } : {}),
    ifExistsAt: clauses.after(1),
    concurrentlyAt: clauses.after(1),
  };
}

/** Names of statements that create what is kept by its text, with the field of the new name. */
const CREATED: Readonly<Record<string, readonly [OtherKind, string]>> = {
  CreatePublicationStmt: ['publication', 'pubname'],
  CreateSubscriptionStmt: ['subscription', 'subname'],
  CreateEventTrigStmt: ['event trigger', 'trigname'],
  CreateFdwStmt: ['foreign data wrapper', 'fdwname'],
  CreateForeignServerStmt: ['server', 'servername'],
  CreateUserMappingStmt: ['user mapping', 'servername'],
  CreatePLangStmt: ['language', 'plname'],
  CreateAmStmt: ['access method', 'amname'],
  CreateRoleStmt: ['role', 'role'],
  CreatedbStmt: ['database', 'dbname'],
  CreateTableSpaceStmt: ['tablespace', 'tablespacename'],
  CreateConversionStmt: ['conversion', 'conversion_name'],
  CreateOpClassStmt: ['operator class', 'opclassname'],
  CreateOpFamilyStmt: ['operator family', 'opfamilyname'],
};

/** What goes on with the tables or the function that it names, whatever they are called by then; casts, aggregates and operators do too. */
const FOLLOWS: ReadonlySet<OtherKind> = new Set(['publication', 'event trigger']);

/** What stands left and right of an operator, which tells operators of one name apart. */
function operandTypes(clauses: Clauses, definition: readonly Node[] | undefined): readonly TypeUse[] {
  return ['leftarg', 'rightarg'].flatMap(side =>
    (definition ?? []).flatMap(node => {
      const element = elementOf(node);
      return element?.defname === side && element.arg && 'TypeName' in element.arg
        ? [typeOf(clauses, element.arg.TypeName)]
        : [];
    }),
  );
}

/** Parts of a definition that name a type. */
const TYPES = /^(leftarg|rightarg|stype|mstype|basetype)$/;

/** What cannot go while the new object stands. */
function usesOf(clauses: Clauses, tree: Node): readonly ObjectReference[] {
  const range = { from: 2, to: clauses.all.to };
  const reference = (kind: ObjectKind, names: readonly string[]): readonly ObjectReference[] =>
    names.length > 0 ? [{ kind, name: listedName(clauses, names, range) }] : [];
  if ('CreateForeignServerStmt' in tree)
    return reference('foreign data wrapper', [tree.CreateForeignServerStmt.fdwname ?? '']);
  if ('CreateUserMappingStmt' in tree) return reference('server', [tree.CreateUserMappingStmt.servername ?? '']);
  if ('CreateEventTrigStmt' in tree) return reference('function', stringsOf(tree.CreateEventTrigStmt.funcname));
  if ('CreateCastStmt' in tree) {
    const { func, sourcetype, targettype } = tree.CreateCastStmt;
    const types = [sourcetype, targettype].flatMap(type => reference('type', stringsOf(type?.names)));
    return [...reference('function', stringsOf(func?.objname)), ...types];
  }
  if (!('DefineStmt' in tree)) return [];
  return (tree.DefineStmt.definition ?? []).flatMap(node => {
    const { defname = '', arg } = elementOf(node) ?? {};
    const kind = NAMES_FUNCTION.test(defname) ? 'function' : TYPES.test(defname) ? 'type' : undefined;
    return kind && arg && 'TypeName' in arg ? reference(kind, stringsOf(arg.TypeName.names)) : [];
  });
}

/** What tells it apart from others of its name. */
function besideName(tree: Node): Pick<ObjectReference, 'of'> {
  if ('CreateOpClassStmt' in tree) return { of: tree.CreateOpClassStmt.amname ?? '' };
  if ('CreateOpFamilyStmt' in tree) return { of: tree.CreateOpFamilyStmt.amname ?? '' };
  if ('CreateUserMappingStmt' in tree) return { of: roleName(tree.CreateUserMappingStmt.user) };
  return {};
}

function createdOther(clauses: Clauses, tree: Node): Operation | undefined {
  const text = clauses.textOf(clauses.whole);
  const common = {
    ...whole(clauses),
    kind: 'createOther' as const,
    ifNotExistsAt: clauses.after(1),
    text,
    uses: usesOf(clauses, tree),
  };
  if ('DefineStmt' in tree) {
    const { kind, defnames, args, definition, replace, if_not_exists } = tree.DefineStmt;
    const what = kindOf(kind) as OtherKind | 'aggregate';
    const name = listedName(clauses, stringsOf(defnames), { from: 2, to: clauses.all.to });
    const [parameters] = args ?? [];
    const types =
      parameters && 'List' in parameters
        ? parametersOf(clauses, parameters.List.items, 2).map(({ type }) => type)
        : what === 'operator'
          ? operandTypes(clauses, definition)
          : undefined;
    return {
      ...common,
      ...(types ? { definition: expressionOf(clauses, tree, clauses.all) } : {}),
      ...(if_not_exists ? { ifNotExists: name.span } : {}),
      orReplace: replace === true,
      object: { kind: what, name, ...(types ? { arguments: types } : {}) },
      what,
    };
  }
  if ('CreateCastStmt' in tree) {
    const inside = clauses.span(clauses.inside(clauses.all) ?? clauses.all);
    const { sourcetype, targettype } = tree.CreateCastStmt;
    const name = { name: `(${clauses.textOf(inside)})`, span: inside };
    const types = [typeOf(clauses, sourcetype), typeOf(clauses, targettype)];
    const definition = expressionOf(clauses, tree, clauses.all);
    return { ...common, definition, orReplace: false, object: { kind: 'cast', name, arguments: types }, what: 'cast' };
  }
  const [statement = ''] = Object.keys(tree);
  const known = CREATED[statement];
  if (!known) return undefined;
  const [what, field] = known;
  const fields = Object.values(tree)[0] as { readonly [key: string]: unknown };
  const value = fields[field];
  const names = Array.isArray(value) ? value.map(stringOf) : [String(value)];
  return {
    ...common,
    ...(FOLLOWS.has(what) ? { definition: expressionOf(clauses, tree, clauses.all) } : {}),
    ...(fields.if_not_exists ? { ifNotExists: clauses.whole } : {}),
    orReplace: false,
    object: { kind: what, name: listedName(clauses, names, { from: 2, to: clauses.all.to }), ...besideName(tree) },
    what,
  };
}
