/**
 * What the code does in backend terms. Rules read these and nothing below them.
 *
 * Facts about one reviewed file: those that stand in it, with evidence that may lie in others.
 */
import type { Place, UnitId } from '../engine/place';
import type { PathKind } from '../engine/review';
import type { AcquireRow, ConnectionRow } from '../libraries/vocabulary';
import type { MigrationFact } from '../migrations/migration';
import type { Spelling } from '../program/spelling';
import type { HoleSafety, Piece, Source, Value } from '../program/value';
import type { CodeWriter } from '../program/writer';
import type { Dialect, PlaceholderStyle } from '../sql/dialect';
import type { HoleRole } from '../sql/holePosition';
import type { SqlParser } from '../sql/parser';
import type { SqlQuery } from '../sql/query';
import type { DatabaseUse } from './databaseUse';
import type { DependentWrites } from './dependentWrites';
import type { ErrorHandler } from './errorHandlers';
import type { KnownSchema } from './knownSchema';
import type { ConditionPiece } from './loopItems';
import type { Refresh } from './refreshes';
import type { SchemaDrift } from './schemaDrift';
import type { BrokenUse, SchemaProblem } from './schemaProblems';
import type { SchemaScript } from './schemaScripts';
import type { SqlFileQuery } from './sqlFiles';
import type { TableFilter } from './tableFilters';
import type { TransactionFacts } from './transactions';

export interface Facts {
  readonly queryExecutions: readonly QueryExecution[];
  /** Raw SQL handed to a query builder: part of a statement that the builder writes. Judge their `sql` as an execution's. */
  readonly fragments: readonly SqlFragment[];
  /** SQL-looking texts with holes that no query call in sight takes. */
  readonly looseTexts: readonly SqlText[];
  /** What the code does when a query or a call of another service fails, where it does next to nothing. */
  readonly errorHandlers: readonly ErrorHandler[];
  /** What is taken here and has to be given back. */
  readonly acquisitions: readonly Acquisition[];
  /** Pools, connections and clients that a request makes anew. */
  readonly madePerRequest: readonly ConnectionMade[];
  /** Pools that are made here. */
  readonly pools: readonly PoolMade[];
  /** Queries that read a whole table and hand all of it on. */
  readonly wholeReads: readonly WholeRead[];
  /** What goes wrong around transactions. */
  readonly transactions: TransactionFacts;
  readonly migrations: readonly MigrationFact[];
  /** What the migrations' ways up do to a live server, statement by statement. */
  readonly schemaScripts: readonly SchemaScript[];
  /** Files that say what a schema is to be, and change none that is there. */
  readonly schemaFiles: readonly SchemaScript[];
  /** What the models of a schema (Prisma's, Drizzle's) declare, whether it is pushed or migrations are written out of it. */
  readonly modelFiles?: readonly SchemaScript[];
  /** Where a document of the schema says another thing than the schema that is there. */
  readonly schemaDrift: readonly SchemaDrift[];
  /** Names in the SQL of the code that the project's schema does not have. */
  readonly schemaProblems: readonly SchemaProblem[];
  /** What the queries of the file ask of tables that the project's schema knows. */
  readonly tableFilters: readonly TableFilter[];
  /** Writes that belong together because a foreign key ties their tables. */
  readonly tiedWrites: readonly DependentWrites[];
  /** Statements that stand in a file of SQL, and are sent by whoever takes them from there. */
  readonly sqlQueries: readonly SqlFileQuery[];
  /** The schema that the code speaks to, where it is known. */
  readonly schema?: KnownSchema;
  /** Where its statements refresh materialized views in a way that hurts. */
  readonly refreshes: readonly Refresh[];
  /** What all texts of the project say of materialized views and functions; where the file makes some. */
  readonly databaseUse?: DatabaseUse;
  /** What this migration takes away while the code still names it. */
  readonly brokenUses: readonly BrokenUse[];
  /**
   * Each database takes this code once, and somebody watches: the file is a migration, or is kept among them, written in a
   * way of the project's own.
   */
  readonly inMigration: boolean;
  /** Passwords and keys that stand in the file. */
  readonly secrets: readonly Secret[];
  /** What the configuration says of tables, by their names, with or without their schema's. */
  readonly declaredTables?: ReadonlyMap<string, { readonly rows?: number }>;
  /** What kind of code the file holds, told by its path. */
  readonly pathKind: PathKind;
  /** The SQL parser of a dialect; absent while it is not loaded, and then no fix needs it. */
  readonly parser: (dialect: Dialect) => SqlParser | undefined;
  /** How this file's language writes what a fix needs. */
  readonly writer: CodeWriter;
}

