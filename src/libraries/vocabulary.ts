/**
 * The closed vocabulary of library tables: what a library's calls mean, as data. No row holds logic.
 *
 * Names are relative to the package: `Pool` is an export or type, `Pool.query` a member of its instances or, for a class
 * or namespace, of the export itself (`Model.findAll`, `Prisma.sql`), `knex` a function, `default` the package itself
 * when it is called or constructed, `Knex` in a call the call of an instance: `db('orders')`. A user's own table in
 * `backend-reviewer.json` has this shape and passes the same validator (`validate.ts`).
 */
import type { Dialect, PlaceholderStyle } from '../sql/dialect';

export interface LibraryModel {
  /**
   * `npm:pg`, or `js:` for what the language has without an import. Of Python by the name that is imported: `pypi:psycopg2`,
   * `py:sqlite3` for what comes with it, `py:` for what needs no import; a class is called without `new` there.
   */
  readonly package: string;
  /** Packages with the same exports: `npm:mysql2/promise`. */
  readonly also?: readonly string[];
  /** Modules with one export each as their default, with `{export}` where its name stands: `npm:lodash/{export}`. */
  readonly parts?: Names;
  /** The documentation that the rows were read from. */
  readonly source: string;
  readonly dialect?: Dialect;
  readonly placeholder?: PlaceholderStyle;
  /** Marks behind a placeholder's name that have its value put into the text as it is: `:raw` in `$1:raw`. */
  readonly pastes?: readonly string[];
  /** The database runs inside the program, without a network in between: a statement costs no round trip. */
  readonly inProcess?: boolean;
  /** A call comes back when the server has answered, and raises what it says: nothing is waited for, or handed a function. */
  readonly blocks?: boolean;
  /** `Repository: { extends: 'Base' }`; a type that no row makes is known by annotation only. */
  readonly types?: Readonly<Record<string, TypeRow>>;
  /** What calls, constructors and properties give. */
  readonly gives?: readonly GivesRow[];
  /**
   * Queries that get no callback give a promise of their result. `eager`: the statement is on its way by then; `lazy`: it
   * goes out when the promise is first waited for, and never if it is not.
   */
  readonly promises?: 'eager' | 'lazy';
  /**
   * Types of errors that say of any query that it has failed. Those that say one thing of one statement are left out: that a
   * row is there already, or is not there.
   */
  readonly failures?: readonly string[];
  /** Calling one of this type with a table's name begins a statement, and nothing else is written so: `db('orders')`. */
  readonly byTable?: string;
  /** How a statement begins, by two calls that nothing else makes one after the other: `select(…).from(…)`. */
  readonly beginnings?: readonly BeginningRow[];
  /** What programs call the client, by a name that is the library's own: `context.prisma`. */
  readonly clientNames?: readonly string[];
  /** Calls that send a statement. */
  readonly queries?: readonly QueryRow[];
  /** Raw SQL fragments: text that becomes part of a statement without being one. */
  readonly fragments?: readonly FragmentRow[];
  /** What makes a value harmless in text. */
  readonly escapes?: readonly EscapeRow[];
  /** Calls that are true only of texts that can do no harm. */
  readonly checks?: readonly CheckRow[];
  /** Higher-order calls: which argument is called, how often, with what. */
  readonly callbacks?: readonly CallbackRow[];
  /** Calls that build text from their receiver or arguments. */
  readonly texts?: readonly TextRow[];
  /** Data from outside. */
  readonly inputs?: readonly InputRow[];
  readonly routes?: readonly RouteRow[];
  /** Parameters that a decorator fills. */
  readonly decorated?: readonly DecoratedRow[];
  /** Functions that handle requests, told by how they are written. */
  readonly handlers?: readonly HandlerRow[];
  /** What begins, ends and encloses transactions, where SQL text does not say it. */
  readonly transactions?: readonly TransactionRow[];
  /** How statements that are run on one object become one transaction. */
  readonly wraps?: readonly WrapRow[];
  /** Calls that take something which has to be given back. */
  readonly acquires?: readonly AcquireRow[];
  /** What makes a pool of connections, a connection, or a client that has some. */
  readonly connections?: readonly ConnectionRow[];
  /** Calls that reach out of the process and send no statement. */
  readonly external?: readonly ExternalRow[];
  /** Calls that gather many per-item requests into one statement: the callback gets a list of keys. */
  readonly batches?: readonly BatchRow[];
  /** Functions that run once for every object of a type in a result: GraphQL's field resolvers. */
  readonly resolvers?: readonly ResolverRow[];
  /** Decorators of fields that hold a promise of related records, which are loaded when it is awaited. */
  readonly lazyRelations?: Names;
  /** Calls that declare, as the value of a class' field, which other records belong to each of its own. */
  readonly relations?: readonly RelationRow[];
  /** What stands for a table: classes, and calls that are handed the columns. */
  readonly models?: readonly ModelRow[];
  /** Calls after which relations come with the records: those that their arguments name, all where there are none. */
  readonly loads?: Names;
  /** Calls that load relations of records that are there already: those that their later arguments name. */
  readonly fills?: Names;
  /** Classes whose instances write records out, field by field. */
  readonly serializers?: readonly SerializerRow[];
  /** Classes of handlers that answer with all records of a set. */
  readonly listings?: readonly ListingRow[];
  /** How a filter's entry says "one of these", with `…` for the list: `{ in: … }`; a function in it is an export, `In(…)`. */
  readonly oneOfThese?: string;
  /** How it says "one of these conditions", with `…` for a list of records of them. */
  readonly anyOf?: string;
  /** How calls are written for all items of a list at once, for sketches. */
  readonly together?: readonly TogetherRow[];
  /** How comparisons are written for a list, for sketches, where `oneOfThese` and `equalities` do not say it. */
  readonly listForms?: readonly ListFormRow[];
  /** Reads of an ORM by one column that have a form for many values. */
  readonly keyedReads?: readonly KeyedReadRow[];
  /** Comparisons of a builder that have a form for many values. */
  readonly equalities?: readonly EqualityRow[];
  /** What later calls on a statement say of its rows. */
  readonly clauses?: readonly ClauseRow[];
  /** What the arguments of a builder's calls name; a statement in which other calls have a part is not looked at for that. */
  readonly built?: readonly BuiltRow[];
  /** Calls that begin a statement about a model, by a name that its texts put before the model's members. */
  readonly aliases?: readonly AliasRow[];
  /** Arguments that must be kept secret. */
  readonly secrets?: readonly SecretRow[];
  /** Objects handed over as conditions, updates and pipelines are read for operators, named with this first: `{ $gt: 1 }`. */
  readonly operators?: '$';
  /** Calls whose arguments are operators, each on what the one before makes of what the receiver emits. */
  readonly pipes?: Names;
  /** A container that makes services out of what is registered in it, and hands them to each other by name. */
  readonly registry?: RegistryColumn;
  /** Calls of a type whose meaning holds for any receiver, because the structure alone tells it: `Array.map`. */
  readonly anyReceiver?: readonly string[];
  /** Calls that do not come back: they throw, or end the process. */
  readonly raises?: readonly string[];
  /** Looked at, and neither queries, nor connections, nor input. */
  readonly neutral?: readonly string[];
}

