/** Beside which column a literal of a statement stands, and so of which type it is read. */
import { tableNamed } from '../catalog/catalog';
import type { OperationOf } from '../catalog/operation';
import type { PostgresTrees } from '../sql/postgresTree';
import type { SqlSpan } from '../sql/query';
import { namesIn, type StatementNames } from '../sql/statementNames';
import { fields } from '../sql/treeFields';
import type { SchemaChange, SchemaStatement } from './schemaScripts';

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

/**
 * The type of the column that a literal is written to by an INSERT that names none: by its place among the values, and that of
 * the column in a table that is known whole. Undefined where either is not known.
 */
export function typeByPosition(change: SchemaChange<OperationOf<'insert'>>, literal: SqlSpan): string | undefined {
  const table = tableNamed(change.before, change.operation.table);
  if (!table?.complete || table.assumed) return undefined;
  const position = positionAmongValues(change.statement, literal);
  return position === undefined ? undefined : table.columns[position]?.type?.name;
}

/** How many values stand before it in its row; undefined where it is a part of one. */
function positionAmongValues({ tokens, textOf }: SchemaStatement, literal: SqlSpan): number | undefined {
  const at = tokens.findIndex(({ start }) => start === literal.start);
  const source = (index: number): string => {
    const token = tokens[index];
    return token ? textOf(token).toUpperCase() : '';
  };
  if (!/^(?:,|\)|::|FROM|UNION|WHERE|AS|)$/.test(source(at + 1))) return undefined;
  if (!/^(?:,|\(|SELECT|ALL|DISTINCT)$/.test(source(at - 1))) return undefined;
  let position = 0;
  let depth = 0;
  for (let index = at - 1; index >= 0; index -= 1) {
    const word = source(index);
    if (word === ')') depth += 1;
    else if (word === '(' && depth > 0) depth -= 1;
    else if (depth === 0 && word === ',') position += 1;
    else if (depth === 0 && word === '*') return undefined;
    else if (depth === 0 && word === 'SELECT') return position;
    else if (word === '(') return /^(?:VALUES|,)$/.test(source(index - 1)) ? position : undefined;
  }
  return undefined;
}
