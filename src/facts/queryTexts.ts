import type { ObservedCall } from '../program/analysis';
import type { Value } from '../program/value';
import type { PlaceholderStyle } from '../sql/dialect';
import type { SqlText } from './facts';
import type { QueryCall } from './queryCall';
import { basics, isTextual, sqlArgument, valuesAt } from './queryRows';
import type { Setting } from './setting';
import { gistOf, isSql, sqlTextOf } from './sqlTexts';

/** Methods and functions that are named for what they do with SQL. */
const QUERY_NAME =
  /^(?:\$?(?:query|execute|executemany|executescript|execute_\w+|exec_driver_sql|fetchrow|fetchval|fetch_\w+|run_query|run_sql|read_sql(?:_query)?|exec|run|all|get|each|raw|any|one|oneOrNone|none|many|manyOrNone|result|unsafe|iterate|pluck|batch|task|tx)|\$?(?:query|execute|exec|run)(?:Raw|Unsafe|Sql|SQL|Query|Statement|Async|One|All|Many|Row|Rows|First|Single|RawUnsafe)+|(?:raw|sql|db|select|fetch)(?:Query|Execute|Exec|Run|Sql|All|One|Rows|Many)|sequelizeQuery)$/;

/** What takes a text to show, check, keep or send it elsewhere. */
const NO_QUERY =
  /^(?:log|debug|info|warn|error|trace|fatal|verbose|silly|print|write|append|send|emit|notify|publish|post|put|push|reply|respond|say|render|format|parse|explain|describe|it|test|expect|assert|equal|deepEqual|mock|when|hash|encode|decode|compile|tokenize|highlight|copy|set|add|has|is|includes|match|replace|split|step|sleep)$|^(?:log|write|append|send|emit|publish|assert|expect|should|to[A-Z]|format|parse|build|create|make|render|track|report|record|validate|check|explain|mock|escape|quote|is[A-Z]|has[A-Z])|[lL]og(?:ger)?$/;

/** A call whose argument is SQL, or a parameter of which only the caller knows. */
export function bySqlText(setting: Setting, call: ObservedCall, name: string): QueryCall | undefined {
  if (name === '' || NO_QUERY.test(name)) return undefined;
  const named = QUERY_NAME.test(name);
  const prepares = name === 'prepare';
  const dialect = setting.dialect;
  for (const [index, argument] of call.arguments.entries()) {
    if (argument.spread) break;
    const property = ['text', 'sql'].find(
      each => argument.value.shape.kind === 'record' && argument.value.shape.entries.has(each),
    );
    const sql =
      isTextual(argument.value) || property !== undefined ? sqlArgument(call, index, property, dialect) : undefined;
    if (!sql || !isSql(sql.pieces)) continue;
    // of a function that no name tells of, only what is waited for and gets nothing but the statement first
    if (!named && !prepares && !(call.awaited && index === 0)) return undefined;
    const gist = gistOf(sql.pieces, dialect);
    return {
      ...basics(call, dialect),
      role: prepares ? 'fragment' : 'query',
      evidence: 'sql-text',
      ...guessedPlaceholder(setting, sql),
      operation: gist.operation,
      relationFrom: gist.relationFrom,
      ...(gist.relation === undefined ? {} : { relation: gist.relation }),
      sql,
      takes: {
        sql: index,
        ...(isValues(call, index + 1) ? { values: index + 1 } : prepares ? { binds: 'never' } : {}),
        valuesAs: { kind: 'list' },
      },
      ...valuesAt(call, isValues(call, index + 1) ? index + 1 : undefined),
    };
  }
  if (!named) return undefined;
  const index = call.arguments.findIndex(argument => isParameter(argument.value));
  const argument = call.arguments[index];
  if (!argument || index > 1) return undefined;
  return {
    ...basics(call, dialect),
    evidence: 'possible',
    sql: sqlTextOf(argument, dialect),
    takes: { sql: index, ...(isValues(call, index + 1) ? { values: index + 1 } : {}), valuesAs: { kind: 'list' } },
    ...valuesAt(call, isValues(call, index + 1) ? index + 1 : undefined),
  };
}

/** A parameter itself, handed on as it came. */
const isParameter = ({ shape }: Value): boolean => {
  if (shape.kind === 'unknown') return shape.parameter?.path.length === 0;
  const [only, ...more] = shape.kind === 'text' ? shape.pieces : [];
  return only?.kind === 'hole' && more.length === 0 && isParameter(only.value);
};

const isValues = (call: ObservedCall, index: number): boolean => {
  const kind = call.node.arguments[index]?.value.kind;
  return kind !== undefined && kind !== 'lambda' && kind !== 'unit';
};

/** The style of the placeholders that stand in the text already, else of the one driver that the manifest has. */
function guessedPlaceholder(
  { tables, dependencies, dialect }: Setting,
  sql: SqlText,
): { placeholder?: PlaceholderStyle } {
  if (/\$\d/.test(sql.preview)) return { placeholder: '$n' };
  if (/[=(,<>]\s*\?/.test(sql.preview)) return { placeholder: '?' };
  const styles = new Set(
    [...dependencies].flatMap(name => {
      const library = tables.libraryOf(name);
      return library?.placeholder && (library.dialect ?? dialect) === dialect ? [library.placeholder] : [];
    }),
  );
  const [only, ...others] = styles;
  return only !== undefined && others.length === 0 ? { placeholder: only } : {};
}
