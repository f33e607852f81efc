/**
 * Two writes that are one step though neither uses what the other gave: rows are taken away and written anew, what
 * belongs to a row is removed with it, a quantity is moved.
 */
import type { ObservedCall } from '../program/analysis';
import { followPaths } from '../program/paths';
import { sourceKey } from '../program/sources';
import { functionAround, holds, type Scene } from './transactionScene';
import type { Work } from './work';

/**
 * `replaces`: the rows of one table are deleted, and new ones inserted. `removes`: rows of two tables are deleted by one
 * key. `moves`: a quantity is taken from one row and added to another, or taken for what is written beside it.
 */
export type WriteBond = 'replaces' | 'removes' | 'moves';

/** How the later write belongs to the earlier; both run on one way through the function. */
export function bondBetween(scene: Scene, earlier: Work, later: Work): WriteBond | undefined {
  const bond = bondByForm(scene, earlier, later);
  return bond && sharesSource(earlier, later) && isReachedAfter(scene, earlier, later) ? bond : undefined;
}

function bondByForm(scene: Scene, earlier: Work, later: Work): WriteBond | undefined {
  const [first, second] = [deedOf(scene, earlier), deedOf(scene, later)];
  const oneTable = isSameTable(earlier, later);
  if (first === 'removes' && second === 'adds') return oneTable ? 'replaces' : undefined;
  if (first === 'removes' && second === 'removes') return oneTable === false ? 'removes' : undefined;
  const [moved, other] = [movesQuantity(scene, earlier), movesQuantity(scene, later)];
  if (moved && other) return textOf(scene, earlier) === textOf(scene, later) ? undefined : 'moves';
  if (oneTable !== false) return undefined;
  if (moved && second === 'adds') return 'moves';
  return other && first === 'adds' ? 'moves' : undefined;
}

/** Rows of two tables are made or changed, by one key: whether a foreign key ties the two is the schema's to say. */
export function mayBeTied(scene: Scene, earlier: Work, later: Work): boolean {
  const isWritten = (work: Work): boolean => {
    const deed = deedOf(scene, work);
    return deed === 'adds' || deed === 'changes';
  };
  return (
    isSameTable(earlier, later) === false &&
    isWritten(earlier) &&
    isWritten(later) &&
    sharesSource(earlier, later) &&
    isReachedAfter(scene, earlier, later)
  );
}

/** Unknown where the table of either is. */
function isSameTable(earlier: Work, later: Work): boolean | undefined {
  if (earlier.relation === undefined || later.relation === undefined) return undefined;
  return earlier.relation.toLowerCase() === later.relation.toLowerCase();
}

type Deed = 'adds' | 'removes' | 'changes';

const VERBS: Readonly<Record<string, Deed>> = {
  INSERT: 'adds',
  DELETE: 'removes',
  UPDATE: 'changes',
};

const ADDS = /^(?:create|insert|add|save|bulk_?create|persist)/i;
const REMOVES = /^(?:delete|del$|destroy|remove|bulk_?delete)/i;

/** What a write does to rows, by its statement's verb, else by the methods that it is made of. */
function deedOf(scene: Scene, work: Work): Deed | undefined {
  if (work.verb in VERBS) return VERBS[work.verb];
  if (work.verb !== '') return undefined;
  const names = work.behind ? [nameIn(work.label.replace(/\(\)$/, ''))] : work.chain.map(id => methodOf(scene, id));
  if (names.some(name => REMOVES.test(name))) return 'removes';
  return names.some(name => ADDS.test(name)) ? 'adds' : undefined;
}

const methodOf = (scene: Scene, id: string): string => nameIn(scene.calls.get(id)?.source ?? '');

const nameIn = (source: string): string => /[\w$]+$/.exec(source)?.[0] ?? '';

/** Of what there is so much and no more: when the numbers are wrong, somebody pays for it. */
const QUANTITY =
  /stock|quantit|(?<![a-z])qty|inventor|balance|amount|credit|(?<![a-z])points?(?![a-z])|wallet|funds|coins?(?![a-z])|seats?(?![a-z])|capacit|reserved|budget|available|remaining|(?<![a-z])sold/i;

/** A value that is told by what it was: `SET stock = stock - $1`, `{ stock: { decrement: 1 } }`, `$inc`, `F('stock') - 1`. */
const RELATIVE = [
  /["'`]?(\b\w+)["`]?\s*=\s*(?:["`]?\w+["`]?\.)?["`]?\1["`]?\s*[-+]/,
  /\b(?:increment|decrement)\s*:/,
  /["']?\$inc\b/,
  /\bF\(\s*['"]\w+['"]\s*\)\s*[-+]/,
  /\bsql(?:<\w+>)?`\s*\$\{[\w.]+\}\s*[-+]/,
  /\b(?:raw|literal)\(\s*['"`][`"]?(?:\?\?|\w+)[`"]?\s*[-+]/,
];

const MOVES = /^(?:increment|decrement)$/i;

function movesQuantity(scene: Scene, work: Work): boolean {
  if (work.behind ? work.verb !== 'UPDATE' : work.verb === 'INSERT' || work.verb === 'DELETE') return false;
  const text = textOf(scene, work);
  if (!QUANTITY.test(text)) return false;
  return RELATIVE.some(form => form.test(text)) || work.chain.some(id => MOVES.test(methodOf(scene, id)));
}

const textOf = ({ unit }: Scene, { call }: Work): string => unit.text.slice(call.start, call.end);

/** Something that both depend on: the key of the row that they are about, the list that both are made from. */
function sharesSource(earlier: Work, later: Work): boolean {
  const known = new Set(earlier.from.map(sourceKey));
  return later.from.some(source => known.has(sourceKey(source)));
}

/** A row that is there is deleted, and one that is not is inserted: two ways, of which one is taken. */
function isReachedAfter(scene: Scene, earlier: Work, later: Work): boolean {
  const region = functionAround(scene.unit.function, earlier.call);
  if (!holds(region, later.call)) return false;
  let reached = false;
  followPaths<'before' | 'behind'>(region, {
    start: [{ state: 'before' }],
    step(node, state) {
      if (state === 'behind' && node.kind !== 'declare' && holds(node, later.call)) reached = true;
      return node.kind === 'call' && node.start === earlier.call.start && node.end === earlier.call.end
        ? 'behind'
        : state;
    },
    mayThrow: () => false,
    callback: call => (isKept(scene, call.start, call.end) ? undefined : 'perhaps'),
  });
  return reached;
}

/** A function that a library takes to run it some other time, if ever. */
const isKept = (scene: Scene, start: number, end: number): boolean => {
  const call: ObservedCall | undefined = scene.calls.get(`${scene.id}@${start}-${end}`);
  return call !== undefined && !call.awaited && call.use.kind === 'discarded';
};
