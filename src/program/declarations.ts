/**
 * A file's top level taken apart: each declaration stands for itself, with places from its own start.
 *
 * A declaration has a unit id of its own, `src/db.ts#const pool`, so that what other units know of it stays valid when
 * something above it in the file grows by a line.
 */
import { type FileId, fileOf, type UnitId } from '../engine/place';
import type { Assign, Block, Call, Class, Declare, Expression, Module, Span, Statement, Unit } from './model';
import { namesIn } from './storage';
import { assignedNames, visitNodes } from './traverse';
import type { Subject } from './walk';

/** A stretch of the top level that is analysed on its own. */
export interface Declaration {
  readonly id: UnitId;
  readonly span: Span;
  readonly text: string;
  readonly body: Block;
  readonly names: readonly string[];
  /** Variables that it assigns and does not declare. */
  readonly sets?: readonly string[];
  /** Import, function or class: it says at once what it is, whatever its text. */
  readonly plain?: { readonly declare: Declare; readonly key: string };
}

export interface FileIndex {
  readonly units: ReadonlyMap<UnitId, Unit>;
  readonly declarations: ReadonlyMap<UnitId, Declaration>;
  /** Declarations by variable. */
  readonly byName: ReadonlyMap<string, readonly UnitId[]>;
  readonly classes: ReadonlyMap<string, Class>;
  /** What the top level puts into the records that variables hold, by variable: `repo.find = …`, `Object.assign(repo, …)`. */
  readonly members: ReadonlyMap<string, readonly AddedMember[]>;
  /** Where a unit, or a function of that name, is an argument at the top level. */
  readonly handed: ReadonlyMap<string, readonly Handed[]>;
}

/** An entry of a record that is set where the record is not written; all entries of another record without a name. */
export interface AddedMember {
  readonly name?: string;
  /** What returns it, or a record of all that is added. */
  readonly declaration: UnitId;
  /** Where it is a function of the file, which needs no walk. */
  readonly unit?: UnitId;
}

/** A function given to a call at the top level: a route's handler. */
export interface Handed {
  readonly declaration: UnitId;
  readonly argument: number;
  readonly count: number;
}

const indexes = new WeakMap<Module, FileIndex>();

/** Computed once per module, and forgotten with it. */
export function indexOf(module: Module): FileIndex {
  const known = indexes.get(module);
  if (known) return known;
  const index = indexModule(module);
  indexes.set(module, index);
  return index;
}

