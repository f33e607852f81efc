/** Migrations written in a programming language: which tool's they are, and where their up and down stand. */

import type { MigrationTool } from '../engine/migrationTools';
import type { Place } from '../engine/place';
import type { Class, Expression, Function as FunctionNode, Module, Type, Unit } from '../program/model';
import { visitNodes } from '../program/traverse';
import { type Builder, dbMigrate, knex, mikroOrm, nodePgMigrate, payload, sequelize, typeorm } from './builders';
import { type CodeScope, type CodeStep, headOf, namesOf, readCodeStep, unbound } from './codeStep';
import { toolInContext } from './context';
import type { MigrationDown, MigrationFact } from './migration';
import type { MigrationSource } from './source';
import { namesNoneOf } from './sqlStep';

const BUILDERS: Readonly<Partial<Record<MigrationTool, Builder>>> = {
  knex,
  sequelize,
  typeorm,
  'node-pg-migrate': nodePgMigrate,
  'db-migrate': dbMigrate,
  'mikro-orm': mikroOrm,
  payload,
};

/** Tools that hand over what another library makes are known by what a migration imports. */
const BY_PACKAGE: readonly { readonly tool: MigrationTool; readonly packages: RegExp }[] = [
  { tool: 'payload', packages: /^@payloadcms\/(?:db-(?:postgres|vercel-postgres|sqlite|d1-sqlite)|drizzle)(?:\/|$)/ },
];

/** What each tool hands to a migration, by the type that is written for it and by the name that its users give it. */
const HANDED: readonly { readonly tool: MigrationTool; readonly types: RegExp; readonly names: RegExp }[] = [
  { tool: 'knex', types: /^(?:Knex(?:\.Transaction)?|Transaction)$/, names: /^knex$/i },
  { tool: 'sequelize', types: /^QueryInterface$/, names: /^(?:queryInterface|query_interface)$/i },
  { tool: 'typeorm', types: /^QueryRunner$/, names: /^queryRunner$/i },
  { tool: 'node-pg-migrate', types: /^MigrationBuilder$/, names: /^pgm$/ },
];

/** A function of a migration, and where its name stands. */
export interface CodeDirection {
  readonly function: FunctionNode;
  readonly at: Place;
  readonly ownerClass?: string;
}

/** A function, a constant such as `false`, or something that could not be followed; undefined when there is none. */
export type Found =
  | { readonly kind: 'function'; readonly direction: CodeDirection }
  | { readonly kind: 'constant'; readonly value: unknown; readonly at: Place }
  | { readonly kind: 'other' };

/** Where the directions of a migration stand in a module; `down` is what stands where its way back should. */
export interface CodeDirections {
  readonly tool: MigrationTool;
  readonly up: CodeDirection;
  readonly down: Found | undefined;
}

/**
 * Finds a migration in a module; undefined when it is none, or is made in a way that could not be followed.
 * @param named the tool by the configuration, which need not be told then by what it hands over
 */
export function directionsIn(module: Module, named?: MigrationTool): CodeDirections | undefined {
  const derived = named === undefined || named === 'mikro-orm' ? derivedMigration(module) : undefined;
  const owner =
    derived ??
    migrationClass(module) ??
    (named === 'typeorm' || named === 'mikro-orm' ? module.classes.find(each => each.methods.has('up')) : undefined);
  const up = owner ? methodOf(module, owner, 'up') : exported(module, 'up');
  if (up?.kind !== 'function') return undefined;
  const down = owner ? methodOf(module, owner, 'down') : exported(module, 'down');
  const ofClass = derived || named === 'mikro-orm' ? 'mikro-orm' : 'typeorm';
  const tool = owner ? ofClass : (named ?? toolOf(module, up.direction.function));
  return tool && BUILDERS[tool] ? { tool, up: up.direction, down } : undefined;
}

/** The call that makes the migration which a module hands over as a whole; undefined where none does. */
export function madeIn(module: Module): { readonly expression: Expression; readonly at: Place } | undefined {
  const whole = module.exports.find(each => each.name === 'default' || each.name === '=')?.value;
  const expression = whole && resolved(module, whole);
  if (expression?.kind !== 'call' || expression.form !== 'call') return undefined;
  const { start, end } = expression.callee;
  return { expression, at: { unit: module.top.id, start, end } };
}

/** Reads a module as a migration; undefined when it is none, or is made in a way that could not be followed. */
export function migrationInCode({ file, module, dialect }: MigrationSource): MigrationFact | undefined {
  const found = module && directionsIn(module);
  const builder = found && BUILDERS[found.tool];
  if (!module || !found || !builder) return undefined;
  const { tool, up, down } = found;
  const scope: CodeScope = { module, builder, dialect };
  const upStep = readCodeStep(up.function, { ...scope, ownerClass: up.ownerClass });
  return {
    tool,
    name: file.slice(file.lastIndexOf('/') + 1).replace(/\.[cm]?[jt]sx?$/, ''),
    file,
    at: up.at,
    up: upStep.step,
    down: downOf(tool, builder, upStep, up, down, scope),
    downBelongs: 'down()',
  };
}

