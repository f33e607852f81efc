/** `migration verify` over a folder of the disk, as a person runs it, on the lab of the calling test. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { migrationVerify } from '../../src/cli/migrationVerify';
import type { InstalledLab } from '../../src/lab/installed';
import { openProduct } from '../../src/workspace/product';
import { syntaxFiles } from '../syntax/parsers';

export interface VerifyRun {
  readonly status: number;
  readonly out: string;
  /** Each file's headline, in the order in which they are told: `1_a.sql: not reversible`. */
  readonly verdicts: readonly string[];
}

/** A folder with these files, gone after the test. */
export function folderWith(files: Iterable<readonly [string, string]>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'backend-reviewer-verify-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

export async function verify(folder: string, paths: readonly string[], lab: InstalledLab): Promise<VerifyRun> {
  const written: string[] = [];
  const stream = { write: async (text: string) => void written.push(text), isTerminal: false };
  const terminal = {
    stdout: stream,
    stderr: { ...stream, write: async () => undefined },
    environment: {},
    folder,
    input: async () => Buffer.alloc(0),
  };
  const product = openProduct({ syntax: syntaxFiles });
  const status = await migrationVerify({ paths }, terminal, () => lab, product);
  const out = written.join('');
  return {
    status,
    out,
    verdicts: [...out.matchAll(/^(\S.*?) {2}(\S.*)$/gm)].map(([, headline, file]) => `${file}: ${headline}`),
  };
}
