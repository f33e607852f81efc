/** A tool's arguments: one description that is the JSON schema for a model and the check of what it sends. */
import { didYouMean } from '../../engine/nearest';

/** The part of JSON Schema that tools use. */
export interface JsonSchema {
  readonly type: 'object' | 'string' | 'integer' | 'boolean' | 'array';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false;
  readonly enum?: readonly string[];
  readonly items?: JsonSchema;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
}

export type Read<T> = { readonly value: T } | { readonly problem: string };

export interface Parameter<T> {
  readonly schema: JsonSchema;
  /** @param name  of the argument, for what is wrong with it */
  read(value: unknown, name: string): Read<T>;
}

export interface Parameters<Args> {
  readonly schema: JsonSchema;
  read(args: unknown): Read<Args>;
}

/** Longest path that is looked at. */
const PATH_LENGTH = 1_000;

export function text(description: string, { longest = 200, mayBeEmpty = false } = {}): Parameter<string> {
  return {
    schema: { type: 'string', description, ...(mayBeEmpty ? {} : { minLength: 1 }), maxLength: longest },
    read(value, name) {
      if (typeof value !== 'string') return { problem: `"${name}" is to be a text, and is ${kindOf(value)}.` };
      if (value.length > longest)
        return {
          problem: `"${name}" is ${value.length.toLocaleString('en')} characters long; at most ${longest.toLocaleString('en')} are taken.`,
        };
      if (!mayBeEmpty && value.trim() === '') return { problem: `"${name}" is empty.` };
      if (longest <= PATH_LENGTH && value.includes('\0')) return { problem: `"${name}" holds a NUL character.` };
      return { value };
    },
  };
}

export const path = (description: string): Parameter<string> => text(description, { longest: PATH_LENGTH });

export function whole(description: string, { least = 1, most = 1_000_000 } = {}): Parameter<number> {
  return {
    schema: { type: 'integer', description, minimum: least, maximum: most },
    read(value, name) {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
        return {
          problem: `"${name}" is to be a whole number from ${least} to ${most.toLocaleString('en')}, and is ${kindOf(value)}.`,
        };
      return { value };
    },
  };
}

export function yesOrNo(description: string): Parameter<boolean> {
  return {
    schema: { type: 'boolean', description },
    read: (value, name) =>
      typeof value === 'boolean'
        ? { value }
        : { problem: `"${name}" is to be true or false, and is ${kindOf(value)}.` },
  };
}

export function oneOf<Choice extends string>(description: string, choices: readonly Choice[]): Parameter<Choice> {
  return {
    schema: { type: 'string', description, enum: choices },
    read(value, name) {
      const chosen = choices.find(choice => choice === value);
      if (chosen !== undefined) return { value: chosen };
      return {
        problem:
          typeof value === 'string'
            ? `"${name}" is ${kindOf(value)}; ${didYouMean(value.slice(0, 60), choices)}`
            : `"${name}" is to be one of ${choices.join(', ')}, and is ${kindOf(value)}.`,
      };
    },
  };
}

export function listOf<T>(item: Parameter<T>, description: string, { most = 100 } = {}): Parameter<readonly T[]> {
  return {
    schema: { type: 'array', description, items: item.schema, maxItems: most },
    read(value, name) {
      if (!Array.isArray(value)) return { problem: `"${name}" is to be a list, and is ${kindOf(value)}.` };
      if (value.length > most) return { problem: `"${name}" has ${value.length} entries; at most ${most} are taken.` };
      const values: T[] = [];
      for (const [index, one] of value.entries()) {
        const read = item.read(one, `${name}[${index}]`);
        if ('problem' in read) return read;
        values.push(read.value);
      }
      return { value: values };
    },
  };
}

type Given<Shape> = { readonly [Key in keyof Shape]: Shape[Key] extends Parameter<infer T> ? T : never };

/** What must be given, and what may be. */
export function taking<
  Required extends Readonly<Record<string, Parameter<unknown>>>,
  Optional extends Readonly<Record<string, Parameter<unknown>>>,
>(required: Required, optional: Optional): Parameters<Given<Required> & Partial<Given<Optional>>> {
  const all: Readonly<Record<string, Parameter<unknown>>> = { ...required, ...optional };
  const names = Object.keys(all);
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(Object.entries(all).map(([name, { schema }]) => [name, schema])),
      ...(Object.keys(required).length > 0 ? { required: Object.keys(required) } : {}),
      additionalProperties: false,
    },
    read(args) {
      if (typeof args !== 'object' || args === null || Array.isArray(args))
        return { problem: `The arguments are to be an object, and are ${kindOf(args)}.` };
      const values: Record<string, unknown> = {};
      for (const [name, given] of Object.entries(args)) {
        const parameter = Object.hasOwn(all, name) ? all[name] : undefined;
        if (!parameter)
          return {
            problem: `There is no argument "${name.slice(0, 60)}"${names.length > 0 ? `; ${didYouMean(name.slice(0, 60), names)}` : '.'}`,
          };
        // models write null, or nothing in quotes, for what they leave out
        if (given === undefined || ((given === null || given === '') && name in optional)) continue;
        const read = parameter.read(given, name);
        if ('problem' in read) return read;
        values[name] = read.value;
      }
      const missing = Object.keys(required).filter(name => !Object.hasOwn(values, name));
      if (missing.length > 0) return { problem: `${missing.map(name => `"${name}"`).join(' and ')} is missing.` };
      return { value: values as Given<Required> & Partial<Given<Optional>> };
    },
  };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (value === undefined) return 'missing';
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  return String(value);
}
