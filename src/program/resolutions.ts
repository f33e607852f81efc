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
}

export function createResolutions(): Resolutions {
  const current = new Map<string, Resolution>();
  /** Keys by the file that they were found to mean, and by the one that imports. */
  const byFile = new Map<FileId, Set<string>>();
  /** Keys that meant no file, with the names that such a file's path would hold. */
  const open = new Map<string, readonly string[]>();

  return {
    note(key, resolution) {
      const before = current.get(key);
      if (before && before.found !== resolution.found && before.found !== undefined)
        byFile.get(before.found)?.delete(key);
      current.set(key, resolution);
      keysOf(byFile, resolution.from).add(key);
      if (resolution.found === undefined) open.set(key, namesIn(resolution.specifier));
      else {
        open.delete(key);
        keysOf(byFile, resolution.found).add(key);
      }
    },
    touchedBy(file) {
      const keys = new Set(byFile.get(file));
      for (const [key, names] of open) if (names.length === 0 || names.some(name => file.includes(name))) keys.add(key);
      return [...keys];
    },
  };
}

function keysOf(byFile: Map<FileId, Set<string>>, file: FileId): Set<string> {
  const known = byFile.get(file);
  if (known) return known;
  const keys = new Set<string>();
  byFile.set(file, keys);
  return keys;
}

/** `./orders/pool.js` names `orders` and `pool`, whatever ending or folder the file is found under; `..` names nothing. */
const namesIn = (specifier: string): readonly string[] => specifier.split(/[/.\\:]+/).filter(name => name.length > 0);