/** How a container of services is filled, and what it calls with them. */
export interface RegistryColumn {
  /** Calls whose first argument is registered: a class of which it makes an instance, a function that it calls for the service, the service, another name. */
  readonly classes?: Names;
  readonly functions?: Names;
  readonly values?: Names;
  readonly names?: Names;
  /** Calls that register what files hold, each by the name of its file: the files stand in the first argument as patterns. */
  readonly loads?: Names;
  /** Calls, beside those that make a registration, whose first argument, a class or function, is made or called with services. */
  readonly injects?: Names;
  /** The type of the record of all of them. */
  readonly all?: string;
  /** Records that register a service under a token, in whichever list they stand. */
  readonly records?: RegistryRecords;
}

/** Keys of a record that registers a service: of its token, and of what it is made from. */
export interface RegistryRecords {
  readonly token: string;
  readonly class: string;
  readonly function: string;
  readonly value: string;
  readonly alias: string;
}

/** One name, or several that mean the same. */
export type Names = string | readonly string[];

export interface TypeRow {
  readonly extends?: string;
  /** Known by its name in an annotation, without an import: `Request`. */
  readonly annotated?: boolean;
  /** Statements of one instance may go out on different connections. */
  readonly pooled?: boolean;
  /** What is run on an instance is run in a transaction, which whoever handed it over has opened or can open. */
  readonly transaction?: boolean;
  /**
   * Instances stand for one statement. `awaited`: it goes out when they are awaited, returned or given a `then`, or at a
   * call that says so; `called`: with the call of a `queries` row that made them, or with one on them: `query.execute()`;
   * `iterated`: with such a call, and when its rows are walked or made a list.
   */
  readonly executes?: 'awaited' | 'called' | 'iterated';
  /** What waiting for an instance gives: a type, or `list of` one. */
  readonly resolves?: string;
  /** Instances are sets of records: those of the class that an instance is read from, or of what it is made from. */
  readonly holds?: boolean;
}

