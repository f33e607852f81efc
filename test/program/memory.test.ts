import { describe, expect, test } from 'vitest';
import { equalByStructure } from '../../src/program/equality';
import { createMemory } from '../../src/program/memory';

/** Cells whose values are formulas over other cells, as in a spreadsheet. */
function sheet(cells: Record<string, number>) {
  const computed: string[] = [];
  const memory = createMemory({ onCompute: key => computed.push(key) });
  return {
    memory,
    cell: (name: string) => memory.input(name, () => cells[name]),
    write: (name: string, value: number) => {
      cells[name] = value;
      memory.changed(name);
    },
    computed: () => computed.splice(0),
  };
}

describe('memory', () => {
  test('an answer is computed once', () => {
    const { memory, cell, computed } = sheet({ a: 1, b: 2 });
    const sum = () => memory.derive('sum', () => (cell('a') ?? 0) + (cell('b') ?? 0));
    expect([sum(), sum()]).toEqual([3, 3]);
    expect(computed()).toEqual(['sum']);
  });

  test('only what read the changed input is computed again', () => {
    const { memory, cell, write, computed } = sheet({ a: 1, b: 2 });
    const double = (name: string) => memory.derive(`double ${name}`, () => (cell(name) ?? 0) * 2);
    const both = () => memory.derive('both', () => double('a') + double('b'));
    expect(both()).toBe(6);
    computed();
    write('a', 5);
    expect(both()).toBe(14);
    expect(computed()).toEqual(['double a', 'both']);
  });

  test('an equal answer cuts off', () => {
    const { memory, cell, write, computed } = sheet({ a: 1 });
    const sign = () => memory.derive('sign', () => ({ positive: (cell('a') ?? 0) > 0 }));
    const word = () => memory.derive('word', () => (sign().positive ? 'plus' : 'minus'));
    expect(word()).toBe('plus');
    computed();
    write('a', 7);
    expect(word()).toBe('plus');
    expect(computed()).toEqual(['sign']);
    write('a', -7);
    expect(word()).toBe('minus');
    expect(computed()).toEqual(['sign', 'word']);
  });

  test('an input written with the same value disturbs no one', () => {
    const { memory, cell, write, computed } = sheet({ a: 1 });
    const next = () => memory.derive('next', () => (cell('a') ?? 0) + 1);
    next();
    computed();
    write('a', 1);
    expect(next()).toBe(2);
    expect(computed()).toEqual([]);
  });

  test('what is read can differ from time to time', () => {
    const { memory, cell, write, computed } = sheet({ which: 0, a: 1, b: 2 });
    const chosen = () => memory.derive('chosen', () => (cell('which') ? cell('b') : cell('a')));
    expect(chosen()).toBe(1);
    computed();
    write('b', 20);
    chosen();
    expect(computed()).toEqual([]);
    write('which', 1);
    expect(chosen()).toBe(20);
    write('a', 10);
    computed();
    expect(chosen()).toBe(20);
    expect(computed()).toEqual([]);
  });

  test('nothing that is not asked for is computed', () => {
    const { memory, cell, write, computed } = sheet({ a: 1 });
    const next = () => memory.derive('next', () => (cell('a') ?? 0) + 1);
    next();
    write('a', 2);
    write('a', 3);
    computed();
    expect(next()).toBe(4);
    expect(computed()).toEqual(['next']);
  });

  test('a look-up is silent', () => {
    const { memory, cell, computed } = sheet({ a: 1 });
    memory.derive('look', () => cell('a'), { silent: true });
    expect(computed()).toEqual([]);
  });

  test('a computation that fails leaves nothing behind', () => {
    const { memory, cell, write } = sheet({ a: 0 });
    const inverse = () =>
      memory.derive('inverse', () => {
        const divisor = cell('a') ?? 0;
        if (divisor === 0) throw new Error('no inverse');
        return 1 / divisor;
      });
    expect(inverse).toThrow('no inverse');
    expect(inverse).toThrow('no inverse');
    write('a', 2);
    expect(inverse()).toBe(0.5);
  });
});

