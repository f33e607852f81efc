/** What Knex's table builder sends to PostgreSQL: the callback of `createTable` and `alterTable`. */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { interpolated } from './knexRaw';
import { entryOf, flag, literal, literalOf, namesOf, qualified, quoted } from './quoting';
import { argument, NotTranslated, textArgument, type Write } from './translation';

interface TableContext {
  readonly mode: 'create' | 'alter';
  readonly schema?: string;
  readonly ifNotExists?: boolean;
  readonly write: Write;
}

/** What is written for one table, in Knex's order. */
interface Parts {
  readonly columns: { readonly sql: string; readonly step: ChainStep }[];
  /** Constraints inside CREATE TABLE. */
  readonly constraints: string[];
  /** Columns that are altered. */
  readonly altered: { readonly sql: string; readonly step: ChainStep; readonly repeatsType?: boolean }[];
  /** Statements after the table's own and the alterations. */
  readonly after: { readonly sql: string; readonly step: ChainStep }[];
}

/** What Knex is asked before it acts. */
export const KNEX_ASKS: Asks = {
  table: new Set(['hasTable']),
  column: new Set(['hasColumn']),
  columns: new Set(['columnInfo']),
};

/** Writes the statements of a table's callback. @throws NotTranslated */
export function knexTable(step: ChainStep, context: TableContext): void {
  const name = textArgument(step, 0);
  const table = new Table(name, context);
  const guarded = new Map<Chain['conditions'], Table>();
  for (const entry of step.inner) {
    if (entry.kind === 'unfollowed') throw new NotTranslated(entry.what);
    if (entry.kind !== 'chain' || entry.steps.every(({ name: called }) => LOOKS.has(called))) continue;
    if (entry.conditions.length === 0) {
      table.add(entry);
      continue;
    }
    if (context.mode === 'create') throw new NotTranslated('a column that is there only under a condition');
    const under =
      guarded.get(entry.conditions) ??
      new Table(name, { ...context, write: guardedWrite(entry, KNEX_ASKS, context.write) });
    guarded.set(entry.conditions, under);
    under.add(entry);
  }
  if (guarded.size === 0 || !table.isEmpty) table.writeTo(step);
  for (const each of guarded.values()) each.writeTo(step);
}

/** Of what a callback asks in between. */
const LOOKS = new Set(['schema', 'hasTable', 'hasColumn']);

class Table {
  private readonly sqlName: string;
  private readonly parts: Parts = { columns: [], constraints: [], altered: [], after: [] };

  constructor(
    private readonly name: string,
    private readonly context: TableContext,
  ) {
    this.sqlName =
      context.schema === undefined || name.includes('.')
        ? qualified(name)
        : `${quoted(context.schema)}.${qualified(name)}`;
  }

  get isEmpty(): boolean {
    return Object.values(this.parts).every(part => part.length === 0);
  }

  writeTo(step: ChainStep): void {
    const { columns, constraints, altered, after } = this.parts;
    const { mode, write, ifNotExists } = this.context;
    if (mode === 'create') {
      // a table with a primary key of its own takes none from `increments`
      const keyed = constraints.some(sql => /^CONSTRAINT \S+ PRIMARY KEY/.test(sql));
      const own = columns.map(({ sql }) => (keyed ? sql.replace(/ (big)?serial PRIMARY KEY/, ' $1serial') : sql));
      const body = [...own, ...constraints].join(', ');
      write(`CREATE TABLE ${ifNotExists ? 'IF NOT EXISTS ' : ''}${this.sqlName} (${body})`, step);
    } else if (columns.length > 0) {
      const [first] = columns;
      write(
        `ALTER TABLE ${this.sqlName} ${columns.map(({ sql }) => `ADD COLUMN ${sql}`).join(', ')}`,
        first?.step ?? step,
      );
    }
    for (const { sql, step: at, repeatsType } of altered) write(sql, at, [], repeatsType ? { repeatsType } : {});
    for (const { sql, step: at } of after) write(sql, at);
  }

