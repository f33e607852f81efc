/**
 * The way back on SQLite. What ALTER TABLE can do is done in place; all else by the rebuild that SQLite documents: a new table
 * with the former definition, the rows copied, the old table dropped, the new one renamed.
 * https://sqlite.org/lang_altertable.html#otheralter
 */
import { type Catalog, isTable, tablesOf } from './catalog';
import type { Constraint, Index, ObjectId, Other, Table, View } from './object';
import { freeName, renamesBackSqlite } from './renameBackSqlite';
import {
  changeOf,
  isSameIndex,
  isSameTrigger,
  isSameView,
  type Matched,
  matchTables,
  type TableChange,
  triggersIn,
  viewsIn,
} from './sqliteSameness';
import {
  columnText,
  createIndexText,
  createTableText,
  createViewText,
  mentions,
  sqliteName,
  type Writing,
} from './sqliteText';
import type { WayBack, WayBackNote } from './wayBack';

interface Script extends Writing {
  readonly after: Catalog;
  readonly before: Catalog;
  readonly matched: Matched;
  readonly changes: readonly TableChange[];
  readonly statements: string[];
  readonly notes: WayBackNote[];
  readonly obstacles: string[];
  /** Whether tables are dropped whose rows others refer to. */
  enforcement: 'as it is' | 'off' | 'proven off';
}

export function wayBackSqlite(after: Catalog, before: Catalog): WayBack {
  const matched = matchTables(after, before);
  const script: Script = {
    after,
    before,
    catalog: before,
    matched,
    changes: matched.pairs.map(pair => changeOf(pair, matched.former)),
    statements: [],
    notes: [],
    obstacles: [],
    enforcement: 'as it is',
  };
  findAssumed(script);
  const kept = clearTheWay(script);
  for (const change of script.changes) dropColumns(script, change);
  const early = script.matched.gone.filter(table => isInTheWay(script, table));
  for (const table of parentsLast(early)) dropTable(script, table);
  script.statements.push(...renamesBackSqlite(after, before, script.changes));
  for (const table of [...parentsLast(matched.lost)].reverse()) makeTable(script, table);
  for (const change of script.changes) if (change.isRebuilt) rebuild(script, change);
  for (const table of parentsLast(matched.gone.filter(each => !early.includes(each)))) dropTable(script, table);
  for (const change of script.changes) addColumns(script, change);
  makeAgain(script, kept);
  const { notes, obstacles } = script;
  return { statements: enforced(script), notes, obstacles };
}

const sameName = (a: { readonly name: string }, b: { readonly name: string }): boolean =>
  a.name.toLowerCase() === b.name.toLowerCase();

function findAssumed({ before, matched, obstacles }: Script): void {
  for (const { now, then } of matched.pairs)
    if (then.assumed && !now.assumed) obstacles.push(`whether table ${then.name} was there before its up is not known`);
  for (const table of matched.gone)
    if (!before.complete && tablesOf(before).some(each => each.assumed && sameName(each, table)))
      obstacles.push(`whether table ${table.name} was there before its up is not known`);
}

/** What stays as it is though others go. */
interface Kept {
  readonly views: ReadonlySet<View>;
  readonly triggers: ReadonlySet<Other>;
  readonly indexes: ReadonlySet<ObjectId>;
}

/**
 * Drops views, triggers and indexes that are other ones before, and views and triggers that name what will be gone for a
 * moment: no table can be renamed while one of them names a table that is not there.
 */
