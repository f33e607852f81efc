/** The way back of a step as SQL, and where its tool wants it. */
import { decidingDifferences } from '../catalog/compare';
import { wayBack } from '../catalog/wayBack';
import { wayBackDialect } from '../catalog/wayBackDialect';
import { titleOfTool } from '../engine/migrationTools';
import type { FileId } from '../engine/place';
import type { SchemaStep } from './folding';
import type { HistoryStep, MigrationHistory } from './history';
import type { Script } from './script';
import { halfOf } from './sqlFiles';
import { unseenChange } from './unseenChanges';
import { type UnseenChanges, unseenPostgres } from './unseenPostgres';
import { holdsOthers, inBatches, inOneBatch } from './written/batches';
import { inJavaScript } from './written/javascript';
import { inPhp } from './written/php';
import { inPython } from './written/python';
import type { DownText } from './written/statements';

/** The way back in SQL, and its parts for those who write it otherwise. */
export interface DownSql extends DownText {
  readonly sql: string;
}

export type WrittenDown =
  | DownSql
  /** There is no honest way back, in words that complete "No way back: …". */
  | { readonly because: string };

/** The SQL of the way back, with comments for what it cannot restore. */
export function writtenDown(step: HistoryStep, schema: SchemaStep | undefined): WrittenDown {
  if (!schema) return { because: 'the schema around it is not known' };
  if (step.refused !== undefined) return { because: `the tool does not run it: ${step.refused}` };
  const { up, before, after } = schema;
  if (up.failed) return { because: `its up fails: ${up.failed.failure.says}` };
  if (up.isPartial) {
    const [first] = step.up.untranslated.filter(({ dataOnly }) => !dataOnly);
    return { because: `its up holds what cannot be followed${first ? `: ${first.what}` : ''}` };
  }
  const unseen = unseenIn(step.up, schema);
  if (unseen.because !== undefined) return { because: unseen.because };
  if (before.complete && !after.complete) return { because: 'its up changes what is not known' };
  if (unseen.statements.length === 0 && decidingDifferences(before, after).length === 0)
    return {
      because:
        (schema.isCertain && before.complete ? undefined : unseen.maybe) ??
        'its up leaves the structure as it is: what it does to rows, comments or privileges has no inverse',
    };
  const back =
    after.dialect === undefined ? wayBack(after, before) : wayBackDialect(after, before, after.dialect, schema.trees);
  const { notes, obstacles } = back;
  const statements = [...back.statements, ...unseen.statements];
  const [obstacle] = obstacles;
  if (obstacle !== undefined) return { because: obstacle };
  const comments = [...notes.map(({ says }) => says.replaceAll('\n', ' ')), ...unseen.comments];
  if (!schema.isCertain)
    comments.unshift('Migrations before this one could not all be followed: compare this with what is there.');
  const batches = after.dialect === 'transactsql' ? inBatches(statements) : statements;
  const lines = [...comments.map(comment => `-- ${comment}`), ...batches];
  return { sql: `${lines.join('\n')}\n`, comments, statements };
}

function unseenIn(up: Script, schema: SchemaStep): UnseenChanges {
  if (schema.after.dialect === undefined) return unseenPostgres(schema);
  const because = unseenChange(up, schema);
  return { ...(because === undefined ? {} : { because }), statements: [], comments: [] };
}

export type Placed = { readonly file: FileId; readonly text: string } | { readonly because: string };

export interface PlacedOptions {
  /** Puts it in place of a way back that stands there and is none. */
  readonly replaces?: boolean;
}

