/** What Django's schema editor sends to PostgreSQL. Source: django/db/backends/base/schema.py, django/db/backends/postgresql/schema.py. */
import type { ChainStep } from '../code/values';
import type { OthersTable } from '../script';
import { type Field, isText } from './djangoFields';
import { columnConstraint, foreignKeyName, indexName, tableName } from './djangoNames';
import {
  type Constraint,
  columnOf,
  type Index,
  type Model,
  primaryOf,
  type State,
  targetOf,
  typeIn,
} from './djangoState';
import { quoted } from './quoting';
import { NotTranslated, type Said } from './translation';

export type Send = (sql: string, at: ChainStep, said?: Said) => void;

/** What an editor is told with. */
export interface Heard {
  /** What could not be written beside what was. */
  readonly note: (what: string, at: ChainStep) => void;
  /** A table that a key leads to and that is another app's. */
  readonly leansOn: (other: OthersTable) => void;
}

/** Statements of one migration; those about constraints and indexes of what it makes go last. */
export class Editor {
  private readonly deferred: { readonly sql: string; readonly at: ChainStep; readonly table: string }[] = [];

  constructor(
    private readonly send: Send,
    private readonly heard: Heard,
  ) {}

  /** Takes back what is put off from now on. */
  mark(): () => void {
    const { length } = this.deferred;
    return () => {
      this.deferred.length = Math.min(length, this.deferred.length);
    };
  }

  finish(): void {
    for (const { sql, at } of this.deferred) this.send(sql, at);
    this.deferred.length = 0;
  }

