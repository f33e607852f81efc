/** How PHP writes what a fix needs. */
import type { CodeWriter } from '../../program/writer';

export const phpWriter: CodeWriter = {
  text: value => quoted(value),
  list: items => `[${items.join(', ')}]`,
  declare: (name, value) => `${name} = ${value};`,
  comment: words => `// ${words.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ').replaceAll('?>', '? >')}`,
  member: (object, name) => (/^\w+$/.test(name) ? `${object}->${name}` : `${object}->{${quoted(name)}}`),
  mapped: (source, item, element, tests = []) => {
    const kept = tests.length === 0 ? source : `array_filter(${source}, fn (${item}) => ${tests.join(' && ')})`;
    return `array_map(fn (${item}) => ${element}, ${kept})`;
  },
  negated: test => (/^[$\w>-]+$/.test(test) ? `!${test}` : `!(${test})`),
  indexedBy: (source, item, key) => `array_column(array_map(fn (${item}) => [${key}, ${item}], ${source}), 1, 0)`,
  groupedBy: (name, source, item, key, step) =>
    [`${name} = [];`, `foreach (${source} as ${item}) {`, `${step}${name}[${key}][] = ${item};`, '}'].join('\n'),
  firstBy: (name, source, item, key, step) =>
    [`${name} = [];`, `foreach (${source} as ${item}) {`, `${step}${name}[${key}] ??= ${item};`, '}'].join('\n'),
  lookup: (map, key, fallback) => `${map}[${key}]${fallback === undefined ? '' : ` ?? ${fallback}`}`,
  nothing: 'null',
  keyText: value => `(string) ${value}`,
  interpolated: parts => parts.map(part => (typeof part === 'string' ? quoted(part) : part.expression)).join(' . '),
  handling: () => undefined,
  thrown: error => `throw ${error};`,
  printsError: 'report',
  called: (callee, argument) => `${callee}(${argument});`,
  awaited: value => value,
  statement: value => `${value};`,
  returned: value => `return ${value};`,
  attempted: {
    open: 'try {',
    failed: error => `} catch (\\Throwable ${error}) {`,
    finallyOpen: '} finally {',
    close: '}',
  },
  guarded: (body, last, step) => [
    'try {',
    ...body.map(line => (line.trim() === '' ? line : `${step}${line}`)),
    '} finally {',
    `${step}${last}`,
    '}',
  ],
  finally: (last, step) => [' finally {', `${step}${last}`, '}'],
  entry: (name, value) => `${quoted(name)} => ${value}`,
  record: entries => `[${entries.map(({ name, value }) => `${quoted(name)} => ${value}`).join(', ')}]`,
};

const quoted = (value: string): string => `'${value.replace(/['\\]/g, '\\$&')}'`;
