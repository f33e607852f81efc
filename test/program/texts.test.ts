/** Which text reaches `run`, as the interpreter recovers it. */
import { describe, expect, test } from 'vitest';
import { argumentsOfRun } from './sample';

type Case = readonly [name: string, program: string, ...texts: string[]];

const check = (cases: readonly Case[]): void => {
  test.each(cases.map(([name, program, ...texts]) => [name, program, texts] as const))('%s', (_, program, texts) => {
    expect(argumentsOfRun(program)).toEqual(texts);
  });
};

describe('within a function', () => {
  check([
    ['a literal', 'function f() { run("select 1") }', '"select 1"'],
    ['an interpolation', 'function f(id) { run("id = ${id}!") }', '"id = ${id}!"'],
    ['a sum', 'function f(id) { run("id = " + id + ";") }', '"id = ${id};"'],
    ['a sum of sums', 'function f(a, b) { run("a" + (b + "c") + a) }', '"a${b}c${a}"'],
    ['what is added before the first text', 'function f(a, b) { run(a + b + "c") }', '"${a + b}c"'],
    ['arithmetic is no text', 'function f(a) { run(1 + 2, a - 1) }', '3, number'],
    ['two unknowns may be numbers', 'function f(a, b) { run(a + b) }', '?'],
    ['a variable', 'function f(id) { const sql = "id = ${id}"; run(sql) }', '"id = ${id}"'],
    ['a hole is where it goes in', 'function f(id) { const x = id; run("id = ${x}") }', '"id = ${x}"'],
    ['added to', 'function f(a) { let sql = "a"; sql += " where "; sql += a; run(sql) }', '"a where ${a}"'],
    ['a branch', 'function f(a) { let sql = "s"; if a { sql += " w" } run(sql) }', '"s{ w|}"'],
    [
      'both branches',
      'function f(a) { let sql = "s"; if a { sql += " x" } else { sql += " y" } run(sql) }',
      '"s{ x| y}"',
    ],
    [
      'what both share stands once',
      'function f(a, b) { let w = "p ${b} q"; run(a ? (w + "x") : (w + "y")) }',
      '"p ${b} q{x|y}"',
    ],
    ['a branch that returns', 'function f(a) { let sql = "s"; if a { sql = "t"; return 0 } run(sql) }', '"s"'],
    ['a conditional', 'function f(a) { run("s" + (a ? " x" : "")) }', '"s{ x|}"'],
    ['and', 'function f(a) { run("s${a && " x"}") }', '"s x"'],
    ['a default', 'function f(a) { run("s ${a || "x"}") }', '"s {${a || "x"}|x}"'],
    [
      'variables of inner blocks',
      'function f(a) { if a { let sql = "x" } else { let sql = "y" } run(sql) }',
      '"{x|y}"',
    ],
    ['a constant number', 'function f() { const n = 50; run("limit ${n}") }', '"limit 50"'],
    ['a destructured parameter', 'function f({id, name: n = "x"}) { run("${id} ${n}") }', '"${id} {${n}|x}"'],
    ['a member', 'function f(order) { run("id = ${order.id}") }', '"id = ${order.id}"'],
    ['a record of fragments', 'function f(x) { const q = {a: "one", b: "two ${x}"}; run(q.a + q.b) }', '"onetwo ${x}"'],
    ['an entry set later', 'function f(x) { const q = {}; q.a = "one"; q.b = x; run("${q.a}${q.b}") }', '"one${q.b}"'],
    ['a spread record', 'function f(x) { const a = {s: "s"}; const b = {...a, t: x}; run(b.s + b.t) }', '"s${b.t}"'],
    ['a field', 'class C { f(x) { this.sql = "a "; this.sql += x; run(this.sql) } }', '"a ${x}"'],
    [
      'a switch',
      'function f(a) { let s = ""; switch a { case 1 { s = "x"; break } case 2 { s = "y"; break } default { s = "z" } } run(s) }',
      '"{x|y|z}"',
    ],
    [
      'a switch that falls through',
      'function f(a) { let s = "a"; switch a { case 1 { s += "b" } case 2 { s += "c" } } run(s) }',
      '"a{{|b}c|}"',
    ],
    [
      'try and finally',
      'function f(x) { let s = "a"; try { s += "b"; g() } catch e { s += "c" } finally { s += "d" } run(s) }',
      '"a{b|{|b}c}d"',
    ],
    ['percent', 'function f(x) { run("a = %s and b = %d" % (x, x)) }', '"a = ${x} and b = ${x!number}"'],
    ['percent with names', 'function f(x) { run("a = %(name)s" % {name: x}) }', '"a = ${x}"'],
    ['concat', 'function f(x) { run("a ".concat(x, " b")) }', '"a ${x} b"'],
    ['trimmed', 'function f(x) { run("a ${x}".trim()) }', '"a ${x}"'],
    ['replaced', 'function f(x) { run("from {t}".replace("{t}", x)) }', '"from ${x}"'],
    [
      'a format that escapes',
      'const {format} = import "db"\nfunction f(x) { run(format("a = %L, b = %s", x, x)) }',
      '"a = ${x!escaped-literal}, b = ${x}"',
    ],
    ['a tag that binds', 'const {sql} = import "db"\nfunction f(x) { run(sql"a = ${x}") }', '"a = ${x!bound}"'],
    ['a text of a text', 'function f(x) { const w = "w ${x}"; run("s ${w} e") }', '"s w ${x} e"'],
  ]);
});

