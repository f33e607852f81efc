/**
 * Modules that import whatever lies in a folder and hand it on by name: `db[model.name] = require(path.join(__dirname, file))`.
 * Which name is whose is told by the names of the files.
 */
import type { FileId } from '../engine/place';
import type { Module } from './model';
import { visitNodes } from './traverse';

/** Where a module imports from without naming the file: a folder, and what the names of the files end with. */
export interface FolderImport {
  readonly folder: string;
  readonly ending: string;
}

/** What a dynamic import is written with, at least. */
const MAY_IMPORT = /\b(?:require|import)\s*\(\s*(?:[^'"\s)]|(['"])[^'"\n]*\1\s*\+)/;

/** The folders that a module's own code imports from, as seen from the module. */
export function folderImportsIn(module: Module): readonly FolderImport[] {
  if (!MAY_IMPORT.test(module.top.text)) return [];
  const patterns = new Set<string>();
  for (const unit of [module.top, ...module.units])
    if (MAY_IMPORT.test(unit.text))
      visitNodes(unit.function.body, node => {
        if (node.kind === 'import' && node.from.includes('*')) patterns.add(node.from);
        return true;
      });
  return [...patterns].map(pattern => folderImport(module.file, pattern));
}

/** `./models/*.model` of `src/db.js`: the folder `src/models` and the ending `.model`. */
export function folderImport(file: FileId, pattern: string): FolderImport {
  const star = pattern.indexOf('*');
  const steps = [...file.split('/').slice(0, -1), ...pattern.slice(0, star).split('/').slice(0, -1)];
  const folder: string[] = [];
  for (const step of steps)
    if (step === '..') folder.pop();
    else if (step !== '.' && step !== '') folder.push(step);
  return { folder: folder.join('/') || '.', ending: pattern.slice(star + 1).replace(ENDING, '') };
}

const ENDING = /\.[cm]?[jt]sx?$/;

/** What a file is called in its folder, `order.model`; of an index what its folder is called. */
const nameOf = (file: FileId, folder: string): string => {
  const below = folder === '.' ? file : file.slice(folder.length + 1);
  return below.replace(ENDING, '').replace(/\/index$/, '');
};

/** `order-line.model`, `OrderLine`, `order_lines` are one name. */
const bare = (name: string): string =>
  name
    .replace(/[._-](?:model|entity|schema)s?$/i, '')
    .replace(/[^\p{L}\p{N}]/gu, '')
    .toLowerCase();

/** The files that an import from a folder may mean: not the one that imports. */
export const filesFor = (
  { folder, ending }: FolderImport,
  files: readonly FileId[],
  importer: FileId,
): readonly FileId[] =>
  files.filter(file => {
    const name = nameOf(file, folder);
    return file !== importer && name !== 'index' && name.endsWith(ending) && !/\.(?:test|spec|d)$/.test(name);
  });

/** The file that is called like what is looked for. */
export function fileNamed(name: string, { folder }: FolderImport, files: readonly FileId[]): FileId | undefined {
  const wanted = bare(name);
  const named = (is: (own: string) => boolean): FileId | undefined =>
    files.find(file => is(bare(nameOf(file, folder))));
  return named(own => own === wanted) ?? named(own => `${own}s` === wanted || own === `${wanted}s`);
}
