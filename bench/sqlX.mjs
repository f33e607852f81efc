// The review of 2,000 SQL files, as a multiple of the bare parse of their statements by PostgreSQL's own parser: CPU times of
// this process. The tree is made by sqlTree.mjs and is the same in every run; or folders that are given.
//
//   node bench/sql.mjs [--files N] [FOLDER]
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSince, openForBenchmark } from './product.mjs';
import { writeSqlTree } from './sqlTree.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { files: { type: 'string', default: '2000' } },
});
const [given] = positionals;
const folder = given === undefined ? mkdtempSync(join(tmpdir(), 'sql-files-')) : resolve(given);
const files =
  given === undefined
    ? writeSqlTree(folder, Number(values.files))
    : readdirSync(folder, { recursive: true }).filter(name => /\.sql$/i.test(name));

const bench = await openForBenchmark();
// as the command line does
//bench.compileLess();
try {
  const { parse, split } = await bench.postgres();
  const texts = files.map(name => readFileSync(join(folder, name), 'utf8'));
  const statements = texts.flatMap(text => split(text).map(({ text: own }) => own));
  const parsing = process.cpuUsage();
  let refused = 0;
  for (const statement of statements)
    try {
      parse(statement);
    } catch {
      refused += 1;
    }
  const bare = cpuSince(parsing);

  const reviewer = bench.open({ files: bench.nodeFilesAtOnce }).createReviewer(folder);
  const reviewing = process.cpuUsage();
  const kinds = new Map();
  let findings = 0;
  for (const name of files) {
    const review = await reviewer.review(name);
    findings += review.findings.length;
    kinds.set(review.coverage.kind, (kinds.get(review.coverage.kind) ?? 0) + 1);
  }
  const review = cpuSince(reviewing);
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  console.log(
    `${files.length} files, ${(bytes / 1e6).toFixed(1)} MB, ${statements.length} statements (${refused} refused): ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}, ${findings} findings`,
  );
  console.log(
    `bare parse ${bare.toFixed(0)} ms, review ${review.toFixed(0)} ms of CPU: ${(review / bare).toFixed(1)} x; ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB at the most`,
  );
} finally {
  await bench.close();
  if (given === undefined) rmSync(folder, { recursive: true, force: true });
}