// In the printed form a chain of one operator needs no parentheses.
describe('loops and lists', () => {
  check([
    ['added in a loop', 'function f(xs) { let s = "a"; for x of xs { s += ", ${x}" } run(s) }', '"a(, ${x})*"'],
    ['added in some turns', 'function f(xs) { let s = "a"; for x of xs { if x { s += "b" } } run(s) }', '"a(b)*"'],
    [
      'one of two in a loop',
      'function f(xs) { let s = "a"; for x of xs { if x { s += "b" } else { s += "c" } } run(s) }',
      '"a({b|c})*"',
    ],
    ['two in a loop', 'function f(xs) { let s = "a"; for x of xs { s += "b"; s += x } run(s) }', '"a(b${x})*"'],
    ['put in front', 'function f(xs) { let s = "a"; for x of xs { s = "b" + s } run(s) }', '"(b)*a"'],
    [
      'a loop in a loop',
      'function f(xs) { let s = ""; for x of xs { for y of x { s += y } s += ";" } run(s) }',
      '"((${y})*;)*"',
    ],
    ['while', 'function f(x) { let s = "a"; while x.more() { s += "b" } run(s) }', '"a(b)*"'],
    ['constants one by one', 'function f() { let s = "a"; for x of ["b", "c"] { s += x } run(s) }', '"abc"'],
    ['joined', 'function f(a) { run(["x", a, "y"].join(" and ")) }', '"x and ${["x", a, "y"]} and y"'],
    [
      'pushed and joined',
      'function f(a) { const p = []; p.push("a = ${a}"); p.push("b"); run(p.join(" and ")) }',
      '"a = ${a} and b"',
    ],
    [
      'pushed in branches',
      'function f(a) { const p = ["x"]; if a { p.push("y") } if a { p.push("z") } run(p.join("&")) }',
      '"x{&y|}{&z|}"',
    ],
    [
      'perhaps nothing pushed',
      'function f(a) { const p = []; if a { p.push("y") } run("s " + p.join("&")) }',
      '"s {y|}"',
    ],
    [
      'nothing or two',
      'function f(a) { const p = []; if a { p.push("y") } if a { p.push("z") } run(p.join("&")) }',
      '"{y{&z|}|z|}"',
    ],
    [
      'pushed in a loop',
      'function f(xs) { const p = []; for x of xs { p.push("a = ${x}") } run(p.join(" or ")) }',
      '"(a = ${x})*[ or ]"',
    ],
    ['mapped and joined', 'function f(xs) { run(xs.map(lambda (x) => "a = ${x}").join(", ")) }', '"(a = ${x})*[, ]"'],
    ['mapped constants', 'function f() { run(["a", "b"].map(lambda (c) => "${c} = ?").join(", ")) }', '"a = ?, b = ?"'],
    ['an unknown list', 'function f(ids) { run("in (${ids.join(",")})") }', '"in ((${ids})*[,])"'],
    ['filtered conditions', 'function f(a) { run([a && "x", "y"].filter(Boolean).join("&")) }', '"{x&|}y"'],
    ['spread conditions', 'function f(a) { const more = ["z"]; run(["x", ...more].join("&")) }', '"x&z"'],
    ['reduced', 'function f(xs) { run(xs.reduce(lambda (s, x) => s + ",${x}", "a")) }', '"a(,${x})*"'],
    [
      'a list of a comprehension',
      'function f(xs) { run(", ".join([list: "a = ${x}" for x in xs])) }',
      '"(a = ${x})*[, ]"',
    ],
    ['repeated', 'function f(n) { run("a".repeat(n)) }', '"(a)*"'],
    ['repeated three times', 'function f() { run("ab".repeat(3)) }', '"ababab"'],
    [
      'a list of lists',
      'function f(rows) { run(rows.map(lambda (r) => "(${r.a}, ${r.b})").join(",")) }',
      '"((${r.a}, ${r.b}))*[,]"',
    ],
    ['concatenated lists', 'function f(a) { run(["x"].concat(["y", a]).join()) }', '"x,y,${["x"].concat(["y", a])}"'],
  ]);
});