function clearTheWay(script: Script): Kept {
  const { after, before, matched, changes, statements } = script;
  const { former } = matched;
  const isAltered = changes.some(
    ({ now, then, columns, dropped, isRebuilt }) =>
      isRebuilt ||
      dropped.length > 0 ||
      now.name !== then.name ||
      then.columns.some(({ id, name }) => (columns.get(id)?.name ?? name) !== name),
  );
  const rebuilt = new Set(changes.filter(({ isRebuilt }) => isRebuilt).map(({ now }) => now));
  const vanishing = new Set([...rebuilt, ...matched.gone].map(({ name }) => name.toLowerCase()));
  const [views, formerViews] = [viewsIn(after), viewsIn(before)];
  const keptViews = new Set(views.filter(view => formerViews.some(each => isSameView(view, each, former))));
  for (let size = -1; isAltered && size !== keptViews.size; ) {
    size = keptViews.size;
    const names = new Set([
      ...vanishing,
      ...views.filter(view => !keptViews.has(view)).map(({ name }) => name.toLowerCase()),
    ]);
    for (const view of keptViews) if (namesOne(script, view, names)) keptViews.delete(view);
  }
  const droppedViews = views.filter(view => !keptViews.has(view));
  const names = new Set([...vanishing, ...droppedViews.map(({ name }) => name.toLowerCase())]);
  const goesWith = (trigger: Other): boolean => [...matched.gone, ...droppedViews].some(({ id }) => id === trigger.on);
  const formerTriggers = triggersIn(before);
  const keptTriggers = new Set(
    triggersIn(after).filter(
      trigger =>
        formerTriggers.some(each => isSameTrigger(trigger, each, former)) &&
        !goesWith(trigger) &&
        !(isAltered && ((trigger.isStale === true && names.size > 0) || mentions(trigger.text, names))),
    ),
  );
  for (const trigger of triggersIn(after))
    if (!keptTriggers.has(trigger) && (isAltered || !goesWith(trigger)))
      statements.push(`DROP TRIGGER ${sqliteName(trigger.name)};`);
  for (const view of readersFirst(droppedViews)) statements.push(`DROP VIEW ${sqliteName(view.name)};`);
  const indexes = new Set<ObjectId>();
  for (const { now, then, isRebuilt } of changes)
    for (const index of ownIndexes(now)) {
      if (isRebuilt) continue;
      const same = ownIndexes(then).find(each => isSameIndex(index, each, former));
      if (same) indexes.add(same.id);
      else statements.push(`DROP INDEX ${sqliteName(index.name)};`);
    }
  return { views: keptViews, triggers: keptTriggers, indexes };
}

/** Whether a view names one of these. Its text may be older than the names. */
function namesOne({ after }: Script, view: View, names: ReadonlySet<string>): boolean {
  if (mentions(view.words?.tail ?? view.query?.text ?? '', names)) return true;
  return (view.query?.refs ?? []).some(id => {
    const object = after.objects.get(id);
    return object !== undefined && names.has(object.name.toLowerCase());
  });
}

const ownIndexes = ({ indexes }: Table): readonly Index[] =>
  indexes.filter(({ constraint }) => constraint === undefined);

/** What uses others before those others. */
function usersFirst<Item>(items: readonly Item[], uses: (user: Item, used: Item) => boolean): readonly Item[] {
  const found: Item[] = [];
  const seen = new Set<Item>();
  const visit = (item: Item): void => {
    if (seen.has(item)) return;
    seen.add(item);
    for (const other of items) if (uses(other, item)) visit(other);
    found.push(item);
  };
  for (const item of items) visit(item);
  return found;
}

/** Views before those that they read. */
const readersFirst = (views: readonly View[]): readonly View[] =>
  usersFirst(views, (user, { name }) => mentions(user.words?.tail ?? '', new Set([name.toLowerCase()])));

/** Tables before those that they refer to. */
const parentsLast = (tables: readonly Table[]): readonly Table[] =>
  usersFirst(tables, (user, used) => referencesTo(user, used).length > 0);

type ForeignKey = Extract<Constraint, { readonly kind: 'foreignKey' }>;

const referencesTo = (from: Table, to: Table): readonly ForeignKey[] =>
  from.constraints.filter((each): each is ForeignKey => each.kind === 'foreignKey' && each.table === to.id);

function dropColumns({ statements, notes }: Script, { now, dropped, isRebuilt }: TableChange): void {
  for (const column of dropped) {
    if (!isRebuilt) statements.push(`ALTER TABLE ${sqliteName(now.name)} DROP COLUMN ${sqliteName(column.name)};`);
    if (!column.generated) notes.push({ kind: 'dataLost', says: `the values of ${now.name}.${column.name} are lost` });
  }
}

