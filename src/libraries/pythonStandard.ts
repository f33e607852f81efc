/** Modules that come with Python and that texts and values go through. */
import type { LibraryModel } from './vocabulary';

export const pythonDatetime = {
  package: 'py:datetime',
  source: 'https://docs.python.org/3/library/datetime.html',
  gives: [
    { call: ['datetime', 'date', 'time', 'timedelta'], gives: 'date' },
    {
      call: [
        'datetime.now',
        'datetime.utcnow',
        'datetime.today',
        'datetime.strptime',
        'datetime.fromisoformat',
        'datetime.fromtimestamp',
        'datetime.combine',
        'date.today',
        'date.fromisoformat',
      ],
      gives: 'date',
    },
  ],
} as const satisfies LibraryModel;

export const pythonTextwrap = {
  package: 'py:textwrap',
  source: 'https://docs.python.org/3/library/textwrap.html',
  texts: [{ call: ['dedent', 'fill', 'indent', 'shorten'], builds: 'keep-argument' }],
} as const satisfies LibraryModel;

export const pythonRegularExpressions = {
  package: 'py:re',
  also: ['pypi:regex'],
  source: 'https://docs.python.org/3/library/re.html#functions',
  gives: [{ call: 'compile', gives: 'regex of argument 0' }],
  checks: [
    { call: 'fullmatch', checks: 1, pattern: 0, anchored: 'both', groups: true },
    { call: 'match', checks: 1, pattern: 0, anchored: 'start', groups: true },
    { call: 'search', checks: 1, pattern: 0, groups: true },
  ],
  texts: [{ call: 'sub', builds: 'replace-all', argument: 2 }],
  neutral: ['escape', 'split', 'findall', 'finditer'],
} as const satisfies LibraryModel;

/** What is made a UUID is one, or raises. */
export const pythonUuid = {
  package: 'py:uuid',
  source: 'https://docs.python.org/3/library/uuid.html',
  types: { UUID: {} },
  escapes: [{ call: ['UUID', 'uuid1', 'uuid3', 'uuid4', 'uuid5'], makes: 'literal' }],
} as const satisfies LibraryModel;

export const pythonProcess = {
  package: 'py:sys',
  also: ['py:os'],
  source: 'https://docs.python.org/3/library/sys.html#sys.exit',
  raises: ['exit', '_exit', 'abort'],
} as const satisfies LibraryModel;

export const pythonTyping = {
  package: 'py:typing',
  source: 'https://docs.python.org/3/library/typing.html',
  gives: [{ call: 'cast', gives: 'argument 1' }],
} as const satisfies LibraryModel;

export const pythonDecimal = {
  package: 'py:decimal',
  source: 'https://docs.python.org/3/library/decimal.html',
  escapes: [{ call: 'Decimal', makes: 'number' }],
} as const satisfies LibraryModel;

export const pythonTime = {
  package: 'py:time',
  source: 'https://docs.python.org/3/library/time.html',
  escapes: [{ call: ['time', 'time_ns', 'monotonic', 'perf_counter', 'mktime'], makes: 'number' }],
  neutral: ['sleep', 'strftime'],
} as const satisfies LibraryModel;

export const pythonMath = {
  package: 'py:math',
  source: 'https://docs.python.org/3/library/math.html',
  escapes: [{ call: ['floor', 'ceil', 'sqrt', 'trunc', 'log', 'log10', 'log2', 'pow', 'fabs'], makes: 'number' }],
} as const satisfies LibraryModel;

/** Texts in other texts' places: each keeps what it was made of. */
export const pythonEncoders = {
  package: 'py:json',
  source: 'https://docs.python.org/3/library/json.html',
  texts: [{ call: 'dumps', builds: 'string' }],
  neutral: ['loads', 'load', 'dump'],
} as const satisfies LibraryModel;
