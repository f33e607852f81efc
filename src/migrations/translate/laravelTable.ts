/** What Laravel's `Blueprint` sends to PostgreSQL: the callback of `Schema::create` and `Schema::table`. Source: laravel/framework 11, Schema/Blueprint.php and Grammars/PostgresGrammar.php. */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { literal, literalOf, namesOf, qualified, quoted } from './quoting';
import { argument, NotTranslated, textArgument, type Write } from './translation';

interface TableContext {
  readonly creates: boolean;
  readonly write: Write;
}

/** Types without arguments, and those whose argument is a length or a precision with a default. */
const TYPES: Readonly<Record<string, string | readonly [type: string, size: number, behind?: string]>> = {
  string: ['varchar', 255],
  char: ['char', 255],
  tinyText: 'varchar(255)',
  text: 'text',
  mediumText: 'text',
  longText: 'text',
  integer: 'integer',
  mediumInteger: 'integer',
  unsignedInteger: 'integer',
  unsignedMediumInteger: 'integer',
  tinyInteger: 'smallint',
  smallInteger: 'smallint',
  unsignedTinyInteger: 'smallint',
  unsignedSmallInteger: 'smallint',
  bigInteger: 'bigint',
  unsignedBigInteger: 'bigint',
  foreignId: 'bigint',
  foreignUuid: 'uuid',
  foreignUlid: 'char(26)',
  float: 'double precision',
  double: 'double precision',
  boolean: 'boolean',
  json: 'json',
  jsonb: 'jsonb',
  date: 'date',
  dateTime: ['timestamp', 0, ' without time zone'],
  timestamp: ['timestamp', 0, ' without time zone'],
  dateTimeTz: ['timestamp', 0, ' with time zone'],
  timestampTz: ['timestamp', 0, ' with time zone'],
  time: ['time', 0, ' without time zone'],
  timeTz: ['time', 0, ' with time zone'],
  year: 'integer',
  binary: 'bytea',
  uuid: 'uuid',
  ulid: 'char(26)',
  ipAddress: 'inet',
  macAddress: 'macaddr',
};
const SERIALS: Readonly<Record<string, string>> = {
  id: 'bigserial',
  increments: 'serial',
  integerIncrements: 'serial',
  mediumIncrements: 'serial',
  bigIncrements: 'bigserial',
  smallIncrements: 'smallserial',
  tinyIncrements: 'smallserial',
};
const OF_INTEGERS: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  integer: 'serial',
  bigint: 'bigserial',
};
/** Said of a column, and nothing to PostgreSQL. */
const SILENT = new Set(
  'unsigned after first charset invisible useCurrentOnUpdate startingValue from instance persisted'.split(' '),
);
const REFERENCES = new Set(
  'constrained references on onDelete onUpdate cascadeOnDelete restrictOnDelete nullOnDelete noActionOnDelete cascadeOnUpdate restrictOnUpdate nullOnUpdate noActionOnUpdate deferrable initiallyImmediate'.split(
    ' ',
  ),
);

/** Writes the statements of a table's callback. @throws NotTranslated */
export function laravelTable(step: ChainStep, context: TableContext): void {
  const name = textArgument(step, 0);
  const table = new Table(name, context);
  const guarded = new Map<Chain['conditions'], Table>();
  for (const entry of step.inner) {
    if (entry.kind === 'unfollowed') throw new NotTranslated(entry.what);
    // what is asked in between
    if (entry.kind !== 'chain' || (entry.root.kind === 'import' && ASKS_SCHEMA.test(entry.steps.at(-1)?.name ?? '')))
      continue;
    if (entry.conditions.length === 0) {
      table.add(entry);
      continue;
    }
    if (context.creates) throw new NotTranslated('a column that is there only under a condition');
    const under =
      guarded.get(entry.conditions) ??
      new Table(name, { ...context, write: guardedWrite(entry, LARAVEL_ASKS, context.write) });
    guarded.set(entry.conditions, under);
    under.add(entry);
  }
  table.writeTo(step);
  for (const each of guarded.values()) each.writeTo(step);
}

/** What Laravel is asked before it acts. */
export const LARAVEL_ASKS: Asks = {
  table: new Set(['hasTable']),
  column: new Set(['hasColumn']),
  columns: new Set(['getColumnListing', 'getColumns']),
  tables: new Set(['getTables', 'getTableListing']),
};

const ASKS_SCHEMA = /^(?:has[A-Z]|get[A-Z]|connection$)/;

