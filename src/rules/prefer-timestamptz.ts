/**
 * A point in time without its time zone.
 *
 * A timestamp without time zone is what some clock showed, and nobody can tell which: sessions with another TimeZone write and
 * read other moments, and an hour in autumn exists twice.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD COLUMN paid_at timestamp;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE orders ADD COLUMN paid_at timestamptz;
 * ```
 * ## When to leave it
 * What a clock on the wall shows: opening hours, an appointment with its place beside it.
 */
import { inModel } from '../facts/modelTypes';
import { defineRule } from '../facts/rule';
import { declaredColumns, rewriteIn } from '../facts/schemaChanges';

export const preferTimestamptz = defineRule({
  id: 'prefer-timestamptz',
  level: 'info',
  concern: 'maintainability',

  *check(facts) {
    for (const column of declaredColumns(facts))
      if (column.type.name === 'timestamp without time zone') yield { at: column.at, column };
  },

  explain: ({ column }) => ({
    what: `\`${column.name}\` keeps a time without its time zone.`,
    why: 'Sessions with another TimeZone setting write and read other moments, and one hour in autumn exists twice.',
    remedy: `Use ${inModel(column, 'timestamptz') ?? 'timestamptz'}.`,
    related: [],
  }),

  fix: ({ column: { change, type } }) =>
    change.operation.kind === 'setColumnType' || type.dimensions > 0
      ? []
      : rewriteIn(change, 'Use timestamptz', [
          { span: type.span, newText: `timestamptz${type.modifiers.length > 0 ? `(${type.modifiers.join()})` : ''}` },
        ]),
});
