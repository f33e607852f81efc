/**
 * Where the code of a workspace uses a column: by the facts of the review, and where those know nothing (a language that is not
 * read, a name in a type, a template), by its words, said as such.
 */
import { posix } from 'node:path';
import { linesOf } from '../engine/lines';
import type { FileId } from '../engine/place';
import type { ColumnOfTable, ColumnUse as UseFact } from '../facts/columnUses';
import type { ColumnUse, ColumnUses, ColumnWord, UnreadPlace } from '../persona/tools/host';
import type { FoundColumnUses } from './columnSearch';
import { readSource } from './decode';
import type { AbsolutePath } from './fileAccess';
import { projectRootOf } from './project';
import type { Reviewer } from './reviewer';
import { type SelectionOptions, selectFiles } from './selection';

export interface ColumnUsesOptions extends SelectionOptions {
  createReviewer(root: AbsolutePath): Reviewer;
}

/** Files that are looked at for one question. */
const MOST_SEARCHED = 5_000;

/** A model waits, and so does a person behind it. */
const SEARCH_FOR_MS = 40_000;

/** Lines around a column's name in which its table's has to stand. */
const NEAR = 12;

/** Code and descriptions of data that no front end reads. */
const OTHER_LANGUAGES =
  /\.(?:go|java|kt|kts|scala|groovy|php|rb|cs|fs|vb|rs|ex|exs|erl|swift|clj|lua|pl|pm|prisma|graphql|gql|proto|xml|ya?ml|vue|svelte|astro|ejs|hbs|twig|erb|jinja2?|html)$/i;
const NOT_WRITTEN_BY_HAND = /(?:^|\/)(?:[\w.-]*lock\.ya?ml|dist|build|coverage|vendor)(?:\/|$)/;

/** @throws the signal's reason when it is raised */
export async function columnUsesIn(
  asked: ColumnOfTable,
  folder: AbsolutePath,
  options: ColumnUsesOptions,
): Promise<ColumnUses> {
  const isOther = (path: AbsolutePath): boolean => OTHER_LANGUAGES.test(path) && !NOT_WRITTEN_BY_HAND.test(path);
  const all = await selectFiles([folder], {
    ...options,
    isReviewable: path => options.isReviewable(path) || isOther(path),
  });
  const some = all.files.slice(0, MOST_SEARCHED).map(({ path }) => path);
  const texts = new Map<AbsolutePath, string>();
  const textOf = async (path: AbsolutePath): Promise<string> => {
    const known = texts.get(path);
    if (known !== undefined) return known;
    const source = await readSource(options.files, path);
    const text = 'text' in source ? source.text : '';
    texts.set(path, text);
    return text;
  };
  const until = Date.now() + SEARCH_FOR_MS;
  let left = all.files.length - some.length;
  const uses: ColumnUse[] = [];
  const unread: UnreadPlace[] = [];
  const inSchema = new Set<string>();
  const tables = new Set([asked.table, singular(asked.table)]);
  const columns = new Set([asked.column]);
  const known = new Set<AbsolutePath>();
  const migrations = new Set<AbsolutePath>();
  const seen = new Set<string>();
  const lineOf = async (path: AbsolutePath, offset: number): Promise<{ line: number; text: string }> => {
    const lines = linesOf(await textOf(path));
    const { line } = lines.positionAt(offset);
    return { line, text: shown(lines.textOf(line)) };
  };
  for (const [root, files] of byProject(some.filter(options.isReviewable), options)) {
    const found = await options.createReviewer(root).columnUses(asked, files, {
      ...(options.signal ? { signal: options.signal } : {}),
      until,
    });
    left += found.left;
    for (const each of found.inSchema) inSchema.add(each);
    for (const name of found.called.tables) tables.add(name);
    for (const name of found.called.columns) columns.add(name);
    for (const file of found.migrations) migrations.add(posix.join(root, file));
    for (const { at, ...use } of inOrder(found)) {
      const path = posix.join(root, at.file);
      const place = await lineOf(path, at.start);
      known.add(path);
      const key = `${path}:${place.line}`;
      if (seen.has(key) || !isWithin(path, folder)) continue;
      seen.add(key);
      uses.push({ file: posix.relative(folder, path), ...place, sure: use.sure, how: howIn(use) });
    }
    for (const { at, label } of found.unread) {
      const path = posix.join(root, at.file);
      if (isWithin(path, folder))
        unread.push({ file: posix.relative(folder, path), ...(await lineOf(path, at.start)), label });
    }
  }
  const words: ColumnWord[] = [];
  const names = { table: anyOf(tables), column: anyOf(columns) };
  for (const path of some) {
    options.signal?.throwIfAborted();
    if (known.has(path) || migrations.has(path)) continue;
    const [first, ...others] = wordsIn(await textOf(path), names);
    if (first) words.push({ file: posix.relative(folder, path), ...first, others: others.length });
  }
  return {
    uses,
    words,
    unread,
    inSchema: [...inSchema],
    searched: some.filter(options.isReviewable).length,
    byWordsAlone: some.filter(path => !options.isReviewable(path)).length,
    left,
  };
}

