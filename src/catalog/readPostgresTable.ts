/** CREATE TABLE with its columns and constraints, read from PostgreSQL's tree. */
import type { ColumnDef, Constraint, CreateStmt, Node, PartitionBoundSpec } from 'libpg-query';
import type { Clauses, Range } from './clauses';
import type { ColumnDefinition, ConstraintDefinition, PartitionBound, ReferentialAction } from './definition';
import type { LikeClause, OperationOf, Persistence } from './operation';
import {
  collationOf,
  expressionOf,
  indexElementOf,
  listOf,
  optionsOf,
  partitionKeyOf,
  relationName,
  sequenceOptions,
  stringsOf,
  treeOf,
  typeOf,
} from './readPostgresParts';

export function persistenceOf(code: string | undefined): Persistence {
  return code === 't' ? 'temporary' : code === 'u' ? 'unlogged' : 'permanent';
}

/** Where IF NOT EXISTS stands, or would: after the keyword `word`. */
export function ifNotExists(clauses: Clauses, written: boolean | undefined, ...words: readonly string[]) {
  const keyword = clauses.find(clauses.all, ...words) ?? 0;
  const after = keyword + words.length - 1;
  const from = clauses.reads(after + 1, 'CONCURRENTLY') ? after + 2 : after + 1;
  return {
    ...(written ? { ifNotExists: clauses.span({ from, to: from + 3 }) } : {}),
    ifNotExistsAt: clauses.after(from - 1),
  };
}

export function readCreateTable(clauses: Clauses, statement: CreateStmt, server?: string): OperationOf<'createTable'> {
  const name = relationName(clauses, statement.relation);
  const body = bodyRange(clauses, name.span.end, statement);
  const items = body ? clauses.items(body) : [];
  const columns: ColumnDefinition[] = [];
  const constraints: ConstraintDefinition[] = [];
  const like: (LikeClause & { afterColumns: number })[] = [];
  for (const [position, node] of (statement.tableElts ?? []).entries()) {
    const range = items[position] ?? body ?? clauses.all;
    if ('ColumnDef' in node) columns.push(columnOf(clauses, node.ColumnDef, range));
    else if ('Constraint' in node) constraints.push(...constraintOf(clauses, node.Constraint, range, undefined));
    else if ('TableLikeClause' in node)
      like.push({
        table: relationName(clauses, node.TableLikeClause.relation),
        span: clauses.span(range),
        including: includingOf(node.TableLikeClause.options ?? 0),
        afterColumns: columns.length,
      });
  }
  const inherits = (statement.inhRelations ?? []).flatMap(node =>
    'RangeVar' in node ? [relationName(clauses, node.RangeVar)] : [],
  );
  const [parent] = inherits;
  const ofType = statement.ofTypename ? typeOf(clauses, statement.ofTypename) : undefined;
  return {
    kind: 'createTable',
    statement: clauses.whole,
    span: clauses.whole,
    ...ifNotExists(clauses, statement.if_not_exists, 'TABLE'),
    name,
    persistence: persistenceOf(statement.relation?.relpersistence),
    foreign: server !== undefined,
    columns,
    constraints,
    like,
    inherits: statement.partbound ? [] : inherits,
    ...(statement.partspec ? { partitionBy: partitionKeyOf(clauses, statement.partspec) } : {}),
    ...(statement.partbound && parent ? { partitionOf: { parent, bound: boundOf(clauses, statement.partbound) } } : {}),
    ...(ofType ? { ofType } : {}),
    options: optionsOf(statement.options),
    ...(statement.tablespacename === undefined ? {} : { tablespace: statement.tablespacename }),
    ...(statement.accessMethod === undefined ? {} : { accessMethod: statement.accessMethod }),
    ...(server === undefined ? {} : { server }),
    ...onCommitOf(statement.oncommit),
  };
}

export function onCommitOf(action: string | undefined): Pick<OperationOf<'createTable'>, 'onCommit'> {
  switch (action) {
    case 'ONCOMMIT_DELETE_ROWS':
      return { onCommit: 'delete rows' };
    case 'ONCOMMIT_DROP':
      return { onCommit: 'drop' };
    case 'ONCOMMIT_PRESERVE_ROWS':
      return { onCommit: 'preserve rows' };
    default:
      return {};
  }
}

/** What stands in the parentheses after the name: of a partition only where it has elements of its own. */
function bodyRange(clauses: Clauses, nameEnd: number, statement: CreateStmt): Range | undefined {
  if ((statement.tableElts?.length ?? 0) === 0) return undefined;
  const from = clauses.indexAt(nameEnd - 1) ?? 0;
  return clauses.inside({ from, to: clauses.all.to });
}

