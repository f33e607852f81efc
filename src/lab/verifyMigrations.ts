/** A history of migrations as the lab judges it: what it runs, and what needs no server to be told. */
import { isToolsOwn, type MigrationHistory } from '../migrations/history';
import type { InstalledLab } from './installed';
import { type LabLimits, startLab } from './lab';
import type { NotVerifiable } from './verdict';
import { type Verified, type VerifyOptions, verifyHistory } from './verify';

export interface MigrationsOptions extends Pick<VerifyOptions, 'signal' | 'onStep'> {
  /** By their place in the history. */
  readonly chosen: ReadonlySet<number>;
  readonly limits?: Partial<LabLimits>;
}

/**
 * Judges the chosen steps in the order of the history, in a process that is gone afterwards.
 * @param openLab asked only where there is something to run; throws when the installation lacks it
 */
export async function* verifyMigrations(
  history: MigrationHistory,
  openLab: () => InstalledLab,
  { chosen, signal, onStep, limits }: MigrationsOptions,
): AsyncGenerator<Verified> {
  const { steps } = history;
  const because = whyNot(history);
  if (because) {
    for (const [index, step] of steps.entries())
      if (chosen.has(index)) yield { index, step, verdict: { verdict: 'not-verifiable', because, soft: [] } };
    return;
  }
  const { program, hasExtension } = openLab();
  const lab = startLab({ program, ...(limits ? { limits } : {}), ...(signal ? { signal } : {}) });
  try {
    yield* verifyHistory(lab, steps, {
      chosen: index => chosen.has(index),
      leftOut: isToolsOwn,
      hasExtension,
      ...(signal ? { signal } : {}),
      ...(onStep ? { onStep } : {}),
    });
  } finally {
    lab.close();
  }
}

/** What keeps a whole history from being run. */
function whyNot({ dialect, withoutDowns, tool, unordered }: MigrationHistory): NotVerifiable | undefined {
  if (dialect !== 'postgresql') return { reason: 'dialect', dialect };
  if (withoutDowns === 'by-design') return { reason: 'without-downs', tool };
  return unordered === undefined ? undefined : { reason: 'unordered', message: unordered };
}
