/** How JavaScript and TypeScript write what a fix needs. */
import type { CodeWriter } from '../../program/writer';

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}\p{M}_$]*$/u;

export const typescriptWriter: CodeWriter = {
  text: value => (value.includes('\n') ? `\`${inTemplate(value)}\`` : `'${inQuotes(value)}'`),
  list: items => `[${items.join(', ')}]`,
  declare: (name, value) => `const ${name} = ${value};`,
  comment: words => `// ${words.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')}`,
  member: (object, name) => (IDENTIFIER.test(name) ? `${object}.${name}` : `${object}['${inQuotes(name)}']`),
  mapped: (source, item, element, tests = []) => {
    const test = tests.length > 1 ? tests.map(inChain).join(' && ') : tests.join('');
    const filtered = test === '' ? source : `${source}.filter(${asParameter(item)} => ${test})`;
    return element === item ? filtered : `${filtered}.map(${asParameter(item)} => ${asBody(element)})`;
  },
  negated,
  indexedBy: (source, item, key) => `new Map(${source}.map(${item} => [${key}, ${item}]))`,
  // Map.groupBy would be shorter, and is missing before Node 21.
  groupedBy: (name, source, item, key, step) =>
    [
      `const ${name} = new Map();`,
      `for (const ${item} of ${source}) {`,
      `${step}const group = ${name}.get(${key});`,
      `${step}if (group) group.push(${item});`,
      `${step}else ${name}.set(${key}, [${item}]);`,
      '}',
    ].join('\n'),
  firstBy: (name, source, item, key, step) =>
    [
      `const ${name} = new Map();`,
      `for (const ${item} of ${source}) {`,
      `${step}if (!${name}.has(${key})) ${name}.set(${key}, ${item});`,
      '}',
    ].join('\n'),
  loader: ({ name, asked, column, key, field }) =>
    [
      '// made anew for every request',
      `const ${name} = new DataLoader(async keys => {`,
      `  const rows = ${asked === undefined ? '…' : `await ${asked}`};`,
      `  return keys.map(key => rows.${/^_?id$/.test(column ?? '') ? 'find' : 'filter'}(row => ${column === undefined ? '…' : `row.${column}`} === key));`,
      '});',
      `// ${field === '' ? 'in the field' : field}: ${name}.load(${key ?? '…'})`,
    ].join('\n'),
  lookup: (map, key, fallback) => `${map}.get(${key})${fallback === undefined ? '' : ` ?? ${fallback}`}`,
  nothing: 'null',
  keyText: value => `String(${value})`,
  environment: name => `process.env.${name}`,
  handling,
  imported(name, from, like) {
    const quote = new RegExp(`(["'\`])${like.from.replace(/[^\w]/g, '\\$&')}\\1`).exec(like.source)?.[1] ?? "'";
    const end = /;\s*$/.test(like.source) ? ';' : '';
    const module = `${quote}${from}${quote}`;
    return like.source.startsWith('import')
      ? `import { ${name} } from ${module}${end}`
      : `const { ${name} } = require(${module})${end}`;
  },
  thrown: error => `throw ${error};`,
  printsError: 'console.error',
  called: (callee, argument) => `${callee}(${argument});`,
  awaited: value => `await ${value}`,
  statement: value => `${value};`,
  returned: value => `return ${value};`,
  attempted: { open: 'try {', failed: error => `} catch (${error}) {`, finallyOpen: '} finally {', close: '}' },
  enclosed: (call, parameter) => ({ open: `${call}(async ${parameter} => {`, close: '});' }),
  guarded: (body, last, step) => [
    'try {',
    ...body.map(line => (line.trim() === '' ? line : `${step}${line}`)),
    '} finally {',
    `${step}${last}`,
    '}',
  ],
  finally: (last, step) => [' finally {', `${step}${last}`, '}'],
  entry: (name, value) => `${IDENTIFIER.test(name) ? name : `'${inQuotes(name)}'`}: ${value}`,
  record: entries =>
    `{ ${entries.map(({ name, value }) => (name === value ? name : `${IDENTIFIER.test(name) ? name : `'${inQuotes(name)}'`}: ${value}`)).join(', ')} }`,
  interpolated(parts, as) {
    if (as === 'template')
      return `\`${parts.map(part => (typeof part === 'string' ? inTemplate(part) : `\${${part.expression}}`)).join('')}\``;
    const operands = parts.map(part => (typeof part === 'string' ? `'${inQuotes(part)}'` : part.expression));
    // Without a text among its first two operands, `a + b + 'c'` would add numbers.
    const startsAsText = parts.slice(0, 2).some(part => typeof part === 'string');
    return (startsAsText ? operands : ["''", ...operands]).join(' + ');
  },
};

