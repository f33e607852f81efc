/**
 * The models that a file declares: which table each stands for, and which columns its statements name because it says so. By
 * the libraries' tables; what a project makes of its own accord (a decorator of its own, names that are computed) is none.
 */
import { type FileId, fileOf, type Place } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { LibraryModel, ModelRow } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Class, Expression, Field, Module, RecordExpression, Span } from '../program/model';
import { nodesIn } from '../program/nodes';
import type { Value } from '../program/value';
import type { RowOf } from './libraryTables';
import { type DeclaredLabel, entityIn, entryOf, ModelConstants, NONE } from './modelConstants';
import { columnsFor, tablesFor } from './modelNames';
import { isPresent, type Setting } from './setting';
import { constantOf } from './sqlTexts';

export interface DeclaredColumn {
  /** As the model calls it. */
  readonly member: string;
  /** What the table may call it, the likeliest first. */
  readonly names: readonly string[];
  readonly isNamed: boolean;
  readonly at: Place;
  /** The only values that it takes, where the model says so. */
  readonly labels?: readonly DeclaredLabel[];
}

export interface DeclaredModel {
  readonly label: string;
  readonly at: Place;
  /** What its table may be called, the likeliest first. */
  readonly tables: readonly string[];
  readonly isNamed: boolean;
  /** Its library is imported; else a method is named so, in a project that has the library. */
  readonly isTraced: boolean;
  /** Statements name a column when the code hands it over, and not because it is declared. */
  readonly isHint: boolean;
  readonly columns: readonly DeclaredColumn[];
}

/** Base classes further up than this are a cycle. */
const MAX_ANCESTORS = 8;

export function modelsIn(setting: Setting, module: Module): readonly DeclaredModel[] {
  const { models } = setting.tables;
  const reader = new ModelReader(setting, module.top.id);
  const classes = module.classes.filter(each => !each.interface && !each.name.includes('.'));
  const found = classes.flatMap(each => reader.ofClass(each, models.classes) ?? []);
  for (const unit of [module.top.id, ...module.units.map(({ id }) => id)])
    for (const call of setting.analysis.unit(unit).calls) {
      if (call.implicit) continue;
      const row = rowOf(setting, call);
      const model = row && reader.ofCall(call, row);
      if (model) found.push(model);
    }
  return found;
}

/** The model that a class of the workspace is, if it is one. */
export function modelOfClass(setting: Setting, file: FileId, name: string): DeclaredModel | undefined {
  const own = setting.analysis.environment(file).classes.get(name)?.class;
  return own && new ModelReader(setting, file).ofClass(own, setting.tables.models.classes);
}

function rowOf(setting: Setting, { target, form, arguments: given }: ObservedCall) {
  const { tables } = setting;
  if (target.kind === 'library') return tables.models.calls.get(target.name)?.[0];
  if (target.kind !== 'method' || form !== 'call') return undefined;
  const row = tables.models.methods.get(target.name);
  if (!row || !isPresent(setting, row.library)) return undefined;
  const [name, columns] = given;
  return constantOf(name?.value ?? NONE) !== undefined && columns?.value.shape.kind === 'record' ? row : undefined;
}

/** What is written at a column, as it is and as one of a call's options. */
interface Written {
  readonly file: FileId;
  readonly marks: readonly Expression[];
}

class ModelReader {
  private readonly constants: ModelConstants;

  constructor(
    private readonly setting: Setting,
    private readonly file: FileId,
  ) {
    this.constants = new ModelConstants(setting);
  }

  // ——— classes ———

  ofClass(own: Class, rows: readonly RowOf<ModelRow>[]): DeclaredModel | undefined {
    const { file } = this;
    for (const { row, library } of rows) {
      const decorator = (own.decorators ?? []).find(each => this.constants.isOne(file, each, library, row.decorator));
      const isOne =
        decorator !== undefined ||
        (row.extends !== undefined && this.derives(file, own.name, library, namesOf(row.extends))) ||
        (row.member !== undefined && own.fields.some(({ name }) => name === row.member));
      if (!isOne) continue;
      const at = this.nameOf(own);
      const columns = row.columnsIn
        ? this.inMember(own, row.columnsIn)
        : this.columnsOf(file, own, row, library).map(column =>
            fileOf(column.at.unit) === file ? column : { ...column, at },
          );
      // what a member alone tells is a model where its columns are the library's
      if (row.member !== undefined && columns.length === 0) continue;
      const named = this.tableOf(own, row, decorator);
      if (named === 'computed') return undefined;
      const model = this.modelName(decorator) ?? own.name;
      return {
        label: own.name,
        at,
        tables: named === undefined ? tablesFor(model, row.inFolder ? folderOf(file) : undefined) : [named],
        isNamed: named !== undefined,
        isTraced: true,
        isHint: row.hints === true,
        columns,
      };
    }
    return undefined;
  }

