/** Views, functions, triggers, policies and rules. */
import { bindOver, bindQuery } from './bind';
import { routinesNamed } from './catalog';
import { argumentTypes, type Draft, type Outcome, refuse } from './draft';
import { childrenOf, inheritParts } from './foldInheritance';
import { GRANTS_OF_NEW } from './grantsBack';
import type { Column, DataType, Policy, Routine, Rule, Table, Trigger, View } from './object';
import type { OperationOf } from './operation';
import { typingOf } from './outputType';
import { columnIds, current, dataTypeOf, isRefusal, relationFor, shown, tableFor } from './refer';
import { sameText } from './sameness';
import { storedIn } from './storedAs';

type ViewCreation = OperationOf<'createView'> | OperationOf<'createMaterializedView'>;

export function foldCreateView(draft: Draft, op: ViewCreation): Outcome {
  const temporary = op.kind === 'createView' && op.temporary;
  const schema = draft.creationSchema(op.name, temporary);
  const there = draft.find('r', { schema, name: op.name.name });
  const replaces = op.kind === 'createView' && op.orReplace;
  if (there && !(replaces && there.kind === 'view')) {
    if (op.kind === 'createMaterializedView' && op.ifNotExists) return undefined;
    // a dump puts a table in a view's place until all that it reads is there
    if (draft.dialect !== undefined) return undefined;
    return refuse('exists', `relation ${shown({ schema, name: op.name.name })} already exists`);
  }
  if (!draft.taken('s', undefined, schema) && schema !== 'pg_temp') {
    if (draft.complete && draft.dialect === undefined) return refuse('missing', `schema ${schema} does not exist`);
    draft.assumeSchema(schema);
  }
  const query = bindQuery(draft, op.query);
  const columns = query.outputs.map(({ name, ...output }, at): Column => {
    const written = op.columns[at]?.name ?? name;
    const before = there?.kind === 'view' ? there.columns[at] : undefined;
    return {
      id: before?.name === written ? before.id : draft.fresh(),
      name: written,
      notNull: false,
      ...typingOf(output),
      ...(before?.default ? { default: before.default } : {}),
      ...(before?.comment === undefined ? {} : { comment: before.comment }),
    };
  });
  if (there?.kind === 'view') {
    // the server keeps what the view had in common, and takes new columns at the end only
    const changed = there.columns.findIndex(
      (column, at) => query.complete && (columns[at]?.name !== column.name || isRetyped(column, columns[at])),
    );
    if (changed >= 0 && !there.assumed && draft.dialect === undefined)
      return refuse(
        'invalid',
        `view ${shown(there)} cannot be replaced: its column ${there.columns[changed]?.name} would change`,
      );
  }
  const view: View = {
    kind: op.kind === 'createView' ? 'view' : 'materializedView',
    id: there?.id ?? draft.fresh(),
    schema,
    name: op.name.name,
    temporary,
    columns,
    query: { text: query.text, tree: query.tree, refs: query.refs },
    indexes: [],
    triggers: there?.kind === 'view' ? there.triggers : [],
    rules: there?.kind === 'view' ? there.rules : [],
    options: op.options,
    grants: there?.kind === 'view' ? there.grants : [],
    withData: op.kind === 'createMaterializedView' ? op.withData : true,
    ...(op.kind === 'createView' && op.alters && (!there || there.assumed) ? { assumed: true as const } : {}),
    ...(there?.comment === undefined ? {} : { comment: there.comment }),
    ...(op.kind === 'createView' && op.checkOption ? { checkOption: op.checkOption } : {}),
    ...(op.kind === 'createView' && op.words ? { words: op.words } : {}),
    ...(op.kind === 'createMaterializedView' ? storedIn(op) : {}),
  };
  draft.put(view);
  return undefined;
}

/** What is known of both columns differs. */
const isRetyped = (was: Column, is: Column | undefined): boolean =>
  was.type !== undefined &&
  is?.type !== undefined &&
  !(sameText(typeKey(was.type), typeKey(is.type)) && was.collation === is.collation);

const typeKey = ({ id, name, modifiers, dimensions }: DataType) => [id ?? name, modifiers, Math.min(dimensions, 1)];

