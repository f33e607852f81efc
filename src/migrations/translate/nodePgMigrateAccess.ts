/** Policies, roles and grants of node-pg-migrate. Source: the package's src/operations/policies, roles and grants. */
import { type ChainStep, constantText, type Value } from '../code/values';
import { escaped, named, several, text } from './nodePgMigrateColumns';
import {
  cascade,
  entriesIn,
  ifExists,
  isFalse,
  namesIn,
  type Operation,
  option,
  spelt,
  when,
} from './nodePgMigrateOperation';
import { entryOf, flag } from './quoting';
import { argument, NotTranslated } from './translation';

/** TO, USING and WITH CHECK of a policy. */
function policyClauses(options: Value | undefined, everyone: readonly string[]): readonly string[] {
  const given = several(entryOf(options, 'role')).map(role => text(role, 'a role'));
  const roles = given.length > 0 ? given : everyone;
  const using = entryOf(options, 'using');
  const check = entryOf(options, 'check');
  return [
    ...(roles.length > 0 ? [`TO ${roles.join(', ')}`] : []),
    ...(using ? [`USING (${text(using, 'a condition')})`] : []),
    ...(check ? [`WITH CHECK (${text(check, 'a condition')})`] : []),
  ];
}

const policy = (step: ChainStep): string => `${named(argument(step, 1))} ON ${named(argument(step, 0))}`;

const createPolicy: Operation = (step, write) => {
  const options = argument(step, 2);
  entriesIn(options, 'options of a policy');
  const command = constantText(entryOf(options, 'command')) ?? 'ALL';
  write(`CREATE POLICY ${policy(step)} FOR ${command} ${policyClauses(options, ['PUBLIC']).join(' ')}`, step);
};

/** Options of a role that are there with `NO` before them too, and what a new role has where nothing is said. */
const SWITCHES = [
  ['superuser', 'SUPERUSER', false],
  ['createdb', 'CREATEDB', false],
  ['createrole', 'CREATEROLE', false],
  ['inherit', 'INHERIT', true],
  ['login', 'LOGIN', false],
  ['replication', 'REPLICATION', false],
  ['bypassrls', 'BYPASSRLS', undefined],
] as const;

function roleOptions(options: Value | undefined, isNew: boolean): string {
  entriesIn(options, 'options of a role');
  const of = (name: string): Value | undefined => entryOf(options, name);
  const parts = SWITCHES.flatMap(([name, word, otherwise]): readonly string[] => {
    const given = of(name);
    if (!given && (!isNew || otherwise === undefined)) return [];
    return [(given ? flag(given) || (isNew && otherwise === true && !isFalse(given)) : otherwise) ? word : `NO${word}`];
  });
  if (of('limit')) parts.push(`CONNECTION LIMIT ${spelt(of('limit'), 'a limit')}`);
  if (of('password')) parts.push(`PASSWORD ${escaped(of('password'))}`);
  if (of('valid')) parts.push(`VALID UNTIL ${escaped(of('valid'))}`);
  for (const [name, words] of [
    ['inRole', 'IN ROLE'],
    ['role', 'ROLE'],
    ['admin', 'ADMIN'],
  ] as const) {
    const roles = several(of(name)).map(role => text(role, 'a role'));
    if (roles.length > 0) parts.push(`${words} ${roles.join(', ')}`);
  }
  return when(parts.length > 0, ` WITH ${parts.join(' ')}`);
}

const listOf = (value: Value | undefined, what: string): string => {
  if (value?.kind === 'list' && value.open) throw new NotTranslated(`${what} that is not constant`);
  return several(value)
    .map(each => text(each, what))
    .join(', ');
};

const rolesOf = (value: Value | undefined): string =>
  several(value)
    .map(role => (constantText(role) === 'PUBLIC' ? 'PUBLIC' : named(role)))
    .join(', ');

/** GRANT or REVOKE of privileges. */
const privileges =
  (isGrant: boolean, on: (step: ChainStep) => string): Operation =>
  (step, write) => {
    const isOn = (name: string): boolean => flag(option(step, 0, name));
    const what = `${listOf(option(step, 0, 'privileges'), 'a privilege')} ON ${on(step)}`;
    const roles = rolesOf(option(step, 0, 'roles'));
    write(
      isGrant
        ? `GRANT ${what} TO ${roles}${when(isOn('withGrantOption'), ' WITH GRANT OPTION')}`
        : `REVOKE ${when(isOn('onlyGrantOption'), 'GRANT OPTION FOR ')}${what} FROM ${roles}${cascade(step, 0)}`,
      step,
    );
  };

const onSchemas = (step: ChainStep): string => `SCHEMA ${namesIn(option(step, 0, 'schemas')).join(', ')}`;

const onTables = (step: ChainStep): string => {
  const schema = option(step, 0, 'schema');
  return schema ? `ALL TABLES IN SCHEMA ${named(schema)}` : namesIn(option(step, 0, 'tables')).join(', ');
};

export const accessOperations: Readonly<Record<string, Operation>> = {
  createPolicy,
  dropPolicy: (step, write) => write(`DROP POLICY ${ifExists(step, 2)}${policy(step)}`, step),
  alterPolicy: (step, write) =>
    write(`ALTER POLICY ${policy(step)} ${policyClauses(argument(step, 2), []).join(' ')}`, step),
  renamePolicy: (step, write) => write(`ALTER POLICY ${policy(step)} RENAME TO ${named(argument(step, 2))}`, step),
  createRole: (step, write) =>
    write(`CREATE ROLE ${named(argument(step, 0))}${roleOptions(argument(step, 1), true)}`, step),
  alterRole: (step, write) => {
    const options = roleOptions(argument(step, 1), false);
    if (options !== '') write(`ALTER ROLE ${named(argument(step, 0))}${options}`, step);
  },
  dropRole: (step, write) => write(`DROP ROLE ${ifExists(step, 1)}${named(argument(step, 0))}`, step),
  renameRole: (step, write) =>
    write(`ALTER ROLE ${named(argument(step, 0))} RENAME TO ${named(argument(step, 1))}`, step),
  grantRoles: (step, write) =>
    write(
      `GRANT ${namesIn(argument(step, 0)).join(', ')} TO ${namesIn(argument(step, 1)).join(', ')}${when(flag(option(step, 2, 'withAdminOption')), ' WITH ADMIN OPTION')}`,
      step,
    ),
  revokeRoles: (step, write) =>
    write(
      `REVOKE ${when(flag(option(step, 2, 'onlyAdminOption')), 'ADMIN OPTION FOR ')}${namesIn(argument(step, 0)).join(', ')} FROM ${namesIn(argument(step, 1)).join(', ')}${cascade(step, 2)}`,
      step,
    ),
  grantOnSchemas: privileges(true, onSchemas),
  revokeOnSchemas: privileges(false, onSchemas),
  grantOnTables: privileges(true, onTables),
  revokeOnTables: privileges(false, onTables),
};
