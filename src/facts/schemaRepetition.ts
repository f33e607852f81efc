/** What a statement does when it is run a second time, and what would have it do no harm. */
import type { ObjectKind, QualifiedName } from '../catalog/definition';
import type { Operation, OperationOf } from '../catalog/operation';
import { existed, isSameTable } from './schemaChanges';
import type { SchemaChange } from './schemaScripts';

/** What a statement makes or drops, and fails at when it is there already, or no more. */
export interface Unrepeatable {
  /** In words: `CREATE TABLE`, `ADD COLUMN`. */
  readonly command: string;
  readonly what: string;
  readonly makes: boolean;
  /** By which word the command takes a second run: it is written at `at`. */
  readonly word?: { readonly text: string; readonly at: number };
  /** The statement that clears it away before. */
  readonly clears?: string;
  /** The command of the same ALTER TABLE that clears it away before. */
  readonly clearsInside?: string;
  /** It can be caught, and nothing else can be done. */
  readonly caught?: boolean;
}

/** Why a second run of a change fails; nothing where it does not, for all that is known. */
export function unrepeatable(change: SchemaChange): Unrepeatable | undefined {
  const { operation } = change;
  const found = dropping(change) ?? making(change) ?? adding(change);
  if (!found) return undefined;
  if (found.makes ? isClearedBefore(change) : isMadeAnew(change)) return undefined;
  // what lives in a table that the migration makes is new too
  const on = ownerOf(operation);
  return on && isMadeHere(change, on) ? undefined : found;
}

const ifNotExists = (at: number) => ({ word: { text: ' IF NOT EXISTS', at } });

function dropping({ operation }: SchemaChange): Unrepeatable | undefined {
  switch (operation.kind) {
    case 'drop': {
      const [first] = operation.objects;
      if (!first || operation.ifExists) return undefined;
      return {
        command: `DROP ${first.kind.toUpperCase()}`,
        what: first.name.name,
        makes: false,
        word: { text: ' IF EXISTS', at: operation.ifExistsAt },
      };
    }
    case 'dropColumn':
      if (operation.ifExists) return undefined;
      return {
        command: 'DROP COLUMN',
        what: operation.column.name,
        makes: false,
        word: { text: ' IF EXISTS', at: operation.ifExistsAt },
      };
    case 'dropConstraint':
      if (operation.ifExists) return undefined;
      return {
        command: 'DROP CONSTRAINT',
        what: operation.name.name,
        makes: false,
        word: { text: ' IF EXISTS', at: operation.ifExistsAt },
      };
    default:
      return undefined;
  }
}

const NAMES: Readonly<Partial<Record<Operation['kind'], string>>> = {
  createTable: 'CREATE TABLE',
  createTableAs: 'CREATE TABLE',
  createMaterializedView: 'CREATE MATERIALIZED VIEW',
  createSequence: 'CREATE SEQUENCE',
  createSchema: 'CREATE SCHEMA',
  createExtension: 'CREATE EXTENSION',
};

function making({ operation, statement, script }: SchemaChange): Unrepeatable | undefined {
  switch (operation.kind) {
    case 'createTable':
    case 'createTableAs':
    case 'createMaterializedView':
    case 'createSequence':
    case 'createSchema':
    case 'createExtension': {
      // a temporary table is gone with its session
      if (operation.ifNotExists || ('persistence' in operation && operation.persistence === 'temporary'))
        return undefined;
      return {
        command: NAMES[operation.kind] ?? 'CREATE',
        what: operation.name.name,
        makes: true,
        // SELECT … INTO has no place for it
        ...(/^\s*select\b|^\s*with\b/i.test(statement.sql) ? {} : ifNotExists(operation.ifNotExistsAt)),
      };
    }
    case 'createIndex': {
      const { name, concurrently } = operation;
      if (operation.ifNotExists || !name) return undefined;
      const written = statement.textOf(name.span);
      return {
        command: 'CREATE INDEX',
        what: name.name,
        makes: true,
        // what a failed build has left would be taken for an index
        ...(concurrently
          ? {
              clears: `DROP INDEX CONCURRENTLY IF EXISTS ${name.schema === undefined ? '' : `${name.schema}.`}${written}`,
            }
          : ifNotExists(operation.ifNotExistsAt)),
      };
    }
    case 'createView':
    case 'createFunction':
      if (operation.orReplace || (operation.kind === 'createView' && operation.temporary)) return undefined;
      return {
        command: operation.kind === 'createView' ? 'CREATE VIEW' : 'CREATE FUNCTION',
        what: operation.name.name,
        makes: true,
        ...orReplace(operation.statement.start),
      };
    case 'createTrigger':
    case 'createPolicy': {
      const isTrigger = operation.kind === 'createTrigger';
      if (operation.kind === 'createTrigger' && operation.orReplace) return undefined;
      const replaces = operation.kind === 'createTrigger' && !operation.constraint && script.server >= 14;
      return {
        command: isTrigger ? 'CREATE TRIGGER' : 'CREATE POLICY',
        what: operation.name.name,
        makes: true,
        ...(replaces
          ? orReplace(operation.statement.start)
          : {
              clears: `DROP ${isTrigger ? 'TRIGGER' : 'POLICY'} IF EXISTS ${statement.textOf(operation.name.span)} ON ${statement.textOf(operation.table.span)}`,
            }),
      };
    }
    case 'createEnum':
    case 'createDomain':
    case 'createCompositeType':
      if (operation.unlessExists) return undefined;
      return {
        command: operation.kind === 'createDomain' ? 'CREATE DOMAIN' : 'CREATE TYPE',
        what: operation.name.name,
        makes: true,
        caught: true,
      };
    default:
      return undefined;
  }
}

