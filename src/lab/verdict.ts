/** What the lab is given to judge, and what it says. */
import type { MigrationTool } from '../engine/migrationTools';
import type { LabScript } from './database';
import type { Difference } from './differences';
import type { Ending } from './lab';
import type { ServerError } from './protocol';

export interface LabStep {
  readonly name: string;
  readonly up: LabScript;
  /** Absent: there is none, or nothing in it. */
  readonly down?: LabScript;
  /** Why its tool would not run it. */
  readonly refused?: string;
  /** Run whenever it changes, and never undone. */
  readonly repeatable?: boolean;
}

export type Verdict = {
  /** Differences that are shown and do not decide. */
  readonly soft: readonly Difference[];
  readonly twice?: Twice;
} & (
  | { readonly verdict: 'proven'; readonly again?: Again }
  /** The up leaves the structure alone: it needs no way back. */
  | { readonly verdict: 'data-only' }
  /** The structure comes back, and these are gone: `rows of orders`, `values of orders.note`. */
  | { readonly verdict: 'structure-proven-data-lost'; readonly lost: readonly string[]; readonly again?: Again }
  | { readonly verdict: 'not-reversible'; readonly because: NotReversible }
  | { readonly verdict: 'not-verifiable'; readonly because: NotVerifiable }
);

export type NotReversible =
  /** The up changes these. */
  | { readonly reason: 'no-down'; readonly differences: readonly Difference[] }
  /** The down does nothing but fail. */
  | { readonly reason: 'down-throws'; readonly differences: readonly Difference[] }
  | { readonly reason: 'down-fails'; readonly failure: Failure }
  | { readonly reason: 'differs'; readonly differences: readonly Difference[] };

export type NotVerifiable =
  | { readonly reason: 'untranslated'; readonly direction: 'up' | 'down'; readonly what: readonly string[] }
  /** The tool does not run it. */
  | { readonly reason: 'refused'; readonly message: string }
  /** The tool knows no way back. */
  | { readonly reason: 'without-downs'; readonly tool: MigrationTool }
  /** Its tool runs it whenever it changes, and has no way back for it. */
  | { readonly reason: 'repeatable' }
  /** In which order its tool would run the history is not certain. */
  | { readonly reason: 'unordered'; readonly message: string }
  /** It is written for a server that the lab does not have. */
  | { readonly reason: 'dialect'; readonly dialect: string }
  | { readonly reason: 'extension'; readonly extension: string }
  | { readonly reason: 'up-fails'; readonly failure: Failure }
  /** The history before it does not get that far. */
  | { readonly reason: 'history'; readonly step: string; readonly because: NotVerifiable }
  | {
      readonly reason: 'ended';
      readonly direction: 'up' | 'down';
      readonly statement: number;
      /** Absent where it was none of the migration's. */
      readonly sql?: string;
      readonly ending: Ending;
    }
  | { readonly reason: 'lab'; readonly message: string };

export interface Failure {
  /** Counted from 0 within its direction. */
  readonly statement: number;
  readonly sql: string;
  readonly error: ServerError;
}

/** What the up did when it ran after its down. Absent: the same as the first time. */
export type Again =
  | { readonly outcome: 'fails'; readonly failure: Failure }
  | { readonly outcome: 'differs'; readonly differences: readonly Difference[] };

/** What happens when the up runs on a schema that has it already. */
export type Twice =
  | { readonly outcome: 'same' }
  | { readonly outcome: 'changes'; readonly differences: readonly Difference[] }
  /** `undone`: the schema is as it was before the second run. */
  | { readonly outcome: 'fails'; readonly failure: Failure; readonly undone: boolean };