/** Exactly one of `call`, `construct`, `decorator`, `extends` and `member`: a static member by which a class is told. */
export interface ModelRow {
  readonly call?: Names;
  readonly construct?: Names;
  readonly decorator?: Names;
  readonly extends?: Names;
  readonly member?: string;
  /** Counts on an untraced receiver where the manifest has the package, when it is handed a record of columns. */
  readonly distinctive?: boolean;
  /** Argument with the table's name; or with the model's, after which the table is called. */
  readonly table?: number;
  readonly model?: number;
  /** Argument with options; a static member of the class, or of a class inside it, names the table otherwise: `Meta.db_table`. */
  readonly options?: number;
  readonly tableNames?: Names;
  /** Where nothing names the table, the name of the folder comes before the model's: `shop_order`. */
  readonly inFolder?: boolean;
  /** Argument with the columns by their names, or with a function that gives them; from it on, one column each where `listed`. */
  readonly columns?: number;
  readonly listed?: boolean;
  /** The columns stand in this entry of that argument, or of a class in this static member: `jsonSchema.properties`. */
  readonly columnsIn?: string;
  /** Decorators of fields, and calls that fields hold, that make columns. */
  readonly marks?: Names;
  /** Those of them whose column is called after the key of another table: `author_id`. */
  readonly references?: Names;
  /** Types that a field has by annotation: `Mapped`. */
  readonly typed?: Names;
  /** Every field that is annotated is a column. */
  readonly every?: boolean;
  /** Argument of a mark with the column's name, and options of a column that name it. */
  readonly columnName?: number;
  readonly columnNames?: Names;
  /** Options of a column that list the only values that it takes, `enum`, and calls in it whose arguments are those: `ENUM`. */
  readonly values?: Names;
  readonly valuesOf?: Names;
  /** What is named in a member that no table has: `VIRTUAL`. */
  readonly leftOut?: Names;
  /** Statements do not name the columns because they are declared. */
  readonly hints?: boolean;
}

/** A relation as a field of a class declares it: `author = ForeignKey(Author)`. */
export interface RelationRow {
  readonly call: Names;
  /** The argument with the other class, or its name; the keyword that may hold it, too. */
  readonly to?: number;
  readonly toName?: string;
  readonly gives: 'one' | 'many' | 'either';
  /** What has it loaded with the records, with the relation's name for `…`: `.select_related("…")`; `{class}` is what has it. */
  readonly loadedBy?: string;
  /** The keyword that is false where there is one record: `uselist`. */
  readonly oneWhere?: string;
  /** Reading it gives this type, whose calls ask for the records; without one, reading it asks. */
  readonly as?: string;
  /** The type that it gives where the records may have come already. */
  readonly loadedAs?: string;
  /** The keyword that says when they are loaded, and its values for "with the record, or never" and for "as `as` does". */
  readonly option?: string;
  readonly eager?: Names;
  readonly asked?: Names;
  readonly reverse?: ReverseColumn;
}

/** What the other class has of a relation. */
export interface ReverseColumn {
  /** Keywords with its name there. */
  readonly names: Names;
  /** Its name where none is given, with the class' in lower case: `{class}_set`. */
  readonly otherwise?: string;
  /** As of the relation. */
  readonly loadedBy?: string;
  /** Where the other class has it without saying so. */
  readonly gives?: RelationRow['gives'];
  readonly as?: string;
  readonly loadedAs?: string;
}

/** What a class that extends one of these writes for a record: its own fields, and those that it names of the record's class. */
export interface SerializerRow {
  readonly extends: Names;
  /** The keyword that says that it is made for a list of records, which are its first argument or stand in `records`. */
  readonly many: string;
  readonly records: string;
  readonly fields: readonly WrittenFieldRow[];
  /** The keyword with what a field is read from, with dots, where that is not its name; and the one of a field that is not written. */
  readonly source: string;
  readonly unwritten: string;
  /** The class inside it, and what that says: the names of further fields, and how deep their records are written. */
  readonly options: string;
  readonly names: string;
  readonly without: string;
  readonly depth: string;
  /** The method that writes a record as a whole. */
  readonly method: string;
}

/** A field of a serializer: `value` where no row says otherwise. */
export interface WrittenFieldRow {
  readonly call: Names;
  /** `key`: of the one record at the other end, nothing but the key that stands here; `method`: what a method gives; `nothing`. */
  readonly writes: 'key' | 'method' | 'nothing';
  /** Of `method`: the keyword with its name, and what its name begins with otherwise. */
  readonly named?: string;
  readonly prefix?: string;
  /** Of `key`: the keyword that names another field of the other record than its key, which has to be read then; and the key's. */
  readonly by?: string;
  readonly key?: string;
}

/** Where each of a pair is a field and a method that gives the same. */
export interface ListingRow {
  readonly extends: Names;
  readonly records: readonly [field: string, method: string];
  readonly serializer: readonly [field: string, method: string];
  /** The method that makes the serializer: `self.get_serializer(page, many=True)`. */
  readonly makes: string;
  /** The classes among them that answer with all records, and the methods by which they do that. */
  readonly lists: Names;
  readonly by: Names;
}

