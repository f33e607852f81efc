/** Django's operations, one by one: the state that each leaves, and what it has the schema editor do there and back. */
import { type ChainStep, constantText, type Value } from '../code/values';
import { constraintOf, indexOf } from './djangoConditions';
import { checkNameOf, type Editor, uniqueNameOf } from './djangoEditor';
import { argumentOf, type Field, fieldOf, type ModelName, madeIn } from './djangoFields';
import { indexName } from './djangoNames';
import {
  type Constraint,
  columnOf,
  groupsOf,
  type Index,
  type Model,
  type State,
  with_,
  withField,
  withModel,
  without,
  withoutField,
  withoutModel,
} from './djangoState';
import { flag, namesOf } from './quoting';
import { NotTranslated } from './translation';

export interface DjangoOperation {
  readonly made: ChainStep;
}

/** What a direction of an operation is handed. */
export interface Sending {
  readonly editor: Editor;
  readonly sql: (value: Value | undefined) => void;
  /** A function that is run. */
  readonly code: (value: Value | undefined, dataOnly: boolean) => void;
}

export type StepSide = (sending: Sending) => void;

export interface Step {
  readonly operation: DjangoOperation;
  readonly after: State;
  readonly forwards: StepSide;
  readonly backwards: StepSide;
  /** Django refuses to take it back. */
  readonly isIrreversible?: boolean;
}

type Read = Omit<Step, 'operation'>;

const NOTHING: StepSide = () => undefined;

const cannot =
  (what: string): StepSide =>
  () => {
    throw new NotTranslated(what);
  };

/** `RunSQL.noop`, `RunPython.noop`, an empty text. */
export const isNoOperation = (value: Value | undefined): boolean =>
  (value?.kind === 'chain' && value.steps.at(-1)?.name === 'noop') || constantText(value) === '';

/** The operations for which people have written a way back: what takes them back is not Django's. */
export function reversedBy(made: ChainStep): readonly ChainStep[] {
  switch (made.name) {
    case 'RunSQL':
      return isMissing(argumentOf(made, 'reverse_sql', 1)) ? [] : [made];
    case 'RunPython':
      return isMissing(argumentOf(made, 'reverse_code', 1)) ? [] : [made];
    case 'SeparateDatabaseAndState':
      return (operationsIn(argumentOf(made, 'database_operations', 0)) ?? []).flatMap(each => reversedBy(each.made));
    default:
      return [];
  }
}

const isMissing = (value: Value | undefined): boolean =>
  value === undefined || (value.kind === 'constant' && (value.value === null || value.value === undefined));

export function stepOf(operation: DjangoOperation, before: State): Step {
  const { made } = operation;
  const reader = Object.hasOwn(OPERATIONS, made.name) ? OPERATIONS[made.name] : undefined;
  const read = reader?.(made, before);
  if (read) return { operation, ...read };
  const side = cannot(reader ? `\`${made.name}\` of what is not in sight` : `\`${made.name}\``);
  return { operation, after: { ...before, isPartial: true }, forwards: side, backwards: side };
}

const text = (made: ChainStep, name: string, index: number): string | undefined =>
  constantText(argumentOf(made, name, index));

function modelIn(state: State, name: string | undefined): Model | undefined {
  return name === undefined ? undefined : state.models.get(name.toLowerCase());
}

/** The model of an operation by its `model_name`; one that is not in sight by the names that Django gives. */
function modelNamed(made: ChainStep, state: State): Model | undefined {
  const name = text(made, 'model_name', 0)?.toLowerCase();
  return name === undefined ? undefined : (modelIn(state, name) ?? emptyModel(state, name));
}

const emptyModel = (state: State, name: string): Model => ({
  name,
  table: `${state.app}_${name}`,
  isManaged: true,
  fields: new Map(),
  uniqueTogether: [],
  indexTogether: [],
  indexes: new Map(),
  constraints: new Map(),
});

