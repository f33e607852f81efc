/** What a history comes to: the schema that is there when all of its steps have run. */
import type { Catalog } from '../catalog/catalog';

export interface SchemaHead {
  readonly catalog: Catalog;
  /**
   * Whether all that the history does to a table is understood: nothing that was not speaks of it, or of the server's own
   * lists of tables.
   */
  readonly isSettled: (table: string) => boolean;
  /** All of it is understood. */
  readonly isUnderstood: boolean;
}

/** Code that goes through the tables of a database by the server's own lists may do anything to any of them. */
const LISTS_TABLES = /\b(?:information_schema|pg_class|pg_tables|pg_indexes|pg_constraint)\b/i;

/** @param unread  the texts of the steps that were not understood, or would fail */
export function schemaHeadOf(catalog: Catalog, unread: readonly string[]): SchemaHead {
  const doesAnything = unread.some(text => LISTS_TABLES.test(text));
  const texts = unread.map(text => text.toLowerCase());
  const known = new Map<string, boolean>();
  return {
    catalog,
    isUnderstood: unread.length === 0,
    isSettled(table) {
      const before = known.get(table);
      if (before !== undefined) return before;
      const name = table.toLowerCase();
      const settled = !doesAnything && !texts.some(text => text.includes(name));
      known.set(table, settled);
      return settled;
    },
  };
}