  createModel(state: State, model: Model, at: ChainStep): void {
    if (!model.isManaged) return;
    const columns: string[] = [];
    for (const fields of model.uniqueTogether) this.later(model.table, () => uniqueTogether(model, fields), at);
    for (const field of model.fields.values()) {
      if (!field.column || field.isUnknown) continue;
      columns.push(this.column(state, model, field, false));
      if (field.to && field.constrained) this.later(model.table, () => addForeignKey(state, model, field), at);
    }
    for (const constraint of model.constraints.values()) {
      const clause = constraint.clause?.(columnOf(model));
      if (clause !== undefined) columns.push(`CONSTRAINT ${quoted(constraint.name)} ${clause}`);
      else if (!constraint.index) this.heard.note(`the condition of \`${constraint.name}\``, at);
    }
    const unknown = [...model.fields.values()].filter(({ isUnknown }) => isUnknown);
    const partly = `the type of ${unknown.map(({ name }) => `\`${name}\``).join(', ')}`;
    this.send(
      `CREATE TABLE ${quoted(model.table)} (${columns.join(', ')})`,
      at,
      unknown.length === 0 ? undefined : { partly },
    );
    for (const field of model.fields.values()) this.fieldIndexes(state, model, field, at);
    for (const fields of model.indexTogether) this.later(model.table, () => indexTogether(model, fields), at);
    for (const index of model.indexes.values()) this.later(model.table, () => createIndex(model, index), at);
    for (const { index } of model.constraints.values())
      if (index) this.later(model.table, () => createIndex(model, index), at);
    for (const field of model.fields.values()) if (field.joins) this.createJoin(state, model, field, at);
  }

  deleteModel(model: Model, at: ChainStep): void {
    if (!model.isManaged) return;
    for (const field of model.fields.values()) if (field.joins) this.dropTable(joinTable(model, field), at);
    this.dropTable(model.table, at);
  }

  private dropTable(table: string, at: ChainStep): void {
    this.send(`DROP TABLE ${quoted(table)} CASCADE`, at);
    // what was to be said of it later is not said
    for (let index = this.deferred.length - 1; index >= 0; index -= 1)
      if (this.deferred[index]?.table === table) this.deferred.splice(index, 1);
  }

  addField(state: State, model: Model, field: Field, at: ChainStep): void {
    if (!model.isManaged) return;
    if (field.joins) this.createJoin(state, model, field, at);
    if (!field.column) return;
    const table = quoted(model.table);
    let column = this.column(state, model, field, true);
    if (field.to && field.constrained) {
      const { table: other, model: known } = targetOf(state, field.to, model);
      const key = primaryOf(known).column ?? 'id';
      const name = quoted(foreignKeyName(model.table, field.column, other, key));
      column += ` CONSTRAINT ${name} REFERENCES ${quoted(other)}(${quoted(key)}) DEFERRABLE INITIALLY DEFERRED`;
    }
    this.send(`ALTER TABLE ${table} ADD COLUMN ${column}`, at);
    if (field.filledWith !== undefined)
      this.send(`ALTER TABLE ${table} ALTER COLUMN ${quoted(field.column)} DROP DEFAULT`, at);
    this.fieldIndexes(state, model, field, at);
  }

  removeField(model: Model, field: Field, at: ChainStep): void {
    if (!model.isManaged) return;
    if (field.joins) this.dropTable(joinTable(model, field), at);
    if (field.column) this.send(`ALTER TABLE ${quoted(model.table)} DROP COLUMN ${quoted(field.column)} CASCADE`, at);
  }

  renameTable(from: string, to: string, at: ChainStep): void {
    if (from !== to) this.send(`ALTER TABLE ${quoted(from)} RENAME TO ${quoted(to)}`, at);
  }

  renameColumn(table: string, from: string, to: string, at: ChainStep): void {
    if (from !== to) this.send(`ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(from)} TO ${quoted(to)}`, at);
  }

  /** A model under another name: its table, and those of its relations of many to many with their columns. */
  renameModel(from: Model, to: Model, at: ChainStep, around?: State): void {
    if (!from.isManaged) return;
    this.renameTable(from.table, to.table, at);
    for (const other of around?.models.values() ?? [])
      for (const field of other.fields.values())
        if (field.joins && other.name !== from.name && field.to?.model === from.name)
          this.renameEnd(joinTable(other, field), field, from, to, `${from.name}_id`, `${to.name}_id`, at);
    for (const field of from.fields.values()) {
      const after = field.joins && to.fields.get(field.name);
      if (!after) continue;
      const table = joinTable(to, after);
      this.renameTable(joinTable(from, field), table, at);
      this.renameEnd(table, field, from, to, `${from.name}_id`, `${to.name}_id`, at);
    }
  }

  /** The column of a table between two models that leads to one whose name changes, with its constraint. */
  private renameEnd(
    table: string,
    field: Field,
    from: Model,
    to: Model,
    old: string,
    now: string,
    at: ChainStep,
  ): void {
    const { column: key = 'id' } = primaryOf(to);
    if (old === now) return;
    if (field.constrained)
      this.send(
        `ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(foreignKeyName(table, old, from.table, key))}`,
        at,
      );
    this.renameColumn(table, old, now, at);
    if (field.constrained)
      this.send(
        `ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(foreignKeyName(table, now, to.table, key))} FOREIGN KEY (${quoted(now)}) REFERENCES ${quoted(to.table)} (${quoted(key)}) DEFERRABLE INITIALLY DEFERRED`,
        at,
      );
  }

  alterField(
    fromState: State,
    from: Model,
    before: Field,
    toState: State,
    to: Model,
    after: Field,
    at: ChainStep,
  ): void {
    if (!to.isManaged) return;
    if (before.joins && after.joins) {
      this.renameTable(joinTable(from, before), joinTable(to, after), at);
      return;
    }
    if (!before.column && !after.column) return;
    if (!before.column || !after.column || before.primary !== after.primary || before.counts !== after.counts)
      throw new NotTranslated(`what becomes of \`${after.name}\``);
    const types = [typeIn(fromState, from, before), typeIn(toState, to, after)] as const;
    if (types.includes(undefined)) throw new NotTranslated(`what becomes of \`${after.name}\``);
    this.alterColumn({ state: toState, model: to, table: quoted(to.table), before, after, types, at, from, fromState });
  }

  private alterColumn(change: ColumnChange): void {
    const { state, model, table, before, after, types, at, from, fromState } = change;
    const [old, now] = types;
    const name = after.column ?? '';
    const column = quoted(name);
    const alter = (what: string) => this.send(`ALTER TABLE ${table} ALTER COLUMN ${column} ${what}`, at);
    const hadKey = before.to !== undefined && before.constrained;
    const hasKey = after.to !== undefined && after.constrained;
    const changesKey =
      hadKey !== hasKey ||
      (hasKey && targetOf(fromState, before.to, from).table !== targetOf(state, after.to, model).table);
    if (hadKey && (changesKey || old !== now))
      this.send(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(keyName(fromState, from, before))}`, at);
    if (before.unique && !after.unique)
      this.send(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(uniqueNameOf(from, before))}`, at);
    const dropIndex = (suffix: string) =>
      this.send(`DROP INDEX IF EXISTS ${quoted(indexName(from.table, [before.column ?? ''], suffix))}`, at);
    if (before.indexed && !after.indexed) {
      dropIndex('');
      if (hasLike(before, old ?? '')) dropIndex('_like');
    }
    if (before.check !== undefined && before.check !== after.check)
      this.send(`ALTER TABLE ${table} DROP CONSTRAINT ${quoted(checkNameOf(from, before))}`, at);
    this.renameColumn(model.table, before.column ?? '', name, at);
    if (old !== now) {
      if (hasLike(before, old ?? '') && !isText(now ?? '')) dropIndex('_like');
      const isOtherKind = kindOf(old) !== kindOf(now);
      alter(`TYPE ${now}${isOtherKind ? ` USING ${column}::${now}` : ''}`);
    }
    const fills = before.null && !after.null ? after.filledWith : undefined;
    if (fills !== undefined) {
      alter(`SET DEFAULT ${fills}`);
      this.send(`UPDATE ${table} SET ${column} = ${fills} WHERE ${column} IS NULL`, at);
    }
    if (before.null !== after.null) alter(after.null ? 'DROP NOT NULL' : 'SET NOT NULL');
    if (fills !== undefined) alter('DROP DEFAULT');
    if (after.unique && !before.unique)
      this.send(
        `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(indexName(model.table, [name], '_uniq'))} UNIQUE (${column})`,
        at,
      );
    if (after.indexed && !before.indexed)
      this.send(`CREATE INDEX ${quoted(indexName(model.table, [name]))} ON ${table} (${column})`, at);
    if (hasKey && (changesKey || old !== now)) {
      this.leanOn(state, model, after);
      this.send(addForeignKey(state, model, after), at);
    }
    if (after.check !== undefined && before.check !== after.check)
      this.send(
        `ALTER TABLE ${table} ADD CONSTRAINT ${quoted(indexName(model.table, [name], '_check'))} CHECK (${column} ${after.check})`,
        at,
      );
    const isNew = (after.indexed && !before.indexed && !before.unique) || (after.unique && !before.unique);
    if (isNew && hasLike(after, now ?? '')) this.send(likeIndex(model.table, name, now ?? ''), at);
    if (before.unique && !after.unique && !after.indexed && isText(old ?? '') && isText(now ?? '')) dropIndex('_like');
  }

  /** A field under another name: its column, or the table of a relation of many to many. */
  renameField(from: Model, before: Field, to: Model, after: Field, at: ChainStep): void {
    if (!from.isManaged) return;
    if (before.joins) this.renameTable(joinTable(from, before), joinTable(to, after), at);
    if (before.column && after.column) this.renameColumn(from.table, before.column, after.column, at);
  }

  alterTogether(model: Model, from: Model, to: Model, at: ChainStep): void {
    if (!model.isManaged) return;
    const key = (fields: readonly string[]) => fields.join(',');
    const gone = (one: Model['uniqueTogether'], other: Model['uniqueTogether']) =>
      one.filter(fields => !other.some(each => key(each) === key(fields)));
    const table = quoted(model.table);
    for (const fields of gone(from.uniqueTogether, to.uniqueTogether))
      this.send(
        `ALTER TABLE ${table} DROP CONSTRAINT ${quoted(indexName(from.table, columnsOf(from, fields), '_uniq'))}`,
        at,
      );
    for (const fields of gone(to.uniqueTogether, from.uniqueTogether)) this.send(uniqueTogether(to, fields), at);
    for (const fields of gone(from.indexTogether, to.indexTogether))
      this.send(`DROP INDEX IF EXISTS ${quoted(indexName(from.table, columnsOf(from, fields), '_idx'))}`, at);
    for (const fields of gone(to.indexTogether, from.indexTogether)) this.send(indexTogether(to, fields), at);
  }

  addIndex(model: Model, index: Index, at: ChainStep, concurrently = false): void {
    if (model.isManaged) this.send(createIndex(model, index, concurrently), at);
  }

  removeIndex(model: Model, { name }: Index, at: ChainStep, concurrently = false): void {
    if (model.isManaged) this.send(`DROP INDEX ${concurrently ? 'CONCURRENTLY ' : ''}IF EXISTS ${quoted(name)}`, at);
  }

  renameIndex(model: Model, from: string, to: string, at: ChainStep): void {
    if (model.isManaged) this.send(`ALTER INDEX ${quoted(from)} RENAME TO ${quoted(to)}`, at);
  }

  createExtension(name: string, at: ChainStep): void {
    this.send(`CREATE EXTENSION IF NOT EXISTS ${quoted(name)}`, at);
  }

  dropExtension(name: string, at: ChainStep): void {
    this.send(`DROP EXTENSION IF EXISTS ${quoted(name)}`, at);
  }

  validateConstraint(model: Model, name: string, at: ChainStep): void {
    if (model.isManaged) this.send(`ALTER TABLE ${quoted(model.table)} VALIDATE CONSTRAINT ${quoted(name)}`, at);
  }

  addConstraint(model: Model, { name, clause, index }: Constraint, at: ChainStep, isValid = true): void {
    if (!model.isManaged) return;
    if (index) {
      this.addIndex(model, index, at);
      return;
    }
    const written = clause?.(columnOf(model));
    if (written === undefined) throw new NotTranslated(`the condition of \`${name}\``);
    this.send(
      `ALTER TABLE ${quoted(model.table)} ADD CONSTRAINT ${quoted(name)} ${written}${isValid ? '' : ' NOT VALID'}`,
      at,
    );
  }

  removeConstraint(model: Model, { name, index }: Constraint, at: ChainStep): void {
    if (!model.isManaged) return;
    if (index) this.removeIndex(model, index, at);
    else this.send(`ALTER TABLE ${quoted(model.table)} DROP CONSTRAINT ${quoted(name)}`, at);
  }

  // ——— parts ———

  /** Written now and sent last; what cannot be written costs no more than itself. */
  private later(table: string, write: () => string, at: ChainStep): void {
    try {
      this.deferred.push({ sql: write(), at, table });
    } catch (error) {
      if (!(error instanceof NotTranslated)) throw error;
      this.heard.note(error.what, at);
    }
  }

  private leanOn(state: State, owner: Model, field: Field): void {
    const type = typeIn(state, owner, field);
    if (!field.to || !field.constrained || type === undefined) return;
    const { table, model } = targetOf(state, field.to, owner);
    if (!model) this.heard.leansOn({ table, key: primaryOf(model).column ?? 'id', type });
  }

  private column(state: State, model: Model, field: Field, isAdded: boolean): string {
    const type = typeIn(state, model, field);
    if (type === undefined) throw new NotTranslated(`the type of \`${field.name}\``);
    this.leanOn(state, model, field);
    const { column = '', collation, filledWith, check } = field;
    return [
      quoted(column),
      type,
      ...(collation === undefined ? [] : [`COLLATE ${quoted(collation)}`]),
      ...(isAdded && filledWith !== undefined ? [`DEFAULT ${filledWith}`] : []),
      field.null && !field.primary ? 'NULL' : 'NOT NULL',
      ...(field.primary ? ['PRIMARY KEY'] : field.unique ? ['UNIQUE'] : []),
      ...(check === undefined ? [] : [`CHECK (${quoted(column)} ${check})`]),
      ...(field.counts ? ['GENERATED BY DEFAULT AS IDENTITY'] : []),
    ].join(' ');
  }

  private fieldIndexes(state: State, model: Model, field: Field, at: ChainStep): void {
    if (!field.column || field.isUnknown) return;
    const { column } = field;
    const type = typeIn(state, model, field) ?? '';
    if (field.indexed)
      this.later(
        model.table,
        () => `CREATE INDEX ${quoted(indexName(model.table, [column]))} ON ${quoted(model.table)} (${quoted(column)})`,
        at,
      );
    if (hasLike(field, type)) this.later(model.table, () => likeIndex(model.table, column, type), at);
  }

  private createJoin(state: State, model: Model, field: Field, at: ChainStep): void {
    this.createModel(state, joinModel(state, model, field), at);
  }
}

