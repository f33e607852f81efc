/** Keys, checks and references, in MySQL, MariaDB, SQLite and T-SQL. */
import type { Range } from './clauses';
import type {
  CheckConstraint,
  ConstraintDefinition,
  ForeignKeyConstraint,
  Identifier,
  IndexElement,
  KeyConstraint,
  QualifiedName,
  ReferentialAction,
} from './definition';
import type { Cursor } from './dialectCursor';
import type { OperationOf } from './operation';

export interface Written {
  readonly name?: Identifier | undefined;
  readonly inColumn: boolean;
}

function parts(cursor: Cursor, from: number, { name, inColumn }: Written) {
  const span = cursor.clauses.span(cursor.since(from));
  return {
    ...(name ? { name } : {}),
    span,
    inColumn,
    deferrable: 'no' as const,
    notValidAt: span.end,
    enforced: true,
  };
}

export function keyOf(
  cursor: Cursor,
  kind: KeyConstraint['kind'],
  from: number,
  columns: readonly Identifier[],
  written: Written,
): KeyConstraint {
  // MySQL calls each primary key so, whatever it is written with
  const name = kind === 'primaryKey' && cursor.clauses.isMysql ? undefined : written.name;
  return {
    ...parts(cursor, from, { ...written, name }),
    kind,
    columns,
    include: [],
    nullsNotDistinct: false,
    withoutOverlaps: false,
    options: [],
  };
}

export const checkOf = (cursor: Cursor, inside: Range, from: number, written: Written): CheckConstraint => ({
  ...parts(cursor, from, written),
  ...(cursor.takes('NOT', 'ENFORCED') ? { enforced: false } : {}),
  kind: 'check',
  expression: cursor.clauses.expression(inside),
  noInherit: false,
});

/** From REFERENCES on. */
export function referencesOf(
  cursor: Cursor,
  from: number,
  columns: readonly Identifier[],
  written: Written,
): ForeignKeyConstraint | undefined {
  const { clauses } = cursor;
  cursor.takes('REFERENCES');
  const references = cursor.qualified();
  if (!references) return undefined;
  const inside = cursor.parenthesised();
  let onDelete: ReferentialAction = 'no action';
  let onUpdate: ReferentialAction = 'no action';
  for (;;) {
    if (cursor.takes('ON', 'DELETE')) onDelete = actionAt(cursor);
    else if (cursor.takes('ON', 'UPDATE')) onUpdate = actionAt(cursor);
    else if (cursor.takes('MATCH')) cursor.at += 1;
    else if (cursor.is('NOT', 'DEFERRABLE') || cursor.is('DEFERRABLE') || cursor.is('INITIALLY')) {
      while (cursor.takesAny('NOT', 'DEFERRABLE', 'INITIALLY', 'DEFERRED', 'IMMEDIATE') !== undefined);
    } else if (cursor.is('NOT', 'FOR', 'REPLICATION')) cursor.at += 3;
    else break;
  }
  return {
    ...parts(cursor, from, written),
    kind: 'foreignKey',
    columns,
    references,
    referencedColumns: inside ? namesIn(cursor, inside) : [],
    onDelete: clauses.isMysql && onDelete === 'restrict' ? 'no action' : onDelete,
    onUpdate: clauses.isMysql && onUpdate === 'restrict' ? 'no action' : onUpdate,
    onDeleteColumns: [],
    match: 'simple',
  };
}

function actionAt(cursor: Cursor): ReferentialAction {
  if (cursor.takes('CASCADE')) return 'cascade';
  if (cursor.takes('RESTRICT')) return 'restrict';
  if (cursor.takes('SET', 'NULL')) return 'set null';
  if (cursor.takes('SET', 'DEFAULT')) return 'set default';
  cursor.takes('NO', 'ACTION');
  return 'no action';
}

