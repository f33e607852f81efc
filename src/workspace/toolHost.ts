/** What the tools of agents ask of a workspace, from its files: every path is held inside the folder, every answer is of now. */
import { posix } from 'node:path';
import { ConfigurationError } from '../engine/configuration';
import { nearest } from '../engine/nearest';
import type { InstalledLab } from '../lab/installed';
import type { RulePage } from '../persona/library';
import type { ChangedFile, ReviewAsked, Reviewed, ToolFinding, ToolHost } from '../persona/tools/host';
import { failure, isFailure, type ToolError } from '../persona/tools/tool';
import { columnUsesIn } from './columnUses';
import { readSource } from './decode';
import { type AbsolutePath, reasonOf } from './fileAccess';
import { fixDiff } from './fixDiff';
import { grounded, groundingOf } from './grounding';
import { insideFolder } from './insideFolder';
import { migrationDownOf } from './migrationDown';
import { projectRootOf } from './project';
import { reviewAsIf, type ScratchDependencies } from './reviewAsIf';
import { type PlacedRange, type ReportedFinding, type RunResult, reviewPaths, type SourceText } from './run';
import { type Skipped, selectFiles, skippedInWords } from './selection';
import { UsageError } from './usageError';
import { verifySteps } from './verifySteps';

export interface ToolHostOptions {
  /** Absolute, with `/`, and there. */
  readonly folder: AbsolutePath;
  /** Without trust nothing is run and nothing is written. */
  readonly trusted: boolean;
  readonly rules: readonly RulePage[];
  /** Throws when the installation lacks it. */
  readonly openLab: () => InstalledLab;
  /** Writes what a tool changes, after whoever is asked agreed; nothing is written where absent. */
  readonly write?: (files: readonly WrittenFile[]) => Promise<'written' | 'declined'>;
  /** How long the review of many files may go on for one question. */
  readonly reviewForMs?: number;
}

export interface WrittenFile {
  readonly path: AbsolutePath;
  readonly text: string;
  /** What it was made from; nothing where there was no such file. */
  readonly before?: string;
}

/** A model waits, and so does a person behind it. */
const REVIEW_FOR_MS = 40_000;

/** Enough to spread work over threads, and to look at the clock now and then. */
const AT_ONCE = 150;

