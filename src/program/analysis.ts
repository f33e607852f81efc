/**
 * What the interpreter found out about a unit, and the door to it.
 *
 * The interpreter walks a unit once, forwards, over its structured control flow: values are joined after branches, a
 * loop's body is walked until its values settle, calls of functions of the workspace are answered from their summary.
 */
import type { FileId, Place, UnitId } from '../engine/place';
import type { Call, Class, Module, Span, Unit } from './model';
import type { Semantics } from './semantics';
import type { CallId, EntityName, LoopId, Records, Relation, Value } from './value';

/** What is analysed. Modules are asked for when they are needed; one that is not at hand stays unknown. */
export interface ProgramInput {
  module(file: FileId): Module | undefined;
  /** The file that an import specifier of the workspace means, seen from `from`. */
  resolve(from: FileId, specifier: string): FileId | undefined;
  /** What a module inside the module is called in an import of that file, where the language has such: `.orders`. */
  inside?(file: FileId, name: string): string | undefined;
  /** Files that may hold what is looked for, told without parsing them: more than do, and none where no one has looked yet. */
  sightings?(of: Sighting): readonly FileId[];
  readonly semantics: Semantics;
  /** Told of every computation that was not answered from memory: `analyse src/orders.ts#list`. */
  readonly onCompute?: (what: string) => void;
}

/**
 * What other files may do with something: import a file or a package, make instances of a class, extend or implement one,
 * declare one of this name or fields with it, provide a service for a token of this name; or lie in a folder, directly or as the index of a folder in it, or where a
 * regular expression for paths says.
 */
export type Sighting =
  | { readonly kind: 'imports'; readonly file: FileId }
  | { readonly kind: 'uses'; readonly package: string }
  | { readonly kind: 'inside'; readonly folder: string }
  | { readonly kind: 'at'; readonly paths: string }
  | { readonly kind: 'constructs' | 'derives' | 'declares' | 'relates' | 'provides'; readonly name: string };

/** All that was observed in one unit, in order of evaluation. */
export interface UnitAnalysis {
  readonly unit: UnitId;
  readonly calls: readonly ObservedCall[];
  /** Awaited or returned values that are not calls themselves: `await query` of a builder kept in a variable. */
  readonly awaits: readonly {
    readonly at: Place;
    readonly value: Value;
    readonly repetitions: readonly Repetition[];
  }[];
  /** Members of records that a query gave, where reading one may ask for more. */
  readonly reads: readonly ObservedRead[];
  /** Texts built from constants and holes, whether or not a call takes them, with the outermost expression that builds them. */
  readonly texts: readonly { readonly at: Place; readonly value: Value }[];
  /** In terms of the unit's own parameters. */
  readonly returns: Value;
  readonly loops: ReadonlyMap<LoopId, Repetition>;
}

export interface ObservedCall {
  readonly id: CallId;
  /** The whole call, the callee alone (`pool.query`), the parentheses with the arguments. */
  readonly at: Place;
  readonly callee: Place;
  readonly argumentsAt: Place;
  readonly form: Call['form'];
  readonly target: CallTarget;
  /** The callee as written. */
  readonly source: string;
  readonly receiver?: Value;
  readonly arguments: readonly ObservedArgument[];
  readonly result: Value;
  /** What repeats it inside this unit, innermost first. */
  readonly repetitions: readonly Repetition[];
  readonly awaited: boolean;
  /** What becomes of the result at once. */
  readonly use: ResultUse;
  /** The innermost function around it is not the unit's own but one inside it. */
  readonly inLambda?: Place;
  /** Not written as a call: a named function that a call was handed and calls itself, `ids.map(load)`; `node` is that call. */
  readonly implicit?: boolean;
  readonly node: Call;
}

/** A relation of a record that is loaded by being read, or a method of it that is called so. */
export interface ObservedRead {
  readonly at: Place;
  /** The record, and what is known of it. */
  readonly value: Value;
  readonly owner: Records;
  readonly name: string;
  /** The method that is called by it. */
  readonly getter?: UnitId;
  readonly repetitions: readonly Repetition[];
  readonly inLambda?: Place;
}

export interface ObservedArgument {
  readonly at: Place;
  readonly source: string;
  readonly name?: string;
  readonly spread?: boolean;
  readonly value: Value;
}

export type CallTarget =
  /** A member or function of a library, by table: inherited members are named by the type that has them. */
  | { readonly kind: 'library'; readonly name: EntityName; readonly arity: number }
  /** A function of the workspace. */
  | { readonly kind: 'unit'; readonly unit: UnitId }
  | { readonly kind: 'lambda'; readonly at: Place }
  /** A method of an unknown receiver. */
  | { readonly kind: 'method'; readonly name: string }
  | { readonly kind: 'unknown'; readonly name?: string };

