/** Types, domains, sequences, casts and operators of node-pg-migrate. Source: the package's src/operations. */
import { constantText, type Value } from '../code/values';
import { escaped, named, type Shorthands, sequenceOptions, several, text, typeOf } from './nodePgMigrateColumns';
import {
  cascade,
  entriesIn,
  ifExists,
  ifNotExists,
  isFalse,
  isNull,
  type Operation,
  option,
  spelt,
  when,
} from './nodePgMigrateOperation';
import { parametersOf } from './nodePgMigrateRoutines';
import { entryOf, flag, quoted } from './quoting';
import { argument, NotTranslated } from './translation';

/** The type of an argument. @throws NotTranslated */
function typeGiven(value: Value | undefined, shorthands: Shorthands): string {
  if (!value) throw new NotTranslated('a type that is not constant');
  return typeOf(value, shorthands);
}

/** What is sent for one type. */
const ofType =
  (...words: readonly ((...given: Parameters<Operation>) => string)[]): Operation =>
  (step, write, shorthands) =>
    write(`ALTER TYPE ${named(argument(step, 0))} ${words.map(word => word(step, write, shorthands)).join(' ')}`, step);

const createType: Operation = (step, write, shorthands) => {
  const given = argument(step, 1);
  if (given?.kind === 'list' && !given.open)
    return write(`CREATE TYPE ${named(argument(step, 0))} AS ENUM (${given.items.map(escaped).join(', ')})`, step);
  if (given?.kind !== 'record' || given.open) throw new NotTranslated('a type that is not constant');
  const parts = [...given.entries].map(([name, value]) => `${quoted(name)} ${typeOf(value, shorthands)}`);
  write(`CREATE TYPE ${named(argument(step, 0))} AS (${parts.join(', ')})`, step);
};

const createDomain: Operation = (step, write, shorthands) => {
  const of = (name: string): Value | undefined => option(step, 2, name);
  const collation = constantText(of('collation'));
  const fallback = of('default');
  const check = of('check');
  const name = of('constraintName');
  const constraint = flag(of('notNull')) ? 'NOT NULL' : check && `CHECK (${text(check, 'a check')})`;
  const parts = [
    collation === undefined ? '' : ` COLLATE ${collation}`,
    fallback ? ` DEFAULT ${escaped(fallback)}` : '',
    constraint && name ? ` CONSTRAINT ${named(name)}` : '',
    constraint ? ` ${constraint}` : '',
  ];
  write(
    `CREATE DOMAIN ${named(argument(step, 0))} AS ${typeGiven(argument(step, 1), shorthands)}${parts.join('')}`,
    step,
  );
};

const alterDomain: Operation = (step, write) => {
  entriesIn(argument(step, 1), 'options of a domain');
  const of = (name: string): Value | undefined => option(step, 1, name);
  const fallback = of('default');
  const check = of('check');
  // the tool leaves ADD away, which the server does not take
  if (check) throw new NotTranslated('a check that is added to a domain');
  const actions = [
    fallback && (isNull(fallback) ? 'DROP DEFAULT' : `SET DEFAULT ${escaped(fallback)}`),
    flag(of('notNull')) ? 'SET NOT NULL' : (isFalse(of('notNull')) || flag(of('allowNull'))) && 'DROP NOT NULL',
  ];
  for (const action of actions) if (action) write(`ALTER DOMAIN ${named(argument(step, 0))} ${action}`, step);
};

const alterSequence: Operation = (step, write) => {
  const options = argument(step, 1);
  if (options?.kind !== 'record' || options.open)
    throw new NotTranslated('options of a sequence that are not constant');
  const restart = options.entries.get('restart');
  const clauses = [sequenceOptions(options)];
  if (flag(restart)) clauses.push('RESTART');
  else if (restart && !isFalse(restart)) clauses.push(`RESTART WITH ${spelt(restart, 'a number')}`);
  write(`ALTER SEQUENCE ${named(argument(step, 0))} ${clauses.filter(Boolean).join(' ')}`, step);
};

/** `OPERATOR 1 <, FUNCTION 1 compare(int, int)`. */
const operatorsOf = (value: Value | undefined, shorthands: Shorthands): string =>
  several(value)
    .map(each => {
      const kind = text(entryOf(each, 'type'), 'an operator').toUpperCase();
      const params = entryOf(each, 'params');
      const isBare = kind === 'OPERATOR' && several(params).length === 0;
      const given = isBare ? '' : parametersOf(params, shorthands, true);
      const name = entryOf(each, 'name');
      return `${kind} ${spelt(entryOf(each, 'number'), 'a number')} ${named(name)}${given}`;
    })
    .join(', ');

/** The name of an operator, which is written as it stands. */
const unquoted = (value: Value | undefined): string => {
  const schema = constantText(entryOf(value, 'schema'));
  const name = text(entryOf(value, 'name') ?? value, 'a name');
  return schema === undefined ? name : `${schema}.${name}`;
};

const createOperator: Operation = (step, write) => {
  const of = (name: string): Value | undefined => option(step, 1, name);
  const parts = [
    `PROCEDURE = ${named(of('procedure'))}`,
    ...(['left', 'right'] as const).flatMap(side =>
      of(side) ? [`${side.toUpperCase()}ARG = ${named(of(side))}`] : [],
    ),
    ...(['commutator', 'negator'] as const).flatMap(word =>
      of(word) ? [`${word.toUpperCase()} = ${unquoted(of(word))}`] : [],
    ),
    ...(['restrict', 'join'] as const).flatMap(word =>
      of(word) ? [`${word.toUpperCase()} = ${named(of(word))}`] : [],
    ),
    ...(['hashes', 'merges'] as const).flatMap(word => (flag(of(word)) ? [word.toUpperCase()] : [])),
  ];
  write(`CREATE OPERATOR ${unquoted(argument(step, 0))} (${parts.join(', ')})`, step);
};

