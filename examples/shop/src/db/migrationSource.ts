import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Knex } from 'knex';

/** Knex refuses a migration that has no down; ours are allowed to have none. */
const noDown = async (): Promise<void> => undefined;

export class FolderMigrationSource implements Knex.MigrationSource<string> {
  constructor(private readonly folder: string) {}

  async getMigrations(): Promise<string[]> {
    const files = await readdir(this.folder);
    return files.filter(file => file.endsWith('.ts')).sort();
  }

  getMigrationName(file: string): string {
    return file;
  }

  async getMigration(file: string): Promise<Knex.Migration> {
    const migration = await import(pathToFileURL(resolve(this.folder, file)).href);
    return { down: noDown, ...migration };
  }
}
