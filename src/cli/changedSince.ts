/**
 * `check --changed-since`: the findings of changed files that a change touches or causes. A finding counts when it, or a step of
 * its path, stands in lines that changed, and when the file as it was before has no such finding.
 */
import { posix } from 'node:path';
import { decode } from '../workspace/decode';
import { type AbsolutePath, type FileAccess, nodeFiles } from '../workspace/fileAccess';
import { type Changes, type Git, gitWith } from '../workspace/git/changesSince';
import type { FileChange } from '../workspace/git/diff';
import { overlaid } from '../workspace/overlaid';
import { projectRootOf } from '../workspace/project';
import { type ReportedFinding, type RunOptions, type RunResult, reviewPaths } from '../workspace/run';
import { keptOutBy } from '../workspace/selection';
import { UsageError } from '../workspace/usageError';
import type { Review } from './check';
import { counted } from './report';

export interface ChangedSinceOptions extends RunOptions {
  readonly ref: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The product over other files: the state before the change. */
  readonly openReview: (files: FileAccess) => Promise<Review>;
}

/**
 * @param paths  absolute, with `/`
 * @throws UsageError for a path that is not there, outside of a repository, or what is no commit
 */
export async function reviewChangedSince(
  paths: readonly AbsolutePath[],
  { ref, environment, openReview, ...options }: ChangedSinceOptions,
  review: Review,
): Promise<RunResult> {
  const git = gitWith(environment);
  const all = await changesAt(paths, ref, git, review.files);
  const changed = new Map<AbsolutePath, FileChange>();
  for (const { top, files } of all)
    for (const change of files) changed.set(posix.join(slashed(top), change.path), change);
  const reviewed = [...changed]
    .filter(([path, { isDeleted }]) => !isDeleted && isReviewed(path, paths, review))
    .map(([path]) => path)
    .sort();
  const result = await reviewPaths(reviewed, options, review);

  const touches = ({ path, start, end }: ReportedFinding['at']): boolean =>
    isTouched(changed.get(path), start.line, end.line);
  const isTouching = (finding: ReportedFinding): boolean =>
    touches(finding.at) || finding.related.some(({ at }) => touches(at));
  const others = result.findings.filter(finding => !isTouching(finding));
  const known = others.length > 0 ? await knownBefore(others, all, git, openReview, options) : new Set<string>();
  const findings = result.findings.filter(finding => isTouching(finding) || !known.has(keyOf(finding)));
  const left = result.findings.length - findings.length;
  const notes = [
    ...(reviewed.length === 0 ? [{ message: `nothing that is reviewed has changed since ${ref}` }] : []),
    ...(left > 0
      ? [
          {
            message: `${counted(left, 'finding')} in code that did not change since ${ref} ${left === 1 ? 'is' : 'are'} left out`,
          },
        ]
      : []),
  ];
  return { ...result, findings, notifications: [...notes, ...result.notifications] };
}

async function changesAt(
  paths: readonly AbsolutePath[],
  ref: string,
  git: Git,
  files: FileAccess,
): Promise<readonly Changes[]> {
  const byTop = new Map<string, AbsolutePath[]>();
  for (const path of paths) {
    const found = await files.stat(path);
    if (!found) throw new UsageError(`${path} does not exist`);
    const top = await git.topOf(found.kind === 'folder' ? path : posix.dirname(path));
    byTop.set(top, [...(byTop.get(top) ?? []), path]);
  }
  const all: Changes[] = [];
  for (const [top, own] of byTop) all.push(await git.changesSince(ref, top, own));
  return all;
}

/** What a run over the given paths would look at, or what is named itself. */
function isReviewed(path: AbsolutePath, given: readonly AbsolutePath[], review: Review): boolean {
  if (!review.files.exists(path)) return false;
  if (given.includes(path)) return true;
  const root = projectRootOf(posix.dirname(path), review.files);
  return review.isReviewable(path) && keptOutBy(path, root, review) === undefined;
}

function isTouched(change: FileChange | undefined, first: number, last: number): boolean {
  if (!change) return false;
  return (
    change.lines.some(lines => lines.first <= last && lines.last >= first) ||
    change.cuts.some(cut => cut >= first && cut < last)
  );
}

const keyOf = ({ at, fingerprint }: ReportedFinding): string => `${at.path}\0${fingerprint}`;

/** The findings of some files as they were before the change, with everything around them as it was. */
async function knownBefore(
  findings: readonly ReportedFinding[],
  all: readonly Changes[],
  git: Git,
  openReview: ChangedSinceOptions['openReview'],
  { rules, signal }: RunOptions,
): Promise<ReadonlySet<string>> {
  const before = new Map<AbsolutePath, string | null>();
  for (const changes of all)
    for (const { path, from, isAdded } of changes.files) {
      const at = posix.join(slashed(changes.top), path);
      const bytes = isAdded ? undefined : await git.textAt(changes, from ?? path);
      const text = bytes && decode(bytes);
      const was = !bytes ? null : text && 'text' in text ? text.text : '';
      // under its name of today, so that what is found in it is known by the same fingerprint
      before.set(at, was);
      if (from !== undefined && was !== null) before.set(posix.join(slashed(changes.top), from), was);
    }
  const review = await openReview(overlaid(nodeFiles, path => before.get(path)));
  const there = [...new Set(findings.map(({ at }) => at.path))].filter(path => before.get(path) !== null);
  const result = await reviewPaths(there, { rules, signal }, review);
  return new Set(result.findings.map(keyOf));
}

const slashed = (path: string): AbsolutePath => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);
