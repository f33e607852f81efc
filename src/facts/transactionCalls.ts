/**
 * Where a unit begins, ends and encloses transactions, and what is run on one that somebody else has opened: by the tables,
 * by the SQL that is sent, and by the summaries of the project's own helpers, `withTransaction(async client => …)`.
 */
import type { Place, UnitId } from '../engine/place';
import type { ObservedCall } from '../program/analysis';
import type { Block, Expression, Span } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { CallId, Value } from '../program/value';
import { labelOf } from './queryRows';
import type { Setting } from './setting';
import { constantOf } from './sqlTexts';
import { innerFunctionsIn } from './unitFunctions';

export interface TransactionControl {
  readonly id: CallId;
  readonly at: Place;
  readonly call: Place;
  readonly label: string;
  readonly does: 'begin' | 'commit' | 'rollback';
  /** By a table or by SQL; by a method's name alone; by what a function of the project does. */
  readonly by: 'certain' | 'name' | 'helper';
  /** The statement goes to a pool, which may send the next one on another connection. */
  readonly pooled: boolean;
  /** What it is called on, as written: `client`. */
  readonly receiver: string;
  /** The call is handed a function, which is called when it is done. */
  readonly hasCallback: boolean;
  readonly inLambda?: Place;
}

export interface EnclosedSpan extends Span {
  readonly at: Place;
  readonly label: string;
  /** Told by a table or by a helper's body, and not by a name alone. */
  readonly certain: boolean;
}

export interface TransactionCalls {
  readonly controls: readonly TransactionControl[];
  /** Functions and lists of statements that are one transaction. */
  readonly enclosed: readonly EnclosedSpan[];
  /** Functions of the file's own that are handed over to be one. */
  readonly enclosedUnits: readonly UnitId[];
  /** The whole unit is one, by a decorator or by its name. */
  readonly whole: boolean;
}

/** Of a unit, kept in the analysis' memory. */
export function transactionCallsOf(setting: Setting, unit: UnitId): TransactionCalls {
  return (
    setting.analysis.remember(`transaction calls ${setting.key} ${unit}`, () => findCalls(setting, unit)) ?? NO_CALLS
  );
}

const NO_CALLS: TransactionCalls = { controls: [], enclosed: [], enclosedUnits: [], whole: false };

/** What a call of a function does to the caller's transaction. */
export interface TransactionSummary {
  /** It leaves one open. */
  readonly begins: boolean;
  /** It ends one that it has not begun. */
  readonly commits: boolean;
  readonly rollsBack: boolean;
  /** It calls a function that it is handed inside one. */
  readonly encloses: boolean;
}

const NO_SUMMARY: TransactionSummary = { begins: false, commits: false, rollsBack: false, encloses: false };

export function transactionSummaryOf(setting: Setting, unit: UnitId): TransactionSummary {
  return (
    setting.analysis.remember(`transaction summary ${setting.key} ${unit}`, () => summed(setting, unit)) ?? NO_SUMMARY
  );
}

function summed(setting: Setting, unit: UnitId): TransactionSummary {
  const { controls, enclosed } = transactionCallsOf(setting, unit);
  const { calls } = setting.analysis.unit(unit);
  const inner = innerFunctionsIn(setting, unit);
  const runs = controls.filter(({ inLambda, by }) => by !== 'name' && inner.runs(inLambda));
  const does = (what: TransactionControl['does']): boolean => runs.some(control => control.does === what);
  const ends = does('commit') || does('rollback');
  const opens = does('begin') || enclosed.some(({ certain }) => certain) || calls.some(call => encloses(setting, call));
  if (!opens && !ends) return NO_SUMMARY;
  return {
    begins: does('begin') && !ends,
    commits: does('commit') && !does('begin'),
    rollsBack: does('rollback') && !does('begin'),
    encloses: opens && calls.some(call => callsParameter(call) || (encloses(setting, call) && handsParameterOn(call))),
  };
}

/** What is called is a parameter, be it of a function inside the unit. */
const callsParameter = ({ target, node }: ObservedCall): boolean =>
  target.kind === 'unknown' &&
  node.callee.kind === 'name' &&
  /^(?:fn|func|callback|cb|work|handler|action|operation|task|body|block|run|execute|f|op|query|queries|callable|closure|inner|method|job)$|(?:Fn|Callback|Function|Work|Handler|Action|Operation)$/.test(
    node.callee.name,
  );

