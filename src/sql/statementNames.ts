/**
 * The tables and columns that a PostgreSQL statement names, each column with what it may be a column of: the server's own
 * rules of scope, without a catalog. What a name may be that nothing here tells stays open, and never becomes a guess.
 */
import type { SqlSpan } from './query';
import { type Fields, fields, list, namesOf, text } from './treeFields';

/** A table or view that a statement names; the name of a CTE is none. */
export interface NamedRelation extends SqlSpan {
  readonly name: string;
  readonly schema?: string;
}

/** A thing in FROM. */
export interface NamedRange {
  /** What it is called in the statement. */
  readonly alias: string;
  /** Absent where it is a subquery, a CTE or a function: then it may have any column. */
  readonly relation?: NamedRelation;
  /** Only `alias.column` means it: `excluded`. */
  readonly onlyQualified?: boolean;
}

export interface NamedColumn extends SqlSpan {
  readonly name: string;
  /** The things that it may be a column of, from the innermost FROM outward. */
  readonly among: readonly (readonly NamedRange[])[];
  readonly use: 'read' | 'written';
}

/** A constant, or a parameter, that a column is compared with or given. */
export interface NamedValue extends SqlSpan {
  readonly column: string;
  /** As of a column. */
  readonly among: NamedColumn['among'];
  readonly use: 'compared' | 'written';
  readonly value:
    | { readonly kind: 'text'; readonly text: string }
    | { readonly kind: 'number'; readonly text: string }
    | { readonly kind: 'boolean'; readonly text: string }
    /** `$1` is 1. */
    | { readonly kind: 'parameter'; readonly number: number };
}

export interface StatementNames {
  readonly relations: readonly NamedRelation[];
  readonly columns: readonly NamedColumn[];
  /** What `*` and `alias.*` stand for, of SELECT and RETURNING. */
  readonly stars: readonly NamedRange[];
  readonly values: readonly NamedValue[];
}

interface Scope {
  readonly ranges: readonly NamedRange[];
  readonly outer?: Scope;
  readonly ctes: ReadonlySet<string>;
}

/**
 * @param tree    of one statement, as libpg-query gives it
 * @param spanAt  the token at a `location` of the tree
 * @param namesOutputs  whether conditions may mean an output by its alias, as in MySQL's HAVING and in SQLite
 */
export function namesIn(
  tree: unknown,
  spanAt: (location: number) => SqlSpan | undefined,
  namesOutputs = false,
): StatementNames {
  const reader = new Reader(spanAt, namesOutputs);
  reader.statement(fields(tree) ?? {}, { ranges: [], ctes: new Set() });
  return { relations: reader.relations, columns: reader.columns, stars: reader.stars, values: reader.values };
}

class Reader {
  readonly relations: NamedRelation[] = [];
  readonly columns: NamedColumn[] = [];
  readonly stars: NamedRange[] = [];
  readonly values: NamedValue[] = [];

  constructor(
    private readonly spanAt: (location: number) => SqlSpan | undefined,
    private readonly namesOutputs: boolean,
  ) {}

  statement(node: Fields, outer: Scope): void {
    const [kind] = Object.keys(node);
    const inner = kind === undefined ? undefined : fields(node[kind]);
    if (!inner) return;
    if (kind === 'SelectStmt') this.select(inner, outer);
    else if (kind === 'InsertStmt') this.insert(inner, outer);
    else if (kind === 'UpdateStmt') this.change(inner, outer, 'fromClause');
    else if (kind === 'DeleteStmt') this.change(inner, outer, 'usingClause');
    // what else there is has rules of its own
  }

  private select(node: Fields, outer: Scope): void {
    const { ctes } = this.with(node.withClause, outer);
    if (text(node.op) !== undefined && node.op !== 'SETOP_NONE') {
      for (const side of [node.larg, node.rarg]) {
        const inner = fields(side);
        if (inner) this.select(inner, { ...outer, ctes });
      }
      return;
    }
    const ranges: NamedRange[] = [];
    const scope: Scope = { ranges, outer, ctes };
    const open = this.from(node.fromClause, scope, ranges);
    const outputs = new Set<string>();
    for (const target of list(node.targetList)) {
      const name = text(fields(fields(target)?.ResTarget)?.name);
      if (name !== undefined) outputs.add(name);
    }
    for (const then of open) then();
    this.targets(node.targetList, scope);
    for (const [key, value] of Object.entries(node)) {
      if (key === 'fromClause' || key === 'targetList' || key === 'withClause') continue;
      const isNamed = this.namesOutputs || key === 'sortClause' || key === 'groupClause' || key === 'distinctClause';
      this.walk(value, scope, isNamed ? outputs : undefined);
    }
  }

