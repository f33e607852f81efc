/** Verifying the migrations that a file holds, as they stand in the editor, for a person who has asked. */
import type { FileId } from '../engine/place';
import type { InstalledLab } from '../lab/installed';
import { labOnNeed, verifyMigrations } from '../lab/verifyMigrations';
import { details, headline } from '../lab/words';

import type { Reviewer } from '../workspace/reviewer';
import type { PlaceInHistory } from '../workspace/schemaHistory';
import type { VerifiedStep } from './protocol';

export interface VerificationOptions {
  readonly signal: AbortSignal;
  /** Told before the step is judged; the history before it runs then. */
  readonly onStep: (name: string) => void;
}

export type Verification = (
  reviewer: Reviewer,
  file: FileId,
  options: VerificationOptions,
) => Promise<readonly VerifiedStep[]>;

/**
 * Runs migrations on the embedded PostgreSQL, in a process that is gone afterwards.
 * @param openLab throws when the installation lacks it
 */
export const verification =
  (openLab: () => InstalledLab): Verification =>
  async (reviewer, file, { signal, onStep }) => {
    const chosen = new Map<PlaceInHistory['history'], Set<number>>();
    for (const { history, index } of await reviewer.placesIn(file))
      chosen.set(history, (chosen.get(history) ?? new Set()).add(index));
    const verified: VerifiedStep[] = [];
    const lab = labOnNeed(openLab, { signal });
    try {
      for (const [history, steps] of chosen) {
        const told = new Set<string>();
        const options = { chosen: steps, signal, onStep: (_: number, { name }: { name: string }) => onStep(name) };
        for await (const { step, verdict } of verifyMigrations(history, lab, options)) {
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
  };
