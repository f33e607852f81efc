/**
 * Binds the names of an expression or a query to identities, as the server does when it stores one: what it depends on
 * is known, and a rename does not leave it behind. A name that the catalog does not explain stays a name.
 */
import { functionMeant, routineMeant, withFunctions } from './bindRoutine';
import { type Catalog, isSameName, isTable, isView, relationNamed, routinesNamed, typeNamed } from './catalog';
import type { Expression } from './definition';
import type { Bound, ObjectId, Routine, Table, View } from './object';
import { outputName } from './outputName';
import { typeOfBoth, typeOfOutput, typingOf } from './outputType';
import { columnIn, distinct, entryOf, renamed, type Scope, type ScopeColumn, type ScopeEntry } from './scope';
import { type Fields, isFields, list, strings } from './tree';

export interface BoundQuery extends Bound {
  readonly outputs: readonly ScopeColumn[];
  /** Every output is known by name. */
  readonly complete: boolean;
}

/** An expression over one relation; `alias` names it where it stands for something else (`new`, `old`). */
export function bindOver(
  catalog: Catalog,
  expression: Expression,
  relation: Table | View | undefined,
  aliases: readonly string[] = [],
): Bound {
  const entries = relation ? [entryOf(relation), ...aliases.map(alias => entryOf(relation, alias))] : [];
  const binder = new Binder(catalog);
  const tree = binder.node('', expression.tree, { entries, ctes: new Map() });
  return { text: expression.text, tree: tree as Fields, refs: [...binder.refs] };
}

export function bindQuery(catalog: Catalog, expression: Expression): BoundQuery {
  const binder = new Binder(catalog);
  const scope: Scope = { entries: [], ctes: new Map() };
  const inner = expression.tree.SelectStmt;
  if (!isFields(inner)) {
    const tree = binder.node('', expression.tree, scope) as Fields;
    return { text: expression.text, tree, refs: [...binder.refs], outputs: [], complete: false };
  }
  const bound = binder.select(inner, scope);
  return {
    text: expression.text,
    tree: { SelectStmt: bound.tree },
    refs: [...binder.refs],
    outputs: bound.outputs,
    complete: bound.complete,
  };
}

const isSelect = (key: string, value: Fields): boolean =>
  key === 'SelectStmt' || ((key === 'larg' || key === 'rarg') && 'op' in value);

interface BoundSelect {
  readonly tree: Fields;
  readonly outputs: readonly ScopeColumn[];
  readonly complete: boolean;
}

class Binder {
  readonly refs = new Set<ObjectId>();

  constructor(private readonly catalog: Catalog) {}

  /** A copy of the node in which names carry their identities. */
  node(key: string, value: unknown, scope: Scope): unknown {
    if (Array.isArray(value)) return value.map(item => this.node(key, item, scope));
    if (!isFields(value)) return value;
    if (isSelect(key, value)) return this.select(value, scope).tree;
    switch (key) {
      case 'ColumnRef':
        return this.columnRef(value, scope);
      case 'RangeVar':
      case 'relation':
      case 'pktable':
        return typeof value.relname === 'string' ? this.relation(value, scope) : this.fields(value, scope);
      case 'typeName':
      case 'TypeName':
      case 'argType':
      case 'sourcetype':
      case 'targettype':
        return this.typeName(this.fields(value, scope));
      case 'FuncCall':
        return this.call(this.fields(value, scope));
      case 'CreateEventTrigStmt':
        return this.named(value, routineMeant(this.catalog, value.funcname, []));
      case 'DefineStmt':
        return withFunctions(this.catalog, this.fields(value, scope), ({ id }) => this.refs.add(id));
      case 'func': {
        // of CREATE CAST
        const bound = this.fields(value, scope);
        return this.named(bound, functionMeant(this.catalog, bound));
      }
      case 'TypeCast':
        return this.cast(this.fields(value, scope));
      case 'InsertStmt':
      case 'UpdateStmt':
      case 'DeleteStmt':
        return this.write(value, scope);
      default:
        return this.fields(value, scope);
    }
  }

  private fields(value: Fields, scope: Scope): Fields {
    const copy: Record<string, unknown> = {};
    for (const [key, child] of Object.entries(value))
      copy[key] = typeof child === 'object' && child !== null ? this.node(key, child, scope) : child;
    return copy;
  }

