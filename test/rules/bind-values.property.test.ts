/**
 * Statements cut into literals in every way that people cut them: the fix leaves a program that does the same, and to
 * which a hostile value is a value.
 */
import { beforeAll, expect, test } from 'vitest';
import { applied } from '../support/fixtures';
import { usesPostgres } from '../support/postgres';
import { type Files, reviewProgram } from '../support/reviewProgram';
import { runProgram } from '../support/runProgram';
import { contents, reset, SCHEMA } from './database';

const postgres = usesPostgres();
beforeAll(() => postgres().execute(SCHEMA));

/** `@a`, `@b`, `@c` are where the parameters of that name go in. */
const STATEMENTS = [
  "SELECT id FROM person WHERE name = '@a' ORDER BY id",
  "SELECT id FROM person WHERE name = '@a' AND age > @b ORDER BY id",
  "SELECT id, '\"' AS quote FROM person WHERE name LIKE '%@a%' OR name = 'O''Brien' ORDER BY id",
  "SELECT id FROM person WHERE name IN ('@a', '@c') AND active ORDER BY id DESC LIMIT @b",
  "UPDATE person SET name = '@a', email = 'x-@c-y' WHERE id = @b",
  "INSERT INTO person (name, email, age) VALUES ('@a', '@c', @b) RETURNING id, name, email",
  "DELETE FROM orders WHERE note = '@a' AND id <> @b",
  "SELECT coalesce(email, '@a') AS e FROM person WHERE id = @b OR name = '@c @a' ORDER BY id",
  "SELECT o.id FROM person p JOIN orders o ON o.person_id = p.id WHERE o.status = '@a' AND o.total >= @b ORDER BY o.id",
] as const;

const PROGRAMS = 60;

/** Numbers from 0 to 1, the same ones in every run. */
function* numbers(): Generator<number, never> {
  let state = 20_231;
  for (;;) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    yield state / 0x7fff_ffff;
  }
}

const source = numbers();
const chance = (likelihood: number): boolean => source.next().value < likelihood;
const oneOf = <T>(first: T, ...others: readonly T[]): T => {
  const all = [first, ...others];
  return all[Math.floor(source.next().value * all.length)] ?? first;
};

const written = (text: string, quote: string): string =>
  quote === '`' ? text.replace(/[`\\]|\$\{/g, '\\$&') : text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);

/** An expression that builds the statement. */
function expressionFor(statement: string): string {
  const operands: string[] = [];
  let literal: { readonly quote: string; text: string } | undefined;
  const close = () => {
    if (literal) operands.push(`${literal.quote}${literal.text}${literal.quote}`);
    literal = undefined;
  };
  for (const part of statement.split(/(@[abc])/).filter(Boolean)) {
    if (part.startsWith('@')) {
      const name = part.slice(1);
      const hole = oneOf(name, name, `(${name})`, `(${name} ?? '7')`);
      if (literal?.quote === '`' && chance(0.7)) literal.text += `\${${hole}}`;
      else {
        close();
        operands.push(hole);
      }
      continue;
    }
    for (let rest = part; rest !== ''; ) {
      const length = chance(0.3) ? Math.max(1, Math.floor(source.next().value * rest.length)) : rest.length;
      if (!literal || chance(0.3)) {
        close();
        literal = { quote: oneOf("'", '"', '`'), text: '' };
      }
      literal.text += written(rest.slice(0, length), literal.quote);
      rest = rest.slice(length);
    }
  }
  close();
  return operands.reduce((left, right) => left + oneOf(' + ', ' + ', ' +\n    ', '+') + right);
}

function programFor(statement: string): Files {
  const text = expressionFor(statement);
  const body = oneOf(
    `  const result = await pool.query(${text});`,
    `  const result = await pool.query(${text}, []);`,
    `  const sql = ${text};\n  const result = await pool.query(sql);`,
  );
  const lines = [
    "import { Pool } from 'pg';",
    'const pool = new Pool();',
    'export async function run(a: string, b: string, c: string) {',
    body,
    '  return result.rows;',
    '}',
  ];
  return new Map([['program.ts', `${lines.join('\n')}\n`]]);
}

async function outcome(files: Files, args: readonly string[]) {
  await reset(postgres());
  const { result, error } = await runProgram(files, postgres(), args);
  return { result, error, contents: await contents(postgres()) };
}

test(`${PROGRAMS} programs do the same after their fix`, async () => {
  let fixed = 0;
  for (let count = 0; count < PROGRAMS; count++) {
    const before = programFor(oneOf(...STATEMENTS));
    const text = before.get('program.ts');
    const [review] = await reviewProgram(before, { rules: ['sql-injection'] });
    expect(review?.findings, text).toHaveLength(1);
    const fix = review?.findings[0]?.fixes[0];
    if (!fix) continue;
    fixed++;
    expect(fix.safety, text).toBe('safe');
    const after = applied(fix, before);
    expect((await reviewProgram(after, { rules: ['sql-injection'] })).flatMap(({ findings }) => findings)).toEqual([]);

    for (const args of [
      ['Ada', '1', 'x'],
      ['open', '0', 'ada@example.org'],
    ])
      expect(await outcome(after, args), text).toEqual(await outcome(before, args));
    const hostile = "O'Brien' OR '1'='1";
    expect(await outcome(after, [hostile, '1', 'x']), text).toEqual(
      await outcome(before, [hostile.replaceAll("'", "''"), '1', 'x']),
    );
  }
  expect(fixed).toBeGreaterThan(PROGRAMS * 0.75);
});
