/** Functions, triggers, policies and rules, read from PostgreSQL's tree. */
import type {
  AlterFunctionStmt,
  AlterPolicyStmt,
  CreateFunctionStmt,
  CreatePolicyStmt,
  CreateTrigStmt,
  Node,
  RuleStmt,
} from 'libpg-query';
import type { Clauses, Range } from './clauses';
import type { Expression, Options, Parameter } from './definition';
import type { OperationOf } from './operation';
import {
  constantText,
  elementOf,
  expressionOf,
  listedName,
  listOf,
  relationName,
  rolesOf,
  routineReference,
  stringOf,
  stringsOf,
  typeOf,
} from './readPostgresParts';
import { wholeOf } from './readPostgresTable';

const MODES: Readonly<Record<string, Parameter['mode']>> = {
  FUNC_PARAM_OUT: 'out',
  FUNC_PARAM_INOUT: 'inout',
  FUNC_PARAM_VARIADIC: 'variadic',
  FUNC_PARAM_TABLE: 'table',
};

export function parametersOf(clauses: Clauses, nodes: readonly Node[] | undefined, from: number): readonly Parameter[] {
  const inside = clauses.inside({ from, to: clauses.all.to });
  const items = inside ? clauses.items(inside) : [];
  return (nodes ?? []).flatMap((node, position): Parameter[] => {
    if (!('FunctionParameter' in node)) return [];
    const { name, mode, argType, defexpr } = node.FunctionParameter;
    const range = items[position];
    const assigned = range
      ? (clauses.find(range, 'DEFAULT') ?? clauses.find(range, '=') ?? clauses.find(range, ':='))
      : undefined;
    return [
      {
        ...(name === undefined ? {} : { name }),
        mode: MODES[mode ?? ''] ?? 'in',
        type: typeOf(clauses, argType),
        ...(defexpr && range
          ? { default: expressionOf(clauses, defexpr, { from: (assigned ?? range.from) + 1, to: range.to }) }
          : {}),
      },
    ];
  });
}

