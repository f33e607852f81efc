/** What Alembic's operations send to PostgreSQL. Source: alembic.sqlalchemy.org/en/latest/ops.html. */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { flag, literal, namesOf, quoted } from './quoting';
import {
  actionsSql,
  argumentOf,
  columnSql,
  defaultSql,
  enumOf,
  foreignKeySql,
  madeBy,
  nameOf,
  positional,
  textOf,
  typeSql,
} from './sqlalchemyTypes';
import { NotTranslated, type Said, type Translator, type Write, writesRows, writeText } from './translation';

/** What changes nothing by itself. */
const QUIET = new Set([
  'get_bind',
  'get_context',
  'is_offline_mode',
  'autocommit_block',
  'f',
  'inline_literal',
  'run_async',
  'has_table',
  // what is read of an answer: docs.sqlalchemy.org/en/20/core/connections.html (Result)
  ...'all close fetchall fetchmany fetchone first keys mappings one one_or_none partitions scalar scalars'.split(' '),
  ...'scalar_one scalar_one_or_none unique yield_per'.split(' '),
]);
const ASKS: Asks = {
  table: new Set(['has_table']),
  column: new Set(),
  columns: new Set(['get_columns']),
  tables: new Set(['get_table_names']),
};
const DATA = new Set(['bulk_insert']);

export const alembicTranslator: Translator = {
  acts: root => root.kind === 'import' && (root.from.startsWith('alembic') || root.from.startsWith('sqlalchemy')),
  asksServer: [
    'get_bind.dialect.name',
    'get_bind.engine.name',
    'get_bind.engine.dialect.name',
    'get_context.dialect.name',
    'get_context.bind.dialect.name',
  ],
  translate,
};

function translate(chain: Chain, plainWrite: Write): void {
  const { root } = chain;
  if (root.kind === 'import' && root.from.startsWith('sqlalchemy')) {
    enumCall(chain, plainWrite);
    return;
  }
  const write = guardedWrite(chain, ASKS, plainWrite);
  let batch: { readonly table: Value | undefined; readonly schema: Value | undefined } | undefined;
  for (const step of chain.steps) {
    if (!step.arguments || QUIET.has(step.name)) continue;
    if (DATA.has(step.name)) throw new NotTranslated(`rows that \`${step.name}\` writes`, true);
    if (step.name === 'batch_alter_table') {
      batch = { table: argumentOf(step, 'table_name', 0), schema: argumentOf(step, 'schema') };
      continue;
    }
    const operation = Object.hasOwn(OPERATIONS, step.name) ? OPERATIONS[step.name] : undefined;
    if (!operation) throw new NotTranslated(`\`${step.name}\``);
    operation(new Operation(step, write, batch));
  }
}

/** `status.create(op.get_bind())`, `sa.Enum(name='status').drop(op.get_bind())` */
function enumCall(chain: Chain, write: Write): void {
  const call = chain.steps.find(step => step.arguments && (step.name === 'create' || step.name === 'drop'));
  if (!call) return;
  if (chain.conditions.length > 0) throw new NotTranslated('a step that runs only under a condition');
  const checked = flag(argumentOf(call, 'checkfirst', 1));
  if (call.name === 'drop') {
    const step = madeBy(chain, name => name === 'Enum' || name === 'ENUM');
    const name = step && constantText(argumentOf(step, 'name'));
    if (name === undefined) throw new NotTranslated('a type that is dropped');
    write(`DROP TYPE ${checked ? 'IF EXISTS ' : ''}${quoted(name)}`, call);
    return;
  }
  const type = enumOf(chain);
  if (!type) throw new NotTranslated('`create` of what is no enum');
  const create = createType(type);
  write(checked ? `DO $$ BEGIN ${create}; EXCEPTION WHEN duplicate_object THEN NULL; END $$` : create, call);
}

const createType = ({ name, values }: { readonly name: string; readonly values: readonly string[] }): string =>
  `CREATE TYPE ${name} AS ENUM (${values.map(literal).join(', ')})`;

/** One call of `op`, or of the object that `batch_alter_table` gives, whose operations know their table. */
class Operation {
  constructor(
    readonly step: ChainStep,
    private readonly write: Write,
    private readonly batch: { readonly table: Value | undefined; readonly schema: Value | undefined } | undefined,
  ) {}

  send(sql: string, said?: Said): void {
    this.write(sql, this.step, [], said);
  }

  /** What stands among its arguments and asks for a statement of its own. */
  asked(step: ChainStep): Operation {
    return new Operation(step, this.write, this.batch);
  }

  sendText(value: Value | undefined): void {
    writeText(value, 'execute', this.step, this.write);
  }

