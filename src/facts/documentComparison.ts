/** The tables and enumerations of one document, each beside what it is in the schema. */
import { type Catalog, columnNames, primaryKeyOf } from '../catalog/catalog';
import { typeText } from '../catalog/definitionText';
import type { Column, Table } from '../catalog/object';
import { nearest } from '../engine/nearest';
import type { Place } from '../engine/place';
import {
  type DbmlColumn,
  type DbmlEndpoint,
  type DbmlReference,
  type DbmlSpan,
  type DbmlTable,
  settingOf,
} from '../migrations/dbml/language';
import { nameInDbml, shortType, typeInDbml } from '../migrations/dbml/written';
import type { Dialect } from '../sql/dialect';
import { likenessOf } from './documentedTypes';
import { isSameValue, plainValue, valueInDocument } from './documentedValues';
import { isGone, type KnownSchema } from './knownSchema';
import type { DocumentOfSchema, Insertion, SchemaDrift } from './schemaDrift';

export interface FoundTable {
  readonly table: Table;
  readonly catalog: Catalog;
}

export interface DocumentedTable extends FoundTable {
  readonly documented: DbmlTable;
}

export class DocumentComparison {
  /** The document marks most of what is NOT NULL so, so that what it does not mark it means to be nullable. */
  private readonly marksNotNull: boolean;
  /** The names of its tables, by those and by their aliases. */
  private readonly tableNames: ReadonlyMap<string, string>;

  constructor(
    private readonly own: DocumentOfSchema,
    private readonly pairs: readonly DocumentedTable[],
    private readonly known: KnownSchema,
  ) {
    this.marksNotNull = marksNotNull(pairs);
    this.tableNames = new Map(
      own.document.tables.flatMap(({ name, alias }): (readonly [string, string])[] => [
        [name, name],
        ...(alias === undefined ? [] : [[alias, name] as const]),
      ]),
    );
  }

  drift(): readonly SchemaDrift[] {
    return [
      ...this.pairs.flatMap(pair => [...this.columns(pair), ...this.keys(pair), ...this.references(pair)]),
      ...this.enums(),
    ];
  }

  private columns(pair: DocumentedTable): readonly SchemaDrift[] {
    const { documented, table } = pair;
    const drift: SchemaDrift[] = [];
    const named = new Set<string>();
    const wrong: DbmlColumn[] = [];
    for (const column of documented.columns) {
      const actual = columnNamed(table, column.name);
      if (actual) {
        named.add(actual.name);
        drift.push(...this.column(column, actual, pair));
      } else if (!column.isShared) wrong.push(column);
    }
    const left = new Map(table.columns.filter(({ name }) => !named.has(name)).map(column => [column.name, column]));
    for (const column of wrong) {
      const found = this.noColumn(column, table, [...left.keys()]);
      // what is documented by another name is documented
      if (found.called !== undefined) left.delete(found.called);
      drift.push(found);
    }
    const last = documented.columns.filter(({ isShared }) => !isShared).at(-1);
    if (left.size === 0 || !last || documented.isPartial) return drift;
    const undocumented = this.behind(last.span, documented.close);
    return [
      ...drift,
      {
        kind: 'undocumented',
        table: table.name,
        at: this.place(documented.at),
        // a document that leaves out most of a table shows what matters to it
        isMinor: left.size > named.size,
        columns: [...left.values()].map(column => ({ name: column.name, written: written(column, pair) })),
        ...(undocumented ? { insert: undocumented } : {}),
      },
    ];
  }

