/**
 * `npm test`: every suite, one after another, and one closing line that sums them all. Installs what is missing.
 *
 *   npm test                     every suite
 *   npm test -- unit browser     these only
 *
 * A suite is a command. How its result is counted is said beside it: `check` counts as one test, `vitest` is read from
 * its report, `line` ends its output with `N passed, N failed`.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = join(root, 'test-results', 'vitest.json');
const bin = name => join(root, 'node_modules', '.bin', name);

const SUITES = [
  {
    name: 'rules',
    what: 'rules, pages and schema are in step',
    command: ['node', 'scripts/rules.mjs', '--check'],
    counts: 'check',
  },
  {
    name: 'agents',
    what: 'the agent, its skills and tools are in step',
    command: ['node', 'scripts/agents.mjs', '--check'],
    counts: 'check',
  },
  { name: 'lint', what: 'formatted and linted', command: [bin('biome'), 'ci'], counts: 'check' },
  { name: 'types', what: 'types hold', command: [bin('tsc'), '--noEmit', '-p', '.'], counts: 'check' },
  {
    name: 'page',
    what: 'types of the page of the view hold',
    command: [bin('tsc'), '--noEmit', '-p', 'src/webview'],
    counts: 'check',
  },
  { name: 'package', what: 'builds and packages', command: ['node', 'scripts/package.mjs'], counts: 'check' },
  {
    name: 'unit',
    what: 'unit tests',
    command: [bin('vitest'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    counts: 'vitest',
  },
  { name: 'host', what: 'inside the extension host', command: ['node', 'test/extension-host/run.mjs'], counts: 'line' },
  {
    name: 'floor',
    what: 'loads on the oldest VS Code it promises',
    command: ['node', 'test/extension-host/run.mjs', '--floor'],
    counts: 'line',
  },
  { name: 'browser', what: 'in the real workbench', command: ['node', 'test/browser/run.mjs'], counts: 'line' },
];

/** @returns {Promise<{ status: number, output: string }>} */
function run([command, ...args]) {
  return new Promise(resolve => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0' },
    });
    let output = '';
    const take = chunk => {
      output += chunk;
      process.stdout.write(chunk);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', error => resolve({ status: 1, output: `${command}: ${error.message}` }));
    child.on('close', status => resolve({ status: status ?? 1, output }));
  });
}

function countVitest(status) {
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numTotalTests, success } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that fails to load has no tests of its own, and must not pass for it.
  const failed = numFailedTests || (success && status === 0 && numTotalTests > 0 ? 0 : 1);
  return { passed: numPassedTests, failed };
}

function countLine(status, output) {
  const last = [...output.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (!last) return { passed: 0, failed: 1 };
  const passed = Number(last[1]);
  const failed = Number(last[2]);
  return { passed, failed: failed || (status === 0 && passed > 0 ? 0 : 1) };
}

function count(suite, { status, output }) {
  if (suite.counts === 'vitest') return countVitest(status);
  if (suite.counts === 'line') return countLine(status, output);
  return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

try {
  install();
} catch (error) {
  console.error(error.message);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const wanted = process.argv.slice(2).filter(argument => !argument.startsWith('-'));
const unknown = wanted.filter(name => !SUITES.some(suite => suite.name === name));
if (unknown.length) {
  console.error(`No suite is called ${unknown.join(', ')}. Suites: ${SUITES.map(suite => suite.name).join(', ')}.`);
  process.exit(2);
}

rmSync(report, { force: true });
mkdirSync(dirname(report), { recursive: true });
const rows = [];
for (const suite of SUITES.filter(one => wanted.length === 0 || wanted.includes(one.name))) {
  console.log(`\n── ${suite.name}: ${suite.what}`);
  const started = Date.now();
  const counted = count(suite, await run(suite.command));
  rows.push({ ...counted, name: suite.name, seconds: Math.round((Date.now() - started) / 1000) });
}

console.log('');
for (const row of rows)
  console.log(
    `${row.failed ? '✗' : '✓'} ${row.name.padEnd(8)} ${row.passed} of ${row.passed + row.failed} in ${row.seconds} s`,
  );
const sum = key => rows.reduce((total, row) => total + row[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') ? 1 : 0);