  /** An argument by its keyword or position; `afterTable` counts without the table, which a batch does not name. */
  value(name: string, index?: number): Value | undefined {
    return argumentOf(this.step, name, index);
  }

  afterTable(name: string, index: number): Value | undefined {
    return argumentOf(this.step, name, this.batch ? index : index + 1);
  }

  on(name: string): boolean {
    return flag(this.value(name));
  }

  /** The table, by its keyword or position in calls outside a batch. */
  table(name: string, index: number, schema = 'schema'): string {
    const within = constantText(this.value(schema)) ?? constantText(this.batch?.schema);
    const table = quoted(nameOf(this.batch ? this.batch.table : this.value(name, index), 'a table'));
    return within === undefined ? table : `${quoted(within)}.${table}`;
  }

  columns(value: Value | undefined): string {
    const names = namesOf(value);
    if (!names) throw new NotTranslated('columns that are not constant');
    return names.map(quoted).join(', ');
  }

  /** `CONSTRAINT "name" `, or nothing where the server is to make one up. */
  constraint(value: Value | undefined): string {
    const name = textOf(value);
    return name === undefined ? '' : `CONSTRAINT ${quoted(name)} `;
  }
}

function createTable(op: Operation): void {
  const table = op.table('table_name', 0);
  const parts = positional(op.step).slice(1);
  const made = (names: readonly string[]): readonly ChainStep[] =>
    parts.map(part => madeBy(part, name => names.includes(name))).filter(step => step !== undefined);
  const columnSteps = made(['Column']);
  const keyStep = made(['PrimaryKeyConstraint'])[0];
  const keyed = columnSteps
    .filter(step => flag(argumentOf(step, 'primary_key')))
    .map(step => nameOf(positional(step)[0], 'a column'));
  const key = keyStep ? positional(keyStep).map(each => nameOf(each, 'a column')) : keyed;
  const columns = columnSteps.map(step => {
    const name = nameOf(positional(step)[0], 'a column');
    const isKey = key.includes(name);
    const column = columnSql(step, isKey && (key.length === 1 || flag(argumentOf(step, 'autoincrement'))));
    return isKey && !/ NOT NULL$/.test(column.sql) ? { ...column, sql: `${column.sql} NOT NULL` } : column;
  });
  for (const { type } of columns) {
    const made = enumOf(type);
    if (made?.created) op.send(createType(made));
  }
  const constraints = parts.flatMap(part => {
    const step = madeBy(part, name => name.endsWith('Constraint'));
    return step ? [tableConstraint(step)] : [];
  });
  const ownKey = !keyStep && keyed.length > 0 ? [`PRIMARY KEY (${keyed.map(quoted).join(', ')})`] : [];
  const body = [
    ...columns.map(({ sql }) => sql),
    ...ownKey,
    ...constraints,
    ...columns.flatMap(each => each.constraints),
  ];
  op.send(`CREATE TABLE ${op.on('if_not_exists') ? 'IF NOT EXISTS ' : ''}${table} (${body.join(', ')})`);
  const bare = nameOf(op.value('table_name', 0), 'a table');
  for (const { name, indexed, comment } of columns) {
    if (indexed)
      op.send(
        `CREATE ${indexed === 'unique' ? 'UNIQUE ' : ''}INDEX ${quoted(`ix_${bare}_${name}`)} ON ${table} (${quoted(name)})`,
      );
    if (comment) op.send(`COMMENT ON COLUMN ${table}.${quoted(name)} IS ${literal(nameOf(comment, 'a comment'))}`);
  }
  for (const step of made(['Index'])) {
    const [name, ...over] = positional(step);
    op.asked(step).send(indexSql(op.asked(step), quoted(nameOf(name, 'an index')), table, over));
  }
  const comment = constantText(op.value('comment'));
  if (comment !== undefined) op.send(`COMMENT ON TABLE ${table} IS ${literal(comment)}`);
}

function tableConstraint(step: ChainStep): string {
  const name = textOf(argumentOf(step, 'name'));
  const constraint = name === undefined ? '' : `CONSTRAINT ${quoted(name)} `;
  const columns = (): string =>
    positional(step)
      .map(each => quoted(nameOf(each, 'a column')))
      .join(', ');
  switch (step.name) {
    case 'PrimaryKeyConstraint':
      return `${constraint}PRIMARY KEY (${columns()})`;
    case 'UniqueConstraint':
      return `${constraint}UNIQUE (${columns()})${actionsSql(step)}`;
    case 'CheckConstraint':
      return `${constraint}CHECK (${nameOf(positional(step)[0], 'a check')})`;
    case 'ForeignKeyConstraint': {
      const own = namesOf(argumentOf(step, 'columns', 0));
      if (!own) throw new NotTranslated('a foreign key that is not constant');
      return foreignKeySql(own, step);
    }
    default:
      throw new NotTranslated(`\`${step.name}\``);
  }
}

