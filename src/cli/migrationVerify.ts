/** `migration verify`: each migration's verdict, printed for people, and an exit status that scripts stand on. */
import { posix, resolve } from 'node:path';
import type { FileId } from '../engine/place';
import type { InstalledLab } from '../lab/installed';
import type { Verdict } from '../lab/verdict';
import { type LabOnNeed, labOnNeed, verifyMigrations } from '../lab/verifyMigrations';
import { details, headline } from '../lab/words';

import { type FoundHistory, historiesAt } from '../workspace/histories';
import type { RunDependencies } from '../workspace/run';
import type { Terminal } from './check';
import type { VerifyArguments } from './commandLine';
import { counted, nameOf } from './report';
import { type Colors, colorsFor, harmless, layoutWidth, wrapped } from './terminal';

export type VerifyStatus = 0 | 1 | 2 | 3;

/**
 * @returns 0 proven, 1 not reversible, 2 the lab failed, 3 not verifiable; of several the first of 2, 1, 3, 0
 * @throws UsageError, ConfigurationError for what ends the run with status 2
 */
export async function migrationVerify(
  { paths }: VerifyArguments,
  terminal: Terminal,
  openLab: () => InstalledLab,
  dependencies: Pick<RunDependencies, 'files' | 'configurations' | 'createReviewer'>,
): Promise<VerifyStatus> {
  const folder = withSlashes(resolve(terminal.folder));
  const { histories, without } = await historiesAt(
    paths.map(path => withSlashes(resolve(folder, path))),
    dependencies,
  );
  const colors = colorsFor(terminal.stdout.isTerminal, terminal.environment);
  const width = layoutWidth(terminal.stdout.isTerminal ? terminal.stdout.columns : undefined);
  const verdicts: Verdict[] = [];
  for (const path of without)
    await terminal.stdout.write(
      `${colors.yellow('not verified')}  ${nameOf(path, folder)}\n    There is no migration here that can be read.\n`,
    );
  const lab = labOnNeed(openLab);
  try {
    for (const found of histories) verdicts.push(...(await verifyOne(found, { folder, terminal, lab, colors, width })));
  } finally {
    lab.close();
  }
  if (verdicts.length > 0) await terminal.stdout.write(`\n${summary(verdicts.map(headline))}\n`);
  const statuses = [...verdicts.map(statusOf), ...without.map((): VerifyStatus => 3)];
  return ([2, 1, 3] as const).find(one => statuses.includes(one)) ?? 0;
}

interface Printing {
  readonly folder: string;
  readonly terminal: Terminal;
  readonly lab: LabOnNeed;
  readonly colors: Colors;
  readonly width: number;
}

async function verifyOne({ root, history, chosen }: FoundHistory, printing: Printing): Promise<readonly Verdict[]> {
  const { folder, terminal, lab } = printing;
  const found: Verdict[] = [];
  const told = new Set<string>();
  const progress = progressOf(terminal, chosen.size);
  try {
    const verdicts = verifyMigrations(history, lab, { chosen, onStep: (_, { name }) => progress.show(name) });
    for await (const { index, step, verdict } of verdicts) {
      await progress.clear();
      found.push(verdict);
      const file = history.steps[index]?.file ?? '';
      const name = `${nameOf(posix.join(root, file), folder)}${isShared(history, file) ? `, ${step.name}` : ''}`;
      await terminal.stdout.write(printed(name, verdict, before => told.has(before), printing));
      told.add(step.name);
    }
  } finally {
    await progress.clear();
  }
  return found;
}

/** Whether a file holds several migrations. */
const isShared = ({ steps }: FoundHistory['history'], file: FileId): boolean =>
  steps.filter(step => step.file === file).length > 1;

function statusOf(verdict: Verdict): VerifyStatus {
  switch (verdict.verdict) {
    case 'proven':
    case 'data-only':
    case 'structure-proven-data-lost':
      return 0;
    case 'not-reversible':
      return 1;
    case 'not-verifiable':
      return isFailureOfLab(verdict.because) ? 2 : 3;
  }
}

const isFailureOfLab = (because: (Verdict & { verdict: 'not-verifiable' })['because']): boolean =>
  because.reason === 'lab' || (because.reason === 'ended' && because.ending === 'crashed');

function printed(
  name: string,
  verdict: Verdict,
  isTold: (step: string) => boolean,
  { colors, width }: Printing,
): string {
  const color = { 0: colors.green, 1: colors.red, 2: colors.red, 3: colors.yellow }[statusOf(verdict)];
  const lines = details(verdict, isTold).flatMap(line =>
    wrapped(harmless(line), width - 4).map(part => `    ${part}\n`),
  );
  return `${color(headline(verdict))}  ${harmless(name)}\n${lines.join('')}`;
}

function summary(headlines: readonly string[]): string {
  const kinds = [...new Set(headlines)].map(kind => `${headlines.filter(one => one === kind).length} ${kind}`);
  return `${counted(headlines.length, 'migration')}${kinds.length ? `: ${kinds.join('; ')}` : ''}.`;
}

/** One line that overwrites itself, on a terminal only. */
function progressOf({ stderr, stdout }: Terminal, total: number) {
  const isShown = stderr.isTerminal && stdout.isTerminal;
  const width = layoutWidth(stderr.columns) - 1;
  let done = 0;
  let isDirty = false;
  return {
    show(name: string): void {
      done += 1;
      if (!isShown) return;
      isDirty = true;
      void stderr.write(`\r\u001b[2K${`${done}/${total}  ${harmless(name)}`.slice(0, width)}`);
    },
    async clear(): Promise<void> {
      if (isDirty) await stderr.write('\r\u001b[2K');
      isDirty = false;
    },
  };
}

const withSlashes = (path: string): string => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);
