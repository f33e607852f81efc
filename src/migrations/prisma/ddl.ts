/**
 * What `prisma db push` sends to an empty database for a schema.
 *
 * Sources: prisma.io/docs/orm/reference/prisma-schema-reference (native types, default names), prisma/prisma-engines
 * (schema-engine/sql-schema-describer and connectors/sql-schema-connector).
 */
import type { FileId, Place } from '../../engine/place';
import type { ScriptStatement } from '../script';
import { literal } from '../translate/quoting';
import {
  argumentOf,
  attributeOf,
  type PrismaAttribute,
  type PrismaEnum,
  type PrismaField,
  type PrismaModel,
  type PrismaSchema,
  type PrismaValue,
  textOf,
} from './language';
import { type PrismaWords, wordsOf } from './words';

/** One of the files that make a schema together. */
export interface PrismaFile {
  readonly file: FileId;
  readonly schema: PrismaSchema;
}

interface Known {
  readonly models: ReadonlyMap<string, PrismaModel>;
  readonly enums: ReadonlyMap<string, PrismaEnum>;
  readonly withoutForeignKeys: boolean;
  readonly words: PrismaWords;
}

/** In an order that the server takes: tables before what refers to them. */
export function statementsOfPrisma(
  files: readonly PrismaFile[],
  words: PrismaWords = wordsOf('postgresql'),
): readonly ScriptStatement[] {
  const all = files.map(({ schema }) => schema);
  const known: Known = {
    models: new Map(all.flatMap(({ models }) => models.map(each => [each.name, each]))),
    enums: new Map(all.flatMap(({ enums }) => enums.map(each => [each.name, each]))),
    withoutForeignKeys: all.some(each => each.withoutForeignKeys),
    words,
  };
  const made: ScriptStatement[] = [];
  const each = (write: (file: FileId, model: PrismaModel) => readonly ScriptStatement[]): void => {
    for (const { file, schema } of files)
      for (const model of schema.models) if (model.kind === 'model') made.push(...write(file, model));
  };
  for (const { file, schema } of words.hasEnums ? files : [])
    for (const type of schema.enums) {
      const labels = type.labels.map(({ label }) => literal(label)).join(', ');
      made.push(said(`CREATE TYPE ${words.quote(type.mapped)} AS ENUM (${labels})`, { unit: file, ...type.at }));
    }
  each((file, model) => [tableOf(file, model, known)]);
  each((file, model) => indexesOf(file, model, words));
  each((file, model) => foreignKeysOf(file, model, known));
  each((file, model) => joinTablesOf(file, model, known));
  return made;
}

/** Nothing of it stands in the file as it is sent. */
const said = (sql: string, at: Place, marks?: ScriptStatement['marks']): ScriptStatement => ({
  sql,
  at,
  pieces: [],
  ...(marks ? { marks } : {}),
});

const nameOf = ({ schema, mapped }: PrismaModel, { quote }: PrismaWords): string =>
  schema === undefined ? quote(mapped) : `${quote(schema)}.${quote(mapped)}`;

/** Fields that are columns: no relation, and no list of one. */
export const columnsOf = (model: PrismaModel, isModel: (type: string) => boolean): readonly PrismaField[] =>
  model.fields.filter(({ type }) => !isModel(type));

function tableOf(file: FileId, model: PrismaModel, known: Known): ScriptStatement {
  const { quote } = known.words;
  let sql = `CREATE TABLE ${nameOf(model, known.words)} (`;
  const marks: { from: number; to: number; at: Place }[] = [];
  const keyed = attributeOf(model, 'id');
  const add = (written: string, at: Place | undefined): void => {
    if (!sql.endsWith('(')) sql += ', ';
    if (at) marks.push({ from: sql.length, to: sql.length + written.length, at });
    sql += written;
  };
  for (const field of columnsOf(model, type => known.models.has(type)))
    add(columnOf(field, known), { unit: file, ...field.at });
  const single = model.fields.find(field => attributeOf(field, 'id'));
  const key = keyed ? columnNames(model, argumentOf(keyed, 'fields', 0)) : single ? [single.mapped] : [];
  const given = keyed ?? (single && attributeOf(single, 'id'));
  if (key.length > 0 && given) {
    const name = textOf(argumentOf(given, 'map')) ?? `${model.mapped}_pkey`;
    add(`CONSTRAINT ${quote(name)} PRIMARY KEY (${key.map(quote).join(', ')})`, undefined);
  }
  return said(`${sql})`, { unit: file, ...model.at }, marks);
}

