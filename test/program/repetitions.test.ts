/** What repeats a call of `run`, and what is known of the repetition. */
import { describe, expect, test } from 'vitest';
import { printRepetition, printSources, sample } from './sample';

type Case = readonly [name: string, program: string, ...repetitions: string[]];

/** For each call of `run` in the file: its repetitions from the inside out, and the sources of its arguments. */
function runs(program: string): readonly string[] {
  const { analysis, units } = sample(program);
  return units('main.ts')
    .flatMap(unit => analysis.unit(unit).calls)
    .filter(call => call.source === 'run' || call.implicit)
    .map(call => {
      const from = printSources(call.arguments.flatMap(argument => argument.value.from));
      return `${call.repetitions.map(printRepetition).join(' in ') || 'once'} (${from})`;
    });
}

const check = (cases: readonly Case[]): void => {
  test.each(cases.map(([name, program, ...lines]) => [name, program, lines] as const))('%s', (_, program, lines) => {
    expect(runs(program)).toEqual(lines);
  });
};

describe('what repeats', () => {
  check([
    ['nothing', 'function f(x) { run(x) }', 'once (x)'],
    ['for of', 'function f(xs) { for x of xs { run(x.id) } }', 'each x of xs (item, xs)'],
    ['what does not depend on the item', 'function f(xs, y) { for x of xs { run(y) } }', 'each x of xs (y)'],
    ['a pattern', 'function f(xs) { for {id} of xs { run(id) } }', 'each {id} of xs (item, xs)'],
    ['keys', 'function f(o) { for k in o { run(k) } }', 'each k of o (item, o)'],
    ['for await', 'function f(xs) { for await x of xs { run(x) } }', 'each x of xs (item, xs)'],
    [
      'two loops',
      'function f(xs) { for x of xs { for y of x.ys { run(y) } } }',
      'each y of x.ys in each x of xs (item, xs)',
    ],
    [
      'an index',
      'function f(xs) { for (let i = 0; i < xs.length; i += 1) { run(xs[i].id) } }',
      'count xs[i] of xs (item, xs)',
    ],
    [
      'an index, the item in a variable',
      'function f(xs) { for (let i = 0; i < xs.length; i += 1) { const x = xs[i]; run(x.id) } }',
      'count xs[i] of xs (item, xs)',
    ],
    ['a counter', 'function f(n) { for (let i = 0; i < n; i += 1) { run(i) } }', 'count i (item)'],
    [
      'while with a queue',
      'function f(q) { while q.length > 0 { const x = q.shift(); run(x) } }',
      'while x of q (call, item, q)',
    ],
    [
      'rows of a cursor',
      'function f(c) { let r = null; while (r = c.next()) { run(r.id) } }',
      'while r of c (c, call, item)',
    ],
    ['map', 'function f(xs) { return xs.map(lambda (x) => run(x)) }', 'callback x of xs (item, xs)'],
    ['forEach', 'function f(xs) { xs.forEach(lambda (x) { run(x) }) }', 'callback x of xs (item, xs)'],
    [
      'promises',
      'function f(xs) { await (Promise.all(xs.map(async lambda (x) { await (run(x)) }))) }',
      'callback x of xs (item, xs)',
    ],
    [
      'a chain',
      'function f(xs) { xs.filter(lambda (x) => x.ok).map(lambda (x) => run(x)) }',
      'callback x of xs.filter(lambda (x) => x.ok) (call, item, xs)',
    ],
    ['reduce', 'function f(xs) { xs.reduce(lambda (s, x) => s + run(x), 0) }', 'callback x of xs (item, xs)'],
    [
      'a named lambda',
      'function f(xs) { const one = lambda (x) => run(x); xs.map(one) }',
      'callback x of xs (item, xs)',
    ],
    ['a named function', 'function one(x) { return x }\nfunction f(xs) { xs.map(one) }', 'callback of xs (item, xs)'],
    ['a comprehension', 'function f(xs) { return [list: run(x) for x in xs] }', 'comprehension x of xs (item, xs)'],
    [
      'two comprehensions',
      'function f(xs) { return [list: run(y) for x in xs for y in x] }',
      'comprehension y of x in comprehension x of xs (item, xs)',
    ],
    [
      'a lambda called in a loop',
      'function f(xs) { const one = lambda (x) => run(x); for x of xs { one(x) } }',
      'each x of xs (item, xs)',
    ],
    ['a lambda that no one calls', 'function f(xs) { return {go: lambda (x) => run(x)} }', 'once (x)'],
    ['a lambda that an unknown function gets', 'function f(xs) { defer(lambda (x) => run(x)) }', 'once (x)'],
    [
      'a loop in an unknown lambda',
      'function f() { defer(lambda (xs) { for x of xs { run(x) } }) }',
      'each x of xs (item, xs)',
    ],
    [
      'a function that repeats its argument',
      'function each(xs, go) { for x of xs { go(x) } }\nfunction f(ys) { each(ys, lambda (y) => run(y)) }',
      'callback y of ys (item, ys)',
    ],
    [
      'a function that calls its argument',
      'function within(go) { return go("a") }\nfunction f(y) { within(lambda (x) => run(x, y)) }',
      'once (y)',
    ],
    [
      'handed on to map',
      'function each(xs, go) { return xs.map(go) }\nfunction f(ys) { each(ys, lambda (y) => run(y)) }',
      'callback y of ys (item, ys)',
    ],
    ['do while', 'function f(x) { do while x.more() { run(x) } }', 'while (x)'],
  ]);
});

