/** A client waits for `initialize`, and with it a person's first answer: what is loaded until then is bounded here. */
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';

const root = join(__dirname, '..', '..', '..');

/** All that is loaded before anything is asked for; what is imported later, in a function, is not. */
async function loadedWith(entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    outdir: 'unused',
    platform: 'node',
    format: 'esm',
    metafile: true,
    loader: { '.md': 'text' },
    external: ['./server.js', './mcp.js'],
    logLevel: 'error',
  });
  const loaded = new Set<string>();
  const waiting = [entry];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (loaded.has(file)) continue;
    loaded.add(file);
    for (const { path, kind, external } of metafile.inputs[file]?.imports ?? [])
      if (!external && kind !== 'dynamic-import') waiting.push(path);
  }
  return [...loaded].sort();
}

test('the server answers the handshake with the protocol and the tools’ own words alone', async () => {
  const loaded = await loadedWith('src/cli/mcp/main.ts');
  const own = loaded.filter(file => file.startsWith('src/'));
  expect(own).toContain('src/persona/tools/all.ts');
  expect(
    own.filter(file => !/^src\/(?:cli\/mcp|engine|workspace\/namedFolder|persona\/(?:tools\/|question))/.test(file)),
  ).toEqual([]);
  const packages = new Set(loaded.flatMap(file => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []));
  expect([...packages].sort()).toEqual([
    '@modelcontextprotocol/sdk',
    'ajv',
    'ajv-formats',
    'fast-deep-equal',
    'fast-uri',
    'json-schema-traverse',
    'zod',
    'zod-to-json-schema',
  ]);
});

test('the command line loads no parser, no library table and no rule before it knows the command', async () => {
  const loaded = await loadedWith('src/cli/main.ts');
  expect(loaded.filter(file => /^src\/(?:languages|syntax|libraries|sql|facts|rules|program)\//.test(file))).toEqual(
    [],
  );
  expect(loaded.length).toBeLessThan(40);
});
