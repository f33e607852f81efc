/** The models of an app as a migration finds and leaves them: plain values, one for each state. */
import type { Value } from '../code/values';
import type { Field, ModelName } from './djangoFields';

export interface Index {
  readonly name: string;
  /** Behind `ON "table" `: `USING gin ("tags") WHERE …`; absent where it holds what could not be written. */
  readonly rest?: (column: (field: string) => string | undefined) => string | undefined;
  readonly unique?: boolean;
}

export interface Constraint {
  readonly name: string;
  /** What stands behind its name in a table; of one that is an index, absent. */
  readonly clause?: (column: (field: string) => string | undefined) => string | undefined;
  readonly index?: Index;
}

export interface Model {
  /** In lower case, as everything asks for it. */
  readonly name: string;
  readonly table: string;
  /** Of those that it has no table for nothing is written. */
  readonly isManaged: boolean;
  readonly fields: ReadonlyMap<string, Field>;
  readonly uniqueTogether: readonly (readonly string[])[];
  readonly indexTogether: readonly (readonly string[])[];
  readonly indexes: ReadonlyMap<string, Index>;
  readonly constraints: ReadonlyMap<string, Constraint>;
}

export interface State {
  readonly app: string;
  readonly models: ReadonlyMap<string, Model>;
  /** Something has changed it that could not be followed. */
  readonly isPartial: boolean;
}

export const emptyState = (app: string): State => ({ app, models: new Map(), isPartial: false });

export const withModel = (state: State, model: Model): State => ({
  ...state,
  models: new Map(state.models).set(model.name, model),
});

export function withoutModel(state: State, name: string): State {
  const models = new Map(state.models);
  models.delete(name);
  return { ...state, models };
}

export function withField(model: Model, field: Field): Model {
  return { ...model, fields: new Map(model.fields).set(field.name, field) };
}

export function withoutField(model: Model, name: string): Model {
  const fields = new Map(model.fields);
  fields.delete(name);
  return { ...model, fields };
}

export function with_<T extends { readonly name: string }>(
  map: ReadonlyMap<string, T>,
  each: T,
): ReadonlyMap<string, T> {
  return new Map(map).set(each.name, each);
}

export function without<T>(map: ReadonlyMap<string, T>, name: string): ReadonlyMap<string, T> {
  const rest = new Map(map);
  rest.delete(name);
  return rest;
}

export const columnOf =
  (model: Model) =>
  (name: string): string | undefined => {
    if (name === 'pk') return primaryOf(model).column;
    const field = model.fields.get(name) ?? [...model.fields.values()].find(({ column }) => column === name);
    return field?.isUnknown ? undefined : field?.column;
  };

/** The key of a model; one that is not in sight is Django's own. */
export function primaryOf(model: Model | undefined): Pick<Field, 'column' | 'type' | 'to'> {
  for (const field of model?.fields.values() ?? []) if (field.primary) return field;
  return { column: 'id', type: 'bigint' };
}

/** The model that a relation leads to, with its table; of another app's by the names that Django gives. */
export function targetOf(
  state: State,
  to: ModelName | undefined,
  owner: Model,
): { readonly table: string; readonly model?: Model } {
  if (!to || to.model === 'self') return { table: owner.table, model: owner };
  const app = to.app ?? state.app;
  const model = app === state.app ? state.models.get(to.model) : undefined;
  const table = model?.table ?? DJANGOS_TABLES[`${app}.${to.model}`] ?? `${app}_${to.model}`;
  return { table, ...(model ? { model } : {}) };
}

/** Tables of Django's own apps that are not called as their models are. Source: django/contrib, `db_table` of each `Meta`. */
const DJANGOS_TABLES: Readonly<Record<string, string>> = {
  'admin.logentry': 'django_admin_log',
  'contenttypes.contenttype': 'django_content_type',
  'flatpages.flatpage': 'django_flatpage',
  'redirects.redirect': 'django_redirect',
  'sessions.session': 'django_session',
  'sites.site': 'django_site',
};

/** The type of a field's column: of a relation that of the key at its other end. */
export function typeIn(state: State, owner: Model, field: Field, depth = 0): string | undefined {
  if (field.type !== undefined || !field.column) return field.type;
  if (!field.to || depth > 5) return undefined;
  const { model } = targetOf(state, field.to, owner);
  // Django's own apps began when keys were small
  if (!model) return OLD_APPS.has(field.to.app ?? '') ? 'integer' : 'bigint';
  const key = primaryOf(model);
  if (key.type !== undefined) return key.type;
  const full = [...model.fields.values()].find(({ primary }) => primary);
  return full ? typeIn(state, model, full, depth + 1) : 'bigint';
}

const OLD_APPS = new Set(['auth', 'contenttypes', 'sites', 'sessions', 'admin', 'flatpages', 'redirects']);

/** Lists of lists of names; a single list stands for one of them. */
export function groupsOf(value: Value | undefined): readonly (readonly string[])[] {
  if (value?.kind !== 'list') return [];
  const names = value.items.map(each => (each.kind === 'text' ? each.value : undefined));
  if (names.length > 0 && names.every(name => name !== undefined)) return [names];
  return value.items.flatMap(each => groupsOf(each));
}