/** Exactly one of `call`, `construct`, `property`. */
export interface GivesRow {
  readonly call?: Names;
  readonly construct?: Names;
  /** `PrismaClient.*` for any property that no other row names. */
  readonly property?: Names;
  readonly arity?: readonly [min: number, max: number];
  /** The argument whose records, or class, an instance of a type that `holds` records has; the receiver's without it. */
  readonly holds?: number;
  /**
   * A type of this package, `export X` for one of its exports itself, `receiver`, `argument 0`, `instance of argument 0` (which is a class), `items of receiver`,
   * `regex of argument 0` (a text that is compiled), `items of argument 0`, `keys of argument 0`, `pairs of argument 0` (a number and an item each), `items of arguments` (an item of each),
   * `Observable from argument 0` (of the items of a list, of what a promise gives), `Observable with arguments`; of operators `piped`, `piped as one` (a list
   * of all), `piped in batches`, `piped until found`, `piped flat` (of what is in what is emitted); `emitted by receiver` or `emitted by argument 0`;
   * `receiver with input argument 0` (the receiver, whose `input` is what that schema lets through), `receiver with ctx type 0` (is of that type
   * argument), `Options beside receiver` (with what was said of the receiver so), `as said` (a property of which that was said);
   * `offered argument 0` (what a container holds by that name), `offered by name` (by that of the property),
   * `record of receiver`, `record of argument 0` (of those that it holds, or of the class that it is), `records of` the same,
   * `list of` a type or `number`, `number`, `boolean`, `date`, `text` with a constant, or `input` with a label. A type of validators' schemas with `of` and what it lets
   * through: `any`, `number`, `boolean`, `literal` (texts that end no literal), `arguments` (one of them), `argument 0` (the schemas or
   * texts in it), `values of argument 0` (one of an enumeration's or a list's), `list of argument 0`, `pattern 0` (what matches that regular expression), `field 0 in query` (whatever is in the field
   * of this name), `fields of argument 0` (each field what the checks say that are named for it); `receiver of` the same for a schema of a field; and `checked argument 0`, or `checked argument 0 in value`, for what
   * comes through a schema.
   */
  readonly gives: string;
}

export interface BeginningRow {
  readonly call: string;
  readonly then: string;
  /** Which of the two gets the table. */
  readonly table: 'call' | 'then';
}

export interface QueryRow {
  /** With `self`, `Model.get*` for the methods that relations add to a record. */
  readonly call: Names;
  readonly arity?: readonly [min: number, max: number];
  /** When the statement goes out: at the call, or when what it builds does. */
  readonly executes?: 'called' | 'awaited';
  /** Argument with the SQL text; or a tagged template that binds its holes, or takes what such a tag has made. */
  readonly sql?: number | 'template';
  /** Written as a tag it binds its holes, and called it takes a text: `` sql.query`…` `` beside `sql.query('…')`. */
  readonly tag?: boolean;
  /** The SQL text may also be in this property of that argument: `{ text, values }`. */
  readonly sqlProperty?: string;
  /** Argument with the bound values. */
  readonly values?: number;
  /** The bound values may also be in this property of the SQL argument, beside `sqlProperty`. */
  readonly valuesProperty?: string;
  /** The `values` argument is an object of options, and the bound values stand in this one: `replacements`. */
  readonly valuesOption?: string;
  /** A value that is a list is written out by the client: `IN (?)`. */
  readonly writesLists?: boolean;
  /** Every argument from `values` on is one bound value. */
  readonly valuesRest?: boolean;
  /** Where this call differs from its library. */
  readonly placeholder?: PlaceholderStyle;
  /**
   * What names the table or model: an argument, the receiver itself (`Order.findOne`), or the property that the receiver
   * was read from (`prisma.order.findMany`), or what that property belongs to (`Order.objects.get`).
   */
  readonly relation?: number | 'receiver' | 'property' | 'owner';
  /** The receiver is the record that is read or written: `order.save()`. */
  readonly self?: boolean;
  /** It asks for nothing where the records came with the one that it is called on a member of: `author.books.loadItems()`. */
  readonly unlessLoaded?: boolean;
  readonly operation?: 'read' | 'write';
  readonly returns?: 'one' | 'many' | 'count' | 'nothing';
  /** Takes many items in one statement: `createMany`, `insertMany`. */
  readonly batched?: boolean;
  /** The method that does the same for a list of items in one statement; the same one where it takes either. */
  readonly batchedBy?: string;
  /** Equal calls made in the same tick are gathered into one statement by the library itself. */
  readonly gathered?: boolean;
  /**
   * Distinctive enough to count on an untraced receiver where the manifest has the package: on any, on one that is
   * written like a model, `User.findOne()`, or on a member of what is called as the client is, `context.prisma.user`.
   */
  readonly distinctive?: boolean | 'on a model' | 'on its client';
  /** Argument that says which rows, as an object of conditions. */
  readonly filter?: number;
  /** The conditions stand in this property of that argument: `{ where: { id } }`. */
  readonly filterProperty?: string;
  /** Argument that says what is written, as an object that may hold operators. */
  readonly update?: number;
  /** Argument with the stages of an aggregation. */
  readonly pipeline?: number;
  /** Arguments with code that the server runs. */
  readonly code?: readonly number[];
  /** Changes each row that its conditions leave: without any, the whole table. */
  readonly changes?: 'update' | 'delete';
  /** The library refuses the call where there are no conditions at all; empty ones it takes. */
  readonly needsFilter?: boolean;
  /** Argument with the options that bound how many rows come back, and their names: `take`. */
  readonly limit?: number;
  readonly limitProperty?: Names;
}

