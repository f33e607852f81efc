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
import { costOfTypeChange } from '../catalog/typeChanges';
import { typeInWords } from '../catalog/types';
import { defineRule } from '../facts/rule';
import { changesOf, columnBefore, existed, named } from '../facts/schemaChanges';

export const columnTypeRewrite = defineRule({
  id: 'column-type-rewrite',
  level: 'warning',

  *check({ schemaScripts }) {
    for (const change of changesOf(schemaScripts, 'setColumnType')) {
      const { table, column, type, using } = change.operation;
      if (!existed(change, table)) continue;
      const from = columnBefore(change, table, column.name)?.type ?? change.statement.typeBefore;
      // it may be what it was, and the statement is there for something else
      if (!from && change.statement.repeatsType) continue;
      const isPlain = using === undefined || isCastOf(using.text, column.name);
      const isFree = from !== undefined && isPlain && costOfTypeChange(from, type, change.script.server) === 'none';
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

/** `column::type`, which says no more than the change itself. */
const isCastOf = (text: string, column: string): boolean =>
  new RegExp(
    `^\\(*\\s*"?${column.replace(/[.*+?^${}()|[\\]\\\\]/g, '\\$&')}"?\\s*\\)*\\s*(?:::\\s*[\\w ()",]+)?\\s*\\)*$`,
    'i',
  ).test(text.trim());
