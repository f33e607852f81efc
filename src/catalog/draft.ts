/** A catalog while one statement is folded: what is put and removed, and what the statement is refused for. */
import {
  type Catalog,
  keyIn,
  type NameSpace,
  nameKey,
  namesIndexesByTable,
  resolvedKey,
  type Session,
} from './catalog';
import type { Identifier, QualifiedName } from './definition';
import type { Met } from './hindsight';
import type { CatalogObject, Column, ObjectId, Sequence, Table, View } from './object';

/** Why the server would raise an error. */
export interface Refusal {
  readonly reason: 'missing' | 'exists' | 'dependents' | 'invalid';
  /** One sentence, without its subject's position. */
  readonly says: string;
}

export const refuse = (reason: Refusal['reason'], says: string): Refusal => ({ reason, says });

/** What a fold of one operation gives: nothing, or why it is refused. */
export type Outcome = Refusal | undefined;

export class Draft implements Catalog {
  objects: Catalog['objects'];
  names: Catalog['names'];
  complete: boolean;
  nextId: ObjectId;
  session: Session;
  readonly dialect?: Catalog['dialect'];

  constructor(
    readonly before: Catalog,
    readonly version: number,
    /** Hears of what was there before, as far as the history does not know it. */
    private readonly meets?: (met: Met) => void,
  ) {
    this.objects = before.objects;
    this.names = before.names;
    this.complete = before.complete;
    this.nextId = before.nextId;
    this.session = before.session;
    if (before.dialect !== undefined) this.dialect = before.dialect;
  }

  done(): Catalog {
    const { objects, names, complete, nextId, session, version, dialect } = this;
    return { objects, names, complete, nextId, session, version, ...(dialect === undefined ? {} : { dialect }) };
  }

  fresh(): ObjectId {
    const id = this.nextId;
    this.nextId += 1;
    return id;
  }

  /** Does what is not refused; of what is, nothing stays. */
  tries(work: (draft: Draft) => Outcome): void {
    const { objects, names, complete, nextId, session } = this;
    if (work(this)) Object.assign(this, { objects, names, complete, nextId, session });
  }

  get(id: ObjectId): CatalogObject | undefined {
    return this.objects.get(id);
  }

  /** Stores the object under its name; the names it had before are forgotten. */
  put(object: CatalogObject): void {
    const before = this.objects.get(object.id);
    if (before === object) return;
    const keys = this.keysOf(object);
    if (before) for (const key of this.keysOf(before)) if (!keys.includes(key)) this.names = this.names.without(key);
    for (const key of keys) this.names = this.names.with(key, object.id);
    this.objects = this.objects.with(object.id, object);
  }

  /** Replaces an object by what `change` makes of its present state. */
  change<Kind extends CatalogObject>(object: Kind, change: (now: Kind) => Kind): Kind {
    const now = (this.objects.get(object.id) ?? object) as Kind;
    const changed = change(now);
    this.put(changed);
    return changed;
  }

  remove(id: ObjectId): void {
    const object = this.objects.get(id);
    if (!object) return;
    for (const key of this.keysOf(object)) if (this.names.get(key) === id) this.names = this.names.without(key);
    this.objects = this.objects.without(id);
  }

  private keysOf(object: CatalogObject): readonly string[] {
    const keys = keysOf(object, namesIndexesByTable(this));
    return this.dialect === undefined ? keys : keys.map(key => keyIn(this, key));
  }

  taken(space: NameSpace, schema: string | undefined, name: string): boolean {
    return this.names.get(keyIn(this, nameKey(space, schema, name))) !== undefined;
  }

  find(space: NameSpace, name: { readonly schema?: string; readonly name: string }): CatalogObject | undefined {
    const key = resolvedKey(this, space, name);
    const id = key === undefined ? undefined : this.names.get(key);
    return id === undefined ? undefined : this.objects.get(id);
  }

  /** The schema in which an object without a written one is created. */
  creationSchema(name: { readonly schema?: string }, temporary = false): string {
    if (temporary) return 'pg_temp';
    if (name.schema !== undefined) return name.schema;
    return (
      this.session.searchPath.find(schema => this.taken('s', undefined, schema)) ??
      this.session.searchPath[0] ??
      'public'
    );
  }

