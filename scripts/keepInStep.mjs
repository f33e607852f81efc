// Files that are made of others: written anew, or with --check only looked at.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Writes what differs; with --check on the command line says so instead and sets the exit status.
 *
 * @param {{ outputs: Map<string, string>, problems: string[] }} made  texts by their paths, and what is wrong with what they are made of
 * @param {{ by: string, inStep: string }} told  the script to run, and what to say when nothing differs
 */
export async function keepInStep({ outputs, problems }, { by, inStep }) {
  const check = process.argv.includes('--check');
  const found = [...problems];
  for (const [path, text] of outputs) {
    const name = relative(root, path);
    const current = existsSync(path) ? await readFile(path, 'utf8') : undefined;
    if (current === text) continue;
    if (check) found.push(`${name} is out of date: run node ${by}.`);
    else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      console.log(`wrote ${name}`);
    }
  }
  for (const problem of found) console.error(problem);
  if (found.length > 0) process.exitCode = 1;
  else if (check) console.log(inStep);
}
