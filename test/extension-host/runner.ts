/**
 * A tiny extension that runs a mocha suite inside the extension host, beside the real one.
 *
 * In the browser's VS Code its `activate` runs the suite and writes what came of it to a file; on a desktop `@vscode/test-electron`
 * calls `run`.
 */
import { appendFile, writeFile } from 'node:fs/promises';
import Mocha from 'mocha';

export interface Results {
  readonly passed: number;
  readonly failures: readonly { readonly title: string; readonly error: string }[];
  readonly reports: Readonly<Record<string, unknown>>;
}

const reports: Record<string, unknown> = {};

/** Hands numbers to the script that started the run. */
export const report = (name: string, value: unknown): void => {
  reports[name] = value;
};

const SUITES: Readonly<Record<string, () => Promise<unknown>>> = {
  review: () =>
    Promise.all([import('./suite/review.suite'), import('./suite/chat.suite'), import('./suite/tools.suite')]),
  /** Without what needs somebody who clicks. */
  desktop: () => Promise.all([import('./suite/review.suite'), import('./suite/chat.suite')]),
  tools: () => import('./suite/tools.suite'),
  chat: () => import('./suite/chat.suite'),
  floor: () => import('./suite/floor.suite'),
  activation: () => import('./suite/activation.suite'),
};

async function runSuite(name: string, log: (line: string) => void): Promise<Results> {
  const load = SUITES[name];
  if (!load) throw new Error(`no suite is called ${name}`);
  const mocha = new Mocha({ ui: 'tdd', timeout: 60_000, reporter: class Silent {} as never });
  mocha.suite.emit(Mocha.Suite.constants.EVENT_FILE_PRE_REQUIRE, globalThis as never, name, mocha);
  await load();
  const failures: Results['failures'][number][] = [];
  let passed = 0;
  await new Promise<void>(resolve => {
    const runner = mocha.run(() => resolve());
    runner.on('pass', ({ title, duration }) => {
      passed++;
      log(`  ✔ ${title} (${duration} ms)`);
    });
    runner.on('fail', ({ title }, error) => {
      failures.push({ title, error: error.stack ?? String(error) });
      log(`  ✘ ${title}\n    ${error.stack ?? error}`);
    });
  });
  return { passed, failures, reports };
}

/** For `@vscode/test-electron`. */
export async function run(): Promise<void> {
  const { passed, failures } = await runSuite('desktop', console.log);
  console.log(`${passed} passed, ${failures.length} failed`);
  if (failures.length > 0) throw new Error(`${failures.length} failed`);
}

/** For the browser's VS Code. Answers at once: the suite opens files, which waits for this extension to be active. */
export function activate(): void {
  const { BACKEND_REVIEWER_SUITE: name, BACKEND_REVIEWER_RESULTS: file } = process.env;
  if (!name || !file) return;
  const log = (line: string): void => void appendFile(`${file}.log`, `${line}\n`);
  const failed = (error: unknown): Results => ({
    passed: 0,
    failures: [{ title: name, error: String(error) }],
    reports,
  });
  void runSuite(name, log)
    .catch(failed)
    .then(results => writeFile(file, JSON.stringify(results)));
}
