/** Verifying one migration for an editor: its history is found on disk, open documents standing for their files. */
import type { InstalledLab } from '../lab/installed';
import { startLab } from '../lab/lab';
import type { Verdict } from '../lab/verdict';
import { verifyHistory } from '../lab/verify';
import { details, headline } from '../lab/words';
import type { AbsolutePath, FileAccess } from '../workspace/fileAccess';
import { historiesAt, isToolsOwn } from '../workspace/histories';
import type { RunDependencies } from '../workspace/run';
import type { VerifiedStep } from './protocol';

export interface VerificationOptions {
  /** The text of an open document, by its path. */
  readonly textOf: (path: AbsolutePath) => string | undefined;
  readonly signal: AbortSignal;
  /** Told before the step is judged; the history before it runs then. */
  readonly onStep: (name: string) => void;
}

export type Verification = (path: AbsolutePath, options: VerificationOptions) => Promise<readonly VerifiedStep[]>;

/**
 * Runs migrations on the embedded PostgreSQL, in a process that is gone afterwards.
 * @param openLab throws when the installation lacks it
 */
export function verification(
  { files, configurations }: Pick<RunDependencies, 'files' | 'configurations'>,
  openLab: () => InstalledLab,
): Verification {
  return async (path, { textOf, signal, onStep }) => {
    const { histories } = await historiesAt(
      [path],
      withOpenTexts(files, textOf),
      base => configurations.configurationOf(`${base}/migration.sql`).configuration.sql.dialect ?? 'postgresql',
    );
    const verified: VerifiedStep[] = [];
    for (const { history, chosen } of histories) {
      if (history.dialect !== 'postgresql') {
        verified.push({
          name: history.steps[[...chosen][0] ?? 0]?.name ?? '',
          verdict: 'not-verifiable',
          headline: 'not verified',
          details: [`It is written for ${history.dialect}, and what runs here is a PostgreSQL.`],
        });
        continue;
      }
      const installed = openLab();
      const lab = startLab({ program: installed.program, signal });
      try {
        const verdicts = verifyHistory(lab, history.steps, {
          chosen: index => chosen.has(index),
          leftOut: isToolsOwn,
          hasExtension: installed.hasExtension,
          signal,
          onStep: (_, step) => onStep(step.name),
        });
        for await (const { step, verdict } of verdicts) verified.push(inWords(step.name, verdict));
      } finally {
        lab.close();
      }
    }
    return verified;
  };
}

const inWords = (name: string, verdict: Verdict): VerifiedStep => ({
  name,
  verdict: verdict.verdict,
  headline: headline(verdict),
  details: details(verdict),
});

/** What stands in an editor is newer than the disk. */
const withOpenTexts = (files: FileAccess, textOf: (path: AbsolutePath) => string | undefined): FileAccess => ({
  ...files,
  async stat(path) {
    const text = textOf(path);
    return text === undefined ? files.stat(path) : { kind: 'file', bytes: Buffer.byteLength(text) };
  },
  async read(path) {
    const text = textOf(path);
    return text === undefined ? files.read(path) : Buffer.from(text);
  },
});
