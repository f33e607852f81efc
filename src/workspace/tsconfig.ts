/** What a `tsconfig.json` says of import specifiers: `paths` and `baseUrl`, with all that it extends and refers to. */
import { posix } from 'node:path';
import { parse } from 'jsonc-parser';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { upwardFrom } from './project';

/** How specifiers that are not relative are looked up below a folder. */
export interface PathMapping {
  readonly baseUrl?: AbsolutePath;
  /** In the order in which they are tried: the longest prefix first. */
  readonly paths: readonly { readonly pattern: string; readonly targets: readonly AbsolutePath[] }[];
}

/** Names under which a folder's configuration is looked for, in this order. */
const NAMES = ['tsconfig.json', 'jsconfig.json', 'tsconfig.base.json'];
/** Configurations that extend each other deeper than this do so in a circle. */
const MAX_DEPTH = 8;

type Probe = Pick<FileAccess, 'exists' | 'peek'>;

/** The mapping that holds for the files of a folder: the nearest upward that has one, up to the root. */
export function pathMappingOf(folder: AbsolutePath, root: AbsolutePath, files: Probe): PathMapping | undefined {
  for (const at of upwardFrom(folder)) {
    for (const name of NAMES) {
      const mapping = mappingIn(posix.join(at, name), files, 0);
      if (mapping) return mapping;
    }
    if (at === root) break;
  }
  return undefined;
}

function mappingIn(path: AbsolutePath, files: Probe, depth: number): PathMapping | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const content = objectIn(path, files);
  if (!content) return undefined;
  const own = ownMapping(content, posix.dirname(path));
  const inherited = bases(content, path, files).map(base => mappingIn(base, files, depth + 1));
  const extended = inherited.findLast(mapping => mapping !== undefined);
  if (own || extended) {
    const baseUrl = own?.baseUrl ?? extended?.baseUrl;
    const paths = own && own.paths.length > 0 ? own.paths : (extended?.paths ?? []);
    return { ...(baseUrl === undefined ? {} : { baseUrl }), paths };
  }
  // a solution's own configuration lists projects, each of which may have the mapping
  for (const reference of listOf(content.references)) {
    const target = isObject(reference) && typeof reference.path === 'string' ? reference.path : undefined;
    if (target === undefined) continue;
    const at = posix.join(posix.dirname(path), target);
    const mapping = mappingIn(at.endsWith('.json') ? at : posix.join(at, 'tsconfig.json'), files, depth + 1);
    if (mapping) return mapping;
  }
  return undefined;
}

function ownMapping(content: Readonly<Record<string, unknown>>, folder: AbsolutePath): PathMapping | undefined {
  const options = content.compilerOptions;
  if (!isObject(options)) return undefined;
  const at = (path: string): AbsolutePath => posix.resolve(folder, path.replace(/^\$\{configDir\}\/?/, './'));
  const baseUrl = typeof options.baseUrl === 'string' ? at(options.baseUrl) : undefined;
  const from = baseUrl ?? folder;
  const paths = isObject(options.paths)
    ? Object.entries(options.paths).map(([pattern, targets]) => ({
        pattern,
        targets: listOf(targets).flatMap(target =>
          typeof target === 'string' ? posix.resolve(from, target.replace(/^\$\{configDir\}\/?/, './')) : [],
        ),
      }))
    : [];
  if (baseUrl === undefined && paths.length === 0) return undefined;
  const prefix = (pattern: string): number => (pattern.includes('*') ? pattern.indexOf('*') : pattern.length + 1);
  paths.sort((left, right) => prefix(right.pattern) - prefix(left.pattern));
  return { ...(baseUrl === undefined ? {} : { baseUrl }), paths };
}

/** The files that a configuration extends: by path, or from a package that is installed above it. */
function bases(content: Readonly<Record<string, unknown>>, path: AbsolutePath, files: Probe): readonly AbsolutePath[] {
  const folder = posix.dirname(path);
  const named = typeof content.extends === 'string' ? [content.extends] : listOf(content.extends);
  return named.flatMap((name): AbsolutePath[] => {
    if (typeof name !== 'string') return [];
    const spellings = name.endsWith('.json') ? [name] : [`${name}.json`, `${name}/tsconfig.json`];
    const folders = /^\.{0,2}\//.test(name)
      ? [folder]
      : [...upwardFrom(folder)].map(above => posix.join(above, 'node_modules'));
    return folders
      .flatMap(from => spellings.map(spelling => posix.resolve(from, spelling)))
      .filter(each => files.exists(each))
      .slice(0, 1);
  });
}

/** The targets of a specifier under a mapping, most likely first, without endings. */
export function mappedTo(mapping: PathMapping, specifier: string): readonly AbsolutePath[] {
  const targets: AbsolutePath[] = [];
  for (const { pattern, targets: patterns } of mapping.paths) {
    const rest = restOf(pattern, specifier);
    if (rest === undefined) continue;
    targets.push(...patterns.map(target => target.replace('*', () => rest)));
    break;
  }
  if (mapping.baseUrl !== undefined) targets.push(posix.join(mapping.baseUrl, specifier));
  return targets;
}

/** What the star of a pattern stands for in a text; empty where the pattern has none and is the text itself. */
export function restOf(pattern: string, text: string): string | undefined {
  const star = pattern.indexOf('*');
  if (star < 0) return pattern === text ? '' : undefined;
  const before = pattern.slice(0, star);
  const after = pattern.slice(star + 1);
  const fits = text.length >= before.length + after.length && text.startsWith(before) && text.endsWith(after);
  return fits ? text.slice(before.length, text.length - after.length) : undefined;
}

/** A configuration with comments and trailing commas, as these files have them; nothing when it cannot be read. */
function objectIn(path: AbsolutePath, files: Probe): Readonly<Record<string, unknown>> | undefined {
  const text = files.exists(path) ? textIn(path, files) : undefined;
  const content: unknown = text === undefined ? undefined : parse(text.replace(/^\uFEFF/, ''));
  return isObject(content) ? content : undefined;
}

function textIn(path: AbsolutePath, files: Probe): string | undefined {
  try {
    return files.peek(path);
  } catch (error) {
    // a folder of that name, or no permission: it maps nothing
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
