/**
 * Held against a real PostgreSQL, for random schemas and migrations: the catalog refuses what the server refuses; what
 * it folds to is what the server has; and the way back leads back. A failure prints its seed. The cases are the same in
 * every run; `CATALOG_SEED=633339283 CATALOG_CASES=300 npx vitest run test/catalog/property.test.ts` has others.
 */
import { Client } from 'pg';
import { expect, test } from 'vitest';
import { type Catalog, emptyCatalog } from '../../src/catalog/catalog';
import { fold } from '../../src/catalog/fold';
import { readPostgres } from '../../src/catalog/readPostgres';
import { wayBack } from '../../src/catalog/wayBack';
import { compareSnapshots, describe as describeDifference } from '../../src/lab/differences';
import { type Snapshot, takeSnapshot } from '../../src/lab/snapshot';
import { loadPostgresTrees } from '../../src/sql/postgresTree';
import { usesPostgres } from '../support/postgres';
import { Random, restartNames } from './random';
import { randomStatement } from './randomMigrations';

const server = usesPostgres();

/** What is written over a column keeps the casts to the type that it had first. */
const withoutCasts = (text: string | undefined) =>
  text
    ?.replace(/::(text|character varying|bpchar|character|numeric)(\(\d+\))?(\[\])?/g, '')
    .replace(/(?<!\w)\(('[^']*'|\w+)\)/g, '$1')
    .replace(/\(\(([^()]*)\)\)/g, '($1)');

/** What decides nothing, and is given back all the same. */
const SOFT = [
  'comment',
  'clustering',
  'storage',
  'compression',
  'statistics target',
  'statistics options',
  'privileges',
  'tablespace',
];

/** How many times longer than usual schemas and migrations are. */
const SIZE = Number(process.env.CATALOG_SIZE ?? 1);
const CASES = Number(process.env.CATALOG_CASES ?? 200);

test(`${CASES} random migrations are folded as the server does, and lead back`, { timeout: 900_000 }, async () => {
  const trees = await loadPostgresTrees();
  const client = new Client(server().connection);
  await client.connect();
  server().beforeStop(() => client.end());
  await client.query('SET client_min_messages = error');
  // as heap itself, under another name
  await client.query('CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler');
  // a folder beside that of the others
  await client.query('SET allow_in_place_tablespaces = on');
  await client.query("CREATE TABLESPACE fast LOCATION ''");
  const snapshot = (): Promise<Snapshot> => takeSnapshot(async sql => (await client.query(sql)).rows);
  const fail = (catalog: Catalog, sql: string) =>
    fold(
      catalog,
      readPostgres(trees, sql).flatMap(one => one.operations),
      { postgresVersion: 18 },
    );

  /** Runs a statement on both; the server's reason where it refuses. */
  async function step(catalog: Catalog, sql: string, said: string[]): Promise<Catalog> {
    const folded = fail(catalog, sql);
    await client.query('SAVEPOINT step');
    const refused = await client.query(sql).then(
      () => undefined,
      (error: Error) => error.message,
    );
    if (refused !== undefined) await client.query('ROLLBACK TO step');
    else await client.query('RELEASE step');
    const failure = folded.failures[0]?.says;
    if (
      (refused === undefined) !== (failure === undefined) &&
      !/cannot be cast automatically|pending trigger|operator does not exist|cannot create not-null constraint|has not been populated|but expression is of type|unsafe use of new value|has no handler|function lower\(/.test(
        refused ?? '',
      )
    )
      said.push(`${sql}\n  server: ${refused ?? 'takes it'}\n  catalog: ${failure ?? 'takes it'}`);
    return refused === undefined ? folded.catalog : catalog;
  }

  const differences = (was: Snapshot, is: Snapshot) =>
    compareSnapshots(was, is)
      .filter(one => !one.soft || SOFT.includes(one.aspect ?? ''))

      // in a statistics object columns stand in their physical order
      .filter(one => one.kind !== 'statistics' || one.change !== 'changed')
      .filter(
        one =>
          withoutCasts(one.before) !== withoutCasts(one.after) ||
          (one.aspect !== 'default' && one.aspect !== 'definition'),
      )
      .map(describeDifference);

  async function runs(statements: readonly string[]): Promise<string | undefined> {
    for (const sql of statements) {
      const refused = await client.query(sql).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (refused !== undefined) return `${sql}\n  server: ${refused}`;
    }
    return undefined;
  }

  const first = Number(process.env.CATALOG_SEED ?? 1);
  const wrong: string[] = [];
  // a machine that is busy with other things runs fewer
  const end = Date.now() + Number(process.env.CATALOG_SECONDS ?? 50) * 1000;
  for (
    let seed = first;
    seed < first + CASES && Date.now() < end && wrong.length < Number(process.env.CATALOG_FAILURES ?? 1);
    seed += 1
  ) {
    const random = new Random(seed);
    restartNames();
    const said: string[] = [];
    const up: string[] = [];
    await client.query('BEGIN');
    let before = emptyCatalog({ complete: true });
    const schema: string[] = [];
    for (let at = 0; at < 12 * SIZE; at += 1) {
      const sql = randomStatement(random, before);
      schema.push(sql);
      before = await step(before, sql, said);
    }
    const was = await snapshot();
    let after = before;
    for (let at = 0; at < 1 + random.below(6 * SIZE); at += 1) {
      const sql = randomStatement(random, after);
      up.push(sql);
      after = await step(after, sql, said);
    }
    const reached = await snapshot();
    const back = wayBack(after, before);
    const refused = said.length === 0 ? await runs(back.statements) : undefined;
    const left = refused || said.length > 0 ? [] : differences(was, await snapshot());
    // where it says that there is none, there is none
    if (back.obstacles.length > 0) {
      if (!refused && left.length === 0 && said.length === 0) said.push(`it leads back in spite of ${back.obstacles}`);
    } else if (refused) said.push(`the way back is refused: ${refused}`);
    else said.push(...left.map(one => `after the way back ${one}`));
    await client.query('ROLLBACK');
    if (said.length === 0) {
      await client.query('BEGIN');
      const printed = wayBack(emptyCatalog({ complete: true }), after).statements;
      const unprinted = await runs(printed);
      if (unprinted) said.push(`printed: ${unprinted}`);
      else said.push(...differences(reached, await snapshot()).map(one => `printed anew ${one}`));
      await client.query('ROLLBACK');
    }
    if (said.length > 0)
      wrong.push(
        `seed ${seed}\n${said.join('\n')}\nschema:\n  ${schema.join(';\n  ')}\nup:\n  ${up.join(';\n  ')}\nback:\n  ${back.statements.join('\n  ')}`,
      );
  }
  expect(wrong.join('\n\n')).toBe('');
});
