/** Runs one command and gives its exit status; the only place that turns an error into a sentence and status 2. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigurationError } from '../engine/configuration';
import type { InstalledLab } from '../lab/installed';
import type { EndpointFailure } from '../models/failure';
import type { FileAccess } from '../workspace/fileAccess';
import { UsageError } from '../workspace/usageError';
import type { Review, Terminal } from './check';
import { type Command, parseCommandLine } from './commandLine';
import { helpFor } from './help';
import { colorsFor } from './terminal';

export interface Product {
  readonly version: string;
  /** Called before anything that reviews is loaded, for a command that reviews once and ends. */
  prepareRun(): void;
  /**
   * Loads what reviewing needs; asked by all that reads code.
   * @param files  those of the disk where absent
   */
  readonly openReview: (files?: FileAccess) => Promise<Review>;
  /** The embedded PostgreSQL; asked by `migration verify` alone. */
  openLab(): InstalledLab;
  /** Serves an editor; the process lives on until the editor ends it. */
  serveEditor(): void;
  /**
   * Serves agents until the client closes the connection.
   * @param workspaces  absolute
   */
  serveAgents(workspaces: readonly string[]): Promise<void>;
}

/** A command that reviews once and ends. */
type RunCommand = Exclude<Command, { readonly name: 'help' | 'version' | 'lsp' | 'mcp' }>;

/** @param words  the command line without the runtime and the script */
export async function runCommand(
  words: readonly string[],
  terminal: Terminal,
  product: Product,
): Promise<0 | 1 | 2 | 3> {
  try {
    const command = parseCommandLine(words);
    switch (command.name) {
      case 'help':
        await terminal.stdout.write(
          helpFor(command.about, colorsFor(terminal.stdout.isTerminal, terminal.environment)),
        );
        return 0;
      case 'version':
        await terminal.stdout.write(`${product.version}\n`);
        return 0;
      case 'lsp':
        product.serveEditor();
        return 0;
      case 'mcp':
        await product.serveAgents(existingFolders(command.workspaces, terminal.folder));
        return 0;
      default:
        product.prepareRun();
        return await runOnce(command, terminal, product);
    }
  } catch (error) {
    await terminal.stderr.write(`${complaint(error, terminal)}\n`);
    return 2;
  }
}

/** Each loads what it needs: the handshake of `mcp`, and a person who asks for help, wait for nothing of it. */
async function runOnce(command: RunCommand, terminal: Terminal, product: Product): Promise<0 | 1 | 2 | 3> {
  switch (command.name) {
    case 'ask':
      return (await import('./ask')).ask(command, terminal, await product.openReview());
    case 'migration verify': {
      const { migrationVerify } = await import('./migrationVerify');
      return migrationVerify(command, terminal, () => product.openLab(), await product.openReview());
    }
    case 'migration down': {
      const { migrationDown } = await import('./migrationDown');
      return migrationDown(command, terminal, await product.openReview());
    }
    case 'check': {
      const { check } = await import('./check');
      return check(command, terminal, product.openReview, product.version);
    }
  }
}

/** @throws UsageError for a folder that is not there */
function existingFolders(names: readonly string[], current: string): readonly string[] {
  const folders: string[] = [];
  for (const name of names) {
    const folder = resolve(current, name);
    const found = statSync(folder, { throwIfNoEntry: false });
    if (!found?.isDirectory())
      throw new UsageError(`--workspace ${name}: ${found ? 'it is no folder' : 'there is no such folder'}`);
    folders.push(folder);
  }
  return folders;
}

type Mistake = UsageError | ConfigurationError | EndpointFailure;
const MISTAKES: ReadonlySet<string> = new Set<Mistake['name']>(['UsageError', 'ConfigurationError', 'EndpointFailure']);

/** Told by its name: bundles each bring their own copy of the classes. */
const isMistake = (error: unknown): error is Mistake => error instanceof Error && MISTAKES.has(error.name);

/** A person's mistake is one sentence. A failure of ours also tells where, for the report about it. */
function complaint(error: unknown, { stderr, environment }: Terminal): string {
  const { red } = colorsFor(stderr.isTerminal, environment);
  if (isMistake(error)) return `${red('backend-reviewer:')} ${error.message}`;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${red('backend-reviewer:')} the run failed; this is a fault in Backend Reviewer\n${told}`;
}
