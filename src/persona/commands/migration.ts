/** `/migration CHANGE`: the steps of a schema change, with its way up and down, in the dialect and tool of the workspace. */
import { OUTSIDE_OF_TRANSACTION, titleOfTool } from '../../engine/migrationTools';
import { type AnswerPart, block, followUp, linkTo, refer } from '../answer';
import { DIALECT_NAMES } from '../fill';
import type { MigrationsFacts, TableFacts } from '../grounding';
import { planOf } from '../migrationPlan';
import type { MigrationPlan, PlanStep } from '../migrationSteps';
import { schemaWishIn } from '../schemaChange';
import { dbml } from '../tableWords';
import { topicsAnswer } from '../topics';
import type { CommandContext } from './context';

export async function* migration(rest: string, context: CommandContext): AsyncIterable<AnswerPart> {
  const { grounding, library } = context;
  const [schema, stack, histories] = await Promise.all([grounding.schema(), grounding.stack(), grounding.migrations()]);
  const wish = rest === '' ? undefined : schemaWishIn(rest, schema.tables);
  if (!wish) {
    yield* state(histories, grounding.trusted);
    yield block(
      `${rest === '' ? 'Which change?' : `I could not read “${rest}” as one change.`} Say it as one of these:\n${EXAMPLES.map(each => `- \`/migration ${each}\``).join('\n')}`,
    );
    const playbook = library.playbook('zero-downtime-migration');
    if (rest !== '' && playbook) yield* topicsAnswer([playbook], rest, context);
    return;
  }
  const table = schema.tables.find(({ name }) => name === wish.table);
  const plan = planOf(wish, table, stack.dialect);
  yield block(`# Migration: ${plan.title}`);
  if (!table && wish.kind !== 'create-table' && schema.tables.length > 0)
    yield block(
      `**Mind:** no migration here makes a table \`${wish.table}\`; there are ${schema.tables
        .slice(0, 12)
        .map(({ name }) => `\`${name}\``)
        .join(', ')}.`,
    );
  const column = 'column' in wish && wish.kind !== 'add-column' ? wish.column : undefined;
  if (table && column !== undefined && !table.columns.some(({ name }) => name === column))
    yield block(
      `**Mind:** \`${table.name}\` has no column \`${column}\`; it has ${table.columns.map(({ name }) => `\`${name}\``).join(', ')}.`,
    );
  if (table?.from) yield refer({ ...table.from, title: `the table ${table.name}` });
  yield* written(plan, stack.dialect);
  yield* files(plan, historyFor(table, histories));
  if (table) yield block(`## Contract (DBML, as it is now)\n\`\`\`dbml\n${dbml(table)}\n\`\`\``);
  yield block(`## Before, during, after\n${BEFORE.map(each => `- [ ] ${each}`).join('\n')}`);
  yield block(
    `## Rollback\n${plan.loses ? `${plan.loses} Everything before the last *Contract* step goes back by deploying the code before it.` : 'Each step has its down above; up to *Contract* the code before it can simply be deployed again.'} Prove it: \`backend-reviewer migration verify\` runs up, down and up on an embedded PostgreSQL.`,
  );
  const last = historyFor(table, histories)?.last;
  if (grounding.trusted && last)
    yield {
      kind: 'action',
      action: { kind: 'verify-migration', title: 'Verify the newest migration', file: last.file },
    };
  if (table) yield followUp(`/schema ${table.name}`);
  yield followUp('/checklist migration');
}

function* written(plan: MigrationPlan, dialect: keyof typeof DIALECT_NAMES): Iterable<AnswerPart> {
  yield block(
    `**I would ask first**\n${[...plan.mind, 'How many rows has the table, how many writes a second, and what is the longest transaction on it?', 'Which versions of the program run at the same time during the deploy?'].map(each => `- ${each}`).join('\n')}`,
  );
  const isWritten = dialect === 'postgresql' || dialect === 'mysql' || dialect === 'mariadb';
  if (!isWritten)
    yield block(
      `The SQL below is written for PostgreSQL; in ${DIALECT_NAMES[dialect]} the steps are the same and some words differ.`,
    );
  for (const [index, step] of plan.steps.entries()) yield block(stepText(step, index + 1));
}

