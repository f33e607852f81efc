/** `ask` from the outside of the command line: formats, statuses, and what is said of a folder that is not there. */
import { afterAll, expect, test } from 'vitest';
import { folderOf, run } from './fake';

const made: { dispose(): void }[] = [];
afterAll(() => {
  for (const each of made) each.dispose();
});
const folder = (files: Readonly<Record<string, string>>) => {
  const at = folderOf(files);
  made.push(at);
  return at.folder;
};

const SHOP = {
  'package.json': '{ "dependencies": { "express": "5", "pg": "8" } }',
  'src/orders.ts': '@warning lines',
  'AGENTS.md': '# Paging\nWe page by cursor, never by offset. Pagination sizes are at most 50.\n',
};

test('an answer as JSON, with the files that it stands on', async () => {
  const { status, out, err } = await run(['ask', '--format', 'json', 'how should pagination work here?'], folder(SHOP));
  expect({ status, err }).toEqual({ status: 0, err: '' });
  const answer = JSON.parse(out);
  expect(Object.keys(answer)).toEqual(['answer', 'references', 'offline']);
  expect(answer).toMatchObject({ offline: true });
  expect(answer.answer).toContain('next_cursor');
  expect(answer.answer).toContain('> We page by cursor');
  expect(answer.references).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ file: 'package.json' }),
      { file: 'AGENTS.md', line: 1, title: 'Paging' },
    ]),
  );
});

test('an answer as Markdown, of another folder than the current one', async () => {
  const at = folder({ 'shop/package.json': '{ "dependencies": { "express": "5" } }', 'shop/a.ts': '@error thing' });
  const { status, out } = await run(['ask', '--workspace', 'shop', '/review'], at);
  expect(status).toBe(0);
  expect(out).toContain('[a.ts:1](a.ts#L1) `sql-injection`');
  expect(out).toContain('## Security');
});

test('a folder that is not there is wrong usage', async () => {
  const { status, err } = await run(['ask', '--workspace', 'nowhere', 'what'], folder({}));
  expect({ status, err }).toEqual({
    status: 2,
    err: 'backend-reviewer: --workspace nowhere: there is no such folder\n',
  });
});

test('what it knows nothing of is said in one sentence', async () => {
  const { status, out } = await run(['ask', 'what is the weather in Berlin tomorrow?'], folder(SHOP));
  expect(status).toBe(0);
  expect(out).toMatch(/^I have nothing on that: .+ always work\.\n/);
});
