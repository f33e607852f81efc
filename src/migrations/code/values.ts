/**
 * What the evaluation of a migration gives: constants, and the chains of calls that it makes on the tool's builder.
 * Places are relative to the unit that they name, like every place of the review.
 */
import type { Place, UnitId } from '../../engine/place';
import type { Class, Function as FunctionNode, Module } from '../../program/model';

/** A stretch of a text's value that stands in the source, character by character but for its escapes. */
export interface SourcePiece {
  /** Offsets in the value. */
  readonly from: number;
  readonly to: number;
  readonly unit: UnitId;
  /** Where the stretch starts in its unit. */
  readonly start: number;
  /** Where escapes made the source longer: (offset in the stretch's value, offset in the source from its start), ascending. */
  readonly escapes?: readonly (readonly [number, number])[];
}

/** One step of a chain: a member that is read, or called when it has arguments. */
export interface ChainStep {
  readonly name: string;
  readonly at: Place;
  /** Absent for a member that is only read. */
  readonly arguments?: readonly GivenArgument[];
  /** What callbacks among the arguments do, in order, the parameters of the callback being roots of chains. */
  readonly inner: readonly Entry[];
}

export interface GivenArgument {
  readonly value: Value;
  /** A keyword argument's name. */
  readonly name?: string;
}

/** A chain of calls on one thing that the tool hands over: `knex.schema.createTable(…)`, `op.add_column(…)`. It grows while it is used. */
export interface Chain {
  readonly kind: 'chain';
  readonly root: Root;
  readonly steps: ChainStep[];
  /** The conditions under which it runs, outermost first. */
  readonly conditions: readonly Condition[];
}

/** What a chain hangs on. */
export type Root =
  /** A parameter of the migration's function, or of a callback that a chain's step was handed. */
  | { readonly kind: 'parameter'; readonly of: 'migration' | ChainStep; readonly index: number; readonly key?: string }
  /** A module that is imported; what is imported of it is the first step. */
  | { readonly kind: 'import'; readonly from: string }
  | { readonly kind: 'this' }
  /** A name that nothing in the file declares. */
  | { readonly kind: 'global'; readonly name: string }
  /** An item of a list that a call gives. */
  | { readonly kind: 'item'; readonly of: Chain };

export interface Condition {
  readonly value: Value;
  /** Whether what runs is the branch for a true value. */
  readonly holds: boolean;
}

/** What happens, in order. */
export type Entry =
  | Chain
  | Unfollowed
  /** It fails here, whatever happens. */
  | { readonly kind: 'throws'; readonly at: Place };

/** Something that may change the schema and could not be followed. */
export interface Unfollowed {
  readonly kind: 'unfollowed';
  readonly at: Place;
  readonly what: string;
  /** Of a loop: what happens in a turn, by values that are not known. */
  readonly repeats?: readonly Entry[];
}

export type Value =
  /** Where `complete` is false, `HOLE` stands in it for what is not known. */
  | {
      readonly kind: 'text';
      readonly value: string;
      readonly pieces: readonly SourcePiece[];
      readonly complete: boolean;
    }
  | { readonly kind: 'constant'; readonly value: number | boolean | null | undefined }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly open?: boolean }
  /** `open`: it has entries that are not known. */
  | { readonly kind: 'record'; readonly entries: ReadonlyMap<string, Value>; readonly open?: boolean }
  | { readonly kind: 'instance'; readonly name: string; readonly arguments: readonly GivenArgument[] }
  /** `given`: arguments that it has been bound to. */
  | {
      readonly kind: 'function';
      readonly function: FunctionNode;
      readonly unit: UnitId;
      readonly names: Names;
      readonly given?: readonly GivenArgument[];
      /** Where the migration has called what has made it, of one that stands in another file. */
      readonly site?: Place;
    }
  /** Another file of the project, whose exports are looked up when they are asked for. */
  | { readonly kind: 'module'; readonly module: Module }
  | { readonly kind: 'class'; readonly class: Class; readonly module: Module }
  /** A call that is yet to come: `db.addColumn.bind(db, 'orders', 'total', { type: 'int' })`. */
  | { readonly kind: 'bound'; readonly call: (more: readonly GivenArgument[]) => Value }
  /** `!value` */
  | { readonly kind: 'not'; readonly value: Value }
  /** `'orders' in inspector.get_table_names()`; `by` is the member that is compared: `columns.some(each => each.name === 'total')`. */
  | { readonly kind: 'within'; readonly item: Value; readonly of: Chain; readonly by?: string }
  /** `one && other`, `one || other` of what is not known. */
  | { readonly kind: 'either'; readonly operator: '&&' | '||'; readonly left: Value; readonly right: Value }
  /** `each.name === 'total'` of an item of a list that is not known. */
  | { readonly kind: 'equal'; readonly left: Value; readonly right: Value }
  /** What a list that is not known would be made into: `columns.map(each => each.name)`. */
  | { readonly kind: 'members'; readonly of: Chain; readonly by: string }
  | Chain
  | { readonly kind: 'unknown' };