const isWithin = (path: AbsolutePath, folder: AbsolutePath): boolean => path.startsWith(`${folder}/`);

function byProject(
  paths: readonly AbsolutePath[],
  { files }: Pick<ColumnUsesOptions, 'files'>,
): ReadonlyMap<AbsolutePath, readonly FileId[]> {
  const roots = new Map<AbsolutePath, AbsolutePath>();
  const found = new Map<AbsolutePath, FileId[]>();
  for (const path of paths) {
    const folder = posix.dirname(path);
    const root = roots.get(folder) ?? projectRootOf(folder, files);
    roots.set(folder, root);
    const own = found.get(root) ?? [];
    own.push(posix.relative(root, path));
    found.set(root, own);
  }
  return found;
}

const SURE = { certain: 0, likely: 1, possible: 2 } as const;

const inOrder = ({ uses }: FoundColumnUses): FoundColumnUses['uses'] =>
  uses.toSorted(
    (a, b) =>
      SURE[a.sure] - SURE[b.sure] || (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.start - b.at.start),
  );

function howIn({ by, does, label }: Pick<UseFact, 'by' | 'does' | 'label'>): string {
  switch (by) {
    case 'model':
      return `the ${label} declares it`;
    case 'row':
      return `${label} is read from the rows`;
    case 'star':
      return `${label} gets all columns, this one among them`;
    default:
      return `${label} ${does} it`;
  }
}

interface Names {
  readonly table: RegExp;
  readonly column: RegExp;
}

const anyOf = (names: Iterable<string>): RegExp => new RegExp(`\\b(?:${[...names].map(anyCase).join('|')})\\b`, 'i');

function wordsIn(text: string, { table, column }: Names): readonly { line: number; text: string }[] {
  if (!column.test(text) || !table.test(text)) return [];
  const lines = linesOf(text);
  const tableLines: number[] = [];
  for (let line = 1; line <= lines.count; line++) if (table.test(lines.textOf(line))) tableLines.push(line);
  const found: { line: number; text: string }[] = [];
  let next = 0;
  for (let line = 1; line <= lines.count; line++) {
    while ((tableLines[next] ?? Number.POSITIVE_INFINITY) < line - NEAR) next++;
    if ((tableLines[next] ?? Number.POSITIVE_INFINITY) > line + NEAR) continue;
    const written = lines.textOf(line);
    if (column.test(written)) found.push({ line, text: shown(written) });
  }
  return found;
}

const shown = (line: string): string => line.trim().slice(0, 160);

/** `customer_id`, as code may also spell it: `customerId`. */
const anyCase = (name: string): string =>
  name
    .split('_')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('_?');

const singular = (table: string): string =>
  table.replace(/ies$/, 'y').replace(/(ss|us|is)$|s$/, (_, kept?: string) => kept ?? '');
