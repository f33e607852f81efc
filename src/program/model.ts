/**
 * The program model: what the review needs to know of code, in a form that no language owns.
 *
 * Written from what rules ask (what runs how often, what text is built from what, what is called on what, what happens
 * on an error) and not from a grammar. Every front end lowers to it; whatever a front end does not understand becomes
 * `opaque`, whose operands are lowered all the same. It prints as text (`print.ts`).
 *
 * All spans are UTF-16 offsets from the start of the unit that holds the node.
 */
import type { FileId, UnitId } from '../engine/place';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One file. */
export interface Module {
  readonly file: FileId;
  readonly language: string;
  /** The file's top level as a unit of its own: imports, declarations, start-up code; spans from the file's start. */
  readonly top: Unit;
  /** Outermost functions and methods in source order, wherever they stand: declared, assigned, or passed as callbacks. */
  readonly units: readonly Unit[];
  readonly classes: readonly Class[];
  readonly exports: readonly Export[];
  /** Whoever imports it sees every name of its top level, beside what it exports of other modules. */
  readonly open?: boolean;
  /** What its own code calls the module itself, a variable or a member of one: `exports`, `module.exports`. */
  readonly itself?: readonly string[];
  readonly comments: readonly Comment[];
  /** Where the parser could not follow; the rest of the file is lowered nevertheless. Spans from the file's start. */
  readonly problems: readonly Span[];
}

/**
 * What is lowered and analysed on its own. A function inside a function belongs to the unit of the outermost one and
 * stands there as a `lambda`.
 */
export interface Unit {
  readonly id: UnitId;
  /** Offset in the file. Everything inside is relative to it. */
  readonly start: number;
  /** The unit's source text; the identity of a unit that an edit left alone. */
  readonly text: string;
  readonly function: Function;
  /** The class that a method belongs to. */
  readonly ownerClass?: string;
}

export interface Function extends Span {
  /** As declared, or the name of what it is assigned to; absent for a bare callback. */
  readonly name?: string;
  readonly parameters: readonly Parameter[];
  readonly returns?: Type;
  readonly body: Block;
  readonly async?: boolean;
  readonly generator?: boolean;
  /** A method that is called by being read: `order.total`. */
  readonly getter?: boolean;
  /** Function-level marks: decorators and annotations, outermost first. */
  readonly decorators?: readonly Expression[];
}

export interface Parameter extends Span {
  readonly target: Pattern;
  readonly type?: Type;
  readonly default?: Expression;
  readonly rest?: boolean;
  /** Given by its name alone, never by position; with `rest` it is the record of all that is given by other names. */
  readonly named?: boolean;
  readonly decorators?: readonly Expression[];
  /** A parameter that is also declared as a field: `constructor(private pool: Pool)`. */
  readonly field?: boolean;
}

export interface Class extends Span {
  readonly name: string;
  readonly extends?: Expression;
  /** Further classes whose members it has, in the order in which they are asked. */
  readonly mixins?: readonly Expression[];
  readonly implements?: readonly Type[];
  readonly fields: readonly Field[];
  /** Units of the methods by name; the constructor's name is `constructor` in every language, of what enters it as a resource `<enter>`. */
  readonly methods: ReadonlyMap<string, UnitId>;
  readonly decorators?: readonly Expression[];
  readonly interface?: boolean;
  /** It is another name of this type, and has nothing of its own. */
  readonly alias?: Type;
}

export interface Field extends Span {
  readonly name: string;
  readonly type?: Type;
  readonly value?: Expression;
  readonly static?: boolean;
  readonly decorators?: readonly Expression[];
}

export interface Export {
  /** `default` for a default export, `*` for everything of another module, `=` for `module.exports = …`. */
  readonly name: string;
  /** The local name or expression exported. */
  readonly value?: Expression;
  /** For a re-export: the other module, and the name there. */
  readonly from?: string;
  readonly imported?: string;
}

/** A comment, with its delimiters, in file offsets; suppressions are read from it. */
export interface Comment extends Span {
  readonly text: string;
  /** True when no code stands before it in its line. */
  readonly ownLine: boolean;
}

/** A written type, as far as it tells what a value is. */
export type Type =
  /**
   * `keyof` of the name of a record is one of its keys; `typeof` of a name what the variable is; `[]` of a type and a
   * constant that member of it.
   */
  | { readonly kind: 'named'; readonly name: string; readonly arguments: readonly Type[] } // `Pool`, `pg.Pool`, `Repository<User>`, `number`
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'union'; readonly of: readonly Type[] }
  | { readonly kind: 'list'; readonly of: Type }
  | { readonly kind: 'record'; readonly entries: readonly { readonly name: string; readonly type: Type }[] }
  | { readonly kind: 'opaque'; readonly label: string };

export type Block = readonly Statement[];

