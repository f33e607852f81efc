/** CREATE TABLE and ALTER TABLE of MySQL, MariaDB, SQLite and T-SQL. */
import type { SqlSpan } from '../sql/query';
import type { Range } from './clauses';
import type { ColumnDefinition, ConstraintDefinition, Identifier, QualifiedName } from './definition';
import type { Cursor, DialectClauses } from './dialectCursor';
import type { LikeClause, Operation, OperationOf } from './operation';
import { columnOf, definitionOf, typeAt, valueAt } from './readDialectColumn';
import { itemAt, type TableItem } from './readDialectConstraint';

const whole = (clauses: DialectClauses) => ({ statement: clauses.whole, span: clauses.whole });

export function unread(clauses: DialectClauses, says: string, range?: Range): Operation {
  return {
    statement: clauses.whole,
    span: range ? clauses.span(range) : clauses.whole,
    kind: 'unread',
    why: 'does not parse',
    says,
    mayChangeSchema: true,
  };
}

export function ifNotExistsAt(cursor: Cursor): { readonly ifNotExists?: SqlSpan; readonly ifNotExistsAt: number } {
  const { clauses } = cursor;
  const at = clauses.after(cursor.at - 1);
  const span = cursor.takes('IF', 'NOT', 'EXISTS');
  return { ...(span ? { ifNotExists: span } : {}), ifNotExistsAt: at };
}

export function ifExistsAt(cursor: Cursor): { readonly ifExists?: SqlSpan; readonly ifExistsAt: number } {
  const at = cursor.clauses.after(cursor.at - 1);
  const span = cursor.takes('IF', 'EXISTS');
  return { ...(span ? { ifExists: span } : {}), ifExistsAt: at };
}

/** What the body of a table holds. */
interface Body {
  readonly columns: ColumnDefinition[];
  readonly constraints: ConstraintDefinition[];
  readonly indexes: OperationOf<'createIndex'>[];
  readonly comments: Operation[];
  readonly like: (LikeClause & { readonly afterColumns: number })[];
  /** Something in it was not understood. */
  isOpen: boolean;
}

function comment(clauses: DialectClauses, table: QualifiedName, column: Identifier, text: string): Operation {
  return {
    ...whole(clauses),
    kind: 'comment',
    object: { kind: 'column', name: column, on: table },
    text,
  };
}

function readBody(
  clauses: DialectClauses,
  inside: Range,
  table: QualifiedName,
  ifNotExists: SqlSpan | undefined,
): Body {
  const body: Body = { columns: [], constraints: [], indexes: [], comments: [], like: [], isOpen: false };
  for (const range of itemsOf(clauses, inside)) {
    const cursor = clauses.cursor(range);
    if (clauses.isMysql && cursor.takes('LIKE')) {
      const other = cursor.qualified();
      if (other) body.like.push(likeOf(clauses, other, range));
      continue;
    }
    const item = itemAt(cursor, table, ifNotExists);
    if (item) put(body, item);
    else {
      const column = columnOf(cursor);
      if (column) {
        body.columns.push(column.definition);
        if (column.comment !== undefined)
          body.comments.push(comment(clauses, table, column.definition.name, column.comment));
      } else body.isOpen = true;
    }
  }
  return body;
}

/** The items of a body. SQLite takes table constraints without a comma between them. */
function itemsOf(clauses: DialectClauses, inside: Range): readonly Range[] {
  const items = clauses.items(inside);
  if (clauses.dialect !== 'sqlite') return items;
  return items.flatMap(range => {
    const first = clauses.cursor(range);
    const isConstraint =
      first.is('CONSTRAINT') ||
      first.is('FOREIGN', 'KEY') ||
      first.is('PRIMARY', 'KEY') ||
      first.is('UNIQUE', '(') ||
      first.is('CHECK', '(');
    if (!isConstraint) return [range];
    const found: Range[] = [];
    let { from } = range;
    for (let at = clauses.next(from); at < range.to; at = clauses.next(at)) {
      const starts =
        clauses.source(at - 1) === ')' &&
        (clauses.reads(at, 'CONSTRAINT') ||
          clauses.reads(at, 'FOREIGN', 'KEY') ||
          clauses.reads(at, 'UNIQUE', '(') ||
          clauses.reads(at, 'CHECK', '('));
      if (!starts) continue;
      found.push({ from, to: at });
      from = at;
    }
    return [...found, { from, to: range.to }];
  });
}

