/** What the interpreter costs on code that no one wrote by hand: counted in steps and computations, not in time. */
import { describe, expect, test } from 'vitest';
import { interpret } from '../../src/program/interpret';
import type { Subject } from '../../src/program/walk';
import type { World } from '../../src/program/world';
import { readModel } from './readModel';
import { printValue, sample, semantics } from './sample';

const NOWHERE: World = {
  semantics,
  ownNames: () => semantics,
  isGetter: () => false,
  variable: () => undefined,
  exported: () => undefined,
  exportNames: () => [],
  imported: () => ({ shape: { kind: 'unknown' }, from: [] }),
  classMember: () => undefined,
  superclassOf: () => undefined,
  libraryBase: () => undefined,
  aliasOf: () => undefined,
  ofType: () => undefined,
  relation: () => undefined,
  isHolder: () => false,
  loadedByDefault: () => undefined,
  summary: () => undefined,
  offered: () => undefined,
  provided: () => undefined,
  leavesOpen: () => false,
};

/** Walks `function f(a) { … }` by itself. */
function walked(body: string) {
  const text = `function f(a) { ${body} }`;
  const unit = readModel(text, 'main.ts').units[0];
  if (!unit) throw new Error('no unit');
  const subject: Subject = {
    unit: unit.id,
    file: 'main.ts',
    text: unit.text,
    shift: 0,
    function: unit.function,
    given: [],
  };
  return { ...interpret(subject, NOWHERE), length: text.length };
}

const times = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('\n');

const LINES = 10_000;

describe('steps grow with the text', () => {
  test.each([
    ['plain calls', times(LINES, index => `run("select ${index}", a)`)],
    ['one text', `let s = ""\n${times(LINES, index => `s += "x${index}" + a`)}\nrun(s)`],
    ['one chain', `run(${times(3000, index => `"x${index}" + a + `)} "end")`],
    [
      'branches',
      `let s = ""\n${times(LINES / 2, index => `if a.b${index} { s += "x${index}" } else { s = "y" }`)}\nrun(s)`,
    ],
    ['a list', `const p = []\n${times(LINES, index => `p.push("x${index}" + a)`)}\nrun(p.join(","))`],
    [
      'optional items',
      `const p = []\n${times(2000, index => `if a.b${index} { p.push("x${index}") }`)}\nrun(p.join(","))`,
    ],
    ['a record', `const o = {}\n${times(LINES, index => `o.k${index} = "x" + a`)}\nrun(o)`],
    [
      'variables',
      times(LINES, index => `let v${index} = a.b${index}; if v${index} { v${index} = "x" } run(v${index})`),
    ],
    ['lambdas', times(LINES / 4, index => `const l${index} = lambda (x) => run(x); l${index}(a)`)],
    ['loops', times(LINES / 4, index => `for x of a.b${index} { run(x) }`)],
    ['a switch', `switch a { ${times(3000, index => `case ${index} { run("x${index}"); break }`)} }`],
    ['a try after another', times(LINES / 4, index => `try { run(${index}) } catch e { log(e) } finally { done() }`)],
    ['early returns', times(LINES / 2, index => `if a.b${index} { return run("x${index}") }`)],
    ['a constant list', `for x of [${times(3000, index => `"x${index}",`)}] { run(x) }`],
  ])('%s', (_, body) => {
    const { steps, length, analysis } = walked(body);
    expect(steps).toBeLessThan(length * 3);
    expect(analysis.calls.length).toBeGreaterThan(0);
  });

  test.each([
    ['loops in loops', (inner: string) => `for x of a { let s = ""; ${inner}; s += x; run(s) }`, 'run(a)', 40],
    [
      'loops that add to each other',
      (inner: string) => `for x of a { t += "x"; u += t; ${inner}; t += u }`,
      'run(t + u)',
      12,
    ],
    ['lambdas in lambdas', (inner: string) => `a.forEach(lambda (x) { ${inner}; run(x) })`, 'run(a)', 40],
    [
      'lambdas that are called twice',
      (inner: string) => `const l = lambda (y) { ${inner} }; l(a); l("x")`,
      'run(a)',
      40,
    ],
    ['branches in branches', (inner: string) => `if a { ${inner} } else { run(a) }`, 'run(a)', 200],
    ['tries in tries', (inner: string) => `try { ${inner} } catch e { run(e) } finally { done(a) }`, 'run(a)', 40],
    ['constant loops in constant loops', (inner: string) => `for x of ["a", "b", "c"] { ${inner} }`, 'run(x)', 20],
  ])('%s', (_, around, inside, depth) => {
    let body = inside;
    for (let level = 0; level < depth; level++) body = around(body);
    const { steps, length } = walked(`let t = ""; let u = ""; ${body}`);
    expect(steps).toBeLessThan(60_000 + length * 12);
  });
});