  /** A statement that writes names the columns that it writes, and sees the others of their table. */
  private write(value: Fields, outer: Scope): Fields {
    const { relation, cols, targetList, fromClause, usingClause, returningList, onConflictClause, ...others } = value;
    const entries: ScopeEntry[] = [];
    const scope: Scope = { entries, outer, ctes: outer.ctes };
    const item = this.fromItem({ RangeVar: relation }, scope, entries);
    const [written] = entries;
    const targets = (kind: string, items: unknown): unknown =>
      list(items).map(one => {
        const bound = this.node('', one, scope);
        const node = isFields(bound) ? bound[kind] : undefined;
        const column = written?.columns.find(
          ({ name }) => isFields(node) && isSameName(this.catalog, name, String(node.name)),
        );
        if (column?.id === undefined || !isFields(node)) return bound;
        this.refs.add(column.id);
        return { [kind]: { ...node, $id: column.id } };
      });
    const from = (items: unknown): unknown => list(items).map(one => this.fromItem(one, scope, entries));
    const bound = {
      ...(isFields(item) ? { relation: item.RangeVar } : {}),
      ...(fromClause === undefined ? {} : { fromClause: from(fromClause) }),
      ...(usingClause === undefined ? {} : { usingClause: from(usingClause) }),
      // what is inserted sees nothing of its table
      ...this.fields(others, value.selectStmt === undefined ? scope : outer),
      ...(cols === undefined ? {} : { cols: targets('ResTarget', cols) }),
      ...(targetList === undefined ? {} : { targetList: targets('ResTarget', targetList) }),
      ...(returningList === undefined ? {} : { returningList: this.node('', returningList, scope) }),
    };
    if (!isFields(onConflictClause)) return bound;
    if (written) entries.push({ ...written, alias: 'excluded', ownName: false });
    const { infer, targetList: set, ...conflict } = onConflictClause;
    const { indexElems, ...inferred } = isFields(infer) ? infer : {};
    return {
      ...bound,
      onConflictClause: {
        ...this.fields(conflict, scope),
        ...(isFields(infer)
          ? { infer: { ...this.fields(inferred, scope), indexElems: targets('IndexElem', indexElems) } }
          : {}),
        ...(set === undefined ? {} : { targetList: targets('ResTarget', set) }),
      },
    };
  }

  select(value: Fields, outer: Scope): BoundSelect {
    const ctes = new Map(outer.ctes);
    let withClause: unknown;
    if (isFields(value.withClause)) {
      const bound: unknown[] = [];
      for (const cte of list(value.withClause.ctes)) {
        const common = isFields(cte) ? cte.CommonTableExpr : undefined;
        if (!isFields(common)) continue;
        const name = String(common.ctename);
        const names = strings(common.aliascolnames);
        // a recursive one sees itself
        if (value.withClause.recursive === true)
          ctes.set(
            name,
            names.map(column => ({ name: column })),
          );
        const query = isFields(common.ctequery) ? common.ctequery : {};
        const inner = isFields(query.SelectStmt) ? this.select(query.SelectStmt, { ...outer, ctes }) : undefined;
        ctes.set(name, inner ? renamed(inner.outputs, names) : []);
        const tree = inner ? { SelectStmt: inner.tree } : this.node('', query, { ...outer, ctes });
        bound.push({ CommonTableExpr: { ...common, ctequery: tree } });
      }
      withClause = { ...value.withClause, ctes: bound };
    }
    const entries: ScopeEntry[] = [];
    const scope: Scope = { entries, outer, ctes };
    const from = list(value.fromClause).map(item => this.fromItem(item, scope, entries));
    const merges = JSON.stringify(value.fromClause ?? '').match(/"usingClause"|"isNatural"/) !== null;
    const copy: Record<string, unknown> = {};
    let outputs: readonly ScopeColumn[] = [];
    let complete = true;
    const sides: { readonly outputs: readonly ScopeColumn[]; readonly complete: boolean }[] = [];
    for (const [key, child] of Object.entries(value)) {
      if (key === 'withClause') copy[key] = withClause;
      else if (key === 'fromClause') copy[key] = from;
      else if (key === 'targetList') {
        const targets = list(child).flatMap(target => this.target(target, scope, merges));
        copy[key] = targets.map(target => target.tree);
        outputs = targets.flatMap(target => target.outputs);
        complete = targets.every(target => target.complete);
      } else if ((key === 'larg' || key === 'rarg') && isFields(child)) {
        const side = this.select(child, { ...outer, ctes });
        copy[key] = side.tree;
        sides.push(side);
      } else copy[key] = typeof child === 'object' && child !== null ? this.node(key, child, scope) : child;
    }
    const [left, right] = sides;
    if (left) {
      outputs = left.outputs.map(({ name, ...one }, at) => ({ name, ...typeOfBoth(one, right?.outputs[at]) }));
      complete = left.complete;
    }
    return { tree: copy, outputs, complete };
  }

