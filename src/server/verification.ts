/** Verifying the migrations that a file holds, as they stand in the editor, for a person who has asked. */
import type { FileId } from '../engine/place';
import type { InstalledLab } from '../lab/installed';
import type { Reviewer } from '../workspace/reviewer';
import { verifySteps } from '../workspace/verifySteps';
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
  (reviewer, file, options) =>
    verifySteps(openLab, reviewer, file, options);
