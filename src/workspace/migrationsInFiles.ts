/** What a file holds of migrations, judged by the files around it as far as they are in reach. */
import { posix } from 'node:path';
import type { Configuration } from '../engine/configuration';
import type { FileId } from '../engine/place';
import type { MigrationFact } from '../migrations/migration';
import { readMigration } from '../migrations/read';
import { companionOf } from '../migrations/sqlFiles';
import { factOfStep, withReversal, withSchema } from '../migrations/stepFact';
import type { AbsolutePath } from './fileAccess';
import { historyTail } from './historyTail';
import { downAsOf, wayBackOf } from './migrationDown';
import type { PlainSchemas, PlainScript, PlainSubject } from './plainSchemas';
import { isAmong, type MigrationSubject, type SchemaHistory, type StepInHistory } from './schemaHistory';
import type { BesideStep } from './schemaScripts';
import type { SourceText } from './sources';

export interface MigrationsInFiles {
  /** The steps of a history that a file holds, where the files around it are in reach. */
  stepsOf(subject: MigrationSubject, reach: number): Promise<readonly StepInHistory[]>;
  /** A SQL file of no tool's among those of its folder, where they are in reach. */
  plainOf(subject: PlainSubject, reach: number): Promise<PlainScript | undefined>;
  /** The file's own steps, where those around it are out of reach: enough for what a migration does to a live server. */
  ownSteps(subject: MigrationSubject, steps: readonly StepInHistory[], reach: number): readonly StepInHistory[];
  /** The migrations that a file holds, judged by the history around them where that is in reach. */
  migrationsOf(
    subject: MigrationSubject,
    steps: readonly StepInHistory[],
    settings: Configuration['migrations'],
  ): Promise<readonly MigrationFact[]>;
  readonly beside: BesideStep;
}

export interface MigrationsInFilesOptions {
  readonly root: AbsolutePath;
  readonly history: SchemaHistory;
  readonly plainSchemas: PlainSchemas;
  sourceOf(file: FileId): Promise<SourceText>;
  /** The text of a file that may be written to; nothing where there is none yet. */
  textOf(file: FileId): Promise<string | undefined>;
  now(): Date;
}

export function migrationsInFilesOf(options: MigrationsInFilesOptions): MigrationsInFiles {
  const { root, history, plainSchemas, sourceOf, textOf, now } = options;
  return {
    stepsOf: async (subject, reach) => (reach === Number.POSITIVE_INFINITY ? history.stepsIn(subject) : []),
    plainOf: async (subject, reach) =>
      reach === Number.POSITIVE_INFINITY ? plainSchemas.scriptOf(subject) : undefined,
    ownSteps: (subject, steps, reach) => (reach === Number.POSITIVE_INFINITY ? steps : history.stepsAlone(subject)),
    async migrationsOf(subject, steps, settings) {
      const { file } = subject;
      if (!isAmong(settings, posix.join(root, file))) return [];
      const companion = companionOf(file);
      const other = companion === undefined ? undefined : await sourceOf(companion);
      const found = readMigration({ ...subject, companion: other && 'text' in other ? other.text : undefined });
      const read = settings.tool === undefined || found?.tool === settings.tool ? found : undefined;
      if (steps.length === 0) return read ? [read] : [];
      const facts: MigrationFact[] = [];
      for (const place of steps) {
        const fact = read ?? factOfStep(place.history, place.step, place.index, file);
        if (!fact) continue;
        facts.push({
          ...withReversal(withSchema(fact, place.schema), place.reversal),
          wayBack: await wayBackOf(place, textOf),
        });
      }
      return facts;
    },
    beside: {
      tailOf: of => historyTail(of, textOf, now),
      downAsOf: step => downAsOf(step, textOf),
    },
  };
}