function createModel(made: ChainStep, state: State): Read | undefined {
  const name = text(made, 'name', 0);
  const listed = argumentOf(made, 'fields', 1);
  const options = argumentOf(made, 'options', 2);
  if (name === undefined || listed?.kind !== 'list') return undefined;
  const option = (key: string): Value | undefined =>
    options?.kind === 'record' ? options.entries.get(key) : undefined;
  const isFalse = (value: Value | undefined): boolean => value?.kind === 'constant' && value.value === false;
  const fields = listed.items.flatMap((item): Field[] => {
    const [key, value] = item.kind === 'list' ? item.items : [];
    const called = constantText(key);
    const field = called === undefined ? undefined : fieldOf(called, value);
    return field ? [field] : [];
  });
  if (!fields.some(({ primary }) => primary) && fields.length < listed.items.length) return undefined;
  const lower = name.toLowerCase();
  const parts = <T extends { readonly name: string }>(key: string, read: (value: Value) => T | undefined) => {
    const list = option(key);
    const found = list?.kind === 'list' ? list.items.flatMap(each => read(each) ?? []) : [];
    return new Map(found.map((each): [string, T] => [each.name, each]));
  };
  const model: Model = {
    name: lower,
    table: constantText(option('db_table'))?.replaceAll('"', '') ?? `${state.app}_${lower}`,
    isManaged: !isFalse(option('managed')) && !flag(option('proxy')) && !flag(option('abstract')),
    fields: new Map(fields.map((each): [string, Field] => [each.name, each])),
    uniqueTogether: groupsOf(option('unique_together')),
    indexTogether: groupsOf(option('index_together')),
    indexes: parts('indexes', indexOf),
    constraints: parts('constraints', constraintOf),
  };
  const after = withModel(state, model);
  return {
    after,
    forwards: ({ editor }) => editor.createModel(after, model, made),
    backwards: ({ editor }) => editor.deleteModel(model, made),
  };
}

function deleteModel(made: ChainStep, state: State): Read | undefined {
  const name = text(made, 'name', 0)?.toLowerCase();
  if (name === undefined) return undefined;
  const known = state.models.get(name);
  const model = known ?? emptyModel(state, name);
  return {
    after: withoutModel(state, name),
    forwards: ({ editor }) => editor.deleteModel(model, made),
    backwards: known
      ? ({ editor }) => editor.createModel(state, known, made)
      : cannot('the model that `DeleteModel` has deleted'),
  };
}

function renameModel(made: ChainStep, state: State): Read | undefined {
  const [old, now] = [text(made, 'old_name', 0)?.toLowerCase(), text(made, 'new_name', 1)?.toLowerCase()];
  if (old === undefined || now === undefined) return undefined;
  const before = state.models.get(old) ?? emptyModel(state, old);
  const isNamedByDjango = before.table === `${state.app}_${old}`;
  const pointed = (to: ModelName | undefined): ModelName | undefined =>
    to && (to.app ?? state.app) === state.app && to.model === old ? { ...to, model: now } : to;
  const moved = (model: Model): Model => ({
    ...model,
    fields: new Map(
      [...model.fields].map(([name, field]): [string, Field] => {
        const to = pointed(field.to);
        return [name, to === field.to || !to ? field : { ...field, to }];
      }),
    ),
  });
  const model = moved({
    ...keepingNames(before),
    name: now,
    table: isNamedByDjango ? `${state.app}_${now}` : before.table,
  });
  const others = [...state.models.values()].filter(({ name }) => name !== old).map(moved);
  const after = { ...state, models: new Map([...others, model].map((each): [string, Model] => [each.name, each])) };
  return {
    after,
    forwards: ({ editor }) => editor.renameModel(before, model, made, state),
    backwards: ({ editor }) => editor.renameModel(model, before, made, after),
  };
}

/** A model whose constraints keep the names that they have, whatever becomes of its own. */
const keepingNames = (model: Model): Model => ({
  ...model,
  fields: new Map(
    [...model.fields].map(([name, field]): [string, Field] => [name, { ...field, ...namesOfIts(model, field) }]),
  ),
});

/** What the constraints of a field are called now. */
const namesOfIts = (model: Model, field: Field): Pick<Field, 'uniqueName' | 'checkName'> => ({
  ...(field.unique && field.column ? { uniqueName: uniqueNameOf(model, field) } : {}),
  ...(field.check !== undefined && field.column ? { checkName: checkNameOf(model, field) } : {}),
});

function alterModelTable(made: ChainStep, state: State): Read | undefined {
  const name = text(made, 'name', 0)?.toLowerCase();
  const table = argumentOf(made, 'table', 1);
  const model = name === undefined ? undefined : (state.models.get(name) ?? emptyModel(state, name));
  if (!model || (!isMissing(table) && constantText(table) === undefined)) return undefined;
  const next = { ...keepingNames(model), table: constantText(table) ?? `${state.app}_${model.name}` };
  return {
    after: withModel(state, next),
    forwards: ({ editor }) => editor.renameModel(model, next, made),
    backwards: ({ editor }) => editor.renameModel(next, model, made),
  };
}

