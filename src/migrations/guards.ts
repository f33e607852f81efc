/** What a migration asks of the schema before it acts: a statement that runs only where a table or a column is there, or is not. */
import { type Catalog, columnNamed, tableNamed } from '../catalog/catalog';

export interface Guard {
  /** The question: one that is asked once is answered once, whatever happens meanwhile. */
  readonly asked: object;
  readonly schema?: string;
  readonly table: string;
  readonly column?: string;
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

function isThereIn(catalog: Catalog, { schema, table: name, column }: Guard): boolean | undefined {
  const table = tableNamed(catalog, { name, ...(schema === undefined ? {} : { schema }) });
  if (!table) return catalog.complete ? false : undefined;
  if (column === undefined || columnNamed(table, column)) return true;
  return table.assumed ? undefined : false;
}

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