  /** Sequelize calls a model otherwise than its class. */
  private modelName(decorator: Expression | undefined): string | undefined {
    return decorator && this.constants.option(this.file, [decorator], ['modelName']);
  }

  private columnsOf(
    file: FileId,
    own: Class,
    row: ModelRow,
    library: LibraryModel,
    depth = 0,
  ): readonly DeclaredColumn[] {
    const columns = own.fields.flatMap(field => this.fieldColumn(file, own, field, row, library) ?? []);
    const base = this.setting.analysis.environment(file).classes.get(own.name)?.superclass?.shape;
    if (base?.kind !== 'class' || depth > MAX_ANCESTORS) return columns;
    const parent = this.setting.analysis.environment(base.file).classes.get(base.name)?.class;
    if (!parent) return columns;
    const known = new Set(columns.map(({ member }) => member));
    return [
      ...columns,
      ...this.columnsOf(base.file, parent, row, library, depth + 1).filter(({ member }) => !known.has(member)),
    ];
  }

  private fieldColumn(
    file: FileId,
    own: Class,
    field: Field,
    row: ModelRow,
    library: LibraryModel,
  ): DeclaredColumn | undefined {
    const { decorators = [], value, type, name: member } = field;
    if (field.static === true && decorators.length === 0 && value?.kind !== 'call') return undefined;
    const marks = [...decorators, ...(value ? [value] : [])].filter(each =>
      this.constants.isOne(file, each, library, row.marks),
    );
    const isTyped =
      type?.kind === 'named' && namesOf(row.typed).includes(type.name.slice(type.name.lastIndexOf('.') + 1));
    const isAnnotated = value === undefined && type !== undefined && (isTyped || row.every === true);
    if ((marks.length === 0 && !isAnnotated) || member.startsWith('__')) return undefined;
    const top = this.setting.analysis.source(file);
    const written = top?.text.slice(field.start, field.end) ?? '';
    if (mentions(written, row.leftOut)) return undefined;
    const named = this.columnName({ file, marks }, row);
    const isReference = marks.some(each => this.constants.isOne(file, each, library, row.references));
    return {
      member,
      names: named === undefined ? columnsFor(member, isReference) : [named],
      isNamed: named !== undefined,
      at: placeIn(file, nameSpan(top?.text ?? '', field, own)),
      labels: this.constants.labels(file, marks, row, own.name),
    };
  }

  private columnName({ file, marks }: Written, row: ModelRow): string | undefined {
    for (const mark of marks) {
      const argument =
        row.columnName === undefined || mark.kind !== 'call' ? undefined : mark.arguments[row.columnName];
      const named = argument && argument.name === undefined ? this.constants.constant(file, argument.value) : undefined;
      if (named !== undefined) return named;
    }
    return this.constants.option(file, marks, namesOf(row.columnNames));
  }

  /** The table's name as it is written; `computed` where it is said in a way that is not read. */
  private tableOf(own: Class, row: ModelRow, decorator: Expression | undefined): string | undefined {
    const { file } = this;
    const names = namesOf(row.tableNames);
    if (decorator?.kind === 'call') {
      const argument = row.table === undefined ? undefined : decorator.arguments[row.table]?.value;
      const named = argument && this.constants.constant(file, argument);
      if (named !== undefined) return plain(named);
      const option = this.constants.option(file, [decorator], names);
      if (option !== undefined) return plain(option);
      return argument === undefined || argument.kind === 'record' ? undefined : 'computed';
    }
    for (const path of names) {
      const [member = '', inside] = path.split('.').reverse();
      const holder = inside === undefined ? own.name : `${own.name}.${inside}`;
      const value = this.member(holder, member);
      if (value === undefined) continue;
      const named = constantOf(value);
      return named === undefined ? 'computed' : plain(named.replace(/^"+|"+$/g, ''));
    }
    return undefined;
  }