/** A password or key in plain text. None of its words hold the secret itself. */
export interface Secret {
  /** What to mark. */
  readonly at: Place;
  /** The literal that it fills, with its delimiters. */
  readonly literal?: Place;
  /** What must not be shown anywhere. */
  readonly conceal: Place;
  /**
   * `key`: in its provider's own form; `url`: a password in an address; `named`: a random-looking value under a secret's
   * name; `used-key`, `used-password`: a library is handed it.
   */
  readonly form: 'key' | 'url' | 'named' | 'used-key' | 'used-password';
  /** `a GitHub token`, `\`JWT_SECRET\``, `\`password\` of \`new Pool()\``. */
  readonly label: string;
  /** As much as may be shown: `postgres://app:…@db.shop.com`; empty where that is nothing. */
  readonly shown: string;
  /** What it opens or does. */
  readonly opens: string;
  /** The environment's name for it: `DATABASE_URL`. */
  readonly variable: string;
  /** It only counts where the environment has none. */
  readonly fallback: boolean;
  /** It opens something on the developer's own machine or network. */
  readonly local: boolean;
  /** Long and varied: nobody would type it to try something out. */
  readonly strong: boolean;
}

/** How sure it is that this is a query at all; see *Evidence* in `docs/architecture.md`. */
export type Evidence =
  /** The receiver is traced to a library. */
  | 'traced'
  /** The argument's recovered text is SQL. */
  | 'sql-text'
  /** A distinctive ORM method on an untraced receiver, in a project whose manifest has that ORM. */
  | 'manifest';

/** A call that sends a statement to a database, here or in a function that is called here. */
export interface QueryExecution {
  /** What to mark: the callee, `pool.query`; the call of the helper when the query lies behind it. */
  readonly at: Place;
  readonly call: Place;
  /** As a person would say it: `pool.query()`, `linesOf()`, `Order.findOne()`. */
  readonly label: string;
  readonly evidence: Evidence;
  /** `npm:pg`; absent when only the text told. */
  readonly library?: string;
  readonly dialect: Dialect;
  readonly placeholder?: PlaceholderStyle;
  /** Of a call that has several queries behind it, `write` when one of them writes. */
  readonly operation: 'read' | 'write' | 'unknown';
  /** How many queries lie behind the call of a helper. */
  readonly queriesBehind?: number;
  /** The table or model, where the call or its SQL names it. */
  readonly relation?: string;
  /** The table of the model, where the model says so and its statements name what they are handed. */
  readonly table?: string;
  readonly sql?: SqlText;
  /** What the SQL parser reads in the recovered text, holes as `HOLE`; absent unless it is exactly one statement that parses. */
  readonly statement?: SqlQuery;
  /** The database runs inside the program, so that a statement costs no round trip. */
  readonly inProcess?: boolean;
  /** The constants among its bound values, by their places. */
  readonly bound?: readonly (Constant | undefined)[];
  /** Already one statement for many items: `createMany`, `ANY($1)`, a loader's batch function. */
  readonly batched: boolean;
  /** The method that would do the same for a list of items: `createMany`. */
  readonly batchedBy?: string;
  /** How the library's filters say "one of these", with `…` for the list, where the call reads rows by one: `{ in: … }`. */
  readonly oneOfThese?: string;
  /** What would have loaded it with the records that it belongs to: `.select_related("author")`. */
  readonly loadedBy?: string;
  readonly repeatedBy: readonly QueryRepetition[];
  /** Of one that is repeated: the one call that would do for all, in the words of its library, where that is known. */
  readonly together?: Together;
  /** Asked where the answer for a key is not kept yet: once for each key, however often it comes. */
  readonly remembered?: boolean;
  /** From the marked call down to the query, for related information; empty when the query is the call itself. */
  readonly callPath: readonly PathStep[];
  /** The pieces of the call that a fix rewrites; absent behind a helper. */
  readonly rewrite?: QueryRewrite;
  /** Which rows and how many, of a call that a library's table tells of; absent behind a helper. */
  readonly rows?: RowScope;
  /** What a builder's or an ORM's calls name, columns among them. */
  readonly names?: readonly BuilderName[];
  /** What a builder's statement names, where nothing of it is built elsewhere. */
  readonly built?: BuiltStatement;
  /** All conditions of a builder's statement, where each compares a column. */
  readonly filters?: readonly BuilderFilter[];
  /** Values that are bound, counted from 0, and begin with a wildcard: `%${name}%`. */
  readonly wildcards?: readonly number[];
  /** The innermost named function around it, as written. */
  readonly within?: string;
  /** A comment in the lines above it. */
  readonly comment?: string;
}

