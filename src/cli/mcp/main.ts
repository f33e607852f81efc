/** The entry of `dist/mcp.js`: serves on standard input and output, which carry the protocol and nothing else. */
import { Console } from 'node:console';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { messageLines } from './messageLines';
import { mcpServer } from './server';

/** Room for a file of the greatest size that is reviewed, in JSON, several times over. */
const LONGEST = 16 * 1024 * 1024;

export interface ServeOptions {
  readonly version: string;
  /** Absolute. */
  readonly workspaces: readonly string[];
}

/** Serves until the client closes the connection. */
export async function serve({ version, workspaces }: ServeOptions): Promise<void> {
  // a stray word on standard output would end the conversation
  globalThis.console = new Console(process.stderr, process.stderr);
  const server = mcpServer({
    version,
    workspaces,
    openKnowledge: async () => (await import('./installedKnowledge')).openInstalledKnowledge(__dirname),
  });
  server.onerror = error => console.error(`backend-reviewer: ${error.message}`);
  const lines = messageLines({ longest: LONGEST, answer: message => process.stdout.write(`${message}\n`) });
  // several short ones may wait behind a long one
  const transport = new StdioServerTransport(process.stdin.pipe(lines), process.stdout, { maxBufferSize: 2 * LONGEST });
  const closed = new Promise<void>(done => {
    server.onclose = done;
  });
  lines.once('end', () => void server.close());
  await server.connect(transport);
  await closed;
}