/** Exactly one of `call` and `construct`. */
export interface SecretRow {
  readonly call?: Names;
  readonly construct?: Names;
  readonly argument: number;
  /** The secret stands in this property of the argument, or deeper: `auth.pass`. */
  readonly property?: Names;
  /** Where the secret opens a server: the property that names its host. */
  readonly host?: string;
  /** `password`: opens a server; `key`: whoever knows it can make what only the service should make. */
  readonly is: 'password' | 'key';
  /** What it does, for messages: `signs the tokens`. */
  readonly use: string;
}

/** Calls on a builder, or on what a query gave, that say which rows and how many. */
export interface ClauseRow {
  readonly call: Names;
  readonly arity?: readonly [min: number, max: number];
  /**
   * `filters`: conditions; `limits`: so many rows at most; `aggregates`: counts, sums, groups; `streams`: one row after
   * another; `joins`: rows of another table decide too.
   */
  readonly says: 'filters' | 'limits' | 'aggregates' | 'streams' | 'joins';
  /** Argument that holds conditions as an object. */
  readonly filter?: number;
  /** Argument with code that the server runs. */
  readonly code?: number;
}

export interface BuiltRow {
  readonly call: Names;
  /**
   * `table`; `columns`: texts, and the keys of a record; `outputs`: columns that become those of the rows, `coupon as code` and
   * `{ code: 'coupon' }`; `computed`: the same for what is computed of columns; `order`: columns or outputs; `joined`: another
   * table, and columns of both; `selection`: a select list of PostgREST, `id, code:coupon, customers(name)`; `nothing`.
   */
  readonly names: 'table' | 'columns' | 'outputs' | 'computed' | 'order' | 'joined' | 'selection' | 'nothing';
  /** Only in the first argument. */
  readonly first?: boolean;
  /** Of `table`: the server answers to more names than the schema has, such as functions of a row. */
  readonly hasOthers?: true;
  /** Options behind the first argument by which the call is about another table: `{ referencedTable: 'orders' }`. */
  readonly elsewhere?: Names;
}

/** `orders.createQueryBuilder('o')`, `from(Order, 'o')`. */
export interface AliasRow {
  readonly call: Names;
  /** The model: what the receiver holds records of, or a class that an argument is. */
  readonly model: number | 'receiver';
  readonly alias: number;
}

export interface FragmentRow {
  /** `new Cursor` for a constructor. */
  readonly call: Names;
  readonly sql: number;
  /** Keywords that hold fragments instead, in lists and as values of records too: `where=["…"]`. */
  readonly named?: Names;
  readonly values?: number;
  /** What the call gives takes the values: each call on it, as its arguments. */
  readonly valuesLater?: boolean;
  readonly placeholder?: PlaceholderStyle;
  /** As for queries. */
  readonly distinctive?: boolean;
}

export interface EscapeRow {
  readonly call: Names;
  readonly makes: 'identifier' | 'literal' | 'number' | 'boolean' | 'bound';
  /** Only where the first argument is one of these texts: `digest('hex')`. */
  readonly where?: Names;
}

/** Exactly one of `makes` and `pattern`. */
export interface CheckRow {
  readonly call: Names;
  /** What is checked: an argument's index, or the receiver. */
  readonly checks: number | 'receiver';
  /** Where it is true, the value is as harmless as one that went through such a call. */
  readonly makes?: Exclude<EscapeRow['makes'], 'bound'>;
  /** The regular expression that the value then matches: an argument's index, or the receiver. */
  readonly pattern?: number | 'receiver';
  /** Of `pattern`: the call itself wants it at the beginning of the text, or from its beginning to its end. */
  readonly anchored?: 'start' | 'both';
  /** Of `pattern`: what the call gives holds the parts of the text that match. */
  readonly groups?: boolean;
}

