/** In which order a command loads what it needs: V8 heeds how much to optimise only in what is loaded after it was told. */
import { expect, test, vi } from 'vitest';
import { runCommand } from '../../src/cli/run';
import { fakeReview } from './fake';

const order = vi.hoisted((): string[] => []);
vi.mock('../../src/cli/check', () => {
  order.push('loaded');
  return { check: async () => 0 };
});

async function orderOf(...words: string[]): Promise<readonly string[]> {
  order.length = 0;
  const stream = { write: async () => undefined, isTerminal: false };
  const terminal = {
    stdout: stream,
    stderr: stream,
    environment: {},
    folder: import.meta.dirname,
    input: async () => Buffer.of(),
  };
  await runCommand(words, terminal, {
    version: '1.2.3',
    prepareRun: () => void order.push('prepared'),
    openReview: async () => fakeReview(),
    openLab: () => {
      throw new Error('no test of these asks for the lab');
    },
    serveEditor: () => void order.push('served'),
    serveAgents: async () => void order.push('served'),
  });
  return order;
}

test('what serves an editor or agents lives long, and is not prepared for a short run', async () => {
  expect(await orderOf('lsp', '--stdio')).toEqual(['served']);
  expect(await orderOf('mcp')).toEqual(['served']);
});

test('help, the version and wrong usage load nothing that reviews', async () => {
  for (const words of [['--help'], ['--version'], ['check', '--bogus'], []])
    expect(await orderOf(...words)).toEqual([]);
});

test('a run is prepared before what reviews is loaded', async () => {
  expect(await orderOf('check', '.')).toEqual(['prepared', 'loaded']);
});
