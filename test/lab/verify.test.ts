/** One history whose steps are wrong in every way that there is, run once; then what ends a run. */
import { spawn } from 'node:child_process';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LabScript } from '../../src/lab/database';
import { startLab } from '../../src/lab/lab';
import type { LabStep, Verdict } from '../../src/lab/verdict';
import { verifyHistory } from '../../src/lab/verify';
import { details, headline } from '../../src/lab/words';
import { usesLab } from './program';

const lab = usesLab();

interface Written {
  readonly up: readonly string[];
  readonly down?: readonly string[];
  /** Its tool runs it without a transaction. */
  readonly alone?: true;
  readonly untranslated?: string;
  readonly refused?: string;
  readonly leansOn?: LabScript['leansOn'];
  readonly verdict: string;
  /** Among what is said. */
  readonly says?: readonly (string | RegExp)[];
}

const stepOf = (name: string, { up, down, alone, untranslated, refused, leansOn }: Written): LabStep => {
  const script = (sqls: readonly string[]) => ({
    statements: sqls.map(sql => ({ sql })),
    untranslated: untranslated === undefined ? [] : [{ what: untranslated, dataOnly: false }],
    inTransaction: alone !== true,
    ...(leansOn ? { leansOn } : {}),
  });
  return { name, up: script(up), ...(down ? { down: script(down) } : {}), ...(refused ? { refused } : {}) };
};

const PROVEN = 'reversible: proven';
const NOT = 'not reversible';
const LOST = 'structure proven, data lost';
const ONLY_DATA = 'changes no structure';
const UNVERIFIED = 'not verified';

