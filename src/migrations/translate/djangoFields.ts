/** Fields of Django's models as PostgreSQL's columns. Source: docs.djangoproject.com/en/5.2/ref/models/fields/, django/db/backends/postgresql/base.py. */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { flag, literalOf } from './quoting';
import { argumentOf, positional } from './sqlalchemyTypes';

/** A model by its app and its name in lower case; an app that is not said is the migration's own. */
export interface ModelName {
  readonly app?: string;
  readonly model: string;
}

export interface Field {
  readonly name: string;
  /** Of a relation of many to many there is none, nor of what only looks like a field. */
  readonly column?: string;
  /** Absent where the other end of a relation gives it, or where it is not known. */
  readonly type?: string;
  /** Its class, or what it leads to, is not known, and with it not the type. */
  readonly isUnknown: boolean;
  readonly null: boolean;
  readonly primary: boolean;
  readonly unique: boolean;
  readonly indexed: boolean;
  /** The type counts by itself. */
  readonly counts: boolean;
  /** Written with the column: `>= 0`. */
  readonly check?: string;
  readonly collation?: string;
  /** What the column is filled with where rows are there already, as SQL. */
  readonly filledWith?: string;
  readonly to?: ModelName;
  /** Whether the server holds the relation. */
  readonly constrained: boolean;
  /** A relation of many to many that has a table of its own; with its name where that is said. */
  readonly joins?: { readonly table?: string };
  /** What its unique constraint is called, where that is another name than the server's own. */
  readonly uniqueName?: string;
  /** The same of its check. */
  readonly checkName?: string;
  readonly at: ChainStep;
}

const TYPES: Readonly<Record<string, string>> = {
  AutoField: 'integer',
  BigAutoField: 'bigint',
  SmallAutoField: 'smallint',
  BinaryField: 'bytea',
  BooleanField: 'boolean',
  NullBooleanField: 'boolean',
  DateField: 'date',
  DateTimeField: 'timestamp with time zone',
  DurationField: 'interval',
  FloatField: 'double precision',
  IntegerField: 'integer',
  BigIntegerField: 'bigint',
  SmallIntegerField: 'smallint',
  PositiveIntegerField: 'integer',
  PositiveBigIntegerField: 'bigint',
  PositiveSmallIntegerField: 'smallint',
  IPAddressField: 'inet',
  GenericIPAddressField: 'inet',
  TextField: 'text',
  TimeField: 'time',
  UUIDField: 'uuid',
  JSONField: 'jsonb',
  HStoreField: 'hstore',
  CITextField: 'citext',
  CICharField: 'citext',
  CIEmailField: 'citext',
  SearchVectorField: 'tsvector',
  IntegerRangeField: 'int4range',
  BigIntegerRangeField: 'int8range',
  DecimalRangeField: 'numrange',
  DateTimeRangeField: 'tstzrange',
  DateRangeField: 'daterange',
  // django-picklefield: a text in base64
  PickledObjectField: 'text',
};

/** Texts of at most so many characters where nothing else is said. */
const TEXTS: Readonly<Record<string, number | undefined>> = {
  CharField: undefined,
  CommaSeparatedIntegerField: undefined,
  SlugField: 50,
  EmailField: 254,
  URLField: 200,
  FileField: 100,
  ImageField: 100,
  FilePathField: 100,
  // django-timezone-field
  TimeZoneField: 63,
};

const TO_ONE = new Set(['ForeignKey', 'OneToOneField', 'TreeForeignKey', 'TreeOneToOneField', 'ParentalKey']);
const TO_MANY = new Set(['ManyToManyField', 'TreeManyToManyField', 'ParentalManyToManyField']);
const NO_COLUMN = new Set(['GenericForeignKey', 'GenericRelation', 'TaggableManager']);
/** Named like Django's own by packages that mean another type. */
const OTHERS_TOO = new Set(['JSONField', 'ArrayField']);

/** The call that makes a thing: the last of `models.CharField(…)`. */
export const madeIn = (value: Value | undefined): { readonly chain: Chain; readonly made: ChainStep } | undefined => {
  const made = value?.kind === 'chain' ? value.steps.find(step => step.arguments) : undefined;
  return value?.kind === 'chain' && made ? { chain: value, made } : undefined;
};

