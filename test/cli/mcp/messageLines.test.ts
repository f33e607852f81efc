/** Messages come in one to a line; one that is too long is answered and forgotten. */
import { expect, test } from 'vitest';
import { messageLines } from '../../../src/cli/mcp/messageLines';

/** @param size  bytes of a chunk */
async function through(input: string, size: number, longest = 200): Promise<{ lines: string[]; answers: string[] }> {
  const lines: string[] = [];
  const answers: string[] = [];
  const stream = messageLines({ longest, answer: message => answers.push(message) });
  stream.on('data', (line: Buffer) => lines.push(line.toString()));
  const bytes = Buffer.from(input);
  for (let from = 0; from < bytes.length; from += size) stream.write(bytes.subarray(from, from + size));
  const ended = new Promise(done => stream.once('end', done));
  stream.end();
  await ended;
  return { lines, answers };
}

const message = (id: unknown, text: string, method = 'tools/call') =>
  `${JSON.stringify({ method, params: { name: 'review_text', text }, jsonrpc: '2.0', id })}\n`;

test.each([1, 7, 64, 100_000])('in chunks of %i bytes: each message in one piece', async size => {
  const all = [message(1, 'ä'), message(2, 'b'), message(3, '')];
  expect(await through(all.join(''), size)).toEqual({ lines: all, answers: [] });
});

test.each([1, 7, 64, 100_000])('in chunks of %i bytes: one that is too long is answered by its number', async size => {
  const short = [message(1, 'a'), message('three', 'c')];
  const { lines, answers } = await through([short[0], message(2, 'x'.repeat(9_000)), short[1]].join(''), size);
  expect(lines).toEqual(short);
  expect(answers.map(answer => JSON.parse(answer))).toEqual([
    {
      jsonrpc: '2.0',
      id: 2,
      result: expect.objectContaining({ isError: true, structuredContent: { error: expect.anything() } }),
    },
  ]);
});

test('what is no call of a tool, and what has no number, is an error of the protocol', async () => {
  const { answers } = await through(
    `{"jsonrpc":"2.0","id":"p","method":"prompts/get","params":"${'x'.repeat(300)}"}\n${'y'.repeat(5_000)}\n`,
    50,
  );
  expect(answers.map(answer => JSON.parse(answer))).toEqual([
    { jsonrpc: '2.0', id: 'p', error: expect.objectContaining({ code: -32600 }) },
    { jsonrpc: '2.0', id: null, error: expect.objectContaining({ code: -32600 }) },
  ]);
});
