/** One review of paths: selects the files, drives a reviewer per project, and puts what it says where people look. */
import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import type { BaselineState } from '../engine/baseline';
import { baselineState } from '../engine/baseline';
import { ConfigurationError, resolvedPath } from '../engine/configuration';
import type { Edit, Finding, Fix } from '../engine/finding';
import type { Level } from '../engine/level';
import { type Lines, linesOf, type Position } from '../engine/lines';
import type { FileId, FileRange } from '../engine/place';
import { mayContribute } from '../migrations/history';
import type { AppliedConfiguration, ConfigurationFiles } from './configurationFiles';
import { readSource } from './decode';
import { type AbsolutePath, type FileAccess, reasonOf } from './fileAccess';
import type { FileReview, Reviewer } from './reviewer';
import { unknownReviewFrom } from './reviewFrom';
import { type SelectedFile, type Skipped, selectFiles } from './selection';

export interface RunOptions {
  /** Exactly these rules, opt-in ones too. */
  readonly rules?: ReadonlySet<string>;
  /** Fingerprints of an earlier run. */
  readonly baseline?: ReadonlySet<string>;
  readonly signal?: AbortSignal;
  onProgress?(progress: RunProgress): void;
}

export interface RunProgress {
  readonly done: number;
  readonly total: number;
  /** The file that is looked at next. */
  readonly path: AbsolutePath;
}

export interface RunDependencies {
  readonly files: FileAccess;
  readonly configurations: ConfigurationFiles;
  /** Cheap: what is heavy loads on the first review. */
  createReviewer(root: AbsolutePath): Reviewer;
  /** Whether the review can say anything of a file, told by its name. */
  isReviewable(path: AbsolutePath): boolean;
}

export interface RunResult {
  /** By file in the order of review, then by place. */
  readonly findings: readonly ReportedFinding[];
  readonly notifications: readonly RunNotification[];
  readonly coverage: RunCoverage;
  /** Roots of the projects that the files belong to. */
  readonly projects: readonly AbsolutePath[];
  /** The files that findings, related places and fixes lie in. */
  readonly sources: ReadonlyMap<AbsolutePath, SourceText>;
}

/** A file's text as it was reviewed, and its lines. */
export interface SourceText {
  readonly text: string;
  readonly lines: Lines;
}

/** A finding as outputs need it: by path, line and column. */
export interface ReportedFinding extends Omit<Finding, 'at' | 'related' | 'fixes' | 'conceal'> {
  readonly at: PlacedRange;
  readonly related: readonly { readonly at: PlacedRange; readonly message: string }[];
  readonly fixes: readonly Fix<PlacedRange>[];
  /** Of the file's own configuration. */
  readonly failLevel: Level;
  /** Absent without a baseline. */
  readonly baselineState?: BaselineState;
}

export interface PlacedRange {
  readonly path: AbsolutePath;
  readonly start: Position;
  readonly end: Position;
  /** UTF-16 offsets in the file's text. */
  readonly offsets: { readonly start: number; readonly end: number };
}

export interface RunNotification {
  readonly path?: AbsolutePath;
  readonly message: string;
}

export interface RunCoverage {
  readonly reviewed: number;
  /** Looked at, and held nothing that a rule speaks of. */
  readonly nothingToReview: number;
  /** Of those reviewed, the ones that were parsed with errors. */
  readonly partlyParsed: number;
  /** Folders, links and files that were kept out, and files that could not be reviewed. */
  readonly skipped: readonly Skipped[];
}

/** Below which level findings are only shown, unless a configuration says otherwise. */
export const DEFAULT_FAIL_LEVEL: Level = 'warning';

/**
 * @param paths  absolute, with `/`
 * @throws UsageError when a path does not exist
 * @throws ConfigurationError when a configuration that applies to a file is unusable
 * @throws the signal's reason when it is raised
 */
export async function reviewPaths(
  paths: readonly AbsolutePath[],
  options: RunOptions,
  dependencies: RunDependencies,
): Promise<RunResult> {
  const { signal } = options;
  const selection = await selectFiles(paths, { ...dependencies, signal });
  const reviewers = new Map<AbsolutePath, Reviewer>();
  const notifications = notificationList();
  const tally = coverageTally(selection.skipped);
  const findings: ReportedFinding[] = [];
  const places = placing(dependencies.files);

  const namedFrom = new Map<string, { readonly root: AbsolutePath; readonly applied: AppliedConfiguration }>();

  let preparedRoot: AbsolutePath | undefined;
  const files = byProject(selection.files);
  for (const [index, file] of files.entries()) {
    signal?.throwIfAborted();
    // lets progress be drawn and a cancellation come in
    if (index % 16 === 0) await turnOfTheLoop();
    options.onProgress?.({ done: index, total: selection.files.length, path: file.path });

    const applied = dependencies.configurations.configurationOf(file.path);
    const { configuration, problems } = applied;
    if (configuration.migrations.reviewFrom !== undefined && mayContribute(file.path))
      namedFrom.set(`${file.root}\0${applied.sources[0]}`, { root: file.root, applied });
    for (const problem of problems) notifications.add({ path: problem.file, message: problem.message });
    const reviewer = reviewers.get(file.root) ?? dependencies.createReviewer(file.root);
    reviewers.set(file.root, reviewer);

    if (preparedRoot !== file.root) {
      preparedRoot = file.root;
      await reviewer.prepare(files.filter(({ root }) => root === file.root).map(fileIdOf), { signal });
    }
    const review = await reviewOne(reviewer, file, options);
    if ('failure' in review) {
      tally.skip('that could not be reviewed');
      notifications.add({ path: file.path, message: `could not be reviewed: ${review.failure}` });
      continue;
    }
    const uncovered = tally.count(review);
    if (uncovered !== undefined) notifications.add({ path: file.path, message: uncovered });
    for (const { file: about, message } of review.notifications)
      notifications.add({ path: about === undefined ? undefined : resolvedPath(file.root, about), message });
    for (const finding of review.findings)
      findings.push({
        ...(await places.placed(finding, file.root)),
        failLevel: configuration.failLevel ?? DEFAULT_FAIL_LEVEL,
        baselineState: options.baseline && baselineState(finding, options.baseline),
      });
  }
  for (const { root, applied } of namedFrom.values()) {
    const reviewer = reviewers.get(root);
    const unknown = reviewer && (await unknownReviewFrom(root, applied, reviewer, dependencies));
    if (unknown) notifications.add({ path: unknown.file, message: unknown.message });
  }
  return {
    findings,
    notifications: notifications.all,
    coverage: tally.coverage(),
    projects: [...reviewers.keys()],
    sources: places.concealed(),
  };
}

