/** The way back of the migration that a file holds, and the file with it at its place. */
import { posix } from 'node:path';
import type { FileId } from '../engine/place';
import { placedDown, writtenDown } from '../migrations/writtenDown';
import { readSource } from './decode';
import type { FileAccess } from './fileAccess';
import type { Reviewer } from './reviewer';

export type Down =
  | {
      readonly sql: string;
      readonly placed: { readonly file: FileId; readonly text: string } | { readonly because: string };
    }
  | { readonly because: string };

export async function migrationDownOf(reviewer: Reviewer, file: FileId, files: FileAccess): Promise<Down> {
  const steps = await reviewer.stepsIn(file);
  if (steps.length === 0) return { because: `${file} is no migration that can be read` };
  const sql: string[] = [];
  let placed: Extract<Down, { sql: string }>['placed'] = { because: 'there is nothing to write' };
  // of several changesets the last is undone first, and written first, so that the places of the others stay
  for (const { history, step, schema } of [...steps].reverse()) {
    const down = writtenDown(step, schema);
    if ('because' in down) return { because: steps.length > 1 ? `${step.name}: ${down.because}` : down.because };
    const source = await readSource(files, posix.join(reviewer.root, step.file));
    const text = 'text' in placed && placed.file === step.file ? placed.text : 'text' in source ? source.text : '';
    if (sql.length === 0 || 'text' in placed) placed = placedDown(history, step, down.sql, text);
    sql.push(down.sql);
  }
  return { sql: sql.join('\n'), placed };
}
