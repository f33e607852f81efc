/**
 * How each server that Prisma speaks to writes names and types.
 *
 * Source: prisma.io/docs/orm/reference/prisma-schema-reference (default types and native types of each connector).
 */
import type { Dialect } from '../../sql/dialect';
import { literal, quoted } from '../translate/quoting';
import type { PrismaEnum } from './language';

export interface PrismaWords {
  readonly quote: (name: string) => string;
  /** Enumerations are types of their own. */
  readonly hasEnums: boolean;
  /** An index may say by which method. */
  readonly hasMethods: boolean;
  /** What `String` and its like become. */
  scalar(type: string): string;
  /** `@db.VarChar(80)`. */
  native(name: string, size: string): string;
  enumType(type: PrismaEnum): string;
  /** A number that counts by itself. */
  counting(type: string): string;
  flag(value: string): string;
}

export function wordsOf(dialect: Dialect): PrismaWords {
  const scalars = SCALARS[dialect];
  const isMysql = dialect === 'mysql' || dialect === 'mariadb';
  return {
    quote: QUOTES[dialect],
    hasEnums: dialect === 'postgresql',
    hasMethods: dialect === 'postgresql',
    scalar: type => scalars[type] ?? scalars.String ?? 'TEXT',
    native(name, size) {
      const unsigned = isMysql ? /^Unsigned(.+)$/.exec(name)?.[1] : undefined;
      if (unsigned !== undefined) return `${unsigned.toUpperCase()}${size} UNSIGNED`;
      return `${NATIVE[name] ?? name.toUpperCase()}${size}`;
    },
    enumType: ({ mapped, labels }) =>
      dialect === 'postgresql'
        ? quoted(mapped)
        : isMysql
          ? `ENUM(${labels.map(({ label }) => literal(label)).join(', ')})`
          : (scalars.String ?? 'TEXT'),
    counting: type => (dialect === 'postgresql' ? (SERIALS[type] ?? type) : `${type}${COUNTS[dialect] ?? ''}`),
    flag: value => (dialect === 'transactsql' ? (value === 'true' ? '1' : '0') : value),
  };
}

const inBackticks = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

const QUOTES: Readonly<Record<Dialect, (name: string) => string>> = {
  postgresql: quoted,
  mysql: inBackticks,
  mariadb: inBackticks,
  sqlite: inBackticks,
  transactsql: name => `[${name.replaceAll(']', ']]')}]`,
};

const MYSQL: Readonly<Record<string, string>> = {
  String: 'VARCHAR(191)',
  Boolean: 'BOOLEAN',
  Int: 'INTEGER',
  BigInt: 'BIGINT',
  Float: 'DOUBLE',
  Decimal: 'DECIMAL(65,30)',
  DateTime: 'DATETIME(3)',
  Json: 'JSON',
  Bytes: 'LONGBLOB',
};

const SCALARS: Readonly<Record<Dialect, Readonly<Record<string, string>>>> = {
  postgresql: {
    String: 'TEXT',
    Boolean: 'BOOLEAN',
    Int: 'INTEGER',
    BigInt: 'BIGINT',
    Float: 'DOUBLE PRECISION',
    Decimal: 'DECIMAL(65,30)',
    DateTime: 'TIMESTAMP(3)',
    Json: 'JSONB',
    Bytes: 'BYTEA',
  },
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: {
    String: 'TEXT',
    Boolean: 'BOOLEAN',
    Int: 'INTEGER',
    BigInt: 'BIGINT',
    Float: 'REAL',
    Decimal: 'DECIMAL',
    DateTime: 'DATETIME',
    Json: 'JSONB',
    Bytes: 'BLOB',
  },
  transactsql: {
    String: 'NVARCHAR(1000)',
    Boolean: 'BIT',
    Int: 'INT',
    BigInt: 'BIGINT',
    Float: 'FLOAT(53)',
    Decimal: 'DECIMAL(32,16)',
    DateTime: 'DATETIME2',
    Bytes: 'VARBINARY(max)',
  },
};

/** What is not here is written as it stands. */
const NATIVE: Readonly<Record<string, string>> = {
  DoublePrecision: 'DOUBLE PRECISION',
  ByteA: 'BYTEA',
  JsonB: 'JSONB',
  VarBit: 'VARBIT',
};

const SERIALS: Readonly<Record<string, string>> = { INTEGER: 'SERIAL', BIGINT: 'BIGSERIAL', SMALLINT: 'SMALLSERIAL' };

/** SQLite counts what is its INTEGER PRIMARY KEY without a word. */
const COUNTS: Readonly<Partial<Record<Dialect, string>>> = {
  mysql: ' AUTO_INCREMENT',
  mariadb: ' AUTO_INCREMENT',
  transactsql: ' IDENTITY(1,1)',
};