export type Statement =
  | Evaluate
  | Declare
  | Branch
  | Switch
  | Loop
  | Try
  | Scope
  | Return
  | Throw
  | Leave
  | OpaqueStatement;

/** An expression for its effect. */
export interface Evaluate extends Span {
  readonly kind: 'evaluate';
  readonly expression: Expression;
}

/** A new variable; imports are declarations too: `declare { Pool } = import "pg"`. */
export interface Declare extends Span {
  readonly kind: 'declare';
  readonly target: Pattern;
  readonly type?: Type;
  readonly value?: Expression;
  readonly constant?: boolean;
  /** The declaration can be deleted or added to as a whole statement at these offsets (`const a = 1, b = 2` shares one). */
  readonly statement: Span;
}

export interface Branch extends Span {
  readonly kind: 'branch';
  readonly test: Expression;
  readonly then: Block;
  readonly otherwise: Block;
}

export interface Switch extends Span {
  readonly kind: 'switch';
  readonly subject: Expression;
  /** `tests` is empty for the default case. A body that does not leave falls through into the next. */
  readonly cases: readonly { readonly tests: readonly Expression[]; readonly body: Block }[];
}

export interface Loop extends Span {
  readonly kind: 'loop';
  /** `each` walks the items of `source`; `while` and `count` go on while `test` holds. */
  readonly form: 'each' | 'while' | 'count';
  readonly head: Span;
  readonly item?: Pattern;
  readonly source?: Expression;
  /** `for (const key in object)`: the item is a key, not an element. */
  readonly keys?: boolean;
  /** An asynchronous iteration: `for await`. */
  readonly async?: boolean;
  readonly before?: Block;
  readonly test?: Expression;
  /** The body runs once before the test is asked: `do … while`. */
  readonly testLast?: boolean;
  readonly after?: Expression;
  readonly body: Block;
  /** What `break` and `continue` of an inner loop may name. */
  readonly label?: string;
}

export interface Try extends Span {
  readonly kind: 'try';
  readonly body: Block;
  /** How many of the body's statements the handlers answer for, where it is not all: what stands in Python's `else` runs behind them. */
  readonly guarded?: number;
  readonly handlers: readonly {
    readonly error?: Pattern;
    readonly types: readonly Type[];
    readonly body: Block;
    readonly span: Span;
  }[];
  readonly finally: Block;
}

/** A resource that is released however the body ends (`with`, `using`, `defer`, try-with-resources), or a plain block. */
export interface Scope extends Span {
  readonly kind: 'scope';
  readonly resources: readonly { readonly target?: Pattern; readonly value: Expression }[];
  readonly body: Block;
  /** What a `break` inside may name. */
  readonly label?: string;
}

export interface Return extends Span {
  readonly kind: 'return';
  readonly value?: Expression;
}

export interface Throw extends Span {
  readonly kind: 'throw';
  readonly value?: Expression;
}

/** Leaves the nearest loop or switch, or goes on with its next turn. */
export interface Leave extends Span {
  readonly kind: 'break' | 'continue';
  readonly label?: string;
}

export interface OpaqueStatement extends Span {
  readonly kind: 'opaque-statement';
  readonly label: string;
  readonly operands: readonly Expression[];
  readonly body: Block;
}

/** What a value is bound to. */
export type Pattern =
  | (Span & { readonly kind: 'variable'; readonly name: string })
  | (Span & {
      readonly kind: 'entries';
      readonly entries: readonly { readonly key: string; readonly target: Pattern; readonly default?: Expression }[];
      readonly rest?: Pattern;
    })
  | (Span & {
      readonly kind: 'items';
      readonly items: readonly { readonly target?: Pattern; readonly default?: Expression }[];
      readonly rest?: Pattern;
    })
  | (Span & { readonly kind: 'place'; readonly expression: Expression }); // `this.total`, `rows[i]`

export type Expression =
  | Constant
  | TextExpression
  | Name
  | This
  | Import
  | Member
  | Index
  | Call
  | Operation
  | Choice
  | Assign
  | RecordExpression
  | ListExpression
  | Spread
  | Await
  | Yield
  | Lambda
  | UnitReference
  | ClassReference
  | Regex
  | Comprehension
  | OpaqueExpression;

/** A number, truth value or null; text is always a `text`. */
export interface Constant extends Span {
  readonly kind: 'constant';
  readonly value: number | boolean | null;
}

/** A string literal or interpolated string. A plain literal has one part, an empty one none. */
export interface TextExpression extends Span {
  readonly kind: 'text';
  readonly parts: readonly (TextPart | TextHole)[];
  /** How the literal is written: its opening and closing delimiter, as in `'`, `` ` ``, `f"""`. */
  readonly open: string;
  readonly close: string;
}

