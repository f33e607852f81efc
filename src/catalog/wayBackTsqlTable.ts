/** What stands on the columns of SQL Server's tables: what of it goes before they change, and what is made again behind them. */
import { type LookedUp, lookupText } from '../sql/constraintLookup';
import { unnamedOf } from './foldTransact';
import type { Kept } from './keptTables';
import type { Column, Constraint, Index, ObjectId, Table, View } from './object';
import { essenceOfTree } from './sameness';
import {
  isIndexKnown,
  isKey,
  isNamed,
  isToday,
  type Key,
  keyWords,
  literalTsql,
  quotedTsql,
  schemaTsql,
  tsqlConstraint,
  tsqlDefault,
  tsqlIndex,
  tsqlName,
} from './tsqlText';
import type { TsqlScript } from './wayBackTsql';
import type { ColumnPlan } from './wayBackTsqlColumns';

/** The statements of one table, each list at its time among those of the others. */
export interface PartsBack {
  readonly foreignKeys: { readonly drops: string[]; readonly adds: string[] };
  readonly others: { readonly drops: string[]; readonly adds: string[] };
  readonly renames: string[];
}

export type Written = Extract<Constraint, { readonly kind: 'primaryKey' | 'unique' | 'check' | 'foreignKey' }>;

const isWrittenKind = (one: Constraint): one is Written => one.kind !== 'exclude';

/** A constraint after the step with the one before it that it is. */
interface Pairing {
  readonly own: Written;
  readonly same: Written | undefined;
}

interface Planned {
  readonly plan: ColumnPlan;
  readonly pairs: readonly Pairing[];
  /** Keys and unique indexes that are dropped, by their columns: what refers to them goes first. */
  readonly dropped: readonly (readonly ObjectId[])[];
}

export function partsBack(script: TsqlScript, plans: readonly ColumnPlan[]): readonly PartsBack[] {
  const planned = plans.map((plan): Planned => {
    const pairs = pairsOf(plan, plans);
    const keys = pairs.flatMap(({ own, same }) =>
      isKey(own) && (!same || isTouched(plan, own.columns)) ? [own.columns] : [],
    );
    const unique = plan.kept.now.indexes.flatMap(index =>
      index.unique && index.constraint === undefined && !sameIndex(plan, index)
        ? [index.elements.flatMap(({ column }) => column ?? [])]
        : [],
    );
    return { plan, pairs, dropped: [...keys, ...unique] };
  });
  return planned.map(each => partsOf(script, each, planned));
}

const isTouched = ({ touched }: ColumnPlan, ids: readonly ObjectId[]): boolean => ids.some(id => touched.has(id));

function partsOf(script: TsqlScript, { plan, pairs }: Planned, all: readonly Planned[]): PartsBack {
  const { now, then } = plan.kept;
  const parts: PartsBack = { foreignKeys: { drops: [], adds: [] }, others: { drops: [], adds: [] }, renames: [] };
  const free = new Set(then.constraints.filter(isWrittenKind));
  const keys: string[] = [];
  const checks: string[] = [];
  const dropped = { checks: [] as string[], keys: [] as string[] };
  const switches: Switch[] = [];
  for (const { own, same } of pairs) {
    if (own.assumed && !same) continue;
    if (same && !standsInTheWay(own, plan, all)) {
      free.delete(same);
      if (own.name !== same.name && isNamed(same))
        parts.renames.push(renameOf({ schema: then.schema, name: own.name }, same.name, 'OBJECT'));
      switches.push({ own, same });
      continue;
    }
    const drop = dropOf(script, now, own);
    if (own.kind === 'foreignKey') parts.foreignKeys.drops.push(drop);
    else if (own.kind === 'check') dropped.checks.push(drop);
    else dropped.keys.push(drop);
  }
  for (const one of free) {
    if (one.assumed) script.obstacles.push(`what was dropped is not known: constraint ${one.name} of ${then.name}`);
    const adds = one.kind === 'foreignKey' ? parts.foreignKeys.adds : one.kind === 'check' ? checks : keys;
    adds.push(...added(script, then, one));
    if (one.kind !== 'primaryKey')
      script.notes.push({ kind: 'mayFail', says: `rows of ${then.name} that break ${one.name} make it fail` });
  }
  parts.others.adds.push(...switchedBack(script, then, switches));
  const defaults = defaultsBack(script, plan);
  const indexes = indexesBack(script, plan);
  parts.others.drops.push(...dropped.checks, ...defaults.drops, ...indexes.drops, ...dropped.keys);
  parts.others.adds.unshift(...defaults.adds, ...indexes.clustered, ...keys, ...indexes.adds, ...checks);
  parts.renames.push(...defaults.renames, ...indexes.renames);
  return parts;
}