export type Names = Map<string, Value>;

/** What is known of what a migration asks the tool; undefined where that is not known, or is no such question. */
export interface Answers {
  /** Whether what is asked is one of these values. */
  readonly isAmong: (asked: Value, among: readonly Value[]) => boolean | undefined;
  /** Whether a text begins with, ends with or holds another one. */
  readonly has: (asked: Value, how: TextTest, text: string) => boolean | undefined;
  /** Whether what is asked is so: `isPostgres(knex)`. */
  readonly holds: (asked: Value) => boolean | undefined;
}

export type TextTest = 'startsWith' | 'endsWith' | 'includes';

export const NO_ANSWERS: Answers = { isAmong: () => undefined, has: () => undefined, holds: () => undefined };

/** A condition as the several ones that must all be so; one that cannot be taken apart is one. */
export function taken({ value, holds }: Condition): readonly Condition[] {
  if (value.kind === 'not') return taken({ value: value.value, holds: !holds });
  // of `one && other` that holds both do, of `one || other` that does not neither does
  if (value.kind === 'either' && holds === (value.operator === '&&'))
    return [...taken({ value: value.left, holds }), ...taken({ value: value.right, holds })];
  return [{ value, holds }];
}

export const UNKNOWN: Value = { kind: 'unknown' };
export const UNDEFINED: Value = { kind: 'constant', value: undefined };

/**
 * A value and all that is kept in it, in lists, records and what instances were made with: each once, since an object may
 * hold itself (`this.parent = parent; parent.children.push(this)`).
 */
export function partsOf(whole: Value): ReadonlySet<Value> {
  const parts = new Set([whole]);
  // what is added meanwhile is walked too
  for (const part of parts) {
    if (part.kind === 'list') for (const item of part.items) parts.add(item);
    else if (part.kind === 'record') for (const entry of part.entries.values()) parts.add(entry);
    else if (part.kind === 'instance') for (const { value } of part.arguments) parts.add(value);
  }
  return parts;
}

/** A text's value where all of it is known. */
export const constantText = (value: Value | undefined): string | undefined =>
  value?.kind === 'text' && value.complete ? value.value : undefined;

/** What a value tests as; undefined when that is not known. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'text':
      return value.complete ? value.value !== '' : undefined;
    case 'list':
    case 'record':
    case 'instance':
    case 'function':
    case 'bound':
    case 'module':
    case 'class':
      return true;
    case 'not': {
      const inner = truthOf(value.value);
      return inner === undefined ? undefined : !inner;
    }
    case 'chain':
      // what the tool hands over is there; what a call on it gives is not known
      return value.steps.length === 0 && !isFlag(value.root) ? true : undefined;
    case 'either': {
      const truths = [truthOf(value.left), truthOf(value.right)];
      const decides = value.operator === '||';
      if (truths.includes(decides)) return decides;
      return truths.includes(undefined) ? undefined : !decides;
    }
    case 'within':
    case 'equal':
    case 'members':
    case 'unknown':
      return undefined;
  }
}

/** `{ isReversible }` of what the tool hands over. */
const isFlag = (root: Root): boolean =>
  root.kind === 'parameter' && /^(?:is|has|can|should|use)[A-Z_]/.test(root.key ?? '');
