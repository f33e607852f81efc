/** Which folder a call is about: the one that it names, else the one that the command line or the client gave. */
import { realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure, type ToolError } from '../persona/tools/tool';

export interface Workspaces {
  /**
   * @param asked  the call's own word: an absolute path or a `file:` URI
   * @param path   of the file that the call is about: of several folders the one that an absolute path lies in
   */
  folderFor(asked: unknown, path?: unknown): Promise<string | ToolError>;
  /** Those that the command line or the client gave. */
  given(): Promise<readonly string[]>;
}

/** @param offered  of the command line where it names any, else the client's roots; absolute paths */
export function workspacesOf(offered: () => Promise<readonly string[]>): Workspaces {
  const given = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const folder of await offered()) {
      const real = await realFolder(folder);
      if (real !== undefined && !found.includes(real)) found.push(real);
    }
    return found;
  };
  return {
    given,
    async folderFor(asked, path) {
      const folders = await given();
      if (asked === undefined || asked === null) return chosen(folders, path);
      if (typeof asked !== 'string')
        return failure(
          'invalid-arguments',
          '"workspace" is to be a text: the absolute path of a folder.',
          'Give the project’s root.',
        );
      const named = pathOf(asked);
      if (named === undefined)
        return failure(
          'invalid-arguments',
          `"workspace" is to be an absolute path or a file: URI, and is "${asked.slice(0, 200)}".`,
          folders.length > 0
            ? `These can be used: ${folders.join(', ')}.`
            : 'Give the absolute path of the project’s root.',
        );
      const real = await realFolder(named);
      if (real === undefined)
        return failure('not-found', `There is no folder "${named.slice(0, 200)}".`, 'Give the project’s root.');
      if (folders.length > 0 && !folders.some(folder => isWithin(real, folder)))
        return failure(
          'outside-workspace',
          `"${named}" lies outside of what this server was started for.`,
          `It may look into ${folders.join(', ')} and the folders below.`,
        );
      if (isTooWide(real))
        return failure(
          'invalid-arguments',
          `"${named}" is no project.`,
          'Give the root of one project, with its manifest or .git.',
        );
      return real;
    },
  };
}

function chosen(folders: readonly string[], path: unknown): string | ToolError {
  const [first, ...others] = folders;
  if (first === undefined)
    return failure(
      'invalid-arguments',
      'Which workspace? The client told no folder, and the call names none.',
      'Call again with "workspace": the absolute path of the project’s root.',
    );
  if (others.length === 0) return first;
  const around =
    typeof path === 'string' && isAbsolute(path) ? folders.find(folder => isWithin(slashed(path), folder)) : undefined;
  return (
    around ??
    failure(
      'invalid-arguments',
      'Which workspace? There are several.',
      `Call again with "workspace": ${folders.map(folder => `"${folder}"`).join(' or ')}.`,
    )
  );
}

/** Nothing for what is neither an absolute path nor a file's URI. */
export function pathOf(written: string): string | undefined {
  if (isAbsolute(written)) return written.includes('\0') ? undefined : resolve(written);
  if (!written.startsWith('file:')) return undefined;
  try {
    const path = fileURLToPath(written);
    return path.includes('\0') ? undefined : path;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const isTooWide = (folder: string): boolean =>
  resolve(folder, '..') === resolve(folder) || folder === slashed(homedir());

const isWithin = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** Without links; nothing where there is no such folder. */
async function realFolder(path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isDirectory() ? slashed(real) : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

const slashed = (path: string): string => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);
