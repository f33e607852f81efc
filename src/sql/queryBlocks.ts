/** Reads the levels of a statement from the tree of PostgreSQL's own parser. */
import type { SqlSpan } from './query';
import type { Against, BlockColumn, Condition, Predicate, QueryBlock } from './queryBlock';
import type { NamedRange } from './statementNames';
import { type Fields, fields, list, namesOf, nodeOf, text, walkFields } from './treeFields';

/** What the reading stands on. */
export interface BlockReading {
  /** The tokens of a name or expression that begins at a `location` of the tree. */
  readonly spanAt: (location: number) => SqlSpan | undefined;
  /** The placeholder or hole at a `location`, counted from 0. */
  readonly placeholderAt: (location: number) => number | undefined;
}

interface Scope {
  readonly ranges: readonly NamedRange[];
  readonly outer?: Scope;
  readonly ctes: ReadonlySet<string>;
  /** It runs once for each row of the level around it. */
  readonly runsPerRow?: boolean;
}

/** @param tree  of one statement, or of the query of a view, as libpg-query gives it */
export function queryBlocksIn(tree: unknown, reading: BlockReading): readonly QueryBlock[] {
  const reader = new Reader(reading);
  reader.visit(tree, { ranges: [], ctes: new Set() });
  return reader.blocks;
}

class Reader {
  readonly blocks: QueryBlock[] = [];

  constructor(private readonly reading: BlockReading) {}

