/**
 * Takes a query out of a loop: one statement for all keys before it, and a look-up in its place.
 *
 * Always a suggestion, since the server gets another statement at another time. Only where the rewrite is certain: one
 * comparison of one column with the item's key, in a SELECT that gives that column and whose rows do not depend on each
 * other.
 */
import { type Edit, type ProposedFix, suggestion } from '../../engine/finding';
import type { Place } from '../../engine/place';
import type { KeyedRead, LoopResult, LoopRewrite, QueryExecution, SqlText } from '../../facts/facts';
import type { CodeWriter } from '../../program/writer';
import { type BatchNames, batchNames, itemName } from './batchNames';
import { type Batch, batchOfStatement } from './batchStatement';

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
  const loop = query.rewrite?.loop;
  const keys = loop && keysOf(loop, writer);
  if (!loop?.key || keys === undefined || loop.result.kind === 'other' || !isStable(loop.source)) return [];
  const batch =
    batchOfBuilder(query, loop, keys, writer) ?? batchOfRead(loop, keys, writer) ?? batchOfStatement(query, keys);
  if (!batch) return [];

  const { result, indentation, awaited } = loop;
  const names = batchNames(batch.relation ?? query.relation ?? receiverOf(query), batch.column, loop.names);
  const written = spliced(awaited, [...batch.edits, ...movedOut(loop, query.sql)]);
  const call = awaited.waitsElsewhere ? writer.awaited(written) : written;
  const found = result.rowsIn === undefined ? call : writer.member(`(${call})`, result.rowsIn);
  const key = writer.keyText(writer.member(names.row, batch.column));
  const before = [writer.declare(names.rows, found), ...mapOf(query, batch, names, key, writer)];
  const fallback = result.kind === 'rows' ? writer.list([]) : missingOf(result, writer);
  const lookup = writer.lookup(names.map, writer.keyText(loop.key.source), fallback);
  const answer =
    result.kind === 'rows' && result.wrappedIn !== undefined
      ? writer.record([{ name: result.wrappedIn, value: lookup }])
      : lookup;
  const alone = result.standsAlone ? lookup : parenthesised(lookup);
  return [
    suggestion(`Ask once for all of ${loop.source}, before the loop`, [
      { at: { ...loop.at, end: loop.at.start }, newText: before.map(line => `${line}\n${indentation}`).join('') },
      { at: result.reads, newText: result.target === undefined ? alone : `${result.target} = ${answer}` },
      ...(batch.elsewhere ?? []),
    ]),
  ];
}

/** Lines that declare the map: from each key to its rows, to its only one, or to the first of them. */
function mapOf(
  { rewrite, statement }: QueryExecution,
  { column }: Batch,
  names: BatchNames,
  key: string,
  writer: CodeWriter,
): readonly string[] {
  const { result, step = '  ' } = rewrite?.loop ?? {};
  if (result?.kind === 'rows') return writer.groupedBy(names.map, names.rows, names.row, key, step).split('\n');
  // the column of a table that is called `id` holds no value twice
  const single = statement === undefined || (statement.from.length === 1 && !statement.combined);
  const unique = result?.kind === 'record' ? result.unique : single && /^_?id$/.test(column);
  return unique
    ? [writer.declare(names.map, writer.indexedBy(names.rows, names.row, key))]
    : writer.firstBy(names.map, names.rows, names.row, key, step).split('\n');
}

/** What a read of one gives where there is none, if that is not what a map gives. */
const missingOf = (result: LoopResult, writer: CodeWriter): string | undefined =>
  result.kind === 'record' && result.missing === 'null' ? writer.nothing : undefined;

/**
 * `customers` of `this.customersRepository.findOneBy()`, `Customer` of `dataSource.getRepository(Customer).findOneBy()`: what
 * an object that reads is called after, or made for.
 */
function receiverOf({ label, rewrite }: QueryExecution): string | undefined {
  const asked = rewrite?.loop?.awaited.source ?? '';
  const [, model] = /\((?:[\w$.]+,\s*)?(?:[\w$]+\.)?([A-Z][\w$]*)(?:\)\s*\.|\s*,)/.exec(asked) ?? [];
  if (model !== undefined) return model;
  const name = /([\w$]+)\.[\w$]+\(\)$/
    .exec(label)?.[1]
    ?.replace(/_?(?:Repository|Repo|Model|Entity|Collection|Table|Dao)$/i, '');
  return name && !/^(?:this|self|db|em|manager|prisma|client|pool|conn|connection)$/i.test(name) ? name : undefined;
}

