/** What Sequelize's QueryInterface sends to PostgreSQL. Source: sequelize 6, lib/dialects/abstract/query-interface.js and the generators beside it. */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { entryOf, flag, literal, literalOf, namesOf, quoted } from './quoting';
import { columnOf, createEnum, definition, enumName, tableOf } from './sequelizeColumns';
import { argument, NotTranslated, type Translator, textArgument, type Write } from './translation';

const LOOKS = new Set(
  'describeTable tableExists showAllTables showAllSchemas showIndex showConstraint getForeignKeyReferencesForTable rawSelect select commit rollback quoteIdentifier getDialect literal fn col escape getQueryInterface then catch finally'.split(
    ' ',
  ),
);
const ASKS: Asks = {
  table: new Set(['tableExists']),
  column: new Set(),
  columns: new Set(['describeTable']),
  tables: new Set(['showAllTables']),
};
const DATA = new Set('bulkInsert bulkUpdate bulkDelete insert update delete upsert increment decrement'.split(' '));

export const sequelizeTranslator: Translator = {
  // the second parameter is the library itself, whose types and functions change nothing
  acts: root => root.kind === 'parameter' && root.of === 'migration' && root.index === 0,
  asksServer: ['sequelize.getDialect', 'sequelize.options.dialect', 'sequelize.dialect.name'],
  translate,
};

function translate(chain: Chain, plainWrite: Write): void {
  const write = guardedWrite(chain, ASKS, plainWrite);
  for (const step of chain.steps) {
    if (!step.arguments) continue;
    if (DATA.has(step.name)) {
      write.rows(step);
      continue;
    }
    if (step.name === 'transaction' || LOOKS.has(step.name)) {
      if (step.name !== 'catch') write.all(step.inner);
      continue;
    }
    const operation = Object.hasOwn(OPERATIONS, step.name) ? OPERATIONS[step.name] : undefined;
    if (!operation) throw new NotTranslated(`\`${step.name}\``);
    operation(step, write);
  }
}

type Operation = (step: ChainStep, write: Write) => void;

/** The name as the tool writes one that it makes up: `ordersUserId` is `orders_user_id`. */
const underscored = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();

const createTable: Operation = (step, write) => {
  const given = argument(step, 1);
  if (given?.kind !== 'record' || given.open) throw new NotTranslated('columns that are not constant');
  const options = argument(step, 2);
  const schema = constantText(entryOf(options, 'schema'));
  const named = tableOf(argument(step, 0));
  const table =
    schema !== undefined && named.schema === undefined
      ? { name: named.name, schema, sql: `${quoted(schema)}.${named.sql}` }
      : named;
  const columns = [...given.entries].map(([key, value]) => columnOf(table, key, value));
  for (const { labels, name } of columns) if (labels) write(createEnum(enumName(table, name), labels), step);
  const parts = columns.map(definition);
  const uniques = entryOf(options, 'uniqueKeys');
  if (uniques?.kind === 'record')
    for (const unique of uniques.entries.values()) {
      const fields = namesOf(entryOf(unique, 'fields'));
      if (!fields) throw new NotTranslated('a unique key that is not constant');
      parts.push(`UNIQUE (${fields.map(quoted).join(', ')})`);
    }
  const keys = columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => quoted(name));
  if (keys.length > 0) parts.push(`PRIMARY KEY (${keys.join(',')})`);
  write(`CREATE TABLE IF NOT EXISTS ${table.sql} (${parts.join(', ')})`, step);
  const comment = constantText(entryOf(options, 'comment'));
  if (comment !== undefined) write(`COMMENT ON TABLE ${table.sql} IS ${literal(comment)}`, step);
  for (const { name, comment: said } of columns)
    if (said !== undefined) write(`COMMENT ON COLUMN ${table.sql}.${quoted(name)} IS ${literal(said)}`, step);
};

const addColumn: Operation = (step, write) => {
  const table = tableOf(argument(step, 0));
  const given = argument(step, 2);
  if (!given) throw new NotTranslated('a column that is not constant');
  const column = columnOf(table, textArgument(step, 1), given);
  if (column.labels) write(createEnum(enumName(table, column.name), column.labels), step);
  write(`ALTER TABLE ${table.sql} ADD COLUMN ${definition(column)}`, step);
  if (column.comment !== undefined)
    write(`COMMENT ON COLUMN ${table.sql}.${quoted(column.name)} IS ${literal(column.comment)}`, step);
};

