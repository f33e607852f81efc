/** Reads what a project's texts say of the objects of its database: code, SQL, shell scripts, schedules. On first need. */
import { posix } from 'node:path';
import { ConfigurationError } from '../engine/configuration';
import type { FileId } from '../engine/place';
import { type DatabaseUse, databaseUseOf, type TextUse, useIn } from '../facts/databaseUse';
import type { ConfigurationFiles } from './configurationFiles';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { pathKindOf } from './pathKind';
import { selectFiles } from './selection';
import type { SourceText } from './sources';
import { UsageError } from './usageError';

const TEXTS =
  /\.(?:[cm]?[jt]sx?|py|go|rb|rake|php|java|kt|scala|cs|rs|exs?|clj|pl|lua|sql|psql|sh|bash|zsh|ya?ml|toml|cron|tf|tpl|conf)$|(?:^|\/)(?:crontab|Makefile|Justfile|Rakefile|Procfile|Dockerfile)$/i;
/** pgTAP's own places. */
const SQL_TESTS = /(?:^|\/)(?:t|pgtap|tap)\/[^/]+\.(?:sql|pg)$/i;

export interface DatabaseUses {
  known(): Promise<DatabaseUse>;
  changed(file: FileId): void;
}

export function databaseUsesOf({
  root,
  files,
  configurations,
  textOf,
}: {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  readonly configurations: ConfigurationFiles;
  textOf(file: FileId): Promise<SourceText>;
}): DatabaseUses {
  const read = new Map<FileId, TextUse>();
  let current: Promise<DatabaseUse> | undefined;
  let paths: Promise<readonly FileId[]> | undefined;

  async function select(): Promise<readonly FileId[]> {
    try {
      const selected = await selectFiles([root], { files, configurations, isReviewable: path => TEXTS.test(path) });
      return selected.files.map(({ path }) => posix.relative(root, path));
    } catch (error) {
      // whoever reviews a file to which it applies is told
      if (error instanceof ConfigurationError || error instanceof UsageError) return [];
      throw error;
    }
  }

  async function find(): Promise<DatabaseUse> {
    paths ??= select();
    for (const file of await paths) {
      if (read.has(file)) continue;
      const source = await textOf(file);
      const text = 'text' in source ? source.text : '';
      read.set(file, useIn(text, pathKindOf(file) === 'test' || SQL_TESTS.test(file)));
    }
    return databaseUseOf(read.values());
  }

  return {
    known() {
      current ??= find();
      return current;
    },
    changed(file) {
      if (!TEXTS.test(file)) return;
      if (!read.delete(file)) paths = undefined;
      current = undefined;
    },
  };
}
