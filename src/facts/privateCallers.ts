/**
 * Helpers that only their own file can call, and whose every caller hands in constants: `setStatuses(knex, "'paid'")`.
 * What such a parameter puts into a text was written by the same hand as the text.
 */
import type { Module } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { Value } from '../program/value';
import type { Hazard } from './facts';
import type { Setting } from './queryCalls';
import { isHarmlessValue } from './sqlTexts';

/** Whether a hazard of this module is settled by the callers of the function that it stands in. */
export function settledByCallers({ analysis }: Setting, module: Module): (hazard: Hazard) => boolean {
  const known = new Map<string, boolean>();

  const isSettled = (unit: string, index: number, member: readonly string[]): boolean => {
    const name = unit.slice(module.file.length + 1);
    if (!/^[\w$]+$/.test(name) || isExported(module, name) || !isOnlyCalled(module, name)) return false;
    const calls = [module.top, ...module.units].flatMap(({ id }) =>
      analysis.unit(id).calls.filter(({ target }) => target.kind === 'unit' && target.unit === unit),
    );
    return (
      calls.length > 0 &&
      calls.every(({ arguments: passed }) => {
        const value = passed.some(each => each.spread) ? undefined : partOf(passed[index]?.value, member);
        return value !== undefined && isHarmlessValue(value);
      })
    );
  };

  return ({ from, member = [] }) =>
    from.length > 0 &&
    from.every(source => {
      if (source.kind !== 'parameter' || !source.unit.startsWith(`${module.file}#`)) return false;
      const key = `${source.unit} ${source.index} ${member.join('.')}`;
      const settled = known.get(key) ?? isSettled(source.unit, source.index, member);
      known.set(key, settled);
      return settled;
    });
}

/** What stands at `member` of an options object: `tableName` of `{ tableName: 'orders' }`. */
const partOf = (whole: Value | undefined, member: readonly string[]): Value | undefined =>
  member.reduce<Value | undefined>(
    (value, name) => (value?.shape.kind === 'record' ? value.shape.entries.get(name) : undefined),
    whole,
  );

const isExported = (module: Module, name: string): boolean =>
  module.exports.some(({ name: exported, value }) => exported === name || mentions(value, name));

const mentions = (value: Parameters<typeof visitNodes>[0], name: string): boolean => {
  let found = false;
  visitNodes(value, node => {
    if (node.kind === 'name' && node.name === name) found = true;
    return !found;
  });
  return found;
};

/** The name stands nowhere but in front of its arguments: whoever got hold of the function itself may call it with anything. */
function isOnlyCalled(module: Module, name: string): boolean {
  let mentioned = 0;
  let called = 0;
  for (const { function: body } of [module.top, ...module.units])
    visitNodes(body.body, node => {
      if (node.kind === 'name' && node.name === name) mentioned++;
      if (node.kind === 'call' && node.callee.kind === 'name' && node.callee.name === name) called++;
      return true;
    });
  return mentioned === called;
}
