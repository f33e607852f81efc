/**
 * What a tool's own words are for a statement that its builder has made: an option of the call where the tool has one, else the
 * statement as the SQL that it is, in the call by which the tool sends SQL.
 *
 * Sources: sequelize.org/api/v6 (QueryInterface#addIndex), salsita.github.io/node-pg-migrate/indexes, alembic.sqlalchemy.org
 * (op.create_index), docs.sqlalchemy.org (postgresql_concurrently), docs.djangoproject.com/en/stable/ref/contrib/postgres/operations.
 */
import type { Edit } from '../../engine/finding';
import type { MigrationTool } from '../../engine/migrationTools';
import type { Place } from '../../engine/place';
import type { Call, Expression, Module, Span, Unit } from '../../program/model';
import { type Node, nodesIn } from '../../program/nodes';
import type { Script, ScriptStatement } from '../script';
import { type AtDatabase, separated } from './django';
import { missingUses, sentByLaravel } from './php';
import { type Repeatable, repeatableBy } from './repeatable';
import { linesOfJavaScript, linesOfPython, styleOf } from './statements';

export interface BuilderStatement {
  /** The call as one that does it CONCURRENTLY, by a word of the tool's own. */
  readonly concurrently?: readonly Edit<Place>[];
  /** The call as one that adds the constraint NOT VALID, by a word of the tool's own. */
  readonly notValid?: readonly Edit<Place>[];
  /** The call as one that takes a second run, by a word of the tool's own. */
  readonly repeatable?: Repeatable;
  /** The call's part in the models as it is, and these statements in the place of what it sends: by a word of the tool's own. */
  readonly atDatabase?: (instead: AtDatabase) => readonly Edit<Place>[] | undefined;
  /**
   * The call as these statements, each sent by itself; nothing where it makes others as well, or stands in a form that is not
   * known.
   * @param isDeeper whether it will stand in a block that is put around it
   */
  asSql(statements: readonly string[], isDeeper: boolean): readonly Edit<Place>[] | undefined;
  /** These statements sent before the call; nothing where there is no place for them. */
  before(statements: readonly string[]): readonly Edit<Place>[] | undefined;
}

export interface BuilderSubject {
  readonly tool: MigrationTool;
  readonly module: Module;
  /** The direction that the statement is of. */
  readonly script: Script;
  /** The project speaks to servers of other kinds as well: SQL of this one is none that it may send. */
  readonly hasOtherServers: boolean;
}

export function builderStatementOf(
  { tool, module, script, hasOtherServers }: BuilderSubject,
  statement: ScriptStatement,
): BuilderStatement | undefined {
  if (statement.pieces.length > 0) return undefined;
  const unit = [module.top, ...module.units].find(({ id }) => id === statement.at.unit);
  if (!unit) return undefined;
  const nodes = tool === 'django' ? nodesIn(operationsOf(module)) : nodesIn(unit.function);
  const call = nodes.find((node): node is Call => node.kind === 'call' && isCalledAt(node as Call, statement.at));
  const alone = isOnlyOne(script, statement);
  const own = call && alone ? OWN_WORDS[tool]?.({ module, unit, call }) : undefined;
  const repeatable = call && alone ? repeatableBy(tool, unit, call) : undefined;
  const known: Written = { tool, module, unit, nodes, script, statement };
  return {
    ...own,
    ...(repeatable ? { repeatable } : {}),
    asSql: (statements, isDeeper) => (hasOtherServers ? undefined : insteadOf(known, statements, isDeeper)),
    before: statements => (hasOtherServers ? undefined : inFrontOf(known, statements)),
  };
}

/**
 * A comment in the place of the whole statement of the program that sends this one, and no other; nothing where there is none.
 */
