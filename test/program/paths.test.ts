/** In which states something that `open()` gives may be on every way out of a function. */
import { describe, expect, test } from 'vitest';
import type { Expression } from '../../src/program/model';
import type { Truth } from '../../src/program/pathConditions';
import { type CallbackRun, followPaths, type PathMachine, type PathNode } from '../../src/program/paths';
import { visitNodes } from '../../src/program/traverse';
import { readModel } from './readModel';

type State = 'none' | 'held' | 'closed';

const CALLBACKS: Readonly<Record<string, readonly CallbackRun[]>> = {
  then: ['on-success', 'on-failure'],
  catch: ['on-failure'],
  finally: ['always'],
  each: ['repeatedly'],
  maybe: ['perhaps'],
  within: ['now'],
};

const calleeName = (node: PathNode): string | undefined => {
  if (node.kind !== 'call') return undefined;
  if (node.callee.kind === 'member') return node.callee.name;
  return node.callee.kind === 'name' ? node.callee.name : undefined;
};

/** `open()` gives it, `.close()` closes it, `ok()` cannot fail, `exit()` ends all. */
const machine: PathMachine<State> = {
  start: [{ state: 'none' }],
  step(node, state) {
    const name = calleeName(node);
    if (name === 'open') return 'held';
    const passed = node.kind === 'member' && node.name === 'close';
    return state === 'held' && (name === 'close' || passed) ? 'closed' : state;
  },
  mayThrow: node =>
    node.kind === 'call' ? !/^(?:ok|close|within|each|maybe)$/.test(calleeName(node) ?? '') : node.kind === 'await',
  isPresent: node => calleeName(node) === 'open',
  ends: node => calleeName(node) === 'exit',
  callback: (call, index) => CALLBACKS[calleeName(call) ?? '']?.[index],
  closes: (resource, state) => (state === 'held' && holdsOpen(resource) ? 'closed' : state),
};

function holdsOpen(expression: Expression): boolean {
  let found = false;
  visitNodes(expression, node => {
    if (node.kind === 'call' && calleeName(node) === 'open') found = true;
    return true;
  });
  return found;
}

/** `held: raise at f()`: each way out, by state, with what it leaves at. */
function endings(program: string, start?: PathMachine<State>['start']): readonly string[] {
  const [unit] = readModel(program).units;
  if (!unit) throw new Error('no function');
  const text = (span: { readonly start: number; readonly end: number }): string =>
    unit.text.slice(span.start, span.end);
  return followPaths(unit.function, { ...machine, ...(start ? { start } : {}) }).map(
    ({ kind, state, at, raised, left }) =>
      `${state}: ${kind}${kind === 'end' ? '' : ` at ${text(at)}`}${raised ? ` after ${text(raised)}` : ''}${left ? ` past ${text(left)}` : ''}`,
  );
}

type Case = readonly [name: string, body: string, ...endings: string[]];

const check = (cases: readonly Case[]): void => {
  test.each(cases.map(([name, body, ...lines]) => [name, body, lines] as const))('%s', (_, body, lines) => {
    expect(endings(`function f(a, b) { ${body} }`)).toEqual(lines);
  });
};

describe('one after the other', () => {
  check([
    ['nothing happens', 'ok()', 'none: end'],
    ['closed', 'const c = open(); ok(); c.close()', 'none: raise at open()', 'closed: end'],
    ['left open', 'const c = open(); ok()', 'none: raise at open()', 'held: end'],
    [
      'a call in between may fail',
      'const c = open(); g(); c.close()',
      'none: raise at open()',
      'held: raise at g()',
      'closed: end',
    ],
    [
      'what is waited for fails once, at the call',
      'const c = await open(); await c.close()',
      'none: raise at open()',
      'closed: end',
    ],
    [
      'a promise in a variable fails where it is waited for',
      'const p = ok(); const c = open(); await p; c.close()',
      'none: raise at open()',
      'held: raise at await p',
      'closed: end',
    ],
    [
      'what follows an exit is not reached',
      'const c = open(); exit(); c.close()',
      'none: raise at open()',
      'held: raise at exit()',
    ],
  ]);
});