/** The first word of each item of a list, as a column. */
export const namesIn = (cursor: Cursor, inside: Range): readonly Identifier[] =>
  cursor.clauses.items(inside).flatMap(item => cursor.clauses.cursor(item).name() ?? []);

/** The columns and expressions of an index. */
export function elementsIn(cursor: Cursor, inside: Range): readonly IndexElement[] {
  const { clauses } = cursor;
  return clauses.items(inside).flatMap((item): IndexElement[] => {
    const own = clauses.cursor(item);
    const span = clauses.span(item);
    const isCall = clauses.token(item.from)?.kind === 'word' && clauses.source(item.from + 1) === '(';
    // `name(10)` is the beginning of a text in MySQL, and a call elsewhere
    const isPrefix =
      clauses.isMysql && clauses.source(item.from + 1) === '(' && clauses.token(item.from + 2)?.kind === 'number';
    if (clauses.source(item.from) === '(' || (isCall && !isPrefix)) {
      const to = expressionEnd(own, clauses.next(isCall ? item.from + 1 : item.from));
      own.at = to;
      return [
        {
          span,
          expression: clauses.expression({ from: item.from, to }),
          opclassOptions: [],
          ...restOf(own),
        },
      ];
    }
    const column = own.name();
    const behind = expressionEnd(own, own.at);
    // SQLite takes an expression without parentheses
    if (behind > own.at) {
      own.at = behind;
      const range = { from: item.from, to: behind };
      return [{ span, expression: clauses.expression(range), opclassOptions: [], ...restOf(own) }];
    }
    if (!column) return [];
    if (isPrefix) own.parenthesised();
    const { collation, descending } = restOf(own);
    return [
      {
        span,
        column,
        opclassOptions: isPrefix ? [['length', clauses.source(item.from + 2)]] : [],
        descending,
        ...(collation === undefined ? {} : { collation }),
      },
    ];
  });
}

/** Where an index's expression ends: before its collation and order. */
function expressionEnd({ clauses, to }: Cursor, from: number): number {
  if (clauses.dialect !== 'sqlite') return from;
  let at = from;
  while (at < to && !['COLLATE', 'ASC', 'DESC', 'NULLS'].some(word => clauses.reads(at, word))) at = clauses.next(at);
  return at;
}

function restOf(cursor: Cursor): { readonly collation?: string; readonly descending: boolean } {
  let collation: string | undefined;
  let descending = false;
  while (!cursor.isDone) {
    if (cursor.takes('COLLATE')) collation = cursor.name()?.name.toLowerCase();
    else if (cursor.takes('DESC')) descending = true;
    else cursor.at += 1;
  }
  return { descending, ...(collation === undefined ? {} : { collation }) };
}

/** Words behind an index's columns, and before them. */
const METHODS: Readonly<Record<string, string>> = { FULLTEXT: 'fulltext', SPATIAL: 'spatial' };

export interface IndexParts {
  readonly kind: string | undefined;
  readonly unique: boolean;
  readonly from: number;
  readonly name?: QualifiedName | Identifier | undefined;
  readonly table: QualifiedName;
  readonly ifNotExists?: OperationOf<'createIndex'>['ifNotExists'];
  /** T-SQL's `CLUSTERED`. */
  readonly head?: string;
}

