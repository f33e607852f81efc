/**
 * The way back: the statements that make of the catalog after a step the catalog before it, in an order that the server
 * takes, with what is lost on the way. Objects are told apart by identity, so a rename goes back as a rename.
 */
import { alterBack, columnsBack, detached, isRemade, settingsBack } from './alterBack';
import { type Catalog, isTable, isView } from './catalog';
import { type Copy, calledAsBefore, copiesAnew } from './copiesBack';
import { identityText, identityTypeTexts } from './definitionText';
import { textOf } from './deparse';
import { columnsOfType, dropUnits, keptTables } from './dropBack';
import { typesAnew } from './enumBack';
import { withFormerLabels } from './enumLabels';
import { fullName, quoted } from './naming';
import type { CatalogObject, Constraint, ObjectId, Table, Type, View } from './object';
import { createIndexTexts, createKeyTexts, indexesParted, partsOf } from './partedIndexBack';
import {
  createFunctionText,
  createPolicyText,
  createRuleText,
  createText,
  createTriggerText,
  firingText,
  isInline,
  namedText,
} from './print';
import { renamesBack } from './renameBack';
import { sameText, sameUnit } from './sameness';
import { madeBySerial, sequencesFreed } from './sequenceBack';
import { settle } from './settleBack';
import { softBack } from './softBack';
import { storageBack } from './storageBack';
import { typeBack } from './typeBack';
import { type Graph, graphOf, inheritedParts, ordered, type Unit, unitsOf } from './units';

export interface WayBackNote {
  readonly kind: 'dataLost' | 'mayFail';
  /** One sentence. */
  readonly says: string;
}

export interface WayBack {
  /** Each with its semicolon. Empty where the step changed no structure. */
  readonly statements: readonly string[];
  readonly notes: readonly WayBackNote[];
  /** Why there is no honest way back; then `statements` are not to be used. */
  readonly obstacles: readonly string[];
}

/** What is written while a way back is worked out. */
export interface Script {
  readonly after: Catalog;
  readonly before: Catalog;
  readonly afterGraph: Graph;
  readonly afterUnits: ReadonlyMap<ObjectId, Unit>;
  readonly beforeUnits: ReadonlyMap<ObjectId, Unit>;
  /** Units of both that are dropped and made again. */
  readonly rebuilt: Set<ObjectId>;
  /** Types of both that are made anew beside what is there, as they were. */
  readonly anew: ReadonlyMap<ObjectId, Type>;
  /** Columns of both that are dropped and added again. */
  readonly remade: Set<ObjectId>;
  /** Columns that have lost their default by now, since what it stands on is dropped. */
  readonly bared: Set<ObjectId>;
  readonly statements: string[];
  readonly last: string[];
  readonly notes: WayBackNote[];
  readonly obstacles: string[];
}

export function wayBack(reached: Catalog, before: Catalog): WayBack {
  const after = withFormerLabels(reached, before);
  const afterUnits = unitsOf(after);
  const script: Script = {
    after,
    before,
    afterUnits,
    beforeUnits: unitsOf(before),
    afterGraph: graphOf(after, afterUnits),
    rebuilt: new Set(),
    remade: new Set(),
    anew: typesAnew(after, before),
    bared: new Set(),
    statements: [],
    last: [],
    notes: [],
    obstacles: [],
  };
  findRebuilt(script);
  for (const [now, then] of keptTables(script)) detached(script, now, then);
  sequencesFreed(script);
  dropUnits(script);
  // what is made of other columns goes before them, in tables that inherit those too
  for (const generated of [true, false])
    for (const [now, then] of keptTables(script)) columnsBack(script, now, then, generated);
  renamesBack(script);
  makeUnits(script);
  script.statements.push(...script.last);
  storageBack(script);
  softBack(script);
  const { statements, notes, obstacles } = script;
  return { statements, notes, obstacles };
}

