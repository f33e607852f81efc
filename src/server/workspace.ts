/** What the server asks of the workspace: an interface, so that the server is tested without a disk or a parser. */
import type { Level } from '../engine/level';
import type { ToolHost } from '../persona/tools/host';
import type { AbsolutePath } from '../workspace/fileAccess';
import type { Reviewer } from '../workspace/reviewer';
import type { ToolHostOptions } from '../workspace/toolHost';
import type { Answers } from './answers';
import type { Verification } from './verification';

export interface ToolHostAsked extends Pick<ToolHostOptions, 'folder' | 'trusted' | 'write'> {
  /** The editor's text of a file; nothing where none holds it. */
  textOf(path: AbsolutePath): string | undefined;
  /** The reviewer that knows the editor's texts. */
  reviewerOf(root: AbsolutePath): Reviewer;
}

export interface Workspace {
  /** Root of the project that a file or folder belongs to. Asked once per folder until `forget`. */
  rootOf(path: AbsolutePath): AbsolutePath;
  /** Cheap: what is heavy loads on the first review. */
  createReviewer(root: AbsolutePath): Reviewer;
  /**
   * Why a run over the project would leave the file out, so that the editor says no more than the command line; nothing when it
   * would not.
   * @throws ConfigurationError
   */
  keptOutBy(path: AbsolutePath, root: AbsolutePath): string | undefined;
  /** What is wrong with the configuration that applies to a file, each with its place. */
  configurationProblems(path: AbsolutePath): readonly string[];
  /** The files below a folder that a review of the workspace looks at. */
  filesBelow(folder: AbsolutePath): Promise<readonly AbsolutePath[]>;
  /** Text as the review reads it (decoded, without a byte order mark); nothing when it is gone or unreadable. */
  readText(path: AbsolutePath): Promise<string | undefined>;
  /** The rule's level before any configuration; nothing for an unknown rule. */
  baseLevelOf(rule: string): Level | undefined;
  readonly verifyMigration: Verification;
  readonly answers: Answers;
  /** What the tools of agents ask, with the editor's texts in place of the disk's. */
  toolHost(asked: ToolHostAsked): ToolHost;
  /** The rule's page; nothing when there is none. */
  pageOf(rule: string): AbsolutePath | undefined;
}