const handsParameterOn = ({ arguments: args }: ObservedCall): boolean =>
  args.some(({ value }) => value.shape.kind === 'unknown' && value.shape.parameter?.path.length === 0);

const BEGINS =
  /^\s*(?:BEGIN(?:\s+(?:TRANSACTION|TRAN|WORK|ISOLATION|READ|IMMEDIATE|EXCLUSIVE|DEFERRED|CONCURRENT|NOT)\b[^;]*)?|START\s+TRANSACTION\b[^;]*)\s*;?\s*$/i;
const COMMITS = /^\s*(?:COMMIT|END)(?:\s+(?:TRANSACTION|TRAN|WORK)\b[^;]*)?\s*;?\s*$/i;
const ROLLS_BACK = /^\s*(?:ROLLBACK|ABORT)(?:\s+(?:TRANSACTION|TRAN|WORK)\b[^;]*)?\s*;?\s*$/i;
const SENDS = /(?:^|\.)\$?(?:query|execute|exec|run|raw|unsafe|prepare|simple|sql|none|any|batch|statement)\w*$/i;

const BEGIN_NAME = /^(?:beginTransaction|startTransaction|begin_transaction)$/;
const COMMIT_NAME = /^(?:commit|commitTransaction)$/;
const ROLLBACK_NAME = /^(?:rollback|rollbackTransaction|abortTransaction)$/;
/** A function that is named for running another one in a transaction. */
const ENCLOSING_NAME = /transaction|with_?Tx|with_?Trx|in_?Tx\b|in_?Trx|^\$?tx$|atomic|unitOfWork/i;
const WHOLE_NAME = /(?:In|With|Within)_?(?:Transaction|Tx|Trx)$|^(?:transactional|tx|trx)[A-Z]/;
/** A method of a class that is named for working inside a transaction: it is made for one. */
const OF_TRANSACTOR = /#\w*Transactor\./;

function findCalls(setting: Setting, unit: UnitId): TransactionCalls {
  const controls: TransactionControl[] = [];
  const enclosed: EnclosedSpan[] = [];
  const enclosedUnits: UnitId[] = [];
  const contexts = new Map<Expression, ObservedCall>();
  for (const call of setting.analysis.unit(unit).calls) {
    if (!call.implicit && mayEnclose(setting, call)) contexts.set(call.node, call);
    const functions = call.node.arguments.map(({ value }) => value).filter(isRunnable);
    const certain = encloses(setting, call);
    if (certain || (functions.length > 0 && ENCLOSING_NAME.test(lastName(call.source)))) {
      for (const each of functions)
        if (each.kind === 'unit') enclosedUnits.push(each.unit);
        else enclosed.push({ start: each.start, end: each.end, at: call.callee, label: labelOf(call), certain });
      for (const { value } of call.arguments) if (value.shape.kind === 'function') enclosedUnits.push(value.shape.unit);
      if (functions.length > 0) continue;
    }
    const control = controlOf(setting, call);
    if (control) controls.push(control);
  }
  const source =
    controls.length + enclosed.length + contexts.size === 0 && !mayBeWhole(unit)
      ? undefined
      : setting.analysis.source(unit);
  if (source && contexts.size > 0) {
    const found = enteredIn(source.function.body, contexts);
    enclosed.push(...found.spans);
    // what is entered ends with its block
    return {
      controls: controls.filter(({ id }) => !found.ids.has(id)),
      enclosed,
      enclosedUnits,
      whole: isWhole(setting, source.function, unit),
    };
  }
  return { controls, enclosed, enclosedUnits, whole: source !== undefined && isWhole(setting, source.function, unit) };
}

/** A function may have a decorator; a file's top level has none. */
const mayBeWhole = (unit: UnitId): boolean => unit.includes('#');

/** A call without functions that may open a transaction for a block: by its table, or by its name. */
const mayEnclose = ({ tables }: Setting, { target, source, node }: ObservedCall): boolean =>
  !node.arguments.some(({ value }) => isRunnable(value)) &&
  (target.kind === 'library'
    ? (tables.transactions.get(target.name) ?? []).some(({ row }) => row.does === 'enclose' || row.does === 'begin')
    : ENCLOSING_NAME.test(lastName(source)) || BEGIN_NAME.test(lastName(source)));