function put(body: Body, item: TableItem): void {
  if ('constraint' in item) body.constraints.push(item.constraint);
  else if ('index' in item) body.indexes.push(item.index);
}

const ALL_OF_IT = ['constraints', 'defaults', 'generated', 'identity', 'indexes', 'comments'] as const;

const likeOf = (clauses: DialectClauses, table: QualifiedName, range: Range) => ({
  table,
  span: clauses.span(range),
  including: new Set<LikeClause['including'] extends ReadonlySet<infer Item> ? Item : never>(ALL_OF_IT),
  afterColumns: 0,
});

/** From the word TABLE on. */
export function readCreateTable(
  cursor: Cursor,
  temporary: boolean,
  virtual: boolean,
): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const given = ifNotExistsAt(cursor);
  const name = cursor.qualified();
  if (!name) return undefined;
  const isTemporary = temporary || /^#/.test(name.name);
  const common = {
    ...whole(clauses),
    ...given,
    name,
    persistence: isTemporary ? ('temporary' as const) : ('permanent' as const),
  };
  const table = (body: Body, foreign = false, tail?: string): readonly Operation[] => [
    {
      ...common,
      kind: 'createTable',
      foreign,
      columns: body.columns,
      constraints: body.constraints,
      like: body.like,
      inherits: [],
      options: [],
      ...(tail === undefined ? {} : { tail }),
    },
    ...body.indexes,
    ...body.comments,
    ...(body.isOpen ? [unread(clauses, 'a part of the table is not understood')] : []),
  ];
  const empty: Body = { columns: [], constraints: [], indexes: [], comments: [], like: [], isOpen: false };
  // what it holds is a matter of its module
  if (virtual) return table(empty, true);
  if (cursor.takes('LIKE')) {
    const from = cursor.at;
    const other = cursor.qualified();
    return other && table({ ...empty, like: [likeOf(clauses, other, cursor.since(from))] });
  }
  const inside = cursor.is('(') && !isQuery(cursor) ? cursor.parenthesised() : undefined;
  const body = inside ? readBody(clauses, inside, name, given.ifNotExists) : empty;
  const behind = cursor.isDone ? '' : clauses.textOf(clauses.span({ from: cursor.at, to: cursor.to }));
  while (!cursor.isDone && !cursor.isAny('SELECT', 'WITH', 'AS')) cursor.skip();
  const fromQuery = cursor.is('SELECT') || cursor.is('AS');
  if (!fromQuery) return inside ? table(body, false, behind) : undefined;
  // the columns of a query are not read: the table is there, with what is written and more
  return table(body, true);
}

const isQuery = (cursor: Cursor): boolean =>
  cursor.clauses.source(cursor.at) === '(' && cursor.clauses.reads(cursor.at + 1, 'SELECT');

/** From the word TABLE on. */
export function readAlterTable(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const ifTableExists = cursor.takes('IF', 'EXISTS') !== undefined;
  const table = cursor.qualified();
  if (!table) return undefined;
  // `WITH NOCHECK ADD CONSTRAINT`
  const checking = cursor.is('WITH', 'CHECK') ? 'check' : cursor.is('WITH', 'NOCHECK') ? 'nocheck' : undefined;
  if (checking) cursor.at += 2;
  const common = { statement: clauses.whole, table, ifTableExists, only: false };
  const found: Operation[] = [];
  let carried: string | undefined;
  for (const range of clauses.items({ from: cursor.at, to: cursor.to })) {
    const own = clauses.cursor(range);
    const altered: Altered = { common: { ...common, span: clauses.span(range) }, range, carried, checking };
    const verb = clauses.source(range.from).toUpperCase();
    if (clauses.dialect === 'transactsql' && ACTIONS.has(verb)) carried = carriedBy(clauses, range);
    const read = action(own, altered);
    found.push(...(read ?? [unread(clauses, 'a part of the change is not understood', range)]));
  }
  // MySQL drops before it adds
  return clauses.isMysql ? [...found.filter(isDrop), ...found.filter(each => !isDrop(each))] : found;
}