function addField(made: ChainStep, state: State): Read | undefined {
  const model = modelNamed(made, state);
  const name = text(made, 'name', 1);
  const field = name === undefined ? undefined : fieldOf(name, argumentOf(made, 'field', 2));
  if (!model || !field) return undefined;
  const next = withField(model, field);
  const after = withModel(state, next);
  return {
    after,
    forwards: ({ editor }) => editor.addField(after, next, field, made),
    backwards: ({ editor }) => editor.removeField(next, field, made),
  };
}

function removeField(made: ChainStep, state: State): Read | undefined {
  const model = modelNamed(made, state);
  const name = text(made, 'name', 1);
  if (!model || name === undefined) return undefined;
  const field = model.fields.get(name);
  if (!field) {
    // of a model that is not in sight: its column is called as it is, or as a relation's
    const side = cannot(`\`${name}\`, which no migration in sight has added`);
    return { after: state, forwards: side, backwards: side };
  }
  return {
    after: withModel(state, withoutField(model, name)),
    forwards: ({ editor }) => editor.removeField(model, field, made),
    backwards: ({ editor }) => editor.addField(state, model, field, made),
  };
}

function alterField(made: ChainStep, state: State): Read | undefined {
  const model = modelNamed(made, state);
  const name = text(made, 'name', 1);
  const given = name === undefined ? undefined : fieldOf(name, argumentOf(made, 'field', 2));
  if (!model || !given || name === undefined) return undefined;
  const before = model.fields.get(name);
  // a constraint that is made behind the column's back has a name of Django's
  const { column } = given;
  const hasOwn = (had: boolean, has: boolean) => has && column !== undefined && !had;
  const field: Field = {
    ...given,
    ...(before && namesOfIts(model, before)),
    ...(hasOwn(before?.unique ?? false, given.unique)
      ? { uniqueName: indexName(model.table, [column ?? ''], '_uniq') }
      : {}),
    ...(hasOwn(before?.check !== undefined, given.check !== undefined)
      ? { checkName: indexName(model.table, [column ?? ''], '_check') }
      : {}),
  };
  const next = withField(model, field);
  const after = withModel(state, next);
  if (!before) {
    const side = cannot(`what \`${name}\` was before`);
    return { after, forwards: side, backwards: side };
  }
  return {
    after,
    forwards: ({ editor }) => editor.alterField(state, model, before, after, next, field, made),
    backwards: ({ editor }) => editor.alterField(after, next, field, state, model, before, made),
  };
}

function renameField(made: ChainStep, state: State): Read | undefined {
  const model = modelNamed(made, state);
  const [old, now] = [text(made, 'old_name', 1), text(made, 'new_name', 2)];
  if (!model || old === undefined || now === undefined) return undefined;
  const field = model.fields.get(old);
  if (!field) {
    const side = cannot(`\`${old}\`, which no migration in sight has added`);
    return { after: state, forwards: side, backwards: side };
  }
  const isNamedAlike = field.column === old || field.column === `${old}_id`;
  const column = isNamedAlike && field.column ? `${now}${field.column.slice(old.length)}` : field.column;
  // the constraint keeps the name that it was made with
  const kept = namesOfIts(model, field);
  const next: Field = { ...field, ...kept, name: now, ...(column === undefined ? {} : { column }) };
  const swap = (names: readonly string[]): readonly string[] => names.map(each => (each === old ? now : each));
  const renamed: Model = {
    ...model,
    fields: new Map([...model.fields].filter(([name]) => name !== old)).set(now, next),
    uniqueTogether: model.uniqueTogether.map(swap),
    indexTogether: model.indexTogether.map(swap),
  };
  return {
    after: withModel(state, renamed),
    forwards: ({ editor }) => editor.renameField(model, field, renamed, next, made),
    backwards: ({ editor }) => editor.renameField(renamed, next, model, field, made),
  };
}

