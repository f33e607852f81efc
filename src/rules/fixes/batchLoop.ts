/**
 * Takes a query out of a loop: one statement for all keys before it, and a look-up in its place.
 *
 * Always a suggestion, since the server gets another statement at another time. Only where the rewrite is certain: one
 * comparison of one column with the item's key, in a SELECT that gives that column and whose rows do not depend on each
 * other.
 */
import { type Edit, type ProposedFix, suggestion } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { LoopRewrite, QueryExecution, QueryRewrite, SqlText } from '../../facts/facts';
import type { CodeWriter } from '../../program/writer';
import type { Comparison, Output, SqlQuery } from '../../sql/query';
import { textSource } from './recoveredText';

/** The fix, where the loop and the query allow it. */
export function batchLoop(query: QueryExecution, writer: CodeWriter): readonly ProposedFix[] {
  const known = KNOWN.get(query);
  if (known?.writer === writer) return known.fixes;
  const fixes = findBatch(query, writer);
  KNOWN.set(query, { writer, fixes });
  return fixes;
}

/** A query that an edit left alone is the same object in the next review. */
const KNOWN = new WeakMap<QueryExecution, { readonly writer: CodeWriter; readonly fixes: readonly ProposedFix[] }>();

function findBatch(query: QueryExecution, writer: CodeWriter): readonly ProposedFix[] {
  const { rewrite } = query;
  const loop = rewrite?.loop;
  if (!loop?.key || loop.result.kind === 'other' || !isStable(loop.source)) return [];
  const batch = builderBatch(query, loop, writer) ?? statementBatch(query, rewrite, writer);
  if (!batch) return [];

  const names = namesFor(batch.relation ?? query.relation, batch.column, loop);
  const row = names.row;
  const rows = `(${spliced(loop.awaited, [...batch.edits, ...movedOut(loop, query.sql)])})`;
  const { result, indentation } = loop;
  const found = result.rowsIn === undefined ? rows.slice(1, -1) : writer.member(rows, result.rowsIn);
  const key = writer.keyText(writer.member(row, batch.column));
  const map =
    result.kind === 'first-row'
      ? writer.declare(names.map, writer.indexedBy(names.rows, row, key))
      : writer.groupedBy(names.map, names.rows, row, key);
  const before = [writer.declare(names.rows, found), ...map.split('\n')];
  const lookup = writer.lookup(
    names.map,
    writer.keyText(loop.key.source),
    result.kind === 'rows' ? writer.list([]) : undefined,
  );
  const answer =
    result.kind === 'rows' && result.wrappedIn !== undefined
      ? writer.record([{ name: result.wrappedIn, value: lookup }])
      : lookup;
  const lines = before.map(line => `${line}\n${indentation}`);
  return [
    suggestion(`Ask once for all of ${loop.source}, before the loop`, [
      { at: { ...loop.at, end: loop.at.start }, newText: lines.join('') },
      {
        at: result.reads,
        newText: result.target === undefined ? parenthesised(lookup) : `${result.target} = ${answer}`,
      },
    ]),
  ];
}

/** An operator in the look-up must not be torn apart by what stands around it. */
const parenthesised = (lookup: string): string => (/\s/.test(lookup) ? `(${lookup})` : lookup);

/** A name or a chain of members: it may be walked twice, and names what the message can name. */
const isStable = (source: string): boolean => /^[\p{L}_$][\w$]*(?:\.[\p{L}_$][\w$]*)*$/u.test(source);

interface Batch {
  /** The member of a row that holds the key. */
  readonly column: string;
  readonly relation?: string;
  /** Changes to the awaited call. */
  readonly edits: readonly Edit<Place>[];
}

/** `where({ order_id: order.id })` → `whereIn('order_id', orders.map(order => order.id))` */
function builderBatch({ sql }: QueryExecution, loop: LoopRewrite, writer: CodeWriter): Batch | undefined {
  const { equality } = loop;
  const keys = keysOf(loop, writer);
  if (!equality || sql || !keys) return undefined;
  return {
    column: memberName(equality.column),
    edits: [{ at: equality.at, newText: `${equality.batched}(${writer.text(equality.column)}, ${keys})` }],
  };
}

/** `t.order_id` is `order_id` in the row. */
const memberName = (column: string): string => column.slice(column.lastIndexOf('.') + 1);