function columnOf(field: PrismaField, known: Known): string {
  const type = typeOf(field, known);
  const given = attributeOf(field, 'default');
  const value = given && argumentOf(given, 'value', 0);
  const isSerial = value?.kind === 'call' && value.name === 'autoincrement';
  const written = defaultOf(value, field, known);
  return [
    known.words.quote(field.mapped),
    isSerial ? known.words.counting(type) : `${type}${field.isList ? '[]' : ''}`,
    field.isOptional || field.isList ? '' : 'NOT NULL',
    written === undefined ? '' : `DEFAULT ${written}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function typeOf({ type, unsupported, attributes }: PrismaField, { enums, words }: Known): string {
  if (unsupported !== undefined) return unsupported;
  const native = attributes.find(({ name }) => name.startsWith('db.'));
  if (native) {
    const name = native.name.slice('db.'.length);
    const sizes = native.arguments.flatMap(({ value }) =>
      value.kind === 'number' || value.kind === 'name' ? [value.value] : [],
    );
    return words.native(name, sizes.length > 0 ? `(${sizes.join(',')})` : '');
  }
  const own = enums.get(type);
  return own ? words.enumType(own) : words.scalar(type);
}

/** Nothing for what the client makes: `uuid()`, `cuid()`. */
function defaultOf(value: PrismaValue | undefined, field: PrismaField, { enums, words }: Known): string | undefined {
  switch (value?.kind) {
    case 'call':
      if (value.name === 'now') return 'CURRENT_TIMESTAMP';
      return value.name === 'dbgenerated' ? textOf(value.arguments[0]?.value) : undefined;
    case 'text':
      return literal(value.value);
    case 'number':
      return value.value;
    case 'name': {
      if (field.type === 'Boolean') return words.flag(value.value);
      const label = enums.get(field.type)?.labels.find(({ name }) => name === value.value);
      return label && literal(label.label);
    }
    default:
      return undefined;
  }
}

/** The columns of `[authorId, createdAt(sort: Desc)]`. */
const columnNames = (model: PrismaModel, value: PrismaValue | undefined): readonly string[] =>
  (value?.kind === 'list' ? value.items : value ? [value] : []).flatMap(item => {
    const name = item.kind === 'name' ? item.value : item.kind === 'call' ? item.name : undefined;
    return name === undefined ? [] : [model.fields.find(field => field.name === name)?.mapped ?? name];
  });

const METHODS = new Set(['Hash', 'Gin', 'Gist', 'SpGist', 'Brin']);

function indexesOf(file: FileId, model: PrismaModel, words: PrismaWords): readonly ScriptStatement[] {
  const made: ScriptStatement[] = [];
  const index = (attribute: PrismaAttribute, columns: readonly string[], isUnique: boolean, at: Place): void => {
    if (columns.length === 0) return;
    const name =
      textOf(argumentOf(attribute, 'map')) ?? `${model.mapped}_${columns.join('_')}_${isUnique ? 'key' : 'idx'}`;
    const type = argumentOf(attribute, 'type');
    const method =
      words.hasMethods && type?.kind === 'name' && METHODS.has(type.value) ? ` USING ${type.value.toUpperCase()}` : '';
    const list = columns.map(words.quote).join(', ');
    made.push(
      said(
        `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${words.quote(name.slice(0, 63))} ON ${nameOf(model, words)}${method} (${list})`,
        at,
      ),
    );
  };
  for (const field of model.fields) {
    const unique = attributeOf(field, 'unique');
    if (unique) index(unique, [field.mapped], true, { unit: file, ...field.at });
  }
  for (const attribute of model.attributes)
    if (attribute.name === 'unique' || attribute.name === 'index')
      index(attribute, columnNames(model, argumentOf(attribute, 'fields', 0)), attribute.name === 'unique', {
        unit: file,
        ...attribute.at,
      });
  return made;
}

const ACTIONS: Readonly<Record<string, string>> = {
  Cascade: 'CASCADE',
  Restrict: 'RESTRICT',
  NoAction: 'NO ACTION',
  SetNull: 'SET NULL',
  SetDefault: 'SET DEFAULT',
};

function foreignKeysOf(file: FileId, model: PrismaModel, known: Known): readonly ScriptStatement[] {
  if (known.withoutForeignKeys) return [];
  const { words } = known;
  return model.fields.flatMap((field): ScriptStatement[] => {
    const other = known.models.get(field.type);
    const relation = attributeOf(field, 'relation');
    if (!other || other.kind === 'view' || !relation) return [];
    const own = columnNames(model, argumentOf(relation, 'fields'));
    const theirs = columnNames(other, argumentOf(relation, 'references'));
    if (own.length === 0 || theirs.length === 0) return [];
    const name = textOf(argumentOf(relation, 'map')) ?? `${model.mapped}_${own.join('_')}_fkey`;
    const action = (on: string, usual: string): string => {
      const value = argumentOf(relation, on);
      return (value?.kind === 'name' ? ACTIONS[value.value] : undefined) ?? usual;
    };
    return [
      said(
        `ALTER TABLE ${nameOf(model, words)} ADD CONSTRAINT ${words.quote(name.slice(0, 63))} FOREIGN KEY (${own.map(words.quote).join(', ')}) ` +
          `REFERENCES ${nameOf(other, words)} (${theirs.map(words.quote).join(', ')}) ` +
          `ON DELETE ${action('onDelete', field.isOptional ? 'SET NULL' : 'RESTRICT')} ON UPDATE ${action('onUpdate', 'CASCADE')}`,
        { unit: file, ...field.at },
      ),
    ];
  });
}

/** The table behind two lists that face each other, made where the first of both models stands. */
function joinTablesOf(file: FileId, model: PrismaModel, known: Known): readonly ScriptStatement[] {
  const { quote } = known.words;
  return model.fields.flatMap((field): ScriptStatement[] => {
    const other = known.models.get(field.type);
    if (!other || !field.isList || other.name < model.name) return [];
    const name = relationNameOf(field);
    const back = other.fields.find(each => each.type === model.name && each !== field && relationNameOf(each) === name);
    if (!back?.isList || (other === model && back.name < field.name)) return [];
    const [own, theirs] = [keyOf(model), keyOf(other)];
    if (!own || !theirs) return [];
    const table = `_${name ?? `${model.name}To${other.name}`}`;
    const at = { unit: file, ...field.at };
    const keys = known.withoutForeignKeys
      ? []
      : [[model, own, 'A'] as const, [other, theirs, 'B'] as const].map(([of, key, column]) =>
          said(
            `ALTER TABLE ${quote(table)} ADD CONSTRAINT ${quote(`${table}_${column}_fkey`)} FOREIGN KEY (${quote(column)}) REFERENCES ${nameOf(of, known.words)} (${quote(key.mapped)}) ON DELETE CASCADE ON UPDATE CASCADE`,
            at,
          ),
        );
    return [
      said(
        `CREATE TABLE ${quote(table)} (${quote('A')} ${typeOf(own, known)} NOT NULL, ${quote('B')} ${typeOf(theirs, known)} NOT NULL, CONSTRAINT ${quote(`${table}_AB_pkey`)} PRIMARY KEY (${quote('A')}, ${quote('B')}))`,
        at,
      ),
      said(`CREATE INDEX ${quote(`${table}_B_index`)} ON ${quote(table)} (${quote('B')})`, at),
      ...keys,
    ];
  });
}

const keyOf = ({ fields }: PrismaModel): PrismaField | undefined => fields.find(field => attributeOf(field, 'id'));

function relationNameOf(field: PrismaField): string | undefined {
  const relation = attributeOf(field, 'relation');
  return relation && textOf(argumentOf(relation, 'name', 0));
}
