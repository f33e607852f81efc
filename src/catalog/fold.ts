/**
 * Folds operations into a catalog, as the server does: with the names that it makes up, what falls with what, and what it
 * refuses. A statement is all or nothing. Where the server would raise an error the catalog stays as it was, and the
 * failure says why.
 */
import type { SqlSpan } from '../sql/query';
import { type Catalog, NEW_SESSION } from './catalog';
import { Draft, type Outcome, type Refusal } from './draft';
import { foldColumnChange, foldDropColumn } from './foldColumn';
import { foldCreateObject } from './foldCreate';
import { foldRedefineColumn, placeholderNamed } from './foldDialect';
import { foldAttachIndex, foldCreateIndex, foldIndexOptions } from './foldIndex';
import { nameNotNulls } from './foldNotNull';
import { foldComment, foldDrop, foldGrant, foldRename, foldSetOwner, foldSetSchema } from './foldObject';
import { foldAlterPublication } from './foldPublication';
import { foldStorage } from './foldStorage';
import { foldAddColumn, foldCreateTable, foldCreateTableAs } from './foldTable';
import { foldConstraintChange, foldTableSetting } from './foldTableSetting';
import { foldSequence, foldType } from './foldType';
import {
  foldAlterFunction,
  foldAlterPolicy,
  foldCreateFunction,
  foldCreatePolicy,
  foldCreateRule,
  foldCreateTrigger,
  foldCreateView,
} from './foldView';
import type { Met } from './hindsight';
import type { Operation } from './operation';
import { isUnfollowed } from './routineCalls';

export interface FoldOptions {
  /** The server's major version; 14 by default. */
  readonly postgresVersion?: number;
  /** Hears of what was there before, as far as the history does not know it. */
  readonly meets?: (met: Met) => void;
}

/** The server would raise an error here. */
export interface Failure extends Refusal {
  readonly operation: Operation;
}

export interface Folded {
  readonly catalog: Catalog;
  readonly failures: readonly Failure[];
}

/** One operation with the catalogs around it. */
export interface FoldStep {
  readonly operation: Operation;
  readonly before: Catalog;
  readonly after: Catalog;
  readonly failure?: Failure;
}

/** Folds statements in order; operations of one statement stand together in one list. */
export function fold(catalog: Catalog, operations: readonly Operation[], options: FoldOptions = {}): Folded {
  const steps = foldSteps(catalog, operations, options);
  const failures = steps.flatMap(({ failure }) => (failure ? [failure] : []));
  return { catalog: steps.at(-1)?.after ?? catalog, failures };
}

/** The same, keeping the catalog around each operation. */
export function foldSteps(
  catalog: Catalog,
  operations: readonly Operation[],
  options: FoldOptions = {},
): readonly FoldStep[] {
  const steps: FoldStep[] = [];
  let now = catalog;
  for (const statement of statementsOf(operations))
    for (const step of foldStatement(now, statement, options)) {
      steps.push(step);
      now = step.after;
    }
  return steps;
}

/** Operations of one statement have one span. */
function* statementsOf(operations: readonly Operation[]): IterableIterator<readonly Operation[]> {
  let together: Operation[] = [];
  let span: SqlSpan | undefined;
  for (const operation of operations) {
    if (span && operation.statement.start === span.start && operation.statement.end === span.end)
      together.push(operation);
    else {
      if (together.length > 0) yield together;
      together = [operation];
      span = operation.statement;
    }
  }
  if (together.length > 0) yield together;
}

function foldStatement(before: Catalog, operations: readonly Operation[], options: FoldOptions): readonly FoldStep[] {
  const draft = new Draft(before, options.postgresVersion ?? 14, options.meets);
  const steps: FoldStep[] = [];
  let now = before;
  let isSkipped = false;
  for (const operation of operations) {
    isSkipped ||= isThereAlready(draft, operation);
    const refusal = isSkipped ? undefined : foldOperation(draft, operation);
    nameNotNulls(draft);
    // it is all or nothing
    if (refusal)
      return operations.map(each => ({
        operation: each,
        before,
        after: before,
        ...(each === operation ? { failure: { ...refusal, operation } } : {}),
      }));
    const after = isSkipped ? now : draft.done();
    steps.push({ operation, before: now, after });
    now = after;
  }
  return steps;
}

/** MySQL's indexes are a part of CREATE TABLE: with IF NOT EXISTS, they are left out with the table that is there. */
const isThereAlready = (draft: Draft, op: Operation): boolean =>
  draft.dialect !== undefined &&
  op.kind === 'createTable' &&
  op.ifNotExists !== undefined &&
  draft.find('r', op.name) !== undefined &&
  placeholderNamed(draft, op.name) === undefined;

