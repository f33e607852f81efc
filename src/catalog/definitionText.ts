/**
 * Definitions as SQL. `say` gives an expression: as written for people, as it reads now for a server, or the form that
 * equal ones have in common; so one text serves messages, scripts and comparison.
 */
import { type Catalog, isTable, isView, relationNamed } from './catalog';
import type { Options, SequenceOptions } from './definition';
import { madeUpName } from './names';
import { fullName, namesIn, quoted } from './naming';
import type {
  Bound,
  Column,
  Constraint,
  DataType,
  Grants,
  Index,
  KeyElement,
  ObjectId,
  Other,
  Policy,
  Routine,
  Sequence,
  Table,
  Trigger,
} from './object';
import { typeInWords } from './types';

export type Say = (bound: Bound) => string;

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const nameOf = (catalog: Catalog, id: ObjectId): string => {
  const name = namesIn(catalog).get(id);
  return name ? fullName(name) : '?';
};

const listOf = (catalog: Catalog, ids: readonly ObjectId[]): string => ids.map(id => nameOf(catalog, id)).join(', ');

export function typeText(catalog: Catalog, type: DataType): string {
  const user = type.id === undefined ? undefined : namesIn(catalog).get(type.id);
  if (user) return `${fullName(user)}${'[]'.repeat(Math.min(type.dimensions, 1))}`;
  return typeInWords({ ...type, name: type.schema === undefined ? type.name : fullName(type) });
}

/** The options of a column's statistics. */
export const columnOptions = (text: string | undefined): Options =>
  (text === undefined || text === '' ? [] : text.split(', ')).map(option => {
    const [name = '', value = ''] = option.split('=');
    return [name, value];
  });

export const optionsText = (options: Options): string =>
  options.map(([name, value]) => `${name}=${/^[\w.-]+$/.test(value) ? value : literal(value)}`).join(', ');

const deferrableText = { no: '', immediate: ' DEFERRABLE', deferred: ' DEFERRABLE INITIALLY DEFERRED' } as const;

/** After the constraint's name. */
export function constraintText(catalog: Catalog, table: Table, constraint: Constraint, say: Say): string {
  const tail = `${deferrableText[constraint.deferrable]}${constraint.enforced ? '' : ' NOT ENFORCED'}`;
  const valid = constraint.validated ? '' : ' NOT VALID';
  switch (constraint.kind) {
    case 'check':
      return `CHECK (${say(constraint.expression)})${constraint.noInherit ? ' NO INHERIT' : ''}${tail}${valid}`;
    case 'foreignKey': {
      const actions = [
        constraint.match === 'full' ? ' MATCH FULL' : '',
        constraint.onUpdate === 'no action' ? '' : ` ON UPDATE ${constraint.onUpdate.toUpperCase()}`,
        constraint.onDelete === 'no action' ? '' : ` ON DELETE ${constraint.onDelete.toUpperCase()}`,
        constraint.onDeleteColumns.length > 0 ? ` (${listOf(catalog, constraint.onDeleteColumns)})` : '',
      ].join('');
      const referenced = constraint.referenced.length > 0 ? ` (${listOf(catalog, constraint.referenced)})` : '';
      return `FOREIGN KEY (${listOf(catalog, constraint.columns)}) REFERENCES ${nameOf(catalog, constraint.table)}${referenced}${actions}${tail}${valid}`;
    }
    case 'exclude': {
      const index = table.indexes.find(({ id }) => id === constraint.index);
      const elements = (index?.elements ?? []).map(
        (element, at) => `${elementText(catalog, element, say)} WITH ${constraint.operators[at] ?? '='}`,
      );
      return `EXCLUDE USING ${index?.method ?? 'gist'} (${elements.join(', ')})${includeText(catalog, index)}${index?.where ? ` WHERE (${say(index.where)})` : ''}${tail}`;
    }
    default: {
      const index = table.indexes.find(({ id }) => id === constraint.index);
      const words = constraint.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE';
      const nulls = index?.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
      const overlaps = constraint.withoutOverlaps ? ' WITHOUT OVERLAPS' : '';
      const options = index && index.options.length > 0 ? ` WITH (${optionsText(index.options)})` : '';
      return `${words}${nulls} (${listOf(catalog, constraint.columns)}${overlaps})${includeText(catalog, index)}${options}${tail}`;
    }
  }
}

const includeText = (catalog: Catalog, index: Index | undefined): string =>
  index && index.include.length > 0 ? ` INCLUDE (${listOf(catalog, index.include)})` : '';

/** A call or a name stands alone in an index, anything else in parentheses. */
export function elementText(catalog: Catalog, element: KeyElement, say: Say): string {
  const base =
    element.column !== undefined
      ? nameOf(catalog, element.column)
      : element.expression
        ? `(${say(element.expression)})`
        : '';
  return [
    base,
    element.collation === undefined ? '' : ` COLLATE ${quoted(element.collation)}`,
    element.opclass === undefined ? '' : ` ${element.opclass}`,
    element.opclassOptions.length > 0 ? ` (${optionsText(element.opclassOptions)})` : '',
    element.descending ? ' DESC' : '',
    element.nulls ? ` NULLS ${element.nulls.toUpperCase()}` : '',
  ].join('');
}