  private insert(node: Fields, outer: Scope): void {
    const { ctes } = this.with(node.withClause, outer);
    const target = this.relation(node.relation, ctes);
    const own = target ? [target] : [];
    const scope: Scope = { ranges: own, ctes };
    for (const column of list(node.cols)) this.written(column, own);
    const source = fields(node.selectStmt);
    const names = list(node.cols).map(column => text(fields(fields(column)?.ResTarget)?.name));
    for (const row of list(fields(source?.SelectStmt)?.valuesLists))
      for (const [at, value] of list(fields(fields(row)?.List)?.items).entries())
        this.value(names[at], [own], value, 'written');
    if (source) this.statement(source, { ranges: [], ctes });
    const conflict = fields(node.onConflictClause);
    if (conflict) {
      const excluded: NamedRange = { alias: 'excluded', onlyQualified: true, ...pick(target) };
      const inConflict: Scope = { ranges: [...own, excluded], ctes };
      this.walk(conflict.infer, scope);
      this.assignments(conflict.targetList, own, inConflict);
      this.walk(conflict.whereClause, inConflict);
    }
    this.targets(fields(node.returningClause)?.exprs, scope);
  }

  private change(node: Fields, outer: Scope, others: 'fromClause' | 'usingClause'): void {
    const { ctes } = this.with(node.withClause, outer);
    const target = this.relation(node.relation, ctes);
    const own = target ? [target] : [];
    const ranges = [...own];
    const scope: Scope = { ranges, ctes };
    for (const then of this.from(node[others], scope, ranges)) then();
    if (others === 'fromClause') this.assignments(node.targetList, own, scope);
    this.walk(node.whereClause, scope);
    this.targets(fields(node.returningClause)?.exprs, scope);
  }

  private assignments(targets: unknown, own: readonly NamedRange[], scope: Scope): void {
    for (const target of list(targets)) {
      this.written(target, own);
      const given = fields(fields(target)?.ResTarget);
      this.value(text(given?.name), [own], given?.val, 'written');
      this.walk(given?.val, scope);
    }
  }

  private with(clause: unknown, outer: Scope): { readonly ctes: ReadonlySet<string> } {
    const ctes = new Set(outer.ctes);
    const given = fields(clause);
    const isRecursive = given?.recursive === true;
    const all = list(given?.ctes).map(each => fields(fields(each)?.CommonTableExpr) ?? {});
    if (isRecursive) for (const { ctename } of all) ctes.add(String(ctename));
    for (const { ctename, ctequery } of all) {
      this.statement(fields(ctequery) ?? {}, { ...outer, ctes: new Set(ctes) });
      ctes.add(String(ctename));
    }
    return { ctes };
  }

  /** Fills in what FROM holds. @returns what has to wait until all of it is known: conditions of joins, subqueries */
  private from(clause: unknown, scope: Scope, ranges: NamedRange[]): readonly (() => void)[] {
    const later: (() => void)[] = [];
    const add = (item: unknown): void => {
      const node = fields(item) ?? {};
      const [kind] = Object.keys(node);
      const inner = kind === undefined ? undefined : fields(node[kind]);
      if (!inner) return;
      const alias = text(fields(inner.alias)?.aliasname);
      if (kind === 'RangeVar') {
        const range = this.relation(inner, scope.ctes);
        // new names for its columns: what is called what is not followed
        const isRenamed = list(fields(inner.alias)?.colnames).length > 0;
        if (range) ranges.push(isRenamed ? { alias: range.alias } : range);
        return;
      }
      if (kind === 'JoinExpr') {
        add(inner.larg);
        add(inner.rarg);
        later.push(() => this.walk(inner.quals, scope));
        if (alias !== undefined) ranges.push({ alias });
        return;
      }
      ranges.push({ alias: alias ?? '' });
      if (kind === 'RangeSubselect') {
        const select = fields(inner.subquery);
        // LATERAL sees what stands before it; without it a subquery sees what is outside of the FROM alone
        const seen = inner.lateral === true ? scope : { ranges: [], outer: scope.outer, ctes: scope.ctes };
        if (select) later.push(() => this.statement(select, seen));
      } else later.push(() => this.walk(inner, scope));
    };
    for (const item of list(clause)) add(item);
    return later;
  }

  private relation(value: unknown, ctes: ReadonlySet<string>): NamedRange | undefined {
    const range = fields(value);
    const name = text(range?.relname);
    if (!range || name === undefined) return undefined;
    const schema = text(range.schemaname);
    const alias = text(fields(range.alias)?.aliasname) ?? name;
    const at = this.spanAt(Number(range.location ?? 0));
    if ((schema === undefined && ctes.has(name)) || !at) return { alias };
    const relation = { ...at, name, ...(schema === undefined ? {} : { schema }) };
    this.relations.push(relation);
    return { alias, relation };
  }

  private written(target: unknown, own: readonly NamedRange[]): void {
    const column = fields(fields(target)?.ResTarget);
    const name = text(column?.name);
    const at = column && this.spanAt(Number(column.location ?? 0));
    if (name !== undefined && at) this.columns.push({ ...at, name, among: [own], use: 'written' });
  }

  private targets(targets: unknown, scope: Scope): void {
    for (const target of list(targets)) {
      const value = fields(fields(fields(target)?.ResTarget)?.val);
      const named = list(fields(value?.ColumnRef)?.fields);
      const last = fields(named.at(-1));
      if (last && 'A_Star' in last) {
        const qualifier = namesOf(named).at(-1);
        this.stars.push(
          ...scope.ranges.filter(range => (qualifier === undefined ? !range.onlyQualified : range.alias === qualifier)),
        );
      } else this.walk(value, scope);
    }
  }

