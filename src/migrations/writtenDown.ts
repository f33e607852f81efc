/** The way back of a step as SQL, and where its tool wants it. */
import { decidingDifferences } from '../catalog/compare';
import { wayBack } from '../catalog/wayBack';
import type { FileId } from '../engine/place';
import type { SchemaStep } from './folding';
import type { HistoryStep, MigrationHistory } from './history';
import { halfOf } from './sqlFiles';

export type WrittenDown =
  | { readonly sql: string }
  /** There is no honest way back, in words that complete "No way back: …". */
  | { readonly because: string };

/** The SQL of the way back, with comments for what it cannot restore. */
export function writtenDown(step: HistoryStep, schema: SchemaStep | undefined): WrittenDown {
  if (!schema) return { because: 'the schema is known for PostgreSQL alone' };
  if (step.refused !== undefined) return { because: `the tool does not run it: ${step.refused}` };
  const { up, before, after } = schema;
  if (up.failed) return { because: `its up fails: ${up.failed.failure.says}` };
  if (up.isPartial) {
    const [first] = step.up.untranslated.filter(({ dataOnly }) => !dataOnly);
    return { because: `its up holds what cannot be followed${first ? `: ${first.what}` : ''}` };
  }
  if (decidingDifferences(before, after).length === 0)
    return {
      because: 'its up leaves the structure as it is: what it does to rows, comments or privileges has no inverse',
    };
  const { statements, notes, obstacles } = wayBack(after, before);
  const [obstacle] = obstacles;
  if (obstacle !== undefined) return { because: obstacle };
  const comments = notes.map(({ says }) => `-- ${says.replaceAll('\n', ' ')}`);
  if (!schema.isCertain)
    comments.unshift('-- Migrations before this one could not all be followed: compare this with what is there.');
  return { sql: `${[...comments, ...statements].join('\n')}\n` };
}

export type Placed = { readonly file: FileId; readonly text: string } | { readonly because: string };

/**
 * A file as it is with the way back at its place.
 * @param text the text of the up's file
 */
export function placedDown(history: MigrationHistory, step: HistoryStep, sql: string, text: string): Placed {
  const { tool } = history;
  const { file, down, downAt, downFile } = step;
  if (history.withoutDowns === 'by-design') return { because: `${tool} has no place for a way back` };
  if (down && !step.downInferred && (down.statements.length > 0 || down.untranslated.length > 0))
    return { because: 'there is a way back already' };
  if (downFile !== undefined) return { file: downFile, text: sql };
  const half = halfOf(file);
  if (half) return { file: half.other, text: sql };
  const marker = MARKERS[tool];
  if (file.endsWith('.sql') && marker !== undefined) {
    if (!downAt) return { file, text: `${text.trimEnd()}\n\n${marker}\n${sql}` };
    const behind = text.slice(downAt.end).replace(/^[ \t]*\n\s*/, '\n');
    return { file, text: `${text.slice(0, downAt.end)}\n${sql}${behind.trim() === '' ? '' : behind}` };
  }
  switch (tool) {
    case 'flyway':
      return { file: file.replace(/V([^/]*)$/, 'U$1'), text: sql };
    case 'sqitch':
      return { file: file.replace(/(^|\/)deploy\//, '$1revert/'), text: `BEGIN;\n\n${sql}\nCOMMIT;\n` };
    case 'liquibase':
      return inComments(step, sql, text);
    case 'knex':
    case 'node-pg-migrate':
      return inJavaScript(tool, step, sql, text);
    case 'alembic':
      return inPython(step, sql, text);
    default:
      return { because: `what ${tool} wants is not written yet: print it and put it there` };
  }
}

/** What begins the way back in a file that holds both. */
const MARKERS: Readonly<Partial<Record<MigrationHistory['tool'], string>>> = {
  dbmate: '-- migrate:down',
  goose: '-- +goose Down',
  'node-pg-migrate': '-- Down Migration',
};

function inComments({ file, up, downAt }: HistoryStep, sql: string, text: string): Placed {
  const last = up.statements.at(-1)?.at.end ?? text.length;
  const line = text.indexOf('\n', last);
  const at = downAt ? downAt.start : line < 0 ? text.length : line + 1;
  const end = downAt ? downAt.end : at;
  const before = text.slice(0, at);
  const lines = sql
    .trimEnd()
    .split('\n')
    .map(each => (each.startsWith('--') ? each : `--rollback ${each}`))
    .join('\n');
  return { file, text: `${before}${before.endsWith('\n') ? '' : '\n'}${lines}\n${text.slice(end).replace(/^\n/, '')}` };
}

/** SQL inside a template literal. */
const inTemplate = (sql: string): string =>
  sql.trimEnd().replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${');

/** A function that does nothing: `exports.down = async () => {};`, `export async function down() {}`. */
const EMPTY_DOWN =
  /^(?:export\s+(?:const\s+down\b[^\n]*|(?:async\s+)?function\s+down\s*\([^)]*\)[^\n{]*)|(?:module\.)?exports\.down\s*=[^\n]*?)\{\s*\};?[ \t]*$/m;

function inJavaScript(tool: 'knex' | 'node-pg-migrate', step: HistoryStep, sql: string, text: string): Placed {
  const { file } = step;
  const isTyped = /\.[cm]?ts$/.test(file);
  const isModule = /^export\b/m.test(text);
  const [name, type, call] =
    tool === 'knex' ? ['knex', 'Knex', 'await knex.raw'] : ['pgm', 'MigrationBuilder', 'pgm.sql'];
  const parameter = isTyped && new RegExp(`\\b${type}\\b`).test(text) ? `${name}: ${type}` : name;
  const body = `{\n  ${call}(\`\n${inTemplate(sql)}\n\`);\n}`;
  const written = isModule
    ? `export async function down(${parameter}) ${body}`
    : `exports.down = async ${parameter} => ${body};`;
  const empty = EMPTY_DOWN.exec(text);
  if (empty) return { file, text: text.replace(empty[0], () => written) };
  if (step.down || /\bdown\b/.test(text))
    return { because: 'its down stands in a form that cannot be filled: print it and put it there' };
  if (!isModule && !/^exports\.up\b/m.test(text))
    return { because: 'its up is exported in a form beside which none can be put: print it and put it there' };
  return { file, text: `${text.trimEnd()}\n\n${written}\n` };
}

function inPython(step: HistoryStep, sql: string, text: string): Placed {
  const { file } = step;
  if (sql.includes('"""')) return { because: 'its SQL holds what Python cannot quote: print it and put it there' };
  const escaped = sql.trimEnd().replaceAll('\\', '\\\\');
  // Alembic reads a colon before a word as a parameter
  const literal = escaped.replace(/(?<!:):(?=[A-Za-z_])/g, '\\\\:');
  const body = `    op.execute("""\n${literal}\n    """)\n`;
  const empty = /^(def downgrade\([^)]*\)[^\n]*:\n)(?:[ \t]*(?:#[^\n]*|"""[^"]*"""|pass)?[ \t]*\n?)+$/m.exec(text);
  if (empty) return { file, text: `${text.slice(0, empty.index)}${empty[1]}${body}` };
  if (step.down) return { because: 'its downgrade stands in a form that cannot be filled: print it and put it there' };
  return { file, text: `${text.trimEnd()}\n\n\ndef downgrade() -> None:\n${body}` };
}