function indexModule(module: Module): FileIndex {
  const units = new Map<UnitId, Unit>();
  for (const unit of module.units) units.set(unit.id, unit);
  const declarations = new Map<UnitId, Declaration>();
  const byName = new Map<string, UnitId[]>();
  const handed = new Map<string, Handed[]>();
  const file = module.file;
  const copies = new Map<string, number>();

  const add = (name: string, span: Span, body: Block, also: Partial<Declaration> = {}): UnitId => {
    const copy = (copies.get(name) ?? 0) + 1;
    copies.set(name, copy);
    const id = `${file}#${name}${copy === 1 ? '' : `~${copy}`}`;
    const text = module.top.text.slice(span.start, span.end);
    declarations.set(id, { names: [], ...also, id, span, text, body });
    for (const each of also.names ?? []) push(byName, each, id);
    return id;
  };
  const returned = (value: Expression): Block => [{ kind: 'return', value, start: value.start, end: value.end }];

  const calls: Call[] = [];
  const assigned: Assign[] = [];
  const records = new Set<string>();
  const functions = new Set<string>();
  visitNodes(module.top.function.body, node => {
    if (node.kind === 'declare') {
      const names = namesIn(node.target);
      const plain = plainOf(node);
      if (node.value?.kind === 'unit') for (const name of names) functions.add(name);
      if (node.target.kind === 'variable' && isRecord(node.value)) records.add(node.target.name);
      if (names.length > 0) add(`const ${names.join(',')}`, node, [node], { names, ...(plain ? { plain } : {}) });
    } else if (node.kind === 'call') calls.push(node);
    else if (node.kind === 'assign') assigned.push(node);
    return node.kind !== 'lambda';
  });
  const members = new Map<string, AddedMember[]>();
  const addMember = (owner: string, name: string | undefined, value: Expression, written: Expression): void => {
    const declaration = add(`member ${owner}.${name ?? '*'}`, written, returned(value));
    const unit = value.kind === 'unit' ? value.unit : undefined;
    push(members, owner, { declaration, ...(name === undefined ? {} : { name }), ...(unit ? { unit } : {}) });
  };
  for (const each of records.size === 0 ? [] : assigned) {
    const target = each.target.kind === 'place' ? each.target.expression : undefined;
    if (target?.kind !== 'member' || target.object.kind !== 'name' || !records.has(target.object.name)) continue;
    if (each.operator === undefined) addMember(target.object.name, target.name, each.value, each.value);
  }
  for (const call of records.size === 0 ? [] : calls) {
    const [first, ...others] = call.arguments.map(({ value }) => value);
    if (first?.kind !== 'name' || !records.has(first.name) || others.length === 0) continue;
    if (call.callee.kind !== 'member' || !MERGES.has(call.callee.name)) continue;
    const { start, end } = call;
    const entries = others.map(value => ({ value, start: value.start, end: value.end }));
    addMember(first.name, undefined, { kind: 'record', entries, start, end }, call);
  }
  for (const call of calls) {
    call.arguments.forEach(({ value }, argument) => {
      for (const each of value.kind === 'list' ? value.items : [value]) {
        const name = each.kind === 'name' && functions.has(each.name) ? each.name : undefined;
        const key = each.kind === 'unit' ? each.unit : name;
        if (key === undefined) continue;
        const declaration = add(`callback ${key}`, call.callee, returned(call.callee));
        push(handed, key, { declaration, argument, count: call.arguments.length });
      }
    });
  }
  for (const statement of module.top.function.body) {
    if (statement.kind === 'declare') continue;
    const sets = [...assignedNames([statement])].filter(name => byName.has(name));
    if (sets.length > 0) add(`set ${sets.slice(0, 3).join(',')}`, statement, [statement], { sets });
  }
  for (const each of module.exports)
    if (each.value && each.value.kind !== 'name') add(`export ${each.name}`, each.value, returned(each.value));
  const classes = new Map<string, Class>();
  for (const each of module.classes) {
    classes.set(each.name, each);
    for (const base of [...(each.extends ? [each.extends] : []), ...(each.mixins ?? [])])
      add(`extends ${each.name}`, base, returned(base));
    for (const field of each.fields)
      if (field.value) add(`field ${each.name}.${field.name}`, field.value, returned(field.value));
  }
  return { units, declarations, byName, classes, members, handed };
}

/** Methods that copy the entries of their further arguments into the first. */
const MERGES = new Set(['assign', 'extend', 'assignIn', 'merge']);

/** `{ … }`, `Object.create(null)`; `exports` under another name is none. */
const isRecord = (value: Expression | undefined): boolean =>
  value?.kind === 'record' ||
  (value?.kind === 'call' && value.callee.kind === 'member' && value.callee.name === 'create' && isObject(value));

const isObject = ({ callee }: Call): boolean =>
  callee.kind === 'member' && callee.object.kind === 'name' && callee.object.name === 'Object';

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}

function plainOf(declare: Declare): Declaration['plain'] {
  const { value } = declare;
  const inner = value?.kind === 'member' ? value.object : value;
  const member = value?.kind === 'member' ? value.name : '';
  switch (inner?.kind) {
    case 'import':
      return { declare, key: `import ${inner.from} ${member} ${targetKey(declare)}` };
    case 'unit':
      return { declare, key: `unit ${inner.unit} ${targetKey(declare)}` };
    case 'class':
      return { declare, key: `class ${inner.name} ${targetKey(declare)}` };
    default:
      return undefined;
  }
}

const targetKey = ({ target }: Declare): string =>
  target.kind === 'entries'
    ? target.entries.map(entry => `${entry.key}:${namesIn(entry.target).join('.')}`).join(',')
    : namesIn(target).join(',');

/** Whether a declaration means what it meant before, wherever it stands now. */
export const sameDeclaration = (before: Declaration | undefined, after: Declaration | undefined): boolean =>
  before === after ||
  (before !== undefined &&
    after !== undefined &&
    before.id === after.id &&
    (before.plain && after.plain ? before.plain.key === after.plain.key : before.text === after.text));

