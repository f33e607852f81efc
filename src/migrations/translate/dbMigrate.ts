/** What db-migrate sends to PostgreSQL. Source: db-migrate-base 2.3, index.js, and db-migrate-pg 1.5, index.js. */
import { type Chain, type ChainStep, constantText, type Value } from '../code/values';
import { type ColumnSpec, columnSql, specOf, typeName } from './dbMigrateColumns';
import { entryOf, flag, namesOf } from './quoting';
import {
  argument,
  NotTranslated,
  type Translator,
  textArgument,
  type Write,
  writesRows,
  writeText,
} from './translation';

/** What runs the functions that it is handed, behind what stands before it. */
const GOES_ON = new Set(['then', 'spread', 'tap', 'finally', 'return', 'nodeify', 'asCallback']);
const LOOKS = new Set(['catch', 'close', 'lookup', 'checkDBMS', 'escape', 'escapeString', 'escapeDDL']);
const DATA = new Set(['insert', 'update', 'remove']);

export const dbMigrateTranslator: Translator = {
  // the second parameter is the callback
  acts: root => root.kind === 'parameter' && root.of === 'migration' && root.index === 0,
  translate,
};

function translate(chain: Chain, write: Write): void {
  if (chain.conditions.length > 0) throw new NotTranslated('a step that runs only under a condition');
  for (const step of chain.steps) {
    if (!step.arguments) continue;
    // every call is there under this name too
    const name = step.name.replace(/Async$/, '');
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (operation) operation(withoutCallback(step), write);
    else if (DATA.has(name)) write.rows(step);
    else if (!GOES_ON.has(name) && !LOOKS.has(name)) throw new NotTranslated(`\`${step.name}\``);
    if (!LOOKS.has(name)) write.all(step.inner);
  }
}

/** The tool takes a callback behind the last argument of every call. */
const withoutCallback = (step: ChainStep): ChainStep => {
  const given = step.arguments ?? [];
  const isCallback = (value: Value | undefined): boolean =>
    value?.kind === 'function' ||
    (value?.kind === 'chain' && value.root.kind === 'parameter') ||
    value?.kind === 'bound';
  return isCallback(given.at(-1)?.value) ? { ...step, arguments: given.slice(0, -1) } : step;
};

type Operation = (step: ChainStep, write: Write) => void;

const name = (step: ChainStep, index: number): string => `"${textArgument(step, index)}"`;
const list = (names: readonly string[]): string => names.map(each => `"${each}"`).join(', ');

function columnsOf(given: Value | undefined): readonly (readonly [name: string, spec: ColumnSpec])[] {
  if (given?.kind !== 'record' || given.open) throw new NotTranslated('columns that are not constant');
  return [...given.entries].map(([key, value]) => [key, specOf(value)]);
}

const createTable: Operation = (step, write) => {
  const options = argument(step, 1);
  const inside = entryOf(options, 'columns');
  const columns = columnsOf(inside ?? options);
  const table = textArgument(step, 0);
  const keys = columns.filter(([, { primaryKey }]) => primaryKey).map(([key]) => key);
  const written = columns.map(([key, spec]) => columnSql(table, key, spec, keys.length === 1));
  const shared = keys.length > 1 ? `, PRIMARY KEY (${list(keys)})` : '';
  const unless = inside && flag(entryOf(options, 'ifNotExists')) ? 'IF NOT EXISTS ' : '';
  write(`CREATE TABLE ${unless}"${table}" (${written.map(({ sql }) => sql).join(', ')}${shared})`, step);
  for (const sql of written.flatMap(({ after }) => after).reverse()) write(sql, step);
};

const addColumn: Operation = (step, write) => {
  const table = textArgument(step, 0);
  const { sql, after } = columnSql(table, textArgument(step, 1), specOf(argument(step, 2)), false);
  write(`ALTER TABLE "${table}" ADD COLUMN ${sql}`, step);
  for (const each of [...after].reverse()) write(each, step);
};

