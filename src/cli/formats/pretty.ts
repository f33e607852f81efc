/** Findings for people at a terminal: what happens, what production will feel, how to mend it, what was covered. */
import type { Fix } from '../../engine/finding';
import { LEVELS, type Level } from '../../engine/level';
import { fixDiff } from '../../workspace/fixDiff';
import type { PlacedRange, ReportedFinding, RunNotification } from '../../workspace/run';
import { skippedInWords } from '../../workspace/selection';
import { codeFrame } from '../codeFrame';
import { counted, counts, nameOf, type Report } from '../report';
import { type Colors, harmless, widthOf, wrapped } from '../terminal';

export interface PrettyOptions {
  readonly colors: Colors;
  /** Columns to lay text out for. */
  readonly width: number;
}

/** Digits of a fingerprint that are shown: few enough to type, many enough to be one finding's. */
const SHORT = 8;

/** The whole report. What the baseline holds is counted and not shown. */
export function pretty(report: Report, options: PrettyOptions): string {
  const { colors } = options;
  const shown = report.result.findings.filter(finding => finding.baselineState !== 'unchanged');
  const lines: string[] = [];
  for (const [path, findings] of byFile(shown)) {
    lines.push('', colors.bold(colors.underline(harmless(nameOf(path, report.folder)))));
    for (const finding of findings) lines.push('', ...findingLines(finding, report, options));
  }
  if (report.result.notifications.length) lines.push('', ...notificationLines(report, options));
  lines.push('', ...totalLines(shown, report, options));
  return `${lines.slice(1).join('\n')}\n`;
}

/** The whole story of one finding: every step with its code, the remedy with its sketch, every fix as a diff. */
export function explanation(finding: ReportedFinding, report: Report, options: PrettyOptions): string {
  const { colors, width } = options;
  const name = (path: string) => harmless(nameOf(path, report.folder));
  const source = (path: string) => report.result.sources.get(path)?.text ?? '';
  const lines = findingHead(finding, report, options);
  lines.push('', ...indented(frameOf(finding.at, finding.level, report, options, 3), 2));
  if (finding.why) lines.push('', ...paragraph('Why', finding.why, options));
  if (finding.remedy) lines.push('', ...paragraph('Instead', finding.remedy, options));
  if (finding.sketch) lines.push('', ...indented(finding.sketch.trim().split('\n').map(harmless), 4));

  for (const [index, { at, message }] of finding.related.entries()) {
    lines.push('', `  ${colors.bold(`${index + 1}.`)} ${harmless(message)}  ${colors.dim(placeName(at, name))}`);
    lines.push(...indented(frameOf(at, 'info', report, options, 1), 5));
  }
  for (const fix of finding.fixes) {
    lines.push('', ...wrapped(`${fixName(fix, colors)}`, width - 2).map(line => `  ${line}`));
    lines.push(
      ...indented(
        fixDiff(fix, source, name).map(line => diffLine(line, colors)),
        4,
      ),
    );
  }
  lines.push(
    '',
    ...paragraph('Leave it', 'put this comment above the line, with your reason:', options),
    `    backend-reviewer-ignore-next-line ${finding.rule} -- reason`,
  );
  const rule = report.rules.find(({ id }) => id === finding.rule);
  if (rule) lines.push('', ...paragraph('Rule', [rule.summary, rule.uri].filter(Boolean).join(' '), options));
  lines.push('', ...paragraph('Known as', finding.fingerprint, options));
  return `${lines.join('\n')}\n`;
}

function findingLines(finding: ReportedFinding, report: Report, options: PrettyOptions): string[] {
  const { colors } = options;
  const lines = findingHead(finding, report, options);
  lines.push('', ...indented(frameOf(finding.at, finding.level, report, options, 1), 2), '');
  if (finding.why) lines.push(...paragraph('Why', finding.why, options));
  if (finding.remedy) lines.push(...paragraph('Instead', finding.remedy, options));
  for (const { at, message } of finding.related) {
    const place = placeName(at, path => harmless(nameOf(path, report.folder)));
    lines.push(...paragraph('See', `${colors.cyan(place)} · ${harmless(message)}`, options, false));
  }
  for (const fix of finding.fixes) lines.push(...paragraph('Fix', fixName(fix, colors), options, false));
  return lines;
}

/** Level, rule, place and fingerprint in one line, then what happens. */
function findingHead(finding: ReportedFinding, report: Report, { colors, width }: PrettyOptions): string[] {
  const paint = painter(finding.level, colors);
  const place = placeName(finding.at, path => harmless(nameOf(path, report.folder)));
  const fades = counts(finding, report.failLevel) ? '' : colors.dim('  (does not fail the check)');
  const showFades = finding.level !== 'info' && fades;
  return [
    `  ${paint(colors.bold(finding.level))}  ${paint(finding.rule)}  ${colors.dim(`${place}  ${shortPrint(finding.fingerprint)}`)}${showFades || ''}`,
    ...wrapped(harmless(finding.what), width - 2).map(line => `  ${colors.bold(line)}`),
  ];
}

/** The first digits, and the `:2` that tells equal ones in a file apart. */
const shortPrint = (fingerprint: string): string =>
  fingerprint.slice(0, SHORT) + (/:\d+$/.exec(fingerprint)?.[0] ?? '');

function frameOf(at: PlacedRange, level: Level, report: Report, options: PrettyOptions, context: number): string[] {
  const source = report.result.sources.get(at.path);
  if (!source) return [];
  return codeFrame(source.lines, at, {
    colors: options.colors,
    width: options.width - 4,
    mark: painter(level, options.colors),
    context,
  });
}

