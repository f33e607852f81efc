/** Which tools a model may call, and how it reads a file. */
import { expect, test } from 'vitest';
import { callableTools } from '../../src/persona/callable';
import type { ToolHost } from '../../src/persona/tools/host';
import { fakeGrounding } from './fakeGrounding';

const host: ToolHost = {
  review: async () => ({
    findings: [],
    covered: { reviewed: 1, nothingToReview: 0, skipped: [], left: 0 },
    notes: [],
  }),
  schema: async () => ({ tables: [], limits: [] }),
  columnUses: async () => ({ uses: [], words: [], unread: [], inSchema: [], searched: 0, byWordsAlone: 0, left: 0 }),
  fix: async () => Promise.reject(new Error('nothing is mended for an answer')),
  down: async () => Promise.reject(new Error('nothing is written for an answer')),
  verify: async () => Promise.reject(new Error('nothing is run for an answer')),
  rule: () => undefined,
};

const long = Array.from({ length: 1_000 }, (_, index) => `line ${index + 1}`).join('\n');
const tools = callableTools(host, fakeGrounding({ texts: { 'a.ts': 'one\ntwo\nthree', 'long.ts': long } }));
const call = async (name: string, input: unknown): Promise<string> => {
  const tool = tools.find(each => each.name === name);
  if (!tool) throw new Error(`there is no ${name}`);
  return tool.call(input);
};

test('those that look; none that changes or runs something', () => {
  const names = tools.map(({ name }) => name);
  expect(names[0]).toBe('read_file');
  expect(names).toEqual(expect.arrayContaining(['review_file', 'list_findings', 'describe_schema']));
  expect(names).not.toEqual(expect.arrayContaining(['apply_fix']));
  expect(names).not.toEqual(expect.arrayContaining(['verify_migration']));
});

test('a file is read with its line numbers, in part, and never at length', async () => {
  expect(await call('read_file', { path: 'a.ts' })).toBe('1\tone\n2\ttwo\n3\tthree');
  expect(await call('read_file', { path: 'a.ts', startLine: 2, endLine: 2 })).toBe('2\ttwo\n(lines 3 to 3 follow)');
  expect(await call('read_file', { path: 'a.ts', startLine: 9 })).toBe('a.ts has 3 lines.');
  expect((await call('read_file', { path: 'long.ts', endLine: 999 })).split('\n').at(-1)).toBe(
    '(lines 401 to 1000 follow)',
  );
  expect(await call('read_file', { file: 'a.ts' })).toMatch(/^There is no argument "file"/);
  await expect(call('read_file', { path: 'b.ts' })).rejects.toThrow('there is no file b.ts');
});

test('another tool answers in JSON, or says what to do next', async () => {
  expect(JSON.parse(await call('review_file', { path: 'a.ts' }))).toBeTypeOf('object');
  expect(await call('review_file', {})).toMatch(/"path" is missing\. Call review_file again with: path/);
});
