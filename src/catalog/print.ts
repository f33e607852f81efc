/** Objects as the DDL that creates them, formatted as a person writes it. */
import type { Catalog } from './catalog';
import {
  argumentsText,
  constraintText,
  elementText,
  identityText,
  indexText,
  literal,
  nameOf,
  optionsText,
  parametersText,
  policyText,
  quotedIdentity,
  resultText,
  type Say,
  sequenceOptionsText,
  triggerText,
  typeText,
} from './definitionText';
import { routineBodyText, textOf } from './deparse';
import { madeUpName } from './names';
import { fullName, quoted } from './naming';
import type {
  Bound,
  CatalogObject,
  Column,
  Constraint,
  Index,
  Policy,
  Routine,
  Rule,
  Sequence,
  Statistics,
  Table,
  Trigger,
  Type,
  View,
} from './object';
import { publicationText } from './publications';

const saying =
  (catalog: Catalog): Say =>
  bound =>
    textOf(catalog, bound);

/**
 * The sequence that `serial` would make for this column by itself.
 * @param standing  what is there before: a sequence that is there is not made again
 */
export function serialSequence(
  catalog: Catalog,
  table: Table,
  column: Column,
  standing?: Catalog,
): Sequence | undefined {
  const [id] = column.default?.refs ?? [];
  if (id !== undefined && standing?.objects.has(id)) return undefined;
  const sequence = id === undefined ? undefined : catalog.objects.get(id);
  if (sequence?.kind !== 'sequence' || sequence.ownedBy?.column !== column.id || !column.notNull) return undefined;
  if (sequence.name !== madeUpName(table.name, column.name, 'seq') || sequence.schema !== table.schema)
    return undefined;
  const { type, ...options } = sequence.options;
  if (Object.values(options).some(value => value !== undefined && value !== null && value !== false)) return undefined;
  if ((type ?? 'bigint') !== column.type?.name || sequence.comment !== undefined) return undefined;
  // what another column asks for is there before the table
  if (table.columns.some(one => one.id !== column.id && one.default?.refs.includes(sequence.id))) return undefined;
  return isUsedAbove(catalog, table, sequence) ? undefined : sequence;
}

/** A parent's default asks for it, which is made before the table. */
const isUsedAbove = (catalog: Catalog, { inherits }: Table, sequence: Sequence): boolean =>
  inherits.some(id => {
    const parent = catalog.objects.get(id);
    if (parent?.kind !== 'table') return false;
    return (
      parent.columns.some(one => one.default?.refs.includes(sequence.id)) || isUsedAbove(catalog, parent, sequence)
    );
  });

const SERIALS: Readonly<Record<string, string>> = { smallint: 'smallserial', integer: 'serial', bigint: 'bigserial' };

/**
 * A column as CREATE TABLE and ADD COLUMN have it, without constraints other than NOT NULL.
 * @param standing  what is there before
 */
export function columnText(catalog: Catalog, table: Table, column: Column, standing?: Catalog): string {
  const say = saying(catalog);
  const name = quoted(column.name);
  const serial = serialSequence(catalog, table, column, standing) ? SERIALS[column.type?.name ?? ''] : undefined;
  if (serial !== undefined) return `${name} ${serial}${inPrimaryKey(table, column) ? '' : ' NOT NULL'}`;
  const identity = identityText(catalog, column);
  return [
    `${name} ${column.type ? typeText(catalog, column.type) : 'text'}`,
    column.collation === undefined ? '' : ` COLLATE ${quoted(column.collation)}`,
    column.notNull && identity === undefined
      ? `${column.notNullName === undefined ? '' : ` CONSTRAINT ${quoted(column.notNullName)}`} NOT NULL`
      : '',
    column.default ? ` DEFAULT ${say(column.default)}` : '',
    column.generated
      ? ` GENERATED ALWAYS AS (${say(column.generated.value)})${column.generated.stored ? ' STORED' : ''}`
      : '',
    identity === undefined ? '' : ` ${identity}`,
  ].join('');
}

const inPrimaryKey = (table: Table, column: Column): boolean =>
  table.constraints.some(one => one.kind === 'primaryKey' && one.columns.includes(column.id));

