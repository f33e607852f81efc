/** What a history comes to: the schema that is there when all of its steps have run. */
import type { Catalog } from '../catalog/catalog';

export interface SchemaHead {
  readonly catalog: Catalog;
  /**
   * Whether all that the history does to a table is understood: nothing that was not speaks of it, or of the server's own
   * lists of tables.
   */
  readonly isSettled: (table: string) => boolean;
  /**
   * Whether all that comes behind a step, and what is in it, leaves alone what the step has taken away: nothing of it that was
   * not understood speaks of all these names.
   */
  readonly isSettledSince: (step: number, names: readonly string[]) => boolean;
  /** All of it is understood. */
  readonly isUnderstood: boolean;
}

/** Code that goes through the tables of a database by the server's own lists may do anything to any of them. */
const LISTS_TABLES = /\b(?:information_schema|pg_class|pg_tables|pg_indexes|pg_constraint)\b/i;

/** What was not understood, or would fail. */
export interface Unread {
  /** Which step it is of, or is. */
  readonly step: number;
  readonly text: string;
  /** It was understood, and would fail: it is not what the schema was taken for, but does nothing else than it says. */
  readonly fails?: boolean;
}

export function schemaHeadOf(catalog: Catalog, unread: readonly Unread[]): SchemaHead {
  const all = unread.map(({ text, ...each }) => ({
    ...each,
    text: text.toLowerCase(),
    doesAnything: LISTS_TABLES.test(text),
  }));
  const doesAnything = all.some(each => each.doesAnything);
  const known = new Map<string, boolean>();
  return {
    catalog,
    isUnderstood: unread.length === 0,
    isSettled(table) {
      const before = known.get(table);
      if (before !== undefined) return before;
      const name = table.toLowerCase();
      const settled = !doesAnything && !all.some(({ text }) => text.includes(name));
      known.set(table, settled);
      return settled;
    },
    isSettledSince(step, names) {
      const words = names.map(name => name.toLowerCase());
      return !all.some(
        each =>
          (each.step > step || (each.step === step && !each.fails)) &&
          (each.doesAnything || words.every(word => each.text.includes(word))),
      );
    },
  };
}
