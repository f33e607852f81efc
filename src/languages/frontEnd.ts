/** What a language is to the rest of the product: a lowering from its syntax tree to the program model. Nothing more. */
import type { FileId } from '../engine/place';
import type { Module } from '../program/model';
import type { CodeWriter } from '../program/writer';
import type { GrammarName, SyntaxTree } from '../syntax/parsers';

export interface FrontEnd {
  readonly id: string;
  /** File endings in lower case, with their dot, and the grammar that reads them; a longer ending goes before a shorter one. */
  readonly endings: ReadonlyMap<string, GrammarName>;
  /** Of which paths, where it does not read all files of its endings. */
  readonly only?: RegExp;
  /**
   * The file as a program model. Total: whatever the tree holds, it gives a module and throws nothing.
   * @param previous  the module of the text before an edit; units whose text stayed the same are taken over from it
   */
  lower(source: { tree: SyntaxTree; file: FileId; previous?: Module }): Module;
  /** What a text mentions by which others are found; nothing is parsed for it. It may name too much. */
  mentions?(text: string): Mentions;
  readonly writer: CodeWriter;
}

export interface Mentions {
  /** Names of classes of which it makes instances. */
  readonly constructs: ReadonlySet<string>;
  /** Names of classes and interfaces that its own classes extend or implement. */
  readonly derives: ReadonlySet<string>;
  /** Names of classes that it declares, and of those that fields of its classes are declared with: `author = ForeignKey(Author)`. */
  readonly declares: ReadonlySet<string>;
  readonly relates: ReadonlySet<string>;
  /** Names of tokens for which records of it say which service is provided. */
  readonly provides: ReadonlySet<string>;
  /** Import specifiers as written. */
  readonly imports: ReadonlySet<string>;
}

/** The grammar by which a front end reads a file; nothing when the file is not its own. */
export function grammarFor(frontEnd: FrontEnd, file: FileId): GrammarName | undefined {
  if (frontEnd.only && !frontEnd.only.test(file)) return undefined;
  const name = file.slice(file.lastIndexOf('/') + 1).toLowerCase();
  for (const [ending, grammar] of frontEnd.endings) if (name.endsWith(ending)) return grammar;
  return undefined;
}
