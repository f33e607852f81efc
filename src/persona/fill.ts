/** Fills a playbook's sketch with the workspace's names, and keeps of each sketch the variant in its dialect and language. */
import type { Dialect, ForeignKeyFacts, Language, SchemaFacts, StackFacts, TableFacts } from './grounding';

/** What a sketch calls its tables and columns where no schema says otherwise. */
export interface Names {
  readonly table: string;
  readonly key: string;
  readonly time: string;
  /** The column that says whose row it is, and the table that it refers to. */
  readonly owner: string;
  readonly parent: string;
  readonly child: string;
  /** The child's column that refers to the table. */
  readonly fk: string;
}

export const EXAMPLE_NAMES: Names = {
  table: 'orders',
  key: 'id',
  time: 'created_at',
  owner: 'customer_id',
  parent: 'customers',
  child: 'order_lines',
  fk: 'order_id',
};

/** Names as a sketch may hold them without quotes. */
const PLAIN = /^[a-z_][a-z0-9_]*$/;

/** The names around a table; where it has no such column or neighbour, those of the example stand. */
export function namesAround(table: TableFacts | undefined, { tables }: Pick<SchemaFacts, 'tables'>): Names {
  if (!table || !PLAIN.test(table.name)) return EXAMPLE_NAMES;
  const owner = parentOf(table);
  const [child] = tables.flatMap(each =>
    each.foreignKeys
      .filter(key => key.table === table.name && each.name !== table.name && key.columns.length === 1)
      .map(key => ({ name: each.name, fk: key.columns[0] ?? '' })),
  );
  const time =
    table.columns.find(
      ({ name, type }) => /^timestamp/.test(type) && /^(?:created|placed|occurred|inserted)/.test(name),
    ) ?? table.columns.find(({ type, notNull }) => /^timestamp/.test(type) && notNull);
  return {
    table: table.name,
    key: table.primaryKey.length === 1 ? (table.primaryKey[0] ?? 'id') : 'id',
    time: time?.name ?? EXAMPLE_NAMES.time,
    owner: owner?.columns[0] ?? EXAMPLE_NAMES.owner,
    parent: owner?.table ?? EXAMPLE_NAMES.parent,
    child: child?.name ?? `${table.name.replace(/s$/, '')}_items`,
    fk: child?.fk ?? `${table.name.replace(/s$/, '')}_id`,
  };
}

/** The foreign key that tells whose a row is: to those who sign in. */
export const ownerOf = (table: TableFacts): ForeignKeyFacts | undefined =>
  table.foreignKeys.find(
    ({ columns, table: to }) =>
      columns.length === 1 && /^(?:users?|customers?|accounts?|tenants?|org\w*|members?)$/.test(to),
  );

/** The row that a row hangs on, where it belongs to nobody by itself. */
export const parentOf = (table: TableFacts): ForeignKeyFacts | undefined =>
  ownerOf(table) ?? table.foreignKeys.find(({ columns }) => columns.length === 1);

export const filled = (markdown: string, names: Names): string =>
  markdown.replace(/\{\{(\w+)\}\}/g, (whole, name: string) =>
    Object.hasOwn(names, name) ? names[name as keyof Names] : whole,
  );

/** Which variant of adjoining code blocks a language or a dialect is served by. */
const CODE: Readonly<Record<string, Language>> = {
  ts: 'typescript',
  python: 'python',
  go: 'go',
  java: 'java',
  php: 'php',
};

interface Fence {
  readonly info: string;
  readonly lines: readonly string[];
}

/**
 * Adjoining code blocks of one kind, SQL or program, are variants: one of them stays. Where none is written for the
 * workspace's dialect or language, the first one stays and says what it is written for.
 */
export function inWorkspaceTerms(markdown: string, stack: Pick<StackFacts, 'dialect' | 'language'>): string {
  const out: string[] = [];
  let run: Fence[] = [];
  const flush = (): void => {
    if (run.length > 0) out.push(...chosen(run, stack));
    run = [];
  };
  const lines = markdown.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (!line.startsWith('```')) {
      if (line.trim() !== '' || run.length === 0) {
        flush();
        out.push(line);
      }
      continue;
    }
    const end = lines.indexOf('```', at + 1);
    const fence = { info: line.slice(3).trim(), lines: lines.slice(at + 1, end) };
    if (run[0] && kindOf(run[0]) !== kindOf(fence)) flush();
    run.push(fence);
    at = end;
  }
  flush();
  return out.join('\n');
}

const kindOf = ({ info }: Fence): 'sql' | 'code' | 'other' =>
  info.startsWith('sql') ? 'sql' : CODE[info] !== undefined ? 'code' : 'other';

function chosen(run: readonly Fence[], { dialect, language }: Pick<StackFacts, 'dialect' | 'language'>): string[] {
  const first = run[0];
  if (!first) return [];
  const kind = kindOf(first);
  if (kind === 'other') return run.flatMap(({ info, lines }) => printed(info, lines));
  if (kind === 'sql') {
    const wanted = family(dialect);
    const own = run.find(({ info }) => family(dialectIn(info)) === wanted);
    const { info, lines } = own ?? first;
    const note = own
      ? []
      : [`-- written for ${DIALECT_NAMES[dialectIn(info)]}; the steps are the same, some words differ`];
    return printed('sql', [...note, ...lines]);
  }
  const own = run.find(({ info }) => CODE[info] === language);
  return printed((own ?? first).info, (own ?? first).lines);
}

const printed = (info: string, lines: readonly string[]): string[] => [`\`\`\`${info}`, ...lines, '```'];

const dialectIn = (info: string): Dialect => (info.includes('mysql') ? 'mysql' : 'postgresql');

const family = (dialect: Dialect): string => (dialect === 'mariadb' ? 'mysql' : dialect);

export const DIALECT_NAMES: Readonly<Record<Dialect, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  sqlite: 'SQLite',
  transactsql: 'SQL Server',
};
