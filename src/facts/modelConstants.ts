/** What names and expressions of a model's declaration stand for: a library's things, and constants. */
import { type FileId, fileOf, type Place, type UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { LibraryModel, ModelRow } from '../libraries/vocabulary';
import { placeIn } from '../program/analysis';
import type { Call, Expression, RecordExpression } from '../program/model';
import { nodesIn } from '../program/nodes';
import type { EntityName, Value } from '../program/value';
import type { Setting } from './setting';
import { constantOf } from './sqlTexts';

export const NONE: Value = { shape: { kind: 'unknown' }, from: [] };

export interface DeclaredLabel {
  readonly label: string;
  readonly at: Place;
}

export class ModelConstants {
  constructor(private readonly setting: Setting) {}

  /** Whether a decorator, or the call that a field holds, is one of a library's. */
  isOne(file: FileId, mark: Expression, library: LibraryModel, names: ModelRow['marks']): boolean {
    if (names === undefined) return false;
    const entity = entityIn(this.value(file, mark.kind === 'call' ? mark.callee : mark).shape);
    return entity !== undefined && this.names(entity, library, namesOf(names));
  }

  names(entity: EntityName, library: LibraryModel, names: readonly string[]): boolean {
    return this.setting.tables.libraryOf(entity) === library && names.includes(entity.slice(entity.indexOf('#') + 1));
  }

  /**
   * The only values that a column takes, as an option lists them or a call in it.
   * @param written what stands at the column, in the spans of `unit`
   * @param holder  the class that it stands in
   */
  labels(unit: UnitId, written: readonly Expression[], row: ModelRow, holder?: string): readonly DeclaredLabel[] {
    const [options, calls] = [namesOf(row.values), namesOf(row.valuesOf)];
    if (options.length + calls.length === 0) return [];
    return written.flatMap(nodesIn).flatMap(node => {
      if (node.kind === 'record')
        return options.flatMap(name => this.listed(unit, entryOf(node as RecordExpression, name), holder));
      if (node.kind !== 'call') return [];
      const { callee, arguments: given } = node as Call;
      const called = callee.kind === 'member' || callee.kind === 'name' ? callee.name : '';
      const isOfValues = calls.includes(called);
      return given.flatMap(({ name, value }) => {
        if (name !== undefined) return options.includes(name) ? this.listed(unit, value, holder) : [];
        return isOfValues && (value.kind === 'text' || value.kind === 'list') ? this.listed(unit, value, holder) : [];
      });
    });
  }

  private listed(
    unit: UnitId,
    expression: Expression | undefined,
    holder: string | undefined,
  ): readonly DeclaredLabel[] {
    if (!expression) return [];
    const file = fileOf(unit);
    const at = placeIn(unit, expression);
    switch (expression.kind) {
      case 'list':
        // a pair says how it is shown, too
        return expression.items.flatMap(item => this.listed(unit, item.kind === 'list' ? item.items[0] : item, holder));
      case 'lambda': {
        const last = expression.function.body.at(-1);
        return last?.kind === 'return' ? this.listed(unit, last.value, holder) : [];
      }
      case 'text': {
        const label = this.constant(file, expression);
        return label === undefined ? [] : [{ label, at }];
      }
      case 'member':
        if (expression.name === 'choices') return this.listed(unit, expression.object, holder);
        break;
    }
    const own = expression.kind === 'name' ? this.memberOf(file, holder, expression.name) : undefined;
    return this.constantsOf(own ?? this.value(file, expression)).map(label => ({ label, at }));
  }

  /** What stands by that name in the class itself: Python's fields see those before them. */
  private memberOf(file: FileId, holder: string | undefined, name: string): Value | undefined {
    if (holder === undefined) return undefined;
    const { classes } = this.setting.analysis.environment(file);
    const inner = `${holder}.${name}`;
    return classes.has(inner)
      ? { shape: { kind: 'class', file, name: inner }, from: [] }
      : classes.get(holder)?.fields.get(name);
  }

  /** The texts that an enumeration, a list or a class of constants holds. */
  private constantsOf({ shape }: Value): readonly string[] {
    const single = (value: Value | undefined): readonly string[] => {
      const text = constantOf(value ?? NONE);
      return text === undefined ? [] : [text];
    };
    const first = (value: Value): readonly string[] =>
      value.shape.kind === 'list' ? single(value.shape.items?.[0]) : single(value);
    switch (shape.kind) {
      case 'text':
        return single({ shape, from: [] });
      case 'record':
        return [...shape.entries.values()].flatMap(single);
      case 'list':
        return (shape.items ?? []).flatMap(first);
      case 'class': {
        const declared = this.setting.analysis.environment(shape.file).classes.get(shape.name);
        return [...(declared?.fields.values() ?? [])].flatMap(first);
      }
      default:
        return [];
    }
  }

  value(file: FileId, expression: Expression): Value {
    const { analysis } = this.setting;
    if (expression.kind === 'name') return analysis.environment(file).variables.get(expression.name) ?? NONE;
    if (expression.kind !== 'member') return NONE;
    return analysis.part(this.value(file, expression.object), [expression.name], placeIn(file, expression));
  }

  constant(file: FileId, expression: Expression | undefined): string | undefined {
    if (expression?.kind === 'text')
      return expression.parts.every(part => part.kind === 'part')
        ? expression.parts.map(part => (part.kind === 'part' ? part.value : '')).join('')
        : undefined;
    return expression && constantOf(this.value(file, expression));
  }

  /** What an option of these calls says, as an entry of a record or by its keyword. */
  option(file: FileId, calls: readonly Expression[], names: readonly string[]): string | undefined {
    for (const call of calls)
      for (const { name, value } of call.kind === 'call' ? call.arguments : []) {
        if (name !== undefined && names.includes(name)) return this.constant(file, value);
        const found = value.kind === 'record' ? this.entryText(file, value, names) : undefined;
        if (found !== undefined) return found;
      }
    return undefined;
  }

  entryText(file: FileId, record: RecordExpression, names: readonly string[]): string | undefined {
    for (const name of names) {
      const found = this.constant(file, entryOf(record, name));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

export const entityIn = (shape: Value['shape']): EntityName | undefined =>
  shape.kind === 'entity' ? shape.name : shape.kind === 'member' || shape.kind === 'instance' ? shape.of : undefined;

export const entryOf = (record: RecordExpression, name: string): Expression | undefined =>
  record.entries.find(({ key }) => key === name)?.value;
