/** What names may stand for: the things in FROM, from the innermost query outwards. */
import { isTable } from './catalog';
import type { ObjectId, Table, View } from './object';
import { type Typed, typingOf } from './outputType';

/** One thing in FROM. `columns` are known where the catalog or the query itself says them. */
export interface ScopeEntry {
  readonly alias: string;
  /** The alias is the relation's own name. */
  readonly ownName: boolean;
  readonly relation?: ObjectId;
  readonly columns: readonly ScopeColumn[];
  readonly complete: boolean;
}

/** A column, as far as it is known. */
export interface ScopeColumn extends Typed {
  readonly name: string;
  readonly id?: ObjectId;
}

/** What names may stand for at a place in a query. */
export interface Scope {
  readonly entries: readonly ScopeEntry[];
  readonly outer?: Scope;
  readonly ctes: ReadonlyMap<string, readonly ScopeColumn[]>;
}

/** A relation under its own name or another. */
export const entryOf = (relation: Table | View, alias?: string): ScopeEntry => ({
  alias: alias ?? relation.name,
  ownName: alias === undefined,
  relation: relation.id,
  columns: relation.columns,
  complete: !isTable(relation) || relation.complete,
});

/** The column of that identity in the scope, or around it. */
export function columnIn(scope: Scope, id: ObjectId): ScopeColumn | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer)
    for (const { columns } of at.entries) {
      const column = columns.find(one => one.id === id);
      if (column) return column;
    }
  return undefined;
}

/** Columns by the names that stand behind an alias. */
export const renamed = (columns: readonly ScopeColumn[], names: readonly string[]): readonly ScopeColumn[] =>
  columns.map(({ name, ...column }, at) => ({ name: names[at] ?? name, ...typingOf(column) }));

/** The first column of every name. */
export const distinct = (columns: readonly ScopeColumn[]): readonly ScopeColumn[] =>
  columns.filter((column, at) => columns.findIndex(other => other.name === column.name) === at);