/** Constraints that stand inside CREATE TABLE; foreign keys may need tables that come later. */
export function isInline(table: Table, constraint: Constraint): boolean {
  if (constraint.kind === 'foreignKey' || constraint.inherited || !constraint.validated) return false;
  if (isAlone(table, constraint)) return false;
  // of two keys on the same columns in one statement the server makes one
  if (!('index' in constraint) || constraint.kind === 'primaryKey') return true;
  const alike = table.constraints.filter(one => 'index' in one && one.columns.join() === constraint.columns.join());
  return alike[0] === constraint && alike.every(({ kind }) => kind !== 'primaryKey');
}

export function createTableText(catalog: Catalog, table: Table, standing?: Catalog): string {
  const say = saying(catalog);
  const kind = table.foreignServer !== undefined ? 'FOREIGN TABLE' : 'TABLE';
  const persistence = table.persistence === 'permanent' ? '' : `${table.persistence.toUpperCase()} `;
  const constraints = table.constraints
    .filter(one => isInline(table, one))
    .map(one => `CONSTRAINT ${quoted(one.name)} ${constraintText(catalog, table, one, say)}`);
  const columns = table.columns
    .filter(column => !column.inherited || column.local)
    .map(column => columnText(catalog, table, column, standing));
  const body = [...(table.partitionOf ? [] : columns), ...constraints];
  const of = table.partitionOf && catalog.objects.get(table.partitionOf.parent);
  // a partition is stored as its table, where it is not said otherwise
  const parent = of?.kind === 'table' && table.foreignServer === undefined ? of : undefined;
  const parts = [
    `CREATE ${persistence}${kind} ${fullName(table)}`,
    table.partitionOf ? ` PARTITION OF ${nameOf(catalog, table.partitionOf.parent)}` : '',
    body.length > 0 ? ` (\n  ${body.join(',\n  ')}\n)` : table.partitionOf ? '' : ' ()',
    table.partitionOf ? ` ${table.partitionOf.bound}` : '',
    table.inherits.length > 0 ? ` INHERITS (${table.inherits.map(id => nameOf(catalog, id)).join(', ')})` : '',
    table.partitionBy
      ? ` PARTITION BY ${table.partitionBy.strategy.toUpperCase()} (${table.partitionBy.elements.map(element => elementText(catalog, element, say)).join(', ')})`
      : '',
    table.foreignServer === undefined ? '' : ` SERVER ${quoted(table.foreignServer)}`,
    usingText(table.accessMethod, parent?.accessMethod),
    table.options.length > 0 ? ` WITH (${optionsText(table.options)})` : '',
    table.onCommit === undefined ? '' : ` ON COMMIT ${table.onCommit.toUpperCase()}`,
    tablespaceText(table.tablespace, parent?.tablespace),
  ];
  return `${parts.join('')};`;
}

const usingText = (method: string | undefined, usual?: string): string =>
  method === usual ? '' : ` USING ${quoted(method ?? 'heap')}`;

const tablespaceText = (tablespace: string | undefined, usual?: string): string =>
  tablespace === usual ? '' : ` TABLESPACE ${quoted(tablespace ?? 'pg_default')}`;

/** A key that not every partition has a part of. */
const isAlone = ({ indexes }: Table, constraint: Constraint): boolean =>
  'index' in constraint && indexes.some(({ id, invalid }) => id === constraint.index && invalid);

export const addConstraintText = (catalog: Catalog, table: Table, constraint: Constraint): string =>
  `ALTER TABLE ${isAlone(table, constraint) ? 'ONLY ' : ''}${fullName(table)} ADD CONSTRAINT ${quoted(constraint.name)} ${constraintText(catalog, table, constraint, saying(catalog))};`;

export function createIndexText(catalog: Catalog, on: Table | View, index: Index): string {
  const unique = index.unique ? 'UNIQUE ' : '';
  return `CREATE ${unique}INDEX ${quoted(index.name)} ON ${index.invalid ? 'ONLY ' : ''}${fullName(on)} ${indexText(catalog, index, saying(catalog))};`;
}

export function createTriggerText(catalog: Catalog, on: Table | View, trigger: Trigger): string {
  const constraint = trigger.constraint ? 'CONSTRAINT ' : '';
  return `CREATE ${constraint}TRIGGER ${quoted(trigger.name)} ${triggerText(catalog, trigger, fullName(on), saying(catalog))};`;
}

const STATES = { enabled: 'ENABLE', disabled: 'DISABLE', replica: 'ENABLE REPLICA', always: 'ENABLE ALWAYS' } as const;