/** @param value  the call of the field's class; nothing where it is none */
export function fieldOf(name: string, value: Value | undefined): Field | undefined {
  const found = madeIn(value);
  if (!found) return undefined;
  const { made, chain } = found;
  const kind = made.name;
  const on = (option: string): boolean => flag(argumentOf(made, option));
  const primary = on('primary_key');
  const isOne = TO_ONE.has(kind);
  const isJoin = TO_MANY.has(kind);
  const column = constantText(argumentOf(made, 'db_column')) ?? (isOne ? `${name}_id` : name);
  const table = constantText(argumentOf(made, 'db_table'));
  const isDjangos = chain.root.kind === 'import' && /^django\b/.test(chain.root.from);
  const isOpen = DECIDING.some(option => isComputed(argumentOf(made, option)));
  const type = isOne || isJoin || isOpen || (OTHERS_TOO.has(kind) && !isDjangos) ? undefined : typeOf(made);
  const unique = on('unique') || kind === 'OneToOneField' || kind === 'TreeOneToOneField';
  const indexes = argumentOf(made, 'db_index');
  const isIndexed = indexes ? flag(indexes) : isOne || kind === 'SlugField';
  const to = isJoin || (isOne && !isOpen) ? modelOf(argumentOf(made, 'to', 0)) : undefined;
  const collation = constantText(argumentOf(made, 'db_collation'));
  const filledWith = fillingOf(made, type);
  return {
    name,
    at: made,
    ...(isJoin || NO_COLUMN.has(kind) ? {} : { column }),
    ...(type === undefined ? {} : { type }),
    isUnknown: isOne ? to === undefined : type === undefined && !isJoin && !NO_COLUMN.has(kind),
    null: on('null') || kind === 'NullBooleanField',
    primary,
    unique: unique && !primary,
    indexed: isIndexed && !unique && !primary,
    counts: /AutoField$/.test(kind) && Object.hasOwn(TYPES, kind),
    ...(/^Positive\w*IntegerField$/.test(kind) ? { check: '>= 0' } : {}),
    ...(collation === undefined ? {} : { collation }),
    ...(filledWith === undefined ? {} : { filledWith }),
    ...(to ? { to } : {}),
    constrained: isFalse(argumentOf(made, 'db_constraint')) === false,
    ...(isJoin && argumentOf(made, 'through') === undefined ? { joins: table === undefined ? {} : { table } } : {}),
  };
}

/** What the column is made of: where a setting decides one of them, the column is not known. */
const DECIDING = ['null', 'unique', 'primary_key', 'db_index', 'max_length'];

const isComputed = (value: Value | undefined): boolean =>
  value !== undefined && value.kind !== 'constant' && constantText(value) === undefined;

const isFalse = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === false;

function typeOf(made: ChainStep): string | undefined {
  const { name } = made;
  if (Object.hasOwn(TEXTS, name)) {
    const given = argumentOf(made, 'max_length');
    // Django writes into the type what it is given: a number, or the text of one
    const length = /^\d+$/.exec(constantText(given) ?? literalOf(given) ?? '')?.[0] ?? TEXTS[name];
    return length === undefined ? 'varchar' : `varchar(${length})`;
  }
  if (name === 'DecimalField') {
    const [digits, places] = ['max_digits', 'decimal_places'].map(each => literalOf(argumentOf(made, each)));
    return digits === undefined || places === undefined ? undefined : `numeric(${digits}, ${places})`;
  }
  if (name === 'ArrayField') {
    const items = madeIn(argumentOf(made, 'base_field', 0));
    const type = items && typeOf(items.made);
    const size = argumentOf(made, 'size', 1);
    return type && `${type}[${size?.kind === 'constant' && typeof size.value === 'number' ? size.value : ''}]`;
  }
  return Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
}

/** `'shop.Order'`, `'Order'`, `'self'`; a setting names the model of users. */
export function modelOf(value: Value | undefined): ModelName | undefined {
  const text = constantText(value);
  if (text !== undefined) {
    const [first = '', second] = text.toLowerCase().split('.');
    return second === undefined ? { model: first } : { app: first, model: second };
  }
  return value?.kind === 'chain' && value.steps.some(({ name }) => name === 'AUTH_USER_MODEL') ? USER : undefined;
}

/** Whatever the settings say. */
export const USER: ModelName = { app: 'auth', model: 'user' };

/** What rows that are there get: the default, or what is as good as one; of what code makes up, one like it. */
function fillingOf(made: ChainStep, type: string | undefined): string | undefined {
  const given = argumentOf(made, 'default');
  if (given && !(given.kind === 'constant' && (given.value === undefined || given.value === null))) {
    const written = type === 'jsonb' || type?.endsWith(']') ? undefined : literalOf(given);
    if (written !== undefined) return type === 'double precision' && /^-?\d+$/.test(written) ? `${written}.0` : written;
    return type?.endsWith(']') ? "'{}'" : (LIKE[type?.replace(/\(.*/, '') ?? ''] ?? "''");
  }
  const isStamped = ['auto_now', 'auto_now_add'].some(option => flag(argumentOf(made, option)));
  if (isStamped) return LIKE[type ?? ''];
  const isText = type !== undefined && /^(?:varchar|text|citext)/.test(type);
  return isText && flag(argumentOf(made, 'blank')) && !flag(argumentOf(made, 'null')) ? "''" : undefined;
}

const LIKE: Readonly<Record<string, string>> = {
  'timestamp with time zone': "'2000-01-01T00:00:00+00:00'::timestamptz",
  date: "'2000-01-01'::date",
  time: "'00:00:00'::time",
  uuid: "'00000000-0000-4000-8000-000000000000'::uuid",
  jsonb: "'{}'::jsonb",
  hstore: "''::hstore",
  interval: "'0 days 0.000000 seconds'::interval",
  boolean: 'false',
  integer: '0',
  bigint: '0',
  smallint: '0',
  numeric: '0',
  'double precision': '0.0',
  inet: "'0.0.0.0'::inet",
  bytea: "'\\x'::bytea",
};

export const isText = (type: string): boolean => /^(?:varchar|text)/.test(type) && !type.includes('[');

export { argumentOf, positional };