/** `WHERE order_id = $1` → `WHERE order_id = ANY($1)`, and the key in the values → all keys. */
function statementBatch(
  { sql, statement, placeholder, dialect }: QueryExecution,
  rewrite: QueryRewrite | undefined,
  writer: CodeWriter,
): Batch | undefined {
  const loop = rewrite?.loop;
  const sqlArgument = rewrite?.sqlArgument;
  const items = rewrite?.valuesArgument?.items;
  const keys = loop && keysOf(loop, writer);
  // Only PostgreSQL takes an array for a parameter.
  if (!loop?.key || !sql || !statement || !sqlArgument || !items || !keys) return undefined;
  if (dialect !== 'postgresql' || placeholder !== '$n' || sql.hazards.length > 0 || !givesWholeRows(statement))
    return undefined;

  const { key } = loop;
  const number = items.findIndex(({ at }) => at.start === key.at.start && at.end === key.at.end) + 1;
  if (number === 0) return undefined;
  const [comparison, ...others] = statement.comparisons.filter(({ values }) =>
    values.some(value => value.kind === 'placeholder' && value.number === number),
  );
  if (!comparison || others.length > 0 || comparison.operator !== '=' || comparison.values.length !== 1)
    return undefined;
  // The same parameter somewhere else, in a subquery or an expression, would get the array too.
  if (sql.preview.split(new RegExp(`\\$${number}(?!\\d)`)).length !== 2) return undefined;
  const column = outputOf(statement, comparison);
  const edit = arrayEdit(sql, sqlArgument, comparison);
  if (column === undefined || !edit) return undefined;
  const compared = statement.from.find(({ name, alias }) => (alias ?? name) === comparison.qualifier);
  return { column, relation: (compared ?? statement.from[0])?.name, edits: [edit, { at: key.at, newText: keys }] };
}

/** The list of keys in terms of the loop's source; nothing when the key is more than the item or a member of it. */
function keysOf({ key, item, source }: LoopRewrite, writer: CodeWriter): string | undefined {
  if (!key) return undefined;
  return key.source === item ? source : writer.mapped(source, item, key.source);
}

/** Rows of one statement for all keys are the rows of the statements for each: none is left out, merged or counted. */
const givesWholeRows = (statement: SqlQuery): boolean =>
  statement.kind === 'select' &&
  !statement.grouped &&
  !statement.aggregated &&
  !statement.distinct &&
  !statement.limited &&
  !statement.combined &&
  !statement.locking &&
  statement.writes.length === 0;

/** The name under which the compared column stands in a row; nothing when it is not selected, or ambiguous. */
function outputOf({ outputs, from }: SqlQuery, { column, qualifier }: Comparison): string | undefined {
  const single = from.length === 1;
  const named = outputs.filter((output): output is Output & { kind: 'column' } => output.kind === 'column');
  const match = named.find(output => output.name === column && (single || output.qualifier === qualifier));
  const name = match?.as ?? match?.name;
  if (name !== undefined) {
    const others = outputs.filter(output => output !== match);
    const clashes = others.some(output => (output.kind === 'all' ? !single : nameOf(output) === name));
    return clashes ? undefined : name;
  }
  const all = outputs.find(
    output => output.kind === 'all' && (single || (qualifier !== undefined && output.qualifier === qualifier)),
  );
  if (!all) return undefined;
  const clashes = outputs.some(output => output !== all && (output.kind === 'all' || nameOf(output) === column));
  return clashes ? undefined : column;
}

const nameOf = (output: Output): string | undefined =>
  output.kind === 'all' ? undefined : (output.as ?? (output.kind === 'column' ? output.name : undefined));

