/** Views of node-pg-migrate. Source: the package's src/operations/views and materializedViews. */
import { constantText } from '../code/values';
import { escaped, named, text } from './nodePgMigrateColumns';
import {
  entriesIn,
  ifNotExists,
  isFalse,
  isNull,
  namesIn,
  type Operation,
  option,
  parameterOf,
  when,
} from './nodePgMigrateOperation';
import { flag } from './quoting';
import { argument, NotTranslated } from './translation';

const inParentheses = (parts: readonly string[]): string => when(parts.length > 0, `(${parts.join(', ')})`);

const withParameters = (parameters: readonly string[]): string =>
  when(parameters.length > 0, ` WITH ${inParentheses(parameters)}`);

/** `WITH NO DATA`; nothing where it is not said. */
const dataOf = (value: ReturnType<typeof option>): string =>
  flag(value) ? ' WITH DATA' : isFalse(value) ? ' WITH NO DATA' : '';

const createView: Operation = (step, write) => {
  const isOn = (name: string): boolean => flag(option(step, 1, name));
  const parameters = entriesIn(option(step, 1, 'options'), 'options of a view').map(parameterOf);
  const check = constantText(option(step, 1, 'checkOption'));
  write(
    [
      `CREATE ${when(isOn('replace'), 'OR REPLACE ')}${when(isOn('temporary'), 'TEMPORARY ')}${when(isOn('recursive'), 'RECURSIVE ')}VIEW `,
      named(argument(step, 0)),
      inParentheses(namesIn(option(step, 1, 'columns'))),
      withParameters(parameters),
      ` AS ${text(argument(step, 2), 'a query')}`,
      check === undefined ? '' : ` WITH ${check} CHECK OPTION`,
    ].join(''),
    step,
  );
};

const createMaterializedView: Operation = (step, write) => {
  const parameters = entriesIn(option(step, 1, 'storageParameters'), 'parameters of a view').map(parameterOf);
  const space = option(step, 1, 'tablespace');
  write(
    [
      `CREATE MATERIALIZED VIEW ${ifNotExists(step, 1)}${named(argument(step, 0))}`,
      inParentheses(namesIn(option(step, 1, 'columns'))),
      withParameters(parameters),
      space ? ` TABLESPACE ${named(space)}` : '',
      ` AS ${text(argument(step, 2), 'a query')}`,
      dataOf(option(step, 1, 'data')),
    ].join(''),
    step,
  );
};

/** SET of what has a value, and RESET of what has none. */
function settings(given: ReturnType<typeof option>): readonly string[] {
  const parameters = entriesIn(given, 'options of a view');
  const set = parameters.filter(([, value]) => !isNull(value)).map(parameterOf);
  const reset = parameters.filter(([, value]) => isNull(value)).map(([key]) => key);
  return [
    ...(set.length > 0 ? [`SET ${inParentheses(set)}`] : []),
    ...(reset.length > 0 ? [`RESET ${inParentheses(reset)}`] : []),
  ];
}

const alterView: Operation = (step, write) => {
  const check = option(step, 1, 'checkOption');
  const checked = check ? [`SET ${inParentheses([parameterOf(['check_option', check])])}`] : [];
  for (const clause of [...settings(option(step, 1, 'options')), ...checked])
    write(`ALTER VIEW ${named(argument(step, 0))} ${clause}`, step);
};

const alterMaterializedView: Operation = (step, write) => {
  const cluster = option(step, 1, 'cluster');
  if (option(step, 1, 'extension')) throw new NotTranslated('a view that depends on an extension');
  const clauses = [
    ...(cluster ? [isFalse(cluster) || isNull(cluster) ? 'SET WITHOUT CLUSTER' : `CLUSTER ON ${named(cluster)}`] : []),
    ...settings(option(step, 1, 'storageParameters')),
  ];
  write(`ALTER MATERIALIZED VIEW ${named(argument(step, 0))} ${clauses.join(', ')}`, step);
};

export const viewOperations: Readonly<Record<string, Operation>> = {
  createView,
  alterView,
  alterViewColumn: (step, write) => {
    const fallback = option(step, 2, 'default');
    if (!fallback) return;
    const action = isNull(fallback) ? 'DROP DEFAULT' : `SET DEFAULT ${escaped(fallback)}`;
    write(`ALTER VIEW ${named(argument(step, 0))} ALTER COLUMN ${named(argument(step, 1))} ${action}`, step);
  },
  createMaterializedView,
  alterMaterializedView,
  renameMaterializedViewColumn: (step, write) =>
    write(
      `ALTER MATERIALIZED VIEW ${named(argument(step, 0))} RENAME COLUMN ${named(argument(step, 1))} TO ${named(argument(step, 2))}`,
      step,
    ),
  refreshMaterializedView: (step, write) =>
    write(
      `REFRESH MATERIALIZED VIEW ${when(flag(option(step, 1, 'concurrently')), 'CONCURRENTLY ')}${named(argument(step, 0))}${dataOf(option(step, 1, 'data'))}`,
      step,
    ),
};