  private *column(column: DbmlColumn, actual: Column, { table, catalog }: FoundTable): IterableIterator<SchemaDrift> {
    const base = { table: table.name, column: actual.name, isMinor: false };
    if (column.type && actual.type && !this.isOfAnother(catalog)) {
      const is = typeText(catalog, actual.type);
      const likeness = likenessOf(column.type.text, is, ownTypes(catalog));
      if (likeness === 'other' || likeness === 'near')
        yield {
          ...base,
          kind: 'type',
          at: this.place(column.type.at),
          said: column.type.text,
          is: shortType(is),
          isMinor: likeness === 'near',
        };
    }
    const isKey = isKeyColumn(column) || keyOf(table).includes(actual.name);
    const notNull = settingOf(column, 'not null');
    const nullable = settingOf(column, 'null');
    const isSerial = /serial/i.test(column.type?.text ?? '') || settingOf(column, 'increment') !== undefined;
    const { notNull: isNotNull } = actual;
    const contrary = isNotNull ? nullable : notNull;
    if (!isKey && contrary) yield { ...base, kind: 'null', at: this.place(contrary.at), isNotNull, isSaid: true };
    else if (!isKey && isNotNull && !notNull && !isSerial && this.marksNotNull)
      yield { ...base, kind: 'null', at: this.place(column.at), isNotNull, isSaid: false };
    yield* this.default(column, actual, table);
    const unique = settingOf(column, 'unique');
    if (unique && !isUnique(table, [actual.name]))
      yield {
        kind: 'index',
        table: table.name,
        isMinor: false,
        columns: [actual.name],
        isUnique: true,
        at: this.place(unique.at),
      };
  }

  private *default(column: DbmlColumn, actual: Column, table: Table): IterableIterator<SchemaDrift> {
    const setting = settingOf(column, 'default');
    const said = setting && valueInDocument(setting.value);
    if (!setting || said === undefined || said === 'null') return;
    if (actual.identity || actual.autoIncrement || actual.generated) return;
    const is = actual.default && plainValue(actual.default.text);
    if (actual.default && (is === undefined || isSameValue(said, is))) return;
    yield {
      kind: 'default',
      table: table.name,
      column: actual.name,
      isMinor: false,
      at: this.place(setting.at),
      said: this.own.text.slice(setting.value[0]?.start ?? 0, setting.value.at(-1)?.end ?? 0),
      is: actual.default?.text,
    };
  }

  /** @param left  columns that the document does not have otherwise */
  private noColumn(column: DbmlColumn, table: Table, left: readonly string[]) {
    const answer = this.known.relation({ name: table.name, schema: table.schema });
    const gone = typeof answer === 'object' && !isGone(answer) ? answer.gone.get(column.name) : undefined;
    const called = gone ? left.find(name => name === gone.to) : nearest(column.name, left);
    const lines = this.linesOf(column.span);
    return {
      kind: 'column' as const,
      at: this.place(column.at),
      table: table.name,
      column: column.name,
      isMinor: false,
      ...(gone ? { gone } : {}),
      ...(called === undefined ? {} : { called }),
      ...(lines ? { lines } : {}),
    };
  }

  private *keys({ documented, table }: DocumentedTable): IterableIterator<SchemaDrift> {
    const base = { table: table.name, isMinor: false };
    const inColumns = documented.columns.filter(isKeyColumn);
    const inIndexes = documented.indexes.find(isKeyColumn);
    const said = inIndexes ? inIndexes.columns : inColumns.map(({ name }) => name);
    const at = inIndexes?.at ?? inColumns[0]?.at;
    const is = keyOf(table);
    if (said && at && said.length > 0 && !sameNames(said, is))
      yield { ...base, kind: 'primaryKey', at: this.place(at), said, is };
    for (const index of documented.indexes) {
      const { columns } = index;
      if (!columns || isKeyColumn(index) || columns.some(name => !columnNamed(table, name))) continue;
      const mustBeUnique = settingOf(index, 'unique') !== undefined;
      if (mustBeUnique ? !isUnique(table, columns) : !isIndexed(table, columns))
        yield { ...base, kind: 'index', at: this.place(index.at), columns, isUnique: mustBeUnique };
    }
  }

