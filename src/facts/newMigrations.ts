/** What a fix may add behind the newest migration of a history. */
import { quoted } from '../catalog/naming';
import type { Edit } from '../engine/finding';
import type { Place } from '../engine/place';
import type { NewMigration } from '../migrations/added/newMigration';

/** The end of a history, as rules see it. */
export interface HistoryTail {
  /** What the schema is stands in a file of the tool's own: what that does not say is taken back. */
  readonly isDeclared: boolean;
  /** Edits that make the files of these migrations; undefined where the tool's way is not certain. */
  add(migrations: readonly NewMigration[]): readonly Edit<Place>[] | undefined;
}

/** An index that is built while the table is written to, and its way back. */
export interface NewIndex {
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

/** The server cuts what is longer. */
const LONGEST_NAME = 63;

interface Named {
  readonly schema: string;
  readonly name: string;
}

/** A table's name as SQL. */
export const tableText = ({ schema, name }: Named): string =>
  schema === 'public' ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;

export function indexOn(table: Named, columns: readonly string[]): NewIndex {
  const name = `${table.name}_${columns.join('_')}_idx`.slice(0, LONGEST_NAME);
  return {
    name,
    up: `CREATE INDEX CONCURRENTLY ${quoted(name)} ON ${tableText(table)} (${columns.map(quoted).join(', ')});`,
    down: `DROP INDEX CONCURRENTLY ${tableText({ schema: table.schema, name })};`,
  };
}

/** The index in a migration of its own; undefined where it cannot be built so, or would be dropped again. */
export function indexMigration(
  tail: HistoryTail | undefined,
  table: Named,
  columns: readonly string[],
): readonly Edit<Place>[] | undefined {
  const { name, up, down } = indexOn(table, columns);
  return tail?.add([
    {
      does: `add ${name}`,
      comments: [
        'Built while the table is written to, outside of a transaction. If it fails, drop the invalid index and run it again.',
      ],
      up: [up],
      down: [down],
      alone: true,
      isModelled: true,
    },
  ]);
}
