/**
 * Queries that read a whole table and hand all of it on: to the client of a request, or to whoever calls the function.
 * Only what is certain: no condition and no bound, and the rows themselves go out, not one of them, a part or a sum.
 */
import type { Place } from '../engine/place';
import { placeIn } from '../program/analysis';
import { alternativesIn } from '../program/lattice';
import type { Call, Expression, Lambda, Module, Pattern } from '../program/model';
import { lambdaAround, type ModelNode } from '../program/parents';
import { visitNodes } from '../program/traverse';
import type { Value } from '../program/value';
import type { QueryExecution, WholeRead } from './facts';
import { type Handlers, handlersIn } from './handlers';
import { namesIn, ownerOf, type UnitNames } from './handles';
import type { Setting } from './setting';

/** Those that stand in the file. Asks for the paths of the rows only where a query reads everything. */
export function wholeReadsIn(
  setting: Setting,
  module: Module,
  queries: readonly QueryExecution[],
): readonly WholeRead[] {
  const candidates = queries.filter(readsAll);
  if (candidates.length === 0) return [];
  const paths = new Map<string, Paths | undefined>();
  let exported: ReadonlySet<string> | undefined;
  return candidates.flatMap(query => {
    const { unit } = query.call;
    if (!paths.has(unit)) {
      const names = namesIn(setting, unit);
      exported ??= exportedUnits(module);
      const isPublic = exported.has(unit) || isPublicMethod(module, unit);
      paths.set(unit, names && { setting, names, handlers: handlersIn(setting, unit), isPublic, query });
    }
    const known = paths.get(unit);
    const call = known?.names.callAt(query.call);
    const reaches = known && call && reachOf({ ...known, query }, call.node, new Set());
    // whoever gets a statement that is not sent yet may still bound it
    if (!reaches || (reaches === 'caller' && !call.awaited && isStatement(setting, call.result))) return [];
    return [{ query, reaches }];
  });
}

// ——— which queries read everything ———