/** @param option  `uniqueTogether` or `indexTogether` */
const alterTogether =
  (option: 'uniqueTogether' | 'indexTogether', keyword: string) =>
  (made: ChainStep, state: State): Read | undefined => {
    const name = text(made, 'name', 0)?.toLowerCase();
    const model = name === undefined ? undefined : state.models.get(name);
    const given = argumentOf(made, keyword, 1);
    if (!model || !(isMissing(given) || given?.kind === 'list')) return undefined;
    const next = { ...model, [option]: groupsOf(given) };
    return {
      after: withModel(state, next),
      forwards: ({ editor }) => editor.alterTogether(next, model, next, made),
      backwards: ({ editor }) => editor.alterTogether(model, next, model, made),
    };
  };

const addIndex =
  (concurrently: boolean) =>
  (made: ChainStep, state: State): Read | undefined => {
    const model = modelNamed(made, state);
    const index = indexOf(argumentOf(made, 'index', 1));
    if (!model || !index) return undefined;
    return {
      after: withModel(state, { ...model, indexes: with_(model.indexes, index) }),
      forwards: ({ editor }) => editor.addIndex(model, index, made, concurrently),
      backwards: ({ editor }) => editor.removeIndex(model, index, made, concurrently),
    };
  };

const removeIndex =
  (concurrently: boolean) =>
  (made: ChainStep, state: State): Read | undefined => {
    const model = modelNamed(made, state);
    const name = text(made, 'name', 1);
    if (!model || name === undefined) return undefined;
    const index: Index = model.indexes.get(name) ?? { name };
    return {
      after: withModel(state, { ...model, indexes: without(model.indexes, name) }),
      forwards: ({ editor }) => editor.removeIndex(model, index, made, concurrently),
      backwards: ({ editor }) => editor.addIndex(model, index, made, concurrently),
    };
  };

function renameIndex(made: ChainStep, state: State): Read | undefined {
  const model = modelNamed(made, state);
  const now = text(made, 'new_name', 1);
  const fields = namesOf(argumentOf(made, 'old_fields', 3));
  if (!model || now === undefined) return undefined;
  const columns = fields?.map(columnOf(model));
  const old =
    text(made, 'old_name', 2) ??
    (columns?.every(each => each !== undefined) ? indexName(model.table, columns, '_idx') : undefined);
  if (old === undefined) return undefined;
  const known = model.indexes.get(old);
  const indexes = with_(without(model.indexes, old), { ...(known ?? {}), name: now });
  const isTogether = (each: readonly string[]): boolean => each.join(',') === fields?.join(',');
  return {
    after: withModel(state, {
      ...model,
      indexes,
      indexTogether: model.indexTogether.filter(each => !isTogether(each)),
    }),
    forwards: ({ editor }) => editor.renameIndex(model, old, now, made),
    // what had no name of its own keeps the one that it got
    backwards: fields ? NOTHING : ({ editor }) => editor.renameIndex(model, now, old, made),
  };
}

const addConstraint =
  (isValid: boolean) =>
  (made: ChainStep, state: State): Read | undefined => {
    const model = modelNamed(made, state);
    const constraint = constraintOf(argumentOf(made, 'constraint', 1));
    if (!model || !constraint) return undefined;
    return {
      after: withModel(state, { ...model, constraints: with_(model.constraints, constraint) }),
      forwards: ({ editor }) => editor.addConstraint(model, constraint, made, isValid),
      backwards: ({ editor }) => editor.removeConstraint(model, constraint, made),
    };
  };

function removeConstraint(made: ChainStep, state: State): Read | undefined {
  const model = modelNamed(made, state);
  const name = text(made, 'name', 1);
  if (!model || name === undefined) return undefined;
  const known: Constraint | undefined = model.constraints.get(name);
  if (!known) {
    const side = cannot(`\`${name}\`, which no migration in sight has added`);
    return { after: state, forwards: side, backwards: side };
  }
  return {
    after: withModel(state, { ...model, constraints: without(model.constraints, name) }),
    forwards: ({ editor }) => editor.removeConstraint(model, known, made),
    backwards: ({ editor }) => editor.addConstraint(model, known, made),
  };
}

function validateConstraint(made: ChainStep, state: State): Read | undefined {
  const model = modelNamed(made, state);
  const name = text(made, 'name', 1);
  if (!model || name === undefined) return undefined;
  return { after: state, forwards: ({ editor }) => editor.validateConstraint(model, name, made), backwards: NOTHING };
}

function runSql(made: ChainStep, state: State): Read {
  const [forwards, reverse] = [argumentOf(made, 'sql', 0), argumentOf(made, 'reverse_sql', 1)];
  return {
    after: withStateOperations(argumentOf(made, 'state_operations', 2), state),
    forwards: ({ sql }) => sql(forwards),
    backwards: ({ sql }) => sql(isMissing(reverse) ? undefined : reverse),
    ...(isMissing(reverse) && !isNoOperation(forwards) ? { isIrreversible: true } : {}),
  };
}

