/**
 * What calls and properties of names mean that no code of the workspace defines. The interpreter is handed these tables;
 * `facts/` makes them from `libraries/`. They say what flows where, and nothing of databases.
 */
import type { NamedCalls } from './spelling';
import type { EntityName, HoleSafety } from './value';

/** What names mean in one language, beside those of its own code. */
export interface OwnNames {
  /** Import specifier → module: `pg` → `npm:pg`. Modules without a table are not here. */
  readonly modules: ReadonlyMap<string, EntityName>;
  /** Names that need no import: `Number` → `js:#Number`. */
  readonly globals: ReadonlyMap<string, EntityName>;
  /** Calls of a method on a value that is not known: only what holds for any receiver, such as `map` and `forEach`. */
  readonly methods: ReadonlyMap<string, readonly CallMeaning[]>;
  /** What functions are handed that are written in a certain way. */
  readonly handlers: readonly HandlerMeaning[];
  /** A class is made by calling it, so that the tables' names for that have no `new` before them. */
  readonly callsClasses?: boolean;
}

/** The names are those of the languages that have none of their own in `languages`. */
export interface Semantics extends OwnNames {
  /** By what modules say of their `language`. */
  readonly languages: ReadonlyMap<string, OwnNames>;
  /** Calls of an entity (`npm:knex#knex`), of a constructor (`new npm:pg#Pool`) and of a member (`npm:pg#Pool.query`). */
  readonly calls: ReadonlyMap<EntityName, readonly CallMeaning[]>;
  /** Members that are read and not called: `npm:express#Request.query`. `*` as the member's name stands for any other. */
  readonly properties: ReadonlyMap<EntityName, Gives>;
  /** Types that inherit another's members. */
  readonly supertypes: ReadonlyMap<EntityName, EntityName>;
  /** What waiting for an instance of a type gives, where that is not the instance: a query's documents. */
  readonly resolved: ReadonlyMap<EntityName, Gives>;
  /** Types that need no import: `Request` in an annotation. */
  readonly types: ReadonlyMap<string, EntityName>;
  /** What decorators of parameters hand to them. */
  readonly decorators: ReadonlyMap<EntityName, Gives>;
  /** Types whose instances are sets of records: a manager, a query. */
  readonly holders: ReadonlySet<EntityName>;
  /** Calls that declare a relation as the value of a class' field. */
  readonly relations: ReadonlyMap<EntityName, RelationMeaning>;
  /** Containers of services. */
  readonly registries: readonly RegistryMeaning[];
  /** Calls that no one can look into, and whose name says that they escape what goes in. */
  readonly escaping?: NamedCalls;
}

/** What a container gives for what is registered: an instance of the class, what the function makes, it itself, or what has that name. */
export type Registration = 'instance' | 'result' | 'value' | 'alias';

/** A container that makes services of what is registered in it, and hands them to each other by name. */
export interface RegistryMeaning {
  /** Specifiers that its package is imported by. */
  readonly packages: readonly string[];
  /** Calls whose first argument is registered, by what is made of it. */
  readonly registers: ReadonlyMap<EntityName, Registration>;
  /** Names of calls that register what files hold, by patterns. */
  readonly loads: readonly string[];
  /** Calls, beside those that register, whose first argument is made or called with services. */
  readonly injects: readonly EntityName[];
  /** The type of the record of all services. */
  readonly all?: EntityName;
  /** Records that register a service under a token. */
  readonly records?: ProviderRecords;
}

/** `{ provide: ORDERS, useClass: PgOrders }` */
export interface ProviderRecords {
  readonly token: string;
  /** What is made of what stands under another key. */
  readonly entries: ReadonlyMap<string, Registration>;
}

export interface CallMeaning {
  /** Holds only for this many arguments. */
  readonly arity?: { readonly min: number; readonly max: number };
  readonly gives?: Gives;
  /** Arguments that are called, and what they are called with. */
  readonly callbacks?: readonly CallbackMeaning[];
  /** Text made from the receiver or the arguments. */
  readonly builds?: TextBuilding;
  /** What went through this call is harmless in text: `Number(x)`, `escapeIdentifier(x)`. */
  readonly proves?: HoleSafety;
  /** As a tag it binds what stands in its holes. */
  readonly bindsHoles?: boolean;
  /** `proves` holds only where the first argument is one of these texts. */
  readonly provesWhere?: readonly string[];
  /** It does not come back. */
  readonly raises?: boolean;
  /** What is known where the call came out true: `isUUID(id)`, `pattern.test(name)`. */
  readonly checks?: CheckMeaning;
  /** Its arguments are operators on what the receiver emits, one after another. */
  readonly pipes?: boolean;
  /** Relations that the arguments name come with the records that it gives. */
  readonly loads?: boolean;
}