  /** A static member, or what a getter of that name gives. */
  private member(holder: string, name: string): Value | undefined {
    const { analysis } = this.setting;
    const declared = analysis.environment(this.file).classes.get(holder);
    const method = declared?.class.methods.get(name);
    if (method !== undefined) return analysis.unit(method).returns;
    const field = declared?.class.fields.find(each => each.name === name);
    if (!field) return undefined;
    const written = field.value && this.constants.constant(this.file, field.value);
    return written === undefined ? declared?.fields.get(name) : textValue(written);
  }

  /** The entries of a record that a static member holds, or a getter gives: `jsonSchema.properties`. */
  private inMember(own: Class, path: string): readonly DeclaredColumn[] {
    const { analysis } = this.setting;
    const [member = '', entry = ''] = path.split('.');
    const field = own.fields.find(({ name }) => name === member);
    const unit = own.methods.get(member);
    const source = unit === undefined ? undefined : analysis.source(unit);
    const root = field?.value ?? source?.function;
    if (!root) return [];
    const whole = nodesIn(root).find((node): node is RecordExpression => node.kind === 'record');
    const columns = whole && entryOf(whole, entry);
    return columns?.kind === 'record'
      ? this.inRecord(columns, source && unit !== undefined ? unit : this.file, {})
      : [];
  }

  private nameOf(own: Class): Place {
    const text = this.setting.analysis.source(this.file)?.text ?? '';
    // what a compiler has made puts the decorators on behind the class
    const before = (own.decorators ?? []).filter(({ start }) => start < own.end);
    const from = Math.max(own.start, ...before.map(({ end }) => end));
    const at = new RegExp(`\\bclass\\s+${own.name}\\b`).exec(text.slice(from, own.end));
    const end = at ? from + at.index + at[0].length : Math.min(own.end, own.start + own.name.length);
    return placeIn(this.file, { start: end - own.name.length, end });
  }

  private derives(file: FileId, name: string, library: LibraryModel, bases: readonly string[], depth = 0): boolean {
    const shape = this.setting.analysis.environment(file).classes.get(name)?.superclass?.shape;
    if (!shape || depth > MAX_ANCESTORS) return false;
    if (shape.kind === 'class') return this.derives(shape.file, shape.name, library, bases, depth + 1);
    const entity = entityIn(shape);
    return entity !== undefined && this.constants.names(entity, library, bases);
  }

  // ——— calls ———

  ofCall(call: ObservedCall, { row, library }: RowOf<ModelRow>): DeclaredModel | undefined {
    const { unit } = call.callee;
    const given = (index: number | undefined) => (index === undefined ? undefined : call.arguments[index]);
    const options = given(row.options)?.value.shape;
    const option = (name: string): string | undefined => {
      const entry = options?.kind === 'record' ? options.entries.get(name) : undefined;
      return entry && constantOf(entry);
    };
    const argument = row.table === undefined ? undefined : given(row.table);
    const named =
      (argument && constantOf(argument.value)) ??
      namesOf(row.tableNames)
        .map(option)
        .find(name => name !== undefined);
    if (argument && named === undefined) return undefined;
    const model = option('modelName') ?? constantOf(given(row.model)?.value ?? NONE) ?? classNamed(call.receiver);
    if (named === undefined && model === undefined) return undefined;
    const index = call.node.arguments.findIndex((_, at) => at === row.columns);
    const columns = row.listed
      ? call.node.arguments.slice(row.columns).flatMap(({ value }) => this.listed(value, unit, row, library) ?? [])
      : this.ofArgument(call, index, row);
    const label = model ?? named ?? '';
    return {
      label,
      at: (argument ?? given(row.model))?.at ?? call.callee,
      tables: named === undefined ? tablesFor(label) : [plain(named)],
      isNamed: named !== undefined,
      isTraced: call.target.kind === 'library',
      isHint: row.hints === true,
      columns,
    };
  }