function readsAll({
  callPath,
  operation,
  repeatedBy,
  rows,
  sql,
  statement,
  relation,
  evidence,
  label,
}: QueryExecution) {
  if (callPath.length > 0 || operation === 'write' || repeatedBy.length > 0) return false;
  if (rows && (rows.bounded || rows.streams)) return false;
  if (!sql) return rows?.readsAll === true && (relation !== undefined || rows.returns === 'many');
  if (!statement || sql.hazards.length > 0 || !sql.complete || sql.pieces.some(({ kind }) => kind !== 'constant'))
    return false;
  // what gives one row or none has no table that tells
  if (evidence === 'sql-text' && !/(?:query|execute|all|any|many|select)\(\)$/i.test(label)) return false;
  const { kind, reads, from, hasWhere, limited, aggregated, grouped, distinct, combined, locking } = statement;
  if (kind !== 'select' || hasWhere || limited || aggregated || grouped || distinct || combined || locking)
    return false;
  return from.length > 0 && reads.length > 0 && !/\(\s*select\b|^\s*with\b/i.test(sql.preview);
}

// ——— where the rows go ———

interface Paths {
  readonly setting: Setting;
  readonly names: UnitNames;
  readonly handlers: Handlers;
  readonly isPublic: boolean;
  readonly query: QueryExecution;
}

function reachOf(paths: Paths, node: Expression, seen: Set<ModelNode>): WholeRead['reaches'] | undefined {
  const { names } = paths;
  if (seen.has(node)) return undefined;
  seen.add(node);
  let value: Expression = node;
  let answered = false;
  for (let parent = names.parents.of(value); parent; parent = names.parents.of(value)) {
    switch (parent.kind) {
      case 'await':
      case 'record':
      case 'spread':
        value = parent;
        break;
      case 'choice':
        if (parent.then !== value && parent.otherwise !== value) return undefined;
        value = parent;
        break;
      case 'member': {
        if (parent.object !== value) return undefined;
        const around = names.parents.of(parent);
        const isCalled = around?.kind === 'call' && around.callee === parent;
        if (isCalled ? !givesAll(paths, around, parent.name) : !HOLDS_ROWS.test(parent.name)) return undefined;
        value = isCalled ? around : parent;
        break;
      }
      case 'call':
        if (parent.callee === value) return undefined;
        if (isOfRequest(paths, parent.callee)) return 'response';
        if (!isSerialised(names, parent.callee)) {
          if (!answered && !isAnswer(names, parent)) return undefined;
          answered = true;
        }
        value = parent;
        break;
      case 'return':
        return returnedBy(paths, lambdaAround(names.parents, parent), answered);
      case 'declare':
        return answered ? undefined : followed(paths, parent.target, parent, seen);
      case 'assign':
        if (parent.target.kind === 'place')
          return isOfRequest(paths, parent.target.expression) ? 'response' : undefined;
        return answered || parent.operator !== undefined ? undefined : followed(paths, parent.target, parent, seen);
      default:
        return undefined;
    }
  }
  return undefined;
}

/** A call on the statement itself, of which it is known that none takes rows away, or one on its rows. */
const givesAll = ({ setting, names }: Paths, call: Call, method: string): boolean => {
  const receiver = names.calls.get(call)?.receiver;
  return SAME_LENGTH.test(method) || (receiver !== undefined && isStatement(setting, receiver));
};

const isStatement = ({ tables }: Setting, value: Value): boolean =>
  alternativesIn(value).some(({ shape }) => shape.kind === 'instance' && tables.statements.has(shape.of));

/** Gives something for every row, in another order or form. */
const SAME_LENGTH = /^(?:map|sort|reverse|toSorted|toReversed)$/;
/** What drivers call the rows in what they answer. */
const HOLDS_ROWS = /^(?:rows|recordset|data|records)$/;

const isSerialised = (names: UnitNames, callee: Expression): boolean =>
  callee.kind === 'member' &&
  callee.name === 'stringify' &&
  callee.object.kind === 'name' &&
  !binds(names, callee.object);

const binds = (names: UnitNames, node: Expression & { readonly kind: 'name' }): boolean =>
  ownerOf(names, node, node.name) !== 'outside';

/** What a web framework or the platform makes a response of: `NextResponse.json(rows)`. */
function isAnswer(names: UnitNames, call: Expression & { readonly kind: 'call' }): boolean {
  const observed = names.calls.get(call);
  return (
    observed !== undefined &&
    /^(?:new )?\w*Response(?:\.|$)/.test(`${call.form === 'new' ? 'new ' : ''}${observed.source}`)
  );
}

/** A parameter of a handler, or what is read from or called on one: `res.status(200)`, `ctx.body`, `c`. */
function isOfRequest({ names, handlers }: Paths, expression: Expression): boolean {
  let root = expression;
  while (root.kind === 'member' || root.kind === 'call') root = root.kind === 'member' ? root.object : root.callee;
  if (root.kind !== 'name' || root === expression) return false;
  const owner = ownerOf(names, root, root.name);
  if (owner === 'outside' || !handles(names, handlers, owner)) return false;
  const { parameters } = owner ? owner.function : names.function;
  const { name } = root;
  return parameters.some(({ target }) => target.kind === 'variable' && target.name === name);
}

function handles(names: UnitNames, { whole, inner }: Handlers, owner: Lambda | undefined): boolean {
  if (!owner) return whole;
  const at: Place = placeIn(names.unit, owner);
  return inner.some(({ start, end }) => start === at.start && end === at.end);
}

function returnedBy(paths: Paths, lambda: Lambda | undefined, answered: boolean): WholeRead['reaches'] | undefined {
  if (handles(paths.names, paths.handlers, lambda)) return 'response';
  const { generator } = lambda?.function ?? paths.names.function;
  return !lambda && !answered && paths.isPublic && !generator ? 'caller' : undefined;
}

/** The names that a pattern gives to the rows, and where these go. */
function followed(
  paths: Paths,
  target: Pattern,
  node: ModelNode,
  seen: Set<ModelNode>,
): WholeRead['reaches'] | undefined {
  const name = rowsNamedBy(paths.query, target);
  if (name === undefined) return undefined;
  const { names } = paths;
  const owner = ownerOf(names, node, name);
  if (owner === 'outside') return undefined;
  for (const mention of names.mentions.get(name) ?? []) {
    if (ownerOf(names, mention, name) !== owner) continue;
    const reached = reachOf(paths, mention, seen);
    if (reached) return reached;
  }
  return undefined;
}

function rowsNamedBy({ sql, dialect }: QueryExecution, target: Pattern): string | undefined {
  switch (target.kind) {
    case 'variable':
      return target.name;
    case 'entries': {
      const rows = target.entries.find(({ key }) => HOLDS_ROWS.test(key))?.target;
      return rows?.kind === 'variable' ? rows.name : undefined;
    }
    case 'items': {
      // drivers of MySQL give the rows and the fields; elsewhere this is the first row
      const [first] = target.items;
      const isPair = sql !== undefined && (dialect === 'mysql' || dialect === 'mariadb');
      return isPair && first?.target?.kind === 'variable' && /s$|list$|data$/i.test(first.target.name)
        ? first.target.name
        : undefined;
    }
    default:
      return undefined;
  }
}

// ——— what other files can call ———

/** A method of a class; names that begin with `_` and `#` are its own. */
const isPublicMethod = (module: Module, unit: string): boolean => {
  for (const { methods } of module.classes)
    for (const [name, id] of methods) if (id === unit) return !/^[_#]/.test(name);
  return false;
};

/** Functions that exports name, hold in an object, or are. */
function exportedUnits(module: Module): ReadonlySet<string> {
  const found = new Set<string>();
  const names = new Set<string>();
  const ofName = new Map<string, Expression>();
  for (const statement of module.top.function.body)
    if (statement.kind === 'declare' && statement.target.kind === 'variable' && statement.value)
      ofName.set(statement.target.name, statement.value);
  const visit = (value: Expression | undefined): void => {
    visitNodes(value, node => {
      if (node.kind === 'unit') found.add(node.unit);
      if (node.kind === 'name') follow(node.name);
      return true;
    });
  };
  const follow = (name: string): void => {
    if (names.has(name)) return;
    names.add(name);
    visit(ofName.get(name));
  };
  for (const { name, value, from } of module.exports) {
    if (from !== undefined) continue;
    visit(value);
    follow(name);
  }
  for (const { id } of module.units) if (names.has(id.slice(module.file.length + 1))) found.add(id);
  return found;
}
