/**
 * The way back on SQL Server, where nothing falls with what it stands on: what is kept by its text goes first, then foreign keys,
 * then all else that stands on columns, then tables and columns; what was renamed is called as before, columns are altered, and
 * what is no more is made again in the order in which one needs the other.
 */
import { type Catalog, isTable } from './catalog';
import { creatingOrder, type ForeignKey, fallingOrder, foreignKeysOf, type Kept, matchedTables } from './keptTables';
import type { Other, Schema, Table } from './object';
import {
  hasClusteredIndex,
  isColumnKnown,
  isKey,
  isNamed,
  quotedTsql,
  schemaTsql,
  tsqlColumn,
  tsqlConstraint,
  tsqlIndex,
  tsqlName,
} from './tsqlText';
import type { WayBack, WayBackNote } from './wayBack';
import { columnPlan, columnsAdded, columnsAltered, columnsDropped } from './wayBackTsqlColumns';
import { modulesBack } from './wayBackTsqlModules';
import { dropOf, indexMade, partsBack, renameOf } from './wayBackTsqlTable';

/** What is written while a way back is worked out. */
export interface TsqlScript {
  readonly after: Catalog;
  readonly before: Catalog;
  readonly statements: string[];
  readonly notes: WayBackNote[];
  readonly obstacles: string[];
  /** Names of constraints that the server is asked for: each variable stands once in a batch. */
  readonly lookups: { count: number };
}

export function wayBackTsql(after: Catalog, before: Catalog): WayBack {
  const script: TsqlScript = { after, before, statements: [], notes: [], obstacles: [], lookups: { count: 0 } };
  const { statements } = script;
  const matched = matchedTables(after, before);
  const isLasting = ({ persistence }: Table): boolean => persistence !== 'temporary';
  const kept = matched.kept.filter(({ now }) => isLasting(now));
  const doomed = matched.doomed.filter(isLasting);
  const missing = matched.missing.filter(isLasting);
  const plans = kept.map(each => columnPlan(script, each));
  const modules = modulesBack(script, { plans, doomed, missing });
  const texts = textsBack(script);
  statements.push(...modules.drops);
  const parts = partsBack(script, plans);
  for (const { foreignKeys } of parts) statements.push(...foreignKeys.drops);
  for (const { others } of parts) statements.push(...others.drops);
  dropTables(script, doomed);
  for (const plan of plans) statements.push(...columnsDropped(script, plan));
  statements.push(...texts.adds);
  for (const each of kept) tableRenamed(script, each, after);
  for (const [at, { kept: own, renamed }] of plans.entries()) {
    for (const { was, column } of renamed.values()) statements.push(columnRenamed(script, own, was.name, column.name));
    statements.push(...(parts[at]?.renames ?? []));
  }
  for (const plan of plans) statements.push(...columnsAltered(plan));
  statements.push(...modules.early);
  const keys = createTables(script, missing);
  for (const plan of plans) statements.push(...columnsAdded(script, plan));
  for (const { others } of parts) statements.push(...others.adds);
  for (const { foreignKeys } of parts) statements.push(...foreignKeys.adds);
  statements.push(...keys, ...modules.adds, ...modules.late, ...texts.drops);
  const { notes, obstacles } = script;
  return { statements: numbered(statements), notes, obstacles };
}

/** The variables of lookups in the order in which they stand. */
function numbered(statements: readonly string[]): readonly string[] {
  let count = 0;
  return statements.map(statement => {
    if (!/^DECLARE @name\d+ /.test(statement)) return statement;
    count += 1;
    return statement.replace(/@name\d+\b/g, `@name${count}`);
  });
}

function tableRenamed({ statements, obstacles }: TsqlScript, { now, then }: Kept, after: Catalog): void {
  if (schemaTsql(now) !== schemaTsql(then))
    statements.push(`ALTER SCHEMA ${quotedTsql(schemaTsql(then))} TRANSFER ${tsqlName(now)};`);
  if (now.name === then.name) return;
  for (const other of after.objects.values())
    if (isTable(other) && other.id !== now.id && !other.assumed && tsqlName(other) === tsqlName(then) && !other.dropped)
      obstacles.push(`tables that have each other's former names cannot be renamed one after the other: ${then.name}`);
  statements.push(renameOf({ schema: then.schema, name: now.name }, then.name, 'OBJECT'));
}

