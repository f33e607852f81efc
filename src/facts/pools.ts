/** Pools that are made here, and the limits that they have: as written, or as the library sets them. */
import type { Place, UnitId } from '../engine/place';
import { namesOf } from '../libraries/names';
import type { ConnectionRow, LimitColumn } from '../libraries/vocabulary';
import { type ObservedCall, placeIn } from '../program/analysis';
import type { Expression, Module, RecordExpression, Span } from '../program/model';
import type { PoolMade } from './facts';
import type { RowOf } from './libraryTables';
import { labelOf } from './queryRows';
import type { Setting } from './setting';

const LIMITS = ['max', 'idleTimeout', 'connectionTimeout'] as const;

/** Kept in the analysis' memory. */
export function poolsIn(setting: Setting, unit: UnitId): readonly PoolMade[] {
  const { analysis, key } = setting;
  return (
    analysis.remember<readonly PoolMade[] | undefined>(`pools ${key} ${unit}`, () =>
      analysis.unit(unit).calls.flatMap(call => poolAt(setting, unit, call)),
    ) ?? []
  );
}

/** Those that are the initial values of fields: `private readonly pool = new Pool()`. */
export const poolsOfFields = (setting: Setting, { file, classes }: Module): readonly PoolMade[] =>
  classes.flatMap(({ name, fields }) =>
    fields.flatMap(({ name: field, value }) =>
      value?.kind === 'call' ? poolsIn(setting, `${file}#field ${name}.${field}`) : [],
    ),
  );

function poolAt({ tables, analysis }: Setting, unit: UnitId, call: ObservedCall): readonly PoolMade[] {
  const { target } = call;
  if (call.implicit || target.kind !== 'library') return [];
  const found = tables.connections
    .get(target.name)
    ?.find(({ row: { arity } }) => !arity || (arity[0] <= target.arity && target.arity <= arity[1]));
  if (!found || !LIMITS.some(limit => found.row[limit])) return [];
  const options = optionsOf(call, found.row);
  // what comes from elsewhere may set everything
  if (options === 'elsewhere') return [];
  const text = analysis.source(unit)?.text ?? '';
  const missing = LIMITS.flatMap(limit => {
    const column = found.row[limit];
    const [option = ''] = namesOf(column?.option);
    if (!column || column.default !== undefined || namesOf(column.option).some(name => entryAt(options, name)))
      return [];
    return [{ limit, option, suits: column.suits }];
  });
  // a field's initial value is a unit of its own, and its nodes count from the file's start
  const shift = call.node.start - call.at.start;
  const within = (span: Span): Place => placeIn(unit, { start: span.start - shift, end: span.end - shift });
  const max = maxOf(within, options, found.row.max);
  return [
    {
      at: call.callee,
      label: labelOf(call),
      library: found.library.package,
      missing,
      ...(max ? { max } : {}),
      ...insertion(within, shift, call, options, text, found),
    },
  ];
}

/** The options as they are written; none where the call is given none. */
function optionsOf({ node }: ObservedCall, { options }: ConnectionRow): RecordExpression | undefined | 'elsewhere' {
  const index = options === 'last' ? node.arguments.length - 1 : (options ?? 0);
  const value = node.arguments[index]?.value;
  if (!value) return node.arguments.length > index ? 'elsewhere' : undefined;
  if (value.kind !== 'record') return 'elsewhere';
  return value.entries.every(({ key }) => typeof key === 'string') ? value : 'elsewhere';
}

/** The value of an option by its path: `pool.max`. */
function entryAt(options: RecordExpression | undefined, path: string): Expression | undefined {
  let value: Expression | undefined = options;
  for (const step of path.split('.')) {
    // `pool: settings.pool` may set it
    if (value?.kind !== 'record') return value;
    value = value.entries.find(({ key }) => key === step)?.value;
  }
  return value;
}

function maxOf(
  within: (span: Span) => Place,
  options: RecordExpression | undefined,
  column: LimitColumn | undefined,
): PoolMade['max'] | undefined {
  for (const option of namesOf(column?.option)) {
    const value = entryAt(options, option);
    if (value?.kind === 'constant' && typeof value.value === 'number')
      return { at: within(value), option, value: value.value };
  }
  return undefined;
}

/** Behind the last entry, in the manner of the others; or into the empty parentheses. Only where the options lie flat. */
function insertion(
  within: (span: Span) => Place,
  shift: number,
  { node }: ObservedCall,
  options: RecordExpression | undefined,
  text: string,
  { row }: RowOf<ConnectionRow>,
): Pick<PoolMade, 'insert'> {
  if (LIMITS.some(limit => namesOf(row[limit]?.option)[0]?.includes('.'))) return {};
  if (!options) {
    const { start, end } = node.argumentsSpan;
    if (node.arguments.length > 0 || end - start !== 2) return {};
    return {
      insert: { at: within({ start: start + 1, end: start + 1 }), separator: ', ', open: '{ ', close: ' }' },
    };
  }
  const last = options.entries.at(-1);
  if (!last) {
    const at = within(options);
    return { insert: { at, separator: ', ', open: '{ ', close: ' }' } };
  }
  const lastStart = last.start - shift;
  const line = text.lastIndexOf('\n', lastStart - 1) + 1;
  const indentation = /^[ \t]*/.exec(text.slice(line, lastStart))?.[0] ?? '';
  const alone =
    text.slice(line, lastStart).trim() === '' && text.slice(options.start - shift, lastStart).includes('\n');
  const separator = alone ? `,\n${indentation}` : ', ';
  return { insert: { at: within({ start: last.end, end: last.end }), separator, open: separator, close: '' } };
}
