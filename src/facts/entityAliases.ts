/** What the texts of a builder name of a model that they call by an alias, `o.coupon`, and the model's class does not have. */
import type { FileId, UnitId } from '../engine/place';
import type { AliasRow } from '../libraries/vocabulary';
import type { ObservedArgument, ObservedCall } from '../program/analysis';
import type { Value } from '../program/value';
import { placed } from './builtStatements';
import type { BuiltName, BuiltRange, BuiltStatement } from './facts';
import { modelOfClass } from './models';
import type { QueryCall } from './queryCall';
import type { Setting } from './setting';
import { constantOf } from './sqlTexts';

/** Base classes further up than this are a cycle. */
const MAX_ANCESTORS = 8;

/**
 * What is a member of the class is judged where the class declares it. Nothing where no model has an alias, or a class that it
 * derives from is out of sight.
 */
export function aliasedStatementOf(setting: Setting, unit: UnitId, query: QueryCall): BuiltStatement | undefined {
  const { aliases } = setting.tables;
  if (query.sql || query.role !== 'query' || aliases.size === 0) return undefined;
  const calls = setting.analysis
    .unit(unit)
    .calls.filter(({ id, target }) => query.chain.includes(id) && target.kind === 'library');
  const ranges: BuiltRange[] = [];
  const members = new Map<string, ReadonlySet<string>>();
  for (const call of calls) {
    const row = call.target.kind === 'library' ? aliases.get(call.target.name) : undefined;
    const alias = row && constantOf(call.arguments[row.alias]?.value ?? NO_VALUE);
    const own = row && alias !== undefined ? classOf(call, row) : undefined;
    const [table] = own ? (modelOfClass(setting, own.file, own.name)?.tables ?? []) : [];
    const names = own && membersOf(setting, own.file, own.name);
    if (alias === undefined || !/^\w+$/.test(alias) || table === undefined || !names || members.has(alias)) continue;
    members.set(alias, names);
    ranges.push({ table: { name: table, at: call.callee }, alias, isGuess: true });
  }
  if (members.size === 0) return undefined;
  const form = new RegExp(`(?<![\\w.:'"])(${[...members.keys()].join('|')})\\.([A-Za-z_]\\w*)`, 'g');
  const columns = calls.flatMap(call => call.arguments.flatMap(argument => namedIn(argument, form, members)));
  return { ranges, columns, hasOthers: true };
}

const NO_VALUE: Value = { shape: { kind: 'unknown' }, from: [] };

function classOf(
  { receiver, arguments: given }: ObservedCall,
  { model }: AliasRow,
): { readonly file: FileId; readonly name: string } | undefined {
  const shape = model === 'receiver' ? receiver?.shape : given[model]?.value.shape;
  if (shape?.kind === 'class') return shape;
  return shape?.kind === 'instance' && shape.holds ? { file: shape.holds.file, name: shape.holds.class } : undefined;
}

/** Of the class and those that it derives from; undefined where one is neither in sight nor a library's. */
function membersOf(setting: Setting, file: FileId, name: string, depth = 0): ReadonlySet<string> | undefined {
  const declared = setting.analysis.environment(file).classes.get(name);
  if (!declared || depth > MAX_ANCESTORS) return undefined;
  const own = [...declared.class.fields.map(field => field.name), ...declared.class.methods.keys()];
  const base = declared.superclass?.shape;
  const isDerived = declared.class.extends !== undefined || (declared.class.mixins ?? []).length > 0;
  if (base?.kind === 'entity' || (!base && !isDerived)) return new Set(own);
  const inherited = base?.kind === 'class' ? membersOf(setting, base.file, base.name, depth + 1) : undefined;
  return inherited && new Set([...own, ...inherited]);
}

/** In a text, or in each of a list. */
function namedIn(
  argument: ObservedArgument,
  form: RegExp,
  members: ReadonlyMap<string, ReadonlySet<string>>,
): readonly BuiltName[] {
  const { shape } = argument.value;
  const texts = shape.kind === 'list' ? (shape.items ?? []) : [argument.value];
  return texts.flatMap(value =>
    [...(constantOf(value) ?? '').matchAll(form)].flatMap(({ index, 0: whole, 1: qualifier = '', 2: name = '' }) => {
      if (members.get(qualifier)?.has(name) !== false) return [];
      const end = index + whole.length;
      return [{ name, qualifier, ...placed(value, { start: end - name.length, end }, argument.at) }];
    }),
  );
}
