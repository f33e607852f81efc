/**
 * Migrations as what they do to a live server: statement by statement, with the transaction that each runs in and the
 * catalog before it. Made from one direction of a migration, whatever it is written in.
 */

import type { Catalog } from '../catalog/catalog';
import { inNewSession } from '../catalog/catalog';
import { type FoldStep, foldSteps } from '../catalog/fold';
import type { Operation } from '../catalog/operation';
import { readPostgres } from '../catalog/readPostgres';
import type { ChangedType } from '../catalog/typeChanges';
import type { Edit } from '../engine/finding';
import type { MigrationTool } from '../engine/migrationTools';
import type { Place } from '../engine/place';
import type { SourcePiece } from '../migrations/code/values';
import { type FoldedStatement, readOne } from '../migrations/folding';
import { type Guard, GuardAnswers } from '../migrations/guards';
import type { SchemaHead } from '../migrations/head';
import type { OtherStatements } from '../migrations/otherStatements';
import type { ScriptStatement } from '../migrations/script';
import type { UpScript } from '../migrations/upScript';
import type { BuilderStatement } from '../migrations/written/builderStatement';
import type { Dialect } from '../sql/dialect';
import type { PostgresTrees } from '../sql/postgresTree';
import type { SqlSpan } from '../sql/query';
import type { StatementNames } from '../sql/statementNames';
import type { Token } from '../sql/tokens';
import { changesInBlock } from './blockStatements';
import { statementNamesOf } from './literalColumns';
import type { HistoryTail } from './newMigrations';

/** The way up of one migration. */
export interface SchemaScript {
  readonly dialect: Dialect;
  /** The tool whose migration it is, where one is known. */
  readonly tool?: MigrationTool;
  /** The server's major version. */
  readonly server: number;
  readonly statements: readonly SchemaStatement[];
  /** What the statements do, in order. */
  readonly changes: readonly SchemaChange[];
  /** It may do to the schema what could not be followed. */
  readonly isPartial: boolean;
  /** No migration of its tool comes before it. */
  readonly isFirst: boolean;
  /** The catalog before the migration, and after it. */
  readonly before: Catalog;
  readonly after: Catalog;
  /** What the migrations before it do, as far as the history is in reach; read when it is asked for. */
  readonly earlier: () => readonly Operation[];
  /** What those of so many days before it do, where names tell the time. */
  readonly recent: (days: number) => readonly Operation[];
  /** What its way back does. */
  readonly down: () => readonly Operation[];
  /** How many migrations come behind it, of how many; absent where it is looked at alone. */
  readonly place?: { readonly behind: number; readonly of: number };
  /** Whether and how the tool runs all of it in one transaction. */
  readonly wraps: UpScript['wraps'];
  /** By which edit the tool is told not to. */
  readonly unwrap?: UpScript['unwrap'];
  /** What the whole history comes to, as far as it is read. */
  readonly head?: SchemaHead;
  /** Only the alphabet tells which file comes before which. */
  readonly isOrderGuessed?: boolean;
  /** Its tool has written it out of models: what a column is is decided there. */
  readonly isGenerated?: boolean;
  /** It is what a schema of models declares. */
  readonly isOfModels?: true;
  /** Nothing comes behind it, so that it may be added to; what is older has run somewhere. */
  readonly isNewest: boolean;
  /** Where migrations are added behind the newest. */
  readonly tail?: HistoryTail;
  /** Edits that make its way back these statements; undefined where they have no place. */
  readonly downAs?: DownAs;
  /** What it would be with other statements. */
  readonly others?: OtherStatements;
}

/** Each statement with its semicolon; comments are said before them. */
export type DownAs = (
  statements: readonly string[],
  comments?: readonly string[],
) => readonly Edit<Place>[] | undefined;