export function foldCreateFunction(draft: Draft, op: OperationOf<'createFunction'>): Outcome {
  const schema = draft.creationSchema(op.name);
  if (!draft.taken('s', undefined, schema)) {
    if (draft.complete) return refuse('missing', `schema ${schema} does not exist`);
    draft.assumeSchema(schema);
  }
  const parameters = op.parameters.map(({ type, default: value, ...rest }) => ({
    ...rest,
    // lengths are no part of a parameter's type
    type: { ...dataTypeOf(draft, type), modifiers: [] },
    ...(value ? { default: bindOver(draft, value, undefined) } : {}),
  }));
  const name = `${op.name.name}(${argumentTypes(parameters)})`;
  const there = draft.find('f', { schema, name });
  if (there && !op.orReplace)
    return refuse('exists', `function ${shown({ schema, name: op.name.name })} already exists`);
  const before = there?.kind === 'routine' ? there : undefined;
  const returns = op.returns
    ? { ...dataTypeOf(draft, op.returns), modifiers: [], setOf: op.returns.setOf === true }
    : undefined;
  if (before && !before.assumed && signature(before.returns, before.parameters) !== signature(returns, parameters))
    return refuse('invalid', `the return type or the parameters of ${shown(before)} cannot be changed by replacing it`);
  const routine: Routine = {
    kind: 'routine',
    id: before?.id ?? draft.fresh(),
    schema,
    name: op.name.name,
    procedure: op.procedure,
    parameters,
    ...(returns ? { returns } : {}),
    language: op.language,
    ...(op.body === undefined ? {} : { body: op.body }),
    ...(op.sqlBody ? { sqlBody: bindOver(draft, op.sqlBody, undefined) } : {}),
    options: op.options,
    grants: before?.grants ?? (draft.dialect === undefined ? GRANTS_OF_NEW : []),
    ...(before?.comment === undefined ? {} : { comment: before.comment }),
    ...(before?.owner === undefined ? {} : { owner: before.owner }),
  };
  draft.put(routine);
  return undefined;
}

/** What CREATE OR REPLACE may not change: the result, and names of parameters that have one. */
function signature(returns: Routine['returns'], parameters: Routine['parameters']): string {
  const results = parameters.filter(({ mode }) => mode !== 'in' && mode !== 'variadic');
  return JSON.stringify([
    returns ? [typeKey(returns), returns.setOf] : undefined,
    results.map(({ mode, name, type }) => [mode, name, typeKey(type)]),
  ]);
}

export function foldCreateTrigger(draft: Draft, op: OperationOf<'createTrigger'>): Outcome {
  const relation = relationFor(draft, op.table);
  if (isRefusal(relation)) return relation;
  const { name } = op.name;
  const there = relation.triggers.find(trigger => trigger.name === name);
  if (there && !op.orReplace) return refuse('exists', `trigger ${name} for ${shown(relation)} already exists`);
  if (there?.parent !== undefined)
    return refuse('invalid', `trigger ${name} for ${shown(relation)} is a copy of its table's`);
  const columns = columnIds(draft, relation, op.columns);
  if (isRefusal(columns)) return columns;
  if (relation.kind === 'table' && relation.foreignServer !== undefined && (op.constraint || op.transitions.length > 0))
    return refuse('invalid', `${shown(relation)} is a foreign table, and has no such triggers`);
  const fromTable = op.from ? tableFor(draft, op.from) : undefined;
  if (isRefusal(fromTable)) return fromTable;
  const routine = draft.find('f', { ...op.function, name: `${op.function.name}()` });
  const known = routine !== undefined || !draft.complete || BUILT_IN_TRIGGERS.has(op.function.name);
  // an extension may bring one; of those of that name here none is without arguments
  if (!known && !(hasExtensions(draft) && routinesNamed(draft, op.function).length === 0))
    return refuse('missing', `function ${shown(op.function)}() does not exist`);
  // before 13 one could be declared to give `opaque`
  if (routine?.kind === 'routine' && routine.returns && !['trigger', 'opaque'].includes(routine.returns.name))
    return refuse('invalid', `function ${shown(op.function)}() does not return a trigger`);
  const now = current(draft, relation);
  const trigger: Trigger = {
    id: there?.id ?? draft.fresh(),
    name,
    constraint: op.constraint,
    timing: op.timing,
    events: op.events,
    columns,
    forEachRow: op.forEachRow,
    ...(op.when ? { when: bindOver(draft, op.when, now, ['new', 'old']) } : {}),
    function: {
      name: op.function.name,
      ...(op.function.schema === undefined ? {} : { schema: op.function.schema }),
      ...(routine ? { id: routine.id } : {}),
    },
    arguments: op.arguments,
    deferrable: op.deferrable,
    ...(fromTable ? { fromTable: fromTable.id } : {}),
    transitions: op.transitions,
    // one that is replaced fires again as any other
    state: 'enabled',
  };
  draft.change<Table | View>(now, before => ({
    ...before,
    triggers: [...before.triggers.filter(one => one.id !== trigger.id), trigger],
  }));
  if (now.kind === 'table' && op.forEachRow)
    for (const child of childrenOf(draft, now.id)) {
      if (op.orReplace && child.partitionOf) withoutTrigger(draft, child, name);
      const refused = inheritParts(draft, child, current(draft, now));
      if (refused) return refused;
    }
  return undefined;
}

/** What a partition has of that name makes room for the copy of its table's. */
function withoutTrigger(draft: Draft, table: Table, name: string): void {
  draft.change<Table>(table, now => ({ ...now, triggers: now.triggers.filter(one => one.name !== name) }));
  for (const child of childrenOf(draft, table.id)) withoutTrigger(draft, child, name);
}

const BUILT_IN_TRIGGERS = new Set([
  'tsvector_update_trigger',
  'tsvector_update_trigger_column',
  'suppress_redundant_updates_trigger',
]);

