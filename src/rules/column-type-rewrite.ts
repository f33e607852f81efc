/**
 * A column type that is changed in place.
 *
 * ALTER COLUMN … TYPE writes the whole table and its indexes anew under ACCESS EXCLUSIVE, and the program that still runs may
 * not know what to do with the new type. A few changes cost nothing: a longer varchar, varchar to text.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ALTER COLUMN id TYPE bigint;
 * ```
 * ## Stays silent
 * ```sql
 * -- migrate:up
 * CREATE TABLE vouchers (id integer);
 * ALTER TABLE vouchers ALTER COLUMN id TYPE bigint;
 * ```
 * ## When to leave it
 * A table that is small for good: by what the configuration declares, by its age in the history or by its name it is information, as it
 * is where the history shows that nothing is written anew.
 */
import type { OperationOf } from '../catalog/operation';
import { typeInWords } from '../catalog/types';
import { defineRule } from '../facts/rule';
import { changesOf, costOf, existed, named, typeBefore } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';
import { sizeOf } from '../facts/tableSizes';

export const columnTypeRewrite = defineRule({
  id: 'column-type-rewrite',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const change of changesOf(facts.schemaScripts, 'setColumnType')) {
      const { table, column, type } = change.operation;
      if (!existed(change, table)) continue;
      const from = typeBefore(change);
      // it may be what it was, and the statement is there for something else
      if (!from && change.statement.repeatsType) continue;
      const cost = costOf(change);
      const isFree = cost === 'none';
      if (isFree && from && typeInWords(from) === typeInWords(type)) continue;
      const size = sizeOf(facts, change, table);
      if (!size && isFree) continue;
      yield {
        at: change.at,
        // the type is another for programs that run, however few rows there are
        ...(size ?? { loweredBy: 1 }),
        ...(isFree ? { level: 'info' as const } : {}),
        table,
        column,
        type,
        from,
        cost,
        zone: isTimeZone(change),
      };
    }
  },

  explain: ({ table, column, type, from, cost, zone }) => {
    const [was, is] = [from && typeInWords(from), typeInWords(type)];
    // an enumeration that was renamed out of the way of its successor
    const change = was === is ? ` to the new \`${is}\`` : `${was === undefined ? '' : ` from \`${was}\``} to \`${is}\``;
    return cost === 'none'
      ? {
          what: `Changing \`${column.name}\` of ${named(table)}${change} needs no rewrite; it still takes ACCESS EXCLUSIVE for a moment.`,
          why: 'Behind a long query it makes every new read and write wait, and prepared statements that return the column fail once.',
          remedy: 'Set a `lock_timeout` before it.',
          related: [],
        }
      : {
          what: `Changing \`${column.name}\` of ${named(table)}${change} ${cost === 'reindex' ? 'keeps the rows and builds every index on it' : `${from ? 'writes' : 'may write'} the whole table and its indexes`} anew under ACCESS EXCLUSIVE.`,
          why: `Every read and write of ${named(table)} waits until it is done, and programs that still run may not take the new type.`,
          remedy: zone
            ? "Where the values are in UTC, SET TIME ZONE 'UTC' before it: then PostgreSQL leaves the rows as they are."
            : 'Add a column of the new type, write both, fill in the old rows in batches, let the program read the new one, and drop the old one then.',
          related: [],
        };
  },
});

/** From a time without a zone to one with it, which are the same in UTC to servers that look (since 12). */
function isTimeZone(change: SchemaChange<OperationOf<'setColumnType'>>): boolean {
  const names = [typeBefore(change)?.name, change.operation.type.name].sort();
  return (
    change.script.server >= 12 &&
    costOf(change) === 'rewrite' &&
    change.operation.type.modifiers.length === 0 &&
    names.join() === 'timestamp with time zone,timestamp without time zone'
  );
}
