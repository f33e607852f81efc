/**
 * A column that is filled up with blanks.
 *
 * A char(n) stores every value with blanks up to n, and forgets them in comparisons: LIKE and regular expressions see them,
 * = does not, and length() counts another number than was written.
 * ## Flags
 * ```sql
 * ALTER TABLE customers ADD COLUMN country char(2);
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE customers ADD COLUMN country text;
 * ```
 * ## When to leave it
 * A table that another program shares and expects to be padded.
 */
import { defineRule } from '../facts/rule';
import { asText, declaredColumns } from '../facts/schemaChanges';

export const charColumn = defineRule({
  id: 'char-column',
  level: 'info',
  concern: 'maintainability',

  *check(facts) {
    for (const column of declaredColumns(facts))
      if (column.type.name === 'character' || column.type.name === '"char"') yield { at: column.at, column };
  },

  explain: ({ column: { name, type } }) =>
    type.name === '"char"'
      ? {
          what: `\`${name}\` is of the server's internal type "char", which holds a single byte.`,
          why: 'Longer values are cut without a word.',
          remedy: 'Use text with a CHECK.',
          related: [],
        }
      : type.modifiers.length === 0
        ? {
            what: `Blanks at the end of the values of \`${name}\` do not count: it is of bpchar, without a length.`,
            why: 'Two values that differ in them are equal, LIKE and regular expressions see them, and a cast to text drops them.',
            remedy: 'Use text.',
            related: [],
          }
        : {
            what: `Values of \`${name}\` are filled up with blanks to ${type.modifiers[0]} characters.`,
            why: 'LIKE and regular expressions see the blanks, = does not, and shorter values come back longer than they were written.',
            remedy: 'Use text with a CHECK on its length.',
            related: [],
          },

  fix: ({ column }) => (column.type.name === '"char"' ? [] : asText(column)),
});