/** CREATE stands at the start. */
const orReplace = (start: number) => ({ word: { text: ' OR REPLACE', at: start + 'CREATE'.length } });

function adding({ operation, statement }: SchemaChange): Unrepeatable | undefined {
  switch (operation.kind) {
    case 'addColumn':
      if (operation.ifNotExists) return undefined;
      return {
        command: 'ADD COLUMN',
        what: operation.column.name.name,
        makes: true,
        ...ifNotExists(operation.ifNotExistsAt),
      };
    case 'addEnumLabel':
      if (operation.ifNotExists) return undefined;
      return {
        command: 'ADD VALUE',
        what: operation.label.name,
        makes: true,
        ...ifNotExists(operation.ifNotExistsAt),
      };
    case 'addConstraint': {
      const { name } = operation.constraint;
      // without a name a second one is added, and a second primary key refused
      if (!name) return undefined;
      return {
        command: 'ADD CONSTRAINT',
        what: name.name,
        makes: true,
        clearsInside: `DROP CONSTRAINT IF EXISTS ${statement.textOf(name.span)}, `,
      };
    }
    default:
      return undefined;
  }
}

/** The kind by which DROP names what a change makes, its name, and the table that it belongs to. */
function madeBy(operation: Operation): { kinds: readonly ObjectKind[]; name: QualifiedName } | undefined {
  switch (operation.kind) {
    case 'createTable':
    case 'createTableAs':
      return { kinds: ['table', 'foreign table'], name: operation.name };
    case 'createMaterializedView':
      return { kinds: ['materialized view'], name: operation.name };
    case 'createView':
      return { kinds: ['view'], name: operation.name };
    case 'createSequence':
      return { kinds: ['sequence'], name: operation.name };
    case 'createSchema':
      return { kinds: ['schema'], name: operation.name };
    case 'createExtension':
      return { kinds: ['extension'], name: operation.name };
    case 'createFunction':
      return { kinds: ['function', 'procedure', 'routine'], name: operation.name };
    case 'createIndex':
      return operation.name && { kinds: ['index'], name: operation.name };
    case 'createTrigger':
      return { kinds: ['trigger'], name: operation.name };
    case 'createPolicy':
      return { kinds: ['policy'], name: operation.name };
    case 'createEnum':
    case 'createDomain':
    case 'createCompositeType':
      return { kinds: ['type', 'domain'], name: operation.name };
    default:
      return undefined;
  }
}

/** It is dropped before: where that finds nothing, it is the DROP that fails. */
function isClearedBefore(change: SchemaChange): boolean {
  const { operation, script } = change;
  const made = madeBy(operation);
  for (const { operation: earlier, statement } of script.changes) {
    if (statement.index > change.statement.index) return false;
    if (earlier === operation) continue;
    if (made && earlier.kind === 'drop' && statement !== change.statement) {
      if (earlier.objects.some(each => made.kinds.includes(each.kind) && isNamedAlike(each.name, made.name)))
        return true;
    } else if (operation.kind === 'addConstraint' && earlier.kind === 'dropConstraint') {
      if (isSameTable(earlier.table, operation.table) && earlier.name.name === operation.constraint.name?.name)
        return true;
    } else if (operation.kind === 'addColumn' && earlier.kind === 'dropColumn')
      if (isSameTable(earlier.table, operation.table) && earlier.column.name === operation.column.name.name)
        return true;
  }
  return false;
}

const isNamedAlike = (a: QualifiedName, b: QualifiedName): boolean =>
  a.name === b.name && (a.schema === undefined || b.schema === undefined || a.schema === b.schema);

/** What is dropped was made by the migration itself: a second run makes it again. */
function isMadeAnew(change: SchemaChange): boolean {
  const { operation } = change;
  return (
    operation.kind === 'drop' && operation.objects.every(({ kind, name }) => kind === 'table' && !existed(change, name))
  );
}

function ownerOf(operation: Operation): QualifiedName | undefined {
  switch (operation.kind) {
    case 'createIndex':
    case 'createTrigger':
    case 'createPolicy':
    case 'addColumn':
    case 'dropColumn':
    case 'addConstraint':
    case 'dropConstraint':
      return operation.table;
    default:
      return undefined;
  }
}

/** The table is made before: a second run stops there, or has made it anew, where it does not leave alone what is there. */
function isMadeHere(change: SchemaChange, table: QualifiedName): boolean {
  const made = change.script.changes.find(
    (each): each is SchemaChange<OperationOf<'createTable' | 'createTableAs'>> =>
      (each.operation.kind === 'createTable' || each.operation.kind === 'createTableAs') &&
      isSameTable(each.operation.name, table) &&
      each.statement.index < change.statement.index,
  );
  if (!made) return false;
  return made.operation.persistence === 'temporary' || !made.operation.ifNotExists || isClearedBefore(made);
}
