/** What a plan of a schema change is made of. */

export interface MigrationPlan {
  readonly title: string;
  readonly steps: readonly PlanStep[];
  /** What no down brings back. */
  readonly loses?: string;
  /** What should be settled before. */
  readonly mind: readonly string[];
}

export interface PlanStep {
  readonly phase: 'Expand' | 'Write both' | 'Backfill' | 'Switch' | 'Contract';
  readonly does: string;
  readonly up?: string;
  readonly down?: string;
  /** The tool must run it outside of a transaction. */
  readonly outsideTransaction?: boolean;
}

/** A statement that waits for a lock lets nobody pass: it gives up soon, and is tried again. */
export const LOCK = "SET lock_timeout = '2s';";