/** One call for all items of a loop. */
export interface Together {
  readonly pieces: readonly TogetherPiece[];
  /** The column by which the answers are told apart. */
  readonly column?: string;
  /** It is the query that gave the records, and brings along what is asked for of each. */
  readonly gives?: Place;
  /** It is waited for. */
  readonly waits?: boolean;
  /** What reads in the loop what came along: `order.customer`. */
  readonly reads?: string;
  /** Without pieces: the text of a statement that writes other values for each. */
  readonly writes?: string;
}

/** Source text, a list of what is written here of one item, or the list of the items. */
export type TogetherPiece = string | { readonly each: string } | { readonly all: true };

/** A constant of the code, as it goes to the server. */
export type Constant = string | number | boolean;

/** A text or a key in the arguments of a builder's calls, which may be a column's name. */
export interface BuilderName {
  readonly name: string;
  /** `orders` of `orders.coupon`. */
  readonly qualifier?: string;
  /** The constants that it is compared with, or given. */
  readonly values?: readonly Constant[];
  readonly at: Place;
  /** The statement joins others, and the name does not say of which table it is. */
  readonly isOpen: boolean;
}

export interface BuiltStatement {
  /** The tables that it is about; one of which the name is not known has none. */
  readonly ranges: readonly BuiltRange[];
  /** Each can be nothing but a column of these, as the builder hands it on. */
  readonly columns: readonly BuiltName[];
  /** The server answers to more names than the schema has. */
  readonly hasOthers?: true;
}

export interface BuiltRange {
  readonly table?: BuiltName;
  /** The name may be that of a key that leads to the table instead. */
  readonly isGuess?: true;
  /** How columns name it: `o` of `orders as o`. */
  readonly alias?: string;
}

export interface BuiltName {
  readonly name: string;
  /** `orders` of `orders.coupon`; of a table its schema. */
  readonly qualifier?: string;
  readonly at: Place;
  /** The name itself, where it stands there as it is. */
  readonly exact?: Place;
}

/** A column that a builder's call compares with a value. */
export interface BuilderFilter {
  readonly column: string;
  /** `orders` of `orders.coupon`. */
  readonly qualifier?: string;
  /** In capitals. */
  readonly operator: string;
  /** What the value begins with, where it is a text. */
  readonly opening?: string;
  readonly at: Place;
}

/** A query without condition and bound, whose rows go out as they come. */
export interface WholeRead {
  readonly query: QueryExecution;
  /** `response`: a handler answers a request with them; `caller`: a function returns them that other files can call. */
  readonly reaches: 'response' | 'caller';
}

