/** The types of columns as documents write them, beside what a server calls them. */

/** How two types stand to each other. `near`: both hold the same values in another way. `unknown`: one of them says nothing. */
export type Likeness = 'same' | 'near' | 'other' | 'unknown';

interface PlainType {
  /** The one name that all spellings of a type have here; as written where it is none of a server's own. */
  readonly base: string;
  readonly isKnown: boolean;
  readonly modifiers: readonly string[];
  readonly isList: boolean;
}

/** Spellings by the type that they are all names of, on whichever server has it. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  smallint: ['smallint', 'int2', 'smallserial', 'serial2'],
  integer: ['integer', 'int', 'int4', 'serial', 'serial4', 'mediumint'],
  bigint: ['bigint', 'int8', 'bigserial', 'serial8'],
  // MySQL has no other
  boolean: ['boolean', 'bool', 'tinyint'],
  real: ['real', 'float4'],
  double: ['double precision', 'double', 'float8', 'float'],
  numeric: ['numeric', 'decimal', 'dec'],
  money: ['money', 'smallmoney'],
  varchar: ['varchar', 'character varying', 'nvarchar', 'varchar2'],
  char: ['char', 'character', 'bpchar', 'nchar'],
  text: ['text', 'tinytext', 'mediumtext', 'longtext', 'ntext', 'clob'],
  citext: ['citext'],
  timestamp: ['timestamp', 'timestamp without time zone', 'datetime', 'datetime2', 'smalldatetime'],
  timestamptz: ['timestamptz', 'timestamp with time zone', 'datetimeoffset'],
  date: ['date'],
  time: ['time', 'time without time zone'],
  timetz: ['timetz', 'time with time zone'],
  interval: ['interval'],
  uuid: ['uuid', 'uniqueidentifier'],
  json: ['json'],
  jsonb: ['jsonb'],
  bytes: ['bytea', 'blob', 'tinyblob', 'mediumblob', 'longblob', 'varbinary', 'binary', 'image'],
  bit: ['bit'],
  xml: ['xml'],
  inet: ['inet'],
  cidr: ['cidr'],
};

const BASES: ReadonlyMap<string, string> = new Map(
  Object.entries(SPELLINGS).flatMap(([base, names]) => names.map((name): [string, string] => [name, base])),
);

/** Types of which a document that names one is not far off where the column has another. */
const NEAR: readonly (readonly string[])[] = [
  ['timestamp', 'timestamptz'],
  ['time', 'timetz'],
  ['json', 'jsonb'],
  ['varchar', 'text', 'char', 'citext'],
  ['real', 'double'],
  ['boolean', 'bit'],
  ['inet', 'cidr'],
];

/**
 * How a document's type stands to that of a column. Modifiers count where the document gives some.
 * @param own  types of the schema's own, such as enumerations, in lower case
 */
export function likenessOf(documented: string, actual: string, own: ReadonlySet<string>): Likeness {
  const said = plainType(documented);
  const is = plainType(actual);
  if (said.base === is.base && said.isList === is.isList)
    return said.modifiers.length > 0 && is.isKnown && said.modifiers.join() !== is.modifiers.join()
      ? withOther(said, is)
      : 'same';
  if (!(said.isKnown || own.has(said.base)) || !(is.isKnown || own.has(is.base))) return 'unknown';
  if (said.isList !== is.isList) return 'other';
  return NEAR.some(near => near.includes(said.base) && near.includes(is.base)) ? 'near' : 'other';
}

/** Lengths and precisions are told apart; how wide a number is shown, and how exact a time, is little. */
const withOther = ({ base }: PlainType, { modifiers }: PlainType): Likeness =>
  ['varchar', 'char', 'numeric'].includes(base) ? (modifiers.length === 0 ? 'near' : 'other') : 'same';

function plainType(written: string): PlainType {
  const text = written.trim().toLowerCase().replaceAll(/["`]/g, '');
  const isList = /\[\s*\d*\s*\]$/.test(text);
  const inside = /\(([^)]*)\)/.exec(text)?.[1];
  const bare = text
    .replace(/\([^)]*\)/, ' ')
    .replace(/(?:\[\s*\d*\s*\])+$/, '')
    .replace(/\b(?:unsigned|signed|zerofill)\b/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^(?:pg_catalog|public|dbo)\./, '');
  const base = BASES.get(bare);
  return {
    base: base ?? bare.slice(bare.lastIndexOf('.') + 1),
    isKnown: base !== undefined,
    modifiers: inside === undefined ? [] : inside.split(',').map(each => each.trim()),
    isList,
  };
}
