/** What T-SQL alone says: sp_rename, EXEC of a text, names looked up in the server's lists, and what is kept by its text. */
import { lookupAt } from '../sql/constraintLookup';
import type { SqlSpan } from '../sql/query';
import { nameOf, type Token } from '../sql/tokens';
import type { Identifier, QualifiedName } from './definition';
import type { Cursor, DialectClauses } from './dialectCursor';
import type { Operation, OperationOf } from './operation';
import { ifExistsAt, query, unread } from './readDialectTable';

const whole = (clauses: DialectClauses) => ({ statement: clauses.whole, span: clauses.whole });

/** Reads a text that is sent as a statement of its own. */
export type ReadsText = (text: string) => readonly Operation[];

/** Nothing where the statement is read as on any other server. */
export function transactStatement(clauses: DialectClauses, reads: ReadsText): readonly Operation[] | undefined {
  const cursor = clauses.cursor();
  switch (clauses.source(0).toUpperCase()) {
    case 'DECLARE':
      return lookedUp(clauses);
    case 'EXEC':
    case 'EXECUTE':
      cursor.at += 1;
      return sentText(cursor, reads) ?? procedure(cursor);
    case 'BEGIN':
      // what runs where something has failed does not run
      return clauses.reads(1, 'TRY') || clauses.reads(1, 'CATCH') ? [query(clauses)] : undefined;
    case 'CREATE':
      cursor.at += 1;
      return schema(cursor) ?? keptByText(cursor);
    case 'ALTER':
      cursor.at += 1;
      return cursor.takes('SCHEMA')
        ? (transfer(cursor) ?? [unread(clauses, 'this ALTER SCHEMA is not understood')])
        : undefined;
    case 'DROP':
      cursor.at += 1;
      return dropped(cursor);
    default:
      return undefined;
  }
}

/** A constraint that is dropped by the name that it is found by. */
function lookedUp(clauses: DialectClauses): readonly Operation[] | undefined {
  const text = clauses.textOf(clauses.whole);
  const found = lookupAt(text, 0);
  if (!found || text.slice(found.end).trim() !== '') return undefined;
  const table = nameIn(found.table, clauses.whole);
  const column = found.column === undefined ? undefined : { name: found.column, span: clauses.whole };
  if (!table) return undefined;
  const change = { ...whole(clauses), table, ifTableExists: false, only: false };
  if (found.kind === 'default') return column && [{ ...change, kind: 'dropDefault', column }];
  return [
    {
      ...change,
      kind: 'dropConstraint',
      ifExistsAt: clauses.whole.start,
      name: { name: `of ${found.kind}`, span: clauses.whole },
      unnamed: { kind: found.kind, ...(column ? { column } : {}) },
    },
  ];
}

/** `[dbo].[orders]`, `dbo.orders.total`: its parts without their brackets. */
export function partsOf(name: string): readonly string[] {
  const parts: string[] = [];
  for (const [, bracketed, quoted, plain] of name.matchAll(/\[((?:[^\]]|\]\])*)\]|"([^"]*)"|([^.[\]"]+)/g))
    parts.push(bracketed?.replaceAll(']]', ']') ?? quoted ?? plain?.trim() ?? '');
  return parts;
}

const inSchema = (schema: string | undefined): { readonly schema?: string } =>
  schema === undefined || /^(?:dbo)?$/i.test(schema) ? {} : { schema };

function nameIn(text: string, span: SqlSpan): QualifiedName | undefined {
  const parts = partsOf(text);
  const name = parts.at(-1);
  return name === undefined ? undefined : { name, ...inSchema(parts.at(-2)), span };
}

/** `EXEC('CREATE VIEW …')`, `EXEC sp_executesql N'…'`: of a text that is written out. */
function sentText(cursor: Cursor, reads: ReadsText): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const at = cursor.at;
  let range = { from: at, to: cursor.to };
  if (clauses.source(at) === '(') {
    range = { from: at + 1, to: clauses.closing(at) };
    if (range.to !== cursor.to - 1) return undefined;
  } else {
    const name = cursor.qualified();
    if (name?.name.toLowerCase() !== 'sp_executesql') {
      cursor.at = at;
      return undefined;
    }
    cursor.takes('@stmt', '=');
    range = { from: cursor.at, to: cursor.to };
    cursor.at = at;
  }
  const text = textIn(clauses, range);
  if (text === undefined) return undefined;
  const place = clauses.whole;
  return reads(text).map(operation => {
    const own = text.slice(operation.statement.start, operation.statement.end);
    // what is not followed cannot be found again by its place
    if (operation.kind === 'query' && /^\s*(?:create|alter|drop)\b/i.test(own))
      return unread(clauses, 'a text that is sent changes what is not followed');
    return atPlace(operation, place);
  });
}

/** The text that literals are, one after the other; nothing where a variable is among them. */
function textIn(
  clauses: DialectClauses,
  { from, to }: { readonly from: number; readonly to: number },
): string | undefined {
  let text = '';
  for (let at = from; at < to; at += 1) {
    const token = clauses.token(at);
    if (clauses.source(at) === '+' && at > from) continue;
    if (token?.kind !== 'text') return undefined;
    text += literalOf(clauses, token, at);
  }
  return text;
}

const literalOf = (clauses: DialectClauses, token: Token, at: number): string => {
  const source = clauses.source(at);
  return /^N'/i.test(source)
    ? source.slice(2, token.open ? undefined : -1).replaceAll("''", "'")
    : (clauses.nameAt(at) ?? nameOf(source, token));
};