/** `!order.id` → `order.id`, `a === b` → `a !== b`, and `!(…)` around all else. */
function negated(test: string): string {
  const inner = /^!\s*([\w$.]+|\((?:[^()]|\([^()]*\))*\))$/.exec(test)?.[1];
  if (inner !== undefined) return inner.startsWith('(') ? inner.slice(1, -1) : inner;
  if (/^[\w$.]+$/.test(test)) return `!${test}`;
  const compared = /^([\w$.]+\s*)(===|!==|==|!=)(\s*(?:[\w$.]+|'[^'\\]*'|"[^"\\]*"))$/.exec(test);
  if (!compared) return `!(${test})`;
  const [, left = '', operator = '', right = ''] = compared;
  return `${left}${operator.startsWith('!') ? operator.replace('!', '=') : operator.replace('=', '!')}${right}`;
}

/** `||` binds less tightly than `&&`, and may not stand beside `??`. */
const inChain = (test: string): string => (/\|\||\?/.test(test) ? `(${test})` : test);

const CATCH = /^catch\s*(?:\(\s*([\w$]+)(\s*:[^)]*)?\s*\)\s*)?\{/;
const ARROW = /^(async\s+)?(?:\(\s*(?:([\w$]+)(\s*:[^)]*)?)?\s*\)|([\w$]+))\s*=>\s*/;

/** Puts a statement into a `catch` clause or an arrow function; other forms are left alone. */
function handling(
  handler: string,
  statement: (error: string) => string,
  where: 'first' | 'last',
  indentation: string,
): string | undefined {
  const clause = CATCH.exec(handler);
  if (clause) {
    const [head, name, type = ''] = clause;
    const body = handler.slice(head.length, -1);
    return `catch (${name ?? 'error'}${type.trimEnd()}) ${blockWith(body, statement(name ?? 'error'), where, indentation)}`;
  }
  const arrow = ARROW.exec(handler);
  if (!arrow) return undefined;
  const [head, prefix = '', inParentheses, type = '', bare] = arrow;
  const name = inParentheses ?? bare ?? 'error';
  const parameters =
    type === '' && bare === undefined && inParentheses === undefined ? name : (bare ?? `(${name}${type})`);
  const body = handler.slice(head.length);
  const block = body.startsWith('{') ? body.slice(1, -1) : ` return ${body}; `;
  const nothing = /^(?:\(\{\s*\}\)|null|undefined|void 0)$/.test(body) ? '' : block;
  return `${prefix}${parameters} => ${blockWith(nothing, statement(name), where, indentation)}`;
}

/** A block of statements, one of them new. */
function blockWith(body: string, statement: string, where: 'first' | 'last', indentation: string): string {
  const inner = `${indentation}  `;
  const lines = body.trim() === '' ? [] : [body.trim()];
  const statements = where === 'first' ? [statement, ...lines] : [...lines, statement];
  return `{\n${statements.map(each => `${inner}${each}\n`).join('')}${indentation}}`;
}

/** A destructured parameter takes parentheses. */
const asParameter = (item: string): string => (IDENTIFIER.test(item) ? item : `(${item})`);

/** An arrow function's body that starts with a brace would be read as a block. */
const asBody = (element: string): string => (element.startsWith('{') ? `(${element})` : element);

const NAMED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

const inQuotes = (value: string): string =>
  value.replace(/['\\]/g, '\\$&').replace(/[\n\r\u2028\u2029]/g, character => NAMED[character] ?? character);

// A carriage return in a template literal would be read as a line feed.
const inTemplate = (value: string): string => value.replace(/[`\\]|\$(?=\{)/g, '\\$&').replace(/\r/g, '\\r');
