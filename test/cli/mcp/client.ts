/** The official client over standard input and output to `cli.js mcp`, built into a folder of the test's own. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';

const root = join(__dirname, '..', '..', '..');

/** Builds the product beside whoever else builds it now. @returns the path of the command line */
export function builtInto(folder: string): string {
  execFileSync(process.execPath, ['scripts/build.mjs', '--production', '--folder', folder], {
    cwd: root,
    stdio: 'pipe',
  });
  return join(folder, 'cli.js');
}

export interface Made {
  /** A copy of the example, with a `.git` of its own. */
  readonly folder: string;
  /** Another folder, for the build. */
  readonly dist: string;
  dispose(): void;
}

export function shopCopy(): Made {
  const made = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-')));
  const folder = join(made, 'shop');
  cpSync(join(root, 'examples', 'shop'), folder, { recursive: true });
  mkdirSync(join(folder, '.git'));
  return { folder, dist: join(made, 'dist'), dispose: () => rmSync(made, { recursive: true, force: true }) };
}

export interface Connected {
  readonly client: Client;
  readonly stderr: () => string;
  call(name: string, args: Record<string, unknown>): Promise<Called>;
}

export interface Called {
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: what a tool answers is looked at field by field
  readonly value: any;
}

/** @param roots  what the client says of its workspace; nothing where it cannot tell */
export async function connected(cli: string, args: readonly string[], roots?: readonly string[]): Promise<Connected> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [cli, 'mcp', ...args],
    stderr: 'pipe',
  });
  const client = new Client({ name: 'test', version: '1' }, { capabilities: roots ? { roots: {} } : {} });
  if (roots)
    client.setRequestHandler(ListRootsRequestSchema, () => ({
      roots: roots.map(folder => ({ uri: pathToFileURL(folder).href })),
    }));
  let said = '';
  transport.stderr?.on('data', chunk => {
    said += chunk;
  });
  await client.connect(transport);
  return {
    client,
    stderr: () => said,
    async call(name, given) {
      const { content, isError } = await client.callTool({ name, arguments: given }, undefined, { timeout: 120_000 });
      const [first] = content as { readonly text: string }[];
      return { isError: isError === true, value: JSON.parse(first?.text ?? '') };
    },
  };
}