function runPython(made: ChainStep, state: State): Read {
  const [forwards, reverse] = [argumentOf(made, 'code', 0), argumentOf(made, 'reverse_code', 1)];
  const side =
    (value: Value | undefined): StepSide =>
    ({ code }) => {
      if (!isMissing(value) && !isNoOperation(value)) code(value, true);
    };
  return {
    after: state,
    forwards: side(forwards),
    backwards: side(reverse),
    ...(isMissing(reverse) && !isNoOperation(forwards) ? { isIrreversible: true } : {}),
  };
}

/** The operations of a list; nothing where it is not all in sight. */
export function operationsIn(value: Value | undefined): readonly DjangoOperation[] | undefined {
  if (value?.kind !== 'list') return undefined;
  const found = value.items.map(each => madeIn(each)?.made);
  return value.open || found.includes(undefined) ? undefined : found.flatMap(made => (made ? [{ made }] : []));
}

function withStateOperations(value: Value | undefined, before: State): State {
  if (isMissing(value)) return before;
  const operations = operationsIn(value);
  if (!operations) return { ...before, isPartial: true };
  return operations.reduce((state, operation) => stepOf(operation, state).after, before);
}

/** What is done and what is known of it are two lists. */
function separate(made: ChainStep, state: State): Read {
  const listed = argumentOf(made, 'database_operations', 0);
  const operations = isMissing(listed) ? [] : operationsIn(listed);
  const after = withStateOperations(argumentOf(made, 'state_operations', 1), state);
  if (!operations) {
    const side = cannot('a list of operations that is made elsewhere');
    return { after, forwards: side, backwards: side };
  }
  const steps: Step[] = [];
  for (const operation of operations) steps.push(stepOf(operation, steps.at(-1)?.after ?? state));
  return {
    after,
    forwards: sending => {
      for (const step of steps) step.forwards(sending);
    },
    backwards: sending => {
      for (const step of [...steps].reverse()) step.backwards(sending);
    },
    ...(steps.some(({ isIrreversible }) => isIrreversible) ? { isIrreversible: true } : {}),
  };
}

const extension =
  (known?: string) =>
  (made: ChainStep, state: State): Read | undefined => {
    const name = known ?? text(made, 'name', 0);
    if (name === undefined) return undefined;
    return {
      after: state,
      forwards: ({ editor }) => editor.createExtension(name, made),
      backwards: ({ editor }) => editor.dropExtension(name, made),
    };
  };

/** What is known of the models alone. */
const quiet = (_: ChainStep, state: State): Read => ({ after: state, forwards: NOTHING, backwards: NOTHING });

const OPERATIONS: Readonly<Record<string, (made: ChainStep, state: State) => Read | undefined>> = {
  CreateModel: createModel,
  DeleteModel: deleteModel,
  RenameModel: renameModel,
  AlterModelTable: alterModelTable,
  AlterModelTableComment: quiet,
  AlterModelOptions: quiet,
  AlterModelManagers: quiet,
  AddField: addField,
  RemoveField: removeField,
  AlterField: alterField,
  RenameField: renameField,
  AlterUniqueTogether: alterTogether('uniqueTogether', 'unique_together'),
  AlterIndexTogether: alterTogether('indexTogether', 'index_together'),
  AddIndex: addIndex(false),
  AddIndexConcurrently: addIndex(true),
  RemoveIndex: removeIndex(false),
  RemoveIndexConcurrently: removeIndex(true),
  RenameIndex: renameIndex,
  AddConstraint: addConstraint(true),
  AddConstraintNotValid: addConstraint(false),
  RemoveConstraint: removeConstraint,
  ValidateConstraint: validateConstraint,
  RunSQL: runSql,
  RunPython: runPython,
  SeparateDatabaseAndState: separate,
  CreateExtension: extension(),
  BloomExtension: extension('bloom'),
  BtreeGinExtension: extension('btree_gin'),
  BtreeGistExtension: extension('btree_gist'),
  CITextExtension: extension('citext'),
  CryptoExtension: extension('pgcrypto'),
  HStoreExtension: extension('hstore'),
  TrigramExtension: extension('pg_trgm'),
  UnaccentExtension: extension('unaccent'),
};
