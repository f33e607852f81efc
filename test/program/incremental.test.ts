/** Invariant I9: typing inside one function's body leaves all others alone unless what they know of it has changed. */
import { describe, expect, test } from 'vitest';
import { printValue, sample } from './sample';

const PROGRAM = `
const {Pool} = import "db"
const {where} = import "./where"
const COLUMNS = "id, name"
const pool = new Pool()
function helper(x) { return "h \${x}" }
function list(a) { return pool.query("select \${COLUMNS} \${where(a)}") }
function other(b) { return helper(b) }
function last(c) { log(c) }
//- where.ts
export function where(x) { log("there"); return "where a = \${x}" }
export function unused(x) { return x }
`;

const UNITS = ['main.ts#helper', 'main.ts#list', 'main.ts#other', 'main.ts#last', 'where.ts#where'];

function started(program = PROGRAM, units = UNITS) {
  const { analysis, edit, computed, textAt } = sample(program);
  const all = () => {
    for (const unit of units) analysis.unit(unit);
  };
  all();
  computed();
  return {
    analysis,
    textAt,
    /** What is computed again when everything is asked for after the edit. */
    recomputed(file: string, from: string, to: string): readonly string[] {
      edit(file, text => {
        expect(text).toContain(from);
        return text.replace(from, to);
      });
      all();
      return computed();
    },
  };
}

describe('an edit inside a function', () => {
  test('computes that function again', () => {
    const { recomputed } = started();
    expect(recomputed('main.ts', 'log(c)', 'log(c, "and more")')).toEqual(['analyse main.ts#last']);
  });

  test('above all others, which it moves', () => {
    const { recomputed } = started();
    expect(recomputed('main.ts', '"h ${x}"', '"h " + x')).toEqual(['analyse main.ts#helper']);
    expect(recomputed('main.ts', '"h " + x', '"H " + x')).toEqual(['analyse main.ts#helper', 'analyse main.ts#other']);
  });

  test('that returns the same is not felt by callers, in other files either', () => {
    const { recomputed } = started();
    expect(recomputed('where.ts', 'log("there")', 'log("over there"); log("twice")')).toEqual([
      'analyse where.ts#where',
    ]);
  });

  test('that returns another text is felt by callers alone', () => {
    const { recomputed } = started();
    expect(recomputed('where.ts', 'where a =', 'where b =')).toEqual([
      'analyse where.ts#where',
      'analyse main.ts#list',
    ]);
  });

  test('keeps the places of what was not computed again', () => {
    const { analysis, recomputed, textAt } = started();
    recomputed('main.ts', '"h ${x}"', '"a much longer text than before with ${x}"');
    const [, call] = analysis.unit('main.ts#list').calls;
    expect(call && textAt(call.callee)).toBe('pool.query');
    const text = call?.arguments[0]?.value.shape;
    const columns =
      text?.kind === 'text'
        ? text.pieces.find(piece => piece.kind === 'constant' && piece.value === 'id, name')
        : undefined;
    // The constant stands in another declaration, and is found there.
    expect(columns?.kind === 'constant' && columns.at && textAt(columns.at)).toBe('id, name');
  });
});

describe('an edit at the top level', () => {
  test('of a constant reaches those who use it', () => {
    const { recomputed } = started();
    expect(recomputed('main.ts', '"id, name"', '"id"')).toEqual([
      'variable main.ts COLUMNS',
      'analyse main.ts#const COLUMNS',
      'analyse main.ts#list',
    ]);
  });

  test('a new line above everything reaches no one', () => {
    const { recomputed } = started();
    expect(recomputed('main.ts', 'const COLUMNS', 'log("new")\nconst COLUMNS')).toEqual([]);
  });

  test('a new function reaches no one', () => {
    const { recomputed } = started();
    expect(recomputed('main.ts', 'function last', 'function fresh(x) { return x }\nfunction last')).toEqual([]);
  });

  test('another import reaches those who use it', () => {
    const { recomputed } = started();
    expect(recomputed('main.ts', 'const {where}', 'const {unused: where}')).toEqual([
      'variable main.ts where',
      'export where.ts unused',
      'variable where.ts unused',
      'analyse main.ts#list',
      'analyse where.ts#unused',
    ]);
  });

  test('a file that comes into being is found', () => {
    const { analysis, edit, computed } = sample('const {T} = import "./t"\nfunction f() { run(T) }');
    expect(analysis.unit('main.ts#f').calls.map(call => call.arguments.map(each => printValue(each.value)))).toEqual([
      ['?'],
    ]);
    computed();
    edit('t.ts', () => 'export const T = "t"');
    expect(analysis.unit('main.ts#f').calls.map(call => call.arguments.map(each => printValue(each.value)))).toEqual([
      ['"t"'],
    ]);
  });
});

describe('classes', () => {
  const CLASS = `
class Orders { field table = "orders"
  constructor(pool) { this.pool = pool }
  list(a) { return this.pool.query("from \${this.table}") }
  find(b) { return this.list(b) }
}
`;
  const units = ['constructor', 'list', 'find'].map(name => `main.ts#Orders.${name}`);

  test('an edit in one method leaves the others alone', () => {
    const { recomputed } = started(CLASS, units);
    expect(recomputed('main.ts', 'this.list(b)', 'this.list(b, 1)')).toEqual(['analyse main.ts#Orders.find']);
  });

  test("a field's value reaches its readers", () => {
    const { recomputed } = started(CLASS, units);
    expect(recomputed('main.ts', '"orders"', '"lines"')).toEqual([
      'analyse main.ts#field Orders.table',
      'field main.ts Orders.table',
      'analyse main.ts#Orders.list',
    ]);
  });
});

test('what others keep in the memory is computed again only with what it read', () => {
  const { analysis, edit, computed } = sample(PROGRAM);
  const count = (unit: string) => analysis.remember(`calls of ${unit}`, () => analysis.unit(unit).calls.length);
  const sum = () => analysis.remember('all calls', () => UNITS.reduce((total, unit) => total + count(unit), 0));
  expect(sum()).toBe(5);
  computed();
  edit('main.ts', text => text.replace('log(c)', 'log(c, c)'));
  expect(sum()).toBe(5);
  expect(computed()).toEqual(['analyse main.ts#last', 'calls of main.ts#last']);
});
