/** `/schema TABLE`: the table as the migrations leave it, who uses it, and what it lacks. Without a table: all of them. */
import { nearest } from '../../engine/nearest';
import { type AnswerPart, block, followUp, linkTo, refer } from '../answer';
import type { SchemaFacts, TableFacts } from '../grounding';
import { missingIn } from '../tableGaps';
import { columnsTable, dbml } from '../tableWords';
import { tablesNamed } from '../topics';
import type { CommandContext } from './context';

export async function* schema(rest: string, context: CommandContext): AsyncIterable<AnswerPart> {
  const facts = await context.grounding.schema();
  if (facts.tables.length === 0) {
    yield block(
      `No tables are known here. ${facts.limits.join(' ') || 'I read them from migrations, files of SQL, Prisma and Drizzle, and found none.'}`,
    );
    return;
  }
  if (rest === '') {
    yield* everything(facts);
    return;
  }
  const [table] = exactly(rest, facts.tables) ?? tablesNamed(rest, facts.tables);
  if (!table) {
    const near = nearest(
      rest,
      facts.tables.map(({ name }) => name),
    );
    yield block(
      `Nothing here makes a table \`${rest}\`.${near === undefined ? '' : ` Did you mean \`${near}\`?`} There are: ${facts.tables.map(({ name }) => `\`${name}\``).join(', ')}.`,
    );
    if (near !== undefined) yield followUp(`/schema ${near}`);
    return;
  }
  yield* one(table, facts, context);
}

function exactly(rest: string, tables: readonly TableFacts[]): readonly TableFacts[] | undefined {
  const asked = rest.replaceAll(/[`"]/g, '').toLowerCase();
  const found = tables.filter(
    ({ name, schema: of }) => name.toLowerCase() === asked || `${of}.${name}`.toLowerCase() === asked,
  );
  return found.length > 0 ? found : undefined;
}

async function* everything({ tables, limits }: SchemaFacts): AsyncIterable<AnswerPart> {
  yield block(`# Schema: ${tables.length} tables, as the project’s migrations and schemas say`);
  yield block(
    tables
      .map(table => {
        const keys = table.foreignKeys.map(key => `\`${key.table}\``);
        return `- \`${nameOf(table)}\` ${table.columns.length} columns${keys.length > 0 ? `, refers to ${[...new Set(keys)].join(', ')}` : ''}`;
      })
      .join('\n'),
  );
  if (limits.length > 0) yield block(limits.join('\n'));
  for (const table of tables.slice(0, 20)) if (table.from) yield refer({ ...table.from, title: table.name });
  if (tables[0]) yield followUp(`/schema ${tables[0].name}`);
}

const nameOf = ({ schema: of, name }: TableFacts): string => (of === 'public' ? name : `${of}.${name}`);

async function* one(table: TableFacts, facts: SchemaFacts, { grounding }: CommandContext): AsyncIterable<AnswerPart> {
  yield block(`# \`${nameOf(table)}\`${table.from ? `, made in ${linkTo(table.from)}` : ''}`);
  if (table.from) yield refer({ ...table.from, title: `made here` });
  if (table.comment) yield block(table.comment);
  yield block(columnsTable(table));
  yield block(
    `**Indexes**\n${table.indexes.map(({ name, unique, on }) => `- \`${name}\`${unique ? ' unique' : ''} ${on}`).join('\n') || 'none'}`,
  );
  if (table.checks.length > 0)
    yield block(`**Checks**\n${table.checks.map(({ name, expression }) => `- \`${name}\` ${expression}`).join('\n')}`);
  const referring = facts.tables.flatMap(other =>
    other.foreignKeys
      .filter(key => key.table === table.name)
      .map(key => `\`${other.name}(${key.columns.join(', ')})\``),
  );
  if (referring.length > 0) yield block(`**Referred to by** ${referring.join(', ')}`);
  const missing = missingIn(table);
  yield block(
    `**What I miss**\n${missing.length > 0 ? missing.map(each => `- ${each}`).join('\n') : 'Nothing that the definition shows. What it cannot show: sizes, plans, and rules that live in code only.'}`,
  );
  const uses = await grounding.uses(table.name);
  if (uses.length > 0) {
    yield block(
      `**Named in** (by the word, not by reading the code)\n${uses
        .slice(0, 10)
        .map(use => `- ${linkTo(use)}`)
        .join('\n')}${uses.length > 10 ? `\n- and ${uses.length - 10} more` : ''}`,
    );
    for (const use of uses.slice(0, 10)) yield refer({ ...use, title: `names ${table.name}` });
  }
  yield block(`**DBML**\n\`\`\`dbml\n${dbml(table)}\n\`\`\``);
  if (!table.complete)
    yield block('Not all of it is known: a part of the history was not understood, or lies before it.');
  for (const limit of facts.limits) yield block(limit);
  yield followUp(`/migration add an index to ${table.name}`);
  yield followUp(`/api ${table.name}`);
}
