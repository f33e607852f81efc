/** Which file an import specifier of the workspace means. */
import type { FileId } from '../engine/place';

/** Endings that an import may leave out, in the order in which bundlers and Node try them. */
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];

/** TypeScript is imported by the name of what it compiles to: `./pool.js` is `./pool.ts`. */
const COMPILED: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx'],
  '.jsx': ['.tsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
};

/** `folder/../x` without the detour; undefined when it leads out of the project. */
function normalised(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join('/');
}

/**
 * The files that a relative specifier may mean, most likely first.
 * @returns nothing for a package's name or a path out of the project
 */
export function candidatesOf(from: FileId, specifier: string): readonly FileId[] {
  if (!specifier.startsWith('./') && !specifier.startsWith('../') && specifier !== '.' && specifier !== '..') return [];
  const folder = from.slice(0, Math.max(0, from.lastIndexOf('/')));
  const path = normalised(`${folder}/${specifier}`);
  return path === undefined ? [] : candidatesAt(path);
}

/** The files that a path may mean whose ending may be left out, most likely first. */
export function candidatesAt(path: string): readonly FileId[] {
  const ending = /\.[cm]?jsx?$/.exec(path)?.[0];
  const bare = ending ? path.slice(0, -ending.length) : path;
  return [
    ...(/\.[cm]?[jt]sx?$/.test(path) ? [path] : []),
    ...(ending ? (COMPILED[ending] ?? []).map(other => bare + other) : []),
    ...ENDINGS.map(other => path + other),
    ...ENDINGS.map(other => `${path ? `${path}/` : ''}index${other}`),
  ];
}