/** What has changed and cannot be altered is dropped and made again, and with it what stands on it. */
function findRebuilt(script: Script): void {
  const { afterUnits, beforeUnits, rebuilt, remade, anew, afterGraph } = script;
  const touched = new Set<ObjectId>();
  const parted = indexesParted(script);
  for (const [id, now] of afterUnits) {
    const then = beforeUnits.get(id);
    if (!then) {
      touched.add(id);
      continue;
    }
    if ((sameUnit(now, then) || isAltered(now)) && !parted.has(id)) continue;
    rebuilt.add(id);
    touched.add(id);
  }
  for (const [now, then] of keptTables(script))
    for (const column of now.columns) {
      const same = then.columns.find(({ id }) => id === column.id);
      if (!same) touched.add(column.id);
      else if (isRemade(column, same, now)) {
        remade.add(column.id);
        touched.add(column.id);
      } else if (!sameText(column.type, same.type) || column.collation !== same.collation) touched.add(column.id);
    }
  const converted = new Set([...anew.keys()].flatMap(id => columnsOfType(script.after, id)));
  for (const id of [...anew.keys(), ...converted]) touched.add(id);
  for (let size = -1; size !== rebuilt.size; ) {
    size = rebuilt.size;
    for (const dependent of afterGraph.dependents) {
      const unit = afterUnits.get(dependent.id);
      if (!unit || rebuilt.has(unit.id) || !beforeUnits.has(unit.id)) continue;
      const hit = [...dependent.keeps, ...(unit.kind === 'object' ? [] : dependent.fallsWith)].filter(id =>
        touched.has(id),
      );
      if (hit.length === 0) continue;
      // types go in their own way
      if (anew.has(unit.id)) continue;
      // a key would hold two types together while one is changed and the other is not
      const parted = unit.kind === 'constraint' && unit.part.kind === 'foreignKey' && hit.some(id => converted.has(id));
      if (!parted && !hit.some(id => remade.has(id)) && !mustGo(unit, dependent.keeps, hit)) continue;
      rebuilt.add(unit.id);
      touched.add(unit.id);
    }
  }
  for (const id of partsOf(script.after, rebuilt)) rebuilt.add(id);
}

/** The server rebuilds plain indexes and keys itself when a column's type changes; what holds an expression it may not. */
function mustGo(unit: Unit, keeps: readonly ObjectId[], hit: readonly ObjectId[]): boolean {
  switch (unit.kind) {
    case 'index':
      // a view that is made anew has none of its indexes
      if (hit.includes(unit.on.id)) return true;
      // one that is the column's by now is not kept apart from it
      if (unit.part.elements.some(({ column = 0, collation }) => collation !== undefined && hit.includes(column)))
        return true;
      return unit.part.where !== undefined || unit.part.elements.some(({ expression }) => expression !== undefined);
    case 'constraint':
      return unit.part.kind === 'check' || keeps.some(id => hit.includes(id) && unit.part.columns.includes(id));
    case 'object':
      return unit.object.kind !== 'table' && unit.object.kind !== 'sequence';
    default:
      return true;
  }
}

/** Kinds that change in place. */
function isAltered(unit: Unit): boolean {
  if (unit.kind !== 'object') return false;
  const { kind } = unit.object;
  return kind !== 'view' && kind !== 'materializedView' && kind !== 'statistics' && kind !== 'other';
}

