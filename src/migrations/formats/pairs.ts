/**
 * Up and down in files of their own.
 *
 * Sources: github.com/golang-migrate/migrate/blob/master/MIGRATIONS.md (a file is sent as one query),
 * diesel.rs/guides/getting-started (`metadata.toml` beside it), db-migrate.readthedocs.io (SQL files, sent in a transaction).
 */
import type { FileId } from '../../engine/place';
import { dialectOf } from '../../sql/dialect';
import { baseName, type Contribution, type Format, folderOf } from '../contribution';
import { type Half, halfOf } from '../sqlFiles';
import { asOneQuery, wholeFile } from '../sqlScript';

export const pairs: Format = ({ file, text }, projects, named) => {
  if (baseName(file) === 'metadata.toml')
    return /^\s*run_in_transaction\s*=\s*false/m.test(text)
      ? [{ kind: 'outside-transaction', tool: 'diesel', folder: folderOf(folderOf(file)), key: folderOf(file) }]
      : [];
  const half = halfOf(file, named) ?? (named === 'sql-pairs' ? aloneIn(file) : undefined);
  if (!half) return [];
  const { tool, direction, name } = half;
  // beside the code that sends it, where db-migrate keeps it
  const folder = tool === 'diesel' || tool === 'db-migrate' ? folderOf(folderOf(file)) : folderOf(file);
  const key = tool === 'diesel' ? folderOf(file) : `${folder}/${name}`;
  const read = wholeFile(file, text, projects, script =>
    tool === 'diesel' || tool === 'db-migrate' ? { ...script, inTransaction: true } : asOneQuery(script),
  );
  const contribution: Contribution = {
    kind: 'migration',
    tool,
    folder,
    key,
    name,
    dialect: dialectOf(text, projects),
    [direction]: read,
  };
  return [contribution];
};

/** A file of a folder that is said to hold pairs, and whose name does not say which half it is: an up. */
function aloneIn(file: FileId): Pick<Half, 'tool' | 'direction' | 'name'> | undefined {
  const [, name] = /^(.+)\.sql$/i.exec(baseName(file)) ?? [];
  return name === undefined ? undefined : { tool: 'sql-pairs', direction: 'up', name };
}
