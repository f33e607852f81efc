/**
 * Migrations written in SQL: up and down in files of their own, or as sections of one file.
 *
 * Sources: github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md, diesel.rs/guides/getting-started,
 * github.com/amacneil/dbmate, pressly.github.io/goose, db-migrate.readthedocs.io (SQL files), and for the sections of
 * node-pg-migrate its src/sqlMigration.ts.
 */

import type { MigrationTool } from '../engine/migrationTools';
import type { FileId, Place } from '../engine/place';
import type { MigrationDown, MigrationFact } from './migration';
import type { MigrationSource } from './source';
import { namesNoneOf, readSqlStep, type SqlStep } from './sqlStep';

interface Pair {
  readonly tool: MigrationTool;
  /** What stands before the word that tells the up from the down, the word, and what stands behind it. */
  readonly form: RegExp;
}

/** Up and down in files of their own. */
const PAIRS: readonly Pair[] = [
  // db-migrate keeps the SQL of a migration in `sqls/` beside the code
  { tool: 'db-migrate', form: /^((?:.*\/)?sqls\/[^/]+-)(up|down)(\.sql)$/i },
  { tool: 'diesel', form: /^((?:.*\/)?\d[\d_-]*[^/]*\/)(up|down)(\.sql)$/i },
  { tool: 'sql-pairs', form: /^((?:.*\/)?[^/]+\.)(up|down)(\.sql)$/i },
];

/** Which half of a migration a file is, and where the other half stands. */
export interface Half {
  readonly tool: MigrationTool;
  readonly direction: 'up' | 'down';
  readonly other: FileId;
  readonly name: string;
}

/** Up and down as sections of one file, each begun by a comment. */
const SECTIONS: readonly {
  readonly tool: MigrationTool;
  readonly up: RegExp;
  readonly down: RegExp;
  readonly writes: string;
}[] = [
  {
    tool: 'dbmate',
    up: /^--[ \t]*migrate:up\b[^\n]*/m,
    down: /^--[ \t]*migrate:down\b[^\n]*/m,
    writes: '-- migrate:down',
  },
  {
    tool: 'goose',
    up: /^[ \t]*--[ \t]*\+goose[ \t]+up\b[^\n]*/im,
    down: /^[ \t]*--[ \t]*\+goose[ \t]+down\b[^\n]*/im,
    writes: '-- +goose Down',
  },
  {
    tool: 'node-pg-migrate',
    up: /^[ \t]*--[ \t-]*up[ \t]+migration[^\n]*/im,
    down: /^[ \t]*--[ \t-]*down[ \t]+migration[^\n]*/im,
    writes: '-- Down Migration',
  },
];

const fileName = (file: FileId): string => file.slice(file.lastIndexOf('/') + 1);

/** @param named the tool by the configuration, which leaves no other */
export function halfOf(file: FileId, named?: MigrationTool): Half | undefined {
  for (const { tool, form } of PAIRS) {
    if (named !== undefined && named !== tool) continue;
    const [, before, word, after] = form.exec(file) ?? [];
    if (before === undefined || word === undefined || after === undefined) continue;
    const direction = word.toLowerCase() === 'up' ? 'up' : 'down';
    const opposite = direction === 'up' ? 'down' : 'up';
    const other = word === word.toUpperCase() ? opposite.toUpperCase() : opposite;
    return { tool, direction, other: before + other + after, name: fileName(before.replace(/[/.-]$/, '')) };
  }
  return undefined;
}

/** The file with the down of this up, or with the up of this down; undefined for a file that is no half of a pair. */
export const companionOf = (file: FileId): FileId | undefined => halfOf(file)?.other;

export const isHalfOfPair = (file: FileId): boolean => halfOf(file) !== undefined;

/** Whether a SQL text is one of the section formats; to look before reading. */
export const hasSections = (text: string): boolean => SECTIONS.some(({ up }) => up.test(text));

/** A section of a file: its marker's line, and where what belongs to it stands. */
export interface Section {
  readonly marker: string;
  readonly markerAt: number;
  readonly start: number;
  readonly end: number;
}

