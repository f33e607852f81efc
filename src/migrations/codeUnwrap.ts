/**
 * How a migration in code tells its tool to run it outside of a transaction.
 *
 * Sources: knexjs.org/guide/migrations (`config`), typeorm.io/docs/migrations/executing (`transaction = false`),
 * salsita.github.io/node-pg-migrate/migrations (`pgm.noTransaction()`), mikro-orm.io/docs/migrations (`isTransactional`), alembic.sqlalchemy.org/en/latest/api/runtime.html
 * (`autocommit_block`), docs.djangoproject.com/en/stable/howto/writing-migrations (`atomic = False`), laravel.com/docs/migrations
 * (`$withinTransaction`).
 */

import type { MigrationTool } from '../engine/migrationTools';
import type { Place } from '../engine/place';
import type { Module, Statement, Unit } from '../program/model';
import { directionsIn, exportedExpression } from './codeFiles';

export interface Unwrap {
  readonly at: Place;
  readonly newText: string;
  /** It begins a block in which what stands behind it goes one step deeper. */
  readonly isBlock?: true;
}

/** The insertion that does it; nothing where the tool has no such word, or the module a form that is not known. */
export function unwrapInCode(tool: MigrationTool, module: Module): Unwrap | undefined {
  switch (tool) {
    case 'knex':
      return exportedExpression(module, 'config') ? undefined : exportedConfig(module);
    case 'typeorm':
      return classField(module);
    case 'mikro-orm':
      return classMethod(module);
    case 'node-pg-migrate':
      return firstCall(module);
    case 'alembic':
      return autocommitBlock(module);
    case 'django':
      return atomicField(module);
    case 'laravel':
      return withinTransaction(module);
    default:
      return undefined;
  }
}

const insertion = (unit: string, offset: number, newText: string): Unwrap => ({
  at: { unit, start: offset, end: offset },
  newText,
});

function exportedConfig({ top, exports }: Module): Unwrap {
  const { text, id } = top;
  const isReplaced = exports.some(({ name }) => name === '=') || /\bmodule\.exports\s*=/.test(text);
  const left = /^export\b/m.test(text) ? 'export const config' : `${isReplaced ? 'module.' : ''}exports.config`;
  return insertion(id, text.length, `${text.endsWith('\n') ? '' : '\n'}\n${left} = { transaction: false };\n`);
}

function classField({ top, classes }: Module): Unwrap | undefined {
  const owner = classes.find(({ methods }) => methods.has('up'));
  if (!owner || owner.fields.some(({ name }) => name === 'transaction')) return undefined;
  const brace = top.text.indexOf('{', owner.start);
  if (brace < 0) return undefined;
  const [indentation = '  '] = /\n([ \t]+)\S/.exec(top.text.slice(brace))?.slice(1) ?? [];
  return insertion(top.id, brace + 1, `\n${indentation}transaction = false;`);
}

/** Before the up. */
function classMethod({ top, classes }: Module): Unwrap | undefined {
  const owner = classes.find(({ methods }) => methods.has('up'));
  if (!owner || owner.methods.has('isTransactional')) return undefined;
  const brace = top.text.indexOf('{', owner.start);
  if (brace < 0) return undefined;
  const [, indentation = '  ', overrides = ''] = /\n([ \t]+)(override\s)?\S/.exec(top.text.slice(brace)) ?? [];
  const body = `{\n${indentation}${indentation}return false;\n${indentation}}`;
  return insertion(top.id, brace + 1, `\n${indentation}${overrides && 'override '}isTransactional() ${body}\n`);
}

function firstCall(module: Module): Unwrap | undefined {
  const up = directionsIn(module)?.up;
  const [first] = up?.function.body ?? [];
  const target = up?.function.parameters[0]?.target;
  const unit = up && unitOf(module, up.at.unit);
  if (!first || target?.kind !== 'variable' || !unit) return undefined;
  const indentation = indentationAt(unit, first);
  return indentation === undefined
    ? undefined
    : insertion(unit.id, first.start, `${target.name}.noTransaction();\n${indentation}`);
}

/** Around the only statement. */
function autocommitBlock({ units }: Module): Unwrap | undefined {
  const unit = units.find(each => each.ownerClass === undefined && each.function.name === 'upgrade');
  const [only, more] = (unit?.function.body ?? []).filter(statement => !isText(statement));
  if (!unit || !only || more) return undefined;
  const indentation = indentationAt(unit, only);
  return indentation === undefined
    ? undefined
    : {
        ...insertion(unit.id, only.start, `with op.get_context().autocommit_block():\n${indentation}    `),
        isBlock: true,
      };
}

/** In front of the first field of the migration's class. */
function atomicField({ top, classes }: Module): Unwrap | undefined {
  const owner = classes.find(({ fields }) => fields.some(({ name }) => name === 'operations'));
  if (!owner || owner.fields.some(({ name }) => name === 'atomic')) return undefined;
  const start = Math.min(...owner.fields.map(field => field.start));
  const indentation = /(?:^|\n)([ \t]*)$/.exec(top.text.slice(0, start))?.[1];
  return indentation === undefined ? undefined : insertion(top.id, start, `atomic = False\n\n${indentation}`);
}

/** Behind the brace of the class. */
function withinTransaction({ top, classes }: Module): Unwrap | undefined {
  const owner = classes.find(({ methods }) => methods.has('up'));
  if (!owner || owner.fields.some(({ name }) => name === 'withinTransaction')) return undefined;
  const brace = top.text.indexOf('{', owner.start);
  if (brace < 0) return undefined;
  const [indentation = '    '] = /\n([ \t]+)\S/.exec(top.text.slice(brace))?.slice(1) ?? [];
  return insertion(top.id, brace + 1, `\n${indentation}public $withinTransaction = false;\n`);
}

const unitOf = ({ top, units }: Module, id: string): Unit | undefined => [top, ...units].find(unit => unit.id === id);

/** What stands before a statement in its line, where that is white space alone. */
const indentationAt = ({ text }: Unit, { start }: Statement): string | undefined =>
  /(?:^|\n)([ \t]*)$/.exec(text.slice(0, start))?.[1];

/** A docstring. */
const isText = (statement: Statement): boolean => statement.kind === 'evaluate' && statement.expression.kind === 'text';