/** From `USING` on, the method of an ordinary index left out. */
export function indexText(catalog: Catalog, index: Index, say: Say): string {
  return [
    index.method === 'btree' ? '' : `USING ${index.method} `,
    `(${index.elements.map(element => elementText(catalog, element, say)).join(', ')})`,
    includeText(catalog, index),
    index.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '',
    index.options.length > 0 ? ` WITH (${optionsText(index.options)})` : '',
    index.tablespace === undefined ? '' : ` TABLESPACE ${quoted(index.tablespace)}`,
    index.where ? ` WHERE ${say(index.where)}` : '',
  ].join('');
}

export function triggerText(catalog: Catalog, trigger: Trigger, on: string, say: Say): string {
  const events = trigger.events
    .map(event =>
      event === 'update' && trigger.columns.length > 0
        ? `UPDATE OF ${listOf(catalog, trigger.columns)}`
        : event.toUpperCase(),
    )
    .join(' OR ');
  const routine = trigger.function.id === undefined ? undefined : namesIn(catalog).get(trigger.function.id);
  const transitions = trigger.transitions.map(({ name, isNew }) => `${isNew ? 'NEW' : 'OLD'} TABLE AS ${quoted(name)}`);
  return [
    `${trigger.timing.toUpperCase()} ${events} ON ${on}`,
    trigger.fromTable === undefined ? '' : ` FROM ${nameOf(catalog, trigger.fromTable)}`,
    deferrableText[trigger.deferrable],
    transitions.length > 0 ? ` REFERENCING ${transitions.join(' ')}` : '',
    ` FOR EACH ${trigger.forEachRow ? 'ROW' : 'STATEMENT'}`,
    trigger.when ? ` WHEN (${say(trigger.when)})` : '',
    ` EXECUTE FUNCTION ${routine ? fullName(routine) : fullName(trigger.function)}(${trigger.arguments.map(literal).join(', ')})`,
  ].join('');
}

export function policyText(policy: Policy, say: Say): string {
  return [
    policy.permissive ? '' : ' AS RESTRICTIVE',
    policy.command === 'all' ? '' : ` FOR ${policy.command.toUpperCase()}`,
    policy.roles.join() === 'public' ? '' : ` TO ${[...policy.roles].sort().map(roleText).join(', ')}`,
    policy.using ? ` USING (${say(policy.using)})` : '',
    policy.check ? ` WITH CHECK (${say(policy.check)})` : '',
  ].join('');
}

export const roleText = (role: string): string =>
  ['public', 'current_user', 'current_role', 'session_user'].includes(role) ? role.toUpperCase() : quoted(role);

const RANGES: Readonly<Record<string, readonly [string, string]>> = {
  smallint: ['-32768', '32767'],
  integer: ['-2147483648', '2147483647'],
  bigint: ['-9223372036854775808', '9223372036854775807'],
};

/** What is not a sequence's default, in the server's order. */
export function sequenceOptionsText(options: SequenceOptions, withType: boolean): string {
  const increment = options.increment ?? '1';
  const descending = increment.startsWith('-');
  const [low, high] = RANGES[options.type ?? 'bigint'] ?? ['', ''];
  const min = options.min ?? (descending ? low : '1');
  const max = options.max ?? (descending ? '-1' : high);
  const start = descending ? max : min;
  return [
    withType && options.type !== undefined && options.type !== 'bigint' ? `AS ${options.type}` : '',
    increment === '1' ? '' : `INCREMENT BY ${increment}`,
    min === (descending ? low : '1') ? '' : `MINVALUE ${min}`,
    max === (descending ? '-1' : high) ? '' : `MAXVALUE ${max}`,
    (options.start ?? start) === start ? '' : `START WITH ${options.start}`,
    (options.cache ?? '1') === '1' ? '' : `CACHE ${options.cache}`,
    options.cycle ? 'CYCLE' : '',
  ]
    .filter(part => part !== '')
    .join(' ');
}

export function identityText(catalog: Catalog, column: Column): string | undefined {
  if (!column.identity) return undefined;
  const sequence = catalog.objects.get(column.identity.sequence);
  const options = sequence?.kind === 'sequence' ? sequenceOptionsText(sequence.options, false) : '';
  const named = sequenceApart(catalog, column) ?? sequenceBeside(catalog, column);
  const all = [...(named ? [`SEQUENCE NAME ${fullName(named)}`] : []), ...(options === '' ? [] : [options])].join(' ');
  return `GENERATED ${column.identity.always ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${all === '' ? '' : ` (${all})`}`;
}