describe('harmless', () => {
  check([
    ['a number', 'function f(x) { run("a = ${Number(x)}") }', '"a = ${Number(x)!number}"'],
    ['parsed', 'function f(x) { const n = parseInt(x, 10); run("a = ${n}") }', '"a = ${n!number}"'],
    ['plus', 'function f(x) { run("a = ${+ x}") }', '"a = ${+ x!number}"'],
    ['arithmetic', 'function f(x) { run("a = ${(x | 0) + 1}") }', '"a = ${(x | 0) + 1!number}"'],
    ['a length', 'function f(xs) { run("a = $${xs.length}") }', '"a = $${xs.length!number}"'],
    ['a typed number', 'function f(x: number) { run("a = ${x}") }', '"a = ${x!number}"'],
    ['a typed flag', 'function f(x: boolean) { run("a = ${x}") }', '"a = ${x!boolean}"'],
    ['a typed text is anything', 'function f(x: string) { run("a = ${x}") }', '"a = ${x}"'],
    ['a union of literals', 'function f(x: "asc" | "desc") { run("order ${x}") }', '"order {asc|desc}"'],
    ['a comparison', 'function f(x) { run("a = ${x > 1}") }', '"a = ${x > 1!boolean}"'],
    [
      'an escaped name',
      'const {quote} = import "db"\nfunction f(x) { run("order by ${quote(x)}") }',
      '"order by ${quote(x)!escaped-identifier}"',
    ],
    [
      'escaped before',
      'const {quote} = import "db"\nfunction f(x) { const c = quote(x); run("order by ${c}") }',
      '"order by ${c!escaped-identifier}"',
    ],
    [
      'numbered placeholders',
      'function f(ids) { run("in (${ids.map(lambda (_, i) => "$${i + 1}").join(", ")})") }',
      '"in (${ids.map(lambda (_, i) => "$${i + 1}").join(", ")!placeholders})"',
    ],
    [
      'placeholders',
      'function f(ids) { const p = ids.map(lambda () => "?").join(","); run("in (${p})") }',
      '"in (${p!placeholders})"',
    ],
    [
      'filled placeholders',
      'function f(ids) { const p = Array(ids.length).fill("?").join(","); run("in (${p})") }',
      '"in (${p!placeholders})"',
    ],
    [
      'repeated placeholders',
      'function f(ids) { const p = "?,".repeat(ids.length).slice(0, -1); run("in (${p})") }',
      '"in (${p!placeholders})"',
    ],
    [
      'rows of placeholders',
      'function f(rows) { const p = rows.map(lambda (r, i) => "($${(i * 2) + 1}, $${(i * 2) + 2})").join(", "); run("values ${p}") }',
      '"values ${p!placeholders}"',
    ],
    [
      'placeholders pushed',
      'function f(ids) { const p = []; for id of ids { p.push("?") } run("in (${p.join()})") }',
      '"in (${p.join()!placeholders})"',
    ],
    [
      'placeholders with casts',
      'function f(ids) { const p = ids.map(lambda (x, i) => "$${i + 1}::int").join(","); run("in (${p})") }',
      '"in (${p!placeholders})"',
    ],
    [
      'ids are no placeholders',
      'function f(ids) { run("in (${ids.map(lambda (x) => "\'${x}\'").join(",")})") }',
      '"in ((\'${x}\')*[,])"',
    ],
    [
      'numbers in a list',
      'function f(ids) { run("in (${ids.map(Number).join(",")})") }',
      '"in ((${ids.map(Number)!number})*[,])"',
    ],
  ]);
});