/** An index from its columns on. */
export function indexAt(cursor: Cursor, index: IndexParts): OperationOf<'createIndex'> | undefined {
  const { clauses } = cursor;
  const tail: string[] = [];
  const written = (start: number): string => clauses.textOf(clauses.span(cursor.since(start)));
  if (cursor.takes('USING')) {
    cursor.at += 1;
    tail.push(written(cursor.at - 2));
  }
  const isColumnstore = /\bCOLUMNSTORE\b/i.test(index.head ?? '');
  const inside = cursor.parenthesised();
  // a clustered one holds all columns
  if (!inside && !isColumnstore) return undefined;
  const elements = inside ? elementsIn(cursor, inside) : [];
  let include: readonly Identifier[] = [];
  let where: OperationOf<'createIndex'>['where'];
  while (!cursor.isDone) {
    if (cursor.takes('INCLUDE')) {
      const listed = cursor.parenthesised();
      if (listed) include = namesIn(cursor, listed);
    } else if (cursor.takes('WHERE')) {
      const from = cursor.at;
      while (!cursor.isDone && !cursor.is('WITH') && !cursor.is('ON')) cursor.skip();
      where = clauses.expression({ from, to: cursor.at });
    } else {
      const start = cursor.at;
      cursor.skip();
      tail.push(written(start));
    }
  }
  const { kind, unique, from, name, table, ifNotExists, head } = index;
  return {
    statement: clauses.whole,
    span: clauses.span(cursor.since(from)),
    kind: 'createIndex',
    ...(ifNotExists ? { ifNotExists } : {}),
    ifNotExistsAt: clauses.whole.start,
    ...(name ? { name: { name: name.name, span: name.span } } : {}),
    table,
    only: false,
    unique,
    concurrentlyAt: clauses.whole.start,
    method: isColumnstore ? 'columnstore' : (METHODS[kind ?? ''] ?? 'btree'),
    elements,
    include,
    nullsNotDistinct: false,
    ...(where ? { where } : {}),
    options: [],
    words: { head: head ?? '', tail: tail.join(' ').replace(HOW, '').trim() },
  };
}

/** How an index is built, which is nothing of the index. */
const HOW = /\b(?:ALGORITHM|LOCK)\s*=?\s*\w+/gi;

/** What a table's body or ALTER TABLE … ADD may hold beside columns. */
export type TableItem =
  | { readonly constraint: ConstraintDefinition }
  | { readonly index: OperationOf<'createIndex'> }
  | { readonly default: { readonly column: Identifier; readonly value: Range; readonly name?: Identifier } }
  | { readonly nothing: true };

/** A key, check or index that stands here; undefined where a column does. */
export function itemAt(
  cursor: Cursor,
  table: QualifiedName,
  ifNotExists: OperationOf<'createIndex'>['ifNotExists'],
): TableItem | undefined {
  const { clauses } = cursor;
  const from = behindName(clauses.cursor({ from: cursor.at, to: cursor.to }));
  const item = read(cursor, table, ifNotExists);
  if (!item || !('constraint' in item)) return item;
  const words = clauses.textOf(clauses.span({ from, to: Math.max(cursor.to, from + 1) }));
  return { constraint: { ...item.constraint, words } };
}

/** Where a constraint begins behind its name. */
function behindName(cursor: Cursor): number {
  if (cursor.takes('CONSTRAINT') && !cursor.isAny('PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK')) {
    cursor.takes('IF', 'NOT', 'EXISTS');
    cursor.name();
  }
  return cursor.at;
}

