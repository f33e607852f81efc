/** A step of a history as the review sees it, and what the catalogs say of its way back. */
import { describeDifference, hasDecidingDifferences } from '../catalog/compare';
import type { MigrationTool } from '../engine/migrationTools';
import type { FileId, Place } from '../engine/place';
import type { Dialect } from '../sql/dialect';
import { baseName } from './contribution';
import type { SchemaStep } from './folding';
import type { HistoryStep, MigrationHistory } from './history';
import type { MigrationDown, MigrationFact } from './migration';
import type { Reversal } from './reversal';
import type { Script } from './script';
import { headOf, namesNoneOf, readSqlStep, type SqlStep } from './sqlStep';

/** The fact of a step, by the SQL of its directions. Undefined where its up does nothing at all. */
export function factOfStep(
  { tool, withoutDowns, dialect }: MigrationHistory,
  step: HistoryStep,
  index: number,
  file: FileId,
): MigrationFact | undefined {
  const up = stepOfScript(step.up, dialect);
  if (step.up.statements.length === 0) return undefined;
  return {
    tool,
    name: step.name,
    file,
    at: step.irreversible?.[0]?.at ?? placeOf(tool, step, dialect),
    up: up.step,
    down: withoutDowns
      ? { state: 'none-at-all', because: withoutDowns, isFirst: index === 0 }
      : step.repeatable
        ? { state: 'unread' }
        : downOf(step, up, dialect),
    downBelongs: belongs(tool, step),
  };
}

/** Where a migration's finding stands. */
const placeOf = (tool: MigrationTool, step: HistoryStep, dialect: Dialect): Place =>
  tool === 'alembic' || tool === 'django' || tool === 'laravel'
    ? step.upAt
    : (firstChange(step.up, dialect) ?? step.upAt);

const textOf = ({ statements }: Script): string => statements.map(({ sql }) => sql).join(';\n');

function stepOfScript(script: Script, dialect: Dialect): SqlStep {
  const read = readSqlStep(textOf(script), dialect);
  if (script.untranslated.every(({ dataOnly }) => dataOnly)) return read;
  const { step } = read;
  const effect = step.effect === 'structure' ? 'structure' : 'unknown';
  return { ...read, step: { ...step, effect, complete: false } };
}

/** The head of the first statement that changes the schema. */
function firstChange({ statements }: Script, dialect: Dialect): Place | undefined {
  const first = statements.find(({ sql }) => readSqlStep(sql, dialect).step.effect === 'structure') ?? statements[0];
  if (!first) return undefined;
  const { end } = headOf(first.sql, { start: 0, end: first.sql.length });
  return { ...first.at, end: Math.min(first.at.end, first.at.start + end) };
}

function downOf(
  { down, downAt, downInferred, irreversible, reversed }: HistoryStep,
  up: SqlStep,
  dialect: Dialect,
): MigrationDown {
  if (irreversible) return { state: 'not-inferable', calls: [...new Set(irreversible.map(({ name }) => name))] };
  if (downInferred) return { state: 'inferred', ...(reversed?.[0] ? { at: reversed[0].at } : {}) };
  if (!down || !downAt) return { state: 'missing' };
  const read = stepOfScript(down, dialect);
  if ((down.throws && down.statements.length === 0) || read.fails) return { state: 'throws', at: downAt };
  if (down.statements.length === 0 && down.untranslated.length === 0) return { state: 'empty', at: downAt };
  if (read.step.effect === 'none' && read.step.complete) return { state: 'empty', at: downAt };
  return {
    state: 'present',
    at: downAt,
    step: read.step,
    namesNoneOfThem: namesNoneOf(up.step, read.step, read.names),
  };
}

/** Where each tool looks for the way back. */
function belongs(tool: MigrationTool, { file, name, irreversible = [], reversed = [] }: HistoryStep): string {
  switch (tool) {
    case 'alembic':
      return 'downgrade()';
    case 'django':
      return [...irreversible, ...reversed].every(({ name: call }) => call === 'RunSQL')
        ? 'reverse_sql'
        : 'reverse_code';
    case 'flyway':
      return baseName(file).replace(/^V/, 'U');
    case 'liquibase':
      return '--rollback';
    case 'sqitch':
      return `revert/${name}.sql`;
    default:
      return 'down()';
  }
}

/**
 * The fact with what the catalogs say of its up: a block that makes it so changes the structure where it is not so yet, and
 * where all is known, what drops `IF EXISTS` a thing that is not there, or adds `IF NOT EXISTS` one that is, changes nothing.
 */
export function withSchema(fact: MigrationFact, schema: SchemaStep | undefined): MigrationFact {
  if (schema === undefined || schema.up.failed || schema.up.isPartial) return fact;
  const { effect } = fact.up;
  const changes = hasDecidingDifferences(schema.before, schema.after);
  if (effect === 'unknown' && changes) return { ...fact, up: { ...fact.up, effect: 'structure' } };
  const isKnown = schema.isCertain && schema.before.complete && !schema.up.isSkipping;
  // what a down does all the same is told by itself
  const isDropped = fact.up.changes.every(({ action }) => action === 'drop' || action === 'create');
  const isIdle = effect === 'structure' && !changes && isKnown && isDropped && fact.down.state !== 'present';
  return isIdle ? { ...fact, up: { ...fact.up, effect: 'none' } } : fact;
}

/** The fact with what the catalogs say of its down: they decide where they know. */
export function withReversal(fact: MigrationFact, reversal: Reversal | undefined): MigrationFact {
  const { down } = fact;
  const isWritten = down.state === 'present' || (down.state === 'inferred' && down.at !== undefined);
  if (!isWritten || down.at === undefined || !reversal) return fact;
  switch (reversal.verdict) {
    case 'undone':
      return down.state === 'present' ? { ...fact, down: { ...down, namesNoneOfThem: false } } : fact;
    case 'differs':
      if (down.state === 'present' && down.namesNoneOfThem) return fact;
      return {
        ...fact,
        down: {
          state: 'differs',
          at: reversal.at ?? down.at,
          differences: reversal.differences.map(describeDifference),
          ...(reversal.changedAt ? { changedAt: reversal.changedAt } : {}),
        },
      };
    case 'fails':
      return { ...fact, down: { state: 'fails', at: reversal.at, says: reversal.says } };
    default:
      return fact;
  }
}
