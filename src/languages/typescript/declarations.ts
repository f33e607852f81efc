/** What stands at the top of a file: imports, exports, and TypeScript's own declarations. */
import type { Export, Expression, Field, Pattern, RecordEntry, Span, Statement, Type } from '../../program/model';
import type { Node } from '../../syntax/flatTree';
import { declareClass, declareFunction, declareVariables } from './bindings';
import type { Lowering, LowerStatement } from './lowering';
import { variable } from './patterns';
import { lowerType, nameOf, propertiesOf } from './types';

// ——— imports ———

const lowerImport: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const statement = at.span(node);
  const required = parts.find(part => at.type(part) === 'import_require_clause');
  const source = (required ? at.parts(required) : parts).find(part => at.type(part) === 'string');
  if (!source) {
    at.opaqueStatement(node, 'import', into);
    return;
  }
  const module = { kind: 'import', from: nameOf(at, source), ...at.span(source) } as const;
  const declare = (target: Pattern, value: Expression) => {
    const { start, end } = target;
    const declared: Statement = { kind: 'declare', target, value, constant: true, statement, start, end };
    at.imports.add(declared);
    into.push(declared);
  };
  const clause = parts.find(part => at.type(part) === 'import_clause');
  const whole = required && at.parts(required)[0];
  if (whole) declare(variable(at, whole), module);
  else if (!clause) into.push({ kind: 'evaluate', expression: module, ...statement });
  else for (const part of at.parts(clause)) importClause(at, part, module, declare);
};

function importClause(
  at: Lowering,
  part: Node,
  module: Extract<Expression, { kind: 'import' }>,
  declare: (target: Pattern, value: Expression) => void,
): void {
  switch (at.type(part)) {
    case 'identifier': {
      const nameSpan = at.span(part);
      declare(variable(at, part), { kind: 'member', object: module, name: 'default', nameSpan, ...nameSpan });
      break;
    }
    case 'namespace_import': {
      const name = at.parts(part)[0];
      if (name) declare(variable(at, name), module);
      break;
    }
    case 'named_imports':
      declare(importedNames(at, part), module);
  }
}

/** `{ a, b as c }` as the pattern `{ a, b: c }`. */
function importedNames(at: Lowering, node: Node): Pattern {
  const entries: { key: string; target: Pattern }[] = [];
  for (const specifier of at.parts(node)) {
    if (at.type(specifier) !== 'import_specifier') continue;
    const names = at.parts(specifier);
    const local = names.at(-1);
    if (!local) continue;
    // `default` is a word of the grammar and no node of its own.
    const key =
      names.length > 1 && names[0]
        ? nameOf(at, names[0])
        : /^default\b/.test(at.source(specifier))
          ? 'default'
          : at.source(local);
    entries.push({ key, target: variable(at, local) });
  }
  return { kind: 'entries', entries, ...at.span(node) };
}

/** `import A = B.C` */
const lowerImportAlias: LowerStatement = (at, node, into) => {
  const [name, value] = at.parts(node);
  const statement = at.span(node);
  if (name && value)
    into.push({
      kind: 'declare',
      target: variable(at, name),
      value: at.expression(value),
      constant: true,
      statement,
      ...statement,
    });
};

// ——— exports ———

