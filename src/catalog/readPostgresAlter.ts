/** ALTER TABLE: each command is an operation of its own, with the place of its command. */
import type { AlterTableCmd, AlterTableStmt, Node } from 'libpg-query';
import type { Clauses, Range } from './clauses';
import type { QualifiedName } from './definition';
import type { AlterTableOperation, Operation, OperationOf } from './operation';
import {
  collationOf,
  constantText,
  expressionOf,
  listOf,
  optionsOf,
  relationName,
  roleName,
  sequenceOptions,
  typeOf,
} from './readPostgresParts';
import { boundOf, columnOf, constraintOf } from './readPostgresTable';

/** Where a part is dropped: what stands, or would stand, of IF EXISTS and CASCADE. */
export function dropParts(clauses: Clauses, range: Range, keyword: number, cascades: boolean) {
  const exists = clauses.reads(keyword + 1, 'IF', 'EXISTS');
  const cascade = cascades ? range.to - 1 : undefined;
  return {
    ...(exists ? { ifExists: clauses.span({ from: keyword + 1, to: keyword + 3 }) } : {}),
    ifExistsAt: clauses.after(keyword),
    ...(cascade === undefined ? {} : { cascade: clauses.span({ from: cascade, to: cascade + 1 }) }),
  };
}

const KINDS: Readonly<
  Record<string, 'table' | 'view' | 'materialized view' | 'index' | 'sequence' | 'foreign table' | 'type'>
> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_TYPE: 'type',
};

export function readAlterTable(clauses: Clauses, statement: AlterTableStmt): readonly Operation[] {
  const table = relationName(clauses, statement.relation);
  const after = clauses.indexAt(table.span.end - 1) ?? 0;
  // `ALTER TABLE t *` is an old way to say what is said without it
  const from = clauses.source(after + 1) === '*' ? after + 2 : after + 1;
  const items = clauses.items({ from, to: clauses.all.to });
  const kind = KINDS[statement.objtype ?? ''] ?? 'table';
  const operations = (statement.cmds ?? []).flatMap((node, position) => {
    if (!('AlterTableCmd' in node)) return [];
    const range = items[position] ?? { from, to: clauses.all.to };
    return [
      command(
        {
          clauses,
          range,
          table,
          common: {
            statement: clauses.whole,
            span: clauses.span(range),
            table,
            ifTableExists: statement.missing_ok === true,
            only: statement.relation?.inh !== true,
          },
          kind,
        },
        node.AlterTableCmd,
      ),
    ];
  });
  // wherever they are written, the server drops a default before it changes the type, and sets one after that
  if (!operations.some(({ kind }) => kind === 'setColumnType')) return operations;
  const turn = ({ kind }: Operation): number => (kind === 'dropDefault' ? 0 : kind === 'setDefault' ? 2 : 1);
  return [...operations].sort((a, b) => turn(a) - turn(b));
}

interface Command {
  readonly clauses: Clauses;
  readonly range: Range;
  readonly table: QualifiedName;
  readonly common: Pick<AlterTableOperation, 'statement' | 'span' | 'table' | 'ifTableExists' | 'only'>;
  readonly kind: (typeof KINDS)[string];
}

function command(at: Command, cmd: AlterTableCmd): Operation {
  const whole = { statement: at.common.statement, span: at.common.span };
  if (cmd.subtype === 'AT_ChangeOwner')
    return { ...whole, kind: 'setOwner', object: { kind: at.kind, name: at.table }, owner: roleName(cmd.newowner) };
  if (at.kind === 'type') return compositeCommand(at, cmd);
  if (at.kind === 'index') {
    const operation = indexCommand(at, cmd);
    if (operation) return operation;
  }
  return columnCommand(at, cmd) ?? constraintCommand(at, cmd) ?? settingCommand(at, cmd) ?? unknown(at, cmd);
}

const unknown = ({ common }: Command, cmd: AlterTableCmd): Operation => ({
  statement: common.statement,
  span: common.span,
  kind: 'unread',
  why: 'unknown statement',
  says: `this form of ALTER is not followed (${cmd.subtype ?? 'unknown'})`,
  mayChangeSchema: true,
});

/** The keyword after which IF [NOT] EXISTS goes: COLUMN or CONSTRAINT where it is written, else the command's first. */
const partKeyword = ({ clauses, range }: Command, word: string): number =>
  clauses.reads(range.from + 1, word) ? range.from + 1 : range.from;

