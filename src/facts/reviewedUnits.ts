/**
 * All that a unit adds to the facts of its file, as one answer in the analysis' memory: after an edit one look-up says that a
 * unit is as it was, and not one for each kind of fact.
 */
import type { UnitId } from '../engine/place';
import { acquisitionsOf } from './acquisitions';
import { madeForRequests } from './connectionsMade';
import type { Acquisition, ConnectionMade, Hazard, PoolMade, QueryExecution, SqlText } from './facts';
import { isToldHarmless } from './hazardWeights';
import { isCheckedOnEntry } from './inputChecks';
import { isChosenByCode } from './parameterUses';
import { poolsIn } from './pools';
import { type UnitFacts, unitFactsOf } from './queryExecutions';
import { inputPathsIn } from './requestInput';
import { type SecretUse, secretUsesOf } from './secretUses';
import type { Setting } from './setting';
import { trustByDeclaration } from './trustedNames';

/** Of the hazards those are left that somebody can reach. */
export interface ReviewedUnit extends UnitFacts {
  readonly acquisitions: readonly Acquisition[];
  readonly madePerRequest: readonly ConnectionMade[];
  readonly pools: readonly PoolMade[];
  readonly secretUses: readonly SecretUse[];
}

export function reviewedUnit(setting: Setting, unit: UnitId): ReviewedUnit {
  return setting.analysis.remember(`reviewed ${setting.key} ${unit}`, () => review(setting, unit));
}

function review(setting: Setting, unit: UnitId): ReviewedUnit {
  const facts = unitFactsOf(setting, unit);
  const paths = inputPathsIn(setting);
  const proven = (sql: SqlText): SqlText =>
    withHazards(
      sql,
      sql.hazards.map(hazard => weighed(setting, paths.proven(hazard))).filter(hazard => isReachable(setting, hazard)),
    );
  return {
    ...facts,
    queryExecutions: facts.queryExecutions.map((query): QueryExecution => {
      const sql = query.sql && proven(query.sql);
      return sql === query.sql ? query : { ...query, sql };
    }),
    fragments: facts.fragments.map(fragment => ({ ...fragment, sql: proven(fragment.sql) })),
    looseTexts: facts.looseTexts.map(proven),
    acquisitions: acquisitionsOf(setting, unit).acquisitions,
    madePerRequest: madeForRequests(setting, unit),
    pools: poolsIn(setting, unit),
    secretUses: secretUsesOf(setting, unit),
  };
}

/** A hazard with less weight where the code says that only a few words, or numbers, come there. */
const weighed = ({ analysis }: Setting, hazard: Hazard): Hazard =>
  !hazard.inputPath && hazard.weight === 'likely' && isChosenByCode(analysis, hazard)
    ? { ...hazard, weight: 'possible' }
    : hazard;

function isReachable(setting: Setting, hazard: Hazard): boolean {
  const trust = trustByDeclaration(setting.analysis, hazard);
  if (!hazard.inputPath) return hazard.weight !== 'unlikely' && !isToldHarmless(trust, hazard.role, hazard.from);
  return trust !== 'escaped-by-driver' && !isCheckedOnEntry(setting, hazard);
}

/** The same text where nothing was taken away or found out about its hazards. */
export const withHazards = (sql: SqlText, hazards: SqlText['hazards']): SqlText =>
  hazards.length === sql.hazards.length && hazards.every((each, index) => each === sql.hazards[index])
    ? sql
    : { ...sql, hazards };