  private fromItem(item: unknown, scope: Scope, entries: ScopeEntry[]): unknown {
    if (!isFields(item)) return item;
    if (isFields(item.RangeVar)) {
      const range = item.RangeVar;
      const alias = isFields(range.alias) ? String(range.alias.aliasname) : undefined;
      const name = String(range.relname);
      const cte = range.schemaname === undefined ? scope.ctes.get(name) : undefined;
      if (cte) {
        entries.push({ alias: alias ?? name, ownName: false, columns: cte, complete: cte.length > 0 });
        return item;
      }
      const bound = this.relation(range, scope);
      const relation = typeof bound.$id === 'number' ? this.catalog.objects.get(bound.$id) : undefined;
      entries.push(
        isTable(relation) || isView(relation)
          ? entryOf(relation, alias)
          : { alias: alias ?? name, ownName: false, columns: [], complete: false },
      );
      return { RangeVar: bound };
    }
    if (isFields(item.JoinExpr)) {
      const join = item.JoinExpr;
      const larg = this.fromItem(join.larg, scope, entries);
      const rarg = this.fromItem(join.rarg, scope, entries);
      return {
        JoinExpr: { ...join, larg, rarg, ...(join.quals ? { quals: this.node('quals', join.quals, scope) } : {}) },
      };
    }
    if (isFields(item.RangeSubselect)) {
      const { subquery, alias } = item.RangeSubselect;
      const inner = isFields(subquery) && isFields(subquery.SelectStmt) ? subquery.SelectStmt : undefined;
      const bound = inner ? this.select(inner, scope) : undefined;
      const names = isFields(alias) ? strings(alias.colnames) : [];
      entries.push({
        alias: isFields(alias) ? String(alias.aliasname) : '',
        ownName: false,
        columns: bound ? renamed(bound.outputs, names) : [],
        complete: bound?.complete === true,
      });
      return { RangeSubselect: { ...item.RangeSubselect, ...(bound ? { subquery: { SelectStmt: bound.tree } } : {}) } };
    }
    const [kind] = Object.keys(item);
    const inner = kind === undefined ? undefined : item[kind];
    const alias = isFields(inner) && isFields(inner.alias) ? String(inner.alias.aliasname) : '';
    entries.push({ alias, ownName: false, columns: [], complete: false });
    return this.node('', item, scope);
  }

  private target(target: unknown, scope: Scope, merges: boolean) {
    const one = isFields(target) ? target.ResTarget : undefined;
    if (!isFields(one)) return [{ tree: target, outputs: [], complete: false }];
    const reference = isFields(one.val) && isFields(one.val.ColumnRef) ? one.val.ColumnRef : undefined;
    const fields = list(reference?.fields);
    const last = fields[fields.length - 1];
    if (isFields(last) && 'A_Star' in last) return this.star(target, strings(fields), scope, merges);
    const tree = this.node('', one.val, scope);
    const type = typeOfOutput(this.catalog, tree, id => columnIn(scope, id));
    const name = typeof one.name === 'string' ? one.name : (outputName(one.val) ?? '?column?');
    return [
      {
        // the name that the server makes up is kept when a column is renamed; it stands where a written one does
        tree: { ResTarget: { name, ...one, val: tree } },
        outputs: [{ name, ...type }],
        complete: true,
      },
    ];
  }

  /** `*` and `t.*` stand for the columns that there are at this moment. */
  private star(target: unknown, qualifier: readonly string[], scope: Scope, merges: boolean) {
    const alias = qualifier[qualifier.length - 1];
    const entries = scope.entries.filter(entry => alias === undefined || entry.alias === alias);
    for (const entry of entries)
      for (const column of entry.columns) if (column.id !== undefined) this.refs.add(column.id);
    const outputs = entries.flatMap(entry => entry.columns.map(column => ({ name: column.name, ...typingOf(column) })));
    const complete = entries.length > 0 && entries.every(entry => entry.complete);
    if (!complete || (merges && alias === undefined))
      return [{ tree: target, outputs: merges ? distinct(outputs) : outputs, complete }];
    return entries.flatMap(entry =>
      entry.columns.map(column => ({
        tree: {
          ResTarget: {
            name: column.name,
            val: { ColumnRef: this.reference([entry.alias, column.name], entry, column) },
          },
        },
        outputs: [{ name: column.name, ...typingOf(column) }],
        complete: true,
      })),
    );
  }

