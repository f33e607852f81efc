/** How a key, a constraint or NOT NULL is added while the table is read and written. */
import { tableNamed } from '../catalog/catalog';
import type { ConstraintDefinition, Identifier, KeyConstraint, QualifiedName } from '../catalog/definition';
import { quoted } from '../catalog/naming';
import type { Operation } from '../catalog/operation';
import { type Edit, type ProposedFix, previewed, suggestion } from '../engine/finding';
import type { Place } from '../engine/place';
import type { NewMigration } from '../migrations/added/newMigration';
import type { Unwrap } from '../migrations/codeUnwrap';
import { behindCommit, outOfTransaction } from './behindCommit';
import { insertion, isPartitioned, type Rewrite, rewriteIn, rewriteSent } from './schemaChanges';
import type { SchemaChange, SchemaStatement } from './schemaScripts';
import { isWhole, statementWith, upWith } from './stepParts';

/**
 * A key on an index that is built before it, CONCURRENTLY; outside of a transaction, since the index cannot be built in one. Of several commands those before it stay before the index where they make its columns.
 */
export function usingIndex(
  change: SchemaChange,
  table: QualifiedName,
  constraint: KeyConstraint,
): readonly ProposedFix[] {
  const { statement, operation } = change;
  const unwraps = aloneBy(change);
  if (operation.kind !== 'addConstraint' || isPartitioned(change, table)) return [];
  if (constraint.options.length > 0 || constraint.nullsNotDistinct || constraint.withoutOverlaps) return [];
  if (constraint.tablespace !== undefined) return [];
  const isPrimary = constraint.kind === 'primaryKey';
  const name =
    constraint.name?.name ??
    madeUpName(change, table) ??
    (isPrimary ? `${table.name}_pkey` : `${table.name}_${constraint.columns.map(column => column.name).join('_')}_key`);
  const dropsOld = statement.operations.some(each => each.kind === 'dropConstraint' && each.name.name === name);
  // the old one has its name until the statement runs, which gives the index that of the constraint
  const indexName = dropsOld ? `${name}_new` : name;
  if (!fits(indexName)) return [];
  const columns = constraint.columns.map(({ span }) => statement.textOf(span)).join(', ');
  const include =
    constraint.include.length > 0
      ? ` INCLUDE (${constraint.include.map(({ span }) => statement.textOf(span)).join(', ')})`
      : '';
  const deferrable = { no: '', immediate: ' DEFERRABLE', deferred: ' DEFERRABLE INITIALLY DEFERRED' }[
    constraint.deferrable
  ];
  // a failed build leaves it, invalid
  const cleared = `DROP INDEX CONCURRENTLY IF EXISTS ${table.schema === undefined ? '' : `${quoted(table.schema)}.`}${quoted(indexName)};${statement.lineBreak}`;
  const index = `CREATE UNIQUE INDEX CONCURRENTLY ${quoted(indexName)} ON ${statement.textOf(table.span)} (${columns})${include}`;
  const newText = `CONSTRAINT ${quoted(name)} ${isPrimary ? 'PRIMARY KEY' : 'UNIQUE'} USING INDEX ${quoted(indexName)}${deferrable}`;
  if (!unwraps) {
    const [before, after] = [
      statement.textOf({ start: operation.statement.start, end: constraint.span.start }),
      statement.textOf({ start: constraint.span.end, end: operation.statement.end }),
    ];
    const edits = outOfTransaction(
      change,
      name,
      `${cleared}${index};${statement.lineBreak}${before}${newText}${after}`,
    );
    return edits ? [suggestion('Build the index CONCURRENTLY after COMMIT, and use it', edits)] : [];
  }
  const built = aheadOf(
    change,
    table,
    [...constraint.columns, ...constraint.include],
    runsAlone(change) ? `${cleared}${index}` : index,
  );
  if (!built) return [];
  const edits = [...built, { span: constraint.span, newText }];
  return rewriteSent(change, 'Build the index CONCURRENTLY before, and use it', edits, unwraps);
}

/**
 * A statement before this one; or before its command, where the commands ahead of it make the columns that it is of. Nothing
 * where those behind it do.
 */