/** Blocks whose resource is a transaction: `with transaction.atomic():`. */
function enteredIn(
  body: Block,
  contexts: ReadonlyMap<Expression, ObservedCall>,
): { readonly spans: readonly EnclosedSpan[]; readonly ids: ReadonlySet<CallId> } {
  const spans: EnclosedSpan[] = [];
  const ids = new Set<CallId>();
  visitNodes(body, node => {
    if (node.kind !== 'scope') return true;
    const [first] = node.body;
    const last = node.body.at(-1);
    for (const { value } of node.resources) {
      const call = contexts.get(value.kind === 'await' ? value.value : value);
      if (!call || !first || !last) continue;
      ids.add(call.id);
      const certain = call.target.kind === 'library';
      spans.push({ start: first.start, end: last.end, at: call.callee, label: labelOf(call), certain });
    }
    return true;
  });
  return { spans, ids };
}

function isWhole(
  { tables }: Setting,
  { name = '', decorators = [] }: { readonly name?: string; readonly decorators?: readonly Expression[] },
  unit: UnitId,
): boolean {
  const names = decorators.map(each => nameOf(each.kind === 'call' ? each.callee : each));
  return (
    WHOLE_NAME.test(name) ||
    OF_TRANSACTOR.test(unit) ||
    names.some(each => tables.transactionDecorators.has(each) || /^(?:Use)?Transaction(?:al)?$/.test(each))
  );
}

const nameOf = (expression: Expression): string =>
  expression.kind === 'name' || expression.kind === 'member' ? expression.name : '';

const lastName = (source: string): string => /[\w$]+$/.exec(source)?.[0] ?? '';

const isRunnable = (value: Expression): value is Extract<Expression, { kind: 'lambda' | 'unit' | 'list' }> =>
  value.kind === 'lambda' || value.kind === 'unit' || value.kind === 'list';

/** Whether what the call is handed is one transaction: by its table, or by the body of the function that is called. */
function encloses(setting: Setting, { target, node, arguments: args }: ObservedCall): boolean {
  if (target.kind === 'unit') return args.length > 0 && transactionSummaryOf(setting, target.unit).encloses;
  if (target.kind !== 'library') return false;
  const rows = setting.tables.transactions.get(target.name) ?? [];
  if (!rows.some(({ row }) => row.does === 'enclose')) return false;
  return (
    node.arguments.some(({ value }) => isRunnable(value)) ||
    args.some(({ value }) => value.shape.kind === 'function' || value.shape.kind === 'lambda' || isParameter(value))
  );
}

const isParameter = ({ shape }: Value): boolean => shape.kind === 'unknown' && shape.parameter?.path.length === 0;

function controlOf(setting: Setting, call: ObservedCall): TransactionControl | undefined {
  const found = doneBy(setting, call);
  if (!found) return undefined;
  const { node } = call;
  const { ownConnection = false, ...done } = found;
  const shape = call.receiver?.shape;
  return {
    id: call.id,
    at: call.callee,
    call: call.at,
    label: labelOf(call),
    ...done,
    pooled:
      !ownConnection &&
      shape?.kind === 'instance' &&
      setting.tables.pooledTypes.has(shape.of) &&
      !setting.tables.transactionTypes.has(shape.of),
    receiver: /^(.*?)\??\.[\w$]+$/s.exec(call.source)?.[1] ?? '',
    hasCallback: node.arguments.some(({ value }) => value.kind === 'lambda' || value.kind === 'unit'),
    ...(call.inLambda ? { inLambda: call.inLambda } : {}),
  };
}

function doneBy(
  setting: Setting,
  call: ObservedCall,
): (Pick<TransactionControl, 'does' | 'by'> & { readonly ownConnection?: boolean }) | undefined {
  const { target } = call;
  if (target.kind === 'unit') {
    const { begins, commits, rollsBack } = transactionSummaryOf(setting, target.unit);
    if (begins) return { does: 'begin', by: 'helper' };
    // a helper that does either ends it
    if (commits || rollsBack) return { does: rollsBack ? 'rollback' : 'commit', by: 'helper' };
    return undefined;
  }
  if (target.kind === 'library')
    for (const { row } of setting.tables.transactions.get(target.name) ?? [])
      if (row.does === 'begin' || row.does === 'commit' || row.does === 'rollback')
        // what the call gives holds a connection of its own
        return { does: row.does, by: 'certain', ownConnection: row.on === 'result' };
  const sql = SENDS.test(call.source) ? sqlOf(call) : undefined;
  if (sql !== undefined) {
    if (BEGINS.test(sql)) return { does: 'begin', by: 'certain' };
    if (COMMITS.test(sql)) return { does: 'commit', by: 'certain' };
    if (ROLLS_BACK.test(sql)) return { does: 'rollback', by: 'certain' };
    return undefined;
  }
  if (target.kind !== 'method') return undefined;
  if (BEGIN_NAME.test(target.name)) return { does: 'begin', by: 'name' };
  if (COMMIT_NAME.test(target.name)) return { does: 'commit', by: 'name' };
  return ROLLBACK_NAME.test(target.name) ? { does: 'rollback', by: 'name' } : undefined;
}