class Table {
  private readonly sqlName: string;
  private readonly columns: { readonly sql: string; readonly step: ChainStep }[] = [];
  private readonly after: { readonly sql: string; readonly step: ChainStep; readonly repeatsType?: boolean }[] = [];
  /** Indexes that are said of columns come behind what is called on the table. */
  private readonly last: { readonly sql: string; readonly step: ChainStep }[] = [];
  private temporary = '';

  constructor(
    private readonly name: string,
    private readonly context: TableContext,
  ) {
    this.sqlName = qualified(name);
  }

  writeTo(step: ChainStep): void {
    const { creates, write } = this.context;
    const body = this.columns.map(({ sql }) => sql);
    if (creates) write(`CREATE ${this.temporary}TABLE ${this.sqlName} (${body.join(', ')})`, step);
    else for (const { sql, step: at } of this.columns) write(`${this.alter} ADD COLUMN ${sql}`, at);
    for (const { sql, step: at, repeatsType } of this.after) write(sql, at, [], repeatsType ? { repeatsType } : {});
    for (const { sql, step: at } of this.last) write(sql, at);
  }

  add(chain: Chain): void {
    const [first, ...rest] = chain.steps.filter(step => step.arguments !== undefined);
    if (!first || this.tableCall(first, rest)) return;
    const column = first.arguments?.length ? textArgument(first, 0) : 'id';
    this.column(first, column, this.typeOf(first, column), rest);
  }

  private get alter(): string {
    return `ALTER TABLE ${this.sqlName}`;
  }

  // ——— columns ———

  private typeOf(step: ChainStep, column: string): string {
    const { name } = step;
    const serial = Object.hasOwn(SERIALS, name) ? SERIALS[name] : undefined;
    if (serial !== undefined) return serial;
    const known = Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
    if (typeof known === 'string') return known;
    if (known) {
      const [type, size, behind = ''] = known;
      const given = step.arguments?.find(each => each.name === 'length' || each.name === 'precision')?.value;
      const value = given ?? argument(step, 1);
      if (value?.kind === 'constant' && value.value === null) return type + behind;
      return `${type}(${numberOf(step, value) ?? size})${behind}`;
    }
    if (name === 'decimal' || name === 'unsignedDecimal')
      return `decimal(${numberOf(step, argument(step, 1)) ?? 8}, ${numberOf(step, argument(step, 2)) ?? 2})`;
    if (name === 'enum') {
      const labels = namesOf(argument(step, 1));
      if (!labels) throw new NotTranslated('an enum that is not constant');
      return `varchar(255) CHECK (${quoted(column)} IN (${labels.map(literal).join(', ')}))`;
    }
    throw new NotTranslated(`\`${name}\` of a table`);
  }

  private column(step: ChainStep, name: string, given: string, said: readonly ChainStep[]): void {
    const call = (of: string): ChainStep | undefined => said.findLast(each => each.name === of);
    if (call('change')) {
      this.change(step, name, given, call);
      return;
    }
    for (const each of said) this.modifier(each, name, said);
    const counts = call('autoIncrement') ? OF_INTEGERS[given] : /serial$/.test(given) ? given : undefined;
    const type = counts ?? given;
    const stored = call('storedAs');
    const identity = call('generatedAs');
    const fallback = call('default');
    const collation = call('collation');
    const parts = [
      quoted(name),
      type,
      collation ? `COLLATE ${quoted(textArgument(collation, 0))}` : undefined,
      this.isNullable(call('nullable')) ? 'NULL' : 'NOT NULL',
      fallback ? `DEFAULT ${defaultOf(argument(fallback, 0))}` : undefined,
      call('useCurrent') ? 'DEFAULT CURRENT_TIMESTAMP' : undefined,
      stored ? `GENERATED ALWAYS AS (${textArgument(stored, 0)}) STORED` : undefined,
      identity ? `GENERATED ${call('always') ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY` : undefined,
      counts === undefined ? undefined : 'PRIMARY KEY',
    ];
    this.columns.push({ sql: parts.filter(part => part !== undefined).join(' '), step });
  }

  private isNullable(step: ChainStep | undefined): boolean {
    const given = step && argument(step, 0);
    return step !== undefined && !(given?.kind === 'constant' && given.value === false);
  }