/** The sections of a file that holds up and down; undefined when it is none. */
export function sectionsOf(
  text: string,
): { readonly tool: MigrationTool; readonly up: Section; readonly down?: Section } | undefined {
  for (const { tool, up, down } of SECTIONS) {
    const upAt = up.exec(text);
    if (!upAt) continue;
    const downAt = down.exec(text);
    // what stands before the later marker belongs to the earlier one
    const section = (at: RegExpExecArray, other: RegExpExecArray | null): Section => ({
      marker: at[0].trim(),
      markerAt: at.index + at[0].search(/\S/),
      start: at.index + at[0].length,
      end: other && other.index > at.index ? other.index : text.length,
    });
    return { tool, up: section(upAt, downAt), ...(downAt ? { down: section(downAt, upAt) } : {}) };
  }
  return undefined;
}

/** Reads a file of SQL as a migration, or as half of one; undefined when it is none. */
export function migrationInSql(source: MigrationSource): MigrationFact | undefined {
  const half = halfOf(source.file);
  return half ? readHalf(half, source) : readSections(source);
}

function readHalf(half: Half, { file, text, dialect, companion }: MigrationSource): MigrationFact | undefined {
  const isUp = half.direction === 'up';
  const upText = isUp ? text : companion;
  // a down without an up is no migration
  if (upText === undefined) return undefined;
  const [upFile, downFile] = isUp ? [file, half.other] : [half.other, file];
  const downText = isUp ? companion : text;
  const up = readSqlStep(upText, dialect);
  if (!up.first) return undefined;
  return {
    tool: half.tool,
    name: half.name,
    file,
    at: { unit: upFile, start: up.first.start, end: up.first.end },
    up: up.step,
    down:
      downText === undefined
        ? { state: 'missing' }
        : downOf(up, readSqlStep(downText, dialect), { unit: downFile, ...firstLineOf(downText) }),
    downBelongs: half.tool === 'diesel' ? 'down.sql' : fileName(downFile),
  };
}

/** The first line that is not empty. */
function firstLineOf(text: string): { readonly start: number; readonly end: number } {
  const line = /\S[^\n]*/.exec(text);
  return line ? { start: line.index, end: line.index + line[0].trimEnd().length } : { start: 0, end: 0 };
}

function readSections({ file, text, dialect }: MigrationSource): MigrationFact | undefined {
  for (const { tool, up: upMarker, down: downMarker, writes } of SECTIONS) {
    const upAt = upMarker.exec(text);
    if (!upAt) continue;
    const downAt = downMarker.exec(text);
    // what stands before the later marker belongs to the earlier one
    const later = downAt && downAt.index > upAt.index ? downAt.index : undefined;
    const upStart = upAt.index + upAt[0].length;
    const up = readSqlStep(text.slice(upStart, later), dialect);
    if (!up.first) return undefined;
    const at: Place = { unit: file, start: upStart + up.first.start, end: upStart + up.first.end };
    return {
      tool,
      name: fileName(file).replace(/\.sql$/, ''),
      file,
      at,
      up: up.step,
      down: downAt ? sectionDown(up, downAt, later === undefined ? upAt.index : undefined) : { state: 'missing' },
      downBelongs: writes,
    };
  }
  return undefined;

  function sectionDown(up: SqlStep, marker: RegExpExecArray, until: number | undefined): MigrationDown {
    const down = readSqlStep(text.slice(marker.index + marker[0].length, until), dialect);
    const start = marker.index + marker[0].search(/\S/);
    return downOf(up, down, { unit: file, start, end: marker.index + marker[0].trimEnd().length });
  }
}

function downOf(up: SqlStep, down: SqlStep, at: Place): MigrationDown {
  if (down.fails) return { state: 'throws', at };
  if (down.step.effect === 'none') return { state: 'empty', at };
  return { state: 'present', at, step: down.step, namesNoneOfThem: namesNoneOf(up.step, down.step, down.names) };
}