export interface SchemaStatement {
  /** Its place among the statements of the script. */
  readonly index: number;
  readonly sql: string;
  /** Where it stands; of what a builder has made, the call. */
  readonly at: Place;
  /** Without comments, in the offsets of its operations. */
  readonly tokens: readonly Token[];
  readonly operations: readonly Operation[];
  /** The type of the column that it changes, as the migration itself says. */
  readonly typeBefore?: ChangedType;
  /** The program goes on when it fails. */
  readonly caught?: boolean;
  /** A builder's, which says the type of a column anew when something else of it changes. */
  readonly repeatsType?: boolean;
  /** It runs only where all of these are so. */
  readonly guards?: readonly Guard[];
  /** The transaction that it runs in; the statements that begin and end one are in it. */
  readonly transaction?: Transaction;
  /** Where a stretch of it stands in the source, in the offsets of its operations; nothing where a builder has made it. */
  readonly exact: (span: SqlSpan) => Place | undefined;
  /** What to mark for a stretch: where it stands, or else what it is made of. */
  readonly marked: (span: SqlSpan) => Place | undefined;
  /** What a query or a change of rows names; nothing where it does not parse. */
  readonly names: () => StatementNames | undefined;
  /** The text of a stretch. */
  readonly textOf: (span: SqlSpan) => string;
  /** Whether a text can be written into it as it is: a literal of the program's has an end, and escapes. */
  readonly takes: (text: string) => boolean;
  /** The literal of a program that is all of it with another text in it; nothing for one of a form that is not known. */
  readonly anew?: (sql: string) => Edit<Place> | undefined;
  /** It is a text of a program: what is written beside it is sent together with it, and makes one transaction. */
  readonly inCode: boolean;
  /** What a builder has made, in the words of its tool; worked out when a fix asks. */
  readonly builder?: () => BuilderStatement | undefined;
  /** A comment in the place of what sends it in a program; nothing where that does more. */
  readonly without?: (says: string) => readonly Edit<Place>[] | undefined;
  /** What a fix puts between two statements: a literal may hold no line break. */
  readonly lineBreak: '\n' | ' ';
}

export interface Transaction {
  readonly number: number;
  /** Who has begun it; what stands in a DO block can get out of none. */
  readonly by: 'tool' | 'statement' | 'block';
  /** It is that of the statement alone: nothing before it is in it. */
  readonly isOwn?: true;
}

/** One operation, with what it meets. */
export interface SchemaChange<O extends Operation = Operation> {
  readonly operation: O;
  readonly statement: SchemaStatement;
  readonly script: SchemaScript;
  /** The catalog before it, and after it. */
  readonly before: Catalog;
  readonly after: Catalog;
  /** What to mark: its first line. */
  readonly at: Place;
}

export interface SchemaScriptInput {
  readonly script: UpScript;
  readonly trees: PostgresTrees;
  readonly dialect: Dialect;
  readonly tool?: MigrationTool;
  readonly server: number;
  readonly isFirst?: boolean;
  /** The catalog before the migration, as far as the history is known. */
  readonly before: Catalog;
  /** What its statements did where its history was folded. */
  readonly folded?: readonly FoldedStatement[];
  readonly earlier?: () => readonly Operation[];
  readonly recent?: (days: number) => readonly Operation[];
  readonly down?: () => readonly Operation[];
  readonly place?: SchemaScript['place'];
  /** The quote that opens the literal in which a stretch of the program stands; absent for a file of SQL. */
  readonly quoteAt?: (piece: SourcePiece) => Quote;
  /** The literal that holds a stretch, and nothing else, with another text in it. */
  readonly literalOf?: (piece: SourcePiece, sql: string) => Edit<Place> | undefined;
  /** Whether the program goes on when the statement at a place fails. */
  readonly isCaught?: (at: Place) => boolean;
  /** What a builder's statement is in the words of its tool. */
  readonly builderOf?: (statement: ScriptStatement) => BuilderStatement | undefined;
  /** A comment in the place of what sends a statement in a program. */
  readonly withoutIt?: (statement: ScriptStatement, says: string) => readonly Edit<Place>[] | undefined;
  readonly head?: SchemaHead;
  readonly isGenerated?: boolean;
  readonly isOfModels?: true;
  readonly isNewest?: boolean;
  readonly tail?: HistoryTail;
  readonly downAs?: DownAs;
  readonly others?: OtherStatements;
}

export type Quote = "'" | '"' | '`' | "'''" | '"""';

