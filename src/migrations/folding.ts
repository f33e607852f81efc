/** A history's scripts folded into catalogs, one script at a time. */
import { type Catalog, inNewSession } from '../catalog/catalog';
import type { OtherDialect } from '../catalog/dialectCursor';
import { type Failure, type FoldOptions, type FoldStep, foldSteps } from '../catalog/fold';
import { inHindsight, type Met, withLacks } from '../catalog/hindsight';
import type { CatalogObject } from '../catalog/object';
import type { Operation } from '../catalog/operation';
import { readDialect } from '../catalog/readDialect';
import { readPostgres, type StatementOperations } from '../catalog/readPostgres';
import { isUnfollowed } from '../catalog/routineCalls';
import type { PostgresTrees } from '../sql/postgresTree';
import { type Doubt, isNoDoubt, WHOLE_DOUBT, widened, wordsOf } from './doubt';
import { GuardAnswers } from './guards';
import type { Script, ScriptStatement } from './script';

/** One statement with what it does. */
export interface ReadStatement {
  readonly statement: ScriptStatement;
  readonly operations: readonly Operation[];
}

/** A statement that the server would refuse. */
export interface ScriptFailure {
  readonly statement: ScriptStatement;
  readonly failure: Failure;
}

export interface FoldedScript {
  readonly catalog: Catalog;
  /** Each statement with the catalogs around its operations; none of one that did not run. */
  readonly statements: readonly FoldedStatement[];
  /** The first statement that is refused; the others are folded all the same. */
  readonly failed?: ScriptFailure;
  /** Something in it was not understood, or could not be translated, and may change the schema. */
  readonly isPartial: boolean;
  /** What it asks first is not so, and some of it did not run: it is for databases that went another way. */
  readonly isSkipping?: boolean;
}

export interface FoldedStatement {
  readonly sql: string;
  readonly steps: readonly FoldStep[];
}

const known = new WeakMap<readonly ScriptStatement[], readonly ReadStatement[]>();

/** What a script's statements do. A script is read once, however often it is folded. */
export function readStatements({ statements, dialect }: Script, trees: PostgresTrees): readonly ReadStatement[] {
  const before = known.get(statements);
  if (before) return before;
  const read = statements.map(
    (statement): ReadStatement => ({
      statement,
      operations: readOne(statement, dialect, trees).flatMap(one => one.operations),
    }),
  );
  known.set(statements, read);
  return read;
}

/** One statement of a script, as its server or its builder writes it. */
export function readOne(
  { sql, pieces }: Pick<ScriptStatement, 'sql' | 'pieces'>,
  dialect: OtherDialect | undefined,
  trees: PostgresTrees,
): readonly StatementOperations[] {
  if (dialect === undefined) return readPostgres(trees, sql);
  if (pieces.length > 0) return readDialect(trees, sql, dialect);
  const built = readPostgres(trees, sql);
  const isUnread = built.some(({ operations }) => operations.some(({ kind }) => kind === 'unread'));
  return isUnread ? readDialect(trees, sql, dialect) : built;
}

/** The catalog after a script that runs in a session of its own. */
export function foldScript(
  catalog: Catalog,
  script: Script,
  trees: PostgresTrees,
  options: FoldOptions = {},
  asked = new GuardAnswers(),
): FoldedScript {
  const read = readStatements(script, trees);
  let isPartial = script.untranslated.some(({ dataOnly }) => !dataOnly);
  const worded = wording(catalog, read);
  let now = inNewSession(catalog);
  let failed: FoldedScript['failed'];
  let isSkipping = false;
  const statements: FoldedStatement[] = [];
  for (const { statement, operations } of read) {
    if (!asked.allow(statement.guards, now)) {
      isSkipping = true;
      statements.push({ sql: statement.sql, steps: [] });
      continue;
    }
    // statements are texts of their own, so that their operations' offsets may be the same
    const steps = foldSteps(now, operations, options);
    const failure = steps.find(step => step.failure)?.failure;
    // what was published has run: of one that is not followed the others are
    if (failure) failed ??= { statement, failure };
    now = steps.at(-1)?.after ?? now;
    statements.push({ sql: statement.sql, steps });
    isPartial ||= operations.some(operation => isUnfollowed(now, operation));
  }
  return {
    catalog: { ...inNewSession(now), ...worded },
    statements,
    ...(failed ? { failed } : {}),
    isPartial,
    ...(isSkipping ? { isSkipping } : {}),
  };
}

/** Whose words the catalog is in after these statements; PostgreSQL's are the same from both. */
function wording(before: Catalog, read: readonly ReadStatement[]): Pick<Catalog, 'wordedBy'> {
  if (before.dialect === undefined) return {};
  let by = before.wordedBy;
  for (const { statement, operations } of read) {
    if (operations.length === 0) continue;
    const own = statement.pieces.length > 0 ? 'text' : 'builder';
    by = by === undefined || by === own ? own : 'both';
  }
  return by === undefined ? {} : { wordedBy: by };
}

/** A step of a history with the catalogs around it. */
export interface SchemaStep {
  readonly before: Catalog;
  readonly after: Catalog;
  /** The up as it was folded. */
  readonly up: FoldedScript;
  /** All before it was understood, in an order that is certain. */
  readonly isCertain: boolean;
  /** What is in doubt where it was not. */
  readonly doubt: Doubt;
  /** What it was read with. */
  readonly trees: PostgresTrees;
}

