/** Which migrations are history, by `migrations.reviewFrom` of the configuration: they feed the schema and are not reviewed. */
import { posix } from 'node:path';
import type { FileId } from '../engine/place';
import type { HistoryStep } from '../migrations/history';
import type { PlaceInHistory } from './schemaHistory';

/**
 * Whether a migration's file stands before the one from which on they are reviewed.
 * @param steps  those in which the file takes part; none where the order of its tool's migrations is not known, and names decide
 */
export function isHistory(file: FileId, reviewFrom: string | undefined, steps: readonly PlaceInHistory[]): boolean {
  if (reviewFrom === undefined) return false;
  if (steps.length === 0) return isNamedBefore(file, reviewFrom);
  return steps.every(({ history, index }) => {
    const from = history.steps.findIndex(step => isNamed(step, reviewFrom));
    // another history than the one that is meant
    return from >= 0 && index < from;
  });
}

/** The file's name, its folder's, or what the tool calls the migration. */
function isNamed({ name, file, downFile }: HistoryStep, wanted: string): boolean {
  const files = [file, ...(downFile === undefined ? [] : [downFile])];
  const names = [name, ...files.map(each => posix.basename(each)), ...files.map(inFolder)];
  return names.some(each => each === wanted || withoutEnding(each) === wanted);
}

const inFolder = (file: FileId): string => posix.basename(posix.dirname(file));

const withoutEnding = (name: string): string => name.replace(/(?:\.(?:up|down))?\.\w+$/, '');

/** By the number or time that both names begin with. */
function isNamedBefore(file: FileId, reviewFrom: string): boolean {
  const from = numberOf(reviewFrom);
  const own = numberOf(posix.basename(file)) ?? numberOf(inFolder(file));
  return from !== undefined && own !== undefined && own < from;
}

function numberOf(name: string): bigint | undefined {
  const digits = /^[vV]?(\d+)/.exec(name)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
}