export function withoutStatement(
  { module, script }: Pick<BuilderSubject, 'module' | 'script'>,
  { at }: Pick<ScriptStatement, 'at'>,
  says: string,
): readonly Edit<Place>[] | undefined {
  const unit = [module.top, ...module.units].find(({ id }) => id === at.unit);
  const whole =
    unit && nodesIn(unit.function).find(node => isStatementAround(node, at) && makesOnlyIt(script, unit, node));
  if (!unit || !whole || indentationAt(unit, whole) === undefined) return undefined;
  const text = textAt(unit, whole);
  if (/\btransaction\b|\.(?:then|catch)\s*\(/.test(text)) return undefined;
  const mark = /\.py(?:#|$)/.test(unit.id) ? '#' : '//';
  const end = whole.end + (!text.endsWith(';') && unit.text[whole.end] === ';' ? 1 : 0);
  return [{ at: { unit: unit.id, start: whole.start, end }, newText: `${mark} ${says}` }];
}

const operationsOf = ({ classes }: Module): readonly Expression[] =>
  classes.flatMap(({ fields }) => fields.flatMap(({ name, value }) => (name === 'operations' && value ? [value] : [])));

const isCalledAt = ({ callee }: Call, { start, end }: Place): boolean =>
  (callee.kind === 'member' && callee.nameSpan.start === start && callee.nameSpan.end === end) ||
  (callee.kind === 'name' && callee.start === start && callee.end === end);

/** Whether the call makes this statement and no other. */
const isOnlyOne = ({ statements }: Script, { at }: ScriptStatement): boolean =>
  statements.filter(each => each.at.unit === at.unit && each.at.start === at.start && each.at.end === at.end).length ===
  1;

// ——— the tools' own words ———

interface Called {
  readonly module: Module;
  readonly unit: Unit;
  readonly call: Call;
}

type OwnWords = (called: Called) => Pick<BuilderStatement, 'concurrently' | 'notValid' | 'atDatabase'> | undefined;

const nameOf = ({ callee }: Call): string => (callee.kind === 'member' || callee.kind === 'name' ? callee.name : '');

const textAt = ({ text }: Unit, { start, end }: Span): string => text.slice(start, end);

const OWN_WORDS: Readonly<Partial<Record<MigrationTool, OwnWords>>> = {
  sequelize: called => onIndex(called, /^(?:add|remove)Index$/, 'concurrently: true'),
  'node-pg-migrate': called => onIndex(called, /^(?:create|drop|add)Index$/, 'concurrently: true'),
  alembic: ({ unit, call }) => {
    if (!/^(?:create|drop)_index$/.test(nameOf(call))) return undefined;
    // a batch is one transaction
    if (call.callee.kind !== 'member' || textAt(unit, call.callee.object) !== 'op') return undefined;
    return { concurrently: [lastArgument({ unit, call }, 'postgresql_concurrently=True')] };
  },
  django: ({ module, unit, call }) => {
    const name = nameOf(call);
    const renamed = (to: string): readonly Edit<Place>[] => [
      { at: { unit: unit.id, start: call.callee.start, end: call.callee.end }, newText: to },
      ...importOf(module, 'django.contrib.postgres.operations', to),
    ];
    if (/^(?:Add|Remove)Index$/.test(name)) return { concurrently: renamed(`${name}Concurrently`) };
    if (/^(?:(?:Re(?:name|move)|Alter)Field|RenameModel|DeleteModel)$/.test(name))
      return { atDatabase: instead => separated(unit, call, instead) };
    const isCheck = /\bCheckConstraint\b/.test(textAt(unit, call.argumentsSpan));
    return name === 'AddConstraint' && isCheck ? { notValid: renamed('AddConstraintNotValid') } : undefined;
  },
};

function onIndex(called: Called, names: RegExp, option: string): ReturnType<OwnWords> {
  const { unit, call } = called;
  if (!names.test(nameOf(call))) return undefined;
  const last = call.arguments.at(-1)?.value;
  if (last?.kind === 'record') {
    const [entry] = last.entries.slice(-1);
    const at = entry ? entry.end : last.start + 1;
    const newText = entry ? `, ${option}` : ` ${option} `;
    return { concurrently: [{ at: { unit: unit.id, start: at, end: at }, newText }] };
  }
  // the options come third, and are a record where they stand
  return call.arguments.length === 2 ? { concurrently: [lastArgument(called, `{ ${option} }`)] } : undefined;
}

/** Behind the last argument, in front of a comma and what else comes before the parenthesis. */
function lastArgument({ unit, call }: Pick<Called, 'unit' | 'call'>, written: string): Edit<Place> {
  const from = call.arguments.at(-1)?.value.end ?? call.argumentsSpan.start + 1;
  return {
    at: { unit: unit.id, start: from, end: from },
    newText: call.arguments.length > 0 ? `, ${written}` : written,
  };
}

/** `from … import …` behind the last import of the file's head. */
function importOf({ top }: Module, from: string, name: string): readonly Edit<Place>[] {
  const { text, id } = top;
  const known = new RegExp(`^from ${from.replaceAll('.', '\\.')} import (?!\\()([^\\n#]+)`, 'm').exec(text);
  if (known) {
    if (new RegExp(`\\b${name}\\b`).test(known[1] ?? '')) return [];
    const at = known.index + known[0].trimEnd().length;
    return [{ at: { unit: id, start: at, end: at }, newText: `, ${name}` }];
  }
  const imports = [...text.matchAll(/^(?:from [\w.]+ import (?:\([^)]*\)|[^\n(]+)|import [^\n]+)\n/gm)];
  const first = imports[0];
  const at = first ? first.index : 0;
  return [{ at: { unit: id, start: at, end: at }, newText: `from ${from} import ${name}\n` }];
}

// ——— as SQL ———

/** What a builder's call begins with: the tool's hand, and who waits for it. */
const BEGINNINGS: Readonly<Partial<Record<MigrationTool, RegExp>>> = {
  knex: /^(?:return\s+)?(?:await\s+)?(\w+)\s*\.schema\s*\./,
  sequelize: /^(?:return\s+)?(?:await\s+)?(\w+)\s*\.(?!sequelize\b)/,
  typeorm: /^(?:return\s+)?(?:await\s+)?(\w+)\s*\./,
  'node-pg-migrate': /^(\w+)\s*\./,
  'db-migrate': /^(?:return\s+)?(?:await\s+)?(\w+)\s*\./,
  alembic: /^(op)\s*\./,
  laravel: /^(Schema)\s*::/,
};

interface Written {
  readonly tool: MigrationTool;
  readonly module: Module;
  readonly unit: Unit;
  readonly nodes: readonly Node[];
  readonly script: Script;
  readonly statement: ScriptStatement;
}

function insteadOf(
  { tool, module, unit, nodes, script, statement: { at } }: Written,
  statements: readonly string[],
  isDeeper: boolean,
): readonly Edit<Place>[] | undefined {
  // the outermost that makes nothing else
  const whole = nodes.find(node => isStatementAround(node, at) && makesOnlyIt(script, unit, node));
  const text = whole && textAt(unit, whole);
  const builder = text === undefined ? undefined : BEGINNINGS[tool]?.exec(text)?.[1];
  // what is handed a transaction, or has something behind it, is more than the statement
  if (!whole || text === undefined || builder === undefined || /\btransaction\b|\.(?:then|catch)\s*\(/.test(text))
    return undefined;
  const lines = linesIn(tool, unit.text, builder, statements);
  const isAwaited = AWAITED.test(text);
  if (lines.length > 1 && !isAwaited && !GATHERS.has(tool)) return undefined;
  const indentation = indentationAt(unit, whole);
  if (lines.length > 1 && indentation === undefined) return undefined;
  const joined = lines.join(`\n${indentation ?? ''}${isDeeper ? '    ' : ''}`);
  const returned = /^return\b/.test(text) ? joined.replace(/(^|\n\s*)(?:await )?(?=\S.*$)/, '$1return ') : joined;
  const plain = isAwaited || GATHERS.has(tool) || returned !== joined ? returned : returned.replace(/^await /, '');
  const newText = text.endsWith(';') ? plain : plain.replace(/;$/, '');
  return [{ at: { unit: unit.id, start: whole.start, end: whole.end }, newText }, ...importsFor(tool, module, lines)];
}

function inFrontOf(
  { tool, module, unit, nodes, statement: { at } }: Written,
  statements: readonly string[],
): readonly Edit<Place>[] | undefined {
  const whole = nodes.find(node => isStatementAround(node, at));
  const text = whole && textAt(unit, whole);
  const builder = text === undefined ? undefined : BEGINNINGS[tool]?.exec(text)?.[1];
  if (!whole || text === undefined || builder === undefined) return undefined;
  const indentation = indentationAt(unit, whole);
  if (indentation === undefined || !(AWAITED.test(text) || GATHERS.has(tool))) return undefined;
  const lines = linesIn(tool, unit.text, builder, statements);
  const newText = lines.map(line => `${line}\n${indentation}`).join('');
  return [{ at: { unit: unit.id, start: whole.start, end: whole.start }, newText }, ...importsFor(tool, module, lines)];
}

const AWAITED = /^(?:return\s+)?await\b/;

/** Whose calls nobody waits for. */
const GATHERS: ReadonlySet<MigrationTool> = new Set<MigrationTool>(['node-pg-migrate', 'alembic', 'laravel']);

const isStatementAround = (node: Node, at: Place): boolean =>
  (node.kind === 'evaluate' || node.kind === 'return') && isWithin(at, node);

const isWithin = ({ start, end }: Span, outer: Span): boolean => outer.start <= start && end <= outer.end;

const indentationAt = ({ text }: Unit, { start }: Span): string | undefined =>
  /(?:^|\n)([ \t]*)$/.exec(text.slice(0, start))?.[1];

function makesOnlyIt({ statements, untranslated }: Script, { id }: Unit, whole: Span): boolean {
  const isInside = ({ at }: { readonly at: Place }): boolean => at.unit === id && isWithin(at, whole);
  return statements.filter(isInside).length === 1 && !untranslated.some(isInside);
}

function linesIn(tool: MigrationTool, text: string, builder: string, statements: readonly string[]): readonly string[] {
  if (tool === 'laravel') return statements.map(each => `${sentByLaravel(each)};`);
  const down = { comments: [], statements: statements.map(each => `${each};`) };
  const style = styleOf(text);
  return tool === 'alembic' ? linesOfPython(down, style, false) : linesOfJavaScript(tool, builder, down, style);
}

function importsFor(tool: MigrationTool, { top }: Module, lines: readonly string[]): readonly Edit<Place>[] {
  const missing = tool === 'laravel' ? missingUses(top.text, lines.join('\n')) : undefined;
  if (!missing) return [];
  const { offset, newText } = missing;
  return [{ at: { unit: top.id, start: offset, end: offset }, newText }];
}
