/** Tables, columns, constraints and indexes of node-pg-migrate. Source: the package's src/operations/tables and indexes. */
import { type ChainStep, constantText, type Value } from '../code/values';
import {
  bareName,
  columnsOf,
  comment,
  constraintsOf,
  escaped,
  given,
  literalText,
  NO_CONSTRAINTS,
  named,
  sequenceOptions,
  several,
  text,
  typeIn,
} from './nodePgMigrateColumns';
import {
  cascade,
  ifExists,
  ifNotExists,
  isFalse,
  isNull,
  type Operation,
  option,
  when,
} from './nodePgMigrateOperation';
import { entryOf, flag, quoted } from './quoting';
import { argument, NotTranslated } from './translation';

const addColumns: Operation = (step, write, shorthands) => {
  const { columns, comments } = columnsOf(argument(step, 0), argument(step, 1), shorthands);
  const add = `ADD ${ifNotExists(step, 2)}`;
  write(`ALTER TABLE ${named(argument(step, 0))} ${columns.map(column => add + column).join(', ')}`, step);
  for (const each of comments) write(each, step);
};

const dropColumns: Operation = (step, write) => {
  const given = argument(step, 1);
  const names = given?.kind === 'record' ? [...given.entries.keys()] : several(given).map(each => text(each, 'a name'));
  const drops = names.map(name => `DROP ${ifExists(step, 2)}${quoted(name)}${cascade(step, 2)}`);
  write(`ALTER TABLE ${named(argument(step, 0))} ${drops.join(', ')}`, step);
};

const addConstraint: Operation = (step, write) => {
  const table = named(argument(step, 0));
  const name = constantText(argument(step, 1));
  const expression = constantText(argument(step, 2));
  const { constraints, comments } =
    expression === undefined
      ? constraintsOf(argument(step, 0), argument(step, 2), name)
      : { constraints: [`${name === undefined ? '' : `CONSTRAINT ${quoted(name)} `}${expression}`], comments: [] };
  write(`ALTER TABLE ${table} ${constraints.map(each => `ADD ${each}`).join(', ')}`, step);
  for (const each of comments) write(each, step);
};

const createIndex: Operation = (step, write) => {
  const on = (name: string): boolean => flag(option(step, 2, name));
  const columns = several(argument(step, 1)).map(column => {
    if (column.kind !== 'record') return indexColumn(column);
    const sort = constantText(column.entries.get('sort'));
    const operators = column.entries.get('opclass');
    return [indexColumn(column.entries.get('name')), operators ? named(operators) : '', sort ?? '']
      .filter(Boolean)
      .join(' ');
  });
  const method = constantText(option(step, 2, 'method'));
  const where = option(step, 2, 'where');
  const include = several(option(step, 2, 'include')).map(each => quoted(text(each, 'a name')));
  const nulls = constantText(option(step, 2, 'nulls'));
  write(
    [
      `CREATE ${when(on('unique'), 'UNIQUE ')}INDEX ${when(on('concurrently'), 'CONCURRENTLY ')}${ifNotExists(step, 2)}`,
      `${quoted(indexName(step))} ON ${named(argument(step, 0))}`,
      method === undefined ? '' : ` USING ${method}`,
      ` (${columns.join(', ')})`,
      when(include.length > 0, ` INCLUDE (${include.join(', ')})`),
      nulls === undefined ? '' : ` NULLS ${nulls.toUpperCase()}`,
      where ? ` WHERE ${text(where, 'a condition')}` : '',
    ].join(''),
    step,
  );
};

