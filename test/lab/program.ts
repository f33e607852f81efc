/** The lab's child process for the tests of a file, built once. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type InstalledLab, installedLab } from '../../src/lab/installed';

const root = resolve(import.meta.dirname, '../..');

/** Builds it before the tests of the calling file. */
export function usesLab(): () => InstalledLab {
  const folder = mkdtempSync(join(tmpdir(), 'lab-'));
  let installed: InstalledLab | undefined;
  beforeAll(() => {
    execFileSync(process.execPath, ['scripts/lab.mjs', folder], { cwd: root, stdio: 'pipe' });
    installed = installedLab(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    if (!installed) throw new Error('The lab is there only while tests run: ask for it inside a test.');
    return installed;
  };
}