  /** Every level below a node. */
  visit(value: unknown, scope: Scope): void {
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item, scope);
      return;
    }
    const given = fields(value);
    if (!given) return;
    for (const [key, child] of Object.entries(given)) {
      const inner = fields(child);
      if (key === 'SelectStmt' && inner) this.select(inner, scope);
      else if (key === 'UpdateStmt' && inner) this.change(inner, scope, 'update', inner.fromClause);
      else if (key === 'DeleteStmt' && inner) this.change(inner, scope, 'delete', inner.usingClause);
      else if (key === 'SubLink' && inner) {
        // the server makes a join of EXISTS and IN; one that gives a value is asked for each row
        const runsPerRow = inner.subLinkType === 'EXPR_SUBLINK' || inner.subLinkType === 'ARRAY_SUBLINK';
        this.visit(inner, { ...scope, runsPerRow });
      } else if (typeof child === 'object' && child !== null) this.visit(child, scope);
    }
  }

  private select(given: Fields, outer: Scope): void {
    const ctes = this.with(given.withClause, outer);
    if (text(given.op) !== undefined && given.op !== 'SETOP_NONE') {
      for (const side of [given.larg, given.rarg]) {
        const inner = fields(side);
        if (inner) this.select(inner, { ...outer, ctes });
      }
      return;
    }
    const ranges: NamedRange[] = [];
    const scope: Scope = { ranges, outer, ctes };
    const conditions: Condition[] = [];
    this.from(given.fromClause, scope, ranges, conditions);
    this.conditions(given.whereClause, scope, conditions);
    const outputs = new Set(list(given.targetList).map(target => text(nodeOf(target, 'ResTarget')?.name)));
    const sort: BlockColumn[] = [];
    for (const each of list(given.sortClause)) {
      const by = nodeOf(nodeOf(each, 'SortBy')?.node, 'ColumnRef');
      const column = by && this.column(by, scope);
      if (!column || (outputs.has(column.name) && list(by.fields).length === 1)) break;
      sort.push(column);
    }
    this.blocks.push({
      kind: 'select',
      ranges,
      conditions,
      sort,
      isLimited: given.limitCount !== undefined,
      gathers: given.groupClause !== undefined || given.distinctClause !== undefined || isAggregate(given.targetList),
    });
    for (const [key, value] of Object.entries(given)) if (key !== 'withClause') this.visit(value, scope);
  }

  private change(given: Fields, outer: Scope, kind: 'update' | 'delete', others: unknown): void {
    const ctes = this.with(given.withClause, outer);
    const ranges: NamedRange[] = [];
    const scope: Scope = { ranges, ctes };
    const conditions: Condition[] = [];
    this.from([{ RangeVar: given.relation }], scope, ranges, conditions);
    this.from(others, scope, ranges, conditions);
    this.conditions(given.whereClause, scope, conditions);
    this.blocks.push({ kind, ranges, conditions, sort: [], isLimited: false, gathers: false });
    for (const [key, value] of Object.entries(given)) if (key !== 'withClause') this.visit(value, scope);
  }

  private with(clause: unknown, outer: Scope): ReadonlySet<string> {
    const ctes = new Set(outer.ctes);
    for (const each of list(fields(clause)?.ctes)) {
      const cte = nodeOf(each, 'CommonTableExpr');
      const name = text(cte?.ctename);
      if (name !== undefined && fields(clause)?.recursive === true) ctes.add(name);
      this.visit(cte?.ctequery, { ...outer, ctes: new Set(ctes) });
      if (name !== undefined) ctes.add(name);
    }
    return ctes;
  }

  /** Fills in what FROM holds, and what its joins ask for. */
  private from(clause: unknown, scope: Scope, ranges: NamedRange[], conditions: Condition[]): void {
    for (const item of list(clause)) {
      const given = fields(item);
      const join = nodeOf(given, 'JoinExpr');
      if (!join) {
        ranges.push(this.range(given, scope));
        continue;
      }
      const from = ranges.length;
      this.from([join.larg], scope, ranges, conditions);
      const right = ranges.length;
      this.from([join.rarg], scope, ranges, conditions);
      const type = text(join.jointype) ?? 'JOIN_INNER';
      // what an outer join's condition says chooses rows of the side that may be missing
      const only =
        type === 'JOIN_LEFT'
          ? ranges.slice(right)
          : type === 'JOIN_RIGHT'
            ? ranges.slice(from, right)
            : type === 'JOIN_INNER'
              ? undefined
              : [];
      this.conditions(join.quals, scope, conditions, only);
      this.using(namesOf(join.usingClause), ranges.slice(from, right), ranges.slice(right), conditions, only, join);
    }
  }

  private range(given: Fields | undefined, { ctes }: Scope): NamedRange {
    const relation = nodeOf(given, 'RangeVar');
    const [kind] = Object.keys(given ?? {});
    const alias = text(fields(fields(given?.[kind ?? ''])?.alias)?.aliasname);
    const name = text(relation?.relname);
    if (!relation || name === undefined) return { alias: alias ?? '' };
    const schema = text(relation.schemaname);
    const at = this.reading.spanAt(Number(relation.location ?? 0));
    const isOpaque = (schema === undefined && ctes.has(name)) || list(fields(relation.alias)?.colnames).length > 0;
    return isOpaque || !at
      ? { alias: alias ?? name }
      : { alias: alias ?? name, relation: { ...at, name, ...(schema === undefined ? {} : { schema }) } };
  }

  private using(
    names: readonly string[],
    left: readonly NamedRange[],
    right: readonly NamedRange[],
    conditions: Condition[],
    only: readonly NamedRange[] | undefined,
    join: Fields,
  ): void {
    if (left.length !== 1 || right.length !== 1) return;
    const at = this.reading.spanAt(Number(nodeOf(join.rarg, 'RangeVar')?.location ?? 0)) ?? { start: 0, end: 0 };
    for (const name of names) {
      const one: BlockColumn = { ...at, name, of: left, mayBeOuter: false };
      const other: BlockColumn = { ...at, name, of: right, mayBeOuter: false };
      const arms = [{ column: one, operator: '=', against: { kind: 'column', column: other } as const }];
      conditions.push({ arms, isOpen: false, ...(only ? { only } : {}) });
    }
  }

  /** The conditions that AND joins. */
  private conditions(
    value: unknown,
    scope: Scope,
    into: Condition[],
    only: readonly NamedRange[] | undefined = undefined,
  ): void {
    if (value === undefined) return;
    const bool = nodeOf(value, 'BoolExpr');
    if (bool?.boolop === 'AND_EXPR') {
      for (const each of list(bool.args)) this.conditions(each, scope, into, only);
      return;
    }
    const parts = bool?.boolop === 'OR_EXPR' ? list(bool.args) : [value];
    const arms = parts.map(part => this.predicate(part, scope));
    const isOpen = parts.some((part, at) => arms[at] === undefined && this.isOpen(part));
    into.push({ arms, isOpen, ...(only ? { only } : {}) });
  }

  /** No column is in it, but something that is only known when it runs. */
  private isOpen(part: unknown): boolean {
    let hasColumn = false;
    let hasValue = false;
    walkFields(part, (key, value) => {
      if (key === 'ColumnRef') hasColumn = true;
      if (key === 'ParamRef' || this.reading.placeholderAt(Number(value.location ?? -1)) !== undefined) hasValue = true;
    });
    return hasValue && !hasColumn;
  }

  private predicate(part: unknown, scope: Scope): Predicate | undefined {
    const nulls = nodeOf(part, 'NullTest');
    if (nulls) {
      const side = this.side(nulls.arg, scope);
      const operator = nulls.nulltesttype === 'IS_NULL' ? 'IS NULL' : 'IS NOT NULL';
      return side && { ...side, operator, against: { kind: 'value' } };
    }
    const truth = nodeOf(part, 'BooleanTest');
    const negated = nodeOf(part, 'BoolExpr');
    const bare = truth?.arg ?? (negated?.boolop === 'NOT_EXPR' ? list(negated.args)[0] : part);
    const flag = nodeOf(bare, 'ColumnRef');
    if (flag) {
      const column = this.column(flag, scope);
      const isTrue = truth ? truth.booltesttype === 'IS_TRUE' : negated === undefined;
      return column && { column, operator: isTrue ? 'IS TRUE' : 'IS FALSE', against: { kind: 'value' } };
    }
    const expression = nodeOf(part, 'A_Expr');
    return expression && this.comparison(expression, scope);
  }

  private comparison(expression: Fields, scope: Scope): Predicate | undefined {
    const written = namesOf(expression.name).at(-1)?.toUpperCase();
    const kind = text(expression.kind) ?? 'AEXPR_OP';
    if (written === undefined) return undefined;
    const operator = OPERATORS[`${kind} ${written}`] ?? (kind === 'AEXPR_OP' || kind === 'AEXPR_OP_ANY' ? written : '');
    if (operator === '') return undefined;
    const left = this.side(expression.lexpr, scope);
    const right = this.side(expression.rexpr, scope);
    if (left) {
      const against: Against =
        right && !right.wrapping ? { kind: 'column', column: right.column } : this.against(expression.rexpr, scope);
      return { ...left, operator, against };
    }
    if (!right || kind !== 'AEXPR_OP') return undefined;
    return { ...right, operator: TURNED[operator] ?? operator, against: this.against(expression.lexpr, scope) };
  }

  /** A column, or one column with something around it. */
  private side(value: unknown, scope: Scope): Pick<Predicate, 'column' | 'wrapping'> | undefined {
    const plain = nodeOf(value, 'ColumnRef');
    if (plain) {
      const column = this.column(plain, scope);
      return column && { column };
    }
    const cast = nodeOf(value, 'TypeCast');
    const call = nodeOf(value, 'FuncCall');
    if (!cast && !call) return undefined;
    const columns: Fields[] = [];
    const constants: string[] = [];
    let isKnown = true;
    walkFields(value, (key, inner) => {
      if (key === 'ColumnRef') columns.push(inner);
      if (key === 'SubLink' || key === 'ParamRef') isKnown = false;
      if (key === 'A_Const') {
        const constant = text(fields(inner.sval)?.sval);
        if (constant !== undefined) constants.push(constant);
      }
    });
    const [only, more] = columns;
    const column = only && !more ? this.column(only, scope) : undefined;
    if (!column || !isKnown) return undefined;
    const name = namesOf(call?.funcname ?? fields(cast?.typeName)?.names).at(-1);
    if (name === undefined) return undefined;
    const start = call ? this.reading.spanAt(Number(call.location ?? 0))?.start : undefined;
    const span = { start: Math.min(start ?? column.start, column.start), end: column.end };
    return { column, wrapping: { kind: call ? 'function' : 'cast', name, tree: value, constants, span } };
  }

  private against(value: unknown, scope: Scope): Against {
    let hasColumn = false;
    walkFields({ value }, (key, inner) => {
      if (key === 'SelectStmt' || (key === 'ColumnRef' && !this.isFixed(inner, scope))) hasColumn = true;
    });
    if (hasColumn) return { kind: 'other' };
    const cast = nodeOf(value, 'TypeCast');
    if (cast) {
      const type = namesOf(fields(cast.typeName)?.names).at(-1);
      const inner = this.against(cast.arg, scope);
      return inner.kind === 'value' && type !== undefined ? { ...inner, cast: type } : inner;
    }
    const constant = nodeOf(value, 'A_Const');
    const location = Number((constant ?? nodeOf(value, 'ParamRef'))?.location ?? -1);
    const ordinal = location < 0 ? undefined : this.reading.placeholderAt(location);
    if (ordinal !== undefined) return { kind: 'value', ordinal };
    if (constant) {
      const { sval, ival, fval, boolval } = constant;
      const written =
        text(fields(sval)?.sval) ??
        text(fields(fval)?.fval) ??
        (fields(ival)
          ? String(fields(ival)?.ival ?? 0)
          : fields(boolval)
            ? String(fields(boolval)?.boolval === true)
            : undefined);
      const isDecimal = /^\d+\.\d|e/i.test(text(fields(fval)?.fval) ?? '');
      return {
        kind: 'value',
        ...(written === undefined ? {} : { constant: written }),
        ...(isDecimal ? { isDecimal } : {}),
      };
    }
    const opening = openingOf(value);
    return { kind: 'value', ...(opening === undefined ? {} : { opening }) };
  }

  /** A column of the level around it, which has one value while this one runs. */
  private isFixed({ fields: parts }: Fields, { ranges, outer }: Scope): boolean {
    const [qualifier, name, more] = namesOf(parts);
    return (
      outer?.runsPerRow === true &&
      name !== undefined &&
      more === undefined &&
      !ranges.some(({ alias }) => alias === qualifier)
    );
  }

  private column(given: Fields, scope: Scope): BlockColumn | undefined {
    const names = namesOf(given.fields);
    const at = this.reading.spanAt(Number(given.location ?? 0));
    const name = names.at(-1);
    if (name === undefined || !at || names.length !== list(given.fields).length || names.length > 2) return undefined;
    if (names.length === 1) return { ...at, name, of: scope.ranges, mayBeOuter: hasRanges(scope.outer) };
    const own = scope.ranges.filter(range => range.alias === names[0]);
    return own.length > 0 ? { ...at, name, of: own, mayBeOuter: false } : undefined;
  }
}

