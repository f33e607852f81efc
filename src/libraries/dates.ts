/** Packages whose dates become text in a format that the code writes out: digits, names of days, and nothing that ends a literal. */
import { membersOf } from './members';
import type { LibraryModel } from './vocabulary';

const CHANGES = ['add', 'subtract', 'startOf', 'endOf', 'utc', 'local', 'tz', 'clone', 'locale', 'set', 'utcOffset'];

export const moment = {
  package: 'npm:moment',
  also: ['npm:moment-timezone'],
  source: 'https://momentjs.com/docs/#/displaying/',
  types: { Moment: {} },
  gives: [
    { call: ['default', 'default.utc', 'default.unix', 'default.tz', 'utc', 'unix', 'tz'], gives: 'Moment' },
    { call: membersOf('Moment', CHANGES), gives: 'receiver' },
    {
      call: membersOf('Moment', ['format', 'toISOString', 'toDate', 'toJSON', 'toString', 'fromNow', 'calendar']),
      gives: 'date',
    },
  ],
  escapes: [
    { call: membersOf('Moment', ['unix', 'valueOf', 'diff', 'year', 'month', 'date', 'day', 'week']), makes: 'number' },
  ],
} as const satisfies LibraryModel;

export const dayjs = {
  package: 'npm:dayjs',
  source: 'https://day.js.org/docs/en/display/format',
  types: { Dayjs: {} },
  gives: [
    { call: ['default', 'default.utc', 'default.unix', 'default.tz'], gives: 'Dayjs' },
    { call: membersOf('Dayjs', CHANGES), gives: 'receiver' },
    { call: membersOf('Dayjs', ['format', 'toISOString', 'toDate', 'toJSON', 'toString', 'fromNow']), gives: 'date' },
  ],
  escapes: [{ call: membersOf('Dayjs', ['unix', 'valueOf', 'diff', 'year', 'month', 'date', 'day']), makes: 'number' }],
} as const satisfies LibraryModel;

export const dateFns = {
  package: 'npm:date-fns',
  also: ['npm:date-fns-tz', 'npm:@date-fns/tz'],
  parts: 'npm:date-fns/{export}',
  source: 'https://date-fns.org/docs/format',
  gives: [
    {
      call: [
        'format',
        'lightFormat',
        'formatISO',
        'formatRFC3339',
        'formatDistance',
        'formatInTimeZone',
        'parse',
        'parseISO',
        'toDate',
        'addDays',
        'addHours',
        'addMinutes',
        'addMonths',
        'addWeeks',
        'addYears',
        'sub',
        'subDays',
        'subHours',
        'subMinutes',
        'subMonths',
        'startOfDay',
        'endOfDay',
        'startOfMonth',
        'endOfMonth',
        'startOfWeek',
        'endOfWeek',
      ],
      gives: 'date',
    },
  ],
  escapes: [{ call: ['getTime', 'getUnixTime', 'differenceInDays', 'differenceInHours'], makes: 'number' }],
} as const satisfies LibraryModel;

export const luxon = {
  package: 'npm:luxon',
  source: 'https://moment.github.io/luxon/#/formatting',
  types: { DateTime: {} },
  gives: [
    {
      call: membersOf('DateTime', [
        'now',
        'utc',
        'local',
        'fromISO',
        'fromSQL',
        'fromFormat',
        'fromMillis',
        'fromSeconds',
        'fromJSDate',
        'fromObject',
      ]),
      gives: 'DateTime',
    },
    {
      call: membersOf('DateTime', ['plus', 'minus', 'startOf', 'endOf', 'setZone', 'toUTC', 'toLocal', 'set']),
      gives: 'receiver',
    },
    {
      call: membersOf('DateTime', [
        'toISO',
        'toISODate',
        'toISOTime',
        'toSQL',
        'toSQLDate',
        'toSQLTime',
        'toFormat',
        'toJSDate',
        'toString',
      ]),
      gives: 'date',
    },
  ],
  escapes: [{ call: membersOf('DateTime', ['toMillis', 'toSeconds', 'toUnixInteger', 'valueOf']), makes: 'number' }],
} as const satisfies LibraryModel;