/** Which rows a query is about. */
export interface RowScope {
  /** `none`: every row of the table; `unknown`: conditions are put together elsewhere, or are a value that is not known. */
  readonly filter: 'none' | 'some' | 'unknown';
  /** It changes every row that its conditions leave. */
  readonly changes?: 'update' | 'delete';
  /** The library refuses it without conditions, but takes empty ones. */
  readonly needsFilter: boolean;
  /** Conditions are handed over, and there are none in them: `where: {}`. */
  readonly emptyFilter: boolean;
  /** One row, a number, a limit. */
  readonly bounded: boolean;
  /** Rows come one after another. */
  readonly streams: boolean;
  readonly returns?: 'one' | 'many' | 'count' | 'nothing';
  /** It is certain that nothing takes rows away, bounds, sums or streams them, and that a table's every row comes back. */
  readonly readsAll?: boolean;
  /** Where an option that bounds the rows goes in, and what stands around it there. */
  readonly limitsAt?: { readonly at: Place; readonly option: string; readonly before: string; readonly after: string };
  /** Where data goes into objects that a document database reads for operators, or into code for it. */
  readonly openings: readonly OperatorOpening[];
}

/** A place in the conditions of a document database where data goes in as it came: an object in it holds operators. */
export interface OperatorOpening extends Omit<DataHole, 'safety'> {
  readonly role: ConditionObject['role'];
  /** `whole`: the conditions themselves; `member`: the value that a field is compared with; `spread`: among others; `code`. */
  readonly how: 'whole' | 'member' | 'spread' | 'code';
  /** The field, or the operator around it. */
  readonly key?: string;
  /** Written as `{ email }`. */
  readonly shorthand?: boolean;
}

/** An argument that says which rows, what is written to them, or what is run on them. */
export interface ConditionObject {
  readonly at: Place;
  readonly source: string;
  readonly value: Value;
  readonly role: 'filter' | 'update' | 'pipeline' | 'code';
}

/**
 * A call that takes a raw piece of SQL: `whereRaw('price > ' + min)`. The statement goes out elsewhere, and counts there;
 * `sql.complete` is always false.
 */
export type SqlFragment = Pick<
  QueryExecution,
  'at' | 'call' | 'label' | 'evidence' | 'library' | 'dialect' | 'placeholder' | 'callPath' | 'rewrite'
> & { readonly sql: SqlText };

export interface PathStep {
  readonly at: Place;
  readonly says: string;
}

/** A loop or repeated callback around a query. */
export interface QueryRepetition {
  readonly head: Place;
  readonly at: Place;
  readonly form: 'each' | 'while' | 'count' | 'callback' | 'comprehension' | 'resolver' | 'serializer';
  /**
   * The loop's own item and collection, as written: `order`, `orders`. Of a resolver the type and the field: `Order`, `lines`; of a
   * serializer the class of the records and its own.
   */
  readonly item: string;
  readonly source: string;
  /** The query, or what it sends, depends on the item: the same statement repeated with another value. */
  readonly runsPerItem: boolean;
  readonly stopsAtFirstHit: boolean;
  /** Batches, pages, retries, cursors, constant lists, the schema's tables: a sequence that is meant. */
  readonly intended?: 'batches' | 'pages' | 'retries' | 'constant-list' | 'relations';
  /** A list of settings, drivers, locales…: a handful, and nothing that a client makes longer. */
  readonly configured?: boolean;
  /** Only where the object has not got the answer already: `order.lines ?? load(order.id)`. */
  readonly unlessLoaded?: boolean;
}

