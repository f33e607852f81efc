/** Reviews a program that lies in memory, with the reviewer that every front door uses. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuleSettings } from '../../src/engine/review';
import { phpFrontEnd } from '../../src/languages/php/frontEnd';
import { pythonFrontEnd } from '../../src/languages/python/frontEnd';
import { typescriptFrontEnd } from '../../src/languages/typescript/frontEnd';
import { allRules, ruleDescriptions } from '../../src/rules/all.generated';
import { createParsers } from '../../src/syntax/parsers';
import { configurationFiles } from '../../src/workspace/configurationFiles';
import type { FileAccess, FolderEntry } from '../../src/workspace/fileAccess';
import { createReviewer } from '../../src/workspace/pipeline';
import type { FileReview, Reviewer } from '../../src/workspace/reviewer';
import { stacksIn } from '../../src/workspace/stack';

/** Texts by path from the project's root. */
export type Files = ReadonlyMap<string, string>;

export interface ReviewSettings {
  /** The name of the program's file where it names none itself. */
  readonly defaultFile?: string;
  /** Exactly these rules; all that are on without a configuration when absent. */
  readonly rules?: readonly string[];
  /** `rules` of the configuration. */
  readonly settings?: RuleSettings;
}

const ROOT = '/project';
const CONFIGURATION = 'backend-reviewer.json';

/** The reviews of all files but manifests and configuration, in the order of the files. */
export async function reviewProgram(
  files: Files,
  { rules, settings }: ReviewSettings = {},
): Promise<readonly FileReview[]> {
  const all = settings ? new Map([...files, [CONFIGURATION, JSON.stringify({ rules: settings })]]) : files;
  const reviewer = reviewerOf(all);
  const reviews: FileReview[] = [];
  for (const file of files.keys())
    if (!file.endsWith('.json')) reviews.push(await reviewer.review(file, rules ? { rules: new Set(rules) } : {}));
  return reviews;
}

/** The reviewer of a project that lies in memory. */
export function reviewerOf(files: Files): Reviewer {
  const access = inMemory(files);
  return createReviewer({
    root: ROOT,
    files: access,
    configurations: configurationFiles({ files: access, knownRules: ruleDescriptions.map(({ id }) => id) }),
    stacks: stacksIn(access),
    parsers,
    frontEnds: [typescriptFrontEnd, pythonFrontEnd, phpFrontEnd],
    rules: allRules,
    now: () => new Date('2026-03-01T12:00:00Z'),
  });
}

const modules = join(import.meta.dirname, '..', '..', 'node_modules');
const parsers = createParsers({
  engineWasm: () => readFile(join(modules, 'web-tree-sitter', 'web-tree-sitter.wasm')),
  grammar: name => readFile(join(modules, '@vscode', 'tree-sitter-wasm', 'wasm', `tree-sitter-${name}.wasm`)),
});

/** What a disk would say that holds these files and nothing else. */
function inMemory(files: Files): FileAccess {
  const relative = (path: string) => (path === ROOT ? '' : path.replace(`${ROOT}/`, ''));
  const textOf = (path: string) => (path.startsWith(`${ROOT}/`) ? files.get(relative(path)) : undefined);
  const isFolder = (path: string) =>
    path === ROOT || [...files.keys()].some(file => file.startsWith(`${relative(path)}/`));
  const entriesOf = (folder: string): readonly FolderEntry[] => {
    const below = folder === ROOT ? '' : `${relative(folder)}/`;
    const entries = new Map<string, FolderEntry>();
    for (const file of files.keys()) {
      if (!file.startsWith(below)) continue;
      const [name = '', ...rest] = file.slice(below.length).split('/');
      entries.set(name, { name, kind: rest.length === 0 ? 'file' : 'folder' });
    }
    return [...entries.values()];
  };
  return {
    async stat(path) {
      const text = textOf(path);
      if (text !== undefined) return { kind: 'file', bytes: Buffer.byteLength(text) };
      return isFolder(path) ? { kind: 'folder', bytes: 0 } : undefined;
    },
    list: async folder => entriesOf(folder),
    entries: entriesOf,
    bytes(path) {
      const text = textOf(path);
      return text === undefined ? undefined : Buffer.from(text);
    },
    async read(path) {
      const text = textOf(path);
      if (text === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
      return Buffer.from(text);
    },
    exists: path => textOf(path) !== undefined || isFolder(path),
    peek: textOf,
  };
}
