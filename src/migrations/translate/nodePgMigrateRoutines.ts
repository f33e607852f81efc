/** Functions and triggers of node-pg-migrate. Source: the package's src/operations/functions and triggers. */
import { constantText, type Value } from '../code/values';
import { escaped, named, type Shorthands, several, text, typeOf } from './nodePgMigrateColumns';
import { cascade, ifExists, type Operation, option, spelt, when } from './nodePgMigrateOperation';
import { entryOf, flag, quoted } from './quoting';
import { argument, NotTranslated } from './translation';

/** The parameters of a routine in their parentheses. @throws NotTranslated */
export function parametersOf(value: Value | undefined, shorthands: Shorthands, withDefaults: boolean): string {
  const all = several(value).map(parameter => {
    const entry = (name: string): string | undefined => constantText(entryOf(parameter, name));
    const name = entry('name');
    const fallback = entryOf(parameter, 'default');
    return [
      entry('mode'),
      name === undefined ? undefined : quoted(name),
      typeOf(parameter, shorthands),
      withDefaults && fallback ? `DEFAULT ${escaped(fallback)}` : undefined,
    ]
      .filter(part => part !== undefined)
      .join(' ');
  });
  return `(${all.join(', ')})`;
}

function functionSql(
  name: string,
  signature: string,
  options: Value | undefined,
  body: Value | undefined,
  returns: string,
): string {
  const entry = (key: string, otherwise: string): string => constantText(entryOf(options, key)) ?? otherwise;
  const settings = several(entryOf(options, 'set')).map(each => {
    const value = spelt(entryOf(each, 'value'), 'a setting');
    return `SET ${named(entryOf(each, 'configurationParameter'))} ${value === 'FROM CURRENT' ? value : `TO ${value}`}`;
  });
  const definition = text(body, "a function's body");
  const dollars = definition.includes('$body$') ? '$own_body$' : '$body$';
  return [
    `CREATE ${when(flag(entryOf(options, 'replace')), 'OR REPLACE ')}FUNCTION ${name}${signature}`,
    `RETURNS ${returns}`,
    `AS ${dollars}${definition}${dollars}`,
    entry('behavior', 'VOLATILE'),
    `LANGUAGE ${text(entryOf(options, 'language'), 'a language')}`,
    entry('security', 'INVOKER') === 'INVOKER' ? '' : `SECURITY ${entry('security', 'INVOKER')}`,
    when(flag(entryOf(options, 'window')), 'WINDOW'),
    when(flag(entryOf(options, 'onNull')), 'RETURNS NULL ON NULL INPUT'),
    entryOf(options, 'parallel') ? `PARALLEL ${entry('parallel', '')}` : '',
    ...settings,
  ]
    .filter(Boolean)
    .join('\n');
}

const createTrigger: Operation = (step, write) => {
  const options = argument(step, 2);
  const entry = (key: string): string | undefined => constantText(entryOf(options, key));
  const constraint = flag(entryOf(options, 'constraint'));
  const moment = constraint ? 'AFTER' : entry('when');
  if (moment === undefined) throw new NotTranslated('a trigger without its moment');
  const level = /instead\s+of/i.test(moment) ? 'ROW' : (entry('level') ?? 'STATEMENT');
  const name = argument(step, 1);
  const definition = argument(step, 3);
  const routine = entryOf(options, 'function') ?? name;
  if (definition && definition.kind !== 'constant')
    write(functionSql(named(routine), '()', options, definition, 'trigger'), step);
  const events = several(entryOf(options, 'operation')).map(each => text(each, 'an event'));
  const condition = entry('condition');
  const deferred = flag(entryOf(options, 'deferrable'))
    ? ` DEFERRABLE INITIALLY ${flag(entryOf(options, 'deferred')) ? 'DEFERRED' : 'IMMEDIATE'}`
    : ' NOT DEFERRABLE';
  const given = several(entryOf(options, 'functionParams')).map(escaped).join(', ');
  write(
    `CREATE ${when(constraint, 'CONSTRAINT ')}TRIGGER ${named(name)} ${moment} ${events.join(' OR ')} ON ${named(argument(step, 0))}` +
      `${when(constraint, deferred)} FOR EACH ${level}${condition === undefined ? '' : ` WHEN (${condition})`} EXECUTE FUNCTION ${named(routine)}(${given})`,
    step,
  );
};

export const routineOperations: Readonly<Record<string, Operation>> = {
  createFunction: (step, write, shorthands) =>
    write(
      functionSql(
        named(argument(step, 0)),
        parametersOf(argument(step, 1), shorthands, true),
        argument(step, 2),
        argument(step, 3),
        constantText(option(step, 2, 'returns')) ?? 'void',
      ),
      step,
    ),
  dropFunction: (step, write, shorthands) =>
    write(
      `DROP FUNCTION ${ifExists(step, 2)}${named(argument(step, 0))}${parametersOf(argument(step, 1), shorthands, false)}${cascade(step, 2)}`,
      step,
    ),
  renameFunction: (step, write, shorthands) =>
    write(
      `ALTER FUNCTION ${named(argument(step, 0))}${parametersOf(argument(step, 1), shorthands, true)} RENAME TO ${named(argument(step, 2))}`,
      step,
    ),
  createTrigger,
  dropTrigger: (step, write) =>
    write(
      `DROP TRIGGER ${ifExists(step, 2)}${named(argument(step, 1))} ON ${named(argument(step, 0))}${cascade(step, 2)}`,
      step,
    ),
  renameTrigger: (step, write) =>
    write(
      `ALTER TRIGGER ${named(argument(step, 1))} ON ${named(argument(step, 0))} RENAME TO ${named(argument(step, 2))}`,
      step,
    ),
};