  private *references({ documented, table, catalog }: DocumentedTable): IterableIterator<SchemaDrift> {
    for (const reference of this.own.document.references) {
      const pair = pairOf(reference);
      if (!pair || this.tableNames.get(pair.from.table) !== documented.name) continue;
      if (pair.from.columns.some(name => !columnNamed(table, name))) continue;
      const to = this.tableNames.get(pair.to.table) ?? pair.to.table;
      const targets = table.constraints.flatMap(each => {
        if (each.kind !== 'foreignKey' || !sameSet(columnNames(table, each.columns), pair.from.columns)) return [];
        const target = catalog.objects.get(each.table);
        return [target?.kind === 'table' && !target.dropped ? target.name : to];
      });
      if (targets.some(name => sameName(name, to))) continue;
      const [is] = targets;
      yield {
        kind: 'reference',
        at: this.place(reference.at),
        table: table.name,
        column: pair.from.columns.join(', '),
        said: to,
        is,
        // many draw what belongs together without having the server see to it
        isMinor: is === undefined,
      };
    }
  }

  private *enums(): IterableIterator<SchemaDrift> {
    const catalogs = new Set(this.pairs.map(({ catalog }) => catalog));
    for (const documented of this.own.document.enums) {
      const [one, other] = [...catalogs].flatMap(catalog =>
        [...catalog.objects.values()].flatMap(object =>
          object.kind === 'enum' &&
          !object.assumed &&
          sameName(object.name, documented.name) &&
          (documented.schema === undefined || documented.schema === object.schema)
            ? [object]
            : [],
        ),
      );
      const last = documented.labels.at(-1);
      if (!one || other || !last) continue;
      const said = new Set(documented.labels.map(({ name }) => name));
      const missing = one.labels.filter(label => !said.has(label));
      const left = [...said].filter(label => !one.labels.includes(label));
      if (missing.length === 0 && left.length === 0) continue;
      const insert = this.behind(last.at, documented.close);
      yield {
        kind: 'labels',
        at: this.place(documented.at),
        table: one.name,
        isMinor: false,
        missing,
        left,
        ...(insert ? { insert } : {}),
      };
    }
  }

  /** Types of another server's than the one that the document says it is about are another language. */
  private isOfAnother({ dialect }: Catalog): boolean {
    const said = this.own.document.database?.toLowerCase();
    const about = said === undefined ? undefined : SERVERS.find(([word]) => said.includes(word))?.[1];
    return about !== undefined && !about.includes(dialect ?? 'postgresql');
  }

  private place({ start, end }: DbmlSpan): Place {
    return { unit: this.own.file, start, end };
  }

  /** Behind a line of a block; nothing where the block ends in that line. */
  private behind(span: DbmlSpan, close: number): Insertion | undefined {
    const end = this.lineEnd(span.end);
    if (end > close) return undefined;
    const start = this.own.text.lastIndexOf('\n', span.start - 1) + 1;
    const indent = /^[ \t]*/.exec(this.own.text.slice(start, span.start))?.[0] ?? '';
    return { at: this.place({ start: end, end }), indent };
  }

  /** Its lines with their breaks, where nothing but a comment stands beside it. */
  private linesOf(span: DbmlSpan): Place | undefined {
    const { text } = this.own;
    const start = text.lastIndexOf('\n', span.start - 1) + 1;
    const end = text.indexOf('\n', span.end);
    const isAlone =
      end >= 0 && text.slice(start, span.start).trim() === '' && /^\s*(?:\/\/.*)?$/.test(text.slice(span.end, end));
    return isAlone ? this.place({ start, end: end + 1 }) : undefined;
  }

  private lineEnd(from: number): number {
    const at = this.own.text.indexOf('\n', from);
    const end = at < 0 ? this.own.text.length : at;
    return this.own.text[end - 1] === '\r' ? end - 1 : end;
  }
}

/** What `database_type` may say, and whose catalogs are then meant. */
const SERVERS: readonly (readonly [word: string, dialects: readonly Dialect[]])[] = [
  ['postgres', ['postgresql']],
  ['mariadb', ['mariadb', 'mysql']],
  ['mysql', ['mariadb', 'mysql']],
  ['sqlite', ['sqlite']],
  ['sql server', ['transactsql']],
  ['mssql', ['transactsql']],
];

