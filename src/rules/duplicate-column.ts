/**
 * A column that is named twice where once is allowed.
 *
 * The server refuses the statement, whatever the data: the migration fails, and with it the deployment.
 * ## Flags
 * ```sql
 * -- migrate:up
 * CREATE TABLE shipments (id bigint, note text, note varchar(80));
 * ```
 * ```sql
 * -- migrate:up
 * INSERT INTO shipments (id, note, id) VALUES (1, 'a', 2);
 * ```
 * ## Stays silent
 * ```sql
 * -- migrate:up
 * UPDATE boards SET cells[1] = 'x', cells[2] = 'o' WHERE id = 1;
 * ```
 * ## When to leave it
 * Never.
 */

import type { OperationOf } from '../catalog/operation';
import { outputName } from '../catalog/outputName';
import { type Fields, isFields, list, walk } from '../catalog/tree';
import { defineRule } from '../facts/rule';
import { changesIn } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';
import type { Dialect } from '../sql/dialect';
import type { SqlSpan } from '../sql/query';

/** A column that is named again, and in what. */
interface Repeated {
  readonly name: string;
  readonly where: string;
  /** Where it stands again, where the reading says that. */
  readonly span?: SqlSpan;
}

export const duplicateColumn = defineRule({
  id: 'duplicate-column',
  level: 'error',
  concern: 'errors',

  *check({ schemaScripts }) {
    for (const script of schemaScripts)
      for (const change of changesIn(script, ...KINDS)) {
        const repeated = repeatedIn(change, script.dialect);
        if (repeated) yield { at: (repeated.span && change.statement.exact(repeated.span)) ?? change.at, ...repeated };
      }
  },

  explain: ({ name, where }) => ({
    what: `\`${name}\` is named twice in ${where}.`,
    why: 'The server refuses the statement, and the migration fails here.',
    remedy: 'Take one of them out.',
    related: [],
  }),
});

const KINDS = [
  'createTable',
  'createTableAs',
  'createView',
  'createMaterializedView',
  'addColumn',
  'addConstraint',
  'insert',
  'update',
  'merge',
] as const;

type Naming = OperationOf<(typeof KINDS)[number]>;

function repeatedIn(change: SchemaChange<Naming>, dialect: Dialect): Repeated | undefined {
  const { operation } = change;
  switch (operation.kind) {
    case 'createTable':
      return (
        again(
          operation.columns.map(({ name }) => name).filter(({ span }) => !isKeyOfMysql(change, span, dialect)),
          'this table',
          // quoted or not, names differ by case in PostgreSQL alone
          dialect === 'postgresql' ? name => name : name => name.toLowerCase(),
        ) ??
        operation.constraints
          .map(constraint =>
            constraint.kind === 'primaryKey' || constraint.kind === 'unique' ? constraint : undefined,
          )
          .map(key => key && again(key.columns, 'this constraint'))
          .find(each => each !== undefined)
      );
    case 'insert':
    case 'update':
    case 'merge':
      // MySQL and SQLite assign twice in an UPDATE, SQLite in an INSERT
      return dialect === 'postgresql' || (operation.kind === 'insert' && dialect !== 'sqlite')
        ? twiceWritten(operation, dialect)
        : undefined;
    default:
      return dialect === 'postgresql' ? repeatedInPostgres(change, operation) : undefined;
  }
}

/** MySQL declares its indexes among the columns: `KEY a_b (b)`. */
const isKeyOfMysql = ({ statement }: SchemaChange, span: SqlSpan, dialect: Dialect): boolean =>
  dialect !== 'postgresql' && /^(?:key|index|unique|fulltext|spatial|period)$/i.test(statement.textOf(span));

function repeatedInPostgres(
  { statement, script }: SchemaChange<Naming>,
  operation: Exclude<Naming, { readonly kind: 'createTable' | 'insert' | 'update' | 'merge' }>,
): Repeated | undefined {
  switch (operation.kind) {
    case 'addColumn': {
      const own = script.changes.flatMap(({ statement: other, operation: each }) =>
        other === statement && each.kind === 'addColumn' ? [each] : [],
      );
      const name = operation.column.name.name;
      const first = own.find(each => each.column.name.name === name);
      return first && first !== operation && !operation.ifNotExists
        ? { name, where: 'this ALTER TABLE', span: operation.column.name.span }
        : undefined;
    }
    case 'addConstraint': {
      const { constraint } = operation;
      return constraint.kind === 'primaryKey' || constraint.kind === 'unique'
        ? again(constraint.columns, 'this constraint')
        : undefined;
    }
    default: {
      const outputs = outputsOf(operation.query.tree);
      const names = [...operation.columns.map(({ name }) => name), ...outputs.slice(operation.columns.length)];
      const name = names.find((each, index) => each !== undefined && names.indexOf(each) < index);
      const what = { createTableAs: 'this table', createView: 'this view', createMaterializedView: 'this view' };
      return name === undefined ? undefined : { name, where: what[operation.kind] };
    }
  }
}

function again(
  columns: readonly { readonly name: string; readonly span: SqlSpan }[],
  where: string,
  same: (name: string) => string = name => name,
): Repeated | undefined {
  const seen = new Set<string>();
  for (const { name, span } of columns) {
    if (seen.has(same(name))) return { name, where, span };
    seen.add(same(name));
  }
  return undefined;
}

/** The names of a query's outputs, as far as they are certain: what stands behind a `*` may come from it too. */
function outputsOf(tree: unknown): readonly (string | undefined)[] {
  let select = isFields(tree) && isFields(tree.SelectStmt) ? tree.SelectStmt : undefined;
  // the names of a UNION are those of its first part
  while (select && isFields(select.larg)) select = select.larg;
  return list(select?.targetList).map(node => {
    const target = isFields(node) && isFields(node.ResTarget) ? node.ResTarget : undefined;
    if (typeof target?.name === 'string') return target.name;
    if (!target || isStar(target.val)) return undefined;
    return outputName(target.val) ?? '?column?';
  });
}

const isStar = (node: unknown): boolean =>
  isFields(node) &&
  isFields(node.ColumnRef) &&
  list(node.ColumnRef.fields).some(field => isFields(field) && 'A_Star' in field);

/** What is assigned twice in one list: INSERT's columns, SET's, those of ON CONFLICT and of a MERGE. */
function twiceWritten(operation: OperationOf<'insert' | 'update' | 'merge'>, dialect: Dialect): Repeated | undefined {
  let found: Repeated | undefined;
  const look = (targets: unknown, where: string): void => {
    const names = list(targets).flatMap(node => {
      const target = isFields(node) && isFields(node.ResTarget) ? node.ResTarget : undefined;
      // `cells[1]` and `address.street` are parts
      return typeof target?.name === 'string' && list(target.indirection).length === 0 ? [target.name] : [];
    });
    const name = names.find((each, index) => names.indexOf(each) < index);
    if (name !== undefined) found ??= { name, where };
  };
  walk(operation.tree, (key: string, node: Fields) => {
    if (key === 'InsertStmt') look(node.cols, 'the columns of this INSERT');
    if (dialect !== 'postgresql') return;
    if (key === 'UpdateStmt') look(node.targetList, 'the SET of this UPDATE');
    if (key === 'onConflictClause') look(node.targetList, 'the SET of this ON CONFLICT DO UPDATE');
    if (key === 'MergeWhenClause') look(node.targetList, 'one branch of this MERGE');
  });
  const own = found && again(operation.columns, found.where);
  return own ?? found;
}
