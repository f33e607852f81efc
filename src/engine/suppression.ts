/** Comments that silence a rule, read alike in every host language's comment. */
import type { FileRange } from './place';

/** A comment as the program model has it, its delimiters included, in file offsets. */
export interface CommentSpan {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** True when no code stands before it in its line. */
  readonly ownLine: boolean;
}

export interface Suppression {
  readonly scope: 'next-line' | 'file';
  /** Each named rule, and where its name stands. */
  readonly rules: readonly { readonly id: string; readonly start: number; readonly end: number }[];
  readonly reason?: string;
  /** The comment. */
  readonly start: number;
  readonly end: number;
  /** Offset of the code that a `next-line` speaks of: the first behind it that is neither blank nor comment. */
  readonly target?: number;
  /** A `file` below the first code: it has no effect. */
  readonly misplaced: boolean;
  /** What to delete to be rid of it; absent when the comment says other things too. */
  readonly removable?: { readonly start: number; readonly end: number };
}

export interface SuppressionProblem {
  readonly start: number;
  readonly message: string;
}

/** The two rules that speak of suppressions themselves. They need no facts, so the engine runs them. */
export const SUPPRESSION_RULES = {
  /**
   * A suppression that gives no reason.
   *
   * It works, and the next reader has to find out again why the finding was right to leave.
   * ## Flags
   * ```ts
   * // backend-reviewer-ignore-next-line sql-injection
   * const drop = (table: string) => pool.query(`DROP TABLE ${table}`);
   * ```
   * ## Stays silent
   * ```ts
   * // backend-reviewer-ignore-next-line sql-injection -- names come from the list of tables above
   * const drop = (table: string) => pool.query(`DROP TABLE ${table}`);
   * ```
   */
  withoutReason: 'suppression-without-reason',
  /**
   * A suppression that suppresses nothing.
   *
   * The code behind it was mended, or the name of the rule is wrong; it would hide the next finding there. Only rules
   * that ran are judged.
   * ## Flags
   * ```ts
   * // backend-reviewer-ignore-next-line sql-injection -- names come from the list of tables above
   * await pool.query('DROP TABLE person');
   * ```
   * ## Stays silent
   * ```ts
   * // backend-reviewer-ignore-next-line sql-injection -- names come from the list of tables above
   * const drop = (table: string) => pool.query(`DROP TABLE ${table}`);
   * ```
   */
  unused: 'unused-suppression',
} as const;

/** Whether a text may hold suppressions at all; a cheap look that spares the rest. */
export const mentionsSuppression = (text: string): boolean => text.includes(PREFIX);

