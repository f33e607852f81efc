/**
 * DO blocks. A block is a program, and not followed, but for the two forms in which people write "create it unless it is
 * there": PostgreSQL has no IF NOT EXISTS for types, constraints and policies.
 */
import type { DoStmt } from 'libpg-query';
import type { Clauses } from './clauses';
import type { Operation } from './operation';
import { elementOf, stringOf } from './readPostgresParts';

const GUARDED =
  /^\s*BEGIN\s+IF\s+NOT\s+EXISTS\s*\(\s*SELECT\b[\s\S]*?\)\s*THEN\s+([\s\S]*?);\s*END\s+IF\s*;\s*END\s*;?\s*(?:\$\w*)?\s*;?\s*$/i;
const CAUGHT =
  /^\s*BEGIN\s+([\s\S]*?);\s*EXCEPTION\s+(?:WHEN\s+(?:duplicate_object|duplicate_table|duplicate_column|duplicate_schema|others)(?:\s+OR\s+duplicate_\w+)*\s+THEN\s+(?:null|raise\s+notice\s+[^;]*)\s*;\s*)+END\s*;?\s*$/i;

/** What the statements of a text do, statement by statement. */
type Read = (text: string) => readonly { readonly operations: readonly Operation[] }[];

export function readBlock(clauses: Clauses, statement: DoStmt, read: Read): readonly Operation[] {
  const body = (statement.args ?? []).flatMap(node => {
    const element = elementOf(node);
    return element?.defname === 'as' ? [stringOf(element.arg)] : [];
  })[0];
  return (body === undefined ? undefined : guarded(read, clauses, body)) ?? [unread(clauses)];
}

const unread = (clauses: Clauses): Operation => ({
  statement: clauses.whole,
  span: clauses.whole,
  kind: 'unread',
  why: 'block',
  says: 'a DO block is a program, and not followed',
  mayChangeSchema: true,
});

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
