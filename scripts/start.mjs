// `npm start`: installs, builds, prints the review of examples/shop, and opens it in VS Code.
//
//   npm start                    in the desktop VS Code when `code` is on the PATH, else in a browser; prints the address
//   npm start -- --check-only    ends with the review's exit status
//
// A fresh clone has no node_modules: until they are installed this file may use nothing but Node itself.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const shop = join(root, 'examples', 'shop');
const onWindows = process.platform === 'win32';

/** @returns {number} the exit status of the review: 1 when there are findings */
function review() {
  const { status } = spawnSync(process.execPath, [join(root, 'dist', 'cli.js'), 'check', shop], { stdio: 'inherit' });
  return status ?? 2;
}

/** Whether a desktop VS Code can be started from here. */
function hasDesktop() {
  const found = spawnSync('code', ['--version'], { shell: onWindows, stdio: 'ignore' });
  return found.status === 0;
}

function openOnDesktop(vsix) {
  spawnSync('code', ['--install-extension', vsix, '--force'], { shell: onWindows, stdio: 'inherit' });
  spawnSync('code', [shop, '--goto', join(shop, 'src', 'routes', 'customers.ts')], {
    shell: onWindows,
    stdio: 'inherit',
  });
  console.log(`\nVS Code shows ${shop} with the extension installed.`);
}

async function openInBrowser(vsix) {
  const { serveVsCode } = await import('./vscode-web.mjs');
  const { url, stop } = await serveVsCode({ workspace: shop, vsix: [vsix] });
  console.log(`\nVS Code with the extension shows ${shop}:\n\n  ${url}\n\nCtrl+C ends it.`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().then(() => process.exit(0)));
}

try {
  install();
  const { buildAll } = await import('./build.mjs');
  await buildAll({ production: true });
  const status = review();
  if (process.argv.includes('--check-only')) process.exitCode = status;
  else {
    const { packageVsix, VSIX } = await import('./package.mjs');
    await packageVsix({ build: false });
    if (hasDesktop()) openOnDesktop(VSIX);
    else await openInBrowser(VSIX);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
