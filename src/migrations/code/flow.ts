/**
 * What the libraries that run functions make of those that they are handed. Tables, no logic.
 *
 * Sources: caolan.github.io/async/v3/docs.html (Control Flow, Collections), bluebirdjs.com/docs/api-reference.html.
 */

/** `functions`: each of them, or of a list of them, one after the other. `items`: the function for each item of a list. */
export type Flow = 'functions' | 'items';

const each = (names: string, flow: Flow): Record<string, Flow> =>
  Object.fromEntries(names.split(' ').map(name => [name, flow]));

const PROMISES: Readonly<Record<string, Flow>> = {
  ...each('new then finally tap spread return all props try attempt method resolve join', 'functions'),
  ...each('each map mapSeries filter', 'items'),
};

const FLOWS: ReadonlyMap<string, Readonly<Record<string, Flow>>> = new Map([
  [
    'async',
    {
      ...each('series parallel parallelLimit waterfall tryEach then finally', 'functions'),
      ...each(
        'each eachSeries eachLimit forEach forEachSeries forEachLimit eachOf eachOfSeries map mapSeries mapLimit concatSeries',
        'items',
      ),
    },
  ],
  ['bluebird', PROMISES],
  ['Promise', PROMISES],
]);

/** By a package, or a class of the language, and the name of a call on it. */
export function flowOf(library: string, call: string): Flow | undefined {
  const known = FLOWS.get(library);
  return known && Object.hasOwn(known, call) ? known[call] : undefined;
}