function columnRenamed({ obstacles }: TsqlScript, { now, then }: Kept, from: string, to: string): string {
  if (
    now.columns.some(
      ({ id, name }) => name.toLowerCase() === to.toLowerCase() && then.columns.some(each => each.id === id),
    )
  )
    obstacles.push(`columns of ${then.name} that have each other's former names cannot be renamed one after the other`);
  return renameOf({ schema: then.schema, name: then.name, part: from }, to, 'COLUMN');
}

function dropTables(script: TsqlScript, doomed: readonly Table[]): void {
  for (const { table, inTheWay } of fallingOrder(doomed)) {
    for (const { of, key } of inTheWay) script.statements.push(dropOf(script, of, key));
    if (isVersioned(table))
      script.obstacles.push(`table ${table.name} keeps a history of its rows, which is not written`);
    script.statements.push(`DROP TABLE ${tsqlName(table)};`);
    script.notes.push({ kind: 'dataLost', says: `the rows of ${table.name} are lost` });
  }
}

const isVersioned = ({ words }: Table): boolean => /\b(?:SYSTEM_VERSIONING|LEDGER)\b/i.test(words?.tail ?? '');

/** Gives the foreign keys that follow when all tables are there. */
function createTables(script: TsqlScript, missing: readonly Table[]): readonly string[] {
  const { before, statements, obstacles, notes } = script;
  const late: string[] = [];
  for (const { assumed, name } of missing)
    if (assumed) obstacles.push(`what was dropped is not known: table ${name} was there before the history begins`);
  for (const { table, keys } of creatingOrder(missing.filter(({ assumed }) => !assumed))) {
    for (const key of foreignKeysOf(table)) if (!keys.includes(key)) late.push(foreignKeyAdded(before, table, key));
    statements.push(tableText(script, table, keys));
    for (const index of table.indexes)
      if (index.constraint === undefined) statements.push(indexMade({ ...script, notes: [] }, table, index));
    notes.push({ kind: 'dataLost', says: `${table.name} comes back empty: its rows are lost` });
  }
  return late;
}

const foreignKeyAdded = (before: Catalog, table: Table, key: ForeignKey): string =>
  `ALTER TABLE ${tsqlName(table)} ADD ${tsqlConstraint(before, table, key)};`;

function tableText({ before, obstacles }: TsqlScript, table: Table, keys: readonly ForeignKey[]): string {
  const isKnown =
    table.complete &&
    table.words !== undefined &&
    table.words.later.length === 0 &&
    table.foreignServer === undefined &&
    table.columns.every(isColumnKnown) &&
    !isVersioned(table) &&
    !/\bMEMORY_OPTIMIZED\b/i.test(table.words.tail);
  if (!isKnown) obstacles.push(`not all of the former definition of table ${table.name} is known`);
  if (table.constraints.some(({ enforced, assumed }) => !enforced || assumed))
    obstacles.push(`table ${table.name} had constraints that were off or are not known`);
  const lines = [
    ...table.columns.map(column => tsqlColumn(column) ?? ''),
    ...table.constraints.flatMap(each =>
      isKey(each) || each.kind === 'check' ? [tsqlConstraint(before, table, each)] : [],
    ),
    ...keys.map(key => tsqlConstraint(before, table, key)),
  ];
  const tail = table.words?.tail ? ` ${table.words.tail}` : '';
  return `CREATE TABLE ${tsqlName(table)} (\n  ${lines.join(',\n  ')}\n)${tail};`;
}