  /** A table that the history does not explain. */
  assumedTable(name: QualifiedName): Table {
    const schema = this.creationSchema(name);
    this.assumeSchema(schema);
    const table: Table = {
      ...emptyTable(this.fresh(), schema, name.name),
      assumed: true,
      complete: false,
    };
    this.put(table);
    this.meets?.({ kind: 'object', object: table });
    return table;
  }

  assumeSchema(name: string): void {
    if (name === 'pg_temp' || this.taken('s', undefined, name)) return;
    const schema: CatalogObject = { kind: 'schema', id: this.fresh(), name, assumed: true, grants: [] };
    this.put(schema);
    this.meets?.({ kind: 'object', object: schema });
  }

  /** A sequence that the history does not explain. */
  assumedSequence(name: QualifiedName): Sequence {
    const sequence: Sequence = {
      kind: 'sequence',
      id: this.fresh(),
      schema: this.creationSchema(name),
      name: name.name,
      assumed: true,
      persistence: 'permanent',
      options: {},
      identity: false,
      grants: [],
    };
    this.put(sequence);
    this.meets?.({ kind: 'object', object: sequence });
    return sequence;
  }

  /**
   * A switch of what is assumed is thrown: it is known from now on, and stood the other way before.
   * @returns what the object knows of itself from then on
   */
  switched(
    { assumed, told = [] }: Pick<Table | Column, 'assumed' | 'told'>,
    of: ObjectId,
    { aspect, stood, column }: Pick<Extract<Met, { kind: 'switch' }>, 'aspect' | 'stood' | 'column'>,
  ): Pick<Column, 'told'> {
    if (!assumed || this.dialect !== undefined || told.includes(aspect)) return {};
    this.meets?.({ kind: 'switch', of, aspect, stood, ...(column === undefined ? {} : { column }) });
    return { told: [...told, aspect] };
  }

  /** A column that the history does not explain, put into its relation. */
  assumedColumn(relation: Table | View, name: Identifier | string): Column {
    const column: Column = {
      id: this.fresh(),
      name: typeof name === 'string' ? name : name.name,
      notNull: false,
      assumed: true,
    };
    this.change<Table | View>(relation, now => ({ ...now, columns: [...now.columns, column] }));
    this.meets?.({ kind: 'column', of: relation.id, name: column.name });
    return column;
  }
}

export const emptyTable = (id: ObjectId, schema: string, name: string): Table => ({
  kind: 'table',
  id,
  schema,
  name,
  persistence: 'permanent',
  columns: [],
  constraints: [],
  indexes: [],
  triggers: [],
  policies: [],
  rules: [],
  rowSecurity: false,
  forceRowSecurity: false,
  inherits: [],
  replicaIdentity: 'default',
  options: [],
  grants: [],
  complete: true,
});

const SPACES = {
  table: 'r',
  view: 'r',
  materializedView: 'r',
  sequence: 'r',
  enum: 't',
  domain: 't',
  composite: 't',
  range: 't',
  statistics: 'st',
} as const;

/** Every name under which an object is found. */
function keysOf(object: CatalogObject, indexesByTable: boolean): readonly string[] {
  switch (object.kind) {
    case 'schema':
      return [nameKey('s', undefined, object.name)];
    case 'extension':
      return [nameKey('x', '', object.name)];
    case 'other':
      return [nameKey('o', object.schema ?? '', `${object.what} ${object.identity}`)];
    case 'routine':
      return [nameKey('f', object.schema, `${object.name}(${argumentTypes(object.parameters)})`)];
    case 'table':
    case 'view':
    case 'materializedView':
      return [object.name, ...(indexesByTable ? [] : object.indexes.map(index => index.name))].map(name =>
        nameKey('r', object.schema, name),
      );
    default:
      return [nameKey(SPACES[object.kind], object.schema, object.name)];
  }
}

/** The types that tell routines of one name apart; one of the history's own is known by its identity, as it may be renamed. */
export function argumentTypes(
  parameters: readonly {
    readonly mode: string;
    readonly type: { readonly id?: ObjectId; readonly name: string; readonly dimensions: number };
  }[],
): string {
  return parameters
    .filter(({ mode }) => mode !== 'out' && mode !== 'table')
    .map(({ type }) => `${type.id === undefined ? type.name : `#${type.id}`}${type.dimensions > 0 ? '[]' : ''}`)
    .join(',');
}