function makeUnits(script: Script): void {
  const { afterUnits, beforeUnits, rebuilt, anew, before } = script;
  const graph = graphOf(before, beforeUnits, sequence => madeBySerial(script, sequence));
  // what became part of a parent's leaves with its table, and falls where the parent's falls
  const shared = inheritedParts(script.after);
  const kept = new Set([...before.objects.values()].filter(isTable).flatMap(keyIds));
  const leaves = (id: ObjectId): boolean => {
    const parent = shared.get(id);
    return shared.has(id) && !rebuilt.has(id) && (parent === undefined || kept.has(parent));
  };
  const putBack = (unit: Unit): void => {
    const now = afterUnits.get(unit.id);
    if (!now && leaves(unit.id)) return;
    if (anew.has(unit.id) && rebuilt.has(unit.id)) return;
    if (!now || rebuilt.has(unit.id)) make(script, unit, now === undefined);
    else if (unit.kind === 'object' && now.kind === 'object') alterObject(script, now.object, unit.object);
    else if (unit.kind === 'constraint' && now.kind === 'constraint' && !sameUnit(now, unit)) make(script, unit, false);
  };
  let copies = copiesAnew(script);
  const missing = new Set(copies.map(({ id }) => id));
  const done = new Set<ObjectId>();
  const stands = standing(script);
  const isThere = (id: ObjectId): boolean => done.has(id) || (stands.has(id) && !missing.has(id));
  for (const unit of ordered([...beforeUnits.values()], graph)) {
    putBack(unit);
    done.add(unit.id);
    for (const part of madeBy(script, unit)) {
      done.add(part.id);
      // a key has an index of its name
      if ('index' in part) done.add(part.index);
    }
    const isMade = ({ tables, of }: Copy): boolean => tables.every(id => done.has(id)) && isThere(of);
    const made = copies.filter(isMade);
    script.statements.push(...calledAsBefore(script, made, isThere));
    for (const { id } of made) done.add(id);
    copies = copies.filter(copy => !isMade(copy));
  }
  for (const unit of beforeUnits.values()) {
    const now = afterUnits.get(unit.id);
    if (unit.kind !== 'trigger' && unit.kind !== 'rule') continue;
    const state = now && !rebuilt.has(unit.id) && now.kind === unit.kind ? now.part.state : 'enabled';
    if (state !== unit.part.state)
      script.statements.push(firingText(unit.on, unit.kind === 'trigger' ? 'TRIGGER' : 'RULE', unit.part));
  }
  for (const unit of beforeUnits.values()) if (unit.kind === 'object') settle(script, unit.object);
}

/** The constraint that it is, or those that are written inside of a table that is made. */
function madeBy({ after }: Script, unit: Unit): readonly Constraint[] {
  if (unit.kind === 'constraint') return [unit.part];
  if (unit.kind !== 'object' || !isTable(unit.object) || after.objects.has(unit.id)) return [];
  const table = unit.object;
  return table.constraints.filter(one => one.parent === undefined && isInline(table, one));
}

/** Objects and parts of both that have their names back when things are made. */
function standing({ after, rebuilt }: Script): ReadonlySet<ObjectId> {
  const ids = new Set<ObjectId>();
  for (const object of after.objects.values()) {
    ids.add(object.id);
    if (isTable(object)) for (const id of keyIds(object)) ids.add(id);
    else if (isView(object)) for (const { id } of object.indexes) ids.add(id);
  }
  for (const id of rebuilt) ids.delete(id);
  return ids;
}

const keyIds = ({ constraints, indexes }: Table): readonly ObjectId[] =>
  [...constraints, ...indexes].map(({ id }) => id);

/** Whether the table stands in the catalog after the step, so that its parts must be added to it. */
const tableStands = (script: Script, on: Table | View): boolean => script.after.objects.has(on.id);

