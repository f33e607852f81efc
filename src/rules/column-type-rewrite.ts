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
 * A table that is small for good. Where the history shows that nothing is written anew, it is an information.
 */
import { typeInWords } from '../catalog/types';
import { defineRule } from '../facts/rule';
import { changesOf, existed, isFreeTypeChange, named, typeBefore } from '../facts/schemaChanges';

export const columnTypeRewrite = defineRule({
  id: 'column-type-rewrite',
  level: 'warning',
  concern: 'performance',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'setColumnType')) {
      const { table, column, type } = change.operation;
      if (!existed(change, table)) continue;
      const from = typeBefore(change);
      // it may be what it was, and the statement is there for something else
      if (!from && change.statement.repeatsType) continue;
      const isFree = from !== undefined && isFreeTypeChange(change);
      if (isFree && typeInWords(from) === typeInWords(type)) continue;
      yield { at: change.at, ...(isFree ? { level: 'info' as const } : {}), table, column, type, from, isFree };
    }
  },

  explain: ({ table, column, type, from, isFree }) => {
    const change = `${from ? ` from \`${typeInWords(from)}\`` : ''} to \`${typeInWords(type)}\``;
    return isFree
      ? {
          what: `Changing \`${column.name}\` of ${named(table)}${change} needs no rewrite; it still takes ACCESS EXCLUSIVE for a moment.`,
          why: 'Behind a long query it makes every new read and write wait, and prepared statements that return the column fail once.',
          remedy: 'Set a `lock_timeout` before it.',
          related: [],
        }
      : {
          what: `Changing \`${column.name}\` of ${named(table)}${change} ${from ? 'writes' : 'may write'} the whole table and its indexes anew under ACCESS EXCLUSIVE.`,
          why: `Every read and write of ${named(table)} waits until it is done, and programs that still run may not take the new type.`,
          remedy:
            'Add a column of the new type, write both, fill in the old rows in batches, let the program read the new one, and drop the old one then.',
          related: [],
        };
  },
});
