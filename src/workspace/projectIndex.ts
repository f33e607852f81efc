/**
 * Which files of a project mention a class or import a file, by their texts alone: where the analysis looks for those who
 * construct a class, implement an interface or call a factory.
 */
import { posix } from 'node:path';
import type { FileId } from '../engine/place';
import type { Mentions } from '../languages/frontEnd';
import type { Sighting } from '../program/analysis';

export interface ProjectIndex {
  /** Takes in what a file mentions now; nothing when it is gone. @returns whether that is another thing than before */
  update(file: FileId, mentions: Mentions | undefined): boolean;
  sightings(of: Sighting): readonly FileId[];
}

/** @param resolve  the file that an import means */
export function projectIndexOf(
  resolve: (from: FileId, specifier: string) => FileId | undefined,
  isLookedAt: (file: FileId) => boolean = () => true,
): ProjectIndex {
  const known = new Map<FileId, Mentions>();
  const constructing = new Map<string, Set<FileId>>();
  const deriving = new Map<string, Set<FileId>>();
  const declaring = new Map<string, Set<FileId>>();
  const relating = new Map<string, Set<FileId>>();
  const providing = new Map<string, Set<FileId>>();
  /** By the last name in a specifier, which is that of the file or of its folder. */
  const importing = new Map<string, Set<FileId>>();
  const inside = new Map<string, Set<FileId>>();

  const tables = {
    constructs: constructing,
    derives: deriving,
    declares: declaring,
    relates: relating,
    provides: providing,
  } as const;
  const NAMED = ['constructs', 'derives', 'declares', 'relates', 'provides'] as const;

  const enter = (file: FileId, mentions: Mentions): void => {
    for (const kind of NAMED) for (const name of mentions[kind]) entryOf(tables[kind], name).add(file);
    for (const specifier of mentions.imports) entryOf(importing, lastNameOf(specifier)).add(file);
    for (const folder of foldersOf(file)) entryOf(inside, folder).add(file);
  };
  const leave = (file: FileId, mentions: Mentions): void => {
    for (const kind of NAMED) for (const name of mentions[kind]) tables[kind].get(name)?.delete(file);
    for (const specifier of mentions.imports) importing.get(lastNameOf(specifier))?.delete(file);
    for (const folder of foldersOf(file)) inside.get(folder)?.delete(file);
  };

  const importersOf = (file: FileId): readonly FileId[] => {
    const found: FileId[] = [];
    for (const name of namesOf(file))
      for (const each of importing.get(name) ?? []) {
        if (found.includes(each) || each === file) continue;
        const imports = known.get(each)?.imports ?? new Set();
        for (const specifier of imports)
          if (lastNameOf(specifier) === name && resolve(each, specifier) === file) {
            found.push(each);
            break;
          }
      }
    return found;
  };

  const sighted = (of: Sighting): Iterable<FileId> => {
    switch (of.kind) {
      case 'imports':
        return importersOf(of.file);
      case 'uses':
        return [...(importing.get(lastNameOf(of.package)) ?? [])].filter(file =>
          known.get(file)?.imports.has(of.package),
        );
      case 'at': {
        const paths = new RegExp(of.paths, 'u');
        return [...known.keys()].filter(file => paths.test(file));
      }
      case 'inside':
        return inside.get(of.folder) ?? [];
      default:
        return tables[of.kind].get(of.name) ?? [];
    }
  };

  return {
    update(file, mentions) {
      if (!isLookedAt(file)) return false;
      const before = known.get(file);
      if (before && mentions && isSame(before, mentions)) return false;
      if (before) leave(file, before);
      known.delete(file);
      if (mentions) {
        known.set(file, mentions);
        enter(file, mentions);
      }
      return before !== undefined || mentions !== undefined;
    },
    sightings(of) {
      return [...sighted(of)].sort();
    },
  };
}

/** The folder that a file lies in; for an index also the one around that. */
function foldersOf(file: FileId): readonly string[] {
  const folder = posix.dirname(file);
  const isIndex = posix.basename(file).replace(ENDING, '') === 'index';
  return isIndex && folder !== '.' ? [folder, posix.dirname(folder)] : [folder];
}

function entryOf(map: Map<string, Set<FileId>>, key: string): Set<FileId> {
  const known = map.get(key);
  if (known) return known;
  const files = new Set<FileId>();
  map.set(key, files);
  return files;
}

/** `../repositories/order.js` and `shop.repositories.order` → `order`, `.` and `..` → ``. */
const lastNameOf = (specifier: string): string => {
  if (PYTHONS.test(specifier)) return specifier.slice(specifier.lastIndexOf('.') + 1);
  return (specifier.split('/').findLast(part => part !== '' && part !== '.' && part !== '..') ?? '').replace(
    ENDING,
    '',
  );
};

const ENDING = /\.(?:[cm]?[jt]sx?|pyw?)$/;
/** A path of modules, with dots before it where it is relative: `.order`, `shop.order`; no file's name with its ending. */
const PYTHONS = /^\.*[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/;

/** The last names by which a file is imported: its own, and for an index that of a folder above it, or none. */
function namesOf(file: FileId): readonly string[] {
  const own = posix.basename(file).replace(ENDING, '');
  if (own === '__init__') return ['', ...posix.dirname(file).split('/').slice(-1)];
  if (own !== 'index') return [own];
  return [own, '', ...posix.dirname(file).split('/').slice(-2)];
}

const isSame = (left: Mentions, right: Mentions): boolean =>
  (['constructs', 'derives', 'declares', 'relates', 'provides', 'imports'] as const).every(
    key => left[key].size === right[key].size && [...left[key]].every(each => right[key].has(each)),
  );
