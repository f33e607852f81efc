import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { messageOf } from '../../src/engine/finding';
import { blockOf, casesIn } from '../support/cases';
import { provesFix, reviews } from '../support/fixtures';
import { reviewerOf, reviewProgram } from '../support/reviewProgram';

const rules = ['hardcoded-secret'];

/** Keys in the cases are made up, and broken by `·` so that no scanner of repositories takes them for real ones. */
const whole = (text: string): string => text.replaceAll('·', '');

describe('finds and leaves alone', () => {
  for (const each of casesIn(join(import.meta.dirname, 'hardcoded-secret.md')))
    test(each.title, () => reviews(whole(each.blocks[0]?.text ?? ''), { rules }));
});

describe('reads it from the environment', () => {
  for (const each of casesIn(join(import.meta.dirname, 'hardcoded-secret-fixes.md')))
    test(each.title, () =>
      provesFix(whole(blockOf(each, 'ts before')), blockOf(each, 'ts after'), { rules, safety: 'suggestion' }),
    );
});

test('never says the secret', async () => {
  const secrets = ['gT7kw2Lq', 'q8Zr4Yw1Lm6Tn3Vx9Kb5Hd2J', 'kf83hs02jd7s'];
  const files = new Map([
    [
      'app.ts',
      `import jwt from 'jsonwebtoken';
const url = 'postgres://app:${secrets[0]}@db.shop.io/shop';
const settings = { apiSecret: '${secrets[1]}' };
export const sign = (user) => jwt.sign(user, '${secrets[2]}');
`,
    ],
  ]);
  const findings = (await reviewProgram(files, { rules })).flatMap(review => review.findings);
  expect(findings).toHaveLength(3);
  const said = JSON.stringify(findings.map(({ fixes, ...each }) => [messageOf(each), each, fixes]));
  for (const secret of secrets) expect(said).not.toContain(secret);
  for (const [index, finding] of findings.entries())
    expect(files.get('app.ts')?.slice(finding.conceal?.start, finding.conceal?.end)).toContain(secrets[index]);
});

test('JSON of settings is read, other JSON is not', async () => {
  const text = '{ "database": { "password": "Zr4!Yw1Lm6Tn3Vx9" } }';
  const reviewer = reviewerOf(
    new Map([
      ['config/production.json', text],
      ['data/people.json', text],
      ['config/production.example.json', text],
    ]),
  );
  const found = async (file: string) =>
    (await reviewer.review(file, { rules: new Set(rules) })).findings.map(({ level, what }) => `${level} ${what}`);
  expect(await found('config/production.json')).toEqual([
    'warning The value of `password` stands in the code and looks like a real secret.',
  ]);
  expect(await found('data/people.json')).toEqual([]);
  expect(await found('config/production.example.json')).toEqual([]);
});