/** What is read of a text that stands nowhere is where that text is sent. */
function atPlace<Value>(value: Value, place: SqlSpan): Value {
  if (typeof value !== 'object' || value === null || value instanceof Set) return value;
  if (Array.isArray(value)) return value.map(item => atPlace(item, place)) as Value;
  const copy: Record<string, unknown> = {};
  for (const [key, child] of Object.entries(value))
    copy[key] =
      key === 'tree'
        ? child
        : typeof child === 'number' && /^(?:start|\w+At)$/.test(key)
          ? place.start
          : typeof child === 'number' && key === 'end'
            ? place.end
            : atPlace(child, place);
  return copy as Value;
}

/** Procedures of the server's own that change what things are called or bound to. */
const CHANGES_NAMES = /^sp_(?:addtype|droptype|(?:un)?bind\w+|changeobjectowner)$/i;

function procedure(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const name = cursor.qualified()?.name.toLowerCase();
  if (name === 'sp_rename') return renamed(cursor) ?? [unread(clauses, 'this sp_rename is not understood')];
  if (name === undefined || CHANGES_NAMES.test(name)) return undefined;
  return /^sp_(?!executesql|msforeach)/i.test(name) ? [query(clauses)] : undefined;
}

/** `EXEC sp_rename 'dbo.orders.total', 'amount', 'COLUMN'`. */
function renamed(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const given = new Map<string, Identifier>();
  const order = ['@objname', '@newname', '@objtype'];
  for (const [index, range] of clauses.items({ from: cursor.at, to: cursor.to }).entries()) {
    const isNamed = clauses.source(range.from + 1) === '=';
    const at = isNamed ? range.from + 2 : range.from;
    const token = clauses.token(at);
    const key = isNamed ? clauses.source(range.from).toLowerCase() : order[index];
    if (key === undefined || !token || at !== range.to - 1) return undefined;
    const name = token.kind === 'text' ? literalOf(clauses, token, at) : clauses.nameAt(at);
    if (name === undefined || name.startsWith('@')) return undefined;
    given.set(key, { name, span: clauses.span({ from: at, to: at + 1 }) });
  }
  const [from, to, kind] = order.map(key => given.get(key));
  if (!from || !to) return undefined;
  const parts = partsOf(from.name);
  const last = { name: parts.at(-1) ?? '', span: from.span };
  const rename = { ...whole(clauses), kind: 'rename' as const, ifExists: false, to };
  switch (kind?.name.toUpperCase() ?? 'OBJECT') {
    case 'COLUMN':
    case 'INDEX': {
      if (parts.length < 2) return undefined;
      const on = { name: parts.at(-2) ?? '', ...inSchema(parts.at(-3)), span: from.span };
      const part = kind?.name.toUpperCase() === 'COLUMN' ? ('column' as const) : ('index' as const);
      return [{ ...rename, object: { kind: part, name: last, on } }];
    }
    case 'OBJECT':
      return [{ ...rename, object: { kind: 'table', name: { ...last, ...inSchema(parts.at(-2)) } } }];
    default:
      return undefined;
  }
}

function schema(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  if (cursor.takes('SCHEMA') === undefined) return undefined;
  const name = cursor.is('AUTHORIZATION') ? undefined : cursor.name();
  const owner = cursor.takes('AUTHORIZATION') ? cursor.name() : undefined;
  // what is made in it by the same statement
  if (!name || !cursor.isDone) return [unread(clauses, 'this CREATE SCHEMA is not understood')];
  return [
    {
      ...whole(clauses),
      kind: 'createSchema',
      name,
      ifNotExistsAt: clauses.whole.start,
      ...(owner ? { owner: owner.name } : {}),
    },
  ];
}

type KeptByText = 'sequence' | 'synonym' | 'type';

const KEPT: readonly (readonly [string, KeptByText])[] = [
  ['SEQUENCE', 'sequence'],
  ['SYNONYM', 'synonym'],
  ['TYPE', 'type'],
];

function keptByText(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  for (const [word, what] of KEPT) {
    if (cursor.takes(word) === undefined) continue;
    const name = cursor.qualified();
    if (!name) return undefined;
    const operation: OperationOf<'createOther'> = {
      ...whole(clauses),
      kind: 'createOther',
      object: { kind: what, name },
      what,
      text: clauses.textOf(clauses.whole),
      uses: [],
      orReplace: false,
      ifNotExistsAt: clauses.whole.start,
    };
    return [operation];
  }
  return undefined;
}

function dropped(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  for (const [word, kind] of [...KEPT, ['SCHEMA', 'schema'] as const]) {
    if (cursor.takes(word) === undefined) continue;
    const given = ifExistsAt(cursor);
    const name = cursor.qualified();
    if (!name) return undefined;
    return [
      { ...whole(clauses), kind: 'drop', ...given, objects: [{ kind, name }], concurrentlyAt: clauses.whole.start },
    ];
  }
  return undefined;
}

/** `ALTER SCHEMA sales TRANSFER dbo.orders`, from the schema's name on. */
function transfer(cursor: Cursor): readonly Operation[] | undefined {
  const { clauses } = cursor;
  const to = cursor.name();
  if (!to || cursor.takes('TRANSFER') === undefined) return undefined;
  if (cursor.takes('OBJECT')) cursor.at += 2;
  // a type or an XML schema collection
  else if (clauses.source(cursor.at + 1) === ':') return undefined;
  const name = cursor.qualified();
  if (!name) return undefined;
  const schema = inSchema(to.name).schema ?? 'public';
  return [{ ...whole(clauses), kind: 'setSchema', object: { kind: 'table', name }, ifExists: false, schema }];
}