/** `= $1` → `= ANY($1)` in the program's source, a cast of the parameter along: `$1::int` → `$1::int[]`. */
function arrayEdit(
  sql: SqlText,
  argument: { readonly at: Place; readonly source: string },
  { values }: Comparison,
): Edit<Place> | undefined {
  const [value] = values;
  const source = textSource(sql, argument);
  if (value?.kind !== 'placeholder' || !source) return undefined;
  const { text } = source.recovered;
  const written = /^\$\d+/.exec(text.slice(value.start));
  if (!written) return undefined;
  const placeholderEnd = value.start + written[0].length;
  const cast = CAST.exec(text.slice(placeholderEnd))?.[0] ?? '';
  if (cast === '' && /^\s*(?:::|[[.])/.test(text.slice(placeholderEnd))) return undefined;
  const end = placeholderEnd + cast.length;
  const from = source.before(value.start);
  const to = source.after(end);
  if (!from?.literal || from.literal.at.start !== to?.literal?.at.start) return undefined;
  const newText = `ANY(${written[0]}${cast === '' ? '' : `${cast}[]`})`;
  return { at: { unit: source.at.unit, start: from.offset, end: to.offset }, newText };
}

/** A cast to a type of one word. */
const CAST = /^\s*::\s*[a-z_]\w*(?![\w.])(?!\s*(?:[([]|precision\b|varying\b|with(?:out)?\b))/i;

/** Takes the call's further lines out to the loop's own indentation; what stands in a literal stays as it is. */
function movedOut({ awaited, indentation }: LoopRewrite, sql: SqlText | undefined): readonly Edit<Place>[] {
  const { at, source } = awaited;
  const lines = [...source.matchAll(/\n([ \t]*)/g)];
  const further = (lines.at(-1)?.[1]?.length ?? 0) - indentation.length;
  if (further <= 0) return [];
  const literals = (sql?.pieces ?? []).flatMap(piece =>
    'literal' in piece && piece.literal ? [piece.literal.at] : [],
  );
  return lines.flatMap(line => {
    const start = at.start + line.index + 1;
    const width = Math.min(further, line[1]?.length ?? 0);
    const inLiteral = literals.some(literal => literal.start < start && start < literal.end);
    return inLiteral || width === 0 ? [] : [{ at: { unit: at.unit, start, end: start + width }, newText: '' }];
  });
}

/** The source of an expression with edits made in it. */
function spliced(expression: { readonly at: Place; readonly source: string }, edits: readonly Edit<Place>[]): string {
  const { at, source } = expression;
  return [...edits]
    .sort((left, right) => right.at.start - left.at.start)
    .reduce(
      (text, edit) => text.slice(0, edit.at.start - at.start) + edit.newText + text.slice(edit.at.end - at.start),
      source,
    );
}

/** Names for what the fix declares, after the table and the column, none of which the unit has already. */
function namesFor(relation: string | undefined, column: string, loop: LoopRewrite) {
  const base = camelCase(relation ?? '') || 'row';
  const singular = singularOf(base);
  const plural = pluralOf(singular);
  const taken = new Set([...loop.names, ...RESERVED]);
  const free = (...names: readonly [string, ...string[]]): string => {
    const [first] = names;
    let name = names.find(candidate => !taken.has(candidate));
    for (let count = 2; name === undefined; count++) if (!taken.has(`${first}${count}`)) name = `${first}${count}`;
    taken.add(name);
    return name;
  };
  return {
    map: free(`${plural}By${capitalised(camelCase(column))}`),
    rows: free(plural, `all${capitalised(plural)}`),
    row: free(singular, `${singular}Row`),
  };
}

/** Tables are named after things that languages have taken as keywords; `group` is what writers call a group. */
const RESERVED =
  'abstract break case catch class continue default delete do else enum export extends final finally for from func function global go goto group if implements import in instanceof interface is lambda let map namespace new not null object package pass private protected public range return select static super switch this throw trait try type typeof use var void while with yield'.split(
    ' ',
  );

const capitalised = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `order_line` → `orderLine`, `public.order` → `order` */
const camelCase = (name: string): string => {
  const words = name
    .slice(name.lastIndexOf('.') + 1)
    .split(/[^\p{L}\p{N}]+|(?<=\p{Ll})(?=\p{Lu})/u)
    .filter(Boolean);
  const joined = words
    .map((word, index) => (index === 0 ? word.toLowerCase() : capitalised(word.toLowerCase())))
    .join('');
  return /^\d/.test(joined) ? '' : joined;
};

const singularOf = (name: string): string => {
  if (/people$/.test(name)) return `${name.slice(0, -6)}person`;
  if (/ies$/.test(name)) return `${name.slice(0, -3)}y`;
  if (/(?:ss|sh|ch|x|z)es$/.test(name)) return name.slice(0, -2);
  return /[^su]s$/.test(name) ? name.slice(0, -1) : name;
};

const pluralOf = (name: string): string => {
  if (/person$/.test(name)) return `${name.slice(0, -6)}people`;
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|z)$/.test(name) ? `${name}es` : `${name}s`;
};

/** What the one statement would look like, for the hover, where no fix can be offered. */
export function batchedStatement({ statement, dialect }: QueryExecution): string | undefined {
  const [comparison, ...others] = (statement?.comparisons ?? []).filter(
    ({ operator, values }) => operator === '=' && values.some(({ kind }) => kind === 'placeholder'),
  );
  if (!statement || !comparison || others.length > 0) return undefined;
  const column = comparison.qualifier ? `${comparison.qualifier}.${comparison.column}` : comparison.column;
  const relations = statement.kind === 'select' ? statement.from : statement.writes;
  const from = relations.map(({ name, alias }) => (alias ? `${name} ${alias}` : name)).join(', ');
  if (!from) return undefined;
  const filter = dialect === 'postgresql' ? `WHERE ${column} = ANY($1)` : `WHERE ${column} IN (…)`;
  switch (statement.kind) {
    case 'select':
      if (statement.combined || statement.locking) return undefined;
      if (statement.aggregated) return fenced(`SELECT ${column}, …`, `FROM ${from}`, filter, `GROUP BY ${column}`);
      if (!statement.limited) return fenced(`SELECT ${column}, …`, `FROM ${from}`, filter);
      return dialect === 'postgresql'
        ? fenced(`SELECT DISTINCT ON (${column}) ${column}, …`, `FROM ${from}`, filter, `ORDER BY ${column}, …`)
        : undefined;
    case 'delete':
      return fenced(`DELETE FROM ${from}`, filter);
    case 'update':
      return statement.placeholders === 1 ? fenced(`UPDATE ${from} SET …`, filter) : undefined;
    default:
      return undefined;
  }
}

const fenced = (...lines: readonly string[]): string => `\`\`\`sql\n${lines.join('\n')}\n\`\`\``;
