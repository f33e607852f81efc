/** Migrations written in a programming language, evaluated to calls and translated to the SQL that their tool sends. */

import { type MigrationTool, titleOfTool } from '../../engine/migrationTools';
import type { FileId } from '../../engine/place';
import type { Module } from '../../program/model';
import { type Dialect, dialectOf } from '../../sql/dialect';
import { evaluateMigration } from '../code/evaluate';
import type { Entry } from '../code/values';
import { type CodeDirection, type CodeDirections, directionsIn } from '../codeFiles';
import { baseName, type Direction, type Format, folderOf } from '../contribution';
import type { Script } from '../script';
import { answersOf } from '../translate/serverAsked';
import { translateAll } from '../translate/translation';
import { CODE_TOOLS } from '../translate/translators';

export const code: Format = ({ file, module }, projects, named) => {
  if (!module || module.language === 'php') return [];
  const found = directionsIn(module, named);
  if (!found) return [];
  const { tool } = found;
  if (tool === 'db-migrate' && sendsSqlFile(module, found.up)) return [];
  const up = codeDirection(file, module, tool, found.up, projects);
  const down = downOf(file, module, found, projects);
  return [
    {
      kind: 'migration',
      tool,
      folder: folderOf(file),
      key: file,
      name: baseName(file).replace(/\.[cm]?[jt]sx?$/, ''),
      dialect: dialectOf(sqlOf(up), projects),
      up,
      ...(down ? { down } : {}),
      ...stampOf(tool, found.up),
    },
  ];
};

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
  file: FileId,
  module: Module,
  tool: MigrationTool,
  direction: CodeDirection,
  projects: Dialect,
): Direction {
  const entries = entriesOf(module, tool, direction, projects);
  return { file, script: scriptOf(module, tool, entries, direction), at: direction.at };
}

function entriesOf(
  module: Module,
  tool: MigrationTool,
  { function: fn, at, ownerClass }: CodeDirection,
  projects: Dialect,
): readonly Entry[] {
  const translator = CODE_TOOLS[tool]?.translator(module);
  return evaluateMigration(module, fn, at.unit, ownerClass, translator && answersOf(translator, projects));
}

function scriptOf(module: Module, tool: MigrationTool, entries: readonly Entry[], { at }: CodeDirection): Script {
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
  file: FileId,
  module: Module,
  { tool, up, down }: CodeDirections,
  projects: Dialect,
): Direction | undefined {
  if (down?.kind === 'function' && down.direction.function !== up.function)
    return codeDirection(file, module, tool, down.direction, projects);
  if (down?.kind === 'function' || down?.kind === 'other') {
    const untranslated = [{ at: up.at, what: 'a down that is made elsewhere', dataOnly: false }];
    return { file, script: { statements: [], untranslated, inTransaction: true }, at: up.at };
  }
  const known = CODE_TOOLS[tool];
  // `exports.down = false` says that there is none
  if (!known?.reversed || (down && down.value === false)) return undefined;
  const script = scriptOf(module, tool, known.reversed(entriesOf(module, tool, up, projects)), up);
  // where a call has no reverse the tool refuses to go back at all
  if (script.untranslated.some(({ what }) => what.startsWith('the reverse of'))) return undefined;
  return { file, script, at: up.at, inferred: true };
}
