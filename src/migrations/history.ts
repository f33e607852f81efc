/** The migrations of a project as histories: paired and ordered as their tool does it, each direction as SQL. */
import type { FileId } from '../engine/place';
import { type Dialect, dialectOf } from '../sql/dialect';
import { splitStatements } from '../sql/statements';
import { sourceOf, tokensOf } from '../sql/tokens';
import type { MigrationTool } from './migration';
import type { Script, ScriptStatement, Untranslated } from './script';
import { halfOf, type Section, sectionsOf } from './sqlFiles';

export interface MigrationFile {
  readonly file: FileId;
  readonly text: string;
}

export interface MigrationHistory {
  readonly tool: MigrationTool;
  /** The folder that the tool is pointed at; empty for the project's own. */
  readonly folder: string;
  /** As the statements are written. */
  readonly dialect: Dialect;
  /** In the order in which the tool runs them. */
  readonly steps: readonly HistoryStep[];
}

export interface HistoryStep {
  /** As the tool names it. */
  readonly name: string;
  /** The file of the up. */
  readonly file: FileId;
  readonly up: Script;
  /** Absent: there is none. One that holds nothing is there. */
  readonly down?: Script;
  /** Where the down stands, when not in the up's file. */
  readonly downFile?: FileId;
  /** Why the tool would not run it. */
  readonly refused?: string;
}

/** The tables in which the tools keep what has been run, by name. No part of the schema. */
export const isToolsOwn = (relation: string): boolean =>
  TOOLS_OWN.has(relation.replace(/^.*\./, '').replaceAll('"', ''));

const TOOLS_OWN = new Set([
  'schema_migrations',
  'goose_db_version',
  '__diesel_schema_migrations',
  'pgmigrations',
  'migrations',
  'knex_migrations',
  'knex_migrations_lock',
  'SequelizeMeta',
  'alembic_version',
  'django_migrations',
  'flyway_schema_history',
  'databasechangelog',
  'databasechangeloglock',
  'mikro_orm_migrations',
  '_prisma_migrations',
  '__drizzle_migrations',
]);

/**
 * The histories among these files, one for each tool and folder. Files that are no migration are left aside.
 * @param projects the dialect of the project, which the statements may belie
 */
export function historiesOf(files: readonly MigrationFile[], projects: Dialect): readonly MigrationHistory[] {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const found = new Map<string, { tool: MigrationTool; folder: string; steps: HistoryStep[] }>();
  for (const { file, text } of files) {
    if (!file.toLowerCase().endsWith('.sql')) continue;
    const read = stepOf(file, text, texts, projects);
    if (!read) continue;
    const key = `${read.tool} ${read.folder}`;
    const history = found.get(key) ?? { tool: read.tool, folder: read.folder, steps: [] };
    history.steps.push(read.step);
    found.set(key, history);
  }
  return [...found.values()].map(({ tool, folder, steps }) => ({
    tool,
    folder,
    dialect: dialectOf(steps.map(({ file }) => texts.get(file)).join('\n'), projects),
    steps: ordered(tool, steps),
  }));
}

interface Read {
  readonly tool: MigrationTool;
  readonly folder: string;
  readonly step: HistoryStep;
}

function stepOf(file: FileId, text: string, texts: ReadonlyMap<FileId, string>, projects: Dialect): Read | undefined {
  const half = halfOf(file);
  if (half) {
    if (half.direction === 'down') return undefined;
    const downText = texts.get(half.other);
    const folder = folderOf(file);
    const ofPair = (name: FileId, content: string): Script => {
      const script = readScript(name, content, { start: 0, end: content.length }, projects);
      return half.tool === 'diesel'
        ? {
            ...script,
            inTransaction: !/^\s*run_in_transaction\s*=\s*false/m.test(texts.get(`${folder}/metadata.toml`) ?? ''),
          }
        : asOneQuery(script);
    };
    return {
      tool: half.tool,
      folder: half.tool === 'diesel' ? folderOf(folder) : folder,
      step: {
        name: half.name,
        file,
        up: ofPair(file, text),
        ...(downText === undefined ? {} : { down: ofPair(half.other, downText), downFile: half.other }),
      },
    };
  }
  const sections = sectionsOf(text);
  if (!sections) return undefined;
  const { tool, up, down } = sections;
  const ofSection = (section: Section): Script => sectionScript(tool, file, text, section, projects);
  return {
    tool,
    folder: folderOf(file),
    step: {
      name: file.slice(file.lastIndexOf('/') + 1).replace(/\.sql$/i, ''),
      file,
      up: ofSection(up),
      ...(down ? { down: ofSection(down) } : {}),
    },
  };
}

