/**
 * Statements of MySQL, MariaDB, SQLite and T-SQL as operations, read by their tokens: what each clause says of the schema, and
 * where it stands. Total: what is not understood is `unread`, costs its own statement alone, and is said to change the schema
 * where it may.
 */

import { asPostgres } from '../sql/asPostgres';
import type { PostgresTrees } from '../sql/postgresTree';
import { type StatementText, splitStatements } from '../sql/statements';
import type { Expression, ObjectKind } from './definition';
import { type Cursor, DialectClauses, type OtherDialect } from './dialectCursor';
import type { Operation, OperationOf } from './operation';
import { indexAt, namesIn } from './readDialectConstraint';
import {
  dropIndex,
  ifExistsAt,
  ifNotExistsAt,
  query,
  readAlterTable,
  readCreateTable,
  unread,
} from './readDialectTable';
import { guardedIn, underGuard } from './readGuard';
import { operationsOf, type StatementOperations } from './readPostgres';
import { transactStatement } from './readTransact';

/** Reads a text statement by statement. Offsets are those of the text. */
export function readDialect(trees: PostgresTrees, text: string, dialect: OtherDialect): readonly StatementOperations[] {
  return splitStatements(text, dialect).flatMap(statement => {
    const clauses = new DialectClauses(statement, text, dialect);
    const guarded = guardedIn(clauses);
    if (guarded) {
      const { start, end } = guarded.body;
      return readDialect(trees, text.slice(start, end), dialect).map(one => {
        const inPlace = moved(one, start);
        return { ...inPlace, operations: inPlace.operations.map(each => underGuard(each, guarded)) };
      });
    }
    return [{ statement, operations: operationsIn(clauses, { trees, text, statement }) }];
  });
}

interface Reading {
  readonly trees: PostgresTrees;
  readonly text: string;
  readonly statement: StatementText;
}

const whole = (clauses: DialectClauses) => ({ statement: clauses.whole, span: clauses.whole });

function operationsIn(clauses: DialectClauses, reading: Reading): readonly Operation[] {
  const cursor = clauses.cursor();
  const verb = clauses.source(0).toUpperCase();
  if (clauses.dialect === 'transactsql') {
    const read = (text: string) => readDialect(reading.trees, text, 'transactsql').flatMap(one => one.operations);
    const own = transactStatement(clauses, read);
    if (own) return own;
  }
  switch (verb) {
    case 'CREATE':
      return creating(cursor, reading) ?? [unread(clauses, 'this CREATE is not understood')];
    case 'ALTER':
      cursor.at += 1;
      cursor.takesAny('ONLINE', 'OFFLINE', 'IGNORE');
      if (cursor.takes('TABLE'))
        return readAlterTable(cursor) ?? [unread(clauses, 'this ALTER TABLE is not understood')];
      if (clauses.dialect === 'transactsql')
        return (
          (cursor.takes('VIEW') &&
            creatingView(cursor, reading, { orReplace: true, alters: true, temporary: false, head: '' })) ||
          (program(cursor, 'alters') ?? altered(clauses))
        );
      return altered(clauses);
    case 'DROP':
      cursor.at += 1;
      return dropping(cursor) ?? [unread(clauses, 'this DROP is not understood')];
    case 'RENAME':
      cursor.at += 1;
      return (cursor.takesAny('TABLE', 'TABLES') && renaming(cursor)) || [query(clauses)];
    case 'INSERT':
    case 'UPDATE':
    case 'DELETE':
    case 'REPLACE':
    case 'WITH':
    case 'MERGE':
      return rows(clauses, reading);
    case 'SELECT':
      return clauses.dialect === 'transactsql' && clauses.find(clauses.all, 'INTO') !== undefined
        ? [unread(clauses, 'SELECT … INTO makes a table')]
        : [query(clauses)];
    case 'TRUNCATE': {
      cursor.at += 1;
      cursor.takes('TABLE');
      const table = cursor.qualified();
      return table
        ? [{ ...whole(clauses), kind: 'truncate', tables: [table], restartIdentity: true }]
        : [query(clauses)];
    }
    case 'CALL':
    case 'EXECUTE':
    case 'EXEC':
      return calling(clauses, verb);
    default:
      return session(clauses, verb);
  }
}