/** The file in which the tool looks for the way back of a step; nothing where it has no place for one. */
export function downFileOf({ tool, withoutDowns }: MigrationHistory, step: HistoryStep): FileId | undefined {
  if (withoutDowns === 'by-design') return undefined;
  const { file, downFile } = step;
  if (downFile !== undefined) return downFile;
  const half = halfOf(file);
  if (half) return half.other;
  switch (tool) {
    // it takes its own operations back by itself, and others have theirs beside them
    case 'django':
      return undefined;
    case 'flyway':
      return file.replace(/V([^/]*)$/, 'U$1');
    case 'sqitch':
      return file.replace(/(^|\/)deploy\//, '$1revert/');
    case 'sql-pairs':
      return file.replace(/(\.sql)$/i, '.down$1');
    default:
      return file;
  }
}

/**
 * A file as it is with the way back at its place.
 * @param text the text of the file in which the tool looks for it; empty where there is none yet
 */
export function placedDown(
  history: MigrationHistory,
  step: HistoryStep,
  written: DownSql,
  text: string,
  { replaces = false }: PlacedOptions = {},
): Placed {
  const { tool } = history;
  const { down, downAt } = step;
  const isTransact = step.up.dialect === 'transactsql';
  // one of its clients knows GO, another sends the file as it is
  const sql = isTransact && tool === 'sql-pairs' ? inOneBatch(written) : written.sql;
  const file = downFileOf(history, step);
  if (file === undefined) return { because: `${titleOfTool(tool)} has no place for a way back` };
  if (!replaces && down && !step.downInferred && (down.statements.length > 0 || down.untranslated.length > 0))
    return { because: 'there is a way back already' };
  const isCut = isTransact
    ? tool === 'liquibase' && written.statements.some(holdsOthers)
    : written.statements.some(isProgram);
  if (file.endsWith('.sql') && tool !== 'goose' && step.up.dialect !== undefined && isCut)
    return {
      because: isTransact
        ? 'the tool would cut a statement apart at its semicolons'
        : 'the client would cut the body of a trigger or routine apart at its semicolons',
    };
  if (file !== step.file) return { file, text: tool === 'sqitch' ? inSqitch(sql, text) : sql };
  const marker = MARKERS[tool];
  if (file.endsWith('.sql') && marker !== undefined) {
    const section = tool === 'goose' ? forGoose(written) : sql;
    if (!downAt) return { file, text: `${text.trimEnd()}\n\n${marker}\n${section}` };
    const behind = step.upAt.start > downAt.start ? `\n${text.slice(step.upAt.start)}` : '';
    return { file, text: `${text.slice(0, downAt.end)}\n${section}${behind}` };
  }
  if (tool === 'liquibase') return inComments(step, sql, text);
  const filled =
    tool === 'alembic'
      ? inPython(written, text)
      : tool === 'laravel'
        ? inPhp(written, text)
        : inJavaScript(tool, written, text);
  return 'text' in filled ? { file, text: filled.text } : filled;
}

/** A body of several statements, which MySQL's client takes between delimiters alone. */
const isProgram = (statement: string): boolean => /^\s*create\b[^;]*\bbegin\b[^;]*;[\s\S]*\bend\b/i.test(statement);

/** In one transaction, below what the script says of itself. */
function inSqitch(sql: string, text: string): string {
  const [head = ''] = /^-- Revert [^\n]*\n+/.exec(text) ?? [];
  return /^BEGIN;/m.test(sql) ? `${head}${sql}` : `${head}BEGIN;\n\n${sql}\nCOMMIT;\n`;
}

/** What begins the way back in a file that holds both. */
const MARKERS: Readonly<Partial<Record<MigrationHistory['tool'], string>>> = {
  dbmate: '-- migrate:down',
  goose: '-- +goose Down',
  'node-pg-migrate': '-- Down Migration',
};

/** Goose cuts at each semicolon at the end of a line, but between its marks. */
export const forGoose = ({ comments, statements }: DownText): string =>
  [
    ...comments.map(comment => `-- ${comment}`),
    ...statements.map(statement =>
      /;[ \t]*(?:--[^\n]*)?\n/.test(statement)
        ? `-- +goose StatementBegin\n${statement}\n-- +goose StatementEnd`
        : statement,
    ),
    '',
  ].join('\n');

/** Every line is the rollback's: any other of the change set would change its checksum, and Liquibase then refuses to go on. */
function inComments({ file, up, downAt }: HistoryStep, sql: string, text: string): Placed {
  const last = up.statements.at(-1)?.at.end ?? text.length;
  const line = text.indexOf('\n', last);
  const at = downAt ? downAt.start : line < 0 ? text.length : line + 1;
  // all that it says of its way back
  const [said = ''] = downAt
    ? (/^(?:[ \t]*--[ \t]*rollback\b[^\n]*(?:\n|$))+|^\/\*[\s\S]*?\*\/\n?/i.exec(text.slice(at)) ?? [])
    : [];
  const end = downAt ? Math.max(downAt.end, at + said.trimEnd().length) : at;
  const before = text.slice(0, at);
  const lines = sql
    .trimEnd()
    .split('\n')
    .map(each => `--rollback ${each}`)
    .join('\n');
  return { file, text: `${before}${before.endsWith('\n') ? '' : '\n'}${lines}\n${text.slice(end).replace(/^\n/, '')}` };
}
