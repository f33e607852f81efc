/** `check`: one review, printed in one of the formats, and an exit status that scripts stand on. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BaselineError, fingerprintsInSarif } from '../engine/baseline';
import { LEVELS } from '../engine/level';
import { didYouMean } from '../engine/nearest';
import { decode } from '../workspace/decode';
import { type AbsolutePath, type FileAccess, reasonOf } from '../workspace/fileAccess';
import { reviewAsIf } from '../workspace/reviewAsIf';
import {
  type ReportedFinding,
  type RunDependencies,
  type RunProgress,
  type RunResult,
  reviewPaths,
} from '../workspace/run';
import { UsageError } from '../workspace/usageError';
import { reviewChangedSince } from './changedSince';
import type { CheckArguments, Format } from './commandLine';
import { github } from './formats/github';
import { json } from './formats/json';
import { explanation, pretty } from './formats/pretty';
import { sarif } from './formats/sarif';
import { counted, counts, nameOf, type Report, type RuleDescription } from './report';
import { colorsFor, layoutWidth } from './terminal';

/** What a command writes to and where it runs: the process's own, or a test's. */
export interface Terminal {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The current folder. */
  readonly folder: string;
  /** All of standard input. */
  input(): Promise<Uint8Array>;
}

export interface Output {
  /** Resolves when the text is handed on, or nobody reads any more. */
  write(text: string): Promise<void>;
  readonly isTerminal: boolean;
  readonly columns?: number;
}

/** What `check` needs of the product: its rules, and how files are reviewed. */
export interface Review extends RunDependencies {
  readonly rules: readonly RuleDescription[];
}

/**
 * @returns the exit status: 0 nothing at or above the fail level, 1 findings
 * @throws UsageError, ConfigurationError for what ends the run with status 2
 */
export async function check(
  asked: CheckArguments,
  terminal: Terminal,
  openReview: (files?: FileAccess) => Promise<Review>,
  version: string,
): Promise<0 | 1> {
  const review = await openReview();
  const folder = withSlashes(resolve(terminal.folder));
  const rules = chosenRules(asked.rules, review.rules);
  const baseline = asked.baseline === undefined ? undefined : await readBaseline(resolve(folder, asked.baseline));
  const progress = progressLine(terminal);
  const paths = asked.paths.map(path => absolutePath(folder, path));
  const options = { rules, baseline: baseline?.fingerprints, onProgress: progress.show };
  const { changedSince: ref, stdinFilename } = asked;
  const { environment } = terminal;
  const reviewed = async (): Promise<RunResult> => {
    if (stdinFilename !== undefined)
      return reviewAsIf(absolutePath(folder, stdinFilename), await textIn(terminal), options, review);
    if (ref !== undefined) return reviewChangedSince(paths, { ...options, ref, environment, openReview }, review);
    return reviewPaths(paths, options, review);
  };
  const result = await reviewed().finally(progress.clear);
  const notifications = baseline?.note ? [baseline.note, ...result.notifications] : result.notifications;
  const report: Report = {
    result: { ...result, notifications },
    rules: review.rules,
    folder,
    version,
    failLevel: asked.failLevel,
  };
  const failing = result.findings.some(finding => counts(finding, asked.failLevel));

  if (asked.output === undefined) await terminal.stdout.write(printed(report, asked, terminal));
  else {
    await writeOutput(resolve(folder, asked.output), printed(report, asked, terminal), asked.output);
    await terminal.stderr.write(`${summary(report)} Written to ${asked.output}.\n`);
  }
  return failing ? 1 : 0;
}

/** @throws UsageError where it is no text */
async function textIn(terminal: Terminal): Promise<string> {
  const decoded = decode(await terminal.input());
  if ('text' in decoded) return decoded.text;
  if (decoded.reason === 'empty') return '';
  throw new UsageError(`standard input is not reviewed: ${decoded.reason}`);
}

function printed(report: Report, { format, explain, output }: CheckArguments, terminal: Terminal): string {
  const toTerminal = output === undefined && terminal.stdout.isTerminal;
  const options = {
    colors: colorsFor(toTerminal, output === undefined ? terminal.environment : {}),
    width: layoutWidth(toTerminal ? terminal.stdout.columns : undefined),
  };
  if (explain === undefined) return formatted(report, format, terminal, options);
  const finding = findingKnownAs(explain, report);
  return format === 'pretty'
    ? explanation(finding, report, options)
    : formatted({ ...report, result: { ...report.result, findings: [finding] } }, format, terminal, options);
}

