import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { grammarFor } from '../../../src/languages/frontEnd';
import { pythonFrontEnd } from '../../../src/languages/python/frontEnd';
import { typescriptFrontEnd } from '../../../src/languages/typescript/frontEnd';
import type { Expression, Module, Span, Statement } from '../../../src/program/model';
import { printModule } from '../../../src/program/print';
import { createParsers } from '../../../src/syntax/parsers';
import { readModel } from '../readModel';
import { readPrograms, withoutHead } from './readPrograms';
import { misplacedIn } from './spans';

const require = createRequire(import.meta.url);
const parsers = createParsers({
  engineWasm: () => readFile(require.resolve('web-tree-sitter/web-tree-sitter.wasm')),
  grammar: name => readFile(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`)),
});

const frontEnds = [typescriptFrontEnd, pythonFrontEnd];

/** @param ending  of the file: `ts`, `tsx`, `js`, `python` */
async function lowered(text: string, ending = 'ts'): Promise<Module> {
  const file = `program.${ending === 'python' ? 'py' : ending}`;
  const frontEnd = frontEnds.find(each => grammarFor(each, file) !== undefined);
  const grammar = frontEnd && grammarFor(frontEnd, file);
  if (!grammar) throw new Error(`No grammar reads ${file}.`);
  const tree = (await parsers.parser(grammar)).parse(text);
  try {
    return frontEnd.lower({ tree, file });
  } finally {
    tree.delete();
  }
}

const programs = readPrograms();
const cases = programs.flatMap(({ name, sources, model }) =>
  [...sources].map(([ending, text]) => ({ name, ending, text, model, others: sources.size - 1 })),
);
const named = cases.map(each => [`${each.name} (${each.ending})`, each] as const);

describe('what is expected is the printed form', () => {
  test.each(programs.map(program => [program.name, program.model]))('%s', (_, model) => {
    const head = 'module "program.ts" text\n';
    expect(printModule(readModel(head + model))).toBe(head + model);
  });
});

test('at least 44 programs are compared, and at least ten in two languages', () => {
  expect(cases.length).toBeGreaterThanOrEqual(44);
  expect(cases.filter(each => each.ending === 'python' && each.others > 0).length).toBeGreaterThanOrEqual(10);
});

describe('a program prints as expected', () => {
  test.each(named)('%s', async (_, { text, ending, model }) => {
    expect(withoutHead(printModule(await lowered(text, ending)))).toBe(model);
  });
});

describe('a program whose lines end in CR LF prints the same', () => {
  test.each(named)('%s', async (_, { text, ending, model }) => {
    const printed = withoutHead(printModule(await lowered(text.replaceAll('\n', '\r\n'), ending)));
    // Comments are kept as they are written, what a program sees is not.
    expect(printed.replace(/^comment .*$/gm, comment => comment.replaceAll('\\r', ''))).toBe(model);
  });
});

describe('every node stands where its span says', () => {
  test.each(named)('%s', async (_, { text, ending }) => {
    expect(misplacedIn(await lowered(text, ending), text)).toEqual([]);
    const behindAstral = `${ending === 'python' ? '' : 'const '}wide = '😀𝒳ß';\r\n${text}`;
    expect(misplacedIn(await lowered(behindAstral, ending), behindAstral)).toEqual([]);
  });
});

describe('spans by name', () => {
  const text = `/* 😀 größer */ import { pool } from './pool';
class Orders {
  @Get('/é')
  async list(q: string) {
    for (const [i, row] of rows.entries()) await this.pool.query(\`SELECT '𝒳' \\n WHERE a = '\${q}'\`, [row]);
  }
}
`;

  async function unitOf(id: string) {
    const module = await lowered(text);
    const unit = module.units.find(each => each.id.endsWith(id));
    if (!unit) throw new Error(`There is no unit ${id}.`);
    return { unit, at: (span: Span) => text.slice(unit.start + span.start, unit.start + span.end) };
  }

  async function theCall() {
    const { unit, at } = await unitOf('#Orders.list');
    const loop = only(unit.function.body, 'loop');
    const { expression } = only(loop.body, 'evaluate');
    if (expression.kind !== 'await' || expression.value.kind !== 'call') throw new Error('The query is not awaited.');
    return { unit, at, loop, call: expression.value };
  }

  test('a unit begins with its decorators', async () => {
    const { unit } = await unitOf('#Orders.list');
    expect(unit.text.startsWith("@Get('/é')\n  async list(q: string) {")).toBe(true);
    expect(unit.text.endsWith('[row]);\n  }')).toBe(true);
    expect(text.slice(unit.start, unit.start + unit.text.length)).toBe(unit.text);
  });

  test('the head of a loop, its item and its source', async () => {
    const { at, loop } = await theCall();
    expect(at(loop.head)).toBe('for (const [i, row] of rows.entries())');
    expect(loop.item && at(loop.item)).toBe('[i, row]');
    expect(loop.source && at(loop.source)).toBe('rows.entries()');
    expect(at(loop).startsWith('for (const') && at(loop).endsWith('[row]);')).toBe(true);
  });

  test('a call, its callee, its name alone and its parentheses', async () => {
    const { at, call } = await theCall();
    expect(at(call)).toBe("this.pool.query(`SELECT '𝒳' \\n WHERE a = '${q}'`, [row])");
    expect(at(call.callee)).toBe('this.pool.query');
    expect(call.callee.kind === 'member' && at(call.callee.nameSpan)).toBe('query');
    expect(at(call.argumentsSpan)).toBe("(`SELECT '𝒳' \\n WHERE a = '${q}'`, [row])");
    expect(call.arguments.map(argument => at(argument.value))).toEqual(["`SELECT '𝒳' \\n WHERE a = '${q}'`", '[row]']);
  });

  test('the parts of a text, with its delimiters, holes and escapes', async () => {
    const { at, call } = await theCall();
    const sql = textOf(call.arguments[0]?.value);
    expect([sql.open, sql.close]).toEqual(['`', '`']);
    expect(sql.parts.map(part => at(part))).toEqual(["SELECT '𝒳' \\n WHERE a = '", '${q}', "'"]);
    expect(sql.parts[0]).toMatchObject({ value: "SELECT '𝒳' \n WHERE a = '", escapes: [[13, 14]] });
    expect(sql.parts[1]).toMatchObject({ kind: 'hole', expression: { kind: 'name', name: 'q' } });
  });

  test('one declaration of several shares its statement, and has a span of its own', async () => {
    const source = 'function f() {\n  const a = 1, b = `x`;\n}\n';
    const module = await lowered(source);
    const body = module.units[0]?.function.body ?? [];
    const declared = body.flatMap(each => (each.kind === 'declare' ? [each] : []));
    const at = (span: Span) => source.slice(span.start, span.end);
    expect(declared.map(each => at(each.statement))).toEqual(['const a = 1, b = `x`;', 'const a = 1, b = `x`;']);
    expect(declared.map(each => each.value && at(each.value))).toEqual(['1', '`x`']);
  });

  test('where the parser could not follow', async () => {
    const source = "const a = 1;\nquery('SELECT ' + );\nconst b = 2;\n";
    const module = await lowered(source);
    expect(module.problems.length).toBeGreaterThan(0);
    for (const problem of module.problems) {
      expect(source.slice(0, problem.start)).toContain("'SELECT '");
      expect(source.slice(problem.end)).toContain('const b');
    }
  });
});

function only<Kind extends Statement['kind']>(block: readonly Statement[], kind: Kind) {
  const [first, ...more] = block;
  if (first?.kind !== kind || more.length > 0) throw new Error(`The block is more or other than one ${kind}.`);
  return first as Extract<Statement, { kind: Kind }>;
}

function textOf(expression: Expression | undefined) {
  if (expression?.kind !== 'text') throw new Error('The argument is no text.');
  return expression;
}
