/** The interpreter's walk through one unit: where it is, what it knows, and the doors between its parts. */
import type { FileId, Place, UnitId } from '../engine/place';
import type { ResultUse } from './analysis';
import type { Block, Expression, Function as FunctionNode, Pattern, Span, Type } from './model';
import type { Observations, Turning } from './observations';
import type { OwnNames } from './semantics';
import type { Cell, Outcome, Scope, State } from './state';
import type { Piped } from './streams';
import type { LoopId, Value } from './value';
import type { LambdaSummary, World } from './world';

/** What is walked: a unit, a file's top level, or one declaration of it. */
export interface Subject {
  readonly unit: UnitId;
  readonly file: FileId;
  readonly text: string;
  /** What the spans of its nodes are greater than their offsets in `text`. */
  readonly shift: number;
  readonly function: FunctionNode;
  readonly ownerClass?: string;
  /** What is known of the arguments from where the unit is handed to a library: a route's handler. */
  readonly given: readonly (Value | undefined)[];
}

/** A function under way: the unit's own, or a lambda. */
export interface Frame {
  /** The function's place when it is a lambda. */
  readonly lambda?: Place;
  /** Holds `this`. */
  readonly self: Cell;
  readonly returned: Value[];
  readonly yielded: Value[];
  /** The state at each return. */
  readonly exits: Outcome[];
  /** Of the state's journal when the function began. */
  readonly depth: number;
  readonly jumps: JumpTarget[];
}

/** What `break` and `continue` may mean. */
export interface JumpTarget {
  readonly kind: 'loop' | 'switch' | 'scope';
  readonly loop?: LoopId;
  readonly label?: string;
  readonly breaks: Outcome[];
  readonly continues: Outcome[];
  readonly depth: number;
}

/** A repetition around the current point. */
export interface Around {
  readonly id: LoopId;
  /** The function that the loop stands in. */
  readonly frame: Frame;
  readonly turning: Turning;
  /** Of the observations, when the turn began. */
  readonly mark: number;
}

/**
 * How a pattern binds: to variables that are there; to new ones of the block; to new ones that, in some languages, the
 * whole function sees.
 */
export type Binding = 'assign' | 'constant' | 'variable';

/** What becomes of an expression's value. */
export interface Use {
  readonly result: ResultUse;
  readonly awaited: boolean;
  /** It is an operand of a text that is being built: the whole is what is worth observing. */
  readonly insideText?: boolean;
  /** It is the text of a tag that binds what stands in its holes. */
  readonly bindsHoles?: boolean;
}

export const OTHER: Use = { result: { kind: 'other' }, awaited: false };
export const INSIDE_TEXT: Use = { result: { kind: 'other' }, awaited: false, insideText: true };
export const BOUND_BY_TAG: Use = { ...INSIDE_TEXT, bindsHoles: true };

/** A lambda as it was met, with the variables it sees. */
export interface Closure {
  readonly at: Place;
  readonly function: FunctionNode;
  readonly scope: Scope;
  readonly self: Cell;
  /** How deep in lambdas and loops it was met. */
  readonly level: number;
  walked: boolean;
}

export interface Walk {
  readonly subject: Subject;
  readonly world: World;
  /** What names mean in the unit's language. */
  readonly own: OwnNames;
  readonly state: State;
  readonly observations: Observations;
  scope: Scope;
  frame: Frame;
  /** Innermost first. */
  around: readonly Around[];
  /** Loops whose body is tried again when it fails: leaving them from inside the tried block is not certain. */
  retried: ReadonlySet<LoopId>;
  /** Lambdas by `lambdaId`. */
  readonly closures: Map<string, Closure>;
  /** Those of them that nobody has called yet, by their level: it is asked for at the end of every lambda. */
  readonly unwalked: Map<string, Closure>[];
  /** Lambdas under way, innermost last. */
  readonly active: string[];
  /** Cells for variables of the file's top level that this unit wrote or tested. */
  readonly moduleCells: Map<string, Cell>;
  readonly moduleWrites: Map<string, Value>;
  readonly fieldWrites: Map<string, Value>;
  /** What was added to `this.name`: a text's end, or a list of items. */
  readonly fieldGrowth: Map<string, Value>;
  readonly parameterCalls: Map<number, { arguments: Value[]; repeated: boolean }>;
  readonly parameterGrowth: Map<number, Value[]>;
  /** For each return that can be true: what the parameters are known to be then. */
  readonly admits: ReadonlyMap<number, Value>[];
  readonly lambdaSummaries: Map<string, LambdaSummary>;
  /** Steps so far, and how many there may be before loops are walked once only. */
  steps: number;
  readonly budget: number;
  /** The stream that the operator is called for which is evaluated next. */
  piped?: Piped | undefined;
  /** Nesting of the expressions and statements under way. */
  nesting: number;

  at(span: Span): Place;
  source(span: Span): string;

  evaluate(expression: Expression, use?: Use): Value;
  run(block: Block): void;
  bind(pattern: Pattern, value: Value, as: Binding): void;
  /** Narrows what is known where the test came out as `truth`. */
  refine(test: Expression, truth: boolean): void;
  /** Walks a lambda's body with these arguments; nothing when it is already under way or too deep. */
  callLambda(id: string, args: readonly Value[], options?: LambdaCall): Value | undefined;
  /** Walks with unknown arguments what was met here and no one has called: nothing inside is missed. */
  flushClosures(): void;
  ofType(type: Type | undefined): Value | undefined;
}

export interface LambdaCall {
  /** Loops that the call puts around the body, innermost first. */
  readonly around?: readonly Around[];
  /** Give the first parameter as it is where the returned test comes out so, instead of what is returned. */
  readonly admitted?: boolean;
  /** Nobody is seen calling it: what it returns stands for itself. */
  readonly symbolic?: boolean;
}

export const isSpent = (walk: Walk): boolean => walk.steps > walk.budget;
