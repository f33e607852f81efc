/** New migrations behind the newest one of a history, as files in the tool's and the project's own form. */
import type { MigrationTool } from '../../engine/migrationTools';
import type { FileId } from '../../engine/place';
import type { HistoryStep, MigrationHistory } from '../history';
import { drizzleLists, newInDrizzle } from './drizzle';
import { newInJavaScript } from './javascript';
import { newInLaravel } from './laravel';
import { newInLiquibase } from './liquibase';
import type { HistoryEnd, NewFile, NewMigration, WriteNew } from './newMigration';
import { newInAlembic, newInDjango } from './python';
import { newInSqitch, sqitchLists } from './sqitch';
import { newInSql } from './sql';
import { nextNames } from './versions';

/** The files beside the newest migration's that are read for those of a new one; not all of them need be there. */
export const listsOf = ({ tool }: MigrationHistory, newest: HistoryStep): readonly FileId[] =>
  LISTS[tool]?.(newest) ?? [];

const LISTS: Readonly<Partial<Record<MigrationTool, (newest: HistoryStep) => readonly FileId[]>>> = {
  drizzle: drizzleLists,
  sqitch: sqitchLists,
  liquibase: ({ file }) => [file],
};

/** Files of the migrations, in order; undefined where the tool, or the project's way with it, does not say what they are. */
export function newFiles(end: HistoryEnd, migrations: readonly NewMigration[]): readonly NewFile[] | undefined {
  const { tool } = end.history;
  const write = WRITERS[tool];
  const isPossible = migrations.every(({ alone, up, down }) => !alone || (up.length === 1 && down.length <= 1));
  if (!write || !isPossible) return undefined;
  const namings = nextNames(
    end,
    migrations.map(({ does }) => does),
  );
  if (!namings) return undefined;
  const files = new Map<FileId, string>();
  for (const [at, migration] of migrations.entries()) {
    const naming = namings[at];
    const lists = new Map([...end.lists, ...files]);
    const written = naming && write({ ...end, lists }, naming, asToolHasIt(tool, migration), namings[at - 1]);
    if (!written) return undefined;
    for (const { file, text } of written) files.set(file, text);
  }
  return [...files].map(([file, text]) => ({ file, text }));
}

const WRITERS: Readonly<Partial<Record<MigrationTool, WriteNew>>> = {
  'sql-pairs': newInSql,
  diesel: newInSql,
  dbmate: newInSql,
  goose: newInSql,
  flyway: newInSql,
  prisma: newInSql,
  'node-pg-migrate': (...given) => (given[0].newest.file.endsWith('.sql') ? newInSql : newInJavaScript)(...given),
  knex: newInJavaScript,
  sequelize: newInJavaScript,
  typeorm: newInJavaScript,
  'mikro-orm': newInJavaScript,
  'db-migrate': newInJavaScript,
  alembic: newInAlembic,
  django: newInDjango,
  laravel: newInLaravel,
  drizzle: newInDrizzle,
  sqitch: newInSqitch,
  liquibase: newInLiquibase,
};

/** What the tool must be set to, so that it runs a migration outside of a transaction. */
const SETTINGS: Readonly<Partial<Record<MigrationTool, string>>> = {
  typeorm: 'TypeORM runs it so where migrationsTransactionMode is "each" or "none".',
  'mikro-orm': 'MikroORM runs it so where migrations.allOrNothing is false.',
};

/** What those must be set to that run all that waits in one transaction. */
const APART: Readonly<Partial<Record<MigrationTool, string>>> = {
  typeorm: 'TypeORM runs it in a transaction of its own where migrationsTransactionMode is "each".',
  'mikro-orm': 'MikroORM runs it in a transaction of its own where migrations.allOrNothing is false.',
  alembic: 'Alembic runs it in a transaction of its own where transaction_per_migration is set in env.py.',
};

/** Tools that write migrations by comparing the models with the database: what no model declares they drop. */
const COMPARES: ReadonlySet<MigrationTool> = new Set(['typeorm', 'mikro-orm', 'alembic']);

/** Whether the schema of the tool's migrations is first of all that of a file of its own, which must say the same. */
export const isDeclarative = (tool: MigrationTool): boolean => tool === 'prisma' || tool === 'drizzle';

function asToolHasIt(tool: MigrationTool, migration: NewMigration): NewMigration {
  const { comments, up, down, alone, atOnce, isModelled, isApart } = migration;
  const setting = alone ? SETTINGS[tool] : isApart && APART[tool];
  const note =
    isModelled && COMPARES.has(tool) ? ['Declare it in the model too, or the next generated migration drops it.'] : [];
  const together = (statements: readonly string[]): readonly string[] => {
    if (!atOnce || statements.length < 2) return statements;
    const whole = ['BEGIN;', ...statements, 'COMMIT;'];
    // nothing else that Sequelize runs is in a transaction, and what runs pairs may send each statement by itself
    return tool === 'sequelize' ? [whole.join('\n')] : tool === 'sql-pairs' ? whole : statements;
  };
  return {
    ...migration,
    comments: [...comments, ...(setting ? [setting] : []), ...note],
    up: together(up),
    down: together(down),
  };
}
