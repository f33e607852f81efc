import { describe, expect, test } from 'vitest';
import { applied } from '../../src/syntax/edit';
import { createParsers } from '../../src/syntax/parsers';
import { parse, parsers } from './parsers';

describe('offsets are UTF-16 units', () => {
  test('behind characters of one, two, three and four bytes in UTF-8', async () => {
    const text = "const größe = '☃ 😀 𝒳'; after(größe);";
    const tree = await parse('typescript', text);
    const call = tree.root.descendantsOfType('call_expression')[0];
    const string = tree.root.descendantsOfType('string')[0];
    expect(call && text.slice(call.startIndex, call.endIndex)).toBe('after(größe)');
    expect(string && text.slice(string.startIndex, string.endIndex)).toBe("'☃ 😀 𝒳'");
    expect(tree.root.endIndex).toBe(text.length);
    tree.delete();
  });
});

describe('an edited tree is the tree of the edited text', () => {
  const before = "// größe 😀\nfunction f() {\n  return '𝒳';\n}\n\nlet a = f();\n";
  const insertion = before.indexOf('return');

  test.each([
    ['an insertion', [{ start: insertion, end: insertion, newText: "log('☃');\n  " }]],
    ['a removal over lines', [{ start: before.indexOf('{'), end: before.indexOf('}') + 1, newText: '{}' }]],
    [
      'a replacement behind an astral character',
      [{ start: before.indexOf("'𝒳'") + 3, end: before.indexOf("'𝒳'") + 3, newText: 'é\\' }],
    ],
    [
      'several, each in the text that the one before it left',
      [
        { start: 0, end: 0, newText: 'first();\n\n' },
        { start: 10, end: 12, newText: '/*' },
        { start: 0, end: 1, newText: '' },
      ],
    ],
    ['all of it', [{ start: 0, end: before.length, newText: '' }]],
    ['beyond the end', [{ start: before.length, end: before.length + 10, newText: 'more()' }]],
  ])('%s', async (_, changes) => {
    const parser = await parsers.parser('typescript');
    const edited = parser.reparse(parser.parse(before), changes);
    const fresh = parser.parse(applied(before, changes));
    expect(edited.text).toBe(fresh.text);
    expect(describeTree(edited.root)).toEqual(describeTree(fresh.root));
    edited.delete();
    fresh.delete();
  });

  test('by the indentation that Python counts in columns', async () => {
    const parser = await parsers.parser('python');
    const text = "def f():\n    s = '😀'\n    return s\n";
    const change = { start: text.indexOf('    return'), end: text.indexOf('return'), newText: '    if s:\n        ' };
    const edited = parser.reparse(parser.parse(text), [change]);
    const fresh = parser.parse(edited.text);
    expect(describeTree(edited.root)).toEqual(describeTree(fresh.root));
    expect(fresh.root.hasError).toBe(false);
    edited.delete();
    fresh.delete();
  });
});

type Root = Awaited<ReturnType<typeof parse>>['root'];

/** Every node with its type and place. */
function describeTree(node: Root): string[] {
  const start = `${node.startPosition.row}:${node.startPosition.column}`;
  const own = `${node.type} ${node.startIndex}-${node.endIndex} ${start}${node.isMissing ? ' missing' : ''}`;
  return [own, ...node.children.flatMap(child => describeTree(child))];
}

describe('loading', () => {
  test('nothing is asked for before it is needed, and then once', async () => {
    const asked: string[] = [];
    const own = createParsers({
      engineWasm: () => {
        asked.push('engine');
        return Promise.reject(new Error('no engine'));
      },
      grammar: name => {
        asked.push(name);
        return Promise.resolve(new Uint8Array());
      },
    });
    expect(asked).toEqual([]);
    const both = [own.parser('tsx'), own.parser('tsx')];
    await expect(Promise.allSettled(both)).resolves.toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(asked).toEqual(['tsx', 'engine']);
  });

  test('a failure is not kept', async () => {
    let attempts = 0;
    const own = createParsers({
      engineWasm: () => Promise.reject(new Error(`no engine, attempt ${++attempts}`)),
      grammar: () => Promise.resolve(new Uint8Array()),
    });
    await expect(own.parser('tsx')).rejects.toThrow('attempt 1');
    await expect(own.parser('tsx')).rejects.toThrow('attempt 2');
  });

  test('a tree of another parser is refused', async () => {
    const parser = await parsers.parser('javascript');
    const { root, language } = await parse('javascript', 'a');
    const foreign = { text: 'a', root, language, delete: () => undefined };
    expect(() => parser.reparse(foreign, [])).toThrow('another parser');
  });
});
