/**
 * A table that does not say when its rows were made.
 *
 * When something went wrong last Tuesday, nobody can tell which rows were there; and exports, retention and synchronisation
 * have nothing to go by. Rows that exist already cannot be given the time afterwards.
 * ## Flags
 * ```sql
 * CREATE TABLE customer (id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL, phone text);
 * ```
 * ```sql
 * CREATE TABLE `customer` (`id` int AUTO_INCREMENT PRIMARY KEY, `name` varchar(80), `email` varchar(80), `phone` varchar(20));
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE customer (
 *   id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL, phone text,
 *   created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
 * );
 * ```
 * ```sql
 * CREATE TABLE country (code text PRIMARY KEY, name text NOT NULL);
 * ```
 * ## When to leave it
 * Fixed lists, and rows that live and die with those of another table, which has the time.
 */
import { primaryKeyOf } from '../catalog/catalog';
import type { Column, Table } from '../catalog/object';
import { holdsTime } from '../facts/columnKinds';
import { tablesDeclared } from '../facts/declarations';
import { defineRule } from '../facts/rule';
import { insertion, named, rewriteIn } from '../facts/schemaChanges';
import type { SchemaHead } from '../migrations/head';
import type { Dialect } from '../sql/dialect';

export const missingTimestamps = defineRule({
  id: 'missing-timestamps',
  level: 'info',
  concern: 'maintainability',

  *check(facts) {
    for (const { change, table, head, at } of tablesDeclared(facts))
      if (
        change.operation.kind === 'createTable' &&
        isOfThings(table) &&
        !table.columns.some(tellsWhen) &&
        keepsTimes(head)
      )
        yield { at, change, table, dialect: change.script.dialect };
  },

  explain: ({ table, dialect }) => ({
    what: `${named(table)} does not say when a row was made or last changed.`,
    why: 'The first question after an incident, and every export of what is new, has no answer; for rows that are there already it cannot be made up.',
    remedy: `Add \`created_at ${CREATED[dialect]}\`, and \`updated_at\` where rows change.`,
    related: [],
  }),

  fix: ({ change }) => {
    const { operation, script } = change;
    const last = operation.kind === 'createTable' ? operation.columns.at(-1) : undefined;
    return last && script.isNewest
      ? rewriteIn(change, 'Add created_at and updated_at', [
          insertion(
            last.span.end,
            `,\n  created_at ${CREATED[script.dialect]},\n  updated_at ${CREATED[script.dialect]}${UPDATED[script.dialect] ?? ''}`,
          ),
        ])
      : [];
  },
});

/** A moment as each server keeps it best. */
const CREATED: Readonly<Record<Dialect, string>> = {
  postgresql: 'timestamptz NOT NULL DEFAULT now()',
  mysql: 'timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP',
  mariadb: 'timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP',
  sqlite: 'text NOT NULL DEFAULT CURRENT_TIMESTAMP',
  transactsql: 'datetimeoffset NOT NULL DEFAULT SYSDATETIMEOFFSET()',
};

const UPDATED: Readonly<Partial<Record<Dialect, string>>> = {
  mysql: ' ON UPDATE CURRENT_TIMESTAMP',
  mariadb: ' ON UPDATE CURRENT_TIMESTAMP',
};

/** A project whose tables hardly ever have such a time has chosen so. */
function keepsTimes(head: SchemaHead): boolean {
  const known = CHOICES.get(head);
  if (known !== undefined) return known;
  let tables = 0;
  let timed = 0;
  for (const object of head.catalog.objects.values()) {
    if (object.kind !== 'table' || object.assumed || !isOfThings(object)) continue;
    tables += 1;
    if (object.columns.some(tellsWhen)) timed += 1;
  }
  const chosen = tables < MANY || timed * 3 >= tables;
  CHOICES.set(head, chosen);
  return chosen;
}

const MANY = 8;
const CHOICES = new WeakMap<SchemaHead, boolean>();

/** Whether rows are things of their own: with a key that is made up, and more to say than a list of names has. */
function isOfThings(table: Table): boolean {
  if (table.partitionOf || table.inherits.length > 0 || IS_LIST.test(table.name)) return false;
  const key = primaryKeyOf(table);
  if (key?.columns.length !== 1 || isForeign(table, key.columns[0])) return false;
  if (IS_PART.test(table.name) && table.constraints.some(diesWith)) return false;
  const foreign = table.columns.filter(({ id }) => isForeign(table, id)).length;
  const own = table.columns.length - 1 - foreign;
  return own >= 3 || (own >= 2 && foreign >= 1);
}

const isForeign = ({ constraints }: Table, id: Column['id'] | undefined): boolean =>
  constraints.some(
    constraint => constraint.kind === 'foreignKey' && id !== undefined && constraint.columns.includes(id),
  );

/** Rows that are made and deleted with that which they are parts of. */
const IS_PART = /(?:^|_)(?:lines?|items?|details?|positions?|rows?|parts?|values?|options?|levels?|entries)$/i;
const diesWith = (constraint: Table['constraints'][number]): boolean => constraint.kind === 'foreignKey';

const IS_LIST =
  /(?:^|_)(?:countr(?:y|ies)|currenc(?:y|ies)|languages?|locales?|time_?zones?|units?|colou?rs?|roles?|permissions?|status(?:es)?|types?|kinds?|settings?|config(?:uration)?s?|options?|lookups?|enums?|versions?|migrations?|locks?|calendar|dates?|translations?|cache|sequences?|counters?)$/i;

/** A time that every row has, or a column that is called after it. */
const tellsWhen = ({ name, type, notNull, default: value }: Column): boolean =>
  (holdsTime(type) && (notNull || value !== undefined)) ||
  /(?:^|_)(?:created?|inserted?|changed|saved|added|registered|joined|issued|recorded|occurred|logged|received|placed|timestamp|ts|ctime|mtime|date|(?:event|start|entry)_time)(?:_|$)|(?:created|inserted|updated|modified|added)(?:At|On|Date|Time|By)?$|^date|date$|timestamp/i.test(
    name,
  );
