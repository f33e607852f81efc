/** A fix as a unified diff, made from its edits: what they leave alone needs no comparing. */
import type { Fix } from '../engine/finding';
import { linesOf } from '../engine/lines';
import type { AbsolutePath } from './fileAccess';
import type { PlacedRange } from './run';

const CONTEXT = 2;

/**
 * Lines of the diff, per file headed by `---` and `+++`.
 *
 * @param sourceOf  the text that the edits' offsets count in
 * @param nameOf    how a file is named in the headers
 */
export function fixDiff(
  fix: Fix<PlacedRange>,
  sourceOf: (path: AbsolutePath) => string,
  nameOf: (path: AbsolutePath) => string,
): string[] {
  const paths = [...new Set(fix.edits.map(({ at }) => at.path))];
  return paths.flatMap(path => {
    const edits = fix.edits
      .filter(({ at }) => at.path === path)
      .map(({ at, newText }) => ({ ...at.offsets, newText }))
      .sort((a, b) => a.start - b.start || a.end - b.end);
    return [`--- ${nameOf(path)}`, `+++ ${nameOf(path)}`, ...hunks(sourceOf(path), edits)];
  });
}

interface OffsetEdit {
  readonly start: number;
  readonly end: number;
  readonly newText: string;
}

interface Change {
  /** Lines from 1; `oldLines` may be empty, and then the change stands before `line`. */
  readonly line: number;
  readonly oldLines: readonly string[];
  readonly newLines: readonly string[];
}

function hunks(text: string, edits: readonly OffsetEdit[]): string[] {
  const lines = linesOf(text);
  const written: string[] = [];
  let shift = 0;
  for (const group of nearby(changesIn(text, edits))) {
    const first = group[0];
    const final = group[group.length - 1];
    if (!first || !final) continue;
    const from = Math.max(1, first.line - CONTEXT);
    const to = Math.min(lastLineOf(text), final.line + final.oldLines.length - 1 + CONTEXT);
    const body: string[] = [];
    let at = from;
    for (const { line, oldLines, newLines } of group) {
      for (; at < line; at++) body.push(` ${lines.textOf(at)}`);
      body.push(...oldLines.map(old => `-${old}`), ...newLines.map(added => `+${added}`));
      at += oldLines.length;
    }
    for (; at <= to; at++) body.push(` ${lines.textOf(at)}`);
    const grown = group.reduce((sum, { oldLines, newLines }) => sum + newLines.length - oldLines.length, 0);
    const length = Math.max(0, to - from + 1);
    written.push(`@@ -${from},${length} +${from + shift},${length + grown} @@`, ...body);
    shift += grown;
  }
  return written;
}

/** Edits as whole lines, with what stays the same at both ends taken off. */
function changesIn(text: string, edits: readonly OffsetEdit[]): Change[] {
  const lines = linesOf(text);
  const changes: Change[] = [];
  for (let index = 0; index < edits.length; ) {
    const first = edits[index];
    if (!first) break;
    const line = lines.positionAt(first.start).line;
    let lastLine = lines.positionAt(first.end).line;
    const own = [first];
    for (let next = edits[++index]; next && lines.positionAt(next.start).line <= lastLine; next = edits[++index]) {
      own.push(next);
      lastLine = Math.max(lastLine, lines.positionAt(next.end).line);
    }
    const start = lines.startOf(line);
    const end = lines.endOf(lastLine);
    let changed = '';
    let at = start;
    for (const edit of own) {
      changed += text.slice(at, edit.start) + edit.newText;
      at = edit.end;
    }
    changed += text.slice(at, end);
    const oldLines = text.slice(start, end).split(/\r\n|\r|\n/);
    const newLines = changed.split(/\r\n|\r|\n/);
    let before = 0;
    while (before < oldLines.length && before < newLines.length && oldLines[before] === newLines[before]) before++;
    let behind = 0;
    while (
      behind < oldLines.length - before &&
      behind < newLines.length - before &&
      oldLines[oldLines.length - 1 - behind] === newLines[newLines.length - 1 - behind]
    )
      behind++;
    changes.push({
      line: line + before,
      oldLines: oldLines.slice(before, oldLines.length - behind),
      newLines: newLines.slice(before, newLines.length - behind),
    });
  }
  return changes.filter(({ oldLines, newLines }) => oldLines.length + newLines.length > 0);
}

/** Changes whose surroundings meet stand in one hunk. */
function nearby(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [];
  for (const change of changes) {
    const group = groups[groups.length - 1];
    const last = group?.[group.length - 1];
    if (group && last && change.line - (last.line + last.oldLines.length) <= 2 * CONTEXT) group.push(change);
    else groups.push([change]);
  }
  return groups;
}

/** The empty line behind a final line break is none. */
const lastLineOf = (text: string): number => linesOf(text).count - (/[\r\n]$/.test(text) ? 1 : 0);
