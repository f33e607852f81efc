/**
 * New migrations in SQL: pairs of files, sections of one, folders.
 *
 * Sources, for what runs outside of a transaction: github.com/amacneil/dbmate (`transaction:false`),
 * pressly.github.io/goose/documentation/annotations (`NO TRANSACTION`), diesel's `metadata.toml`,
 * documentation.red-gate.com/flyway (`executeInTransaction` in a script's configuration; `postgresql.transactional.lock`).
 */
import { folderOf } from '../contribution';
import { halfOf } from '../sqlFiles';
import { forGoose } from '../writtenDown';
import type { NewFile, NewMigration, WriteNew } from './newMigration';

const lined = (statements: readonly string[]): string => statements.map(each => `${each}\n`).join('');

/** A way back is expected, and rows that were filled in stay. */
const NOTHING_BACK = '-- Nothing to take back.\n';

const noted = (comments: readonly string[]): string => lined(comments.map(comment => `-- ${comment}`));

export const newInSql: WriteNew = ({ history, newest, text }, { name }, migration) => {
  const { comments, up, down, alone } = migration;
  const folder = folderOf(newest.file);
  const within = (file: string): string => (folder === '' ? file : `${folder}/${file}`);
  const parent = folderOf(folder);
  const beside = (file: string): string => (parent === '' ? file : `${parent}/${file}`);
  const upText = `${noted(comments)}${lined(up)}`;
  const downText = down.length > 0 ? lined(down) : NOTHING_BACK;
  switch (history.tool) {
    case 'sql-pairs': {
      const half = halfOf(newest.file);
      const [, ending] = /(\.up\.sql)$/i.exec(newest.file) ?? [];
      if (half?.tool !== 'sql-pairs' || ending === undefined) return undefined;
      const other = ending === ending.toUpperCase() ? '.DOWN.SQL' : '.down.sql';
      return [
        { file: within(`${name}${ending}`), text: upText },
        { file: within(`${name}${other}`), text: downText },
      ];
    }
    case 'diesel':
      return [
        { file: beside(`${name}/up.sql`), text: upText },
        { file: beside(`${name}/down.sql`), text: downText },
        ...(alone ? [{ file: beside(`${name}/metadata.toml`), text: 'run_in_transaction = false\n' }] : []),
      ];
    case 'prisma':
      return [{ file: beside(`${name}/migration.sql`), text: upText }];
    case 'flyway':
      return inFlyway(migration, within(name), history.withoutDowns === undefined);
    case 'dbmate': {
      const word = alone ? ' transaction:false' : '';
      return [
        { file: within(`${name}.sql`), text: `-- migrate:up${word}\n${upText}\n-- migrate:down${word}\n${downText}` },
      ];
    }
    case 'goose': {
      const head = alone ? '-- +goose NO TRANSACTION\n' : '';
      const upward = forGoose({ comments, statements: up });
      const back = down.length > 0 ? forGoose({ comments: [], statements: down }) : NOTHING_BACK;
      return [{ file: within(`${name}.sql`), text: `${head}-- +goose Up\n${upward}\n-- +goose Down\n${back}` }];
    }
    default: {
      // node-pg-migrate, which has no word in SQL for a file outside of a transaction
      if (alone || !/^-- Up Migration/m.test(text)) return undefined;
      return [{ file: within(`${name}.sql`), text: `-- Up Migration\n${upText}\n-- Down Migration\n${downText}` }];
    }
  }
};

/** It sees by itself that an index is built CONCURRENTLY, and waits for its own lock there. */
function inFlyway({ comments, up, down, alone }: NewMigration, path: string, hasDowns: boolean): readonly NewFile[] {
  const isSeen = /\bCONCURRENTLY\b/.test(up.join('\n'));
  const lock =
    alone && isSeen ? ['Flyway waits for itself here unless flyway.postgresql.transactional.lock is false.'] : [];
  const conf = (file: string): readonly NewFile[] =>
    alone && !isSeen ? [{ file: `${file}.conf`, text: 'executeInTransaction=false\n' }] : [];
  const undo = path.replace(/V([^/]*)$/, 'U$1');
  return [
    { file: `${path}.sql`, text: `${noted([...comments, ...lock])}${lined(up)}` },
    ...conf(`${path}.sql`),
    ...(hasDowns ? [{ file: `${undo}.sql`, text: down.length > 0 ? lined(down) : NOTHING_BACK }] : []),
  ];
}
