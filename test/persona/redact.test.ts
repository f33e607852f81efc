/** What must not leave, and what must stay readable. */
import { describe, expect, test } from 'vitest';
import { redacted } from '../../src/persona/redact';

const left = (text: string): string => redacted(text).text;

describe('covered', () => {
  test.each([
    ['key of a provider', `const t = "ghp_${'a1B2c3D4e5F6g7H8i9J0'.repeat(2)}";`, 'a1B2c3'],
    ['AWS', 'aws_key: AKIA2E4GQXZ5TJWKN7PQ', 'AKIA2E4G'],
    ['address of a database', "connect('postgres://app:Tr0ub4dor@db.shop.io/shop')", 'Tr0ub4dor'],
    ['address of a cache without a user', 'redis://:hunter22@cache.shop.io', 'hunter22'],
    ['named, in quotes', "const pool = new Pool({ password: 'correcthorse' });", 'correcthorse'],
    ['named, typed', 'const jwtSecret: string = "abcd1234";', 'abcd1234'],
    ['a default', "secret: process.env.JWT_SECRET || 'sosecret'", 'sosecret'],
    ['positional', "jwt.sign(payload, secret, 'x'); set('apiKey', 'zzzz9999')", 'zzzz9999'],
    ['Python', 'DB_PASSWORD = "p4ssw0rd!"', 'p4ssw0rd!'],
    ['PHP', "'password' => 'geheim99',", 'geheim99'],
    ['settings', 'STRIPE_SECRET=whatever123\nDB_PASSWORD=geheim', 'geheim'],
    ['SQL', "CREATE USER app PASSWORD 'geheim'; CREATE USER b IDENTIFIED BY 'geheim';", 'geheim'],
    ['header', 'Authorization: Bearer abcdef1234567890', 'abcdef1234567890'],
    ['JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NSJ9.dBjftJeZ4CVPmB92K27uhbUJU1p1r', 'eyJzdWIi'],
    ['drawn by a machine', "const k = '9f8e7d6c5b4a39281706f5e4d3c2b1a0';", '9f8e7d6c'],
    [
      'private key',
      '-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----\nafter',
      'MIIEpAIBAAKCAQEA',
    ],
    ['private key, cut off', '-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA', 'MIIEpAIBAAKCAQEA'],
    ['e-mail address', "to: 'anna.berg@firma.de'", 'anna.berg'],
    ['card', "card = '4111 1111 1111 1111'", '4111'],
    ['IBAN', 'DE89 3704 0044 0532 0130 00', '3704'],
    ['telephone', "phone: '+49 170 1234567'", '1234567'],
    ['social security', '078-05-1120', '078-05'],
  ])('%s', (_, text, secret) => {
    const once = left(text);
    expect(once).not.toContain(secret);
    expect(once).toContain('[redacted: a');
    expect(left(once)).toBe(once);
  });
});

test('what stands around it stays', () => {
  expect(left("new Pool({ host: 'db', password: 'correcthorse', max: 10 })")).toBe(
    "new Pool({ host: 'db', password: '[redacted: a secret]', max: 10 })",
  );
  expect(left('postgres://app:Tr0ub4dor@db.shop.io/shop')).toBe(
    'postgres://app:[redacted: a password]@db.shop.io/shop',
  );
  expect([...redacted('a@b.de, c@d.de and +49 170 1234567').covered]).toEqual([
    ['an e-mail address', 2],
    ['a telephone number', 1],
  ]);
});

test.each([
  'const password = process.env.DB_PASSWORD;',
  "throw new Error('password is too short, use twelve characters')",
  'password: string; token?: string | null',
  "validate({ password: 'required', token: 'string' })",
  'SELECT id, password_hash FROM customers WHERE email = $1',
  "app.post('/customers/:id/orders', createOrder);",
  'import { request } from "node:https";',
  'npm i knex@3.3.0 && git clone git@github.com:acme/shop.git',
  '[src/orders.ts:12](src/orders.ts#L12) `n-plus-one` abcd1234abcd1234',
  "it('backend-reviewer-ignore-next-line-and-other-long-names-2', run)",
  '550e8400-e29b-41d4-a716-446655440000',
  'total_cents integer NOT NULL CHECK (total_cents >= 0), placed_at timestamptz DEFAULT now()',
  '2026-11-27T03:31:03.123Z 1764214263123 127.0.0.1:5432',
  'const secret = await readSecret();',
  'mail to someone@example.com',
])('left alone: %s', text => {
  expect(left(text)).toBe(text);
});