export function schemaScriptOf(input: SchemaScriptInput): SchemaScript {
  const { script, trees, dialect, server, isFirst = false, before, isCaught } = input;
  const { earlier = () => [], recent = () => [], down = () => [], place } = input;
  const { head, isNewest = false, builderOf, withoutIt, tool, tail, downAs, others } = input;
  const statements = inTransactions(
    script.statements.flatMap(each =>
      statementsOf(each, trees, dialect, input).map(
        (statement): Unplaced => ({
          ...statement,
          ...(isCaught?.(each.at) ? { caught: true } : {}),
          ...(withoutIt ? { without: (says: string) => withoutIt(each, says) } : {}),
          ...(builderOf && each.pieces.length === 0 ? { builder: () => builderOf(each) } : {}),
        }),
      ),
    ),
    script.wraps,
  );
  const changes: SchemaChange[] = [];
  const made: SchemaScript = {
    dialect,
    ...(tool ? { tool } : {}),
    server,
    statements,
    changes,
    isPartial: script.untranslated.some(({ dataOnly }) => !dataOnly),
    isFirst,
    before,
    after: before,
    earlier,
    recent,
    down,
    ...(place ? { place } : {}),
    wraps: script.wraps,
    ...(script.unwrap ? { unwrap: script.unwrap } : {}),
    ...(head ? { head } : {}),
    ...(input.isGenerated ? { isGenerated: true } : {}),
    ...(input.isOfModels ? { isOfModels: true } : {}),
    isNewest,
    ...(tail ? { tail } : {}),
    ...(downAs ? { downAs } : {}),
    ...(others ? { others } : {}),
  };
  let now = inNewSession(before);
  const asked = new GuardAnswers();
  for (const [index, statement] of statements.entries()) {
    if (!asked.allow(statement.guards, now)) continue;
    for (const { operation, before: ahead, after } of stepsOf(statement, now, input.folded?.[index])) {
      changes.push({
        operation,
        statement,
        script: made,
        before: ahead,
        after,
        at: firstLine(statement, operation.span),
      });
      now = after;
      if (operation.kind === 'unread' && operation.why === 'block')
        changes.push(...insideBlock(statement, operation.statement, { ...ahead, complete: after.complete }));
    }
  }
  return Object.assign(made, { after: now });

  /** A text does the same to the same catalog, wherever it stands; other servers' catalogs keep offsets. */
  function stepsOf(
    { sql, operations }: SchemaStatement,
    from: Catalog,
    folded: FoldedStatement | undefined,
  ): readonly FoldStep[] {
    const isSame =
      dialect === 'postgresql' &&
      folded?.sql === sql &&
      folded.steps.length === operations.length &&
      folded.steps[0]?.before === from;
    if (!isSame) return foldSteps(from, operations, { postgresVersion: server });
    return folded.steps.flatMap(({ before: ahead, after }, at) => {
      const operation = operations[at];
      return operation ? [{ operation, before: ahead, after }] : [];
    });
  }

  /** What stands in a block happens, where it does, from the block on; what is behind the block knows nothing of it. */
  function insideBlock(outer: SchemaStatement, block: SqlSpan, from: Catalog): readonly SchemaChange[] {
    const found: SchemaChange[] = [];
    let inside = from;
    const body = outer.textOf(block);
    // its own COMMIT makes several of it
    const isSeveral = /\bCOMMIT\s*;/i.test(body);
    for (const { start, end } of changesInBlock(body)) {
      const sql = outer.textOf({ start: block.start + start, end: block.start + end });
      // at its own place, so that spans are those of the whole
      const operations = readPostgres(trees, ' '.repeat(block.start + start) + sql).flatMap(each => each.operations);
      const statement: SchemaStatement = {
        ...outer,
        sql,
        operations,
        transaction: outer.transaction
          ? { ...outer.transaction, by: 'block' }
          : { number: -1 - outer.index - (isSeveral ? start / body.length : 0), by: 'block', isOwn: true },
        tokens: [],
        caught: true,
        takes: () => false,
        names: () => undefined,
      };
      for (const { operation, before: ahead, after } of foldSteps(inside, operations, { postgresVersion: server })) {
        if (operation.kind !== 'unread')
          found.push({
            operation,
            statement,
            script: made,
            before: ahead,
            after,
            at: firstLine(statement, operation.span),
          });
        inside = after;
      }
    }
    return found;
  }
}