/** A relation between classes of records, as the value of a field declares it. */
export interface RelationMeaning {
  /** The argument with the other class, or its name; by a keyword, too. */
  readonly to?: number;
  readonly toName?: string;
  readonly gives: 'one' | 'many' | 'either';
  /** The keyword that says `false` where there is one record, where the call alone does not. */
  readonly oneWhere?: string;
  /** Reading it gives an instance of this type, which calls ask for records; reading asks for them where there is none. */
  readonly as?: EntityName;
  /** The same where they may have come with the record. */
  readonly loadedAs?: EntityName;
  /** Whether another record's is loaded when it is read, by a keyword: those of its values that change it. */
  readonly option?: string;
  readonly eager?: ReadonlySet<string>;
  readonly asked?: ReadonlySet<string>;
  readonly reverse?: ReverseMeaning;
}

/** What the other class has of it. */
export interface ReverseMeaning {
  /** Keywords with its name there. */
  readonly names: readonly string[];
  /** Its name where none is given, with the class' own in lower case in it: `{class}_set`. */
  readonly otherwise?: string;
  /** What there is at the other end; nothing where that end says it itself. */
  readonly gives?: 'one' | 'many' | 'either';
  readonly as?: EntityName;
  readonly loadedAs?: EntityName;
}

export interface CheckMeaning {
  readonly of: number | 'receiver';
  /** Harmless for this reason, or for what the regular expression that it matches lets through. */
  readonly proves: HoleSafety | PatternCheck;
}

export interface PatternCheck {
  readonly pattern: number | 'receiver';
  /** The call wants it at the beginning of the text, or to be all of it, whatever the expression says. */
  readonly anchored?: 'start' | 'both';
  /** What the call gives are parts of the text that match. */
  readonly groups?: boolean;
}

export interface CallbackMeaning {
  /** Index of the argument that is a function, or the name of the option that holds it; `rest` for every argument from `from` on. */
  readonly argument: number | 'rest';
  readonly from?: number;
  /** Values of the callback's own parameters by index. */
  readonly parameters?: readonly (Gives | undefined)[];
  /** Called once for every item of the receiver or of an argument. */
  readonly repeats?: {
    /** `emitted`: all that the receiver emits; `piped`: all that the stream emits that the call is an operator of. */
    readonly over: 'receiver' | 'emitted' | 'piped' | number;
    readonly item: number;
    readonly stopsAtFirstHit?: boolean;
  };
  /**
   * The call's own result is a list of what the callback returns, or is what it returns, or what it yields where it does; or a
   * stream of what it returns, or of what is in the streams, lists and promises that it returns.
   */
  readonly result?: 'list' | 'value' | 'yielded' | 'emitted' | 'flattened';
}

/** All that is named must fit. */
export interface HandlerMeaning {
  /** The type that the function is declared with. */
  readonly types?: ReadonlySet<EntityName>;
  readonly exported?: ReadonlySet<string>;
  /** Names of its file without the ending. */
  readonly files?: ReadonlySet<string>;
  readonly folders?: readonly string[];
  /** Ends of its name with those of the objects around it, as steps, `*` for any. */
  readonly named?: readonly (readonly string[])[];
  /** What its parameters are called, by index; nothing for anything. */
  readonly parameters?: readonly (ReadonlySet<string> | undefined)[];
  readonly gives: readonly (Gives | undefined)[];
}

/** What a validator's schema lets through. */
export type Admission =
  | 'any'
  | 'number'
  | 'boolean'
  /** Texts that can end no literal and no name. */
  | 'literal'
  /** One of the arguments. */
  | 'arguments'
  /** What the schemas or constants in an argument say. */
  | { readonly argument: number; readonly list?: boolean }
  /** One of the values of an enumeration, or of a list, that is an argument. */
  | { readonly valuesOf: number }
  /** Texts that match the regular expression that is an argument. */
  | { readonly pattern: number }
  /** What the checks let through that an argument names for each field: `{ id: { in: ['query'], isInt: true } }`. */
  | { readonly fieldsOf: number; readonly by: ReadonlyMap<string, Admission> }
  /** Whatever is in the field that an argument names, in that part of a request. */
  | { readonly field: number; readonly in: string };

