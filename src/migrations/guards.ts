/** What a migration asks of the schema before it acts: a statement that runs only where a table or a column is there, or is not. */
import { type Catalog, columnNamed, isTable, relationNamed } from '../catalog/catalog';
import type { Table, View } from '../catalog/object';

export interface Guard {
  /** The question: one that is asked once is answered once, whatever happens meanwhile. */
  readonly asked: object;
  readonly schema?: string;
  readonly table: string;
  readonly column?: string;
  /** A view counts as a table does, as it does in the standard's lists of both. */
  readonly orView?: true;
  /** Whether it runs where the thing is there, or where it is not. */
  readonly exists: boolean;
}

/** The answers that one run of a script gets. */
export class GuardAnswers {
  private readonly known = new Map<object, boolean>();

  /** Whether a statement runs: by the catalog as it was when it was asked; where that does not know, as the migration means it. */
  allow(guards: readonly Guard[] | undefined, catalog: Catalog): boolean {
    // each is asked, so that a later statement is told what was so before this one
    return guards?.map(guard => this.isSo(guard, catalog)).every(isSo => isSo) ?? true;
  }

  private isSo(guard: Guard, catalog: Catalog): boolean {
    const isThere = this.known.get(guard.asked) ?? isThereIn(catalog, guard) ?? guard.exists;
    this.known.set(guard.asked, isThere);
    return isThere === guard.exists;
  }
}

function isThereIn(catalog: Catalog, { schema, table: name, column, orView }: Guard): boolean | undefined {
  const found = relationNamed(catalog, { name, ...(schema === undefined ? {} : { schema }) });
  const relation = isTable(found) || (orView && found?.kind === 'view') ? found : undefined;
  if (!relation) return catalog.complete ? false : undefined;
  if (column === undefined || columnNamed(relation, column)) return true;
  return isKnownWhole(relation) ? false : undefined;
}

/** A view is no more than its columns, where its query could be followed. */
const isKnownWhole = (relation: Table | View): boolean =>
  !relation.assumed && (relation.kind === 'table' || relation.columns.length > 0);

/** The same asked of a server. */
export const questionOf = ({ schema, table, column }: Guard): string => {
  const name = [schema, table]
    .flatMap(part => (part === undefined ? [] : [`"${part.replaceAll('"', '""')}"`]))
    .join('.');
  const relation = `to_regclass('${name.replaceAll("'", "''")}')`;
  return column === undefined
    ? `SELECT ${relation} IS NOT NULL AS "isThere"`
    : `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = ${relation} AND attname = '${column.replaceAll("'", "''")}' AND NOT attisdropped) AS "isThere"`;
};
