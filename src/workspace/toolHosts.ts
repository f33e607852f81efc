/** Tools' hosts for whoever lives on between calls: what was read is kept, and what has changed on the disk is read again. */
import { posix } from 'node:path';
import type { InstalledLab } from '../lab/installed';
import type { RulePage } from '../persona/library';
import type { ToolHost } from '../persona/tools/host';
import type { AbsolutePath, FileAccess } from './fileAccess';
import { nodeFiles } from './fileAccess';
import { type NoticedFiles, noticedFiles } from './noticedFiles';
import { ROOT_MARKERS } from './project';
import type { Reviewer } from './reviewer';
import type { RunDependencies } from './run';
import { type ToolHostOptions, toolHostOf } from './toolHost';
import { writtenBack } from './writtenBack';

export interface ToolHosts {
  /** One call after the other, each on the files as they are then. */
  with<T>(folder: AbsolutePath, use: (host: ToolHost, dependencies: RunDependencies) => Promise<T>): Promise<T>;
}

export interface ToolHostsOptions extends Pick<ToolHostOptions, 'trusted' | 'reviewForMs'> {
  readonly openProduct: (files: FileAccess) => RunDependencies & { readonly rules: readonly RulePage[] };
  readonly openLab: () => InstalledLab;
  /** The tools may write: whoever calls them asks a person first. */
  readonly mayWrite: boolean;
}

/** Projects whose analysis is kept. */
const MOST_KEPT = 6;

export function toolHostsOf(options: ToolHostsOptions): ToolHosts {
  let state: State | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const current = (): State => {
    if (state) {
      const changes = state.noticed.changes();
      // a project may begin somewhere else now
      if (changes.some(({ path, cameOrWent }) => cameOrWent && ROOT_MARKERS.has(posix.basename(path))))
        state = undefined;
      else for (const { path } of changes) state.touched(path);
    }
    state ??= opened(options);
    return state;
  };

  return {
    with(folder, use) {
      const run = async () => {
        const { dependencies, rules } = current();
        const host = toolHostOf(
          { ...options, folder, rules, ...(options.mayWrite ? { write: writtenBack } : {}) },
          dependencies,
        );
        return use(host, dependencies);
      };
      const result = last.then(run, run);
      last = result;
      return result;
    },
  };
}

interface State {
  readonly noticed: NoticedFiles;
  readonly dependencies: RunDependencies;
  readonly rules: readonly RulePage[];
  touched(path: AbsolutePath): void;
}

function opened({ openProduct }: ToolHostsOptions): State {
  const noticed = noticedFiles(nodeFiles);
  const product = openProduct(noticed.files);
  const reviewers = new Map<AbsolutePath, Reviewer>();
  return {
    noticed,
    rules: product.rules,
    dependencies: {
      ...product,
      createReviewer(root) {
        const known = reviewers.get(root);
        if (known) return known;
        const [oldest] = reviewers.keys();
        if (reviewers.size >= MOST_KEPT && oldest !== undefined) reviewers.delete(oldest);
        const made = product.createReviewer(root);
        reviewers.set(root, made);
        return made;
      },
    },
    touched(path) {
      product.configurations.touched(path);
      for (const [root, reviewer] of reviewers) {
        const file = posix.relative(root, path);
        if (file !== '' && !file.startsWith('..')) reviewer.touched(file);
      }
    },
  };
}