export function boundOf(clauses: Clauses, bound: PartitionBoundSpec): PartitionBound {
  const at = clauses.located(bound.location) ?? 0;
  // FOR VALUES stands before the place that the tree gives, DEFAULT stands at it
  let from = at;
  while (from > 0 && !clauses.reads(from, 'FOR') && !clauses.reads(from, 'DEFAULT')) from -= 1;
  let to = from + 1;
  while (to < clauses.all.to && !bound.is_default) {
    if (clauses.reads(to, 'PARTITION') || clauses.reads(to, 'TABLESPACE') || clauses.reads(to, 'USING')) break;
    const after = clauses.next(to);
    const closes = clauses.source(to) === '(';
    to = after;
    if (closes && !clauses.reads(after, 'TO')) break;
  }
  const node = { PartitionBoundSpec: bound } as Node;
  return { ...expressionOf(clauses, node, { from, to }), isDefault: bound.is_default === true };
}

const LIKE_OPTIONS = [
  'comments',
  'compression',
  'constraints',
  'defaults',
  'generated',
  'identity',
  'indexes',
  'statistics',
  'storage',
] as const;

/** The server's bit mask, in the order of its declaration. */
const includingOf = (mask: number): LikeClause['including'] =>
  new Set(LIKE_OPTIONS.filter((_, bit) => (mask & (1 << bit)) !== 0));

/** A column's own range: up to the comma or parenthesis. */
export function columnOf(clauses: Clauses, column: ColumnDef, range: Range): ColumnDefinition {
  const at = clauses.located(column.location) ?? range.from;
  const own = { from: at, to: range.to };
  const parts: { -readonly [Key in keyof ColumnDefinition]?: ColumnDefinition[Key] } = {};
  const constraints: ConstraintDefinition[] = [];
  let deferrable: ConstraintDefinition['deferrable'] | undefined;
  for (const node of column.constraints ?? []) {
    if (!('Constraint' in node)) continue;
    const constraint = node.Constraint;
    const clause = clauseRange(clauses, constraint, own);
    const span = clauses.span(clause);
    switch (constraint.contype) {
      case 'CONSTR_NOTNULL':
        parts.notNull = { span, ...(constraint.conname === undefined ? {} : { name: constraint.conname }) };
        break;
      case 'CONSTR_DEFAULT':
        if (constraint.raw_expr)
          parts.default = {
            span,
            value: expressionOf(clauses, constraint.raw_expr, { from: clause.from + 1, to: clause.to }),
          };
        break;
      case 'CONSTR_GENERATED': {
        const inside = clauses.inside(clause) ?? clause;
        if (constraint.raw_expr)
          parts.generated = {
            span,
            value: expressionOf(clauses, constraint.raw_expr, inside),
            stored: constraint.generated_kind !== 'v',
          };
        break;
      }
      case 'CONSTR_IDENTITY':
        parts.identity = {
          span,
          always: constraint.generated_when === 'a',
          options: sequenceOptions(clauses, constraint.options),
        };
        break;
      case 'CONSTR_ATTR_DEFERRABLE':
        deferrable = 'immediate';
        break;
      case 'CONSTR_ATTR_DEFERRED':
        deferrable = 'deferred';
        break;
      default:
        constraints.push(...constraintOf(clauses, constraint, clause, column.colname));
    }
  }
  const last = constraints[constraints.length - 1];
  if (deferrable && last) constraints[constraints.length - 1] = { ...last, deferrable };
  const collation = collationOf(clauses, column.collClause);
  return {
    name: clauses.identifier(column.colname ?? '', own),
    span: clauses.span(own),
    type: typeOf(clauses, column.typeName),
    ...parts,
    ...(collation ? { collation } : {}),
    ...(column.storage_name === undefined ? {} : { storage: column.storage_name }),
    ...(column.compression === undefined ? {} : { compression: column.compression }),
    constraints,
  };
}

const CLAUSE_STARTS = [
  'CONSTRAINT',
  'DEFAULT',
  'PRIMARY',
  'UNIQUE',
  'CHECK',
  'REFERENCES',
  'GENERATED',
  'COLLATE',
  'STORAGE',
  'COMPRESSION',
];

/** From a column's constraint to the next one. */
function clauseRange(clauses: Clauses, constraint: Constraint, own: Range): Range {
  const from = clauses.located(constraint.location) ?? own.from;
  let word = from;
  if (clauses.reads(from, 'CONSTRAINT')) word = from + 2;
  let index = clauses.next(word);
  // NOT NULL has two words
  if (clauses.reads(word, 'NOT')) index = word + 2;
  const isDefault = clauses.reads(word, 'DEFAULT');
  while (index < own.to) {
    const starts =
      CLAUSE_STARTS.some(start => clauses.reads(index, start)) ||
      clauses.reads(index, 'NOT', 'NULL') ||
      (clauses.reads(index, 'NULL') && !SETS_NULL.some(before => clauses.reads(index - 1, before)));
    // `DEFAULT 'a' COLLATE "C"` and `ON DELETE SET DEFAULT` hold such words too
    if (starts && !(clauses.reads(index, 'DEFAULT') && clauses.reads(index - 1, 'SET'))) {
      const firstOfDefault = isDefault && index === word + 1;
      if (!firstOfDefault) break;
    }
    index = clauses.next(index);
  }
  return { from, to: Math.min(index, own.to) };
}