export interface CallbackRow {
  /** `new DataLoader` for a constructor. */
  readonly call: Names;
  readonly argument: number | 'rest';
  /** First argument that counts for `rest`. */
  readonly from?: number;
  /** What the callback's parameters are, by index, in the words of `gives`; `''` for unknown, or the item of `repeats`. */
  readonly receives?: readonly string[];
  readonly repeats?: RepeatsColumn;
  /**
   * The call's own result is a list of what the callback returns, or is what it returns, or what it yields where it does; or
   * the stream of what it returns, or of what is in the streams, lists and promises that it returns.
   */
  readonly result?: 'list' | 'value' | 'yielded' | 'emitted' | 'flattened';
  /**
   * Its first parameter is the error. `only`: it is called when there is one, and the receiver's failure ends with it
   * (`promise.catch`); `first`: it is called in any case, the result behind the error (`query(sql, (error, rows) => …)`).
   */
  readonly error?: 'only' | 'first';
  /**
   * When it is called, where not at once: when the promise that is the receiver is kept, when it is kept or broken, or later,
   * after all that stands behind the call.
   */
  readonly runs?: 'kept' | 'either' | 'later';
}

/**
 * Called once for every item of the receiver or of an argument, or for all that the receiver emits, or the stream that the
 * call is an operator of; `item` is the callback's parameter that gets it.
 */
export interface RepeatsColumn {
  readonly over: 'receiver' | 'emitted' | 'piped' | number;
  readonly item: number;
  readonly stopsAtFirstHit?: boolean;
}

export interface TextRow {
  readonly call: Names;
  readonly builds:
    | 'concat'
    | 'join'
    | 'keep'
    | 'keep-argument'
    | 'printf'
    | 'format'
    | 'replace'
    | 'replace-all'
    | 'repeat'
    | 'string';
  /**
   * The argument that is kept, or that holds the format; the first when absent. Of what replaces, the one in which: the receiver
   * when absent, which else is the regular expression that is looked for.
   */
  readonly argument?: number;
  /** Conversions of the format that make their value harmless, by their letter: `{ I: 'identifier' }`. */
  readonly escapes?: Readonly<Record<string, EscapeRow['makes']>>;
}

/** Exactly one of `property`, `call`, `decorator` and `handler`. */
export interface InputRow {
  /** `Request.query`: reading it gives data that a client chose. */
  readonly property?: Names;
  readonly call?: Names;
  /** Of a parameter: `@Query() filter`. */
  readonly decorator?: Names;
  /** A decorator of functions whose parameters hold it: `@app.get("/orders/{id}")`. */
  readonly handler?: Names;
  /** `the query string`, for messages. */
  readonly label: string;
}

/**
 * A function that is handed a request. All that a row names must fit: the type that it is declared with
 * (`const handler: RequestHandler = …`), what it is exported as, where its file lies, its own name, its parameters' names.
 */
export interface HandlerRow {
  readonly type?: Names;
  /** What it is exported as: `GET`, `default`. */
  readonly exported?: Names;
  /** Its file's name without the ending: `route`. */
  readonly file?: Names;
  /** A folder that its file lies in: `pages/api`. */
  readonly folder?: Names;
  /** The end of its name with those of the objects around it, `*` for any: `Query.*` in `{ Query: { user: … } }`. */
  readonly named?: Names;
  /** What its parameters are called, by index; `''` for anything. At least one must stand there by name. */
  readonly parameters?: readonly Names[];
  /** Types of its parameters; another package's by full name; `''` for unknown. */
  readonly receives: readonly string[];
}

/** What a decorator hands to its parameter where that is no data but holds some: `@Req() request`. */
export interface DecoratedRow {
  readonly decorator: Names;
  readonly gives: string;
}

export interface RouteRow {
  /** `Router.get`. */
  readonly call: Names;
  readonly arity?: readonly [min: number, max: number];
  readonly method?: string;
  /** Argument with the path; absent where an earlier call of the chain has it. */
  readonly path?: number;
  /** Options beside the handler that describe what it takes, `schema.body`: the last name says which part of the request. */
  readonly schemas?: Names;
  /** Without a path it comes before all routes that are registered after it. */
  readonly everyRoute?: boolean;
  /** Index of the first handler; all later function arguments are handlers too. */
  readonly handlers: number;
  /** Types of the handler's parameters; another package's by full name, `npm:koa#Context`. */
  readonly receives: readonly string[];
}