  private walk(value: unknown, scope: Scope, outputs?: ReadonlySet<string>): void {
    if (Array.isArray(value)) {
      for (const item of value) this.walk(item, scope, outputs);
      return;
    }
    const node = fields(value);
    if (!node) return;
    for (const [key, child] of Object.entries(node)) {
      const inner = fields(child);
      if (key === 'A_Expr' && inner) this.comparison(inner, scope, outputs);
      if (key === 'ColumnRef' && inner) this.column(inner, scope, outputs);
      else if (key === 'SelectStmt' && inner) this.select(inner, { ranges: [], outer: scope, ctes: scope.ctes });
      else if (key === 'IndexElem' && inner && text(inner.name) !== undefined) continue;
      else if (typeof child === 'object' && child !== null) this.walk(child, scope, outputs);
    }
  }

  /** `status = 'paid'`, `status IN ('paid', 'sent')`, `status = ANY (ARRAY['paid'])`. */
  private comparison(node: Fields, scope: Scope, outputs: ReadonlySet<string> | undefined): void {
    if (!COMPARISONS.has(String(node.kind ?? 'AEXPR_OP'))) return;
    if (!list(node.name).every(each => /^(?:=|<>|!=|<|>|<=|>=)$/.test(String(fields(fields(each)?.String)?.sval))))
      return;
    for (const [column, other] of [
      [node.lexpr, node.rexpr],
      [node.rexpr, node.lexpr],
    ]) {
      const reference = fields(fields(column)?.ColumnRef);
      const among = reference && this.among(reference, scope, outputs);
      if (!among) continue;
      const values = fields(fields(other)?.List)?.items ?? fields(fields(other)?.A_ArrayExpr)?.elements;
      for (const value of Array.isArray(values) ? list(values) : [other])
        this.value(among.name, among.among, value, 'compared');
    }
  }

  private value(
    column: string | undefined,
    among: NamedColumn['among'],
    written: unknown,
    use: NamedValue['use'],
  ): void {
    const node = fields(fields(written)?.TypeCast)?.arg ?? written;
    const constant = fields(fields(node)?.A_Const);
    const parameter = fields(fields(node)?.ParamRef);
    const at = this.spanAt(Number(constant?.location ?? parameter?.location ?? 0));
    if (column === undefined || !at || (!constant && !parameter)) return;
    const value = constant
      ? constantIn(constant)
      : ({ kind: 'parameter', number: Number(parameter?.number ?? 0) } as const);
    if (value) this.values.push({ ...at, column, among, use, value });
  }

  private column(node: Fields, scope: Scope, outputs: ReadonlySet<string> | undefined): void {
    const at = this.spanAt(Number(node.location ?? 0));
    const found = at && this.among(node, scope, outputs);
    if (found) this.columns.push({ ...at, ...found, use: 'read' });
  }

  /** What a reference may be a column of; nothing where it is none. */
  private among(
    node: Fields,
    scope: Scope,
    outputs: ReadonlySet<string> | undefined,
  ): Pick<NamedColumn, 'name' | 'among'> | undefined {
    const named = list(node.fields);
    const names = namesOf(named);
    const name = names.at(-1);
    // `t.*` in an expression, and what is deeper than table and column
    if (name === undefined || names.length !== named.length || names.length > 2) return undefined;
    const levels: (readonly NamedRange[])[] = [];
    for (let level: Scope | undefined = scope; level; level = level.outer) levels.push(level.ranges);
    const [qualifier] = names.length > 1 ? names : [];
    if (qualifier !== undefined) {
      const found = levels.map(level => level.filter(range => range.alias === qualifier)).find(each => each.length > 0);
      return found && { name, among: [found] };
    }
    if (outputs?.has(name)) return undefined;
    // the name of a table alone is its whole row
    if (levels.some(level => level.some(range => range.alias === name))) return undefined;
    return { name, among: levels.map(level => level.filter(range => !range.onlyQualified)) };
  }
}

const COMPARISONS = new Set(['AEXPR_OP', 'AEXPR_IN', 'AEXPR_OP_ANY', 'AEXPR_DISTINCT', 'AEXPR_NOT_DISTINCT']);

function constantIn({ sval, ival, fval, boolval }: Fields): NamedValue['value'] | undefined {
  const inside = (value: unknown, name: string): unknown => fields(value)?.[name];
  if (sval !== undefined) return { kind: 'text', text: String(inside(sval, 'sval') ?? '') };
  if (ival !== undefined) return { kind: 'number', text: String(inside(ival, 'ival') ?? 0) };
  if (fval !== undefined) return { kind: 'number', text: String(inside(fval, 'fval') ?? 0) };
  if (boolval !== undefined) return { kind: 'boolean', text: String(inside(boolval, 'boolval') === true) };
  return undefined;
}

const pick = (range: NamedRange | undefined): Pick<NamedRange, 'relation'> =>
  range?.relation ? { relation: range.relation } : {};
