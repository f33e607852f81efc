import { expect, test } from 'vitest';
import type { Expression, Module, Statement, Unit } from '../../src/program/model';
import { statementStartsOf } from '../../src/workspace/statementStart';

const name = (start: number, end: number): Expression => ({ kind: 'name', name: 'x', start, end });

const unit = (id: string, start: number, body: readonly Statement[]): Unit => ({
  id,
  start,
  text: '',
  function: { start: 0, end: 100, parameters: [], body },
});

/** `if (…) { const a = …, b = …; f(() => { g(…) }) }` in a function that begins at 200. */
const inner: Statement = { kind: 'evaluate', start: 60, end: 70, expression: name(61, 65) };
const lambda: Expression = {
  kind: 'lambda',
  start: 50,
  end: 80,
  function: { start: 50, end: 80, parameters: [], body: [inner] },
};
const body: Statement[] = [
  {
    kind: 'branch',
    start: 5,
    end: 95,
    test: name(8, 9),
    otherwise: [],
    then: [
      {
        kind: 'declare',
        start: 30,
        end: 38,
        target: { kind: 'variable', name: 'b', start: 30, end: 31 },
        value: name(34, 38),
        statement: { start: 12, end: 39 },
      },
      { kind: 'evaluate', start: 40, end: 90, expression: lambda },
    ],
  },
];
const module: Module = {
  file: 'a.ts',
  language: 'typescript',
  top: unit('a.ts', 0, [{ kind: 'evaluate', start: 0, end: 20, expression: name(3, 4) }]),
  units: [unit('a.ts#f', 200, body)],
  classes: [],
  exports: [],
  comments: [],
  problems: [],
};

test.each([
  ['at the top level', 4, 0],
  ['in a condition', 208, 205],
  ['in the second of two variables: where the declaration begins', 235, 212],
  ['in a call', 245, 240],
  ['in a callback: its own statement', 263, 260],
  ['in a callback outside of its statements', 255, 240],
  ['in no statement', 150, undefined],
  ['where a statement has ended', 20, undefined],
])('%s', (_, offset, start) => {
  expect(statementStartsOf(module)(offset)).toBe(start);
});