const dropOperator: Operation = (step, write) => {
  const side = (name: string): string => (option(step, 1, name) ? named(option(step, 1, name)) : 'NONE');
  write(
    `DROP OPERATOR ${ifExists(step, 1)}${unquoted(argument(step, 0))}(${side('left')}, ${side('right')})${cascade(step, 1)}`,
    step,
  );
};

const method = (value: Value | undefined): string => text(value, 'a method of an index');

const dropAmongOperators =
  (kind: string): Operation =>
  (step, write) =>
    write(
      `DROP OPERATOR ${kind} ${ifExists(step, 2)}${named(argument(step, 0))} USING ${method(argument(step, 1))}${cascade(step, 2)}`,
      step,
    );

const renameAmongOperators =
  (kind: string): Operation =>
  (step, write) =>
    write(
      `ALTER OPERATOR ${kind} ${named(argument(step, 0))} USING ${method(argument(step, 1))} RENAME TO ${named(argument(step, 2))}`,
      step,
    );

const alterFamily =
  (verb: string): Operation =>
  (step, write, shorthands) =>
    write(
      `ALTER OPERATOR FAMILY ${named(argument(step, 0))} USING ${method(argument(step, 1))} ${verb} ${operatorsOf(argument(step, 2), shorthands)}`,
      step,
    );

export const typeOperations: Readonly<Record<string, Operation>> = {
  createType,
  addType: createType,
  addTypeValue: (step, write) => {
    const before = option(step, 2, 'before');
    const after = option(step, 2, 'after');
    const place = before ? ` BEFORE ${escaped(before)}` : after ? ` AFTER ${escaped(after)}` : '';
    write(
      `ALTER TYPE ${named(argument(step, 0))} ADD VALUE ${ifNotExists(step, 2)}${escaped(argument(step, 1))}${place}`,
      step,
    );
  },
  renameTypeValue: ofType(
    step => `RENAME VALUE ${escaped(argument(step, 1))}`,
    step => `TO ${escaped(argument(step, 2))}`,
  ),
  addTypeAttribute: ofType(
    step => `ADD ATTRIBUTE ${named(argument(step, 1))}`,
    (step, _, shorthands) => typeGiven(argument(step, 2), shorthands),
  ),
  // where it asks IF EXISTS the tool does so at the wrong place, which the server does not take
  dropTypeAttribute: ofType(
    step => `DROP ATTRIBUTE ${named(argument(step, 1))}`,
    step => when(flag(option(step, 2, 'ifExists')), 'IF EXISTS'),
  ),
  setTypeAttribute: ofType(
    step => `ALTER ATTRIBUTE ${named(argument(step, 1))}`,
    (step, _, shorthands) => `SET DATA TYPE ${typeGiven(argument(step, 2), shorthands)}`,
  ),
  renameTypeAttribute: ofType(
    step => `RENAME ATTRIBUTE ${named(argument(step, 1))}`,
    step => `TO ${named(argument(step, 2))}`,
  ),
  createDomain,
  alterDomain,
  createSequence: (step, write) => {
    const options = argument(step, 1);
    const written = options ? sequenceOptions(options) : '';
    const temporary = when(flag(option(step, 1, 'temporary')), 'TEMPORARY ');
    write(
      `CREATE ${temporary}SEQUENCE ${ifNotExists(step, 1)}${named(argument(step, 0))}${when(written !== '', ` ${written}`)}`,
      step,
    );
  },
  alterSequence,
  createCast: (step, write) => {
    const [from, to] = [text(argument(step, 0), 'a type'), text(argument(step, 1), 'a type')];
    const routine = option(step, 2, 'functionName');
    const types = several(option(step, 2, 'argumentTypes')).map(each => text(each, 'a type'));
    const conversion = routine
      ? `WITH FUNCTION ${named(routine)}(${(types.length > 0 ? types : [from]).join(', ')})`
      : flag(option(step, 2, 'inout'))
        ? 'WITH INOUT'
        : 'WITHOUT FUNCTION';
    const as = constantText(option(step, 2, 'as'));
    write(`CREATE CAST (${from} AS ${to}) ${conversion}${as === undefined ? '' : ` AS ${as}`}`, step);
  },
  dropCast: (step, write) =>
    write(
      `DROP CAST ${ifExists(step, 2)}(${text(argument(step, 0), 'a type')} AS ${text(argument(step, 1), 'a type')})`,
      step,
    ),
  createOperator,
  dropOperator,
  createOperatorClass: (step, write, shorthands) => {
    const family = constantText(option(step, 4, 'family'));
    write(
      `CREATE OPERATOR CLASS ${named(argument(step, 0))}${when(flag(option(step, 4, 'default')), ' DEFAULT')} FOR TYPE ` +
        `${quoted(typeGiven(argument(step, 1), new Map()))} USING ${named(argument(step, 2))}${family === undefined ? '' : ` FAMILY ${family}`} ` +
        `AS ${operatorsOf(argument(step, 3), shorthands)}`,
      step,
    );
  },
  dropOperatorClass: dropAmongOperators('CLASS'),
  renameOperatorClass: renameAmongOperators('CLASS'),
  createOperatorFamily: (step, write) =>
    write(`CREATE OPERATOR FAMILY ${named(argument(step, 0))} USING ${method(argument(step, 1))}`, step),
  dropOperatorFamily: dropAmongOperators('FAMILY'),
  renameOperatorFamily: renameAmongOperators('FAMILY'),
  addToOperatorFamily: alterFamily('ADD'),
  removeFromOperatorFamily: alterFamily('DROP'),
};