/**
 * Folds one up. A history that speaks of what it has not created goes on from a database that was there before: what it
 * does not explain is assumed from then on, and was there before the step as well.
 */
export function foldStep(
  { before, doubt }: Pick<SchemaStep, 'before' | 'doubt'>,
  up: Script,
  trees: PostgresTrees,
  options: FoldOptions = {},
): SchemaStep {
  const isCertain = isNoDoubt(doubt);
  const isOpen = !before.complete && before.dialect === undefined;
  const met: Met[] = [];
  const folded = foldScript(before, up, trees, { ...options, meets: each => met.push(each) });
  if (isOpen) {
    const known = met.length > 0 ? inHindsight(before, met) : before;
    const again = known === before ? folded : foldScript(known, up, trees, options);
    const done = again.failed === undefined || folded.failed !== undefined ? again : folded;
    const start = withLacks(done === again ? known : before, done.catalog, madeUnlessThere(up, trees));
    return { before: start, after: afterOf(done), up: done, isCertain, doubt, trees };
  }
  // behind a block that was not understood, what is altered is not refused
  const isUnseen = met.length > 0 && !folded.catalog.complete && before.dialect === undefined;
  const isBeyond = folded.failed?.failure.reason === 'missing' || isUnseen;
  if (!isBeyond || !before.complete) return { before, after: afterOf(folded), up: folded, isCertain, doubt, trees };
  return foldStep({ before: { ...before, complete: false }, doubt }, up, trees, options);
}

/** Parts that a script makes where they are not there yet. */
function madeUnlessThere(up: Script, trees: PostgresTrees): ReadonlySet<string> {
  const made = new Set<string>();
  for (const { operations } of readStatements(up, trees))
    for (const operation of operations.flatMap(each =>
      each.kind === 'unread' && each.ensures ? each.ensures : [each],
    )) {
      const ensured = !operations.includes(operation);
      if (operation.kind === 'addColumn' && (ensured || operation.ifNotExists))
        made.add(`column ${operation.column.name.name}`);
      if (operation.kind === 'createIndex' && operation.name && (ensured || operation.ifNotExists))
        made.add(`index ${operation.name.name}`);
      if (operation.kind === 'addConstraint' && ensured && operation.constraint.name)
        made.add(`constraint ${operation.constraint.name.name}`);
    }
  return made;
}

/** What could not be translated may have created anything. */
const afterOf = ({ catalog, isPartial }: FoldedScript): Catalog =>
  isPartial && catalog.complete ? { ...catalog, complete: false } : catalog;

/** A program that makes up statements from the server's own lists may do anything to any object. */
const LISTS_OBJECTS = /\b(?:information_schema|pg_\w+)\b/i;

/** One that runs statements which stand there from end to end makes none up. */
const MAKES_STATEMENTS =
  /\bexecute\b(?!\s+(?:function|procedure|on)\b|\s+(?:'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$)\s*;)/i;

/** What is in doubt behind a step. */
export function doubtBehind(
  { doubt: before, up: folded }: Pick<SchemaStep, 'doubt' | 'up'>,
  script: Script,
  trees: PostgresTrees,
): Doubt {
  const untranslated = script.untranslated.filter(({ dataOnly }) => !dataOnly);
  if (before.isWhole || untranslated.some(({ about }) => about === undefined)) return WHOLE_DOUBT;
  const texts: string[] = untranslated.flatMap(({ about = [] }) => about);
  for (const { statement, operations } of readStatements(script, trees)) {
    // of a script in which a statement is refused it is not sure what else has run
    const isUnread = operations.some(operation => isUnfollowed(folded.catalog, operation));
    if (!isUnread && !folded.failed) continue;
    const text = withRoutines(folded.catalog, statement.sql);
    if (isUnread) {
      const isPrepared = operations.some(operation => operation.kind === 'unread' && operation.why === 'dynamic');
      if (isPrepared || (MAKES_STATEMENTS.test(text) && LISTS_OBJECTS.test(text))) return WHOLE_DOUBT;
      const isCall = operations.some(operation => operation.kind === 'unread' && operation.why === 'call');
      // a function that nobody shows, and that is told no names
      if (isCall && text === statement.sql && !text.includes("'")) return WHOLE_DOUBT;
    }
    texts.push(text);
  }
  return widened(before, texts);
}

/** A text with the bodies of the functions that it names. */
export function withRoutines(catalog: Catalog, text: string): string {
  const found = [text];
  const named = new Set(wordsOf(text));
  for (const object of catalog.objects.values()) {
    const body = bodyOf(object);
    if (body !== undefined && 'name' in object && named.has(`${object.name}`.toLowerCase())) found.push(body);
  }
  return found.join('\n');
}

/** Other servers' routines are kept by their text. */
function bodyOf(object: CatalogObject): string | undefined {
  if (object.kind === 'routine') return object.body;
  const isRoutine = object.kind === 'other' && (object.what === 'function' || object.what === 'procedure');
  return isRoutine ? object.text : undefined;
}