/** What a module exports by a name, when it is an expression: `exports.config = { transaction: false }`. */
export function exportedExpression(module: Module, name: string): Expression | undefined {
  const value = module.exports.find(each => each.name === name && each.from === undefined)?.value;
  if (value) return resolved(module, value);
  const whole = module.exports.find(each => each.name === 'default' || each.name === '=')?.value;
  const record = whole && resolved(module, whole);
  return record?.kind === 'record' ? record.entries.find(each => each.key === name)?.value : undefined;
}

function downOf(
  tool: MigrationTool,
  builder: Builder,
  up: CodeStep,
  upDirection: CodeDirection,
  found: Found | undefined,
  scope: CodeScope,
): MigrationDown {
  if (!found || (found.kind === 'constant' && found.value !== false)) {
    if (!builder.reversible || tool !== 'node-pg-migrate') return { state: 'missing' };
    const calls = [...new Set(up.calls.filter(call => !builder.reversible?.has(call)))];
    return calls.length === 0 ? { state: 'inferred' } : { state: 'not-inferable', calls };
  }
  if (found.kind === 'constant') return { state: 'refused', at: found.at };
  if (found.kind === 'other' || found.direction.function === upDirection.function) return { state: 'unread' };
  const { at, ownerClass } = found.direction;
  const down = readCodeStep(found.direction.function, { ...scope, ownerClass });
  if (down.fails) return { state: 'throws', at };
  if (down.step.effect === 'none' && down.step.complete) return { state: 'empty', at };
  return { state: 'present', at, step: down.step, namesNoneOfThem: namesNoneOf(up.step, down.step, down.names) };
}

// ——— which tool ———

/** A class with an up that TypeORM would run. */
function migrationClass(module: Module): Class | undefined {
  return module.classes.find(each => {
    const up = methodUnit(module, each, 'up');
    if (!up) return false;
    if (each.implements?.some(type => nameOfType(type) === 'MigrationInterface')) return true;
    // compiled JavaScript has no interfaces
    return !each.implements?.length && !each.extends && handed(up.function) === 'typeorm';
  });
}

/** A class with an up that MikroORM would run: what it extends comes from there, or from what hands it on. */
const derivedMigration = (module: Module): Class | undefined =>
  module.classes.find(
    each => each.methods.has('up') && each.extends && /\bmikro-orm\b/.test(importedFrom(module, each.extends) ?? ''),
  );

/** The module that a name, or a member of it, is imported from. */
function importedFrom({ top }: Module, expression: Expression): string | undefined {
  const root = expression.kind === 'member' ? expression.object : expression;
  if (root.kind === 'import') return root.from;
  if (root.kind !== 'name') return undefined;
  for (const statement of top.function.body)
    if (
      statement.kind === 'declare' &&
      namesOf(statement.target).includes(root.name) &&
      statement.value?.kind === 'import'
    )
      return statement.value.from;
  return undefined;
}

/** The packages and files that a module's top level imports. */
const importsIn = ({ top }: Module): readonly string[] =>
  top.function.body.flatMap(statement =>
    statement.kind === 'declare' && statement.value?.kind === 'import' ? [statement.value.from] : [],
  );

function toolOf(module: Module, up: FunctionNode): MigrationTool | undefined {
  const imports = importsIn(module);
  const byPackage = BY_PACKAGE.find(({ packages }) => imports.some(name => packages.test(name)));
  if (byPackage) return byPackage.tool;
  const inContext = handed(up) ?? toolInContext(up, imports);
  if (inContext) return inContext;
  if (writtenFor(up) === 'other') return undefined;
  if (module.exports.some(({ name }) => name === 'setup' || name === '_meta')) return 'db-migrate';
  return handed(up) ?? (isHandedSequelize(up) ? 'sequelize' : toolByCalls(up));
}

/** `up: (query, Sequelize) => …`: the second thing that Sequelize's tool hands over is the library itself. */
function isHandedSequelize({ parameters: [first, second] }: FunctionNode): boolean {
  return (
    first?.target.kind === 'variable' &&
    second !== undefined &&
    namesOf(second.target).some(name => /^(?:Sequelize|DataTypes?)$/.test(name))
  );
}

/** The tool that the first parameter is written for, by its type, else by its name. */
export function handed(up: FunctionNode): MigrationTool | undefined {
  const [first] = up.parameters;
  if (!first) return undefined;
  const type = nameOfType(first.type);
  const byType = type === undefined ? undefined : HANDED.find(({ types }) => types.test(type));
  if (byType) return byType.tool;
  // umzug hands over `{ context: queryInterface }`, and a project's own runner `{ queryRunner, tablePrefix }`
  const names =
    first.target.kind === 'entries'
      ? first.target.entries
          .filter(({ key }) => key === 'context' || key === 'queryRunner')
          .flatMap(entry => namesOf(entry.target))
      : namesOf(first.target);
  return HANDED.find(each => names.some(name => each.names.test(name)))?.tool;
}

