/** How Python writes what a fix needs. */
import type { CodeWriter } from '../../program/writer';

const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u;

export const pythonWriter: CodeWriter = {
  text: value => (value.includes('\n') ? `"""${inLongQuotes(value)}"""` : quoted(value)),
  list: items => `[${items.join(', ')}]`,
  declare: (name, value) => `${name} = ${value}`,
  comment: words => `# ${words.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')}`,
  member: (object, name) => (IDENTIFIER.test(name) ? `${object}.${name}` : `getattr(${object}, ${quoted(name)})`),
  mapped: (source, item, element, tests = []) => {
    const test =
      tests.length > 1 ? tests.map(each => (/\bor\b/.test(each) ? `(${each})` : each)).join(' and ') : tests.join('');
    return `[${element} for ${item} in ${source}${test === '' ? '' : ` if ${test}`}]`;
  },
  negated: test => {
    const inner = /^not ([\w.]+)$/.exec(test)?.[1];
    return inner ?? (/^[\w.]+$/.test(test) ? `not ${test}` : `not (${test})`);
  },
  indexedBy: (source, item, key) => `{${key}: ${item} for ${item} in ${source}}`,
  groupedBy: (name, source, item, key, step) =>
    [`${name} = {}`, `for ${item} in ${source}:`, `${step}${name}.setdefault(${key}, []).append(${item})`].join('\n'),
  firstBy: (name, source, item, key, step) =>
    [`${name} = {}`, `for ${item} in ${source}:`, `${step}${name}.setdefault(${key}, ${item})`].join('\n'),
  lookup: (map, key, fallback) => `${map}.get(${key}${fallback === undefined ? '' : `, ${fallback}`})`,
  nothing: 'None',
  keyText: value => `str(${value})`,
  guarded: (body, last, step) => [
    'try:',
    ...body.map(line => (line.trim() === '' ? line : `${step}${line}`)),
    'finally:',
    `${step}${last}`,
  ],
  finally: (last, step) => ['', 'finally:', `${step}${last}`],
  entry: (name, value) => `${quoted(name)}: ${value}`,
  record: entries => `{${entries.map(({ name, value }) => `${quoted(name)}: ${value}`).join(', ')}}`,
  interpolated(parts, as) {
    if (as === 'concatenation')
      return parts.map(part => (typeof part === 'string' ? quoted(part) : `str(${part.expression})`)).join(' + ');
    const inside = parts.map(part =>
      typeof part === 'string' ? inQuotes(part).replace(/[{}]/g, '$&$&') : `{${part.expression}}`,
    );
    return `f'${inside.join('')}'`;
  },
  // where the lines of a handler end is a matter of indentation, and no rule asks for it in Python yet
  handling: () => undefined,
  thrown: error => `raise ${error}`,
  printsError: 'logging.exception',
  called: (callee, argument) => `${callee}(${argument})`,
  awaited: value => `await ${value}`,
  statement: value => value,
  returned: value => `return ${value}`,
  attempted: { open: 'try:', failed: error => `except Exception as ${error}:`, finallyOpen: 'finally:', close: '' },
};

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

const inQuotes = (value: string): string =>
  value.replace(/['\\]/g, '\\$&').replace(/[\n\r\t]/g, character => NAMED[character] ?? character);

const quoted = (value: string): string => `'${inQuotes(value)}'`;

const inLongQuotes = (value: string): string =>
  value.replace(/\\/g, '\\\\').replace(/"""/g, '""\\"').replace(/"$/, '\\"').replace(/\r/g, '\\r');
