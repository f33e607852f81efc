/** The versions and names of new migrations: as the newest one's, behind all that are there. */
import type { MigrationTool } from '../../engine/migrationTools';
import { baseName, folderOf } from '../contribution';
import type { HistoryStep } from '../history';
import { numberOf } from '../order';
import type { HistoryEnd, Naming } from './newMigration';

/** A kind of version: its form, and the one that comes next. */
interface Style {
  /** What stands before the version, the version, what parts it from the words, and these. */
  readonly form: RegExp;
  next(newest: string, now: Date): string | undefined;
}

const digitsOf = (date: Date, digits: number): string =>
  date.toISOString().replace(/\D/g, '').slice(0, digits).padEnd(digits, '0');

/** The time that the digits of a version say. */
function timeOf(version: string): number {
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '00'] =
    /^(\d{4})\D?(\d\d)\D?(\d\d)\D?(\d\d)(\d\d)(\d\d)?/.exec(version) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** Now, or a step behind the newest where that is later: a clock that is behind orders nothing anew. */
const afterTime =
  (step: number, write: (date: Date) => string): Style['next'] =>
  (newest, now) => {
    const before = timeOf(newest);
    return Number.isNaN(before) ? undefined : write(new Date(Math.max(now.getTime(), before + step)));
  };

const afterNumber =
  (unit: number): Style['next'] =>
  (newest, now) =>
    String(Math.max(Math.floor(now.getTime() / unit), Number(newest) + 1));

const SECOND = 1000;

const STYLES: readonly Style[] = [
  {
    form: /^()(\d{4}_\d{2}_\d{2}_\d{6})(_)(.+)$/,
    next: afterTime(SECOND, date => digitsOf(date, 14).replace(/^(\d{4})(\d\d)(\d\d)/, '$1_$2_$3_')),
  },
  {
    form: /^()(\d{4}-\d{2}-\d{2}-\d{6}(?:-\d{4})?)(_)(.+)$/,
    next: (newest, now) =>
      afterTime(SECOND, date => digitsOf(date, 14).replace(/^(\d{4})(\d\d)(\d\d)/, '$1-$2-$3-'))(newest, now)?.concat(
        /-\d{6}-\d{4}$/.test(newest) ? '-0000' : '',
      ),
  },
  { form: /^([Vv]?|Migration)((?:19|20)\d{12})(__|[_.-]|$)(.*)$/, next: afterTime(SECOND, date => digitsOf(date, 14)) },
  { form: /^([Vv]?)(1\d{12})(__|[_.-])(.+)$/, next: afterNumber(1) },
  { form: /^([Vv]?)((?:19|20)\d{10})(__|[_.-])(.+)$/, next: afterTime(60 * SECOND, date => digitsOf(date, 12)) },
  { form: /^([Vv]?)(1\d{9})(__|[_.-])(.+)$/, next: afterNumber(SECOND) },
  {
    form: /^(V)(\d{1,3}(?:[._]\d{1,3})+)(__)(.+)$/,
    next: newest => newest.replace(/\d+$/, last => String(Number(last) + 1).padStart(last.length, '0')),
  },
  {
    form: /^([Vv]?)(\d{1,6})(__|[_.-])(.+)$/,
    next: newest => String(Number(newest) + 1).padStart(newest.length, '0'),
  },
];

/** Tools that read a number where others compare names. */
const BY_NUMBER: ReadonlySet<MigrationTool> = new Set(['sql-pairs', 'goose', 'node-pg-migrate', 'flyway', 'typeorm']);

/** Tools whose order stands in the files, whatever they are called. */
const BY_REVISION: ReadonlySet<MigrationTool> = new Set(['alembic', 'django']);

/** Tools whose order stands in a list, or in the one file, under names that say what they do. */
const BY_LIST: ReadonlySet<MigrationTool> = new Set(['sqitch', 'liquibase']);

/** Names for migrations that do these things, in this order; undefined where the next version is not certain. */
export function nextNames(
  { history: { tool, steps }, newest, now }: Pick<HistoryEnd, 'history' | 'newest' | 'now'>,
  does: readonly string[],
): readonly Naming[] | undefined {
  const names = steps.filter(({ repeatable }) => !repeatable).map(step => nameOf(tool, step));
  const last = nameOf(tool, newest);
  const style = STYLES.find(({ form }) => form.test(last));
  const [, prefix = '', version = '', separator = ''] = style?.form.exec(last) ?? [];
  if (BY_LIST.has(tool)) {
    const joined = caseOf(names, '_');
    const namings = does.map(each => ({
      ...unnumbered(each),
      name: joined(wordsOf(each)),
      slug: joined(wordsOf(each)),
    }));
    return namings.some(({ name }) => names.includes(name)) ? undefined : namings;
  }
  if (!style) return tool === 'alembic' ? does.map(unnumbered) : undefined;
  const writtenAs = caseOf(
    names.flatMap(name => style.form.exec(name)?.[4] ?? []),
    separator,
  );
  const namings: Naming[] = [];
  let before = version;
  for (const each of does) {
    const next = style.next(before, now);
    if (next === undefined) return undefined;
    const words = wordsOf(each);
    const slug = writtenAs(words);
    const name = `${prefix}${next}${separator}${separator === '' ? '' : slug}`;
    if (!BY_REVISION.has(tool) && !names.every(other => isBehind(tool, name, other))) return undefined;
    namings.push({ name, version: next, slug, words });
    before = next;
  }
  return namings;
}

/** Alembic's own way: a revision that means nothing, and what it does. */
function unnumbered(does: string): Naming {
  const words = wordsOf(does);
  return { name: words.join('_'), version: '', slug: words.join('_'), words };
}

/** The file's name without an ending, or the folder's. */
export function nameOf(tool: MigrationTool, { file, name }: HistoryStep): string {
  if (tool === 'sqitch') return name;
  if (tool === 'liquibase') return name.replace(/^[^:]*:/, '');
  if (tool === 'diesel' || tool === 'prisma') return baseName(folderOf(file));
  return baseName(file).replace(/(?:\.up)?\.\w+$/i, '');
}

function isBehind(tool: MigrationTool, name: string, other: string): boolean {
  const [own, its] = [numberOf(name), numberOf(other)];
  if (BY_NUMBER.has(tool) && own !== undefined && its !== undefined && own !== its) return own > its;
  // `1.10` is behind `1.9`, and of `0007` and `0008` the text tells
  return tool === 'flyway' ? own === its : name > other;
}

const wordsOf = (does: string): readonly string[] =>
  does
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '');

/** How the words of names are joined, as in the newest that shows it. */
function caseOf(written: readonly string[], separator: string): (words: readonly string[]) => string {
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  for (const each of [...written].reverse()) {
    if (/[a-z0-9]_[a-z0-9]/i.test(each)) return words => words.join('_');
    if (/[a-z0-9]-[a-z0-9]/i.test(each)) return words => words.join('-');
    if (/^[a-z]+[A-Z]/.test(each)) return words => words.map((word, at) => (at === 0 ? word : capital(word))).join('');
    if (/^[A-Z][a-z]+(?:[A-Z0-9]|$)/.test(each)) return words => words.map(capital).join('');
  }
  return words => words.join(separator === '-' ? '-' : '_');
}
