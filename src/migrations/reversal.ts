/** Whether a migration's down undoes its up, by the catalogs alone. */
import { type Catalog, isTable } from '../catalog/catalog';
import { type CatalogDifference, decidingDifferences, hasDecidingDifferences } from '../catalog/compare';
import type { FoldOptions } from '../catalog/fold';
import type { Place } from '../engine/place';
import type { PostgresTrees } from '../sql/postgresTree';
import { HOLE } from '../sql/tokens';
import { isBeyondDoubt, NO_DOUBT } from './doubt';
import { doubtBehind, type FoldedScript, foldScript, readStatements, type SchemaStep } from './folding';
import type { HistoryStep } from './history';
import { isMadeAnew } from './madeAnew';
import type { Script } from './script';

export type Reversal =
  /** The up leaves the structure as it is. */
  | { readonly verdict: 'nothing-to-undo' }
  | { readonly verdict: 'undone' }
  /** A verdict would stand on what is not known. */
  | { readonly verdict: 'unknown' }
  | {
      readonly verdict: 'differs';
      readonly differences: readonly CatalogDifference[];
      /** The down's statement that leaves it so; absent where none speaks of it. */
      readonly at?: Place;
      /** The up's statement that has changed it. */
      readonly changedAt?: Place;
    }
  /** The server would refuse one of the down's statements. */
  | { readonly verdict: 'fails'; readonly says: string; readonly at: Place };

const UNKNOWN: Reversal = { verdict: 'unknown' };
const UNDONE: Reversal = { verdict: 'undone' };
const NOTHING_TO_UNDO: Reversal = { verdict: 'nothing-to-undo' };

/** Judges the down of a step of which the catalogs around the up are known. */
export function reversalOf(
  { up, down, refused }: HistoryStep,
  step: SchemaStep,
  trees: PostgresTrees,
  options: FoldOptions = {},
): Reversal {
  if (!down || refused !== undefined || step.up.failed) return UNKNOWN;
  const { isPartial } = step.up;
  const changesNothing = !isPartial && !hasDecidingDifferences(step.before, step.after);
  // a down may do something all the same, to what the up has found there
  if (changesNothing && !(step.isCertain && step.before.complete)) return NOTHING_TO_UNDO;
  // a down that is unconditional takes back what an up does where it is needed
  if (step.up.isSkipping) return changesNothing ? NOTHING_TO_UNDO : UNKNOWN;
  const back = foldScript(step.after, down, trees, options);
  const unparsed = isPartial ? undefined : unparsedIn(down, up, step, trees);
  if (unparsed) return unparsed;
  const unclear = changesNothing ? NOTHING_TO_UNDO : UNKNOWN;
  // what of the step itself was not understood
  const ofUp = doubtBehind({ doubt: NO_DOUBT, up: step.up }, up, trees);
  const { catalog } = back;
  const own = doubtBehind(
    { doubt: ofUp, up: { catalog, statements: back.statements, isPartial: back.isPartial } },
    down,
    trees,
  );
  if (own.isWhole) return unclear;
  if (back.failed) {
    const { statement, failure } = back.failed;
    // what stands on others is known to; what is said to be missing may have been made by what was not understood
    const names = [told(failure.says)];
    const isKnown = (failure.reason === 'dependents' || isBeyondDoubt(step.doubt, names)) && isBeyondDoubt(own, names);
    return isKnown ? { verdict: 'fails', says: failure.says, at: statement.at } : UNKNOWN;
  }
  const found = decidingDifferences(step.before, catalog);
  if (found.length === 0) return isPartial || back.isPartial ? unclear : changesNothing ? NOTHING_TO_UNDO : UNDONE;
  // what the up itself has made or dropped is known whatever came before; what else it was is not
  const isOneWording = catalog.wordedBy !== 'both';
  const met = metBefore(up, trees);
  const differences = found.filter(each => {
    if (!isBeyondDoubt(own, namesOf(each))) return false;
    if (
      each.change === 'left' &&
      (wasThere(each, step.before, met, up) || isMadeAnew(each, step.before, up, down, trees))
    )
      return false;
    if (each.change === 'changed') return isOneWording && isBeyondDoubt(step.doubt, namesOf(each));
    return isOneWording || each.kind !== 'sequence';
  });
  if (differences.length === 0) return unclear;
  const at = statementBehind(down, back, differences);
  const changedAt = statementBehind(up, step.up, differences);
  return { verdict: 'differs', differences, ...(at ? { at } : {}), ...(changedAt ? { changedAt } : {}) };
}

/** What a text would have to speak of to have changed the object: a column's own name says little. */
const namesOf = ({ kind, name, parent }: CatalogDifference): readonly string[] => {
  if (parent === undefined) return [name];
  // `total_positive on orders`: every text has the word between them
  return kind === 'column' ? [parent] : [...name.split(' on '), parent];
};

/** The names in a refusal. */
const told = (says: string): string => says.replace(WORDS_OF_REFUSALS, ' ');

