/** What the writer writes is run: it must mean what it was asked to. */
import { describe, expect, test } from 'vitest';
import { typescriptWriter as writer } from '../../../src/languages/typescript/writer';

/** Runs an expression with some names in sight. */
const run = (expression: string, names: Readonly<Record<string, unknown>> = {}): unknown =>
  new Function(...Object.keys(names), `return (${expression});`)(...Object.values(names));

const odd = ["it's", '"', '\\', '`', '${x}', '$', '\t', 'é😀', '\u2028', 'a\r', ''];

describe('a text', () => {
  test.each(odd)('%j', value => {
    expect(run(writer.text(value))).toBe(value);
  });

  test('over several lines', () => {
    const value = odd.join('\n');
    const written = writer.text(value);
    expect(written.startsWith('`')).toBe(true);
    expect(run(written)).toBe(value);
  });
});

test('a list and a declaration', () => {
  expect(writer.list(['a', "'b'"])).toBe("[a, 'b']");
  expect(writer.declare('rows', 'await all()')).toBe('const rows = await all();');
});

test('a comment stays in its line', () => {
  expect(writer.comment('one\n  two\u2028three')).toBe('// one two three');
});

test.each([
  ['id', 'row.id'],
  ['größe', 'row.größe'],
  ['order id', "row['order id']"],
  ["it's", "row['it\\'s']"],
])('the member %s', (name, written) => {
  expect(writer.member('row', name)).toBe(written);
  expect(run(writer.member('row', name), { row: { [name]: 7 } })).toBe(7);
});

describe('collections', () => {
  const rows = [
    { id: 1, order: 'a' },
    { id: 2, order: 'b' },
    { id: 3, order: 'a' },
  ];

  test('mapped, to a value or a record', () => {
    expect(run(writer.mapped('rows', 'row', 'row.id'), { rows })).toEqual([1, 2, 3]);
    expect(run(writer.mapped('rows', 'row', '{ n: row.id }'), { rows })).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  test('mapped, those alone of which a test holds', () => {
    const two = writer.mapped('rows', 'row', 'row.id', ['row.id > 1', 'row.order || row.id < 3']);
    expect(two).toBe('rows.filter(row => row.id > 1 && (row.order || row.id < 3)).map(row => row.id)');
    expect(run(two, { rows })).toEqual([2, 3]);
    expect(run(writer.mapped('rows', 'row', 'row', ['row.id > 2']), { rows })).toEqual([rows[2]]);
  });

  test('a test the other way round', () => {
    const negated = ['order.id', '!order.id', '!(a || b)', "a.b === 'c'", 'a != null', 'a < b', '!a && b'];
    expect(negated.map(test => writer.negated(test))).toEqual([
      '!order.id',
      'order.id',
      'a || b',
      "a.b !== 'c'",
      'a == null',
      '!(a < b)',
      '!(!a && b)',
    ]);
  });

  test('indexed and looked up', () => {
    const byId = run(writer.indexedBy('rows', 'row', 'row.id'), { rows });
    expect(run(writer.lookup('byId', '2'), { byId })).toBe(rows[1]);
    expect(run(writer.lookup('byId', '9', '[]'), { byId })).toEqual([]);
  });

  test('grouped, with keys compared as text', () => {
    const statements = writer.groupedBy('byOrder', 'rows', 'row', writer.keyText('row.order'), '  ');
    const byOrder = new Function('rows', `${statements}\nreturn byOrder;`)(rows);
    expect(byOrder).toEqual(
      new Map([
        ['a', [rows[0], rows[2]]],
        ['b', [rows[1]]],
      ]),
    );
  });
});

describe('an interpolated text', () => {
  const parts = ['%', { expression: 'q' }, "'` ${}\\", { expression: 'n' }] as const;

  test.each(['template', 'concatenation'] as const)('as %s', as => {
    expect(run(writer.interpolated(parts, as), { q: 'a', n: 1 })).toBe("%a'` ${}\\1");
  });

  test('numbers are not added up', () => {
    const numbers = [{ expression: 'a' }, { expression: 'b' }, 'c'] as const;
    expect(run(writer.interpolated(numbers, 'concatenation'), { a: 1, b: 2 })).toBe('12c');
    expect(
      run(writer.interpolated([{ expression: 'a' }, ' ', { expression: 'b' }], 'concatenation'), { a: 1, b: 2 }),
    ).toBe('1 2');
    expect(run(writer.interpolated([{ expression: 'a' }], 'concatenation'), { a: 1 })).toBe('1');
  });

  test('as people write it', () => {
    expect(writer.interpolated(['%', { expression: 'q' }, '%'], 'template')).toBe('`%${q}%`');
    expect(writer.interpolated(['%', { expression: 'q' }, '%'], 'concatenation')).toBe("'%' + q + '%'");
  });
});
