/** Beside which column a literal of a statement stands, and so of which type it is read. */
import { tableNamed } from '../catalog/catalog';
import type { PostgresTrees } from '../sql/postgresTree';
import type { SqlSpan } from '../sql/query';
import { namesIn, type StatementNames } from '../sql/statementNames';
import { fields } from '../sql/treeFields';
import type { SchemaChange } from './schemaScripts';

/**
 * What one statement names, in offsets of the text that it stands in.
 * @param start  where the statement begins in that text
 */
export function statementNamesOf(
  trees: PostgresTrees,
  { text, start }: { readonly text: string; readonly start: number },
): StatementNames | undefined {
  const [only, more] = trees.read(text);
  if (!only?.tree || more) return undefined;
  return namesIn(queryOf(only.tree), location => {
    const at = only.at(location);
    const token = only.tokens.find(each => each.start >= at);
    return token && { start: start + token.start, end: start + token.end };
  });
}

/** The query that a view or a table is made of; any other statement as it is. */
function queryOf(tree: unknown): unknown {
  const { ViewStmt, CreateTableAsStmt } = fields(tree) ?? {};
  return fields(ViewStmt ?? CreateTableAsStmt)?.query ?? tree;
}

/**
 * The types of the columns that a literal is compared with or written to; undefined where it stands beside none, and for a
 * type that is not known.
 */
export function typesBeside(
  { before, statement }: SchemaChange,
  literal: SqlSpan,
): readonly (string | undefined)[] | undefined {
  const values = statement.names()?.values.filter(({ start }) => start === literal.start) ?? [];
  if (values.length === 0) return undefined;
  return values.flatMap(({ column, among }) => {
    for (const ranges of among) {
      const types = ranges.flatMap(({ relation }) => {
        const table = relation && tableNamed(before, relation);
        const found = table?.columns.find(({ name }) => name === column);
        if (found) return [found.type?.name];
        return table?.complete ? [] : [undefined];
      });
      if (types.length > 0) return types;
    }
    return [undefined];
  });
}
