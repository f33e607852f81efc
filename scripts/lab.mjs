// What the lab's child process is made of: its bundle, and the embedded PostgreSQL that it loads.
//
//   node scripts/lab.mjs FOLDER
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What every bundle of ours is built with. @type {import('esbuild').BuildOptions} */
const shared = { bundle: true, platform: 'node', format: 'cjs', target: 'node20', logLevel: 'warning' };

/** Extensions for the inside of a server, which no migration asks for. */
const LEFT_OUT = new Set(
  'amcheck auto_explain pageinspect passwordcheck pg_buffercache pg_freespacemap pg_logicalinspect pg_overexplain pg_surgery pg_visibility pg_walinspect'.split(
    ' ',
  ),
);

/**
 * Lays the lab into a folder: `lab.js`, and `lab/` with what it reads.
 *
 * @param {string} folder
 * @param {import('esbuild').BuildOptions} options
 * @returns {Promise<{ files: string[], metafile: import('esbuild').Metafile }>} the files beside the bundle, from `folder`
 */
export async function buildLab(folder, options = {}) {
  const pglite = join(root, 'node_modules/@electric-sql/pglite');
  const dist = join(pglite, 'dist');
  await mkdir(join(folder, 'lab/extensions'), { recursive: true });
  const extensions = (await readdir(dist)).filter(
    name => name.endsWith('.tar.gz') && !LEFT_OUT.has(name.replace('.tar.gz', '')),
  );
  const copies = [
    ...['pglite.wasm', 'pglite.data'].map(name => [join(dist, name), `lab/${name}`]),
    ...extensions.map(name => [join(dist, name), `lab/extensions/${name}`]),
    [await emptyDatabase(pglite), 'lab/data.tar.br'],
  ];
  await Promise.all(copies.map(([from, to]) => copyFile(from, join(folder, to))));
  const { metafile } = await build({
    ...shared,
    ...options,
    outdir: folder,
    entryPoints: { lab: join(root, 'src/lab/child.ts') },
    alias: { '@electric-sql/pglite': join(dist, 'index.cjs') },
    metafile: true,
  });
  return { files: copies.map(([, to]) => to), metafile };
}

/** A set-up database, packed: setting one up takes several times as long as reading it. Made once for each version. */
async function emptyDatabase(pglite) {
  const { version } = JSON.parse(await readFile(join(pglite, 'package.json'), 'utf8'));
  const cache = join(root, 'node_modules/.cache/backend-reviewer');
  const path = join(cache, `pglite-${version}.tar.br`);
  if (await readFile(path).catch(() => undefined)) return path;
  const { PGlite } = await import('@electric-sql/pglite');
  const database = await PGlite.create();
  await database.exec('CHECKPOINT');
  const data = Buffer.from(await (await database.dumpDataDir('none')).arrayBuffer());
  await database.close();
  await mkdir(cache, { recursive: true });
  await writeFile(
    path,
    await promisify(brotliCompress)(data, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
    }),
  );
  return path;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildLab(process.argv[2]);
