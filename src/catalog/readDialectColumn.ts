/** A column's definition, in MySQL, MariaDB, SQLite and T-SQL. */
import type { Range } from './clauses';
import type { ColumnDefinition, ConstraintDefinition, Identifier, TypeUse } from './definition';
import type { Cursor, DialectClauses } from './dialectCursor';
import { checkOf, keyOf, referencesOf } from './readDialectConstraint';

/** Where a column's type ends. */
const AFTER_TYPE = new Set(
  'NOT NULL DEFAULT AUTO_INCREMENT AUTOINCREMENT IDENTITY PRIMARY UNIQUE KEY COMMENT COLLATE CHARACTER CHARSET REFERENCES CHECK CONSTRAINT GENERATED AS ON VISIBLE INVISIBLE COLUMN_FORMAT STORAGE SRID FIRST AFTER ROWGUIDCOL SPARSE ENCRYPTED MASKED WITH USING BINARY ASCII UNICODE VIRTUAL STORED PERSISTENT INDEX HIDDEN DEFERRABLE INITIALLY'.split(
    ' ',
  ),
);

export interface ReadColumn {
  readonly definition: ColumnDefinition;
  readonly comment?: string;
}

/** Reads a column from its name on; nothing where none stands. */
export function columnOf(cursor: Cursor): ReadColumn | undefined {
  const from = cursor.at;
  const name = cursor.name();
  return name && definitionOf(cursor, name, from);
}

