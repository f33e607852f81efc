/**
 * Abstract values: what the interpreter knows of a value without running the code.
 *
 * One domain serves three uses: deciding injection, recovering the SQL text of a dynamic query, and writing the fix that
 * binds its parameters. A text is a sequence of pieces; a piece is constant, or a hole with what went into it.
 */
import type { Place, UnitId } from '../engine/place';
import type { Spelling } from './spelling';

/**
 * Something that a library table can name: `npm:pg` (the module), `npm:pg#Pool` (an export or type),
 * `npm:pg#Pool.query` (a member of its instances). The language's own: `js:#Number`, `js:#Array.map`.
 */
export type EntityName = string;

/** Where data comes from. A value carries all of its sources, so "depends on the loop's item" is a question to a set. */
export type Source =
  | { readonly kind: 'parameter'; readonly unit: UnitId; readonly index: number; readonly name: string }
  | { readonly kind: 'item'; readonly loop: LoopId }
  /** Named by a library table as coming from outside: `req.query`. */
  | { readonly kind: 'input'; readonly label: string; readonly at: Place }
  /** What a call returned that no one looked into. */
  | { readonly kind: 'call'; readonly call: CallId };

/** A loop, `unit` + `@` + its offset; of a repeated callback the offset of the call's parentheses. */
export type LoopId = string;

/** A call, `unit` + `@` + `start-end`; the unit may be a declaration, `src/db.ts#const pool`. */
export type CallId = string;

export interface Value {
  readonly shape: Shape;
  readonly from: readonly Source[];
}

export type Shape =
  | { readonly kind: 'text'; readonly pieces: readonly Piece[] }
  | {
      readonly kind: 'scalar';
      readonly type: 'number' | 'boolean' | 'null' | 'date';
      readonly value?: number | boolean | null;
    }
  /** A module of a library (`npm:pg`) or, by its file, of the workspace. */
  | { readonly kind: 'module'; readonly name: string }
  /** A library's export itself: the class `Pool`, the function `knex`. */
  | { readonly kind: 'entity'; readonly name: EntityName }
  /** A value of a library's type, and the call that made it: builders are chains of these. */
  | {
      readonly kind: 'instance';
      readonly of: EntityName;
      readonly by?: CallId;
      /** What its items are, where they are records of a class of the workspace. */
      readonly holds?: Records;
      /** What a class' field says of the records that belong to each of its own. */
      readonly relation?: Relation;
      /** Of a validator's schema: what it lets through. */
      readonly admits?: Value;
      /** Of a stream: a list of what it emits, of one item where it emits no more than that. */
      readonly emits?: Value;
    }
  /** A member read from a library value but not called yet: `pool.query` in `const q = pool.query.bind(pool)`. */
  | { readonly kind: 'member'; readonly of: EntityName; readonly receiver?: Value }
  | { readonly kind: 'class'; readonly file: string; readonly name: string }
  /** An instance of a class of the workspace; `parameter` where it is one by its type alone, as with `unknown`. */
  | {
      readonly kind: 'object';
      readonly file: string;
      readonly class: string;
      readonly parameter?: ParameterPath;
      /** Of a record that a query gave: the relations that came with it, by name. */
      readonly loaded?: readonly string[];
      /** As of an instance: a manager of the workspace's own. */
      readonly holds?: Records;
    }
  /** A function of the workspace; `bound` is the `this` it was read from. */
  | { readonly kind: 'function'; readonly unit: UnitId; readonly bound?: Value }
  /** A function inside a unit, by the place of its source. */
  | { readonly kind: 'lambda'; readonly at: Place }
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
  | {
      readonly kind: 'record';
      readonly entries: ReadonlyMap<string, Value>;
      readonly open: boolean;
      /** Where all that is known is a parameter's type. */
      readonly parameter?: ParameterPath;
    }
  /** `items` when every item is known; `each` stands for any item. */
  | { readonly kind: 'list'; readonly items?: readonly Value[]; readonly each: Value }
  | { readonly kind: 'oneOf'; readonly alternatives: readonly Value[] }
  /** `parameter` when it is a parameter itself, or a member of one: what a caller's argument takes the place of. */
  | {
      readonly kind: 'unknown';
      readonly parameter?: ParameterPath;
      /** A text, of which nothing else is known. */
      readonly text?: true;
    };