const hasRanges = (scope: Scope | undefined): boolean =>
  scope !== undefined && (scope.ranges.length > 0 || hasRanges(scope.outer));

const OPERATORS: Readonly<Record<string, string>> = {
  'AEXPR_IN =': '=',
  'AEXPR_LIKE ~~': 'LIKE',
  'AEXPR_ILIKE ~~*': 'ILIKE',
  'AEXPR_BETWEEN BETWEEN': 'BETWEEN',
  'AEXPR_NOT_DISTINCT =': '=',
  'AEXPR_OP_ANY ~~': 'LIKE',
  'AEXPR_OP_ANY ~~*': 'ILIKE',
  'AEXPR_OP ~~': 'LIKE',
  'AEXPR_OP ~~*': 'ILIKE',
};

const TURNED: Readonly<Record<string, string>> = { '<': '>', '>': '<', '<=': '>=', '>=': '<=' };

/** The constant that a text begins with which is put together: `'%' || $1`, `concat('%', $1)`. */
function openingOf(value: unknown): string | undefined {
  const expression = nodeOf(value, 'A_Expr');
  if (expression && namesOf(expression.name).at(-1) === '||') return openingOf(expression.lexpr);
  const call = nodeOf(value, 'FuncCall');
  if (call && /^(?:concat|format)$/.test(namesOf(call.funcname).at(-1) ?? '')) return openingOf(list(call.args)[0]);
  return text(fields(nodeOf(value, 'A_Const')?.sval)?.sval);
}

const AGGREGATES = new Set(
  'count sum avg min max array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg bool_and bool_or every'.split(
    ' ',
  ),
);

const isAggregate = (targets: unknown): boolean =>
  list(targets).some(target => {
    let found = false;
    walkFields(target, (key, value) => {
      if (key === 'FuncCall' && (value.over !== undefined || AGGREGATES.has(namesOf(value.funcname).at(-1) ?? '')))
        found = true;
    });
    return found;
  });
