/** A table that is there before and after a step, and how it is altered back. */
import {
  columnOptions,
  identityText,
  identityTypeTexts,
  optionsText,
  sequenceOptionsText,
  typeOfSequence,
  typeText,
} from './definitionText';
import { textOf } from './deparse';
import { fullName, quoted } from './naming';
import type { Column, DataType, ObjectId, Table } from './object';
import { columnText } from './print';
import { sameText } from './sameness';
import type { Script } from './wayBack';

/** Partitions and children leave first: what they belong to may be dropped next. */
export function detached(script: Script, now: Table, then: Table): void {
  const { statements, after } = script;
  const name = fullName(now);
  const before = statements.length;
  const parent = now.partitionOf ? after.objects.get(now.partitionOf.parent) : undefined;
  if (parent?.kind === 'table' && !samePlace(now, then))
    statements.push(`ALTER TABLE ${fullName(parent)} DETACH PARTITION ${name};`);
  for (const id of now.inherits) {
    const other = after.objects.get(id);
    if (!then.inherits.includes(id) && other?.kind === 'table')
      statements.push(`ALTER TABLE ${name} NO INHERIT ${fullName(other)};`);
  }
  if (statements.length > before && parentsThroughout(script, now).length === 0) leftBehind(script, now, then);
}

/** What it was given as a part of the other stays with it when it leaves. */
function leftBehind({ statements }: Script, now: Table, then: Table): void {
  for (const { id, name, inherited } of now.constraints)
    if (inherited && !then.constraints.some(one => one.id === id))
      statements.push(`ALTER TABLE ${fullName(now)} DROP CONSTRAINT ${quoted(name)};`);
  for (const { id, name, parent, constraint } of now.indexes)
    if (parent !== undefined && constraint === undefined && !then.indexes.some(one => one.id === id))
      statements.push(`DROP INDEX ${fullName({ schema: now.schema, name })};`);
}

/** A partition of the same table, with the same bound. */
export const samePlace = (now: Table, then: Table): boolean =>
  now.partitionOf?.parent === then.partitionOf?.parent && now.partitionOf?.bound === then.partitionOf?.bound;

/** Takes off defaults that the step gave to columns and that hold what is dropped next. Names are those after the step. */
export function defaultsDropped(script: Script, now: Table, then: Table, isGone: (id: ObjectId) => boolean): void {
  for (const column of now.columns) {
    const was = then.columns.find(({ id }) => id === column.id);
    if (!was) {
      // its sequence is not its own any more, and does not fall with it
      if (column.default?.refs.some(id => isGone(id) && isSequenceOfOthers(script, id, column)))
        script.statements.push(`ALTER TABLE ${fullName(now)} ALTER COLUMN ${quoted(column.name)} DROP DEFAULT;`);
      continue;
    }
    const isInTheWay = !was.identity && hasNameOfAnother(script, column);
    if (!isInTheWay && !column.default?.refs.some(isGone)) continue;
    script.bared.add(column.id);
    if (!isInherited(script, now, column))
      script.statements.push(
        `ALTER TABLE ${fullName(now)} ALTER COLUMN ${quoted(column.name)} DROP ${isInTheWay ? 'IDENTITY' : 'DEFAULT'};`,
      );
  }
}

function isSequenceOfOthers({ after }: Script, id: ObjectId, column: Column): boolean {
  const sequence = after.objects.get(id);
  return sequence?.kind === 'sequence' && sequence.ownedBy?.column !== column.id;
}

/** Whether the sequence of its identity is called as one that comes back. */
function hasNameOfAnother({ after, before }: Script, { identity }: Column): boolean {
  const sequence = identity ? after.objects.get(identity.sequence) : undefined;
  if (sequence?.kind !== 'sequence') return false;
  for (const one of before.objects.values())
    if (
      one.kind === 'sequence' &&
      one.id !== sequence.id &&
      one.name === sequence.name &&
      one.schema === sequence.schema
    )
      return true;
  return false;
}