const STEPS: Readonly<Record<string, Written>> = {
  'an inverse': {
    up: [
      'CREATE TABLE orders (id bigserial PRIMARY KEY, code varchar(20), total numeric(12, 2) NOT NULL DEFAULT 0, n int CHECK (n > 0))',
      'CREATE INDEX orders_code ON orders (code)',
    ],
    down: ['DROP TABLE orders'],
    verdict: PROVEN,
    says: [/^Run twice, the up fails in statement 1, `CREATE TABLE orders .*`: relation "orders" already exists\./],
  },
  'a function is not put back': {
    up: [
      'CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$',
      'CREATE TRIGGER touched BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()',
    ],
    down: ['DROP TRIGGER touched ON orders'],
    verdict: NOT,
    says: ['After up and down, function touch() is left behind.'],
  },
  'a trigger comes back at another time': {
    up: ['DROP TRIGGER touched ON orders'],
    down: ['CREATE TRIGGER touched AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()'],
    verdict: NOT,
    says: [
      /^After up and down, definition of trigger touched on orders was CREATE TRIGGER touched BEFORE UPDATE .* is CREATE TRIGGER touched AFTER UPDATE/,
    ],
  },
  'a policy stays': {
    up: ['ALTER TABLE orders ENABLE ROW LEVEL SECURITY', 'CREATE POLICY own ON orders USING (id = 1)'],
    down: ['DROP POLICY own ON orders'],
    verdict: NOT,
    says: ['After up and down, table orders has the row security enabled, which it had not before.'],
  },
  'a constraint comes back weaker': {
    up: ['ALTER TABLE orders DROP CONSTRAINT orders_n_check'],
    down: ['ALTER TABLE orders ADD CONSTRAINT orders_n_check CHECK (n >= 0)'],
    verdict: NOT,
    says: [
      /^After up and down, definition of constraint orders_n_check on orders was CHECK \(\(n > 0\)\) and is CHECK \(\(n >= 0\)\)/,
    ],
  },
  'an index comes back without its predicate': {
    up: ['CREATE INDEX big ON orders (total) WHERE total > 100'],
    down: ['DROP INDEX big', 'CREATE INDEX big ON orders (total)'],
    verdict: NOT,
    says: ['After up and down, index big is left behind.'],
  },
  'a label stays': {
    up: ["CREATE TYPE status AS ENUM ('open')", "ALTER TYPE status ADD VALUE 'paid'"],
    down: ["SELECT 'labels cannot be dropped'"],
    alone: true,
    verdict: NOT,
    says: ['After up and down, type status is left behind.'],
  },
  nullability: {
    up: ['ALTER TABLE orders ALTER total DROP NOT NULL'],
    down: ['ALTER TABLE orders ALTER total SET DEFAULT 0'],
    verdict: NOT,
    says: [
      'After up and down, column orders.total was NOT NULL and is NULL afterwards.',
      'Run twice, the up leaves the schema as it is.',
    ],
  },
  'a type': {
    up: ['ALTER TABLE orders ALTER code TYPE text'],
    down: ['ALTER TABLE orders ALTER code TYPE varchar(10)'],
    verdict: NOT,
    says: [
      /^After up and down, type of column orders\.code was character varying\(20\) and is character varying\(10\)/,
    ],
  },
  'a default': {
    up: ['ALTER TABLE orders ALTER total SET DEFAULT 1'],
    down: ['ALTER TABLE orders ALTER total DROP DEFAULT'],
    verdict: NOT,
    says: ['After up and down, column orders.total has lost its default 0.'],
  },
  'a column is not restored': {
    up: ['ALTER TABLE orders DROP COLUMN n', 'CREATE TABLE extra (id int)'],
    down: ['ALTER TABLE orders ADD COLUMN m int'],
    verdict: NOT,
    says: ['After up and down, column orders.n is not restored.', 'After up and down, table extra is left behind.'],
  },
  'a view is defined otherwise': {
    up: ['CREATE VIEW large AS SELECT id FROM orders WHERE total > 100'],
    down: ['CREATE OR REPLACE VIEW large AS SELECT id FROM orders WHERE total > 10'],
    verdict: NOT,
    says: ['After up and down, view large is left behind.'],
  },
  'the down fails in its middle': {
    up: ['CREATE TABLE parts (id int)'],
    down: ['DROP TABLE parts', 'ALTER TABLE nowhere DROP COLUMN x', 'SELECT 1'],
    verdict: NOT,
    says: ['The down fails in statement 2, `ALTER TABLE nowhere DROP COLUMN x`: relation "nowhere" does not exist.'],
  },
  'the down of another migration': {
    up: ['CREATE TABLE invoices (id int)'],
    down: ['DROP TABLE orders'],
    verdict: NOT,
    says: [/^The down fails|table orders is not restored/],
  },
  'no down': {
    up: ['CREATE TABLE alone ()'],
    verdict: NOT,
    says: ['It has no down, and changes the structure: table alone created.'],
  },
  'an index by itself': {
    up: ['CREATE INDEX CONCURRENTLY orders_total ON orders (total)'],
    down: ['DROP INDEX CONCURRENTLY orders_total'],
    alone: true,
    verdict: PROVEN,
  },
  'an index by itself that stays': {
    up: ['CREATE INDEX CONCURRENTLY orders_id ON orders (id)'],
    down: ['DROP INDEX CONCURRENTLY orders_total'],
    alone: true,
    verdict: NOT,
    says: [
      'After up and down, index orders_id is left behind.',
      'After up and down, index orders_total is not restored.',
    ],
  },
  'values are lost': {
    up: ['DROP INDEX orders_total', 'ALTER TABLE orders DROP COLUMN total CASCADE', 'CREATE TABLE gone (id int)'],
    down: [
      'DROP TABLE gone',
      'ALTER TABLE orders ADD COLUMN total numeric(12, 2) DEFAULT 1',
      'CREATE INDEX orders_total ON orders (total)',
      'CREATE INDEX big ON orders (total) WHERE total > 100',
      'CREATE VIEW large AS SELECT id FROM orders WHERE total > 100',
    ],
    verdict: LOST,
    says: ['Lost on the way: values of orders.total.'],
  },
  'values are kept in a copy': {
    up: ['CREATE TABLE kept AS SELECT id, code FROM orders', 'ALTER TABLE orders DROP COLUMN code'],
    down: [
      'ALTER TABLE orders ADD COLUMN code text',
      'UPDATE orders SET code = kept.code FROM kept WHERE kept.id = orders.id',
      'DROP TABLE kept',
      'CREATE INDEX orders_code ON orders (code)',
    ],
    verdict: PROVEN,
  },
  'a fraction is cut': {
    up: ['CREATE TABLE prices (price numeric(10, 2))'],
    down: ['DROP TABLE prices'],
    verdict: PROVEN,
  },
  cut: {
    up: ['ALTER TABLE prices ALTER price TYPE int'],
    down: ['ALTER TABLE prices ALTER price TYPE numeric(10, 2)'],
    verdict: LOST,
    says: ['Lost on the way: values of prices.price.'],
  },
  'a new name loses nothing': {
    up: ['ALTER TABLE prices RENAME TO costs'],
    down: ['ALTER TABLE costs RENAME TO prices'],
    verdict: PROVEN,
  },
  'only rows': { up: ['UPDATE orders SET id = id', 'GRANT SELECT ON orders TO clerk'], verdict: ONLY_DATA },
  'whose it is': {
    up: [
      'CREATE TABLE owned (id serial)',
      'ALTER TABLE owned OWNER TO app',
      'ALTER SEQUENCE owned_id_seq OWNED BY NONE',
      'ALTER SEQUENCE owned_id_seq OWNED BY owned.id',
    ],
    down: ['DROP TABLE owned'],
    verdict: PROVEN,
  },
  'soft differences': {
    up: ["COMMENT ON TABLE orders IS 'x'", 'CREATE TABLE soft (id int)'],
    down: ['DROP TABLE soft'],
    verdict: PROVEN,
    says: [/^Does not count: table orders has the comment x/],
  },
  'may run twice': {
    up: ['CREATE TABLE IF NOT EXISTS often (id int)'],
    down: ['DROP TABLE IF EXISTS often'],
    verdict: PROVEN,
    says: ['Run twice, the up leaves the schema as it is.'],
  },
  'does it twice': {
    up: ['ALTER TABLE often ADD CHECK (id > 0)'],
    down: ['ALTER TABLE often DROP CONSTRAINT often_id_check'],
    verdict: PROVEN,
    says: ['Run twice, the up changes the schema again: constraint often_id_check1 on often is left behind.'],
  },
  'does rows twice': {
    up: ['CREATE TABLE kinds (id int PRIMARY KEY)', 'INSERT INTO kinds VALUES (1)'],
    down: ['DROP TABLE kinds'],
    verdict: PROVEN,
  },
  'a key to a table that another history makes': {
    up: ['CREATE TABLE visits (id bigint PRIMARY KEY, user_id integer NOT NULL REFERENCES "auth_user" ("id"))'],
    down: ['DROP TABLE visits'],
    leansOn: [{ table: 'auth_user', key: 'id', type: 'integer' }],
    verdict: PROVEN,
  },
  'an extension': {
    up: [
      'CREATE EXTENSION IF NOT EXISTS "uuid-ossp"',
      'CREATE EXTENSION citext',
      'CREATE TABLE names (name citext, id uuid DEFAULT uuid_generate_v4())',
    ],
    down: ['DROP TABLE names', 'DROP EXTENSION citext', 'DROP EXTENSION "uuid-ossp"'],
    verdict: PROVEN,
  },
  'an extension that is not here': {
    up: ['CREATE EXTENSION postgis'],
    down: ['DROP EXTENSION postgis'],
    verdict: UNVERIFIED,
    says: ['It needs the extension postgis, which the embedded PostgreSQL does not have.'],
  },
  'what comes after it': { up: ['CREATE TABLE later (id int)'], down: ['DROP TABLE later'], verdict: PROVEN },
  'a down that never ends': {
    up: ['CREATE TABLE looping (id int)'],
    down: ['DO $$ BEGIN LOOP END LOOP; END $$'],
    verdict: UNVERIFIED,
    says: [
      /^Its down was stopped in statement 1, `.*`: it ran longer than it may on tables without rows\. Look for a wait or/,
    ],
  },
  'what comes after that': {
    up: ['CREATE TABLE afterwards (id int)'],
    down: ['DROP TABLE afterwards'],
    verdict: PROVEN,
  },
  'broken SQL in the middle': {
    up: ['CREATE TABLE half (id int)', 'CREAT TABLE x', 'SELECT 1'],
    down: ['DROP TABLE half'],
    verdict: UNVERIFIED,
    says: [/^The up fails in statement 2, `CREAT TABLE x`: syntax error/],
  },
  'the history has ended': {
    up: ['SELECT 1'],
    verdict: UNVERIFIED,
    says: [/^The history before it ends at broken SQL in the middle\. The up fails/],
  },
};

