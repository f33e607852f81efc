/** The entry of `dist/cli.js`, which is light: the process's own streams, environment and exit status. */
import type { WriteStream } from 'node:tty';
import { installedLab } from '../lab/installed';
import type { Output } from './check';
import { compileLess } from './compileLess';
import { runCommand } from './run';

const version = process.env.BACKEND_REVIEWER_VERSION ?? 'development';

/**
 * A stream that is waited for, so that nothing of a long report is cut off when the process ends. When the reader has
 * gone, as after `| head`, the rest is nobody's loss: the exit status still tells the verdict.
 */
function outputTo(stream: WriteStream): Output {
  let isClosed = false;
  stream.on('error', error => {
    if (!('code' in error) || error.code !== 'EPIPE') throw error;
    isClosed = true;
  });
  return {
    write: text =>
      new Promise((done, failed) => {
        if (isClosed) return done();
        stream.write(text, error => {
          if (error && (!('code' in error) || error.code !== 'EPIPE')) failed(error);
          else done();
        });
      }),
    isTerminal: stream.isTTY === true,
    columns: stream.columns,
  };
}

void runCommand(
  process.argv.slice(2),
  {
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    environment: process.env,
    folder: process.cwd(),
    input: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    },
  },
  {
    version,
    prepareRun: compileLess,
    openReview: async files => (await import('./product')).openReview(files),
    openLab: () => installedLab(__dirname),
    serveEditor: () => {
      // a bundle of its own beside this one: `check` need not carry it
      require('./server.js');
    },
    serveAgents: workspaces => {
      const { serve }: typeof import('./mcp/main') = require('./mcp.js');
      return serve({ version, workspaces });
    },
  },
).then(status => {
  process.exitCode = status;
});