/** An operator in the look-up must not be torn apart by what stands around it. */
const parenthesised = (lookup: string): string => (/\s/.test(lookup) ? `(${lookup})` : lookup);

/** A name or a chain of members: it may be walked twice, and names what the message can name. */
const isStable = (source: string): boolean => /^[\p{L}_$][\w$]*(?:\.[\p{L}_$][\w$]*)*$/u.test(source);

/** `where({ order_id: order.id })` → `whereIn('order_id', orders.map(order => order.id))` */
function batchOfBuilder(
  { sql }: QueryExecution,
  { equality }: LoopRewrite,
  keys: string,
  writer: CodeWriter,
): Batch | undefined {
  if (!equality || sql) return undefined;
  return {
    column: memberName(equality.column),
    edits: [{ at: equality.at, newText: `${equality.batched}(${writer.text(equality.column)}, ${keys})` }],
  };
}

/** `findUnique({ where: { id: order.customerId } })` → `findMany({ where: { id: { in: orders.map(…) } } })` */
function batchOfRead({ keyed }: LoopRewrite, keys: string, writer: CodeWriter): Batch | undefined {
  if (!keyed) return undefined;
  const { filter, method, listedBy, imports } = keyed;
  if (imports?.from !== undefined && !writer.imported) return undefined;
  const list = keyed.oneOfThese.replace('…', keys);
  return {
    column: keyed.column,
    ...(keyed.relation === undefined ? {} : { relation: keyed.relation }),
    edits: [
      { at: filter.at, newText: conditionsFor(filter, list, writer) },
      ...(method ? [{ at: method.at, newText: method.name }] : []),
      ...(listedBy ? [{ at: listedBy.at, newText: `.${listedBy.name}()` }] : []),
      ...(keyed.dropped ?? []).map(at => ({ at, newText: '' })),
    ],
    ...(imports ? { elsewhere: [{ at: imports.at, newText: importedName(imports, writer) }] } : {}),
  };
}

/** Behind the names of an import, or behind an import as one of its own. */
function importedName({ name, from, like }: NonNullable<KeyedRead['imports']>, writer: CodeWriter): string {
  if (from === undefined || !like || !writer.imported) return `, ${name}`;
  return `\n${writer.imported(name, from, like)}`;
}

function conditionsFor({ names, form }: KeyedRead['filter'], list: string, writer: CodeWriter): string {
  const [innermost] = names.slice(-1);
  if (form === 'value' || innermost === undefined) return list;
  if (form === 'entry') return writer.entry(innermost, list);
  const conditions = names.reduceRight((value, name) => writer.record([{ name, value }]), list);
  return form === 'argument' ? conditions : conditions.replace(/\s*\}$/, ', ');
}

/** `t.order_id` is `order_id` in the row. */
const memberName = (column: string): string => column.slice(column.lastIndexOf('.') + 1);

/** The list of keys in terms of the loop's source; nothing when the key is more than the item or a member of it. */
function keysOf({ key, item, source, conditions, names }: LoopRewrite, writer: CodeWriter): string | undefined {
  if (!key) return undefined;
  if (key.path === '' && conditions.length === 0) return source;
  const each = item ?? itemName(source, names);
  const tests = conditions.map(({ pieces, holds }) => {
    const test = pieces.map(piece => (typeof piece === 'string' ? piece : each + piece.path)).join('');
    return holds ? test : writer.negated(test);
  });
  return writer.mapped(source, each, each + key.path, tests);
}

/** Takes the call's further lines out to the loop's own indentation; what stands in a literal stays as it is. */
function movedOut({ awaited, indentation, step }: LoopRewrite, sql: SqlText | undefined): readonly Edit<Place>[] {
  const { at, source } = awaited;
  const lines = [...source.matchAll(/\n([ \t]*)/g)];
  const last = lines.at(-1);
  if (!last) return [];
  // a bracket that closes stands as deep as the statement, a further call of a chain one step deeper
  const deeper = /^\s*[)\]}]/.test(source.slice(last.index)) ? 0 : step.length;
  const further = (last[1]?.length ?? 0) - deeper - indentation.length;
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
