/**
 * Runs a small program on stand-ins for ORMs that answer from rows in memory, as the real ones answer: what is not there is
 * `null`, a list of values means one of these.
 */
import { runInThisContext } from 'node:vm';
import ts from 'typescript';
import type { Files } from '../support/reviewProgram';

export type Stored = Readonly<Record<string, readonly Row[]>>;
type Row = Readonly<Record<string, unknown>>;
type Conditions = Readonly<Record<string, unknown>>;

/** A value, or one of a list as the ORMs write it: `[…]`, `{ in: […] }`, `{ $in: […] }`, `In([…])`. */
function matches(value: unknown, condition: unknown): boolean {
  const list = Array.isArray(condition)
    ? condition
    : typeof condition === 'object' && condition
      ? Object.values(condition)[0]
      : undefined;
  if (Array.isArray(list)) return list.some(each => String(each) === String(value));
  return value !== undefined && value !== null && String(value) === String(condition);
}

/** A result that is waited for, with the calls that go on without changing it. */
const answering = (result: unknown): object => {
  const answer = { lean: () => answer, select: () => answer, toArray: () => answer, exec: () => answer };
  return Object.assign(answer, { then: (kept: (value: unknown) => unknown) => Promise.resolve(result).then(kept) });
};

/** The reads of all ORMs over one table; each call is counted. */
function table(rows: readonly Row[], count: () => void) {
  const many = (conditions: Conditions = {}) => {
    count();
    return rows
      .filter(row => Object.entries(conditions).every(([name, condition]) => matches(row[name], condition)))
      .map(row => ({ ...row }));
  };
  const one = (conditions?: Conditions) => many(conditions)[0] ?? null;
  type Options = { readonly where?: Conditions };
  const byOptions = {
    findUnique: async ({ where }: Options) => one(where),
    findFirst: async ({ where }: Options) => one(where),
    findMany: async ({ where }: Options) => many(where),
    findAll: async ({ where }: Options) => many(where),
    findByPk: async (id: unknown) => one({ id }),
  };
  const byConditions = {
    findById: (_id: unknown) => answering(one({ _id })),
    findBy: async (conditions: Conditions) => many(conditions),
    findOneBy: async (conditions: Conditions) => one(conditions),
    find: (conditions: Conditions) => answering(many(conditions)),
    findOne: (conditions: Conditions) => answering(one((conditions as Options).where ?? conditions)),
  };
  return { ...byOptions, ...byConditions };
}

type Condition = (row: Row) => boolean;
interface Column {
  readonly table: string;
  readonly key: string;
}

/** Drizzle's conditions, tables, builder and relational queries, as far as the programs use them. */
function drizzle(stored: Stored, count: () => void) {
  const rowsWhere = (name: string, condition: Condition = () => true): Row[] => {
    count();
    return (stored[name] ?? []).filter(condition).map(row => ({ ...row }));
  };
  const pgTable = (table: string, columns: object) =>
    Object.fromEntries([...Object.keys(columns), '$name'].map(key => [key, { table, key }]));
  interface Select {
    readonly fields?: Readonly<Record<string, Column>>;
    readonly table?: string;
    readonly condition?: Condition;
    readonly most?: number;
  }
  const select = ({ fields, table = '', condition, most }: Select): object => {
    const chosen = (row: Row): Row =>
      fields ? Object.fromEntries(Object.entries(fields).map(([name, { key }]) => [name, row[key]])) : row;
    const more = (part: Select) => select({ fields, table, condition, most, ...part });
    return {
      from: (from: { readonly $name: Column }) => more({ table: from.$name.table }),
      where: (asked: Condition) => more({ condition: asked }),
      limit: (asked: number) => more({ most: asked }),
      orderBy: () => more({}),
      then: (kept: (value: unknown) => unknown) =>
        Promise.resolve(rowsWhere(table, condition).slice(0, most).map(chosen)).then(kept),
    };
  };
  const relational = (name: string) => ({
    findMany: async ({ where }: { readonly where?: Condition } = {}) => rowsWhere(name, where),
    findFirst: async ({ where }: { readonly where?: Condition } = {}) => rowsWhere(name, where)[0],
  });
  const query = new Proxy({}, { get: (_, name) => relational(String(name)) });
  const column = () => ({});
  return {
    'drizzle-orm': {
      eq:
        ({ key }: Column, value: unknown): Condition =>
        row =>
          row[key] === value,
      inArray:
        ({ key }: Column, values: readonly unknown[]): Condition =>
        row =>
          values.includes(row[key]),
      and:
        (...all: readonly Condition[]): Condition =>
        row =>
          all.every(each => each(row)),
    },
    'drizzle-orm/pg-core': { pgTable, integer: column, text: column, boolean: column },
    'drizzle-orm/node-postgres': {
      drizzle: () => ({ select: (fields?: Select['fields']) => select({ fields }), query }),
    },
  };
}

export interface StandInRun {
  readonly result: unknown;
  /** How many reads went out. */
  readonly reads: number;
}

/** Calls the `run` that the program exports. */
export async function runOnStandIn(files: Files, stored: Stored, args: readonly unknown[]): Promise<StandInRun> {
  let reads = 0;
  const tableOf = (name: string) => table(stored[name] ?? [], () => reads++);
  const modules: Readonly<Record<string, unknown>> = {
    ...drizzle(stored, () => reads++),
    '@prisma/client': {
      PrismaClient: function PrismaClient() {
        return new Proxy({}, { get: (_, name) => tableOf(String(name)) });
      },
    },
    mongoose: { model: tableOf, Schema: class {} },
    mongodb: {
      MongoClient: class {
        db = () => ({ collection: tableOf });
      },
    },
    typeorm: {
      DataSource: class {
        getRepository = tableOf;
      },
      In: (values: unknown) => ({ in: values }),
    },
    sequelize: {
      Sequelize: class {
        define = tableOf;
      },
    },
  };
  const source = ts.transpileModule(files.get('program.ts') ?? '', {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: false },
  }).outputText;
  const exports: { run?: (...all: readonly unknown[]) => Promise<unknown> } = {};
  const load = (name: string): unknown => {
    const found = modules[name];
    if (found === undefined) throw new Error(`There is no stand-in for ${name}.`);
    return found;
  };
  runInThisContext(`(function (exports, require) {${source}\n})`)(exports, load);
  if (!exports.run) throw new Error('The program exports no function "run".');
  const result: unknown = await exports.run(...structuredClone(args));
  return { result: JSON.parse(JSON.stringify(result)), reads };
}
