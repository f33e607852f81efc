// Prints what the packaged extension weighs and what its activation costs the extension host's thread.
//
//   node scripts/measure-activation.mjs
import { runInHost } from '../test/extension-host/run.mjs';
import { packageVsix, VSIX } from './package.mjs';

/** The aims, see docs/architecture.md. */
const AIMS = { megabytes: 4, activateMs: 100 };

const megabytes = (await packageVsix()) / 1024 / 1024;
const { failures, reports } = await runInHost({ suite: 'activation', vsix: VSIX });
const { activateMs, busyUntilReadyMs, longestBlockMs } = reports.activation ?? {};

console.log(`size        ${megabytes.toFixed(2)} MB packaged (aim: under ${AIMS.megabytes} MB)`);
if (activateMs !== undefined) {
  console.log(`activation  ${activateMs.toFixed(1)} ms (aim: under ${AIMS.activateMs} ms)`);
  console.log(
    `            until the server answers the thread is busy for ${busyUntilReadyMs.toFixed(1)} ms, at most ${longestBlockMs.toFixed(1)} ms at a time`,
  );
}
for (const { title, error } of failures) console.error(`${title}: ${error}`);
process.exitCode = failures.length > 0 || megabytes >= AIMS.megabytes ? 1 : 0;
