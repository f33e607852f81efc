/** Runs one command and gives its exit status; the only place that turns an error into a sentence and status 2. */
import { ConfigurationError } from '../engine/configuration';
import type { InstalledLab } from '../lab/installed';
import { isEndpointFailure } from '../models/failure';
import { UsageError } from '../workspace/usageError';
import { ask } from './ask';
import { check, type Review, type Terminal } from './check';
import { parseCommandLine } from './commandLine';
import { helpFor } from './help';
import { migrationDown } from './migrationDown';
import { migrationVerify } from './migrationVerify';
import { colorsFor } from './terminal';

export interface Product {
  readonly version: string;
  /** Loads what reviewing needs; asked by all that reads code. */
  openReview(): Promise<Review>;
  /** The embedded PostgreSQL; asked by `migration verify` alone. */
  openLab(): InstalledLab;
  /** Serves an editor; the process lives on until the editor ends it. */
  serveEditor(): void;
}

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
      case 'ask':
        return await ask(command, terminal, await product.openReview());
      case 'migration verify':
        return await migrationVerify(command, terminal, () => product.openLab(), await product.openReview());
      case 'migration down':
        return await migrationDown(command, terminal, await product.openReview());
      case 'check':
        return await check(command, terminal, await product.openReview(), product.version);
    }
  } catch (error) {
    await terminal.stderr.write(`${complaint(error, terminal)}\n`);
    return 2;
  }
}

/** A person's mistake is one sentence. A failure of ours also tells where, for the report about it. */
function complaint(error: unknown, { stderr, environment }: Terminal): string {
  const { red } = colorsFor(stderr.isTerminal, environment);
  if (error instanceof UsageError || error instanceof ConfigurationError || isEndpointFailure(error))
    return `${red('backend-reviewer:')} ${error.message}`;
  const told = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `${red('backend-reviewer:')} the run failed; this is a fault in Backend Reviewer\n${told}`;
}