export const firingText = (on: Table | View, what: 'TRIGGER' | 'RULE', part: Trigger | Rule): string =>
  `ALTER TABLE ${fullName(on)} ${STATES[part.state]} ${what} ${quoted(part.name)};`;

export const createPolicyText = (catalog: Catalog, table: Table, policy: Policy): string =>
  `CREATE POLICY ${quoted(policy.name)} ON ${fullName(table)}${policyText(policy, saying(catalog))};`;

export const createRuleText = (catalog: Catalog, rule: Rule): string => `${textOf(catalog, rule.definition)};`;

export function createViewText(catalog: Catalog, view: View): string {
  const query = view.query ? textOf(catalog, view.query).replace(/;\s*$/, '') : 'SELECT';
  const columns = view.columns.map(({ name }) => quoted(name)).join(', ');
  const options = view.options.length > 0 ? ` WITH (${optionsText(view.options)})` : '';
  const materialized = view.kind === 'materializedView';
  const head = materialized ? 'MATERIALIZED VIEW' : view.temporary ? 'TEMPORARY VIEW' : 'VIEW';
  const tail = materialized
    ? view.withData
      ? ''
      : '\nWITH NO DATA'
    : view.checkOption
      ? `\nWITH ${view.checkOption.toUpperCase()} CHECK OPTION`
      : '';
  return `CREATE ${head} ${fullName(view)}${columns === '' ? '' : ` (${columns})`}${usingText(view.accessMethod)}${options}${tablespaceText(view.tablespace)} AS\n${query}${tail};`;
}

export function createSequenceText(sequence: Sequence): string {
  const options = sequenceOptionsText(sequence.options, true);
  const persistence = sequence.persistence === 'permanent' ? '' : `${sequence.persistence.toUpperCase()} `;
  return `CREATE ${persistence}SEQUENCE ${fullName(sequence)}${options === '' ? '' : ` ${options}`};`;
}

export function createTypeText(catalog: Catalog, type: Type): readonly string[] {
  const name = fullName(type);
  const say = saying(catalog);
  switch (type.kind) {
    case 'enum':
      return [`CREATE TYPE ${name} AS ENUM (${type.labels.map(literal).join(', ')});`];
    case 'range':
      return [
        `CREATE TYPE ${name} AS RANGE (${type.options.map(([option, value]) => `${option} = ${value}`).join(', ')});`,
      ];
    case 'composite': {
      const attributes = type.attributes.map(
        one =>
          `${quoted(one.name)} ${one.type ? typeText(catalog, one.type) : 'text'}${one.collation === undefined ? '' : ` COLLATE ${quoted(one.collation)}`}`,
      );
      return [`CREATE TYPE ${name} AS (${attributes.join(', ')});`];
    }
    case 'domain': {
      const valid = type.constraints.filter(({ validated }) => validated);
      const parts = [
        `CREATE DOMAIN ${name} AS ${typeText(catalog, type.type)}`,
        type.collation === undefined ? '' : ` COLLATE ${quoted(type.collation)}`,
        type.default ? ` DEFAULT ${say(type.default)}` : '',
        type.notNull ? ' NOT NULL' : '',
        ...valid.map(one => ` CONSTRAINT ${quoted(one.name)} CHECK (${say(one.expression)})`),
      ];
      const rest = type.constraints
        .filter(({ validated }) => !validated)
        .map(
          one => `ALTER DOMAIN ${name} ADD CONSTRAINT ${quoted(one.name)} CHECK (${say(one.expression)}) NOT VALID;`,
        );
      return [`${parts.join('')};`, ...rest];
    }
  }
}

/** A body between dollar signs that do not occur in it. */
function dollarQuoted(body: string): string {
  let tag = '$$';
  for (let number = 0; body.includes(tag); number += 1) tag = number === 0 ? '$function$' : `$function${number}$`;
  return `${tag}${body}${tag}`;
}

export function createFunctionText(catalog: Catalog, routine: Routine, replace: boolean): string {
  const say = saying(catalog);
  const result = resultText(catalog, routine);
  const lines = [
    `CREATE ${replace ? 'OR REPLACE ' : ''}${routine.procedure ? 'PROCEDURE' : 'FUNCTION'} ${fullName(routine)}(${parametersText(catalog, routine, say)})`,
    ...(result === undefined ? [] : [` RETURNS ${result}`]),
    ` LANGUAGE ${quoted(routine.language)}`,
    ...routine.options.map(([name, value]) => ` ${routineOption(name, value)}`),
    ...(routine.body === undefined ? [] : [`AS ${dollarQuoted(routine.body)}`]),
    ...(routine.sqlBody ? [routineBodyText(catalog, routine.sqlBody)] : []),
  ];
  return `${lines.join('\n')};`;
}