function formatted(report: Report, format: Format, terminal: Terminal, options: Parameters<typeof pretty>[1]): string {
  switch (format) {
    case 'pretty':
      return pretty(report, options);
    case 'json':
      return json(report);
    case 'sarif':
      return sarif(report);
    case 'github': {
      const checkout = terminal.environment.GITHUB_WORKSPACE;
      return github(report, checkout ? withSlashes(resolve(checkout)) : report.folder);
    }
  }
}

/** Exactly the rules that were named; nothing when none was. */
function chosenRules(names: readonly string[], rules: readonly RuleDescription[]): ReadonlySet<string> | undefined {
  const known = rules.map(({ id }) => id);
  for (const name of names)
    if (!known.includes(name)) throw new UsageError(`there is no rule "${name}"; ${didYouMean(name, known)}`);
  return names.length ? new Set(names) : undefined;
}

async function readBaseline(path: string) {
  try {
    const fingerprints = fingerprintsInSarif(await readFile(path, 'utf8'));
    const note = { path: withSlashes(path), message: 'this baseline holds no finding of Backend Reviewer' };
    return { fingerprints, note: fingerprints.size === 0 ? note : undefined };
  } catch (error) {
    const reason = error instanceof BaselineError ? error.message : reasonOf(error);
    throw new UsageError(`the baseline ${path} cannot be read: ${reason}`);
  }
}

async function writeOutput(path: string, text: string, asked: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new UsageError(`--output ${asked} cannot be written: ${reasonOf(error)}`);
  }
}

/** By its fingerprint or the beginning of it; `:2` tells equal ones apart. */
function findingKnownAs(asked: string, { result, folder }: Report): ReportedFinding {
  const [digits = '', ordinal] = asked.trim().toLowerCase().split(':');
  const found = result.findings.filter(({ fingerprint }) => {
    const [own = '', ownOrdinal] = fingerprint.split(':');
    return digits !== '' && own.startsWith(digits) && ownOrdinal === ordinal;
  });
  const [first, ...others] = found;
  if (!first)
    throw new UsageError(
      `no finding is known as "${asked}"${result.findings.length ? '; the digits stand at the end of each finding’s first line' : ': there are none here'}`,
    );
  if (others.length)
    throw new UsageError(
      `${counted(found.length, 'finding')} are known as "${asked}"; which one? ${found.map(({ fingerprint, rule, at }) => `${fingerprint} (${rule} in ${nameOf(at.path, folder)}, line ${at.start.line})`).join(', ')}`,
    );
  return first;
}

function summary({ result }: Report): string {
  if (!result.findings.length) return `Nothing found in ${counted(result.coverage.reviewed, 'reviewed file')}.`;
  const levels = [...LEVELS].reverse().flatMap(level => {
    const count = result.findings.filter(finding => finding.level === level).length;
    return count ? [`${count} ${level}`] : [];
  });
  return `${counted(result.findings.length, 'finding')} (${levels.join(', ')}).`;
}

/** One line that overwrites itself, on a terminal only and not for the first moment: most runs are over before. */
function progressLine({ stderr, stdout }: Terminal) {
  const isShown = stderr.isTerminal && stdout.isTerminal;
  const width = layoutWidth(stderr.columns) - 1;
  let next = Date.now() + 400;
  let isDirty = false;
  return {
    show({ done, total, path }: RunProgress): void {
      if (!isShown || Date.now() < next) return;
      next = Date.now() + 80;
      isDirty = true;
      void stderr.write(`\r\u001b[2K${`${done}/${total}  ${path}`.slice(0, width)}`);
    },
    async clear(): Promise<void> {
      if (isDirty) await stderr.write('\r\u001b[2K');
    },
  };
}

const withSlashes = (path: string): AbsolutePath => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);

/** Without a slash at its end, so that a folder has one name. */
const absolutePath = (folder: string, path: string): AbsolutePath => withSlashes(resolve(folder, path));
