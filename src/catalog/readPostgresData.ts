/** Data statements, queries, transaction control and settings, read from PostgreSQL's tree. */
import type {
  DeleteStmt,
  InsertStmt,
  MergeStmt,
  Node,
  RangeVar,
  SelectStmt,
  TransactionStmt,
  UpdateStmt,
  VariableSetStmt,
} from 'libpg-query';
import type { Clauses } from './clauses';
import type { Identifier, QualifiedName } from './definition';
import type { Operation, OperationOf } from './operation';
import { constantText, relationName, stringsOf } from './readPostgresParts';
import { wholeOf } from './readPostgresTable';
import { walk } from './tree';

const whole = (clauses: Clauses) => ({ statement: clauses.whole, span: clauses.whole });

/** The tables that a query reads, but for the names of its own CTEs. */
export function tablesRead(clauses: Clauses, tree: unknown): readonly QualifiedName[] {
  const own = new Set<string>();
  const found: RangeVar[] = [];
  walk(tree, (key, value) => {
    if (key === 'CommonTableExpr' && typeof value.ctename === 'string') own.add(value.ctename);
    if (key === 'RangeVar' && typeof value.relname === 'string') found.push(value as RangeVar);
  });
  return found
    .filter(relation => relation.schemaname !== undefined || !own.has(relation.relname ?? ''))
    .map(relation => relationName(clauses, relation));
}

const targets = (clauses: Clauses, nodes: readonly Node[] | undefined): readonly Identifier[] =>
  (nodes ?? []).flatMap(node => {
    if (!('ResTarget' in node) || node.ResTarget.name === undefined) return [];
    const at = clauses.located(node.ResTarget.location);
    const span = at === undefined ? clauses.whole : clauses.span({ from: at, to: at + 1 });
    return [{ name: node.ResTarget.name, span }];
  });

type WriteKind = 'insert' | 'update' | 'delete' | 'merge';

export function readData(
  clauses: Clauses,
  kind: WriteKind,
  statement: InsertStmt & UpdateStmt & DeleteStmt & MergeStmt,
  node: Node,
): OperationOf<WriteKind> {
  const rows = statement.selectStmt;
  const { relation: _, ...rest } = statement;
  return {
    ...whole(clauses),
    kind,
    table: relationName(clauses, statement.relation),
    columns: targets(clauses, kind === 'insert' ? statement.cols : statement.targetList),
    fromQuery: rows !== undefined && 'SelectStmt' in rows && rows.SelectStmt.valuesLists === undefined,
    hasWhere: statement.whereClause !== undefined || kind === 'merge',
    reads: tablesRead(clauses, rest),
    tree: wholeOf(clauses, node),
  };
}

/** Functions of the server's own that change neither schema nor rows. */
export const HARMLESS = new Set(
  'count sum avg min max coalesce now current_timestamp current_date current_setting version length lower upper concat format row_number rank array_agg string_agg json_agg jsonb_agg json_build_object jsonb_build_object to_char to_date to_timestamp date_trunc extract generate_series unnest exists pg_sleep pg_advisory_lock pg_advisory_unlock pg_advisory_xact_lock pg_try_advisory_lock pg_get_serial_sequence nextval setval currval lastval random gen_random_uuid md5 encode decode pg_size_pretty pg_total_relation_size pg_relation_size to_regclass to_regtype has_table_privilege quote_ident quote_literal greatest least nullif round trunc abs floor ceil substring substr replace trim split_part regexp_replace position strpos array_length cardinality pg_backend_pid txid_current pg_notify bool_or bool_and every first_value last_value lag lead ntile dense_rank percent_rank jsonb_set to_json to_jsonb row_to_json timezone age'.split(
    ' ',
  ),
);

/** SELECT: settings are read, INTO is a table, and a call of an unknown function may do anything. */
export function readSelect(clauses: Clauses, statement: SelectStmt, node: Node): readonly Operation[] {
  const setting = settingOf(clauses, statement);
  if (setting) return [setting];
  if (statement.intoClause) {
    const { rel } = statement.intoClause;
    return [
      {
        ...whole(clauses),
        kind: 'createTableAs',
        ifNotExistsAt: relationName(clauses, rel).span.start,
        name: relationName(clauses, rel),
        persistence: rel?.relpersistence === 't' ? 'temporary' : rel?.relpersistence === 'u' ? 'unlogged' : 'permanent',
        columns: [],
        query: { ...wholeOf(clauses, node), tree: { SelectStmt: { ...statement, intoClause: undefined } } },
        withData: true,
      },
    ];
  }
  const [unknown, ...others] = unknownCalls(statement);
  if (unknown !== undefined)
    return [
      {
        ...whole(clauses),
        kind: 'unread',
        why: 'call',
        says: `${unknown}() may do anything`,
        mayChangeSchema: true,
        calls: [unknown, ...others].map(name => name.slice(name.lastIndexOf('.') + 1)),
      },
    ];
  return [
    ...writesInside(clauses, statement),
    { ...whole(clauses), kind: 'query', reads: tablesRead(clauses, statement) },
  ];
}

