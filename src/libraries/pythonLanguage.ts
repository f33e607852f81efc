/** What Python has without an import: text, collections, numbers. */
import type { LibraryModel } from './vocabulary';

export const pythonLanguage = {
  package: 'py:',
  source: 'https://docs.python.org/3/library/functions.html, https://docs.python.org/3/library/stdtypes.html',
  // what `re.compile` gives: https://docs.python.org/3/library/re.html#regular-expression-objects
  types: { Pattern: {} },
  checks: [
    { call: 'Pattern.fullmatch', checks: 0, pattern: 'receiver', anchored: 'both', groups: true },
    { call: 'Pattern.match', checks: 0, pattern: 'receiver', anchored: 'start', groups: true },
    { call: 'Pattern.search', checks: 0, pattern: 'receiver', groups: true },
  ],
  gives: [
    {
      call: ['list', 'tuple', 'set', 'frozenset', 'sorted', 'reversed', 'iter'],
      arity: [1, 3],
      gives: 'items of argument 0',
    },
    { call: 'enumerate', gives: 'pairs of argument 0' },
    { call: 'zip', gives: 'items of arguments' },
    { call: 'filter', arity: [2, 2], gives: 'items of argument 1' },
    { call: ['isinstance', 'issubclass', 'callable', 'hasattr', 'any', 'all'], gives: 'boolean' },
    { call: ['range', 'xrange'], gives: 'list of number' },
    {
      call: ['str.startswith', 'str.endswith', 'str.isdigit', 'str.isalpha', 'str.isalnum', 'str.isidentifier'],
      gives: 'boolean',
    },
    { call: ['str.find', 'str.index', 'str.count'], gives: 'number' },
  ],
  escapes: [
    {
      call: ['int', 'float', 'len', 'abs', 'round', 'hash', 'id', 'ord', 'pow', 'divmod', 'long', 'complex'],
      makes: 'number',
    },
    { call: 'bool', makes: 'boolean' },
  ],
  raises: ['exit', 'quit'],
  callbacks: [
    { call: 'map', argument: 0, repeats: { over: 1, item: 0 }, result: 'list' },
    { call: 'filter', argument: 0, repeats: { over: 1, item: 0 } },
  ],
  texts: [
    { call: 'str.join', builds: 'join' },
    { call: 'str.format', builds: 'format' },
    { call: 'str.replace', builds: 'replace-all' },
    { call: 'Pattern.sub', builds: 'replace-all', argument: 1 },
    { call: ['str', 'unicode', 'repr', 'ascii', 'format'], builds: 'string' },
    {
      call: [
        'str.lower',
        'str.upper',
        'str.strip',
        'str.lstrip',
        'str.rstrip',
        'str.title',
        'str.capitalize',
        'str.casefold',
        'str.swapcase',
        'str.zfill',
        'str.ljust',
        'str.rjust',
        'str.center',
        'str.encode',
        'str.decode',
        'str.expandtabs',
        'str.removeprefix',
        'str.removesuffix',
      ],
      builds: 'keep',
    },
  ],
  neutral: [
    'print',
    'open',
    'super',
    'type',
    'vars',
    'dir',
    'getattr',
    'setattr',
    'min',
    'max',
    'sum',
    'next',
    'input',
  ],
} as const satisfies LibraryModel;