const isDrop = ({ kind }: Operation): boolean => kind === 'drop' || kind === 'dropConstraint';

const ACTIONS = new Set(['ADD', 'DROP']);

/** What T-SQL's next item goes on with: `ADD a int, b int`, `DROP COLUMN a, b`. */
const carriedBy = (clauses: DialectClauses, { from }: Range): string =>
  clauses.reads(from, 'DROP') ? (clauses.reads(from + 1, 'COLUMN') ? 'DROP COLUMN' : 'DROP') : 'ADD';

interface Altered {
  readonly common: {
    readonly statement: SqlSpan;
    readonly span: SqlSpan;
    readonly table: QualifiedName;
    readonly ifTableExists: boolean;
    readonly only: boolean;
  };
  readonly range: Range;
  readonly carried: string | undefined;
  /** T-SQL's word of whether the rows that are there are looked at. */
  readonly checking: 'check' | 'nocheck' | undefined;
}

function action(cursor: Cursor, altered: Altered): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const { range } = altered;
  if (cursor.takes('ADD')) return adding(cursor, altered);
  if (cursor.takes('DROP')) return dropping(cursor, altered, false);
  if (cursor.takes('RENAME')) return renaming(cursor, altered);
  if (clauses.isMysql && cursor.takes('MODIFY')) {
    cursor.takes('COLUMN');
    cursor.takes('IF', 'EXISTS');
    const column = columnOf(cursor);
    if (column && isRefused(column.definition)) return [query(clauses)];
    return column && redefined(clauses, altered, column.definition.name, column);
  }
  if (clauses.isMysql && cursor.takes('CHANGE')) {
    cursor.takes('COLUMN');
    cursor.takes('IF', 'EXISTS');
    const before = cursor.name();
    const column = before && columnOf(cursor);
    if (!before || !column) return undefined;
    if (isRefused(column.definition)) return [query(clauses)];
    const to = column.definition.name;
    const rename: Operation = {
      statement: altered.common.statement,
      span: altered.common.span,
      kind: 'rename',
      object: { kind: 'column', name: before, on: altered.common.table },
      ifExists: false,
      to,
    };
    const isSame = before.name.toLowerCase() === to.name.toLowerCase();
    return [...(isSame ? [] : [rename]), ...redefined(clauses, altered, isSame ? before : to, column)];
  }
  if (cursor.takes('ALTER')) return altering(cursor, altered);
  if (clauses.dialect === 'transactsql' && (cursor.is('CHECK', 'CONSTRAINT') || cursor.is('NOCHECK', 'CONSTRAINT')))
    return switching(cursor, altered);
  if (altered.carried === 'ADD') return adding(cursor, altered);
  if (altered.carried?.startsWith('DROP')) return dropping(cursor, altered, altered.carried === 'DROP COLUMN');
  if (clauses.isMysql && STORES.test(clauses.source(cursor.at)))
    return [{ ...altered.common, kind: 'setStorageWords', text: clauses.textOf(clauses.span(range)) }];
  return SAYS_NOTHING.test(clauses.source(cursor.at)) ? [query(clauses)] : undefined;
}

/** MySQL takes no VARCHAR without a length, and leaves all as it is. */
const isRefused = ({ type }: ColumnDefinition): boolean =>
  /^var(?:char|binary)$/.test(type.name) && type.modifiers.length === 0;

/** What stays with a table of MySQL's. */
const STORES =
  /^(?:engine|default|charset|character|collate|comment|convert|row_format|tablespace|partition|remove|coalesce|reorganize|key_block_size|max_rows|min_rows|avg_row_length|stats_persistent|pack_keys|checksum|delay_key_write|secondary_engine|with|without)$/i;

