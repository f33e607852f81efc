/**
 * The way back on MySQL and MariaDB, which know no transaction around it: what stands on tables goes first, then foreign keys
 * and checks, then tables; what was renamed is called as before, each table is altered in one statement, and what is no more is
 * made again in the order in which one needs the other.
 */
import { type Catalog, isTable, isView, keyIn } from './catalog';
import { creatingOrder, type ForeignKey, fallingOrder, foreignKeysOf, type Kept, matchedTables } from './keptTables';
import {
  checksIn,
  isNamed,
  mysqlColumn,
  mysqlConstraint,
  mysqlIndex,
  mysqlName,
  numberOf,
  primaryOf,
  quotedMysql,
  storageOf,
  storageText,
} from './mysqlText';
import type { CatalogObject, Constraint, ObjectId, Other, Table, View } from './object';
import type { WayBack, WayBackNote } from './wayBack';
import { alterMysqlTable, definition, isNameKnown, isRetyped } from './wayBackMysqlTable';

/** What is written while a way back is worked out. */
export interface MysqlScript {
  readonly after: Catalog;
  readonly before: Catalog;
  readonly statements: string[];
  readonly notes: WayBackNote[];
  readonly obstacles: string[];
}

export function wayBackMysql(after: Catalog, before: Catalog): WayBack {
  const script: MysqlScript = { after, before, statements: [], notes: [], obstacles: [] };
  const tables = matchedTables(after, before);
  const { doomed } = tables;
  const views = changedOf(after, before, isView, viewText);
  const programs = changedOf(after, before, isProgram, ({ text }) => text);
  for (const view of views.gone) script.statements.push(`DROP VIEW ${mysqlName(view)};`);
  for (const one of programs.gone)
    if (!doomed.some(({ id }) => id === one.on))
      script.statements.push(`DROP ${one.what.toUpperCase()} ${mysqlName(one)};`);
  const constraints = tables.kept.map(kept => constraintsBack(script, kept, tables.kept));
  for (const { drops } of constraints) script.statements.push(...drops);
  dropTables(script, doomed);
  for (const { now, then } of tables.kept)
    if (mysqlName(now) !== mysqlName(then))
      script.statements.push(`RENAME TABLE ${mysqlName(now)} TO ${mysqlName(then)};`);
  for (const kept of tables.kept) alterMysqlTable(script, kept);
  createTables(script, tables.missing);
  for (const { adds } of constraints) script.statements.push(...adds);
  for (const one of programs.missing) if (one.what !== 'trigger') makeProgram(script, one);
  for (const view of views.missing) {
    if (view.isStale) script.obstacles.push(`the text of view ${view.name} is older than the names in it`);
    script.statements.push(`${viewText(view)};`);
  }
  for (const one of programs.missing) if (one.what === 'trigger') makeProgram(script, one);
  const { statements, notes, obstacles } = script;
  return { statements, notes, obstacles };
}

const isProgram = (object: CatalogObject | undefined): object is Other => object?.kind === 'other';

interface Changed<One> {
  readonly gone: readonly One[];
  readonly missing: readonly One[];
}

/** What of a kind is in one of the catalogs alone, or in both with other words. */
function changedOf<One extends View | Other>(
  after: Catalog,
  before: Catalog,
  isOne: (object: CatalogObject | undefined) => object is One,
  textOf: (one: One) => string,
): Changed<One> {
  const isLike = (one: One, other: CatalogObject | undefined): boolean =>
    isOne(other) && mysqlName(one) === mysqlName(other) && textOf(one) === textOf(other);
  const of = (catalog: Catalog, other: Catalog): readonly One[] =>
    [...catalog.objects.values()].filter(isOne).filter(one => !isLike(one, other.objects.get(one.id)));
  return { gone: [...of(after, before)].reverse(), missing: of(before, after) };
}

const viewText = (view: View): string =>
  `CREATE ${view.words?.head ?? ''}VIEW ${mysqlName(view)} ${view.words?.tail ?? ''}`.replace(/;\s*$/, '');

function makeProgram({ statements, obstacles }: MysqlScript, one: Other): void {
  if (one.isStale || one.assumed) obstacles.push(`the former text of ${one.what} ${one.name} is not known`);
  statements.push(`${one.text.replace(/[\s;]+$/, '')};`);
}

type Checked = Extract<Constraint, { readonly kind: 'foreignKey' | 'check' }>;

const isChecked = (one: Constraint): one is Checked => one.kind === 'foreignKey' || one.kind === 'check';

