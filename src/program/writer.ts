/**
 * How a language writes the few things that a fix needs. Each front end has one; a rule's fix composes them and never
 * asks which language it is in. All results are source text, without indentation of their own lines beyond the first.
 */
export interface CodeWriter {
  /** A string literal: `'a'`, or one that may span lines when `value` does. */
  text(value: string): string;
  /** `[a, b]` */
  list(items: readonly string[]): string;
  /** `const name = value;` */
  declare(name: string, value: string): string;
  /** A comment that runs to the end of its line, `// words`. */
  comment(words: string): string;
  /** `object.name`, or the form for names that are no identifiers. */
  member(object: string, name: string): string;
  /**
   * A list with `element`, in terms of `item`, for every item of `source`, or for those of which all `tests` hold:
   * `source.map(item => element)`.
   */
  mapped(source: string, item: string, element: string, tests?: readonly string[]): string;
  /** True where the test is not. */
  negated(test: string): string;
  /** A map from `key` to the item: `new Map(source.map(item => [key, item]))`. */
  indexedBy(source: string, item: string, key: string): string;
  /** A map from `key` to the list of items with it, as one or more statements that declare `name`. */
  groupedBy(name: string, source: string, item: string, key: string, step: string): string;
  /** A map from `key` to the first item with it, as one or more statements that declare `name`. */
  firstBy(name: string, source: string, item: string, key: string, step: string): string;
  /** What a map holds for `key`, or the fallback: `map.get(key) ?? fallback`. */
  lookup(map: string, key: string, fallback?: string): string;
  /** What stands for nothing: `null`. */
  readonly nothing: string;
  /** A value as the key of a map, compared as text, since a driver may give `'7'` where the program holds `7`: `String(value)`. */
  keyText(value: string): string;
  /**
   * A text of constant stretches and expressions in order: `` `%${q}%` `` or, as a concatenation, `'%' + q + '%'`. In the
   * concatenation an expression that binds less tightly than the operator is put in parentheses by the caller.
   */
  interpolated(parts: readonly (string | { readonly expression: string })[], as: 'template' | 'concatenation'): string;
  /** A variable of the environment: `process.env.NAME`; absent where the language has no one way to read it. */
  environment?(name: string): string;
  /**
   * A handler as it is written (a `catch` clause, or a function that is called with an error), with a statement put in
   * front of what it does or behind it; it is given the error's name where it has none. `statement` is made of that name.
   * Nothing when it is not written in a way that is known.
   */
  handling(
    handler: string,
    statement: (error: string) => string,
    where: 'first' | 'last',
    indentation: string,
  ): string | undefined;
  /** An import of one name, written like another one of the file; absent where it is not known how. */
  imported?(name: string, from: string, like: { readonly source: string; readonly from: string }): string;
  /** `throw error;` */
  thrown(error: string): string;
  /** What prints an error where a project has no logger in sight: `console.error`. */
  readonly printsError: string;
  /** A call as a statement: `logger.error(error);` */
  called(callee: string, argument: string): string;
  /** `await value` */
  awaited(value: string): string;
  /** An expression as a statement: `value;` */
  statement(value: string): string;
  /** `return value;` */
  returned(value: string): string;
  /** The lines around and between a body, what is done when it fails, and what is done however it ends. */
  readonly attempted: {
    readonly open: string;
    failed(error: string): string;
    readonly finallyOpen: string;
    readonly close: string;
  };
  /** A call with a function of one parameter that waits, around its lines; absent where functions are no expressions. */
  enclosed?(call: string, parameter: string): { readonly open: string; readonly close: string };
  /** `last` runs however `body` ends: `try { … } finally { last }`. Lines with their own indentation, by `step` deeper inside. */
  guarded(body: readonly string[], last: string, step: string): readonly string[];
  /** The clause that runs `last` however the `try` before it ends, right behind that: ` finally { last }`. */
  finally(last: string, step: string): readonly string[];
  /** One entry of a record: `name: value`. */
  entry(name: string, value: string): string;
  /** `{ name: value }`; an entry whose value is written like its name may be shortened. */
  record(entries: readonly { readonly name: string; readonly value: string }[]): string;
  /** A loader that gathers the keys of one tick, and the field that asks through it; absent where there is no usual one. */
  loader?(parts: LoaderParts): string;
}

export interface LoaderParts {
  readonly name: string;
  /** What asks for all `keys`; absent where it is shown elsewhere. */
  readonly asked?: string;
  /** Of the rows, the member that holds the key. */
  readonly column?: string;
  /** What a field loads by, as it is written there: `order.id`. */
  readonly key: string | undefined;
  readonly field: string;
}
