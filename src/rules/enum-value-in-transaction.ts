/**
 * A new value of an enum that its own transaction may not use.
 *
 * PostgreSQL adds the value when the transaction commits: whatever uses it before fails with "unsafe use of new value". Before
 * PostgreSQL 12 ADD VALUE itself is refused in a transaction.
 * ## Flags
 * ```sql
 * -- migrate:up
 * ALTER TYPE order_state ADD VALUE 'returned' AFTER 'shipped';
 * UPDATE orders SET state = 'returned' WHERE returned_at IS NOT NULL;
 * ```
 * ## Stays silent
 * ```sql
 * -- migrate:up transaction:false
 * ALTER TYPE order_state ADD VALUE 'returned' AFTER 'shipped';
 * ```
 * ```sql
 * -- migrate:up
 * CREATE TYPE order_state AS ENUM ('open');
 * ALTER TYPE order_state ADD VALUE 'returned' AFTER 'open';
 * ALTER TABLE orders ADD COLUMN state order_state DEFAULT 'returned';
 * ```
 * ## When to leave it
 * Where the tool is set up elsewhere to run each statement by itself.
 */
import { tableNamed, tablesOf, typeNamed } from '../catalog/catalog';
import type { QualifiedName, TypeUse } from '../catalog/definition';
import type { Table } from '../catalog/object';
import type { OperationOf } from '../catalog/operation';
import { suggestion } from '../engine/finding';
import { typeByPosition, typesBeside } from '../facts/literalColumns';
import { defineRule } from '../facts/rule';
import { changesOf, isSameTable, named } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';
import type { SqlSpan } from '../sql/query';

type Adding = SchemaChange<OperationOf<'addEnumLabel'>>;

export const enumValueInTransaction = defineRule({
  id: 'enum-value-in-transaction',
  level: 'error',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const added of changesOf(schemaScripts, 'addEnumLabel')) {
      if (!added.statement.transaction || isKnownLabel(added) || isOfThisTransaction(added)) continue;
      if (added.script.server < 12) {
        yield { at: added.at, added };
        continue;
      }
      const use = firstUse(added);
      if (use) yield { at: use.at, added, use };
    }
  },

  explain: ({ added: { operation, at, statement }, use }) =>
    use
      ? {
          what: `'${operation.label.name}' of ${named(operation.type)} is used in the transaction that adds it.`,
          why: 'PostgreSQL refuses a value of an enum until the transaction that adds it has committed: the migration fails here.',
          remedy: 'Add the value in a migration of its own, before this one.',
          related: [{ at, says: 'the value is added here' }],
        }
      : {
          what: `Before PostgreSQL 12 ALTER TYPE … ADD VALUE is refused in a transaction${statement.transaction?.by === 'tool' ? ', and the tool runs this migration in one' : ''}.`,
          why: 'The migration fails at this statement.',
          remedy: 'Put it into a migration of its own that runs outside of a transaction.',
          related: [],
        },

  fix: ({ added: { script, statement } }) =>
    statement.transaction?.by === 'tool' && script.unwrap && script.statements.length === 1
      ? [suggestion('Run this migration outside of a transaction', [script.unwrap])]
      : [],
});

function isKnownLabel({ operation, before }: Adding): boolean {
  const type = typeNamed(before, operation.type);
  return type?.kind === 'enum' && type.labels.includes(operation.label.name);
}

/** The type itself is made in the transaction. */
function isOfThisTransaction({ operation: { type }, statement, script }: Adding): boolean {
  return script.changes.some(
    ({ operation, statement: other }) =>
      operation.kind === 'createEnum' &&
      !operation.unlessExists &&
      isSameTable(operation.name, type) &&
      other.index < statement.index &&
      other.transaction?.number === statement.transaction?.number,
  );
}

/** The next statement of the transaction that writes the value where the enum may be meant. */
function firstUse(added: Adding): SchemaChange | undefined {
  const { statement, script, operation } = added;
  const literal = `'${operation.label.name.replaceAll("'", "''")}'`;
  return script.changes.find(
    change =>
      change.statement.index > statement.index &&
      change.statement.transaction?.number === statement.transaction?.number &&
      uses(change, literal, operation.type),
  );
}