const changeColumn: Operation = (step, write) => {
  const [table, column] = [textArgument(step, 0), textArgument(step, 1)];
  const given = argument(step, 2);
  if (given?.kind !== 'record' || given.open) throw new NotTranslated('a column that is not constant');
  const spec = specOf(given, { typeless: true });
  const alter = `ALTER TABLE "${table}" ALTER COLUMN "${column}"`;
  write(`${alter} ${spec.notNull ? 'SET' : 'DROP'} NOT NULL`, step);
  const constraint = `ALTER TABLE "${table}" %s CONSTRAINT "${table}_${column}_key"`;
  if (spec.unique === true) write(`${constraint.replace('%s', 'ADD')} UNIQUE ("${column}")`, step);
  else if (spec.unique === false) write(constraint.replace('%s', 'DROP'), step);
  write(spec.default === undefined ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${spec.default}`, step);
  if (spec.type === undefined) return;
  const type = typeName(spec.type);
  const using = constantText(given.entries.get('using')) ?? `USING "${column}"::${type}`;
  write(`${alter} TYPE ${type}${spec.length} ${using}`, step, [], {
    repeatsType: ['notNull', 'defaultValue', 'unique'].some(key => given.entries.has(key)),
  });
};

const addForeignKey: Operation = (step, write) => {
  const mapping = argument(step, 3);
  const columns = mapping?.kind === 'record' && !mapping.open ? [...mapping.entries] : undefined;
  const referenced = columns?.map(([, value]) => constantText(value));
  if (!columns || !referenced?.every(each => each !== undefined))
    throw new NotTranslated('a reference that is not constant');
  const rules = argument(step, 4);
  const rule = (key: string): string => constantText(entryOf(rules, key)) ?? 'NO ACTION';
  write(
    `ALTER TABLE ${name(step, 0)} ADD CONSTRAINT ${name(step, 2)} FOREIGN KEY (${list(columns.map(([key]) => key))})` +
      ` REFERENCES ${name(step, 1)} (${list(referenced)}) ON DELETE ${rule('onDelete')} ON UPDATE ${rule('onUpdate')}`,
    step,
  );
};

const addIndex: Operation = (step, write) => {
  const columns = namesOf(argument(step, 2));
  if (!columns) throw new NotTranslated('an index of what is not constant');
  const unique = flag(argument(step, 3)) ? 'UNIQUE ' : '';
  write(`CREATE ${unique}INDEX ${name(step, 1)} ON ${name(step, 0)} (${list(columns)})`, step);
};

const runSql: Operation = (step, write) => {
  const [text, values] = [argument(step, 0), argument(step, 1)];
  const isNone = values?.kind === 'list' && !values.open && values.items.length === 0;
  // with a list of values, be it empty, a question mark stands for one
  const isPlain = isNone && text?.kind === 'text' && !text.value.includes('?');
  if (values && !isPlain && !(values.kind === 'constant' && !values.value)) {
    // what its callback does is followed all the same
    if (text?.kind === 'text' && writesRows(text.value)) return write.rows(step);
    throw new NotTranslated(`\`${step.name}\` with values`);
  }
  writeText(text, step.name, step, write);
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  createTable,
  addColumn,
  changeColumn,
  addForeignKey,
  addIndex,
  runSql,
  all: runSql,
  dropTable: (step, write) => {
    const unless = entryOf(argument(step, 1), 'ifExists');
    write(`DROP TABLE ${flag(unless) ? 'IF EXISTS ' : ''}${name(step, 0)}`, step);
  },
  renameTable: (step, write) => write(`ALTER TABLE ${name(step, 0)} RENAME TO ${name(step, 1)}`, step),
  removeColumn: (step, write) => {
    if (entryOf(argument(step, 2), 'columnStrategy')) throw new NotTranslated('a column that is removed later');
    write(`ALTER TABLE ${name(step, 0)} DROP COLUMN ${name(step, 1)}`, step);
  },
  renameColumn: (step, write) =>
    write(`ALTER TABLE ${name(step, 0)} RENAME COLUMN ${name(step, 1)} TO ${name(step, 2)}`, step),
  removeForeignKey: (step, write) => write(`ALTER TABLE ${name(step, 0)} DROP CONSTRAINT ${name(step, 1)}`, step),
  // the table's name may be left out
  removeIndex: (step, write) =>
    write(`DROP INDEX ${name(step, constantText(argument(step, 1)) === undefined ? 0 : 1)}`, step),
  truncate: (step, write) => write(`TRUNCATE ${name(step, 0)}`, step),
  switchDatabase: (step, write) => {
    const given = argument(step, 0);
    const path =
      constantText(given) ?? constantText(entryOf(given, 'database')) ?? constantText(entryOf(given, 'schema'));
    if (path === undefined) throw new NotTranslated('a schema whose name is not constant');
    write(`SET search_path TO ${path}`, step);
  },
};