function routineOption(name: string, value: string): string {
  if (name.startsWith('set '))
    return value === 'FROM CURRENT'
      ? `SET ${name.slice(4)} FROM CURRENT`
      : `SET ${name.slice(4)} TO ${value
          .split(', ')
          .map(one => (/^[a-z_]\w*$/.test(one) ? one : literal(one)))
          .join(', ')}`;
  switch (name) {
    case 'volatility':
      return value.toUpperCase();
    case 'strict':
      return value === 'true' ? 'STRICT' : 'CALLED ON NULL INPUT';
    case 'security':
      return value === 'true' ? 'SECURITY DEFINER' : 'SECURITY INVOKER';
    case 'leakproof':
      return value === 'true' ? 'LEAKPROOF' : 'NOT LEAKPROOF';
    case 'window':
      return 'WINDOW';
    case 'parallel':
    case 'cost':
    case 'rows':
    case 'support':
      return `${name.toUpperCase()} ${value.toUpperCase()}`;
    default:
      return `${name.toUpperCase()} ${value}`;
  }
}

export function createStatisticsText(catalog: Catalog, statistics: Statistics): string {
  const kinds = statistics.kinds.length > 0 ? ` (${statistics.kinds.join(', ')})` : '';
  const elements = statistics.elements.map(element => elementText(catalog, element, saying(catalog))).join(', ');
  return `CREATE STATISTICS ${fullName(statistics)}${kinds} ON ${elements} FROM ${nameOf(catalog, statistics.table)};`;
}

const WORDS: Readonly<Record<CatalogObject['kind'], string>> = {
  table: 'TABLE',
  view: 'VIEW',
  materializedView: 'MATERIALIZED VIEW',
  sequence: 'SEQUENCE',
  enum: 'TYPE',
  domain: 'DOMAIN',
  composite: 'TYPE',
  range: 'TYPE',
  routine: 'FUNCTION',
  schema: 'SCHEMA',
  extension: 'EXTENSION',
  statistics: 'STATISTICS',
  other: '',
};

/** An object as DROP, COMMENT and RENAME name it: `FUNCTION f(integer)`. */
export function namedText(catalog: Catalog, object: CatalogObject): string {
  switch (object.kind) {
    case 'routine':
      return `${object.procedure ? 'PROCEDURE' : 'FUNCTION'} ${fullName(object)}(${argumentsText(catalog, object)})`;
    case 'other':
      return `${object.what.toUpperCase()} ${quotedIdentity(catalog, object)}`;
    case 'schema':
    case 'extension':
      return `${WORDS[object.kind]} ${quoted(object.name)}`;
    case 'table':
      return `${object.foreignServer === undefined ? 'TABLE' : 'FOREIGN TABLE'} ${fullName(object)}`;
    default:
      return `${WORDS[object.kind]} ${fullName(object)}`;
  }
}

const definitionText = (catalog: Catalog, definition: Bound): string =>
  publicationText(catalog, definition) ?? textOf(catalog, definition);

/** The statements that create an object with what cannot stand inside; its constraints, indexes and the like are apart. */
export function createText(catalog: Catalog, object: CatalogObject, standing?: Catalog): readonly string[] {
  switch (object.kind) {
    case 'table':
      return [createTableText(catalog, object, standing)];
    case 'view':
    case 'materializedView':
      return [createViewText(catalog, object)];
    case 'sequence':
      return [createSequenceText(object)];
    case 'routine':
      return [createFunctionText(catalog, object, false)];
    case 'schema':
      return [`CREATE SCHEMA ${quoted(object.name)};`];
    case 'extension': {
      const schema = object.schema === undefined ? '' : ` SCHEMA ${quoted(object.schema)}`;
      return [`CREATE EXTENSION ${quoted(object.name)}${schema};`];
    }
    case 'statistics':
      return [createStatisticsText(catalog, object)];
    case 'other':
      return [`${object.definition ? definitionText(catalog, object.definition) : object.text};`];
    default:
      return createTypeText(catalog, object);
  }
}

export const commentText = (what: string, comment: string | undefined): string =>
  `COMMENT ON ${what} IS ${comment === undefined ? 'NULL' : literal(comment)};`;