/** The rest of a definition, behind the name. */
export function definitionOf(cursor: Cursor, name: Identifier, from: number): ReadColumn {
  const { clauses } = cursor;
  const type = typeAt(cursor, name);
  const column: { -readonly [Key in keyof ColumnDefinition]?: ColumnDefinition[Key] } = {};
  const constraints: ConstraintDefinition[] = [];
  const words = { type: type.written, rest: [] as string[], identity: '' };
  const written = (start: number): string => clauses.textOf(clauses.span(cursor.since(start)));
  let comment: string | undefined;
  let named: Identifier | undefined;
  let end = cursor.at;
  while (!cursor.isDone) {
    const start = cursor.at;
    if (cursor.takes('CONSTRAINT')) {
      // SQLite takes one without a name
      named = cursor.isAny('NOT', 'NULL', 'UNIQUE', 'PRIMARY', 'CHECK', 'REFERENCES') ? undefined : cursor.name();
      continue;
    }
    const own = named;
    named = undefined;
    if (cursor.takes('NOT', 'NULL')) {
      column.notNull = { span: clauses.span(cursor.since(start)) };
      if (conflict(cursor)) words.rest.push(written(start).replace(/^\s*not\s+null/i, 'NOT NULL'));
    } else if (cursor.takes('NULL')) {
      conflict(cursor);
      words.rest.push('NULL');
    } else if (cursor.takes('DEFAULT')) {
      const value = valueAt(cursor);
      // a default of NULL is one that T-SQL names and keeps
      if (!isNull(clauses, value) || clauses.dialect === 'transactsql')
        column.default = {
          span: clauses.span(cursor.since(start)),
          value: clauses.expression(value),
          ...(own ? { name: own.name } : {}),
        };
    } else if (cursor.takes('AUTO_INCREMENT') || cursor.takes('AUTOINCREMENT')) column.autoIncrement = true;
    else if (cursor.takes('IDENTITY')) {
      if (cursor.is('(')) cursor.parenthesised();
      cursor.takes('NOT', 'FOR', 'REPLICATION');
      words.identity = written(start);
      column.autoIncrement = true;
      column.notNull ??= { span: clauses.span(cursor.since(start)) };
    } else if (cursor.takes('PRIMARY', 'KEY') || (clauses.isMysql && cursor.takes('KEY'))) {
      sorting(cursor);
      const key = keyOf(cursor, 'primaryKey', start, [name], { name: own, inColumn: true });
      conflict(cursor);
      placing(cursor);
      constraints.push({ ...key, words: written(start) });
    } else if (cursor.takes('UNIQUE')) {
      cursor.takes('KEY');
      sorting(cursor);
      const key = keyOf(cursor, 'unique', start, [name], { name: own, inColumn: true });
      conflict(cursor);
      placing(cursor);
      constraints.push({ ...key, words: written(start) });
    } else if (cursor.takes('COMMENT')) {
      comment = clauses.nameAt(cursor.at);
      cursor.at += 1;
    } else if (cursor.takes('CHECK')) {
      cursor.takes('NOT', 'FOR', 'REPLICATION');
      const inside = cursor.parenthesised();
      if (inside)
        constraints.push({
          ...checkOf(cursor, inside, start, { name: own, inColumn: true }),
          words: written(start),
        });
    } else if (cursor.is('REFERENCES')) {
      const key = referencesOf(cursor, start, [name], { name: own, inColumn: true });
      // MySQL reads it and does nothing
      if (key && clauses.dialect !== 'mysql') constraints.push({ ...key, words: written(start) });
    } else if (clauses.dialect === 'transactsql' && cursor.is('GENERATED')) {
      // a period's, which is more than an expression
      while (!cursor.isDone && !cursor.isAny(...BEHIND_PERIOD)) cursor.skip();
      words.rest.push(written(start));
    } else if (clauses.dialect === 'transactsql' && cursor.takes('AS')) {
      const value = { from: cursor.at, to: cursor.at };
      while (!cursor.isDone && !cursor.isAny(...BEHIND_COMPUTED)) cursor.skip();
      value.to = Math.max(cursor.at, value.from + 1);
      const stored = cursor.takes('PERSISTED') !== undefined;
      column.generated = { span: clauses.span(cursor.since(start)), value: clauses.expression(value), stored };
    } else if (cursor.is('GENERATED') || cursor.is('AS')) {
      cursor.takes('GENERATED');
      cursor.takes('ALWAYS');
      cursor.takes('AS');
      const inside = cursor.parenthesised();
      const stored = cursor.takesAny('STORED', 'PERSISTENT', 'PERSISTED', 'VIRTUAL');
      if (inside)
        column.generated = {
          span: clauses.span(cursor.since(start)),
          value: clauses.expression(inside),
          stored: stored !== undefined && stored !== 'VIRTUAL',
        };
    } else if (clauses.dialect === 'transactsql' && cursor.takes('WITH', 'VALUES')) {
      // what rows that are there get is data
    } else if (cursor.takes('ON', 'UPDATE')) {
      const value = valueAt(cursor);
      column.onUpdate = clauses
        .textOf(clauses.span(value))
        .toLowerCase()
        .replace(/^now\(\)$/, 'current_timestamp');
    } else if (cursor.isAny('COLLATE', 'CHARSET')) {
      cursor.at += 2;
      words.type += ` ${written(start)}`;
    } else if (cursor.takes('CHARACTER', 'SET')) {
      cursor.at += cursor.is('=') ? 2 : 1;
      words.type += ` ${written(start)}`;
    } else if (cursor.isAny('BINARY', 'ASCII', 'UNICODE')) {
      cursor.at += 1;
      words.type += ` ${written(start)}`;
    } else if (cursor.takes('AFTER')) {
      const after = cursor.name();
      if (after) column.place = { after };
    } else if (cursor.takes('FIRST')) column.place = 'first';
    else if (cursor.isAny('COLUMN_FORMAT', 'STORAGE', 'SRID')) {
      cursor.at += 2;
      words.rest.push(written(start));
    } else {
      cursor.skip();
      words.rest.push(written(start));
    }
    end = cursor.at;
  }
  const whole: Range = { from, to: Math.max(end, from + 1) };
  return {
    definition: {
      name,
      span: clauses.span(whole),
      type,
      ...column,
      constraints,
      words: {
        type: words.type,
        rest: words.rest,
        ...(words.identity === '' ? {} : { identity: words.identity }),
        ...(column.notNull ? { isNotNull: true } : {}),
      },
    },
    ...(comment === undefined ? {} : { comment }),
  };
}

/** SQLite's `ON CONFLICT IGNORE`. */
function conflict(cursor: Cursor): boolean {
  if (cursor.takes('ON', 'CONFLICT') === undefined) return false;
  cursor.at += 1;
  return true;
}

const BEHIND_COMPUTED = ['PERSISTED', 'CONSTRAINT', 'PRIMARY', 'UNIQUE', 'CHECK', 'REFERENCES', 'FOREIGN'];

const BEHIND_PERIOD = ['NULL', 'NOT', 'CONSTRAINT', 'DEFAULT'];

/** How and where T-SQL keeps a column's key. */
function placing(cursor: Cursor): void {
  if (cursor.clauses.dialect !== 'transactsql') return;
  if (cursor.is('WITH', '(')) {
    cursor.at += 1;
    cursor.parenthesised();
  }
  if (cursor.takes('ON')) {
    cursor.name();
    cursor.parenthesised();
  }
}

function sorting(cursor: Cursor): void {
  while (cursor.takesAny('ASC', 'DESC', 'CLUSTERED', 'NONCLUSTERED') !== undefined);
}

const isNull = (clauses: DialectClauses, { from, to }: Range): boolean =>
  to - from === 1 && clauses.reads(from, 'NULL');

