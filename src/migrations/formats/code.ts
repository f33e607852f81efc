/** Migrations written in a programming language, evaluated to calls and translated to the SQL that their tool sends. */

import { type MigrationTool, titleOfTool } from '../../engine/migrationTools';
import type { FileId } from '../../engine/place';
import type { Module } from '../../program/model';
import { type Dialect, dialectOf } from '../../sql/dialect';
import { evaluateMade, evaluateMigration, type MadeDirection } from '../code/evaluate';
import type { Imported } from '../code/evaluation';
import { type Chain, type Entry, NO_ANSWERS } from '../code/values';
import { type CodeDirection, type CodeDirections, directionsIn, handed, madeIn } from '../codeFiles';
import { baseName, type Direction, type Format, folderOf } from '../contribution';
import type { Script } from '../script';
import { answersOf } from '../translate/serverAsked';
import { translateAll } from '../translate/translation';
import { CODE_TOOLS } from '../translate/translators';

export const code: Format = ({ file, module, imported }, projects, named) => {
  if (!module || module.language === 'php') return [];
  const found = directionsIn(module, named);
  if (!found) return madeElsewhere({ file, module, imported }, projects, named);
  const { tool } = found;
  if (tool === 'db-migrate' && sendsSqlFile(module, found.up)) return [];
  const code: CodeFile = { file, module, imported };
  const up = codeDirection(code, tool, found.up, projects);
  const down = downOf(code, found, projects);
  return [
    {
      ...told(file, tool, projects, { up, ...(down ? { down } : {}) }),
      ...stampOf(tool, found.up),
    },
  ];
};

/** A file with what it imports. */
interface CodeFile {
  readonly file: FileId;
  readonly module: Module;
  readonly imported: Imported | undefined;
}

/** A folder of a folder for each version of the program, as knex-migrator has them: `versions/5.2/01-orders.js`. */
const OF_VERSION = /^(.*\/)?versions\/(\d+)\.(\d+)\/[^/]+$/;

function told(
  file: FileId,
  tool: MigrationTool,
  projects: Dialect,
  directions: { readonly up: Direction; readonly down?: Direction },
) {
  const [, above, major, minor] = (tool === 'knex' && OF_VERSION.exec(file)) || [];
  return {
    kind: 'migration' as const,
    tool,
    folder: major === undefined ? folderOf(file) : `${above ?? ''}versions`,
    key: file,
    name: baseName(file).replace(/\.[cm]?[jt]sx?$/, ''),
    dialect: dialectOf(sqlOf(directions.up), projects),
    ...directions,
    ...(major === undefined ? {} : { stamp: Number(major) * 10_000 + Number(minor) }),
  };
}

/** A migration that a function of the project's makes: `module.exports = addColumn('orders', 'total', …)`. */
function madeElsewhere(
  { file, module, imported }: CodeFile,
  projects: Dialect,
  named: MigrationTool | undefined,
): ReturnType<Format> {
  const made = imported && madeIn(module);
  if (!made) return [];
  const { unit, start, end } = made.at;
  const evaluated = (tool: MigrationTool) => {
    const translator = CODE_TOOLS[tool]?.translator(module);
    return evaluateMade(
      module,
      made.expression,
      { unit, start, end },
      translator ? answersOf(translator, projects) : NO_ANSWERS,
      imported,
    );
  };
  const first = evaluated(named ?? 'knex');
  const tool = named ?? (first.up && toolOfMade(first.up));
  const { up, down } = tool === undefined || tool === (named ?? 'knex') ? first : evaluated(tool);
  if (tool === undefined || !up) return [];
  const directionOf = ({ entries }: MadeDirection): Direction => ({
    file,
    script: scriptOf(module, tool, entries, made),
    at: made.at,
  });
  return [told(file, tool, projects, { up: directionOf(up), ...(down ? { down: directionOf(down) } : {}) })];
}

/** Which tool has made what a direction is handed: by its name where it has one, else by what is called on it. */
const toolOfMade = ({ entries, function: fn }: MadeDirection): MigrationTool | undefined =>
  handed(fn) ?? (entries.some(entry => entry.kind === 'chain' && isKnexs(entry)) ? 'knex' : undefined);