  /** One chain on the table's builder: a column with what is said of it, or a call on the table. */
  add(chain: Chain): void {
    const [first, ...rest] = chain.steps.filter(step => step.arguments !== undefined);
    if (!first) return;
    if (this.tableCall(first, rest)) return;
    const type = this.columnType(first);
    if (type === undefined) throw new NotTranslated(`\`${first.name}\` of a table`);
    this.column(first, type, rest);
  }

  // ——— columns ———

  private column(first: ChainStep, type: string, modifiers: readonly ChainStep[]): void {
    const serial = /^(?:big)?serial$/.test(type);
    const column = first.arguments?.[0] && !isOptions(argument(first, 0)) ? textArgument(first, 0) : 'id';
    const calls = new Map(modifiers.map(step => [step.name, step]));
    if (calls.has('alter')) {
      this.alterColumn(first, column, type, calls);
      return;
    }
    const options = [argument(first, 0), argument(first, 1)].find(isOptions);
    const primary = serial && !(entryOf(options, 'primaryKey') && !flag(entryOf(options, 'primaryKey')));
    const notNull = isNotNull(calls);
    const fallback = calls.get('defaultTo') ?? calls.get('default');
    const value = fallback && this.defaultOf(argument(fallback, 0));
    const sql = [
      quoted(column),
      type,
      primary ? 'PRIMARY KEY' : undefined,
      notNull ? 'NOT NULL' : undefined,
      value === undefined ? undefined : `DEFAULT ${value}`,
      calls.has('checkPositive') ? `CHECK (${quoted(column)} > 0)` : undefined,
    ];
    this.parts.columns.push({ sql: sql.filter(part => part !== undefined).join(' '), step: first });
    for (const step of modifiers) this.modifier(step, column, modifiers);
  }

  private modifier(step: ChainStep, column: string, all: readonly ChainStep[]): void {
    switch (step.name) {
      case 'primary':
        this.constraint(
          `CONSTRAINT ${quoted(this.constraintName(step, 0, `${this.baseName()}_pkey`))} PRIMARY KEY (${quoted(column)})`,
          step,
        );
        return;
      case 'unique':
        this.unique([column], argument(step, 0), step);
        return;
      case 'index':
        this.index([column], argument(step, 0), undefined, step);
        return;
      case 'references':
        this.foreignKey([column], step, all);
        return;
      case 'comment':
        this.after(`COMMENT ON COLUMN ${this.sqlName}.${quoted(column)} IS ${literal(textArgument(step, 0))}`, step);
        return;
      case 'checkIn':
      case 'checkNotIn':
      case 'checkRegex':
      case 'checkBetween':
      case 'checkLength':
      case 'checkNegative':
      case 'collate':
        throw new NotTranslated(`\`${step.name}\` of a column`);
      default:
        return;
    }
  }

  private alterColumn(first: ChainStep, column: string, type: string, calls: ReadonlyMap<string, ChainStep>): void {
    const options = argument(calls.get('alter') ?? first, 0);
    const on = (part: string): boolean => {
      const value = entryOf(options, part);
      return !(value?.kind === 'constant' && value.value === false);
    };
    const alter = `ALTER TABLE ${this.sqlName} ALTER COLUMN ${quoted(column)}`;
    const fallback = calls.get('defaultTo') ?? calls.get('default');
    const add = (sql: string, step: ChainStep): void => {
      this.parts.altered.push({ sql, step });
    };
    const repeatsType = ['nullable', 'notNullable', 'notNull', 'defaultTo', 'default'].some(name => calls.has(name));
    add(`${alter} DROP DEFAULT`, first);
    if (on('alterNullable'))
      this.parts.altered.push({
        sql: `${alter} DROP NOT NULL`,
        step: first,
        // Knex says it whatever is altered
        ...(calls.has('nullable') ? {} : { repeatsType: true }),
      });
    if (on('alterType'))
      this.parts.altered.push({
        sql: `${alter} TYPE ${type} USING (${quoted(column)}::${type})`,
        step: first,
        ...(repeatsType ? { repeatsType } : {}),
      });
    if (fallback) add(`${alter} SET DEFAULT ${this.defaultOf(argument(fallback, 0))}`, first);
    if (on('alterNullable') && isNotNull(calls)) add(`${alter} SET NOT NULL`, first);
    // keys and indexes are made anew, beside those that are there
    for (const step of calls.values()) if (KEYS.has(step.name)) this.modifier(step, column, [...calls.values()]);
  }

