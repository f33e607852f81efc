/**
 * New migrations of Drizzle's, as `drizzle-kit generate --custom` makes them: the file, its line in the journal, and a snapshot
 * that says what the one before it says, so that the next one is made from there.
 *
 * Sources: orm.drizzle.team/docs/kit-custom-migrations, orm.drizzle.team/docs/drizzle-kit-check; the migrator runs what is
 * younger than the last that it has run, all of it in one transaction.
 */
import { hash64 } from '../../engine/fingerprint';
import type { FileId } from '../../engine/place';
import { baseName, folderOf } from '../contribution';
import type { HistoryStep } from '../history';
import type { NewFile, WriteNew } from './newMigration';

const metaOf = ({ file }: HistoryStep): string => `${folderOf(file) === '' ? '' : `${folderOf(file)}/`}meta/`;
const journalOf = (newest: HistoryStep): FileId => `${metaOf(newest)}_journal.json`;
const snapshotOf = (newest: HistoryStep, tag: string): FileId =>
  `${metaOf(newest)}${/^\d+/.exec(tag)?.[0] ?? tag}_snapshot.json`;
const tagOf = ({ file }: HistoryStep): string => baseName(file).replace(/\.sql$/, '');

export const drizzleLists = (newest: HistoryStep): readonly FileId[] => [
  journalOf(newest),
  snapshotOf(newest, tagOf(newest)),
];

export const newInDrizzle: WriteNew = ({ newest, lists, now }, naming, { comments, up, alone }, before) => {
  const journal = lists.get(journalOf(newest));
  // nothing runs outside of its transaction
  if (alone || journal === undefined) return undefined;
  const entered = withEntry(journal, before?.name ?? tagOf(newest), naming.name, now.getTime());
  if (entered === undefined) return undefined;
  const folder = folderOf(newest.file);
  const said = comments.map(comment => `-- ${comment}\n`).join('');
  const known = lists.get(snapshotOf(newest, before?.name ?? tagOf(newest)));
  const snapshot = known === undefined ? undefined : snapshotBehind(known, naming.name);
  // a chain of snapshots that breaks is refused
  if (known !== undefined && snapshot === undefined) return undefined;
  const files: NewFile[] = [
    {
      file: `${folder === '' ? '' : `${folder}/`}${naming.name}.sql`,
      text: `${said}${up.join('\n--> statement-breakpoint\n')}\n`,
    },
    { file: journalOf(newest), text: entered },
  ];
  return snapshot === undefined ? files : [...files, { file: snapshotOf(newest, naming.name), text: snapshot }];
};

/** The journal with one entry more, younger than those before it; nothing where it ends with another one. */
function withEntry(journal: string, last: string, tag: string, now: number): string | undefined {
  const read = parsed(journal);
  const entries = isRecord(read) && Array.isArray(read.entries) ? read.entries : [];
  const before: unknown = entries.at(-1);
  if (!isRecord(read) || !isRecord(before) || before.tag !== last) return undefined;
  const { idx, when, version, breakpoints } = before;
  if (typeof idx !== 'number' || typeof when !== 'number' || typeof version !== 'string') return undefined;
  const entry = { idx: idx + 1, version, when: Math.max(now, when + 1), tag, breakpoints: breakpoints ?? true };
  return written({ ...read, entries: [...entries, entry] }, journal);
}

function snapshotBehind(snapshot: string, tag: string): string | undefined {
  const read = parsed(snapshot);
  if (!isRecord(read) || typeof read.id !== 'string' || typeof read.prevId !== 'string') return undefined;
  return written({ ...read, id: idOf(`${read.id} ${tag}`), prevId: read.id }, snapshot);
}

/** In the form of a UUID, the same for the same migration. */
function idOf(text: string): string {
  const digits = `${hash64(text)}${hash64(`${text} `)}`.padEnd(32, '0');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-8$4-$5');
}

/** As the tool writes it, with the end that the file had. */
const written = (value: unknown, before: string): string =>
  `${JSON.stringify(value, null, /^\t/m.test(before) ? '\t' : 2)}${before.endsWith('\n') ? '\n' : ''}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // a list in the middle of an edit is none to be added to
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