/** The sequence of an identity column, where the name that it would be given is another's: that of a `serial` left behind. */
function sequenceBeside(catalog: Catalog, { identity, name }: Column): Sequence | undefined {
  const sequence = identity ? catalog.objects.get(identity.sequence) : undefined;
  if (sequence?.kind !== 'sequence' || !sequence.ownedBy) return undefined;
  const table = catalog.objects.get(sequence.ownedBy.table);
  if (!isTable(table)) return undefined;
  const given = relationNamed(catalog, { schema: table.schema, name: madeUpName(table.name, name, 'seq') });
  return given && given.id !== sequence.id ? sequence : undefined;
}

/** The sequence of an identity column, where it is of another type than the column: LIKE makes such. */
function sequenceApart(catalog: Catalog, { identity, type }: Column): Sequence | undefined {
  const sequence = identity ? catalog.objects.get(identity.sequence) : undefined;
  return sequence?.kind === 'sequence' && RANGES[type?.name ?? ''] && typeOfSequence(sequence) !== type?.name
    ? sequence
    : undefined;
}

export const typeOfSequence = ({ options }: Sequence): string => options.type ?? 'bigint';

/** What no identity's definition can say: that its sequence is of another type than the column. */
export function identityTypeTexts(catalog: Catalog, column: Column): readonly string[] {
  const sequence = sequenceApart(catalog, column);
  if (!sequence) return [];
  const { min, max } = sequence.options;
  const limits = `${min == null ? '' : ` MINVALUE ${min}`}${max == null ? '' : ` MAXVALUE ${max}`}`;
  return [`ALTER SEQUENCE ${fullName(sequence)} AS ${typeOfSequence(sequence)}${limits};`];
}

export function ownerColumnText(catalog: Catalog, sequence: Sequence): string | undefined {
  const table = sequence.ownedBy ? catalog.objects.get(sequence.ownedBy.table) : undefined;
  return sequence.ownedBy && (isTable(table) || isView(table))
    ? `${fullName(table)}.${nameOf(catalog, sequence.ownedBy.column)}`
    : undefined;
}

export function parametersText(catalog: Catalog, routine: Routine, say: Say): string {
  return routine.parameters
    .filter(({ mode }) => mode !== 'table')
    .map(({ mode, name, type, default: value }) =>
      [
        mode === 'in' ? '' : `${mode.toUpperCase()} `,
        name === undefined ? '' : `${quoted(name)} `,
        typeText(catalog, type),
        value ? ` DEFAULT ${say(value)}` : '',
      ].join(''),
    )
    .join(', ');
}

/** Its name as it is written, with the types that belong to it. */
export function quotedIdentity(catalog: Catalog, { what, schema, name, identity, types }: Other): string {
  const plain = schema === undefined ? name : `${schema}.${name}`;
  const written = schema === undefined ? quoted(name) : fullName({ schema, name });
  if (types) {
    const texts = types.map(type => typeText(catalog, type));
    // a cast is named by its types alone, in its brackets
    if (what === 'cast') return `(${texts.join(' AS ')})`;
    return `${what === 'operator' ? plain : written}(${texts.join(', ')})`;
  }
  return identity.startsWith(plain) ? written + identity.slice(plain.length) : identity;
}

export function argumentsText(catalog: Catalog, routine: Routine): string {
  return routine.parameters
    .filter(({ mode }) => mode !== 'out' && mode !== 'table')
    .map(({ type }) => typeText(catalog, type))
    .join(', ');
}

export function resultText(catalog: Catalog, routine: Routine): string | undefined {
  const columns = routine.parameters.filter(({ mode }) => mode === 'table');
  if (columns.length > 0)
    return `TABLE (${columns.map(({ name, type }) => `${quoted(name ?? '')} ${typeText(catalog, type)}`).join(', ')})`;
  return routine.returns ? `${routine.returns.setOf ? 'SETOF ' : ''}${typeText(catalog, routine.returns)}` : undefined;
}

/** A trigger's or routine's text without what says nothing of it. */
export const essenceOfProgram = (text: string): string =>
  text
    .replace(/^\s*(?:CREATE|ALTER)\s+(?:OR\s+(?:REPLACE|ALTER)\s+)?(?:DEFINER\s*=\s*\S+\s+)?/i, '')
    .replace(/\bIF\s+NOT\s+EXISTS\b/i, '')
    .replace(/[`"[\]]/g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([(),;=]) ?/g, '$1')
    .replace(/[\s;]+$/, '')
    .trim()
    .toLowerCase();

/** What tells two bodies apart is seldom in so few words; it stands for the whole. */
export function firstLine(body: string): string {
  const trimmed = body.trim();
  const [line = ''] = trimmed.split('\n');
  return line.length < trimmed.length ? `${line.trim()} …` : line;
}

export function grantsText(grants: Grants): string | undefined {
  return grants.length === 0
    ? undefined
    : grants.map(([grantee, privileges]) => `${privileges.join(', ')} to ${grantee}`).join('; ');
}
