/** An embedded PostgreSQL for the tests of a file, with a schema of its own for each. */
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll } from 'vitest';
import type { Ask } from '../../src/lab/snapshot';

export interface Database {
  readonly ask: Ask;
  readonly run: (sql: string) => Promise<void>;
}

/** Starts one before the tests of the calling file; each test works in a transaction that is undone. */
export function usesPglite(): <Result>(work: (database: Database) => Promise<Result>) => Promise<Result> {
  let server: PGlite | undefined;
  beforeAll(async () => {
    server = await PGlite.create();
  });
  afterAll(async () => {
    await server?.close();
  });
  return async work => {
    const database = server;
    if (!database) throw new Error('PGlite is there only while tests run: ask for it inside a test.');
    const ask: Ask = async sql => (await database.query(sql)).rows;
    const run = async (sql: string) => {
      await database.exec(sql);
    };
    await run('BEGIN');
    try {
      return await work({ ask, run });
    } finally {
      await run('ROLLBACK');
    }
  };
}
