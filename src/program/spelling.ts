/**
 * How an expression is spelt, as far as its names tell a reader what it holds. For those who have nothing else to go by:
 * what a value is comes first.
 */
import type { Call, Expression } from './model';

export interface Spelling {
  /** From the outermost to the last: `config`, `db`, `schema`; `this` as itself. Calls on the way are named like members. */
  readonly names: readonly string[];
  /** The last name is called. */
  readonly called: boolean;
  /** It is called with constants alone. */
  readonly constant: boolean;
}

/** Nothing for what has no name: a literal, an operation. */
export function spellingOf(expression: Expression): Spelling | undefined {
  switch (expression.kind) {
    case 'await':
      return spellingOf(expression.value);
    case 'call': {
      const callee = expression.form === 'tagged' ? undefined : spellingOf(expression.callee);
      return callee && { names: callee.names, called: true, constant: isConstant(expression) };
    }
    default: {
      const names = namesOf(expression);
      return names && { names, called: false, constant: false };
    }
  }
}

function namesOf(expression: Expression): readonly string[] | undefined {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'this':
      return ['this'];
    case 'member':
      return [...(namesOf(expression.object) ?? []), expression.name];
    case 'index':
      return namesOf(expression.object);
    case 'call':
      return namesOf(expression.callee);
    case 'await':
      return namesOf(expression.value);
    // `(0, library.quote)(name)`, as compilers write calls of imported functions
    case 'operation':
      return expression.operator === ',' ? namesOf(expression.operands.at(-1) ?? expression) : undefined;
    default:
      return undefined;
  }
}

const isConstant = (call: Call): boolean =>
  call.arguments.length > 0 &&
  call.arguments.every(
    ({ value }) =>
      value.kind === 'constant' || (value.kind === 'text' && value.parts.every(part => part.kind === 'part')),
  );

/** `escapeId` is `escape id`. */
export const wordsIn = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_$]+/)
    .filter(word => word !== '');

/** Calls told by the words of their name: what they do, and what they do it to. */
export interface NamedCalls {
  readonly verbs: ReadonlySet<string>;
  readonly things: ReadonlySet<string>;
  /** Verbs that say too little alone, each with the things that tell it. */
  readonly vague?: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Whether the words are those of such a call. */
export function isNamed([verb, ...things]: readonly string[], { verbs, things: known, vague }: NamedCalls): boolean {
  if (verb === undefined) return false;
  if (verbs.has(verb)) return things.every(thing => known.has(thing));
  const telling = vague?.get(verb);
  return telling !== undefined && things.length > 0 && things.every(thing => telling.has(thing));
}