/** The last of the three places that catch: around a file. */
async function reviewOne(
  reviewer: Reviewer,
  file: SelectedFile,
  { rules, signal }: RunOptions,
): Promise<FileReview | { readonly failure: string }> {
  try {
    return await reviewer.review(fileIdOf(file), { rules, signal });
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ConfigurationError) throw error;
    return { failure: reasonOf(error) };
  }
}

const fileIdOf = ({ path, root }: SelectedFile): FileId =>
  path.slice(root.endsWith('/') ? root.length : root.length + 1);

/** Project by project, so that one project's parsed files need not be kept while others are reviewed. */
function byProject(files: readonly SelectedFile[]): SelectedFile[] {
  const projects = new Map<AbsolutePath, SelectedFile[]>();
  for (const file of files) {
    const own = projects.get(file.root);
    if (own) own.push(file);
    else projects.set(file.root, [file]);
  }
  return [...projects.values()].flat();
}

/** Each message once: a wrong setting holds for every file it applies to. */
function notificationList() {
  const all: RunNotification[] = [];
  const said = new Set<string>();
  return {
    all,
    add(notification: RunNotification): void {
      const key = `${notification.path}\0${notification.message}`;
      if (!said.has(key)) all.push(notification);
      said.add(key);
    },
  };
}

function coverageTally(kept: readonly Skipped[]) {
  const skipped = new Map<string, number>();
  let reviewed = 0;
  let nothingToReview = 0;
  let partlyParsed = 0;
  const skip = (reason: string) => skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  return {
    skip,
    /** What to say of the file itself, when it was not or not wholly reviewed. */
    count({ coverage }: FileReview): string | undefined {
      switch (coverage.kind) {
        case 'reviewed':
          reviewed++;
          return undefined;
        case 'nothing-to-review':
          nothingToReview++;
          return undefined;
        case 'history':
          skip('before the migration that "migrations.reviewFrom" names');
          return undefined;
        case 'skipped':
          skip(`skipped: ${coverage.reason}`);
          return `skipped: ${coverage.reason}`;
        case 'partly-parsed':
          reviewed++;
          partlyParsed++;
          return `${coverage.problems === 1 ? 'one place' : `${coverage.problems} places`} could not be parsed; the rest was reviewed`;
      }
    },
    coverage: (): RunCoverage => ({
      reviewed,
      nothingToReview,
      partlyParsed,
      skipped: [...kept, ...[...skipped].map(([reason, count]): Skipped => ({ reason, count, what: 'file' }))],
    }),
  };
}

/** Reads the texts that findings lie in, as the reviewer read them, and turns offsets into lines and columns. */
function placing(files: FileAccess) {
  const sources = new Map<AbsolutePath, SourceText>();
  const secrets: PlacedRange[] = [];

  async function linesIn(path: AbsolutePath): Promise<Lines> {
    const known = sources.get(path);
    if (known) return known.lines;
    const source = await readSource(files, path);
    const text = 'text' in source ? source.text : '';
    const lines = linesOf(text);
    sources.set(path, { text, lines });
    return lines;
  }
  async function range(root: AbsolutePath, { file, start, end }: FileRange): Promise<PlacedRange> {
    const path = resolvedPath(root, file);
    const at = await linesIn(path);
    return { path, start: at.positionAt(start), end: at.positionAt(end), offsets: { start, end } };
  }
  return {
    /** The texts, with what must not be shown covered up; every offset stays. */
    concealed(): ReadonlyMap<AbsolutePath, SourceText> {
      const shown = new Map(sources);
      for (const { path, offsets } of secrets) {
        const text = shown.get(path)?.text ?? '';
        const covered = text.slice(offsets.start, offsets.end).replace(/[^\s'"`]/g, '•');
        const rest = text.slice(0, offsets.start) + covered + text.slice(offsets.end);
        shown.set(path, { text: rest, lines: linesOf(rest) });
      }
      return shown;
    },
    async placed(finding: Finding, root: AbsolutePath) {
      if (finding.conceal) secrets.push(await range(root, finding.conceal));
      const related: { at: PlacedRange; message: string }[] = [];
      for (const { at, message } of finding.related) related.push({ at: await range(root, at), message });
      const fixes: Fix<PlacedRange>[] = [];
      for (const fix of finding.fixes) {
        const edits: Edit<PlacedRange>[] = [];
        for (const edit of fix.edits) edits.push({ ...edit, at: await range(root, edit.at) });
        fixes.push({ ...fix, edits });
      }
      const { conceal: _, ...told } = finding;
      return { ...told, at: await range(root, finding.at), related, fixes };
    },
  };
}
