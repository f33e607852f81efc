/**
 * A tool as every agent meets it: a name, words for a model, a schema of its arguments, and a function. Who publishes it
 * (an MCP server, an editor, a chat) brings the host; the answer is plain data, small, with `file:line` for each place.
 */
import { type Consent, consentFor } from './consent';
import type { ToolHost } from './host';
import type { JsonSchema, Parameters } from './parameters';

export interface Tool {
  /** verb_noun */
  readonly name: string;
  readonly title: string;
  /** For a model: what it does, and when it is the one to use. */
  readonly description: string;
  readonly parameters: JsonSchema;
  /** It writes files. */
  readonly changes: boolean;
  /** What a person is asked before it is done; nothing where it only reads. */
  consent(args: unknown): Consent | undefined;
  /** Never throws for what it is asked; only the signal's reason, when it is raised. */
  call(args: unknown, host: ToolHost, signal?: AbortSignal): Promise<ToolResult>;
}

export type ToolResult =
  | { readonly ok: true; readonly value: ToolValue }
  | { readonly ok: false; readonly error: ToolError };

/** JSON. */
export type ToolValue = { readonly [key: string]: unknown };

export type ToolErrorCode =
  | 'invalid-arguments'
  | 'outside-workspace'
  | 'not-found'
  | 'nothing-covered'
  | 'no-fix'
  | 'no-way-back'
  | 'not-verifiable'
  | 'not-trusted'
  | 'declined'
  | 'failed';

export interface ToolError {
  readonly code: ToolErrorCode;
  readonly message: string;
  /** What to do next. */
  readonly next: string;
}

export const failure = (code: ToolErrorCode, message: string, next: string): ToolError => ({ code, message, next });

export const isFailure = (answer: object): answer is ToolError => 'code' in answer && 'next' in answer;

interface Definition<Args> extends Pick<Tool, 'name' | 'title' | 'description'> {
  readonly takes: Parameters<Args>;
  readonly changes?: true;
  run(args: Args, host: ToolHost, signal: AbortSignal | undefined): Promise<ToolValue | ToolError>;
}

/** Checks the arguments, and turns what goes wrong into an answer: the place that catches, around a call of a tool. */
export function defineTool<Args>({ takes, run, changes, ...words }: Definition<Args>): Tool {
  return {
    ...words,
    parameters: takes.schema,
    changes: changes === true,
    consent: args => consentFor(words.name, args),
    async call(args, host, signal) {
      const read = takes.read(args);
      if ('problem' in read) return { ok: false, error: wrongArguments(words.name, read.problem, takes.schema) };
      try {
        signal?.throwIfAborted();
        const answer = await run(read.value, host, signal);
        return isFailure(answer) ? { ok: false, error: answer } : { ok: true, value: answer };
      } catch (error) {
        signal?.throwIfAborted();
        const message = error instanceof Error ? error.message : String(error);
        return {
          ok: false,
          error: failure(
            'failed',
            `${words.name} failed: ${message}`,
            'Try it once more with a smaller scope (one file); if it fails again, say so and go on without it.',
          ),
        };
      }
    },
  };
}

const wrongArguments = (name: string, problem: string, { properties, required }: JsonSchema): ToolError => {
  const takes = Object.keys(properties ?? {}).map(key => (required?.includes(key) ? key : `${key} (optional)`));
  return failure(
    'invalid-arguments',
    problem,
    takes.length > 0 ? `Call ${name} again with: ${takes.join(', ')}.` : `Call ${name} again without arguments.`,
  );
};