function sectionScript(tool: MigrationTool, file: FileId, text: string, section: Section, projects: Dialect): Script {
  const script = readScript(file, text, section, projects);
  if (tool === 'dbmate')
    return /\btransaction\s*:\s*false\b/i.test(section.marker)
      ? asOneQuery(script)
      : { ...script, inTransaction: true };
  if (tool !== 'goose') return { ...script, inTransaction: true };
  const inTransaction = !/^[ \t]*--[ \t]*\+goose[ \t]+no[ \t]+transaction\b/im.test(text);
  const substitutes = /^[ \t]*--[ \t]*\+goose[ \t]+envsub[ \t]+on\b/im.test(text);
  const variable = substitutes ? script.statements.find(({ sql }) => /\$\{?[A-Za-z_]/.test(sql)) : undefined;
  if (!variable) return { ...script, inTransaction };
  const untranslated = [
    ...script.untranslated,
    { at: variable.at, what: 'a variable of the environment', dataOnly: false },
  ];
  return { ...script, inTransaction, untranslated };
}

/** Several statements that are sent as one query are one transaction; one alone is in none. */
const asOneQuery = (script: Script): Script => ({
  ...script,
  inTransaction: script.inTransaction || script.statements.length > 1,
});

/** The statements of a stretch of text. A transaction around all of them is taken for granted. */
function readScript(
  file: FileId,
  text: string,
  { start, end }: { start: number; end: number },
  projects: Dialect,
): Script {
  const dialect = dialectOf(text, projects);
  const slice = text.slice(start, end);
  const untranslated: Untranslated[] = [];
  const at = (from: number, to: number) => ({ unit: file, start: start + from, end: start + to });
  for (const token of tokensOf(slice, dialect)) {
    const command = token.kind === 'foreign' ? /^\\([a-z_]+|!)/i.exec(sourceOf(slice, token))?.[1] : undefined;
    if (command !== undefined && !HARMLESS_COMMANDS.has(command))
      untranslated.push({ at: at(token.start, token.end), what: `psql's \\${command}`, dataOnly: false });
  }
  const statements = splitStatements(slice, dialect).flatMap((statement): ScriptStatement[] => {
    const place = at(statement.start, statement.end);
    if (/^copy\b[\s\S]*\bfrom\s+stdin\b/i.test(statement.text)) {
      untranslated.push({ at: place, what: 'the rows of COPY', dataOnly: true });
      return [];
    }
    const { text: sql } = statement;
    return [{ sql, at: place, pieces: [{ from: 0, to: sql.length, unit: file, start: place.start }] }];
  });
  const [first, last] = [statements[0]?.sql ?? '', statements.at(-1)?.sql ?? ''];
  const isWrapped =
    statements.length > 1 &&
    /^(?:begin|start\s+transaction)(?:\s+(?:work|transaction))?$/i.test(first) &&
    /^(?:commit|end)(?:\s+(?:work|transaction))?$/i.test(last);
  return { statements: isWrapped ? statements.slice(1, -1) : statements, untranslated, inTransaction: isWrapped };
}

/** Meta-commands of psql that leave the database alone. */
const HARMLESS_COMMANDS = new Set(
  'echo qecho warn pset timing set unset encoding restrict unrestrict prompt x a t'.split(' '),
);

const folderOf = (file: FileId): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));

/** The number that a name begins with. */
const versionOf = (name: string): bigint | undefined => {
  const digits = /^\d+/.exec(name)?.[0];
  return digits === undefined ? undefined : BigInt(digits);
};

/** By number where the tool reads one, else by name. */
function ordered(tool: MigrationTool, steps: readonly HistoryStep[]): readonly HistoryStep[] {
  const byName = (one: HistoryStep, other: HistoryStep): number =>
    one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
  if (!BY_NUMBER.has(tool)) return [...steps].sort(byName);
  const sorted = [...steps].sort((one, other) => {
    const [a, b] = [versionOf(one.name), versionOf(other.name)];
    if (a === undefined || b === undefined || a === b) return byName(one, other);
    return a < b ? -1 : 1;
  });
  return sorted.map(step => {
    const version = versionOf(step.name);
    const twins =
      version === undefined ? [] : sorted.filter(other => other !== step && versionOf(other.name) === version);
    return twins[0] ? { ...step, refused: `${twins[0].name} has the number ${version} too` } : step;
  });
}

/** Tools that read a migration's number, and run no two with the same. */
const BY_NUMBER: ReadonlySet<MigrationTool> = new Set<MigrationTool>(['sql-pairs', 'goose']);
