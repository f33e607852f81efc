/** Runs a small program with a pool that counts what is taken and not given back. */
import { runInThisContext } from 'node:vm';
import ts from 'typescript';
import type { Files } from '../support/reviewProgram';

export interface CountedRun {
  readonly result?: unknown;
  readonly error?: string;
  readonly statements: readonly string[];
  /** How many connections are still out when the program is done. */
  readonly kept: number;
}

/** Calls the `run` that the program exports. @param fails  the statement that fails, if any does: its first words */
export async function countedRun(files: Files, fails?: string, file = 'program.ts'): Promise<CountedRun> {
  const statements: string[] = [];
  let kept = 0;
  const query = async (sql: string): Promise<unknown> => {
    statements.push(sql);
    if (fails !== undefined && sql.startsWith(fails)) throw new Error(`${fails} failed`);
    return { rows: [{ id: 7, total: 3 }], rowCount: 1 };
  };
  const taken = () => {
    kept++;
    return { query, release: () => kept--, end: async () => kept-- };
  };
  class Pool {
    query = query;
    connect = async () => taken();
  }
  class Client {
    query = query;
    connect = async () => {
      kept++;
    };
    end = async () => {
      kept--;
    };
  }
  const source = ts.transpileModule(files.get(file) ?? '', {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  }).outputText;
  const exports: { run?: () => Promise<unknown> } = {};
  runInThisContext(`(function (exports, require) {${source}\n})`)(exports, () => ({ Pool, Client }));
  if (!exports.run) throw new Error(`${file} exports no function "run".`);
  try {
    return { result: await exports.run(), statements, kept };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), statements, kept };
  }
}