describe('allow-lists', () => {
  const LIST = 'const ALLOWED = ["id", "name"]\nconst MAP = {id: "o.id", name: "o.name"}\n';
  check([
    [
      'throw unless listed',
      `${LIST}function f(s) { if ! (ALLOWED.includes(s)) { throw "no" } run("order by \${s}") }`,
      '"order by {id|name}"',
    ],
    [
      'listed or a default',
      `${LIST}function f(s) { run("order by \${ALLOWED.includes(s) ? s : "id"}") }`,
      '"order by {id|name}"',
    ],
    [
      'not listed',
      `${LIST}function f(s) { if ALLOWED.includes(s) { return 1 } run("order by \${s}") }`,
      '"order by ${s}"',
    ],
    [
      'not every way',
      `${LIST}function f(s, x) { if x { if ! (ALLOWED.includes(s)) { throw "no" } } run("\${s}") }`,
      '"{id|name|${s}}"',
    ],
    ['a set', 'const S = new Set(["a", "b"])\nfunction f(s) { if ! (S.has(s)) { throw "no" } run("${s}") }', '"{a|b}"'],
    [
      'a member of a parameter',
      `${LIST}function f(o) { if ! (ALLOWED.includes(o.sort)) { throw "no" } run("\${o.sort}") }`,
      '"{id|name}"',
    ],
    [
      'a reassigned variable',
      `${LIST}function f(s, t) { if ! (ALLOWED.includes(s)) { throw "no" } s = t; run("\${s}") }`,
      '"${s}"',
    ],
    [
      'cased first',
      `${LIST}function f(s) { if ! (ALLOWED.includes(s.trim())) { throw "no" } run("\${s}") }`,
      '"{id|name}"',
    ],
    ['index of', `${LIST}function f(s) { if ALLOWED.indexOf(s) === -1 { throw "no" } run("\${s}") }`, '"{id|name}"'],
    ['in a map', `${LIST}function f(s) { if ! (s in MAP) { throw "no" } run("\${s}") }`, '"{id|name}"'],
    [
      'keys of a map',
      `${LIST}function f(s) { if ! (Object.keys(MAP).includes(s)) { throw "no" } run("\${s}") }`,
      '"{id|name}"',
    ],
    ['looked up', `${LIST}function f(s) { run("\${MAP[s]}") }`, '"{o.id|o.name}"'],
    ['looked up or a default', `${LIST}function f(s) { run("\${MAP[s] ?? "o.id"}") }`, '"{o.id|o.name}"'],
    ['looked up or itself', `${LIST}function f(s) { run("\${MAP[s] || s}") }`, '"{o.id|o.name|${MAP[s] || s}}"'],
    [
      'looked up in a map of pairs',
      'const M = new Map([["a", "x"], ["b", "y"]])\nfunction f(s) { const c = M.get(s); if ! c { throw "no" } run(c) }',
      '"{x|y}"',
    ],
    ['compared', 'function f(s) { if (s === "a") || (s === "b") { run("${s}") } }', '"{a|b}"'],
    ['compared away', 'function f(s) { if (s !== "a") && (s !== "b") { throw "no" } run("${s}") }', '"{a|b}"'],
    [
      'a switch',
      'function f(s) { switch s { case "a", "b" { break } default { throw "no" } } run("${s}") }',
      '"{a|b}"',
    ],
    [
      'a switch of one case each',
      'function f(s) { switch s { case "a" { run("x ${s}"); break } case "b" { break } } }',
      '"x a"',
    ],
    [
      'a named condition',
      `${LIST}function f(s) { const ok = ALLOWED.includes(s); if ! ok { throw "no" } run("\${s}") }`,
      '"{id|name}"',
    ],
    [
      'a checking function',
      `${LIST}function known(c) { return ALLOWED.includes(c) }\nfunction f(s) { if ! (known(s)) { throw "no" } run("\${s}") }`,
      '"{id|name}"',
    ],
    ['typeof', 'function f(s) { if (typeof s) !== "number" { throw "no" } run("${s}") }', '"${s!number}"'],
    ['no number', 'function f(s) { if isNaN(s) { throw "no" } run("${s}") }', '"${s!number}"'],
    [
      'an enum',
      'const E = {A: "a", B: "b"}\nfunction f(s) { if ! (Object.values(E).includes(s)) { throw "no" } run("${s} ${E.A}") }',
      '"{a|b} a"',
    ],
    [
      'a list of unknown origin',
      'const ALLOWED = import "./nowhere"\nfunction f(s) { if ! (ALLOWED.includes(s)) { throw "no" } run("${s}") }',
      '"${s!allow-listed}"',
    ],
    [
      'a list that the caller brings',
      'function f(s, all) { if ! (all.includes(s)) { throw "no" } run("${s}") }',
      '"${s}"',
    ],
    [
      'filtered by a list',
      `${LIST}function f(cs) { run(cs.filter(lambda (c) => ALLOWED.includes(c)).join(",")) }`,
      '"({id|name})*[,]"',
    ],
    [
      'every one listed',
      `${LIST}function f(cs) { if ! (cs.every(lambda (c) => ALLOWED.includes(c))) { throw "no" } run(cs.join(",")) }`,
      '"({id|name})*[,]"',
    ],
    [
      'both conditions',
      `${LIST}function f(s, d) { if ALLOWED.includes(s) && (d === "asc") { run("\${s} \${d}") } }`,
      '"{id|name} asc"',
    ],
  ]);
});

