/** What every output format is made of, and what they share: the names of files, and which findings count. */
import { pathToFileURL } from 'node:url';
import { type Level, reaches } from '../engine/level';
import type { Concern } from '../engine/rule';
import type { AbsolutePath } from '../workspace/fileAccess';
import type { ReportedFinding, RunResult } from '../workspace/run';

/** A rule as outputs describe it. */
export interface RuleDescription {
  readonly id: string;
  readonly level: Level;
  readonly concern?: Concern;
  readonly optIn?: boolean;
  /** One sentence, without the example. */
  readonly summary: string;
  /** The rule's page, in Markdown. */
  readonly page?: string;
  /** Where the page can be opened. */
  readonly uri?: string;
}

export interface Report {
  readonly result: RunResult;
  readonly rules: readonly RuleDescription[];
  /** The current folder, absolute, with `/`: files inside are named relative to it. */
  readonly folder: AbsolutePath;
  readonly version: string;
  /** `--fail-level`: overrides what the files' own configurations say. */
  readonly failLevel?: Level;
}

/** Whether a finding makes the check fail. */
export const counts = (finding: ReportedFinding, failLevel: Level | undefined): boolean =>
  finding.baselineState !== 'unchanged' && reaches(finding.level, failLevel ?? finding.failLevel);

/** As a person in the current folder would name the file. */
export function nameOf(path: AbsolutePath, folder: AbsolutePath): string {
  if (path === folder) return '.';
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

/** Relative to the current folder, or an absolute `file:` URI when it lies outside. */
export function uriOf(path: AbsolutePath, folder: AbsolutePath): string {
  const name = nameOf(path, folder);
  if (name === path) return pathToFileURL(path).href;
  return name.split('/').map(encodeURIComponent).join('/');
}

/** `1 error`, `2 warnings`. */
export const counted = (count: number, thing: string, things = `${thing}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? thing : things}`;
