/**
 * Reads and checks marked programs: small programs in a string, with comments under the lines that say what the review
 * finds there.
 *
 *     //- orders.ts
 *     for (const order of orders)
 *     //                  ^^^^^^ related: repeats here
 *       order.lines = await linesOf(order.id);
 *     //                    ^^^^^^^ n-plus-one: `linesOf()` runs once
 *
 * A mark is a comment of its own (`//`, `#` or `--`): carets, then what is there.
 *
 * * `rule-id: start of the message`, or `rule-id (error): …` where the level matters
 * * `related: start of the message` – somewhere in the related information of a finding
 * * `MISSING rule-id: why` – not found yet; the test fails on the day it is
 *
 * Mark lines are taken out before the program is reviewed. A finding that spans lines is marked on its first.
 * A program without marks is a program in which nothing may be found.
 */
import { expect } from 'vitest';
import { type Finding, type Fix, messageOf } from '../../src/engine/finding';
import { type Files, type ReviewSettings, reviewProgram } from './reviewProgram';

/** A marked program, taken apart. */
export interface Program {
  readonly files: Files;
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly kind: 'finding' | 'related' | 'missing';
  readonly file: string;
  /** Offsets in the file's text without marks. */
  readonly start: number;
  readonly end: number;
  readonly rule?: string;
  readonly level?: string;
  readonly text: string;
}

