/** Secrets that stand in the code where a library is handed them: the key of `jwt.sign`, the password of a pool. */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { SecretRow } from '../libraries/vocabulary';
import type { ObservedCall } from '../program/analysis';
import { constantText } from '../program/strings';
import type { Value } from '../program/value';
import { isLocal, isPlaceholder } from './credentials';
import { labelOf } from './queryRows';
import type { Setting } from './setting';

export interface SecretUse {
  /** What to mark, with the delimiters of the literal; the argument where it stands elsewhere. */
  readonly at: Place;
  /** The literal itself, where it stands in the same file. */
  readonly literal?: Place;
  readonly is: SecretRow['is'];
  /** `signs the tokens` */
  readonly use: string;
  /** `jwt.sign()` */
  readonly label: string;
  /** The property or the argument, as written: `password`. */
  readonly name?: string;
  readonly fallback: boolean;
}

/** Those of one unit, kept in the analysis' memory. */
export function secretUsesOf(setting: Setting, unit: UnitId): readonly SecretUse[] {
  const { analysis, key, tables } = setting;
  return (
    analysis.remember(`secret uses ${key} ${unit}`, () =>
      analysis.unit(unit).calls.flatMap(call => {
        const rows = call.target.kind === 'library' ? tables.secrets.get(call.target.name) : undefined;
        return (rows ?? []).flatMap(({ row }) => usesIn(call, row));
      }),
    ) ?? []
  );
}

function usesIn(call: ObservedCall, row: SecretRow): readonly SecretUse[] {
  const argument = call.arguments[row.argument];
  if (!argument || argument.spread) return [];
  const names = namesOf(row.property);
  const values =
    names.length === 0
      ? [{ value: argument.value }]
      : names.map(name => ({ name, value: within(argument.value, name) }));
  const host = row.host === undefined ? undefined : constantIn(within(argument.value, row.host));
  const isTrial = row.host !== undefined && (host === undefined || isLocal(host.text.toLowerCase()));
  return values.flatMap(({ name, value }: { name?: string; value?: Value }): SecretUse[] => {
    const found = constantIn(value);
    if (!found || found.text.length < 2) return [];
    if (isPlaceholder(found.text) && !(row.is === 'key' && isGuessable(found.text))) return [];
    if (row.is === 'password' && (isTrial || found.fallback) && isWeak(found.text)) return [];
    const literal = found.at && fileOf(found.at.unit) === fileOf(call.at.unit) ? found.at : undefined;
    return [
      {
        at: literal ?? argument.at,
        ...(literal ? { literal } : {}),
        is: row.is,
        use: row.use,
        label: labelOf(call),
        ...(name === undefined ? {} : { name: name.slice(name.lastIndexOf('.') + 1) }),
        fallback: found.fallback,
      },
    ];
  });
}

/** A key that everyone tries first is no placeholder where tokens are signed with it. */
const isGuessable = (text: string): boolean =>
  /^(?:secret\w*|(?:my|super|top|some|jwt|token|app|session)?[-_ ]?secret[-_ ]?\w*|key|password\d*|keyboard cat|shhh+\w*|test\w*)$/i.test(
    text,
  ) && !/change|replace|your|example|placeholder/i.test(text);

/** Nothing that opens more than a developer's own server. */
const isWeak = (text: string): boolean =>
  text.length < 12 || !/\d/.test(text) || !/[a-z]/i.test(text) || /^[a-z]+[-_]?\d{0,4}$/i.test(text);

function within(value: Value | undefined, path: string): Value | undefined {
  let at = value;
  for (const step of path.split('.')) {
    if (at?.shape.kind === 'oneOf') at = at.shape.alternatives.find(each => each.shape.kind === 'record');
    at = at?.shape.kind === 'record' ? at.shape.entries.get(step) : undefined;
  }
  return at;
}

interface Found {
  readonly text: string;
  readonly at?: Place;
  /** Only where something else is missing: `process.env.SECRET || 'secret'`. */
  readonly fallback: boolean;
}

/** A constant that the value is, or is where something else is missing; the first of a list. */
function constantIn(value: Value | undefined): Found | undefined {
  if (!value) return undefined;
  const { shape } = value;
  switch (shape.kind) {
    case 'text': {
      const text = constantText(shape.pieces);
      const [first] = shape.pieces;
      const at = first?.kind === 'constant' ? first.literal?.at : undefined;
      return text === undefined || text === '' ? undefined : { text, ...(at ? { at } : {}), fallback: false };
    }
    case 'list':
      return constantIn(shape.items?.[0]);
    case 'oneOf': {
      const found = shape.alternatives.map(constantIn).find(each => each !== undefined);
      return found && { ...found, fallback: shape.alternatives.some(each => each.shape.kind === 'unknown') };
    }
    default:
      return undefined;
  }
}