/** Whether a unit was left alone by an edit. */
export const sameUnit = (before: Unit | undefined, after: Unit | undefined): boolean =>
  before === after ||
  (before !== undefined &&
    after !== undefined &&
    before.id === after.id &&
    before.text === after.text &&
    before.ownerClass === after.ownerClass);

/** The unit as the interpreter walks it. */
export const subjectOfUnit = (unit: Unit, given: Subject['given']): Subject => ({
  unit: unit.id,
  file: fileOf(unit.id),
  text: unit.text,
  shift: 0,
  function: unit.function,
  ...(unit.ownerClass === undefined ? {} : { ownerClass: unit.ownerClass }),
  given,
});

/** The declaration as the interpreter walks it: its nodes keep the file's offsets, its places count from its start. */
export const subjectOfDeclaration = (file: FileId, declaration: Declaration): Subject => ({
  unit: declaration.id,
  file,
  text: declaration.text,
  shift: declaration.span.start,
  function: { ...declaration.span, parameters: [], body: declaration.body },
  given: [],
});

/** The declaration as others see it: a unit with a text and a start. */
export const unitOfDeclaration = (declaration: Declaration): Unit => ({
  id: declaration.id,
  start: declaration.span.start,
  text: declaration.text,
  function: { start: 0, end: declaration.text.length, parameters: [], body: [] },
});

export interface Assignments {
  /** Members of `this`. */
  readonly fields: ReadonlySet<string>;
  /** Members of `this` that items are added to, and those that are named where a list is joined. */
  readonly grown: ReadonlySet<string>;
  readonly joined: ReadonlySet<string>;
  /** Variables that are assigned, not declared. */
  readonly names: ReadonlySet<string>;
}

/** Names of methods that add to the list they are called on, in the languages' own collections. */
export const GROWS: ReadonlyMap<string, 'items' | 'front' | 'all'> = new Map([
  ['push', 'items'],
  ['append', 'items'],
  ['add', 'items'],
  ['unshift', 'front'],
  ['extend', 'all'],
  ['addAll', 'all'],
]);

/** The field's name, of `this.name`. */
export const ownField = (node: Statement | Expression): string | undefined =>
  node.kind === 'member' && node.object.kind === 'this' ? node.name : undefined;

const ASSIGNMENTS = new WeakMap<Block, Assignments>();

/** What a body assigns, made once for it. */
export function assignmentsOf(body: Block): Assignments {
  const known = ASSIGNMENTS.get(body);
  if (known) return known;
  const fields = new Set<string>();
  const names = new Set<string>();
  const grown = new Set<string>();
  const mentioned = new Set<string>();
  let joins = false;
  visitNodes(body, node => {
    const own = ownField(node);
    if (own !== undefined) mentioned.add(own);
    if (node.kind === 'call' && node.callee.kind === 'member') {
      const added = GROWS.has(node.callee.name) ? ownField(node.callee.object) : undefined;
      if (added !== undefined) grown.add(added);
      joins ||= node.callee.name === 'join';
    }
    if (node.kind !== 'assign') return true;
    const { target } = node;
    if (target.kind === 'variable') names.add(target.name);
    const field = target.kind === 'place' ? ownField(target.expression) : undefined;
    if (field !== undefined) fields.add(field);
    return true;
  });
  const assignments = { fields, names, grown, joined: joins ? mentioned : new Set<string>() };
  ASSIGNMENTS.set(body, assignments);
  return assignments;
}

const WRITERS = new WeakMap<FileIndex, ReadonlyMap<string, readonly UnitId[]>>();

/** Units and declarations by the variables that they assign, made once for a file: a bundle has thousands of both. */
export function writersIn(all: FileIndex): ReadonlyMap<string, readonly UnitId[]> {
  const known = WRITERS.get(all);
  if (known) return known;
  const writers = new Map<string, UnitId[]>();
  const add = (name: string, id: UnitId): void => push(writers, name, id);
  for (const { id, sets } of all.declarations.values()) for (const name of sets ?? []) add(name, id);
  for (const unit of all.units.values()) for (const name of assignmentsOf(unit.function.body).names) add(name, unit.id);
  WRITERS.set(all, writers);
  return writers;
}
