/** `describe_schema` and `find_column_uses`: the schema as the migrations leave it, and the code that names it. */
import { nearest } from '../../engine/nearest';
import type { ColumnFacts, SchemaFacts, TableFacts } from '../grounding';
import type { ColumnAsked, ColumnUses } from './host';
import { taking, text } from './parameters';
import { defineTool, failure, type ToolError, type ToolValue } from './tool';

/** Tables whose columns are told at once. */
const MOST_TABLES = 40;
const MOST_NAMES = 400;
const MOST_USES = 60;
const MOST_WORDS = 15;
const MOST_UNREAD = 10;

const relation = text('A table, with or without its schema: "orders", "billing.invoices".', { longest: 130 });

export const describeSchema = defineTool({
  name: 'describe_schema',
  title: 'Describe the schema',
  description:
    'Describes the database schema as the project’s migrations leave it: tables with columns and types, keys, or one relation with its indexes, checks, defaults and the tables that refer to it. Use it before you write SQL, a query, a model or a migration, instead of guessing names or reading all migrations. It is read from files; no database is asked.',
  takes: taking({}, { relation }),
  async run({ relation: asked }, host) {
    const facts = await host.schema();
    if (facts.tables.length === 0) return noSchema(facts);
    if (asked === undefined) return wholeSchema(facts);
    const table = tableNamed(asked, facts);
    return 'code' in table ? table : oneTable(table, facts);
  },
});