const asLeft = ({ bared }: Script, { default: value, identity, ...column }: Column): Column =>
  bared.has(column.id)
    ? column
    : { ...column, ...(value ? { default: value } : {}), ...(identity ? { identity } : {}) };

/** Drops the columns that the step added. Names are those after the step. */
export function columnsBack(script: Script, now: Table, then: Table, generated: boolean): void {
  for (const column of now.columns) {
    if ((column.generated !== undefined) !== generated) continue;
    if (then.columns.some(({ id }) => id === column.id) || isInherited(script, now, column)) continue;
    script.statements.push(`ALTER TABLE ${fullName(now)} DROP COLUMN ${quoted(column.name)};`);
    script.notes.push({ kind: 'dataLost', says: `the values of ${fullName(now)}.${column.name} are lost` });
  }
}

/** It comes and goes with a parent's that has the same name. */
const isInherited = (script: Script, table: Table, column: Column): boolean =>
  column.inherited === true && parentsThroughout(script, table).length > 0;

/** The parents that the table has before and after the step, and so on the way back. */
export function parentsThroughout(
  { after, before }: Pick<Script, 'after' | 'before'>,
  { id }: Table,
): readonly ObjectId[] {
  const [now, then] = [after, before].map(catalog => {
    const table = catalog.objects.get(id);
    return table?.kind === 'table' ? [...table.inherits, ...(table.partitionOf ? [table.partitionOf.parent] : [])] : [];
  });
  return (now ?? []).filter(
    parent => (then ?? []).includes(parent) && after.objects.has(parent) && before.objects.has(parent),
  );
}

/** Adds and alters columns, then attaches the table where it was. Names are those before the step. */
export function alterBack(script: Script, now: Table, then: Table): void {
  const { statements, before } = script;
  const name = fullName(then);
  for (const column of then.columns) {
    const was = now.columns.find(({ id }) => id === column.id);
    if (isInherited(script, then, column)) {
      const given = was ? asLeft(script, was) : givenBack(script, then, column);
      if (given) ownChanges(script, then, given, column);
      continue;
    }
    if (!was) addColumn(script, then, column);
    else alterColumn(script, now, then, asLeft(script, was), column);
  }
  const options = new Map(then.options);
  const dropped = now.options.filter(([option]) => !options.has(option)).map(([option]) => option);
  if (dropped.length > 0) statements.push(`ALTER TABLE ${name} RESET (${dropped.join(', ')});`);
  const set = then.options.filter(([option, value]) => new Map(now.options).get(option) !== value);
  if (set.length > 0) statements.push(`ALTER TABLE ${name} SET (${optionsText(set)});`);
  if (now.persistence !== then.persistence && then.persistence !== 'temporary')
    statements.push(`ALTER TABLE ${name} SET ${then.persistence === 'permanent' ? 'LOGGED' : 'UNLOGGED'};`);
  if (then.partitionOf && !samePlace(now, then)) {
    const parent = before.objects.get(then.partitionOf.parent);
    if (parent?.kind === 'table')
      statements.push(`ALTER TABLE ${fullName(parent)} ATTACH PARTITION ${name} ${then.partitionOf.bound};`);
  }
  for (const id of then.inherits) {
    const parent = before.objects.get(id);
    if (!now.inherits.includes(id) && parent?.kind === 'table')
      statements.push(`ALTER TABLE ${name} INHERIT ${fullName(parent)};`);
  }
}

/** What the way back of a parent gives its child, whose column went with the parent's: all but an identity. */
function givenBack(script: Script, then: Table, { name, id, inherited }: Column): Column | undefined {
  for (const parent of parentsThroughout(script, then)) {
    const former = script.before.objects.get(parent);
    const theirs = former?.kind === 'table' ? former.columns.find(column => column.name === name) : undefined;
    if (!theirs) continue;
    const { identity: _, ownNotNull: __, options: ___, ...given } = theirs;
    return { ...given, id, inherited };
  }
  return undefined;
}

