/** Which imports have to be resolved anew when a file comes, changes or goes: there are thousands, and each file touches few. */
import type { FileId } from '../engine/place';

interface Resolution {
  readonly from: FileId;
  readonly specifier: string;
  readonly found: FileId | undefined;
}

export interface Resolutions {
  note(key: string, resolution: Resolution): void;
  /** Keys of what the file imports, what means the file, and what meant none and may mean this one now. */
  touchedBy(file: FileId): readonly string[];
  all(): Iterable<string>;
}

export function createResolutions(): Resolutions {
  const current = new Map<string, Resolution>();
  /** Keys by the file that they were found to mean, and by the one that imports. */
  const byFile = new Map<FileId, Set<string>>();
  /** Keys that meant no file, by each name that such a file's path would hold; by '' those that name nothing. */
  const open = new Map<string, Set<string>>();

  return {
    note(key, resolution) {
      const before = current.get(key);
      if (before && before.found !== resolution.found && before.found !== undefined)
        byFile.get(before.found)?.delete(key);
      current.set(key, resolution);
      keysOf(byFile, resolution.from).add(key);
      if (resolution.found === undefined) for (const name of namesIn(resolution.specifier)) keysOf(open, name).add(key);
      else keysOf(byFile, resolution.found).add(key);
    },
    touchedBy(file) {
      const keys = new Set(byFile.get(file));
      for (const name of ['', ...namesIn(file)])
        for (const key of open.get(name) ?? []) if (current.get(key)?.found === undefined) keys.add(key);
      return [...keys];
    },
    all: () => current.keys(),
  };
}

function keysOf(keysBy: Map<string, Set<string>>, name: string): Set<string> {
  const known = keysBy.get(name);
  if (known) return known;
  const keys = new Set<string>();
  keysBy.set(name, keys);
  return keys;
}

/** `./orders/pool.js` names `orders` and `pool`, whatever ending or folder the file is found under; `..` names nothing. */
function namesIn(path: string): readonly string[] {
  const names = path.split(/[/.\\:]+/).filter(name => name.length > 0);
  return names.length > 0 ? names : [''];
}