function marksNotNull(pairs: readonly DocumentedTable[]): boolean {
  const required = pairs.flatMap(({ documented, table }) => {
    const keys = keyOf(table);
    return documented.columns.filter(column => {
      const actual = columnNamed(table, column.name);
      return actual?.notNull && !keys.includes(actual.name) && !isKeyColumn(column);
    });
  });
  const marked = required.filter(column => settingOf(column, 'not null'));
  return required.length >= 5 && marked.length >= required.length * 0.8;
}

/** A column of the schema as a document writes it. */
function written(column: Column, { table, catalog }: FoundTable): string {
  const key = keyOf(table);
  const isKey = key.length === 1 && key[0] === column.name;
  const value = column.default && plainValue(column.default.text);
  const isPlain = value !== undefined && /^(?:-?[\d.]+|'[^']*'|true|false)$/.test(value);
  const settings = [
    ...(isKey ? ['pk'] : []),
    ...(column.notNull && !key.includes(column.name) ? ['not null'] : []),
    ...(isUnique(table, [column.name]) && !isKey ? ['unique'] : []),
    ...(column.default && value !== 'null'
      ? [`default: ${isPlain ? value : `\`${column.default.text.replaceAll('`', '')}\``}`]
      : []),
  ];
  const type = column.type ? typeInDbml(typeText(catalog, column.type)) : 'text';
  return `${nameInDbml(column.name)} ${type}${settings.length > 0 ? ` [${settings.join(', ')}]` : ''}`;
}

export const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

const sameNames = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every((name, at) => sameName(name, others[at] ?? ''));

/** In any order. */
const sameSet = (some: readonly string[], others: readonly string[]): boolean =>
  some.length === others.length && some.every(name => others.some(other => sameName(name, other)));

const columnNamed = ({ columns }: Table, name: string): Column | undefined =>
  columns.find(column => column.name === name) ?? columns.find(column => sameName(column.name, name));

const isKeyColumn = (given: Parameters<typeof settingOf>[0]): boolean =>
  settingOf(given, 'pk', 'primary key') !== undefined;

function keyOf(table: Table): readonly string[] {
  const key = primaryKeyOf(table);
  return key?.kind === 'primaryKey' ? columnNames(table, key.columns) : [];
}

const indexColumns = (table: Table): readonly { readonly unique: boolean; readonly columns: readonly string[] }[] =>
  table.indexes.map(index => ({
    unique: index.unique && index.where === undefined,
    columns: index.elements.map(({ column }) => (column === undefined ? '' : (columnNames(table, [column])[0] ?? ''))),
  }));

/** By a key or an index of exactly these columns. */
const isUnique = (table: Table, columns: readonly string[]): boolean =>
  sameSet(keyOf(table), columns) || indexColumns(table).some(index => index.unique && sameSet(index.columns, columns));

/** An index that begins with them serves what one of them would. */
const isIndexed = (table: Table, columns: readonly string[]): boolean =>
  sameNames(keyOf(table).slice(0, columns.length), columns) ||
  indexColumns(table).some(index => sameNames(index.columns.slice(0, columns.length), columns));

function ownTypes(catalog: Catalog): ReadonlySet<string> {
  const known = OWN_TYPES.get(catalog);
  if (known) return known;
  const names = new Set<string>();
  for (const object of catalog.objects.values())
    if (object.kind === 'enum' || object.kind === 'domain' || object.kind === 'composite')
      names.add(object.name.toLowerCase());
  OWN_TYPES.set(catalog, names);
  return names;
}

const OWN_TYPES = new WeakMap<Catalog, ReadonlySet<string>>();

/** The side that holds the key first; nothing where neither does, or either may. */
function pairOf({
  operator,
  from,
  to,
}: DbmlReference): { readonly from: DbmlEndpoint; readonly to: DbmlEndpoint } | undefined {
  if (operator === '>') return { from, to };
  return operator === '<' ? { from: to, to: from } : undefined;
}
