/** What the review and the child process with the embedded PostgreSQL say to each other: one question, one answer. */

export type Question = { readonly id: number } & Request;

export type Request =
  /** Gives an empty database; `extensions` can be created in it from then on. */
  | { readonly ask: 'open'; readonly extensions: readonly string[] }
  /** Runs one statement or several, as a client would send them. */
  | { readonly ask: 'run'; readonly sql: string };

export type Answer = { readonly id: number } & Reply;

export type Reply =
  | { readonly rows: readonly unknown[] }
  /** The server's refusal, or that of the embedding where there is no `code`. */
  | { readonly error: ServerError };

export interface ServerError {
  readonly message: string;
  /** SQLSTATE. */
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
}

/** What the child writes to its standard error before it ends itself for having grown beyond what it may. */
export const TOO_LARGE = '\nbackend-reviewer: the memory limit\n';