/** A connection, cursor or session that is taken, and has to be given back. */
export interface Acquisition {
  /** What to mark: the callee, `pool.connect`. */
  readonly at: Place;
  readonly call: Place;
  /** `pool.connect()` */
  readonly label: string;
  readonly takes: AcquireRow['takes'];
  readonly evidence: Evidence;
  readonly library: string;
  /** The variable that holds it, where there is one. */
  readonly name?: string;
  /** How it is given back, as the code writes it or as the library has it: `client.release()`. */
  readonly release: string;
  /** Of a pool, which has one less until then. */
  readonly pooled: boolean;
  /** It closes itself when nothing holds it any more. */
  readonly collected?: boolean;
  /** It is given back, if not on every way. */
  readonly isReleased: boolean;
  /** The ways out on which it is not given back, the plainest first. */
  readonly leaks: readonly Leak[];
  readonly rewrite?: ReleaseRewrite;
}

export interface Leak {
  /**
   * `unnamed`: nothing holds it, so nothing can give it back; `again`: a loop takes the next one first; `error`: a call fails
   * in between; the others are the ways out of a function.
   */
  readonly kind: 'unnamed' | 'again' | 'error' | 'return' | 'throw' | 'end';
  readonly at: Place;
  /** The call that fails: `client.query()`. */
  readonly failing?: string;
  /** A call that failed before, and whose error was caught. */
  readonly caught?: { readonly at: Place; readonly label: string };
}

/** A pool, a connection or a client that is made. */
export interface ConnectionMade {
  /** What to mark: the callee, `new Pool`; in the file of the handler that leads there, the call in it. */
  readonly at: Place;
  readonly call: Place;
  /** `new Pool()` */
  readonly label: string;
  readonly makes: ConnectionRow['makes'];
  readonly library: string;
  readonly perRequest?: {
    /** From the handler down to where it is made, without that; empty where the handler makes it itself. */
    readonly path: readonly PathStep[];
    readonly madeAt: Place;
  };
}

/** A pool with the limits that it has. */
export interface PoolMade {
  readonly at: Place;
  readonly label: string;
  readonly library: string;
  /** Limits that the library leaves open, with the option to set. */
  readonly missing: readonly {
    readonly limit: 'max' | 'idleTimeout' | 'connectionTimeout';
    readonly option: string;
    readonly suits: number;
  }[];
  /** The greatest number of connections, where it is written as a number. */
  readonly max?: { readonly at: Place; readonly option: string; readonly value: number };
  /** Where options are added, and what stands between them, before the first and behind the last. */
  readonly insert?: { readonly at: Place; readonly separator: string; readonly open: string; readonly close: string };
}

/** What moves the release into a `finally`. Only where it is certain that all stays as it is. */
export interface ReleaseRewrite {
  /** The statements behind the one that takes it, to the end of their block. */
  readonly body: { readonly at: Place; readonly source: string };
  readonly indentation: string;
  /** How much deeper a block in them stands. */
  readonly step: string;
  /** The statements in the body that give it back now, with their line. */
  readonly releases: readonly Place[];
  /** The statement that gives it back, as the code has it, `client.release();`; or the expression for one that it has not. */
  readonly release: string;
  readonly isInvented: boolean;
  /** What it becomes has been run beside what it was, with libraries of this kind. */
  readonly isProven: boolean;
  /** Lines, by their offset in the body, that begin inside a text: their indentation is the text's. */
  readonly textLines: readonly number[];
  /** A `try` that is all there is beside the releases, and has no `finally` yet. */
  readonly guarded?: Place;
}

/** A text that is or becomes SQL, as recovered. */
export interface SqlText {
  /** The outermost expression that builds it. */
  readonly at: Place;
  readonly pieces: readonly Piece[];
  /** One line, holes as `${source}`. */
  readonly preview: string;
  /** Holes that are not harmless, in order. */
  readonly hazards: readonly Hazard[];
  /** Every constant stretch is known, and every hole stands in the statement that is executed: no unknown parts. */
  readonly complete: boolean;
  readonly dialect: Dialect;
}