const changeColumn: Operation = (step, write) => {
  const table = tableOf(argument(step, 0));
  const given = argument(step, 2);
  if (!given) throw new NotTranslated('a column that is not constant');
  const column = columnOf(table, textArgument(step, 1), given);
  const name = quoted(column.name);
  const alter = `ALTER TABLE ${table.sql} ALTER COLUMN ${name}`;
  if (column.increments) throw new NotTranslated('a column that is made to count');
  if (column.notNull) write(`${alter} SET NOT NULL`, step);
  else if (!column.references) write(`${alter} DROP NOT NULL`, step);
  if (column.default !== undefined) write(`${alter} SET DEFAULT ${column.default}`, step);
  else if (!column.references) write(`${alter} DROP DEFAULT`, step);
  if (column.labels) write(createEnum(column.type, column.labels), step);
  if (column.unique) write(`ALTER TABLE ${table.sql} ADD UNIQUE (${name})`, step);
  if (column.references) write(`ALTER TABLE ${table.sql} ADD FOREIGN KEY (${name}) ${column.references}`, step);
  else
    write(`${alter} TYPE ${column.type}${column.labels ? ` USING (${name}::${column.type})` : ''}`, step, [], {
      repeatsType: ['allowNull', 'defaultValue', 'unique', 'comment'].some(each => entryOf(given, each) !== undefined),
    });
  if (column.comment !== undefined) write(`COMMENT ON COLUMN ${table.sql}.${name} IS ${literal(column.comment)}`, step);
};

/** The options of a call whose second argument may be the list of fields. */
function withFields(step: ChainStep): { readonly fields: readonly Value[]; readonly options: Value | undefined } {
  const second = argument(step, 1);
  const options = second?.kind === 'list' ? argument(step, 2) : second;
  const list = second?.kind === 'list' ? second : entryOf(options, 'fields');
  if (list?.kind !== 'list' || list.open) throw new NotTranslated('fields that are not constant');
  return { fields: list.items, options };
}

function fieldName(field: Value): string {
  const name = constantText(field) ?? constantText(entryOf(field, 'name')) ?? constantText(entryOf(field, 'attribute'));
  if (name === undefined) throw new NotTranslated('a field that is not constant');
  return name;
}

const addIndex: Operation = (step, write) => {
  const table = tableOf(argument(step, 0));
  const { fields, options } = withFields(step);
  const entry = (name: string): string | undefined => constantText(entryOf(options, name));
  if (entryOf(options, 'where')) throw new NotTranslated('an index with a condition');
  const list = fields.map(field => {
    const operator = constantText(entryOf(field, 'operator')) ?? entry('operator');
    const order = constantText(entryOf(field, 'order'));
    const collate = constantText(entryOf(field, 'collate'));
    return [quoted(fieldName(field)), collate && `COLLATE ${quoted(collate)}`, operator, order]
      .filter(Boolean)
      .join(' ');
  });
  const name = entry('name') ?? entry('indexName') ?? underscored(`${table.name}_${fields.map(fieldName).join('_')}`);
  const type = entry('type')?.toUpperCase();
  const unique = flag(entryOf(options, 'unique')) || type === 'UNIQUE';
  const method = entry('using');
  write(
    `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${flag(entryOf(options, 'concurrently')) ? 'CONCURRENTLY ' : ''}${quoted(name)} ON ${table.sql}` +
      `${method === undefined ? '' : ` USING ${method}`} (${list.join(', ')})`,
    step,
  );
};