describe('constant lists', () => {
  check([
    ['written in place', 'function f() { for t of ["a", "b"] { run(t) } }', 'each t of ["a", "b"] 2 constants (item)'],
    [
      'in a module constant',
      'const TS = ["a", "b", "c"]\nfunction f() { TS.forEach(lambda (t) { run(t) }) }',
      'callback t of TS 3 constants (item)',
    ],
    [
      'long',
      'function f() { for t of ["a", "b", "c", "d", "e", "f", "g", "h", "i"] { run(t) } }',
      'each t of ["a", "b", "c", "d", "e", "f", "g", "h", "i"] 9 constants (item)',
    ],
    [
      'a constant bound',
      'function f() { for (let i = 0; i < 3; i += 1) { run(i) } }',
      'count i 3 constants feeds next (item)',
    ],
    ['of variables', 'function f(a, b) { for t of [a, b] { run(t) } }', 'each t of [a, b] (a, b, item)'],
  ]);
});

describe('turns that feed each other', () => {
  check([
    [
      'a retry',
      'function f(x) { for (let n = 0; n < 3; n += 1) { try { return run(x) } catch e { log(e) } } }',
      'count n 3 constants feeds next (x)',
    ],
    [
      'a retry with a variable bound',
      'function f(x, max) { for (let n = 0; n < max; n += 1) { try { return run(x) } catch e { log(e) } } }',
      'count n feeds next (x)',
    ],
    ['for ever', 'function f(x) { while true { const r = run(x); if ! r { break } } }', 'while feeds next (x)'],
    [
      'pages',
      'function f() { let more = true; let offset = 0; while more { const rows = run(offset); more = rows.length === 100; offset += 100 } }',
      'while feeds next ()',
    ],
    [
      'a cursor',
      'function f() { let last = null; do while last { const rows = run(last); last = rows.last } }',
      'while feeds next (call)',
    ],
    [
      'a result of the last turn',
      'function f(xs) { let last = 0; for x of xs { last = run(x, last) } }',
      'each x of xs feeds next (call, item, xs)',
    ],
    [
      'a sum is not fed',
      'function f(xs) { let sum = 0; for x of xs { sum += run(x) } return sum }',
      'each x of xs (item, xs)',
    ],
    [
      'a list of results is not fed',
      'function f(xs) { const all = []; for x of xs { all.push(run(x)) } return all }',
      'each x of xs (item, xs)',
    ],
    [
      'a tree is walked',
      'function f(root) { const q = [root]; while q.length > 0 { const x = q.shift(); const more = run(x); q.push(more) } }',
      'while x of q feeds next (call, item, root)',
    ],
    [
      'steps of a page',
      'function f(n) { for (let offset = 0; offset < n; offset += 50) { run(offset) } }',
      'count offset feeds next (item)',
    ],
    [
      'page by page',
      'function f(n) { for (let page = 0; page < n; page += 1) { run(page) } }',
      'count page feeds next (item)',
    ],
  ]);
});

