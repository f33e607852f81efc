/** What a call is traced to: imports, constructors, types, fields, injection, wrappers. */
import { describe, expect, test } from 'vitest';
import { printSources, printTarget, printValue, sample } from './sample';

type Case = readonly [name: string, program: string, ...targets: string[]];

/** Targets of every call in the functions of `main.ts` whose callee ends in `query`, `where`, `go` or `get`. */
function targets(program: string): readonly string[] {
  const { analysis, units } = sample(program);
  return units('main.ts')
    .flatMap(unit => analysis.unit(unit).calls)
    .filter(call => /(?:query|where|go|get)$/.test(call.source))
    .map(printTarget);
}

const check = (cases: readonly Case[]): void => {
  test.each(cases.map(([name, program, ...lines]) => [name, program, lines] as const))('%s', (_, program, lines) => {
    expect(targets(program)).toEqual(lines);
  });
};

const QUERY = 'npm:db#Runner.query';

describe('receivers', () => {
  check([
    [
      'a module variable',
      'const {Pool} = import "db"\nconst pool = new Pool()\nfunction f() { pool.query("s") }',
      QUERY,
    ],
    ['a module', 'const db = import "db"\nconst pool = new db.Pool()\nfunction f() { pool.query("s") }', QUERY],
    [
      'a default import',
      'const db = (import "db").default\nconst pool = new db.Pool()\nfunction f() { pool.query("s") }',
      QUERY,
    ],
    ['a local', 'const {Pool} = import "db"\nfunction f() { const pool = new Pool(); pool.query("s") }', QUERY],
    [
      'another file',
      'const {pool} = import "./pool"\nfunction f() { pool.query("s") }\n//- pool.ts\nconst {Pool} = import "db"\nexport const pool = new Pool()',
      QUERY,
    ],
    [
      'module.exports of another file',
      'const pool = import "./pool"\nfunction f() { pool.query("s") }\n//- pool.ts\nconst {Pool} = import "db"\nexport = = new Pool()',
      QUERY,
    ],
    [
      'an awaited client',
      'const {Pool} = import "db"\nconst pool = new Pool()\nfunction f() { const c = await (pool.connect()); c.query("s") }',
      QUERY,
    ],
    ['a parameter by its type', 'const {Pool} = import "db"\nfunction f(p: Pool) { p.query("s") }', QUERY],
    ['a type of a module', 'const db = import "db"\nfunction f(p: db.Pool) { p.query("s") }', QUERY],
    [
      'a promised type',
      'const {Pool} = import "db"\nfunction f(p: Promise<Pool>) { const q = await p; q.query("s") }',
      QUERY,
    ],
    ['a type or nothing', 'const {Pool} = import "db"\nfunction f(p: Pool | undefined) { p.query("s") }', QUERY],
    [
      'a type of another file',
      'const {Pool} = import "./types"\nfunction f(p: Pool) { p.query("s") }\n//- types.ts\nexport Pool from "db"',
      QUERY,
    ],
    [
      'a member of a typed record',
      'const {Pool} = import "db"\nfunction f(deps: {pool: Pool}) { deps.pool.query("s") }',
      QUERY,
    ],
    [
      'an interface',
      'const {Pool} = import "db"\ninterface Deps { field pool: Pool }\nfunction f({pool}: Deps) { pool.query("s") }',
      QUERY,
    ],
    [
      'a default parameter',
      'const {Pool} = import "db"\nconst pool = new Pool()\nfunction f(p = pool) { p.query("s") }',
      QUERY,
    ],
    [
      'either of two',
      'const {Pool} = import "db"\nconst pool = new Pool()\nfunction f(t) { (t ?? pool).query("s") }',
      QUERY,
    ],
    [
      'a list',
      'const {Pool} = import "db"\nconst pools = [new Pool(), new Pool()]\nfunction f(i) { pools[i].query("s"); for p of pools { p.query("t") } }',
      QUERY,
      QUERY,
    ],
    [
      'a record',
      'const {Pool} = import "db"\nconst db = {read: new Pool()}\nfunction f() { db.read.query("s") }',
      QUERY,
    ],
    [
      'a singleton',
      'const {Pool} = import "db"\nlet pool = null\nfunction get() { if ! pool { pool = new Pool() } return pool }\nfunction f() { get().query("s") }',
      'unit main.ts#get',
      QUERY,
    ],
    [
      'a factory',
      'const {Pool} = import "db"\nfunction make() { return new Pool() }\nfunction f() { make().query("s") }',
      QUERY,
    ],
    [
      'a factory in another file',
      'const {make} = import "./make"\nconst pool = make()\nfunction f() { pool.query("s") }\n//- make.ts\nconst {Pool} = import "db"\nexport function make() { return new Pool() }',
      QUERY,
    ],
    [
      'a member taken off',
      'const {Pool} = import "db"\nconst pool = new Pool()\nconst q = pool.query.bind(pool)\nfunction f() { q("s"); q.query("t") }',
      '.query',
    ],
    [
      'an instance that is called',
      'const build = (import "build").default\nconst db = build({})\nfunction f() { db("t").where("x") }',
      'npm:build#Query.where',
    ],
    [
      'a chain',
      'const build = (import "build").default\nconst db = build({})\nfunction f() { const q = db("t"); q.where("x").where("y") }',
      'npm:build#Query.where',
      'npm:build#Query.where',
    ],
    [
      'a property by star',
      'const {Client} = import "orm"\nconst db = new Client()\nfunction f(c: Client) { c.user.query("s") }',
      'npm:orm#Table.query',
    ],
    [
      'a transaction',
      'const {Pool} = import "db"\nconst pool = new Pool()\nfunction f() { pool.transaction(async lambda (tx) { tx.query("s") }) }',
      QUERY,
    ],
    [
      'a wrapper that hands in a client',
      'const {Pool} = import "db"\nconst pool = new Pool()\nfunction within(run) { const c = pool.connect(); return run(c) }\nfunction f() { within(async lambda (c) { c.query("s") }) }',
      QUERY,
    ],
    [
      'a wrapper in a wrapper',
      'const {Pool} = import "db"\nconst pool = new Pool()\nfunction a(run) { return pool.transaction(run) }\nfunction b(run) { return a(lambda (c) => run(c)) }\nfunction f() { b(lambda (c) => c.query("s")) }',
      QUERY,
    ],
    ['nothing known', 'function f(p) { p.query("s"); get("x"); g.h.query() }', '.query', 'get', '.query'],
  ]);
});

