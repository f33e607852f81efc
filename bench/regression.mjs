// A folder of SQL as it comes (PostgreSQL's own test suite, a tree of migrations): which statements do not parse, and what the
// review of the files costs beside the bare parse of the same files. `--failed` lists the statements with the parser's words.
//
//   node bench/regression.mjs FOLDER [--failed]
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSince, openForBenchmark } from './product.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { failed: { type: 'boolean', default: false } },
});
const [given] = positionals;
if (given === undefined) {
  console.error('node bench/regression.mjs FOLDER [--failed]');
  process.exit(2);
}
const folder = resolve(given);
const files = readdirSync(folder, { recursive: true })
  .filter(name => /\.sql$/i.test(name))
  .sort()
  .map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

const bench = await openForBenchmark();
bench.compileLess();
try {
  const { trees } = await bench.postgres();
  let statements = 0;
  const failed = [];
  let slowest = { ms: 0, name: '' };
  const parsing = process.cpuUsage();
  for (const { name, text } of files) {
    const begun = process.cpuUsage();
    for (const statement of trees.read(text)) {
      statements += 1;
      if (statement.error) failed.push({ name, statement });
    }
    const ms = cpuSince(begun);
    if (ms > slowest.ms) slowest = { ms, name };
  }
  const parsed = cpuSince(parsing);
  console.log(`${files.length} files, ${statements} statements: ${failed.length} do not parse, each alone`);
  console.log(
    `split and parsed in ${parsed.toFixed(0)} ms of CPU; longest ${slowest.name}, ${slowest.ms.toFixed(0)} ms`,
  );
  if (values.failed)
    for (const { name, statement } of failed)
      console.log(`${name}: ${statement.error.message}: ${statement.text.replace(/\s+/g, ' ').slice(0, 120)}`);

  const product = bench.open();
  const reviewer = product.createReviewer(folder);
  const reviewing = process.cpuUsage();
  const said = [];
  let findings = 0;
  let longest = { ms: 0, name: '' };
  for (const { name } of files) {
    const begun = process.cpuUsage();
    const review = await reviewer.review(relative(folder, join(folder, name)));
    findings += review.findings.length;
    for (const { message } of review.notifications) said.push(`${name}: ${message}`);
    if (review.coverage.kind === 'skipped') said.push(`${name} is skipped: ${review.coverage.reason}`);
    const ms = cpuSince(begun);
    if (ms > longest.ms) longest = { ms, name };
  }
  const reviewed = cpuSince(reviewing);
  console.log(
    `reviewed in ${reviewed.toFixed(0)} ms of CPU, ${(reviewed / parsed).toFixed(1)} x; ${findings} findings; longest ${longest.name}, ${longest.ms.toFixed(0)} ms; ${said.length} notifications`,
  );
  for (const message of said) console.log(message);
} finally {
  await bench.close();
}
