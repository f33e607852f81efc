/** Who answers questions about a folder, and what is known of it: as the command line has it, over what editors hold unsaved. */
import type { InstalledLab } from '../lab/installed';
import type { Answerer } from '../persona/answer';
import { callableTools } from '../persona/callable';
import type { CallableTool } from '../persona/chatModel';
import type { Grounding } from '../persona/grounding';
import { type GuideOptions, offlineGuide } from '../persona/guide';
import { type Library, openLibrary } from '../persona/library';
import { readPlaybooks } from '../persona/playbooks/all';
import type { AbsolutePath } from '../workspace/fileAccess';
import { groundingOf } from '../workspace/grounding';
import { overlaid } from '../workspace/overlaid';
import type { Product } from '../workspace/product';
import type { Reviewer } from '../workspace/reviewer';
import { toolHostOf } from '../workspace/toolHost';

export interface Answers {
  guide(options?: GuideOptions): Answerer;
  open(folder: OpenFolder): { readonly grounding: Grounding; readonly tools: readonly CallableTool[] };
}

export interface OpenFolder {
  readonly folder: AbsolutePath;
  readonly trusted: boolean;
  /** The one that knows what editors hold. */
  createReviewer(root: AbsolutePath): Reviewer;
  /** What an editor holds of a file. */
  textOf(path: AbsolutePath): string | undefined;
  readonly signal: AbortSignal;
}

/** A person looks at a chat; the editor's other requests wait behind a long review. */
const REVIEW_FOR_MS = 15_000;

export function answersOf(product: Product, openLab: () => InstalledLab): Answers {
  let opened: Library | undefined;
  const library = (): Library => {
    opened ??= openLibrary(
      readPlaybooks(),
      product.rules.map(({ id, summary, page }) => ({ id, summary, page: page ?? summary })),
    );
    return opened;
  };
  return {
    guide: options => offlineGuide(library(), options),
    open({ folder, trusted, createReviewer, textOf, signal }) {
      const dependencies = { ...product, files: overlaid(product.files, textOf), createReviewer };
      const grounding = groundingOf({ folder, trusted, reviewForMs: REVIEW_FOR_MS, signal }, dependencies);
      const host = toolHostOf(
        { folder, trusted, rules: library().rules, openLab, reviewForMs: REVIEW_FOR_MS },
        { ...dependencies, createScratchReviewer: root => product.createReviewer(root) },
      );
      return { grounding, tools: callableTools(host, grounding) };
    },
  };
}