describe('a history of wrong and right ways back', () => {
  const verdicts = new Map<string, Verdict>();
  beforeAll(async () => {
    const started = startLab({ program: lab().program, limits: { statementMs: 10_000 } });
    const history = Object.entries(STEPS).map(([name, written]) => stepOf(name, written));
    for await (const { step, verdict } of verifyHistory(started, history, { hasExtension: lab().hasExtension }))
      verdicts.set(step.name, verdict);
    started.close();
  }, 400_000);

  test.each(Object.entries(STEPS))('%s', (name, { verdict: expected, says = [] }) => {
    const verdict = verdicts.get(name);
    if (!verdict) throw new Error(`no verdict on ${name}`);
    const said = details(verdict);
    expect(headline(verdict), said.join('\n')).toBe(expected);
    for (const sentence of says)
      expect(said).toContainEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
  });
});

const one = async (
  written: Omit<Written, 'verdict'>,
  options: Parameters<typeof startLab>[0] | undefined = undefined,
) => {
  const started = startLab(options ?? { program: lab().program });
  const found: Verdict[] = [];
  const history = [stepOf('it', { ...written, verdict: '' })];
  for await (const { verdict } of verifyHistory(started, history, {
    hasExtension: lab().hasExtension,
    signal: options?.signal,
  }))
    found.push(verdict);
  started.close();
  return found.map(verdict => ({ headline: headline(verdict), said: details(verdict) }));
};

