/**
 * What stands in the holes of a tag that binds: a value, a piece that the same tag has made, or what it is handed as a function to
 * write columns, values and names: `` sql`INSERT INTO orders ${sql(order, 'id', 'total')}` ``.
 * Source: https://github.com/porsager/postgres#building-queries
 */
import type { ObservedCall } from '../program/analysis';
import { alternativesIn } from '../program/lattice';
import { choiceOf } from '../program/strings';
import type { CallId, ConstantPiece, Hole, Piece, Value } from '../program/value';
import { HOLE } from '../sql/tokens';
import type { Setting } from './setting';

/** So deep pieces stand in pieces. */
const MOST_DEEP = 4;

/** The text that a tag sends, its holes bound; those in which pieces of the statement stand are these pieces. */
export function taggedPieces(
  setting: Setting,
  call: ObservedCall,
  pieces: readonly Piece[],
  depth = 0,
): readonly Piece[] {
  const found: Piece[] = [];
  for (const piece of pieces) {
    if (piece.kind !== 'hole') found.push(piece);
    else found.push(...inHole(setting, call, piece, textOf(found), depth));
  }
  return found;
}

function inHole(setting: Setting, call: ObservedCall, hole: Hole, before: string, depth: number): readonly Piece[] {
  const bound: readonly Piece[] = [{ ...hole, safety: 'bound' }];
  const made = madeIn(setting, call, hole);
  if (depth >= MOST_DEEP || made.every(one => one === undefined)) return bound;
  const written = made.map((one): readonly Piece[] => {
    if (!one) return bound;
    if (one.form === 'tagged') return taggedPieces(setting, one, templateOf(one) ?? [], depth + 1);
    return writtenBy(one, bound, before);
  });
  return choiceOf(written) ?? bound;
}

/** What made each of the things that may stand in a hole: of one of several that are alike only the hole's own source tells. */
function madeIn(setting: Setting, tag: ObservedCall, hole: Hole): readonly (ObservedCall | undefined)[] {
  const made = alternativesIn(hole.value).map(value => madeBy(setting, tag, value));
  if (made.some(one => one !== undefined) || hole.at.unit !== tag.at.unit) return made;
  const inside = setting.analysis
    .unit(hole.at.unit)
    .calls.filter(each => hole.at.start <= each.at.start && each.at.end <= hole.at.end && isAlike(each, tag));
  const outermost = inside.filter(
    each => !inside.some(other => other !== each && other.at.start <= each.at.start && each.at.end <= other.at.end),
  );
  return outermost.length > 1 ? outermost : made;
}

/** The call of the same tag, with a template or as a function, that has made a value. */
function madeBy({ analysis }: Setting, tag: ObservedCall, { shape }: Value): ObservedCall | undefined {
  if (shape.kind !== 'instance' || shape.by === undefined) return undefined;
  const made = analysis.unit(unitOf(shape.by)).calls.find(({ id }) => id === shape.by);
  return made && isAlike(made, tag) ? made : undefined;
}

const isAlike = ({ target: one }: ObservedCall, { target: other }: ObservedCall): boolean =>
  one.kind === 'library' && other.kind === 'library' && one.name === other.name;

const unitOf = (id: CallId): string => id.slice(0, id.lastIndexOf('@'));

/** The text of a tagged template. */
export function templateOf(call: ObservedCall): readonly Piece[] | undefined {
  const shape = call.arguments[0]?.value.shape;
  return shape?.kind === 'text' ? shape.pieces : undefined;
}

const textOf = (pieces: readonly Piece[]): string =>
  pieces.map(piece => (piece.kind === 'constant' ? piece.value : HOLE)).join('');

/** What it writes for its arguments, by what stands before it. */
function writtenBy({ arguments: given }: ObservedCall, bound: readonly Piece[], before: string): readonly Piece[] {
  const columns = columnsOf(given.map(({ value }) => value));
  const list = (items: readonly (readonly Piece[])[]): readonly Piece[] =>
    items.flatMap((item, at) => (at === 0 ? item : [constant(', '), ...item]));
  const inParentheses = (inner: readonly Piece[]): readonly Piece[] => [constant('('), ...inner, constant(')')];
  const values = columns.map(() => bound);
  if (/\binsert\s+into\s+[\w."]+\s*$/i.test(before))
    return columns.length > 0
      ? [...inParentheses(list(columns.map(name => [name]))), constant(' VALUES '), ...inParentheses(list(values))]
      : [constant('SELECT '), ...bound];
  if (/\bset\s*$/i.test(before))
    return list((columns.length > 0 ? columns : bound).map(name => [name, constant(' = '), ...bound]));
  if (/\b(?:in|values)\s*$/i.test(before)) return inParentheses(columns.length > 0 ? list(values) : bound);
  const [only] = given;
  const items = only?.value.shape.kind === 'list' ? (only.value.shape.items ?? []) : only ? [only.value] : [];
  const names = items.flatMap(item => nameOf(item) ?? []);
  return given.length === 1 && names.length > 0 && names.length === items.length
    ? list(names.map(name => [name]))
    : bound;
}

/** The columns that are named behind the record, or the keys of one that is written out. */
function columnsOf([first, ...named]: readonly Value[]): readonly ConstantPiece[] {
  if (named.length > 0) {
    const names = named.map(nameOf);
    return names.every(name => name !== undefined) ? names : [];
  }
  return first?.shape.kind === 'record' ? [...first.shape.entries.keys()].map(column) : [];
}

/** A name that is written out, with the quotes that the library puts around it where they make a difference. */
function nameOf({ shape }: Value): ConstantPiece | undefined {
  const [only, ...more] = shape.kind === 'text' ? shape.pieces : [];
  if (only?.kind !== 'constant' || more.length > 0 || !/^\w+$/.test(only.value)) return undefined;
  return /^[a-z_][a-z0-9_]*$/.test(only.value) ? only : column(only.value);
}

const column = (name: string): ConstantPiece => constant(/^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`);

const constant = (value: string): ConstantPiece => ({ kind: 'constant', value });
