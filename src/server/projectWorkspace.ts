/** The workspace on disk, as the server asks for it: the same selection, configuration and reviewers as a run has. */
import { posix } from 'node:path';
import type { InstalledLab } from '../lab/installed';
import { readSource } from '../workspace/decode';
import type { AbsolutePath } from '../workspace/fileAccess';
import { overlaid } from '../workspace/overlaid';
import type { Product } from '../workspace/product';
import { projectRootOf } from '../workspace/project';
import { keptOutBy, selectFiles } from '../workspace/selection';
import { toolHostOf } from '../workspace/toolHost';
import { answersOf } from './answers';
import { verification } from './verification';
import type { Workspace } from './workspace';

/** @param pages  folder with a page `ID.md` for every rule */
export function projectWorkspace(product: Product, pages: AbsolutePath, openLab: () => InstalledLab): Workspace {
  const { files, configurations, createReviewer, rules } = product;
  const levels = new Map(rules.map(({ id, level }) => [id, level]));
  return {
    createReviewer,
    rootOf: path => projectRootOf(posix.dirname(path), files),
    keptOutBy: (path, root) => keptOutBy(path, root, product),
    configurationProblems: path =>
      configurations.configurationOf(path).problems.map(({ file, message }) => `${file}: ${message}`),
    filesBelow: async folder => (await selectFiles([folder], product)).files.map(({ path }) => path),
    async readText(path) {
      const source = await readSource(files, path);
      return 'text' in source ? source.text : undefined;
    },
    verifyMigration: verification(openLab),
    answers: answersOf(product, openLab),
    toolHost: ({ textOf, reviewerOf, ...asked }) =>
      toolHostOf(
        { ...asked, rules, openLab },
        {
          ...product,
          files: overlaid(files, textOf),
          createReviewer: reviewerOf,
          // a text that nobody has saved must not be what the editor is told about
          createScratchReviewer: createReviewer,
        },
      ),
    baseLevelOf: rule => levels.get(rule),
    pageOf: rule => (levels.has(rule) ? posix.join(pages, `${rule}.md`) : undefined),
  };
}