function read(
  cursor: Cursor,
  table: QualifiedName,
  ifNotExists: OperationOf<'createIndex'>['ifNotExists'],
): TableItem | undefined {
  const { clauses } = cursor;
  const from = cursor.at;
  const { isMysql, dialect } = clauses;
  let name: Identifier | undefined;
  const isNamed = cursor.takes('CONSTRAINT') !== undefined;
  if (isNamed && !cursor.isAny('PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK')) {
    // MariaDB takes IF NOT EXISTS here
    cursor.takes('IF', 'NOT', 'EXISTS');
    name = cursor.name();
  }
  const written = { name, inColumn: false };
  if (cursor.takes('PRIMARY', 'KEY')) {
    while (!cursor.isDone && clauses.source(cursor.at) !== '(') cursor.at += 1;
    const columns = keyColumns(cursor);
    while (!cursor.isDone) cursor.skip();
    return { constraint: keyOf(cursor, 'primaryKey', from, columns, written) };
  }
  if (cursor.takes('FOREIGN', 'KEY')) {
    cursor.takes('IF', 'NOT', 'EXISTS');
    // MySQL takes the index's name here
    const index = clauses.source(cursor.at) === '(' ? undefined : cursor.name();
    const inside = cursor.parenthesised();
    if (!inside) return { nothing: true };
    const key = referencesOf(
      cursor,
      from,
      namesIn(cursor, inside),
      name || !index ? written : { ...written, name: undefined },
    );
    if (!key) return { nothing: true };
    return { constraint: index ? { ...key, indexName: index.name } : key };
  }
  if (cursor.is('UNIQUE') && (isNamed || isKeyWord(cursor, 'UNIQUE'))) {
    cursor.at += 1;
    cursor.takesAny('KEY', 'INDEX');
    cursor.takesAny('CLUSTERED', 'NONCLUSTERED');
    cursor.takes('IF', 'NOT', 'EXISTS');
    if (clauses.source(cursor.at) !== '(' && !cursor.is('USING')) name = cursor.name() ?? name;
    if (isMysql) {
      const index = indexAt(cursor, { kind: undefined, unique: true, from, name, table, ifNotExists });
      return index ? { index } : { nothing: true };
    }
    const columns = keyColumns(cursor);
    while (!cursor.isDone) cursor.skip();
    return { constraint: keyOf(cursor, 'unique', from, columns, { ...written, name }) };
  }
  if (cursor.is('CHECK') && (isNamed || clauses.source(cursor.at + 1) === '(' || cursor.is('CHECK', 'NOT', 'FOR'))) {
    cursor.at += 1;
    cursor.takes('NOT', 'FOR', 'REPLICATION');
    const inside = cursor.parenthesised();
    return inside ? { constraint: checkOf(cursor, inside, from, written) } : { nothing: true };
  }
  if (dialect === 'transactsql' && cursor.takes('DEFAULT')) return defaultAt(cursor, name);
  if (isNamed) return { nothing: true };
  const isIndex = isMysql
    ? cursor.isAny('KEY', 'INDEX', 'FULLTEXT', 'SPATIAL')
    : dialect === 'transactsql' && cursor.is('INDEX');
  if (isIndex) {
    const kind = cursor.takesAny('FULLTEXT', 'SPATIAL');
    cursor.takesAny('KEY', 'INDEX');
    cursor.takes('IF', 'NOT', 'EXISTS');
    const own = clauses.source(cursor.at) === '(' || cursor.is('USING') ? undefined : cursor.name();
    const unique = cursor.takes('UNIQUE') !== undefined;
    const clustering = cursor.takesAny('CLUSTERED', 'NONCLUSTERED');
    const columnstore = cursor.takesAny('COLUMNSTORE');
    const head = [clustering, columnstore].filter(word => word !== undefined).join(' ');
    const index = indexAt(cursor, { kind, unique, from, name: own, table, ifNotExists, head });
    return index ? { index } : { nothing: true };
  }
  if (cursor.is('PERIOD', 'FOR')) return { nothing: true };
  return undefined;
}

/** In SQLite a column may be called so. */
const isKeyWord = (cursor: Cursor, word: string): boolean =>
  cursor.clauses.dialect !== 'sqlite' || (cursor.is(word) && cursor.clauses.source(cursor.at + 1) === '(');

const keyColumns = (cursor: Cursor): readonly Identifier[] => {
  if (cursor.takes('USING')) cursor.at += 1;
  const inside = cursor.parenthesised();
  return inside ? namesIn(cursor, inside) : [];
};

/** T-SQL's `DEFAULT (0) FOR c`. */
function defaultAt(cursor: Cursor, name: Identifier | undefined): TableItem {
  const start = cursor.at;
  while (!cursor.isDone && !cursor.is('FOR')) cursor.skip();
  const value = { from: start, to: cursor.at };
  cursor.takes('FOR');
  const column = cursor.name();
  return column ? { default: { column, value, ...(name ? { name } : {}) } } : { nothing: true };
}
