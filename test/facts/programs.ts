/** Facts of small programs that lie in memory. */
import { posix } from 'node:path';
import type { Facts } from '../../src/facts/facts';
import { factsOf } from '../../src/facts/factsOf';
import { tablesOf } from '../../src/facts/libraryTables';
import { grammarFor } from '../../src/languages/frontEnd';
import { typescriptFrontEnd } from '../../src/languages/typescript/frontEnd';
import { libraries } from '../../src/libraries/all';
import { createAnalysis } from '../../src/program/createAnalysis';
import type { Module } from '../../src/program/model';
import type { Dialect } from '../../src/sql/dialect';
import { loadSqlParser, type SqlParser } from '../../src/sql/parser';
import { parsers } from '../syntax/parsers';

export interface ProgramOptions {
  /** Packages of the manifest, `knex`. */
  readonly manifest?: readonly string[];
  readonly dialect?: Dialect;
  /** The file that is reviewed; the first when absent. */
  readonly file?: string;
}

const tables = tablesOf(libraries);

export async function lowered(file: string, text: string, previous?: Module): Promise<Module> {
  const grammar = grammarFor(typescriptFrontEnd, file);
  if (!grammar) throw new Error(`No grammar reads ${file}.`);
  const tree = (await parsers.parser(grammar)).parse(text);
  try {
    return typescriptFrontEnd.lower({ tree, file, ...(previous ? { previous } : {}) });
  } finally {
    tree.delete();
  }
}

/** Files of a program: `//- name.ts` begins one; without any it is `program.ts`. */
export function filesOf(program: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let file = 'program.ts';
  for (const line of program.replace(/^\n/, '').split('\n')) {
    const section = /^\s*\/\/- (\S+)\s*$/.exec(line)?.[1];
    if (section === undefined) files.set(file, `${files.get(file) ?? ''}${line}\n`);
    else file = section;
  }
  return files;
}

/** An analysis of a program that can be edited. */
export async function programOf(program: string, options: ProgramOptions = {}) {
  const files = filesOf(program);
  const modules = new Map<string, Module>();
  for (const [file, text] of files) modules.set(file, await lowered(file, text));
  const computed: string[] = [];
  const resolve = (from: string, specifier: string): string | undefined => {
    if (!specifier.startsWith('.')) return undefined;
    const path = posix.join(posix.dirname(from), specifier);
    return [path, `${path}.ts`, `${path}.js`, `${path}/index.ts`].find(candidate => modules.has(candidate));
  };
  const analysis = createAnalysis({
    module: file => modules.get(file),
    resolve,
    semantics: tables.semantics,
    onCompute: what => computed.push(what),
  });
  const dialect = options.dialect ?? 'postgresql';
  const loaded = new Map<Dialect, SqlParser>();
  for (const each of ['postgresql', 'mysql'] as const) loaded.set(each, await loadSqlParser(each));
  const reviewed = options.file ?? [...modules.keys()][0] ?? 'program.ts';
  return {
    computed,
    facts(file = reviewed): Facts {
      const module = modules.get(file);
      if (!module) throw new Error(`There is no ${file}.`);
      return factsOf({
        analysis,
        module,
        tables,
        manifest: new Set((options.manifest ?? []).map(name => `npm:${name}`)),
        dialect,
        parser: each => loaded.get(each),
        migrations: [],
        schemaScripts: [],
        writer: typescriptFrontEnd.writer,
        pathKind: 'production',
      });
    },
    async edit(file: string, change: (text: string) => string): Promise<void> {
      const before = files.get(file) ?? '';
      modules.set(file, await lowered(file, change(before), modules.get(file)));
      analysis.changed(file);
    },
    textOf(place: { readonly unit: string; readonly start: number; readonly end: number }): string {
      return analysis.source(place.unit)?.text.slice(place.start, place.end) ?? '?';
    },
  };
}

export const factsOfProgram = async (program: string, options?: ProgramOptions): Promise<Facts> =>
  (await programOf(program, options)).facts();
