/** Threads that parse and lower beside the one that analyses: started on first need, ended when they have been idle. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Module } from '../program/model';
import type { FileText, Lowerers } from './lowering';

/** What a thread is sent, and what it sends back. */
export interface LowererTask {
  readonly id: number;
  readonly texts: readonly FileText[];
}

export type LowererAnswer =
  | { readonly id: number; readonly modules: readonly (Module | undefined)[] }
  | { readonly id: number; readonly failure: string };

/** More threads than this wait for the analysis that takes in what they bring. */
const MOST_THREADS = 4;
/** A thread holds about 60 MB, and is started again in a tenth of a second. */
const IDLE_MS = 10_000;
/** UTF-16 units in one message: enough to be worth it, little enough that taking the answer in stops nobody. */
const MESSAGE_LENGTH = 60_000;
/** Tasks that wait at a thread, so that it never waits for the next. */
const QUEUED = 2;

interface Thread {
  readonly worker: Worker;
  readonly tasks: Map<number, Waiting>;
}

interface Waiting {
  readonly texts: readonly FileText[];
  resolve(modules: readonly (Module | undefined)[]): void;
}

/**
 * @param script  path of the bundled `lowererThread.ts`
 */
export function lowererThreads(script: string, threads = availableParallelism()): Lowerers {
  const most = Math.max(1, Math.min(threads, MOST_THREADS));
  const running = new Set<Thread>();
  const waiting: Waiting[] = [];
  let lastId = 0;
  let idle: NodeJS.Timeout | undefined;

  /** The one who asked lowers the texts in place; there a file that cannot be lowered is told by its name. */
  const giveBack = ({ texts, resolve }: Waiting, reason: string): void => {
    process.emitWarning(`A thread could not lower ${texts.length} files: ${reason}`);
    resolve(texts.map(() => undefined));
  };

  const start = (): Thread => {
    const worker = new Worker(script);
    const thread: Thread = { worker, tasks: new Map() };
    running.add(thread);
    worker.on('message', (answer: LowererAnswer) => {
      const task = thread.tasks.get(answer.id);
      thread.tasks.delete(answer.id);
      if ('modules' in answer) task?.resolve(answer.modules);
      else if (task) giveBack(task, answer.failure);
      handOut();
    });
    const ended = (reason: string) => {
      running.delete(thread);
      for (const task of thread.tasks.values()) giveBack(task, reason);
      thread.tasks.clear();
      // a thread that cannot even start would be started for ever
      for (const task of running.size === 0 ? waiting.splice(0) : []) giveBack(task, reason);
    };
    worker.on('error', error => ended(error.message));
    worker.on('exit', status => ended(`it ended with status ${status}`));
    return thread;
  };

  const handOut = (): void => {
    clearTimeout(idle);
    while (waiting.length > 0) {
      let free = [...running].filter(({ tasks }) => tasks.size < QUEUED).sort((a, b) => a.tasks.size - b.tasks.size)[0];
      if ((!free || free.tasks.size > 0) && running.size < most) free = start();
      const next = free && waiting.shift();
      if (!free || !next) break;
      const id = ++lastId;
      free.tasks.set(id, next);
      free.worker.postMessage({ id, texts: next.texts } satisfies LowererTask);
    }
    let busy = false;
    for (const { worker, tasks } of running) {
      // what is under way keeps the process alive, what idles does not
      if (tasks.size > 0) worker.ref();
      else worker.unref();
      busy ||= tasks.size > 0;
    }
    if (!busy && running.size > 0) idle = setTimeout(end, IDLE_MS).unref();
  };

  const end = (): void => {
    for (const { worker } of running) void worker.terminate();
    running.clear();
  };

  return {
    async lower(texts) {
      const parts = partsOf(texts).map(
        part =>
          new Promise<readonly (Module | undefined)[]>(resolve => {
            waiting.push({ texts: part, resolve });
          }),
      );
      handOut();
      return (await Promise.all(parts)).flat();
    },
  };
}

/** Neighbours in one message, up to a length. */
function partsOf(texts: readonly FileText[]): readonly (readonly FileText[])[] {
  const parts: FileText[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const each of texts) {
    if (length + each.text.length > MESSAGE_LENGTH) {
      parts.push([]);
      length = 0;
    }
    parts.at(-1)?.push(each);
    length += each.text.length;
  }
  return parts;
}