export const findColumnUses = defineTool({
  name: 'find_column_uses',
  title: 'Find who uses a column',
  description:
    'Says which code of the workspace reads or writes a column, with file:line: models, statements, query builders, and what is read from the rows of "*", each certain, likely or possible, and what of the schema stands on it (indexes, foreign keys, views). Use it before a column is renamed, retyped or dropped, and to learn where a value comes from. "onlyNamed" are files of which no more is known than that they name it; "notSeen" says what could not be looked into.',
  takes: taking(
    {
      table: relation,
      column: text('The column’s name.', { longest: 130 }),
    },
    {},
  ),
  async run({ table: asked, column: askedColumn }, host, signal) {
    const facts = await host.schema();
    const notes: string[] = [];
    const [last = asked, inSchema] = asked
      .replaceAll(/["`[\]]/g, '')
      .split('.')
      .reverse();
    let of: ColumnAsked = { table: last, column: askedColumn, ...(inSchema === undefined ? {} : { schema: inSchema }) };
    if (facts.tables.length > 0) {
      const table = tableNamed(asked, facts);
      if ('code' in table) return table;
      const known = table.columns.map(each => each.name);
      const column = known.find(each => each.toLowerCase() === askedColumn.toLowerCase());
      if (table.complete && column === undefined) {
        const near = nearest(askedColumn, known);
        return failure(
          'not-found',
          `The table ${nameOf(table)} has no column "${askedColumn}" at the head of the migrations.`,
          `${near === undefined ? '' : `Did you mean "${near}"? `}It has ${known.join(', ')}.`,
        );
      }
      if (column === undefined) notes.push('The schema is not known whole, and tells of no such column.');
      of = { table: table.name, column: column ?? askedColumn, ...(isPublic(table) ? {} : { schema: table.schema }) };
    } else notes.push('No migration tells the schema, so the names were not checked.');
    const found = await host.columnUses(of, signal);
    if (found.searched + found.byWordsAlone === 0)
      return failure(
        'nothing-covered',
        'No code was looked at: the workspace holds no file that can be read.',
        'This does not mean that the column is unused. Check that the workspace root is right.',
      );
    return usesValue(`${inSchema === undefined ? '' : `${inSchema}.`}${of.table}.${of.column}`, found, notes);
  },
});

function usesValue(name: string, found: ColumnUses, notes: readonly string[]): ToolValue {
  const { uses, words, unread, inSchema, searched, byWordsAlone, left } = found;
  const of = (sure: 'certain' | 'likely' | 'possible'): readonly string[] => {
    const count = uses.filter(use => use.sure === sure).length;
    return count > 0 ? [`${count} ${sure}`] : [];
  };
  const levels = [...of('certain'), ...of('likely'), ...of('possible')];
  const named = words.length > 0 ? `${words.length} more file${words.length === 1 ? '' : 's'} only name it` : '';
  const summary =
    uses.length > 0
      ? `${name} is used in ${uses.length} place${uses.length === 1 ? '' : 's'} (${levels.join(', ')})${named === '' ? '' : `; ${named}`}.`
      : `No use of ${name} was found in the code that was looked at${named === '' ? '' : `; ${named}`}.`;
  const notSeen = [
    ...unread
      .slice(0, MOST_UNREAD)
      .map(({ file, line, label }) => `${file}:${line}: the statement of ${label} is put together as it runs`),
    ...(unread.length > MOST_UNREAD ? [`${unread.length - MOST_UNREAD} more such statements`] : []),
    ...(byWordsAlone > 0 ? [`${byWordsAlone} files in languages that are not read: by words alone`] : []),
    'names that are put together as the program runs, and whatever lies outside of this workspace (reports, other services)',
  ];
  return {
    summary,
    covered: `${searched} files looked at${left > 0 ? `; ${left} were not, for lack of time` : ''}`,
    uses: uses.slice(0, MOST_USES).map(use => ({
      at: `${use.file}:${use.line}`,
      sure: use.sure,
      how: use.how,
      text: use.text,
    })),
    ...(uses.length > MOST_USES ? { more: uses.length - MOST_USES } : {}),
    ...(inSchema.length > 0 ? { inSchema } : {}),
    ...(words.length > 0
      ? {
          onlyNamed: words
            .slice(0, MOST_WORDS)
            .map(
              ({ file, line, text: written, others }) =>
                `${file}:${line}: ${written}${others > 0 ? ` (and ${others} more line${others === 1 ? '' : 's'})` : ''}`,
            ),
        }
      : {}),
    ...(words.length > MOST_WORDS ? { moreNamed: words.length - MOST_WORDS } : {}),
    notSeen,
    ...(notes.length > 0 ? { notes } : {}),
  };
}

const noSchema = ({ limits }: SchemaFacts): ToolError =>
  failure(
    'nothing-covered',
    limits.length > 0 ? limits.join(' ') : 'No migration or schema file was found, so no table is known.',
    'This does not mean that there are no tables. Look into the models and queries of the code, or ask the person for the schema.',
  );

const isPublic = ({ schema }: TableFacts): boolean => schema === 'public' || schema === '';
const nameOf = (table: TableFacts): string => (isPublic(table) ? table.name : `${table.schema}.${table.name}`);

function tableNamed(asked: string, { tables, limits }: SchemaFacts): TableFacts | ToolError {
  const written = asked.replaceAll(/["`[\]]/g, '').toLowerCase();
  const found = tables.filter(
    table => table.name.toLowerCase() === written || `${table.schema}.${table.name}`.toLowerCase() === written,
  );
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  if (first)
    return failure(
      'invalid-arguments',
      `Several tables are called "${asked}".`,
      `Name one: ${found.map(({ schema, name }) => `${schema}.${name}`).join(', ')}.`,
    );
  const names = tables.map(nameOf);
  const near = nearest(written, names);
  return failure(
    'not-found',
    `The migrations make no table "${asked}".${limits.length > 0 ? ` ${limits.join(' ')}` : ''}`,
    `${near === undefined ? '' : `Did you mean "${near}"? `}There are: ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ', …' : ''}.`,
  );
}

function wholeSchema({ tables, limits }: SchemaFacts): ToolValue {
  const told = tables.slice(0, MOST_TABLES);
  const rest = tables.slice(MOST_TABLES);
  return {
    summary: `${tables.length} table${tables.length === 1 ? '' : 's'}, as the migrations leave them.`,
    tables: told.map(table => ({
      name: nameOf(table),
      ...(table.from ? { at: `${table.from.file}:${table.from.line ?? 1}` } : {}),
      columns: table.columns.map(({ name, type }) => `${name} ${type || '?'}`).join(', '),
      primaryKey: table.primaryKey.join(', '),
      ...(table.foreignKeys.length > 0
        ? { refersTo: table.foreignKeys.map(key => `(${key.columns.join(', ')}) → ${key.table}`) }
        : {}),
    })),
    ...(rest.length > 0
      ? {
          alsoThere: rest.slice(0, MOST_NAMES).map(nameOf),
          next: 'Ask with "relation" for the columns of one of these.',
        }
      : {}),
    ...(limits.length > 0 ? { limits } : {}),
  };
}

function oneTable(table: TableFacts, { tables, limits }: SchemaFacts): ToolValue {
  const referredToBy = tables.flatMap(other =>
    other.foreignKeys
      .filter(key => key.table === table.name)
      .map(key => `${nameOf(other)}(${key.columns.join(', ')}) on delete ${key.onDelete}`),
  );
  return {
    name: nameOf(table),
    ...(table.from ? { at: `${table.from.file}:${table.from.line ?? 1}` } : {}),
    ...(table.comment === undefined ? {} : { comment: table.comment }),
    columns: table.columns.map(columnValue),
    primaryKey: table.primaryKey,
    uniques: table.uniques,
    foreignKeys: table.foreignKeys.map(
      key =>
        `${key.name}: (${key.columns.join(', ')}) → ${key.table}(${key.referenced.join(', ')}) on delete ${key.onDelete}`,
    ),
    checks: table.checks.map(({ name, expression }) => `${name}: ${expression}`),
    indexes: table.indexes.map(({ name, unique, on }) => `${name}${unique ? ' unique' : ''} ${on}`),
    referredToBy,
    complete: table.complete,
    ...(limits.length > 0 ? { limits } : {}),
  };
}

const columnValue = ({ name, type, notNull, default: value, filled, comment }: ColumnFacts): ToolValue => ({
  name,
  type: type || 'unknown',
  notNull,
  ...(value === undefined ? {} : { default: value }),
  ...(filled === undefined ? {} : { filled }),
  ...(comment === undefined ? {} : { comment }),
});