/** Whether the first parameter has a type of another tool's: Kysely, Mongo, a project's own. */
function writtenFor(up: FunctionNode): 'known' | 'other' | 'nothing' {
  const type = nameOfType(up.parameters[0]?.type);
  if (type === undefined || type === 'any' || type === 'unknown' || type === 'object') return 'nothing';
  return HANDED.some(({ types }) => types.test(type)) ? 'known' : 'other';
}

/** The tool by what the up calls on its own parameter, whatever that is called. */
function toolByCalls(up: FunctionNode): MigrationTool | undefined {
  const target = up.parameters[0]?.target;
  if (target?.kind !== 'variable') return undefined;
  const tools = new Set<MigrationTool | 'kysely'>();
  visitNodes([...up.body], node => {
    const callee = node.kind === 'call' ? unbound(node).callee : undefined;
    if (callee?.kind !== 'member') return true;
    const { object, name } = callee;
    // Kysely's builders look like Knex's, and end in a call that Knex does not have
    if (name === 'execute') tools.add('kysely');
    if (object.kind === 'member' && object.name === 'schema' && isVariable(object.object, target.name)) {
      if (Object.hasOwn(knex.calls, name)) tools.add('knex');
    } else if (target.name === 'db' && isVariable(object, 'db') && Object.hasOwn(dbMigrate.calls, name))
      tools.add('db-migrate');
    return true;
  });
  const [tool] = tools;
  return tools.size === 1 && tool !== 'kysely' ? tool : undefined;
}

const isVariable = (expression: Expression, name: string): boolean =>
  expression.kind === 'name' && expression.name === name;

const nameOfType = (type: Type | undefined): string | undefined =>
  type?.kind === 'named'
    ? type.name.startsWith('Knex.')
      ? type.name
      : type.name.slice(type.name.lastIndexOf('.') + 1)
    : undefined;

// ——— where up and down stand ———

const unitOf = (module: Module, id: string | undefined): Unit | undefined => module.units.find(unit => unit.id === id);

const methodUnit = (module: Module, owner: Class, name: string): Unit | undefined =>
  unitOf(module, owner.methods.get(name));

function methodOf(module: Module, owner: Class, name: string): Found | undefined {
  const unit = methodUnit(module, owner, name);
  if (unit) return { kind: 'function', direction: directionOf(unit, name, owner.name) };
  const field = owner.fields.find(each => each.name === name);
  return field && foundIn(module, field.value, name);
}

function exported(module: Module, name: string): Found | undefined {
  const direct = module.exports.filter(each => each.name === name && each.from === undefined);
  const last = direct[direct.length - 1];
  if (last) return foundIn(module, last.value, name);
  if (module.exports.some(each => each.name === name || each.name === '*')) return { kind: 'other' };
  const whole = module.exports.find(each => each.name === 'default' || each.name === '=')?.value;
  const record = whole && resolved(module, whole);
  if (record?.kind !== 'record') return record ? wholeOther(record) : undefined;
  const entry = record.entries.find(each => each.key === name);
  if (entry) return foundIn(module, entry.value, name);
  return record.entries.some(each => each.key === undefined) ? { kind: 'other' } : undefined;
}

/** `module.exports = createMigration(up, down)`: made by something else. */
const wholeOther = (value: Expression): Found | undefined => (value.kind === 'class' ? undefined : { kind: 'other' });

/** What a name stands for in the module, through as many names as there are. */
function resolved(module: Module, value: Expression, depth = 0): Expression {
  if (depth > 8) return value;
  const name =
    value.kind === 'name' ? value.name : value.kind === 'member' && isExports(value.object) ? value.name : undefined;
  if (name === undefined) return value;
  for (const statement of module.top.function.body)
    if (
      statement.kind === 'declare' &&
      statement.target.kind === 'variable' &&
      statement.target.name === name &&
      statement.value
    )
      return resolved(module, statement.value, depth + 1);
  const other = value.kind === 'member' ? module.exports.find(each => each.name === name)?.value : undefined;
  return other ? resolved(module, other, depth + 1) : value;
}

const isExports = (expression: Expression): boolean =>
  isVariable(expression, 'exports') || (expression.kind === 'member' && expression.name === 'exports');

function foundIn(module: Module, value: Expression | undefined, name: string): Found {
  const found = value && resolved(module, value);
  if (found?.kind === 'unit') {
    const unit = unitOf(module, found.unit);
    return unit ? { kind: 'function', direction: directionOf(unit, name, unit.ownerClass) } : { kind: 'other' };
  }
  if (found?.kind === 'constant' || (found?.kind === 'name' && found.name === 'undefined')) {
    const at = { unit: module.top.id, start: found.start, end: found.end };
    return { kind: 'constant', value: found.kind === 'constant' ? found.value : undefined, at };
  }
  return { kind: 'other' };
}

function directionOf(unit: Unit, name: string, ownerClass: string | undefined): CodeDirection {
  const { start, end } = headOf(unit.text, name);
  return {
    function: unit.function,
    at: { unit: unit.id, start, end },
    ...(ownerClass === undefined ? {} : { ownerClass }),
  };
}
