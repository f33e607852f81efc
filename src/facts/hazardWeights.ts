/**
 * How much speaks for a hole being a way in, where no request input is proven to reach it: what it stands for in the
 * statement, against where it comes from.
 *
 * A value that is pasted is a mistake whoever hands it in. A name is not: code that writes statements for many tables
 * takes their names from metadata, configuration and the schema, and there is no other way to write them. What a client
 * does choose is what a list is sorted by, which fields of a record are set, and a condition as a whole.
 */

import type { Source, Value } from '../program/value';
import type { HoleRole } from '../sql/holePosition';
import type { Hazard } from './facts';
import type { Trust } from './trustedNames';

type Weight = Hazard['weight'];

/** Where a hole's value comes from, as far as it is seen from its own function. */
export type HoleOrigin =
  /** A parameter as it came in, or an item of one. */
  | 'parameter'
  /** A member of a parameter: `options.table`. */
  | 'member'
  /** Made of a parameter: its keys, a part of it. */
  | 'derived'
  /** What a call returned that was given a parameter. */
  | 'answered'
  /** What a call returned. */
  | 'called'
  /** Nothing that changes from call to call is seen: a constant, a setting, a field, an import. */
  | 'fixed';

const WEIGHTS: Readonly<Record<HoleRole, Readonly<Record<HoleOrigin, Weight>>>> = {
  value: row('likely', 'likely', 'likely', 'likely', 'likely', 'possible'),
  quoted: row('likely', 'likely', 'likely', 'likely', 'likely', 'possible'),
  limit: row('likely', 'likely', 'likely', 'likely', 'possible', 'unlikely'),
  order: row('likely', 'possible', 'likely', 'possible', 'unlikely', 'unlikely'),
  column: row('possible', 'unlikely', 'likely', 'unlikely', 'unlikely', 'unlikely'),
  name: row('possible', 'unlikely', 'possible', 'unlikely', 'unlikely', 'unlikely'),
  sql: row('likely', 'possible', 'likely', 'possible', 'unlikely', 'unlikely'),
};

function row(
  parameter: Weight,
  member: Weight,
  derived: Weight,
  answered: Weight,
  called: Weight,
  fixed: Weight,
): Readonly<Record<HoleOrigin, Weight>> {
  return { parameter, member, derived, answered, called, fixed };
}

/** The weight of a hole, given what its name says. */
export function weightOf(role: HoleRole, value: Value, trust: Trust): Weight {
  const origin = originOf(value);
  // what a caller hands in as it is was not named by a model, whatever the callee calls it
  const said = trust === 'schema' && origin === 'parameter' ? 'called-a-table' : trust;
  if (isToldHarmless(said, role, value.from)) return 'unlikely';
  const weight = WEIGHTS[said === 'sql' && role === 'value' ? 'sql' : role][origin];
  return weight === 'likely' && (said === 'schema' || said === 'called-a-table') ? 'possible' : weight;
}

/** Whether a name settles a hole, as long as no request input is proven to reach it. */
export function isToldHarmless(trust: Trust, role: HoleRole, from: readonly Source[]): boolean {
  switch (trust) {
    case 'escaped':
    case 'escaped-by-driver':
    case 'built':
    case 'setting':
      return true;
    case 'constant':
      return !isHandedIn(from);
    case 'schema':
      return role !== 'value' && role !== 'quoted' && role !== 'limit';
    default:
      return false;
  }
}

const isHandedIn = (from: readonly Source[]): boolean => from.some(({ kind }) => kind !== 'call');

function originOf({ shape, from }: Value): HoleOrigin {
  const path = shape.kind === 'unknown' ? shape.parameter?.path : undefined;
  if (path) return path.some(step => step !== '*') ? 'member' : 'parameter';
  const called = from.some(({ kind }) => kind === 'call');
  if (from.some(({ kind }) => kind === 'parameter' || kind === 'input')) return called ? 'answered' : 'derived';
  return called ? 'called' : 'fixed';
}
