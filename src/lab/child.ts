/**
 * The child process: a PostgreSQL in WebAssembly that lives in memory alone and answers one question after another. It
 * cannot be interrupted: whoever started it ends it.
 */
import { writeSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { brotliDecompressSync } from 'node:zlib';
import { type Extensions, PGlite } from '@electric-sql/pglite';
import { bundlesFor, fileOf } from './extensions';
import { type Answer, type Question, type Reply, type ServerError, TOO_LARGE } from './protocol';

const files = join(__dirname, 'lab');
const WATCH_EVERY_MS = 50;
const STANDARD_ERROR = 2;

/** Node has it, and its types do not. */
const { WebAssembly: Wasm } = globalThis as unknown as {
  WebAssembly: { compile(bytes: Uint8Array): Promise<WebAssembly.Module> };
};

interface Parts {
  readonly pgliteWasmModule: WebAssembly.Module;
  readonly fsBundle: Blob;
  readonly loadDataDir: Blob;
}

/**
 * Ends the process when it has grown too large, or when nobody is there to end it: the main thread may be inside a
 * statement that never returns.
 */
function watch(): void {
  const { bytes } = workerData as { bytes: number };
  const asker = process.ppid;
  setInterval(() => {
    const isTooLarge = process.memoryUsage.rss() > bytes;
    if (!isTooLarge && isAlive(asker)) return;
    if (isTooLarge) writeSync(STANDARD_ERROR, TOO_LARGE);
    process.kill(process.pid, 'SIGKILL');
  }, WATCH_EVERY_MS);
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    // it is there, and somebody else's
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function serve(): void {
  new Worker(__filename, { workerData: { bytes: Number(process.argv[2]) } }).unref();
  let parts: Promise<Parts> | undefined;
  let database: PGlite | undefined;
  let last = Promise.resolve();

  async function answer(question: Question): Promise<Reply> {
    switch (question.ask) {
      case 'open':
        await database?.close();
        parts ??= readParts();
        database = await PGlite.create({ ...(await parts), extensions: await extensionsFor(question.extensions) });
        return { rows: [] };
      case 'run': {
        const results = await database?.exec(question.sql);
        return { rows: results?.at(-1)?.rows ?? [] };
      }
    }
  }

  process.on('message', (question: Question) => {
    last = last.then(async () => {
      const reply = await answer(question).catch((error: unknown): Reply => ({ error: serverError(error) }));
      process.send?.({ id: question.id, ...reply } satisfies Answer);
    });
  });
  process.on('disconnect', () => process.exit());
}

async function readParts(): Promise<Parts> {
  const [wasm, shared, data] = await Promise.all(
    ['pglite.wasm', 'pglite.data', 'data.tar.br'].map(name => readFile(join(files, name))),
  );
  if (!wasm || !shared || !data) throw new Error('the embedded PostgreSQL is incomplete');
  return {
    pgliteWasmModule: await Wasm.compile(wasm),
    fsBundle: new Blob([shared]),
    loadDataDir: new Blob([brotliDecompressSync(data)]),
  };
}

/** Those of the asked that lie beside this program. */
async function extensionsFor(asked: readonly string[]): Promise<Extensions> {
  const folder = join(files, 'extensions');
  return Object.fromEntries(
    bundlesFor(await readdir(folder), asked).map(name => [
      name,
      { name, setup: async () => ({ bundlePath: pathToFileURL(join(folder, fileOf(name))) }) },
    ]),
  );
}

function serverError(error: unknown): ServerError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, detail, hint } = error as Error & Partial<Record<'code' | 'detail' | 'hint', string>>;
  return {
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
  };
}

if (isMainThread) serve();
else watch();
