/** `migration down`: prints the SQL of a migration's way back, or writes it to where its tool looks for it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, posix, resolve } from 'node:path';
import { readSource } from '../workspace/decode';
import { migrationDownOf } from '../workspace/migrationDown';
import { projectRootOf } from '../workspace/project';
import type { RunDependencies } from '../workspace/run';
import { UsageError } from '../workspace/usageError';
import type { Terminal } from './check';
import type { DownArguments } from './commandLine';
import { nameOf } from './report';

/**
 * @returns 0 with the SQL on standard output, or written; 1 with the reason on standard error
 * @throws UsageError, ConfigurationError for what ends the run with status 2
 */
export async function migrationDown(
  { file, write }: DownArguments,
  { stdout, stderr, folder }: Terminal,
  { files, createReviewer }: Pick<RunDependencies, 'files' | 'createReviewer'>,
): Promise<0 | 1> {
  const path = withSlashes(resolve(folder, file));
  const found = files.exists(path) ? await files.stat(path) : undefined;
  if (!found) throw new UsageError(`there is no ${file}`);
  if (found.kind !== 'file') throw new UsageError(`${file} is no file: the way back is written for one migration`);
  const root = projectRootOf(posix.dirname(path), files);
  const down = await migrationDownOf(createReviewer(root), posix.relative(root, path), async of => {
    const source = await readSource(files, posix.join(root, of));
    return 'text' in source ? source.text : undefined;
  });
  if ('because' in down) return refuse(down.because);
  if (!write) {
    await stdout.write(down.sql);
    return 0;
  }
  if ('because' in down.placed) return refuse(down.placed.because);
  const target = posix.join(root, down.placed.file);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, down.placed.text);
  await stderr.write(`The way back stands in ${nameOf(target, withSlashes(folder))}.\n`);
  return 0;

  async function refuse(because: string): Promise<1> {
    await stderr.write(`No way back: ${because}.\n`);
    return 1;
  }
}

const withSlashes = (path: string): string => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);
