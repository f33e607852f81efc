/** The interpreter on real TypeScript: what depends on how its front end lowers, and where the pieces of a text stand. */
import { describe, expect, test } from 'vitest';
import { grammarFor } from '../../src/languages/frontEnd';
import { typescriptFrontEnd } from '../../src/languages/typescript/frontEnd';
import { createAnalysis } from '../../src/program/createAnalysis';
import type { Module } from '../../src/program/model';
import { holesOf } from '../../src/program/strings';
import type { Piece } from '../../src/program/value';
import { parsers } from '../syntax/parsers';
import { printValue, semantics } from './sample';

async function lowered(file: string, text: string): Promise<Module> {
  const grammar = grammarFor(typescriptFrontEnd, file);
  if (!grammar) throw new Error(`No grammar reads ${file}.`);
  const tree = (await parsers.parser(grammar)).parse(text);
  try {
    return typescriptFrontEnd.lower({ tree, file });
  } finally {
    tree.delete();
  }
}

async function program(files: Readonly<Record<string, string>>) {
  const modules = new Map<string, Module>();
  for (const [file, text] of Object.entries(files)) modules.set(file, await lowered(file, text));
  const analysis = createAnalysis({
    module: file => modules.get(file),
    resolve: (_, specifier) => [`${specifier.slice(2)}.ts`].find(file => modules.has(file)),
    semantics,
  });
  const calls = [...modules.values()]
    .flatMap(module => module.units)
    .flatMap(unit => analysis.unit(unit.id).calls)
    .filter(call => /(?:^|\.)run$/.test(call.source));
  return { analysis, calls };
}

const runs = async (text: string, more: Readonly<Record<string, string>> = {}): Promise<readonly string[]> => {
  const { calls } = await program({ 'main.ts': text, ...more });
  return calls.map(call => call.arguments.map(argument => printValue(argument.value)).join(', '));
};

describe('texts', () => {
  test.each([
    ['a template', 'export function f(id) { run(`a = ${id}`); }', '"a = ${id}"'],
    [
      'an enum',
      "enum Sort { Name = 'name', Date = 'date' }\nexport const f = (s: Sort) => run(`${Sort.Name} ${s}`);",
      '"name {name|date}"',
    ],
    [
      'a constant list, frozen in type',
      "const ALLOWED = ['a', 'b'] as const;\nexport function f(s: string) { if (!(ALLOWED as readonly string[]).includes(s)) throw new Error(s); run(s); }",
      '"{a|b}"',
    ],
    ['optional chaining', 'export function f(o?: { a: number }) { run(`a = ${o?.a}`); }', '"a = ${o?.a!number}"'],
    ['a non-null assertion', 'export function f(o) { const s = `x ${o!}`; run(s!); }', '"x ${o}"'],
    ['a static member', "class C { static readonly table = 'orders'; f() { run(C.table); } }", '"orders"'],
    ['a private field', "class C { #table = 'orders'; f() { run(this.#table); } }", '"orders"'],
    ['an arrow in a field', 'class C { f = (x) => run(`x ${x}`); }', '"x ${x}"'],
    ['var in a block', "export function f(a) { if (a) { var s = 'x'; } else { var s = 'y'; } run(s); }", '"{x|y}"'],
    [
      'a function called above',
      'export function f(x) { return run(g(x)); function g(y) { return `(${y})`; } }',
      '"(${y})"',
    ],
    [
      'a counter',
      "export function f(a, v) { let n = 1; const p = []; if (a.x) { p.push(`x = $${n++}`); } if (a.y) { p.push(`y = $${n++}`); } run(p.join(' and ')); }",
      '"{x = $${n++!number}{ and y = $${n++!number}|}|y = $${n++!number}|}"',
    ],
    [
      'a switch of directions',
      "export function f(d) { let o; switch (d) { case 'up': o = 'ASC'; break; default: o = 'DESC'; } run(`order ${o}`); }",
      '"order {ASC|DESC}"',
    ],
    [
      'values of a parameter list',
      "export function f(filters: string[]) { const where = filters.map((x, i) => `${x} = $${i + 1}`).join(' AND '); run(`w ${where}`); }",
      '"w (${x} = $${i + 1!number})*[ AND ]"',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await runs(text)).toEqual([expected]);
  });

  test('another file', async () => {
    const other = {
      'sql.ts': 'export const where = (name: string) => `a = ${name}`;\nexport default { table: "orders" };',
    };
    const text = "import sql, { where } from './sql';\nexport function f(x) { run(`${sql.table} ${where(x)}`); }";
    expect(await runs(text, other)).toEqual(['"orders a = ${x}"']);
  });
});

describe('where things stand', () => {
  const read = async (text: string) => {
    const { analysis, calls } = await program({ 'main.ts': text });
    const textAt = (place: { unit: string; start: number; end: number } | undefined) =>
      place && analysis.source(place.unit)?.text.slice(place.start, place.end);
    const shape = calls[0]?.arguments[0]?.value.shape;
    const pieces: readonly Piece[] = shape?.kind === 'text' ? shape.pieces : [];
    return { textAt, pieces, call: calls[0] };
  };

  test('constants, holes, interpolations and their literal', async () => {
    const { textAt, pieces } = await read(
      "export function f(id) {\n  const sql = `it\\'s ${id.x} or` + ' b';\n  run(sql);\n}",
    );
    const constants = pieces.flatMap(piece => (piece.kind === 'constant' ? [piece] : []));
    expect(constants.map(piece => piece.value)).toEqual(["it's ", ' or', ' b']);
    expect(constants.map(piece => textAt(piece.at))).toEqual(["it\\'s ", ' or', ' b']);
    expect(constants.map(piece => textAt(piece.literal?.at))).toEqual([
      "`it\\'s ${id.x} or`",
      "`it\\'s ${id.x} or`",
      "' b'",
    ]);
    const [hole] = holesOf(pieces);
    expect([hole?.source, textAt(hole?.at), textAt(hole?.interpolation)]).toEqual(['id.x', 'id.x', '${id.x}']);
  });

  test('a constant of the top level', async () => {
    const { textAt, pieces } = await read("// above\nconst SQL = 'select 1';\nexport const f = () => run(SQL);");
    const [piece] = pieces;
    expect(piece?.kind === 'constant' && textAt(piece.at)).toBe('select 1');
  });

  test('what a helper returns stands at the call', async () => {
    const { textAt, pieces } = await read('const w = x => `a = ${x}`;\nexport const f = id => run(w(id.name));');
    expect(holesOf(pieces).map(hole => textAt(hole.at))).toEqual(['id.name']);
  });

  test('a call, its callee and its parentheses', async () => {
    const { textAt, call } = await read('export const f = db => db.run("x");');
    expect([textAt(call?.at), textAt(call?.callee), textAt(call?.argumentsAt)]).toEqual([
      'db.run("x")',
      'db.run',
      '("x")',
    ]);
  });
});
