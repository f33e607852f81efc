// A cold review of whole folders, as a multiple of the bare tree-sitter parse of the same files: CPU times of this process,
// so that another process on the machine does not count. A share of the bare parse travels between machines. With --threads
// files are lowered side by side, as the command line does it; then the time on the clock is what it saves.
//
//   node bench/cold.mjs FOLDER… [--slowest N] [--threads]
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { cpuSince, openForBenchmark } from './product.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { slowest: { type: 'string', default: '5' }, threads: { type: 'boolean', default: false } },
});
if (positionals.length === 0) {
  console.error('node bench/cold.mjs FOLDER… [--slowest N] [--threads]');
  process.exit(2);
}

const GRAMMARS = [
  [/\.d\.[cm]?ts$/i, undefined],
  [/\.tsx$/i, 'tsx'],
  [/\.[cm]?ts$/i, 'typescript'],
  [/\.[cm]?jsx?$/i, 'javascript'],
];
const grammarOf = path => GRAMMARS.find(([pattern]) => pattern.test(path))?.[1];

const bench = await openForBenchmark();
// as the command line does
bench.compileLess();
try {
  for (const folder of positionals) await measure(resolve(folder));
} finally {
  await bench.close();
}

async function measure(folder) {
  const computed = new Map();
  const product = bench.open({
    withThreads: values.threads,
    onCompute: what => computed.set(what, (computed.get(what) ?? 0) + 1),
  });
  const { files } = await bench.selectFiles([folder], product);
  const { parse, bytes, parsed } = await bareParse(files);
  const reviewers = new Map();
  const slow = [];
  let findings = 0;
  let started = 0;
  let reviewed = 0;
  let prepared = 0;
  const begun = performance.now();
  const whole = process.cpuUsage();
  for (const { path, root } of files) {
    let reviewer = reviewers.get(root);
    if (!reviewer) {
      reviewer = product.createReviewer(root);
      reviewers.set(root, reviewer);
      await reviewer.prepare(files.filter(file => file.root === root).map(file => relative(root, file.path)));
      prepared += cpuSince(whole);
    }
    started = performance.now();
    const review = await reviewer.review(relative(root, path));
    slow.push([performance.now() - started, path]);
    findings += review.findings.length;
    if (review.coverage.kind !== 'nothing-to-review' && review.coverage.kind !== 'skipped') reviewed += 1;
  }
  const review = cpuSince(whole);
  const clock = performance.now() - begun;
  const memory = process.memoryUsage();
  const ms = number => `${number.toFixed(0)} ms`;
  console.log(
    `${folder}: ${parsed} code files, ${(bytes / 1e6).toFixed(1)} MB; ${reviewed} reviewed, ${findings} findings`,
  );
  console.log(
    `  bare parse ${ms(parse)}, review ${ms(review)} of CPU: ${(review / parse).toFixed(2)} x (of it read and lowered ${ms(prepared)}); ${ms(clock)} on the clock; ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at the most, ${(memory.heapUsed / 1e6).toFixed(0)} MB of heap at the end`,
  );
  const interpreted = [...computed].filter(([what]) => what.startsWith('analyse '));
  const times = interpreted.reduce((sum, [, count]) => sum + count, 0);
  const all = [...computed.values()].reduce((sum, count) => sum + count, 0);
  console.log(`  ${interpreted.length} units interpreted ${times} times, ${all} answers computed`);
  slow.sort(([left], [right]) => right - left);
  for (const [took, path] of slow.slice(0, Number(values.slowest)))
    console.log(`  ${ms(took).padStart(9)}  ${relative(folder, path)}`);
}

/** Reading and parsing every code file, and nothing else: the floor. */
async function bareParse(files) {
  const sources = files.flatMap(({ path }) => {
    const grammar = grammarOf(path);
    return grammar ? [{ path, grammar }] : [];
  });
  // the engine and the grammars are loaded before the clock starts; so they are for the review
  const parsers = new Map();
  for (const grammar of ['javascript', 'typescript', 'tsx']) parsers.set(grammar, await bench.parsers.parser(grammar));
  let bytes = 0;
  let parse = Number.POSITIVE_INFINITY;
  // the first round warms WebAssembly up; the fastest is the floor
  for (let round = 0; round < 3; round += 1) {
    bytes = 0;
    const since = process.cpuUsage();
    for (const { path, grammar } of sources) {
      const text = readFileSync(path, 'utf8');
      bytes += text.length;
      parsers.get(grammar).parse(text).delete();
    }
    parse = Math.min(parse, cpuSince(since));
  }
  return { parse, bytes, parsed: sources.length };
}
