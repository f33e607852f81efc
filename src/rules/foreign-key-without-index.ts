/**
 * A foreign key whose column no index leads to.
 *
 * PostgreSQL makes no index for a foreign key. Whoever deletes a row of the referenced table, or changes its key, waits while
 * the server reads all of the referencing one to see that nothing points there. Queries that look for rows by such a column are
 * told where they stand, by `missing-index`.
 * ## Flags
 * ```sql
 * CREATE TABLE customer (id bigint PRIMARY KEY);
 * CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer (id));
 * ```
 * ## Stays silent
 * ```sql
 * CREATE TABLE customer (id bigint PRIMARY KEY);
 * CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint NOT NULL REFERENCES customer (id));
 * CREATE INDEX orders_customer_idx ON orders (customer_id, id);
 * ```
 * ```sql
 * CREATE TABLE customer (id bigint PRIMARY KEY);
 * CREATE TABLE customer_settings (customer_id bigint PRIMARY KEY REFERENCES customer (id), theme text);
 * ```
 * ## When to leave it
 * A table that stays small, or a referenced table from which nothing is ever deleted and nobody joins.
 */
import { indexNamed, relationNamed } from '../catalog/catalog';
import type { Index, KeyElement } from '../catalog/object';
import { type ProposedFix, previewed, suggestion } from '../engine/finding';
import { type DeclaredKey, type ForeignKey, foreignKeysDeclared } from '../facts/declarations';
import { indexMigration, indexOn } from '../facts/newMigrations';
import { defineRule } from '../facts/rule';
import { listed, named } from '../facts/schemaChanges';

export const foreignKeyWithoutIndex = defineRule({
  id: 'foreign-key-without-index',
  level: 'warning',
  concern: 'performance',

  *check(facts) {
    for (const declared of foreignKeysDeclared(facts)) {
      const { table, key, at, head, change } = declared;
      // InnoDB makes the index by itself
      if (INDEXES_KEYS.has(change.script.dialect)) continue;
      const rows = (facts.declaredTables?.get(`${table.schema}.${table.name}`) ?? facts.declaredTables?.get(table.name))
        ?.rows;
      if (table.partitionOf || (rows !== undefined && rows <= FEW)) continue;
      if (table.indexes.some(index => serves(index, key))) continue;
      const partial = table.indexes.find(({ where, ...index }) => where && serves(index, key))?.where?.text;
      yield { at, declared, references: head.catalog.objects.get(key.table), partial };
    }
  },

  explain: ({ declared: { table, columns }, references, partial }) => {
    const other = references?.kind === 'table' ? named(references) : 'the referenced table';
    const own = listed(columns.map(({ name }) => `\`${name}\``));
    const why = `Every DELETE from ${other} reads all of ${named(table)} to see that nothing points there.`;
    return partial === undefined
      ? {
          what: `No index of ${named(table)} begins with ${own}, which references ${other}.`,
          why,
          remedy: `Create an index on ${own}.`,
          related: [],
        }
      : {
          what: `The index of ${named(table)} on ${own}, which references ${other}, holds only rows WHERE ${partial}: the server cannot use it to look for all that reference a row.`,
          why: `Every DELETE from ${other} reads all of ${named(table)}.`,
          remedy: `Create an index on ${own} without a condition.`,
          related: [],
        };
  },

  fix: ({ declared }) => [...indexBehind(declared), ...inMigration(declared)],
});

const INDEXES_KEYS: ReadonlySet<string> = new Set(['mysql', 'mariadb']);

/** A table of so few rows is read as fast without an index. */
const FEW = 1000;

/** Whether the rows that point to a key are found by the index: it begins with the columns, in whatever order. */
function serves({ elements, method, where }: Index, { columns }: ForeignKey): boolean {
  if (method !== 'btree' && method !== 'hash') return false;
  if (where && !/^\(*\s*"?\w+"?\s+is\s+not\s+null\s*\)*$/i.test(where.text.trim())) return false;
  const isOwn = ({ column }: KeyElement): boolean => column !== undefined && columns.includes(column);
  const leading = elements.slice(0, columns.length);
  // an index on some of several columns leaves few rows to look through
  return leading.length > 0 && leading.every(isOwn);
}

/** The index as a statement of its own behind the one that makes the table. */
function indexBehind({ change, table, columns }: DeclaredKey) {
  const { statement, script, operation } = change;
  const end = statement.exact({ start: operation.statement.end, end: operation.statement.end });
  if (!script.isNewest || operation.kind !== 'createTable' || !end || !statement.exact(operation.name.span)) return [];
  const name = `${table.name}_${columns.map(column => column.name).join('_')}_idx`;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name) || relationNamed(script.after, { schema: table.schema, name })) return [];
  const definitions = operation.columns.filter(({ name: own }) => columns.some(column => column.name === own.name));
  const written = definitions.map(({ name: own }) => statement.textOf(own.span));
  if (written.length !== columns.length) return [];
  const sql = `CREATE INDEX ${name} ON ${statement.textOf(operation.name.span)} (${written.join(', ')})`;
  return [suggestion('Create the index behind the table', [{ at: end, newText: `;\n${sql}` }])];
}

/** What has run somewhere is not added to; and a table with rows is not locked for an index. */
function inMigration({ change, table, columns, head }: DeclaredKey): readonly ProposedFix[] {
  const { tail } = change.script;
  const names = columns.map(({ name }) => name);
  const { name } = indexOn(table, names);
  if (!tail || tail.isDeclared || table.partitionBy || !change.statement.takes('')) return [];
  if (
    relationNamed(head.catalog, { schema: table.schema, name }) ||
    indexNamed(head.catalog, { schema: table.schema, name })
  )
    return [];
  const edits = indexMigration(tail, table, names);
  return edits ? [previewed('Create the index in a new migration', edits)] : [];
}
