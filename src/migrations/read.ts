/** The one door to the migrations of every tool: from a file's text, or its lowered program, to a fact. */
import { builders } from './builders';
import { migrationInCode } from './codeFiles';
import { mayBeDjangos } from './formats/django';
import { isMadeByCall, isPhpMigration } from './history';
import type { MigrationFact } from './migration';
import type { MigrationSource } from './source';
import { hasSections, isHalfOfPair, migrationInSql } from './sqlFiles';

/**
 * Reads a file as a migration, or as the half of one that stands in two files: what `companionOf` names is then given
 * as `companion`, where there is such a file.
 * @returns undefined when it is none, or when it is made in a way that cannot be followed; never throws for what it holds
 */
export const readMigration = (source: MigrationSource): MigrationFact | undefined =>
  isSql(source.file) ? migrationInSql(source) : migrationInCode(source);

/**
 * A cheap look at a file that says whether `readMigration` could give a migration that changes the schema. It may say yes
 * too often, and never says no to one.
 */
export const mayBeMigration = (file: string, text: string): boolean =>
  isSql(file)
    ? isHalfOfPair(file) || hasSections(text)
    : (/\bup\b/.test(text) && CHANGES.test(text)) ||
      isMadeByCall(file, text) ||
      isRevision(file, text) ||
      (file.endsWith('.py') && mayBeDjangos(text));

/** Alembic's, and Laravel's. */
const isRevision = (file: string, text: string): boolean =>
  (file.endsWith('.php') && isPhpMigration(text)) ||
  (file.endsWith('.py') && /^down_revision\b/m.test(text) && /^def upgrade\b/m.test(text));

const isSql = (file: string): boolean => file.toLowerCase().endsWith('.sql');

/** Any call by which a builder changes the schema or sends SQL. */
const CHANGES = new RegExp(
  `\\b(?:${[...new Set(builders.flatMap(({ calls }) => Object.entries(calls)))]
    .filter(([, { does }]) => does !== 'nothing' && does !== 'data' && does !== 'soft')
    .map(([name]) => name)
    .join('|')})(?:\\.bind)?\\s*\\(`,
);
