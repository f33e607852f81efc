/**
 * What a function's own code takes a parameter for, where no type says it: one of a few words that it tells apart, or a
 * number. Nobody chooses those freely, so they weigh less than a text that goes in as it came; what a client is proven to
 * send is another matter.
 */
import type { UnitId } from '../engine/place';
import type { Analysis } from '../program/analysis';
import type { Expression, Function as FunctionNode, Pattern } from '../program/model';
import { wordsIn } from '../program/spelling';
import { visitNodes } from '../program/traverse';
import type { Value } from '../program/value';
import type { Hazard } from './facts';

/** Functions that hand a parameter on are followed so deep. */
const MAX_DEPTH = 2;

/** Words that say that something is counted: `maxAgeInDays`, `hoursBack`. */
const COUNTED = new Set('days hours minutes seconds months weeks years ms millis milliseconds'.split(' '));

/** Whether code treats the hole's value as one of a few words, or as a number. */
export function isChosenByCode(analysis: Analysis, { from, member, spelling }: Hazard): boolean {
  const words = wordsIn(spelling?.names.at(-1) ?? '');
  if (words.some(word => COUNTED.has(word))) return true;
  const [parameter, ...others] = from.filter(source => source.kind === 'parameter');
  return (
    parameter !== undefined &&
    others.length === 0 &&
    isToldApart(analysis, { unit: parameter.unit, index: parameter.index, path: member ?? [] }, 0)
  );
}

interface Used {
  readonly unit: UnitId;
  readonly index: number;
  readonly path: readonly string[];
}

function isToldApart(analysis: Analysis, used: Used, depth: number): boolean {
  const key = `told apart ${used.unit} ${used.index} ${used.path.join('.')} ${depth}`;
  return analysis.remember(key, () => findUse(analysis, used, depth)) ?? false;
}

function findUse(analysis: Analysis, { unit, index, path }: Used, depth: number): boolean {
  const called = analysis.source(unit)?.function;
  const parameter = called?.parameters[index];
  if (!called || !parameter) return false;
  const name = nameOf(parameter.target, path);
  if (path.length === 0 && isNumber(parameter.default)) return true;
  if (name !== undefined && isCompared(called, name)) return true;
  if (depth >= MAX_DEPTH) return false;
  return analysis.unit(unit).calls.some(({ target, arguments: args }) => {
    if (target.kind !== 'unit' || target.unit === unit) return false;
    const at = args.findIndex(({ value, name: given }) => given === undefined && isIt(value, { unit, index, path }));
    return at >= 0 && isToldApart(analysis, { unit: target.unit, index: at, path: [] }, depth + 1);
  });
}

const isIt = ({ shape }: Value, { unit, index, path }: Used): boolean =>
  shape.kind === 'unknown' &&
  shape.parameter?.unit === unit &&
  shape.parameter.index === index &&
  shape.parameter.path.join('.') === path.join('.');

/** What the function calls it: the parameter, or what it takes out of it by name. */
function nameOf(target: Pattern, [first, ...more]: readonly string[]): string | undefined {
  if (first === undefined) return target.kind === 'variable' ? target.name : undefined;
  if (target.kind !== 'entries' || more.length > 0) return undefined;
  const inner = target.entries.find(({ key }) => key === first)?.target;
  return inner?.kind === 'variable' ? inner.name : undefined;
}

const EQUALITY = new Set(['===', '==', '!==', '!=']);
const ORDER = new Set(['<', '>', '<=', '>=']);

function isCompared({ body }: FunctionNode, name: string): boolean {
  let found = false;
  const isNamed = (each: Expression | undefined): boolean => each?.kind === 'name' && each.name === name;
  visitNodes(body, node => {
    if (node.kind === 'switch') found ||= isNamed(node.subject) && node.cases.some(({ tests }) => tests.some(isWord));
    if (node.kind !== 'operation') return !found;
    const [left, right] = node.operands;
    const other = isNamed(left) ? right : isNamed(right) ? left : undefined;
    if (other && EQUALITY.has(node.operator)) found ||= isWord(other);
    if (other && ORDER.has(node.operator)) found ||= isNumber(other);
    return !found;
  });
  return found;
}

/** A text that is written out, and holds something. */
const isWord = (each: Expression): boolean =>
  each.kind === 'text' && each.parts.length === 1 && each.parts[0]?.kind === 'part';

const isNumber = (each: Expression | undefined): boolean => each?.kind === 'constant' && typeof each.value === 'number';