/** How a table is stored, partitioned and locked. */
const SAYS_NOTHING =
  /^(?:engine|auto_increment|default|charset|character|collate|comment|convert|row_format|order|disable|enable|lock|algorithm|force|tablespace|discard|import|check|nocheck|partition|remove|coalesce|reorganize|truncate|analyze|optimize|rebuild|repair|exchange|set|switch|key_block_size|max_rows|min_rows|avg_row_length|stats_persistent|pack_keys|checksum|delay_key_write|with|without|secondary_engine)$/i;

export const query = (clauses: DialectClauses): Operation => ({ ...whole(clauses), kind: 'query', reads: [] });

function redefined(
  clauses: DialectClauses,
  { common }: Altered,
  column: Identifier,
  { definition, comment: text }: NonNullable<ReturnType<typeof columnOf>>,
): readonly Operation[] {
  return [
    { ...common, kind: 'redefineColumn', column, definition },
    ...definition.constraints.map((constraint): Operation => ({ ...common, kind: 'addConstraint', constraint })),
    ...(text === undefined ? [] : [comment(clauses, common.table, definition.name, text)]),
  ];
}

/** T-SQL's `NOCHECK CONSTRAINT`, and back. */
function switching(cursor: Cursor, { common, checking }: Altered): readonly Operation[] | undefined {
  const enforced = cursor.takes('CHECK') !== undefined;
  cursor.takes('NOCHECK');
  cursor.takes('CONSTRAINT');
  const ofAll = cursor.is('ALL') ? { ofAll: true as const } : {};
  const name = cursor.name();
  if (!name) return undefined;
  return [
    { ...common, kind: 'alterConstraint', name, ...ofAll, enforced },
    ...(enforced && checking === 'check' ? [{ ...common, kind: 'validateConstraint' as const, name, ...ofAll }] : []),
  ];
}

function adding(cursor: Cursor, { common, range, checking }: Altered): readonly Operation[] | undefined {
  const { clauses } = cursor;
  if (cursor.is('PARTITION')) return [query(clauses)];
  const isColumn = cursor.takes('COLUMN') !== undefined;
  const given = ifNotExistsAt(cursor);
  const item = isColumn ? undefined : itemAt(cursor, common.table, given.ifNotExists);
  if (item) {
    if ('constraint' in item) {
      const isUntold =
        checking === 'nocheck' && (item.constraint.kind === 'foreignKey' || item.constraint.kind === 'check');
      const notValid = isUntold ? { notValid: common.span } : {};
      return [{ ...common, kind: 'addConstraint', constraint: { ...item.constraint, ...notValid } }];
    }
    if ('index' in item) return [{ ...item.index, span: common.span }];
    if ('default' in item) {
      const { column, value, name } = item.default;
      return [
        {
          ...common,
          kind: 'setDefault',
          column,
          value: clauses.expression(value),
          ...(name ? { constraint: name.name } : {}),
        },
      ];
    }
    return [query(clauses)];
  }
  // MySQL's `ADD COLUMN (a int, b int)`
  const inside = clauses.source(cursor.at) === '(' ? cursor.parenthesised() : undefined;
  const ranges = inside ? clauses.items(inside) : [{ from: cursor.at, to: range.to }];
  const found: Operation[] = [];
  for (const each of ranges) {
    const column = columnOf(clauses.cursor(each));
    if (!column) return undefined;
    found.push({ ...common, kind: 'addColumn', ...given, column: column.definition });
    if (column.comment !== undefined)
      found.push(comment(clauses, common.table, column.definition.name, column.comment));
  }
  return found;
}

