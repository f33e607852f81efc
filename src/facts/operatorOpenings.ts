/**
 * Where data goes into the conditions of a document database as it came: an object in it would be read for operators,
 * `{ $gt: '' }`, and text in code runs. What is a text, a number or was checked on the way is none.
 */
import type { Place, UnitId } from '../engine/place';
import type { ObservedCall, UnitAnalysis } from '../program/analysis';
import { alternativesIn } from '../program/lattice';
import type { Expression } from '../program/model';
import { holesOf } from '../program/strings';
import type { Value } from '../program/value';
import type { ConditionObject, OperatorOpening } from './facts';
import type { Setting } from './setting';

/** Deeper conditions are not looked into. */
const MAX_DEPTH = 6;

/** Operators that hold conditions of their own; what stands behind the others is a value, and no operator works in it. */
const NESTS = new Set(['$or', '$and', '$nor', '$not', '$elemMatch', '$match']);

export function operatorOpeningsIn(
  setting: Setting,
  unit: UnitId,
  call: ObservedCall,
  { role, value, at, source }: ConditionObject,
  index: number,
): readonly OperatorOpening[] {
  if (!mayComeIn(value)) return [];
  const analysed = setting.analysis.unit(unit);
  const found: OperatorOpening[] = [];
  const text = setting.analysis.source(unit)?.text ?? '';
  const whole = { at, source };
  const visit = (
    each: Value,
    node: Expression | undefined,
    place: Pick<OperatorOpening, 'at' | 'source'>,
    as: Inner,
    depth: number,
  ): void => {
    if (depth > MAX_DEPTH) return;
    const stands =
      node && node.kind !== 'spread'
        ? { at: { unit, start: node.start, end: node.end }, source: text.slice(node.start, node.end) }
        : place;
    for (const one of alternativesIn(each)) {
      const { shape } = one;
      if (shape.kind === 'unknown') {
        if (shape.text !== true && mayComeIn(one) && !isChecked(analysed, one, stands))
          found.push({
            ...stands,
            from: one.from,
            ...(shape.parameter ? { member: shape.parameter.path } : {}),
            wholeText: false,
            ...as,
            ...(node && as.how === 'member'
              ? { shorthand: as.key === stands.source && isShorthand(text, stands.at) }
              : {}),
          });
      } else if (shape.kind === 'text') {
        if (as.how !== 'code') continue;
        for (const hole of holesOf(shape.pieces))
          if (hole.safety === undefined && mayComeIn(hole.value))
            found.push({ at: hole.at, source: hole.source, from: hole.value.from, wholeText: false, ...as });
      } else if (shape.kind === 'list') {
        if (as.how === 'code' || as.how === 'member') continue;
        const items = node?.kind === 'list' ? node.items : [];
        for (const [position, item] of (shape.items ?? [shape.each]).entries())
          visit(item, items[position], stands, as, depth + 1);
      } else if (shape.kind === 'record') {
        if (as.how === 'code') continue;
        const entries = node?.kind === 'record' ? node.entries : [];
        const spread = entries.find(entry => entry.key === undefined);
        if (shape.open && mayComeIn(one) && !isChecked(analysed, one, stands) && as.how !== 'member')
          found.push({
            ...(spread
              ? {
                  at: { unit, start: spread.value.start, end: spread.value.end },
                  source: text.slice(spread.value.start, spread.value.end),
                }
              : stands),
            from: one.from,
            wholeText: false,
            role: as.role,
            how: 'spread',
          });
        for (const [key, inner] of shape.entries) {
          const entry = entries.find(({ key: name }) => name === key)?.value;
          const below = innerOf(key, as);
          if (below) visit(inner, entry, stands, below, depth + 1);
        }
      }
    }
  };
  const node = call.node.arguments[index]?.value;
  visit(value, node, whole, role === 'code' ? { role, how: 'code' } : { role, how: 'whole' }, 0);
  return found;
}

type Inner = Pick<OperatorOpening, 'role' | 'how' | 'key'>;

/** What stands behind a key: a condition's value, conditions again, code; nothing where it is a plain value. */
function innerOf(key: string, { role, how }: Inner): Inner | undefined {
  if (role === 'pipeline') return key === '$match' ? { role: 'filter', how: 'whole', key } : undefined;
  if (key === '$where' || key === '$function' || key === '$accumulator') return { role: 'code', how: 'code', key };
  if (key.startsWith('$')) return NESTS.has(key) && role === 'filter' ? { role, how: 'whole', key } : undefined;
  return role === 'filter' && how === 'whole' ? { role, how: 'member', key } : undefined;
}

const mayComeIn = (value: Value): boolean =>
  value.from.some(source => source.kind === 'input' || source.kind === 'parameter');

/** `{ email }` */
const isShorthand = (text: string, { start }: Place): boolean => !/[:]\s*$/.test(text.slice(0, start));

/** A call looked at it on the way, or before: what that made of it, or let through, is its business. */
function isChecked(
  { calls }: UnitAnalysis,
  value: Value,
  { source, at }: Pick<OperatorOpening, 'at' | 'source'>,
): boolean {
  const made = new Set(value.from.flatMap(each => (each.kind === 'call' ? [each.call] : [])));
  if (calls.some(call => made.has(call.id) && !HANDS_ON.test(call.source))) return true;
  if (made.size > 0 && !calls.some(call => made.has(call.id))) return true;
  const root = /^[\w$]+(?:\.(?:body|query))?/.exec(source)?.[0] ?? source;
  return calls.some(
    call =>
      call.at.start < at.start &&
      CHECKS.test(call.source) &&
      (/validationResult$|^validate\w*$/.test(call.source) ||
        call.arguments.some(
          argument =>
            argument.source.startsWith(root) || /^(?:req|request|ctx)(?:\.(?:body|query))?$/.test(argument.source),
        )),
  );
}

/** Calls that give what they were given, as it was. */
const HANDS_ON =
  /^JSON\.parse$|(?:^|\.)(?:json|assign|pick|omit|get|body|query|param|readBody|formData|entries|fromEntries|getQuery)$/;
/** `schema.parse` hands on nothing as it was; `JSON.parse` does. */
const CHECKS =
  /valid|schema|sanit|assert|check|verif|joi\b|zod|ajv|yup|celebrate|safeParse|(?<!JSON)\.parse(?:Async)?$|isEmail|isString|ensure|escape/i;