/** A constant stretch: `value` is what the program sees, the span is the raw source between delimiters. */
export interface TextPart extends Span {
  readonly kind: 'part';
  readonly value: string;
  /** Where escapes made the source longer than the value: pairs of (offset in value, offset in source), ascending. */
  readonly escapes?: readonly (readonly [number, number])[];
}

/** An interpolation; the span covers its delimiters, `${` to `}`. */
export interface TextHole extends Span {
  readonly kind: 'hole';
  readonly expression: Expression;
  /** A conversion or format written with it: `!r`, `:>10`, `%d`. */
  readonly format?: string;
}

export interface Name extends Span {
  readonly kind: 'name';
  readonly name: string;
}

export interface This extends Span {
  readonly kind: 'this';
  /** `super` of JavaScript and Python. */
  readonly super?: boolean;
}

/** A module as a value: `import * as x`, `require('x')`, `await import('x')`, `import x`. */
export interface Import extends Span {
  readonly kind: 'import';
  readonly from: string;
}

export interface Member extends Span {
  readonly kind: 'member';
  readonly object: Expression;
  readonly name: string;
  /** Where the name alone stands. */
  readonly nameSpan: Span;
}

export interface Index extends Span {
  readonly kind: 'index';
  readonly object: Expression;
  readonly index: Expression;
}

export interface Argument {
  readonly value: Expression;
  /** A keyword argument's name. A `spread` of a record gives arguments by the record's names. */
  readonly name?: string;
}

export interface Call extends Span {
  readonly kind: 'call';
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  /** `tagged`: one argument, the `text`. */
  readonly form: 'call' | 'new' | 'tagged';
  /** From the opening to the closing parenthesis, both included; the template itself when tagged. */
  readonly argumentsSpan: Span;
  /** Type arguments: `getRepository<User>()`. */
  readonly types?: readonly Type[];
}

/**
 * Anything an operator does, `+` on text included. Operators are spelt as in JavaScript: `+ % ! === typeof`, and `keyof` gives
 * the names of a record, `slice` a part of a list or text, of which the bounds are the further operands. A chain of one operator, `a + b + c`, may be one operation of three operands, evaluated from the left.
 */
export interface Operation extends Span {
  readonly kind: 'operation';
  readonly operator: string;
  readonly operands: readonly Expression[];
}

/** One of two: `a ? b : c`, and `a || b`, `a ?? b`, `a && b` with the first operand as its own test. */
export interface Choice extends Span {
  readonly kind: 'choice';
  readonly operator: '?:' | '||' | '??' | '&&';
  readonly test: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

export interface Assign extends Span {
  readonly kind: 'assign';
  readonly target: Pattern;
  /** `+` for `+=`, and so on; absent for `=`. */
  readonly operator?: string;
  readonly value: Expression;
}

export interface RecordExpression extends Span {
  readonly kind: 'record';
  readonly entries: readonly RecordEntry[];
}

export interface RecordEntry extends Span {
  /** A constant key, or a computed one; absent for a spread, whose value is spread. */
  readonly key?: string | Expression;
  readonly value: Expression;
}

export interface ListExpression extends Span {
  readonly kind: 'list';
  readonly items: readonly Expression[];
  /** A tuple or set; a list when absent. */
  readonly variety?: 'tuple' | 'set';
}

export interface Spread extends Span {
  readonly kind: 'spread';
  readonly value: Expression;
}

export interface Await extends Span {
  readonly kind: 'await';
  readonly value: Expression;
}

export interface Yield extends Span {
  readonly kind: 'yield';
  readonly value?: Expression;
  readonly all?: boolean;
}

/** A function inside a unit. */
export interface Lambda extends Span {
  readonly kind: 'lambda';
  readonly function: Function;
}

/** An outermost function, where it is declared, assigned or passed. */
export interface UnitReference extends Span {
  readonly kind: 'unit';
  readonly unit: UnitId;
}

export interface ClassReference extends Span {
  readonly kind: 'class';
  readonly name: string;
}

/** A regular expression literal. */
export interface Regex extends Span {
  readonly kind: 'regex';
  readonly pattern: string;
  readonly flags: string;
}

/** A loop that makes a collection: Python's comprehensions and generator expressions, also of several `for`. */
export interface Comprehension extends Span {
  readonly kind: 'comprehension';
  readonly loops: readonly {
    readonly item: Pattern;
    readonly source: Expression;
    readonly tests: readonly Expression[];
    readonly head: Span;
  }[];
  readonly element: Expression;
  readonly variety: 'list' | 'set' | 'record' | 'generator';
}

/** Labels a class inside a function; what it extends is the first operand. */
export const DERIVED = 'derived class';

export interface OpaqueExpression extends Span {
  readonly kind: 'opaque';
  readonly label: string;
  readonly operands: readonly Expression[];
}