/** `transacting('orders')` and `connection.schema` are what knex-migrator hands over, `schema` is Knex's. */
const isKnexs = ({ root, steps }: Chain): boolean =>
  root.kind === 'parameter' &&
  root.of === 'migration' &&
  steps.some(({ name, arguments: given }) => (name === 'schema' && given === undefined) || name === 'transacting');

/** What db-migrate writes for a migration in SQL: its files, which stand in `sqls/`, are the migration. */
function sendsSqlFile({ units, top }: Module, { at }: CodeDirection): boolean {
  const { text } = units.find(({ id }) => id === at.unit) ?? top;
  return /\bsqls\b/.test(text) && /\breadFile(?:Sync)?\b/.test(text);
}

/** TypeORM orders by the milliseconds at the end of a class's name, whatever its file is called. */
function stampOf(tool: MigrationTool, { ownerClass }: CodeDirection): { readonly stamp?: number } {
  const digits = tool === 'typeorm' ? /\d{13}$/.exec(ownerClass ?? '')?.[0] : undefined;
  return digits === undefined ? {} : { stamp: Number(digits) };
}

/** The SQL that a direction holds as such; what a builder writes is PostgreSQL's. */
const sqlOf = ({ script }: Direction): string =>
  script.statements.flatMap(({ sql, pieces }) => (pieces.length > 0 ? [sql] : [])).join(';\n');

/** One direction from the function that holds it, as a server of the project's dialect is sent it. */
export function codeDirection(
  { file, module, imported }: Pick<CodeFile, 'file' | 'module'> & Partial<CodeFile>,
  tool: MigrationTool,
  direction: CodeDirection,
  projects: Dialect,
): Direction {
  const entries = entriesOf(module, tool, direction, projects, imported);
  return { file, script: scriptOf(module, tool, entries, direction), at: direction.at };
}

function entriesOf(
  module: Module,
  tool: MigrationTool,
  { function: fn, at, ownerClass }: CodeDirection,
  projects: Dialect,
  imported: Imported | undefined,
): readonly Entry[] {
  const translator = CODE_TOOLS[tool]?.translator(module);
  return evaluateMigration(module, fn, at.unit, ownerClass, translator && answersOf(translator, projects), imported);
}

function scriptOf(
  module: Module,
  tool: MigrationTool,
  entries: readonly Entry[],
  { at }: Pick<CodeDirection, 'at'>,
): Script {
  const known = CODE_TOOLS[tool];
  if (!known)
    return {
      statements: [],
      untranslated: [{ at, what: `what ${titleOfTool(tool)} makes of it`, dataOnly: false }],
      inTransaction: true,
    };
  const sent = known.inOrderSent?.(entries) ?? entries;
  const script = translateAll(sent, known.translator(module), known.inTransaction(module, entries));
  const thrown = entries.flatMap(entry =>
    entry.kind === 'throws' ? [{ at: entry.at, what: 'an error that it throws', dataOnly: false }] : [],
  );
  return thrown.length > 0 ? { ...script, untranslated: [...script.untranslated, ...thrown], throws: true } : script;
}

function downOf(
  { file, module, imported }: CodeFile,
  { tool, up, down }: CodeDirections,
  projects: Dialect,
): Direction | undefined {
  if (down?.kind === 'function' && down.direction.function !== up.function)
    return codeDirection({ file, module, imported }, tool, down.direction, projects);
  if (down?.kind === 'function' || down?.kind === 'other') {
    const untranslated = [{ at: up.at, what: 'a down that is made elsewhere', dataOnly: false }];
    return { file, script: { statements: [], untranslated, inTransaction: true }, at: up.at };
  }
  const known = CODE_TOOLS[tool];
  // `exports.down = false` says that there is none
  if (!known?.reversed || (down && down.value === false)) return undefined;
  const script = scriptOf(module, tool, known.reversed(entriesOf(module, tool, up, projects, imported)), up);
  // where a call has no reverse the tool refuses to go back at all
  if (script.untranslated.some(({ what }) => what.startsWith('the reverse of'))) return undefined;
  return { file, script, at: up.at, inferred: true };
}