/** The foreign keys and checks of a table of both catalogs: each is dropped ahead of all, or made behind all. */
function constraintsBack(
  script: MysqlScript,
  kept: Kept,
  all: readonly Kept[],
): { readonly drops: readonly string[]; readonly adds: readonly string[] } {
  const { now, then, columns } = kept;
  const drops: string[] = [];
  const adds: string[] = [];
  const free = new Set(then.constraints.filter(isChecked));
  for (const one of now.constraints.filter(isChecked)) {
    const same = [...free].find(each => isSameConstraint(script, kept, all, one, each));
    if (same) free.delete(same);
    if (same && !(one.kind === 'foreignKey' && touchesRetyped(one, kept, all))) continue;
    // MariaDB's own of a column, which falls with it
    const isColumns = one.words?.inColumn === true && one.columns.every(id => !columns.has(id));
    if (one.kind === 'check' && isColumns) continue;
    if (!isNameKnown(now, one))
      script.obstacles.push(
        `what the server calls a ${one.kind === 'check' ? 'check' : 'foreign key'} of ${now.name} is not known`,
      );
    drops.push(
      `ALTER TABLE ${mysqlName(now)} DROP ${one.kind === 'foreignKey' ? 'FOREIGN KEY' : 'CONSTRAINT'} ${quotedMysql(one.name)};`,
    );
    if (same) free.add(same);
  }
  const restored = new Set(then.columns.filter(({ id }) => ![...columns.values()].includes(id)).map(({ id }) => id));
  const numbering = new Numbering(
    then,
    then.constraints.filter(one => !free.has(one as Checked)),
  );
  for (const one of [...free].sort((a, b) => (numberOf(then, a) ?? 0) - (numberOf(then, b) ?? 0))) {
    if (one.assumed) script.obstacles.push(`what was dropped is not known: constraint ${one.name} of ${then.name}`);
    const [first] = one.columns;
    // written with the column that comes back
    if (one.kind === 'check' && one.words?.inColumn && first !== undefined && restored.has(first)) continue;
    adds.push(
      `ALTER TABLE ${mysqlName(then)} ADD ${mysqlConstraint(script.before, then, one, numbering.isNext(one))};`,
    );
    script.notes.push({ kind: 'mayFail', says: `rows of ${then.name} that break ${one.name} make it fail` });
  }
  return { drops, adds };
}

function isSameConstraint(
  { after }: MysqlScript,
  kept: Kept,
  all: readonly Kept[],
  one: Checked,
  other: Checked,
): boolean {
  if (keyIn(after, one.name) !== keyIn(after, other.name)) return false;
  const isSame = (
    columns: Kept['columns'] | undefined,
    own: readonly ObjectId[],
    theirs: readonly ObjectId[],
  ): boolean => own.length === theirs.length && own.every((id, at) => (columns ? columns.get(id) : id) === theirs[at]);
  if (one.kind === 'check' || other.kind === 'check')
    return (
      one.kind === other.kind &&
      'expression' in one &&
      'expression' in other &&
      one.expression.text === other.expression.text &&
      one.enforced === other.enforced
    );
  const target = all.find(({ now }) => now.id === one.table);
  return (
    one.table === other.table &&
    isSame(kept.columns, one.columns, other.columns) &&
    isSame(target?.columns, one.referenced, other.referenced) &&
    one.onDelete === other.onDelete &&
    one.onUpdate === other.onUpdate
  );
}

/** A foreign key keeps the type of the columns that it is over. */
function touchesRetyped(
  { columns, referenced, table }: Extract<Constraint, { kind: 'foreignKey' }>,
  own: Kept,
  all: readonly Kept[],
): boolean {
  const target = all.find(({ now }) => now.id === table);
  const isTouched = (kept: Kept | undefined, ids: readonly ObjectId[]): boolean =>
    kept !== undefined &&
    ids.some(id => {
      const was = kept.now.columns.find(column => column.id === id);
      const column = kept.then.columns.find(each => each.id === kept.columns.get(id));
      return was !== undefined && column !== undefined && isRetyped(was, column);
    });
  return isTouched(own, columns) || isTouched(target, referenced);
}

function dropTables(script: MysqlScript, doomed: readonly Table[]): void {
  for (const { table, inTheWay } of fallingOrder(doomed)) {
    for (const { of, key } of inTheWay) {
      if (!isNameKnown(of, key))
        script.obstacles.push(`what the server calls a foreign key of ${of.name} is not known`);
      script.statements.push(`ALTER TABLE ${mysqlName(of)} DROP FOREIGN KEY ${quotedMysql(key.name)};`);
    }
    script.statements.push(`DROP TABLE ${mysqlName(table)};`);
    script.notes.push({ kind: 'dataLost', says: `the rows of ${table.name} are lost` });
  }
}