/** The text that the call is handed, if all of it is known. */
function sqlOf({ arguments: [first] }: ObservedCall): string | undefined {
  if (!first) return undefined;
  const { shape } = first.value;
  if (shape.kind !== 'record') return constantOf(first.value);
  const text = shape.entries.get('text') ?? shape.entries.get('sql');
  return text && constantOf(text);
}

// ——— what is run on a transaction that somebody else has opened ———

/** Names of what holds a transaction, or a connection that may have one open. */
const HANDLE =
  /^_?(?:t|tx|trx|txn|trans|transaction|transacting|client|conn|connection|manager|em|entityManager|transactionManager|transactionalEntityManager|queryRunner|qr|session|sess|uow|executor|runner|dbClient|dbConn|ctx|sharedContext|context|unitOfWork)$|(?:Tx|Trx|Txn|Transaction|Session|Client|Connection|Conn|Manager|QueryRunner)$/;
const OPTION = /^(?:transaction|transacting|trx|tx|t|session|manager|client|conn|connection|queryRunner|em)$/;
const OPTIONS = /^(?:opts?|options|config|sharedContext)$/;

/**
 * Whether a call is run on a transaction or a connection that was handed over, is told to join one, or gets whole options
 * from its caller, which may hold one.
 */
export function joinsTransaction(setting: Setting, call: ObservedCall): boolean {
  const { tables } = setting;
  const { receiver, target, source } = call;
  if (receiver?.shape.kind === 'instance') {
    if (tables.transactionTypes.has(receiver.shape.of)) return true;
    if (!tables.pooledTypes.has(receiver.shape.of) && isHandedOver(receiver) && isHandleName(source)) return true;
  } else if (isHandleName(source) && (!receiver || isHandedOver(receiver) || receiver.from.length > 0)) return true;
  if (target.kind === 'library' && tables.transactions.get(target.name)?.some(({ row }) => row.does === 'join'))
    return true;
  return call.arguments.some(argument => {
    const { shape } = argument.value;
    if (shape.kind === 'instance' && tables.transactionTypes.has(shape.of)) return true;
    if (HANDLE.test(argument.source)) return true;
    if (OPTIONS.test(argument.source) && isHandedOver(argument.value)) return true;
    if (shape.kind === 'record')
      for (const [name, value] of shape.entries)
        if ((tables.transactionOptions.has(name) || OPTION.test(name)) && value.shape.kind !== 'scalar') return true;
    return /^\{[^{}]*(?:\b(?:transaction|transacting|trx|session|queryRunner)\b|\.\.\.(?:opts?|options)\b)/.test(
      argument.source,
    );
  });
}

const isHandedOver = ({ from }: Value): boolean => from.some(({ kind }) => kind === 'parameter');

/** The first or last name of what it is called on: `trx('orders')`, `this.manager.save`, `client.query`. */
const isHandleName = (source: string): boolean => {
  const path = source.replace(/\?\./g, '.').replace(/\(.*$/s, '').split('.');
  const [first = '', second = ''] = path;
  return HANDLE.test(first) || (first === 'this' && /^(?:trx|tx|transaction|queryRunner|session)$/.test(second));
};

/** Whether every call of the function that its file shows, at least one, is made inside a transaction or hands one over. */
export function isRunInTransaction(setting: Setting, units: readonly UnitId[], unit: UnitId): boolean {
  let calls = 0;
  for (const each of units) {
    const { enclosed, enclosedUnits, controls, whole } = transactionCallsOf(setting, each);
    if (enclosedUnits.includes(unit)) return true;
    for (const call of setting.analysis.unit(each).calls) {
      if (call.target.kind !== 'unit' || call.target.unit !== unit) continue;
      calls++;
      const inside =
        whole ||
        enclosed.some(span => span.start <= call.at.start && call.at.end <= span.end) ||
        controls.some(({ does, call: begin }) => does === 'begin' && begin.start < call.at.start) ||
        joinsTransaction(setting, call);
      if (!inside) return false;
    }
  }
  return calls > 0;
}