function hasExtensions(draft: Draft): boolean {
  for (const object of draft.objects.values()) if (object.kind === 'extension') return true;
  return false;
}

export function foldCreatePolicy(draft: Draft, op: OperationOf<'createPolicy'>): Outcome {
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  if (table.foreignServer !== undefined)
    return refuse('invalid', `${shown(table)} is a foreign table, and has no policies`);
  const { name } = op.name;
  if (table.policies.some(policy => policy.name === name))
    return refuse('exists', `policy ${name} for table ${shown(table)} already exists`);
  const refused = refusedPolicy(op.command, op);
  if (refused) return refused;
  const policy: Policy = {
    id: draft.fresh(),
    name,
    permissive: op.permissive,
    command: op.command,
    roles: op.roles.length > 0 ? op.roles : ['public'],
    ...(op.using ? { using: bindOver(draft, op.using, table) } : {}),
    ...(op.check ? { check: bindOver(draft, op.check, table) } : {}),
  };
  draft.change<Table>(table, now => ({ ...now, policies: [...now.policies, policy] }));
  return undefined;
}

/** New rows are checked, rows that are there are told by USING. */
function refusedPolicy(
  command: string,
  { using, check }: Pick<OperationOf<'createPolicy'>, 'using' | 'check'>,
): Outcome {
  if (command === 'insert' && using) return refuse('invalid', 'a policy for INSERT takes no USING');
  if ((command === 'select' || command === 'delete') && check)
    return refuse('invalid', `a policy for ${command.toUpperCase()} takes no WITH CHECK`);
  return undefined;
}

export function foldAlterPolicy(draft: Draft, op: OperationOf<'alterPolicy'>): Outcome {
  const table = tableFor(draft, op.table);
  if (isRefusal(table)) return table;
  const there = table.policies.find(({ name }) => name === op.name.name);
  if (!there)
    return table.complete
      ? refuse('missing', `policy ${op.name.name} for table ${shown(table)} does not exist`)
      : undefined;
  const refused = refusedPolicy(there.command, op);
  if (refused) return refused;
  const using = op.using ? { using: bindOver(draft, op.using, table) } : {};
  const check = op.check ? { check: bindOver(draft, op.check, table) } : {};
  draft.change<Table>(table, now => ({
    ...now,
    policies: now.policies.map(policy =>
      policy.name === op.name.name
        ? { ...policy, ...(op.roles ? { roles: op.roles } : {}), ...using, ...check }
        : policy,
    ),
  }));
  return undefined;
}

export function foldCreateRule(draft: Draft, op: OperationOf<'createRule'>): Outcome {
  const relation = relationFor(draft, op.table);
  if (isRefusal(relation)) return relation;
  if (relation.kind === 'table' && relation.foreignServer !== undefined)
    return refuse('invalid', `${shown(relation)} is a foreign table, and has no rules`);
  const { name } = op.name;
  const there = relation.rules.find(rule => rule.name === name);
  if (there && !op.orReplace) return refuse('exists', `rule ${name} for ${shown(relation)} already exists`);
  const rule: Rule = {
    id: there?.id ?? draft.fresh(),
    name,
    event: op.event,
    definition: bindOver(draft, op.definition, relation, ['new', 'old']),
    state: 'enabled',
  };
  draft.change<Table | View>(relation, now => ({
    ...now,
    rules: [...now.rules.filter(({ id }) => id !== rule.id), rule],
  }));
  return undefined;
}

export function foldAlterFunction(draft: Draft, op: OperationOf<'alterFunction'>): Outcome {
  const routine = routineFor(draft, op.function);
  if (isRefusal(routine) || !routine) return routine;
  draft.change<Routine>(routine, now => {
    const options = new Map(now.options);
    for (const [name, value] of op.set) options.set(name, value);
    for (const name of op.reset)
      for (const key of [...options.keys()])
        if (key === name || (name === 'set *' && key.startsWith('set '))) options.delete(key);
    return { ...now, options: [...options].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) };
  });
  return undefined;
}

/** The function that a reference names; undefined where an incomplete history may hold it. */
export function routineFor(draft: Draft, reference: OperationOf<'alterFunction'>['function']): Routine | Outcome {
  const { name } = reference.name;
  if (reference.arguments) {
    const types = reference.arguments.map(type => ({ mode: 'in', type: dataTypeOf(draft, type) }));
    const found = draft.find('f', { ...reference.name, name: `${name}(${argumentTypes(types)})` });
    if (found?.kind === 'routine') return found;
  } else {
    const schemas = reference.name.schema === undefined ? draft.session.searchPath : [reference.name.schema];
    const found = [...draft.objects.values()].filter(
      (object): object is Routine =>
        object.kind === 'routine' && object.name === name && schemas.includes(object.schema),
    );
    const [only, more] = found;
    if (more) return refuse('invalid', `function name ${name} is not unique`);
    if (only) return only;
  }
  if (!draft.complete || hasExtensions(draft)) return undefined;
  return refuse('missing', `function ${shown(reference.name)} does not exist`);
}