/** What an inherited column must be given apart from what the way back of the column it is inherited from gives it. */
function ownChanges(script: Script, then: Table, was: Column, column: Column): void {
  const { after, before, statements } = script;
  /** What it is when its parents are back: theirs, where they are altered. */
  const left = <Value>(of: (column: Column) => Value): Value => {
    for (const id of parentsThroughout(script, then)) {
      const [now, former] = [after.objects.get(id), before.objects.get(id)];
      if (now?.kind !== 'table' || former?.kind !== 'table') continue;
      const theirs = former.columns.find(({ name }) => name === column.name);
      const current = now.columns.find(one => one.id === theirs?.id);
      if (theirs && current && !sameText(of(current), of(theirs))) return of(theirs);
    }
    return of(was);
  };
  const alter = `ALTER TABLE ${fullName(then)} ALTER COLUMN ${quoted(column.name)}`;
  // an identity is a child's own, and a partition's with its table
  const own = then.partitionOf === undefined;
  if (own && was.identity && !column.identity) statements.push(`${alter} DROP IDENTITY;`);
  // its own word stays when its parent's is taken back
  if (left(one => one.notNull) !== column.notNull || (was.ownNotNull && !column.notNull))
    statements.push(`${alter} ${column.notNull ? 'SET' : 'DROP'} NOT NULL;`);
  if (
    !sameText(
      left(one => one.default?.tree),
      column.default?.tree,
    )
  )
    statements.push(
      column.default ? `${alter} SET DEFAULT ${textOf(before, column.default)};` : `${alter} DROP DEFAULT;`,
    );
  // what is said of them of a parent reaches its children, but for the compression
  const settings = {
    storage: left(one => one.storage),
    compression: was.compression,
    statistics: left(one => one.statistics),
    options: was.options,
  };
  statements.push(...settingsBack(alter, settings, column));
  if (own) identityBack(script, was, column, alter, false);
}

function addColumn(script: Script, then: Table, column: Column): void {
  const { statements, notes, obstacles, before } = script;
  const name = fullName(then);
  if (!column.type) {
    obstacles.push(`the former type of column ${name}.${column.name} is not known`);
    return;
  }
  // the server adds no identity to a table and its children at once
  const apart = column.identity !== undefined && childrenIn(script, then);
  const { identity: _, ...plain } = column;
  statements.push(`ALTER TABLE ${name} ADD COLUMN ${columnText(before, then, apart ? plain : column, script.after)};`);
  if (apart)
    statements.push(`ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)} ADD ${identityText(before, column)};`);
  statements.push(
    ...identityTypeTexts(before, column),
    ...settingsBack(`ALTER TABLE ${name} ALTER COLUMN ${quoted(column.name)}`, undefined, column),
  );
  // with a serial's sequence and the like, rows get values; they are not the old ones
  if (!column.generated) notes.push({ kind: 'dataLost', says: `${name}.${column.name} comes back without its values` });
  const filled = column.default || column.generated || column.identity;
  if (column.notNull && !filled)
    notes.push({
      kind: 'mayFail',
      says: `${name}.${column.name} is NOT NULL without a default: adding it fails while ${name} has rows`,
    });
}

const childrenIn = ({ after, before }: Script, { id }: Table): boolean =>
  [...before.objects.values()].some(
    object => object.kind === 'table' && object.inherits.includes(id) && after.objects.has(object.id),
  );