function columnCommand(at: Command, cmd: AlterTableCmd): AlterTableOperation | undefined {
  const { clauses, range, common } = at;
  const column = clauses.identifier(cmd.name ?? '', { from: range.from + 1, to: range.to });
  const definition = cmd.def && 'ColumnDef' in cmd.def ? cmd.def.ColumnDef : undefined;
  switch (cmd.subtype) {
    case 'AT_AddColumn': {
      if (!definition) return undefined;
      const keyword = partKeyword(at, 'COLUMN');
      const written = clauses.reads(keyword + 1, 'IF');
      return {
        ...common,
        kind: 'addColumn',
        ...(written ? { ifNotExists: clauses.span({ from: keyword + 1, to: keyword + 4 }) } : {}),
        ifNotExistsAt: clauses.after(keyword),
        column: columnOf(clauses, definition, range),
      };
    }
    case 'AT_DropColumn':
      return {
        ...common,
        kind: 'dropColumn',
        ...dropParts(clauses, range, partKeyword(at, 'COLUMN'), cmd.behavior === 'DROP_CASCADE'),
        column,
      };
    case 'AT_AlterColumnType': {
      if (!definition?.typeName) return undefined;
      const using = clauses.find(range, 'USING');
      const collation = collationOf(clauses, definition.collClause);
      return {
        ...common,
        kind: 'setColumnType',
        column,
        type: typeOf(clauses, definition.typeName),
        ...(collation ? { collation } : {}),
        ...(definition.raw_default && using !== undefined
          ? { using: expressionOf(clauses, definition.raw_default, { from: using + 1, to: range.to }) }
          : {}),
      };
    }
    case 'AT_ColumnDefault': {
      const word = clauses.find(range, 'DEFAULT') ?? range.from;
      return cmd.def
        ? {
            ...common,
            kind: 'setDefault',
            column,
            value: expressionOf(clauses, cmd.def, { from: word + 1, to: range.to }),
          }
        : { ...common, kind: 'dropDefault', column };
    }
    case 'AT_SetNotNull':
      return { ...common, kind: 'setNotNull', column };
    case 'AT_DropNotNull':
      return { ...common, kind: 'dropNotNull', column };
    case 'AT_SetExpression':
      return cmd.def
        ? {
            ...common,
            kind: 'setGenerated',
            column,
            value: expressionOf(clauses, cmd.def, clauses.inside(range) ?? range),
          }
        : undefined;
    case 'AT_DropExpression':
      return { ...common, kind: 'dropGenerated', column, ifExists: cmd.missing_ok === true };
    case 'AT_AddIdentity': {
      const identity = cmd.def && 'Constraint' in cmd.def ? cmd.def.Constraint : undefined;
      return {
        ...common,
        kind: 'addIdentity',
        column,
        always: identity?.generated_when === 'a',
        options: sequenceOptions(clauses, identity?.options),
      };
    }
    case 'AT_SetIdentity': {
      const options = listOf(cmd.def);
      const generated = options.find(node => 'DefElem' in node && node.DefElem.defname === 'generated');
      const when =
        generated && 'DefElem' in generated && generated.DefElem.arg ? constantText(generated.DefElem.arg) : undefined;
      return {
        ...common,
        kind: 'setIdentity',
        column,
        // the code of the letter that the server keeps
        ...(when === undefined ? {} : { always: when === String('a'.charCodeAt(0)) }),
        options: sequenceOptions(clauses, options),
      };
    }
    case 'AT_DropIdentity':
      return { ...common, kind: 'dropIdentity', column, ifExists: cmd.missing_ok === true };
    case 'AT_SetStorage':
    case 'AT_SetCompression':
    case 'AT_SetStatistics':
      return {
        ...common,
        kind: 'setColumnOption',
        column,
        option: COLUMN_OPTIONS[cmd.subtype],
        value: cmd.def ? constantText(cmd.def) : 'default',
      };
    case 'AT_SetOptions':
    case 'AT_ResetOptions':
      return {
        ...common,
        kind: 'setColumnOption',
        column,
        option: 'options',
        value: optionsOf(listOf(cmd.def))
          .map(([name, value]) => (cmd.subtype === 'AT_ResetOptions' ? name : `${name}=${value}`))
          .join(', '),
      };
    default:
      return undefined;
  }
}

