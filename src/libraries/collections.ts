/** Packages that walk a list with a callback: lodash, p-map, bluebird, async. */
import type { LibraryModel } from './vocabulary';

export const lodash = {
  package: 'npm:lodash',
  also: ['npm:lodash-es', 'npm:underscore'],
  source: 'https://lodash.com/docs/4.17.15',
  gives: [
    {
      call: ['uniq', 'uniqBy', 'compact', 'sortBy', 'orderBy', 'filter', 'reject', 'take', 'drop', 'castArray'],
      gives: 'argument 0',
    },
  ],
  callbacks: [
    {
      call: ['map', 'flatMap'],
      argument: 1,
      repeats: { over: 0, item: 0 },
      result: 'list',
    },
    {
      call: ['forEach', 'each', 'forEachRight', 'filter', 'reject', 'forOwn', 'forIn', 'mapValues'],
      argument: 1,
      repeats: { over: 0, item: 0 },
    },
    {
      call: ['find', 'findIndex', 'some', 'every'],
      argument: 1,
      repeats: { over: 0, item: 0, stopsAtFirstHit: true },
    },
    {
      call: 'reduce',
      argument: 1,

      repeats: { over: 0, item: 1 },
      result: 'value',
    },
  ],
  neutral: ['chunk', 'groupBy', 'keyBy', 'pick', 'omit', 'get', 'set', 'merge', 'cloneDeep', 'isEmpty', 'debounce'],
} as const satisfies LibraryModel;

export const pMap = {
  package: 'npm:p-map',
  also: ['npm:p-each-series', 'npm:p-map-series'],
  source: 'https://github.com/sindresorhus/p-map#api',
  callbacks: [
    {
      call: ['default', 'pMapIterable'],
      argument: 1,
      receives: ['', 'number'],
      repeats: { over: 0, item: 0 },
      result: 'list',
    },
  ],
} as const satisfies LibraryModel;

export const bluebird = {
  package: 'npm:bluebird',
  source: 'http://bluebirdjs.com/docs/api/collections.html',
  gives: [{ call: ['all', 'resolve', 'default.all', 'default.resolve'], gives: 'argument 0' }],
  callbacks: [
    {
      call: [
        'map',
        'mapSeries',
        'each',
        'filter',
        'default.map',
        'default.mapSeries',
        'default.each',
        'default.filter',
      ],
      argument: 1,
      receives: ['', 'number'],
      repeats: { over: 0, item: 0 },
      result: 'list',
    },
  ],
} as const satisfies LibraryModel;

export const asyncCollections = {
  package: 'npm:async',
  source: 'https://caolan.github.io/async/v3/docs.html',
  callbacks: [
    {
      call: ['each', 'eachSeries', 'forEach', 'forEachSeries', 'eachOf', 'map', 'mapSeries', 'filter', 'concat'],
      argument: 1,
      repeats: { over: 0, item: 0 },
      result: 'list',
    },
    {
      call: ['eachLimit', 'forEachLimit', 'mapLimit'],
      argument: 2,
      repeats: { over: 0, item: 0 },
      result: 'list',
    },
  ],
} as const satisfies LibraryModel;