describe('batches', () => {
  check([
    [
      'slices',
      'function f(ids) { for (let i = 0; i < ids.length; i += 100) { run(ids.slice(i, i + 100)) } }',
      'count i of ids feeds next batches (ids, item)',
    ],
    [
      'chunks',
      'function f(ids) { for part of chunk(ids, 100) { run(part) } }',
      'each part of chunk(ids, 100) batches (call, ids, item)',
    ],
    [
      'of a library',
      'function f(ids) { for part of _.chunk(ids, 100) { run(part) } }',
      'each part of _.chunk(ids, 100) batches (call, ids, item)',
    ],
    [
      'named so',
      'function f(idChunks) { for ids of idChunks { run(ids) } }',
      'each ids of idChunks batches (idChunks, item)',
    ],
  ]);
});

describe('the first hit', () => {
  check([
    [
      'returned',
      'function f(xs) { for x of xs { const r = run(x); if r { return r } } }',
      'each x of xs first hit (item, xs)',
    ],
    [
      'broken off',
      'function f(xs) { let r = null; for x of xs { r = run(x); if r { break } } }',
      'each x of xs first hit (item, xs)',
    ],
    [
      'tested at once',
      'function f(xs) { for x of xs { if await (run(x)) { return true } } return false }',
      'each x of xs first hit (item, xs)',
    ],
    [
      'gone on without',
      'function f(xs) { for x of xs { const r = run(x); if ! r { continue } return r } }',
      'each x of xs first hit (item, xs)',
    ],
    ['find', 'function f(xs) { return xs.find(lambda (x) => run(x)) }', 'callback x of xs first hit (item, xs)'],
    [
      'a missing one ends it',
      'function f(xs) { for x of xs { const r = run(x); if ! r { return null } } }',
      'each x of xs (item, xs)',
    ],
    [
      'another condition',
      'function f(xs, stop) { for x of xs { if stop { return 0 } run(x) } }',
      'each x of xs (item, xs)',
    ],
    [
      'an error ends it',
      'function f(xs) { for x of xs { const r = run(x); if r { throw r } } }',
      'each x of xs (item, xs)',
    ],
  ]);
});

describe('ways that leave the loop', () => {
  check([
    ['the way out', 'function f(xs) { for x of xs { if x.id { return run(x) } } }', 'once (item, xs)'],
    ['before a throw', 'function f(xs) { for x of xs { try { go(x) } catch e { run(e); throw e } } }', 'once ()'],
    ['before a break', 'function f(xs) { for x of xs { if x { run(x); break } } }', 'once (item, xs)'],
    [
      'a break of a switch stays',
      'function f(xs) { for x of xs { switch x { case 1 { run(x); break } } } }',
      'each x of xs (item, xs)',
    ],
    [
      'only the inner loop',
      'function f(xs) { for x of xs { for y of x { run(y); break } } }',
      'each x of xs (item, xs)',
    ],
    ['a label', 'function f(xs) { outer: for x of xs { for y of x { run(y); break outer } } }', 'once (item, xs)'],
    [
      'out of a lambda is not out of the loop',
      'function f(xs) { xs.forEach(lambda (x) { return run(x) }) }',
      'callback x of xs (item, xs)',
    ],
    [
      'tried again',
      'function f(xs) { for x of xs { try { return run(x) } catch e { log(e) } } }',
      'each x of xs (item, xs)',
    ],
  ]);
});