/** What a call or property gives. */
export type Gives =
  /** `holds`: it is a set of records, of the class that this holds or is. */
  | { readonly kind: 'instance'; readonly of: EntityName; readonly holds?: 'receiver' | number }
  /** One of the records that this holds. */
  | { readonly kind: 'record'; readonly of: 'receiver' | number }
  | { readonly kind: 'list'; readonly of: EntityName }
  /** A list of numbers. */
  | { readonly kind: 'numbers' }
  /** A list of pairs of a number and an item of the argument. */
  | { readonly kind: 'pairs'; readonly of: number }
  /** A list of tuples with an item of each argument. */
  | { readonly kind: 'tuples' }
  | { readonly kind: 'entity'; readonly name: EntityName }
  | { readonly kind: 'module'; readonly name: EntityName }
  | { readonly kind: 'receiver' }
  | { readonly kind: 'argument'; readonly index: number }
  /** An instance of the class that the argument is. */
  | { readonly kind: 'made'; readonly of: number }
  /** A stream of the items of an argument or of what that is a promise of, or of all arguments. */
  | { readonly kind: 'stream'; readonly of: EntityName; readonly from: number | 'arguments' }
  /** What an operator makes of the stream. */
  | { readonly kind: 'piped'; readonly as?: 'one' | 'batches' | 'found' | 'flat' }
  /** What a stream emits. */
  | { readonly kind: 'emitted'; readonly by: 'receiver' | number }
  /** What a container holds by the name that is the argument, or the property's own. */
  | { readonly kind: 'offered'; readonly by: number | 'name' }
  /** The regular expression that is written in an argument. */
  | { readonly kind: 'regex'; readonly of: number }
  /** A list of the argument's or receiver's items. */
  | { readonly kind: 'items'; readonly of: 'receiver' | number }
  /** A list of the names of the argument's entries: data as the argument is, and no call's own result. */
  | { readonly kind: 'keys'; readonly of: number }
  /** A validator's schema, and what it lets through. */
  | { readonly kind: 'schema'; readonly of: EntityName; readonly admits: Admission }
  /** The receiver, which is a schema of one field, with that to let through of the field. */
  | { readonly kind: 'narrowed'; readonly admits: Admission }
  /** What of an argument comes through the check of the receiver's schema, as the result or as a property of it. */
  | { readonly kind: 'checked'; readonly of: number; readonly property?: string }
  /** The receiver with a member of its own: what an argument, which is a schema, or a type argument says. */
  | { readonly kind: 'with'; readonly member: string; readonly says: 'argument' | 'type'; readonly index: number }
  /** An instance of another type that has the members which the receiver was given so. */
  | { readonly kind: 'beside'; readonly of: EntityName }
  /** What was said so of the property. */
  | { readonly kind: 'said' }
  /** Data from outside: a source of kind `input` with this label. */
  | { readonly kind: 'input'; readonly label: string }
  /** A constant of the library. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'scalar'; readonly type: 'number' | 'boolean' | 'date' };

export type TextBuilding =
  /** receiver + arguments */
  | { readonly kind: 'concat' }
  /** the receiver's items with the argument between them */
  | { readonly kind: 'join' }
  /** the receiver, otherwise cased, trimmed or cut: what it was made of stays */
  | { readonly kind: 'keep'; readonly of: 'receiver' | number }
  /** `%s`-style format string at `format`, its values after it; `escapes` are conversions that make their value harmless */
  | {
      readonly kind: 'printf';
      readonly format: number;
      readonly escapes?: Readonly<Record<string, HoleSafety>>;
    }
  /** `{}`, `{0}` and `{name}` of the receiver, filled in */
  | { readonly kind: 'format' }
  /** `.replace(from, to)`; `all` says that every place is meant, whatever is looked for. */
  | { readonly kind: 'replace'; readonly in: 'receiver' | number; readonly all: boolean }
  /** the receiver repeated */
  | { readonly kind: 'repeat' }
  /** JSON of its argument */
  | { readonly kind: 'string' };