const addConstraint: Operation = (step, write) => {
  const table = tableOf(argument(step, 0));
  const { fields, options } = withFields(step);
  const entry = (name: string): string | undefined => constantText(entryOf(options, name));
  const names = fields.map(fieldName);
  const list = names.map(quoted).join(', ');
  const type = entry('type')?.toUpperCase();
  if (entryOf(options, 'deferrable')) throw new NotTranslated('a deferrable constraint');
  const made = (suffix: string): string => quoted(entry('name') ?? `${table.name}_${names.join('_')}_${suffix}`);
  const add = (sql: string): void => write(`ALTER TABLE ${table.sql} ADD CONSTRAINT ${sql}`, step);
  switch (type) {
    case 'UNIQUE':
      return add(`${made('uk')} UNIQUE (${list})`);
    case 'PRIMARY KEY':
      return add(`${made('pk')} PRIMARY KEY (${list})`);
    case 'FOREIGN KEY': {
      const references = entryOf(options, 'references');
      const target = tableOf(entryOf(references, 'table'));
      const field = entryOf(references, 'field');
      const columns = namesOf(field ?? entryOf(references, 'fields'));
      if (!columns) throw new NotTranslated('a reference that is not constant');
      const action = (name: string, words: string): string => {
        const value = entry(name);
        return value === undefined ? '' : ` ${words} ${value.toUpperCase()}`;
      };
      return add(
        `${made(`${target.name}_fk`)} FOREIGN KEY (${list}) REFERENCES ${target.sql} (${columns.map(quoted).join(', ')})` +
          `${action('onUpdate', 'ON UPDATE')}${action('onDelete', 'ON DELETE')}`,
      );
    }
    case 'CHECK': {
      const where = entryOf(options, 'where');
      const [only] = names;
      const values = only === undefined ? undefined : entryOf(where, only);
      const list = values?.kind === 'list' && !values.open ? values.items.map(literalOf) : undefined;
      if (only === undefined || !list?.every(each => each !== undefined))
        throw new NotTranslated('a check that is built');
      return add(`${made('ck')} CHECK (${quoted(only)} IN (${list.join(', ')}))`);
    }
    default:
      throw new NotTranslated(`a constraint of type \`${type}\``);
  }
};

const query: Operation = (step, write) => {
  const given = argument(step, 0);
  const text = given?.kind === 'record' ? given.entries.get('query') : given;
  if (text?.kind !== 'text' || !text.complete) throw new NotTranslated('`query` of a text that is not constant');
  const options = argument(step, 1);
  if (entryOf(options, 'replacements') || entryOf(options, 'bind') || entryOf(given, 'values')) {
    if (/^\s*(?:insert|update|delete|select|with)\b/i.test(text.value))
      throw new NotTranslated('rows that `query` writes', true);
    throw new NotTranslated('`query` with replacements');
  }
  write(text.value, step, text.pieces);
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  createTable,
  addColumn,
  changeColumn,
  addIndex,
  addConstraint,
  query,
  dropTable: (step, write) => {
    const options = argument(step, 1);
    const cascade = flag(entryOf(options, 'cascade')) || flag(entryOf(options, 'force'));
    write(`DROP TABLE IF EXISTS ${tableOf(argument(step, 0)).sql}${cascade ? ' CASCADE' : ''}`, step);
  },
  renameTable: (step, write) =>
    write(`ALTER TABLE ${tableOf(argument(step, 0)).sql} RENAME TO ${quoted(tableOf(argument(step, 1)).name)}`, step),
  removeColumn: (step, write) =>
    write(`ALTER TABLE ${tableOf(argument(step, 0)).sql} DROP COLUMN ${quoted(textArgument(step, 1))}`, step),
  renameColumn: (step, write) =>
    write(
      `ALTER TABLE ${tableOf(argument(step, 0)).sql} RENAME COLUMN ${quoted(textArgument(step, 1))} TO ${quoted(textArgument(step, 2))}`,
      step,
    ),
  removeIndex: (step, write) => {
    const given = argument(step, 1);
    const columns = given?.kind === 'list' ? namesOf(given) : undefined;
    const name = columns
      ? underscored(`${tableOf(argument(step, 0)).name}_${columns.join('_')}`)
      : textArgument(step, 1);
    const concurrently = flag(entryOf(argument(step, 2), 'concurrently')) ? 'CONCURRENTLY ' : '';
    write(`DROP INDEX ${concurrently}IF EXISTS ${quoted(name)}`, step);
  },
  removeConstraint: (step, write) =>
    write(`ALTER TABLE ${tableOf(argument(step, 0)).sql} DROP CONSTRAINT ${quoted(textArgument(step, 1))}`, step),
  createSchema: (step, write) => write(`CREATE SCHEMA ${quoted(textArgument(step, 0))}`, step),
  dropSchema: (step, write) => write(`DROP SCHEMA IF EXISTS ${quoted(textArgument(step, 0))} CASCADE`, step),
  dropEnum: (step, write) => write(`DROP TYPE IF EXISTS ${quoted(textArgument(step, 0))}`, step),
};