describe('what ends a run', () => {
  test('memory', async () => {
    const limits = { bytes: 1.2 * 2 ** 30, statementMs: 50_000 };
    const up = ['SELECT count(*) FROM generate_series(1, 1000) i WHERE length(repeat(md5(i::text), 25000000)) > 0'];
    expect(await one({ up }, { program: lab().program, limits })).toEqual([
      {
        headline: UNVERIFIED,
        said: [
          expect.stringMatching(
            /^Its up was stopped in statement 1, `SELECT count.*`: it took more memory than it may on tables without rows\. Have it work in smaller parts, or run it on a server of your own\.$/,
          ),
        ],
      },
    ]);
  });

  test.each([
    ['a count', 'SELECT count(*) FROM generate_series(1, 1000000000000)'],
    ['a wait', 'SELECT pg_sleep(1e9)'],
    [
      'a query that calls itself',
      'WITH RECURSIVE x AS (SELECT 1 AS i UNION ALL SELECT 1 FROM x) SELECT count(*) FROM x',
    ],
    ['a loop', 'DO $$ BEGIN LOOP END LOOP; END $$'],
  ])(
    'an up that never ends, by %s; what stands behind it is not verified, and what stands before it is',
    async (_, sql) => {
      const started = startLab({ program: lab().program, limits: { statementMs: 3000 } });
      const history = [
        stepOf('1_a.sql', { up: ['CREATE TABLE a ()'], down: ['DROP TABLE a'], verdict: '' }),
        stepOf('2_b.sql', { up: ['CREATE TABLE b ()', sql], down: ['DROP TABLE b'], verdict: '' }),
        stepOf('3_c.sql', { up: ['CREATE TABLE c ()'], down: ['DROP TABLE c'], verdict: '' }),
      ];
      const found: (readonly [string, readonly string[]])[] = [];
      for await (const { verdict } of verifyHistory(started, history, { hasExtension: lab().hasExtension }))
        found.push([headline(verdict), details(verdict)]);
      started.close();
      const stopped = `Its up was stopped in statement 2, \`${sql.slice(0, 79)}${sql.length > 80 ? '…' : sql.slice(79)}\`: it ran longer than it may on tables without rows. Look for a wait or a loop that does not end, or run it on a server of your own.`;
      expect(found.map(([said]) => said)).toEqual([PROVEN, UNVERIFIED, UNVERIFIED]);
      expect(found[1]?.[1]).toEqual([stopped]);
      expect(found[2]?.[1]).toEqual([`The history before it ends at 2_b.sql. ${stopped}`]);
    },
  );

  test('whoever asked has had enough', async () => {
    const signal = AbortSignal.timeout(1000);
    expect(await one({ up: ['SELECT pg_sleep(100)'] }, { program: lab().program, signal })).toEqual([]);
  });

  test('a program that is not there', async () => {
    const [verdict] = await one({ up: ['SELECT 1'] }, { program: '/nowhere/lab.js' });
    expect(verdict).toEqual({ headline: UNVERIFIED, said: [expect.stringContaining('crashed')] });
  });

  test('all of it took too long', async () => {
    const [verdict] = await one({ up: ['SELECT 1'] }, { program: lab().program, limits: { totalMs: 1 } });
    expect(verdict).toMatchObject({ headline: UNVERIFIED });
  });

  test('nobody asks any more', async () => {
    const started = startLab({ program: lab().program, limits: { idleMs: 1 } });
    expect(await started.open([])).toEqual({ rows: [] });
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(await started.run('SELECT 1')).toEqual({ ended: 'crashed' });
    started.close();
  });
});

