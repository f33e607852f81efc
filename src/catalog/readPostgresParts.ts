/** The parts that many PostgreSQL statements share: names, types, expressions, options. */
import type {
  CollateClause,
  DefElem,
  IndexElem,
  Node,
  ObjectWithArgs,
  PartitionSpec,
  RangeVar,
  RoleSpec,
  TypeName,
} from 'libpg-query';
import type { SqlSpan } from '../sql/query';
import type { Clauses, Range } from './clauses';
import type {
  Expression,
  Identifier,
  IndexElement,
  Options,
  PartitionKey,
  QualifiedName,
  SequenceOptions,
  Tree,
  TypeUse,
} from './definition';
import { builtInType } from './types';

export const stringOf = (node: Node | undefined): string =>
  node === undefined ? '' : 'String' in node ? (node.String.sval ?? '') : '';

export const stringsOf = (nodes: readonly Node[] | undefined): readonly string[] => (nodes ?? []).map(stringOf);

/** The items of a `List` node. */
export const listOf = (node: Node | undefined): readonly Node[] =>
  node && 'List' in node ? (node.List.items ?? []) : node ? [node] : [];

export const treeOf = (node: Node): Tree => node as unknown as Tree;

export function expressionOf(clauses: Clauses, node: Node, range: Range): Expression {
  const span = clauses.span(range);
  return { span, text: clauses.textOf(span), tree: treeOf(node) };
}

export function relationName(clauses: Clauses, relation: RangeVar | undefined): QualifiedName {
  const index = clauses.located(relation?.location);
  return {
    name: relation?.relname ?? '',
    ...(relation?.schemaname === undefined ? {} : { schema: relation.schemaname }),
    span: index === undefined ? clauses.whole : clauses.span(clauses.dotted(index)),
  };
}

/** A name that the tree gives as a list of parts, found in the range by its parts. */
export function listedName(clauses: Clauses, parts: readonly string[], range: Range): QualifiedName {
  const name = parts[parts.length - 1] ?? '';
  const schema = parts.length > 1 ? parts[parts.length - 2] : undefined;
  const first = clauses.findName(range, parts[0] ?? '');
  return {
    name,
    ...(schema === undefined ? {} : { schema }),
    span: first === undefined ? clauses.span(range) : clauses.span(clauses.dotted(first)),
  };
}

/** `pg_catalog."C"`, as pg_dump writes it, is `"C"`. */
const isNoServersSchema = (part: string): boolean => part !== 'pg_catalog';

export function collationOf(clauses: Clauses, clause: CollateClause | undefined): QualifiedName | undefined {
  if (!clause) return undefined;
  const at = clauses.located(clause.location);
  return listedName(clauses, stringsOf(clause.collname).filter(isNoServersSchema), {
    from: (at ?? 0) + 1,
    to: clauses.all.to,
  });
}

const SERIALS: Readonly<Record<string, { serial: 'smallserial' | 'serial' | 'bigserial'; name: string }>> = {
  serial: { serial: 'serial', name: 'integer' },
  serial4: { serial: 'serial', name: 'integer' },
  bigserial: { serial: 'bigserial', name: 'bigint' },
  serial8: { serial: 'bigserial', name: 'bigint' },
  smallserial: { serial: 'smallserial', name: 'smallint' },
  serial2: { serial: 'smallserial', name: 'smallint' },
};

/** Words that end a type, wherever a type may stand. */
const AFTER_TYPE = new Set(
  'NOT NULL DEFAULT CHECK PRIMARY UNIQUE REFERENCES CONSTRAINT GENERATED COLLATE DEFERRABLE INITIALLY STORAGE COMPRESSION USING OPTIONS ENFORCED AS CASCADE RESTRICT LANGUAGE RETURNS IMMUTABLE STABLE VOLATILE STRICT CALLED SECURITY PARALLEL COST ROWS SUPPORT SET WINDOW LEAKPROOF INCREMENT MINVALUE MAXVALUE START CACHE CYCLE OWNED NO BEGIN RETURN'.split(
    ' ',
  ),
);

/** The tokens of the type that begins at `from`. */
export function typeRange(clauses: Clauses, from: number): Range {
  let index = from;
  while (index < clauses.all.to) {
    const source = clauses.source(index);
    if (source === ',' || source === ')' || source === '=' || source === ';') break;
    if (index > from && clauses.statement.tokens[index]?.kind === 'word' && AFTER_TYPE.has(source.toUpperCase())) break;
    index = clauses.next(index);
  }
  return { from, to: index };
}

