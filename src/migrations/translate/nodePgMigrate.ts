/**
 * What node-pg-migrate sends. Source: salsita.github.io/node-pg-migrate and the package's src/operations.
 */
import type { Chain, Entry } from '../code/values';
import { accessOperations } from './nodePgMigrateAccess';
import { bareName, escaped, named, type Shorthands, several, text } from './nodePgMigrateColumns';
import { cascade, ifExists, ifNotExists, type Operation, option } from './nodePgMigrateOperation';
import { routineOperations } from './nodePgMigrateRoutines';
import { tableOperations } from './nodePgMigrateTables';
import { typeOperations } from './nodePgMigrateTypes';
import { viewOperations } from './nodePgMigrateViews';
import { quoted } from './quoting';
import { argument, NotTranslated, type Translator, type Write, writesRows } from './translation';

/** What changes no schema: settings of the run, and values that other calls are handed. */
const QUIET = new Set(['func', 'noTransaction', 'toString', 'log']);

/** Kinds of objects whose calls are named alike: `dropView`, `renameView`. */
const KINDS: Readonly<Record<string, string>> = {
  Table: 'TABLE',
  View: 'VIEW',
  MaterializedView: 'MATERIALIZED VIEW',
  Type: 'TYPE',
  Domain: 'DOMAIN',
  Sequence: 'SEQUENCE',
  Index: 'INDEX',
  Schema: 'SCHEMA',
};

/** The tool's translator; a file may have shorthands of its own for columns. */
export const nodePgMigrateTranslator = (shorthands: Shorthands = new Map()): Translator => ({
  acts: root => root.kind === 'parameter' && root.index === 0,
  translate: (chain, write) => translate(chain, write, shorthands),
});

function translate(chain: Chain, write: Write, shorthands: Shorthands): void {
  if (chain.conditions.length > 0) throw new NotTranslated('a step that runs only under a condition');
  for (const step of chain.steps) {
    if (!step.arguments || QUIET.has(step.name)) continue;
    const operation = Object.hasOwn(OPERATIONS, step.name) ? OPERATIONS[step.name] : alike(step.name);
    if (!operation) throw new NotTranslated(`\`${step.name}\``);
    operation(step, write, shorthands);
  }
}

/** `dropX` and `renameX` of the kinds that need no more than a name. */
function alike(name: string): Operation | undefined {
  const [, verb, kind] = /^(drop|rename)(\w+)$/.exec(name) ?? [];
  const words = kind === undefined || !Object.hasOwn(KINDS, kind) ? undefined : KINDS[kind];
  if (words === undefined) return undefined;
  if (verb === 'drop')
    return (step, write) =>
      write(`DROP ${words} ${ifExists(step, 1)}${named(argument(step, 0))}${cascade(step, 1)}`, step);
  return (step, write) =>
    write(`ALTER ${words} ${named(argument(step, 0))} RENAME TO ${quoted(bareName(argument(step, 1)))}`, step);
}

/** `pgm.db.query`, which is sent at once and not with the steps. */
const sentAtOnce: Operation = (step, write) => {
  const given = argument(step, 0);
  const isRows = given?.kind === 'text' && writesRows(given.value);
  if (step.name === 'query' && given?.kind === 'text' && given.complete && !isRows && !argument(step, 1))
    return write(given.value, step, given.pieces);
  throw new NotTranslated(`\`${step.name}\``, isRows);
};

/** What is sent at once goes before the steps, which are sent when the migration's function is done. */
export function inOrderSent(entries: readonly Entry[]): readonly Entry[] {
  const isAtOnce = (entry: Entry): boolean => entry.kind === 'chain' && entry.steps[0]?.name === 'db';
  return [...entries.filter(isAtOnce), ...entries.filter(entry => !isAtOnce(entry))];
}

const sql: Operation = (step, write) => {
  const given = argument(step, 0);
  const values = argument(step, 1);
  if (given?.kind !== 'text' || !given.complete)
    throw new NotTranslated('`sql` of a text that is not constant', given?.kind === 'text' && writesRows(given.value));
  if (values?.kind !== 'record') return write(given.value, step, given.pieces);
  if (values.open) throw new NotTranslated('`sql` with values that are not constant');
  let written = given.value;
  for (const [name, value] of values.entries)
    written = written.replaceAll(
      `{${name}}`,
      value.kind === 'text' || value.kind === 'record' ? named(value) : escaped(value),
    );
  write(written, step);
};

const createExtension: Operation = (step, write) => {
  const schema = option(step, 1, 'schema');
  for (const each of several(argument(step, 0)))
    write(`CREATE EXTENSION ${ifNotExists(step, 1)}${named(each)}${schema ? ` SCHEMA ${named(schema)}` : ''}`, step);
};

const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...tableOperations,
  ...typeOperations,
  ...routineOperations,
  ...viewOperations,
  ...accessOperations,
  sql,
  query: sentAtOnce,
  select: sentAtOnce,
  createSchema: (step, write) => {
    const owner = option(step, 1, 'authorization');
    write(
      `CREATE SCHEMA ${ifNotExists(step, 1)}${named(argument(step, 0))}${owner ? ` AUTHORIZATION ${text(owner, 'an owner')}` : ''}`,
      step,
    );
  },
  createExtension,
  addExtension: createExtension,
  dropExtension: (step, write) => {
    for (const each of several(argument(step, 0)))
      write(`DROP EXTENSION ${ifExists(step, 1)}${named(each)}${cascade(step, 1)}`, step);
  },
};