test('it ends with whoever has started it, inside a statement that never ends too', async () => {
  const script = `
    const { fork } = require('node:child_process');
    const child = fork(${JSON.stringify(lab().program)}, [String(2 ** 31)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.send({ id: 1, ask: 'open', extensions: [] });
    child.on('message', () => {
      child.send({ id: 2, ask: 'run', sql: 'DO $$ BEGIN LOOP END LOOP; END $$' });
      console.log(child.pid);
    });`;
  const asker = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = Number(await new Promise(resolve => asker.stdout.once('data', resolve)));
  asker.kill('SIGKILL');
  await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

describe('extensions that the history takes for granted', () => {
  test('are there before its first step', async () => {
    const up = [
      'CREATE TABLE people (id uuid PRIMARY KEY DEFAULT uuid_generate_v4(), email citext, name text)',
      'CREATE INDEX people_name ON people USING gin (name gin_trgm_ops)',
    ];
    const [verdict] = await one({ up, down: ['DROP TABLE people'] });
    expect(verdict?.headline).toBe(PROVEN);
  });
  test('but not where a step makes what they bring', async () => {
    const up = [
      "CREATE FUNCTION uuid_generate_v4() RETURNS uuid LANGUAGE sql AS 'SELECT gen_random_uuid()'",
      'CREATE TABLE people (id uuid PRIMARY KEY DEFAULT uuid_generate_v4())',
    ];
    const [verdict] = await one({ up, down: ['DROP TABLE people', 'DROP FUNCTION uuid_generate_v4()'] });
    expect(verdict?.headline).toBe(PROVEN);
  });
});

describe('what is not run', () => {
  test('what could not be translated', async () => {
    expect(await one({ up: [], untranslated: 'a loop over `names`' })).toEqual([
      { headline: UNVERIFIED, said: ['Its up cannot be told as SQL without running it: a loop over `names`.'] },
    ]);
  });
  test('what its tool would not run', async () => {
    expect(await one({ up: ['SELECT 1'], refused: '3_b has the number 3 too' })).toEqual([
      { headline: UNVERIFIED, said: ['Its tool does not run it: 3_b has the number 3 too.'] },
    ]);
  });
});
