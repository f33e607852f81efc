/** Whether partitions of one table overlap, as far as what is written tells: numbers, days and moments are compared, other values known alike. */
import { tablesOf } from './catalog';
import { type Draft, type Outcome, refuse } from './draft';
import type { Table } from './object';
import { shown } from './refer';

type Place = NonNullable<Table['partitionOf']>;

type Bound =
  | { readonly kind: 'default' }
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number }
  | { readonly kind: 'list'; readonly values: readonly string[] }
  | { readonly kind: 'range'; readonly from: Value; readonly to: Value };

/** A number, or a text that sorts as it happens; the ends of all are infinite. */
type Value = number | string;

/** Why the table cannot be a partition at that place beside those that are there. */
export function misplaced(draft: Draft, table: Table, place: Place): Outcome {
  const bound = boundOf(place);
  if (bound?.kind === 'hash' && bound.remainder >= bound.modulus)
    return refuse('invalid', `the remainder of partition ${shown(table)} must be less than its modulus`);
  if (bound?.kind === 'range' && isBelow(bound.from, bound.to) === false)
    return refuse('invalid', `the range of partition ${shown(table)} is empty`);
  for (const other of tablesOf(draft)) {
    if (other.id === table.id || other.partitionOf?.parent !== place.parent) continue;
    const theirs = boundOf(other.partitionOf);
    if (spaced(other.partitionOf.bound) === spaced(place.bound) || (bound && theirs && overlap(bound, theirs)))
      return refuse('invalid', `partition ${shown(table)} would overlap partition ${shown(other)}`);
  }
  return undefined;
}

const spaced = (text: string): string => text.replace(/\s+/g, ' ');

/** Undefined for what is not known so well: keys of several columns, expressions, texts, which sort by a collation. */
function boundOf({ bound, isDefault }: Place): Bound | undefined {
  if (isDefault) return { kind: 'default' };
  const text = spaced(bound);
  const hash = /WITH \( ?MODULUS (\d+) ?, ?REMAINDER (\d+) ?\)/i.exec(text);
  if (hash) return { kind: 'hash', modulus: Number(hash[1]), remainder: Number(hash[2]) };
  const list = /\bIN ?\((.*)\)$/i.exec(text);
  if (list) {
    const values = [...(list[1] ?? '').matchAll(/ ?('(?:[^']|'')*'|[-\w.]+) ?(,|$)/g)].map(([, value = '']) => value);
    return { kind: 'list', values };
  }
  const range = /\bFROM ?\( ?('[^']*'|[-\w.]+) ?\) TO ?\( ?('[^']*'|[-\w.]+) ?\)$/i.exec(text);
  const [from, to] = [valueIn(range?.[1]), valueIn(range?.[2])];
  return from === undefined || to === undefined ? undefined : { kind: 'range', from, to };
}

function valueIn(written = ''): Value | undefined {
  if (/^MINVALUE$/i.test(written)) return Number.NEGATIVE_INFINITY;
  if (/^MAXVALUE$/i.test(written)) return Number.POSITIVE_INFINITY;
  if (/^-?\d+(?:\.\d+)?$/.test(written)) return Number(written);
  const day = /^'(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d))?'$/.exec(written);
  return day ? `${day[1]} ${day[2] ?? '00:00:00'}` : undefined;
}

/** Undefined where they are of different kinds. */
function isBelow(a: Value, b: Value): boolean | undefined {
  if (typeof a === typeof b) return a < b;
  const [infinite] = [a, b].filter(one => one === Number.POSITIVE_INFINITY || one === Number.NEGATIVE_INFINITY);
  return infinite === undefined ? undefined : infinite === a ? Number(a) < 0 : Number(b) > 0;
}

function overlap(one: Bound, other: Bound): boolean {
  if (one.kind === 'default' || other.kind === 'default') return one.kind === other.kind;
  if (one.kind === 'hash' && other.kind === 'hash') {
    const [coarse, fine] = one.modulus < other.modulus ? [one, other] : [other, one];
    return fine.modulus % coarse.modulus === 0 && fine.remainder % coarse.modulus === coarse.remainder;
  }
  if (one.kind === 'list' && other.kind === 'list') return one.values.some(value => other.values.includes(value));
  if (one.kind !== 'range' || other.kind !== 'range') return false;
  return isBelow(one.from, other.to) === true && isBelow(other.from, one.to) === true;
}
