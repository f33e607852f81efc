/**
 * A varchar with a limit.
 *
 * In PostgreSQL a varchar(n) is stored as text and is no faster. A shorter n later writes the table anew, and even a longer one
 * takes ACCESS EXCLUSIVE; a CHECK on a text column is changed without either.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD COLUMN note varchar(255);
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD COLUMN note text;
 * ```
 * ```sql
 * ALTER TABLE orders ADD COLUMN note varchar;
 * ```
 * ## When to leave it
 * A length that a standard has settled.
 */
import { inModel } from '../facts/modelTypes';
import { defineRule } from '../facts/rule';
import { asText, declaredColumns } from '../facts/schemaChanges';

export const preferText = defineRule({
  id: 'prefer-text',
  level: 'info',
  concern: 'maintainability',

  *check(facts) {
    for (const column of declaredColumns(facts))
      if (column.type.name === 'character varying' && column.type.modifiers.length > 0) yield { at: column.at, column };
  },

  explain: ({ column, column: { name, type } }) => ({
    what: `The length of \`${name}\`, ${type.modifiers[0]}, is part of its type.`,
    why: 'Another length later takes ACCESS EXCLUSIVE on the table, and a shorter one writes it anew.',
    remedy: `Use ${inModel(column, 'text') ?? `text with CHECK (char_length(${name}) <= ${type.modifiers[0]})`}.`,
    related: [],
  }),

  fix: ({ column }) => asText(column),
});
