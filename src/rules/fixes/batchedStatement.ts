/** What the one statement for all items of a loop would look like, for the hover, where no fix can be offered. */
import type { QueryExecution } from '../../facts/facts';

export function batchedStatement(query: QueryExecution): string | undefined {
  return byStatement(query) ?? writtenAtOnce(query);
}

function byStatement({ statement, dialect }: QueryExecution): string | undefined {
  const [comparison, ...others] = (statement?.comparisons ?? []).filter(
    ({ operator, values }) => operator === '=' && values.some(({ kind }) => kind === 'placeholder'),
  );
  if (!statement || !comparison || others.length > 0) return undefined;
  const column = comparison.qualifier ? `${comparison.qualifier}.${comparison.column}` : comparison.column;
  const relations = statement.kind === 'select' ? statement.from : statement.writes;
  const from = relations.map(({ name, alias }) => (alias ? `${name} ${alias}` : name)).join(', ');
  if (!from) return undefined;
  const filter = dialect === 'postgresql' ? `WHERE ${column} = ANY($1)` : `WHERE ${column} IN (…)`;
  switch (statement.kind) {
    case 'select':
      if (statement.combined || statement.locking) return undefined;
      if (statement.aggregated) return fenced(`SELECT ${column}, …`, `FROM ${from}`, filter, `GROUP BY ${column}`);
      if (!statement.limited) return fenced(`SELECT ${column}, …`, `FROM ${from}`, filter);
      return dialect === 'postgresql'
        ? fenced(`SELECT DISTINCT ON (${column}) ${column}, …`, `FROM ${from}`, filter, `ORDER BY ${column}, …`)
        : undefined;
    case 'delete':
      return fenced(`DELETE FROM ${from}`, filter);
    case 'update':
      return statement.placeholders === 1 ? fenced(`UPDATE ${from} SET …`, filter) : undefined;
    default:
      return undefined;
  }
}

const INSERT =
  /^\s*((?:insert|replace)\b[^(]*?\binto\s+[\w."`[\]]+\s*\(([^()]*)\))\s*values\s*(\([\s\S]*?\))\s*(?:on\b[\s\S]*|returning\b[\s\S]*)?;?\s*$/i;
const UPDATE = /^\s*update\s+([\w."`]+)\s+set\s+([\s\S]*?)\s+where\s+([\w."`]+)\s*=\s*\S+\s*;?\s*$/i;

/** Rows that differ in more than a key: many of them in one INSERT, new values beside the keys in one UPDATE. */
function writtenAtOnce({ sql, dialect, placeholder, together }: QueryExecution): string | undefined {
  const text = together?.writes ?? sql?.preview ?? '';
  const [, into, columns = '', values] = INSERT.exec(text) ?? [];
  if (into !== undefined && values !== undefined) return fenced(into, `VALUES ${rowsOf(values, columns, placeholder)}`);
  const [, table, set = '', key = ''] = UPDATE.exec(text) ?? [];
  const changed = [...set.matchAll(/([\w"`]+)\s*=\s*(?:\$\d+|\?|%s|:\w+|@\w+|\$\{[^}]*\})/g)].map(
    ([, column = '']) => column,
  );
  if (table === undefined || changed.length === 0) return undefined;
  const bare = key.slice(key.lastIndexOf('.') + 1);
  if (dialect !== 'postgresql')
    return fenced(
      `UPDATE ${table} SET ${changed.map(column => `${column} = CASE ${bare} WHEN … THEN … END`).join(', ')}`,
      `WHERE ${bare} IN (…)`,
    );
  return fenced(
    `UPDATE ${table} SET ${changed.map(column => `${column} = new.${column}`).join(', ')}`,
    `FROM (VALUES (…), (…), …) AS new (${[bare, ...changed].join(', ')})`,
    `WHERE ${table}.${bare} = new.${bare}`,
  );
}

/** `($1, $2), ($3, $4), …` */
function rowsOf(values: string, columns: string, placeholder: QueryExecution['placeholder']): string {
  const count = columns.split(',').length;
  const isPlain = new RegExp(`^\\(\\s*(?:\\$\\d+\\s*,?\\s*){${count}}\\)$`).test(values);
  if (placeholder !== '$n' || !isPlain)
    return `${values.replace(/\s+/g, ' ')}, ${values.replace(/\s+/g, ' ')}, …`.replace(/\$\d+/g, '…');
  const second = Array.from({ length: count }, (_, index) => `$${count + index + 1}`);
  return `${values}, (${second.join(', ')}), …`;
}

const fenced = (...lines: readonly string[]): string => `\`\`\`sql\n${lines.join('\n')}\n\`\`\``;
