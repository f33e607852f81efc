/**
 * What `drizzle-kit push` sends to an empty PostgreSQL for the tables that code declares.
 *
 * Sources: orm.drizzle.team/docs/indexes-constraints, /docs/generated-columns; drizzle-team/drizzle-orm
 * (drizzle-kit/src/sqlgenerator.ts, drizzle-kit/src/serializer/pgSerializer.ts) for names and for the form of statements.
 */
import type { Place } from '../../engine/place';
import type { Expression } from '../../program/model';
import type { ScriptStatement } from '../script';
import { literal, quoted } from '../translate/quoting';
import type { Chain, DrizzleColumn, DrizzleReader, DrizzleTable, Scope, Step } from './tables';

export interface PushedTables {
  readonly statements: readonly ScriptStatement[];
  /** By name those of which there may be more than the statements say. */
  readonly open: ReadonlySet<string>;
}

/** What is known of no type; no rule takes it for one. */
const UNKNOWN_TYPE = '"unknown"';

/** In an order that the server takes: tables before what refers to them. */
export function statementsOfDrizzle(tables: readonly DrizzleTable[], reader: DrizzleReader): PushedTables {
  const open = new Set<string>();
  const made = new Map<string, DrizzleTable>();
  for (const table of tables) {
    const name = nameOf(table);
    // declared twice: which of them is there is not known
    if (made.has(name)) open.add(table.name);
    else made.set(name, table);
    if (table.isOpen) open.add(table.name);
  }
  const writer = new Writer(reader, open);
  const each = [...made.values()];
  return {
    statements: [
      ...schemasOf(each),
      ...enumsOf(each),
      ...each.map(table => writer.table(table)),
      ...each.flatMap(table => writer.foreignKeys(table)),
      ...each.flatMap(table => writer.indexes(table)),
    ],
    open,
  };
}

const nameOf = ({ schema, name }: Pick<DrizzleTable, 'schema' | 'name'>): string =>
  schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;

const said = (sql: string, at: Place, marks?: ScriptStatement['marks']): ScriptStatement => ({
  sql,
  at,
  pieces: [],
  ...(marks ? { marks } : {}),
});

function schemasOf(tables: readonly DrizzleTable[]): readonly ScriptStatement[] {
  const made = new Map<string, ScriptStatement>();
  for (const { schema, at } of tables)
    if (schema !== undefined && !made.has(schema)) made.set(schema, said(`CREATE SCHEMA ${quoted(schema)}`, at));
  return [...made.values()];
}

function enumsOf(tables: readonly DrizzleTable[]): readonly ScriptStatement[] {
  const made = new Map<string, ScriptStatement>();
  for (const { columns } of tables)
    for (const { labels: type } of columns) {
      if (!type || made.has(nameOf(type))) continue;
      const labels = type.labels.map(literal).join(', ');
      made.set(nameOf(type), said(`CREATE TYPE ${nameOf(type)} AS ENUM (${labels})`, type.at));
    }
  return [...made.values()];
}

const ACTIONS: ReadonlySet<string> = new Set(['cascade', 'restrict', 'no action', 'set null', 'set default']);

/** The names that the server keeps are no longer. */
const named = (...parts: readonly string[]): string => quoted(parts.join('_').slice(0, 63));

class Writer {
  constructor(
    private readonly reader: DrizzleReader,
    private readonly open: Set<string>,
  ) {}

  table(table: DrizzleTable): ScriptStatement {
    let sql = `CREATE TABLE ${nameOf(table)} (`;
    const marks: { from: number; to: number; at: Place }[] = [];
    const add = (written: string, at: Place): void => {
      if (!sql.endsWith('(')) sql += ', ';
      marks.push({ from: sql.length, to: sql.length + written.length, at });
      sql += written;
    };
    for (const column of table.columns) add(this.column(column), column.at);
    for (const column of table.columns)
      for (const step of column.steps)
        if (step.name === 'unique') {
          const [given] = step.arguments;
          const name = given && this.reader.textOf(given.value, step.scope);
          const constraint = name === undefined ? named(table.name, column.name, 'unique') : quoted(name);
          add(`CONSTRAINT ${constraint} UNIQUE (${quoted(column.name)})`, column.at);
        }
    for (const chain of table.extras) {
      const written = chain && this.constraint(table, chain);
      if (chain && written !== undefined) add(written, chain.base.at);
    }
    return said(`${sql})`, table.at, marks);
  }