/** Exactly one of `call`, `option` and `decorator`. */
export interface TransactionRow {
  readonly call?: Names;
  readonly arity?: readonly [min: number, max: number];
  /** An entry of the options of any query of this library: `{ transaction: t }`. */
  readonly option?: Names;
  /** Of a function or method, by its name alone: `@Transactional()`. */
  readonly decorator?: Names;
  /**
   * `enclose`: what the functions and lists of statements among the arguments do, or the function with the decorator, or the block
   * that is entered with it, is one transaction; `begin`, which counts where the call is handed no function: it leaves a transaction open; `join`: the
   * statement with this call or option is run in the transaction that is named there.
   */
  readonly does: 'begin' | 'commit' | 'rollback' | 'enclose' | 'join';
  /** Where the transaction is open after `begin`: on the receiver, when absent, or on what the call gives. */
  readonly on?: 'receiver' | 'result';
}

/**
 * Exactly one of `call` and `takes`. Of `call` the transaction is begun and ended for the function that is handed over; of
 * `takes` that is written out, with `begin`, `commit` and `rollback` or with these words of SQL through `sends`.
 */
export interface WrapRow {
  /** The type that the statements are run on: `Pool`. */
  readonly on: string;
  /** What is called on it with a function, which gets what the statements are run on instead: `transaction`. */
  readonly call?: string;
  /** The method that takes a connection. */
  readonly takes?: string;
  /** What the parameter or the connection is called. */
  readonly name: string;
  readonly begin?: string;
  readonly commit?: string;
  readonly rollback?: string;
  /** The method that sends a statement. */
  readonly sends?: string;
  readonly releasedBy?: string;
}

/** Exactly one of `call` and `construct`. */
export interface AcquireRow {
  readonly call?: Names;
  readonly construct?: Names;
  readonly arity?: readonly [min: number, max: number];
  /** What is taken, for messages. */
  readonly takes: 'connection' | 'cursor' | 'session' | 'statement';
  /** What has to be given back: what the call gives, when absent, or its receiver, which takes it now: `runner.connect()`. */
  readonly on?: 'receiver';
  /** What gives it back: methods of it, or methods that take it: `PoolClient.release`, `Pool.releaseConnection`. */
  readonly releasedBy: Names;
  /** Where the call is handed a function: which parameter of that is the taken thing, behind the error, 1. */
  readonly parameter?: number;
  /** And which one is a function that gives it back. */
  readonly releaseParameter?: number;
  /** What gives it back gives a promise of that. */
  readonly releaseWaits?: boolean;
  /** It closes itself when nothing holds it any more, which is when the function ends or, after an error, later. */
  readonly collected?: boolean;
  /** Types of arguments that it works on, where it is handed one: it takes nothing of its own then. */
  readonly lentBy?: Names;
  /** Members of it that reach no server: as long as nothing else is done with it, nothing is taken. */
  readonly idle?: Names;
}

/** Exactly one of `call` and `construct`. */
export interface ConnectionRow {
  readonly call?: Names;
  readonly construct?: Names;
  readonly arity?: readonly [min: number, max: number];
  /** A `client` has connections of its own: an ORM's. */
  readonly makes: 'pool' | 'connection' | 'client';
  /** Argument with the options. */
  readonly options?: number | 'last';
  /** How many connections the pool opens at most. */
  readonly max?: LimitColumn;
  /** How long one may be idle before it is closed. */
  readonly idleTimeout?: LimitColumn;
  /** How long one waits for a connection. */
  readonly connectionTimeout?: LimitColumn;
}

export interface LimitColumn {
  /** The option, or its path in the options: `pool.max`; of several the first is the one to use. */
  readonly option: Names;
  /** What counts where it is not set; absent where the library then has no limit. */
  readonly default?: number;
  /** What suits most services. */
  readonly suits: number;
}

export interface ExternalRow {
  readonly call: Names;
  readonly arity?: readonly [min: number, max: number];
  /** What is waited for: another service, a broker, a mail server, a disk. */
  readonly kind: 'http' | 'queue' | 'mail' | 'file';
  /** Of `file`: what is there is changed. */
  readonly writes?: boolean;
}

/** Exactly one of `call`, `construct` and `decorator`. */
export interface ResolverRow {
  /** Of calls and constructors: the functions stand somewhere in the arguments. */
  readonly call?: Names;
  readonly construct?: Names;
  /** Of a method: the method is one. */
  readonly decorator?: Names;
  /** The property of the first argument that names the type; the first argument itself when absent. */
  readonly type?: string;
  /** The entries of the arguments that are such functions: `resolve`. */
  readonly entries?: Names;
  /** The decorator of the parameter that gets the object; the first parameter when absent. */
  readonly parent?: Names;
}

/** Exactly one of `call` and `construct`. */
export interface BatchRow {
  readonly call?: Names;
  readonly construct?: Names;
  /** The argument that is the batch function. */
  readonly callback: number;
}

/**
 * Calls that compare a column with a value: `where({ id })`, `where('id', id)`, `where('id', '=', id)`. One statement for
 * many values gives the same rows as one for each as long as a chain holds nothing but the calls of this row.
 */
