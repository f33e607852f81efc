// How often a finding is right, on real backends that this project did not write.
//
//   node bench/precision/run.mjs [--package NAME]… [--rule ID]… [--unread FILE]
//
// Reviews every package of packages.json with the built command line. Of each rule at most 40 findings at warning or error are
// read by a person (those with the smallest fingerprints over all packages), and 10 at information; what was found of each stands
// in verdicts/RULE.json: right, wrong or arguable, with the reason. The run fails when a sampled finding has no verdict, when a
// file or a rule crashed, when more than 5 of 100 verdicts at warning or error are wrong, over all or for a rule with 20 or
// more. Of a Debian package in another version than the pinned one new findings are listed and fail nothing.
// Horizon is read as python3-django-horizon: openstack-dashboard holds settings alone.
// With --unread the sampled findings without a verdict are written to a file, with the code around them, to be read.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { debianPackage, npmPackage } from './sources.mjs';

const HAZARDS_READ = 40;
const HYGIENE_READ = 10;
const LEAST_FOR_A_RATE = 20;
const NOT_WRONG = 0.95;

const here = dirname(fileURLToPath(import.meta.url));
const cli = join(here, '../../dist/cli.js');
const { values } = parseArgs({
  options: {
    package: { type: 'string', multiple: true },
    rule: { type: 'string', multiple: true },
    unread: { type: 'string' },
  },
});
if (!existsSync(cli)) {
  console.error('dist/cli.js is not there: run npm run build first');
  process.exit(2);
}

const run = promisify(execFile);
const packages = JSON.parse(await readFile(join(here, 'packages.json'), 'utf8'));
const verdicts = await readVerdicts();
const problems = [];
const found = [];

for (const [kind, list] of Object.entries(packages))
  for (const each of list) {
    if (values.package && !values.package.includes(each.name)) continue;
    const { folder, version } = await (kind === 'npm' ? npmPackage(each) : debianPackage(each));
    const findings = await findingsIn(folder, each);
    const isPinned = version === each.version;
    console.log(`${each.name} ${version}${isPinned ? '' : ` (pinned: ${each.version})`}: ${findings.length} findings`);
    found.push(...findings.map(finding => ({ ...finding, package: each.name, folder, isPinned })));
  }

const unread = [];
const all = { right: 0, wrong: 0, arguable: 0 };
console.log('\nrule                             found  read  right  wrong  arguable');
for (const rule of [...new Set(found.map(finding => finding.rule))].sort()) {
  const own = found.filter(finding => finding.rule === rule).sort(byFingerprint);
  const hazards = own.filter(({ level }) => level !== 'info');
  const hygiene = own.filter(({ level }) => level === 'info');
  const tally = judge(hazards.slice(0, HAZARDS_READ));
  const read = tally.right + tally.wrong + tally.arguable;
  if (hazards.length > 0) print(rule, hazards.length, read, tally);
  if (read >= LEAST_FOR_A_RATE && 1 - tally.wrong / read < NOT_WRONG)
    problems.push(`${rule}: ${tally.wrong} of ${read} verdicts are wrong`);
  for (const verdict of Object.keys(all)) all[verdict] += tally[verdict];
  if (hygiene.length > 0) {
    const counted = judge(hygiene.slice(0, HYGIENE_READ));
    print(`${rule} (information)`, hygiene.length, counted.right + counted.wrong + counted.arguable, counted);
  }
}
const read = all.right + all.wrong + all.arguable;
print('over all, without information', '', read, all);
if (read > 0 && 1 - all.wrong / read < NOT_WRONG) problems.push(`${all.wrong} of ${read} verdicts are wrong`);

const open = unread.filter(({ isPinned }) => isPinned);
if (open.length > 0) problems.push(`${open.length} sampled findings have no verdict`);
for (const { rule, package: name, file, line, fingerprint, isPinned } of unread)
  console.log(`no verdict${isPinned ? '' : ' (another version)'}: ${rule} ${fingerprint} ${name} ${file}:${line}`);
if (values.unread !== undefined) await writeFile(values.unread, await toBeRead(unread));
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);

function print(name, count, readCount, { right, wrong, arguable }) {
  const cells = [String(count).padStart(5), String(readCount).padStart(5)];
  for (const each of [right, wrong, arguable]) cells.push(String(each).padStart(6));
  console.log(`${name.padEnd(32)} ${cells.join(' ')}`);
}

/** Counts the verdicts of sampled findings, and gathers those that have none. */
function judge(sample) {
  const tally = { right: 0, wrong: 0, arguable: 0 };
  for (const finding of sample) {
    const verdict = verdicts.get(`${finding.rule} ${finding.package} ${finding.fingerprint}`);
    if (verdict) tally[verdict] += 1;
    else unread.push(finding);
  }
  return tally;
}

async function findingsIn(folder, { name, paths = ['.'] }) {
  const rules = (values.rule ?? []).flatMap(rule => ['--rule', rule]);
  const words = [cli, 'check', '--format', 'json', ...rules, ...paths];
  const done = await run(process.execPath, words, { cwd: folder, maxBuffer: 2 ** 28 }).catch(error => error);
  // 1 says that something was found
  if (done.code !== undefined && done.code !== 1) {
    problems.push(`${name}: the run ended with ${done.code}: ${done.stderr}`);
    return [];
  }
  const { findings, notifications } = JSON.parse(done.stdout);
  for (const { file, message } of notifications)
    if (/could not be reviewed|failed on this file/.test(message)) problems.push(`${name}: ${file}: ${message}`);
  return findings;
}

/** By `RULE PACKAGE FINGERPRINT`. */
async function readVerdicts() {
  const known = new Map();
  for (const name of (await readdir(join(here, 'verdicts'))).filter(each => each.endsWith('.json')))
    for (const each of JSON.parse(await readFile(join(here, 'verdicts', name), 'utf8'))) {
      if (!['right', 'wrong', 'arguable'].includes(each.verdict) || !each.reason)
        throw new Error(`verdicts/${name}: ${each.fingerprint} needs right, wrong or arguable, and a reason`);
      known.set(`${basename(name, '.json')} ${each.package} ${each.fingerprint}`, each.verdict);
    }
  return known;
}

function byFingerprint(left, right) {
  const [ours, theirs] = [left, right].map(each => `${each.fingerprint} ${each.package}`);
  return ours < theirs ? -1 : 1;
}

/** Markdown: each finding, what it says, and the lines around it. */
async function toBeRead(findings) {
  const parts = [];
  for (const { rule, level, package: name, folder, file, line, message, fingerprint, related } of findings) {
    const told = related.map(each => `* ${each.file}:${each.line} ${each.message}`).join('\n');
    parts.push(
      `## ${rule} (${level}) ${fingerprint}\n${name} ${file}:${line}\n\n${message}\n\n${told}\n\n\`\`\`\n${await around(join(folder, file), line)}\n\`\`\`\n`,
    );
  }
  return parts.join('\n');
}

async function around(path, line) {
  const lines = (await readFile(path, 'utf8')).split('\n');
  const from = Math.max(0, line - 16);
  return lines
    .slice(from, line + 12)
    .map((text, index) => `${String(from + index + 1).padStart(5)} ${text.slice(0, 200)}`)
    .join('\n');
}
