/** A history of migrations as the lab judges it: what it runs, and what needs no server to be told. */
import { isToolsOwn, type MigrationHistory } from '../migrations/history';
import type { InstalledLab } from './installed';
import { type Lab, type LabLimits, startLab } from './lab';
import type { NotVerifiable } from './verdict';
import { type Verified, type VerifyOptions, verifyHistory } from './verify';

/** One process for the histories of one question, started where there is something to run. */
export interface LabOnNeed {
  readonly use: () => Pick<InstalledLab, 'hasExtension'> & { readonly lab: Lab };
  readonly close: () => void;
}

/** @param openLab throws when the installation lacks it */
export function labOnNeed(
  openLab: () => InstalledLab,
  options: { readonly limits?: Partial<LabLimits>; readonly signal?: AbortSignal } = {},
): LabOnNeed {
  let used: ReturnType<LabOnNeed['use']> | undefined;
  return {
    use() {
      if (used) return used;
      const { program, hasExtension } = openLab();
      used = { lab: startLab({ program, ...options }), hasExtension };
      return used;
    },
    close: () => used?.lab.close(),
  };
}

export interface MigrationsOptions extends Pick<VerifyOptions, 'signal' | 'onStep'> {
  /** By their place in the history. */
  readonly chosen: ReadonlySet<number>;
}

/** Judges the chosen steps in the order of the history. Ends early when cancelled; throws for nothing that SQL does. */
export async function* verifyMigrations(
  history: MigrationHistory,
  { use }: LabOnNeed,
  { chosen, ...options }: MigrationsOptions,
): AsyncGenerator<Verified> {
  const { steps } = history;
  const because = whyNot(history);
  if (because) {
    for (const [index, step] of steps.entries())
      if (chosen.has(index)) yield { index, step, verdict: { verdict: 'not-verifiable', because, soft: [] } };
    return;
  }
  const { lab, hasExtension } = use();
  yield* verifyHistory(lab, steps, {
    ...options,
    chosen: index => chosen.has(index),
    leftOut: isToolsOwn,
    hasExtension,
  });
}

/** Whether its steps can be run at all: for a PostgreSQL, in a known order, by a tool that has downs. */
export const isVerifiable = (history: MigrationHistory): boolean => whyNot(history) === undefined;

/** What keeps a whole history from being run. */
function whyNot({ dialect, withoutDowns, tool, unordered }: MigrationHistory): NotVerifiable | undefined {
  if (dialect !== 'postgresql') return { reason: 'dialect', dialect };
  if (withoutDowns === 'by-design') return { reason: 'without-downs', tool };
  return unordered === undefined ? undefined : { reason: 'unordered', message: unordered };
}
