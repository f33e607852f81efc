/**
 * The texts of one project's files and what was read from them: syntax tree and program model, each made once, on first
 * need, and brought up to date by an edit instead of made again.
 */
import { posix } from 'node:path';
import type { FileId } from '../engine/place';
import { type FrontEnd, grammarFor } from '../languages/frontEnd';
import type { Module } from '../program/model';
import { applied, type TextChange } from '../syntax/edit';
import type { GrammarName, GrammarParser, Parsers, SyntaxTree } from '../syntax/parsers';
import { isMinified, readSource, readSourceNow, SIZE_LIMIT } from './decode';
import type { AbsolutePath, FileAccess } from './fileAccess';
import type { FileText, Lowerers } from './lowering';
import { moduleResolutionOf } from './moduleResolution';

export type SourceText = { readonly text: string } | { readonly reason: string };

export interface Sources {
  /** An editor's text stands for the file until it is closed. */
  open(file: FileId, text: string): void;
  change(file: FileId, changes: readonly TextChange[]): void;
  close(file: FileId): void;
  /** The file changed on disk. @returns whether something is known of it that no longer holds */
  forget(file: FileId): boolean;
  /** Never throws: what cannot be read has a reason. */
  textOf(file: FileId): Promise<SourceText>;
  /** Parses and lowers the file if that was not done yet; nothing when no front end reads it or it has no text. */
  load(file: FileId): Promise<Module | undefined>;
  /**
   * As `load` for each, many of them side by side.
   * @throws the signal's reason when it is raised
   */
  loadAll(files: readonly FileId[], signal?: AbortSignal): Promise<void>;
  /**
   * The file's model, made at once where it is not there: the analysis asks in the middle of a computation. Nothing where
   * its grammar is not loaded yet, and then `loadGrammars` has something to do; nothing beyond the reach either.
   */
  module(file: FileId): Module | undefined;
  /**
   * So many more files `module` may make. What it was asked for and did not make stays unknown, so that it is not asked for
   * at every keystroke, until it is loaded or the reach is infinite.
   */
  setReach(files: number): void;
  /** Loads the grammars that `module` lacked. @returns whether there were any, so that asking again tells more */
  loadGrammars(): Promise<boolean>;
  /** The file of the project that a specifier means; nothing for an installed package or when there is none. */
  resolve(from: FileId, specifier: string): FileId | undefined;
}

interface SourceFile {
  text?: SourceText;
  /** What the editor holds, also where it is too large to review: edits are told relative to it. */
  edited?: string;
  /** Kept for open files alone: its memory is outside JavaScript's. */
  tree?: SyntaxTree;
  /** Edits that the tree has not seen. */
  pending: TextChange[];
  module?: Module;
  isCurrent: boolean;
}

export interface SourcesOptions {
  readonly root: AbsolutePath;
  readonly files: FileAccess;
  readonly parsers: Parsers;
  readonly frontEnds: readonly FrontEnd[];
  readonly lowerers?: Lowerers;
  /** A file has another text, or is gone. */
  onChanged(file: FileId): void;
  /** What imports mean may be different now, everywhere: a configuration was edited. */
  onResolutionChanged(): void;
}

/** Fewer files than this are lowered before a thread has started. */
const WORTH_A_THREAD = 40;

