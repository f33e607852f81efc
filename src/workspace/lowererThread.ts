/** The entry of `dist/lowererThread.js`: a thread that lowers the texts it is sent. The grammars lie beside it. */
import { parentPort } from 'node:worker_threads';
import { createParsers } from '../syntax/parsers';
import { FRONT_ENDS } from './frontEnds';
import type { LowererAnswer, LowererTask } from './lowererThreads';
import { lowered } from './lowering';
import { syntaxFilesIn } from './syntaxFiles';

const parsers = createParsers(syntaxFilesIn(__dirname));

parentPort?.on('message', async ({ id, texts }: LowererTask) => {
  parentPort?.postMessage(await answerTo(id, texts));
});

async function answerTo(id: number, texts: LowererTask['texts']): Promise<LowererAnswer> {
  try {
    const modules = [];
    for (const text of texts) modules.push(await lowered(text, parsers, FRONT_ENDS));
    return { id, modules };
  } catch (error) {
    return { id, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