function dropping(cursor: Cursor, { common }: Altered, isColumns: boolean): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const drop = (kind: 'constraint', name: Identifier, given: ReturnType<typeof ifExistsAt>): readonly Operation[] => [
    { ...common, kind: kind === 'constraint' ? 'dropConstraint' : kind, ...given, name },
  ];
  if (cursor.is('PARTITION')) return [query(clauses)];
  if (clauses.isMysql && cursor.is('PRIMARY', 'KEY')) {
    const span = clauses.span({ from: cursor.at, to: cursor.at + 2 });
    return drop('constraint', { name: 'PRIMARY', span }, { ifExistsAt: span.start });
  }
  if (clauses.isMysql && cursor.takesAny('INDEX', 'KEY') !== undefined) {
    const given = ifExistsAt(cursor);
    const name = cursor.name();
    return name && [dropIndex(clauses, name, common.table, given)];
  }
  if (clauses.isMysql && cursor.takes('FOREIGN', 'KEY')) {
    const given = ifExistsAt(cursor);
    const name = cursor.name();
    return name && drop('constraint', name, given);
  }
  const word = cursor.takesAny('CONSTRAINT', 'CHECK');
  if (word !== undefined || (clauses.dialect === 'transactsql' && !isColumns && !cursor.is('COLUMN'))) {
    const given = ifExistsAt(cursor);
    const name = cursor.name();
    return name && drop('constraint', name, given);
  }
  cursor.takes('COLUMN');
  const given = ifExistsAt(cursor);
  const column = cursor.name();
  return column && [{ ...common, kind: 'dropColumn', ...given, column }];
}

export const dropIndex = (
  clauses: DialectClauses,
  name: QualifiedName,
  on: QualifiedName | undefined,
  given: ReturnType<typeof ifExistsAt>,
): Operation => ({
  ...whole(clauses),
  kind: 'drop',
  ...given,
  objects: [{ kind: 'index', name, ...(on ? { on } : {}) }],
  concurrentlyAt: clauses.whole.start,
});

function renaming(cursor: Cursor, { common }: Altered): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const { statement, span, table } = common;
  const part = { statement, span, kind: 'rename' as const, ifExists: false };
  if (clauses.isMysql && cursor.takesAny('INDEX', 'KEY') !== undefined) {
    const from = cursor.name();
    cursor.takes('TO');
    const to = cursor.name();
    return from && to && [{ ...part, object: { kind: 'index', name: from, on: table }, to }];
  }
  const isColumn = cursor.takes('COLUMN') !== undefined;
  if (!isColumn && cursor.takesAny('TO', 'AS') !== undefined) {
    const to = cursor.qualified();
    return to && [{ ...part, object: { kind: 'table', name: table }, to }];
  }
  const from = cursor.name();
  // MySQL's `RENAME new_name`
  if (from && cursor.isDone && !isColumn) return [{ ...part, object: { kind: 'table', name: table }, to: from }];
  if (!from || cursor.takes('TO') === undefined) return undefined;
  const to = cursor.name();
  return to && [{ ...part, object: { kind: 'column', name: from, on: table }, to }];
}

function altering(cursor: Cursor, altered: Altered): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const { common } = altered;
  if (cursor.isAny('INDEX', 'CHECK', 'CONSTRAINT')) return [query(clauses)];
  cursor.takes('COLUMN');
  const from = cursor.at;
  const column = cursor.name();
  if (!column) return undefined;
  if (cursor.takes('SET', 'DEFAULT')) {
    const value = valueAt(cursor);
    return clauses.reads(value.from, 'NULL')
      ? [{ ...common, kind: 'dropDefault', column }]
      : [{ ...common, kind: 'setDefault', column, value: clauses.expression(value) }];
  }
  if (cursor.takes('DROP', 'DEFAULT')) return [{ ...common, kind: 'dropDefault', column }];
  if (cursor.is('SET') || cursor.is('ADD') || cursor.is('DROP')) return [query(clauses)];
  if (clauses.dialect !== 'transactsql') return undefined;
  // T-SQL says the type and whether it may be NULL, and keeps the rest
  const at = cursor.at;
  const type = typeAt(cursor, column);
  if (type.written === '') return undefined;
  cursor.at = at;
  const { definition } = definitionOf(cursor, column, from);
  return [
    { ...common, kind: 'setColumnType', column, type, ...(definition.words ? { words: definition.words } : {}) },
    { ...common, kind: definition.notNull ? 'setNotNull' : 'dropNotNull', column },
  ];
}