/** Whether a constraint of both has to go for a while. */
function standsInTheWay(own: Written, plan: ColumnPlan, all: readonly Planned[]): boolean {
  if (isTouched(plan, own.columns)) return true;
  if (own.kind === 'check') return own.expression.refs.some(id => plan.touched.has(id) || plan.renamed.has(id));
  if (own.kind !== 'foreignKey') return false;
  const target = all.find(({ plan: { kept } }) => kept.now.id === own.table);
  if (!target) return false;
  const key = target.plan.kept.now.constraints.find(({ kind }) => kind === 'primaryKey');
  const referenced = own.referenced.length > 0 ? own.referenced : (key?.columns ?? []);
  const isOn = (ids: readonly ObjectId[]): boolean =>
    ids.length === referenced.length && ids.every(id => referenced.includes(id));
  return isTouched(target.plan, referenced) || target.dropped.some(isOn);
}

function pairsOf(plan: ColumnPlan, all: readonly ColumnPlan[]): readonly Pairing[] {
  const { now, then, columns } = plan.kept;
  const free = new Set(then.constraints.filter(isWrittenKind));
  const isSame = (own: readonly ObjectId[], theirs: readonly ObjectId[], map: Kept['columns'] | undefined): boolean =>
    own.length === theirs.length && own.every((id, at) => (map ? map.get(id) : id) === theirs[at]);
  const isLike = (own: Written, other: Written): boolean => {
    if (isNamed(own) !== isNamed(other) || isReplicated(own) !== isReplicated(other)) return false;
    if (own.kind === 'check' || other.kind === 'check')
      return (
        own.kind === 'check' &&
        other.kind === 'check' &&
        (own.expression.text === other.expression.text ||
          essenceOfTree(own.expression.tree) === essenceOfTree(other.expression.tree))
      );
    if (own.kind !== other.kind || !isSame(own.columns, other.columns, columns)) return false;
    if (isKey(own) && isKey(other)) return essenceOfKey(own) === essenceOfKey(other);
    if (own.kind !== 'foreignKey' || other.kind !== 'foreignKey') return false;
    const target = all.find(({ kept }) => kept.now.id === own.table);
    return (
      own.table === other.table &&
      isSame(own.referenced, other.referenced, target?.kept.columns) &&
      own.onDelete === other.onDelete &&
      own.onUpdate === other.onUpdate
    );
  };
  const isCalled = (own: Written, other: Written): boolean => own.name.toLowerCase() === other.name.toLowerCase();
  return now.constraints.filter(isWrittenKind).map(own => {
    const found = [...free].filter(each => isLike(own, each));
    // of another one of the same kind it is told by its identity
    const same = found.find(each => isCalled(own, each)) ?? found.find(each => each.id === own.id);
    if (same) free.delete(same);
    return { own, same };
  });
}

const isReplicated = ({ words }: Constraint): boolean => /\bNOT\s+FOR\s+REPLICATION\b/i.test(words?.text ?? '');

function essenceOfKey(key: Key): string {
  const { clustering, descending, tail } = keyWords(key);
  const isUsual = clustering === (key.kind === 'primaryKey' ? 'CLUSTERED' : 'NONCLUSTERED');
  return JSON.stringify([isUsual ? '' : clustering, [...descending], tail.replace(/\s+/g, ' ').toLowerCase()]);
}

/** A key, check or foreign key that is added, as far as it was looked at and holds. */
function added({ before, obstacles }: TsqlScript, then: Table, one: Written): readonly string[] {
  if (one.kind === 'check' && !isToday(then, one.expression))
    obstacles.push(`check ${one.name} of ${then.name} names a column that is called otherwise by now`);
  if (isKey(one) && !one.words && one.kind === 'unique')
    obstacles.push(`how the tool has made unique ${one.name} of ${then.name} is not known`);
  const how = one.validated ? '' : ' WITH NOCHECK';
  const text = `ALTER TABLE ${tsqlName(then)}${how} ADD ${tsqlConstraint(before, then, one)};`;
  if (one.enforced) return [text];
  if (!isNamed(one)) obstacles.push(`constraint ${one.name} of ${then.name} was off, and has no name of its own`);
  return [text, `ALTER TABLE ${tsqlName(then)} NOCHECK CONSTRAINT ${quotedTsql(one.name)};`];
}

