/**
 * Tools that keep a list of their migrations, and Prisma, which keeps folders.
 *
 * Sources: sqitch.org/docs/manual/sqitchplan, orm.drizzle.team/docs/drizzle-kit-generate (`meta/_journal.json`),
 * prisma.io/docs/orm/prisma-migrate.
 */
import { dialectOf } from '../../sql/dialect';
import { baseName, type Contribution, type Format, folderOf } from '../contribution';
import { asOneQuery, wholeFile } from '../sqlScript';

/** A change of a plan, pragmas, tags and comments aside: `orders [users] 2024-01-01T00:00:00Z Jo <jo@shop> # note`. */
const CHANGE = /^(?![%#@-])\+?\s*([^\s@[:]+)(?:\s|$)/;
const TAG = /^@(\S+)/;

export const sqitch: Format = ({ file, text }, projects) => {
  if (baseName(file) === 'sqitch.plan')
    return [{ kind: 'order', tool: 'sqitch', folder: folderOf(file), keys: planOf(text) }];
  const [, folder, word, name] = /^((?:.*\/)?)(deploy|revert)\/(.+)\.sql$/.exec(file) ?? [];
  if (folder === undefined || word === undefined || name === undefined) return [];
  const direction = wholeFile(file, text, projects);
  return [
    {
      kind: 'migration',
      tool: 'sqitch',
      folder: folder.replace(/\/$/, ''),
      key: name,
      name,
      dialect: dialectOf(text, projects),
      listed: true,
      ...(word === 'deploy' ? { up: direction } : { down: direction }),
    },
  ];
};

/** A change that was reworked stands under its name and the tag that closed it: `orders@v1`. */
function planOf(text: string): readonly { readonly key: string; readonly name: string }[] {
  const changes: { key: string; name: string }[] = [];
  let tags: { readonly tag: string; readonly after: number }[] = [];
  for (const line of text.split('\n').map(each => each.trim())) {
    const tag = TAG.exec(line)?.[1];
    if (tag !== undefined) tags = [...tags, { tag, after: changes.length }];
    const name = CHANGE.exec(line)?.[1];
    if (name === undefined) continue;
    const before = changes.findIndex(change => change.key === name);
    const former = changes[before];
    const closed = tags.filter(({ after }) => after > before).at(-1);
    if (former && closed) former.key = `${name}@${closed.tag}`;
    changes.push({ key: name, name });
  }
  return changes;
}

export const drizzle: Format = ({ file, text }, projects) => {
  const name = baseName(file);
  if (name === '_journal.json' && file.endsWith('meta/_journal.json')) {
    const folder = folderOf(folderOf(file));
    const keys = journalOf(text).map(tag => ({ key: tag, name: tag }));
    return keys.length > 0 ? [{ kind: 'order', tool: 'drizzle', folder, keys }] : [];
  }
  const [, tag] = /^(\d+_.+)\.sql$/.exec(name) ?? [];
  if (tag === undefined) return [];
  return [
    {
      kind: 'migration',
      tool: 'drizzle',
      folder: folderOf(file),
      key: tag,
      name: tag,
      dialect: dialectOf(text, projects),
      listed: true,
      up: wholeFile(file, text, projects, script => ({ ...script, inTransaction: true })),
    },
  ];
};

/** The tags of a journal; none where it is not one. */
function journalOf(text: string): readonly string[] {
  let journal: unknown;
  try {
    journal = JSON.parse(text);
  } catch {
    // a journal in the middle of an edit lists nothing
    return [];
  }
  const entries = isRecord(journal) && Array.isArray(journal.entries) ? journal.entries : [];
  return entries.flatMap(entry => (isRecord(entry) && typeof entry.tag === 'string' ? [entry.tag] : []));
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

export const prisma: Format = ({ file, text }, projects) => {
  const [, folder, name] = /^((?:.*\/)?)(\d{4,}_[^/]+)\/migration\.sql$/.exec(file) ?? [];
  if (folder === undefined || name === undefined) return [];
  const contribution: Contribution = {
    kind: 'migration',
    tool: 'prisma',
    folder: folder.replace(/\/$/, ''),
    key: name,
    name,
    dialect: dialectOf(text, projects),
    up: wholeFile(file, text, projects, asOneQuery),
  };
  return [contribution];
};
