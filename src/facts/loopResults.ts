/** What the body of a loop does with the answer to its query. */
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Declare, Expression, Unit } from '../program/model';
import { type Node, namesUsed, nodesIn } from '../program/nodes';
import type { KeyedRead, LoopResult } from './facts';
import type { Setting } from './setting';

/** What the body does with the awaited result. */
export function loopResultOf(
  { tables }: Setting,
  last: ObservedCall,
  unit: Unit,
  path: readonly Node[],
  awaited: Node,
  keyed: KeyedRead | undefined,
): LoopResult {
  const at = path.indexOf(awaited);
  if (keyed) {
    const taken = takenBy(path, at, unit);
    return taken ? { ...keyedResult(keyed), ...taken } : { kind: 'other' };
  }
  const library = last.target.kind === 'library' ? tables.libraryOf(last.target.name) : undefined;
  const parent = path[at - 1];
  if (parent?.kind === 'declare' && (parent as Declare).value === awaited) {
    const { target } = parent as Declare;
    const reads = placeIn(unit.id, { start: target.start, end: awaited.end });
    if (target.kind === 'variable' && !library?.equalities && onlyRead(unit, target.name, 'rows'))
      return { kind: 'rows', reads, target: target.name, rowsIn: 'rows', wrappedIn: 'rows' };
    if (target.kind === 'entries') {
      const [entry, ...others] = target.entries;
      if (entry?.key !== 'rows' || others.length > 0 || target.rest || entry.default) return { kind: 'other' };
      if (entry.target.kind === 'variable') return { kind: 'rows', reads, target: entry.target.name, rowsIn: 'rows' };
      const [row, ...rows] = entry.target.kind === 'items' ? entry.target.items : [];
      if (entry.target.kind !== 'items' || rows.length > 0 || entry.target.rest || row?.target?.kind !== 'variable')
        return { kind: 'other' };
      return row.default ? { kind: 'other' } : { kind: 'first-row', reads, target: row.target.name, rowsIn: 'rows' };
    }
  }
  let index = at;
  let rowsIn: string | undefined;
  const outer = path[index - 1];
  if (outer?.kind === 'member' && (outer as { name?: string }).name === 'rows') {
    rowsIn = 'rows';
    index -= 1;
  } else if (!library?.equalities) return { kind: 'other' };
  let kind: 'rows' | 'first-row' = 'rows';
  const item = path[index - 1];
  if (item?.kind === 'index') {
    const { index: which } = item as Extract<Expression, { kind: 'index' }>;
    if (which.kind !== 'constant' || which.value !== 0) return { kind: 'other' };
    kind = 'first-row';
    index -= 1;
  } else if (item?.kind === 'member') return { kind: 'other' };
  const taken = takenBy(path, index, unit);
  return taken ? { kind, ...(rowsIn === undefined ? {} : { rowsIn }), ...taken } : { kind: 'other' };
}

/** The record itself, or the rows. */
const keyedResult = (keyed: KeyedRead) =>
  keyed.gives === 'many'
    ? ({ kind: 'rows' } as const)
    : ({
        kind: 'record',
        unique: keyed.unique,
        ...(keyed.missing === undefined ? {} : { missing: keyed.missing }),
      } as const);

type Taken = Pick<Exclude<LoopResult, { readonly kind: 'other' }>, 'reads' | 'standsAlone'>;

/** Where the value at `index` goes. */
function takenBy(path: readonly Node[], index: number, unit: Unit): Taken | undefined {
  const value = path[index];
  const holder = path[index - 1];
  if (!value || !holder || holder.kind === 'evaluate') return undefined;
  const reads = placeIn(unit.id, value);
  if (holder.kind === 'assign') {
    const { operator } = holder as Extract<Expression, { kind: 'assign' }>;
    return operator === undefined ? { reads, standsAlone: true } : undefined;
  }
  const isWhole = /[([,]\s*$/.test(unit.text.slice(0, value.start)) && /^\s*[)\],]/.test(unit.text.slice(value.end));
  const standsAlone = isWhole || holder.kind === 'declare' || holder.kind === 'return';
  return { reads, ...(standsAlone ? { standsAlone } : {}) };
}

/** Whether a variable is read for one of its members and for nothing else. */
function onlyRead(unit: Unit, name: string, member: string): boolean {
  const isVariableItself = (node: unknown): boolean =>
    typeof node === 'object' &&
    node !== null &&
    'kind' in node &&
    node.kind === 'name' &&
    'name' in node &&
    node.name === name;
  const nodes = nodesIn(unit.function);
  const reads = nodes.filter(
    node =>
      node.kind === 'member' &&
      (node as { name?: string }).name === member &&
      isVariableItself((node as { object?: unknown }).object),
  );
  const { uses, bound } = namesUsed(unit.function);
  return (
    reads.length > 0 &&
    uses.filter(use => use === name).length === reads.length &&
    bound.filter(use => use === name).length === 1
  );
}
