/**
 * The types of Drizzle's columns as `drizzle-kit push` writes them.
 *
 * Sources: orm.drizzle.team/docs/column-types/pg, /mysql, /sqlite.
 */
import type { DrizzleDialect } from './declared';

/** The type that a function of Drizzle's makes; undefined for one that is not known. */
export const typeNamed = (
  dialect: DrizzleDialect,
  name: string,
): ((option: Option) => string | undefined) | undefined =>
  Object.hasOwn(TYPES[dialect], name) ? TYPES[dialect][name] : undefined;

/** What an option of the call says; not a number where it is not a constant. */
export type Option = (name: string) => number | boolean | undefined;

/** In parentheses, or nothing; undefined where it is not a constant. */
const size = (...given: readonly (number | boolean | undefined)[]): string | undefined => {
  const numbers = given.filter(each => each !== undefined);
  if (numbers.some(each => typeof each !== 'number' || Number.isNaN(each))) return undefined;
  return numbers.length > 0 ? `(${numbers.join(', ')})` : '';
};

const sized =
  (type: string, ...options: readonly string[]) =>
  (option: Option): string | undefined => {
    const written = size(...options.map(option));
    return written === undefined ? undefined : `${type}${written}`;
  };

const timed =
  (type: string) =>
  (option: Option): string | undefined => {
    const zone = option('withTimezone');
    const written = size(option('precision'));
    if (written === undefined || typeof zone === 'number') return undefined;
    return `${type}${written}${zone ? ' with time zone' : ''}`;
  };

const plain = (type: string) => (): string => type;

const whole =
  (type: string) =>
  (option: Option): string | undefined => {
    const unsigned = option('unsigned');
    return typeof unsigned === 'number' ? undefined : `${type}${unsigned ? ' unsigned' : ''}`;
  };

type Types = Readonly<Record<string, ((option: Option) => string | undefined) | undefined>>;

const POSTGRES: Types = {
  serial: plain('serial'),
  smallserial: plain('smallserial'),
  bigserial: plain('bigserial'),
  integer: plain('integer'),
  smallint: plain('smallint'),
  bigint: plain('bigint'),
  real: plain('real'),
  doublePrecision: plain('double precision'),
  boolean: plain('boolean'),
  text: plain('text'),
  uuid: plain('uuid'),
  json: plain('json'),
  jsonb: plain('jsonb'),
  date: plain('date'),
  inet: plain('inet'),
  cidr: plain('cidr'),
  macaddr: plain('macaddr'),
  macaddr8: plain('macaddr8'),
  point: plain('point'),
  line: plain('line'),
  bytea: plain('bytea'),
  varchar: sized('varchar', 'length'),
  char: sized('char', 'length'),
  numeric: sized('numeric', 'precision', 'scale'),
  decimal: sized('numeric', 'precision', 'scale'),
  timestamp: timed('timestamp'),
  time: timed('time'),
};

const MYSQL: Types = {
  serial: plain('bigint unsigned'),
  tinyint: whole('tinyint'),
  smallint: whole('smallint'),
  mediumint: whole('mediumint'),
  int: whole('int'),
  bigint: whole('bigint'),
  boolean: plain('boolean'),
  real: sized('real', 'precision', 'scale'),
  double: sized('double', 'precision', 'scale'),
  float: sized('float', 'precision', 'scale'),
  decimal: sized('decimal', 'precision', 'scale'),
  char: sized('char', 'length'),
  varchar: sized('varchar', 'length'),
  tinytext: plain('tinytext'),
  text: plain('text'),
  mediumtext: plain('mediumtext'),
  longtext: plain('longtext'),
  binary: sized('binary', 'length'),
  varbinary: sized('varbinary', 'length'),
  json: plain('json'),
  date: plain('date'),
  datetime: sized('datetime', 'fsp'),
  timestamp: sized('timestamp', 'fsp'),
  time: sized('time', 'fsp'),
  year: plain('year'),
};

const SQLITE: Types = {
  integer: plain('integer'),
  int: plain('integer'),
  text: plain('text'),
  real: plain('real'),
  numeric: plain('numeric'),
  blob: plain('blob'),
};

const TYPES: Readonly<Record<DrizzleDialect, Types>> = { postgresql: POSTGRES, mysql: MYSQL, sqlite: SQLITE };
