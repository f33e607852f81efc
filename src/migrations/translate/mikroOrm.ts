/** What a migration of MikroORM sends. Source: mikro-orm.io/docs/migrations, and @mikro-orm/migrations 6.6, Migration.js and MigrationRunner.js. */
import type { Chain, ChainStep, Entry, Value } from '../code/values';
import { type Asks, guardedWrite } from './guarded';
import { knexTranslator } from './knex';
import { argument, NotTranslated, type Translator, type Write, writesRows, writeText } from './translation';

/** What only reads a builder's text. */
const READS = new Set(['toQuery', 'toString', 'toSQL', 'toNative']);
const LOOKS = new Set(['getQueries', 'isTransactional', 'then', 'finally', 'catch']);

/** It has no questions of its own: what is asked is asked in SQL. */
const ASKS: Asks = { table: new Set(), column: new Set() };

export const mikroOrmTranslator: Translator = {
  acts: root => root.kind === 'this',
  translate,
};

/** What is added is sent when the migration's function is done: behind all that it has sent by itself. */
export function inOrderSent(entries: readonly Entry[]): readonly Entry[] {
  const isAdded = (entry: Entry): boolean => entry.kind === 'chain' && entry.steps[0]?.name === 'addSql';
  return [...entries.filter(entry => !isAdded(entry)), ...entries.filter(isAdded)];
}

function translate(chain: Chain, plainWrite: Write): void {
  const [first] = chain.steps;
  if (first?.name === 'getKnex') {
    knexTranslator.translate(withoutReads(chain), plainWrite);
    return;
  }
  const write = guardedWrite(chain, ASKS, plainWrite);
  // `this.getEntityManager()`, and what it is asked for and told
  const isManager = first?.name === 'getEntityManager';
  for (const step of chain.steps) {
    if (!step.arguments) continue;
    if (step.name === 'addSql') added(argument(step, 0), step, write);
    else if (step.name === 'execute') executed(step, write);
    else if (LOOKS.has(step.name)) write.all(step.inner);
    else if (isManager && step !== first) write.rows(step);
    else if (!/^get[A-Z]/.test(step.name)) throw new NotTranslated(`\`${step.name}\``);
  }
}

function added(value: Value | undefined, step: ChainStep, write: Write): void {
  if (value?.kind !== 'chain') {
    writeText(value, 'addSql', step, write);
    return;
  }
  if (value.root.kind === 'this') {
    knexTranslator.translate({ ...withoutReads(value), conditions: [] }, write);
    return;
  }
  // `raw('…')`, `` sql`…` ``
  const made = value.steps.findLast(each => each.arguments !== undefined);
  if (!made || !/^(?:raw|sql)$/.test(made.name) || (made.arguments?.length ?? 0) > 1)
    throw new NotTranslated('`addSql` of what is not constant');
  writeText(argument(made, 0), 'addSql', step, write);
}

function executed(step: ChainStep, write: Write): void {
  const values = argument(step, 1);
  const isGiven = values && !(values.kind === 'list' && values.items.length === 0);
  const text = argument(step, 0);
  if (text?.kind === 'chain') {
    added(text, step, write);
    return;
  }
  if (isGiven && !(values.kind === 'constant' && values.value === undefined)) {
    const isRows = text?.kind === 'text' && writesRows(text.value);
    throw new NotTranslated(isRows ? 'rows that `execute` writes' : '`execute` with values', isRows);
  }
  writeText(text, 'execute', step, write);
}

/** A chain on Knex, from behind `this.getKnex()`. */
const withoutReads = (chain: Chain): Chain => ({
  ...chain,
  steps: chain.steps.filter(({ name }, index) => index > 0 && !READS.has(name)),
});
