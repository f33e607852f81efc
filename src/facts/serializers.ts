/**
 * What a serializer reads of each record that it writes: the relations behind its own fields, behind those that it names of
 * the record's class, behind the serializers that it holds and behind its methods.
 */
import { fileOf, type Place, type UnitId } from '../engine/place';
import type { SerializerRow, WrittenFieldRow } from '../libraries/vocabulary';
import { placeIn } from '../program/analysis';
import { alternativesIn, constantOf } from '../program/lattice';
import type { Call, Expression, Field } from '../program/model';
import { isLoaded } from '../program/records';
import type { Records, Relation, Value } from '../program/value';
import type { PathStep } from './facts';
import { type Behind, relationsReadIn, SELF } from './lazyRelations';
import type { Setting } from './setting';

export interface ClassName {
  readonly file: string;
  readonly name: string;
}

/** A relation that is asked for anew for every record that is written. */
export interface UnloadedRelation {
  /** From the record to it: `author__publisher`. */
  readonly path: readonly string[];
  /** The relations on the way, it among them. */
  readonly relations: readonly Relation[];
  readonly steps: readonly PathStep[];
}

/** Serializers in serializers, and relations of relations, deeper than this are not looked for. */
const MAX_DEPTH = 4;
const MAX_ANCESTORS = 12;

/** What a class extends, the first first; nothing where it is not in sight. */
function basesOf(setting: Setting, { file, name }: ClassName): readonly Value[] {
  const own = setting.analysis.environment(file).classes.get(name)?.class;
  if (!own) return [];
  return [...(own.extends ? [own.extends] : []), ...(own.mixins ?? [])].flatMap(
    base => namedValue(setting, file, base) ?? [],
  );
}

/** What a name of a file's top level stands for, or a member of one: `serializers.ModelSerializer`. */
export function namedValue(setting: Setting, file: string, expression: Expression): Value | undefined {
  if (expression.kind === 'name') return setting.analysis.environment(file).variables.get(expression.name);
  const object = expression.kind === 'member' ? namedValue(setting, file, expression.object) : undefined;
  return object && expression.kind === 'member'
    ? setting.analysis.part(object, [expression.name], { unit: file, start: 0, end: 0 })
    : undefined;
}

/** The class and those that it inherits from, itself first, and the packages' classes among them. */
export function ancestryOf(
  setting: Setting,
  own: ClassName,
): { readonly classes: readonly ClassName[]; readonly entities: readonly string[] } {
  const classes: ClassName[] = [];
  const entities: string[] = [];
  const visit = (each: ClassName, depth: number): void => {
    if (depth > MAX_ANCESTORS || classes.some(({ file, name }) => file === each.file && name === each.name)) return;
    classes.push(each);
    for (const { shape } of basesOf(setting, each).flatMap(alternativesIn)) {
      if (shape.kind === 'class') visit(shape, depth + 1);
      if (shape.kind === 'entity') entities.push(shape.name);
    }
  };
  visit(own, 0);
  return { classes, entities };
}

/** The row of a serializer; nothing of any other class. */
export const serializerRow = (setting: Setting, own: ClassName): SerializerRow | undefined =>
  setting.analysis.remember<SerializerRow | undefined>(`serializer ${setting.key} ${own.file}#${own.name}`, () =>
    ancestryOf(setting, own)
      .entities.map(entity => setting.tables.serializers.get(entity))
      .find(row => row !== undefined),
  );

/** A field that is written, and the declaration that says so. */
interface WrittenField {
  readonly name: string;
  readonly at: Place;
  /** The call that declares it; absent of one that is only named. */
  readonly call?: Call;
  /** What is called: a serializer, or a class of fields. */
  readonly made?: Value;
}

/** Relations that come to be asked for when a list of records is written, and have not come with them. */
export function unloadedRelations(
  setting: Setting,
  serializer: ClassName,
  records: Records & { readonly loaded: readonly string[] },
): readonly UnloadedRelation[] {
  const found = new Map<string, UnloadedRelation>();
  const walk = new Walk(setting, records.loaded, found);
  walk.serializer(serializer, records, { path: [], relations: [], steps: [] }, 0);
  return [...found.values()];
}

class Walk {
  constructor(
    private readonly setting: Setting,
    private readonly loaded: readonly string[],
    private readonly found: Map<string, UnloadedRelation>,
  ) {}

