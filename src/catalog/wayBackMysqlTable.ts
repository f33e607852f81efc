/** What leads one of MySQL's tables back in one ALTER TABLE, so that keys, AUTO_INCREMENT and foreign keys never stand without their index. */
import { isSameName } from './catalog';
import type { Kept } from './keptTables';
import {
  checksIn,
  isNamed,
  mysqlColumn,
  mysqlIndex,
  mysqlName,
  optionText,
  primaryOf,
  quotedMysql,
  storageOf,
} from './mysqlText';
import type { Column, Constraint, ImpliedIndex, Index, ObjectId, Table } from './object';
import type { MysqlScript } from './wayBackMysql';

/** Puts the statement that leads the table back but for its foreign keys and checks, if there is anything to lead back. */
export function alterMysqlTable(script: MysqlScript, kept: Kept): void {
  const { now, then } = kept;
  const indexes = indexesBack(script, kept);
  const clauses = [
    ...indexes.drops,
    ...droppedColumns(script, kept),
    ...columnsBack(script, kept),
    ...indexes.adds,
    ...storageBack(script, now, then),
  ];
  if (clauses.length === 0) return;
  const [only] = clauses;
  script.statements.push(
    clauses.length === 1
      ? `ALTER TABLE ${mysqlName(then)} ${only};`
      : `ALTER TABLE ${mysqlName(then)}\n  ${clauses.join(',\n  ')};`,
  );
}

type AnyIndex = Index | ImpliedIndex;

const allIndexes = (table: Table): readonly AnyIndex[] => [...table.indexes, ...(table.implied ?? [])];

