/**
 * The down that node-pg-migrate makes up where a migration has none: each call's reverse, last one first.
 * Source: the `reverse` of each operation in the package's src/operations.
 */
import type { Chain, ChainStep, Entry, GivenArgument, Value } from '../code/values';
import { entryOf } from './quoting';

/** Undefined where the tool refuses to make one up. */
type Reverse = (step: ChainStep) => readonly Call[] | undefined;
type Call = readonly [name: string, ...given: (GivenArgument | undefined)[]];

const NONE: GivenArgument = { value: { kind: 'constant', value: undefined } };

/** The same arguments under another name. */
const as =
  (name: string, ...order: readonly number[]): Reverse =>
  ({ arguments: given = [] }) => [[name, ...order.map(index => given[index])]];

const REVERSES: Readonly<Record<string, Reverse>> = {
  createExtension: as('dropExtension', 0, 1),
  createTable: as('dropTable', 0, 2),
  addColumns: as('dropColumns', 0, 1, 2),
  createIndex: as('dropIndex', 0, 1, 2),
  createType: as('dropType', 0),
  createDomain: as('dropDomain', 0, 2),
  createSequence: as('dropSequence', 0, 1),
  createSchema: as('dropSchema', 0, 1),
  createFunction: as('dropFunction', 0, 1, 2),
  createView: as('dropView', 0, 1),
  createMaterializedView: as('dropMaterializedView', 0, 1),
  createPolicy: as('dropPolicy', 0, 1),
  createRole: as('dropRole', 0),
  // without a name, or of a text, the tool refuses
  createConstraint: step =>
    isText(step.arguments?.[1]?.value) && !isText(step.arguments?.[2]?.value)
      ? as('dropConstraint', 0, 1, 2)(step)
      : undefined,
  // a trigger with a body has brought its function along
  createTrigger({ arguments: given = [] }) {
    const [table, name, options, definition] = given;
    const own = definition && definition.value.kind !== 'constant';
    const routine = entryOf(options?.value, 'function');
    const dropped: readonly Call[] = own
      ? [['dropFunction', routine ? { value: routine } : name, { value: LIST }, options]]
      : [];
    return [['dropTrigger', table, name, options], ...dropped];
  },
  renameTable: as('renameTable', 1, 0),
  renameView: as('renameView', 1, 0),
  renameMaterializedView: as('renameMaterializedView', 1, 0),
  renameType: as('renameType', 1, 0),
  renameDomain: as('renameDomain', 1, 0),
  renameSequence: as('renameSequence', 1, 0),
  renameSchema: as('renameSchema', 1, 0),
  renameColumn: as('renameColumn', 0, 2, 1),
  renameConstraint: as('renameConstraint', 0, 2, 1),
  renameTrigger: as('renameTrigger', 0, 2, 1),
  renameTypeValue: as('renameTypeValue', 0, 2, 1),
  addTypeAttribute: as('dropTypeAttribute', 0, 1),
  renameTypeAttribute: as('renameTypeAttribute', 0, 2, 1),
  renameIndex: as('renameIndex', 1, 0),
  renameFunction: as('renameFunction', 2, 1, 0),
  renameRole: as('renameRole', 1, 0),
  renameMaterializedViewColumn: as('renameMaterializedViewColumn', 0, 2, 1),
  grantRoles: as('revokeRoles', 0, 1, 2),
  grantOnSchemas: as('revokeOnSchemas', 0),
  grantOnTables: as('revokeOnTables', 0),
  createCast: as('dropCast', 0, 1, 2),
  createOperator: as('dropOperator', 0, 1),
  createOperatorClass: as('dropOperatorClass', 0, 2, 4),
  renameOperatorClass: as('renameOperatorClass', 2, 1, 0),
  createOperatorFamily: as('dropOperatorFamily', 0, 1),
  renameOperatorFamily: as('renameOperatorFamily', 2, 1, 0),
  addToOperatorFamily: as('removeFromOperatorFamily', 0, 1, 2),
  renamePolicy: as('renamePolicy', 0, 2, 1),
  refreshMaterializedView: as('refreshMaterializedView', 0, 1),
};

const isText = (value: Value | undefined): boolean => value?.kind === 'text';

const LIST = { kind: 'list', items: [] } as const;

/** Calls that have two names. */
const ALIASES: Readonly<Record<string, string>> = {
  addColumn: 'addColumns',
  addIndex: 'createIndex',
  addType: 'createType',
  addConstraint: 'createConstraint',
  addExtension: 'createExtension',
};
const QUIET = new Set(['func', 'noTransaction', 'toString', 'log']);

/** The entries of the down. What has no reverse is said: there the tool fails. */
export function reversed(up: readonly Entry[]): readonly Entry[] {
  return up.flatMap(entry => (entry.kind === 'chain' ? reversedChain(entry) : [entry])).reverse();
}

/** One chain for each call, in the order of the up's. */
function reversedChain(chain: Chain): readonly Entry[] {
  return chain.steps.flatMap((step): readonly Entry[] => {
    if (!step.arguments || QUIET.has(step.name)) return [];
    const name = Object.hasOwn(ALIASES, step.name) ? ALIASES[step.name] : step.name;
    const reverse = name !== undefined && Object.hasOwn(REVERSES, name) ? REVERSES[name] : undefined;
    const calls = reverse?.(step);
    if (!calls) return [{ kind: 'unfollowed', at: step.at, what: `the reverse of \`${step.name}\`` }];
    return [...calls].reverse().map(
      ([to, ...given]): Chain => ({
        ...chain,
        steps: [{ name: to, at: step.at, arguments: given.map(each => each ?? NONE), inner: [] }],
      }),
    );
  });
}