export type ResultUse =
  | { readonly kind: 'discarded' }
  | { readonly kind: 'returned' }
  /** The object of a further member or call: a chain goes on. */
  | { readonly kind: 'receiver'; readonly member: string }
  | { readonly kind: 'declared'; readonly declaration: Place; readonly name?: string }
  | { readonly kind: 'argument' }
  | { readonly kind: 'other' };

/** A loop, or a callback that a library calls for every item. */
export interface Repetition {
  readonly id: LoopId;
  readonly form: 'each' | 'while' | 'count' | 'callback' | 'comprehension';
  /** The line that says what repeats: `for (const order of orders)`, `orders.map`. */
  readonly head: Place;
  /** The whole statement or call. */
  readonly at: Place;
  /** The item's name (`order`) or pattern as written; absent for `while`. */
  readonly item?: string;
  /** What is walked, as written, and its value. */
  readonly source?: { readonly at: Place; readonly text: string; readonly value: Value };
  /** Variables that the item is bound to, for the question which expressions depend on it. */
  readonly bindings: readonly string[];
  /** Ends at the first hit: `find`, `some`, or a `return`/`break` that depends on what the turn found. */
  readonly stopsAtFirstHit: boolean;
  /** A list of constants, written in the code: its length is known and small. */
  readonly constantCount?: number;
  /** A turn needs what an earlier turn found: retries, cursors, pages, polls. */
  readonly feedsNextTurn: boolean;
  /** The item is a batch of items: `chunk(ids, 100)`, `ids.slice(i, i + 100)`. */
  readonly batches: boolean;
  /** The test or the step of a `while`/`count`, as written. */
  readonly test?: string;
}

/** What a file offers to others and to its own units. */
export interface ModuleEnvironment {
  readonly file: FileId;
  readonly variables: ReadonlyMap<string, Value>;
  readonly exports: ReadonlyMap<string, Value>;
  readonly classes: ReadonlyMap<string, ClassEnvironment>;
}

export interface ClassEnvironment {
  readonly class: Class;
  readonly fields: ReadonlyMap<string, Value>;
  readonly superclass?: Value;
}

/** The analysis of a program; answers are kept, and computed again only when something that they read has changed. */
export interface Analysis {
  environment(file: FileId): ModuleEnvironment;
  /**
   * Of a unit, of a file's top level (by the file), or of one declaration of it: what the value of a top-level variable
   * points to lies in `src/db.ts#const pool`, and a field's initial value in `src/db.ts#field Orders.table`.
   */
  unit(unit: UnitId): UnitAnalysis;
  /** A member of a class of the workspace, inherited ones included; and the relation that one is. */
  member(file: FileId, owner: string, name: string): Value | undefined;
  relation(file: FileId, owner: string, name: string): Relation | undefined;
  /** What comes in from outside with this member of a unit's parameter, by how the unit is written; nothing where none is known. */
  handedInput(unit: UnitId, parameter: number, member: readonly string[]): string | undefined;
  /** What is read from a value by these steps; what library tables say of a member stands at the place. */
  part(value: Value, path: readonly string[], at: Place): Value;
  /**
   * Units that may call a function, by the names in them and the files that import it: a superset of those that are seen
   * to call it, and no more than are at hand.
   */
  callers(unit: UnitId): readonly UnitId[];
  /** Files that import a file, no more than are at hand. */
  importers(file: FileId): readonly FileId[];
  /**
   * Keeps a computation of another room (facts, backend summaries) in the same memory: `compute` may call this analysis;
   * what it reads is recorded, and an equal result (by structure) does not disturb its readers. A computation that needs
   * itself sees `undefined` first. It must let pass what it did not throw: a chain that is too deep is unwound and
   * computed from its far end.
   */
  remember<T>(key: string, compute: () => T): T;
  /** The file's module was lowered again or is gone. */
  changed(file: FileId): void;
  /** Any import may mean another file now: what says so has changed. */
  resolutionChanged(): void;
  /** Other files may be sighted now. */
  sightingsChanged(): void;
  /** The unit or declaration itself: its text, and where it starts now. Every place of a value can be found through it. */
  source(unit: UnitId): Unit | undefined;
}

/** A place from a span of a unit. */
export const placeIn = (unit: UnitId, span: Span): Place => ({ unit, start: span.start, end: span.end });