function addColumn(op: Operation): void {
  const table = op.table('table_name', 0);
  const step = madeBy(op.afterTable('column', 0), name => name === 'Column');
  if (!step) throw new NotTranslated('a column that is not constant');
  const { name, sql, constraints, indexed, comment } = columnSql(step, false);
  op.send(`ALTER TABLE ${table} ADD COLUMN ${op.on('if_not_exists') ? 'IF NOT EXISTS ' : ''}${sql}`);
  for (const constraint of constraints) op.send(`ALTER TABLE ${table} ADD ${constraint}`);
  if (indexed)
    op.send(
      `CREATE ${indexed === 'unique' ? 'UNIQUE ' : ''}INDEX ${quoted(`ix_${nameOf(op.value('table_name', 0), 'a table')}_${name}`)} ON ${table} (${quoted(name)})`,
    );
  if (comment) op.send(`COMMENT ON COLUMN ${table}.${quoted(name)} IS ${literal(nameOf(comment, 'a comment'))}`);
}

function alterColumn(op: Operation): void {
  const table = op.table('table_name', 0);
  const column = quoted(nameOf(op.afterTable('column_name', 0), 'a column'));
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${column}`;
  const nullable = op.value('nullable');
  if (nullable?.kind === 'constant') op.send(`${alter} ${nullable.value ? 'DROP' : 'SET'} NOT NULL`);
  else if (nullable) throw new NotTranslated('an alteration that is not constant');
  const type = op.value('type_');
  if (type) {
    const using = constantText(op.value('postgresql_using'));
    const typeBefore = typeBeforeOf(op.value('existing_type'));
    op.send(
      `${alter} TYPE ${typeSql(type)}${using === undefined ? '' : ` USING ${using}`}`,
      typeBefore === undefined ? {} : { typeBefore },
    );
  }
  const fallback = op.value('server_default');
  if (fallback)
    op.send(
      fallback.kind === 'constant' && (fallback.value === null || fallback.value === false)
        ? `${alter} DROP DEFAULT`
        : `${alter} SET DEFAULT ${defaultSql(fallback)}`,
    );
  const comment = op.value('comment');
  if (comment) {
    const text = constantText(comment);
    op.send(`COMMENT ON COLUMN ${table}.${column} IS ${text === undefined ? 'NULL' : literal(text)}`);
  }
  const name = op.value('new_column_name') ?? op.value('name');
  if (name) op.send(`ALTER TABLE ${table} RENAME ${column} TO ${quoted(nameOf(name, 'a column'))}`);
}

function typeBeforeOf(value: Value | undefined): string | undefined {
  try {
    return value && typeSql(value);
  } catch (error) {
    // a type of the project's own says nothing, and nothing is sent for it
    if (error instanceof NotTranslated) return undefined;
    throw error;
  }
}

function createIndex(op: Operation): void {
  const name = quoted(nameOf(op.value('index_name', 0), 'an index'));
  const table = op.table('table_name', 1);
  const columns = op.afterTable('columns', 1);
  if (columns?.kind !== 'list' || columns.open) throw new NotTranslated('columns that are not constant');
  op.send(indexSql(op, name, table, columns.items));
}

/** @param op  says of what kind the index is */
function indexSql(op: Operation, name: string, table: string, columns: readonly Value[]): string {
  const operators = op.value('postgresql_ops');
  const list = columns.map(each => {
    const column = constantText(each);
    const written = column === undefined ? expression(nameOf(each, 'an expression')) : quoted(column);
    const operator =
      operators?.kind === 'record' && column !== undefined ? constantText(operators.entries.get(column)) : undefined;
    return operator === undefined ? written : `${written} ${operator}`;
  });
  const method = constantText(op.value('postgresql_using'));
  const where = op.value('postgresql_where');
  const include = op.value('postgresql_include');
  return [
    `CREATE ${op.on('unique') ? 'UNIQUE ' : ''}INDEX `,
    op.on('postgresql_concurrently') ? 'CONCURRENTLY ' : '',
    op.on('if_not_exists') ? 'IF NOT EXISTS ' : '',
    `${name} ON ${table}`,
    method === undefined ? '' : ` USING ${method}`,
    ` (${list.join(', ')})`,
    include ? ` INCLUDE (${op.columns(include)})` : '',
    where ? ` WHERE ${nameOf(where, 'a condition')}` : '',
  ].join('');
}

/** `lower(email)` stands as it is, `a || b` in parentheses, `created DESC` with its order behind. */
function expression(text: string): string {
  const [, inner = text, order = ''] = /^(.*?)(\s+(?:asc|desc)(?:\s+nulls\s+\w+)?)?$/is.exec(text) ?? [];
  return /^[\w."]+$/.test(inner) || /^\w+\([^()]*\)$/.test(inner) || inner.startsWith('(')
    ? inner + order
    : `(${inner})${order}`;
}

/** `:id`, and no cast. */
const PARAMETER = /(?<![:\w]):[a-z_]\w*/i;

function execute(op: Operation): void {
  const given = op.value('sqltext', 0);
  const text = madeBy(given, name => name === 'text');
  const value = text ? positional(text)[0] : given;
  // a colon before a word that is no parameter is escaped
  if (value?.kind === 'text' && value.complete && value.value.includes('\\:')) {
    op.send(value.value.replaceAll('\\:', ':'));
    return;
  }
  if (value?.kind === 'text' && PARAMETER.test(value.value) && writesRows(value.value))
    throw new NotTranslated('rows that `execute` writes with values of their own', true);
  // an expression of SQLAlchemy: rows
  if (value?.kind === 'chain') throw new NotTranslated('rows that an expression writes', true);
  op.sendText(value);
}

const OPERATIONS: Readonly<Record<string, (op: Operation) => void>> = {
  create_table: createTable,
  add_column: addColumn,
  alter_column: alterColumn,
  create_index: createIndex,
  execute,
  exec_driver_sql: execute,
  drop_table: op => op.send(`DROP TABLE ${op.on('if_exists') ? 'IF EXISTS ' : ''}${op.table('table_name', 0)}`),
  rename_table: op =>
    op.send(
      `ALTER TABLE ${op.table('old_table_name', 0)} RENAME TO ${quoted(nameOf(op.value('new_table_name', 1), 'a table'))}`,
    ),
  drop_column: op =>
    op.send(
      `ALTER TABLE ${op.table('table_name', 0)} DROP COLUMN ${op.on('if_exists') ? 'IF EXISTS ' : ''}${quoted(nameOf(op.afterTable('column_name', 0), 'a column'))}`,
    ),
  drop_index: op => {
    const schema = constantText(op.value('schema'));
    const name = quoted(nameOf(op.value('index_name', 0), 'an index'));
    op.send(
      `DROP INDEX ${op.on('postgresql_concurrently') ? 'CONCURRENTLY ' : ''}${op.on('if_exists') ? 'IF EXISTS ' : ''}${schema === undefined ? '' : `${quoted(schema)}.`}${name}`,
    );
  },
  create_foreign_key: op => {
    const [local, remote] = [op.afterTable('local_cols', 2), op.afterTable('remote_cols', 3)];
    const referent = quoted(nameOf(op.afterTable('referent_table', 1), 'a table'));
    const schema = constantText(op.value('referent_schema'));
    op.send(
      `ALTER TABLE ${op.table('source_table', 1, 'source_schema')} ADD ${op.constraint(op.value('constraint_name', 0))}FOREIGN KEY (${op.columns(local)}) ` +
        `REFERENCES ${schema === undefined ? '' : `${quoted(schema)}.`}${referent} (${op.columns(remote)})${actionsSql(op.step)}`,
    );
  },
  create_unique_constraint: op =>
    op.send(
      `ALTER TABLE ${op.table('table_name', 1)} ADD ${op.constraint(op.value('constraint_name', 0))}UNIQUE (${op.columns(op.afterTable('columns', 1))})${actionsSql(op.step)}`,
    ),
  create_primary_key: op =>
    op.send(
      `ALTER TABLE ${op.table('table_name', 1)} ADD ${op.constraint(op.value('constraint_name', 0))}PRIMARY KEY (${op.columns(op.afterTable('columns', 1))})`,
    ),
  create_check_constraint: op =>
    op.send(
      `ALTER TABLE ${op.table('table_name', 1)} ADD ${op.constraint(op.value('constraint_name', 0))}CHECK (${nameOf(op.afterTable('condition', 1), 'a check')})`,
    ),
  drop_constraint: op =>
    op.send(
      `ALTER TABLE ${op.table('table_name', 1)} DROP CONSTRAINT ${op.on('if_exists') ? 'IF EXISTS ' : ''}${quoted(nameOf(op.value('constraint_name', 0), 'a constraint'))}`,
    ),
  create_table_comment: op =>
    op.send(
      `COMMENT ON TABLE ${op.table('table_name', 0)} IS ${literal(nameOf(op.afterTable('comment', 0), 'a comment'))}`,
    ),
  drop_table_comment: op => op.send(`COMMENT ON TABLE ${op.table('table_name', 0)} IS NULL`),
};
