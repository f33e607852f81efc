/** The extensions that lie beside the lab's program. */

/** Extensions that share a bundle, by the bundle's name. */
const BUNDLES: Readonly<Record<string, readonly string[]>> = {
  spi: ['autoinc', 'insert_username', 'moddatetime', 'refint'],
};

const ENDING = '.tar.gz';

/** The names that `CREATE EXTENSION` can be given, from the names of the files. */
export const extensionNames = (files: readonly string[]): ReadonlySet<string> =>
  new Set(['plpgsql', ...bundlesOf(files).flatMap(bundle => BUNDLES[bundle] ?? [bundle])]);

/** The bundles that hold the wanted extensions. */
export const bundlesFor = (files: readonly string[], wanted: readonly string[]): readonly string[] =>
  bundlesOf(files).filter(bundle => wanted.some(name => (BUNDLES[bundle] ?? [bundle]).includes(name)));

export const fileOf = (bundle: string): string => bundle + ENDING;

const bundlesOf = (files: readonly string[]): readonly string[] =>
  files.filter(file => file.endsWith(ENDING)).map(file => file.slice(0, -ENDING.length));
