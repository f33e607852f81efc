// One keystroke in a long file: the time from the edit to the findings, in the process that the server runs.
//
//   node bench/keystroke.mjs [--functions 145] [--keystrokes 200]
//
// The file is written for the measurement: a repository of about 2,000 lines with queries, loops and findings in the
// share that real ones have. A key is pressed in one function after another, in turn where it completes a word and where
// it breaks the syntax for one keystroke.
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { openForBenchmark, percentile } from './product.mjs';

const { values } = parseArgs({
  options: { functions: { type: 'string', default: '145' }, keystrokes: { type: 'string', default: '200' } },
});
const FUNCTIONS = Number(values.functions);
const KEYSTROKES = Number(values.keystrokes);
const WARM_UP = 20;

const bench = await openForBenchmark();
try {
  await measure();
} finally {
  await bench.close();
}

/** One function of the file; every fourth holds something to find. */
function functionAt(index) {
  const name = `orders${index}`;
  const body = [
    [
      `  const filters: string[] = ['tenant_id = $1'];`,
      `  const values: unknown[] = [tenant];`,
      `  if (options.status) {`,
      `    values.push(options.status);`,
      `    filters.push(\`status = $\${values.length}\`);`,
      `  }`,
      `  const { rows } = await pool.query(`,
      `    \`SELECT id, status, total FROM ${name} WHERE \${filters.join(' AND ')} ORDER BY id LIMIT 50\`,`,
      `    values,`,
      `  );`,
      `  return rows.map(row => ({ ...row, total: Number(row.total) }));`,
    ],
    [
      `  const { rows } = await pool.query('SELECT id FROM ${name} WHERE tenant_id = $1', [tenant]);`,
      `  const details = [];`,
      `  for (const row of rows) {`,
      `    const found = await pool.query('SELECT * FROM ${name}_item WHERE order_id = $1', [row.id]);`,
      `    details.push({ id: row.id, items: found.rows });`,
      `  }`,
      `  return details;`,
    ],
    [
      `  const total = await pool.query('SELECT count(*) AS total FROM ${name} WHERE tenant_id = $1', [tenant]);`,
      `  if (Number(total.rows[0].total) === 0) return [];`,
      `  const pages = Math.ceil(Number(total.rows[0].total) / 50);`,
      `  const names = ['open', 'paid', 'sent'].map(each => each.toUpperCase());`,
      `  return Array.from({ length: pages }, (_, page) => ({ page, names }));`,
    ],
    [
      `  const sort = options.sort ?? 'id';`,
      `  const { rows } = await pool.query(\`SELECT * FROM ${name} WHERE name = '\${options.name}' ORDER BY \${sort}\`);`,
      `  const seen = new Map<string, unknown>();`,
      `  for (const row of rows) {`,
      `    const key = \`\${row.id}:\${row.status}\`;`,
      `    if (!seen.has(key)) seen.set(key, row);`,
      `  }`,
      `  return [...seen.values()];`,
    ],
  ][index % 4];
  return [
    `/** Orders of kind ${index}. */`,
    `export async function ${name}(tenant: string, options: Options) {`,
    `  const label = '${name}';`,
    `  if (!tenant) throw new Error(\`\${label}: no tenant\`);`,
    ...body,
    '}',
    '',
  ];
}

async function measure() {
  const lines = [
    "import { Pool } from 'pg';",
    '',
    'const pool = new Pool();',
    '',
    'export interface Options {',
    '  status?: string;',
    '  sort?: string;',
    '  name?: string;',
    '}',
    '',
    ...Array.from({ length: FUNCTIONS }, (_, index) => functionAt(index)).flat(),
  ];
  let text = lines.join('\n');
  const files = {
    stat: async () => undefined,
    list: async () => [],
    read: async path => Promise.reject(new Error(`nothing at ${path}`)),
    exists: () => false,
    peek: () => undefined,
  };
  const reviewer = bench.open({ files }).createReviewer('/project');
  const file = 'src/orders.ts';
  reviewer.open(file, text);
  const opened = performance.now();
  const first = await reviewer.review(file);
  console.log(
    `${lines.length} lines, ${first.findings.length} findings; first review ${(performance.now() - opened).toFixed(0)} ms`,
  );

  const keys = ['x', '(', "'", 'y'];
  const took = [];
  const cpu = [];
  for (let stroke = 0; stroke < WARM_UP + KEYSTROKES; stroke += 1) {
    const index = (stroke * 37) % FUNCTIONS;
    const label = `const label = 'orders${index}'`;
    const at = text.indexOf(label) + (stroke % 4 === 1 || stroke % 4 === 2 ? label.length : label.length - 1);
    const newText = keys[stroke % 4];
    // the key, and then its removal, as a person corrects it
    for (const change of [
      { start: at, end: at, newText },
      { start: at, end: at + 1, newText: '' },
    ]) {
      const since = process.cpuUsage();
      const started = performance.now();
      reviewer.change(file, [change]);
      await reviewer.review(file);
      if (stroke >= WARM_UP) {
        took.push(performance.now() - started);
        const { user, system } = process.cpuUsage(since);
        cpu.push((user + system) / 1000);
      }
      text = text.slice(0, change.start) + change.newText + text.slice(change.end);
    }
  }
  for (const [what, numbers] of [
    ['clock', took],
    ['CPU', cpu],
  ])
    console.log(
      `${what.padEnd(5)} p50 ${percentile(numbers, 0.5).toFixed(1)} ms, p95 ${percentile(numbers, 0.95).toFixed(1)} ms, most ${Math.max(...numbers).toFixed(1)} ms`,
    );
}
