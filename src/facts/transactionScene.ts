/** What the questions about one unit's writes and transactions are asked of. */
import type { UnitId } from '../engine/place';
import type { ObservedCall } from '../program/analysis';
import type { Function as FunctionNode, Span, Try, Unit } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { Setting } from './setting';
import type { TransactionCalls } from './transactionCalls';

export interface Scene {
  readonly setting: Setting;
  readonly unit: Unit;
  readonly id: UnitId;
  readonly transactions: TransactionCalls;
  readonly calls: ReadonlyMap<string, ObservedCall>;
}

export const holds = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

export function triesIn(region: FunctionNode): readonly Try[] {
  const tries: Try[] = [];
  visitNodes(region.body, node => {
    if (node.kind === 'try') tries.push(node);
    return true;
  });
  return tries;
}

/** The innermost function of the unit around a place: the unit's own where none is inside. */
export function functionAround(own: FunctionNode, inner: Span): FunctionNode {
  let found = own;
  visitNodes(own.body, node => {
    if (!holds(node, inner)) return false;
    if (node.kind === 'lambda') found = node.function;
    return true;
  });
  return found;
}
