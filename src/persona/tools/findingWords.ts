/** Findings as tools give them: small, each with its place, the worst first, and always with what was covered. */
import { listed } from '../../engine/nearest';
import type { Covered, Reviewed, ToolFinding } from './host';
import { failure, type ToolError, type ToolValue } from './tool';

/** A finding in a few words. What production feels, the path and the diffs are `explain_finding`'s. */
export const briefly = (finding: ToolFinding): ToolValue => ({
  at: `${finding.file}:${finding.line}`,
  ...(finding.endLine > finding.line ? { endLine: finding.endLine } : {}),
  rule: finding.rule,
  level: finding.level,
  what: finding.what,
  remedy: finding.remedy,
  fingerprint: finding.fingerprint,
  ...(finding.fixes.length > 0
    ? { fixes: finding.fixes.map(({ title, safety }, fix) => ({ fix, title, safety })) }
    : {}),
});

const SEVERITY = { error: 0, warning: 1, info: 2 } as const;

export const worstFirst = (findings: readonly ToolFinding[]): readonly ToolFinding[] =>
  findings.toSorted((a, b) => SEVERITY[a.level] - SEVERITY[b.level]);

const NEXT = 'explain_finding tells the path through the code, and what to do instead.';
const NEXT_WITH_FIXES = `apply_fix makes a fix, and with preview: true shows it only. ${NEXT}`;

/** Notes that are told; the rest is counted. */
const MOST_NOTES = 10;

export interface Shown {
  /** Which of the findings are asked for. */
  readonly isMeant?: (finding: ToolFinding) => boolean;
  readonly from?: number;
  readonly most: number;
}

/**
 * The answer of a review.
 * @returns an error where nothing was looked at, so that silence is never taken for a pass
 */
export function reviewValue(reviewed: Reviewed, what: string, shown: Shown): ToolValue | ToolError {
  const { findings, covered, notes } = reviewed;
  if (isNothingCovered(reviewed)) return nothingCovered(what, reviewed);
  const meant = worstFirst(shown.isMeant ? findings.filter(shown.isMeant) : findings);
  const from = shown.from ?? 0;
  const some = meant.slice(from, from + shown.most);
  const others = findings.length - meant.length;
  return {
    summary: `${inWords(meant)} in ${what}.${others > 0 ? ` ${others} more outside of what was asked for.` : ''}`,
    covered: coveredInWords(covered),
    findings: some.map(briefly),
    ...(meant.length > from + some.length
      ? { more: `${meant.length - from - some.length} more: ask again with "from": ${from + some.length}.` }
      : {}),
    ...(some.length > 0 ? { next: some.some(({ fixes }) => fixes.length > 0) ? NEXT_WITH_FIXES : NEXT } : {}),
    ...(notes.length > 0 ? { notes: notes.slice(0, MOST_NOTES).map(noteInWords) } : {}),
    ...(notes.length > MOST_NOTES ? { moreNotes: notes.length - MOST_NOTES } : {}),
  };
}

const noteInWords = ({ file, message }: { readonly file?: string; readonly message: string }): string =>
  (file === undefined ? message : `${file}: ${message}`).slice(0, 300);

export function inWords(findings: readonly ToolFinding[]): string {
  const count = findings.length;
  if (count === 0) return 'No findings';
  const levels = (['error', 'warning', 'info'] as const).flatMap(level => {
    const own = findings.filter(finding => finding.level === level).length;
    return own > 0 ? [`${own} ${level}`] : [];
  });
  return `${count} finding${count === 1 ? '' : 's'} (${levels.join(', ')})`;
}

export function coveredInWords({ reviewed, nothingToReview, skipped, left }: Covered): string {
  const parts = [
    `${reviewed} file${reviewed === 1 ? '' : 's'} reviewed`,
    ...(nothingToReview > 0 ? [`${nothingToReview} looked at that hold nothing a rule speaks of`] : []),
    ...skipped,
    ...(left > 0 ? [`${left} not looked at, for lack of time`] : []),
  ];
  return parts.join('; ');
}

/** Silence about it would be no pass. */
export const isNothingCovered = ({ covered: { reviewed, nothingToReview } }: Reviewed): boolean =>
  reviewed === 0 && nothingToReview === 0;

export function nothingCovered(what: string, { covered, notes }: Reviewed): ToolError {
  // a note says of which file what the count says of all
  const why = (notes.length > 0 ? notes.map(noteInWords) : covered.skipped).slice(0, 5);
  return failure(
    'nothing-covered',
    `Nothing was reviewed in ${what}${why.length > 0 ? `: ${listed(why, 'and')}` : ': it holds no file that can be reviewed'}.`,
    'This is no pass. JavaScript, TypeScript, Python, SQL and migrations are reviewed: name such a file, or a folder with some.',
  );
}
