/** The fixes of migrations, executed: `migration-fixes.md` on a real server, before and after. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { splitStatements } from '../../src/sql/statements';
import { blockOf, blocksIn, casesIn } from '../support/cases';
import { provesFix } from '../support/fixtures';
import { usesPostgres } from '../support/postgres';
import type { Files } from '../support/reviewProgram';

const postgres = usesPostgres();
const path = join(import.meta.dirname, 'migration-fixes.md');
const setup = blocksIn(readFileSync(path, 'utf8')).find(({ info }) => info === 'sql setup')?.text ?? '';

/** What the catalog and the tables hold, in an order of their names. */
const STATE = `
SELECT array_agg(line ORDER BY line) AS lines FROM (
  SELECT 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
  UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) || indisvalid FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
    || coalesce(column_default, '') FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL SELECT 'type ' || typname || ' ' || enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid
  UNION ALL SELECT 'partition ' || inhrelid::regclass FROM pg_inherits
) AS found (line)`;

/** Runs the files in order, as a tool does that sends each statement by itself. */
async function run(files: Files): Promise<unknown> {
  await postgres().execute('ROLLBACK; DROP SCHEMA public CASCADE; CREATE SCHEMA public; RESET ALL');
  for (const text of files.values())
    for (const statement of splitStatements(text, 'postgresql')) await postgres().execute(statement.text);
  const state = await postgres().execute(STATE);
  const [there] = await postgres().execute("SELECT to_regclass('orders') AS name");
  if (!there?.name) return { state };
  const rows = await postgres().execute("SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM orders t");
  return { state, rows };
}

describe('fixes that change how and not what', () => {
  for (const each of casesIn(path)) {
    const { rule, same } = JSON.parse(blockOf(each, 'json')) as { rule: string; same: boolean };
    const [before, after] = ['sql before', 'sql after'].map(info => `${setup}${blockOf(each, info)}`);
    test(each.title, async () => {
      const ran: unknown[] = [];
      await provesFix(before ?? '', after ?? '', {
        rules: [rule],
        safety: 'suggestion',
        run: async files => {
          const outcome = await run(files);
          ran.push(outcome);
          return same ? outcome : 'it runs';
        },
      });
      expect(ran).toHaveLength(2);
    });
  }
});
