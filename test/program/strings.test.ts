import { describe, expect, test } from 'vitest';
import { join, UNKNOWN } from '../../src/program/lattice';
import {
  alternativesOf,
  choiceOf,
  concat,
  holesOf,
  isPlaceholderList,
  joinItems,
  joinTexts,
  mapHoles,
  printPieces,
  repeatOf,
  sliceConstant,
  sourceOffset,
  textOf,
  weightOf,
  widenText,
} from '../../src/program/strings';
import type { ConstantPiece, Hole, HoleSafety, Piece } from '../../src/program/value';

type Pieces = readonly Piece[];

const at = (start: number) => ({ unit: 'u', start, end: start + 1 });
const constant = (value: string): ConstantPiece => ({ kind: 'constant', value });
const hole = (source: string, safety?: HoleSafety): Hole => ({
  kind: 'hole',
  value: UNKNOWN,
  at: at(source.charCodeAt(0)),
  source,
  ...(safety ? { safety } : {}),
});
const choice = (...alternatives: Pieces[]): Piece => ({ kind: 'choice', alternatives });
const some = (...pieces: Piece[]): Piece => ({ kind: 'repeat', pieces, separator: '' });

/** `a${x}{b|c}(d)*` as pieces: a small reader for the printed form. */
function pieces(text: string): Pieces {
  let index = 0;
  const sequence = (ends: string): Pieces => {
    const result: Piece[] = [];
    let run = '';
    const flush = () => {
      if (run) result.push(constant(run));
      run = '';
    };
    while (index < text.length && !ends.includes(text[index] ?? '')) {
      if (text.startsWith('${', index)) {
        flush();
        const end = text.indexOf('}', index);
        const [source = '', safety] = text.slice(index + 2, end).split('!');
        result.push(hole(source, safety as HoleSafety | undefined));
        index = end + 1;
      } else if (text[index] === '{') {
        flush();
        const alternatives: Pieces[] = [];
        do {
          index++;
          alternatives.push(sequence('|}'));
        } while (text[index] === '|');
        index++;
        result.push(choice(...alternatives));
      } else if (text[index] === '(') {
        flush();
        index++;
        const inner = sequence(')');
        index += 2;
        result.push(some(...inner));
      } else run += text[index++];
    }
    flush();
    return result;
  };
  return sequence('');
}

const print = (result: Pieces | undefined): string | undefined => result && printPieces(result);

test.each(['', 'a', 'a${x}b', '{a|b}', 'a{b|}c', '(a${x})*', 'a{b|(c)*}'])('%s reads as it prints', text => {
  expect(printPieces(pieces(text))).toBe(text);
});

describe('concat', () => {
  test.each([
    [['a', 'b'], 'ab'],
    [['a', '', '${x}'], 'a${x}'],
    [['(a)*', 'a'], '(a)*'],
    [['a', '(a)*'], '(a)*'],
    [['(a)*', '{a|}'], '(a)*'],
    [['(a${x})*', 'a${x}', 'b'], '(a${x})*b'],
    [['({a|b})*', 'b'], '({a|b})*'],
    [['(a)*', 'b'], '(a)*b'],
  ])('%j is %s', (texts, expected) => {
    expect(printPieces(concat(...texts.map(pieces)))).toBe(expected);
  });
});

describe('one of several', () => {
  test.each([
    [['a', 'b'], '{a|b}'],
    [['a', 'a'], 'a'],
    [['a${x}', 'a${x}b'], 'a${x}{|b}'],
    [['${x}a', '${y}a'], '{${x}|${y}}a'],
    [['{a|b}', 'c'], '{a|b|c}'],
    [['{a|b}', 'b'], '{a|b}'],
    [['', 'a'], '{|a}'],
    [[''], ''],
    [[], ''],
  ])('%j is %s', (texts, expected) => {
    expect(print(choiceOf(texts.map(pieces)))).toBe(expected);
  });

  test('too many with holes are none', () => {
    expect(choiceOf([...'abcdefghijklmnop'].map(name => pieces(`\${${name}}`)))).toBeUndefined();
  });

  test('the hole of one place is one hole, with both its values', () => {
    const from = [{ kind: 'call' as const, call: 'c' }];
    const [left, right] = [hole('x'), { ...hole('x'), value: { shape: { kind: 'unknown' as const }, from } }] as const;
    const joined = joinTexts([left], [right], join);
    expect(joined?.map(piece => (piece.kind === 'hole' ? piece.value.from : []))).toEqual([from]);
  });
});