function stepText({ phase, does, up, down, outsideTransaction }: PlanStep, number: number): string {
  const parts = [`## ${number}. ${phase}\n${does}`];
  if (up !== undefined)
    parts.push(`\`\`\`sql\n-- up${outsideTransaction ? ', outside of a transaction' : ''}\n${up}\n\`\`\``);
  if (down !== undefined)
    parts.push(`\`\`\`sql\n-- down${outsideTransaction ? ', outside of a transaction' : ''}\n${down}\n\`\`\``);
  return parts.join('\n');
}

/** The history that makes the table, else the longest: a new table most likely goes there. */
function historyFor(table: TableFacts | undefined, histories: readonly MigrationsFacts[]): MigrationsFacts | undefined {
  const own = histories.find(({ folder }) => table?.from?.file.startsWith(`${folder}/`));
  return own ?? histories.toSorted((left, right) => right.steps - left.steps)[0];
}

function* files(plan: MigrationPlan, history: MigrationsFacts | undefined): Iterable<AnswerPart> {
  const ddl = plan.steps.filter(({ up, phase }) => up !== undefined && phase !== 'Backfill').length;
  if (!history) {
    yield block(
      `## Files\nNo migrations were found here; ${ddl === 1 ? 'it wants one file' : `each of the ${ddl} DDL steps wants a file of its own`}, with its up and its down.`,
    );
    return;
  }
  const outside = plan.steps.some(({ outsideTransaction, phase }) => outsideTransaction && phase !== 'Backfill');
  const how = OUTSIDE_OF_TRANSACTION[history.tool];
  yield block(
    `## Files\n${ddl === 1 ? 'One migration' : `${ddl} migrations, one for each DDL step`} of ${titleOfTool(history.tool)} in \`${history.folder || '.'}\`${history.last ? `, named like ${linkTo({ file: history.last.file })}` : ''}; the backfill is a script of its own.${outside && how ? `\nOutside of a transaction with ${titleOfTool(history.tool)}: ${how}.` : ''}`,
  );
  if (history.last) yield refer({ file: history.last.file, title: 'the newest migration' });
}

function* state(histories: readonly MigrationsFacts[], trusted: boolean): Iterable<AnswerPart> {
  yield block('# Migrations');
  if (histories.length === 0) yield block('None were found in this workspace.');
  for (const { tool, folder, steps, dialect, last, withoutDown, downsByDesign } of histories) {
    const lines = [
      `- ${steps} ${steps === 1 ? 'step' : 'steps'}, ${dialect}`,
      ...(last ? [`- the newest is ${linkTo({ file: last.file })}`] : []),
      downsByDesign
        ? '- this tool (or project) has no ways back, by design'
        : withoutDown.length === 0
          ? '- each has a way back'
          : `- without a way back: ${withoutDown
              .slice(0, 8)
              .map(file => linkTo({ file }))
              .join(', ')}`,
    ];
    yield block(`**${titleOfTool(tool)}** in \`${folder || '.'}\`\n${lines.join('\n')}`);
    if (last) {
      yield refer({ file: last.file, title: last.name });
      if (trusted)
        yield { kind: 'action', action: { kind: 'verify-migration', title: `Verify ${last.name}`, file: last.file } };
    }
    for (const file of withoutDown.slice(0, 8)) yield refer({ file, title: 'without a way back' });
  }
}

const EXAMPLES = [
  'add column channel text not null to orders',
  'rename column state to status in orders',
  'change orders.total to bigint',
  'make orders.customer_id not null',
  'drop column note from orders',
  'add an index on orders (customer_id, placed_at)',
  'add foreign key orders.voucher_id to vouchers',
  'create table invoices',
];

const BEFORE = [
  'Tried up, down, up on a copy of production’s size; the time and the locks are noted.',
  'Old code runs against the new schema, and new code against the old one.',
  'A backup that was restored at least once, younger than the change.',
  'Somebody watches locks (`pg_blocking_pids`) and replication lag while it runs.',
];
