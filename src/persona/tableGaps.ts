/** What a reviewer of a table's definition would raise, in the words of the table's server. */
import type { Dialect, TableFacts } from './grounding';

/** How each server keeps amounts and moments. */
const WORDS: Readonly<Record<Dialect, { readonly exact: string; readonly moment: string }>> = {
  postgresql: { exact: 'numeric', moment: 'timestamptz NOT NULL DEFAULT now()' },
  mysql: { exact: 'decimal', moment: 'datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)' },
  mariadb: { exact: 'decimal', moment: 'datetime(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)' },
  // a decimal of SQLite's is a float
  sqlite: { exact: 'text', moment: 'text NOT NULL DEFAULT CURRENT_TIMESTAMP' },
  transactsql: { exact: 'decimal', moment: 'datetimeoffset NOT NULL DEFAULT SYSDATETIMEOFFSET()' },
};

const KEY =
  /^(?:uuid|uniqueidentifier|(?:big)?int(?:eger)?(?: unsigned)?|bigint\(\d+\)|int\(\d+\)|(?:char|varchar)\(36\))$/;
const AMOUNT = /amount|price|total|cents|balance|cost/;
const FLOAT = /^(?:real|float|double|double precision)(?:\(.*\))?$/;

export function missingIn(table: TableFacts): readonly string[] {
  const { dialect = 'postgresql' } = table;
  const words = WORDS[dialect];
  const missing: string[] = [];
  if (table.primaryKey.length === 0 && table.complete)
    missing.push(
      dialect === 'postgresql'
        ? 'A primary key: rows cannot be told apart, logical replication and most ORMs need one.'
        : 'A primary key: rows cannot be told apart, and most ORMs need one.',
    );
  // InnoDB makes the index that a foreign key needs
  if (dialect !== 'mysql' && dialect !== 'mariadb')
    for (const key of table.foreignKeys) {
      const first = key.columns[0] ?? '';
      if (!table.indexes.some(index => !index.partial && index.columns[0] === first) && table.primaryKey[0] !== first)
        missing.push(
          `An index that begins with \`${first}\`: deleting or joining from \`${key.table}\` reads the whole table.`,
        );
    }
  for (const { name, type } of table.columns) {
    if (dialect === 'postgresql' && /^timestamp(?:\(\d\))?(?: without.*)?$/.test(type))
      missing.push(
        `\`${name}\` is a timestamp without a time zone: its meaning depends on who reads it; use timestamptz.`,
      );
    if (FLOAT.test(type) && AMOUNT.test(name))
      missing.push(`\`${name}\` is money in floating point: use integer cents or ${words.exact}.`);
    if (
      /_id$/.test(name) &&
      !table.foreignKeys.some(({ columns }) => columns.includes(name)) &&
      !table.primaryKey.includes(name) &&
      KEY.test(type)
    )
      missing.push(`\`${name}\` looks like a reference and has no foreign key: orphans are possible.`);
    if (
      /^(?:status|state|kind|type)$/.test(name) &&
      (type === 'text' || (dialect !== 'postgresql' && /^n?varchar/.test(type))) &&
      !table.checks.some(({ columns }) => columns.includes(name))
    )
      missing.push(
        `\`${name}\` takes any text: a CHECK${dialect === 'sqlite' || dialect === 'transactsql' ? '' : ' (or an enum)'} would refuse a misspelt one.`,
      );
  }
  const signed = table.columns.filter(
    ({ name, type }) =>
      /(?:amount|total|price|quantity|cents)/.test(name) &&
      /^(?:big|small|medium)?int|^numeric|^decimal/.test(type) &&
      !/unsigned/.test(type) &&
      !table.checks.some(({ columns }) => columns.includes(name)),
  );
  if (signed.length > 0)
    missing.push(
      `${signed.map(({ name }) => `\`${name}\``).join(', ')} may be negative: say with a CHECK whether that is meant.`,
    );
  const isThere = (wanted: string): boolean => table.columns.some(({ name }) => name === wanted);
  const hasTime = table.columns.some(
    ({ type, name }) => /_at$/.test(name) && (dialect === 'sqlite' || /^(?:timestamp|datetime)/.test(type)),
  );
  if (table.complete && !hasTime)
    missing.push(`A \`created_at ${words.moment}\`: nobody can say later when a row came.`);
  else if (isThere('created_at') && !isThere('updated_at') && isThere('status'))
    missing.push('An `updated_at`: the status changes, and nobody sees when.');
  return missing;
}
