/** The way back of the migration that a file holds, and the file with it at its place. */
import type { FileId } from '../engine/place';
import { downFileOf, type PlacedOptions, placedDown, writtenDown } from '../migrations/writtenDown';
import type { Reviewer } from './reviewer';

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