/** Schemas, types, sequences and synonyms: made before all that may name them, and dropped behind it. */
function textsBack(script: TsqlScript): { readonly adds: readonly string[]; readonly drops: readonly string[] } {
  const { after, before, obstacles } = script;
  const [schemas, formerSchemas] = [schemasIn(after), schemasIn(before)];
  const [texts, formerTexts] = [textsIn(after), textsIn(before)];
  const goneTexts = [...texts].flatMap(([key, one]) => (isSameText(one, formerTexts.get(key)) ? [] : [one]));
  const missingTexts = [...formerTexts].flatMap(([key, one]) => (isSameText(one, texts.get(key)) ? [] : [one]));
  for (const one of missingTexts) {
    if (one.assumed || one.isStale) obstacles.push(`the former text of ${one.what} ${one.name} is not known`);
    // one of other words under the same name would have to go before what is in its place
    if (goneTexts.some(each => tsqlName(each) === tsqlName(one)))
      obstacles.push(`${one.what} ${one.name} was another one before, and what stands on it is not followed`);
  }
  const made = [...formerSchemas].filter(([key]) => !schemas.has(key)).map(([, one]) => one);
  return {
    adds: [
      // it has to be alone in its batch
      ...made.map(({ name }) => `EXEC(N'CREATE SCHEMA ${quotedTsql(name).replaceAll("'", "''")};');`),
      ...missingTexts.map(({ text }) => `${text.replace(/[\s;]+$/, '')};`),
    ],
    drops: [
      ...goneTexts.reverse().map(one => `DROP ${one.what.toUpperCase()} ${tsqlName(one)};`),
      ...[...schemas]
        .filter(([key]) => !formerSchemas.has(key))
        .map(([, { name }]) => `DROP SCHEMA ${quotedTsql(name)};`),
    ],
  };
}

const schemasIn = ({ objects }: Catalog): ReadonlyMap<string, Schema> =>
  new Map(
    [...objects.values()].flatMap(one =>
      one.kind === 'schema' && !one.assumed ? [[one.name.toLowerCase(), one] as const] : [],
    ),
  );

const textsIn = ({ objects }: Catalog): ReadonlyMap<string, Other> =>
  new Map(
    [...objects.values()].flatMap(one =>
      one.kind === 'other' && (one.what === 'sequence' || one.what === 'synonym' || one.what === 'type')
        ? [[`${one.what} ${tsqlName(one)}`.toLowerCase(), one] as const]
        : [],
    ),
  );

const isSameText = (one: Other, other: Other | undefined): boolean => other !== undefined && one.text === other.text;

/** The tables that differ in what is never compared of two catalogs: how all is written. */
export function tsqlRemainder(before: Catalog, now: Catalog): readonly string[] {
  const texts = (catalog: Catalog): ReadonlyMap<string, string> =>
    new Map(
      [...catalog.objects.values()].flatMap(one =>
        isTable(one) && !one.assumed && one.complete
          ? [[tsqlName(one).toLowerCase(), essenceOf(catalog, one)] as const]
          : [],
      ),
    );
  const is = texts(now);
  return [...texts(before)].flatMap(([name, text]) => {
    const there = is.get(name);
    return there === undefined || there === text
      ? []
      : [`table ${name.replace(/[[\]]/g, '').replace(/^dbo\./, '')} does not come back as it was`];
  });
}

function essenceOf(catalog: Catalog, table: Table): string {
  const columns = table.columns.map(column => [tsqlColumn(column) ?? column.name, column.default?.text]).sort();
  const constraints = table.constraints.flatMap(each => {
    if (each.kind === 'exclude') return [];
    const isUsual = each.kind === 'primaryKey' ? !hasClusteredIndex(table) : true;
    const usual = each.kind === 'primaryKey' ? /\sCLUSTERED\b/ : /\sNONCLUSTERED\b/;
    const text = tsqlConstraint(catalog, table, each);
    return [[isNamed(each), isUsual ? text.replace(usual, '') : text, each.enforced, each.validated].join(' ')];
  });
  const indexes = table.indexes
    .filter(({ constraint }) => constraint === undefined)
    .map(index => tsqlIndex(table, index).replace(/\bNONCLUSTERED INDEX/, 'INDEX'));
  return JSON.stringify([columns, constraints.sort(), indexes.sort()])
    .toLowerCase()
    .replace(/[\s[\]]+/g, '');
}