  /** @throws NotTranslated */
  private defaultOf(value: Value | undefined): string {
    if (value?.kind === 'chain') {
      const last = value.steps[value.steps.length - 1];
      if (last?.name === 'raw') return interpolated(last);
      // `knex.fn.now()`, `knex.fn.uuid()`
      if (last?.name === 'now')
        return last.arguments?.length ? `CURRENT_TIMESTAMP(${literalOf(argument(last, 0))})` : 'CURRENT_TIMESTAMP';
      if (last?.name === 'uuid') return 'gen_random_uuid()';
    }
    if (value?.kind === 'constant' && typeof value.value !== 'boolean' && value.value !== null)
      return `'${value.value}'`;
    if (value?.kind === 'constant' && typeof value.value === 'boolean') return `'${value.value ? 1 : 0}'`;
    if (value?.kind === 'record' || value?.kind === 'list') {
      const json = jsonOf(value);
      if (json !== undefined) return literal(JSON.stringify(json));
    }
    const written = literalOf(value);
    if (written === undefined) throw new NotTranslated('a default that is not constant');
    return written;
  }

  /** The type of a column's call; undefined when it is none. */
  private columnType(step: ChainStep): string | undefined {
    const first = argument(step, 1);
    const second = argument(step, 2);
    switch (step.name) {
      case 'increments':
        return 'serial';
      case 'bigIncrements':
        return 'bigserial';
      case 'smallint':
      case 'tinyint':
        return 'smallint';
      case 'mediumint':
      case 'int':
      case 'integer':
        return 'integer';
      case 'bigint':
      case 'bigInteger':
        return 'bigint';
      case 'text':
        return 'text';
      case 'string':
        return `varchar(${first ? (literalOf(first) ?? notConstant(step)) : 255})`;
      case 'float':
        return 'real';
      case 'double':
        return 'double precision';
      case 'decimal':
        if (first?.kind === 'constant' && first.value === null) return 'decimal';
        return `decimal(${first ? (literalOf(first) ?? notConstant(step)) : 8}, ${second ? (literalOf(second) ?? notConstant(step)) : 2})`;
      case 'boolean':
        return 'boolean';
      case 'date':
        return 'date';
      case 'datetime':
      case 'dateTime':
      case 'timestamp': {
        const withoutZone =
          flag(first) || (isOptions(first) && entryOf(first, 'useTz') !== undefined && !flag(entryOf(first, 'useTz')));
        const precision = isOptions(first) ? entryOf(first, 'precision') : second;
        return `${withoutZone ? 'timestamp' : 'timestamptz'}${precision ? `(${literalOf(precision) ?? notConstant(step)})` : ''}`;
      }
      case 'time':
        return 'time';
      case 'binary':
        return 'bytea';
      case 'json':
        return 'json';
      case 'jsonb':
        return 'jsonb';
      case 'uuid':
        return 'uuid';
      case 'geometry':
      case 'geography':
      case 'point':
        return step.name;
      case 'specificType':
        return constantText(first) ?? notConstant(step);
      case 'enu':
      case 'enum':
        return this.enumType(step);
      default:
        return undefined;
    }
  }

