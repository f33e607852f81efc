/** The whole product put together: files on disk, languages, libraries and rules. The command line and the server start here. */
import { grammarFor } from '../languages/frontEnd';
import { isLibrary, validateLibrary } from '../libraries/validate';
import type { LibraryModel } from '../libraries/vocabulary';
import { allRules, type RuleDescription, ruleDescriptions } from '../rules/all.generated';
import { createParsers, type SyntaxFiles } from '../syntax/parsers';
import { configurationFiles } from './configurationFiles';
import { isDbml } from './dbmlDocuments';
import { type FileAccess, nodeFiles } from './fileAccess';
import { FRONT_ENDS } from './frontEnds';
import type { Lowerers } from './lowering';
import { createReviewer } from './pipeline';
import { isPrisma } from './prismaSchemas';
import type { RunDependencies } from './run';
import { isSettingsFile } from './settingsFiles';
import { stacksIn } from './stack';

export interface Product extends RunDependencies {
  readonly rules: readonly RuleDescription[];
}

export interface ProductOptions {
  /** The parser's engine and the grammars; read on first need. */
  readonly syntax: SyntaxFiles;
  readonly files?: FileAccess;
  /** Lowers many files at once beside this thread; in place when absent. */
  readonly lowerers?: Lowerers;
  /** Told of each computation that was not answered from memory. */
  onCompute?(what: string): void;
}

/** Types of compiled code: nothing in them runs. */
const DECLARATIONS = /\.(?:d\.[cm]?ts|pyi)$/i;

/** Cheap: parsers load on the first review. */
export function openProduct({ syntax, files = nodeFiles, lowerers, onCompute }: ProductOptions): Product {
  const configurations = configurationFiles<LibraryModel>({
    files,
    knownRules: ruleDescriptions.map(({ id }) => id),
    validateLibrary(entry) {
      const problems = validateLibrary(entry);
      return problems.length === 0 && isLibrary(entry) ? { table: entry, problems } : { problems };
    },
  });
  const stacks = stacksIn(files);
  const parsers = createParsers(syntax);
  return {
    files,
    configurations,
    rules: ruleDescriptions,
    isReviewable: path =>
      path.toLowerCase().endsWith('.sql') ||
      isPrisma(path) ||
      isDbml(path) ||
      isSettingsFile(path) ||
      (!DECLARATIONS.test(path) && FRONT_ENDS.some(frontEnd => grammarFor(frontEnd, path) !== undefined)),
    createReviewer: root =>
      createReviewer({
        root,
        files,
        configurations,
        stacks,
        parsers,
        frontEnds: FRONT_ENDS,
        rules: allRules,
        ...(lowerers ? { lowerers } : {}),
        ...(onCompute ? { onCompute } : {}),
      }),
  };
}
