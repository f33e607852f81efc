// A real VS Code for tests and for `npm start` where there is no desktop one: the workbench in a browser, with the real extension host.
//
// code-server carries VS Code as an npm package, so nothing but the npm registry is needed. Everything lands in .vscode-test/web, once.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.vscode-test', 'web');

/**
 * The builds that we test on. Each needs the Node that its `engines` names, which comes as an npm package too.
 *
 * @typedef {{ vscode: string, codeServer: string, node: string }} Build
 */
/** @type {Build} */
export const LATEST = { vscode: '1.139.1', codeServer: '4.139.1', node: '24.21.0' };
/** The oldest VS Code that `engines.vscode` promises. @type {Build} */
export const FLOOR = { vscode: '1.104.0', codeServer: '4.104.0', node: '22.23.1' };

const nodePackage = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/**
 * Runs a command to its end.
 *
 * @returns {Promise<string>} what it printed
 * @throws when it ends with another status than 0; the message holds what it printed
 */
function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (output += chunk));
    child.on('error', reject);
    child.on('close', status =>
      status === 0
        ? resolve(output)
        : reject(new Error(`${[command, ...args].join(' ')} ended with status ${status}:\n${output.slice(-4000)}`)),
    );
  });
}

/**
 * Installs a build of VS Code unless it is there. About 15 s and 700 MB the first time.
 *
 * @param {Build} build
 * @returns {Promise<{ node: string, entry: string, env: NodeJS.ProcessEnv }>} how to start it
 */
export async function installVsCode(build = LATEST) {
  const folder = join(cache, build.vscode);
  const installed = join(folder, 'installed.json');
  const bin = join(folder, 'node_modules', nodePackage, 'bin');
  const server = join(folder, 'node_modules', 'code-server');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  const same = existsSync(installed) && (await readFile(installed, 'utf8')) === JSON.stringify(build);
  if (!same) {
    console.log(`Installing VS Code ${build.vscode} into ${folder} …`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    // Older builds pin an argon2 that is compiled on installation; this one brings its binaries. We ask for no password either way.
    await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, overrides: { argon2: '0.44.0' } }));
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    await run(npm, ['install', ...quiet, `code-server@${build.codeServer}`, `${nodePackage}@${build.node}`], {
      cwd: folder,
    });
    // Without the extensions' own modules a notice that tsserver was deleted covers the editor.
    for (const part of ['lib/vscode', 'lib/vscode/extensions'])
      await run(npm, ['install', '--omit=dev', ...quiet], { cwd: join(server, part), env });
    await writeFile(installed, JSON.stringify(build));
  }
  return { node: join(bin, 'node'), entry: join(server, 'out', 'node', 'entry.js'), env };
}

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * The browser that the tests drive; installed from Debian's packages when we may.
 *
 * @returns {Promise<string>} path of its executable
 * @throws when there is none and it cannot be installed
 */
export async function findChromium() {
  const wanted = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : CHROMIUMS;
  const found = () => wanted.find(path => existsSync(path));
  if (found()) return found();
  const mayInstall = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (mayInstall && !process.env.CHROMIUM_PATH) {
    console.log('Installing chromium …');
    await run('apt-get', ['update']);
    await run('apt-get', ['install', '-y', 'chromium']);
    if (found()) return found();
  }
  throw new Error(
    `No browser: the tests in the browser need chromium (looked at ${wanted.join(', ')}). Install it, or set CHROMIUM_PATH.`,
  );
}

/** A port that is free right now. */
const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** Settings under which nothing but our own work shows. */
const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'security.workspace.trust.untrustedFiles': 'open',
  'git.enabled': false,
  'chat.commandCenter.enabled': false,
  'typescript.disableAutomaticTypeAcquisition': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/**
 * Installs extensions into a fresh profile and serves a workspace.
 *
 * @param {object} options
 * @param {string} options.workspace     absolute path of the folder to open
 * @param {string[]} options.vsix        packaged extensions, installed as a user would
 * @param {Build} [options.build]        which VS Code
 * @param {Record<string, unknown>} [options.settings]  user settings, over quiet ones
 * @param {boolean} [options.askForTrust]  leaves the workspace untrusted until the person says otherwise
 * @param {NodeJS.ProcessEnv} [options.env]  for the server and so for the extension host
 * @returns {Promise<{ url: string, profile: string, log: () => string, stop: () => Promise<void> }>}
 */
export async function serveVsCode({ workspace, vsix, build = LATEST, settings = {}, askForTrust = false, env = {} }) {
  const vscode = await installVsCode(build);
  await access(workspace);
  const profile = await mkdtemp(join(tmpdir(), 'backend-reviewer-vscode-'));
  const where = ['--user-data-dir', join(profile, 'user'), '--extensions-dir', join(profile, 'extensions')];
  await mkdir(join(profile, 'user', 'User'), { recursive: true });
  await writeFile(
    join(profile, 'user', 'User', 'settings.json'),
    JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2),
  );
  // The profile's own configuration file, so that one in the person's home is neither read nor written.
  await appendFile(join(profile, 'config.yaml'), 'auth: none\ncert: false\n');
  const configured = { ...vscode.env, ...env, CODE_SERVER_CONFIG: join(profile, 'config.yaml') };
  const removeProfile = () => rm(profile, { recursive: true, force: true, maxRetries: 5 });
  for (const file of vsix)
    await run(vscode.node, [vscode.entry, ...where, '--install-extension', file], { env: configured }).catch(
      async error => {
        await removeProfile();
        throw error;
      },
    );

  const port = await freePort();
  const quiet = [
    '--auth',
    'none',
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
  ];
  const args = [vscode.entry, ...quiet, '--bind-addr', `127.0.0.1:${port}`, ...where];
  if (!askForTrust) args.push('--disable-workspace-trust');
  const child = spawn(vscode.node, [...args, workspace], { env: configured, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (log += chunk));
  const ended = new Promise(resolve => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    await removeProfile();
  };
  const address = `http://127.0.0.1:${port}/`;
  await untilAnswers(`${address}healthz`, () => child.exitCode !== null && `VS Code ended early:\n${log}`).catch(
    async error => {
      await stop();
      throw error;
    },
  );
  return { url: `${address}?folder=${encodeURIComponent(workspace)}`, profile, log: () => log, stop };
}

/** Asks until an answer comes, at most for half a minute. */
async function untilAnswers(url, failed) {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const answer = await fetch(url).catch(error => error);
    if (answer instanceof Response && answer.ok) return;
    const reason = failed();
    if (reason) throw new Error(reason);
    if (Date.now() > deadline) throw new Error(`${url} did not answer: ${answer.cause ?? answer.status ?? answer}`);
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}

/** Flags under which chromium runs as root and asks nothing of the network. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