function aheadOf(
  { statement, operation }: SchemaChange,
  table: QualifiedName,
  columns: readonly Identifier[],
  sql: string,
): readonly Rewrite[] | undefined {
  const makers = statement.operations.filter(each => changesColumn(each, columns));
  const [last] = makers.slice(-1);
  if (!last) return [insertion(operation.statement.start, `${sql};${statement.lineBreak}`)];
  const { start } = operation.span;
  if (makers.some(each => each.span.start > start)) return undefined;
  const comma = statement.tokens.findLast(({ end }) => end <= start);
  if (!comma || statement.textOf(comma) !== ',' || comma.start < last.span.end) return undefined;
  const [blank = ''] = /[ \t]*$/.exec(statement.textOf({ start: comma.end, end: start })) ?? [];
  return [
    { span: { start: comma.start, end: comma.end }, newText: ';' },
    {
      span: { start: start - blank.length, end: start },
      newText: `${comma.end === start - blank.length ? statement.lineBreak : ''}${sql};${statement.lineBreak}${alter(statement, operation, table)} `,
    },
  ];
}

/** Whether a command makes one of the columns, or makes another of it. */
const changesColumn = (operation: Operation, columns: readonly Identifier[]): boolean =>
  (operation.kind === 'addColumn' || operation.kind === 'setColumnType' || operation.kind === 'dropColumn') &&
  columns.some(({ name }) => name === (operation.kind === 'addColumn' ? operation.column.name : operation.column).name);

/** `ALTER TABLE` of the table, as the statement says it. */
const alter = (statement: SchemaStatement, operation: Operation, table: QualifiedName): string =>
  `ALTER TABLE ${'ifTableExists' in operation && operation.ifTableExists ? 'IF EXISTS ' : ''}${statement.textOf(table.span)}`;

/** The name that the server gives the constraint of a change; nothing where the table may have others than are known. */
export function madeUpName({ before, after }: SchemaChange, table: QualifiedName): string | undefined {
  const [was, is] = [tableNamed(before, table), tableNamed(after, table)];
  if (!was || !is || was.assumed || !was.complete) return undefined;
  const [added, more] = is.constraints.filter(({ id }) => !was.constraints.some(each => each.id === id));
  return added && !more ? added.name : undefined;
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
  constraint: ConstraintDefinition,
): readonly ProposedFix[] {
  const { statement, operation } = change;
  const { end } = operation.statement;
  const own = ownNotValid(change, 'Add it NOT VALID (validate it in a later migration)');
  if (own) return own;
  const stepped = steppedOf(change, table, constraint);
  if (!stepped)
    return operation.kind === 'addConstraint'
      ? rewriteSent(change, 'Add it NOT VALID (it stays to be validated, by the name that the server gives it)', [
          insertion(constraint.notValidAt, ' NOT VALID'),
        ])
      : [];
  const { edits, called } = stepped;
  const validate = `${alter(statement, operation, table)} VALIDATE CONSTRAINT ${called.text}`;
  const title = 'Add it NOT VALID, and validate it after';
  const unwraps = aloneBy(change);
  // by itself it is done when the next one fails, and is done again
  const again =
    runsAlone(change) && operation.kind === 'addConstraint'
      ? [insertion(operation.span.start, `DROP CONSTRAINT IF EXISTS ${called.text}, `)]
      : [];
  if (unwraps)
    return rewriteSent(
      change,
      title,
      atOnePlace([...again, ...edits, insertion(end, `;${statement.lineBreak}${validate}`)]),
      unwraps,
    );
  const behind = behindCommit(change, table, called.name, [validate]);
  return behind
    ? rewriteIn(change, `${title} COMMIT`, edits, [behind])
    : rewriteSent(change, `Add it NOT VALID (validate \`${called.name}\` in a later migration)`, edits);
}

/** The statement with the constraint NOT VALID, under a name that is known. */
interface Stepped {
  readonly edits: readonly Rewrite[];
  readonly called: Called;
  /** The constraint, NOT VALID, as ADD takes it. */
  readonly definition: string;
}

