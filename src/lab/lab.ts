/**
 * The embedded PostgreSQL, from the side of whoever asks: a child process that is started on the first question and
 * ended when a statement takes too long, the process grows too large, nobody asks any more, or the asker has had enough.
 * What ends it is an answer like any other.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { type Answer, type Request, type ServerError, TOO_LARGE } from './protocol';

export interface LabOptions {
  /** The bundle of the child process, `dist/lab.js`. */
  readonly program: string;
  readonly limits?: Partial<LabLimits>;
  readonly signal?: AbortSignal;
}

export interface LabLimits {
  /** For one statement. */
  readonly statementMs: number;
  /** For the start, and for an empty database. */
  readonly openMs: number;
  /** For all that is asked of one lab. */
  readonly totalMs: number;
  /** The child's whole memory. An idle one takes about 0.5 GiB. */
  readonly bytes: number;
  /** Without a question for this long, the child is ended. */
  readonly idleMs: number;
}

export const LIMITS: LabLimits = {
  statementMs: 20_000,
  openMs: 120_000,
  totalMs: 30 * 60_000,
  bytes: 2 * 2 ** 30,
  idleMs: 60_000,
};

/** How one statement went. */
export type Outcome =
  | { readonly rows: readonly unknown[] }
  | { readonly error: ServerError }
  /** The process is gone, and the database with it; the next `open` starts another. */
  | { readonly ended: Ending };

export type Ending = 'time' | 'memory' | 'cancelled' | 'crashed';

/** A database that one asker works in. */
export interface Lab {
  /** Throws what was there away and begins with an empty database. */
  open(extensions: readonly string[]): Promise<Outcome>;
  run(sql: string): Promise<Outcome>;
  close(): void;
}

interface Asked {
  readonly resolve: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
}

export function startLab({ program, limits: own, signal }: LabOptions): Lab {
  const limits = { ...LIMITS, ...own };
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let questions = 0;
  let until: number | undefined;
  const asked = new Map<number, Asked>();

  /** Ends the child, and answers whoever waits for it. */
  function end(ending: Ending): void {
    clearTimeout(idle);
    const ended = child;
    child = undefined;
    ended?.removeAllListeners();
    ended?.kill('SIGKILL');
    for (const { resolve, timer } of asked.values()) {
      clearTimeout(timer);
      resolve({ ended: ending });
    }
    asked.clear();
  }

  function start(): ChildProcess {
    const started = fork(program, [String(limits.bytes)], {
      // inside VS Code the executable is the editor's, which this turns into Node
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let isTooLarge = false;
    started.stderr?.on('data', chunk => {
      isTooLarge ||= String(chunk).includes(TOO_LARGE);
    });
    started.on('message', message => {
      const { id, ...reply } = message as Answer;
      const question = asked.get(id);
      if (!question) return;
      clearTimeout(question.timer);
      asked.delete(id);
      question.resolve(reply);
      idle = setTimeout(() => end('cancelled'), limits.idleMs);
      idle.unref();
    });
    started.on('error', () => end('crashed'));
    started.on('close', () => end(isTooLarge ? 'memory' : 'crashed'));
    return started;
  }

  function ask(request: Request, milliseconds: number): Promise<Outcome> {
    if (signal?.aborted) return Promise.resolve({ ended: 'cancelled' });
    if (!child && request.ask !== 'open') return Promise.resolve({ ended: 'crashed' });
    clearTimeout(idle);
    until ??= Date.now() + limits.totalMs;
    const left = until - Date.now();
    if (left <= 0) {
      end('time');
      return Promise.resolve({ ended: 'time' });
    }
    child ??= start();
    const id = ++questions;
    return new Promise(resolve => {
      asked.set(id, { resolve, timer: setTimeout(() => end('time'), Math.min(milliseconds, left)) });
      child?.send({ id, ...request });
    });
  }

  const cancel = (): void => end('cancelled');
  signal?.addEventListener('abort', cancel, { once: true });
  return {
    open: extensions => ask({ ask: 'open', extensions }, limits.openMs),
    run: sql => ask({ ask: 'run', sql }, limits.statementMs),
    close() {
      signal?.removeEventListener('abort', cancel);
      end('cancelled');
    },
  };
}