const constantText = (node: Node): string => {
  if ('A_Const' in node) {
    const constant = node.A_Const;
    if (constant.isnull) return 'null';
    if (constant.ival) return String(constant.ival.ival ?? 0);
    if (constant.fval) return constant.fval.fval ?? '0';
    if (constant.boolval) return String(constant.boolval.boolval ?? false);
    return constant.sval?.sval ?? constant.bsval?.bsval ?? '';
  }
  if ('Integer' in node) return String(node.Integer.ival ?? 0);
  if ('Float' in node) return node.Float.fval ?? '0';
  if ('Boolean' in node) return String(node.Boolean.boolval ?? false);
  if ('String' in node) return node.String.sval ?? '';
  if ('TypeName' in node) return stringsOf(node.TypeName.names).join('.');
  if ('List' in node) return (node.List.items ?? []).map(constantText).join(', ');
  if ('TypeCast' in node && node.TypeCast.arg) return constantText(node.TypeCast.arg);
  if ('ColumnRef' in node) return (node.ColumnRef.fields ?? []).map(constantText).join('.');
  return '';
};

export { constantText };

export function typeOf(clauses: Clauses, type: TypeName | undefined): TypeUse {
  const at = clauses.located(type?.location);
  const setOf = at !== undefined && clauses.reads(at, 'SETOF');
  const span = at === undefined ? clauses.whole : clauses.span(typeRange(clauses, setOf ? at + 1 : at));
  const names = stringsOf(type?.names);
  const last = names[names.length - 1] ?? '';
  const schema = names.length > 1 ? names[names.length - 2] : undefined;
  const serial = schema === undefined ? SERIALS[last] : undefined;
  const builtIn = schema === undefined || schema === 'pg_catalog' ? builtInType(last) : undefined;
  return {
    span,
    written: clauses.textOf(span),
    name: serial?.name ?? builtIn ?? last,
    ...(schema === undefined || schema === 'pg_catalog' ? {} : { schema }),
    modifiers: last === 'interval' ? intervalModifiers(type) : (type?.typmods ?? []).map(constantText),
    dimensions: type?.arrayBounds?.length ?? 0,
    ...(type?.setof ? { setOf: true } : {}),
    ...(serial ? { serial: serial.serial } : {}),
  };
}

/** `interval(3)` gives a mask of fields that says "all" before the precision. */
function intervalModifiers(type: TypeName | undefined): readonly string[] {
  const [fields, precision] = (type?.typmods ?? []).map(constantText);
  if (fields === undefined) return [];
  return [...(fields === '32767' ? [] : [`fields ${fields}`]), ...(precision === undefined ? [] : [precision])];
}

