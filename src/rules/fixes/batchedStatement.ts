/** What the one statement for all items of a loop would look like, for the hover, where no fix can be offered. */
import type { QueryExecution } from '../../facts/facts';

export function batchedStatement({ statement, dialect }: QueryExecution): string | undefined {
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

const fenced = (...lines: readonly string[]): string => `\`\`\`sql\n${lines.join('\n')}\n\`\`\``;
