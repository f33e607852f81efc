/** What names mean in the files of a Drizzle schema: Drizzle's own functions, and what is declared in these files or others. */
import { type FileId, fileOf, type UnitId } from '../../engine/place';
import type { Expression, Function as FunctionNode, Import, Module, Pattern, Statement } from '../../program/model';

export interface DrizzleModules {
  module(file: FileId): Module | undefined;
  resolve(from: FileId, specifier: string): FileId | undefined;
}

/** Where an expression stands: whose spans it has, and what the parameters around it are. */
export interface Scope<Known> {
  readonly unit: UnitId;
  readonly locals: ReadonlyMap<string, Meaning<Known>>;
}

/** @typeParam Known  what a reader of tables binds a parameter to */
export type Meaning<Known> =
  /** A function of Drizzle's, or all of a module's where it has no name. */
  | { readonly kind: 'drizzle'; readonly name?: string }
  | { readonly kind: 'file'; readonly file: FileId }
  | { readonly kind: 'expression'; readonly value: Expression; readonly scope: Scope<Known> }
  | { readonly kind: 'known'; readonly known: Known };

type Found<Known> = Meaning<Known> | undefined;

/** Names that lead further than this go in a circle. */
const DEEPEST = 24;

export const topOf = <Known>(file: FileId): Scope<Known> => ({ unit: file, locals: new Map() });

export class Names<Known> {
  private readonly declared = new WeakMap<Module, ReadonlyMap<string, Expression>>();

  constructor(
    private readonly modules: DrizzleModules,
    /** A member of what a parameter is bound to, or of a value that the reader knows. */
    private readonly member: (of: Meaning<Known>, name: string) => Found<Known>,
  ) {}

  /** Follows names and members to what they stand for. */
  meaning(value: Expression, scope: Scope<Known>, depth = 0): Found<Known> {
    if (depth > DEEPEST) return undefined;
    switch (value.kind) {
      case 'name': {
        const local = scope.locals.get(value.name);
        if (local) return local.kind === 'expression' ? this.meaning(local.value, local.scope, depth + 1) : local;
        const file = fileOf(scope.unit);
        const written = this.declaredIn(file)?.get(value.name);
        return written && this.meaning(written, topOf(file), depth + 1);
      }
      case 'import':
        return this.imported(value, fileOf(scope.unit));
      case 'member': {
        const of = this.meaning(value.object, scope, depth + 1);
        return of && this.memberOf(of, value.name, depth + 1);
      }
      default:
        return { kind: 'expression', value, scope };
    }
  }

  /** What a function gives, where that does not depend on what it is called with. */
  returned(of: Found<Known>, given: readonly Meaning<Known>[] = []): Found<Known> {
    if (of?.kind !== 'expression') return undefined;
    const { value, scope } = of;
    const unit = value.kind === 'unit' ? value.unit : scope.unit;
    const own =
      value.kind === 'unit' ? this.functionOf(value.unit) : value.kind === 'lambda' ? value.function : undefined;
    if (!own) return undefined;
    const locals = new Map(scope.locals);
    own.parameters.forEach(({ target }, at) => {
      for (const [name, meaning] of this.bound(target, given[at])) locals.set(name, meaning);
    });
    const inside = { unit, locals };
    for (const statement of own.body) {
      if (statement.kind === 'return') return statement.value && this.meaning(statement.value, inside);
      for (const [name, written] of variablesIn(statement))
        locals.set(name, { kind: 'expression', value: written, scope: inside });
    }
    return undefined;
  }

  private *bound(target: Pattern, given: Found<Known>): IterableIterator<[string, Meaning<Known>]> {
    if (target.kind === 'variable') yield [target.name, given ?? UNKNOWN];
    if (target.kind === 'entries')
      for (const { key, target: inner } of target.entries)
        if (inner.kind === 'variable') yield [inner.name, (given && this.memberOf(given, key, 0)) ?? UNKNOWN];
  }

  private memberOf(of: Meaning<Known>, name: string, depth: number): Found<Known> {
    const known = this.member(of, name);
    if (known) return known;
    switch (of.kind) {
      case 'drizzle':
        return { kind: 'drizzle', name: of.name === undefined ? name : `${of.name}.${name}` };
      case 'file':
        return this.exported(of.file, name, depth + 1);
      case 'expression': {
        const entry =
          of.value.kind === 'record' ? of.value.entries.findLast(({ key }) => key === name)?.value : undefined;
        return entry && this.meaning(entry, of.scope, depth + 1);
      }
      default:
        return undefined;
    }
  }

  private imported({ from }: Import, file: FileId): Found<Known> {
    if (/^drizzle-orm(?:\/|$)/.test(from)) return { kind: 'drizzle' };
    const other = this.modules.resolve(file, from);
    return other === undefined ? undefined : { kind: 'file', file: other };
  }

  private exported(file: FileId, name: string, depth: number): Found<Known> {
    if (depth > DEEPEST) return undefined;
    const all = this.modules.module(file)?.exports ?? [];
    const elsewhere = (from: string): FileId | undefined => this.modules.resolve(file, from);
    const own = all.find(each => each.name === name);
    if (own?.value) return this.meaning(own.value, topOf(file), depth + 1);
    if (own?.from !== undefined) {
      const other = elsewhere(own.from);
      if (other === undefined) return undefined;
      return own.imported === '*'
        ? { kind: 'file', file: other }
        : this.exported(other, own.imported ?? name, depth + 1);
    }
    const whole = all.find(each => each.name === '=')?.value;
    if (whole) {
      const of = this.meaning(whole, topOf(file), depth + 1);
      return of && this.memberOf(of, name, depth + 1);
    }
    for (const { name: every, from } of all) {
      const other = every === '*' && from !== undefined ? elsewhere(from) : undefined;
      const found = other === undefined ? undefined : this.exported(other, name, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  private functionOf(unit: UnitId): FunctionNode | undefined {
    return this.modules.module(fileOf(unit))?.units.find(({ id }) => id === unit)?.function;
  }

  private declaredIn(file: FileId): ReadonlyMap<string, Expression> | undefined {
    const module = this.modules.module(file);
    if (!module) return undefined;
    const known =
      this.declared.get(module) ?? new Map(module.top.function.body.flatMap(each => [...variablesIn(each)]));
    this.declared.set(module, known);
    return known;
  }
}

const UNKNOWN = {
  kind: 'expression',
  value: { kind: 'opaque', label: 'parameter', operands: [], start: 0, end: 0 },
  scope: { unit: '', locals: new Map() },
} as const satisfies Meaning<never>;

/** The variables of a declaration, each with what it is set to. */
function* variablesIn(statement: Statement): IterableIterator<[string, Expression]> {
  if (statement.kind !== 'declare' || !statement.value) return;
  const { target, value } = statement;
  if (target.kind === 'variable') yield [target.name, value];
  if (target.kind === 'entries')
    for (const { key, target: inner } of target.entries)
      if (inner.kind === 'variable')
        yield [
          inner.name,
          { kind: 'member', object: value, name: key, nameSpan: inner, start: inner.start, end: inner.end },
        ];
}
