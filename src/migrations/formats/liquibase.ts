/**
 * Liquibase's formatted SQL: changesets of one file, each with its rollback in comments.
 *
 * Source: docs.liquibase.com/concepts/changelogs/sql-format.html.
 */
import type { Place } from '../../engine/place';
import { type Dialect, dialectOf } from '../../sql/dialect';
import type { Contribution, Direction, Format, MigrationFile } from '../contribution';
import { folderOf } from '../contribution';
import { readScript, withPlaceholders } from '../sqlScript';

const HEAD = /^\s*--\s*liquibase\s+formatted\s+sql\b/i;
const CHANGESET = /^[ \t]*--[ \t]*changeset[ \t]+([^\s:]+:(?:"[^"]*"|'[^']*'|\S+))([^\n]*)$/gim;
const ROLLBACK = /^[ \t]*--[ \t]*rollback\b[ \t]*([^\n]*)$|\/\*[ \t]*liquibase[ \t]+rollback\b([\s\S]*?)\*\//gim;

/** Whether a text says of itself that it is one; to look before reading. */
export const isLiquibase = (text: string): boolean => HEAD.test(text);

export const liquibase: Format = (source, projects) => {
  if (!isLiquibase(source.text)) return [];
  const heads = [...source.text.matchAll(CHANGESET)];
  return heads.map((head, index) =>
    changeset(source, head, heads[index + 1]?.index ?? source.text.length, index, projects),
  );
};

function changeset(
  { file, text }: MigrationFile,
  head: RegExpExecArray,
  end: number,
  index: number,
  projects: Dialect,
): Contribution {
  const [line, id = '', attributes = ''] = head;
  const start = head.index + line.length;
  const inTransaction = !/\brunInTransaction\s*:\s*"?false/i.test(attributes);
  const at: Place = { unit: file, start: head.index + line.search(/\S/), end: start };
  const script = withPlaceholders(readScript(file, text, { start, end }, projects), /\$\{[\w.-]+\}/, 'a property');
  const down = rollback({ file, text }, { start, end }, inTransaction, projects);
  return {
    kind: 'migration',
    tool: 'liquibase',
    folder: folderOf(file),
    key: `${file}\n${String(index).padStart(6, '0')}`,
    name: id,
    dialect: dialectOf(text, projects),
    up: { file, script: { ...script, inTransaction: script.inTransaction || inTransaction }, at },
    ...(down ? { down } : {}),
  };
}

/** All that stands outside of the rollback's comments is blanked, so that places stay what they are. */
function rollback(
  { file, text }: MigrationFile,
  { start, end }: { start: number; end: number },
  inTransaction: boolean,
  projects: Dialect,
): Direction | undefined {
  const found = [...text.slice(start, end).matchAll(ROLLBACK)];
  const [first] = found;
  if (!first) return undefined;
  let masked = '';
  for (const match of found) {
    const [whole, line, block] = match;
    const written = (line ?? block ?? '').replace(/^(?:empty|not\s+required)\s*;?\s*$/i, '');
    const from = start + match.index + whole.length - (line === undefined ? 2 : 0) - (line ?? block ?? '').length;
    masked += `${blank(text.slice(masked.length, from))}${written}`;
  }
  const script = readScript(file, masked, { start: 0, end: masked.length }, projects);
  // `--rollback changesetId:1 changesetAuthor:me` and its like mean what stands elsewhere
  const elsewhere = withPlaceholders(script, /^\s*(?:changeset\w*\s*:|\$\{)/i, 'a rollback that stands elsewhere');
  const from = start + first.index + first[0].search(/\S/);
  return {
    file,
    script: { ...elsewhere, inTransaction },
    at: { unit: file, start: from, end: from + (first[0].trim().split('\n')[0]?.length ?? 0) },
  };
}

const blank = (text: string): string => text.replace(/[^\n]/g, ' ');