const COLUMN_OPTIONS = {
  AT_SetStorage: 'storage',
  AT_SetCompression: 'compression',
  AT_SetStatistics: 'statistics',
} as const;

function constraintCommand(at: Command, cmd: AlterTableCmd): AlterTableOperation | undefined {
  const { clauses, range, common } = at;
  const name = clauses.identifier(cmd.name ?? '', { from: range.from + 1, to: range.to });
  switch (cmd.subtype) {
    case 'AT_AddConstraint': {
      if (!cmd.def || !('Constraint' in cmd.def)) return undefined;
      const [constraint] = constraintOf(clauses, cmd.def.Constraint, { from: range.from + 1, to: range.to }, undefined);
      return constraint ? { ...common, kind: 'addConstraint', constraint } : undefined;
    }
    case 'AT_DropConstraint':
      return {
        ...common,
        kind: 'dropConstraint',
        ...dropParts(clauses, range, partKeyword(at, 'CONSTRAINT'), cmd.behavior === 'DROP_CASCADE'),
        name,
      };
    case 'AT_ValidateConstraint':
      return { ...common, kind: 'validateConstraint', name };
    case 'AT_AlterConstraint': {
      if (!cmd.def || !('ATAlterConstraint' in cmd.def)) return undefined;
      const change = cmd.def.ATAlterConstraint;
      return {
        ...common,
        kind: 'alterConstraint',
        name: clauses.identifier(change.conname ?? '', { from: range.from + 1, to: range.to }),
        ...(change.alterDeferrability
          ? { deferrable: change.initdeferred ? 'deferred' : change.deferrable ? 'immediate' : 'no' }
          : {}),
        ...(change.alterEnforceability ? { enforced: change.is_enforced === true } : {}),
      };
    }
    default:
      return undefined;
  }
}

const TRIGGER_STATES: Readonly<Record<string, OperationOf<'setTriggerState'>['state']>> = {
  AT_EnableTrig: 'enabled',
  AT_EnableTrigAll: 'enabled',
  AT_EnableTrigUser: 'enabled',
  AT_DisableTrig: 'disabled',
  AT_DisableTrigAll: 'disabled',
  AT_DisableTrigUser: 'disabled',
  AT_EnableReplicaTrig: 'replica',
  AT_EnableAlwaysTrig: 'always',
};

const RULE_STATES: Readonly<Record<string, OperationOf<'setRuleState'>['state']>> = {
  AT_EnableRule: 'enabled',
  AT_DisableRule: 'disabled',
  AT_EnableReplicaRule: 'replica',
  AT_EnableAlwaysRule: 'always',
};

const REPLICA_IDENTITIES: Readonly<Record<string, OperationOf<'setReplicaIdentity'>['identity']>> = {
  d: 'default',
  f: 'full',
  n: 'nothing',
  i: 'index',
};

function settingCommand(at: Command, cmd: AlterTableCmd): AlterTableOperation | undefined {
  const { clauses, range, common } = at;
  const named = (name: string) => clauses.identifier(name, { from: range.from + 1, to: range.to });
  const subtype = cmd.subtype ?? '';
  const triggers = TRIGGER_STATES[subtype];
  if (triggers)
    return {
      ...common,
      kind: 'setTriggerState',
      trigger: subtype.endsWith('All') ? 'all' : subtype.endsWith('User') ? 'user' : named(cmd.name ?? ''),
      state: triggers,
    };
  const rules = RULE_STATES[subtype];
  if (rules) return { ...common, kind: 'setRuleState', rule: named(cmd.name ?? ''), state: rules };
  switch (subtype) {
    case 'AT_EnableRowSecurity':
    case 'AT_DisableRowSecurity':
      return { ...common, kind: 'setRowSecurity', enabled: subtype === 'AT_EnableRowSecurity' };
    case 'AT_ForceRowSecurity':
    case 'AT_NoForceRowSecurity':
      return { ...common, kind: 'setRowSecurity', forced: subtype === 'AT_ForceRowSecurity' };
    case 'AT_ReplicaIdentity': {
      if (!cmd.def || !('ReplicaIdentityStmt' in cmd.def)) return undefined;
      const { identity_type, name } = cmd.def.ReplicaIdentityStmt;
      return {
        ...common,
        kind: 'setReplicaIdentity',
        identity: REPLICA_IDENTITIES[identity_type ?? 'd'] ?? 'default',
        ...(name === undefined ? {} : { index: named(name) }),
      };
    }
    case 'AT_SetRelOptions':
      return { ...common, kind: 'setTableOptions', set: optionsOf(listOf(cmd.def)), reset: [] };
    case 'AT_ResetRelOptions':
      return { ...common, kind: 'setTableOptions', set: [], reset: optionsOf(listOf(cmd.def)).map(([name]) => name) };
    case 'AT_SetTableSpace':
      return { ...common, kind: 'setTablespace', to: cmd.name ?? '' };
    case 'AT_SetAccessMethod':
      return { ...common, kind: 'setAccessMethod', to: cmd.name ?? 'default' };
    case 'AT_SetLogged':
      return { ...common, kind: 'setPersistence', to: 'permanent' };
    case 'AT_SetUnLogged':
      return { ...common, kind: 'setPersistence', to: 'unlogged' };
    case 'AT_ClusterOn':
      return { ...common, kind: 'clusterOn', index: named(cmd.name ?? '') };
    case 'AT_DropCluster':
      return { ...common, kind: 'clusterOn' };
    case 'AT_AddInherit':
    case 'AT_DropInherit':
      if (!cmd.def || !('RangeVar' in cmd.def)) return undefined;
      return {
        ...common,
        kind: subtype === 'AT_AddInherit' ? 'inherit' : 'noInherit',
        parent: relationName(clauses, cmd.def.RangeVar),
      };
    default:
      return partitionCommand(at, cmd);
  }
}

