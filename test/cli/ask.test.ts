/** `ask` from the outside of the command line: formats, statuses, and what is said of a folder that is not there. */
import { afterAll, describe, expect, test } from 'vitest';
import { type Answering, calls, fakeEndpoint, refuses, says } from '../models/fakeEndpoint';
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

describe('through a model', () => {
  const endpoint = async (...answering: Answering[]) => {
    const server = await fakeEndpoint(...answering);
    made.push({ dispose: () => void server.close() });
    return server;
  };
  const ask = (baseUrl: string, ...words: string[]) =>
    run(['ask', '--model', 'gpt-x', '--base-url', baseUrl, ...words], folder(SHOP), {
      environment: { OPENAI_API_KEY: 'sk-test' },
    });

  test('the answer is its own, and says that it was not offline', async () => {
    const { baseUrl, asked } = await endpoint(says('Page by ', 'cursor.\u001b[31m'));
    const { status, out, err } = await ask(baseUrl, '--format', 'json', 'how should pagination work here?');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const answer = JSON.parse(out);
    expect(Object.keys(answer)).toEqual(['answer', 'references', 'offline']);
    expect(answer).toMatchObject({ answer: 'Page by cursor.\u001b[31m\n', offline: false });
    expect(answer.references).toEqual(expect.arrayContaining([expect.objectContaining({ file: 'package.json' })]));
    expect(asked[0]?.headers.authorization).toBe('Bearer sk-test');
    expect(asked[0]?.body.messages.at(-1)?.content).toContain('We page by cursor, never by offset.');
  });

  test('it may look at files, and gets what they hold without their secrets', async () => {
    const { baseUrl, asked } = await endpoint(calls('read_file', { path: 'src/db.ts' }), says('It is open.'));
    const at = folder({ ...SHOP, 'src/db.ts': "export const url = 'postgres://app:Tr0ub4dor@db.shop.io/shop';" });
    const { status, out } = await run(['ask', '--model', 'm', '--base-url', baseUrl, 'which database is it?'], at);
    expect(status).toBe(0);
    expect(out).toMatch(/^It is open\./);
    expect(asked[0]?.body.tools?.map(tool => tool.function.name)).toEqual(
      expect.arrayContaining(['read_file', 'list_findings', 'describe_schema']),
    );
    expect(asked[0]?.body.tools?.map(tool => tool.function.name)).not.toContain('apply_fix');
    expect(asked[1]?.body.messages.at(-1)?.content).toBe(
      '<material from="read_file">\n1\texport const url = \'postgres://app:[redacted: a password]@db.shop.io/shop\';\n</material>',
    );
  });

  test('as Markdown it streams, and does nothing to the terminal', async () => {
    const { baseUrl } = await endpoint(says('Page by ', 'cursor.\u001b[31m'));
    const { status, out } = await ask(baseUrl, 'how should pagination work here?');
    expect(status).toBe(0);
    expect(out).toMatch(/^Page by cursor\.␛\[31m\n/);
  });

  test('an endpoint that fails is one sentence and status 2', async () => {
    const { baseUrl, host } = await endpoint(refuses(401, 'Incorrect API key provided.'));
    const { status, out, err } = await ask(baseUrl, 'what?');
    expect({ status, out, err }).toEqual({
      status: 2,
      out: '',
      err: `backend-reviewer: ${host} refuses the key: Incorrect API key provided.\n`,
    });
  });

  test('wrong usage says what is missing', async () => {
    const told = async (...words: string[]) => {
      const { status, err } = await run(['ask', ...words, 'what?'], folder({}));
      return `${status} ${err}`;
    };
    expect(await told('--model', 'gpt-x')).toBe(
      '2 backend-reviewer: --model asks OpenAI: put your key into OPENAI_API_KEY, or name another endpoint with --base-url\n',
    );
    expect(await told('--base-url', 'http://localhost:1/v1')).toBe(
      '2 backend-reviewer: which model? --base-url says where, --model NAME says which one answers\n',
    );
    expect(await told('--model', 'gpt-x', '--base-url', 'localhost:11434')).toMatch(
      /^2 .+ is no address; it looks like/,
    );
  });
});
