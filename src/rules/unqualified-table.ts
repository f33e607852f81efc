/**
 * A table without its schema.
 *
 * Which table `orders` means is for the session's search_path to say. A role or a pooler with another one creates the table
 * elsewhere, or alters its namesake.
 * ## Flags
 * ```sql
 * ALTER TABLE orders ADD COLUMN note text;
 * ```
 * ## Stays silent
 * ```sql
 * ALTER TABLE shop.orders ADD COLUMN note text;
 * ```
 * ## When to leave it
 * A database with one schema and one role.
 */
import type { QualifiedName } from '../catalog/definition';
import { defineRule } from '../facts/rule';
import { insertion, named, rewriteIn, tableBefore } from '../facts/schemaChanges';
import type { SchemaChange } from '../facts/schemaScripts';

export const unqualifiedTable = defineRule({
  id: 'unqualified-table',
  level: 'info',
  concern: 'maintainability',
  optIn: true,

  *check({ schemaScripts }) {
    for (const script of schemaScripts) {
      if (script.dialect !== 'postgresql') continue;
      for (const change of script.changes)
        for (const table of tablesNamed(change))
          if (table.schema === undefined && tableBefore(change, table)?.persistence !== 'temporary')
            yield { at: change.statement.exact(table.span) ?? change.at, change, table };
    }
  },

  explain: ({ table }) => ({
    what: `Which schema ${named(table)} is in is left to the session's search_path.`,
    why: 'Under another role or pooler the statement meets another table, or none.',
    remedy: `Write the schema: \`public.${table.name}\`.`,
    related: [],
  }),

  fix: ({ change, table }) => rewriteIn(change, 'Write the schema: public', [insertion(table.span.start, 'public.')]),
});

function tablesNamed({ operation }: SchemaChange): readonly QualifiedName[] {
  switch (operation.kind) {
    case 'createTable':
    case 'createTableAs':
      return operation.persistence === 'temporary' ? [] : [operation.name];
    case 'drop':
      return operation.objects.flatMap(({ kind, name }) => (kind === 'table' ? [name] : []));
    case 'rename':
    case 'setSchema':
    case 'setOwner':
      return [operation.object.on ?? (operation.object.kind === 'table' ? operation.object.name : [])].flat();
    default:
      return 'table' in operation && 'ifTableExists' in operation ? [operation.table] : [];
  }
}