function createTables(script: MysqlScript, missing: readonly Table[]): void {
  const { before, statements } = script;
  const late: string[] = [];
  for (const { assumed, name } of missing)
    if (assumed)
      script.obstacles.push(`what was dropped is not known: table ${name} was there before the history begins`);
  for (const { table, keys } of creatingOrder(missing.filter(({ assumed }) => !assumed))) {
    for (const key of foreignKeysOf(table))
      if (!keys.includes(key)) late.push(`ALTER TABLE ${mysqlName(table)} ADD ${mysqlConstraint(before, table, key)};`);
    statements.push(createText(script, table, keys));
    script.notes.push({ kind: 'dataLost', says: `${table.name} comes back empty: its rows are lost` });
  }
  statements.push(...late);
}

function createText(script: MysqlScript, table: Table, keys: readonly ForeignKey[]): string {
  const { before, obstacles } = script;
  const storage = storageOf(table);
  if (!table.complete || !storage || table.foreignServer !== undefined)
    obstacles.push(`not all of the former definition of table ${table.name} is known`);
  if (/\([^)]*\(\s*\d/.test(primaryOf(table)?.words?.text ?? ''))
    obstacles.push(`the primary key of ${table.name} holds the beginnings of columns`);
  const numbering = new Numbering(table, []);
  const inColumns = new Set<Constraint>(table.columns.flatMap(column => [...checksIn(table, column)]));
  const lines = [
    ...table.columns.map(column => definition(script, table, column)),
    ...table.indexes.map(index => mysqlIndex(table, index)),
    ...(table.implied ?? []).map(index => mysqlIndex(table, index)),
    ...table.constraints.flatMap(each =>
      each.kind === 'check' && !inColumns.has(each) ? [mysqlConstraint(before, table, each)] : [],
    ),
    ...keys.map(key => mysqlConstraint(before, table, key, numbering.isNext(key))),
  ];
  const temporary = table.persistence === 'temporary' ? 'TEMPORARY ' : '';
  return `CREATE ${temporary}TABLE ${mysqlName(table)} (\n  ${lines.join(',\n  ')}\n)${storage ? storageText(storage) : ''};`;
}

/** The tables that differ in what is never compared of two catalogs: where columns stand, and how all is written. */
export function mysqlRemainder(before: Catalog, now: Catalog): readonly string[] {
  const texts = (catalog: Catalog): ReadonlyMap<string, string> =>
    new Map(
      [...catalog.objects.values()].flatMap(one =>
        isTable(one) && !one.assumed && one.complete ? [[mysqlName(one), essenceOf(catalog, one)] as const] : [],
      ),
    );
  const is = texts(now);
  return [...texts(before)].flatMap(([name, text]) => {
    const there = is.get(name);
    return there === undefined || there === text
      ? []
      : [`table ${name.replaceAll('`', '')} does not come back as it was`];
  });
}

/** What is written says no more than what is left out. */
const isNone = (name: string, value: string): boolean =>
  name === 'auto_increment' ||
  (name === 'row_format' && value.toLowerCase() === 'default') ||
  (name === 'comment' && value === "''");

/** Whether the server would come to the name of a foreign key by itself: then its index gets no other name than it had. */
class Numbering {
  private highest: number;

  constructor(
    private readonly table: Table,
    there: readonly Constraint[],
  ) {
    this.highest = Math.max(0, ...there.map(one => numberOf(table, one) ?? 0));
  }

  isNext(one: Constraint): boolean {
    const number = numberOf(this.table, one);
    if (number === undefined) return false;
    const isNext = !isNamed(one) && number === this.highest + 1;
    this.highest = Math.max(this.highest, number);
    return isNext;
  }
}

function essenceOf(catalog: Catalog, table: Table): string {
  const columns = table.columns.map(column => mysqlColumn(table, column) ?? column.name);
  const indexes = [...table.indexes, ...(table.implied ?? [])].map(index => mysqlIndex(table, index)).sort();
  const constraints = table.constraints
    .filter(isChecked)
    .map(each => mysqlConstraint(catalog, table, each))
    .sort();
  const storage = storageOf(table);
  const options = storage ? [...storage.options].filter(([name, value]) => !isNone(name, value)).sort() : [];
  return JSON.stringify([columns, indexes, constraints, options, storage?.more]).toLowerCase();
}