describe('cycles', () => {
  /** Reachable nodes of a graph: every node's answer needs those of its successors. */
  function reachability(edges: Record<string, string>) {
    const computed: string[] = [];
    const memory = createMemory({ onCompute: key => computed.push(key) });
    const successors = (node: string) => memory.input(node, () => edges[node] ?? '');
    const reach = (node: string): string =>
      memory.derive(
        `reach ${node}`,
        () => {
          const found = new Set<string>();
          for (const next of successors(node)) for (const each of next + reach(next)) found.add(each);
          return [...found].sort().join('');
        },
        { bottom: '' },
      );
    return {
      reach,
      write: (node: string, value: string) => {
        edges[node] = value;
        memory.changed(node);
      },
      computed: () => computed.splice(0),
    };
  }

  test.each([
    ['itself', { a: 'a' }, { a: 'a' }],
    ['two', { a: 'b', b: 'a' }, { a: 'ab', b: 'ab' }],
    ['a ring of three with a tail', { a: 'b', b: 'c', c: 'ad', d: '' }, { a: 'abcd', b: 'abcd', c: 'abcd', d: '' }],
    ['a ring in a ring', { a: 'bd', b: 'c', c: 'b', d: 'a' }, { a: 'abcd', b: 'bc', c: 'bc', d: 'abcd' }],
    ['two rings that share a node', { a: 'bc', b: 'a', c: 'a' }, { a: 'abc', b: 'abc', c: 'abc' }],
    ['an eight', { a: 'b', b: 'ac', c: 'b' }, { a: 'abc', b: 'abc', c: 'abc' }],
    ['a later member hangs on both heads', { a: 'b', b: 'c', c: 'ba' }, { a: 'abc', b: 'abc', c: 'abc' }],
  ] as [string, Record<string, string>, Record<string, string>][])(
    '%s: the least fixed point',
    (_, edges, expected) => {
      for (const first of Object.keys(expected)) {
        const { reach } = reachability({ ...edges });
        reach(first);
        for (const node of Object.keys(expected)) expect(`${node}: ${reach(node)}`).toBe(`${node}: ${expected[node]}`);
      }
    },
  );

  test('a settled cycle is answered from memory', () => {
    const { reach, computed } = reachability({ a: 'b', b: 'c', c: 'a' });
    reach('a');
    computed();
    for (const node of 'abc') reach(node);
    expect(computed()).toEqual([]);
  });

  test('a change inside a cycle reaches all of it, one outside leaves it alone', () => {
    const { reach, write, computed } = reachability({ a: 'b', b: 'a', x: 'y', y: 'a' });
    expect([reach('a'), reach('x')]).toEqual(['ab', 'aby']);
    computed();
    write('y', 'az');
    expect(reach('a')).toBe('ab');
    expect(computed()).toEqual([]);
    expect(reach('x')).toBe('abyz');
    write('b', 'ac');
    expect([reach('a'), reach('b'), reach('x')]).toEqual(['abc', 'abc', 'abcyz']);
    write('b', '');
    expect([reach('a'), reach('b'), reach('x')]).toEqual(['b', '', 'abyz']);
  });

  test('a member that is told the same as in the turn before is not computed again', () => {
    const { memory, computed } = sheet({});
    const head = (): number =>
      memory.derive('head', () => Math.min(2, costly() + head()), { bottom: 0, equal: Object.is });
    const isCount = (): boolean => memory.derive('is count', () => head() >= 0);
    const costly = (): number => memory.derive('costly', () => (isCount() ? 1 : 0));
    expect(head()).toBe(2);
    expect(computed()).toEqual(['head', 'costly', 'is count', 'head', 'is count', 'head', 'is count']);
  });

  test('a cycle that never settles ends', () => {
    const memory = createMemory();
    const grow = (): number => memory.derive('grow', () => grow() + 1, { bottom: 0 });
    expect(grow()).toBeLessThan(20);
  });

  test('a failure inside a cycle costs only that answer', () => {
    let fails = true;
    const memory = createMemory();
    const a = (): string => memory.derive('a', () => `${b()}a`.slice(0, 3), { bottom: '' });
    const b = (): string =>
      memory.derive(
        'b',
        () => {
          const other = a();
          if (fails) throw new Error('not now');
          return other.length > 0 ? 'b' : '';
        },
        { bottom: '' },
      );
    expect(a).toThrow('not now');
    fails = false;
    expect(a()).toBe('ba');
    expect(b()).toBe('b');
  });
});

describe('depth', () => {
  test('a long chain is computed from its far end', () => {
    let deepest = 0;
    let depth = 0;
    const computed = new Set<number>();
    const memory = createMemory({ maxDepth: 20 });
    const link = (index: number): number =>
      memory.derive(`link ${index}`, () => {
        depth++;
        deepest = Math.max(deepest, depth);
        try {
          const value = index === 0 ? 0 : link(index - 1) + 1;
          computed.add(index);
          return value;
        } finally {
          depth--;
        }
      });
    expect(link(3000)).toBe(3000);
    expect(deepest).toBeLessThanOrEqual(20);
    expect(computed.size).toBe(3001);
  });

  test('a long chain is looked through after a change', () => {
    let start = 0;
    const memory = createMemory({ maxDepth: 20 });
    const link = (index: number): number =>
      memory.derive(`link ${index}`, () => (index === 0 ? memory.input('start', () => start) : link(index - 1) + 1));
    expect(link(4_000)).toBe(4_000);
    start = 5;
    memory.changed('start');
    expect(link(4_000)).toBe(4_005);
    memory.changed('start');
    expect(link(4_000)).toBe(4_005);
  });

  test('a ring that is longer than that ends', () => {
    const memory = createMemory({ maxDepth: 10 });
    const ring = (index: number): number =>
      memory.derive(`ring ${index}`, () => (index === 0 ? 1 : ring((index + 1) % 40) | 0), { bottom: 0 });
    expect(ring(1)).toBe(1);
    const round = (index: number): number =>
      memory.derive(`round ${index}`, () => Math.min(7, round((index + 1) % 40) + 1), { bottom: 0 });
    expect(round(0)).toBe(7);
  });
});

describe('equality by structure', () => {
  test.each([
    [{ a: 1, b: [1, { c: 2 }] }, { a: 1, b: [1, { c: 2 }] }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1 }, { a: 2 }, false],
    [[1, 2], [1, 2, 3], false],
    [[], {}, false],
    [new Map([['a', { b: 1 }]]), new Map([['a', { b: 1 }]]), true],
    [new Map([['a', 1]]), new Map([['a', 2]]), false],
    [new Map([['a', 1]]), {}, false],
    [new Set(['a']), new Set(['a']), true],
    [new Set(['a']), new Set(['b']), false],
    [Number.NaN, Number.NaN, true],
    [null, {}, false],
    ['a', 'a', true],
  ])('%j and %j: %s', (left, right, expected) => {
    expect(equalByStructure(left, right)).toBe(expected);
    expect(equalByStructure(right, left)).toBe(expected);
  });
});
