/** Verifying the migrations that a file holds, as they stand in an editor or on the disk, for a person who has asked. */
import type { FileId } from '../engine/place';
import type { InstalledLab } from '../lab/installed';
import { labOnNeed, verifyMigrations } from '../lab/verifyMigrations';
import { details, headline } from '../lab/words';
import type { Verified } from '../persona/tools/host';
import type { Reviewer } from './reviewer';
import type { PlaceInHistory } from './schemaHistory';

export interface VerifyStepsOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told before the step is judged; the history before it runs then. */
  readonly onStep?: (name: string) => void;
}

/**
 * Runs migrations on the embedded PostgreSQL, in a process that is gone afterwards.
 * @param openLab throws when the installation lacks it
 */
export async function verifySteps(
  openLab: () => InstalledLab,
  reviewer: Pick<Reviewer, 'placesIn'>,
  file: FileId,
  { signal, onStep }: VerifyStepsOptions = {},
): Promise<Verified['steps']> {
  const chosen = new Map<PlaceInHistory['history'], Set<number>>();
  for (const { history, index } of await reviewer.placesIn(file))
    chosen.set(history, (chosen.get(history) ?? new Set()).add(index));
  const verified: Verified['steps'][number][] = [];
  const stop = signal ? { signal } : {};
  const lab = labOnNeed(openLab, stop);
  try {
    for (const [history, steps] of chosen) {
      const told = new Set<string>();
      const onEach = (_: number, { name }: { name: string }) => onStep?.(name);
      for await (const { step, verdict } of verifyMigrations(history, lab, {
        chosen: steps,
        ...stop,
        onStep: onEach,
      })) {
        verified.push({
          name: step.name,
          verdict: verdict.verdict,
          headline: headline(verdict),
          details: details(verdict, before => told.has(before)),
        });
        told.add(step.name);
      }
    }
  } finally {
    lab.close();
  }
  return verified;
}
