/**
 * The open documents and the projects they belong to: one `Reviewer` per project root, told of every edit.
 *
 * Nothing here waits: an edit has reached the reviewer before the next message is read.
 */
import { posix } from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { ConfigurationError } from '../engine/configuration';
import type { FileId } from '../engine/place';
import type { AbsolutePath } from '../workspace/fileAccess';
import { ROOT_MARKERS } from '../workspace/project';
import type { FileReview, Reviewer, TextChange } from '../workspace/reviewer';
import { absolute, fileIdOf, pathOf, uriOf } from './paths';
import type { Workspace } from './workspace';

/** A file of a project, open in an editor or not. */
export interface ProjectFile {
  readonly uri: string;
  readonly path: AbsolutePath;
  readonly file: FileId;
  readonly reviewer: Reviewer;
}

export interface OpenFile extends ProjectFile {
  /** Changes in place: keep `version` to know whether what was computed still fits. */
  readonly text: TextDocument;
}

/** One change as the protocol tells it: without a range it is the whole text. */
export interface ProtocolChange {
  readonly range?: { start: { line: number; character: number }; end: { line: number; character: number } };
  readonly text: string;
}

/** Files that a first review may read beside its own: about 100 ms. */
const REACH = 24;

export class Projects {
  readonly #workspace: Workspace;
  readonly #reviewers = new Map<AbsolutePath, Reviewer>();
  readonly #roots = new Map<AbsolutePath, AbsolutePath>();
  readonly #open = new Map<string, OpenFile>();
  readonly #byPath = new Map<AbsolutePath, OpenFile>();
  /** Reviews of open files that still hold: a light bulb or a hover asks for what the squiggle just asked for. */
  readonly #reviews = new Map<AbsolutePath, { readonly generation: number; readonly review: FileReview }>();
  /** Those whose projects were read as a whole. */
  readonly #prepared = new WeakSet<Reviewer>();
  /** Grows with everything that may change a review. */
  #generation = 0;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get openFiles(): Iterable<OpenFile> {
    return this.#open.values();
  }

  openFile(uri: string): OpenFile | undefined {
    return this.#open.get(uri);
  }

  /** The open document of a path, by whatever spelling of the URI its editor uses. */
  openAt(path: AbsolutePath): OpenFile | undefined {
    return this.#byPath.get(path);
  }

  /** Nothing for what is not a file on disk. */
  open(uri: string, languageId: string, version: number, text: string): OpenFile | undefined {
    const place = this.fileOf(uri);
    if (!place) return undefined;
    const opened = { ...place, text: TextDocument.create(uri, languageId, version, text) };
    this.#open.set(uri, opened);
    this.#byPath.set(opened.path, opened);
    this.#generation++;
    opened.reviewer.open(opened.file, text);
    return opened;
  }

  change(uri: string, version: number, changes: readonly ProtocolChange[]): OpenFile | undefined {
    const opened = this.#open.get(uri);
    if (!opened) return undefined;
    const { text } = opened;
    const told: TextChange[] = [];
    // Each change counts from the text that the one before it left.
    for (const change of changes) {
      const start = change.range ? text.offsetAt(change.range.start) : 0;
      const end = change.range ? text.offsetAt(change.range.end) : text.getText().length;
      told.push({ start, end, newText: change.text });
      TextDocument.update(text, [change], version);
    }
    this.#generation++;
    opened.reviewer.change(opened.file, told);
    return opened;
  }

  close(uri: string): OpenFile | undefined {
    const opened = this.#open.get(uri);
    if (!opened) return undefined;
    this.#open.delete(uri);
    this.#byPath.delete(opened.path);
    this.#reviews.delete(opened.path);
    this.#generation++;
    opened.reviewer.close(opened.file);
    return opened;
  }

  /** A file changed on disk, came or went. Every project that it may belong to is told. */
  touched(uri: string, cameOrWent: boolean): void {
    const path = pathOf(uri);
    if (path === undefined) return;
    this.#generation++;
    if (cameOrWent && ROOT_MARKERS.has(posix.basename(path))) this.#findRootsAgain();
    for (const [root, reviewer] of this.#reviewers) {
      const file = fileIdOf(root, path);
      if (file !== undefined) reviewer.touched(file);
    }
  }

  /** A project was read as a whole: its reviews may say more. */
  prepared(reviewer: Reviewer): void {
    this.#prepared.add(reviewer);
    this.#generation++;
  }

  /** The project's name of a file, open or not. */
  fileOf(uri: string): ProjectFile | undefined {
    const path = pathOf(uri);
    return path === undefined ? undefined : this.fileAt(path, uri);
  }

  fileAt(path: AbsolutePath, uri = this.#byPath.get(path)?.uri ?? uriOf(path)): ProjectFile {
    const folder = posix.dirname(path);
    const root = this.#roots.get(folder) ?? this.#workspace.rootOf(path);
    this.#roots.set(folder, root);
    const reviewer = this.reviewerOf(root);
    return { uri, path, reviewer, file: fileIdOf(root, path) ?? posix.relative(root, path) };
  }

  /** The one reviewer of a project, which knows what editors hold. */
  reviewerOf(root: AbsolutePath): Reviewer {
    const reviewer = this.#reviewers.get(root) ?? this.#workspace.createReviewer(root);
    this.#reviewers.set(root, reviewer);
    return reviewer;
  }

  /**
   * Reviews a file as it is now. One that the project keeps out, or whose configuration cannot be used, is skipped.
   *
   * @throws AbortError when the signal is raised
   */
  async review(file: ProjectFile, signal?: AbortSignal): Promise<FileReview> {
    const known = this.#reviews.get(file.path);
    const generation = this.#generation;
    if (known?.generation === generation) return known.review;
    const review = await this.#reviewAnew(file, signal);
    if (this.#byPath.has(file.path)) this.#reviews.set(file.path, { generation, review });
    return review;
  }

  async #reviewAnew({ file, path, reviewer }: ProjectFile, signal?: AbortSignal): Promise<FileReview> {
    try {
      const reason = this.#workspace.keptOutBy(path, reviewer.root);
      if (reason !== undefined) return skipped(file, reason);
      const problems = this.#workspace.configurationProblems(path).map(message => ({ message }));
      const review = await reviewer.review(file, this.#prepared.has(reviewer) ? { signal } : { signal, reach: REACH });
      return problems.length > 0 ? { ...review, notifications: [...problems, ...review.notifications] } : review;
    } catch (error) {
      if (error instanceof ConfigurationError) return skipped(file, error.message);
      throw error;
    }
  }

  /** The text that a review of `reviewer` saw of one of its files: the editor's, else the disk's. */
  async textOf(reviewer: Reviewer, file: FileId): Promise<TextDocument | undefined> {
    const path = absolute(reviewer.root, file);
    const opened = this.#byPath.get(path);
    if (opened) return opened.text;
    const text = await this.#workspace.readText(path);
    return text === undefined ? undefined : TextDocument.create(uriOf(path), 'plaintext', 0, text);
  }

  /** A manifest came or went: open documents move to the projects that they belong to now. */
  #findRootsAgain(): void {
    this.#roots.clear();
    for (const opened of [...this.#open.values()]) {
      const place = this.fileOf(opened.uri);
      if (!place || place.reviewer === opened.reviewer) continue;
      opened.reviewer.close(opened.file);
      const moved = { ...place, text: opened.text };
      this.#open.set(moved.uri, moved);
      this.#byPath.set(moved.path, moved);
      moved.reviewer.open(moved.file, moved.text.getText());
    }
  }
}

const skipped = (file: FileId, reason: string): FileReview => ({
  file,
  findings: [],
  notifications: [],
  coverage: { kind: 'skipped', reason },
});
