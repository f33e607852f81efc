/** The way back of the migration that a file holds, and the file with it at its place. */

import type { Edit } from '../engine/finding';
import type { FileId, Place } from '../engine/place';
import type { DownAs } from '../facts/schemaScripts';
import { downFileOf, type PlacedOptions, placedDown, writtenDown } from '../migrations/writtenDown';

export { writtenDown } from '../migrations/writtenDown';

import type { Reviewer } from './reviewer';
import type { StepInHistory } from './schemaHistory';

export type Down =
  | {
      readonly sql: string;
      readonly placed: { readonly file: FileId; readonly text: string } | { readonly because: string };
    }
  /** There is no honest way back. */
  | { readonly because: string };

/** @param textOf the text of a file of the project as it is now; nothing where there is none */
export async function migrationDownOf(
  reviewer: Pick<Reviewer, 'stepsIn'>,
  file: FileId,
  textOf: (file: FileId) => Promise<string | undefined>,
  options: PlacedOptions = {},
): Promise<Down> {
  const steps = await reviewer.stepsIn(file);
  if (steps.length === 0) return { because: `${file} is no migration that can be read` };
  const sql: string[] = [];
  let placed: Extract<Down, { sql: string }>['placed'] = { because: 'there is nothing to write' };
  // of several changesets the last is undone first, and written first, so that the places of the others stay
  for (const { history, step, schema } of [...steps].reverse()) {
    const down = writtenDown(step, schema);
    if ('because' in down) return { because: steps.length > 1 ? `${step.name}: ${down.because}` : down.because };
    const target = downFileOf(history, step);
    const text = 'text' in placed && placed.file === target ? placed.text : target && (await textOf(target));
    if (sql.length === 0 || 'text' in placed) placed = placedDown(history, step, down, text ?? '', options);
    sql.push(down.sql);
  }
  return { sql: sql.join('\n'), placed };
}

/** What is to change in a file that becomes this text; it is made where there is none. */
export function editsBetween(file: FileId, before: string | undefined, after: string): readonly Edit<Place>[] {
  if (before === undefined) return [{ at: { unit: file, start: 0, end: 0 }, newText: after, creates: true }];
  if (before === after) return [];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start += 1;
  let behind = 0;
  const most = Math.min(before.length, after.length) - start;
  while (behind < most && before[before.length - 1 - behind] === after[after.length - 1 - behind]) behind += 1;
  const newText = after.slice(start, after.length - behind);
  return [{ at: { unit: file, start, end: before.length - behind }, newText }];
}

/** The edits that make the way back of a step these statements; the text of its file is read at once. */
export async function downAsOf(
  { history, step }: Pick<StepInHistory, 'history' | 'step'>,
  textOf: (file: FileId) => Promise<string | undefined>,
): Promise<DownAs | undefined> {
  // a tool or a project without ways back needs none
  if (history.withoutDowns) return () => [];
  const file = downFileOf(history, step);
  if (file === undefined) return undefined;
  const text = await textOf(file);
  return (statements, comments = []) => {
    const lines = [...comments.map(comment => `-- ${comment}`), ...statements];
    const down = { comments, statements, sql: lines.map(each => `${each}\n`).join('') };
    const placed = placedDown(history, step, down, text ?? '', { replaces: true });
    return 'text' in placed ? hunksBetween(placed.file, text, placed.text) : undefined;
  };
}

/** The same in several edits where an import comes in far above: what stands between them may be changed by others. */
function hunksBetween(file: FileId, before: string | undefined, after: string): readonly Edit<Place>[] {
  const whole = editsBetween(file, before, after);
  const [only] = whole;
  if (before === undefined || !only) return whole;
  const { start, end } = only.at;
  // from one whole line to another
  const removed = before.slice(start, end);
  const [first = ''] = /^[^\n]*\n/.exec(only.newText) ?? [];
  const lineStart = before[start - 1] === '\n' || start === 0;
  if (!lineStart || first === '' || !removed.includes('\n') || before.includes(first)) return whole;
  const rest = editsBetween(file, before, `${after.slice(0, start)}${after.slice(start + first.length)}`);
  const isApart = rest.every(({ at }) => at.start > start);
  return isApart ? [{ at: { unit: file, start, end: start }, newText: first }, ...rest] : whole;
}

/** The edits that put the way back of a step at its place, for a finding about it; the text of its file is read at once. */
export async function wayBackOf(
  { history, step, schema }: StepInHistory,
  textOf: (file: FileId) => Promise<string | undefined>,
): Promise<() => readonly Edit<Place>[]> {
  const file = downFileOf(history, step);
  const text = file === undefined ? undefined : await textOf(file);
  return () => {
    const down = writtenDown(step, schema);
    if ('because' in down) return [];
    const placed = placedDown(history, step, down, text ?? '', { replaces: true });
    return 'text' in placed ? editsBetween(placed.file, text, placed.text) : [];
  };
}