const PREFIX = 'backend-reviewer-';
const OPENING = /^\s*(?:\{\s*)?(?:\/\/[/!]*|\/\*[*!]*|<!--+|--+|#+!?|\*(?!\/))?\s*/;
const CLOSING = /\s*(?:\*+\/\s*\}?|--+!?>)\s*$/;
const DIRECTIVE = /^backend-reviewer-(ignore-next-line|ignore-file)(?![\w-])/;
const NEAR_MISS = /^backend-reviewer-(?:ignore|disable|suppress)[\w-]*/;
const RULE_LIST = /^\s*([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\s*(,?)/i;

/**
 * The suppressions in a file's comments. A directive stands at the beginning of a comment, or of a line in a block
 * comment; prose that mentions one is prose.
 *
 * @param comments  in source order
 */
export function suppressionsIn(
  text: string,
  comments: readonly CommentSpan[],
): { readonly suppressions: readonly Suppression[]; readonly problems: readonly SuppressionProblem[] } {
  const suppressions: Suppression[] = [];
  const problems: SuppressionProblem[] = [];
  if (!mentionsSuppression(text)) return { suppressions, problems };
  const skip = skipper(text, comments);
  const head = endOfHead(text, skip);

  for (const comment of comments) {
    if (!comment.text.includes(PREFIX)) continue;
    const lines = comment.text.split(/\r\n|\r|\n/);
    let offset = comment.start;
    for (const line of lines) {
      const opening = OPENING.exec(line)?.[0].length ?? 0;
      const said = line.slice(opening).replace(CLOSING, '').trimEnd();
      const at = offset + opening;
      const directive = DIRECTIVE.exec(said);
      if (directive) {
        const scope = directive[1] === 'ignore-file' ? 'file' : 'next-line';
        const rest = said.slice(directive[0].length);
        suppressions.push({
          scope,
          ...rulesAndReason(rest, at + directive[0].length),
          start: comment.start,
          end: comment.end,
          target: scope === 'next-line' ? nextCode(text, comment.end, skip) : undefined,
          misplaced: scope === 'file' && comment.start >= head,
          removable: lines.length === 1 ? wholeComment(text, comment) : undefined,
        });
      } else {
        const miss = NEAR_MISS.exec(said);
        if (miss)
          problems.push({
            start: at,
            message: `"${miss[0]}" ignores nothing; write "backend-reviewer-ignore-next-line RULE -- reason", or "backend-reviewer-ignore-file RULE -- reason" in the head of the file`,
          });
      }
      offset += line.length + (text.startsWith('\r\n', offset + line.length) ? 2 : 1);
    }
  }
  return { suppressions, problems };
}

/**
 * The suppressions that silence a finding.
 *
 * @param lines  the lines that count as the finding's own: where it starts, and where its statement starts
 */
export function silencedBy(
  suppressions: readonly Suppression[],
  rule: string,
  lines: readonly number[],
  lineAt: (offset: number) => number,
): Suppression[] {
  return suppressions.filter(
    suppression =>
      suppression.rules.some(({ id }) => id === rule) &&
      (suppression.scope === 'file'
        ? !suppression.misplaced
        : suppression.target !== undefined && lines.includes(lineAt(suppression.target))),
  );
}

/** Where the finding about one named rule stands: the comment when it names just that rule, else the name in it. */
export const rangeInSuppression = (file: string, suppression: Suppression, index: number): FileRange => {
  const named = suppression.rules[index];
  return suppression.rules.length > 1 && named
    ? { file, start: named.start, end: named.end }
    : { file, start: suppression.start, end: suppression.end };
};

/** `RULE[, RULE]… -- reason`, as it stands behind the directive; `offset` is where `rest` begins. */
function rulesAndReason(rest: string, offset: number): Pick<Suppression, 'rules' | 'reason'> {
  const dashes = rest.search(/--/);
  const names = dashes < 0 ? rest : rest.slice(0, dashes);
  const reason = dashes < 0 ? '' : rest.slice(dashes).replace(/^-+/, '').trim();
  const rules: { id: string; start: number; end: number }[] = [];
  let at = 0;
  for (;;) {
    const found = RULE_LIST.exec(names.slice(at));
    const id = found?.[1];
    if (!found || id === undefined) break;
    const start = offset + at + found[0].indexOf(id);
    rules.push({ id, start, end: start + id.length });
    at += found[0].length;
    if (!found[2]) break; // what follows without a comma is prose
  }
  return { rules, reason: reason || undefined };
}

/** From an offset on, the next one that stands neither in white space nor in a comment. */
type Skip = (offset: number) => number;

function skipper(text: string, comments: readonly CommentSpan[]): Skip {
  const endOfComment = new Map(comments.map(comment => [comment.start, comment.end]));
  const pastBlank = (offset: number) => {
    let at = offset;
    while (at < text.length && /\s/.test(text[at] ?? '')) at++;
    return at;
  };
  return offset => {
    let at = pastBlank(offset);
    for (;;) {
      const end = endOfComment.get(at) ?? endOfBraced(at);
      if (end === undefined || end <= at) return at;
      at = pastBlank(end);
    }
  };
  /** In JSX a comment stands in braces of its own, which are no code either. */
  function endOfBraced(at: number): number | undefined {
    if (text[at] !== '{') return undefined;
    const comment = endOfComment.get(pastBlank(at + 1));
    if (comment === undefined) return undefined;
    const closing = pastBlank(comment);
    return text[closing] === '}' ? closing + 1 : undefined;
  }
}

/** Where the code behind the comment's own line begins. */
function nextCode(text: string, end: number, skip: Skip): number | undefined {
  const lineBreak = text.slice(end).search(/[\r\n]/);
  if (lineBreak < 0) return undefined;
  const at = skip(end + lineBreak);
  return at < text.length ? at : undefined;
}

/** Where the first code begins. A `#!` line, PHP's opening tag and directives like `'use strict'` belong to the head. */
function endOfHead(text: string, skip: Skip): number {
  let at = 0;
  for (;;) {
    at = skip(at);
    const preamble = /^(?:#!.*|<\?php\b|(['"])use [\w ]+\1;?)/.exec(text.slice(at, at + 200));
    if (!preamble) return at;
    at += preamble[0].length;
  }
}

/** The comment with the blanks and the line break that exist only for it. */
function wholeComment(text: string, comment: CommentSpan): { start: number; end: number } {
  let { start, end } = comment;
  const before = /\{\s*$/.exec(text.slice(Math.max(0, start - 80), start));
  const after = /^\s*\}/.exec(text.slice(end, end + 80));
  if (before && after) {
    start -= before[0].length;
    end += after[0].length;
  }
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1), text.lastIndexOf('\r', start - 1)) + 1;
  const behind = /^[ \t]*(\r\n|\r|\n|$)?/.exec(text.slice(end));
  const standsAlone = text.slice(lineStart, start).trim() === '';
  if (behind?.[1] !== undefined && standsAlone) return { start: lineStart, end: end + behind[0].length };
  if (behind?.[1] !== undefined) return { start: start - trailingBlanks(text, start), end };
  return { start, end: end + (behind?.[0].length ?? 0) };
}

const trailingBlanks = (text: string, end: number): number => {
  let at = end;
  while (at > 0 && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  return end - at;
};