/** A routine's settings, each by the name that it has in a statement; what is the default is left out. */
function routineOptions(nodes: readonly Node[] | undefined): Options {
  const options: [string, string][] = [];
  for (const node of nodes ?? []) {
    const element = elementOf(node);
    const { defname, arg } = element ?? {};
    if (defname === undefined || !arg) continue;
    if (defname === 'set' && 'VariableSetStmt' in arg) {
      const { name, args, kind } = arg.VariableSetStmt;
      const value = kind === 'VAR_SET_CURRENT' ? 'FROM CURRENT' : (args ?? []).map(constantText).join(', ');
      options.push([`set ${name ?? ''}`, value]);
      continue;
    }
    if (defname === 'language' || defname === 'as') continue;
    const value = constantText(arg);
    if (value !== DEFAULTS[defname]) options.push([defname, value]);
  }
  return options.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

const DEFAULTS: Readonly<Record<string, string>> = {
  volatility: 'volatile',
  strict: 'false',
  security: 'false',
  leakproof: 'false',
  parallel: 'unsafe',
  window: 'false',
  cost: '100',
  rows: '1000',
};

export function readCreateFunction(clauses: Clauses, statement: CreateFunctionStmt): OperationOf<'createFunction'> {
  const keyword = clauses.find(clauses.all, statement.is_procedure ? 'PROCEDURE' : 'FUNCTION') ?? 0;
  const name = listedName(clauses, stringsOf(statement.funcname), { from: keyword + 1, to: clauses.all.to });
  const elements = (statement.options ?? []).flatMap(node => elementOf(node) ?? []);
  const language = elements.find(element => element.defname === 'language')?.arg;
  const as = elements.find(element => element.defname === 'as');
  const body = as ? stringsOf(listOf(as.arg)) : undefined;
  const bodyAt = as ? clauses.located(as.location) : undefined;
  const returns = statement.parameters?.some(
    node => 'FunctionParameter' in node && node.FunctionParameter.mode === 'FUNC_PARAM_TABLE',
  )
    ? undefined
    : statement.returnType;
  return {
    kind: 'createFunction',
    statement: clauses.whole,
    span: clauses.whole,
    orReplace: statement.replace === true,
    name,
    procedure: statement.is_procedure === true,
    parameters: parametersOf(clauses, statement.parameters, keyword + 1),
    ...(returns ? { returns: typeOf(clauses, returns) } : {}),
    language: (stringOf(language) || 'sql').toLowerCase(),
    ...(body ? { body: body.join(', ') } : {}),
    ...(bodyAt === undefined ? {} : { bodySpan: clauses.span({ from: bodyAt + 1, to: bodyAt + 2 }) }),
    ...(statement.sql_body ? { sqlBody: sqlBodyOf(clauses, statement.sql_body) } : {}),
    options: routineOptions(statement.options),
  };
}

function sqlBodyOf(clauses: Clauses, body: Node): Expression {
  const atomic = clauses.find(clauses.all, 'BEGIN', 'ATOMIC') ?? clauses.find(clauses.all, 'RETURN') ?? 0;
  return expressionOf(clauses, body, { from: atomic, to: clauses.all.to });
}

export function readAlterFunction(clauses: Clauses, statement: AlterFunctionStmt): OperationOf<'alterFunction'> {
  const kind =
    statement.objtype === 'OBJECT_PROCEDURE'
      ? 'procedure'
      : statement.objtype === 'OBJECT_ROUTINE'
        ? 'routine'
        : 'function';
  const reset = (statement.actions ?? []).flatMap(node => {
    const arg = elementOf(node)?.arg;
    if (!arg || !('VariableSetStmt' in arg)) return [];
    const { kind: action, name } = arg.VariableSetStmt;
    if (action === 'VAR_RESET_ALL') return ['set *'];
    return action === 'VAR_RESET' || action === 'VAR_SET_DEFAULT' ? [`set ${name ?? ''}`] : [];
  });
  const actions = (statement.actions ?? []).flatMap(node => {
    const element = elementOf(node);
    return element?.defname !== undefined && element.arg ? [[element.defname, constantText(element.arg)] as const] : [];
  });
  return {
    kind: 'alterFunction',
    statement: clauses.whole,
    span: clauses.whole,
    function: { kind, ...routineReference(clauses, statement.func ?? {}, { from: 2, to: clauses.all.to }) },
    set: routineOptions(statement.actions).filter(([name]) => !reset.includes(name)),
    // an option set to its default is as good as reset
    reset: [...reset, ...actions.filter(([name, value]) => DEFAULTS[name] === value).map(([name]) => name)],
  };
}

/** Bits of the server's TRIGGER_TYPE masks. */
const EVENTS = [
  ['insert', 4],
  ['delete', 8],
  ['update', 16],
  ['truncate', 32],
] as const;

export function readCreateTrigger(clauses: Clauses, statement: CreateTrigStmt): OperationOf<'createTrigger'> {
  const table = relationName(clauses, statement.relation);
  const keyword = clauses.find(clauses.all, 'TRIGGER') ?? 0;
  const when = clauses.find(clauses.all, 'WHEN');
  const execute = clauses.find(clauses.all, 'EXECUTE') ?? 0;
  const of = clauses.find(clauses.all, 'OF') ?? keyword;
  const on = clauses.find(clauses.all, 'ON') ?? clauses.all.to;
  return {
    kind: 'createTrigger',
    statement: clauses.whole,
    span: clauses.whole,
    orReplace: statement.replace === true,
    name: { name: statement.trigname ?? '', span: clauses.span({ from: keyword + 1, to: keyword + 2 }) },
    table,
    constraint: statement.isconstraint === true,
    timing: statement.timing === 2 ? 'before' : statement.timing === 64 ? 'instead of' : 'after',
    events: EVENTS.filter(([, bit]) => ((statement.events ?? 0) & bit) !== 0).map(([name]) => name),
    columns: stringsOf(statement.columns).map(name => clauses.identifier(name, { from: of + 1, to: on })),
    forEachRow: statement.row === true,
    ...(statement.whenClause && when !== undefined
      ? {
          when: expressionOf(
            clauses,
            statement.whenClause,
            clauses.inside({ from: when, to: clauses.all.to }) ?? clauses.all,
          ),
        }
      : {}),
    function: listedName(clauses, stringsOf(statement.funcname), { from: execute + 2, to: clauses.all.to }),
    arguments: stringsOf(statement.args),
    deferrable: statement.initdeferred ? 'deferred' : statement.deferrable ? 'immediate' : 'no',
    ...(statement.constrrel ? { from: relationName(clauses, statement.constrrel) } : {}),
    transitions: (statement.transitionRels ?? []).flatMap(node =>
      'TriggerTransition' in node
        ? [{ name: node.TriggerTransition.name ?? '', isNew: node.TriggerTransition.isNew === true }]
        : [],
    ),
  };
}

/** USING and WITH CHECK of a policy. */
function conditions(clauses: Clauses, statement: CreatePolicyStmt | AlterPolicyStmt) {
  const range: Range = { from: clauses.find(clauses.all, 'ON') ?? 0, to: clauses.all.to };
  const using = clauses.find(range, 'USING');
  const check = clauses.find(range, 'WITH', 'CHECK');
  const at = (index: number | undefined) => clauses.inside({ from: index ?? 0, to: clauses.all.to }) ?? clauses.all;
  return {
    ...(statement.qual ? { using: expressionOf(clauses, statement.qual, at(using)) } : {}),
    ...(statement.with_check ? { check: expressionOf(clauses, statement.with_check, at(check)) } : {}),
  };
}

const COMMANDS = ['select', 'insert', 'update', 'delete'] as const;

export function readCreatePolicy(clauses: Clauses, statement: CreatePolicyStmt): OperationOf<'createPolicy'> {
  return {
    kind: 'createPolicy',
    statement: clauses.whole,
    span: clauses.whole,
    name: clauses.identifier(statement.policy_name ?? '', { from: 2, to: clauses.all.to }),
    table: relationName(clauses, statement.table),
    permissive: statement.permissive === true,
    command: COMMANDS.find(command => command === statement.cmd_name) ?? 'all',
    roles: rolesOf(statement.roles),
    ...conditions(clauses, statement),
  };
}

export function readAlterPolicy(clauses: Clauses, statement: AlterPolicyStmt): OperationOf<'alterPolicy'> {
  return {
    kind: 'alterPolicy',
    statement: clauses.whole,
    span: clauses.whole,
    name: clauses.identifier(statement.policy_name ?? '', { from: 2, to: clauses.all.to }),
    table: relationName(clauses, statement.table),
    ...(statement.roles ? { roles: rolesOf(statement.roles) } : {}),
    ...conditions(clauses, statement),
  };
}

const RULE_EVENTS: Readonly<Record<string, OperationOf<'createRule'>['event']>> = {
  CMD_SELECT: 'select',
  CMD_INSERT: 'insert',
  CMD_UPDATE: 'update',
};

export function readCreateRule(clauses: Clauses, statement: RuleStmt, node: Node): OperationOf<'createRule'> {
  return {
    kind: 'createRule',
    statement: clauses.whole,
    span: clauses.whole,
    orReplace: statement.replace === true,
    name: clauses.identifier(statement.rulename ?? '', { from: 2, to: clauses.all.to }),
    table: relationName(clauses, statement.relation),
    event: RULE_EVENTS[statement.event ?? ''] ?? 'delete',
    definition: wholeOf(clauses, node),
  };
}