/** INSERT and the like, read by PostgreSQL's parser where they are PostgreSQL's as well. */
function rows(clauses: DialectClauses, { trees, statement }: Reading): readonly Operation[] {
  if (statement.text.length > LONGEST) return [query(clauses)];
  const text = asPostgres(statement.text, clauses.dialect);
  const [read] = text === undefined ? [] : trees.read(text);
  if (!read?.tree || text === undefined) return [query(clauses)];
  return operationsOf(trees, read, text).map(operation =>
    operation.kind === 'unread' ? query(clauses) : respelled(moved(operation, statement.start), clauses),
  );
}

/** The rows of a dump are data. */
const LONGEST = 20_000;

/** An operation of a text that stands further on in another. */
function moved<Value>(value: Value, by: number): Value {
  if (by === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(item => moved(item, by)) as Value;
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value))
    copy[key] = key === 'tree' ? child : typeof child === 'number' && MOVES.test(key) ? child + by : moved(child, by);
  return copy as Value;
}

/** The same with each name as it is written, whose case PostgreSQL's parser has folded. */
function respelled<Value>(value: Value, clauses: DialectClauses): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(item => respelled(item, clauses)) as Value;
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value)) copy[key] = key === 'tree' ? child : respelled(child, clauses);
  const { name, span } = copy;
  const end = typeof span === 'object' && span && 'end' in span ? span.end : undefined;
  const at = typeof name === 'string' && typeof end === 'number' ? clauses.indexAt(end - 1) : undefined;
  const written = at === undefined ? undefined : clauses.nameAt(at);
  if (typeof name === 'string' && written?.toLowerCase() === name.toLowerCase()) copy.name = written;
  return copy as Value;
}

const MOVES = /^(?:start|end|\w+At)$/;

function session(clauses: DialectClauses, verb: string): readonly Operation[] {
  const isTransactional = !clauses.isMysql;
  const transaction = (act: 'begin' | 'commit' | 'rollback'): readonly Operation[] => [
    { ...whole(clauses), kind: 'transaction', action: act },
  ];
  switch (verb) {
    case 'BEGIN':
      if (clauses.all.to === 1 || clauses.reads(1, 'TRANSACTION') || clauses.reads(1, 'TRAN'))
        return transaction('begin');
      return /^(?:immediate|deferred|exclusive|work)$/i.test(clauses.source(1))
        ? transaction('begin')
        : blockOf(clauses);
    case 'START':
      return transaction('begin');
    case 'END':
      return clauses.dialect === 'transactsql' ? [query(clauses)] : transaction('commit');
    case 'COMMIT':
      return transaction('commit');
    case 'ROLLBACK':
      // what MySQL has done to the schema stays
      return isTransactional && !clauses.reads(1, 'TO') ? transaction('rollback') : [query(clauses)];
    case 'IF':
    case 'WHILE':
    case 'DECLARE':
      return blockOf(clauses);
    case 'PREPARE':
      return [unread(clauses, 'a statement is put together at run time')];
    default:
      return [query(clauses)];
  }
}

