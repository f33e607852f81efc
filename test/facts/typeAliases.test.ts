/** Parameters whose written type leaves them only a few values, all of them in the code. */
import { describe, expect, test } from 'vitest';
import { reviewProgram } from '../support/reviewProgram';

const HEAD = "import { Pool } from 'pg';\nconst pool = new Pool();\n";
const list = (type: string) =>
  `export const list = (sort: ${type}) => pool.query(\`SELECT id FROM users ORDER BY \${sort}\`);\n`;

async function injections(files: Record<string, string>): Promise<number> {
  const reviews = await reviewProgram(new Map(Object.entries(files)), { rules: ['sql-injection'] });
  return reviews.flatMap(review => review.findings).length;
}

describe('an alias of', () => {
  test.each([
    ['a union of literals', "type Sort = 'name' | 'created_at';\n", 'Sort', 0],
    ['one literal', "type Sort = 'name';\n", 'Sort', 0],
    ['a union of aliases', "type A = 'name';\ntype Sort = 'id' | 'age';\n", 'A | Sort', 0],
    [
      'the items of a constant list',
      "const SORTS = ['name', 'age'] as const;\ntype Sort = (typeof SORTS)[number];\n",
      'Sort',
      0,
    ],
    ['the keys of a constant record', 'const BY = { name: 1, age: 2 };\ntype Sort = keyof typeof BY;\n', 'Sort', 0],
    ['anything else', 'type Sort = string;\n', 'Sort', 1],
    ['a union that leaves room', "type Sort = 'name' | string;\n", 'Sort', 1],
    ['a list that is filled later', 'const SORTS = load();\ntype Sort = (typeof SORTS)[number];\n', 'Sort', 1],
  ])('%s', async (_, alias, type, found) => {
    expect(await injections({ 'a.ts': HEAD + alias + list(type) })).toBe(found);
  });

  test('a union of literals in another file', async () => {
    const types = "export type Sort = 'name' | 'age';\nexport type Free = string;\n";
    const users = `import type { Sort, Free } from './types';\n${HEAD}${list('Sort')}`;
    expect(await injections({ 'a.ts': users, 'types.ts': types })).toBe(0);
    expect(await injections({ 'a.ts': users.replace('(sort: Sort)', '(sort: Free)'), 'types.ts': types })).toBe(1);
  });
});