/** Whether a table that was made has the name that another must get back. */
const isInTheWay = ({ matched, changes }: Script, table: Table): boolean =>
  matched.lost.some(each => sameName(each, table)) ||
  changes.some(({ now, then }) => !sameName(now, then) && sameName(then, table));

function dropTable(script: Script, table: Table): void {
  letGo(script, table, table.name);
  script.statements.push(`DROP TABLE ${sqliteName(table.name)};`);
  script.notes.push({ kind: 'dataLost', says: `the rows of ${table.name} are lost` });
}

/** DROP TABLE deletes the rows first, as far as foreign keys are enforced: with them go rows of tables that stay. */
function letGo(script: Script, table: Table, name: string): void {
  const { matched, notes } = script;
  for (const { now, then } of matched.pairs) {
    if (now.id === table.id) continue;
    const keys = [
      ...(matched.gone.includes(table) ? [] : referencesTo(now, table)),
      ...then.constraints.filter(
        (each): each is ForeignKey => each.kind === 'foreignKey' && refersByName(script, each, name),
      ),
    ];
    const acting = keys.find(({ onDelete }) => onDelete !== 'no action' && onDelete !== 'restrict');
    if (keys.length === 0) continue;
    script.enforcement = acting || script.enforcement === 'proven off' ? 'proven off' : 'off';
    notes.push({
      kind: 'mayFail',
      says: acting
        ? `${then.name} refers to ${name} with ON DELETE ${acting.onDelete.toUpperCase()}: where foreign keys stay enforced, as in a transaction that is open already, it stops before a row of ${then.name} is touched`
        : `${then.name} refers to ${name}: within a transaction that enforces foreign keys it fails while ${then.name} has rows`,
    });
  }
}

function refersByName({ before }: Script, key: ForeignKey, name: string): boolean {
  const target = before.objects.get(key.table);
  return isTable(target) && target.name.toLowerCase() === name.toLowerCase();
}

function makeTable(script: Script, table: Table): void {
  script.statements.push(createTableText(script, table));
  script.notes.push({ kind: 'dataLost', says: `${table.name} comes back empty: its rows are lost` });
}

