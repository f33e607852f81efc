/** What the interpreter may ask of everything outside the unit that it walks. Each answer is remembered with what it read. */
import type { FileId, Place, UnitId } from '../engine/place';
import type { Expression, Type } from './model';
import type { OwnNames, Semantics } from './semantics';
import type { Relation, Value } from './value';

export interface World {
  readonly semantics: Semantics;
  /** What names mean in the language of the file. */
  ownNames(file: FileId): OwnNames;
  /** Whether reading the method calls it. */
  isGetter(unit: UnitId): boolean;
  /** A variable, function, class or import of a file's top level; nothing when the file has none of that name. */
  variable(file: FileId, name: string): Value | undefined;
  /** What a file exports under a name. */
  exported(file: FileId, name: string): Value | undefined;
  /** The names that it exports, `default` among them. */
  exportNames(file: FileId): readonly string[];
  /** The module that an import specifier means. */
  imported(from: FileId, specifier: string): Value;
  /** A field or method of a workspace class, inherited ones included. */
  classMember(file: FileId, name: string, member: string): Value | undefined;
  superclassOf(file: FileId, name: string): Value | undefined;
  /** A relation that a field of the class declares, or of another class of the file to this one. */
  relation(file: FileId, name: string, member: string): Relation | undefined;
  /** Whether instances of the class are sets of records, and which relations come with those that all of them give. */
  isHolder(file: FileId, name: string): boolean;
  loadedByDefault(file: FileId, name: string): readonly string[] | undefined;
  /** An instance of the library's type that an interface of the workspace adds to. */
  libraryBase(file: FileId, name: string): Value | undefined;
  /** The type that a name of the file is another name of. */
  aliasOf(file: FileId, name: string): Type | undefined;
  /** A value of a written type; nothing when the type tells nothing. */
  ofType(file: FileId, type: Type): Value | undefined;
  summary(unit: UnitId): Summary | undefined;
  /** Whether it is an interface of which nothing tells which class implements it. */
  leavesOpen(file: FileId, name: string): boolean;
  /** What the project's container of services holds by a name. */
  offered(name: string): Value | undefined;
  /** What its modules provide for a token, as the file writes it. */
  provided(file: FileId, token: Expression): Value | undefined;
}

/** What callers need to know of a unit: free of places and offsets, so that typing in its body disturbs no caller. */
export interface Summary {
  readonly parameters: readonly SummaryParameter[];
  /** In terms of the parameters. */
  readonly returns: Value;
  /** Parameters that are functions, and what they are called with. */
  readonly calls: ReadonlyMap<number, ParameterCall>;
  /** Functions inside the unit that it gives to others, by `lambdaId`. */
  readonly lambdas: ReadonlyMap<string, LambdaSummary>;
  /** What a parameter is known to be wherever the returned truth value is true: a function that checks its argument. */
  readonly admits: ReadonlyMap<number, Value>;
  /** What a parameter is known to be once the unit has returned at all: a function that throws at anything else. */
  readonly settles: ReadonlyMap<number, Value>;
  /** What is added to a list that is a parameter: `addFilter(parts, name)`. */
  readonly grows: ReadonlyMap<number, readonly Value[]>;
  /** It never returns: whoever calls it, or waits for it where it is asynchronous, goes no further. */
  readonly raises?: 'at once' | 'awaited';
}

export interface SummaryParameter {
  /** Its name, or the first name of its pattern. */
  readonly name: string;
  readonly rest: boolean;
  /** Given by its name alone. */
  readonly named?: boolean;
}

export interface ParameterCall {
  readonly arguments: readonly Value[];
  /** In a loop of the callee. */
  readonly repeated: boolean;
}

export interface LambdaSummary {
  readonly parameters: readonly SummaryParameter[];
  readonly returns: Value;
}

/** Names a function inside a unit, as the owner of its parameters. */
export const lambdaId = (at: Place): string => `${at.unit}@${at.start}`;
