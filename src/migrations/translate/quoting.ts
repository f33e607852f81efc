/** Writing names and values into the SQL that a builder would send to PostgreSQL. */
import { constantText, type Value } from '../code/values';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** `sales.orders` with its schema apart: the builders take a dotted name for a qualified one. */
export const qualified = (name: string): string => name.split('.').map(quoted).join('.');

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A constant as SQL; undefined for what is not one. */
export function literalOf(value: Value | undefined): string | undefined {
  if (value?.kind === 'text') return value.complete ? literal(value.value) : undefined;
  if (value?.kind !== 'constant') return undefined;
  if (value.value === null || value.value === undefined) return 'NULL';
  return String(value.value);
}

/** One name, or a list of names; undefined when one of them is not constant. */
export function namesOf(value: Value | undefined): readonly string[] | undefined {
  if (value?.kind === 'list') {
    if (value.open) return undefined;
    const names = value.items.map(constantText);
    return names.every(name => name !== undefined) ? names : undefined;
  }
  const name = constantText(value);
  return name === undefined ? undefined : [name];
}

/** A record's entry. */
export const entryOf = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === 'record' ? value.entries.get(name) : undefined;

export const flag = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === true;