/** `WITH (fillfactor = 70)`, sorted by name: their order says nothing. */
export function optionsOf(nodes: readonly Node[] | undefined): Options {
  return (nodes ?? [])
    .flatMap((node): [string, string][] => {
      if (!('DefElem' in node)) return [];
      const { defnamespace, defname, arg } = node.DefElem;
      const name = defnamespace === undefined ? (defname ?? '') : `${defnamespace}.${defname ?? ''}`;
      return [[name, arg === undefined ? 'true' : constantText(arg)]];
    })
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

export const elementOf = (node: Node): DefElem | undefined => ('DefElem' in node ? node.DefElem : undefined);

export function roleName(role: RoleSpec | undefined): string {
  switch (role?.roletype) {
    case 'ROLESPEC_PUBLIC':
      return 'public';
    case 'ROLESPEC_CURRENT_USER':
      return 'current_user';
    case 'ROLESPEC_CURRENT_ROLE':
      return 'current_role';
    case 'ROLESPEC_SESSION_USER':
      return 'session_user';
    default:
      return role?.rolename ?? '';
  }
}

export const rolesOf = (nodes: readonly Node[] | undefined): readonly string[] =>
  (nodes ?? []).flatMap(node => ('RoleSpec' in node ? [roleName(node.RoleSpec)] : []));

export function indexElementOf(clauses: Clauses, element: IndexElem, range: Range): IndexElement {
  const column = element.name === undefined ? undefined : clauses.identifier(element.name, range);
  return {
    span: clauses.span(range),
    ...(column ? { column } : {}),
    ...(element.expr ? { expression: expressionOf(clauses, element.expr, elementExpression(clauses, range)) } : {}),
    ...(element.collation ? { collation: stringsOf(element.collation).filter(isNoServersSchema).join('.') } : {}),
    ...(element.opclass ? { opclass: stringsOf(element.opclass).join('.') } : {}),
    opclassOptions: optionsOf(element.opclassopts),
    descending: element.ordering === 'SORTBY_DESC',
    ...nullsOf(element),
  };
}

/** An index's expression is a call or stands in parentheses; what follows it is its options. */
function elementExpression(clauses: Clauses, range: Range): Range {
  const open = clauses.find(range, '(');
  if (open === undefined) return { from: range.from, to: Math.min(range.from + 1, range.to) };
  const close = clauses.closing(open);
  return open === range.from ? { from: open + 1, to: close } : { from: range.from, to: close + 1 };
}

function nullsOf(element: IndexElem): { nulls?: 'first' | 'last' } {
  const descending = element.ordering === 'SORTBY_DESC';
  if (element.nulls_ordering === 'SORTBY_NULLS_FIRST') return descending ? {} : { nulls: 'first' };
  if (element.nulls_ordering === 'SORTBY_NULLS_LAST') return descending ? { nulls: 'last' } : {};
  return {};
}

export function indexElements(clauses: Clauses, nodes: readonly Node[] | undefined, range: Range | undefined) {
  const items = range ? clauses.items(range) : [];
  return (nodes ?? []).flatMap((node, position) =>
    'IndexElem' in node ? [indexElementOf(clauses, node.IndexElem, items[position] ?? range ?? clauses.all)] : [],
  );
}

export function partitionKeyOf(clauses: Clauses, spec: PartitionSpec): PartitionKey {
  const at = clauses.located(spec.location);
  const inside = at === undefined ? undefined : clauses.inside({ from: at, to: clauses.all.to });
  const items = inside ? clauses.items(inside) : [];
  const strategies = { PARTITION_STRATEGY_LIST: 'list', PARTITION_STRATEGY_RANGE: 'range' } as const;
  return {
    strategy:
      spec.strategy === 'PARTITION_STRATEGY_LIST' || spec.strategy === 'PARTITION_STRATEGY_RANGE'
        ? strategies[spec.strategy]
        : 'hash',
    elements: (spec.partParams ?? []).flatMap((node, position) =>
      'PartitionElem' in node
        ? [indexElementOf(clauses, node.PartitionElem, items[position] ?? inside ?? clauses.all)]
        : [],
    ),
  };
}

/** A routine as a statement names it. */
export function routineReference(clauses: Clauses, routine: ObjectWithArgs, range: Range) {
  const types = (routine.objargs ?? []).flatMap(node => ('TypeName' in node ? [typeOf(clauses, node.TypeName)] : []));
  return {
    name: listedName(clauses, stringsOf(routine.objname), range),
    ...(routine.args_unspecified ? {} : { arguments: types }),
  };
}

export function sequenceOptions(clauses: Clauses, nodes: readonly Node[] | undefined): SequenceOptions {
  const options: { -readonly [Key in keyof SequenceOptions]: SequenceOptions[Key] } = {};
  for (const node of nodes ?? []) {
    const element = elementOf(node);
    const value = element?.arg === undefined ? undefined : constantText(element.arg);
    switch (element?.defname) {
      case 'as':
        options.type = element.arg && 'TypeName' in element.arg ? typeOf(clauses, element.arg.TypeName).name : value;
        break;
      case 'increment':
      case 'start':
      case 'cache':
        options[element.defname] = value;
        break;
      case 'restart':
        options.restart = value ?? 'start';
        break;
      case 'minvalue':
        options.min = value ?? null;
        break;
      case 'maxvalue':
        options.max = value ?? null;
        break;
      case 'cycle':
        options.cycle = value === 'true';
        break;
      case 'owned_by':
        options.ownedBy = ownedBy(clauses, element);
        break;
      case 'sequence_name':
        options.sequenceName = listedName(clauses, stringsOf(listOf(element.arg)), clauses.all);
        break;
    }
  }
  return options;
}

function ownedBy(clauses: Clauses, element: DefElem): SequenceOptions['ownedBy'] {
  const parts = stringsOf(listOf(element.arg));
  if (parts.length < 2) return null;
  const at = clauses.located(element.location) ?? 0;
  const dotted = clauses.dotted(at + 2);
  const column: Identifier = {
    name: parts[parts.length - 1] ?? '',
    span: clauses.span({ from: dotted.to - 1, to: dotted.to }),
  };
  const schema = parts.length > 2 ? parts[parts.length - 3] : undefined;
  const span: SqlSpan = clauses.span({ from: dotted.from, to: dotted.to - 2 });
  return {
    table: { name: parts[parts.length - 2] ?? '', ...(schema === undefined ? {} : { schema }), span },
    column,
  };
}
