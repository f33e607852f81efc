/** Source text to program model, for tests. */
import { grammarFor } from '../../../src/languages/frontEnd';
import { typescriptFrontEnd } from '../../../src/languages/typescript/frontEnd';
import type { Module } from '../../../src/program/model';
import { parse } from '../../syntax/parsers';

export async function lower(text: string, file = 'program.ts', previous?: Module): Promise<Module> {
  const grammar = grammarFor(typescriptFrontEnd, file);
  if (!grammar) throw new Error(`${file} is no file of this front end.`);
  const tree = await parse(grammar, text);
  const module = typescriptFrontEnd.lower({ tree, file, previous });
  tree.delete();
  return module;
}