export interface EqualityRow {
  readonly call: Names;
  /** The method that compares with a list: `whereIn`. */
  readonly batched: string;
  /** Calls that choose columns, by name. */
  readonly selects: Names;
  /** Calls that take rows away or order them, and neither limit nor group. */
  readonly keeps: Names;
}

/**
 * What a call asks for, or writes, of one record, for many of them; in the words of the table's language.
 *
 * In the texts `{receiver}` is what the call is made on, `{receiver.id}` a member of it and `{receiver 0}` an argument of the call
 * that it is, `{root 0}` one of the call that a chain begins with; `{owner}` what the receiver is a member of; `{method}` its method; `{member}` what a `*` in `call` stands for, or the member that is read;
 * `{model}` what the item is called, as a class, and `{records}` the class of what the receiver holds; `{call}` the call,
 * `{arguments}` all that stands between its parentheses, `{0}` an argument, `{constant}` the text that the first one is, `{0.data}` the entry of one, `{many 0}` one with its
 * comparison made for a list, `{column}` the column that is compared (`{$column}` with that mark) and `{key}` its value. `{all}` is the list of the items,
 * `{each 0}` a list of that for every one, and so is `{each|…|}` of a text that holds some of these.
 */
export interface TogetherRow {
  /** The call; of a relation that is loaded when it is awaited, what decorates it; of a declared one, what declares it. */
  readonly call: Names;
  readonly arity?: readonly [min: number, max: number];
  /** Only where the first argument is no record; where it has this entry. */
  readonly bare?: boolean;
  readonly with?: string;
  /** Only where the receiver is such a call, or belongs to the item: `author.books`. */
  readonly behind?: Names;
  readonly ofItem?: boolean;
  /** The method's name where the calls differ in nothing but the value that one column is compared with. */
  readonly renamed?: string;
  readonly written?: string;
  /**
   * What the query that gave the records gets: a further call, `.withGraphFetched({0})`, or an entry of its options,
   * `include: ['{member}']`, which stand in its argument `options`.
   */
  readonly loadedBy?: string;
  readonly options?: number;
  /** Calls that ask for records and can be given that; any where absent. */
  readonly on?: Names;
  /** What is written where the query that gave the records is not in sight. */
  readonly otherwise?: string;
  /** What reads what came along, where that is something else than the call. */
  readonly reads?: string;
  /** The column by which the answers of `written` are told apart, where the call compares none. */
  readonly column?: string;
}

/** A comparison of a column with a value, and what it is for a list: `{column}`, and `{each}` for the list. */
export interface ListFormRow {
  /** `==`: of the operator; `keyword`: a keyword argument; `entry`: of a record; `call`: of the calls named. */
  readonly of: '==' | 'keyword' | 'entry' | 'call';
  readonly call?: Names;
  /** What stands between column and value in the call: `'='`. */
  readonly operator?: string;
  readonly written: string;
}

/**
 * A call that reads by the value of one column, or can: `findUnique({ where: { id } })`. Read for a list of values, it gives
 * all that the calls for each would give.
 */
export interface KeyedReadRow {
  readonly call: Names;
  /** The method that reads for a list; the same one when absent. */
  readonly batched?: string;
  /** The method that makes a list of what that gives: `toArray`. */
  readonly listedBy?: string;
  /** The first argument that counts, where a table comes before it: `manager.findOneBy(Order, { id })`. */
  readonly argument?: number;
  /** The conditions stand in this property of the first argument; they are the argument itself when absent. */
  readonly property?: string;
  /** The first argument is the value of this column, and options may stand in the second: `findByPk(id)`. */
  readonly column?: string;
  readonly gives: 'one' | 'many';
  /** Of `one`: what is given where there is none. */
  readonly missing?: 'null' | 'undefined';
  /** No two records can have the same value in what is compared. */
  readonly unique?: boolean;
  /** Options beside the conditions, and calls on what the call gives (with a dot), that leave the rows and their keys as they are. */
  readonly keeps?: Names;
  /** The option that chooses columns, by name: `select`. */
  readonly selects?: string;
  /** The conditions are calls, each of a column and a value, rather than a record: `eq(lines.orderId, id)`. */
  readonly comparedBy?: ComparisonCalls;
  /** The call of the chain whose argument names the columns by what they are called in a row: `select({ id: lines.id })`. */
  readonly selectedBy?: Names;
  /** The call of the chain that lets a number of rows through: one of them is all where no two have the same key. */
  readonly limitedBy?: Names;
}

/** Functions that make conditions, by the names under which their package exports them. */
export interface ComparisonCalls {
  /** Compares with one value: `eq`. */
  readonly one: string;
  /** Compares with a list: `inArray`. */
  readonly list: string;
  /** All of its arguments must hold: `and`. */
  readonly all: string;
}
