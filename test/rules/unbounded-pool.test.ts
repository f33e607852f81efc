import { join } from 'node:path';
import { describe, test } from 'vitest';
import { casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';

const rules = ['unbounded-pool'];

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'unbounded-pool.md')))
    test(each.title, () => reviews(each.blocks[0]?.text ?? '', { rules }));
});

describe('sets what is missing', () => {
  const prove = (before: string, after: string) =>
    provesFix(`import { Pool } from 'pg';\n${before}`, `import { Pool } from 'pg';\n${after}`, {
      rules,
      safety: 'suggestion',
    });

  test('behind other options in a line', () =>
    prove(
      "export const pool = new Pool({ host: 'db' });",
      "export const pool = new Pool({ host: 'db', connectionTimeoutMillis: 5000 });",
    ));

  test('behind other options, each in a line', () =>
    prove(
      "export const pool = new Pool({\n  host: 'db',\n  max: 20,\n});",
      "export const pool = new Pool({\n  host: 'db',\n  max: 20,\n  connectionTimeoutMillis: 5000,\n});",
    ));

  test('in the initial value of a field', () =>
    prove(
      "export class Db {\n  pool = new Pool({\n    host: 'db',\n  });\n}",
      "export class Db {\n  pool = new Pool({\n    host: 'db',\n    connectionTimeoutMillis: 5000,\n  });\n}",
    ));

  test('where there are none', () =>
    prove('export const pool = new Pool();', 'export const pool = new Pool({ connectionTimeoutMillis: 5000 });'));
});
