/**
 * Whether a table or a column is there, asked in SQL of what the standard says of every schema: rows where it is, none where it
 * is not. Source: ISO 9075-11 (Schemata), as PostgreSQL, MySQL, MariaDB and SQL Server have it.
 */
import { type ChainStep, constantText, type Value } from '../code/values';

export interface AskedInSql {
  readonly schema?: string;
  readonly table: string;
  readonly column?: string;
  /** The lists have views too, unless the question leaves them out. */
  readonly orView?: true;
}

const SENDS = new Set(['query', 'execute', 'raw']);

/** What the number of rows of a call tells; undefined for another question, or one that gives a row whatever is there. */
export function askedByRows(steps: readonly ChainStep[]): AskedInSql | undefined {
  const reads = steps.slice(steps.findLastIndex(step => step.arguments !== undefined) + 1).map(({ name }) => name);
  const call = steps.at(-1 - reads.length);
  if (!call || !SENDS.has(call.name) || !/^(?:rows\.)?length$/.test(reads.join('.'))) return undefined;
  // with values, or in a form of its own: `raw(text, bindings)`
  if (call.arguments?.length !== 1) return undefined;
  return questionIn(textOf(call.arguments[0]?.value) ?? '');
}

/** The text that is sent, in a tag or as it is. */
function textOf(value: Value | undefined): string | undefined {
  const made = value?.kind === 'chain' ? value.steps.findLast(step => step.arguments !== undefined) : undefined;
  return made && made.arguments?.length === 1 ? constantText(made.arguments[0]?.value) : constantText(value);
}

const QUESTION =
  /^\s*SELECT\s+(?<gives>[\w*,\s"`]+?)\s+FROM\s+information_schema\.(?<of>tables|columns)\s+WHERE\s+(?<where>[^()]*?(?:(?:current_schema|database)\(\)[^()]*?)?)\s*(?:LIMIT\s+1\s*)?;?\s*$/i;
const PART =
  /^(?<name>table_schema|table_name|column_name|table_type)\s*=\s*(?:'(?<text>[^']+)'|(?:current_schema|database)\(\))$/i;

function questionIn(sql: string): AskedInSql | undefined {
  const { gives = '', of = '', where = '' } = QUESTION.exec(sql)?.groups ?? {};
  if (where === '' || /\bdistinct\b/i.test(gives)) return undefined;
  const told = new Map<string, string | undefined>();
  for (const part of where.split(/\s+AND\s+/i)) {
    const { name, text } = PART.exec(part.trim())?.groups ?? {};
    if (name === undefined || told.has(name.toLowerCase())) return undefined;
    told.set(name.toLowerCase(), text);
  }
  const [schema, table, column] = ['table_schema', 'table_name', 'column_name'].map(name => told.get(name));
  const isOfColumn = of.toLowerCase() === 'columns';
  if (table === undefined || isOfColumn !== (column !== undefined)) return undefined;
  const isOfTables = told.has('table_type');
  if (isOfTables && told.get('table_type')?.toUpperCase() !== 'BASE TABLE') return undefined;
  return {
    ...(schema === undefined ? {} : { schema }),
    table,
    ...(column === undefined ? {} : { column }),
    ...(isOfTables ? {} : { orView: true }),
  };
}