  private column({ name, type, labels, steps }: DrizzleColumn): string {
    const has = (step: string): boolean => steps.some(each => each.name === step);
    const dimensions = steps.filter(step => step.name === 'array').map(() => '[]');
    const written = labels ? nameOf(labels) : (type ?? UNKNOWN_TYPE);
    const value = this.defaultOf(steps);
    const generated = steps.find(step => step.name === 'generatedAlwaysAs');
    const expression = generated && this.generatedAs(generated);
    return [
      quoted(name),
      `${written}${dimensions.join('')}`,
      has('primaryKey') ? 'PRIMARY KEY' : '',
      has('generatedAlwaysAsIdentity') ? 'GENERATED ALWAYS AS IDENTITY' : '',
      has('generatedByDefaultAsIdentity') ? 'GENERATED BY DEFAULT AS IDENTITY' : '',
      expression === undefined ? '' : `GENERATED ALWAYS AS (${expression}) STORED`,
      value === undefined ? '' : `DEFAULT ${value}`,
      has('notNull') || has('primaryKey') ? 'NOT NULL' : '',
    ]
      .filter(Boolean)
      .join(' ');
  }

  /** Nothing for what the client makes: `$defaultFn`. */
  private defaultOf(steps: readonly Step[]): string | undefined {
    for (const { name, arguments: given, scope } of steps) {
      if (name === 'defaultNow') return 'now()';
      if (name === 'defaultRandom') return 'gen_random_uuid()';
      if (name !== 'default' || !given[0]) continue;
      return this.valueOf(given[0].value, scope);
    }
    return undefined;
  }

  private valueOf(value: Expression, scope: Scope): string | undefined {
    const meaning = this.reader.names.meaning(value, scope);
    if (meaning?.kind !== 'expression') return undefined;
    if (meaning.value.kind === 'constant') return meaning.value.value === null ? 'NULL' : String(meaning.value.value);
    const text = this.reader.textOf(meaning.value, meaning.scope);
    return text === undefined ? this.sqlOf(meaning.value, meaning.scope) : literal(text);
  }

  private generatedAs({ arguments: given, scope }: Step): string | undefined {
    const [how] = given;
    if (!how) return undefined;
    const meaning = this.reader.names.meaning(how.value, scope);
    const made = this.reader.names.returned(meaning) ?? meaning;
    return made?.kind === 'expression' ? this.sqlOf(made.value, made.scope) : undefined;
  }

  private constraint(table: DrizzleTable, { base, steps }: Chain): string | undefined {
    const callee = this.reader.calleeOf(base);
    if (callee === 'primaryKey') {
      const [given] = base.arguments;
      const list = this.reader.entry(given?.value, base.scope, 'columns');
      const columns = list
        ? this.columnNames(list.value, list.scope)
        : all(base.arguments.map(each => this.reader.column(each.value, base.scope)?.column.name));
      if (!columns || columns.length === 0) return this.unread(table);
      const name = this.nameIn(given?.value, base.scope) ?? named(table.name, ...columns, 'pk');
      return `CONSTRAINT ${name} PRIMARY KEY (${columns.map(quoted).join(', ')})`;
    }
    if (callee !== 'unique') return undefined;
    const on = steps.find(step => step.name === 'on');
    const columns = on && all(on.arguments.map(each => this.reader.column(each.value, on.scope)?.column.name));
    if (!columns || columns.length === 0) return this.unread(table);
    const [given] = base.arguments;
    const name = given && this.reader.textOf(given.value, base.scope);
    const nulls = steps.some(step => step.name === 'nullsNotDistinct') ? ' NULLS NOT DISTINCT' : '';
    const constraint = name === undefined ? named(table.name, ...columns, 'unique') : quoted(name);
    return `CONSTRAINT ${constraint} UNIQUE${nulls} (${columns.map(quoted).join(', ')})`;
  }

  private unread({ name }: Pick<DrizzleTable, 'name'>): undefined {
    this.open.add(name);
    return undefined;
  }

  private nameIn(options: Expression | undefined, scope: Scope): string | undefined {
    const entry = this.reader.entry(options, scope, 'name');
    const name = entry && this.reader.textOf(entry.value, entry.scope);
    return name === undefined ? undefined : quoted(name);
  }

