/** How a key, a constraint or NOT NULL is added while the table is read and written. */
import type { ConstraintDefinition, Identifier, KeyConstraint, QualifiedName } from '../catalog/definition';
import { quoted } from '../catalog/naming';
import { type Edit, type ProposedFix, previewed, suggestion } from '../engine/finding';
import type { Place } from '../engine/place';
import type { NewMigration } from '../migrations/added/newMigration';
import type { Unwrap } from '../migrations/codeUnwrap';
import { insertion, rewriteSent } from './schemaChanges';
import type { SchemaChange } from './schemaScripts';
import { isWhole, upWith } from './stepParts';

/**
 * A key on an index that is built before it, CONCURRENTLY. Only where the statement adds nothing else and shares no
 * transaction, since the index cannot be built in one.
 */
export function usingIndex(
  change: SchemaChange,
  table: QualifiedName,
  constraint: KeyConstraint,
): readonly ProposedFix[] {
  const { statement, operation } = change;
  const unwraps = aloneBy(change);
  if (operation.kind !== 'addConstraint' || statement.operations.length !== 1 || !unwraps) return [];
  if (constraint.options.length > 0 || constraint.nullsNotDistinct || constraint.withoutOverlaps) return [];
  const isPrimary = constraint.kind === 'primaryKey';
  const name =
    constraint.name?.name ??
    (isPrimary ? `${table.name}_pkey` : `${table.name}_${constraint.columns.map(column => column.name).join('_')}_key`);
  if (!fits(name)) return [];
  const columns = constraint.columns.map(({ span }) => statement.textOf(span)).join(', ');
  const include =
    constraint.include.length > 0
      ? ` INCLUDE (${constraint.include.map(({ span }) => statement.textOf(span)).join(', ')})`
      : '';
  const deferrable = { no: '', immediate: ' DEFERRABLE', deferred: ' DEFERRABLE INITIALLY DEFERRED' }[
    constraint.deferrable
  ];
  const edits = [
    insertion(
      operation.statement.start,
      `CREATE UNIQUE INDEX CONCURRENTLY ${quoted(name)} ON ${statement.textOf(table.span)} (${columns})${include};${statement.lineBreak}`,
    ),
    {
      span: constraint.span,
      newText: `CONSTRAINT ${quoted(name)} ${isPrimary ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${quoted(name)}${deferrable}`,
    },
  ];
  return rewriteSent(change, 'Build the index CONCURRENTLY before, and use it', edits, unwraps);
}

/** A longer one the server would cut. */
export const fits = (name: string): boolean => /^[\x20-\x7e]{1,63}$/.test(name);

/** What is written beside the statement is run by itself: nobody puts both into one transaction. */
export const runsAlone = ({ statement, script }: SchemaChange): boolean =>
  !statement.transaction && !statement.inCode && script.wraps === undefined;

/**
 * What tells the tool to run the file outside of a transaction, so that what is written beside the statement runs by itself;
 * nothing where it does not even then. A builder's call is put in place by calls that are each sent by themselves.
 */
export function aloneBy(change: SchemaChange): readonly Unwrap[] | undefined {
  const { statement, script } = change;
  if (runsAlone(change)) return [];
  if (!statement.builder) return undefined;
  if (!statement.transaction && script.wraps === undefined) return [];
  const isWhole = statement.transaction?.by === 'tool' && script.statements.length === 1 && script.wraps === 'always';
  return isWhole && script.unwrap ? [script.unwrap] : undefined;
}

/** NOT VALID; followed by what validates it, where that shares no transaction and so no lock. */
export function addedNotValid(
  change: SchemaChange,
  table: QualifiedName,
  { name, notValidAt }: Pick<ConstraintDefinition, 'name' | 'notValidAt'>,
): readonly ProposedFix[] {
  const { statement, operation } = change;
  const { end } = operation.statement;
  const own = ownNotValid(change, 'Add it NOT VALID (validate it in a later migration)');
  if (own) return own;
  const unwraps = aloneBy(change);
  if (!name || !unwraps || statement.operations.length !== 1) {
    const later = name ? ` (validate \`${name.name}\` in a later migration)` : '';
    return rewriteSent(change, `Add it NOT VALID${later}`, [insertion(notValidAt, ' NOT VALID')]);
  }
  const validate = `;\nALTER TABLE ${statement.textOf(table.span)} VALIDATE CONSTRAINT ${statement.textOf(name.span)}`;
  return rewriteSent(
    change,
    'Add it NOT VALID, and validate it after',
    notValidAt === end
      ? [insertion(end, ` NOT VALID${validate}`)]
      : [insertion(notValidAt, ' NOT VALID'), insertion(end, validate)],
    unwraps,
  );
}