function partitionCommand({ clauses, range, common }: Command, cmd: AlterTableCmd): AlterTableOperation | undefined {
  if (!cmd.def || !('PartitionCmd' in cmd.def)) return undefined;
  const { name, bound, concurrent } = cmd.def.PartitionCmd;
  const partition = relationName(clauses, name);
  if (cmd.subtype === 'AT_AttachPartition')
    return { ...common, kind: 'attachPartition', partition, ...(bound ? { bound: boundOf(clauses, bound) } : {}) };
  const last = { from: range.to - 1, to: range.to };
  return {
    ...common,
    kind: 'detachPartition',
    partition,
    ...(concurrent ? { concurrently: clauses.span(last) } : {}),
    finalize: cmd.subtype === 'AT_DetachPartitionFinalize',
    concurrentlyAt: partition.span.end,
  };
}

function indexCommand({ clauses, common, table }: Command, cmd: AlterTableCmd): Operation | undefined {
  const whole = { statement: common.statement, span: common.span };
  switch (cmd.subtype) {
    case 'AT_AttachPartition':
      if (!cmd.def || !('PartitionCmd' in cmd.def)) return undefined;
      return { ...whole, kind: 'attachIndex', index: table, child: relationName(clauses, cmd.def.PartitionCmd.name) };
    case 'AT_SetRelOptions':
      return { ...whole, kind: 'setIndexOptions', index: table, set: optionsOf(listOf(cmd.def)), reset: [] };
    case 'AT_ResetRelOptions':
      return {
        ...whole,
        kind: 'setIndexOptions',
        index: table,
        set: [],
        reset: optionsOf(listOf(cmd.def)).map(([name]) => name),
      };
    default:
      return undefined;
  }
}

function compositeCommand(at: Command, cmd: AlterTableCmd): Operation {
  const { clauses, range, common, table } = at;
  const whole = { statement: common.statement, span: common.span };
  const cascade = cmd.behavior === 'DROP_CASCADE';
  const definition = definitionOf(cmd.def);
  switch (cmd.subtype) {
    case 'AT_AddColumn':
      if (!definition) break;
      return {
        ...whole,
        kind: 'alterCompositeType',
        type: table,
        change: { kind: 'addAttribute', attribute: columnOf(clauses, definition, range) },
        cascade,
      };
    case 'AT_DropColumn':
      return {
        ...whole,
        kind: 'alterCompositeType',
        type: table,
        change: { kind: 'dropAttribute', name: cmd.name ?? '', ifExists: cmd.missing_ok === true },
        cascade,
      };
    case 'AT_AlterColumnType':
      return {
        ...whole,
        kind: 'alterCompositeType',
        type: table,
        change: { kind: 'setAttributeType', name: cmd.name ?? '', type: typeOf(clauses, definition?.typeName) },
        cascade,
      };
  }
  return unknown(at, cmd);
}

const definitionOf = (node: Node | undefined) => (node && 'ColumnDef' in node ? node.ColumnDef : undefined);