function alterColumn(script: Script, now: Table, then: Table, was: Column, column: Column): void {
  const { statements, notes, before } = script;
  const table = `ALTER TABLE ${fullName(then)}`;
  const alter = `${table} ALTER COLUMN ${quoted(column.name)}`;
  const type = column.type;
  if (isRemade(was, column, now)) {
    statements.push(`${table} DROP COLUMN ${quoted(column.name)};`);
    statements.push(
      `${table} ADD COLUMN ${columnText(before, then, column)};`,
      ...settingsBack(alter, undefined, column),
    );
    return;
  }
  const retyped = type !== undefined && (!sameText(was.type, type) || was.collation !== column.collation);
  const isConverted = retyped && was.type !== undefined && familyOf(was.type) !== familyOf(type);
  let bare = false;
  const lostGeneration = was.generated && !column.generated;
  if (lostGeneration) statements.push(`${alter} DROP EXPRESSION;`);
  if (was.identity && !column.identity) statements.push(`${alter} DROP IDENTITY;`);
  if (was.default && (isConverted || !column.default)) {
    statements.push(`${alter} DROP DEFAULT;`);
    bare = true;
  }
  if (retyped) {
    const written = typeText(before, type);
    const collation = column.collation === undefined ? '' : ` COLLATE ${quoted(column.collation)}`;
    // the server computes a generated column anew, and leaves the rows of a foreign table to those who have them
    const using =
      isConverted && then.foreignServer === undefined && !(was.generated && column.generated)
        ? ` USING ${quoted(column.name)}::${castThrough(was.type, type)}${written}`
        : '';
    statements.push(`${alter} TYPE ${written}${collation}${using};`);
    notes.push({
      kind: 'mayFail',
      says: `values of ${fullName(then)}.${column.name} that ${written} does not hold make it fail`,
    });
  }
  if (column.generated && !sameText(was.generated?.value.tree, column.generated.value.tree))
    statements.push(`${alter} SET EXPRESSION AS (${textOf(before, column.generated.value)});`);
  // what is only assumed is not said to have been otherwise
  const isTold = !column.assumed || column.told?.includes('nullability') === true;
  if (isTold && was.notNull !== column.notNull) {
    statements.push(`${alter} ${column.notNull ? 'SET' : 'DROP'} NOT NULL;`);
    if (column.notNull)
      notes.push({
        kind: 'mayFail',
        says: `NULLs that ${fullName(then)}.${column.name} has got meanwhile make it fail`,
      });
  }
  if (column.default && (bare || !was.default || !sameText(was.default.tree, column.default.tree)))
    statements.push(`${alter} SET DEFAULT ${textOf(before, column.default)};`);
  identityBack(script, was, column, alter, retyped);
  const { storage: _, compression: __, ...looked } = was;
  statements.push(...settingsBack(alter, retyped ? looked : was, column));
}

/**
 * A generated column gets its expression when it is added, and another type only where its values have a cast to it. A
 * virtual one cannot change while its table has checks.
 */
export function isRemade(now: Column, then: Column, table: Table): boolean {
  if (!then.generated) return false;
  if (!now.generated) return true;
  const differs = !sameText(now.generated.value.tree, then.generated.value.tree);
  if (differs && !then.generated.stored && table.constraints.some(({ kind }) => kind === 'check')) return true;
  if (!now.type || !then.type) return false;
  const family = familyOf(then.type);
  return family !== 'text' && family !== familyOf(now.type);
}

/** How its values are stored and looked at. */
export function settingsBack(alter: string, was: Partial<Column> | undefined, column: Column): readonly string[] {
  const statements: string[] = [];
  if (was?.storage !== column.storage)
    statements.push(`${alter} SET STORAGE ${(column.storage ?? 'default').toUpperCase()};`);
  if (was?.compression !== column.compression)
    statements.push(`${alter} SET COMPRESSION ${column.compression ?? 'default'};`);
  if (was?.statistics !== column.statistics) statements.push(`${alter} SET STATISTICS ${column.statistics ?? '-1'};`);
  const [had, has] = [new Map(columnOptions(was?.options)), new Map(columnOptions(column.options))];
  const reset = [...had.keys()].filter(name => !has.has(name));
  if (reset.length > 0) statements.push(`${alter} RESET (${reset.join(', ')});`);
  const set = [...has].filter(([name, value]) => had.get(name) !== value);
  if (set.length > 0) statements.push(`${alter} SET (${optionsText(set)});`);
  return statements;
}