  /** @param to  how the record is come by that it writes, with the loaded names of those that only this way has */
  serializer(own: ClassName, record: Records, to: UnloadedRelation, depth: number): void {
    const { analysis } = this.setting;
    const row = serializerRow(this.setting, own);
    if (!row || depth > MAX_DEPTH) return;
    const whole = analysis.member(own.file, own.name, row.method)?.shape;
    if (whole?.kind === 'function') {
      this.method(whole.unit, 0, record, to, `${own.name}.${row.method}`);
      if (!/\bsuper\s*\(/.test(analysis.source(whole.unit)?.text ?? '')) return;
    }
    for (const field of fieldsOf(this.setting, own, row, record)) this.field(own, row, field, record, to, depth);
  }

  private field(
    own: ClassName,
    row: SerializerRow,
    { name, call, made, at }: WrittenField,
    record: Records,
    to: UnloadedRelation,
    depth: number,
  ): void {
    const says = `\`${own.name}.${name}\``;
    const source = call && textOf(call, row.source);
    if (source === '*') {
      if (made?.shape.kind === 'class') this.serializer(nameOf(made.shape), record, to, depth + 1);
      return;
    }
    const path = (source ?? name).split('.');
    if (made?.shape.kind === 'class' && serializerRow(this.setting, nameOf(made.shape))) {
      const end = this.along(path, record, to, { at, says: `${says} writes it` }, false);
      if (end) this.serializer(nameOf(made.shape), end.record, end.to, depth + 1);
      return;
    }
    const kind = this.kindOf(made);
    if (kind?.writes === 'nothing') return;
    if (kind?.writes === 'method') {
      const method = (call && kind.named && textOf(call, kind.named)) ?? `${kind.prefix ?? ''}${name}`;
      const found = this.setting.analysis.member(own.file, own.name, method)?.shape;
      if (found?.kind === 'function') this.method(found.unit, 0, record, to, `${own.name}.${method}`);
      return;
    }
    const by = call && kind?.by !== undefined ? textOf(call, kind.by) : undefined;
    const isKey =
      (kind?.writes === 'key' && (by === undefined || by === kind.key)) ||
      (call === undefined && depthOf(this.setting, own, row) === 0);
    this.along(path, record, to, { at, says: `${says} reads it` }, isKey);
  }

  /** How a class of fields, a package's or one that extends such, writes its value. */
  private kindOf(made: Value | undefined): WrittenFieldRow | undefined {
    const { writtenFields } = this.setting.tables;
    if (made?.shape.kind === 'entity') return writtenFields.get(made.shape.name);
    if (made?.shape.kind !== 'class') return undefined;
    return ancestryOf(this.setting, nameOf(made.shape))
      .entities.map(entity => writtenFields.get(entity))
      .find(row => row !== undefined);
  }

  /** Relations that a function reads of the record that it is handed. */
  private method(unit: UnitId, as: number | typeof SELF, record: Records, to: UnloadedRelation, name: string): void {
    for (const behind of relationsReadIn(this.setting, unit, as, { ...record, loaded: this.loaded }))
      this.note(behind, to, { at: behind.steps[0]?.at ?? { unit, start: 0, end: 0 }, says: `\`${name}\` reads it` });
  }

  private note(
    { relation, name }: Pick<Behind, 'relation' | 'name'>,
    to: UnloadedRelation,
    step: PathStep,
  ): UnloadedRelation {
    const path = [...to.path, name];
    const next = { path, relations: [...to.relations, relation], steps: [...to.steps, step] };
    if (relation.loads !== 'never' && !isLoaded(this.loaded, name)) {
      const key = path.join('.');
      if (!this.found.has(key)) this.found.set(key, next);
    }
    return next;
  }

  /** Members one after another, as far as they are relations; what the last one gives. */
  private along(
    path: readonly string[],
    from: Records,
    to: UnloadedRelation,
    step: PathStep,
    isKey: boolean,
  ): { readonly record: Records; readonly to: UnloadedRelation } | undefined {
    const { analysis } = this.setting;
    let record = from;
    let reached = to;
    for (const [index, name] of path.entries()) {
      const relation = analysis.relation(record.file, record.class, name);
      if (!relation) {
        const member = analysis.member(record.file, record.class, name)?.shape;
        if (member?.kind === 'function') this.method(member.unit, SELF, record, reached, `${record.class}.${name}`);
        return undefined;
      }
      // the key of the one record at the other end stands in this one
      if (isKey && index === path.length - 1 && relation.gives === 'one' && relation.reversed !== true)
        return undefined;
      reached = this.note({ relation, name }, reached, step);
      const next = relation.to === 'itself' ? record : relation.to;
      if (!next || reached.path.length > MAX_DEPTH) return undefined;
      record = next;
      if (relation.gives !== 'one' && index < path.length - 1) return undefined;
    }
    return { record, to: reached };
  }
}

const nameOf = ({ file, name }: ClassName): ClassName => ({ file, name });

/** Fields that are written, those of the class itself first; what is only taken in is none. */
function fieldsOf(setting: Setting, own: ClassName, row: SerializerRow, record: Records): readonly WrittenField[] {
  const { analysis } = setting;
  const without = namesIn(setting, own, row, row.without);
  const left = new Set(without ?? []);
  const names = namesIn(setting, own, row, row.names);
  const isWritten = (name: string): boolean => (names === undefined || names.includes(name)) && !left.has(name);
  const seen = new Set<string>();
  const fields: WrittenField[] = [];
  for (const each of ancestryOf(setting, own).classes) {
    for (const field of analysis.environment(each.file).classes.get(each.name)?.class.fields ?? []) {
      if (seen.has(field.name) || field.name === row.options) continue;
      seen.add(field.name);
      const made = field.value?.kind === 'call' ? calledBy(setting, each, field.value) : undefined;
      if (field.value?.kind !== 'call' || !made) continue;
      if (!isWritten(field.name) || isTrue(field.value, row.unwritten)) continue;
      const at = declaredAt(setting, `${each.file}#field ${each.name}.${field.name}`, field);
      fields.push({ name: field.name, at, call: field.value, made });
    }
  }
  const options = analysis.member(own.file, own.name, row.options)?.shape;
  if (options?.kind !== 'class') return fields;
  const at = declaredAt(setting, `${options.file}#field ${options.name}.${without ? row.without : row.names}`);
  const all = analysis.member(options.file, options.name, row.names);
  const isAll = without !== undefined || (all !== undefined && constantOf(all) !== undefined);
  for (const name of names ?? (isAll ? fieldNamesOf(setting, record) : []))
    if (!seen.has(name) && isWritten(name)) fields.push({ name, at });
  return fields;
}

/** The fields that a class of records declares, inherited ones too. */
const fieldNamesOf = (setting: Setting, { file, class: name }: Records): readonly string[] =>
  ancestryOf(setting, { file, name }).classes.flatMap(each =>
    (setting.analysis.environment(each.file).classes.get(each.name)?.class.fields ?? []).map(field => field.name),
  );

/** The names that the class inside a serializer lists; nothing where they are not all in sight. */
function namesIn(setting: Setting, own: ClassName, row: SerializerRow, list: string): readonly string[] | undefined {
  const options = setting.analysis.member(own.file, own.name, row.options)?.shape;
  const value = options?.kind === 'class' ? setting.analysis.member(options.file, options.name, list) : undefined;
  const items = value?.shape.kind === 'list' ? value.shape.items : undefined;
  const names = items?.map(constantOf);
  return names?.every(name => name !== undefined) ? names : undefined;
}

function depthOf(setting: Setting, own: ClassName, row: SerializerRow): number {
  const options = setting.analysis.member(own.file, own.name, row.options)?.shape;
  const value = options?.kind === 'class' ? setting.analysis.member(options.file, options.name, row.depth) : undefined;
  return value?.shape.kind === 'scalar' && typeof value.shape.value === 'number' ? value.shape.value : 0;
}

/** What the call that declares a field calls; nothing where it is neither a class of the workspace nor a package's. */
function calledBy(setting: Setting, { file }: ClassName, { callee }: Call): Value | undefined {
  const value = namedValue(setting, file, callee);
  return value && (value.shape.kind === 'class' || value.shape.kind === 'entity') ? value : undefined;
}

function declaredAt({ analysis }: Setting, declaration: string, field?: Field): Place {
  const source = analysis.source(declaration);
  const file = fileOf(declaration);
  if (source) return placeIn(declaration, { start: 0, end: source.text.length });
  return placeIn(file, field ?? { start: 0, end: 0 });
}

export function keyword({ arguments: args }: Call, name: string): Expression | undefined {
  return args.find(each => each.name === name)?.value;
}

export const isTrue = (call: Call, name: string): boolean => {
  const value = keyword(call, name);
  return value?.kind === 'constant' && value.value === true;
};

function textOf(call: Call, name: string): string | undefined {
  const value = keyword(call, name);
  const [part, ...more] = value?.kind === 'text' ? value.parts : [];
  return part?.kind === 'part' && more.length === 0 ? part.value : undefined;
}
