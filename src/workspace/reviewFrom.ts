/** Which migrations are history, by `migrations.reviewFrom` of the configuration: they feed the schema and are not reviewed. */
import { posix } from 'node:path';
import { placeInConfiguration } from '../engine/configuration';
import { nearest } from '../engine/nearest';
import type { FileId } from '../engine/place';
import { type HistoryStep, mayContribute } from '../migrations/history';
import { numberOf } from '../migrations/order';
import type { AppliedConfiguration, ConfigurationFiles } from './configurationFiles';
import type { AbsolutePath, FileAccess } from './fileAccess';
import type { Reviewer } from './reviewer';
import type { PlaceInHistory } from './schemaHistory';
import { selectFiles } from './selection';

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

/** A value that names no migration, to be told like a wrong value of the configuration. */
export interface UnknownReviewFrom {
  readonly file: AbsolutePath;
  readonly message: string;
}

/**
 * What there is to say of a name that none of a project's migrations has.
 * @param applied the configuration that names it
 * @returns undefined where one has it, and where there are no migrations at all
 */
export async function unknownReviewFrom(
  root: AbsolutePath,
  { configuration, sources }: AppliedConfiguration,
  reviewer: Pick<Reviewer, 'placesIn'>,
  { files, configurations }: { readonly files: FileAccess; readonly configurations: ConfigurationFiles },
): Promise<UnknownReviewFrom | undefined> {
  const { reviewFrom } = configuration.migrations;
  if (reviewFrom === undefined) return undefined;
  const names: string[] = [];
  const selected = await selectFiles([root], { files, configurations, isReviewable: path => mayContribute(path) });
  for (const { path } of selected.files) {
    const file = posix.relative(root, path);
    const places = await reviewer.placesIn(file);
    // scripts of no tool go by their names
    const isScript = file.endsWith('.sql') && numberOf(posix.basename(file)) !== undefined;
    if (places.some(({ step }) => isNamed(step, reviewFrom))) return undefined;
    if (places.length === 0 && !isScript) continue;
    const own = places[0]?.step.name ?? posix.basename(file);
    if (own === reviewFrom || withoutEnding(own) === reviewFrom || inFolder(file) === reviewFrom) return undefined;
    names.push(own);
  }
  const [first] = names;
  if (first === undefined) return undefined;
  for (const file of sources) {
    const place = placeInConfiguration(files.peek(file) ?? '', ['migrations', 'reviewFrom']);
    if (!place) continue;
    const wish = `did you mean "${nearest(reviewFrom, names) ?? first}"?`;
    const says = `"migrations.reviewFrom" is "${reviewFrom}", which names no migration, so that all are reviewed; ${wish}`;
    return { file, message: `line ${place.line}, column ${place.column}: ${says}` };
  }
  return undefined;
}