  private modifier(step: ChainStep, column: string, said: readonly ChainStep[]): void {
    switch (step.name) {
      case 'primary':
        this.last.push({ sql: `${this.alter} ADD PRIMARY KEY (${quoted(column)})`, step });
        return;
      case 'unique':
        this.unique(this.last, [column], constantText(argument(step, 0)), step);
        return;
      case 'index':
        this.index(this.last, [column], constantText(argument(step, 0)), undefined, step);
        return;
      case 'comment':
        this.last.push({
          sql: `COMMENT ON COLUMN ${this.sqlName}.${quoted(column)} IS ${literal(textArgument(step, 0))}`,
          step,
        });
        return;
      case 'constrained': {
        const table = constantText(argument(step, 0)) ?? pluralOf(column.replace(/_id$/, ''));
        const referenced = constantText(argument(step, 1)) ?? 'id';
        this.foreign([column], table, [referenced], constantText(argument(step, 2)), said, step);
        return;
      }
      case 'references': {
        const on = said.find(({ name }) => name === 'on');
        if (on) this.foreign([column], textArgument(on, 0), this.names(step), undefined, said, step);
        return;
      }
      case 'nullable':
      case 'default':
      case 'useCurrent':
      case 'autoIncrement':
      case 'storedAs':
      case 'generatedAs':
      case 'always':
      case 'collation':
        return;
      default:
        if (!SILENT.has(step.name) && !REFERENCES.has(step.name))
          throw new NotTranslated(`\`${step.name}\` of a column`);
    }
  }