interface ColumnChange {
  readonly fromState: State;
  readonly from: Model;
  readonly state: State;
  readonly model: Model;
  /** As it is written. */
  readonly table: string;
  readonly before: Field;
  readonly after: Field;
  readonly types: readonly [before: string | undefined, after: string | undefined];
  readonly at: ChainStep;
}

/** `varchar(10)` and `varchar(20)` are of one kind: nothing has to be said of how one becomes the other. */
const kindOf = (type: string | undefined): string => (type ?? '').replace(/\(.*/, '');

export const joinTable = (model: Model, { name, joins }: Field): string =>
  joins?.table ?? tableName(`${model.table}_${name}`);

/** The table between two models, as the model that it is to Django. */
function joinModel(state: State, model: Model, field: Field): Model {
  const isSelf = field.to?.model === 'self' || field.to?.model === model.name;
  const other = field.to?.model ?? 'object';
  const [from, to] = isSelf ? [`from_${model.name}`, `to_${model.name}`] : [model.name, other];
  const key = [...model.fields.values()].find(({ counts }) => counts);
  const base = { at: field.at, isUnknown: false, null: false, unique: false, counts: false } as const;
  const relation = (name: string, target: Field['to']): Field => ({
    ...base,
    name,
    column: `${name}_id`,
    primary: false,
    indexed: true,
    constrained: field.constrained,
    ...(target ? { to: target } : {}),
  });
  return {
    name: `${model.name}_${field.name}`,
    table: joinTable(model, field),
    isManaged: true,
    fields: new Map(
      [
        {
          ...base,
          name: 'id',
          column: 'id',
          type: key?.type ?? 'integer',
          primary: true,
          indexed: false,
          counts: true,
          constrained: false,
        },
        relation(from, { app: state.app, model: model.name }),
        relation(to, isSelf ? { app: state.app, model: model.name } : field.to),
      ].map((each): [string, Field] => [each.name, each]),
    ),
    uniqueTogether: [[from, to]],
    indexTogether: [],
    indexes: new Map(),
    constraints: new Map(),
  };
}

export const uniqueNameOf = (model: Model, { column = '', uniqueName }: Field): string =>
  uniqueName ?? columnConstraint(model.table, column, 'key');

export const checkNameOf = (model: Model, { column = '', checkName }: Field): string =>
  checkName ?? columnConstraint(model.table, column, 'check');

const hasLike = (field: Field, type: string): boolean =>
  isText(type) && field.collation === undefined && (field.indexed || field.unique || field.primary);

const likeIndex = (table: string, column: string, type: string): string =>
  `CREATE INDEX ${quoted(indexName(table, [column], '_like'))} ON ${quoted(table)} (${quoted(column)} ${type.startsWith('text') ? 'text' : 'varchar'}_pattern_ops)`;

function keyName(state: State, model: Model, field: Field): string {
  const { table, model: known } = targetOf(state, field.to, model);
  return foreignKeyName(model.table, field.column ?? '', table, primaryOf(known).column ?? 'id');
}

function addForeignKey(state: State, model: Model, field: Field): string {
  const { table, model: known } = targetOf(state, field.to, model);
  const key = quoted(primaryOf(known).column ?? 'id');
  return `ALTER TABLE ${quoted(model.table)} ADD CONSTRAINT ${quoted(keyName(state, model, field))} FOREIGN KEY (${quoted(field.column ?? '')}) REFERENCES ${quoted(table)} (${key}) DEFERRABLE INITIALLY DEFERRED`;
}

/** @throws NotTranslated where one is no column */
function columnsOf(model: Model, fields: readonly string[]): readonly string[] {
  return fields.map(field => {
    const column = columnOf(model)(field);
    if (column === undefined) throw new NotTranslated(`\`${field}\`, which is no column that is known`);
    return column;
  });
}

const uniqueTogether = (model: Model, fields: readonly string[]): string => {
  const columns = columnsOf(model, fields);
  return `ALTER TABLE ${quoted(model.table)} ADD CONSTRAINT ${quoted(indexName(model.table, columns, '_uniq'))} UNIQUE (${columns.map(quoted).join(', ')})`;
};

const indexTogether = (model: Model, fields: readonly string[]): string => {
  const columns = columnsOf(model, fields);
  return `CREATE INDEX ${quoted(indexName(model.table, columns, '_idx'))} ON ${quoted(model.table)} (${columns.map(quoted).join(', ')})`;
};

function createIndex(model: Model, { name, rest, unique }: Index, concurrently = false): string {
  const written = rest?.(columnOf(model));
  if (written === undefined) throw new NotTranslated(`what \`${name}\` is over`);
  return `CREATE ${unique ? 'UNIQUE ' : ''}INDEX ${concurrently ? 'CONCURRENTLY ' : ''}${quoted(name)} ON ${quoted(model.table)} ${written}`;
}