describe('widening', () => {
  test.each([
    ['a', 'a${x}', 'a(${x})*'],
    ['${x}', 'a${x}', '(a)*${x}'],
    ['a(b)*', 'a(b)*b', 'a(b)*'],
    ['a', 'a{b|}', 'a(b)*'],
    ['a', 'a{b|c}', 'a({b|c})*'],
    ['a', 'c', '{a|c}'],
    ['a', 'a', 'a'],
  ])('%s and then %s: %s', (before, after, expected) => {
    expect(print(widenText(pieces(before), pieces(after), join))).toBe(expected);
  });
});

describe('joined items', () => {
  const items = (...texts: string[]) =>
    texts.map(text => ({ pieces: pieces(text.replace('?', '')), optional: text.endsWith('?') }));
  test.each([
    [['a', 'b'], 'a,b'],
    [[], ''],
    [['a', 'b?'], 'a{,b|}'],
    [['a?', 'b'], '{a,|}b'],
    [['a?'], '{a|}'],
    [['a?', 'b?'], '{a{,b|}|b|}'],
  ])('%j: %s', (texts, expected) => {
    expect(print(joinItems(items(...texts), [constant(',')]))).toBe(expected);
  });
});

describe('alternatives', () => {
  const all = (text: string, limit: number) => alternativesOf(pieces(text), limit).map(printPieces);
  test.each([
    ['a${x}', 4, ['a${x}']],
    ['{a|bb}', 4, ['a', 'bb']],
    ['a{b${x}|}', 4, ['ab${x}', 'a']],
    ['a{|b${x}}', 4, ['ab${x}', 'a']],
    ['{a|b}{c|d}', 4, ['ac', 'ad', 'bc', 'bd']],
    ['{a|b}{c|d}', 3, ['ac', 'bc', 'ad']],
    ['{a|b}{c|d}', 1, ['ac']],
    ['x(a)*', 4, ['xa']],
    ['{a{b|c}|d}', 9, ['ab', 'ac', 'd']],
    ['', 4, ['']],
  ])('%s, at most %i: %j', (text, limit, expected) => {
    expect(all(text, limit)).toEqual(expected);
  });

  test('a hundred choices stay few', () => {
    expect(all('{a|b}'.repeat(100), 16)).toHaveLength(16);
  });
});

describe('holes', () => {
  test('all of them, in order', () => {
    expect(holesOf(pieces('a${x}{b${y}|}(${z})*')).map(each => each.source)).toEqual(['x', 'y', 'z']);
  });

  test('replaced', () => {
    const result = mapHoles(pieces('a${x}{b${y}|}'), each => [constant(each.source.toUpperCase())]);
    expect(printPieces(result)).toBe('aX{bY|}');
  });

  test('one without anything takes its alternative with it', () => {
    const result = mapHoles(pieces('a{b${y}|c}'), () => undefined);
    expect(printPieces(result)).toBe('ac');
  });

  test('a text is constant only without them', () => {
    expect([textOf(pieces('ab')), textOf(pieces('a${x}')), textOf(pieces('{a|b}'))]).toEqual([
      'ab',
      undefined,
      undefined,
    ]);
  });

  test('weight counts what is inside', () => {
    expect(weightOf(pieces('a{b|c${x}}(d)*'))).toBe(7);
  });
});

describe('stretches of a literal', () => {
  // 'it\'s\n%s' in the source: the value has 7 characters, the source 9.
  const piece: ConstantPiece = {
    kind: 'constant',
    value: "it's\n%s",
    at: { unit: 'u', start: 10, end: 19 },
    escapes: [
      [3, 4],
      [5, 7],
    ],
  };

  test('an offset in the value is found in the source', () => {
    expect([0, 2, 3, 4, 5, 7].map(offset => sourceOffset(piece, offset))).toEqual([0, 2, 4, 5, 7, 9]);
  });

  test('a slice keeps its place and its escapes', () => {
    expect(sliceConstant(piece, 2, 5)).toEqual({
      kind: 'constant',
      value: "'s\n",
      at: { unit: 'u', start: 12, end: 17 },
      escapes: [
        [1, 2],
        [3, 5],
      ],
    });
  });
});

describe('lists of placeholders', () => {
  test.each([
    ['$1, $2', true],
    ['(?)*', true],
    ['($${n!number})*', true],
    ['(:p${n!number})*', true],
    ['$${n!number}::int', true],
    ['a = $1', false],
    ['${x}', false],
    ['${n!number}', false],
    ['', false],
  ])('%s: %s', (text, expected) => {
    expect(isPlaceholderList(pieces(text))).toBe(expected);
  });
});

test('a repetition that may add nothing says nothing new', () => {
  expect(print(repeatOf(pieces('{a|}'), ''))).toBe('(a)*');
});