/** One that is written with a new column becomes a command of its own, since NOT VALID is no word of a column's. */
function steppedOf(change: SchemaChange, table: QualifiedName, constraint: ConstraintDefinition): Stepped | undefined {
  const { statement, operation } = change;
  const called = calledBy(change, table, constraint);
  if (!called) return undefined;
  const { span, notValidAt, name } = constraint;
  const named = called.isMadeUp ? `CONSTRAINT ${called.text} ` : '';
  if (operation.kind === 'addConstraint') {
    const [text, rest] = [
      statement.textOf({ start: span.start, end: notValidAt }),
      statement.textOf({ start: notValidAt, end: span.end }),
    ];
    return {
      edits: [...(called.isMadeUp ? [insertion(span.start, named)] : []), insertion(notValidAt, ' NOT VALID')],
      called,
      definition: `${named}${text} NOT VALID${rest}`,
    };
  }
  if (operation.kind !== 'addColumn' || operation.ifNotExists || statement.builder) return undefined;
  const of = constraint.kind === 'foreignKey' ? `FOREIGN KEY (${statement.textOf(operation.column.name.span)}) ` : '';
  const text = statement.textOf({ start: name?.span.end ?? span.start, end: span.end }).trim();
  const definition = `CONSTRAINT ${called.text} ${of}${text} NOT VALID`;
  return {
    edits: [
      { span: { start: span.start - 1, end: span.end }, newText: '' },
      insertion(operation.span.end, `, ADD ${definition}`),
    ],
    called,
    definition,
  };
}

/** What a constraint is called, or will be. */
interface Called {
  readonly name: string;
  /** As SQL. */
  readonly text: string;
  /** Nobody has given it the name: it has to be written. */
  readonly isMadeUp: boolean;
}

function calledBy(
  change: SchemaChange,
  table: QualifiedName,
  { name: given }: Pick<ConstraintDefinition, 'name'>,
): Called | undefined {
  if (given) return { name: given.name, text: change.statement.textOf(given.span), isMadeUp: false };
  const name = madeUpName(change, table);
  return name === undefined ? undefined : { name, text: quoted(name), isMadeUp: true };
}

/** What is put in at one place is one insertion. */
function atOnePlace(edits: readonly Rewrite[]): readonly Rewrite[] {
  const [last, other] = [edits.at(-1), edits.at(-2)];
  if (!last || !other || last.span.start !== other.span.end) return edits;
  return [...edits.slice(0, -2), { span: other.span, newText: `${other.newText}${last.newText}` }];
}

// ——— in migrations behind this one ———

/** New migrations behind this one. What tools that run everything that waits in one transaction must be told is said there. */
export const behind = (
  change: SchemaChange,
  migrations: readonly NewMigration[],
): readonly Edit<Place>[] | undefined => {
  const { script, statement } = change;
  // Drizzle runs all that waits in one transaction, whatever it is told
  if (!script.isNewest || script.isPartial || script.tool === 'drizzle' || !statement.takes('')) return undefined;
  return script.dialect === 'postgresql' ? script.tail?.add(migrations) : undefined;
};

/** NOT VALID here, and validated by a migration behind this one, where it cannot be validated right after. */
export function validatedLater(
  change: SchemaChange,
  table: QualifiedName,
  constraint: ConstraintDefinition,
): readonly ProposedFix[] {
  const { statement } = change;
  const stepped = steppedOf(change, table, constraint);
  if (!stepped) return [];
  const { edits, called, definition } = stepped;
  const title = 'Add it NOT VALID, and validate it in a new migration';
  const own = ownNotValid(change, title);
  if (!own && aloneBy(change)) return [];
  const of = `ALTER TABLE ${statement.textOf(table.span)}`;
  const [first] = own ?? rewriteSent(change, title, edits);
  const added = behind(change, [
    {
      does: `validate ${called.name}`,
      comments: ['Reads the rows while they are written to: what is written is checked already.'],
      up: [`${of} VALIDATE CONSTRAINT ${called.text};`],
      down: [`${of} DROP CONSTRAINT ${called.text}, ADD ${definition};`],
      isApart: true,
    },
  ]);
  return first && added ? [previewed(title, [...first.edits, ...added])] : [];
}

const ownNotValid = ({ statement }: SchemaChange, title: string): readonly ProposedFix[] | undefined => {
  const own = statement.builder?.()?.notValid;
  return own && [suggestion(title, own)];
};

