/** Where the code of a workspace names a column: by its text, which costs no parser and misses no language. */
import { posix } from 'node:path';
import { linesOf } from '../engine/lines';
import { mayContribute } from '../migrations/history';
import type { ColumnAsked, ColumnUse, ColumnUses } from '../persona/tools/host';
import { readSource } from './decode';
import type { AbsolutePath } from './fileAccess';
import { type SelectionOptions, selectFiles } from './selection';

/** Files that are read for one question. */
const MOST_SEARCHED = 5_000;

/** Lines around a column's name in which its table's has to stand. */
const NEAR = 12;

/** @throws the signal's reason when it is raised */
export async function columnUsesIn(
  asked: ColumnAsked,
  folder: AbsolutePath,
  options: SelectionOptions,
): Promise<ColumnUses> {
  const all = (await selectFiles([folder], options)).files.map(({ path }) => path).filter(path => !isMigration(path));
  const some = all.slice(0, MOST_SEARCHED);
  const uses: ColumnUse[] = [];
  for (const path of some) {
    options.signal?.throwIfAborted();
    const source = await readSource(options.files, path);
    if ('text' in source) uses.push(...usesInText(source.text, asked, posix.relative(folder, path)));
  }
  return { uses, searched: some.length, left: all.length - some.length };
}

const isMigration = (path: AbsolutePath): boolean => mayContribute(path) && /migrat|\.sql$/i.test(path);

function usesInText(text: string, { table, column }: ColumnAsked, file: string): readonly ColumnUse[] {
  const column_ = anyCase(column);
  if (!new RegExp(column_, 'i').test(text)) return [];
  const tablePattern = new RegExp(`\\b${anyCase(table)}\\b|\\b${anyCase(singular(table))}\\b`, 'i');
  const lines = linesOf(text);
  const tableLines: number[] = [];
  for (let line = 1; line <= lines.count; line++) if (tablePattern.test(lines.textOf(line))) tableLines.push(line);
  if (tableLines.length === 0) return [];
  const columnPattern = new RegExp(`\\b${column_}\\b`, 'i');
  const uses: ColumnUse[] = [];
  for (let line = 1; line <= lines.count; line++) {
    const written = lines.textOf(line);
    if (!columnPattern.test(written) || !tableLines.some(at => Math.abs(at - line) <= NEAR)) continue;
    uses.push({ file, line, how: 'word', text: written.trim().slice(0, 160) });
  }
  return uses;
}

/** `customer_id`, as code may also spell it: `customerId`. */
const anyCase = (name: string): string =>
  name
    .split('_')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('_?');

const singular = (table: string): string =>
  table.replace(/ies$/, 'y').replace(/(ss|us|is)$|s$/, (_, kept?: string) => kept ?? '');
