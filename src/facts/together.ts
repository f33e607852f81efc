/**
 * How all items of a loop would be asked for, or written, at once: for sketches, in the words of the library that the call is
 * of. What no row of its table tells, and what compares no column with the item, has no such form.
 */
import type { Place, UnitId } from '../engine/place';
import type { ObservedCall } from '../program/analysis';
import type { Declare, Span, Unit } from '../program/model';
import { type Node, nodesIn } from '../program/nodes';
import { namesIn } from '../program/storage';
import type { SummaryQuery } from './backendSummaries';
import type { Together, TogetherPiece } from './facts';
import { mentionOf } from './listComparisons';
import { queryCallsOf } from './queryCalls';
import type { Setting } from './setting';
import { type Asked, writtenTogether } from './togetherForms';

/** Of a query that stands in the loop itself. */
export function togetherOf(setting: Setting, unit: UnitId, query: Asked): Together | undefined {
  const source = setting.analysis.source(unit);
  if (!source) return undefined;
  const [loop] = query.repetitions;
  const outermost = query.repetitions.at(-1);
  const around = outermost ? nodesIn(source.function).filter(node => isInside(node, outermost.at)) : [];
  const varying = new Set([
    ...query.repetitions.flatMap(({ bindings }) => bindings),
    // a resolver runs once for each object that it is handed
    ...(outermost ? boundIn(around) : [...boundIn(nodesIn(source.function)), ...parametersOf(source)]),
  ]);
  const together = writtenTogether(setting, source, query, varying);
  if (!together) return undefined;
  const known = new Set(loop?.bindings ?? []);
  return { ...together, pieces: together.pieces.map(piece => withoutAliases(source, around, known, piece)) };
}

/**
 * Of a query in a function that a call of the loop calls, itself or through others, in terms of what that call hands over.
 */
export function togetherBehind(setting: Setting, call: ObservedCall, { callPath }: SummaryQuery): Together | undefined {
  const places = callPath.map(({ at }) => at);
  const last = places.at(-1);
  const query =
    last && queryCallsOf(setting, last.unit).find(({ at }) => at.start === last.start && at.end === last.end);
  const source = last && setting.analysis.source(last.unit);
  if (!last || !query || !source) return undefined;
  const varying = new Set([...boundIn(nodesIn(source.function)), ...parametersOf(source)]);
  const written = writtenTogether(setting, source, query, varying);
  if (!written) return undefined;
  let { pieces } = written;
  for (let index = places.length - 1; index >= 0; index--) {
    const caller = index === 0 ? call : callAt(setting, places[index - 1]);
    const callee = setting.analysis.source(places[index]?.unit ?? '');
    if (!callee) return undefined;
    const known = parametersOf(callee);
    pieces = pieces.map(piece =>
      handedOver(withoutAliases(callee, nodesIn(callee.function), known, piece), callee, caller),
    );
  }
  return { ...written, pieces };
}

const callAt = ({ analysis }: Setting, at: Place | undefined): ObservedCall | undefined =>
  at && analysis.unit(at.unit).calls.find(({ callee }) => callee.start === at.start && callee.end === at.end);

const isInside = (inner: Span, outer: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

const boundIn = (nodes: readonly Node[]): readonly string[] =>
  nodes.flatMap(node => (node.kind === 'variable' ? [(node as Node & { readonly name: string }).name] : []));

const parametersOf = ({ function: { parameters } }: Unit): ReadonlySet<string> =>
  new Set(['this', 'self', ...parameters.flatMap(({ target }) => [...namesIn(target)])]);

/** Constants of the loop that stand for a part of the item give way to what they stand for. */
function withoutAliases(
  { text }: Unit,
  around: readonly Node[],
  known: ReadonlySet<string>,
  piece: TogetherPiece,
): TogetherPiece {
  if (typeof piece === 'string' || !('each' in piece)) return piece;
  let { each } = piece;
  for (const node of around) {
    if (node.kind !== 'declare') continue;
    const { target, value } = node as Declare;
    if (target.kind !== 'variable' || !value || known.has(target.name)) continue;
    const written = text.slice(value.start, value.end);
    if (
      /^[\p{L}_$][\w$]*(?:!?\??\.[\p{L}_$][\w$]*)*$/u.test(written) &&
      [...known].some(name => mentionOf(name).test(written))
    )
      each = each.replace(mentionOf(target.name), () => written);
  }
  return { each };
}

/** What a function calls its parameters, by what a call hands over for them; an unknown key where that is not in sight. */
function handedOver(piece: TogetherPiece, callee: Unit, caller: ObservedCall | undefined): TogetherPiece {
  if (typeof piece === 'string' || !('each' in piece)) return piece;
  let { each } = piece;
  const [first] = callee.function.parameters;
  // `ids.map(linesOf)`
  if (caller?.implicit && first?.target.kind === 'variable' && each === first.target.name) return { all: true };
  let isKnown = caller !== undefined && !caller.implicit && !caller.arguments.some(({ spread }) => spread);
  for (const [index, { target }] of callee.function.parameters.entries())
    for (const name of namesIn(target)) {
      if (!mentionOf(name).test(each)) continue;
      const argument =
        caller?.arguments.find(given => given.name === name) ?? caller?.arguments.filter(given => !given.name)[index];
      if (!argument) isKnown = false;
      else if (target.kind === 'variable') each = each.replace(mentionOf(name), () => argument.source);
      else if (/^[\w$.]+$/.test(argument.source)) each = each.replace(mentionOf(name), `${argument.source}.${name}`);
      else isKnown = false;
    }
  if (/(?<![\w$.])(?:this|self)\./.test(each)) {
    const receiver =
      caller?.node.callee.kind === 'member' ? caller.source.slice(0, caller.source.lastIndexOf('.')) : '';
    if (receiver === '') isKnown = false;
    else each = each.replace(/(?<![\w$.])(?:this|self)(?=\.)/g, () => receiver);
  }
  return isKnown ? { each } : { each: '…' };
}