  private ofArgument(call: ObservedCall, index: number, row: ModelRow): readonly DeclaredColumn[] {
    const written = call.node.arguments[index]?.value;
    const observed = call.arguments[index];
    if (!written || !observed) return [];
    const inside = (record: Expression | undefined): Expression | undefined =>
      row.columnsIn === undefined || record?.kind !== 'record' ? record : entryOf(record, row.columnsIn);
    const columns = inside(written.kind === 'lambda' ? returned(written) : written);
    if (columns?.kind === 'record') return this.inRecord(columns, call.callee.unit, row);
    const { shape } = observed.value;
    const value =
      row.columnsIn === undefined || shape.kind !== 'record' ? shape : shape.entries.get(row.columnsIn)?.shape;
    if (value?.kind !== 'record') return [];
    return [...value.entries].map(([member, { shape: column }]) => {
      const named =
        column.kind === 'record'
          ? namesOf(row.columnNames)
              .map(name => constantOf(column.entries.get(name) ?? NONE))
              .find(name => name !== undefined)
          : undefined;
      return this.column(member, named, observed.at);
    });
  }

  /** @param unit  whose spans the record has */
  private inRecord(record: RecordExpression, unit: string, row: ModelRow): readonly DeclaredColumn[] {
    const text = this.setting.analysis.source(unit)?.text ?? '';
    return record.entries.flatMap(({ key, value, start, end }) => {
      if (typeof key !== 'string' || mentions(text.slice(start, end), row.leftOut)) return [];
      const calls = nodesIn(value).filter(
        (node): node is Extract<Expression, { kind: 'call' }> => node.kind === 'call',
      );
      // of a chain the innermost call is the column's type
      const innermost = calls.at(-1);
      const named =
        (row.columnName === undefined || !innermost
          ? undefined
          : this.constants.constant(fileOf(unit), innermost.arguments[row.columnName]?.value)) ??
        (value.kind === 'record' ? this.constants.entryText(fileOf(unit), value, namesOf(row.columnNames)) : undefined);
      const labels = this.constants.labels(unit, [value], row);
      // among calls of a record the names of their own kind say enough
      const isReference = calls.some(
        ({ callee }) => callee.kind === 'member' && namesOf(row.references).includes(callee.name),
      );
      return [{ ...this.column(key, named, placeIn(unit, keySpan(text, { start, end }, key)), isReference), labels }];
    });
  }

  private listed(value: Expression, unit: string, row: ModelRow, library: LibraryModel): DeclaredColumn | undefined {
    if (value.kind !== 'call' || !this.constants.isOne(fileOf(unit), value, library, row.marks)) return undefined;
    const named = this.columnName({ file: fileOf(unit), marks: [value] }, row);
    return named === undefined
      ? undefined
      : this.column(named, named, placeIn(unit, value.arguments[0]?.value ?? value));
  }

  private column(member: string, named: string | undefined, at: Place, isReference = false): DeclaredColumn {
    return {
      member,
      names: named === undefined ? columnsFor(member, isReference) : [named],
      isNamed: named !== undefined,
      at,
    };
  }
}

/** What a function without a body of statements gives. */
function returned({ function: { body } }: Extract<Expression, { kind: 'lambda' }>): Expression | undefined {
  const last = body.at(-1);
  return last?.kind === 'return' ? last.value : undefined;
}

const classNamed = (value: Value | undefined): string | undefined =>
  value?.shape.kind === 'class' ? value.shape.name : undefined;

const textValue = (text: string): Value => ({
  shape: { kind: 'text', pieces: text === '' ? [] : [{ kind: 'constant', value: text }] },
  from: [],
});

const mentions = (text: string, names: ModelRow['leftOut']): boolean =>
  namesOf(names).some(name => new RegExp(`\\b${name}\\b`).test(text));

/** `orders` of `public.orders`. */
const plain = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** The folder that a file of models, or a folder of them, stands in. */
function folderOf(file: FileId): string {
  const folders = file.split('/').slice(0, -1);
  const last = folders.at(-1) ?? '';
  return last === 'models' ? (folders.at(-2) ?? '') : last;
}

/** Where the name of a field stands, behind its decorators. */
function nameSpan(text: string, { start, end, name, decorators = [] }: Field, own: Class): Span {
  const from = Math.max(start, ...decorators.map(mark => mark.end));
  const at = new RegExp(`\\b${name}\\b`).exec(text.slice(from, end));
  if (at) return { start: from + at.index, end: from + at.index + name.length };
  return { start: own.start, end: own.start };
}

const keySpan = (text: string, { start, end }: Span, key: string): Span => {
  const at = text.slice(start, end).indexOf(key);
  return at < 0 ? { start, end } : { start: start + at, end: start + at + key.length };
};
