/** Runs a small program that talks to PostgreSQL with the real driver, as a service would. */
import { createRequire } from 'node:module';
import { dirname, posix } from 'node:path';
import { Script } from 'node:vm';
import pg from 'pg';
import ts from 'typescript';
import type { PostgresServer } from './postgres';
import type { Files } from './reviewProgram';

export interface Run {
  /** What the exported `run` gave, as JSON has it. */
  readonly result?: unknown;
  /** The SQLSTATE or message of what it threw. */
  readonly error?: string;
  /** The statements that reached the driver. */
  readonly statements: readonly string[];
}

/** One pool for all programs of a server, since a connection costs more than the program; and what went through it. */
const drivers = new WeakMap<PostgresServer, { readonly pool: pg.Pool; statements: string[] }>();

function driverFor(server: PostgresServer) {
  const known = drivers.get(server);
  if (known) return known;
  class Client extends pg.Client {
    constructor() {
      super(server.connection);
      // `query` has many forms; what all have is the text first.
      const send = this.query.bind(this) as (...all: unknown[]) => unknown;
      Object.assign(this, {
        query(...all: unknown[]) {
          const [text] = all;
          driver.statements.push(typeof text === 'string' ? text : String((text as { text?: unknown }).text));
          return send(...all);
        },
      });
    }
  }
  const driver = { pool: new pg.Pool({ ...server.connection, max: 4, Client }), statements: [] as string[] };
  server.beforeStop(() => driver.pool.end());
  drivers.set(server, driver);
  return driver;
}

/** JavaScript by program text: most programs run with many values. */
const compiled = new Map<string, Script>();

function scriptFor(path: string, source: string): Script {
  const known = compiled.get(source);
  if (known) return known;
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const script = new Script(`(function (require, module, exports) {${outputText}\n})`, { filename: path });
  compiled.set(source, script);
  return script;
}

/** Runs the function `run` that the program's file exports. `pg` connects to the server without being told where it is. */
export async function runProgram(
  files: Files,
  server: PostgresServer,
  args: readonly unknown[],
  file = 'program.ts',
): Promise<Run> {
  const driver = driverFor(server);
  const statements: string[] = [];
  driver.statements = statements;
  // What `new` is called on may give another object, and every pool of a program is the one that is there.
  const Pool = function Pool() {
    return driver.pool;
  };
  const modules = new Map<string, { exports: Record<string, unknown> }>();
  const outside = createRequire(import.meta.url);
  const load = (path: string): Record<string, unknown> => {
    const known = modules.get(path);
    if (known) return known.exports;
    const source = files.get(path);
    if (source === undefined) throw new Error(`The program has no file ${path}.`);
    const module = { exports: {} };
    modules.set(path, module);
    const require = (specifier: string): unknown => {
      if (specifier === 'pg') return { ...pg, Pool };
      if (specifier.startsWith('.')) return load(`${posix.join(dirname(path), specifier)}.ts`);
      return outside(specifier);
    };
    scriptFor(path, source).runInThisContext().call(undefined, require, module, module.exports);
    return module.exports;
  };
  try {
    const { run } = load(file);
    if (typeof run !== 'function') throw new Error(`${file} exports no function "run".`);
    return { result: asJson(await run(...args)), statements };
  } catch (error) {
    return {
      error: error instanceof Error ? String(('code' in error && error.code) || error.message) : String(error),
      statements,
    };
  }
}

const asJson = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));
