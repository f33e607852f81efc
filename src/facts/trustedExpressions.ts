/**
 * Expressions that are harmless in SQL text by what they are written as: constants by their name, calls that are named for
 * escaping, names that come from a model's metadata. Where nothing is known of a value, its name is what a reviewer goes by.
 */
import type { Analysis } from '../program/analysis';
import type { Declare, Expression, Unit } from '../program/model';
import { visitNodes } from '../program/traverse';
import type { Source } from '../program/value';
import type { Hazard } from './facts';

/**
 * Written like a constant, and nothing from a parameter, a loop or a call goes into it: `TABLE`, `Tables.ORDERS`,
 * `process.env.DB_SCHEMA`, `config.schema`, `this.tableName`.
 */
const CONSTANT_NAME =
  /^(?:[\w$]+\.)*[A-Z][A-Z0-9_]*$|^process\.env\.\w+$|\bconfig(?:\.\w+)+$|\.(?:table|tableName|schema|schemaName)$/;

/** Nothing but constants goes in: `quote('order')`. */
const CONSTANT_CALL = /^[\w$]+\(\s*(?:'[^']*'|"[^"]*"|\d+)(?:\s*,\s*(?:'[^']*'|"[^"]*"|\d+))*\s*\)$/;

/** A function of the project's own that is named for what the drivers' functions of that name do. */
const ESCAPING_CALL =
  /^(?:[\w$]+\.)*(?:escape|quote)_?(?:Id|Ident|Identifier|Name|Literal|Table|TableName|Column|ColumnName|Schema)s?\((?:[^()]|\([^()]*\))*\)$/i;

/** `esc(name)` may escape for HTML as well, so it counts only where no request's data goes in. */
const SHORT_ESCAPING_CALL = /^(?:[\w$]+\.)*esc\((?:[^()]|\([^()]*\))*\)$/i;

/** `qb.escape('name')` of a constant: which constant is written there is the code's own choice. */
const CONSTANT_ESCAPED = /^(?:[\w$]+\.)+escape\(\s*(?:'[^']*'|"[^"]*")\s*\)$/;

/** A variable that says that its text was escaped: `escapedName`, `columnQuoted`. */
const ESCAPED_NAME = /^(?:[\w$]+\.)*(?:(?:escaped|quoted)(?:[A-Z_]\w*)?|\w+(?:Escaped|Quoted))$/;

/** The text of a statement that a query builder has built: its values stay parameters. */
const BUILT_QUERY = /\.(?:getQuery|getSql|toQuery)\(\)$|\.toSQL\(\)(?:\.toNative\(\))?\.sql$/;

/** What a model says of its own table: `metadata.tableName`, `getMetadata(Order).tablePath`, `collection.model.tableName`. */
const METADATA =
  /(?:metadata|model|entity|namingStrategy|getMetadata\([^()]*\)|getModel\([^()]*\))\??\.(?:tableName|tablePath|tableNameWithoutPrefix|givenTableName|schema|schemaName|databaseName|databasePath|joinTableName|getTableName)(?:\([^()]*\))?$|\.(?:get)?\w*(?:[tT]able(?:Name|Path)|[sS]chema(?:Name)?)\(\)$/i;

/** Whether an expression can do no harm in SQL text, for what it is written as and what goes into it. */
export const isTrustedExpression = (source: string, from: readonly Source[]): boolean =>
  (from.length === 0 && CONSTANT_NAME.test(source)) ||
  CONSTANT_CALL.test(source) ||
  ESCAPING_CALL.test(source) ||
  CONSTANT_ESCAPED.test(source) ||
  BUILT_QUERY.test(source) ||
  (!from.some(({ kind }) => kind === 'input') &&
    (SHORT_ESCAPING_CALL.test(source) || ESCAPED_NAME.test(source) || METADATA.test(source)));

/**
 * Whether a hazard is a variable that never changes and was given such an expression, or is a member of one:
 * `const table = metadata.tableName`, `const { tableName } = metadata`, `const { sql } = query.toSQL()`.
 */
export function trustedByDeclaration(analysis: Analysis, { source, from, at }: Hazard): boolean {
  const [, name, members = ''] = /^([\w$]+)((?:\.[\w$]+)*)$/.exec(source) ?? [];
  const unit = name === undefined ? undefined : analysis.source(at.unit);
  const written = unit && name !== undefined ? declaredAs(unit, name) : [];
  return written.length > 0 && written.every(each => each !== '' && isTrustedExpression(each + members, from));
}

/** What every variable of this name in the unit is declared with; an empty text where that is open. */
function declaredAs(unit: Unit, name: string): readonly string[] {
  const known = DECLARED.get(unit) ?? new Map<string, readonly string[]>();
  DECLARED.set(unit, known);
  const written = known.get(name) ?? findDeclarations(unit, name);
  known.set(name, written);
  return written;
}

/** Units outlive the reviews of their file, so each is walked once for a name. */
const DECLARED = new WeakMap<Unit, Map<string, readonly string[]>>();

function findDeclarations(unit: Unit, name: string): readonly string[] {
  const text = ({ start, end }: Expression): string => unit.text.slice(start, end).trim();
  const found: string[] = [];
  visitNodes(unit.function.body, node => {
    if (node.kind === 'declare') found.push(...declarations(node, name, text));
    return true;
  });
  const isParameter = unit.function.parameters.some(({ target }) => target.kind === 'variable' && target.name === name);
  return isParameter ? [] : found;
}

function declarations(
  { target, value, constant }: Declare,
  name: string,
  text: (expression: Expression) => string,
): readonly string[] {
  const given = value && constant ? text(value) : '';
  if (target.kind === 'variable') return target.name === name ? [given] : [];
  if (target.kind !== 'entries') return [];
  return target.entries.flatMap(entry =>
    entry.target.kind === 'variable' && entry.target.name === name
      ? [given === '' || entry.default ? '' : `${given}.${entry.key}`]
      : [],
  );
}