  private columnNames(value: Expression, scope: Scope): readonly string[] | undefined {
    const list = this.reader.names.meaning(value, scope);
    if (list?.kind !== 'expression' || list.value.kind !== 'list') return undefined;
    return all(list.value.items.map(item => this.reader.column(item, list.scope)?.column.name));
  }

  // ——— foreign keys ———

  foreignKeys(table: DrizzleTable): readonly ScriptStatement[] {
    const made: ScriptStatement[] = [];
    for (const { name, steps, at } of table.columns)
      for (const step of steps) {
        if (step.name !== 'references') continue;
        const [target, options] = step.arguments;
        const other = target && this.reader.columnFrom(target.value, step.scope);
        if (!other) {
          this.unread(table);
          continue;
        }
        const action = (on: string): string => {
          const entry = this.reader.entry(options?.value, step.scope, on);
          return actionOf(entry && this.reader.textOf(entry.value, entry.scope));
        };
        const constraint = named(table.name, name, other.table.name, other.column.name, 'fk');
        const actions = ` ON DELETE ${action('onDelete')} ON UPDATE ${action('onUpdate')}`;
        made.push(said(`${referenceOf(table, constraint, [name], other.table, [other.column.name])}${actions}`, at));
      }
    for (const chain of table.extras) {
      if (!chain || this.reader.calleeOf(chain.base) !== 'foreignKey') continue;
      const written = this.foreignKey(table, chain);
      if (written === undefined) this.unread(table);
      else made.push(said(written, chain.base.at));
    }
    return made;
  }

  private foreignKey(table: DrizzleTable, { base, steps }: Chain): string | undefined {
    const options = base.arguments[0]?.value;
    const own = this.reader.entry(options, base.scope, 'columns');
    const theirs = this.reader.entry(options, base.scope, 'foreignColumns');
    const columns = own && this.columnNames(own.value, own.scope);
    const list = theirs && this.reader.names.meaning(theirs.value, theirs.scope);
    if (!columns || list?.kind !== 'expression' || list.value.kind !== 'list') return undefined;
    const others = all(list.value.items.map(item => this.reader.column(item, list.scope)));
    const [first] = others ?? [];
    if (!others || !first || others.length !== columns.length) return undefined;
    const names = others.map(({ column }) => column.name);
    const constraint =
      this.nameIn(options, base.scope) ?? named(table.name, ...columns, first.table.name, ...names, 'fk');
    const action = (on: string): string => {
      const step = steps.find(each => each.name === on);
      const [given] = step?.arguments ?? [];
      return actionOf(step && given && this.reader.textOf(given.value, step.scope));
    };
    const actions = ` ON DELETE ${action('onDelete')} ON UPDATE ${action('onUpdate')}`;
    return `${referenceOf(table, constraint, columns, first.table, names)}${actions}`;
  }

  // ——— indexes ———

  indexes(table: DrizzleTable): readonly ScriptStatement[] {
    const made: ScriptStatement[] = [];
    for (const chain of table.extras) {
      const callee = chain && this.reader.calleeOf(chain.base);
      if (chain && (callee === 'index' || callee === 'uniqueIndex')) {
        const written = this.index(table, chain, callee === 'uniqueIndex');
        if (written === undefined) this.unread(table);
        else made.push(said(written, chain.base.at));
      } else if (callee === undefined || !NO_INDEXES.has(callee)) this.unread(table);
    }
    return made;
  }

  private index(table: DrizzleTable, { base, steps }: Chain, isUnique: boolean): string | undefined {
    const on = steps.find(step => ['on', 'onOnly', 'using'].includes(step.name));
    if (!on) return undefined;
    const isUsing = on.name === 'using';
    const method = isUsing ? on.arguments[0] && this.reader.textOf(on.arguments[0].value, on.scope) : 'btree';
    const elements = all(on.arguments.slice(isUsing ? 1 : 0).map(({ value }) => this.element(value, on.scope)));
    const where = steps.find(step => step.name === 'where');
    const condition = where?.arguments[0] && this.conditionOf(where.arguments[0].value, where.scope);
    if (!elements || elements.length === 0 || method === undefined || !/^\w+$/.test(method)) return undefined;
    if (where && condition === undefined) return undefined;
    const given = base.arguments[0] && this.reader.textOf(base.arguments[0].value, base.scope);
    if (base.arguments.length > 0 && given === undefined) return undefined;
    const columns = elements.map(({ name }) => name);
    const name = given === undefined ? named(table.name, ...columns, 'index') : quoted(given);
    const list = elements.map(({ sql }) => sql).join(', ');
    const only = on.name === 'onOnly' ? 'ONLY ' : '';
    return `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${name} ON ${only}${nameOf(table)} USING ${method} (${list})${
      condition === undefined ? '' : ` WHERE ${condition}`
    }`;
  }

