/** What a step on another server than PostgreSQL does to things that no catalog holds: a way back would leave it as it is. */
import { type Catalog, isSameName, isTable, relationNamed, tableNamed } from '../catalog/catalog';
import { fold } from '../catalog/fold';
import type { Operation } from '../catalog/operation';
import { readStatements, type SchemaStep } from './folding';
import type { Script } from './script';

/** In words that complete "No way back: …". */
export function unseenChange(up: Script, { before, trees }: SchemaStep): string | undefined {
  let now = before;
  for (const { statement, operations } of readStatements(up, trees)) {
    for (const operation of operations) {
      const altered = alteredUnseen(now, operation);
      if (altered !== undefined) return `what was altered is not known: ${altered}`;
      const what = droppedUnseen(now, operation);
      if (what !== undefined) return `what was dropped is not known: ${what}`;
      const isTransact = up.dialect === 'transactsql';
      // what stands behind a guard is a statement of its own
      const { start, end } = operation.statement;
      const sql = isTransact ? statement.sql.slice(start, end) : statement.sql;
      if (operation.kind === 'query' && (isTransact ? UNFOLLOWED_TRANSACT : UNFOLLOWED).test(sql))
        return `what this changes is not followed: ${firstWords(sql)}`;
    }
    // statements are texts of their own, so that their operations' offsets may be the same
    now = fold(now, operations).catalog;
  }
  return undefined;
}

/** Of statements that are no more than a query: those that make, alter or drop something all the same. */
const UNFOLLOWED =
  /^\s*(?:(?:create|drop)\s+(?!temp)|alter\s+(?!table\b|ignore\b|online\b|offline\b)|alter\s+(?:ignore\s+|online\s+|offline\s+)?table\b.*\b(?:partition(?:s|ing)?|alter\s+(?:index|check|constraint)|(?:in)?visible)\b)/is;

/** The same of T-SQL: privileges, and how an index is kept, are no structure. */
const UNFOLLOWED_TRANSACT =
  /^\s*(?:(?:create|alter|drop)\s+(?!(?:table|user|login|role|application|server|database|credential|certificate|authorization)\b|index\b.*\b(?:rebuild|reorganize)\b|sequence\b.*\brestart\b)|(?:en|dis)able\s+trigger\b|alter\s+table\b.*\b(?:alter\s+(?:index|column)|set\s*\(|switch|(?:en|dis)able|add\s+period|drop\s+period|nocheck\s+constraint\s+all)\b)/is;

const firstWords = (sql: string): string => {
  const line = sql.trim().replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line;
};

const LONGEST = 60;

/** What is altered without having been there: all of it is said anew, and what it was is not told. */
function alteredUnseen(catalog: Catalog, operation: Operation): string | undefined {
  if ((operation.kind !== 'createOther' && operation.kind !== 'createView') || !operation.alters) return undefined;
  const { name } = operation.kind === 'createView' ? operation : operation.object;
  const what = operation.kind === 'createView' ? 'view' : operation.what;
  for (const one of catalog.objects.values())
    if (
      (one.kind === 'other' ? one.what === what : one.kind === what) &&
      isSameName(catalog, one.name, name.name) &&
      !('assumed' in one && one.assumed)
    )
      return undefined;
  return `${what} ${name.name}`;
}

/** What is dropped without having been there, as far as the history tells. */
function droppedUnseen(catalog: Catalog, operation: Operation): string | undefined {
  if ('ifExists' in operation && operation.ifExists) return undefined;
  const isCalled = (name: string) => (each: { readonly name: string; readonly assumed?: true }) =>
    isSameName(catalog, each.name, name) && !each.assumed;
  switch (operation.kind) {
    case 'dropColumn': {
      const { name } = operation.column;
      const table = tableNamed(catalog, operation.table);
      return table?.columns.some(isCalled(name)) ? undefined : `column ${operation.table.name}.${name}`;
    }
    case 'dropConstraint': {
      const { name } = operation.name;
      const table = tableNamed(catalog, operation.table);
      const { unnamed } = operation;
      if (unnamed) return undefined;
      const isThere =
        table &&
        ([...table.constraints, ...table.indexes, ...(table.implied ?? [])].some(isCalled(name)) ||
          table.columns.some(
            ({ defaultName }) => defaultName !== undefined && isSameName(catalog, defaultName, name),
          ) ||
          table.constraints.some(({ kind }) => kind === 'primaryKey' && /^pk_|_pkey$|^PRIMARY$/i.test(name)));
      return isThere ? undefined : `constraint ${name} of ${operation.table.name}`;
    }
    case 'drop':
      for (const { kind, name, on } of operation.objects) {
        const isThere =
          kind === 'index'
            ? [...catalog.objects.values()].some(
                one =>
                  isTable(one) &&
                  (on === undefined || isSameName(catalog, one.name, on.name)) &&
                  [...one.indexes, ...(one.implied ?? [])].some(isCalled(name.name)),
              )
            : kind === 'table' || kind === 'view'
              ? relationNamed(catalog, name) !== undefined && !relationNamed(catalog, name)?.assumed
              : [...catalog.objects.values()].some(one => one.kind === 'other' && isCalled(name.name)(one));
        if (!isThere) return `${kind} ${name.name}`;
      }
      return undefined;
    default:
      return undefined;
  }
}