  private enumType(step: ChainStep): string {
    const options = argument(step, 2);
    const column = textArgument(step, 0);
    if (flag(entryOf(options, 'useNative'))) {
      const name = constantText(entryOf(options, 'enumName')) ?? notConstant(step);
      const schema = constantText(entryOf(options, 'schemaName'));
      const type = schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
      if (!flag(entryOf(options, 'existingType')))
        this.context.write(`CREATE TYPE ${type} AS ENUM (${this.enumValues(step)})`, step);
      return type;
    }
    return `text CHECK (${quoted(column)} IN (${this.enumValues(step)}))`;
  }

  private enumValues(step: ChainStep): string {
    return (namesOf(argument(step, 1)) ?? notConstant(step)).map(literal).join(', ');
  }

  // ——— calls on the table ———

  /** Whether the call was one on the table itself. */
  private tableCall(step: ChainStep, rest: readonly ChainStep[]): boolean {
    const alter = `ALTER TABLE ${this.sqlName}`;
    switch (step.name) {
      case 'timestamps':
        this.timestamps(step);
        return true;
      case 'dropTimestamps': {
        const camel = flag(argument(step, 0)) || flag(entryOf(argument(step, 0), 'useCamelCase'));
        this.after(
          camel
            ? `${alter} DROP COLUMN "createdAt", DROP COLUMN "updatedAt"`
            : `${alter} DROP COLUMN "created_at", DROP COLUMN "updated_at"`,
          step,
        );
        return true;
      }
      case 'primary':
        this.constraint(
          `CONSTRAINT ${quoted(this.constraintName(step, 1, `${this.baseName()}_pkey`))} PRIMARY KEY (${this.columnList(step)})`,
          step,
        );
        return true;
      case 'unique':
        this.unique(this.columnNames(step), argument(step, 1), step);
        return true;
      case 'index':
        this.index(this.columnNames(step), argument(step, 1), argument(step, 2), step);
        return true;
      case 'foreign': {
        const references = rest.find(each => each.name === 'references');
        if (!references) throw new NotTranslated('`foreign` without `references`');
        this.foreignKey(this.columnNames(step), references, rest, constantText(argument(step, 1)));
        return true;
      }
      case 'dropColumn':
      case 'dropColumns': {
        const names = (step.arguments ?? []).flatMap(({ value }) => namesOf(value) ?? notConstant(step));
        this.after(`${alter} ${names.map(name => `DROP COLUMN ${quoted(name)}`).join(', ')}`, step);
        return true;
      }
      case 'renameColumn':
        this.after(`${alter} RENAME COLUMN ${quoted(textArgument(step, 0))} TO ${quoted(textArgument(step, 1))}`, step);
        return true;
      case 'setNullable':
        this.after(`${alter} ALTER COLUMN ${quoted(textArgument(step, 0))} DROP NOT NULL`, step);
        return true;
      case 'dropNullable':
        this.after(`${alter} ALTER COLUMN ${quoted(textArgument(step, 0))} SET NOT NULL`, step);
        return true;
      case 'dropPrimary':
        this.after(`${alter} DROP CONSTRAINT ${quoted(this.constraintName(step, 0, `${this.baseName()}_pkey`))}`, step);
        return true;
      case 'dropUnique':
        this.after(
          `${alter} DROP CONSTRAINT ${quoted(this.constraintName(step, 1, this.indexName(step, 'unique')))}`,
          step,
        );
        return true;
      case 'dropForeign':
        this.after(
          `${alter} DROP CONSTRAINT ${quoted(this.constraintName(step, 1, this.indexName(step, 'foreign')))}`,
          step,
        );
        return true;
      case 'dropIndex': {
        const name = this.constraintName(step, 1, this.indexName(step, 'index'));
        this.after(
          `DROP INDEX ${this.context.schema === undefined ? '' : `${quoted(this.context.schema)}.`}${quoted(name)}`,
          step,
        );
        return true;
      }
      case 'check': {
        const expression = interpolated(step);
        const name = constantText(argument(step, 2));
        this.constraint(`${name === undefined ? '' : `CONSTRAINT ${quoted(name)} `}CHECK (${expression})`, step);
        return true;
      }
      case 'dropChecks':
        for (const name of (step.arguments ?? []).flatMap(({ value }) => namesOf(value) ?? notConstant(step)))
          this.after(`${alter} DROP CONSTRAINT ${quoted(name)}`, step);
        return true;
      case 'comment':
        this.after(`COMMENT ON TABLE ${this.sqlName} IS ${literal(textArgument(step, 0))}`, step);
        return true;
      case 'inherits':
        throw new NotTranslated('`inherits`');
      case 'engine':
      case 'charset':
      case 'collate':
        return true;
      default:
        return false;
    }
  }

