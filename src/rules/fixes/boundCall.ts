/** How a call is written with bound values: which placeholders stand in its text, and where the values go. */
import type { Edit } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { QueryRewrite } from '../../facts/facts';
import { holesOf } from '../../program/strings';
import type { CodeWriter } from '../../program/writer';
import type { PlaceholderStyle } from '../../sql/dialect';
import { placeholdersOf } from '../../sql/placeholder';
import type { Binding, Statement } from './bindings';

export interface Style {
  /** One per binding. */
  readonly placeholders: readonly string[];
  /** Index among the existing values at which each binding's value goes. */
  readonly indexes: readonly number[];
  readonly names?: readonly string[];
}

/** The placeholders to write; nothing where they could not be counted. */
export function styleOf(
  placeholder: PlaceholderStyle,
  rewrite: QueryRewrite,
  { source, tokens, dialect }: Statement,
  bindings: readonly Binding[],
): Style | undefined {
  const { text, holes } = source.recovered;
  // How many placeholders a built list holds is not known here.
  const hidden = holesOf(holes.map(({ piece }) => piece));
  if (hidden.some(({ safety }) => safety === 'placeholders' || safety === 'bound')) return undefined;
  const existing = placeholdersOf(text, tokens, dialect).filter(({ token }) => token.kind === 'placeholder');
  const items = rewrite.valuesArgument ? rewrite.valuesArgument.items : [];
  if (!items || (!rewrite.valuesArgument && !rewrite.insertValuesAt)) return undefined;
  switch (placeholder) {
    case '$n': {
      const highest = Math.max(0, ...existing.map(({ number }) => number ?? 0));
      if (items.length !== highest || existing.some(({ number }) => number === undefined)) return undefined;
      return {
        placeholders: bindings.map((_, index) => `$${highest + index + 1}`),
        indexes: bindings.map(() => items.length),
      };
    }
    case '%s': {
      // With values the client reads every percent sign that is left, and there were none to read before.
      const left = bindings.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
      if (left.includes('%') || items.length > 0) return undefined;
      return { placeholders: bindings.map(() => '%s'), indexes: bindings.map(() => 0) };
    }
    case '?': {
      // The client looks for question marks itself, in literals and operators too.
      const marks = text.split('?').length - 1;
      const counted = existing.reduce((sum, { token }) => sum + (token.end - token.start), 0);
      if (marks !== counted || existing.length !== items.length) return undefined;
      return {
        placeholders: bindings.map(() => '?'),
        indexes: bindings.map(({ start }) => existing.filter(({ token }) => token.start < start).length),
      };
    }
    case ':name': {
      if (rewrite.valuesArgument) return undefined;
      const taken = new Set(existing.map(({ name }) => name));
      const names = bindings.map(binding => {
        const name = freeName(binding, taken);
        taken.add(name);
        return name;
      });
      return { placeholders: names.map(name => `:${name}`), indexes: names.map(() => 0), names };
    }
    default:
      return undefined;
  }
}

/** A parameter's name after the last name in its expression. */
function freeName(binding: Binding, taken: ReadonlySet<string | undefined>): string {
  const expression = binding.value.find(part => typeof part !== 'string');
  const last =
    typeof expression === 'object' ? (/([A-Za-z_]\w*)\W*$/.exec(expression.expression)?.[1] ?? 'value') : 'value';
  let name = last;
  for (let count = 2; taken.has(name); count++) name = `${last}${count}`;
  return name;
}

/** The edits that hand the values over; one of them is `undefined` where that fails. */
export function valueEdits(
  rewrite: QueryRewrite,
  { indexes, names }: Style,
  bindings: readonly Binding[],
  writer: CodeWriter,
): readonly (Edit<Place> | undefined)[] {
  const values = bindings.map(binding => boundValue(binding, writer));
  const { valuesArgument, insertValuesAt, valuesAs } = rewrite;
  if (names) {
    const record = writer.record(names.map((name, index) => ({ name, value: values[index] ?? '' })));
    return [insertValuesAt && { at: insertValuesAt, newText: `, ${record}` }];
  }
  if (!valuesArgument) {
    const list = valuesAs?.kind === 'rest' ? values.join(', ') : writer.list(values);
    const argument =
      valuesAs?.kind === 'property'
        ? writer.record([{ name: valuesAs.name, value: list }])
        : valuesAs?.kind === 'entry'
          ? writer.entry(valuesAs.name, list)
          : list;
    return [insertValuesAt && { at: insertValuesAt, newText: `, ${argument}` }];
  }
  const items = valuesArgument.items ?? [];
  const last = items.at(-1);
  if (!last)
    return [{ at: valuesArgument.at, newText: valuesAs?.kind === 'rest' ? values.join(', ') : writer.list(values) }];
  const byIndex = new Map<number, string[]>();
  for (const [at, index] of indexes.entries()) byIndex.set(index, [...(byIndex.get(index) ?? []), values[at] ?? '']);
  return [...byIndex].map(([index, added]) => {
    const item = items[index];
    return item
      ? { at: { ...item.at, end: item.at.start }, newText: `${added.join(', ')}, ` }
      : { at: { ...last.at, start: last.at.end }, newText: `, ${added.join(', ')}` };
  });
}

function boundValue({ value, interpolated }: Binding, writer: CodeWriter): string {
  const [only, ...more] = value;
  if (typeof only === 'object' && more.length === 0) return only.expression;
  if (interpolated) return writer.interpolated(value, 'template');
  return writer.interpolated(
    value.map(part => (typeof part === 'string' ? part : { expression: operand(part.expression) })),
    'concatenation',
  );
}

/** In parentheses unless it is a name, a member or a call. */
const operand = (expression: string): string =>
  /^[\w$.]+(?:\([^()]*\)|\[[^[\]]*\])?$/.test(expression) ? expression : `(${expression})`;
