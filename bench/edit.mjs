// An edit to a module that much of a project imports: CPU time of reviewing the edited file and ten open ones that call it,
// and what was computed again for it.
//
//   node bench/edit.mjs [--importers 200] [--open 10] [--rounds 8]
//
// The project is written for the measurement: one repository of queries, services that call it (some in loops, some by way
// of each other), and routes that call the services. Each kind of edit is made and taken back again, round after round.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cpuSince, openForBenchmark, percentile } from './product.mjs';

const { values } = parseArgs({
  options: {
    importers: { type: 'string', default: '200' },
    open: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '8' },
  },
});
const IMPORTERS = Number(values.importers);
const OPEN = Number(values.open);
const ROUNDS = Number(values.rounds);
const SHARED = 'src/repository.ts';

const REPOSITORY = `import { Pool } from 'pg';

const pool = new Pool();

export async function linesOf(order: string) {
  const label = 'lines';
  const { rows } = await pool.query('SELECT id, total FROM line WHERE order_id = $1', [order]);
  console.debug(label, rows.length);
  return rows;
}

export async function nameOf(kind: string) {
  return \`\${kind.toUpperCase()} order\`;
}

export async function ordersOf(tenant: string, limit: number) {
  const { rows } = await pool.query('SELECT id FROM orders WHERE tenant = $1 LIMIT $2', [tenant, limit]);
  return rows;
}
`;

/** Every second importer calls the repository itself, the others by way of the one before. */
const importerAt = index => `import { linesOf, nameOf, ordersOf } from '../repository';
${index % 2 === 1 ? `import { fill${index - 1} } from './service${index - 1}';` : ''}

export async function fill${index}(tenant: string) {
  const orders = await ordersOf(tenant, 50);
  for (const order of orders) {
    order.lines = await linesOf(order.id);
    order.name = await nameOf(order.kind);
  }
  return orders;
}

export async function report${index}(req: { query: { tenant: string } }, res: { json(body: unknown): void }) {
  const filled = await ${index % 2 === 1 ? `fill${index - 1}` : `fill${index}`}(req.query.tenant);
  res.json(filled.filter(order => order.lines.length > 0));
}
`;

/** What is typed: what stands there, and what replaces it. */
const EDITS = [
  ['a word in a body, nothing for callers', "const label = 'lines'", "const label = 'linesX'"],
  ['SQL of a query', 'SELECT id, total FROM line', 'SELECT id, total, vat FROM line'],
  [
    'a query comes',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is a template in the module that is edited
    'return `${kind.toUpperCase()} order`',
    "return (await pool.query('SELECT 1 FROM kind WHERE id = $1', [kind])).rows",
  ],
  ['another parameter', 'linesOf(order: string)', 'linesOf(order: string, limit = 10)'],
];

const folder = await mkdtemp(join(tmpdir(), 'backend-reviewer-edit-'));
const computed = [];
const bench = await openForBenchmark();
try {
  await mkdir(join(folder, 'src/services'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "name": "edited", "dependencies": { "pg": "8" } }');
  await writeFile(join(folder, SHARED), REPOSITORY);
  for (let index = 0; index < IMPORTERS; index += 1)
    await writeFile(join(folder, `src/services/service${index}.ts`), importerAt(index));
  await measure();
} finally {
  await bench.close();
  await rm(folder, { recursive: true, force: true });
}

async function measure() {
  const reviewer = bench.open({ onCompute: what => computed.push(what) }).createReviewer(folder);
  const step = Math.max(1, Math.floor(IMPORTERS / OPEN));
  const open = Array.from({ length: OPEN }, (_, at) => Math.min(IMPORTERS - 1, at * step + (at % 2)));
  const files = [SHARED, ...open.map(index => `src/services/service${index}.ts`)];
  reviewer.open(SHARED, REPOSITORY);
  open.forEach((index, at) => {
    reviewer.open(files[at + 1], importerAt(index));
  });
  const reviewAll = async () => {
    let findings = 0;
    for (const file of files) findings += (await reviewer.review(file)).findings.length;
    return findings;
  };
  const begun = process.cpuUsage();
  const found = await reviewAll();
  console.log(
    `${IMPORTERS} files import ${SHARED}, ${OPEN} of them are open: ${found} findings; first review ${cpuSince(begun).toFixed(0)} ms of CPU`,
  );
  for (const [what, before, after] of EDITS) {
    const start = REPOSITORY.indexOf(before);
    const took = [];
    const units = [];
    const others = [];
    let findings = 0;
    for (let round = 0; round < ROUNDS; round += 1)
      for (const change of [
        { start, end: start + before.length, newText: after },
        { start, end: start + after.length, newText: before },
      ]) {
        computed.length = 0;
        const since = process.cpuUsage();
        reviewer.change(SHARED, [change]);
        const now = await reviewAll();
        if (change.newText === after) findings = now;
        if (round === 0) continue;
        took.push(cpuSince(since));
        const analysed = new Set(computed.filter(key => key.startsWith('analyse ')));
        const judged = new Set(computed.filter(key => key.startsWith('facts ')));
        units.push(analysed.size);
        others.push([...judged].filter(key => !key.includes(SHARED)).length);
      }
    console.log(
      `  ${what}: p50 ${percentile(took, 0.5).toFixed(1)} ms, p95 ${percentile(took, 0.95).toFixed(1)} ms of CPU; ${Math.max(...units)} units interpreted again, facts of ${Math.max(...others)} units of other files made again; ${findings} findings`,
    );
  }
}
