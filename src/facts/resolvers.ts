/**
 * Which functions are field resolvers of GraphQL: they run once for every object of their type in a result. They stand in
 * a map of types (`{ Query: …, Order: { customer: order => … } }`), in calls that tables know (`new GraphQLObjectType`),
 * or bear a decorator. Resolvers of the root types run once a request.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { ResolverRow } from '../libraries/vocabulary';
import { placeIn } from '../program/analysis';
import { constantOf, UNKNOWN } from '../program/lattice';
import type { Expression, Function as FunctionNode, RecordEntry, RecordExpression, Span, Type } from '../program/model';
import { visitNodes } from '../program/traverse';
import { lambdaId } from '../program/world';
import type { Setting } from './setting';

/** A field resolver, in the unit that it is or stands in. */
export interface FieldResolver {
  /** `Order` */
  readonly type: string;
  /** `customer` */
  readonly field: string;
  readonly span: Span;
  /** The parameter that gets the object. */
  readonly parent: { readonly at: Place };
  /** The parameter as values tell it: of the unit, or of the function inside it. */
  readonly parameter: { readonly unit: string; readonly index: number };
}

/** What a function that stands in a file's top level is there. */
type Role =
  | { readonly kind: 'resolver'; readonly type: string; readonly field: string }
  /** It holds resolvers: `fields: () => ({ customer: { resolve } })`. */
  | { readonly kind: 'holder'; readonly type: string; readonly entries: readonly string[] };

/** The innermost field resolver around a place of the unit. */
export function resolverAround(resolvers: readonly FieldResolver[], place: Span): FieldResolver | undefined {
  return resolvers.findLast(({ span }) => span.start <= place.start && place.end <= span.end);
}

/** The field resolvers in a unit, the unit itself included, in the order in which they begin. */
export function resolversIn(setting: Setting, unit: UnitId): readonly FieldResolver[] {
  const { analysis } = setting;
  const file = fileOf(unit);
  const source = unit === file ? undefined : analysis.source(unit);
  if (!source) return [];
  const own = source.function;
  const found: FieldResolver[] = [];
  const add = (each: FunctionNode, type: string, field: string, index = 0, isUnit = each === own) => {
    const parameter = each.parameters[index];
    if (!parameter || isRoot(type)) return;
    found.push({
      type,
      field,
      span: each === own ? { start: 0, end: source.text.length } : each,
      parent: { at: placeIn(unit, parameter) },
      parameter: { unit: isUnit ? unit : lambdaId(placeIn(unit, each)), index },
    });
  };
  const decorated = decoratedResolver(setting, unit, own);
  if (decorated) add(own, decorated.type, decorated.field, decorated.index);
  const role = rolesIn(setting, file).get(unit);
  if (role?.kind === 'resolver') add(own, role.type, role.field);
  const inside: Inside = {
    text: source.text,
    resolver: (each, type, field) => {
      if (each.kind === 'lambda') add(each.function, type, field);
    },
    holder: () => undefined,
  };
  if (role?.kind === 'holder') visitNodes(own.body, node => findEntries(node, role.type, role.entries, inside));
  visitRows(setting, unit, inside);
  if (mayHoldTypes(file, source.text)) visitMaps(own.body, inside);
  return found.sort((left, right) => left.span.start - right.span.start);
}

type FunctionExpression = Extract<Expression, { kind: 'lambda' | 'unit' }>;

interface Inside {
  readonly text: string;
  readonly resolver: (each: FunctionExpression, type: string, field: string) => void;
  readonly holder: (each: FunctionExpression, type: string, entries: readonly string[]) => void;
}

