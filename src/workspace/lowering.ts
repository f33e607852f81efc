/** From a file's text to its program model, by the front end that reads it. */
import type { FileId } from '../engine/place';
import { type FrontEnd, grammarFor } from '../languages/frontEnd';
import type { Module } from '../program/model';
import type { Parsers } from '../syntax/parsers';

/** A text to be lowered. */
export interface FileText {
  readonly file: FileId;
  readonly text: string;
}

/** Lowers texts beside the thread that asks: many at once, and what comes back is a copy. */
export interface Lowerers {
  /** A module for each text, in their order; nothing where it could not be done there, and is to be done in place. */
  lower(texts: readonly FileText[]): Promise<readonly (Module | undefined)[]>;
}

/** Parses and lowers one text that no editor holds. */
export async function lowered(
  { file, text }: FileText,
  parsers: Parsers,
  frontEnds: readonly FrontEnd[],
): Promise<Module | undefined> {
  const frontEnd = frontEnds.find(each => grammarFor(each, file) !== undefined);
  const grammar = frontEnd && grammarFor(frontEnd, file);
  if (!frontEnd || !grammar) return undefined;
  const tree = (await parsers.parser(grammar)).parse(text);
  try {
    return frontEnd.lower({ tree, file, previous: undefined });
  } finally {
    tree.delete();
  }
}