/** NOT NULL behind a CHECK that is validated before, so that nothing is read. */
export function notNullByCheck(change: SchemaChange, table: QualifiedName, column: Identifier): readonly ProposedFix[] {
  const { statement, operation } = change;
  const check = checkOf(change, table, column);
  if (!check) return [];
  const unwraps = aloneBy(change);
  if (!unwraps) {
    const behind = behindCommit(change, table, undefined, [
      check.validate,
      `${check.of} ALTER COLUMN ${statement.textOf(column.span)} SET NOT NULL`,
      `${check.of} ${check.dropIfThere}`,
    ]);
    const title = 'Add a CHECK here; validate it and set NOT NULL after COMMIT';
    return behind
      ? rewriteIn(change, title, [{ span: operation.span, newText: `${check.add} NOT VALID` }], [behind])
      : notNullLater(change, table, column);
  }
  // by itself each is done when the next one fails, and is done again
  const isAgain = runsAlone(change);
  const text = [
    `${check.of} ${isAgain ? `${check.dropIfThere}, ` : ''}${check.add} NOT VALID`,
    check.validate,
    statement.textOf(operation.statement),
    isAgain ? `${check.of} ${check.dropIfThere}` : check.drop,
  ];
  const newText = text.join(`;${statement.lineBreak}`);
  const here = rewriteSent(
    change,
    'Validate a CHECK before, so that nothing is read',
    [{ span: operation.statement, newText }],
    unwraps,
  );
  return here.length > 0 ? here : notNullLater(change, table, column);
}

interface Check {
  readonly name: string;
  /** The head of every statement. */
  readonly of: string;
  /** The command that adds it. */
  readonly add: string;
  readonly validate: string;
  readonly drop: string;
  /** The command that drops it where it is there. */
  readonly dropIfThere: string;
}

/** The CHECK that says what NOT NULL does; nothing where another command of the statement makes the column, or writes all rows. */
function checkOf(change: SchemaChange, table: QualifiedName, column: Identifier): Check | undefined {
  const { statement, operation } = change;
  const plain = `${table.name}_${column.name}_not_null`;
  if (operation.kind !== 'setNotNull' || !fits(plain)) return undefined;
  if (statement.operations.some(each => changesColumn(each, [column]))) return undefined;
  const name = quoted(plain);
  const of = alter(statement, operation, table);
  return {
    name: plain,
    of,
    add: `ADD CONSTRAINT ${name} CHECK (${statement.textOf(column.span)} IS NOT NULL)`,
    validate: `${of} VALIDATE CONSTRAINT ${name}`,
    drop: `${of} DROP CONSTRAINT ${name}`,
    dropIfThere: `DROP CONSTRAINT IF EXISTS ${name}`,
  };
}

/** NOT NULL behind a CHECK that is validated before: in three migrations, since a transaction keeps its locks. */
function notNullLater(change: SchemaChange, table: QualifiedName, column: Identifier): readonly ProposedFix[] {
  const { statement, operation, script } = change;
  const check = checkOf(change, table, column);
  if (!check) return [];
  const title = 'Set it in 3 steps, none of which reads the table under a lock';
  const { of, add } = check;
  const written = statement.textOf(column.span);
  const drop = `${check.drop};`;
  const step = {
    comments: ['New rows are checked from here on; the next migrations validate the old ones, and set NOT NULL.'],
    up: [`${of} ${add} NOT VALID;`],
    down: [drop],
  };
  const own = statement.builder?.()?.atDatabase;
  const first = own ? own(step) : inItsPlace();
  const added = behind(change, [
    {
      does: `validate ${check.name}`,
      comments: ['Reads the rows while they are written to: what is written is checked already.'],
      up: [`${check.validate};`],
      down: [`${check.drop}, ${add} NOT VALID;`],
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
    const command = `${add} NOT VALID`;
    const [placed] = rewriteSent(change, title, [{ span: operation.span, newText: command }]);
    const down = isWhole(change)
      ? step.down
      : script.others?.wayBackOf(upWith(change, statementWith(change, command)), [], {
          isOf: each => each.kind === 'dropNotNull' && each.column.name === column.name,
          by: step.down,
        });
    const back = down && script.downAs?.(down);
    return placed && back && [...placed.edits, ...back];
  }
}
