/** Sets of rows of which one is picked where they are made: `Order.objects.filter(customer=id)[0]` asks for it there. */
import type { UnitId } from '../engine/place';
import { type ObservedCall, placeIn } from '../program/analysis';
import { visitNodes } from '../program/traverse';
import type { Setting } from './setting';

/** Whether an item of what the call gives is read by its number, there and then. */
export const isPickedFrom = (setting: Setting, unit: UnitId, { at }: ObservedCall): boolean =>
  at.unit === unit && pickedEnds(setting, unit).includes(at.end);

/** Where the calls of a unit end from which an item is picked. */
const pickedEnds = ({ analysis }: Setting, unit: UnitId): readonly number[] =>
  analysis.remember<readonly number[] | undefined>(`picked items ${unit}`, () => {
    const ends: number[] = [];
    visitNodes(analysis.source(unit)?.function.body, node => {
      if (node.kind === 'index' && node.object.kind === 'call' && node.index.kind !== 'text')
        ends.push(placeIn(unit, node.object).end);
      return true;
    });
    return ends;
  }) ?? [];
