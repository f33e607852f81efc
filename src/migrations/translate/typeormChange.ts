/**
 * What TypeORM's `changeColumn` sends to PostgreSQL. Source: typeorm 0.3, src/driver/postgres/PostgresQueryRunner.ts. A column whose
 * type or length changes is dropped and made again. What it was is said where both are described; of a column that is
 * but named the server is asked, which spells types its own way: `varchar` is never what it has, and so always made again.
 */
import type { ChainStep, Value } from '../code/values';
import { constantText } from '../code/values';
import { entryOf, flag, literalOf, quoted } from './quoting';
import { NotTranslated, type Write } from './translation';
import {
  columnSql,
  columnType,
  enumLabels,
  enumType,
  optionsOf,
  ownUniqueSql,
  plainTableName,
  primaryKeySql,
  tableName,
} from './typeormTable';

/** Names of types that the server has under another name. */
const ALIASES = new Set(
  'varchar char bpchar int int2 int4 int8 bool float float4 float8 decimal dec timestamp timestamptz time timetz varbit serial bigserial simple-enum'.split(
    ' ',
  ),
);

/** Drops and makes what changes as a whole. */
export interface Remakes {
  readonly drop: (table: Value | undefined, column: Value | undefined, step: ChainStep, write: Write) => void;
  readonly add: (table: Value | undefined, column: Value, step: ChainStep, write: Write) => void;
  /** Drops the unique constraint of a column, whatever it is called. */
  readonly dropUnique: (table: string, column: string) => string;
}

type Options = Extract<Value, { kind: 'record' }>;

/** One column of a table becomes what is described. @throws NotTranslated */
export function changeColumn(
  table: Value | undefined,
  from: Value | undefined,
  to: Value | undefined,
  step: ChainStep,
  write: Write,
  remakes: Remakes,
): void {
  const now = optionsOf(to);
  const then = constantText(from) === undefined ? optionsOf(from) : undefined;
  if (to && (then ? isMadeAgain(then, now) : ALIASES.has(textOf(now, 'type')))) {
    remakes.drop(table, from, step, write);
    remakes.add(table, to, step, write);
    return;
  }
  if (!then) throw new NotTranslated('`changeColumn` of a column whose type is not known');
  for (const sql of alterations(table, then, now, remakes)) write(sql, step);
}

/** An entry as a text, which is empty where there is none. */
function textOf(options: Options, key: string): string {
  const value = options.entries.get(key);
  if (!value || (value.kind === 'constant' && (value.value === null || value.value === undefined))) return '';
  const text = constantText(value) ?? literalOf(value);
  if (text === undefined) throw new NotTranslated('a column that is not constant');
  return text;
}

const isOn = (options: Options, key: string): boolean => flag(options.entries.get(key));

const isMadeAgain = (then: Options, now: Options): boolean =>
  textOf(then, 'type') !== textOf(now, 'type') ||
  textOf(then, 'length') !== textOf(now, 'length') ||
  isOn(then, 'isArray') !== isOn(now, 'isArray') ||
  (textOf(now, 'generatedType') === 'STORED' &&
    (textOf(then, 'generatedType') === '' || textOf(then, 'asExpression') !== textOf(now, 'asExpression')));

/** What changes of a column that stays. */
function alterations(of: Value | undefined, then: Options, now: Options, { dropUnique }: Remakes): readonly string[] {
  const table = tableName(of);
  const plain = plainTableName(of);
  const differs = (...keys: readonly string[]): boolean => keys.some(key => textOf(then, key) !== textOf(now, key));
  const isSwitched = (key: string): boolean => isOn(then, key) !== isOn(now, key);
  const name = textOf(now, 'name');
  // what else is named after the column, or takes part in its key, only the server knows
  if (differs('name') && isOn(then, 'isPrimary')) throw new NotTranslated('a column of a key that gets another name');
  if (isSwitched('isGenerated') || differs('generatedType', 'generatedIdentity', 'spatialFeatureType', 'srid'))
    throw new NotTranslated('a column that gets another way to be generated');
  if (isOn(then, 'isPrimary') && !isOn(now, 'isPrimary')) throw new NotTranslated('a column that leaves its key');
  const alter = `ALTER TABLE ${table} ALTER COLUMN ${quoted(name)}`;
  const was = textOf(then, 'default');
  const is = textOf(now, 'default');
  const labels = labelChange(table, then, now, alter);
  return [
    ...(differs('name')
      ? [`ALTER TABLE ${table} RENAME COLUMN ${quoted(textOf(then, 'name'))} TO ${quoted(name)}`]
      : []),
    ...(differs('precision', 'scale') ? [`${alter} TYPE ${columnType(now)}`] : []),
    ...(labels ?? []),
    ...(isSwitched('isNullable') ? [`${alter} ${isOn(now, 'isNullable') ? 'DROP' : 'SET'} NOT NULL`] : []),
    ...(differs('comment')
      ? [`COMMENT ON COLUMN ${table}.${quoted(name)} IS ${literalOf(now.entries.get('comment')) ?? 'NULL'}`]
      : []),
    ...(isSwitched('isPrimary')
      ? [`ALTER TABLE ${table} ADD ${primaryKeySql(plain, [name], columnSql(table, now).keyName)}`]
      : []),
    ...(isSwitched('isUnique')
      ? [isOn(now, 'isUnique') ? `ALTER TABLE ${table} ADD ${ownUniqueSql(plain, name)}` : dropUnique(table, name)]
      : []),
    ...(was !== is && !(labels && was !== '')
      ? [is === '' ? `${alter} DROP DEFAULT` : `${alter} SET DEFAULT ${is}`]
      : []),
    ...(differs('collation')
      ? [`${alter} TYPE ${textOf(now, 'type')} COLLATE ${quoted(textOf(now, 'collation'))}`]
      : []),
  ];
}

/** The enum of a column is made again beside the one that it has, and takes its place. */
function labelChange(table: string, then: Options, now: Options, alter: string): readonly string[] | undefined {
  if (!/^(?:simple-)?enum$/.test(textOf(now, 'type'))) return undefined;
  const typeOf = (options: Options): string =>
    enumType(table, textOf(options, 'name'), constantText(entryOf(options, 'enumName')));
  const labels = enumLabels(now);
  if (labels.join() === enumLabels(then).join() && textOf(then, 'enumName') === textOf(now, 'enumName'))
    return undefined;
  const [old, made] = [typeOf(then), typeOf(now)];
  const set = old.replace(/"$/, '_old"');
  const suffix = isOn(now, 'isArray') ? '[]' : '';
  const is = textOf(now, 'default');
  return [
    `ALTER TYPE ${old} RENAME TO ${set.slice(set.lastIndexOf('.') + 1)}`,
    `CREATE TYPE ${made} AS ENUM(${labels.join(', ')})`,
    ...(textOf(then, 'default') === '' ? [] : [`${alter} DROP DEFAULT`]),
    `${alter} TYPE ${made}${suffix} USING ${quoted(textOf(now, 'name'))}::"text"::${made}${suffix}`,
    ...(is === '' ? [] : [`${alter} SET DEFAULT ${is}`]),
    `DROP TYPE ${set}`,
  ];
}