describe('a bundle in one function', () => {
  const COUNT = 4000;
  const { steps, length, analysis } = walked(
    times(COUNT, index => `const l${index} = lambda (x) => run(l${index + 1}(x), l${index + 2}(x), l${index + 3}(x))`),
  );

  test('is walked about once, however its functions call each other', () => {
    expect(steps).toBeLessThan(120_000 + length / 2);
  });

  test('is walked to its end', () => {
    expect(analysis.calls).toHaveLength(COUNT * 4);
  });
});

describe('values stay small', () => {
  test('a text that doubles', () => {
    const { analysis } = walked(`let s = "x" + a\n${times(60, () => 's = s + s')}\nrun(s)`);
    expect(JSON.stringify(analysis.calls[0]?.arguments[0]?.value).length).toBeLessThan(2_000_000);
  });

  test('alternatives of alternatives', () => {
    const { analysis } = walked(
      `let s = ""\n${times(60, index => `s = a.b${index} ? ("x" + s) : (s + "y${index}")`)}\nrun(s)`,
    );
    expect(JSON.stringify(analysis.calls[0]?.arguments[0]?.value).length).toBeLessThan(2_000_000);
  });

  test('a record in a record', () => {
    const { analysis } = walked(`let o = {v: a}\n${times(60, () => 'o = {l: o, r: o}')}\nrun(o)`);
    expect(analysis.calls).toHaveLength(1);
  });

  test('many sources are many no more', () => {
    const { analysis } = walked(`let s = ""\n${times(200, index => `s += g${index}(a)`)}\nrun(s)`);
    expect(analysis.calls.at(-1)?.arguments[0]?.value.from.length).toBeLessThan(30);
  });
});

describe('depth', () => {
  test('a chain of functions of any length', () => {
    const program = `${times(1500, index => `function f${index}(x) { return f${index + 1}(x) + "." }`)}\nfunction f1500(x) { return "end \${x}" }`;
    const { analysis } = sample(program);
    const returns = printValue(analysis.unit('main.ts#f0').returns);
    expect(returns.startsWith('"end ${x}..')).toBe(true);
  });

  test('functions that call each other in a ring', () => {
    const program = times(
      300,
      index => `function f${index}(x) { if x { return "a" } return f${(index + 1) % 300}(x) + "b" }`,
    );
    const { analysis, computed } = sample(program);
    expect(analysis.unit('main.ts#f0').returns.shape.kind).toBe('text');
    expect(computed().length).toBeLessThan(300 * 20);
  });

  test('a deep expression is cut, not fatal', () => {
    const { analysis } = walked(`run(${'[a, '.repeat(700)}1${']'.repeat(700)})`);
    expect(analysis.calls).toHaveLength(1);
  });

  test('a deep statement is cut, not fatal', () => {
    const { analysis } = walked(`run(a); ${'if a { '.repeat(700)}${'} '.repeat(700)}`);
    expect(analysis.calls).toHaveLength(1);
  });
});
