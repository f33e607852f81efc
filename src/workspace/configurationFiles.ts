/** Which configuration applies to a file: the nearest one upward, with what it extends. */
import { posix } from 'node:path';
import {
  CONFIGURATION_FILE,
  type Configuration,
  ConfigurationError,
  type LibraryValidator,
  mergedConfiguration,
  NO_CONFIGURATION,
  parseConfiguration,
} from '../engine/configuration';
import { type ReadStatistics, readStatistics } from '../engine/statistics';
import { type AbsolutePath, type FileAccess, reasonOf } from './fileAccess';
import { upwardFrom } from './project';

export interface AppliedConfiguration<Library = unknown> {
  readonly configuration: Configuration<Library>;
  /** The nearest file; absent when there is none. */
  readonly file?: AbsolutePath;
  /** That file and all that it extends. */
  readonly sources: readonly AbsolutePath[];
  /** Wrong keys and values; `message` begins with their place. */
  readonly problems: readonly { readonly file: AbsolutePath; readonly message: string }[];
}

export interface ConfigurationFiles<Library = unknown> {
  /**
   * Each file is read once until `touched`.
   *
   * @throws ConfigurationError when the configuration, or what it extends, cannot be read or is no JSON
   */
  configurationOf(path: AbsolutePath): AppliedConfiguration<Library>;
  /** Whether the path plays a part in any configuration: then all that was read is forgotten. */
  touched(path: AbsolutePath): boolean;
}

export interface ConfigurationOptions<Library> {
  readonly files: Pick<FileAccess, 'exists' | 'peek'>;
  readonly knownRules: readonly string[];
  readonly validateLibrary?: LibraryValidator<Library>;
}

export function configurationFiles<Library = unknown>(
  options: ConfigurationOptions<Library>,
): ConfigurationFiles<Library> {
  const none: AppliedConfiguration<Library> = { configuration: NO_CONFIGURATION, sources: [], problems: [] };
  const nearest = new Map<AbsolutePath, AbsolutePath | undefined>();
  const read = new Map<AbsolutePath, AppliedConfiguration<Library> | ConfigurationError>();
  const sources = new Set<AbsolutePath>();

  const nearestFrom = (folder: AbsolutePath): AbsolutePath | undefined => {
    const passed: AbsolutePath[] = [];
    let found: AbsolutePath | undefined;
    for (const at of upwardFrom(folder)) {
      if (nearest.has(at)) {
        found = nearest.get(at);
        break;
      }
      passed.push(at);
      const file = posix.join(at, CONFIGURATION_FILE);
      if (options.files.exists(file)) {
        found = file;
        break;
      }
    }
    for (const at of passed) nearest.set(at, found);
    return found;
  };

  return {
    configurationOf(path) {
      const file = nearestFrom(posix.dirname(path));
      if (file === undefined) return none;
      const known =
        read.get(file) ?? attempt(() => withStatistics(readChain(file, [], options, sources), options, sources));
      read.set(file, known);
      if (known instanceof ConfigurationError) throw known;
      return known;
    },
    touched(path) {
      if (posix.basename(path) !== CONFIGURATION_FILE && !sources.has(path)) return false;
      nearest.clear();
      read.clear();
      sources.clear();
      return true;
    },
  };
}

function attempt<T>(action: () => T): T | ConfigurationError {
  try {
    return action();
  } catch (error) {
    if (error instanceof ConfigurationError) return error;
    throw error;
  }
}

/** @param extending  the files that led here, outermost first */
function readChain<Library>(
  file: AbsolutePath,
  extending: readonly AbsolutePath[],
  options: ConfigurationOptions<Library>,
  sources: Set<AbsolutePath>,
): AppliedConfiguration<Library> {
  sources.add(file);
  const parent = extending[extending.length - 1];
  if (extending.includes(file))
    throw new ConfigurationError(
      `${parent}: "extends" leads in a circle: ${[...extending.slice(extending.indexOf(file)), file].join(' → ')}`,
    );
  const own = parseConfiguration<Library>(textOf(file, parent, options.files), { ...options, file });
  const problems = own.problems.map(({ line, column, message }) => ({
    file,
    message: `line ${line}, column ${column}: ${message}`,
  }));
  if (own.extends === undefined) return { configuration: own.configuration, file, sources: [file], problems };
  const base = readChain(own.extends, [...extending, file], options, sources);
  return {
    configuration: mergedConfiguration(base.configuration, own.configuration),
    file,
    sources: [file, ...base.sources],
    problems: [...problems, ...base.problems],
  };
}

/** What the statistics say of tables of which the configuration itself says nothing. */
function withStatistics<Library>(
  applied: AppliedConfiguration<Library>,
  { files }: ConfigurationOptions<Library>,
  sources: Set<AbsolutePath>,
): AppliedConfiguration<Library> {
  const { configuration, file } = applied;
  const path = configuration.statistics;
  if (path === undefined || file === undefined) return applied;
  sources.add(path);
  const { tables, problem } = statisticsIn(path, files);
  const declared = configuration.tables;
  const isDeclared = (name: string): boolean =>
    declared.get(name)?.rows !== undefined || declared.get(name.replace(/^public\./, ''))?.rows !== undefined;
  const all = new Map(declared);
  for (const [name, counted] of tables) if (!isDeclared(name)) all.set(name, { ...all.get(name), ...counted });
  return {
    ...applied,
    configuration: { ...configuration, tables: all },
    problems:
      problem === undefined
        ? applied.problems
        : [...applied.problems, { file, message: `"statistics" names ${path}, which ${problem}` }],
  };
}

function statisticsIn(path: AbsolutePath, files: Pick<FileAccess, 'peek'>): ReadStatistics {
  try {
    const text = files.peek(path);
    return text === undefined
      ? { tables: new Map(), problem: 'cannot be read: there is no such file' }
      : readStatistics(text);
  } catch (error) {
    return { tables: new Map(), problem: `cannot be read: ${reasonOf(error)}` };
  }
}

function textOf(file: AbsolutePath, extendedBy: AbsolutePath | undefined, files: Pick<FileAccess, 'peek'>): string {
  const failed = (reason: string) =>
    new ConfigurationError(
      extendedBy === undefined
        ? `${file} cannot be read: ${reason}`
        : `${extendedBy}: "extends" names ${file}, which cannot be read: ${reason}`,
    );
  let text: string | undefined;
  try {
    text = files.peek(file);
  } catch (error) {
    throw failed(reasonOf(error));
  }
  if (text === undefined) throw failed('there is no such file');
  return text;
}