function firstLine(statement: SchemaStatement, span: SqlSpan): Place {
  const exact = statement.exact(span);
  if (!exact) return statement.at;
  const line = statement.textOf(span).split('\n', 1)[0]?.trimEnd() ?? '';
  return statement.exact({ start: span.start, end: span.start + line.length }) ?? exact;
}

type Unplaced = Omit<SchemaStatement, 'index' | 'transaction'>;

/** The statements of a text; it may hold several, and `HOLE` where a builder's value goes in. */
function statementsOf(
  { sql, at, pieces, marks = [], typeBefore, repeatsType, guards, namesInPart }: ScriptStatement,
  trees: PostgresTrees,
  dialect: Dialect,
  { quoteAt, literalOf }: Pick<SchemaScriptInput, 'quoteAt' | 'literalOf'>,
): readonly Unplaced[] {
  const was = typeBefore === undefined ? undefined : typeIn(typeBefore, trees);
  const exact = (span: SqlSpan): Place | undefined => {
    for (const { from, to, unit, start, escapes } of pieces) {
      if (span.start < from || span.end > to) continue;
      const offset = (position: number): number => {
        const inPiece = position - from;
        const shift = escapes?.filter(([value]) => value <= inPiece).at(-1);
        return start + (shift ? shift[1] + (inPiece - shift[0]) : inPiece);
      };
      return { unit, start: offset(span.start), end: offset(span.end) };
    }
    return undefined;
  };
  const quotes = quoteAt ? [...new Set(pieces.map(quoteAt))] : [];
  const [only, more] = pieces;
  const isAll = only && !more && only.from === 0 && only.to === sql.length && !namesInPart;
  const read = readOne({ sql, pieces }, dialect === 'postgresql' ? undefined : dialect, trees);
  return read.map(({ statement, operations }) => ({
    sql: statement.text,
    at: exact(statement) ?? at,
    tokens: statement.tokens,
    operations,
    ...(was ? { typeBefore: was } : {}),
    ...(repeatsType ? { repeatsType } : {}),
    ...(guards ? { guards } : {}),
    exact,
    marked: span => exact(span) ?? marks.find(({ from, to }) => from <= span.start && span.end <= to)?.at,
    names: () => statementNamesOf(trees, statement),
    textOf: span => sql.slice(span.start, span.end),
    ...(isAll && literalOf ? { anew: (written: string) => literalOf(only, written) } : {}),
    inCode: quoteAt !== undefined,
    takes: written => !namesInPart && quotes.every(quote => fitsInto(quote, written)),
    lineBreak: quotes.every(quote => quote === '`' || quote.length === 3) ? '\n' : ' ',
  }));
}

/** Written into a literal between such quotes a text stays what it is. */
const fitsInto = (quote: Quote, text: string): boolean =>
  !text.includes('\\') &&
  !text.includes(quote) &&
  (quote === '`' ? !text.includes('${') : quote.length === 3 || !text.includes('\n'));

function typeIn(sql: string, trees: PostgresTrees): ChangedType | undefined {
  for (const { operations } of readPostgres(trees, `ALTER TABLE t ALTER COLUMN c TYPE ${sql}`))
    for (const operation of operations) if (operation.kind === 'setColumnType') return operation.type;
  return undefined;
}

function inTransactions(statements: readonly Unplaced[], wraps: UpScript['wraps']): readonly SchemaStatement[] {
  let number = 0;
  let open: Transaction | undefined =
    wraps === 'always' || (wraps !== undefined && statements.length > 1) ? { number, by: 'tool' } : undefined;
  return statements.map((statement, index) => {
    let transaction = open;
    for (const operation of statement.operations) {
      if (operation.kind !== 'transaction') continue;
      if (operation.action === 'begin') {
        if (open === undefined) {
          number += 1;
          open = { number, by: 'statement' };
        } else if (wraps === 'together') open = { ...open, by: 'statement' };
        transaction = open;
      }
      if (operation.action === 'commit' || operation.action === 'rollback' || operation.action === 'prepare') {
        number += 1;
        open = operation.chain && open ? { number, by: 'statement' } : undefined;
      }
    }
    return { ...statement, index, ...(transaction ? { transaction } : {}) };
  });
}
