/**
 * What a hole stands for in the statement, against where it comes from: the level of the finding. Names are chosen by
 * programs and seldom by clients; values, orders, keys of what is written and whole conditions are not.
 */
import { describe, expect, test } from 'vitest';
import { reviewProgram } from '../support/reviewProgram';

const HEAD = "import { Pool } from 'pg';\nimport { other, setup } from 'elsewhere';\nconst pool = new Pool();\n";

const STATEMENTS = {
  value: 'SELECT * FROM person WHERE id = ${X}',
  quoted: "SELECT * FROM person WHERE name = '${X}'",
  order: 'SELECT * FROM person ORDER BY ${X}',
  column: 'UPDATE person SET ${X} = 1 WHERE id = 2',
  table: 'SELECT * FROM ${X}',
  schema: 'SELECT * FROM "${X}".person',
  condition: 'SELECT * FROM person WHERE ${X}',
  catalog: "SELECT * FROM information_schema.tables WHERE table_name = '${X}'",
} as const;

const ORIGINS = {
  /** A client's own. */
  request: [
    "import express from 'express';\nconst app = express();\napp.get('/', async (req, res) => res.json(await ",
    'req.query.x',
    '));',
  ],
  parameter: ['export const f = (x: string) => ', 'x', ';'],
  member: ['export const f = (options: any) => ', 'options.x', ';'],
  keys: ['export const f = (data: any) => Object.keys(data).map(key => ', 'key', ');'],
  row: ['export async function f() { const row = await other(); return ', 'row.x', '; }'],
  import: ['export const f = () => ', 'setup.x', ';'],
  configuration: ['export const f = (config: any) => ', 'config.db.x', ';'],
  metadata: ['export const f = (model: any) => ', 'model.tableName', ';'],
  'name only': ['export const f = (tableName: string) => ', 'tableName', ';'],
  'unknown escaping': ['export const f = (x: string) => ', 'other.quoteIdentifier(x)', ';'],
} as const;

type Statement = keyof typeof STATEMENTS;
type Level = 'error' | 'warning' | 'info' | 'silent';

const EXPECTED: Readonly<Record<keyof typeof ORIGINS, Readonly<Record<Statement, Level>>>> = {
  request: level('error', 'error', 'error', 'error', 'error', 'error', 'error', 'error'),
  parameter: level('warning', 'warning', 'warning', 'info', 'info', 'info', 'warning', 'info'),
  member: level('warning', 'warning', 'info', 'silent', 'silent', 'silent', 'info', 'silent'),
  keys: level('warning', 'warning', 'warning', 'warning', 'info', 'info', 'warning', 'info'),
  row: level('warning', 'warning', 'silent', 'silent', 'silent', 'silent', 'silent', 'silent'),
  import: level('info', 'info', 'silent', 'silent', 'silent', 'silent', 'silent', 'silent'),
  configuration: level('silent', 'silent', 'silent', 'silent', 'silent', 'silent', 'silent', 'silent'),
  metadata: level('info', 'info', 'silent', 'silent', 'silent', 'silent', 'silent', 'silent'),
  'name only': level('info', 'info', 'info', 'info', 'info', 'info', 'info', 'info'),
  'unknown escaping': level('silent', 'silent', 'silent', 'silent', 'silent', 'silent', 'silent', 'silent'),
};

function level(...levels: readonly Level[]): Readonly<Record<Statement, Level>> {
  const names = Object.keys(STATEMENTS) as Statement[];
  return Object.fromEntries(names.map((name, index) => [name, levels[index]])) as Record<Statement, Level>;
}

for (const origin of Object.keys(ORIGINS) as (keyof typeof ORIGINS)[])
  describe(origin, () => {
    for (const statement of Object.keys(STATEMENTS) as Statement[])
      test(`${statement}: ${EXPECTED[origin][statement]}`, async () => {
        const [before, source, after] = ORIGINS[origin];
        const query = `pool.query(\`${STATEMENTS[statement].replace('${X}', () => `\${${source}}`)}\`)`;
        const program = `${HEAD}${before}${query}${after}\n`;
        const [review] = await reviewProgram(new Map([['people.ts', program]]), { rules: ['sql-injection'] });
        expect(review?.findings.map(finding => finding.level) ?? []).toEqual(
          EXPECTED[origin][statement] === 'silent' ? [] : [EXPECTED[origin][statement]],
        );
      });
  });