function foldOperation(draft: Draft, op: Operation): Outcome {
  // `ALTER TABLE IF EXISTS` of a table that is not there does nothing
  if ('ifTableExists' in op && op.ifTableExists && !draft.find('r', op.table)) return undefined;
  switch (op.kind) {
    case 'createTable':
      return foldCreateTable(draft, op);
    case 'createTableAs':
      return foldCreateTableAs(draft, op);
    case 'addColumn':
      return foldAddColumn(draft, op);
    case 'dropColumn':
      return foldDropColumn(draft, op);
    case 'setColumnType':
    case 'setDefault':
    case 'dropDefault':
    case 'setNotNull':
    case 'dropNotNull':
    case 'setGenerated':
    case 'dropGenerated':
    case 'addIdentity':
    case 'setIdentity':
    case 'dropIdentity':
    case 'setColumnOption':
      return foldColumnChange(draft, op);
    case 'redefineColumn':
      return foldRedefineColumn(draft, op);
    case 'addConstraint':
    case 'dropConstraint':
    case 'validateConstraint':
    case 'alterConstraint':
      return foldConstraintChange(draft, op);
    case 'setTriggerState':
    case 'setRuleState':
    case 'setRowSecurity':
    case 'setReplicaIdentity':
    case 'setTableOptions':
    case 'setStorageWords':
    case 'setPersistence':
    case 'inherit':
    case 'noInherit':
    case 'attachPartition':
    case 'detachPartition':
    case 'clusterOn':
      return foldTableSetting(draft, op);
    case 'setTablespace':
    case 'setAccessMethod':
      return foldStorage(draft, op);
    case 'createIndex':
      return foldCreateIndex(draft, op);
    case 'attachIndex':
      return foldAttachIndex(draft, op);
    case 'setIndexOptions':
      return foldIndexOptions(draft, op);
    case 'createView':
    case 'createMaterializedView':
      return foldCreateView(draft, op);
    default:
      return foldOther(draft, op);
  }
}

function foldOther(draft: Draft, op: Operation): Outcome {
  switch (op.kind) {
    case 'createFunction':
      return foldCreateFunction(draft, op);
    case 'alterFunction':
      return foldAlterFunction(draft, op);
    case 'createTrigger':
      return foldCreateTrigger(draft, op);
    case 'createPolicy':
      return foldCreatePolicy(draft, op);
    case 'alterPolicy':
      return foldAlterPolicy(draft, op);
    case 'createRule':
      return foldCreateRule(draft, op);
    case 'createEnum':
    case 'createDomain':
    case 'createCompositeType':
    case 'createRangeType':
    case 'addEnumLabel':
    case 'renameEnumLabel':
    case 'alterDomain':
    case 'alterCompositeType':
      return foldType(draft, op);
    case 'createSequence':
    case 'alterSequence':
      return foldSequence(draft, op);
    case 'createSchema':
    case 'createExtension':
    case 'alterExtension':
    case 'createStatistics':
    case 'createOther':
      return foldCreateObject(draft, op);
    case 'alterPublication':
      return foldAlterPublication(draft, op);
    case 'drop':
      return foldDrop(draft, op);
    case 'rename':
      return foldRename(draft, op);
    case 'setSchema':
      return foldSetSchema(draft, op);
    case 'setOwner':
      return foldSetOwner(draft, op);
    case 'comment':
      return foldComment(draft, op);
    case 'grant':
      return foldGrant(draft, op);
    case 'setParameter':
    case 'transaction':
      return foldSession(draft, op);
    case 'unread':
      if (isUnfollowed(draft, op)) draft.complete = false;
      for (const each of op.ensures ?? []) draft.tries(now => foldOperation(now, each));
      return undefined;
    default:
      // data, queries, maintenance: the schema stays as it is
      return undefined;
  }
}

function foldSession(draft: Draft, op: Extract<Operation, { readonly kind: 'setParameter' | 'transaction' }>): Outcome {
  const { savepoints } = draft.session;
  if (op.kind === 'setParameter') {
    if (op.name === 'search_path' || op.name === '*') {
      const searchPath = op.values?.filter(schema => schema !== '$user') ?? NEW_SESSION.searchPath;
      draft.session = { ...draft.session, searchPath };
    }
    return undefined;
  }
  switch (op.action) {
    case 'begin':
      if (savepoints.length === 0)
        draft.session = { ...draft.session, savepoints: [{ name: '', catalog: draft.before }] };
      return undefined;
    case 'commit':
    case 'prepare':
      draft.session = { ...draft.session, savepoints: [] };
      return undefined;
    case 'rollback':
      return goBack(draft, savepoints[0]?.catalog, []);
    case 'savepoint':
      draft.session = {
        ...draft.session,
        savepoints: [...savepoints, { name: op.name ?? '', catalog: draft.before }],
      };
      return undefined;
    case 'rollbackTo': {
      const at = savepoints.findIndex(({ name }) => name === op.name);
      return at < 0 ? undefined : goBack(draft, savepoints[at]?.catalog, savepoints.slice(0, at + 1));
    }
    case 'release': {
      const at = savepoints.findIndex(({ name }) => name === op.name);
      if (at >= 0) draft.session = { ...draft.session, savepoints: savepoints.slice(0, at) };
      return undefined;
    }
  }
}

function goBack(draft: Draft, to: Catalog | undefined, savepoints: Catalog['session']['savepoints']): Outcome {
  if (!to) return undefined;
  draft.objects = to.objects;
  draft.names = to.names;
  draft.complete = to.complete;
  draft.session = { searchPath: to.session.searchPath, savepoints };
  return undefined;
}