  private timestamps(step: ChainStep): void {
    const options = argument(step, 0);
    const byRecord = isOptions(options);
    const camel = byRecord ? flag(entryOf(options, 'useCamelCase')) : flag(argument(step, 2));
    const toNow = byRecord ? flag(entryOf(options, 'defaultToNow')) : flag(argument(step, 1));
    for (const name of camel ? ['createdAt', 'updatedAt'] : ['created_at', 'updated_at'])
      this.parts.columns.push({
        sql: `${quoted(name)} timestamptz${toNow ? ' NOT NULL DEFAULT CURRENT_TIMESTAMP' : ''}`,
        step,
      });
  }

  private unique(columns: readonly string[], given: Value | undefined, step: ChainStep): void {
    const name = nameGiven(given) ?? this.madeUpName(columns, 'unique');
    const list = columns.map(quoted).join(', ');
    if (entryOf(given, 'predicate')) throw new NotTranslated('a unique index with a predicate');
    if (flag(entryOf(given, 'useConstraint')) || !entryOf(given, 'useConstraint'))
      this.after(
        `ALTER TABLE ${this.sqlName} ADD CONSTRAINT ${quoted(name)} UNIQUE (${list})${deferrable(given)}`,
        step,
      );
    else this.after(`CREATE UNIQUE INDEX ${quoted(name)} ON ${this.sqlName} (${list})`, step);
  }

  private index(columns: readonly string[], given: Value | undefined, kind: Value | undefined, step: ChainStep): void {
    const options = isOptions(given) ? given : isOptions(kind) ? kind : undefined;
    if (entryOf(options, 'predicate')) throw new NotTranslated('an index with a predicate');
    const name = nameGiven(given) ?? this.madeUpName(columns, 'index');
    const method = constantText(kind) ?? constantText(entryOf(options, 'indexType'));
    const unique =
      entryOf(options, 'storageEngineIndexType') === undefined &&
      constantText(entryOf(options, 'indexType')) === 'unique';
    const using = method === undefined || unique ? '' : ` USING ${method}`;
    const list = columns.map(quoted).join(', ');
    this.after(`CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${quoted(name)} ON ${this.sqlName}${using} (${list})`, step);
  }

  private foreignKey(
    columns: readonly string[],
    references: ChainStep,
    rest: readonly ChainStep[],
    given?: string,
  ): void {
    const call = (name: string): ChainStep | undefined => rest.find(step => step.name === name);
    const referenced = namesOf(argument(references, 0)) ?? notConstant(references);
    const inTable = call('inTable') ?? call('on');
    const [only] = referenced;
    let table = inTable && textArgument(inTable, 0);
    let names = referenced;
    if (table === undefined && only !== undefined && only.includes('.')) {
      table = only.slice(0, only.lastIndexOf('.'));
      names = [only.slice(only.lastIndexOf('.') + 1)];
    }
    if (table === undefined) throw new NotTranslated('`references` without a table');
    const key = call('withKeyName');
    const name = given ?? (key ? textArgument(key, 0) : this.madeUpName(columns, 'foreign'));
    const action = (event: 'onDelete' | 'onUpdate', words: string): string => {
      const step = call(event);
      return step ? ` ${words} ${textArgument(step, 0).toUpperCase()}` : '';
    };
    const deferred = call('deferrable');
    const sql =
      `CONSTRAINT ${quoted(name)} FOREIGN KEY (${columns.map(quoted).join(', ')}) REFERENCES ${qualified(table)} (${names.map(quoted).join(', ')})` +
      `${action('onUpdate', 'ON UPDATE')}${action('onDelete', 'ON DELETE')}${deferred ? deferrableWords(constantText(argument(deferred, 0))) : ''}`;
    this.after(`ALTER TABLE ${this.sqlName} ADD ${sql}`, references);
  }