/** What names a value without using it. */
const NO_USE: ReadonlySet<string> = new Set([
  'addEnumLabel',
  'renameEnumLabel',
  'createEnum',
  'comment',
  'setParameter',
  'createFunction',
  'createOther',
  'transaction',
]);

function uses(change: SchemaChange, literal: string, type: QualifiedName): boolean {
  const { operation, statement } = change;
  if (NO_USE.has(operation.kind) || /\bpg_enum\b/i.test(statement.sql)) return false;
  if (operation.kind === 'unread') {
    // a block runs at once; what it says of the type itself is no use
    const isUse =
      operation.why === 'block' && statement.sql.includes(literal) && !/\badd\s+value\b/i.test(statement.sql);
    return isUse && !isAboutOthers(change, type);
  }
  return statement.tokens.some(
    token =>
      token.kind === 'text' &&
      statement.textOf(token) === literal &&
      // several commands of one ALTER TABLE share its tokens
      token.start >= operation.span.start &&
      token.end <= operation.span.end &&
      mayMean(change, token, type),
  );
}

/** Every table that a block names is known, and none has a column of the type. */
function isAboutOthers({ before, statement: { sql } }: SchemaChange, type: QualifiedName): boolean {
  const words = new Set(sql.toLowerCase().match(/\w+/g));
  const about = tablesOf(before).filter(({ name }) => words.has(name.toLowerCase()));
  return !words.has(type.name.toLowerCase()) && about.length > 0 && !about.some(table => mayHold(table, type));
}

/** Whether a literal may be read as a value of the type: by the column beside it, else by those that the statement names. */
function mayMean(change: SchemaChange, literal: SqlSpan, type: QualifiedName): boolean {
  const { operation, statement } = change;
  if (operation.kind === 'createTable') {
    const own = operation.columns.filter(({ span }) => span.start <= literal.start && literal.end <= span.end);
    return (own.length > 0 ? own : operation.columns).some(column => isOf(column.type, type));
  }
  if (operation.kind === 'addColumn') return isOf(operation.column.type, type);
  if (operation.kind === 'setColumnType') return isOf(operation.type, type);
  const cast = new RegExp(`^\\s*::\\s*(?:"?\\w+"?\\.)?"?${type.name.replace(/\W/g, '\\$&')}"?(?!\\w)`, 'i');
  if (cast.test(statement.textOf({ start: literal.end, end: operation.statement.end }))) return true;
  if (operation.kind === 'insert' && operation.columns.length === 0)
    return typeByPosition({ ...change, operation }, literal) === type.name;
  const beside = typesBeside(change, literal);
  if (beside) return beside.some(each => each === undefined || each === type.name);
  const tables = tablesUsed(change);
  return tables === undefined || tables.some(table => mayHold(table, type, columnsUsed(change)));
}

const isOf = (use: TypeUse, type: QualifiedName): boolean => use.name === type.name;

/** Undefined where not all of them are known. */
function tablesUsed(change: SchemaChange): readonly Table[] | undefined {
  const { operation, statement } = change;
  const names = [
    ...('table' in operation && operation.table ? [operation.table] : []),
    ...('reads' in operation ? operation.reads : []),
    ...(statement.names()?.relations ?? []),
  ];
  if (names.length === 0) return undefined;
  const known = names.flatMap(name => tableNamed(change.before, name) ?? []);
  return known.length === names.length ? known : undefined;
}

/** The columns that a change names; undefined where it may mean any. */
function columnsUsed({ operation, statement }: SchemaChange): ReadonlySet<string> | undefined {
  if (operation.kind === 'setDefault') return new Set([operation.column.name]);
  const inside = statement.tokens.filter(
    ({ start, end }) => start >= operation.span.start && end <= operation.span.end,
  );
  return new Set(
    inside.flatMap(token => {
      const written = statement.textOf(token);
      if (token.kind === 'word') return [written.toLowerCase()];
      return /^".*"$/s.test(written) ? [written.slice(1, -1).replaceAll('""', '"')] : [];
    }),
  );
}

/** A column of those used is of the type, or may be. */
function mayHold(table: Table, type: QualifiedName, used?: ReadonlySet<string>): boolean {
  const columns = used ? table.columns.filter(({ name }) => used.has(name)) : table.columns;
  return (
    columns.some(each => each.type === undefined || each.type.name === type.name) ||
    (!table.complete && columns.length === 0)
  );
}