/** A constraint of both, which may be on in one of them and off in the other. */
interface Switch {
  readonly own: Written;
  readonly same: Written;
}

/** What was on or off, and looked at or not. One that nobody has named is switched with all that the table has. */
function switchedBack({ obstacles }: TsqlScript, then: Table, all: readonly Switch[]): readonly string[] {
  const changed = all.filter(({ own, same }) => own.enforced !== same.enforced || own.validated !== same.validated);
  const alter = (words: string, name: string): string => `ALTER TABLE ${tsqlName(then)} ${words} CONSTRAINT ${name};`;
  const nameless = changed.find(({ same }) => !isNamed(same));
  if (!nameless)
    return changed.flatMap(({ own, same }) => switchWords(own, same).map(words => alter(words, quotedTsql(same.name))));
  const isOn = then.constraints.every(
    ({ kind, enforced, validated }) => (kind !== 'check' && kind !== 'foreignKey') || (enforced && validated),
  );
  if (isOn) return [alter('WITH CHECK CHECK', 'ALL')];
  obstacles.push(`constraint ${nameless.same.name} of ${then.name} was switched, and has no name of its own`);
  return [];
}

function switchWords(own: Written, same: Written): readonly string[] {
  if (!same.enforced) return own.enforced ? ['NOCHECK'] : [];
  if (same.validated) return ['WITH CHECK CHECK'];
  return own.enforced ? ['NOCHECK', 'CHECK'] : ['CHECK'];
}

/** The statement that drops a constraint, whatever the server calls it. */
export function dropOf(script: TsqlScript, now: Table, one: Written): string {
  if (isNamed(one) && one.words) return dropText(now, one.name);
  const column = now.columns.find(({ id }) => id === one.columns[0]);
  const lookup = { kind: one.kind, ...(column ? { column: { name: column.name, span: { start: 0, end: 0 } } } : {}) };
  const [only, more] = unnamedOf(script.after, now, lookup);
  const isOnly = only === one && more === undefined && (now.complete || one.kind === 'primaryKey');
  if (!isOnly || !one.words)
    script.obstacles.push(`what the server calls ${WORDS[one.kind]} of ${now.name} is not known`);
  return looked(script, now, one.kind, one.kind === 'primaryKey' ? undefined : column?.name);
}

const WORDS: Readonly<Record<Written['kind'], string>> = {
  check: 'a check',
  foreignKey: 'a foreign key',
  primaryKey: 'the primary key',
  unique: 'a unique constraint',
};

const dropText = (now: Table, name: string): string =>
  `ALTER TABLE ${tsqlName(now)} DROP CONSTRAINT ${quotedTsql(name)};`;

function looked(script: TsqlScript, now: Table, kind: LookedUp, column: string | undefined): string {
  script.lookups.count += 1;
  return lookupText(kind, tsqlName(now), column, `name${script.lookups.count}`);
}

/** Defaults are constraints here: no column goes or changes its kind before its own. */
function defaultsBack(script: TsqlScript, plan: ColumnPlan) {
  const { now, then, columns } = plan.kept;
  const drops: string[] = [];
  const adds: string[] = [];
  const renames: string[] = [];
  for (const was of now.columns) {
    const column = then.columns.find(({ id }) => id === columns.get(was.id));
    const isGone = column === undefined || plan.remade.has(was.id);
    const isSame = column && !isGone && isSameDefault(was, column) && !isRetyped(plan, was.id);
    if (isSame) {
      if (was.defaultName !== undefined && column.defaultName !== undefined && was.defaultName !== column.defaultName)
        renames.push(renameOf({ schema: then.schema, name: was.defaultName }, column.defaultName, 'OBJECT'));
      continue;
    }
    if (was.default && !was.assumed)
      drops.push(
        was.defaultName === undefined ? looked(script, now, 'default', was.name) : dropText(now, was.defaultName),
      );
    // a column that is added brings its own
    if (column?.default && !isGone)
      adds.push(`ALTER TABLE ${tsqlName(then)} ADD ${tsqlDefault(column)} FOR ${quotedTsql(column.name)};`);
  }
  return { drops, adds, renames };
}

const isSameDefault = (was: Column, column: Column): boolean =>
  was.default?.text.toLowerCase() === column.default?.text.toLowerCase() &&
  (was.defaultName === undefined) === (column.defaultName === undefined);

/** Only the length may change under a default. */
function isRetyped({ altered }: ColumnPlan, id: ObjectId): boolean {
  const pair = altered.get(id);
  return pair !== undefined && pair.was.type?.name !== pair.column.type?.name;
}

