/** The functions that stand inside a unit. */

import type { UnitId } from '../engine/place';
import type { ObservedCall } from '../program/analysis';
import { type InnerFunctions, innerFunctionsOf } from './innerFunctions';
import type { Setting } from './setting';

/** By the calls of a unit: all that is summed up of it asks. */
const INNER = new WeakMap<readonly ObservedCall[], { readonly unit: UnitId; readonly inner: InnerFunctions }>();

/** The functions inside a unit. */
export function innerFunctionsIn({ analysis, tables }: Setting, unit: UnitId): InnerFunctions {
  const { calls } = analysis.unit(unit);
  const known = INNER.get(calls);
  if (known?.unit === unit) return known.inner;
  const inner = innerFunctionsOf(unit, calls, tables);
  INNER.set(calls, { unit, inner });
  return inner;
}