const SECTION = /^\s*\/\/- (\S+)\s*$/;
const MARK = /^(\s*(?:\/\/|#|--)\s*)(\^+) (.*)$/;
const WORDS = /^(?:(MISSING) )?([\w-]+)(?: \((error|warning|info)\))?(?::\s*(.*))?$/;

/** @throws when a mark does not read, or stands under no code */
export function readProgram(marked: string, defaultFile = 'program.ts'): Program {
  const files = new Map<string, string>();
  const marks: Mark[] = [];
  let file = defaultFile;
  let text = '';
  let lineStart = 0;
  const finish = () => {
    if (text.trim() !== '') files.set(file, text);
  };
  for (const line of withoutMargin(marked).split('\n')) {
    const section = SECTION.exec(line);
    if (section) {
      finish();
      file = section[1] ?? defaultFile;
      text = '';
      lineStart = 0;
      continue;
    }
    const mark = MARK.exec(line);
    if (!mark) {
      lineStart = text.length;
      text += `${line}\n`;
      continue;
    }
    const [, margin = '', carets = '', words = ''] = mark;
    const read = WORDS.exec(words.trim());
    if (!read) throw new Error(`This mark does not read: ${line.trim()}`);
    const [, missing, rule, level, message = ''] = read;
    const start = lineStart + margin.length;
    if (start + carets.length > text.length) throw new Error(`This mark reaches beyond its line: ${line.trim()}`);
    marks.push({
      kind: missing ? 'missing' : rule === 'related' ? 'related' : 'finding',
      file,
      start,
      end: start + carets.length,
      rule,
      level,
      text: message.trim(),
    });
  }
  finish();
  return { files, marks };
}

/** One sentence for everything in which the findings differ from the marks; nothing when they agree. */
export function disagreements({ files, marks }: Program, findings: readonly Finding[]): readonly string[] {
  const textOf = (file: string) => files.get(file) ?? '';
  const stands = (at: Finding['at'], mark: Mark) =>
    at.file === mark.file && at.start === mark.start && firstLineEnd(textOf(at.file), at) === mark.end;
  const says = (message: string, mark: Mark) => message.startsWith(mark.text);
  const where = (at: { file: string; start: number; end: number }) => {
    const before = textOf(at.file).slice(0, at.start);
    const line = before.split('\n').length;
    return `${at.file}:${line}:${at.start - before.lastIndexOf('\n')} “${textOf(at.file).slice(at.start, at.end)}”`;
  };

  const problems: string[] = [];
  const open = new Set(findings);
  for (const mark of marks) {
    if (mark.kind === 'related') {
      const related = findings.flatMap(finding => finding.related);
      if (!related.some(({ at, message }) => stands(at, mark) && says(message, mark)))
        problems.push(
          `No finding relates to ${where(mark)} saying “${mark.text}”. Related: ${
            related.map(({ at, message }) => `${where(at)}: ${message}`).join('; ') || 'nothing'
          }`,
        );
      continue;
    }
    const found = [...open].find(
      finding =>
        finding.rule === mark.rule &&
        stands(finding.at, mark) &&
        (mark.kind === 'missing' || (says(messageOf(finding), mark) && (!mark.level || mark.level === finding.level))),
    );
    if (mark.kind === 'missing') {
      if (!found) continue;
      open.delete(found);
      problems.push(`${mark.rule} is found now at ${where(mark)}: drop MISSING from its mark.`);
    } else if (found) open.delete(found);
    else
      problems.push(
        `${mark.rule}${mark.level ? ` (${mark.level})` : ''} is not found at ${where(mark)} saying “${mark.text}”.`,
      );
  }
  for (const finding of open)
    problems.push(
      `${finding.rule} (${finding.level}) is found and not marked at ${where(finding.at)}: ${messageOf(finding)}`,
    );
  return problems;
}

/** Reviews every file of the program, and holds that it finds what is marked and nothing else. */
export async function reviews(marked: string, settings: ReviewSettings = {}): Promise<readonly Finding[]> {
  const program = readProgram(marked, settings.defaultFile);
  const findings = await findingsIn(program.files, settings);
  expect(disagreements(program, findings)).toEqual([]);
  return findings;
}

export interface Proof extends ReviewSettings {
  /** Whose fix; by default that of the only finding. */
  readonly rule?: string;
  /** Part of the title of the fix, when it is not the preferred one. */
  readonly title?: string;
  readonly safety?: Fix['safety'];
  /** Runs a version of the program; both must give the same. */
  readonly run?: (files: Files) => Promise<unknown>;
}

/**
 * Holds that the fix of a finding turns `before` into `after`, that the review then finds no more of it and nothing new,
 * and that both versions run alike. Marks are allowed in `before` and not needed.
 */
export async function provesFix(before: string, after: string, proof: Proof = {}): Promise<void> {
  const { files } = readProgram(before, proof.defaultFile);
  const findings = await findingsIn(files, proof);
  const [finding] = proof.rule ? findings.filter(({ rule }) => rule === proof.rule) : findings;
  expect(finding, 'a finding to fix').toBeDefined();
  if (!finding) return;
  const fix = proof.title ? finding.fixes.find(({ title }) => title.includes(proof.title ?? '')) : finding.fixes[0];
  expect(fix, `a fix of: ${messageOf(finding)}`).toBeDefined();
  if (!fix) return;
  if (proof.safety) expect(fix.safety).toBe(proof.safety);

  const mended = applied(fix, files);
  expect(Object.fromEntries(mended)).toEqual(Object.fromEntries(readProgram(after, proof.defaultFile).files));
  const left = await findingsIn(mended, proof);
  const known = new Set(findings.filter(each => each !== finding).map(({ fingerprint }) => fingerprint));
  expect(left.filter(({ fingerprint }) => !known.has(fingerprint)).map(messageOf)).toEqual([]);
  expect(left.length).toBeLessThan(findings.length);
  if (proof.run) expect(await proof.run(mended)).toEqual(await proof.run(files));
}

/** The files with the fix's edits in them. @throws when edits overlap */
export function applied(fix: Pick<Fix, 'edits'>, files: Files): Files {
  const result = new Map(files);
  const lastFirst = [...fix.edits].sort(
    (a, b) => a.at.file.localeCompare(b.at.file) || b.at.start - a.at.start || b.at.end - a.at.end,
  );
  let previous: { file: string; start: number } | undefined;
  for (const { at, newText } of lastFirst) {
    if (previous?.file === at.file && at.end > previous.start)
      throw new Error(`Edits overlap in ${at.file} at ${at.start}.`);
    const text = result.get(at.file) ?? '';
    result.set(at.file, text.slice(0, at.start) + newText + text.slice(at.end));
    previous = { file: at.file, start: at.start };
  }
  return result;
}

async function findingsIn(files: Files, settings: ReviewSettings): Promise<readonly Finding[]> {
  const reviewed = await reviewProgram(files, settings);
  return reviewed.flatMap(({ findings }) => findings);
}

/** The program without the empty lines around it and the indentation that all of its lines share. */
function withoutMargin(text: string): string {
  const lines = text
    .replace(/^\s*\n/, '')
    .replace(/\s+$/, '')
    .split('\n');
  const margins = lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length);
  const margin = Math.min(...margins);
  return lines.map(line => line.slice(margin)).join('\n');
}

function firstLineEnd(text: string, at: { start: number; end: number }): number {
  const newline = text.indexOf('\n', at.start);
  return newline < 0 ? at.end : Math.min(at.end, newline);
}