export function sourcesOf({
  root,
  files,
  parsers,
  frontEnds,
  lowerers,
  onChanged,
  onResolutionChanged,
}: SourcesOptions): Sources {
  const known = new Map<FileId, SourceFile>();
  const resolution = moduleResolutionOf({ root, files, isOpen: file => known.get(file)?.edited !== undefined });

  const sourceOf = (file: FileId): SourceFile => {
    const source = known.get(file) ?? { pending: [], isCurrent: false };
    known.set(file, source);
    return source;
  };

  const dropTree = (source: SourceFile) => {
    source.tree?.delete();
    source.tree = undefined;
    source.pending = [];
  };

  async function textOf(file: FileId): Promise<SourceText> {
    const source = sourceOf(file);
    if (source.text) return source.text;
    const read = await readSource(files, posix.join(root, file));
    // the editor may have opened it meanwhile
    source.text ??= 'text' in read ? { text: read.text } : { reason: read.reason };
    return source.text;
  }

  const frontEndOf = (file: FileId): { frontEnd: FrontEnd; grammar: GrammarName } | undefined => {
    const frontEnd = frontEnds.find(each => grammarFor(each, file) !== undefined);
    const grammar = frontEnd && grammarFor(frontEnd, file);
    return frontEnd && grammar && { frontEnd, grammar };
  };

  /** Nothing waits in here, so that no edit comes in between. */
  function lower(file: FileId, source: SourceFile, frontEnd: FrontEnd, parser: GrammarParser): Module | undefined {
    if (source.isCurrent) return source.module;
    source.isCurrent = true;
    const { text } = source;
    if (!text || !('text' in text)) {
      dropTree(source);
      source.module = undefined;
      return undefined;
    }
    const tree = source.tree ? parser.reparse(source.tree, source.pending) : parser.parse(text.text);
    source.pending = [];
    source.tree = tree;
    source.module = frontEnd.lower({ tree, file, previous: source.module });
    if (source.edited === undefined) dropTree(source);
    return source.module;
  }

  /** Files that have no model only because their grammar was not loaded when they were asked for. */
  const waiting = new Map<FileId, GrammarName>();

  let reach = Number.POSITIVE_INFINITY;
  /** Files that have no model only because they were beyond the reach. */
  const beyond = new Set<FileId>();

  async function load(file: FileId): Promise<Module | undefined> {
    const reader = frontEndOf(file);
    if (!reader) return undefined;
    const source = sourceOf(file);
    if (source.isCurrent) return source.module;
    const parser = await parsers.parser(reader.grammar);
    await textOf(file);
    const module = lower(file, source, reader.frontEnd, parser);
    if (beyond.delete(file)) onChanged(file);
    return module;
  }

  /** Has the files lowered elsewhere, and takes in what is still the model of its file then. */
  async function lowerElsewhere(wanted: readonly FileId[], others: Lowerers): Promise<void> {
    const texts: (FileText & { readonly source: SourceFile; readonly read: SourceText })[] = [];
    for (const file of wanted) {
      const source = sourceOf(file);
      const read = await textOf(file);
      // an open file has a tree that its next edit builds on
      if ('text' in read && source.edited === undefined && !source.isCurrent)
        texts.push({ file, text: read.text, source, read });
    }
    if (texts.length < WORTH_A_THREAD) return;
    const modules = await others.lower(texts.map(({ file, text }) => ({ file, text })));
    texts.forEach(({ file, source, read }, index) => {
      const module = modules[index];
      if (!module || known.get(file) !== source || source.text !== read || source.isCurrent) return;
      source.module = module;
      source.isCurrent = true;
      if (beyond.delete(file)) onChanged(file);
    });
  }

  return {
    open(file, text) {
      const source = sourceOf(file);
      source.edited = text;
      if (source.text && 'text' in source.text && source.text.text === text) return;
      dropTree(source);
      source.text = checked(file, text);
      source.isCurrent = false;
      onChanged(file);
    },
    change(file, changes) {
      const source = sourceOf(file);
      if (source.edited === undefined) return;
      source.edited = applied(source.edited, changes);
      source.text = checked(file, source.edited);
      if (source.tree) source.pending.push(...changes);
      source.isCurrent = false;
      onChanged(file);
    },
    close(file) {
      const source = sourceOf(file);
      source.edited = undefined;
      source.text = undefined;
      source.isCurrent = false;
      dropTree(source);
      onChanged(file);
    },
    forget(file) {
      if (resolution.forget(file)) onResolutionChanged();
      const source = known.get(file);
      if (!source || source.edited !== undefined) return false;
      dropTree(source);
      known.delete(file);
      onChanged(file);
      return true;
    },
    textOf,
    load,
    async loadAll(wanted, signal) {
      if (lowerers && wanted.length >= WORTH_A_THREAD) await lowerElsewhere(wanted, lowerers);
      for (const file of wanted) {
        signal?.throwIfAborted();
        await load(file);
      }
    },
    module(file) {
      const reader = frontEndOf(file);
      if (!reader) return undefined;
      const source = sourceOf(file);
      if (source.isCurrent) return source.module;
      const parser = parsers.loaded(reader.grammar);
      if (!parser) {
        waiting.set(file, reader.grammar);
        return undefined;
      }
      if (reach <= 0) {
        beyond.add(file);
        return undefined;
      }
      reach--;
      if (!source.text) {
        const read = readSourceNow(files, posix.join(root, file));
        source.text = 'text' in read ? { text: read.text } : { reason: read.reason };
      }
      return lower(file, source, reader.frontEnd, parser);
    },
    setReach(count) {
      reach = count;
      if (count !== Number.POSITIVE_INFINITY) return;
      for (const file of beyond) onChanged(file);
      beyond.clear();
    },
    async loadGrammars() {
      if (waiting.size === 0) return false;
      const files = [...waiting.keys()];
      await Promise.all([...new Set(waiting.values())].map(grammar => parsers.parser(grammar)));
      for (const file of files) {
        waiting.delete(file);
        onChanged(file);
      }
      return true;
    },
    resolve: resolution.resolve,
  };
}

/** An editor's text, held to the same limits as the disk's. */
function checked(file: FileId, text: string): SourceText {
  if (text.length > SIZE_LIMIT) return { reason: 'larger than 2 MB' };
  if (/\.[cm]?[jt]sx?$/i.test(file) && isMinified(text)) return { reason: 'minified' };
  return { text };
}