  /** What is not said of a column that changes stays as it is up to Laravel 10, and goes from 11 on: neither is written. */
  private change(step: ChainStep, name: string, given: string, call: (of: string) => ChainStep | undefined): void {
    const alter = `${this.alter} ALTER COLUMN ${quoted(name)}`;
    const [nullable, fallback] = [call('nullable'), call('default')];
    if (/\bCHECK\b|serial$/.test(given)) throw new NotTranslated(`\`${step.name}\` of a column that changes`);
    this.after.push({ sql: `${alter} TYPE ${given}`, step, ...(nullable || fallback ? { repeatsType: true } : {}) });
    if (nullable) this.after.push({ sql: `${alter} ${this.isNullable(nullable) ? 'DROP' : 'SET'} NOT NULL`, step });
    if (fallback) {
      const value = argument(fallback, 0);
      const isNull = value?.kind === 'constant' && value.value === null;
      this.after.push({ sql: isNull ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${defaultOf(value)}`, step });
    }
    const unique = call('unique');
    if (unique) this.unique(this.last, [name], constantText(argument(unique, 0)), unique);
    const index = call('index');
    if (index) this.index(this.last, [name], constantText(argument(index, 0)), undefined, index);
  }

  private plain(name: string, type: string, step: ChainStep, isNullable = true): void {
    this.columns.push({ sql: `${quoted(name)} ${type} ${isNullable ? 'NULL' : 'NOT NULL'}`, step });
  }

  // ——— calls on the table ———

  private tableCall(step: ChainStep, rest: readonly ChainStep[]): boolean {
    const zone = step.name.endsWith('Tz') ? 'with' : 'without';
    const drop = (columns: readonly string[]): void => {
      const list = columns.map(each => `DROP COLUMN ${quoted(each)}`).join(', ');
      this.after.push({ sql: `${this.alter} ${list}`, step });
    };
    switch (step.name) {
      case 'timestamps':
      case 'timestampsTz':
      case 'nullableTimestamps':
      case 'datetimes': {
        const precision = numberOf(step, argument(step, 0)) ?? 0;
        for (const name of ['created_at', 'updated_at'])
          this.plain(name, `timestamp(${precision}) ${zone} time zone`, step);
        return true;
      }
      case 'softDeletes':
      case 'softDeletesTz':
      case 'softDeletesDatetime':
        this.plain(this.given(step, 0, 'deleted_at'), `timestamp(0) ${zone} time zone`, step);
        return true;
      case 'rememberToken':
        this.plain('remember_token', 'varchar(100)', step);
        return true;
      case 'morphs':
      case 'nullableMorphs':
      case 'numericMorphs':
      case 'uuidMorphs':
      case 'nullableUuidMorphs':
      case 'ulidMorphs':
      case 'nullableUlidMorphs': {
        const name = textArgument(step, 0);
        const isNullable = step.name.startsWith('nullable');
        const type = /uuid/i.test(step.name) ? 'uuid' : /ulid/i.test(step.name) ? 'char(26)' : 'bigint';
        this.plain(`${name}_type`, 'varchar(255)', step, isNullable);
        this.plain(`${name}_id`, type, step, isNullable);
        const columns = [`${name}_type`, `${name}_id`];
        this.index(this.after, columns, constantText(argument(step, 1)), undefined, step);
        return true;
      }
      case 'primary':
        this.after.push({ sql: `${this.alter} ADD PRIMARY KEY (${this.list(this.names(step))})`, step });
        return true;
      case 'unique':
        this.unique(this.after, this.names(step), constantText(argument(step, 1)), step);
        return true;
      case 'index':
        this.index(
          this.after,
          this.names(step),
          constantText(argument(step, 1)),
          constantText(argument(step, 2)),
          step,
        );
        return true;
      case 'foreign': {
        const [references, on] = ['references', 'on'].map(name => rest.find(each => each.name === name));
        if (!references || !on) throw new NotTranslated('`foreign` without a table');
        this.foreign(
          this.names(step),
          textArgument(on, 0),
          this.names(references),
          constantText(argument(step, 1)),
          rest,
          step,
        );
        return true;
      }
      case 'dropColumn':
        drop((step.arguments ?? []).flatMap(({ value }) => namesOf(value) ?? notConstant(step)));
        return true;
      case 'dropTimestamps':
      case 'dropTimestampsTz':
        drop(['created_at', 'updated_at']);
        return true;
      case 'dropSoftDeletes':
      case 'dropSoftDeletesTz':
        drop([this.given(step, 0, 'deleted_at')]);
        return true;
      case 'dropRememberToken':
        drop(['remember_token']);
        return true;
      case 'dropMorphs': {
        const name = textArgument(step, 0);
        const index = constantText(argument(step, 1)) ?? this.madeUpName([`${name}_type`, `${name}_id`], 'index');
        this.after.push({ sql: `DROP INDEX ${quoted(index)}`, step });
        drop([`${name}_type`, `${name}_id`]);
        return true;
      }
      case 'dropConstrainedForeignId':
        this.dropConstraint([textArgument(step, 0)], 'foreign', step);
        drop([textArgument(step, 0)]);
        return true;
      case 'renameColumn':
        this.after.push({
          sql: `${this.alter} RENAME COLUMN ${quoted(textArgument(step, 0))} TO ${quoted(textArgument(step, 1))}`,
          step,
        });
        return true;
      case 'renameIndex':
        this.after.push({
          sql: `ALTER INDEX ${quoted(textArgument(step, 0))} RENAME TO ${quoted(textArgument(step, 1))}`,
          step,
        });
        return true;
      case 'rename':
        this.after.push({ sql: `${this.alter} RENAME TO ${quoted(textArgument(step, 0))}`, step });
        return true;
      case 'dropPrimary':
        this.after.push({
          sql: `${this.alter} DROP CONSTRAINT ${quoted(`${this.name.replace(/^.*\./, '')}_pkey`)}`,
          step,
        });
        return true;
      case 'dropUnique':
        this.dropConstraint(argument(step, 0), 'unique', step);
        return true;
      case 'dropForeign':
        this.dropConstraint(argument(step, 0), 'foreign', step);
        return true;
      case 'dropIndex':
        this.after.push({ sql: `DROP INDEX ${quoted(this.indexName(argument(step, 0), 'index', step))}`, step });
        return true;
      case 'comment':
        this.after.push({ sql: `COMMENT ON TABLE ${this.sqlName} IS ${literal(textArgument(step, 0))}`, step });
        return true;
      case 'temporary':
        this.temporary = 'TEMPORARY ';
        return true;
      case 'engine':
      case 'charset':
      case 'collation':
      case 'innoDb':
        return true;
      default:
        return false;
    }
  }

  private unique(into: Table['last'], columns: readonly string[], name: string | undefined, step: ChainStep): void {
    const made = name ?? this.madeUpName(columns, 'unique');
    into.push({ sql: `${this.alter} ADD CONSTRAINT ${quoted(made)} UNIQUE (${this.list(columns)})`, step });
  }

  private index(
    into: Table['last'],
    columns: readonly string[],
    name: string | undefined,
    method: string | undefined,
    step: ChainStep,
  ): void {
    const made = name ?? this.madeUpName(columns, 'index');
    const using = method === undefined ? '' : ` USING ${method}`;
    into.push({ sql: `CREATE INDEX ${quoted(made)} ON ${this.sqlName}${using} (${this.list(columns)})`, step });
  }

  private foreign(
    columns: readonly string[],
    table: string,
    referenced: readonly string[],
    name: string | undefined,
    said: readonly ChainStep[],
    step: ChainStep,
  ): void {
    const rule = (event: 'Delete' | 'Update'): string => {
      const by: Readonly<Record<string, string>> = {
        cascade: 'CASCADE',
        restrict: 'RESTRICT',
        null: 'SET NULL',
        noAction: 'NO ACTION',
      };
      const short = said.find(each => each.name.endsWith(`On${event}`));
      const long = said.find(each => each.name === `on${event}`);
      const words = short ? by[short.name.slice(0, -`On${event}`.length)] : long && textArgument(long, 0).toUpperCase();
      return words === undefined ? '' : ` ON ${event.toUpperCase()} ${words}`;
    };
    const deferrable = said.some(each => each.name === 'deferrable') ? ' DEFERRABLE' : '';
    const made = name ?? this.madeUpName(columns, 'foreign');
    this.after.push({
      sql:
        `${this.alter} ADD CONSTRAINT ${quoted(made)} FOREIGN KEY (${this.list(columns)})` +
        ` REFERENCES ${qualified(table)} (${this.list(referenced)})${rule('Delete')}${rule('Update')}${deferrable}`,
      step,
    });
  }

  private dropConstraint(given: Value | readonly string[] | undefined, kind: string, step: ChainStep): void {
    const isList = (value: typeof given): value is readonly string[] => Array.isArray(value);
    const name = isList(given) ? this.madeUpName(given, kind) : this.indexName(given, kind, step);
    this.after.push({ sql: `${this.alter} DROP CONSTRAINT ${quoted(name)}`, step });
  }

  /** A name as it is, or that of the columns in a list. */
  private indexName(given: Value | undefined, kind: string, step: ChainStep): string {
    if (given?.kind === 'list') return this.madeUpName(namesOf(given) ?? notConstant(step), kind);
    return constantText(given) ?? notConstant(step);
  }

  /** `orders_user_id_foreign`: how Laravel names what it is given no name for. */
  private madeUpName(columns: readonly string[], kind: string): string {
    return `${this.name}_${columns.join('_')}_${kind}`.toLowerCase().replace(/[-.]/g, '_');
  }

  private names(step: ChainStep): readonly string[] {
    return namesOf(argument(step, 0)) ?? notConstant(step);
  }

  private list(names: readonly string[]): string {
    return names.map(quoted).join(', ');
  }

  private given(step: ChainStep, index: number, otherwise: string): string {
    return argument(step, index) ? textArgument(step, index) : otherwise;
  }
}

function numberOf(step: ChainStep, value: Value | undefined): string | undefined {
  if (!value || (value.kind === 'constant' && (value.value === null || value.value === undefined))) return undefined;
  return literalOf(value) ?? notConstant(step);
}

const IRREGULAR: Readonly<Record<string, string>> = {
  person: 'people',
  child: 'children',
  man: 'men',
  woman: 'women',
  mouse: 'mice',
  foot: 'feet',
  tooth: 'teeth',
};
const UNCOUNTABLE =
  /(?:^|_)(?:equipment|information|rice|money|species|series|fish|sheep|deer|data|news|media|metadata|staff|feedback|software|hardware|stock)$/;

/** The table of a model by the name of its key, as the framework has it: `category` is `categories`. */
export function pluralOf(name: string): string {
  if (UNCOUNTABLE.test(name)) return name;
  const [, before = '', last = name] = /^(.*_)?([^_]+)$/.exec(name) ?? [];
  const irregular = Object.hasOwn(IRREGULAR, last) ? IRREGULAR[last] : undefined;
  if (irregular !== undefined) return before + irregular;
  if (/[^aeiou]y$/.test(last)) return `${before}${last.slice(0, -1)}ies`;
  if (/sis$/.test(last)) return `${before}${last.slice(0, -2)}es`;
  if (/(?:s|x|z|ch|sh)$/.test(last)) return `${name}es`;
  return `${name}s`;
}

function notConstant(step: ChainStep): never {
  throw new NotTranslated(`\`${step.name}\` with what is not constant`);
}

/** A default as the tool writes it: between quotes whatever it is, truth values as `1` and `0`. @throws NotTranslated */
function defaultOf(value: Value | undefined): string {
  if (value?.kind === 'chain' && value.steps.at(-1)?.name === 'raw') {
    const text = constantText(value.steps.at(-1)?.arguments?.[0]?.value);
    if (text !== undefined) return text;
  }
  if (value?.kind === 'instance' && value.name.endsWith('Expression')) {
    const text = constantText(value.arguments[0]?.value);
    if (text !== undefined) return text;
  }
  if (value?.kind === 'constant' && typeof value.value === 'boolean') return value.value ? "'1'" : "'0'";
  const written = literalOf(value);
  if (written === undefined) throw new NotTranslated('a default that is not constant');
  return value?.kind === 'constant' && typeof value.value === 'number' ? `'${written}'` : written;
}