/** A label in a column of its own, and text beside it. */
function paragraph(label: string, text: string, { colors, width }: PrettyOptions, plain = true): string[] {
  const column = Math.max(9, label.length + 2);
  return wrapped(plain ? harmless(text) : text, width - column - 2).map(
    (line, index) => `  ${index === 0 ? colors.dim(label.padEnd(column)) : ' '.repeat(column)}${line}`,
  );
}

const placeName = ({ path, start }: PlacedRange, name: (path: string) => string): string =>
  `${name(path)}:${start.line}:${start.column}`;

const fixName = ({ title, safety }: Fix<PlacedRange>, colors: Colors): string =>
  `${harmless(title)} ${safety === 'safe' ? colors.green('(safe)') : colors.yellow('(look at it first)')}`;

function diffLine(line: string, colors: Colors): string {
  const shown = harmless(line.replaceAll('\t', '  '));
  if (line.startsWith('---') || line.startsWith('+++')) return colors.bold(shown);
  if (line.startsWith('@@')) return colors.cyan(shown);
  if (line.startsWith('+')) return colors.green(shown);
  return line.startsWith('-') ? colors.red(shown) : shown;
}

function notificationLines({ result, folder }: Report, { colors, width }: PrettyOptions): string[] {
  const text = ({ path, message }: RunNotification) =>
    path === undefined ? message : `${nameOf(path, folder)}: ${message}`;
  return [
    colors.bold('Notes on this run'),
    ...result.notifications.flatMap(notification =>
      wrapped(harmless(text(notification)), width - 4).map((line, index) => `  ${index === 0 ? '-' : ' '} ${line}`),
    ),
  ];
}

function totalLines(shown: readonly ReportedFinding[], report: Report, options: PrettyOptions): string[] {
  const { colors, width } = options;
  const { findings } = report.result;
  const known = findings.length - shown.length;
  const lines: string[] = [];
  if (shown.length) {
    const levels = [...LEVELS].reverse().flatMap(level => {
      const count = shown.filter(finding => finding.level === level).length;
      return count ? [painter(level, colors)(LEVEL_COUNTS[level](count))] : [];
    });
    const failing = shown.filter(finding => counts(finding, report.failLevel)).length;
    lines.push(
      `${colors.bold(counted(shown.length, 'finding'))}: ${levels.join(', ')}${failing === 0 ? '. None fails the check.' : ''}`,
      ...ruleTotals(shown, width).map(line => colors.dim(`  ${line}`)),
    );
  } else lines.push(colors.green(known ? 'Nothing new found.' : 'Nothing found.'));
  if (known) lines.push(colors.dim(`${counted(known, 'finding')} of the baseline not shown.`));
  lines.push(...wrapped(coverageInWords(report), width).map(line => colors.dim(line)));
  const first = shown.find(finding => finding.related.length || finding.fixes.length) ?? shown[0];
  if (first)
    lines.push(
      '',
      colors.dim('The whole story of one:'),
      // not wrapped: it is there to be copied
      colors.dim(
        `  backend-reviewer check --explain ${shortPrint(first.fingerprint)} ${harmless(nameOf(first.at.path, report.folder))}`,
      ),
    );
  return lines;
}

/** Rules and how often each spoke, most often first, as many to a line as fit. */
function ruleTotals(findings: readonly ReportedFinding[], width: number): string[] {
  const perRule = new Map<string, number>();
  for (const { rule } of findings) perRule.set(rule, (perRule.get(rule) ?? 0) + 1);
  const items = [...perRule]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([rule, count]) => `${rule} ${count}`);
  const lines: string[] = [];
  for (const item of items) {
    const last = lines[lines.length - 1];
    if (last !== undefined && widthOf(last) + 3 + item.length <= width - 2)
      lines[lines.length - 1] = `${last} · ${item}`;
    else lines.push(item);
  }
  return lines;
}

/** Silence is worth nothing without it. */
function coverageInWords({ result }: Report): string {
  const { reviewed, nothingToReview, partlyParsed, skipped } = result.coverage;
  const parts = [
    `${counted(reviewed, 'file')} reviewed${partlyParsed ? ` (${partlyParsed} only where the code could be parsed)` : ''}`,
  ];
  if (nothingToReview)
    parts.push(
      `${nothingToReview.toLocaleString('en')} more ${nothingToReview === 1 ? 'holds' : 'hold'} nothing to review`,
    );
  const sentence = `${parts.join('; ')}.`;
  return skipped.length ? `${sentence} Left out: ${harmless(skippedInWords(skipped))}.` : sentence;
}

const LEVEL_COUNTS: Readonly<Record<Level, (count: number) => string>> = {
  error: count => counted(count, 'error'),
  warning: count => counted(count, 'warning'),
  info: count => `${count} for information`,
};

const painter = (level: Level, colors: Colors): ((text: string) => string) =>
  level === 'error' ? colors.red : level === 'warning' ? colors.yellow : colors.blue;

function byFile(findings: readonly ReportedFinding[]): Map<string, ReportedFinding[]> {
  const files = new Map<string, ReportedFinding[]>();
  for (const finding of findings) {
    const own = files.get(finding.at.path);
    if (own) own.push(finding);
    else files.set(finding.at.path, [finding]);
  }
  return files;
}

const indented = (lines: readonly string[], columns: number): string[] =>
  lines.map(line => (line === '' ? '' : `${' '.repeat(columns)}${line}`));