describe('classes', () => {
  const POOL = 'const {Pool} = import "db"\nconst pool = new Pool()\n';
  check([
    ['a typed field', `${POOL}class C { field p: Pool\nf() { this.p.query("s") } }`, QUERY],
    ['an initial value', `${POOL}class C { field p = new Pool()\nf() { this.p.query("s") } }`, QUERY],
    ['a parameter property', `${POOL}class C { constructor(field p: Pool) { }\nf() { this.p.query("s") } }`, QUERY],
    [
      'an assignment in the constructor',
      `${POOL}class C { constructor(p: Pool) { this.p = p }\nf() { this.p.query("s") } }`,
      QUERY,
    ],
    ['an assignment elsewhere', `${POOL}class C { open() { this.p = new Pool() }\nf() { this.p.query("s") } }`, QUERY],
    ['an inherited field', `${POOL}class A { field p: Pool }\nclass C extends A { f() { this.p.query("s") } }`, QUERY],
    [
      'a base class in another file',
      'const {A} = import "./a"\nclass C extends A { f() { this.p.query("s") } }\n//- a.ts\nconst {Pool} = import "db"\nexport class A { field p: Pool }',
      QUERY,
    ],
    [
      'a base class of a library',
      'const {Pool} = import "db"\nclass C extends Pool { f() { this.query("s") } }',
      QUERY,
    ],
    ['an own method', 'class C { go() { return 1 }\nf() { this.go() } }', 'unit main.ts#C.go'],
    [
      'an inherited method',
      'class A { go() { return 1 } }\nclass C extends A { f() { this.go(); super.go() } }',
      'unit main.ts#A.go',
      'unit main.ts#A.go',
    ],
    [
      'an instance',
      'class C { go() { return 1 } }\nconst c = new C()\nfunction f() { c.go(); new C().go() }',
      'unit main.ts#C.go',
      'unit main.ts#C.go',
    ],
    [
      'an instance of another file',
      'const {c} = import "./c"\nfunction f() { c.go() }\n//- c.ts\nclass C { go() { return 1 } }\nexport const c = new C()',
      'unit c.ts#C.go',
    ],
    [
      'injected',
      'const {C} = import "./c"\nclass D { constructor(field c: C) { }\nf() { this.c.go() } }\n//- c.ts\nexport class C { go() { return 1 } }',
      'unit c.ts#C.go',
    ],
    [
      'a lambda keeps this',
      'class C { go() { return 1 }\nf(xs) { xs.forEach(lambda (x) { this.go(x) }) } }',
      'unit main.ts#C.go',
    ],
    [
      'fields of fields',
      `${POOL}class A { field p: Pool }\nclass C { field a: A\nf() { this.a.p.query("s") } }`,
      QUERY,
    ],
    ['classes that extend each other', 'class A extends B { }\nclass B extends A { f() { this.go() } }', '.go'],
  ]);
});