export function toolHostOf(options: ToolHostOptions, dependencies: ScratchDependencies): ToolHost {
  const { folder, trusted, rules } = options;
  const { files } = dependencies;
  const named = (path: AbsolutePath): string => posix.relative(folder, path) || '.';
  const isInside = (path: AbsolutePath): boolean => !named(path).startsWith('..');
  const pages = new Map(rules.map(page => [page.id, page]));

  /** A path that is inside, and there unless a text stands for it. */
  async function located(asked: string, { isThere = true } = {}): Promise<AbsolutePath | ToolError> {
    let path: AbsolutePath | undefined;
    try {
      path = await insideFolder(folder, asked);
    } catch (error) {
      return failure('not-found', `"${asked}" cannot be looked at: ${reasonOf(error)}.`, 'Check the path.');
    }
    if (path === undefined)
      return failure(
        'outside-workspace',
        `"${asked}" lies outside of the workspace ${folder}.`,
        'Name a path inside of it, relative to its root, or give the root that the file belongs to as "workspace".',
      );
    if (isThere && !files.exists(path)) return missing(asked, path);
    return path;
  }

  async function missing(asked: string, path: AbsolutePath): Promise<ToolError> {
    const selected = (await selectFiles([folder], dependencies)).files.map(each => named(each.path));
    const sameName = selected.filter(each => posix.basename(each) === posix.basename(path)).slice(0, 3);
    const near = sameName.length > 0 ? sameName.join('", "') : nearest(named(path), selected.slice(0, 5_000));
    return failure(
      'not-found',
      `There is no "${asked}" in the workspace ${folder}.`,
      near === undefined
        ? 'Look at the names of the files; to review a file that is not written yet, use review_text.'
        : `Did you mean "${near}"? To review a file that is not written yet, use review_text.`,
    );
  }

  async function run(
    { paths, isOneFile, text, rules: only }: ReviewAsked,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly result: RunResult; readonly left: number } | ToolError> {
    const unknown = only?.find(rule => !pages.has(rule));
    if (unknown !== undefined) {
      const near = nearest(unknown, pages.keys());
      return failure(
        'invalid-arguments',
        `There is no rule "${unknown}".`,
        near === undefined ? `Rules are: ${[...pages.keys()].join(', ')}.` : `Did you mean "${near}"?`,
      );
    }
    const at: AbsolutePath[] = [];
    for (const asked of paths) {
      const path = await located(asked, { isThere: text === undefined });
      if (typeof path !== 'string') return path;
      at.push(path);
    }
    const [first] = at;
    const options = { signal, ...(only ? { rules: new Set(only) } : {}) };
    for (const path of at) {
      const kind = (await files.stat(path))?.kind;
      if (kind === 'folder' && text !== undefined)
        return failure('invalid-arguments', `"${named(path)}" is a folder.`, 'Name the file that the text is for.');
      if (kind === 'folder' && isOneFile)
        return failure(
          'invalid-arguments',
          `"${named(path)}" is a folder.`,
          'Name a file; list_findings tells of all files of a folder.',
        );
      if (kind !== 'folder' && !dependencies.isReviewable(path))
        return failure(
          'nothing-covered',
          `"${named(path)}" is of no kind that is reviewed, so nothing is said of it.`,
          'This is no pass. JavaScript, TypeScript, Python, SQL and migrations are reviewed.',
        );
    }
    if (text !== undefined && first !== undefined)
      return { result: await reviewAsIf(first, text, options, dependencies), left: 0 };
    return within(options, at.length > 0 ? at : [folder]);
  }

  /** Reviews as many files as time allows. */
  async function within(
    asked: { readonly signal: AbortSignal | undefined; readonly rules?: ReadonlySet<string> },
    paths: readonly AbsolutePath[],
  ): Promise<{ readonly result: RunResult; readonly left: number }> {
    const until = Date.now() + (options.reviewForMs ?? REVIEW_FOR_MS);
    const selection = await selectFiles(paths, { ...dependencies, signal: asked.signal });
    const all = selection.files.map(({ path }) => path);
    const results: RunResult[] = [];
    let done = 0;
    while (done < all.length && (done === 0 || Date.now() < until)) {
      const some = all.slice(done, done + AT_ONCE);
      results.push(await reviewPaths(some, asked, dependencies));
      done += some.length;
    }
    return { result: joined(results, selection.skipped), left: all.length - done };
  }

  function toolFinding(finding: ReportedFinding, result: RunResult): ToolFinding {
    const plain = grounded(finding, path => result.sources.get(path)?.text ?? '', named);
    return {
      ...plain,
      column: finding.at.start.column,
      endLine: finding.at.end.line,
      related: plain.related.filter(({ file }) => !file.startsWith('..')),
    };
  }

  const guarded = async <T>(ask: () => Promise<T | ToolError>): Promise<T | ToolError> => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof ConfigurationError)
        return failure('failed', error.message, 'Mend the configuration, then ask again.');
      if (error instanceof UsageError) return failure('not-found', error.message, 'Check the path.');
      throw error;
    }
  };

  async function migrationAt(asked: string) {
    const path = await located(asked);
    if (typeof path !== 'string') return path;
    if ((await files.stat(path))?.kind !== 'file')
      return failure('invalid-arguments', `"${asked}" is no file.`, 'Name the file of one migration.');
    const root = projectRootOf(posix.dirname(path), files);
    return { reviewer: dependencies.createReviewer(root), root, file: posix.relative(root, path) };
  }

  const textOf = (root: AbsolutePath) => async (file: string) => {
    const source = await readSource(files, posix.join(root, file));
    return 'text' in source ? source.text : undefined;
  };

  const host: ToolHost = {
    review: (asked, signal) =>
      guarded<Reviewed>(async () => {
        const ran = await run(asked, signal);
        if (isFailure(ran)) return ran;
        const { result, left } = ran;
        return {
          findings: result.findings.map(finding => toolFinding(finding, result)),
          covered: {
            reviewed: result.coverage.reviewed,
            nothingToReview: result.coverage.nothingToReview,
            skipped: result.coverage.skipped.map(each => skippedInWords([each])),
            left,
          },
          notes: result.notifications.map(({ path, message }) => ({
            ...(path === undefined ? {} : { file: named(path) }),
            message,
          })),
        };
      }),
    schema: () => groundingOf({ folder, trusted }, dependencies).schema(),
    columnUses: (column, signal) => columnUsesIn(column, folder, { ...dependencies, signal }),
    fix: ({ path: asked, fingerprint, fix: index }, signal) =>
      guarded(async () => {
        const ran = await run({ paths: [asked] }, signal);
        if (isFailure(ran)) return ran;
        const fix = ran.result.findings.find(finding => finding.fingerprint === fingerprint)?.fixes[index];
        if (!fix) return failure('no-fix', 'The fix is not offered any more.', `Review ${asked} again.`);
        const changed: ChangedFile[] = [];
        for (const path of new Set(fix.edits.map(({ at }) => at.path))) {
          if (!isInside(path) || (await insideFolder(folder, path)) === undefined)
            return failure(
              'outside-workspace',
              `The fix would also change ${path}, outside of the workspace.`,
              'Ask with the root of the project as "workspace", or change the code by hand.',
            );
          const source = await readSource(files, path);
          const edits = fix.edits.filter(({ at }) => at.path === path);
          const isNew = edits.some(({ creates }) => creates);
          const before = 'text' in source ? source.text : '';
          changed.push({ path: named(path), ...(isNew ? {} : { before }), after: edited(before, edits) });
        }
        const diff = fixDiff(fix, path => ran.result.sources.get(path)?.text ?? '', named).join('\n');
        return { title: fix.title, safety: fix.safety, diff, files: changed };
      }),
    down: asked =>
      guarded(async () => {
        const at = await migrationAt(asked);
        if (isFailure(at)) return at;
        if ((await at.reviewer.placesIn(at.file)).length === 0)
          return failure(
            'invalid-arguments',
            `"${asked}" is no migration that can be read.`,
            'Name the file of one migration, where its tool looks for it, or of a plain up/down pair.',
          );
        const down = await migrationDownOf(at.reviewer, at.file, textOf(at.root), { replaces: true });
        if ('because' in down)
          return failure(
            'no-way-back',
            `There is no honest way back: ${down.because}.`,
            'Say so to the person, and write into the migration what is lost and how it could be restored.',
          );
        const { placed, sql } = down;
        return {
          sql,
          place: 'because' in placed ? placed : { path: named(posix.join(at.root, placed.file)), text: placed.text },
        };
      }),
    verify: (asked, signal) =>
      guarded(async () => {
        if (!trusted)
          return failure(
            'not-trusted',
            'The workspace is not trusted, so the SQL in it is not run.',
            'Ask the person to trust the workspace, if they know where it comes from.',
          );
        const at = await migrationAt(asked);
        if (isFailure(at)) return at;
        return { steps: await verifySteps(options.openLab, at.reviewer, at.file, { signal }) };
      }),
    rule: id => pages.get(id),
  };
  const { write } = options;
  if (!write || !trusted) return host;
  return {
    ...host,
    write: ({ files: changed }) =>
      guarded(async () => {
        const written: WrittenFile[] = [];
        for (const { path: asked, before, after } of changed) {
          const path = await located(asked, { isThere: before !== undefined });
          if (typeof path !== 'string') return path;
          if (before === undefined && files.exists(path))
            return failure('no-fix', `"${asked}" is there by now, and nothing was written over it.`, 'Review again.');
          written.push({ path, text: after, ...(before === undefined ? {} : { before }) });
        }
        return write(written);
      }),
  };
}

