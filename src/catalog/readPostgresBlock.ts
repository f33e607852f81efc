/**
 * DO blocks. A block is a program, and not followed, but for the two forms in which people write "create it unless it is
 * there": PostgreSQL has no IF NOT EXISTS for types, constraints and policies.
 */
import type { DoStmt } from 'libpg-query';
import { sourceOf, tokensOf } from '../sql/tokens';
import type { Clauses } from './clauses';
import type { Operation, UnreadOperation } from './operation';
import { HARMLESS } from './readPostgresData';
import { ensuredBy, isFollowed, type Read } from './readPostgresEnsured';
import { elementOf, stringOf } from './readPostgresParts';

const GUARDED =
  /^\s*BEGIN\s+IF\s+NOT\s+EXISTS\s*\(\s*SELECT\b[\s\S]*?\)\s*THEN\s+([\s\S]*?);\s*END\s+IF\s*;\s*END\s*;?\s*(?:\$\w*)?\s*;?\s*$/i;
const CAUGHT =
  /^\s*BEGIN\s+([\s\S]*?);\s*EXCEPTION\s+(?:WHEN\s+(?:(?:duplicate|undefined)_\w+|others)(?:\s+OR\s+(?:duplicate|undefined)_\w+)*\s+THEN\b\s*(?:(?:null|raise\s+notice\s+[^;]*)\s*;\s*)*)+END\s*;?\s*$/i;

export function readBlock(clauses: Clauses, statement: DoStmt, read: Read): readonly Operation[] {
  const body = (statement.args ?? []).flatMap(node => {
    const element = elementOf(node);
    return element?.defname === 'as' ? [stringOf(element.arg)] : [];
  })[0];
  if (body === undefined) return [unread(clauses, true)];
  const plain = soughtConstraint(read, clauses, body) ?? guarded(read, clauses, body);
  if (plain) return plain;
  if (!mayChangeSchema(body)) return [unread(clauses, false)];
  const ensured = (caught(read, body) ?? ensuredBy(read, body))?.map(operation => relocated(operation, clauses.whole));
  return [ensured ? { ...unread(clauses, false), ensures: ensured } : unread(clauses, true)];
}

const KINDS: Readonly<Record<string, 'foreignKey' | 'unique' | 'primaryKey'>> = {
  f: 'foreignKey',
  u: 'unique',
  p: 'primaryKey',
};

/** A constraint of a column is dropped under the name that the server's lists give. */
const SOUGHT =
  /^\s*DECLARE\s+(\w+)\s+(?:text|name|varchar)\s*;\s*BEGIN\s+SELECT\s+conname\s+INTO\s+(?:STRICT\s+)?\1\s+FROM\s+pg_constraint\s+WHERE\s+conrelid\s*=\s*'[^']+'::regclass\s+AND\s+contype\s*=\s*'([fup])'(?:\s+AND\s+\(SELECT\s+attnum\s+FROM\s+pg_attribute\s+WHERE\s+attrelid\s*=\s*conrelid\s+AND\s+attname\s*=\s*'((?:[^']|'')*)'\)\s*=\s*ANY\s*\(conkey\))?\s*;\s*EXECUTE\s+format\s*\(\s*'((?:[^'%]|'')+)%I'\s*,\s*\1\s*\)\s*;\s*END\s*;?\s*$/i;

function soughtConstraint(read: Read, clauses: Clauses, body: string): readonly Operation[] | undefined {
  const [, , type, column, statement = ''] = SOUGHT.exec(body) ?? [];
  // a table has one primary key
  const kind = type === undefined ? undefined : KINDS[type];
  if (!kind || (column === undefined) !== (kind === 'primaryKey')) return undefined;
  const [only, more] = read(`${statement}found`).flatMap(({ operations }) => operations);
  if (only?.kind !== 'dropConstraint' || more) return undefined;
  const unnamed = {
    kind,
    ...(column === undefined ? {} : { column: { ...only.name, name: column.replaceAll("''", "'") } }),
  };
  return [relocated({ ...only, unnamed }, clauses.whole)];
}

/** One statement of which the refusal is taken. */
function caught(read: Read, body: string): readonly Operation[] | undefined {
  const inside = CAUGHT.exec(body)?.[1];
  if (inside === undefined) return undefined;
  const [first, more] = read(inside);
  return first && !more && isFollowed(first.operations) ? first.operations : undefined;
}

const unread = (clauses: Clauses, mayChange: boolean): UnreadOperation => ({
  statement: clauses.whole,
  span: clauses.whole,
  kind: 'unread',
  why: 'block',
  says: 'a DO block is a program, and not followed',
  mayChangeSchema: mayChange,
});

/** Words that begin a statement which may change the schema, or runs one that is put together. */
const CHANGES = new Set('create alter drop execute call do import refresh reindex cluster'.split(' '));

/** Whether a program may do more than read and write rows: it has a word for it, or calls a function for its effect. */
export function mayChangeSchema(body: string): boolean {
  const words = tokensOf(body, 'postgresql').flatMap(token =>
    token.kind === 'comment' || token.kind === 'text' || token.kind === 'body'
      ? []
      : [sourceOf(body, token).toLowerCase()],
  );
  return words.some((word, at) => {
    // ON CONFLICT DO NOTHING
    if (CHANGES.has(word)) return word !== 'do' || !/^(?:nothing|update)$/.test(words[at + 1] ?? '');
    const assigns = word === ':=' || (word === '=' && words[at - 1] === ':');
    if (word !== 'perform' && word !== 'select' && !assigns) return false;
    const opens = words.indexOf('(', at + 1);
    const name = words[opens - 1];
    const isCall = words
      .slice(at + 1, Math.max(at, opens))
      .every((part, place) => (part === '.') === (place % 2 === 1));
    if (opens <= at + 1 || !isCall || name === undefined || HARMLESS.has(name)) return false;
    const end = words.indexOf(';', opens);
    return !words.slice(opens, end < 0 ? undefined : end).includes('from');
  });
}

function guarded(read: Read, clauses: Clauses, body: string): readonly Operation[] | undefined {
  const inside = (GUARDED.exec(body) ?? CAUGHT.exec(body))?.[1];
  if (inside === undefined) return undefined;
  const [first, more] = read(inside);
  if (!first || more) return undefined;
  const operations = first.operations.flatMap(operation => unlessExists(operation) ?? []);
  if (operations.length !== 1) return undefined;
  // inside the literal there are no places of the text: all stands at the block
  return operations.map(operation => relocated(operation, clauses.whole));
}

/** The operation as one that does nothing where its object exists. */
function unlessExists(operation: Operation): Operation | undefined {
  switch (operation.kind) {
    case 'createEnum':
    case 'createDomain':
    case 'createCompositeType':
      return { ...operation, unlessExists: true };
    case 'createTable':
    case 'createSchema':
    case 'createIndex':
    case 'createSequence':
    case 'createExtension':
    case 'addColumn':
      return { ...operation, ifNotExists: operation.span };
    default:
      return undefined;
  }
}

/** A copy in which every span is `to`. */
function relocated<Part>(part: Part, to: { readonly start: number; readonly end: number }): Part {
  if (part instanceof Set || typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) return part.map(item => relocated(item, to)) as Part;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(part)) {
    const isSpan = typeof value === 'object' && value !== null && Object.keys(value).join() === 'start,end';
    copy[key] = key === 'tree' ? value : isSpan ? to : key.endsWith('At') ? to.end : relocated(value, to);
  }
  return copy as Part;
}