/** @param retyped the column has just been given its type, and its sequence with it */
function identityBack(script: Script, was: Column, column: Column, alter: string, retyped: boolean): void {
  const { after, before, statements } = script;
  if (!column.identity) return;
  if (!was.identity) {
    statements.push(`${alter} ADD ${identityText(before, column)};`, ...identityTypeTexts(before, column));
    return;
  }
  if (was.identity.always !== column.identity.always)
    statements.push(`${alter} SET GENERATED ${column.identity.always ? 'ALWAYS' : 'BY DEFAULT'};`);
  const now = after.objects.get(was.identity.sequence);
  const then = before.objects.get(column.identity.sequence);
  if (now?.kind !== 'sequence' || then?.kind !== 'sequence') return;
  const changes = sequenceChanges(sequenceOptionsText(now.options, false), sequenceOptionsText(then.options, false));
  const type = typeOfSequence(then);
  const isTyped = (retyped ? column.type?.name : typeOfSequence(now)) === type;
  const typed = isTyped ? [] : [`ALTER SEQUENCE ${fullName(then)} AS ${type};`];
  // its limits must be within both types
  if (type === 'bigint') statements.push(...typed);
  if (changes !== '') statements.push(`${alter} ${changes};`);
  if (type !== 'bigint') statements.push(...typed);
}

const DEFAULTS = ['SET INCREMENT BY 1', 'SET NO MINVALUE', 'SET NO MAXVALUE', 'SET CACHE 1', 'SET NO CYCLE'];

/** All settings are said anew where any differs. */
function sequenceChanges(now: string, then: string): string {
  if (now === then) return '';
  const set =
    then === '' ? [] : then.split(/ (?=INCREMENT|MINVALUE|MAXVALUE|START|CACHE|CYCLE)/).map(part => `SET ${part}`);
  const kept = DEFAULTS.filter(part => {
    const word = part.replace('SET NO ', '').replace('SET ', '').split(' ')[0] ?? '';
    return !set.some(one => one.includes(word));
  });
  const start = set.some(one => one.includes('START')) ? [] : ['SET START WITH 1'];
  return [...kept, ...start, ...set].join(' ');
}

const FAMILIES: readonly ReadonlySet<string>[] = [
  new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision']),
  new Set(['timestamp without time zone', 'timestamp with time zone', 'date']),
];

/** Types that the server converts into each other by itself; everything becomes a text. */
function familyOf(type: { readonly name: string; readonly id?: number; readonly dimensions: number }): string {
  if (type.dimensions > 0 || type.id !== undefined) return `${type.id ?? type.name}[${type.dimensions}]`;
  const at = FAMILIES.findIndex(family => family.has(type.name));
  if (at >= 0) return `family ${at}`;
  return ['text', 'character varying', 'character'].includes(type.name) ? 'text' : type.name;
}

/** What stands between two types that have no cast into each other; every type has a text. */
function castThrough(from: DataType | undefined, to: DataType): string {
  if (!from || from.dimensions > 0 !== to.dimensions > 0) return 'text::';
  // an array is cast as its elements are
  const array = from.dimensions > 0 ? '[]' : '';
  const [one, other] = [familyOf({ ...from, dimensions: 0 }), familyOf({ ...to, dimensions: 0 })];
  if (one === other) return '';
  if (one === 'text' || other === 'text' || CASTS.has(`${one} ${other}`)) return '';
  if (new Set([one, other, 'family 0', 'boolean']).size === 2)
    return from.name === 'integer' || to.name === 'integer' ? '' : `integer${array}::`;
  return `text${array}::`;
}

/** Families that have casts into each other. */
const CASTS = new Set(['json jsonb', 'jsonb json', 'jsonb family 0', 'jsonb boolean']);