const lowerExport: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const decorators = parts.filter(part => at.type(part) === 'decorator');
  const [first, ...others] = parts.filter(part => at.type(part) !== 'decorator');
  const head = at.between(at.headStart(node, decorators), first ? at.tree.start(first) : at.tree.end(node));
  const source = [first, ...others].find(part => part && at.type(part) === 'string');
  // `export default 'text'` has a string too, which is no module.
  const from =
    source && /(?:^|\W)from$/.test(at.between(at.tree.start(node), at.tree.start(source)).slice(-12))
      ? nameOf(at, source)
      : undefined;
  if (!first) return;
  const from0 = from === undefined ? {} : { from };
  if (/^export\s*\*$/.test(head.replace(/\s*from$/, '')) || /^export\s+(?:type\s+)?\*\s*from$/.test(head)) {
    at.exports.push({ name: '*', ...from0 });
    return;
  }
  if (/^export\s+as\s+namespace$/.test(head)) return;
  if (/^export\s*=$/.test(head)) {
    const value = at.expression(first);
    at.exports.push({ name: '=', value });
    if (value.kind !== 'name') into.push({ kind: 'evaluate', expression: value, ...at.span(node) });
    return;
  }
  switch (at.type(first)) {
    case 'namespace_export': {
      const name = at.parts(first)[0];
      if (name) at.exports.push({ name: nameOf(at, name), ...from0, imported: '*' });
      return;
    }
    case 'export_clause':
      for (const specifier of at.parts(first)) exportSpecifier(at, specifier, from);
      return;
  }
  if (/^export\s+default$/.test(head)) exportDefault(at, node, first, decorators, into);
  else exportDeclared(at, node, first, decorators, into);
};

