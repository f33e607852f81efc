import knex from 'knex';
import { config } from '../config';
import { FolderMigrationSource } from './migrationSource';

export const db = knex({
  client: 'pg',
  connection: config.databaseUrl,
  pool: { min: 0, max: config.poolSize },
  migrations: { migrationSource: new FolderMigrationSource('migrations') },
  seeds: { directory: 'seeds', loadExtensions: ['.ts'] },
});