describe('functions', () => {
  check([
    ['of the file', 'function go() { return 1 }\nfunction f() { go() }', 'unit main.ts#go'],
    [
      'of another file',
      'const {go} = import "./a"\nfunction f() { go() }\n//- a.ts\nexport function go() { return 1 }',
      'unit a.ts#go',
    ],
    [
      'of a namespace',
      'const a = import "./a"\nfunction f() { a.go() }\n//- a.ts\nexport function go() { return 1 }',
      'unit a.ts#go',
    ],
    [
      'of a record',
      'const a = import "./a"\nfunction f() { a.go() }\n//- a.ts\nfunction go() { return 1 }\nexport = = {go: go}',
      'unit a.ts#go',
    ],
    ['a lambda', 'function f() { const go = lambda () => 1; go() }', 'lambda'],
    [
      'a factory of functions',
      'function make(p) { return {go: lambda () => p} }\nconst a = make(1)\nfunction f() { a.go() }',
      'lambda',
    ],
    [
      'call and apply',
      'function go() { return 1 }\nfunction f(x) { go.call(x); go() }',
      'unit main.ts#go',
      'unit main.ts#go',
    ],
  ]);

  test('what comes from a request reaches the text, through a handler that is given to a library', () => {
    const { analysis } = sample(`
const web = (import "web").default
const app = web()
function list(req, res) { run("order by \${req.query.sort}") }
top { app.get("/", list) }`);
    const [call] = analysis.unit('main.ts#list').calls;
    expect(printSources(call?.arguments[0]?.value.from ?? [])).toBe('req, the query string');
  });

  test('sources of what a helper returns are those of its arguments and the call', () => {
    const { analysis } = sample('function g(a, b) { return h(a) }\nfunction f(x, y) { return g(x, y) }');
    expect(printSources(analysis.unit('main.ts#f').returns.from)).toBe('call, x');
  });

  test('a constant result has no sources', () => {
    const { analysis } = sample('function g(a) { return "t" }\nfunction f(x) { return g(x) }');
    expect(printSources(analysis.unit('main.ts#f').returns.from)).toBe('');
  });
});

describe('environment', () => {
  test('variables, exports and classes of a file', () => {
    const { analysis } = sample(`
const {Pool} = import "db"
export const pool = new Pool()
export const T = "orders"
class C { field p: Pool
constructor(t) { this.t = "from " + T } }
export default C`);
    const { variables, exports, classes } = analysis.environment('main.ts');
    const print = (values: typeof variables) => [...values].map(([name, value]) => `${name} = ${printValue(value)}`);
    expect(print(variables)).toEqual(['Pool = npm:db#Pool', 'pool = <npm:db#Pool>', 'T = "orders"', 'C = class C']);
    expect(print(exports)).toEqual(['pool = <npm:db#Pool>', 'T = "orders"', 'default = class C']);
    expect(print(classes.get('C')?.fields ?? new Map())).toEqual(['p = <npm:db#Pool>', 't = "from orders"']);
  });

  test('a file that is not there is empty', () => {
    const { analysis } = sample('');
    expect(analysis.environment('gone.ts').variables.size).toBe(0);
    expect(analysis.unit('gone.ts#f').calls).toEqual([]);
    expect(analysis.source('gone.ts#f')).toBeUndefined();
  });
});