/** What a block of a program may do is told by its words. */
const CHANGES =
  /\b(?:create|alter|drop|rename)\s+(?:\w+\s+){0,3}(?:table|index|view|column)\b|\bsp_rename\b|\bsp_executesql\b|\bprepare\s|\bexec(?:ute)?\s*\(/i;

const blockOf = (clauses: DialectClauses): readonly Operation[] => [
  {
    ...whole(clauses),
    kind: 'unread',
    why: 'block',
    says: 'a block of a program',
    mayChangeSchema: CHANGES.test(clauses.textOf(clauses.whole)),
  },
];

const calling = (clauses: DialectClauses, verb: string): readonly Operation[] => [
  {
    ...whole(clauses),
    kind: 'unread',
    why: verb === 'CALL' ? 'call' : 'dynamic',
    says: 'what is called is not followed',
    mayChangeSchema: true,
  },
];

function creating(cursor: Cursor, reading: Reading): readonly Operation[] | undefined {
  const { clauses } = cursor;
  cursor.at += 1;
  const orReplace = cursor.takes('OR', 'REPLACE') !== undefined || cursor.takes('OR', 'ALTER') !== undefined;
  const headAt = cursor.at;
  const temporary = cursor.takesAny('TEMPORARY', 'TEMP') !== undefined;
  const virtual = cursor.takes('VIRTUAL') !== undefined;
  if (cursor.takes('TABLE')) {
    const made = readCreateTable(cursor, temporary, virtual);
    const [first] = made ?? [];
    // MariaDB's OR REPLACE
    return orReplace && made && first?.kind === 'createTable'
      ? [
          {
            ...whole(clauses),
            kind: 'drop',
            ifExists: clauses.whole,
            ifExistsAt: 0,
            concurrentlyAt: 0,
            objects: [{ kind: 'table', name: first.name }],
          },
          ...made,
        ]
      : made;
  }
  const kind = cursor.takesAny('FULLTEXT', 'SPATIAL', 'XML', 'COLUMNSTORE');
  const unique = cursor.takes('UNIQUE') !== undefined;
  const built: string[] = kind === 'XML' || kind === 'COLUMNSTORE' ? [kind] : [];
  for (;;) {
    const word = cursor.takesAny('CLUSTERED', 'NONCLUSTERED', 'ONLINE', 'OFFLINE', 'COLUMNSTORE');
    if (word === undefined) break;
    if (word !== 'ONLINE' && word !== 'OFFLINE') built.push(word);
  }
  if (cursor.takes('INDEX')) return creatingIndex(cursor, kind, unique, built.join(' '));
  while (!cursor.isDone && !cursor.is('VIEW') && !cursor.isAny(...ROUTINES) && !cursor.is('AS')) cursor.skip();
  const head = cursor.at > headAt ? clauses.textOf(clauses.span({ from: headAt, to: cursor.at })) : '';
  if (cursor.takes('VIEW')) return creatingView(cursor, reading, { orReplace, temporary, head });
  return program(cursor, orReplace ? 'replaces' : 'creates') ?? [query(clauses)];
}

/** ALTER of something else than a table. */
const altered = (clauses: DialectClauses): readonly Operation[] =>
  clauses.cursor({ from: 1, to: clauses.all.to }).isAny('VIEW', 'ALGORITHM', 'DEFINER', 'SQL')
    ? [unread(clauses, 'a view is altered')]
    : [query(clauses)];

/** A trigger, function or procedure is kept by its text. */
function program(cursor: Cursor, does: 'creates' | 'replaces' | 'alters'): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const word = cursor.takesAny('TRIGGER', 'PROCEDURE', 'PROC', 'FUNCTION');
  if (word === undefined) return undefined;
  const { ifNotExists, ifNotExistsAt: at } = ifNotExistsAt(cursor);
  const name = cursor.qualified();
  if (!name) return undefined;
  const what = word === 'TRIGGER' ? 'trigger' : word === 'FUNCTION' ? 'function' : 'procedure';
  const onAt = what === 'trigger' ? clauses.find({ from: cursor.at, to: cursor.to }, 'ON') : undefined;
  const on = onAt === undefined ? undefined : clauses.cursor({ from: onAt + 1, to: cursor.to }).qualified();
  return [
    {
      ...whole(clauses),
      kind: 'createOther',
      object: { kind: what, name, ...(on ? { on } : {}) },
      what,
      text: clauses.textOf(clauses.whole),
      uses: [],
      orReplace: does !== 'creates',
      ...(does === 'alters' ? { alters: true as const } : {}),
      ...(ifNotExists ? { ifNotExists } : {}),
      ifNotExistsAt: at,
    },
  ];
}

const ROUTINES = ['TRIGGER', 'PROCEDURE', 'PROC', 'FUNCTION', 'EVENT'];

function creatingIndex(
  cursor: Cursor,
  kind: string | undefined,
  unique: boolean,
  head: string,
): readonly Operation[] | undefined {
  const { ifNotExists } = ifNotExistsAt(cursor);
  const name = cursor.qualified();
  const { clauses } = cursor;
  const using = cursor.takes('USING') ? clauses.source(cursor.at) : undefined;
  if (using !== undefined) cursor.at += 1;
  if (!name || cursor.takes('ON') === undefined) return undefined;
  const table = cursor.qualified();
  const index = table && indexAt(cursor, { kind, unique, from: 0, name, table, ifNotExists, head });
  if (index && table && clauses.dialect === 'transactsql' && DROPS_EXISTING.test(index.words?.tail ?? ''))
    return [dropIndex(clauses, name, table, { ifExistsAt: index.ifNotExistsAt }), madeAnew(index)];
  if (!index?.words || using === undefined) return index && [index];
  return [{ ...index, words: { head, tail: `USING ${using} ${index.words.tail}`.trim() } }];
}

/** T-SQL's index in the place of the one of its name. */
const DROPS_EXISTING = /\bDROP_EXISTING\b(?!\s*=\s*OFF)/i;

