/** Labels of enums in expressions: the server keeps which label is meant, so that a text compared with an enum follows its rename. */
import type { Catalog } from './catalog';
import { deparsed } from './deparse';
import type { Bound, CatalogObject, DataType, ObjectId } from './object';
import { type Fields, isFields, list, mapTree, strings } from './tree';

interface Renamed {
  readonly from: string;
  readonly to: string;
  /** The enum, and domains over it. */
  readonly types: ReadonlySet<ObjectId>;
  /** Columns of these types. */
  readonly columns: ReadonlySet<ObjectId>;
}

/** What changes where an enum's label is called otherwise, but for the enum itself. */
export function labelFollowed(catalog: Catalog, type: ObjectId, from: string, to: string): readonly CatalogObject[] {
  const types = new Set([type]);
  for (let size = 0; size !== types.size; ) {
    size = types.size;
    for (const object of catalog.objects.values())
      if (object.kind === 'domain' && types.has(object.type.id ?? 0)) types.add(object.id);
  }
  const isOf = (one: DataType | undefined): boolean => types.has(one?.id ?? 0);
  const columns = new Set<ObjectId>();
  for (const object of catalog.objects.values())
    if ('columns' in object) for (const column of object.columns) if (isOf(column.type)) columns.add(column.id);
  const renamed: Renamed = { from, to, types, columns };
  return [...catalog.objects.values()].flatMap(object => {
    const changed = followed(object, renamed, object.kind === 'domain' && isOf(object.type)) as CatalogObject;
    return changed === object ? [] : [changed];
  });
}

const isBound = (value: Fields): boolean => 'tree' in value && 'refs' in value && typeof value.text === 'string';

/** The value with every expression in it renamed; itself where none is. */
function followed(value: unknown, renamed: Renamed, inDomain: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map(item => followed(item, renamed, inDomain));
    return items.some((item, at) => item !== value[at]) ? items : value;
  }
  if (!isFields(value)) return value;
  if (isBound(value)) return boundFollowed(value as unknown as Bound, renamed, inDomain);
  // a default is a label without anything that it is compared with
  const isTyped = isFields(value.type) && renamed.types.has(Number(value.type.id));
  let copy: Record<string, unknown> | undefined;
  for (const [key, part] of Object.entries(value)) {
    if (typeof part !== 'object' || part === null || key === 'from' || key === 'sqlBody') continue;
    const own = key === 'default' && (isTyped || inDomain) && isFields(part) && isBound(part);
    const mapped = own
      ? withTree(part as unknown as Bound, constantRenamed(part.tree, renamed))
      : followed(part, renamed, inDomain);
    if (mapped === part) continue;
    copy ??= { ...value };
    copy[key] = mapped;
  }
  return copy ?? value;
}

function withTree(bound: Bound, tree: unknown): Bound {
  return tree === bound.tree ? bound : { ...bound, tree: tree as Fields, text: deparsed(tree) };
}

function boundFollowed(bound: Bound, renamed: Renamed, inDomain: boolean): Bound {
  const isLabel = (node: unknown): boolean => isOfEnum(node, renamed, inDomain);
  const tree = mapTree(bound.tree, (key, node) => {
    switch (key) {
      case 'A_Expr': {
        const rexpr = isLabel(node.lexpr) ? constantRenamed(node.rexpr, renamed) : node.rexpr;
        const lexpr = isLabel(node.rexpr) ? constantRenamed(node.lexpr, renamed) : node.lexpr;
        return rexpr === node.rexpr && lexpr === node.lexpr ? node : { ...node, lexpr, rexpr };
      }
      case 'TypeCast': {
        const arg = isLabel({ TypeCast: node }) ? constantRenamed(node.arg, renamed) : node.arg;
        return arg === node.arg ? node : { ...node, arg };
      }
      case 'CaseExpr': {
        if (!isLabel(node.arg)) return node;
        const args = list(node.args).map(one =>
          isFields(one) && isFields(one.CaseWhen)
            ? { CaseWhen: { ...one.CaseWhen, expr: constantRenamed(one.CaseWhen.expr, renamed) } }
            : one,
        );
        return { ...node, args };
      }
      case 'CoalesceExpr':
        return list(node.args).some(isLabel) ? { ...node, args: constantRenamed(node.args, renamed) } : node;
      default:
        return node;
    }
  });
  return sameTree(tree, bound.tree) ? bound : withTree(bound, tree);
}

const sameTree = (one: unknown, other: unknown): boolean =>
  one === other || JSON.stringify(one) === JSON.stringify(other);

function isOfEnum(node: unknown, { types, columns }: Renamed, inDomain: boolean): boolean {
  if (!isFields(node)) return false;
  if (isFields(node.ColumnRef)) {
    const { $id, fields } = node.ColumnRef;
    return typeof $id === 'number' ? columns.has($id) : inDomain && strings(fields).join() === 'value';
  }
  const cast = isFields(node.TypeCast) && isFields(node.TypeCast.typeName) ? node.TypeCast.typeName : undefined;
  return typeof cast?.$id === 'number' && types.has(cast.$id);
}

/** A text, or texts in a list or an array, that are the label. */
function constantRenamed(node: unknown, renamed: Renamed): unknown {
  if (Array.isArray(node)) {
    const items = node.map(item => constantRenamed(item, renamed));
    return items.some((item, at) => item !== node[at]) ? items : node;
  }
  if (!isFields(node)) return node;
  if (isFields(node.A_Const)) {
    const { sval } = node.A_Const;
    return isFields(sval) && sval.sval === renamed.from
      ? { ...node, A_Const: { ...node.A_Const, sval: { sval: renamed.to } } }
      : node;
  }
  for (const [kind, inside] of [
    ['List', 'items'],
    ['A_ArrayExpr', 'elements'],
    ['TypeCast', 'arg'],
  ] as const) {
    const one = node[kind];
    if (!isFields(one)) continue;
    const items = constantRenamed(one[inside], renamed);
    return items === one[inside] ? node : { ...node, [kind]: { ...one, [inside]: items } };
  }
  return node;
}

/** Each label that the way back renames, as it is after the step and as it was before. */
export function* labelsRenamed(
  now: { readonly labels: readonly string[] },
  then: { readonly labels: readonly string[] },
): IterableIterator<readonly [from: string, to: string]> {
  if (now.labels.length !== then.labels.length) return;
  for (const [at, label] of now.labels.entries()) {
    const was = then.labels[at] ?? label;
    if (was !== label && !then.labels.includes(label) && !now.labels.includes(was)) yield [label, was];
  }
}

/** The catalog after a step with the labels in its expressions as they were before it: they follow the renames back. */
export function withFormerLabels(after: Catalog, before: Catalog): Catalog {
  let catalog = after;
  for (const now of after.objects.values()) {
    const then = now.kind === 'enum' ? before.objects.get(now.id) : undefined;
    if (now.kind !== 'enum' || then?.kind !== 'enum') continue;
    for (const [from, to] of labelsRenamed(now, then)) {
      let { objects } = catalog;
      for (const object of labelFollowed(catalog, now.id, from, to)) objects = objects.with(object.id, object);
      catalog = { ...catalog, objects };
    }
  }
  return catalog;
}