const SETS_NULL = ['SET', 'IS', 'NOT'];

const ACTIONS: Readonly<Record<string, ReferentialAction>> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

/** One constraint; none for what is not one. */
export function constraintOf(
  clauses: Clauses,
  constraint: Constraint,
  range: Range,
  column: string | undefined,
): readonly ConstraintDefinition[] {
  const span = clauses.span(range);
  const written = clauses.find(range, 'NOT', 'VALID');
  const common = {
    ...(constraint.conname === undefined ? {} : { name: clauses.identifier(constraint.conname, range) }),
    span,
    inColumn: column !== undefined,
    deferrable: constraint.initdeferred
      ? ('deferred' as const)
      : constraint.deferrable
        ? ('immediate' as const)
        : ('no' as const),
    ...(written === undefined || !constraint.skip_validation
      ? {}
      : { notValid: clauses.span({ from: written, to: written + 2 }) }),
    notValidAt: span.end,
    enforced: constraint.is_enforced !== false && clauses.find(range, 'NOT', 'ENFORCED') === undefined,
  };
  const lists = parenthesised(clauses, range);
  const ownColumn = column === undefined ? [] : [{ name: column, span }];
  const names = (nodes: readonly Node[] | undefined, list: Range | undefined) =>
    clauses.identifiersIn(list, stringsOf(nodes));
  switch (constraint.contype) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE': {
      const keys = names(constraint.keys, lists[0]);
      return [
        {
          ...common,
          kind: constraint.contype === 'CONSTR_PRIMARY' ? 'primaryKey' : 'unique',
          columns: keys.length > 0 ? keys : constraint.indexname === undefined ? ownColumn : [],
          include: names(constraint.including, lists[1]),
          nullsNotDistinct: constraint.nulls_not_distinct === true,
          withoutOverlaps: constraint.without_overlaps === true,
          ...(constraint.indexname === undefined
            ? {}
            : { usingIndex: clauses.identifier(constraint.indexname, { from: range.to - 1, to: range.to }) }),
          options: optionsOf(constraint.options),
          ...(constraint.indexspace === undefined ? {} : { tablespace: constraint.indexspace }),
        },
      ];
    }
    case 'CONSTR_CHECK':
      if (!constraint.raw_expr) return [];
      return [
        {
          ...common,
          kind: 'check',
          expression: expressionOf(clauses, constraint.raw_expr, lists[0] ?? range),
          noInherit: constraint.is_no_inherit === true,
        },
      ];
    case 'CONSTR_FOREIGN': {
      const own = names(constraint.fk_attrs, lists[0]);
      const referenced = lists[column === undefined ? 1 : 0];
      return [
        {
          ...common,
          kind: 'foreignKey',
          columns: own.length > 0 ? own : ownColumn,
          references: relationName(clauses, constraint.pktable),
          referencedColumns: names(constraint.pk_attrs, referenced),
          onUpdate: ACTIONS[constraint.fk_upd_action ?? 'a'] ?? 'no action',
          onDelete: ACTIONS[constraint.fk_del_action ?? 'a'] ?? 'no action',
          onDeleteColumns: stringsOf(constraint.fk_del_set_cols),
          match: constraint.fk_matchtype === 'f' ? 'full' : constraint.fk_matchtype === 'p' ? 'partial' : 'simple',
        },
      ];
    }
    case 'CONSTR_EXCLUSION': {
      const items = lists[0] ? clauses.items(lists[0]) : [];
      return [
        {
          ...common,
          kind: 'exclude',
          method: constraint.access_method ?? 'btree',
          elements: (constraint.exclusions ?? []).flatMap((node, position) => {
            const [element, operator] = listOf(node);
            if (!element || !('IndexElem' in element)) return [];
            const item = items[position] ?? range;
            return [
              {
                element: indexElementOf(clauses, element.IndexElem, item),
                operator: stringsOf(listOf(operator)).join('.'),
              },
            ];
          }),
          include: names(constraint.including, lists[1]),
          ...(constraint.where_clause
            ? { where: expressionOf(clauses, constraint.where_clause, lists[lists.length - 1] ?? range) }
            : {}),
        },
      ];
    }
    case 'CONSTR_NOTNULL': {
      const [name] = stringsOf(constraint.keys);
      if (name === undefined) return [];
      return [
        {
          ...common,
          kind: 'notNull',
          column: clauses.identifier(name, range),
          noInherit: constraint.is_no_inherit === true,
        },
      ];
    }
    default:
      return [];
  }
}

/** What stands in each pair of parentheses of the range. */
function parenthesised(clauses: Clauses, range: Range): readonly Range[] {
  const found: Range[] = [];
  for (let index = range.from; index < range.to; index = clauses.next(index))
    if (clauses.source(index) === '(') found.push({ from: index + 1, to: clauses.closing(index) });
  return found;
}

/** The tree of a whole statement as an expression. */
export const wholeOf = (clauses: Clauses, node: Node) => ({
  span: clauses.whole,
  text: clauses.textOf(clauses.whole),
  tree: treeOf(node),
});