function exportSpecifier(at: Lowering, node: Node, from: string | undefined): void {
  const source = at.between(at.tree.start(node), at.tree.end(node)).replace(/^type\s+(?!as\b)/, '');
  const names = source.split(/\s+as\s+/).map(name => name.trim().replace(/^(['"])(.*)\1$/, '$2'));
  const local = names[0];
  const name = names.at(-1);
  if (!local || !name) return;
  if (from === undefined) at.exports.push({ name, value: { kind: 'name', name: local, ...at.span(node) } });
  else at.exports.push(local === name ? { name, from } : { name, from, imported: local });
}

function exportDeclared(
  at: Lowering,
  node: Node,
  declaration: Node,
  decorators: readonly Node[],
  into: Statement[],
): void {
  const declared: Statement[] = [];
  declareIn(at, declaration, at.span(node), decorators, declared);
  for (const statement of declared) {
    into.push(statement);
    if (statement.kind !== 'declare') continue;
    for (const { name, ...span } of namesIn(statement.target))
      at.exports.push({ name, value: { kind: 'name', name, ...span } });
  }
}

function declareIn(
  at: Lowering,
  declaration: Node,
  statement: Span,
  decorators: readonly Node[],
  into: Statement[],
): void {
  switch (at.type(declaration)) {
    case 'lexical_declaration':
    case 'variable_declaration':
      declareVariables(at, declaration, statement, into);
      break;
    case 'function_declaration':
    case 'generator_function_declaration':
      declareFunction(at, declaration, statement, into);
      break;
    case 'class_declaration':
    case 'abstract_class_declaration':
      declareClass(at, declaration, statement, decorators, into);
      break;
    case 'interface_declaration':
    case 'type_alias_declaration': {
      const known = at.classes.length;
      at.statement(declaration, into);
      // a value may bear the name of an alias, too: `export type Role = (typeof Role)[keyof typeof Role]`
      for (const { name, alias, start, end } of at.classes.slice(known))
        if (!alias) at.exports.push({ name, value: { kind: 'class', name, start, end } });
      break;
    }
    default:
      at.statement(declaration, into);
  }
}

/** What has no name of its own is kept in a variable `default`, which no program can have. */
function exportDefault(at: Lowering, node: Node, value: Node, decorators: readonly Node[], into: Statement[]): void {
  const statement = at.span(node);
  const type = at.type(value);
  if (type === 'identifier') {
    at.exports.push({ name: 'default', value: at.expression(value) });
    return;
  }
  const declared: Statement[] = [];
  if (/declaration$/.test(type)) declareIn(at, value, statement, decorators, declared);
  const own = declared[0];
  if (own?.kind === 'declare' && own.target.kind === 'variable') {
    at.exports.push({ name: 'default', value: { kind: 'name', name: own.target.name, ...at.span(value) } });
  } else if (declared.length === 0) {
    const target: Pattern = { kind: 'variable', name: 'default', ...at.span(value) };
    at.naming = 'default';
    const lowered = at.expression(value);
    declared.push({ kind: 'declare', target, value: lowered, constant: true, statement, ...statement });
    at.exports.push({ name: 'default', value: { kind: 'name', name: 'default', ...at.span(value) } });
  }
  into.push(...declared);
}

function* namesIn(target: Pattern): Generator<{ name: string; start: number; end: number }> {
  switch (target.kind) {
    case 'variable':
      yield { name: target.name, start: target.start, end: target.end };
      break;
    case 'entries':
      for (const entry of target.entries) yield* namesIn(entry.target);
      if (target.rest) yield* namesIn(target.rest);
      break;
    case 'items':
      for (const item of target.items) if (item.target) yield* namesIn(item.target);
      if (target.rest) yield* namesIn(target.rest);
  }
}

// ——— what only TypeScript has ———

/** `enum Level { Low, High = 'high' }` as a record of constants. */
const lowerEnum: LowerStatement = (at, node, into) => {
  const [name, body] = at.parts(node);
  if (!name || !body) return;
  const entries: RecordEntry[] = [];
  let next = 0;
  for (const member of at.parts(body)) {
    const span = at.span(member);
    const [key, given] = at.type(member) === 'enum_assignment' ? at.parts(member) : [member];
    if (!key) continue;
    const value: Expression = given ? at.expression(given) : { kind: 'constant', value: next, ...span };
    if (value.kind === 'constant' && typeof value.value === 'number') next = value.value + 1;
    entries.push({ key: nameOf(at, key), value, ...span });
  }
  const statement = at.span(node);
  into.push({
    kind: 'declare',
    target: variable(at, name),
    value: { kind: 'record', entries, ...at.span(body) },
    constant: true,
    statement,
    ...statement,
  });
};

/** `namespace Orders { … }`: its statements, and a record of what it exports. */
const lowerNamespace: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const name = parts[0];
  const body = parts.find(part => at.type(part) === 'statement_block');
  if (!name || !body || at.type(name) === 'string') {
    return;
  }
  const outer = at.namespace;
  const exported = at.exports.length;
  at.namespace = outer === undefined ? at.source(name) : `${outer}.${at.source(name)}`;
  into.push(...at.block(body));
  at.namespace = outer;
  const members: Export[] = at.exports.splice(exported);
  const entries = members.flatMap(({ name: key, value }) =>
    value ? [{ key, value, start: value.start, end: value.end }] : [],
  );
  const statement = at.span(node);
  into.push({
    kind: 'declare',
    target: variable(at, name),
    value: { kind: 'record', entries, ...at.span(body) },
    constant: true,
    statement,
    ...statement,
  });
};

/**
 * `type Sort = 'asc' | 'desc'` says of a value what an enumeration says: it is one of these. `(typeof SORTS)[number]` is an
 * item of a list, `keyof typeof COLUMNS` a key of a record. Other aliases are object types, or other names of a type.
 */
const lowerTypeAlias: LowerStatement = (at, node, into) => {
  const parts = at.parts(node);
  const [name] = parts;
  const written = parts.at(-1);
  const value = name && written && written !== name ? valuesOf(at, written) : undefined;
  if (name && written && !value && NAMES_TYPE.has(at.type(written))) {
    if (at.inUnit) return;
    const alias = lowerType(at, written);
    const own = { name: at.source(name), fields: [], methods: new Map(), interface: true, alias, ...at.span(node) };
    if (namesOnly(alias)) at.classes.push(own);
    return;
  }
  if (!name || !value) return lowerInterface(at, node, into);
  const statement = at.span(node);
  into.push({ kind: 'declare', target: variable(at, name), value, constant: true, statement, ...statement });
};

/** What an alias may be another name of: `typeof db`, `ReturnType<typeof connect>`, `Kysely<Tables> | Transaction<Tables>`. */
const NAMES_TYPE: ReadonlySet<string> = new Set([
  'generic_type',
  'intersection_type',
  'lookup_type',
  'nested_type_identifier',
  'parenthesized_type',
  'type_identifier',
  'type_query',
  'union_type',
]);

const namesOnly = (type: Type): boolean =>
  type.kind === 'named' ||
  (type.kind === 'union' && type.of.every(each => each.kind === 'constant' || namesOnly(each)));

/** All values of a type, as an expression whose constants they are; nothing when they are not written down. */
function valuesOf(at: Lowering, written: Node): Expression | undefined {
  const span = at.span(written);
  switch (at.type(written)) {
    case 'lookup_type': {
      const [list, index] = at.parts(written);
      return list && index && at.source(index) === 'number' ? queriedIn(at, list) : undefined;
    }
    case 'index_type_query': {
      const [record] = at.parts(written);
      const queried = record && queriedIn(at, record);
      return queried && { kind: 'operation', operator: 'keyof', operands: [queried], ...span };
    }
    default: {
      const entries = literalsIn(at, written)?.map(
        (literal): RecordEntry => ({ key: nameOf(at, literal), value: at.expression(literal), ...at.span(literal) }),
      );
      return entries && { kind: 'record', entries, ...span };
    }
  }
}

/** The strings and numbers that a type is a union of; nothing when it leaves room for more. */
function literalsIn(at: Lowering, node: Node): readonly Node[] | undefined {
  const inner = at.parts(node);
  switch (at.type(node)) {
    case 'literal_type': {
      const [literal] = inner;
      return literal && ['string', 'number'].includes(at.type(literal)) ? [literal] : undefined;
    }
    case 'parenthesized_type':
    case 'union_type': {
      const all = inner.map(each => literalsIn(at, each));
      return all.every(each => each !== undefined) ? all.flat() : undefined;
    }
    default:
      return undefined;
  }
}

/** `X` of `typeof X`, in parentheses or not. */
function queriedIn(at: Lowering, node: Node): Expression | undefined {
  switch (at.type(node)) {
    case 'parenthesized_type': {
      const [inner] = at.parts(node);
      return inner && queriedIn(at, inner);
    }
    case 'type_query': {
      const [name] = at.parts(node);
      return name && at.type(name) === 'identifier'
        ? { kind: 'name', name: at.source(name), ...at.span(name) }
        : undefined;
    }
    default:
      return undefined;
  }
}

/** An interface, and a type alias that spells out properties: what fields a value of this type has. */
const lowerInterface: LowerStatement = (at, node, _into) => {
  const parts = at.parts(node);
  const name = parts.find(part => at.type(part) === 'type_identifier');
  const body = parts.find(part => at.type(part) === 'interface_body' || at.type(part) === 'object_type');
  if (at.inUnit || !name || !body) {
    return;
  }
  const fields: Field[] = propertiesOf(at, body).map(({ name: field, type, node: property }) => ({
    name: field,
    type,
    ...at.span(property),
  }));
  const bases: Type[] = [];
  for (const part of parts)
    if (at.type(part) === 'extends_type_clause') bases.push(...at.parts(part).map(base => lowerType(at, base)));
  at.classes.push({
    name: at.source(name),
    ...(bases.length > 0 && { implements: bases }),
    fields,
    methods: new Map(),
    interface: true,
    ...at.span(node),
  });
};

const ambient: LowerStatement = () => {
  // Nothing of it runs here.
};

export const DECLARATIONS: Readonly<Record<string, LowerStatement>> = {
  import_statement: lowerImport,
  import_alias: lowerImportAlias,
  export_statement: lowerExport,
  enum_declaration: lowerEnum,
  internal_module: lowerNamespace,
  module: lowerNamespace,
  interface_declaration: lowerInterface,
  type_alias_declaration: lowerTypeAlias,
  // What exists elsewhere: `declare const x: T`, `declare module 'x' { … }`.
  ambient_declaration: ambient,
};