function indexesBack(script: MysqlScript, kept: Kept): { readonly drops: string[]; readonly adds: string[] } {
  const { now, then } = kept;
  const drops: string[] = [];
  const adds: string[] = [];
  const free = new Set(allIndexes(then));
  const renames: string[] = [];
  for (const index of allIndexes(now)) {
    const found = [...free].filter(each => isSameIndex(kept, index, each));
    const same =
      found.find(each => isSameName(script.after, each.name, index.name)) ?? found.find(each => isIt(each, index));
    if (!same) {
      const isPrimary = 'id' in index && primaryOf(now)?.index === index.id;
      drops.push(isPrimary ? 'DROP PRIMARY KEY' : `DROP INDEX ${quotedMysql(index.name)}`);
      continue;
    }
    free.delete(same);
    if (same.name !== index.name) renames.push(`RENAME INDEX ${quotedMysql(index.name)} TO ${quotedMysql(same.name)}`);
  }
  for (const index of free) {
    if ('assumed' in index && index.assumed)
      script.obstacles.push(`what was dropped is not known: index ${index.name} of ${then.name}`);
    const primary = primaryOf(then);
    if (primary && 'id' in index && primary.index === index.id && /\([^)]*\(\s*\d/.test(primary.words?.text ?? ''))
      script.obstacles.push(`the primary key of ${then.name} holds the beginnings of columns`);
    adds.push(`ADD ${mysqlIndex(then, index)}`);
  }
  return { drops, adds: [...renames, ...adds] };
}

const isIt = (one: AnyIndex, other: AnyIndex): boolean => 'id' in one && 'id' in other && one.id === other.id;

/** Whether an index after the step is one before it but for its name. */
function isSameIndex({ now, then, columns }: Kept, index: AnyIndex, other: AnyIndex): boolean {
  if (!('elements' in index) || !('elements' in other)) {
    // one that the server keeps by itself is as good as one that is written so
    const [own, theirs] = [plainColumns(index), plainColumns(other)];
    return own !== undefined && theirs !== undefined && sameIds(own, theirs, columns);
  }
  const isPrimary = primaryOf(now)?.index === index.id;
  if (isPrimary !== (primaryOf(then)?.index === other.id)) return false;
  return (
    index.unique === other.unique &&
    index.method === other.method &&
    (index.words?.tail ?? '').toLowerCase() === (other.words?.tail ?? '').toLowerCase() &&
    index.elements.length === other.elements.length &&
    index.elements.every((element, at) => {
      const theirs = other.elements[at];
      return (
        theirs !== undefined &&
        (element.column === undefined ? undefined : columns.get(element.column)) === theirs.column &&
        element.expression?.text === theirs.expression?.text &&
        element.descending === theirs.descending &&
        JSON.stringify(element.opclassOptions) === JSON.stringify(theirs.opclassOptions)
      );
    })
  );
}

/** The columns of an index that could be one of the server's own. */
function plainColumns(index: AnyIndex): readonly ObjectId[] | undefined {
  if (!('elements' in index)) return index.columns;
  if (index.unique || index.method !== 'btree' || index.words?.tail) return undefined;
  const columns = index.elements.flatMap(({ column, descending, opclassOptions }) =>
    column === undefined || descending || opclassOptions.length > 0 ? [] : [column],
  );
  return columns.length === index.elements.length ? columns : undefined;
}

const sameIds = (own: readonly ObjectId[], theirs: readonly ObjectId[], columns: Kept['columns']): boolean =>
  own.length === theirs.length && own.every((id, at) => columns.get(id) === theirs[at]);

function droppedColumns({ obstacles, notes }: MysqlScript, { now, then, columns }: Kept): readonly string[] {
  return now.columns.flatMap(column => {
    if (columns.has(column.id) || column.assumed) return [];
    if (column.met) {
      obstacles.push(`what column ${then.name}.${column.name} was before is not known`);
      return [];
    }
    if (!column.generated) notes.push({ kind: 'dataLost', says: `the values of ${then.name}.${column.name} are lost` });
    return [`DROP COLUMN ${quotedMysql(column.name)}`];
  });
}

/** Columns that are called, defined or placed otherwise, and those that are no more. */
function columnsBack(script: MysqlScript, kept: Kept): readonly string[] {
  const { now, then, columns } = kept;
  const former = new Map([...columns].map(([after, before]) => [before, after]));
  const inPlace = longestRun(now, then, columns);
  const isKnown = now.complete && then.complete;
  const clauses: string[] = [];
  for (const [at, column] of then.columns.entries()) {
    const was = now.columns.find(({ id }) => id === former.get(column.id));
    const previous = then.columns[at - 1];
    const isLast = then.columns.slice(at + 1).every(({ id }) => !former.has(id));
    const place = !isKnown ? '' : previous ? ` AFTER ${quotedMysql(previous.name)}` : ' FIRST';
    if (!was) {
      const text = definition(script, then, column);
      clauses.push(`ADD COLUMN ${text}${isLast ? '' : place}`);
      noteNew(script, then, column);
      continue;
    }
    const isMoved = isKnown && !inPlace.has(column.id);
    const isOther = isChanged(kept, was, column);
    if (isOther || isMoved) {
      const text = definition(script, then, column);
      if (checksIn(now, was).length + checksIn(then, column).length > 0)
        script.obstacles.push(
          `column ${then.name}.${column.name} has a check of its own, which changing it may drop or repeat`,
        );
      if (was.name === column.name) clauses.push(`MODIFY COLUMN ${text}${isMoved ? place : ''}`);
      else clauses.push(`CHANGE COLUMN ${quotedMysql(was.name)} ${text}${isMoved ? place : ''}`);
      if (isOther) noteChanged(script, then, was, column);
    } else if (was.name !== column.name)
      clauses.push(`RENAME COLUMN ${quotedMysql(was.name)} TO ${quotedMysql(column.name)}`);
  }
  return clauses;
}

/** The columns of both that need not be moved: the longest sequence that is in both orders. */
function longestRun(now: Table, then: Table, columns: Kept['columns']): ReadonlySet<ObjectId> {
  const order = new Map(then.columns.map(({ id }, at) => [id, at]));
  const ids = now.columns.flatMap(({ id }) => columns.get(id) ?? []);
  const best: ObjectId[][] = [];
  for (const id of ids) {
    const place = order.get(id) ?? 0;
    const before = best
      .filter(run => (order.get(run[run.length - 1] ?? id) ?? 0) < place)
      .reduce<ObjectId[]>((longest, run) => (run.length > longest.length ? run : longest), []);
    best.push([...before, id]);
  }
  return new Set(best.reduce<ObjectId[]>((longest, run) => (run.length > longest.length ? run : longest), []));
}

export function definition({ obstacles }: MysqlScript, table: Table, column: Column): string {
  const text = mysqlColumn(table, column);
  if (text === undefined)
    obstacles.push(`the former definition of column ${table.name}.${column.name} is not known in the server's words`);
  return text ?? '';
}

/** Whether a column of both catalogs is defined otherwise, whatever it is called. */
export function isChanged({ now, then }: Pick<Kept, 'now' | 'then'>, was: Column, column: Column): boolean {
  const essence = (table: Table, one: Column): string => {
    const { type, notNull, autoIncrement, onUpdate, comment, words, generated } = one;
    return JSON.stringify([
      type?.name,
      type?.modifiers,
      notNull,
      one.default?.text.toLowerCase(),
      autoIncrement === true,
      onUpdate,
      comment,
      generated && [generated.value.text, generated.stored],
      charactersOf(words?.type ?? ''),
      words?.rest.filter(word => word !== 'NULL'),
      checksIn(table, one).map(each => each.expression.text),
    ]);
  };
  return essence(now, { ...was, name: column.name }) !== essence(then, column);
}

const charactersOf = (type: string): string =>
  /\s(?:character\s+set|charset|collate|ascii|unicode|binary)\b.*/i.exec(type)?.[0].toLowerCase() ?? '';

/** Whether a foreign key over the column stands in the way of the change. */
export const isRetyped = (was: Column, column: Column): boolean =>
  JSON.stringify([
    was.type?.name,
    was.type?.modifiers,
    charactersOf(was.words?.type ?? ''),
    was.autoIncrement === true,
  ]) !==
    JSON.stringify([
      column.type?.name,
      column.type?.modifiers,
      charactersOf(column.words?.type ?? ''),
      column.autoIncrement === true,
    ]) || was.notNull !== column.notNull;

function noteNew({ notes, obstacles }: MysqlScript, table: Table, column: Column): void {
  if (column.assumed) obstacles.push(`what was dropped is not known: column ${table.name}.${column.name}`);
  if (column.generated || column.autoIncrement) return;
  notes.push({ kind: 'dataLost', says: `${table.name}.${column.name} comes back without its values` });
  if (column.notNull && !column.default && /^(?:date|datetime|timestamp)$/.test(column.type?.name ?? ''))
    notes.push({
      kind: 'mayFail',
      says: `${table.name}.${column.name} is NOT NULL without a default: adding it fails while ${table.name} has rows`,
    });
}

function noteChanged({ notes }: MysqlScript, table: Table, was: Column, column: Column): void {
  const name = `${table.name}.${column.name}`;
  if (isRetyped({ ...was, notNull: column.notNull }, column))
    notes.push({
      kind: 'mayFail',
      says: `values of ${name} that ${column.words?.type ?? 'it'} does not hold make it fail`,
    });
  if (column.notNull && !was.notNull)
    notes.push({ kind: 'mayFail', says: `NULLs that ${name} has got meanwhile make it fail` });
}

/** What a table is stored with. */
function storageBack({ obstacles }: MysqlScript, now: Table, then: Table): readonly string[] {
  if (JSON.stringify(now.words?.later ?? []) === JSON.stringify(then.words?.later ?? [])) return [];
  const [is, was] = [storageOf(now), storageOf(then)];
  const news = (now.words?.later ?? []).slice(then.words?.later.length ?? 0);
  if (!is || !was || is.more !== was.more || news.some(text => /^convert\b/i.test(text))) {
    obstacles.push(`how ${then.name} was stored before is not known in full`);
    return [];
  }
  const clauses: string[] = [];
  for (const name of new Set([...is.options.keys(), ...was.options.keys()])) {
    const value = was.options.get(name) ?? (name === 'comment' ? "''" : name === 'row_format' ? 'DEFAULT' : undefined);
    if (is.options.get(name) === was.options.get(name)) continue;
    // a character set that is written anew brings its own collation
    if (value === undefined && name === 'collate' && was.options.has('charset')) continue;
    if (value === undefined) obstacles.push(`the former ${name} of ${then.name} is not known`);
    else clauses.push(optionText(name, value));
  }
  return [...clauses.filter(each => !/^COLLATE/.test(each)), ...clauses.filter(each => /^COLLATE/.test(each))];
}

/** Whether the server calls a constraint by a name that is known. */
export function isNameKnown(table: Table, constraint: Constraint): boolean {
  if (isNamed(constraint)) return true;
  if (constraint.kind !== 'foreignKey') return false;
  return table.complete && !/^foreign\s+key\s+[^\s(]/i.test(constraint.words?.text ?? '');
}