/** Functions of the file's other units that its top level says to be resolvers; without places, so that an edit moves none. */
function rolesIn(setting: Setting, file: string): ReadonlyMap<UnitId, Role> {
  const { analysis, key } = setting;
  return (
    analysis.remember<ReadonlyMap<UnitId, Role> | undefined>(`resolvers ${key} ${file}`, () => {
      const roles = new Map<UnitId, Role>();
      const source = analysis.source(file);
      if (!source) return roles;
      const note = (each: FunctionExpression, role: Role) => {
        if (each.kind === 'unit' && !roles.has(each.unit)) roles.set(each.unit, role);
      };
      const inside: Inside = {
        text: source.text,
        resolver: (each, type, field) => note(each, { kind: 'resolver', type, field }),
        holder: (each, type, entries) => note(each, { kind: 'holder', type, entries }),
      };
      visitRows(setting, file, inside);
      if (mayHoldTypes(file, source.text)) visitMaps(source.function.body, inside, AMONG_RESOLVERS.test(file));
      return roles;
    }) ?? new Map()
  );
}

// ——— calls that tables know ———

function visitRows({ analysis, tables }: Setting, unit: UnitId, inside: Inside): void {
  if (tables.resolvers.size === 0) return;
  for (const { target, node, arguments: args } of analysis.unit(unit).calls) {
    if (target.kind !== 'library') continue;
    const row = tables.resolvers.get(target.name);
    if (!row) continue;
    const [first] = args;
    const named = row.type === undefined ? first?.value : memberOf(first?.value, row.type);
    const type = named && constantOf(named);
    for (const { value } of node.arguments)
      visitNodes(value, each =>
        findEntries(each, typeof type === 'string' ? type : nameFrom(first?.source), namesOf(row.entries), inside),
      );
  }
}

const memberOf = (value: Parameters<typeof constantOf>[0] | undefined, name: string) =>
  value?.shape.kind === 'record' ? value.shape.entries.get(name) : undefined;

/** A type that is named by a reference: `OrderRef`. */
const nameFrom = (source: string | undefined): string =>
  source !== undefined && /^[A-Z]\w*$/.test(source) ? source.replace(/(?:Ref|Type|TC)$/, '') : 'object';

function findEntries(node: unknown, type: string, entries: readonly string[], inside: Inside): boolean {
  if (!isExpression(node)) return true;
  if (node.kind === 'unit') inside.holder(node, type, entries);
  if (node.kind !== 'record') return true;
  for (const entry of node.entries)
    if (typeof entry.key === 'string' && entries.includes(entry.key))
      for (const each of functionsIn(entry.value)) inside.resolver(each, type, fieldAround(inside.text, node));
  return true;
}