/** A default: a constant, a call, or what stands in parentheses. */
export function valueAt(cursor: Cursor): Range {
  const from = cursor.at;
  const { clauses } = cursor;
  if (cursor.is('NEXT', 'VALUE', 'FOR')) {
    cursor.at += 3;
    cursor.qualified();
    return cursor.since(from);
  }
  while (cursor.isAny('-', '+')) cursor.at += 1;
  if (clauses.source(cursor.at) === '(') cursor.parenthesised();
  else {
    const token = clauses.token(cursor.at);
    cursor.at += 1;
    // `_utf8mb4'x'`
    if (
      token?.kind === 'word' &&
      clauses.source(cursor.at - 1).startsWith('_') &&
      clauses.token(cursor.at)?.kind === 'text'
    )
      cursor.at += 1;
    while (cursor.is('.')) cursor.at += 2;
    if (clauses.source(cursor.at) === '(' && token?.kind !== 'number') cursor.parenthesised();
  }
  return cursor.since(from);
}

const NONE: TypeUse['modifiers'] = [];

/** The type that stands here; SQLite's columns may have none. */
export function typeAt(cursor: Cursor, name: Identifier): TypeUse {
  const { clauses } = cursor;
  const from = cursor.at;
  const words: string[] = [];
  let modifiers: readonly string[] = NONE;
  while (!cursor.isDone) {
    const token = clauses.token(cursor.at);
    const source = clauses.source(cursor.at);
    if (source === '(') {
      const inside = cursor.parenthesised();
      if (inside) modifiers = clauses.items(inside).map(item => clauses.textOf(clauses.span(item)));
      continue;
    }
    if (source === '.') {
      cursor.at += 1;
      continue;
    }
    if (token?.kind !== 'word' && token?.kind !== 'name' && !(token?.kind === 'text' && clauses.dialect === 'sqlite'))
      break;
    if (token.kind === 'word' && AFTER_TYPE.has(source.toUpperCase()) && !isCharacterType(cursor, words)) break;
    words.push((clauses.nameAt(cursor.at) ?? '').toLowerCase());
    cursor.at += 1;
  }
  const range = cursor.since(from);
  const span = words.length === 0 ? name.span : clauses.span(range);
  const written = words.length === 0 ? '' : clauses.textOf(span);
  return { span, written, dimensions: 0, ...normal(words, modifiers, clauses) };
}

/** `CHARACTER VARYING(20)` and `CHARACTER(20)` are types, `CHARACTER SET` is not. */
const isCharacterType = (cursor: Cursor, words: readonly string[]): boolean =>
  words.length === 0 && (cursor.is('BINARY') || (cursor.is('CHARACTER') && !cursor.is('CHARACTER', 'SET')));

const SAME: Readonly<Record<string, string>> = {
  integer: 'int',
  int4: 'int',
  int8: 'bigint',
  int2: 'smallint',
  dec: 'decimal',
  numeric: 'decimal',
  fixed: 'decimal',
  'double precision': 'double',
  real: 'double',
  'character varying': 'varchar',
  'char varying': 'varchar',
  character: 'char',
  'long varchar': 'mediumtext',
  'national varchar': 'varchar',
  'national char': 'char',
  nvarchar: 'varchar',
  nchar: 'char',
};

const WHOLE = /^(?:tiny|small|medium|big)?int(?: unsigned)?(?: zerofill)?$/;

/** One name for what is one type. MySQL's widths of whole numbers say nothing, but for `tinyint(1)`. */
function normal(
  words: readonly string[],
  modifiers: readonly string[],
  clauses: DialectClauses,
): Pick<TypeUse, 'name' | 'modifiers'> {
  if (clauses.dialect === 'sqlite') return { name: words.join(' '), modifiers };
  if (clauses.dialect === 'transactsql') {
    const name = words[words.length - 1] ?? '';
    return {
      name: name === 'integer' ? 'int' : name === 'numeric' ? 'decimal' : name,
      modifiers: modifiers.map(each => each.toLowerCase()),
    };
  }
  const base = words.filter(word => word !== 'unsigned' && word !== 'zerofill' && word !== 'signed').join(' ');
  if (base === 'bool' || base === 'boolean') return { name: 'tinyint', modifiers: ['1'] };
  const unsigned = words.includes('unsigned') || words.includes('zerofill') ? ' unsigned' : '';
  const name = `${SAME[base] ?? base}${unsigned}`;
  if (WHOLE.test(name) && !(name === 'tinyint' && modifiers[0] === '1')) return { name, modifiers: NONE };
  if (name === 'json') return { name, modifiers };
  return { name, modifiers };
}