/** Records that a query gives. */
export interface Records {
  /** Their class; empty where only the caller knows it. */
  readonly file: string;
  readonly class: string;
  /** Names of the relations that come with them; absent where that is not in sight. */
  readonly loaded?: readonly string[];
}

/** What a field of a class says of the records that belong to each of its own. */
export interface Relation {
  /** The call that declares it: `pypi:django#ForeignKey`. */
  readonly by: EntityName;
  /** The class of the others: `{ file, class }`, the class itself, or nothing where it is not known. */
  readonly to?: Pick<Records, 'file' | 'class'> | 'itself';
  /** One record, or several; either where that is not in sight. */
  readonly gives: 'one' | 'many' | 'either';
  /** `read`: by reading it; `call`: by calls on what reading it gives; `never`: with the record, or not at all. */
  readonly loads: 'read' | 'call' | 'never';
  /** Of `call`: the type that reading it gives, and the one where it may have come with the record. */
  readonly as?: EntityName;
  readonly loadedAs?: EntityName;
  /** The name at the other end. */
  readonly reverse?: string;
  /** It is the other end of what the call declares. */
  readonly reversed?: boolean;
}

export interface ParameterPath {
  /** The unit, or a lambda's id (`lambdaId`). */
  readonly unit: UnitId;
  readonly index: number;
  /** Members read from it: `options.where` has `['where']`. */
  readonly path: readonly string[];
}

/** Why a hole can do no harm. */
export type HoleSafety =
  | 'number'
  | 'boolean'
  | 'allow-listed'
  | 'escaped-identifier'
  | 'escaped-literal'
  /** By the name of a call that no one can look into. */
  | 'said-escaped'
  /** A list of placeholders: `$1, $2, $3`. */
  | 'placeholders'
  /** Bound by a parameterising template tag. */
  | 'bound';

export type Piece =
  | ConstantPiece
  | Hole
  /** One of several continuations: the two arms of a condition, a clause that is only sometimes added. */
  | ChoicePiece
  /** Repeated any number of times: a list joined, text added in a loop. */
  | RepeatPiece;

export interface ChoicePiece {
  readonly kind: 'choice';
  readonly alternatives: readonly (readonly Piece[])[];
  /** The expression that goes in, where it is one: `columns[sort]`, `id || '0'`. */
  readonly at?: Place;
  readonly source?: string;
  readonly interpolation?: Place;
  readonly literal?: Literal;
}

export interface RepeatPiece {
  readonly kind: 'repeat';
  readonly pieces: readonly Piece[];
  readonly separator: string;
  /** The expression that goes in, where it is one: `ids.join(', ')`. */
  readonly at?: Place;
  readonly source?: string;
  readonly interpolation?: Place;
  readonly literal?: Literal;
}

export interface ConstantPiece {
  readonly kind: 'constant';
  readonly value: string;
  /** The raw source of this piece between the delimiters of its literal; absent for text that stands nowhere. */
  readonly at?: Place;
  readonly escapes?: readonly (readonly [number, number])[];
  readonly literal?: Literal;
}

/** The literal that a constant piece or a hole stands in. */
export interface Literal {
  /** With its delimiters. */
  readonly at: Place;
  readonly open: string;
  readonly close: string;
  /** It is that of a tag that binds what stands in its holes. */
  readonly bindsHoles?: true;
}

export interface Hole {
  readonly kind: 'hole';
  readonly value: Value;
  /** The expression that goes in. */
  readonly at: Place;
  /** Its source text. */
  readonly source: string;
  /** Its names, where it has some. */
  readonly spelling?: Spelling;
  /** With the delimiters of the interpolation, where it is one: `${` to `}`. */
  readonly interpolation?: Place;
  /** The literal that it stands in, where it is an interpolation. */
  readonly literal?: Literal;
  readonly safety?: HoleSafety;
  /**
   * Quotes that it cannot end when it stands between them, since it holds none or holds them doubled; a backslash among
   * them where it holds none either.
   */
  readonly within?: string;
}
