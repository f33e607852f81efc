/** RxJS 5 to 7: streams of lists and promises, and operators that call a function for each value. */
import type { LibraryModel } from './vocabulary';

export const rxjs = {
  package: 'npm:rxjs',
  also: ['npm:rxjs/operators', 'npm:rxjs/Observable', 'npm:rxjs/Rx'],
  source: 'https://rxjs.dev/guide/operators, https://rxjs.dev/api',
  types: { Observable: {}, Subject: { extends: 'Observable' } },
  gives: [
    { call: ['from', 'Observable.from', 'scheduled'], gives: 'Observable from argument 0' },
    { call: ['of', 'Observable.of'], gives: 'Observable with arguments' },
    { construct: ['Observable', 'ReplaySubject', 'BehaviorSubject', 'AsyncSubject', 'Subject'], gives: 'Observable' },
    { call: ['interval', 'timer', 'fromEvent', 'throwError', 'forkJoin', 'combineLatest', 'zip'], gives: 'Observable' },
    { call: ['lastValueFrom', 'firstValueFrom'], gives: 'emitted by argument 0' },
    { call: 'Observable.toPromise', gives: 'emitted by receiver' },
    { call: 'Observable.asObservable', gives: 'receiver' },
    { call: 'Observable.pipe', gives: 'piped' },
    { call: ['toArray', 'reduce', 'count'], gives: 'piped as one' },
    {
      call: ['bufferCount', 'bufferTime', 'bufferWhen', 'bufferToggle', 'buffer', 'windowCount'],
      gives: 'piped in batches',
    },
    { call: ['first', 'take', 'find', 'single', 'elementAt', 'every', 'isEmpty'], gives: 'piped until found' },
    { call: ['mergeAll', 'concatAll', 'switchAll', 'exhaustAll'], gives: 'piped flat' },
    {
      call: ['filter', 'tap', 'do', 'delay', 'delayWhen', 'distinct', 'distinctUntilChanged', 'retry', 'retryWhen'],
      gives: 'piped',
    },
    {
      call: ['repeat', 'catchError', 'finalize', 'share', 'shareReplay', 'skip', 'skipWhile', 'startWith', 'endWith'],
      gives: 'piped',
    },
    {
      call: ['timeout', 'observeOn', 'subscribeOn', 'takeUntil', 'defaultIfEmpty', 'throwIfEmpty', 'debounceTime'],
      gives: 'piped',
    },
  ],
  pipes: 'Observable.pipe',
  callbacks: [
    { call: 'map', argument: 0, repeats: { over: 'piped', item: 0 }, result: 'emitted' },
    {
      call: ['mergeMap', 'concatMap', 'switchMap', 'exhaustMap', 'flatMap'],
      argument: 0,
      repeats: { over: 'piped', item: 0 },
      result: 'flattened',
    },
    // a page leads to the next
    { call: 'expand', argument: 0 },
    { call: ['tap', 'filter', 'do'], argument: 0, repeats: { over: 'piped', item: 0 } },
    { call: 'Observable.map', argument: 0, repeats: { over: 'emitted', item: 0 }, result: 'emitted' },
    {
      call: ['Observable.mergeMap', 'Observable.concatMap', 'Observable.switchMap', 'Observable.flatMap'],
      argument: 0,
      repeats: { over: 'emitted', item: 0 },
      result: 'flattened',
    },
    {
      call: ['Observable.subscribe', 'Observable.forEach', 'Observable.do'],
      argument: 0,
      repeats: { over: 'emitted', item: 0 },
    },
    { call: 'defer', argument: 0, result: 'value' },
  ],
} as const satisfies LibraryModel;