// ——— in migrations behind this one ———

/** What tools that run everything that waits in one transaction must be told is said there. */
const behind = (change: SchemaChange, migrations: readonly NewMigration[]): readonly Edit<Place>[] | undefined => {
  const { script, statement } = change;
  // Drizzle runs all that waits in one transaction, whatever it is told
  if (!script.isNewest || script.isPartial || script.tool === 'drizzle' || !statement.takes('')) return undefined;
  return script.dialect === 'postgresql' ? script.tail?.add(migrations) : undefined;
};

/** NOT VALID here, and validated by a migration behind this one, where it cannot be validated right after. */
export function validatedLater(
  change: SchemaChange,
  table: QualifiedName,
  { name, notValidAt, span }: ConstraintDefinition,
): readonly ProposedFix[] {
  const { statement, operation } = change;
  if (!name || operation.kind !== 'addConstraint' || statement.operations.length !== 1) return [];
  const title = 'Add it NOT VALID, and validate it in a new migration';
  const own = ownNotValid(change, title);
  if (!own && aloneBy(change)) return [];
  const of = `ALTER TABLE ${statement.textOf(table.span)}`;
  const text = statement.textOf({ start: span.start, end: notValidAt });
  const rest = statement.textOf({ start: notValidAt, end: span.end });
  const called = statement.textOf(name.span);
  const [first] = own ?? rewriteSent(change, title, [insertion(notValidAt, ' NOT VALID')]);
  const added = behind(change, [
    {
      does: `validate ${name.name}`,
      comments: ['Reads the rows while they are written to: what is written is checked already.'],
      up: [`${of} VALIDATE CONSTRAINT ${called};`],
      down: [`${of} DROP CONSTRAINT ${called}, ADD ${text} NOT VALID${rest};`],
      isApart: true,
    },
  ]);
  return first && added ? [previewed(title, [...first.edits, ...added])] : [];
}

const ownNotValid = ({ statement }: SchemaChange, title: string): readonly ProposedFix[] | undefined => {
  const own = statement.builder?.()?.notValid;
  return own && [suggestion(title, own)];
};

/** NOT NULL behind a CHECK that is validated before: in three migrations, since a transaction keeps its locks. */
export function notNullLater(change: SchemaChange, table: QualifiedName, column: Identifier): readonly ProposedFix[] {
  const { statement, operation, script } = change;
  const plain = `${table.name}_${column.name}_not_null`;
  if (operation.kind !== 'setNotNull' || statement.operations.length !== 1) return [];
  if (!fits(plain)) return [];
  const name = quoted(plain);
  const title = 'Set it in 3 steps, none of which reads the table under a lock';
  const [of, written] = [`ALTER TABLE ${statement.textOf(table.span)}`, statement.textOf(column.span)];
  const add = `ADD CONSTRAINT ${name} CHECK (${written} IS NOT NULL)`;
  const drop = `${of} DROP CONSTRAINT ${name};`;
  const step = {
    comments: ['New rows are checked from here on; the next migrations validate the old ones, and set NOT NULL.'],
    up: [`${of} ${add} NOT VALID;`],
    down: [drop],
  };
  const own = statement.builder?.()?.atDatabase;
  const first = own ? own(step) : inItsPlace();
  const added = behind(change, [
    {
      does: `validate ${plain}`,
      comments: ['Reads the rows while they are written to: what is written is checked already.'],
      up: [`${of} VALIDATE CONSTRAINT ${name};`],
      down: [`${of} DROP CONSTRAINT ${name}, ${add} NOT VALID;`],
      isApart: true,
    },
    {
      does: `set ${table.name} ${column.name} not null`,
      comments: ['The validated CHECK says that there is no NULL, so that nothing is read.'],
      up: [`${of} ALTER COLUMN ${written} SET NOT NULL;`, drop],
      down: [`${of} ALTER COLUMN ${written} DROP NOT NULL, ${add};`],
      atOnce: true,
      isApart: true,
    },
  ]);
  return first && added ? [previewed(title, [...first, ...added])] : [];

  function inItsPlace(): readonly Edit<Place>[] | undefined {
    const [placed] = rewriteSent(change, title, [
      { span: operation.statement, newText: step.up.join('').replace(/;$/, '') },
    ]);
    const down = isWhole(change)
      ? step.down
      : script.others?.wayBackOf(upWith(change, step.up), [], {
          isOf: each => each.kind === 'dropNotNull' && each.column.name === column.name,
          by: step.down,
        });
    const back = down && script.downAs?.(down);
    return placed && back && [...placed.edits, ...back];
  }
}
