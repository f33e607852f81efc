/** Which tables and columns a history has had and has no more: dropped, or renamed. */
import { type Catalog, isTable, relationNamed, tableNamed } from '../catalog/catalog';
import type { Operation } from '../catalog/operation';
import type { Place } from '../engine/place';
import type { SchemaHead } from '../migrations/head';
import type { ScriptStatement } from '../migrations/script';
import type { SqlSpan } from '../sql/query';
import type { Gone } from './knownSchema';

/** An operation of a step with the catalog before it. */
export interface PastOperation {
  readonly operation: Operation;
  readonly before: Catalog;
  /** Which step of its history. */
  readonly step: number;
  readonly at: Place;
  readonly file: string;
  readonly migration: string;
}

/** What is not there at the head, whatever came between. A name that was given again is not gone. */
export function goneIn(past: Iterable<PastOperation>, { catalog, isSettledSince }: SchemaHead): readonly Gone[] {
  const found = new Map<string, Gone>();
  const column = (each: PastOperation, table: Name, name: string, to?: string): void => {
    const was = tableNamed(each.before, table);
    const now = was && catalog.objects.get(was.id);
    if (!was || !isTable(now) || now.columns.some(other => other.name === name)) return;
    found.set(`${now.id}.${name}`, {
      what: 'column',
      table: was.name,
      tableNow: now.name,
      column: name,
      isSure: isSettledSince(each.step, [now.name, name]),
      ...renamed(to),
      ...placed(each),
    });
  };
  const table = (each: PastOperation, name: Name, to?: string): void => {
    const was = relationNamed(each.before, name);
    if (!was || was.kind === 'sequence' || relationNamed(catalog, { schema: was.schema, name: was.name })) return;
    // a temporary one is gone with its session
    if (isTable(was) && was.persistence === 'temporary') return;
    found.set(`${was.schema}.${was.name}`, {
      what: 'table',
      table: was.name,
      isSure: isSettledSince(each.step, [was.name]),
      ...renamed(to),
      ...placed(each),
    });
  };
  for (const each of past) {
    const { operation } = each;
    if (operation.kind === 'dropColumn') column(each, operation.table, operation.column.name);
    else if (operation.kind === 'rename' && operation.object.kind === 'column' && operation.object.on)
      column(each, operation.object.on, operation.object.name.name, operation.to.name);
    else if (operation.kind === 'rename' && RELATIONS.has(operation.object.kind))
      table(each, operation.object.name, operation.to.name);
    else if (operation.kind === 'drop')
      for (const object of operation.objects) if (RELATIONS.has(object.kind)) table(each, object.name);
  }
  return [...found.values()];
}

type Name = { readonly schema?: string; readonly name: string };

const RELATIONS = new Set<string>(['table', 'view', 'materialized view']);

const renamed = (to: string | undefined): Pick<Gone, 'to'> => (to === undefined ? {} : { to });

export const placed = ({ at, file, migration }: PastOperation): Pick<Gone, 'at' | 'file' | 'migration'> => ({
  at,
  file,
  migration,
});

/** Where an operation of a statement stands: itself where it is written, else the call that makes the statement. */
export function placeIn({ at, pieces, sql }: ScriptStatement, { start, end }: SqlSpan): Place {
  const line = start + (sql.slice(start, end).split('\n', 1)[0]?.trimEnd().length ?? 0);
  for (const piece of pieces)
    if (start >= piece.from && end <= piece.to && (piece.escapes ?? []).length === 0)
      return { unit: piece.unit, start: piece.start + start - piece.from, end: piece.start + line - piece.from };
  return at;
}