/** The index before the step that this one is, whatever it is called, if it may stay. */
function sameIndex(plan: ColumnPlan, index: Index): Index | undefined {
  const { then, columns } = plan.kept;
  const reads = [...index.elements.flatMap(({ column }) => column ?? []), ...index.include];
  const where = index.where?.refs ?? [];
  if (isTouched(plan, [...reads, ...where]) || where.some(id => plan.renamed.has(id))) return undefined;
  const mapped = (ids: readonly ObjectId[]): string => JSON.stringify(ids.map(id => columns.get(id)));
  const found = then.indexes.filter(
    other =>
      other.constraint === undefined &&
      other.unique === index.unique &&
      other.method === index.method &&
      essenceOfWords(other) === essenceOfWords(index) &&
      mapped(index.elements.map(({ column }) => column ?? 0)) ===
        JSON.stringify(other.elements.map(({ column }) => column)) &&
      index.elements.every(({ descending }, at) => descending === other.elements[at]?.descending) &&
      mapped(index.include) === JSON.stringify(other.include) &&
      (index.where?.text ?? '').toLowerCase() === (other.where?.text ?? '').toLowerCase(),
  );
  return (
    found.find(({ name }) => name.toLowerCase() === index.name.toLowerCase()) ?? found.find(({ id }) => id === index.id)
  );
}

const essenceOfWords = ({ words }: Index): string =>
  JSON.stringify([
    (words?.head ?? '')
      .toUpperCase()
      .replace(/\bNONCLUSTERED\b(?!\s+COLUMNSTORE)/, '')
      .trim(),
    (words?.tail ?? '').replace(/\s+/g, ' ').toLowerCase(),
  ]);

function indexesBack(script: TsqlScript, plan: ColumnPlan) {
  const { now, then } = plan.kept;
  const drops: string[] = [];
  const renames: string[] = [];
  const free = new Set(then.indexes.filter(({ constraint }) => constraint === undefined));
  for (const index of now.indexes) {
    if (index.constraint !== undefined) continue;
    const same = sameIndex(plan, index);
    if (same && free.delete(same)) {
      if (same.name !== index.name)
        renames.push(renameOf({ schema: then.schema, name: then.name, part: index.name }, same.name, 'INDEX'));
      continue;
    }
    if (!index.words) script.obstacles.push(`what the server calls index ${index.name} of ${now.name} is not known`);
    drops.push(`DROP INDEX ${quotedTsql(index.name)} ON ${tsqlName(now)};`);
  }
  const texts = [...free].map(index => ({ index, text: indexMade(script, then, index) }));
  const isClustered = ({ index }: { index: Index }): boolean => /^CLUSTERED/i.test(index.words?.head ?? '');
  // what is clustered is dropped last and made first, as all others hold its key
  drops.sort((a, b) => Number(isClusteredIn(now, a)) - Number(isClusteredIn(now, b)));
  return {
    drops,
    renames,
    clustered: texts.filter(isClustered).map(({ text }) => text),
    adds: texts.filter(each => !isClustered(each)).map(({ text }) => text),
  };
}

const isClusteredIn = (now: Table, drop: string): boolean =>
  now.indexes.some(
    ({ name, words }) => drop.startsWith(`DROP INDEX ${quotedTsql(name)} ON`) && /^CLUSTERED/i.test(words?.head ?? ''),
  );

/** An index that is made again. */
export function indexMade(script: TsqlScript, then: Table | View, index: Index): string {
  if (!isIndexKnown(index)) script.obstacles.push(`not all of the former index ${index.name} of ${then.name} is known`);
  if (index.where && !isToday(then, index.where))
    script.obstacles.push(`index ${index.name} of ${then.name} names a column that is called otherwise by now`);
  if (index.unique)
    script.notes.push({ kind: 'mayFail', says: `rows of ${then.name} that ${index.name} does not take make it fail` });
  return `${tsqlIndex(then, index)};`;
}

/** sp_rename takes what is called so now in brackets, and the name that it gets without any. */
export function renameOf(
  from: { readonly schema: string; readonly name: string; readonly part?: string },
  to: string,
  kind: 'OBJECT' | 'COLUMN' | 'INDEX',
): string {
  const path = [schemaTsql(from), from.name, ...(from.part === undefined ? [] : [from.part])].map(quotedTsql).join('.');
  return `EXEC sp_rename ${literalTsql(path)}, ${literalTsql(to)}, N'${kind}';`;
}