/** The name before a record: `customer: { resolve }`, `t.field('customer', { resolve })`. */
const fieldAround = (text: string, { start }: Span): string =>
  /([\w$]+)['"]?\s*[:,]\s*(?:[\w$.]+\(\s*)?$/.exec(text.slice(Math.max(0, start - 80), start))?.[1] ?? '';

const isExpression = (node: unknown): node is Expression =>
  typeof node === 'object' && node !== null && 'kind' in node && 'start' in node;

/** A function, or those that a wrapper is handed: `authenticated(order => …)`. */
function functionsIn(value: Expression): readonly FunctionExpression[] {
  if (value.kind === 'lambda' || value.kind === 'unit') return [value];
  return value.kind === 'call' ? value.arguments.flatMap(argument => functionsIn(argument.value)) : [];
}

// ——— maps of types ———

const MAY_HOLD_TYPES = /\b(?:Query|Mutation)\b|[rR]esolvers?\b|\b_*args\b|\b__resolveReference\b/;
/** Where files hold resolvers and little else: maps of some types each, which are merged elsewhere. */
const AMONG_RESOLVERS = /(?:^|\/)resolvers\/|[-.]resolvers?\.\w+$/i;
const REFERENCE = '__resolveReference';
const ROOT = /^(?:Root)?(?:Query|Queries|Mutation|Mutations|Subscription|Subscriptions)(?:Type|Root|Resolvers?)?$/;
/** One of each in a response, by the conventions of Relay and others. */
const SINGLE = /(?:Query|Queries|Mutation|Mutations|Payload|Connection|PageInfo|Response|Viewer)$/;
const isRoot = (type: string): boolean => ROOT.test(type) || SINGLE.test(type);

const mayHoldTypes = (file: string, text: string): boolean => MAY_HOLD_TYPES.test(text) || AMONG_RESOLVERS.test(file);

/** @param among  the file lies where nothing but resolvers does */
function visitMaps(roots: Parameters<typeof visitNodes>[0], inside: Inside, among = false): void {
  visitNodes(roots, node => {
    if (among && node.kind === 'record' && isMapOfMaps(node)) {
      visitTypes(node, inside, readsFirst(inside.text));
      return false;
    }
    if (node.kind === 'record' && isTypeMap(node)) {
      visitTypes(node, inside);
      return false;
    }
    if (node.kind !== 'declare' || node.target.kind !== 'variable' || node.value?.kind !== 'record') return true;
    const { name } = node.target;
    const declared = typeName(node.type);
    if (declared !== undefined && /^(?:I?[A-Z]\w*)?Resolvers?$/.test(declared)) {
      const type = declared.replace(/Resolvers?$/, '').replace(/^I(?=[A-Z])/, '');
      if (isMapOfMaps(node.value)) visitTypes(node.value, inside);
      else if (type !== '') visitFields(node.value, type, inside);
      return false;
    }
    if (/^\w*[rR]esolvers?$/.test(name) && isMapOfMaps(node.value)) {
      visitTypes(node.value, inside);
      return false;
    }
    if (/^[A-Z]\w*$/.test(name)) visitFields(node.value, name, inside, isResolverShaped(inside.text));
    const [, type] = FIELDS_OF.exec(name) ?? [];
    if (type !== undefined)
      visitFields(node.value, `${type.charAt(0).toUpperCase()}${type.slice(1)}`, inside, readsParent(inside.text));
    return true;
  });
}

/** `cartItemFieldResolvers`, `bookResolvers`: the fields of one type, which stands in a map elsewhere. */
const FIELDS_OF = /^([a-zA-Z]\w*?)(?:Field|Type)?Resolvers?$/;

/** `order => order.id`, `async (parent: Order) => …parent.id…`: a root field gets nothing to read. */
const readsParent =
  (text: string) =>
  ({ start, end }: RecordEntry): boolean => {
    const source = text.slice(start, end);
    const [, parent] = /^[^(]{0,60}\(\s*(_*(?:parent|root|source|obj|object|self))\b/.exec(source) ?? [];
    return parent !== undefined && new RegExp(`\\b${parent}\\??\\.\\w`).test(source);
  };

const typeName = (type: Type | undefined): string | undefined => (type?.kind === 'named' ? type.name : undefined);

/** `{ Query: …, Order: { … } }` */
const isTypeMap = (record: RecordExpression): boolean =>
  record.entries.some(({ key }) => typeof key === 'string' && /^(?:Query|Mutation|Subscription)$/.test(key)) &&
  isMapOfMaps(record);

const isMapOfMaps = (record: RecordExpression): boolean =>
  record.entries.some(({ key, value }) => typeof key === 'string' && /^[A-Z]/.test(key) && value.kind === 'record');

function visitTypes(record: RecordExpression, inside: Inside, isResolver?: (entry: RecordEntry) => boolean): void {
  for (const { key, value } of record.entries)
    if (typeof key === 'string' && /^[A-Z]/.test(key) && value.kind === 'record')
      visitFields(value, key, inside, isResolver);
}

/** `order => …order.id…`, `async ({ id }) => …`: a function that is handed an object and reads it. */
const readsFirst =
  (text: string) =>
  ({ start, end }: RecordEntry): boolean => {
    const source = text.slice(start, end);
    const [, first, taken] = /^[^(=]{0,60}[(:=]\s*(?:async\s*)?\(?\s*(?:([\w$]+)|(\{))/.exec(source) ?? [];
    if (taken !== undefined) return true;
    return first !== undefined && new RegExp(`(?<![\\w$.])${first.replace(/\$/g, '\\$&')}\\??\\.\\w`).test(source);
  };

function visitFields(
  record: RecordExpression,
  type: string,
  inside: Inside,
  isResolver: (entry: RecordEntry) => boolean = () => true,
): void {
  if (isRoot(type)) return;
  for (const entry of record.entries)
    if (
      typeof entry.key === 'string' &&
      entry.key !== '__resolveType' &&
      (entry.key === REFERENCE || isResolver(entry))
    )
      for (const each of functionsIn(entry.value)) inside.resolver(each, type, entry.key);
}

/** `(order, args, ctx) => …`: what only a resolver is called with, where nothing else tells. */
const isResolverShaped =
  (text: string) =>
  ({ start, end }: RecordEntry): boolean =>
    /^[^(]{0,60}\(\s*(?:[\w$]+(?:\s*:[^,]{0,60})?|\{[^}]*\}[^,]{0,60})\s*,\s*(?:_+|_*(?:args|arguments|params|input)\b[^,]{0,60}|\{[^}]*\}[^,]{0,60})\s*,\s*(?:\{|_*(?:ctx|context)\b)/.test(
      text.slice(start, Math.min(end, start + 400)),
    );

// ——— decorators ———

function decoratedResolver(
  setting: Setting,
  unit: UnitId,
  own: FunctionNode,
): { readonly type: string; readonly field: string; readonly index: number } | undefined {
  const { tables } = setting;
  if (!own.decorators || tables.resolverDecorators.size === 0) return undefined;
  const file = fileOf(unit);
  const row = own.decorators
    .map(each => tables.resolverDecorators.get(entityOf(setting, file, each) ?? ''))
    .find((each): each is ResolverRow => each !== undefined);
  if (!row) return undefined;
  const parents = new Set(namesOf(row.parent));
  const index = own.parameters.findIndex(parameter =>
    (parameter.decorators ?? []).some(each => {
      const name = entityOf(setting, file, each);
      return name !== undefined && parents.has(name.slice(name.indexOf('#') + 1));
    }),
  );
  return { type: ownerType(setting, unit), field: own.name ?? '', index: Math.max(0, index) };
}

/** What a decorator's name stands for. */
function entityOf({ analysis }: Setting, file: string, decorator: Expression): string | undefined {
  const name = decorator.kind === 'call' ? decorator.callee : decorator;
  if (name.kind !== 'name') return undefined;
  const { shape } = analysis.environment(file).variables.get(name.name) ?? UNKNOWN;
  return shape.kind === 'entity' ? shape.name : undefined;
}

/** `@Resolver(() => Order)`, `@Resolver('Order')`; else what the class is called after: `OrderResolver`. */
function ownerType({ analysis }: Setting, unit: UnitId): string {
  const owner = analysis.source(unit)?.ownerClass;
  if (owner === undefined) return 'object';
  const marks = analysis.environment(fileOf(unit)).classes.get(owner)?.class.decorators ?? [];
  for (const mark of marks) {
    const argument = mark.kind === 'call' ? mark.arguments[0]?.value : undefined;
    if (argument?.kind === 'name') return argument.name;
    if (argument?.kind === 'text' && argument.parts[0]?.kind === 'part') return argument.parts[0].value;
    if (argument?.kind === 'lambda') {
      const [only] = argument.function.body;
      if (only?.kind === 'return' && only.value?.kind === 'name') return only.value.name;
    }
    if (argument?.kind === 'unit') {
      const [only] = analysis.source(argument.unit)?.function.body ?? [];
      if (only?.kind === 'return' && only.value?.kind === 'name') return only.value.name;
    }
  }
  return owner.replace(/Resolvers?$/, '');
}