  // ——— names ———

  private baseName(): string {
    return this.name.replaceAll('.', '_');
  }

  /** `orders_user_id_foreign`: how Knex names what it is given no name for. */
  private madeUpName(columns: readonly string[], kind: string): string {
    const table = this.name.replace(/[.-]/g, '_');
    return `${table}_${columns.join('_')}_${kind}`.toLowerCase().replace(/[.-]/g, '_');
  }

  private indexName(step: ChainStep, kind: string): string {
    const columns = argument(step, 0);
    // with a name of its own the columns do not matter
    return constantText(argument(step, 1)) ?? this.madeUpName(namesOf(columns) ?? notConstant(step), kind);
  }

  private constraintName(step: ChainStep, index: number, otherwise: string): string {
    const given = argument(step, index);
    return nameGiven(given) ?? constantText(entryOf(given, 'constraintName')) ?? otherwise;
  }

  private columnNames(step: ChainStep): readonly string[] {
    return namesOf(argument(step, 0)) ?? notConstant(step);
  }

  private columnList(step: ChainStep): string {
    return this.columnNames(step).map(quoted).join(', ');
  }

  /** A constraint stands inside CREATE TABLE, and is a statement of its own afterwards. */
  private constraint(sql: string, step: ChainStep): void {
    if (this.context.mode === 'create') this.parts.constraints.push(sql);
    else this.after(`ALTER TABLE ${this.sqlName} ADD ${sql}`, step);
  }

  private after(sql: string, step: ChainStep): void {
    this.parts.after.push({ sql, step });
  }
}

const KEYS = new Set(['primary', 'unique', 'index', 'references']);

/** `notNullable()`, and `nullable(false)`. */
const isNotNull = (calls: ReadonlyMap<string, ChainStep>): boolean => {
  const given = argument(calls.get('nullable') ?? NOTHING_SAID, 0);
  return calls.has('notNullable') || calls.has('notNull') || (given?.kind === 'constant' && given.value === false);
};

const NOTHING_SAID: Pick<ChainStep, 'arguments'> = {};

const isOptions = (value: Value | undefined): boolean => value?.kind === 'record';

/** A name among the options, or the option itself. */
const nameGiven = (value: Value | undefined): string | undefined =>
  constantText(value) ?? constantText(entryOf(value, 'indexName'));

const deferrable = (options: Value | undefined): string =>
  deferrableWords(constantText(entryOf(options, 'deferrable')));

function deferrableWords(kind: string | undefined): string {
  if (kind === undefined || kind === 'not deferrable') return '';
  return kind === 'deferred' ? ' DEFERRABLE INITIALLY DEFERRED' : ' DEFERRABLE INITIALLY IMMEDIATE';
}

/** A record or list of constants as JSON; undefined when one is not constant. */
function jsonOf(value: Value): unknown {
  switch (value.kind) {
    case 'constant':
      return value.value;
    case 'text':
      return value.complete ? value.value : undefined;
    case 'list':
      return value.open ? undefined : value.items.map(jsonOf);
    case 'record':
      return value.open
        ? undefined
        : Object.fromEntries([...value.entries].map(([key, entry]) => [key, jsonOf(entry)]));
    default:
      return undefined;
  }
}

function notConstant(step: ChainStep): never {
  throw new NotTranslated(`\`${step.name}\` with what is not constant`);
}
