/** The tools whose migrations are written in code, and who writes their SQL. */

import type { MigrationTool } from '../../engine/migrationTools';
import type { Module } from '../../program/model';
import { evaluateConstant } from '../code/evaluate';
import type { Entry } from '../code/values';
import { exportedExpression } from '../codeFiles';
import { alembicTranslator } from './alembic';
import { dbMigrateTranslator } from './dbMigrate';
import { knexTranslator } from './knex';
import { laravelTranslator } from './laravel';
import { inOrderSent, mikroOrmTranslator } from './mikroOrm';
import { nodePgMigrateTranslator, inOrderSent as stepsLast } from './nodePgMigrate';
import { reversed } from './nodePgMigrateReverse';
import { payloadTranslator, sendsInTransaction } from './payload';
import { sequelizeTranslator } from './sequelize';
import type { Translator } from './translation';
import { typeormTranslator } from './typeorm';

export interface CodeTool {
  readonly translator: (module: Module) => Translator;
  /** Whether the tool runs a direction in a transaction. */
  readonly inTransaction: (module: Module, entries: readonly Entry[]) => boolean;
  /** What a tool gathers and sends at the end goes behind what is sent at once. */
  readonly inOrderSent?: (entries: readonly Entry[]) => readonly Entry[];
  /** The calls that a tool makes up for a missing down from those of the up. */
  readonly reversed?: (up: readonly Entry[]) => readonly Entry[];
}

export const CODE_TOOLS: Readonly<Partial<Record<MigrationTool, CodeTool>>> = {
  knex: { translator: () => knexTranslator, inTransaction: module => entry(module, 'config', 'transaction') !== false },
  'node-pg-migrate': {
    translator: module => {
      const shorthands = exportedExpression(module, 'shorthands');
      const value = shorthands && evaluateConstant(module, shorthands, module.top.id);
      return nodePgMigrateTranslator(value?.kind === 'record' ? value.entries : undefined);
    },
    inTransaction: (_, entries) => !calls(entries, 'noTransaction'),
    inOrderSent: stepsLast,
    reversed,
  },
  // each call is sent by itself unless the migration opens a transaction
  sequelize: { translator: () => sequelizeTranslator, inTransaction: (_, entries) => calls(entries, 'transaction') },
  typeorm: { translator: () => typeormTranslator, inTransaction: module => !declinesTransaction(module) },
  'mikro-orm': {
    translator: () => mikroOrmTranslator,
    inTransaction: ({ units, classes }) =>
      !classes.some(({ methods }) => {
        const said = units.find(({ id }) => id === methods.get('isTransactional'));
        return said !== undefined && /\breturn\s+false\b/.test(said.text);
      }),
    inOrderSent,
  },
  payload: { translator: () => payloadTranslator, inTransaction: (_, entries) => sendsInTransaction(entries) },
  'db-migrate': { translator: () => dbMigrateTranslator, inTransaction: () => true },
  laravel: {
    translator: () => laravelTranslator,
    inTransaction: ({ classes }) =>
      !classes.some(({ fields }) => {
        const said = fields.find(({ name }) => name === 'withinTransaction')?.value;
        return said?.kind === 'constant' && said.value === false;
      }),
  },
  alembic: { translator: () => alembicTranslator, inTransaction: (_, entries) => !calls(entries, 'autocommit_block') },
};

/** A constant in a record that the module exports. */
function entry(module: Module, name: string, key: string): unknown {
  const expression = exportedExpression(module, name);
  const value = expression && evaluateConstant(module, expression, module.top.id);
  const found = value?.kind === 'record' ? value.entries.get(key) : undefined;
  return found?.kind === 'constant' ? found.value : undefined;
}

/** `transaction = false`, as a field or, compiled, in the constructor. */
const declinesTransaction = ({ classes, units }: Module): boolean =>
  classes.some(({ fields, methods }) => {
    if (!methods.has('up')) return false;
    const field = fields.find(({ name }) => name === 'transaction')?.value;
    if (field) return field.kind === 'constant' && field.value === false;
    const made = units.find(({ id }) => id === methods.get('constructor'));
    return made !== undefined && /\bthis\.transaction\s*=\s*false\b/.test(made.text);
  });

const calls = (entries: readonly Entry[], name: string): boolean =>
  entries.some(each => each.kind === 'chain' && each.steps.some(step => step.name === name));