  /** A column with its order and operator class, or an expression. */
  private element(value: Expression, scope: Scope): { readonly name: string; readonly sql: string } | undefined {
    const column = this.reader.column(value, scope)?.column.name;
    if (column !== undefined) return { name: column, sql: quoted(column) };
    if (value.kind === 'call' && value.form === 'call' && value.callee.kind === 'member') {
      const inner = this.element(value.callee.object, scope);
      const [given] = value.arguments;
      const text = given && this.reader.textOf(given.value, scope);
      const written = value.callee.name === 'op' ? text : ORDERS[value.callee.name];
      if (inner && written !== undefined && /^[\w ]+$/.test(written))
        return { ...inner, sql: `${inner.sql} ${written}` };
      return undefined;
    }
    const sql = this.sqlOf(value, scope);
    return sql === undefined ? undefined : { name: 'expression', sql: `(${sql})` };
  }

  private conditionOf(value: Expression, scope: Scope): string | undefined {
    const chain = this.reader.chainOf(value, scope);
    const callee = chain && chain.steps.length === 0 ? this.reader.calleeOf(chain.base) : undefined;
    const [given] = chain?.base.arguments ?? [];
    if (chain && given && (callee === 'isNull' || callee === 'isNotNull')) {
      const column = this.reader.column(given.value, chain.base.scope)?.column.name;
      return column === undefined ? undefined : `${quoted(column)} IS ${callee === 'isNull' ? '' : 'NOT '}NULL`;
    }
    return this.sqlOf(value, scope);
  }

  /** A template of Drizzle's `sql`, in which all is constant. */
  private sqlOf(value: Expression, scope: Scope): string | undefined {
    const meaning = this.reader.names.meaning(value, scope);
    if (meaning?.kind !== 'expression' || meaning.value.kind !== 'call') return undefined;
    const { callee, form, arguments: given } = meaning.value;
    const called = this.reader.names.meaning(callee, meaning.scope);
    if (called?.kind !== 'drizzle') return undefined;
    const [first] = given;
    if (called.name === 'sql.raw' && first) return this.reader.textOf(first.value, meaning.scope);
    if (called.name !== 'sql' || form !== 'tagged' || first?.value.kind !== 'text') return undefined;
    const parts = first.value.parts.map(part => {
      if (part.kind === 'part') return part.value;
      const column = this.reader.column(part.expression, meaning.scope)?.column.name;
      return column === undefined ? this.valueOf(part.expression, meaning.scope) : quoted(column);
    });
    return all(parts)?.join('').trim();
  }
}

/** What a table has beside indexes, and what says nothing of them. */
const NO_INDEXES: ReadonlySet<string> = new Set(['primaryKey', 'foreignKey', 'unique', 'check', 'pgPolicy']);

const ORDERS: Readonly<Record<string, string | undefined>> = {
  asc: 'ASC',
  desc: 'DESC',
  nullsFirst: 'NULLS FIRST',
  nullsLast: 'NULLS LAST',
};

const actionOf = (given: string | undefined): string =>
  given !== undefined && ACTIONS.has(given) ? given.toUpperCase() : 'NO ACTION';

type Named = Pick<DrizzleTable, 'schema' | 'name'>;

const referenceOf = (
  table: Named,
  constraint: string,
  columns: readonly string[],
  other: Named,
  names: readonly string[],
): string =>
  `ALTER TABLE ${nameOf(table)} ADD CONSTRAINT ${constraint} FOREIGN KEY (${columns.map(quoted).join(', ')}) ` +
  `REFERENCES ${nameOf(other)} (${names.map(quoted).join(', ')})`;

const all = <T>(values: readonly (T | undefined)[]): readonly T[] | undefined => {
  const known = values.filter(value => value !== undefined);
  return known.length === values.length ? known : undefined;
};
