/** Where materialized views are refreshed, and what is wrong with how. */
import { relationNamed } from '../catalog/catalog';
import type { Index, View } from '../catalog/object';
import type { Place } from '../engine/place';
import type { Facts, QueryExecution } from './facts';
import { handlersIn } from './handlers';
import type { KnownSchema } from './knownSchema';
import { changesOf } from './schemaChanges';
import type { Setting } from './setting';
import { recoveredFrom } from './sqlTexts';

export interface Refresh {
  readonly at: Place;
  readonly label?: string;
  readonly view: string;
  /**
   * `locks`: readers wait, where a unique index would let them read on; `fails`: CONCURRENTLY without such an index;
   * `in-request`: somebody waits for it.
   */
  readonly problem: 'locks' | 'fails' | 'in-request';
  /** Where CONCURRENTLY goes in. */
  readonly insertAt?: Place;
  readonly index?: string;
}

const REFRESH = /\brefresh\s+materialized\s+view\s+(concurrently\s+)?((?:"?\w+"?\.)?"?\w+"?)(\s+with\s+no\s+data)?/i;

/** In the statements of code. */
export function refreshesIn(
  queries: readonly QueryExecution[],
  setting: Setting,
  known: KnownSchema,
): readonly Refresh[] {
  return queries.flatMap((query): Refresh[] => {
    if (!query.sql || query.callPath.length > 0) return [];
    const [, concurrently, name, empties] = REFRESH.exec(recoveredFrom(query.sql.pieces)) ?? [];
    if (name === undefined || empties !== undefined) return [];
    const view = name.slice(name.lastIndexOf('.') + 1).replaceAll('"', '');
    const [only, ...more] = known.found(view);
    const { at, label } = query;
    if (isInRequest(setting, query)) return [{ at, label, view, problem: 'in-request' }];
    if (!only || more.length > 0 || only.relation.kind !== 'materializedView') return [];
    return problemOf(only.relation, concurrently !== undefined).map(each => ({ at, label, view, ...each }));
  });
}

function isInRequest(setting: Setting, { call }: QueryExecution): boolean {
  const { whole, inner } = handlersIn(setting, call.unit);
  return whole || inner.some(each => each.unit === call.unit && each.start <= call.start && call.end <= each.end);
}

/** In migrations, SQL files and the functions that they make. */
export function* refreshesInScripts(facts: Pick<Facts, 'schemaScripts' | 'schemaFiles'>): IterableIterator<Refresh> {
  const scripts = [...facts.schemaScripts, ...facts.schemaFiles];
  for (const { operation, before, script, statement, at } of changesOf(
    scripts,
    'refreshMaterializedView',
    'createFunction',
  )) {
    if (operation.kind === 'createFunction') {
      const [, concurrently, name, empties] = REFRESH.exec(operation.body ?? '') ?? [];
      const { catalog } = script.head ?? {};
      const plain = name?.slice(name.lastIndexOf('.') + 1).replaceAll('"', '');
      const view = plain === undefined || !catalog ? undefined : relationNamed(catalog, { name: plain });
      if (view?.kind !== 'materializedView' || empties !== undefined) continue;
      for (const each of problemOf(view, concurrently !== undefined))
        yield { at, label: operation.name.name, view: view.name, ...each };
      continue;
    }
    const view = relationNamed(before, operation.name);
    // what the migration makes itself nobody reads yet
    if (view?.kind !== 'materializedView' || !script.before.objects.get(view.id) || !operation.withData) continue;
    for (const each of problemOf(view, operation.concurrently !== undefined)) {
      const insertAt = statement.exact({ start: operation.concurrentlyAt, end: operation.concurrentlyAt });
      yield { at, view: view.name, ...each, ...(insertAt && each.problem === 'locks' ? { insertAt } : {}) };
    }
  }
}

function problemOf(view: View, concurrently: boolean): readonly Pick<Refresh, 'problem' | 'index'>[] {
  if (view.assumed) return [];
  const index = view.indexes.find(isWhole);
  if (concurrently) return index ? [] : [{ problem: 'fails' }];
  return index ? [{ problem: 'locks', index: index.name }] : [];
}

/** Unique over plain columns and all rows. */
const isWhole = ({ unique, where, elements }: Index): boolean =>
  unique && where === undefined && elements.every(({ column }) => column !== undefined);
