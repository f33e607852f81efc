/** An evaluation under way: where it is, what it has noted, and the doors between its parts. */
import type { FileId, Place, UnitId } from '../../engine/place';
import type { Block, Expression, Module, Pattern, Span } from '../../program/model';
import type { Answers, Chain, Condition, Entry, GivenArgument, Names, Value } from './values';

/** How deep functions call functions and classes extend classes; a migration that goes deeper is one that could not be followed. */
export const DEEPEST = 12;

/** The file that an import of a file means, where it is one of the project's own. */
export type Imported = (from: FileId, specifier: string) => Module | undefined;

/** How a body ended: it went on, it returned a value, it left a loop, it threw. */
export type End =
  | { readonly kind: 'returns'; readonly value: Value }
  | { readonly kind: 'leaves' }
  | { readonly kind: 'throws' };

export type FunctionValue = Extract<Value, { kind: 'function' }>;
export type ClassValue = Extract<Value, { kind: 'class' }>;
export type Callable = FunctionValue | Extract<Value, { kind: 'bound' }>;

export interface Evaluation {
  /** The migration's own. */
  readonly module: Module;
  /** The class whose method the migration is. */
  readonly owner: string | undefined;
  readonly answers: Answers;
  readonly imported: Imported;
  /** Where the migration calls what is being done, while that stands in another file. */
  site: Place | undefined;

  /** What has happened, in order. */
  entries: Entry[];
  /** Under which it happens, outermost first. */
  conditions: readonly Condition[];
  depth: number;
  /** Of loops that are followed, so far. */
  turns: number;
  /** Of functions that are followed, so far. */
  calls: number;

  /** Values of names of files' top levels that were asked for. */
  readonly topNames: Names;
  /** Names of the top level whose value is being looked up: one that needs itself is unknown. */
  readonly pending: Set<string>;
  /** Those that were asked for, by file. */
  readonly modules: Map<FileId, Module>;
  /** What instances of the project's own classes are of. */
  readonly classes: WeakMap<Value, ClassValue>;
  /** The conditions under which each variable was declared. */
  readonly declared: WeakMap<Names, Map<string, readonly Condition[]>>;
  /** The conditions under which a list or record was made: what is put in under others may be in it or not. */
  readonly made: WeakMap<Value, readonly Condition[]>;
  /** Chains that begin with calls of another one, and that nothing has been called on yet. */
  readonly unnoted: WeakSet<Chain>;

  /** What an expression gives, and with it all that evaluating it does. */
  readonly value: (expression: Expression, names: Names, unit: UnitId) => Value;
  readonly bind: (pattern: Pattern, value: Value, names: Names, unit: UnitId) => void;
  readonly block: (body: Block, names: Names, unit: UnitId) => End | undefined;
  /** @param grows  whether what is called on the member is called on the object, and not on a thing of its own */
  readonly member: (object: Value, name: string, at: Span, unit: UnitId, grows: boolean) => Value;
  readonly apply: (fn: FunctionValue, given: readonly GivenArgument[]) => Value;
}
