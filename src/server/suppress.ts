/** Writes suppression comments, in the host language's comment, at the place where they count. */
import { Position, TextEdit } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';

/** What opens a comment to the end of the line. */
const LINE_COMMENT: Readonly<Record<string, string>> = { sql: '--', python: '#' };

const NEXT_LINE = 'backend-reviewer-ignore-next-line';
const WHOLE_FILE = 'backend-reviewer-ignore-file';

/** For clients that do not ask for a reason: the person writes theirs over it. */
export const REASON_PLACEHOLDER = 'reason';

interface Suppression {
  readonly rule: string;
  /** Empty when the person gave none. */
  readonly reason: string;
}

/** A comment above `line` (0-based), as deep as that line. A comment that stands there already takes the rule in. */
export function ignoreLine(text: TextDocument, line: number, { rule, reason }: Suppression): TextEdit {
  const above = line > 0 ? alsoIn(text, line - 1, NEXT_LINE, rule) : undefined;
  if (above) return above;
  const indentation = /^[ \t]*/.exec(lineOf(text, line))?.[0] ?? '';
  return TextEdit.insert(
    Position.create(line, 0),
    `${indentation}${comment(text, NEXT_LINE, rule, reason)}${endOfLine(text)}`,
  );
}

/** A comment in the head of the file, below a `#!` line. A comment that stands there already takes the rule in. */
export function ignoreFile(text: TextDocument, { rule, reason }: Suppression): TextEdit {
  const first = lineOf(text, 0).startsWith('#!') ? 1 : 0;
  const standing = alsoIn(text, first, WHOLE_FILE, rule);
  if (standing) return standing;
  const inserted = `${comment(text, WHOLE_FILE, rule, reason)}${endOfLine(text)}`;
  // A file that ends with its `#!` line has no line below it yet.
  if (first >= text.lineCount)
    return TextEdit.insert(text.positionAt(text.getText().length), `${endOfLine(text)}${inserted}`);
  return TextEdit.insert(Position.create(first, 0), inserted);
}

function comment(text: TextDocument, directive: string, rule: string, reason: string): string {
  const opening = LINE_COMMENT[text.languageId] ?? '//';
  return `${opening} ${directive} ${rule}${reason ? ` -- ${reason}` : ''}`;
}

/** Puts the rule behind the rules of a comment on `line`, if one is there: a second comment would push it off its line. */
function alsoIn(text: TextDocument, line: number, directive: string, rule: string): TextEdit | undefined {
  const listed = new RegExp(`${directive}[ \\t]+[\\w-]+(?:[ \\t]*,[ \\t]*[\\w-]+)*`).exec(lineOf(text, line));
  return listed ? TextEdit.insert(Position.create(line, listed.index + listed[0].length), `, ${rule}`) : undefined;
}

const lineOf = (text: TextDocument, line: number): string =>
  text.getText({ start: Position.create(line, 0), end: Position.create(line + 1, 0) });

const endOfLine = (text: TextDocument): string => (text.getText().includes('\r\n') ? '\r\n' : '\n');