/** A place where data goes in. */
export interface DataHole {
  readonly at: Place;
  readonly source: string;
  readonly from: readonly Source[];
  /** Its names, where it has some. */
  readonly spelling?: Spelling;
  readonly safety?: HoleSafety;
  /** Where the hole is a parameter or a member of one: `req.query.name` has `['query', 'name']`. */
  readonly member?: readonly string[];
  /** Set when it is proven that request input reaches the hole: from the input to the hole. */
  readonly inputPath?: readonly PathStep[];
  readonly inputLabel?: string;
  /** The whole text is this one hole: a wrapper around the driver, whose callers answer for the text. */
  readonly wholeText: boolean;
}

/** A hole of an SQL text through which data becomes part of the statement. */
export interface Hazard extends DataHole {
  /** What it stands for in the statement. */
  readonly role: HoleRole;
  /**
   * How much speaks for it where no request input is proven: `likely`, `possible` (a name that a caller chooses, which is
   * seldom a client), or `unlikely` (a name from metadata, configuration or the schema).
   */
  readonly weight: 'likely' | 'possible' | 'unlikely';
  /** A piece of SQL that another method of the object was handed: whoever calls that answers for it. */
  readonly pieceOfOthers?: boolean;
  /** Which of several statements it stands in, where the text is one of them: a helper is handed one here and one there. */
  readonly statement?: number;
}

/** What a fix must know of a query call that stands in this file. Texts are source code. */
export interface QueryRewrite {
  readonly unit: UnitId;
  /** The argument with the SQL text. */
  readonly sqlArgument?: { readonly at: Place; readonly source: string; readonly index: number };
  /**
   * The expression that builds the text, when all pieces stand in it and an expression in its holes means the same in the
   * values of the call: the argument itself, or what a variable is initialised with that is used by this call alone,
   * where every name in the holes is constant and in scope at the call. Holes may then move into the values.
   */
  readonly textExpression?: { readonly at: Place; readonly source: string };
  /** The argument with the bound values, when there is one, and its items when it is written as a list. */
  readonly valuesArgument?: {
    readonly at: Place;
    readonly source: string;
    readonly items?: readonly { readonly at: Place; readonly source: string }[];
  };
  /** Where a new values argument goes, as `, ` and the values: right behind the SQL argument. Absent when there is one. */
  readonly insertValuesAt?: Place;
  /**
   * How the call takes bound values: `list` is one argument, `[a, b]`; `rest` is one argument for each; `property` is an
   * entry of an options argument, `{ replacements: [a, b] }`, and `entry` one that is added to such an argument. A list
   * when absent.
   */
  /** The client writes lists out that are among the values: `IN (?)`. */
  readonly writesLists?: boolean;
  readonly valuesAs?:
    | { readonly kind: 'list' | 'rest' }
    | { readonly kind: 'property' | 'entry'; readonly name: string };
  /** The loop around it, when the call is a statement of the loop's own body and nothing else hides in between. */
  readonly loop?: LoopRewrite;
}

/** A loop whose body holds the query, taken apart for batching. */
export interface LoopRewrite {
  /** The whole loop statement and its own indentation. */
  readonly at: Place;
  readonly indentation: string;
  /** How much deeper its body stands. */
  readonly step: string;
  /** What the loop calls its item; absent where it takes it apart, or counts through the list. */
  readonly item?: string;
  /** A list, or not known to be anything else: no Set, no Map, no generator. */
  readonly source: string;
  /**
   * The expression that the query binds per item, as written: `order.id`. Exactly one, made of the item alone; all else
   * that the call mentions (`pool`, other values) is there before the loop. Absent where that is not certain.
   */
  readonly key?: {
    readonly at: Place;
    readonly source: string;
    /** The members that lead to it from the item, `.id`; nothing where it is the item. */
    readonly path: string;
  };
  /** What holds, or does not, of the items whose turns come to the query: all of these. */
  readonly conditions: readonly { readonly pieces: readonly ConditionPiece[]; readonly holds: boolean }[];
  /**
   * The awaited call as it stands in the body, with `await`; without, where it is what a callback returns and is waited for
   * by whoever called that.
   */
  readonly awaited: { readonly at: Place; readonly source: string; readonly waitsElsewhere?: boolean };
  /**
   * In a builder's chain, the call that compares a column with the key, and its form for many keys:
   * `where({ order_id: order.id })` → `whereIn`. `at` runs from the method's name to its closing parenthesis. Only when
   * the chain selects that column (or all) and holds neither limit, offset, grouping nor aggregate.
   */
  readonly equality?: { readonly at: Place; readonly column: string; readonly batched: string };
  /** Of an ORM, the one call that compares a column with the key. */
  readonly keyed?: KeyedRead;
  /** What the body does with the result: how it is named and read. */
  readonly result: LoopResult;
  /** Every name that the unit or its file's top level mentions: a fix declares none of them again. */
  readonly names: ReadonlySet<string>;
}

