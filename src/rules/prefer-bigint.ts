/**
 * A column of 32 or 16 bits.
 *
 * An integer ends at 2,147,483,647, a smallint at 32,767. A key or a counter that gets there refuses every INSERT, and the
 * change to bigint writes the whole table anew, on the day when it is largest.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD COLUMN number integer;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD COLUMN number bigint;
 * ```
 * ## When to leave it
 * A number that is small by its nature: a percentage, a year, a floor.
 */
import { inModel } from '../facts/modelTypes';
import { defineRule } from '../facts/rule';
import { declaredColumns, rewriteIn } from '../facts/schemaChanges';

export const preferBigint = defineRule({
  id: 'prefer-bigint',
  level: 'info',
  concern: 'maintainability',

  *check(facts) {
    for (const column of declaredColumns(facts))
      if (column.type.name === 'integer' || column.type.name === 'smallint') yield { at: column.at, column };
  },

  explain: ({ column, column: { name, type } }) => ({
    what: `\`${name}\` is full at ${type.name === 'integer' ? '2,147,483,647' : '32,767'}.`,
    why: 'From then on every INSERT of a larger value fails, and making it a bigint writes the whole table anew.',
    remedy: `Use ${inModel(column, type.serial ? 'bigserial' : 'bigint') ?? (type.serial ? 'bigserial or bigint GENERATED … AS IDENTITY' : 'bigint')}.`,
    related: [],
  }),

  fix: ({ column: { change, type } }) =>
    type.dimensions > 0
      ? []
      : rewriteIn(change, `Use ${type.serial ? 'bigserial' : 'bigint'}`, [
          { span: type.span, newText: type.serial ? 'bigserial' : 'bigint' },
        ]),
});
