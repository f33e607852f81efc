/** The files in which a team tells those who work for it what they should know. Read as text, below the workspace alone. */
import { posix } from 'node:path';
import type { TeamFile } from '../persona/grounding';
import { TEAM_FILES } from '../persona/teamFiles';
import { readSource } from './decode';
import type { AbsolutePath, FileAccess } from './fileAccess';

/** Where they may lie, and how deep below. */
const FOLDERS: readonly (readonly [folder: string, depth: number])[] = [
  ['', 0],
  ['.workos/context', 0],
  ['projects/prds', 0],
  ['.ai/workflows', 0],
  ['.ai/standards', 0],
  ['stacks', 2],
];

/** More is a library, which nobody meant to be read with each question. */
const MOST_FILES = 60;
const MOST_CHARACTERS = 100_000;

/** A link is not followed: it may lead out of the workspace. */
export async function teamFilesIn(folder: AbsolutePath, files: FileAccess): Promise<readonly TeamFile[]> {
  const found: TeamFile[] = [];
  for (const path of FOLDERS.flatMap(([below, depth]) => pathsIn(folder, below, depth, files)).slice(0, MOST_FILES)) {
    const source = await readSource(files, posix.join(folder, path));
    if ('text' in source) found.push({ path, text: source.text.slice(0, MOST_CHARACTERS) });
  }
  return found;
}

function pathsIn(folder: AbsolutePath, below: string, depth: number, files: FileAccess): readonly string[] {
  return files.entries(posix.join(folder, below)).flatMap(({ name, kind }) => {
    const path = below === '' ? name : `${below}/${name}`;
    if (kind === 'folder') return depth > 0 ? pathsIn(folder, path, depth - 1, files) : [];
    return kind === 'file' && TEAM_FILES.some(pattern => pattern.test(path)) && !BINARY.test(path) ? [path] : [];
  });
}

const BINARY = /\.(?:pdf|docx?|xlsx?|pptx?|png|jpe?g|gif|zip)$/i;
