/** `/architecture`: what the workspace is built of, told from its manifests, folders, schema and migrations. */
import { titleOfTool } from '../../engine/migrationTools';
import { type AnswerPart, block, followUp, linkTo, refer } from '../answer';
import { conventionsOf } from '../conventions';
import { passagesFor } from '../teamFiles';
import { oneLine, quoted, stackLine, topicsAnswer } from '../topics';
import { topicsIn } from '../topicsIn';
import type { CommandContext } from './context';

export async function* architecture(rest: string, context: CommandContext): AsyncIterable<AnswerPart> {
  const { grounding, library } = context;
  const [stack, schema, migrations, files, findings] = await Promise.all([
    grounding.stack(),
    grounding.schema(),
    grounding.migrations(),
    grounding.files(),
    grounding.findings(),
  ]);
  yield block(`# Architecture of \`${grounding.name}\``);
  for (const manifest of stack.manifests) yield refer(manifest);
  yield block(
    `**Built with** ${stackLine(stack) || 'no manifest that I know'}${stack.manifests.length > 0 ? ` (${stack.manifests.map(linkTo).join(', ')})` : ''}`,
  );
  const layers = layersIn(files);
  if (layers.length > 0)
    yield block(
      `**Layers, by folder**\n${layers.map(({ folder, means, count }) => `- \`${folder}/\` ${count} files: ${means}`).join('\n')}`,
    );
  yield block(
    `**Data** ${schema.tables.length} tables. The ones that most refer to: ${hubs(schema.tables).join(', ') || 'none'}.`,
  );
  for (const history of migrations)
    yield block(
      `**Migrations** ${history.steps} with ${titleOfTool(history.tool)} in \`${history.folder || '.'}\`${history.withoutDown.length > 0 && !history.downsByDesign ? `; ${history.withoutDown.length} without a way back` : ''}${history.last ? `; the last is ${linkTo({ file: history.last.file })}` : ''}`,
    );
  const conventions = conventionsOf({ stack, schema, migrations, files });
  if (conventions.length > 0) yield block(`**Conventions here**\n${conventions.map(each => `- ${each}`).join('\n')}`);
  const weak = weakest(findings.findings.map(({ rule }) => rule));
  if (weak.length > 0) yield block(`**Where it would give way first**\n${weak.map(each => `- ${each}`).join('\n')}`);
  yield block(
    '**What I would ask next**\n- Load: requests and rows today, in a year, at the peak?\n- Failure: which dependency may be away, and what does each request do then?\n- Data: which tables must never lose a row, and how old may the newest backup be?',
  );
  const team = grounding.trusted
    ? passagesFor(rest || 'architecture stack services projects', await grounding.teamFiles(), 300)
    : [];
  for (const passage of team) {
    yield refer({ file: passage.file, line: passage.line, title: passage.heading });
    yield block(`Your team’s ${linkTo(passage)}, “${oneLine(passage.heading)}”:\n${quoted(passage.text)}`);
  }
  if (rest !== '') yield* topicsAnswer(topicsIn(rest, library, []), rest, context);
  yield followUp('/schema');
  yield followUp('/review');
}

const LAYERS: readonly (readonly [pattern: RegExp, means: string])[] = [
  [/^(?:routes?|controllers?|handlers?|api|endpoints|resolvers|views)$/, 'take requests'],
  [/^(?:services?|usecases?|use-cases|application|domain|core)$/, 'know the business'],
  [/^(?:repositor(?:y|ies)|dao|data|db|database|models?|entities|stores?|persistence)$/, 'know the database'],
  [/^(?:jobs?|workers?|tasks?|queues?|consumers?|cron)$/, 'work in the background'],
  [/^(?:migrations?|migrate)$/, 'change the schema'],
  [/^(?:middlewares?|http|plugins)$/, 'stand around every request'],
  [/^(?:tests?|__tests__|spec)$/, 'hold the rest to its word'],
];

function layersIn(files: readonly string[]): readonly { folder: string; means: string; count: number }[] {
  const found = new Map<string, { folder: string; means: string; count: number }>();
  for (const file of files) {
    const parts = file.split('/');
    for (let depth = 0; depth < parts.length - 1; depth += 1) {
      const means = LAYERS.find(([pattern]) => pattern.test(parts[depth] ?? ''))?.[1];
      if (means === undefined) continue;
      const folder = parts.slice(0, depth + 1).join('/');
      const known = found.get(folder) ?? { folder, means, count: 0 };
      known.count += 1;
      found.set(folder, known);
      break;
    }
  }
  return [...found.values()].toSorted((left, right) => right.count - left.count).slice(0, 12);
}

function hubs(tables: readonly { readonly foreignKeys: readonly { readonly table: string }[] }[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { foreignKeys } of tables)
    for (const { table } of foreignKeys) counts.set(table, (counts.get(table) ?? 0) + 1);
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([table, count]) => `\`${table}\` (${count})`);
}

const GIVES_WAY: Readonly<Record<string, string>> = {
  'n-plus-one': 'queries in loops: latency grows with the data',
  'unbounded-query': 'reads without a bound: memory and time grow with the data',
  'connection-leak': 'connections that are not given back: the pool runs dry',
  'unbounded-pool': 'pools without a limit: the database runs out of connections',
  'connection-per-request': 'a connection per request: handshakes, and no limit',
  'missing-transaction': 'writes that belong together and are not in a transaction: half-done orders after a crash',
  'sql-injection': 'input in SQL text: the whole database is open',
  'swallowed-error': 'errors that are swallowed: it fails, and nobody hears of it',
  'external-call-in-transaction': 'calls out of a transaction: a slow partner holds locks and connections',
};

function weakest(rules: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const rule of rules) if (GIVES_WAY[rule]) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, 5)
    .map(([rule, count]) => `${GIVES_WAY[rule]} (${count} × \`${rule}\`)`);
}