  private reference(names: readonly string[], entry: ScopeEntry, column: ScopeColumn): Fields {
    if (column.id !== undefined) this.refs.add(column.id);
    return {
      fields: names.map(name => ({ String: { sval: name } })),
      ...(column.id === undefined ? {} : { $id: column.id }),
      ...(entry.relation !== undefined && entry.ownName && names.length > 1 ? { $table: entry.relation } : {}),
      // whose it is, where that is not written
      ...(names.length === 1
        ? { $of: entry.ownName && entry.relation !== undefined ? entry.relation : entry.alias }
        : {}),
    };
  }

  private columnRef(value: Fields, scope: Scope): Fields {
    const names = strings(value.fields);
    const name = names[names.length - 1];
    if (name === undefined || names.length !== list(value.fields).length) return value;
    const qualifier = names.length > 1 ? names[names.length - 2] : undefined;
    for (let at: Scope | undefined = scope; at; at = at.outer)
      for (const entry of at.entries) {
        if (qualifier !== undefined && !isSameName(this.catalog, entry.alias, qualifier)) continue;
        const column = entry.columns.find(candidate => isSameName(this.catalog, candidate.name, name));
        if (column) return this.reference(names, entry, column);
      }
    return value;
  }

  private relation(value: Fields, scope: Scope): Fields {
    const name = String(value.relname);
    const schema = typeof value.schemaname === 'string' ? value.schemaname : undefined;
    if (schema === undefined && scope.ctes.has(name)) return value;
    const relation = relationNamed(this.catalog, { name, ...(schema === undefined ? {} : { schema }) });
    if (!relation) return value;
    this.refs.add(relation.id);
    return { ...value, $id: relation.id };
  }

  private typeName(value: Fields): Fields {
    const names = strings(value.names);
    const name = names[names.length - 1];
    const schema = names.length > 1 ? names[names.length - 2] : undefined;
    if (name === undefined) return value;
    const type = typeNamed(this.catalog, { name, ...(schema === undefined ? {} : { schema }) });
    if (!type) return value;
    this.refs.add(type.id);
    return { ...value, $id: type.id };
  }

  private named(value: Fields, routine: Routine | undefined): Fields {
    if (!routine) return value;
    this.refs.add(routine.id);
    return { ...value, $id: routine.id };
  }

  private call(value: Fields): Fields {
    const names = strings(value.funcname);
    const name = names[names.length - 1] ?? '';
    const [first] = list(value.args);
    if ((name === 'nextval' || name === 'currval' || name === 'setval') && isFields(first)) {
      const sequence = this.sequenceOf(first);
      if (sequence !== undefined) return { ...value, args: [sequence, ...list(value.args).slice(1)] };
    }
    const schema = names.length > 1 ? names[names.length - 2] : undefined;
    const arity = list(value.args).length;
    const candidates = routinesNamed(this.catalog, { name, ...(schema === undefined ? {} : { schema }) });
    const fitting = candidates.filter(
      ({ parameters }) => parameters.filter(({ mode }) => mode !== 'out' && mode !== 'table').length >= arity,
    );
    const [routine] = fitting.length > 0 ? fitting : candidates;
    return this.named(value, routine);
  }

  /** `'orders_id_seq'::regclass` is the sequence, whatever it will be called. */
  private cast(value: Fields): Fields {
    const names = isFields(value.typeName) ? strings(value.typeName.names) : [];
    if (names[names.length - 1] !== 'regclass') return value;
    const sequence = this.sequenceOf({ TypeCast: value });
    return sequence && isFields(sequence.TypeCast) ? sequence.TypeCast : value;
  }

  private sequenceOf(node: Fields): Fields | undefined {
    const cast = isFields(node.TypeCast) ? node.TypeCast : undefined;
    if (cast && typeof cast.$id === 'number') return node;
    const constant = cast ? (isFields(cast.arg) ? cast.arg.A_Const : undefined) : node.A_Const;
    const text = isFields(constant) && isFields(constant.sval) ? String(constant.sval.sval ?? '') : undefined;
    if (text === undefined) return undefined;
    const parts = text.split('.').map(part => (part.startsWith('"') ? part.slice(1, -1) : part.toLowerCase()));
    const name = parts[parts.length - 1] ?? '';
    const schema = parts.length > 1 ? parts[parts.length - 2] : undefined;
    const relation = relationNamed(this.catalog, { name, ...(schema === undefined ? {} : { schema }) });
    if (!relation) return undefined;
    this.refs.add(relation.id);
    return { TypeCast: { ...(cast ?? REGCLASS), arg: { A_Const: constant }, $id: relation.id } };
  }
}

const REGCLASS = { typeName: { names: [{ String: { sval: 'regclass' } }], typemod: -1 } };