/** `WITH x AS (DELETE …)`: the writes of a query's CTEs. */
function writesInside(clauses: Clauses, tree: unknown): readonly Operation[] {
  const found: Operation[] = [];
  walk(tree, (key, value) => {
    const kind =
      key === 'InsertStmt' ? 'insert' : key === 'UpdateStmt' ? 'update' : key === 'DeleteStmt' ? 'delete' : undefined;
    if (kind) found.push(readData(clauses, kind, value, { [key]: value } as unknown as Node));
  });
  return found;
}

function unknownCalls(statement: SelectStmt): readonly string[] {
  // with a FROM clause a call computes something per row, which changes no schema in all experience
  if (statement.fromClause?.some(node => 'RangeVar' in node || 'JoinExpr' in node || 'RangeSubselect' in node))
    return [];
  const found: string[] = [];
  walk(statement, (key, value) => {
    if (key !== 'FuncCall') return;
    const names = stringsOf(value.funcname as readonly Node[] | undefined);
    const name = names[names.length - 1] ?? '';
    if (!HARMLESS.has(name)) found.push(names.filter(part => part !== 'pg_catalog').join('.'));
  });
  return found;
}

function settingOf(clauses: Clauses, statement: SelectStmt): Operation | undefined {
  const [target] = statement.targetList ?? [];
  if (!target || !('ResTarget' in target) || !target.ResTarget.val || !('FuncCall' in target.ResTarget.val))
    return undefined;
  const { funcname, args } = target.ResTarget.val.FuncCall;
  const names = stringsOf(funcname);
  if (names[names.length - 1] !== 'set_config' || !args) return undefined;
  const [name, value, local] = args.map(constantText);
  return {
    ...whole(clauses),
    kind: 'setParameter',
    name: (name ?? '').toLowerCase(),
    values: (value ?? '')
      .split(',')
      .map(part => part.trim().replace(/^"(.*)"$/, '$1'))
      .filter(part => part !== ''),
    local: local === 'true',
  };
}

export function readSetting(clauses: Clauses, statement: VariableSetStmt): readonly Operation[] {
  const common = { ...whole(clauses), kind: 'setParameter' as const, local: statement.is_local === true };
  switch (statement.kind) {
    case 'VAR_SET_VALUE':
      return [
        { ...common, name: (statement.name ?? '').toLowerCase(), values: (statement.args ?? []).map(constantText) },
      ];
    case 'VAR_RESET_ALL':
      return [{ ...common, name: '*' }];
    case 'VAR_RESET':
    case 'VAR_SET_DEFAULT':
      return [{ ...common, name: (statement.name ?? '').toLowerCase() }];
    default:
      return [{ ...whole(clauses), kind: 'query', reads: [] }];
  }
}

const ACTIONS: Readonly<Record<string, OperationOf<'transaction'>['action']>> = {
  TRANS_STMT_BEGIN: 'begin',
  TRANS_STMT_START: 'begin',
  TRANS_STMT_COMMIT: 'commit',
  TRANS_STMT_ROLLBACK: 'rollback',
  TRANS_STMT_SAVEPOINT: 'savepoint',
  TRANS_STMT_RELEASE: 'release',
  TRANS_STMT_ROLLBACK_TO: 'rollbackTo',
  TRANS_STMT_PREPARE: 'prepare',
  TRANS_STMT_COMMIT_PREPARED: 'commit',
  TRANS_STMT_ROLLBACK_PREPARED: 'rollback',
};

export const readTransaction = (clauses: Clauses, statement: TransactionStmt): OperationOf<'transaction'> => ({
  ...whole(clauses),
  kind: 'transaction',
  action: ACTIONS[statement.kind ?? ''] ?? 'begin',
  ...(statement.savepoint_name === undefined ? {} : { name: statement.savepoint_name }),
  ...(statement.chain ? { chain: true } : {}),
});