function make(script: Script, unit: Unit, isNew: boolean): void {
  const { before, statements } = script;
  if (unit.kind === 'object' ? unit.object.assumed : unit.part.assumed)
    script.obstacles.push(
      `what was dropped is not known: ${unit.kind === 'object' ? namedText(before, unit.object).toLowerCase() : `${unit.kind} ${unit.part.name}`} was there before the history begins`,
    );
  switch (unit.kind) {
    case 'object':
      if (unit.object.kind === 'sequence' && madeBySerial(script, unit.object)) return;
      statements.push(...createText(before, unit.object, script.after));
      if (isView(unit.object)) statements.push(...viewDefaults(before, undefined, unit.object));
      if (isTable(unit.object)) statements.push(...ownOfColumns(before, unit.object));
      if (isTable(unit.object) && isNew) {
        if (!unit.object.complete)
          script.obstacles.push(`not all of the former definition of table ${fullName(unit.object)} is known`);
        script.notes.push({ kind: 'dataLost', says: `${fullName(unit.object)} comes back empty: its rows are lost` });
      }
      return;
    case 'constraint':
      if (!tableStands(script, unit.on) && isInline(unit.on, unit.part)) return;
      statements.push(...createKeyTexts(before, unit.on, unit.part));
      return;
    case 'index':
      statements.push(...createIndexTexts(before, unit.on, unit.part));
      return;
    case 'trigger':
      statements.push(createTriggerText(before, unit.on, unit.part));
      return;
    case 'policy':
      statements.push(createPolicyText(before, unit.on, unit.part));
      return;
    case 'rule':
      statements.push(createRuleText(before, unit.part));
  }
}

/** How columns are stored, and what a child has set on those that it has from its parent. */
function ownOfColumns(catalog: Catalog, table: Table): readonly string[] {
  const statements: string[] = [];
  const parents = [...table.inherits, ...(table.partitionOf ? [table.partitionOf.parent] : [])].flatMap(id => {
    const parent = catalog.objects.get(id);
    return isTable(parent) ? [parent] : [];
  });
  for (const column of table.columns) {
    const theirs = parents.flatMap(parent => parent.columns.filter(({ name }) => name === column.name));
    const alter = `ALTER TABLE ${fullName(table)} ALTER COLUMN ${quoted(column.name)}`;
    const [first] = theirs;
    // how values are stored is their parent's, how they are looked at each table's own
    const { statistics: _, options: __, ...stored } = first ?? {};
    statements.push(...settingsBack(alter, stored, column));
    // one that is declared here and there takes the parent's default where it has none
    if (column.inherited && column.local && !column.default && first?.default)
      statements.push(`${alter} DROP DEFAULT;`);
    const identified = identityTypeTexts(catalog, column);
    if (!column.inherited || column.local) {
      statements.push(...identified);
      continue;
    }
    if (!sameText(first?.default?.tree, column.default?.tree))
      statements.push(
        column.default ? `${alter} SET DEFAULT ${textOf(catalog, column.default)};` : `${alter} DROP DEFAULT;`,
      );
    if (column.notNull && !theirs.some(({ notNull }) => notNull)) statements.push(`${alter} SET NOT NULL;`);
    // partitions have their table's, children none but their own
    const identity = table.partitionOf ? undefined : identityText(catalog, column);
    if (identity !== undefined) statements.push(`${alter} ADD ${identity};`, ...identified);
  }
  return statements;
}

function alterObject(script: Script, now: CatalogObject, then: CatalogObject): void {
  const { statements, before } = script;
  if (isTable(now) && isTable(then)) {
    alterBack(script, now, then);
    return;
  }
  if (isView(now) && isView(then)) {
    statements.push(...viewDefaults(before, now, then));
    return;
  }
  if (
    then.kind === 'routine' &&
    now.kind === 'routine' &&
    !sameUnit({ id: 0, kind: 'object', object: now }, { id: 0, kind: 'object', object: then })
  ) {
    statements.push(createFunctionText(before, then, true));
    return;
  }
  typeBack(script, now, then);
}

/** What INSERT puts into a view's columns. */
function viewDefaults(catalog: Catalog, now: View | undefined, then: View): readonly string[] {
  return then.columns.flatMap(column => {
    const was = now?.columns.find(({ id }) => id === column.id);
    if (sameText(was?.default?.tree, column.default?.tree)) return [];
    const alter = `ALTER VIEW ${fullName(then)} ALTER COLUMN ${quoted(column.name)}`;
    return [column.default ? `${alter} SET DEFAULT ${textOf(catalog, column.default)};` : `${alter} DROP DEFAULT;`];
  });
}