describe('branches', () => {
  check([
    [
      'an early return',
      'const c = open(); if a { return 1 } c.close(); return 2',
      'none: raise at open()',
      'held: return at return 1',
      'closed: return at return 2',
    ],
    [
      'closed on one arm alone',
      'const c = open(); if a { c.close() }',
      'none: raise at open()',
      'closed: end',
      'held: end',
    ],
    [
      'opened and closed on the same condition',
      'let c; if a { c = open() } ok(); if a { c.close() }',
      'none: raise at open()',
      'closed: end',
      'none: end',
    ],
    [
      'asked whether it is there',
      'let c; if a { c = open() } if c { c.close() }',
      'none: raise at open()',
      'closed: end',
      'none: end',
    ],
    [
      'asked otherwise',
      'let c = null; if a { c = open() } if (c !== null) && (! b.done) { c.close() }',
      'none: raise at open()',
      'closed: end',
      'held: end',
      'none: end',
    ],
    [
      'a client that is handed in is not closed',
      'const mine = ! a.client; const c = a.client || open(); ok(); if mine { c.close() }',
      'none: raise at open()',
      'closed: end',
      'none: end',
    ],
    [
      'a condition does not hold any more when its variable is assigned',
      'let c; if a { c = open() } a = b; if a { c.close() }',
      'none: raise at open()',
      'closed: end',
      'none: end',
      'held: end',
    ],
    [
      'a condition as it is spelt',
      'let c; if a.mode === "copy" { c = open() } if a.mode !== "copy" { return 1 } c.close()',
      'none: raise at open()',
      'none: return at return 1',
      'closed: end',
    ],
    [
      'a switch',
      'const c = open(); switch a { case 1 { c.close(); break } case 2 { ok(); break } default { return 1 } }',
      'none: raise at open()',
      'held: return at return 1',
      'closed: end',
      'held: end',
    ],
    [
      'one case falls into the next',
      'const c = open(); switch a { case 1 { ok() } default { c.close() } }',
      'none: raise at open()',
      'closed: end',
    ],
    [
      'an expression that decides',
      'const c = open(); a && c.close()',
      'none: raise at open()',
      'closed: end',
      'held: end',
    ],
    ['made where it is missing', 'const c = a ?? open()', 'none: raise at open()', 'none: end', 'held: end'],
  ]);
});

describe('errors', () => {
  check([
    [
      'finally closes on every way',
      'const c = open(); try { if a { return g() } h() } finally { c.close() }',
      'none: raise at open()',
      'closed: return at return g()',
      'closed: raise at g()',
      'closed: end',
    ],
    [
      'opened in the try, closed where it is there',
      'let c; try { c = open(); g() } finally { if c { c.close() } }',
      'none: raise at open()',
      'closed: raise at g()',
      'closed: end',
    ],
    [
      'a catch that returns',
      'const c = open(); try { g(); c.close() } catch e { return 1 }',
      'none: raise at open()',
      'held: return at return 1 after g()',
      'closed: end',
    ],
    [
      'a catch that closes and throws again',
      'const c = open(); try { g() } catch e { c.close(); throw e } c.close()',
      'none: raise at open()',
      'closed: throw at throw e after g()',
      'closed: end',
    ],
    [
      'a throw that is caught',
      'const c = open(); try { throw a } catch e { c.close() }',
      'none: raise at open()',
      'closed: end after throw a',
    ],
    [
      'an error of another type goes on',
      'const c = open(); try { g() } catch e: KeyError { ok() } c.close()',
      'none: raise at open()',
      'held: raise at g()',
      'closed: end',
    ],
    [
      'a flag tells whether it is closed',
      'let done = false; const c = open(); try { g(); c.close(); done = true; h() } catch e { if ! done { c.close() } }',
      'none: raise at open()',
      'closed: end',
    ],
    [
      'a return in finally',
      'const c = open(); try { g() } finally { return 1 }',
      'none: raise at open()',
      'held: return at return 1',
      'held: return at return 1',
    ],
    [
      'a resource',
      'scope (c = open()) { if a { return 1 } g() }',
      'none: raise at open()',
      'closed: return at return 1',
      'closed: raise at g()',
      'closed: end',
    ],
  ]);
});

describe('loops', () => {
  check([
    [
      'opened and closed in every turn',
      'for x of a { const c = open(); ok(x); c.close() }',
      'none: raise at open()',
      'closed: raise at open()',
      'none: end',
      'closed: end',
    ],
    [
      'a turn that goes on early',
      'for x of a { const c = open(); if x { continue } c.close() }',
      'none: raise at open()',
      'closed: raise at open()',
      'held: raise at open()',
      'none: end',
      'closed: end',
      'held: end',
    ],
    [
      'out of two loops',
      'const c = open(); outer: for x of a { for y of b { if y { break outer } ok() } c.close(); return 1 } ',
      'none: raise at open()',
      'closed: return at return 1',
      'held: end',
    ],
    [
      'one that does not end',
      'const c = open(); while true { if a { break } ok() } c.close()',
      'none: raise at open()',
      'closed: end',
    ],
    ['a retry', 'let c; while ! c { try { c = open() } catch e { ok() } } c.close()', 'closed: end'],
    [
      'the body first',
      'let c; do while a { c = open(); c.close() }',
      'none: raise at open()',
      'closed: raise at open()',
      'closed: end',
    ],
    [
      'a comprehension',
      'const c = open(); const d = [list: ok(x) for x in a if x]; c.close()',
      'none: raise at open()',
      'closed: end',
    ],
  ]);
});

