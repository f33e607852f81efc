/** Packages that walk a list with a callback, or call what they are handed: lodash, p-map, p-limit, bluebird, async. */
import type { LibraryModel } from './vocabulary';

export const lodash = {
  package: 'npm:lodash',
  also: ['npm:lodash-es', 'npm:underscore'],
  parts: ['npm:lodash/{export}', 'npm:lodash-es/{export}', 'npm:lodash.{export}'],
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
  also: ['npm:p-each-series', 'npm:p-map-series', 'npm:p-filter'],
  source: 'https://github.com/sindresorhus/p-map#api, https://github.com/sindresorhus/p-filter#api',
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

export const pReduce = {
  package: 'npm:p-reduce',
  source: 'https://github.com/sindresorhus/p-reduce#api',
  callbacks: [{ call: 'default', argument: 1, repeats: { over: 0, item: 1 }, result: 'value' }],
} as const satisfies LibraryModel;

/** What it is handed runs when there is room for it, and in the end all of it has run. */
export const pLimit = {
  package: 'npm:p-limit',
  source: 'https://github.com/sindresorhus/p-limit#api',
  types: { Limit: {} },
  gives: [{ call: 'default', gives: 'Limit' }],
  callbacks: [
    { call: 'Limit', argument: 0, receives: ['argument 1', 'argument 2', 'argument 3'], result: 'value' },
    { call: 'Limit.map', argument: 1, receives: ['', 'number'], repeats: { over: 0, item: 0 }, result: 'list' },
  ],
  neutral: ['limitFunction', 'Limit.clearQueue'],
} as const satisfies LibraryModel;

export const pQueue = {
  package: 'npm:p-queue',
  source: 'https://github.com/sindresorhus/p-queue#api',
  types: { Queue: {} },
  gives: [{ construct: 'default', gives: 'Queue' }],
  callbacks: [
    { call: 'Queue.add', argument: 0, result: 'value' },
    { call: 'Queue.addAll', argument: 0 },
  ],
  neutral: ['Queue.onIdle', 'Queue.onEmpty', 'Queue.pause', 'Queue.start', 'Queue.clear'],
} as const satisfies LibraryModel;

/** Lists of functions, each called once. */
export const pAll = {
  package: 'npm:p-all',
  also: ['npm:p-series'],
  source: 'https://github.com/sindresorhus/p-all#api, https://github.com/sindresorhus/p-series#api',
  callbacks: [{ call: 'default', argument: 0 }],
} as const satisfies LibraryModel;

export const bottleneck = {
  package: 'npm:bottleneck',
  source: 'https://github.com/SGrondin/bottleneck#docs',
  types: { Bottleneck: {} },
  gives: [{ construct: 'default', gives: 'Bottleneck' }],
  callbacks: [
    {
      call: 'Bottleneck.schedule',
      argument: 0,
      receives: ['argument 1', 'argument 2', 'argument 3'],
      result: 'value',
    },
  ],
} as const satisfies LibraryModel;

export const promisePool = {
  package: 'npm:@supercharge/promise-pool',
  source: 'https://superchargejs.com/docs/3.x/promise-pool',
  types: { PromisePool: {} },
  gives: [
    {
      call: ['PromisePool.for', 'PromisePool.withConcurrency', 'default.for', 'default.withConcurrency'],
      gives: 'PromisePool',
    },
    {
      call: ['PromisePool.handleError', 'PromisePool.withTaskTimeout', 'PromisePool.useCorrespondingResults'],
      gives: 'receiver',
    },
  ],
  callbacks: [
    { call: 'PromisePool.process', argument: 0, receives: ['', 'number'], repeats: { over: 'receiver', item: 0 } },
  ],
} as const satisfies LibraryModel;

export const radash = {
  package: 'npm:radash',
  also: ['npm:radashi'],
  source: 'https://radash-docs.vercel.app/docs/async/map',
  callbacks: [
    { call: ['map', 'mapValues'], argument: 1, repeats: { over: 0, item: 0 }, result: 'list' },
    { call: 'parallel', argument: 2, repeats: { over: 1, item: 0 }, result: 'list' },
    { call: 'reduce', argument: 1, repeats: { over: 0, item: 1 }, result: 'value' },
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
    {
      call: ['reduce', 'default.reduce'],
      argument: 1,
      repeats: { over: 0, item: 1 },
      result: 'value',
    },
  ],
} as const satisfies LibraryModel;

export const asyncCollections = {
  package: 'npm:async',
  parts: 'npm:async/{export}',
  source: 'https://caolan.github.io/async/v3/docs.html',
  callbacks: [
    {
      call: [
        'each',
        'eachSeries',
        'forEach',
        'forEachSeries',
        'eachOf',
        'eachOfSeries',
        'forEachOf',
        'forEachOfSeries',
        'map',
        'mapSeries',
        'mapValues',
        'mapValuesSeries',
        'flatMap',
        'flatMapSeries',
        'filter',
        'filterSeries',
        'reject',
        'concat',
        'concatSeries',
        'groupBy',
        'groupBySeries',
        'sortBy',
      ],
      argument: 1,
      repeats: { over: 0, item: 0 },
      result: 'list',
    },
    {
      call: [
        'eachLimit',
        'forEachLimit',
        'eachOfLimit',
        'forEachOfLimit',
        'mapLimit',
        'mapValuesLimit',
        'flatMapLimit',
        'filterLimit',
        'concatLimit',
        'groupByLimit',
      ],
      argument: 2,
      repeats: { over: 0, item: 0 },
      result: 'list',
    },
    { call: 'reduce', argument: 2, repeats: { over: 0, item: 1 }, result: 'value' },
    { call: ['parallel', 'series', 'parallelLimit'], argument: 0 },
  ],
} as const satisfies LibraryModel;