/** A call that reads by the item's key, and what makes it one that reads for all of them. */
export interface KeyedRead {
  /** The column that is compared with the key, which is a member of what is read. */
  readonly column: string;
  /** What the column is a member of, where the comparison names it: `lines` of `eq(lines.orderId, …)`. */
  readonly relation?: string;
  /** How the filter says "one of these", with `…` for the list. */
  readonly oneOfThese: string;
  /** The method's name, where it is another one then. */
  readonly method?: { readonly at: Place; readonly name: string };
  /**
   * What the comparison with the list replaces: the key itself; the entry with it, `{ id }`; the argument, by records of these
   * `names` from the outermost; or what stands before the first of the options that are there already.
   */
  readonly filter: {
    readonly at: Place;
    readonly names: readonly string[];
    readonly form: 'value' | 'entry' | 'argument' | 'options';
  };
  /** Calls of the chain that would leave rows of other keys out: `.limit(1)`. */
  readonly dropped?: readonly Place[];
  /** The call that makes a list of what is given then, and where it goes: `toArray`. */
  readonly listedBy?: { readonly at: Place; readonly name: string };
  readonly gives: 'one' | 'many';
  /** No two records have the same key. */
  readonly unique: boolean;
  readonly missing?: 'null' | 'undefined';
  /**
   * Where a name that the comparison uses is added to an import; with `from` it is one of its own behind that place, written
   * `like` the one that stands there.
   */
  readonly imports?: {
    readonly at: Place;
    readonly name: string;
    readonly from?: string;
    readonly like?: { readonly source: string; readonly from: string };
  };
}

/**
 * `reads` is what a fix replaces by `target = found`, or by `found` alone without a target:
 *
 *     const { rows } = await …          reads `{ rows } = await …`      target `rows`
 *     order.lines = (await …).rows      reads `(await …).rows`          no target
 *     return (await …).rows[0]          reads `(await …).rows[0]`       no target
 *
 *     const result = await …            reads `result = await …`        target `result`, wrappedIn `rows`
 *
 * `wrappedIn` is set where the target is the result itself, of which nothing but that member is read.
 * `rowsIn` names the member of the awaited result that holds the rows, as `rows` of node-postgres; absent where the
 * result is the rows. `standsAlone`: no operator around it could tear apart what is written there.
 */
export type LoopResult =
  | {
      readonly kind: 'rows';
      readonly reads: Place;
      readonly target?: string;
      readonly rowsIn?: string;
      readonly wrappedIn?: string;
      readonly standsAlone?: boolean;
    }
  /** The first row: `const { rows: [line] } = await …`, `(await …).rows[0]`, `.first()`. */
  | {
      readonly kind: 'first-row';
      readonly reads: Place;
      readonly target?: string;
      readonly rowsIn?: string;
      readonly standsAlone?: boolean;
    }
  /** The result is one record. */
  | {
      readonly kind: 'record';
      readonly reads: Place;
      readonly target?: undefined;
      readonly rowsIn?: undefined;
      readonly standsAlone?: boolean;
      /** No two have the same key. */
      readonly unique: boolean;
      /** What is given where there is none. */
      readonly missing?: 'null' | 'undefined';
    }
  | { readonly kind: 'other' };