function indexColumn(value: Value | undefined): string {
  const written = literalText(value) ?? text(value, 'a column');
  if (!/[^\w".]/.test(written)) return quoted(written);
  return written.endsWith(')') ? written : `(${written})`;
}

/** `orders_user_id_unique_index`: how the tool names what it is given no name for. */
function indexName(step: ChainStep): string {
  const given = constantText(option(step, 2, 'name'));
  if (given !== undefined) return given;
  const columns = several(argument(step, 1)).map(column =>
    text(column.kind === 'record' ? column.entries.get('name') : column, 'a column'),
  );
  return `${bareName(argument(step, 0))}_${columns.join('_')}${when(flag(option(step, 2, 'unique')), '_unique')}_index`;
}

const dropIndex: Operation = (step, write) => {
  const table = argument(step, 0);
  const schema = table?.kind === 'record' ? constantText(table.entries.get('schema')) : undefined;
  const name = (schema === undefined ? '' : `${quoted(schema)}.`) + quoted(indexName(step));
  const concurrently = when(flag(option(step, 2, 'concurrently')), 'CONCURRENTLY ');
  write(`DROP INDEX ${concurrently}${ifExists(step, 2)}${name}${cascade(step, 2)}`, step);
};

const alterColumn: Operation = (step, write) => {
  const table = named(argument(step, 0));
  const column = named(argument(step, 1));
  const options = argument(step, 2);
  if (options?.kind !== 'record' || options.open) throw new NotTranslated('an alteration that is not constant');
  const has = (name: string): boolean => given(options.entries.get(name));
  const actions: string[] = [];
  if (has('default'))
    actions.push(
      isNull(options.entries.get('default'))
        ? 'DROP DEFAULT'
        : `SET DEFAULT ${escaped(options.entries.get('default'))}`,
    );
  if (has('type')) {
    const collation = constantText(options.entries.get('collation'));
    const using = constantText(options.entries.get('using'));
    actions.push(
      `SET DATA TYPE ${typeIn(options.entries.get('type'))}${collation === undefined ? '' : ` COLLATE ${collation}`}${using === undefined ? '' : ` USING ${using}`}`,
    );
  }
  if (flag(options.entries.get('notNull'))) actions.push('SET NOT NULL');
  else if (isFalse(options.entries.get('notNull')) || flag(options.entries.get('allowNull')))
    actions.push('DROP NOT NULL');
  const identity = options.entries.get('sequenceGenerated') ?? options.entries.get('generated');
  if (identity?.kind === 'record')
    actions.push(
      `ADD GENERATED ${text(identity.entries.get('precedence'), 'an identity')} AS IDENTITY${when(sequenceOptions(identity) !== '', ` (${sequenceOptions(identity)})`)}`,
    );
  else if (given(identity)) actions.push('DROP IDENTITY');
  const expression = options.entries.get('expressionGenerated');
  if (isNull(expression)) actions.push('DROP EXPRESSION');
  else if (has('expressionGenerated')) actions.push(`SET EXPRESSION AS (${text(expression, 'an expression')})`);
  if (actions.length > 0)
    write(`ALTER TABLE ${table} ${actions.map(action => `ALTER ${column} ${action}`).join(', ')}`, step);
  if (has('comment')) write(comment(`COLUMN ${table}.${column}`, options.entries.get('comment')), step);
};

/** `LIKE orders INCLUDING INDEXES`. @throws NotTranslated */
function likeOf(like: Value | undefined): string {
  const options = entryOf(like, 'options');
  const parts = (['including', 'excluding'] as const).flatMap(word =>
    several(entryOf(options, word)).map(each => `${word.toUpperCase()} ${text(each, 'what is taken over')}`),
  );
  return [`LIKE ${named(entryOf(like, 'table') ?? like)}`, ...parts].join(' ');
}

/** ` PARTITION BY RANGE (day)`, or nothing. @throws NotTranslated */
function partitionOf(partition: Value | undefined): string {
  if (!given(partition)) return '';
  const columns = several(entryOf(partition, 'columns')).map(column => {
    const [collation, operators] = [entryOf(column, 'collate'), entryOf(column, 'opclass')];
    return [
      named(entryOf(column, 'name') ?? column),
      ...(collation ? [`COLLATE ${text(collation, 'a collation')}`] : []),
      ...(operators ? [text(operators, 'an operator class')] : []),
    ].join(' ');
  });
  return ` PARTITION BY ${text(entryOf(partition, 'strategy'), 'a strategy')} (${columns.join(', ')})`;
}

const createTable: Operation = (step, write, shorthands) => {
  const table = argument(step, 0);
  const { columns, primaryKey, comments } = columnsOf(table, argument(step, 1), shorthands);
  const ofAll = option(step, 2, 'constraints');
  const shared = ofAll ? constraintsOf(table, ofAll, undefined) : NO_CONSTRAINTS;
  const key =
    primaryKey.length > 0
      ? [`CONSTRAINT ${quoted(`${bareName(table)}_pkey`)} PRIMARY KEY (${primaryKey.map(quoted).join(', ')})`]
      : [];
  const like = option(step, 2, 'like');
  const parts = [...columns, ...shared.constraints, ...key, ...(given(like) ? [likeOf(like)] : [])];
  const parent = option(step, 2, 'inherits');
  const kind = `${when(flag(option(step, 2, 'temporary')), 'TEMPORARY ')}${when(flag(option(step, 2, 'unlogged')), 'UNLOGGED ')}`;
  write(
    `CREATE ${kind}TABLE ${ifNotExists(step, 2)}${named(table)} (${parts.join(', ')})` +
      `${given(parent) ? ` INHERITS (${named(parent)})` : ''}${partitionOf(option(step, 2, 'partition'))}`,
    step,
  );
  for (const each of [...comments, ...shared.comments]) write(each, step);
  if (option(step, 2, 'comment')) write(comment(`TABLE ${named(table)}`, option(step, 2, 'comment')), step);
};

export const tableOperations: Readonly<Record<string, Operation>> = {
  createTable,
  addColumns,
  addColumn: addColumns,
  dropColumns,
  dropColumn: dropColumns,
  alterColumn,
  addConstraint,
  createConstraint: addConstraint,
  createIndex,
  addIndex: createIndex,
  dropIndex,
  renameColumn: (step, write) =>
    write(
      `ALTER TABLE ${named(argument(step, 0))} RENAME ${named(argument(step, 1))} TO ${named(argument(step, 2))}`,
      step,
    ),
  renameConstraint: (step, write) =>
    write(
      `ALTER TABLE ${named(argument(step, 0))} RENAME CONSTRAINT ${named(argument(step, 1))} TO ${named(argument(step, 2))}`,
      step,
    ),
  dropConstraint: (step, write) =>
    write(
      `ALTER TABLE ${when(flag(option(step, 2, 'ifTableExists')), 'IF EXISTS ')}${named(argument(step, 0))} DROP CONSTRAINT ${ifExists(step, 2)}${named(argument(step, 1))}${cascade(step, 2)}`,
      step,
    ),
  alterTable: (step, write) => {
    const security = option(step, 1, 'levelSecurity');
    const unlogged = option(step, 1, 'unlogged');
    const actions = [
      given(security) && `${text(security, 'row security')} ROW LEVEL SECURITY`,
      flag(unlogged) ? 'SET UNLOGGED' : isFalse(unlogged) && 'SET LOGGED',
    ].filter(action => action !== false);
    if (actions.length === 0) throw new NotTranslated('`alterTable`');
    write(`ALTER TABLE ${named(argument(step, 0))} ${actions.join(', ')}`, step);
  },
};
