/** What fix-all applies: of every finding its first safe fix, as long as none gets into another's way. */
import type { Edit, Finding } from '../engine/finding';
import type { FileId } from '../engine/place';

/**
 * The edits of all safe fixes of a file that can be made together.
 *
 * A fix that clashes with an earlier one is left out, and so is one that reaches into another file, because fix-all may run on
 * save and must not touch what the person does not see. What was left out is offered again by the next review.
 */
export function safeFixes(file: FileId, findings: readonly Finding[]): readonly Edit[] {
  const taken: Edit[] = [];
  for (const { fixes } of findings) {
    const fix = fixes.find(({ safety }) => safety === 'safe');
    if (!fix?.edits.every(edit => edit.at.file === file)) continue;
    if (!fix.edits.some(edit => taken.some(other => clash(edit, other)))) taken.push(...fix.edits);
  }
  return taken;
}

/** Whether two edits cannot both be made: they share text, or stand at the same place and so have no order. */
function clash(one: Edit, other: Edit): boolean {
  if (one.at.start === other.at.start) return true;
  return one.at.start < other.at.end && other.at.start < one.at.end;
}