describe('functions inside', () => {
  check([
    [
      'called by name',
      'const c = open(); const done = lambda () { c.close() }; try { g() } catch e { done(); throw e } done()',
      'none: raise at open()',
      'closed: throw at throw e after g()',
      'closed: end',
    ],
    [
      'not called',
      'const c = open(); const done = lambda () { c.close() }; ok()',
      'none: raise at open()',
      'held: end',
    ],
    ['called at once', 'const c = open(); (lambda () { c.close() })()', 'none: raise at open()', 'closed: end'],
    [
      'run by what it is handed to',
      'const c = open(); within(lambda () { c.close() })',
      'none: raise at open()',
      'closed: end',
    ],
    [
      'its return is passed',
      'const c = open(); within(lambda () { if a { return 1 } c.close() })',
      'none: raise at open()',
      'closed: end',
      'held: end past return 1',
    ],
    [
      'perhaps',
      'const c = open(); maybe(lambda () { c.close() })',
      'none: raise at open()',
      'held: end',
      'closed: end',
    ],
    [
      'for each',
      'let c; each(lambda (x) { c = open(); c.close() })',
      'none: raise at open()',
      'closed: raise at open()',
      'none: end',
      'closed: end',
    ],
    [
      'one that runs later may assign what was known',
      'let done = false; const c = open(); on(lambda () { done = true }); if ! done { c.close() }',
      'none: raise at open()',
      'held: raise at on(lambda () { done = true })',
      'closed: end',
      'held: end',
    ],
    [
      'recursion ends',
      'const c = open(); const again = lambda () { again() }; again(); c.close()',
      'none: raise at open()',
      'closed: end',
    ],
  ]);
});

describe('promises', () => {
  check([
    [
      'finally of a chain',
      'const c = open(); return g(c).then(lambda (x) => h(x)).finally(lambda () => c.close())',
      'none: raise at open()',
      'closed: return at return g(c).then(lambda (x) => h(x)).finally(lambda () => c.close())',
      'closed: raise at g(c)',
    ],
    [
      'handed over as it is',
      'const c = open(); g(c).finally(c.close)',
      'none: raise at open()',
      'closed: raise at g(c)',
      'closed: end',
    ],
    [
      'closed when kept, and when broken',
      'const c = open(); g(c).then(lambda (x) { c.close() }, lambda (e) { c.close() })',
      'none: raise at open()',
      'closed: end',
    ],
    [
      'not closed when broken',
      'const c = open(); g(c).then(lambda (x) { c.close() }).catch(lambda (e) => ok(e))',
      'none: raise at open()',
      'closed: end',
      'held: end after g(c)',
    ],
  ]);
});

describe('where it begins', () => {
  const start = (state: State, known: Record<string, Truth>) => ({ state, known });

  test('a callback with an error or a connection', () => {
    const program = 'function f(e, c) { if e { return 1 } ok(); c.close(); return 2 }';
    expect(
      endings(program, [start('held', { e: 'falsy', c: 'truthy' }), start('none', { e: 'truthy', c: 'nullish' })]),
    ).toEqual(['none: return at return 1', 'closed: return at return 2']);
  });

  test('what brought it into its state is told', () => {
    const [unit] = readModel('function f(a) { const c = open(); c.close() }').units;
    const closed = unit && followPaths(unit.function, machine).find(({ state }) => state === 'closed');
    expect(closed?.since && unit?.text.slice(closed.since.start, closed.since.end)).toBe('c.close()');
  });

  test('a hundred conditions cost a hundred steps', () => {
    let steps = 0;
    const body = Array.from({ length: 100 }, (_, index) => `if a.x${index} { ok() }`).join('; ');
    const [unit] = readModel(`function f(a) { const c = open(); ${body}; c.close() }`).units;
    if (!unit) throw new Error('no function');
    followPaths(unit.function, {
      ...machine,
      step(node, state) {
        steps++;
        return machine.step(node, state);
      },
    });
    expect(steps).toBeLessThan(1_000);
  });
});