function rebuild(script: Script, change: TableChange): void {
  const { statements, after, before } = script;
  const { now, then, columns } = change;
  const copy = freeName(after, before, `new_${then.name}`);
  if (!now.complete) script.obstacles.push(`not all of table ${now.name} is known`);
  letGo(script, now, then.name);
  const kept = then.columns.filter(({ id, generated }) => columns.has(id) && !generated);
  const list = kept.map(({ name }) => sqliteName(name)).join(', ');
  statements.push(
    createTableText(script, then, copy),
    `INSERT INTO ${sqliteName(copy)} (${list}) SELECT ${list} FROM ${sqliteName(then.name)};`,
  );
  const isNumbered = (table: Table): boolean => table.columns.some(({ autoIncrement }) => autoIncrement === true);
  // a number that was given once is not given again
  if (isNumbered(now) && isNumbered(then))
    statements.push(
      `DELETE FROM sqlite_sequence WHERE name = ${literal(copy)};`,
      `INSERT INTO sqlite_sequence (name, seq) SELECT ${literal(copy)}, seq FROM sqlite_sequence WHERE name = ${literal(then.name)};`,
    );
  statements.push(
    `DROP TABLE ${sqliteName(then.name)};`,
    `ALTER TABLE ${sqliteName(copy)} RENAME TO ${sqliteName(then.name)};`,
  );
  tellOfRebuilt(script, change);
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const NUMERIC = /int|real|floa|doub|num|dec|bool|date/i;

function tellOfRebuilt({ notes }: Script, { now, then, columns, added, lostConstraints }: TableChange): void {
  const name = then.name;
  const mayFail = (says: string): void => {
    notes.push({ kind: 'mayFail', says });
  };
  for (const column of then.columns) {
    const current = columns.get(column.id);
    if (!current) continue;
    if (column.notNull && !current.notNull) mayFail(`NULLs that ${name}.${column.name} has got meanwhile make it fail`);
    const [was, is] = [current.type?.name ?? '', column.type?.name ?? ''];
    if (was === is) continue;
    if (/\bstrict\b/i.test(then.words?.tail ?? ''))
      mayFail(`values of ${name}.${column.name} that are no ${is} make it fail`);
    else if (NUMERIC.test(is) && !NUMERIC.test(was))
      notes.push({ kind: 'dataLost', says: `texts of ${name}.${column.name} that look like numbers become numbers` });
  }
  tellOfAdded(notes, then, added);
  const once = new Set(now.constraints.map(({ id }) => id));
  for (const { kind, id } of lostConstraints) {
    if (once.has(id)) continue;
    if (kind === 'check') mayFail(`rows that a check of ${name} forbids make it fail`);
    else if (kind === 'primaryKey' || kind === 'unique')
      mayFail(`rows of ${name} that are alike in a key make it fail`);
  }
}

function tellOfAdded(notes: WayBackNote[], then: Table, added: TableChange['added']): void {
  for (const column of added) {
    if (column.generated) continue;
    notes.push({ kind: 'dataLost', says: `${then.name}.${column.name} comes back without its values` });
    if (column.notNull && !column.default && column.autoIncrement !== true)
      notes.push({
        kind: 'mayFail',
        says: `${then.name}.${column.name} is NOT NULL without a default: it fails while ${then.name} has rows`,
      });
  }
}

function addColumns(script: Script, { then, added, isRebuilt }: TableChange): void {
  if (isRebuilt) return;
  for (const column of added) {
    if (column.assumed)
      script.obstacles.push(`the former definition of column ${then.name}.${column.name} is not known`);
    else script.statements.push(`ALTER TABLE ${sqliteName(then.name)} ADD COLUMN ${columnText(script, then, column)};`);
  }
  tellOfAdded(script.notes, then, added);
}

/** Indexes, views and triggers that are not there any more, or not yet. */
function makeAgain(script: Script, kept: Kept): void {
  const { before, statements, obstacles, matched } = script;
  const { former } = matched;
  for (const table of [...matched.lost, ...matched.pairs.map(({ then }) => then)])
    for (const index of ownIndexes(table)) {
      if (kept.indexes.has(index.id)) continue;
      if (index.assumed) obstacles.push(`the former definition of index ${index.name} is not known`);
      else statements.push(createIndexText(script, table, index));
    }
  for (const view of [...readersFirst(viewsIn(before))].reverse())
    if (![...kept.views].some(each => isSameView(each, view, former))) {
      if (view.assumed) obstacles.push(`the former definition of view ${view.name} is not known`);
      else statements.push(createViewText(script, view));
    }
  for (const trigger of triggersIn(before)) {
    if ([...kept.triggers].some(each => isSameTrigger(each, trigger, former))) continue;
    if (trigger.isStale) obstacles.push(`the text of trigger ${trigger.name} is older than the names in it`);
    else statements.push(`${trigger.text.trim().replace(/;$/, '')};`);
  }
}

const GUARD = 'foreign_keys_must_be_off';

/** The PRAGMA does nothing within a transaction: where rows would be lost then, a row that is refused says so before. */
function enforced({ enforcement, statements }: Script): readonly string[] {
  if (enforcement === 'as it is') return statements;
  const proof = [
    `CREATE TEMP TABLE ${GUARD} (enforced INTEGER CONSTRAINT ${GUARD} CHECK (enforced = 0));`,
    `INSERT INTO ${GUARD} SELECT foreign_keys FROM pragma_foreign_keys;`,
    `DROP TABLE ${GUARD};`,
  ];
  return [
    'PRAGMA foreign_keys = OFF;',
    ...(enforcement === 'proven off' ? proof : []),
    ...statements,
    'PRAGMA foreign_keys = ON;',
  ];
}