function edited(text: string, edits: readonly { readonly at: PlacedRange; readonly newText: string }[]): string {
  let done = '';
  let from = 0;
  for (const { at, newText } of edits.toSorted((a, b) => a.at.offsets.start - b.at.offsets.start)) {
    done += text.slice(from, at.offsets.start) + newText;
    from = at.offsets.end;
  }
  return done + text.slice(from);
}

/** Several runs over parts of the same selection as one. */
function joined(results: readonly RunResult[], skipped: readonly Skipped[]): RunResult {
  const sum = (count: (result: RunResult) => number): number =>
    results.reduce((total, result) => total + count(result), 0);
  const sources = new Map<AbsolutePath, SourceText>();
  for (const result of results) for (const [path, source] of result.sources) sources.set(path, source);
  return {
    findings: results.flatMap(({ findings }) => findings),
    notifications: results.flatMap(({ notifications }) => notifications),
    coverage: {
      reviewed: sum(({ coverage }) => coverage.reviewed),
      nothingToReview: sum(({ coverage }) => coverage.nothingToReview),
      partlyParsed: sum(({ coverage }) => coverage.partlyParsed),
      skipped: [...skipped, ...results.flatMap(({ coverage }) => coverage.skipped)],
    },
    projects: [...new Set(results.flatMap(({ projects }) => projects))],
    sources,
  };
}