function madeAnew({ words, ...index }: OperationOf<'createIndex'>): Operation {
  const tail = (words?.tail ?? '')
    .replace(/\bDROP_EXISTING\s*(?:=\s*ON)?\s*,?\s*/i, '')
    .replace(/,\s*\)/, ')')
    .replace(/\bWITH\s*(?:\(\s*\)|$)/i, '')
    .trim();
  return { ...index, words: { head: words?.head ?? '', tail } };
}

interface ViewHead {
  readonly orReplace: boolean;
  readonly alters?: boolean;
  readonly temporary: boolean;
  readonly head: string;
}

function creatingView(
  cursor: Cursor,
  { trees, text }: Reading,
  { orReplace, alters = false, temporary, head }: ViewHead,
): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const { ifNotExists } = ifNotExistsAt(cursor);
  const name = cursor.qualified();
  if (!name || cursor.isDone) return undefined;
  const tail = clauses.textOf(clauses.span({ from: cursor.at, to: cursor.to }));
  const inside = cursor.parenthesised();
  const columns = inside ? namesIn(cursor, inside) : [];
  while (!cursor.isDone && cursor.takes('AS') === undefined) cursor.skip();
  if (cursor.isDone) return undefined;
  const span = clauses.span({ from: cursor.at, to: clauses.all.to });
  const source = text.slice(span.start, span.end);
  const written = asPostgres(source, clauses.dialect);
  const [read, more] = written === undefined ? [] : trees.read(written);
  const tree =
    read?.tree && !more
      ? (read.tree as unknown as Expression['tree'])
      : clauses.expression({ from: cursor.at, to: clauses.all.to }).tree;
  return [
    {
      ...whole(clauses),
      kind: 'createView',
      orReplace: orReplace || ifNotExists !== undefined,
      ...(alters ? { alters: true as const } : {}),
      name,
      temporary,
      columns,
      query: { span, text: source, tree },
      options: [],
      words: { head, tail },
    },
  ];
}

const DROPPED: readonly (readonly [string, ObjectKind])[] = [
  ['TABLE', 'table'],
  ['TABLES', 'table'],
  ['VIEW', 'view'],
];

const PROGRAMS: Readonly<Record<string, 'trigger' | 'function' | 'procedure'>> = {
  TRIGGER: 'trigger',
  FUNCTION: 'function',
  PROCEDURE: 'procedure',
  PROC: 'procedure',
};

/** From the kind's word on. */
function dropOf(cursor: Cursor, kind: ObjectKind): Operation {
  const { clauses } = cursor;
  const given = ifExistsAt(cursor);
  const objects = clauses.items({ from: cursor.at, to: cursor.to }).flatMap(range => {
    const name = clauses.cursor(range).qualified();
    return name ? [{ kind, name }] : [];
  });
  return { ...whole(clauses), kind: 'drop', ...given, objects, concurrentlyAt: clauses.whole.start };
}

function dropping(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  cursor.takesAny('TEMPORARY', 'TEMP');
  for (const [word, kind] of DROPPED) {
    if (cursor.takes(word) === undefined) continue;
    return [dropOf(cursor, kind)];
  }
  const program = PROGRAMS[clauses.source(cursor.at).toUpperCase()];
  if (program) {
    cursor.at += 1;
    return [dropOf(cursor, program)];
  }
  if (cursor.takes('INDEX') === undefined) return [query(clauses)];
  const given = ifExistsAt(cursor);
  const name = cursor.qualified();
  if (!name) return undefined;
  const on = cursor.takes('ON') ? cursor.qualified() : undefined;
  // T-SQL's older form, `DROP INDEX orders.by_total`
  const isDotted = clauses.dialect === 'transactsql' && !on && name.schema !== undefined;
  const { schema, ...own } = name;
  return isDotted && schema !== undefined
    ? [dropIndex(clauses, own, { name: schema, span: name.span }, given)]
    : [dropIndex(clauses, clauses.dialect === 'sqlite' ? own : name, on, given)];
}

function renaming(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const found: Operation[] = [];
  for (const range of clauses.items({ from: cursor.at, to: cursor.to })) {
    const own = clauses.cursor(range);
    const from = own.qualified();
    const to = own.takes('TO') ? own.qualified() : undefined;
    if (!from || !to) return undefined;
    found.push({
      statement: clauses.whole,
      span: clauses.span(range),
      kind: 'rename',
      object: { kind: 'table', name: from },
      ifExists: false,
      to,
    });
  }
  return found;
}