const WORDS_OF_REFUSALS =
  /\b(?:column|table|index|constraint|view|materialized|sequence|type|function|trigger|policy|schema|extension|relation|label|of|on|in|is|the|a|an|no|not|does|exist|exists|already|there|cannot|be|dropped|has|and|it|by)\b/gi;

/** The first statement that the server's grammar refuses, where all that was run before it passes. */
function unparsedIn(down: Script, up: Script, { isCertain }: SchemaStep, trees: PostgresTrees): Reversal | undefined {
  if (down.dialect !== undefined || !(isCertain || isPostgres(up, trees))) return undefined;
  for (const { statement, operations } of readStatements(down, trees)) {
    const [first] = operations;
    if (first?.kind !== 'unread' || first.why !== 'does not parse') continue;
    return statement.sql.includes(HOLE) || MAY_BE_OTHERS.test(statement.sql)
      ? undefined
      : { verdict: 'fails', says: first.says, at: statement.at };
  }
  return undefined;
}

/** Whether the server's grammar takes all that a script does to the schema, and it does something. */
function isPostgres(script: Script, trees: PostgresTrees): boolean {
  const operations = readStatements(script, trees).flatMap(each => each.operations);
  return operations.length > 0 && operations.every(one => one.kind !== 'unread' || one.why !== 'does not parse');
}

/** What a tool fills in, and what another server than PostgreSQL takes. */
const MAY_BE_OTHERS =
  /[{}`@?\\]|<%|%[({sdL]|\$\w|(?<!:):[a-z]|\b(?:drop\s+(?:foreign\s+key|primary\s+key|index\s+\S+\s+on)|modify|change|convert|engine|auto_increment|pragma|delimiter|go)\b/i;

/** Tables that the up drops, renames or alters, and has not made: they were there, whatever the history knows. */
function metBefore(up: Script, trees: PostgresTrees): ReadonlySet<string> {
  const made = new Set<string>();
  const met = new Set<string>();
  const meet = (name: string): void => {
    if (!made.has(name)) met.add(name);
  };
  for (const { operations } of readStatements(up, trees))
    for (const operation of operations) {
      if (operation.kind === 'createTable') made.add(operation.name.name);
      else if (operation.kind === 'rename' && operation.object.kind === 'table') {
        meet(operation.object.name.name);
        made.add(operation.to.name);
      } else if (operation.kind === 'drop') {
        if (!operation.ifExists) for (const { kind, name } of operation.objects) if (kind === 'table') meet(name.name);
      } else if (operation.kind === 'addColumn' || operation.kind === 'dropColumn') meet(operation.table.name);
    }
  return met;
}

/** What the down leaves was there before the up, which could not have run without it: another folder's migrations made it. */
function wasThere({ kind, name }: CatalogDifference, before: Catalog, met: ReadonlySet<string>, up: Script): boolean {
  const parts = name.split('.').map(part => part.replaceAll('"', ''));
  const last = parts[parts.length - 1] ?? '';
  if (kind === 'table') return met.has(last) && !isKnown(before, last);
  const table = parts[parts.length - 2];
  if (kind !== 'column' || table === undefined || !/^\w+$/.test(last) || !/^\w+$/.test(table)) return false;
  // its values are read before the table is made anew
  const reads = new RegExp(`\\bselect\\b[^;]*\\b${last}\\b[^;]*\\bfrom\\s+["\`\\[]?${table}\\b`, 'i');
  return met.has(table) && up.statements.some(({ sql }) => reads.test(sql));
}

const isKnown = (catalog: Catalog, name: string): boolean => {
  for (const object of catalog.objects.values())
    if (isTable(object) && object.name === name && !object.assumed) return true;
  return false;
};

const isSame = (one: CatalogDifference, other: CatalogDifference): boolean =>
  one.kind === other.kind && one.name === other.name;

/** So many differences are looked behind; a down that leaves more is marked as a whole. */
const LOOKED_AT = 4;

/** The last statement of a script that changes the first of the objects that any changes. */
function statementBehind(
  script: Script,
  { statements }: FoldedScript,
  differences: readonly CatalogDifference[],
): Place | undefined {
  const changed = statements.map(({ steps }): readonly CatalogDifference[] => {
    const [first, last] = [steps[0], steps.at(-1)];
    return first && last ? decidingDifferences(first.before, last.after) : [];
  });
  for (const wanted of differences.slice(0, LOOKED_AT)) {
    const index = changed.findLastIndex(each => each.some(one => isSame(one, wanted)));
    const statement = script.statements[index];
    if (statement) return statement.at;
  }
  const [first] = differences;
  return first && statementNaming(script, first);
}

function statementNaming({ statements }: Script, { name }: CatalogDifference): Place | undefined {
  const words = name.split('.').map(part => part.replaceAll('"', ''));
  const last = words[words.length - 1] ?? name;
  const escaped = last.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const form = new RegExp(`(?<![\\w])${escaped}(?![\\w])`, 'i');
  return statements.find(({ sql }) => form.test(sql))?.at;
}