describe('across functions and files', () => {
  check([
    ['a helper', 'function where(x) { return "a = ${x}" }\nfunction f(id) { run("s " + where(id)) }', '"s a = ${id}"'],
    [
      'a helper of constants',
      'function cols() { return "a, b" }\nfunction f() { run("select ${cols()}") }',
      '"select a, b"',
    ],
    [
      'a constant for a parameter',
      'function table(t) { return "from ${t}" }\nfunction f() { run(table("orders")) }',
      '"from orders"',
    ],
    [
      'a default parameter',
      'function order(by = "id") { return "order by ${by}" }\nfunction f() { run(order()) }',
      '"order by id"',
    ],
    [
      'a record for a parameter',
      'function page({limit, offset}) { return "limit ${limit} ${offset}" }\nfunction f(n) { run(page({limit: 10, offset: n})) }',
      '"limit 10 ${offset}"',
    ],
    [
      'through two helpers',
      'function a(x) { return "(${x})" }\nfunction b(x) { return a(x + "!") }\nfunction f(y) { run(b(y)) }',
      '"(${y}!)"',
    ],
    [
      'a helper that chooses',
      'function dir(d) { return d ? "asc" : "desc" }\nfunction f(d) { run(dir(d)) }',
      '"{asc|desc}"',
    ],
    [
      'a local lambda',
      'function f(x) { const q = lambda (t) => "from ${t}"; run(q("a")); run(q(x)) }',
      '"from a"',
      '"from ${t}"',
    ],
    [
      'a local function, called above',
      'function f(x) { run(g(x)); const g = lambda (t) { return "t ${t}" } }',
      '"t ${t}"',
    ],
    [
      'a lambda that adds',
      'function f(x) { const p = []; const add = lambda (c) { p.push(c) }; add("a"); add("b ${x}"); run(p.join("&")) }',
      '"a&b ${x}"',
    ],
    [
      'a helper that adds',
      'function add(list, x) { list.push("a = ${x}") }\nfunction f(y) { const p = ["s"]; add(p, y); run(p.join("&")) }',
      '"s{&a = ${y}|}"',
    ],
    [
      'recursion',
      'function r(n) { if n { return "x" } return "(" + r(n) + ")" }\nfunction f(n) { run(r(n)) }',
      expect.any(String) as unknown as string,
    ],
    ['a module constant', 'const T = "orders"\nconst S = "from ${T}"\nfunction f() { run(S) }', '"from orders"'],
    ['a constant of a class', 'class C { static field T = "orders"\nf() { run(C.T) } }', '"orders"'],
    [
      'an inherited field',
      'class A { field table = "a" }\nclass C extends A { f() { run("from ${this.table}") } }',
      '"from a"',
    ],
    [
      'an inherited method',
      'class A { t(x) { return "t ${x}" } }\nclass C extends A { f(y) { run(this.t(y)) } }',
      '"t ${y}"',
    ],
    [
      'a field of the constructor',
      'class C { constructor(t) { this.t = "from " + t }\nf() { run(this.t) } }',
      '"from ${t}"',
    ],
    [
      'another file',
      'const {T} = import "./t"\nfunction f() { run("from ${T}") }\n//- t.ts\nexport const T = "orders"',
      '"from orders"',
    ],
    [
      'a helper in another file',
      'const {where} = import "./t"\nfunction f(x) { run(where(x)) }\n//- t.ts\nexport function where(y) { return "a = ${y}" }',
      '"a = ${x}"',
    ],
    [
      're-exported',
      'const {T} = import "./a"\nfunction f() { run(T) }\n//- a.ts\nexport * from "./b"\n//- b.ts\nexport T from "./c" as U\n//- c.ts\nexport const U = "u"',
      '"u"',
    ],
    ['a namespace', 'const all = import "./t"\nfunction f() { run(all.T) }\n//- t.ts\nexport const T = "t"', '"t"'],
    [
      'a default export',
      'const t = (import "./t").default\nfunction f() { run(t.T) }\n//- t.ts\nexport default {T: "t"}',
      '"t"',
    ],
    [
      'module.exports',
      'const t = import "./t"\nfunction f() { run(t.T) }\n//- t.ts\nconst T = "t"\nexport = = {T: T}',
      '"t"',
    ],
    [
      'files that import each other',
      'const {T} = import "./t"\nexport const A = "a"\nfunction f() { run(T) }\n//- t.ts\nconst {A} = import "./main"\nexport const T = A + "t"',
      '"at"',
    ],
    [
      'files that define each other',
      'const {T} = import "./t"\nexport const A = T\nfunction f() { run(A) }\n//- t.ts\nconst {A} = import "./main"\nexport const T = A',
      'nothing',
    ],
    ['an unknown file', 'const {T} = import "./nowhere"\nfunction f() { run("from ${T}") }', '"from ${T}"'],
    [
      'a variable set elsewhere',
      'let t = null\nfunction init() { t = "orders" }\nfunction f() { run(t) }',
      'null | "orders"',
    ],
  ]);
});
